/* The wizard of the real program on a pseudo-terminal: from nothing to a strategy that runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty.h"

static const char *const explorer[] = {"src/lrscope/lrscope", NULL};
static char home[64], home_variable[80];

#define RIGHT "\033[C"
#define LEFT "\033[D"
#define UP "\033[A"
#define DOWN "\033[B"
#define ENTER "\r"
#define ESC "\033"

static void start(struct pty *pty, int columns, int rows)
{
	static const char *env[] = {home_variable, NULL};

	pty_start(pty, &(struct pty_options){.argv = explorer, .columns = columns, .rows = rows,
					     .env = env});
	pty_wait(pty, 'i');
}

static void quit(struct pty *pty)
{
	pty_send(pty, "q", 1);
	assert_int_equal(pty_end(pty), 0);
	assert_true(pty_modes_restored(pty));
	pty_done(pty);
}

static void sees(struct pty *pty, const char *text)
{
	if (pty_shows(pty, text))
		return;
	for (int y = 0; y < pty->rows; y++)
		print_message("# %s\n", pty_row(pty, y));
	fail_msg("\"%s\" is not on the screen", text);
}

/* The real cursor stands on the row in hand, which ">" marks. */
static void cursor_is_at(struct pty *pty, int row)
{
	int x, y;

	pty_cursor(pty, &x, &y);
	assert_int_equal(x, 1);
	assert_int_equal(y, row);
	assert_non_null(strstr(pty_row(pty, y), ">"));
}

/* Everything that somebody does who has never seen the program. */
static void from_nothing_to_a_run(struct pty *pty, int each)
{
	pty_type(pty, "w");
	sees(pty, "0 of 5 answered");
	sees(pty, "Not enough to go on");
	cursor_is_at(pty, 2);
	pty_type(pty, ENTER); /* no made-up winner */
	sees(pty, "not enough to go on");
	pty_type(pty, RIGHT);
	sees(pty, "small(*)");
	sees(pty, "onecycle: One Cycle Policy");
	pty_type(pty, DOWN);
	cursor_is_at(pty, 2 + each);
	pty_type(pty, LEFT LEFT RIGHT); /* ? -> finetune -> deep -> finetune */
	sees(pty, "fine-tuning(*)");
	sees(pty, "naming no other");
	sees(pty, "2 of 2 answers");
	pty_type(pty, DOWN LEFT); /* language */
	sees(pty, "only the table knows it");
	pty_type(pty, "!");
	sees(pty, "task !");
	sees(pty, "exponential: Exponential Decay");
	pty_type(pty, "u");
	sees(pty, "onecycle: One Cycle Policy");
	pty_type(pty, "\t");
	pty_type(pty, "\033[Z"); /* one on, one back */
	sees(pty, "onecycle: One Cycle Policy");
	pty_type(pty, UP UP);
	cursor_is_at(pty, 2);
	pty_type(pty, ENTER);
	sees(pty, "onecycle is in front, fitted to the run: total_steps 1560");
	sees(pty, "excess");
}

static void the_wizard_at(int columns, int rows, int each)
{
	struct pty pty;

	start(&pty, columns, rows);
	pty_type(&pty, "3"); /* cosine, which the wizard is to replace */
	from_nothing_to_a_run(&pty, each);
	pty_type(&pty, "u");
	sees(&pty, "undone: strategy onecycle -> cosine");
	pty_type(&pty, "w");
	sees(&pty, "3 of 5 answered"); /* nothing is lost */
	pty_type(&pty, "l");
	pty_type(&pty, "samples 9600" ENTER);
	pty_type(&pty, ":length batch 32" ENTER);
	pty_type(&pty, ":length epochs 3" ENTER);
	sees(&pty, "-> 900 steps");
	pty_type(&pty, "r");
	pty_wait_text(&pty, "315 runs of 1560 updates: median");
	sees(&pty, "A toy regression is evidence about the toy");
	pty_type(&pty, ESC);
	sees(&pty, "3 of 5 answered");
	pty_type(&pty, "y");
	sees(&pty, "In PyTorch");
	pty_type(&pty, ESC);
	sees(&pty, "3 of 5 answered");
	pty_type(&pty, ESC);
	sees(&pty, "w wizard");
	quit(&pty);
}

static void at_80x24(void **state)
{
	(void)state;
	the_wizard_at(80, 24, 1);
}

static void at_120x36(void **state)
{
	(void)state;
	the_wizard_at(120, 36, 2);
}

/* A race never blocks keys: it is stopped in the middle of a run that takes long. */
static void a_long_race_is_stopped(void **state)
{
	static const char long_run[] = ":data stackloss; set epochs 100000" ENTER "wr";
	struct pty pty;

	(void)state;
	start(&pty, 80, 24);
	pty_send(&pty, long_run, strlen(long_run));
	pty_wait_text(&pty, "x stops");
	pty_send(&pty, "x", 1);
	pty_wait_text(&pty, "stopped after");
	pty_send(&pty, "\033", 1);
	pty_wait_text(&pty, "0 of 5 answered");
	pty_send(&pty, ":quit\r", 6);
	assert_int_equal(pty_end(&pty), 0);
	pty_done(&pty);
}

static void sizes_change_under_the_wizard(void **state)
{
	static const int sizes[][2] = {{60, 16}, {59, 15}, {200, 60}, {80, 24}, {1, 1}, {120, 36}};
	struct pty pty;

	(void)state;
	start(&pty, 80, 24);
	pty_type(&pty, "w" RIGHT DOWN RIGHT);
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
		pty_resize(&pty, sizes[k][0], sizes[k][1], true);
	sees(&pty, "2 of 5 answered");
	pty_type(&pty, ESC);
	quit(&pty);
}

static int setup(void **state)
{
	(void)state;
	snprintf(home, sizeof home, "/tmp/lrscope-wizard-XXXXXX");
	if (!mkdtemp(home))
		return -1;
	snprintf(home_variable, sizeof home_variable, "HOME=%s", home);
	return 0;
}

static int teardown(void **state)
{
	char line[128];

	(void)state;
	snprintf(line, sizeof line, "rm -rf '%s'", home);
	return system(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_80x24),
		cmocka_unit_test(at_120x36),
		cmocka_unit_test(a_long_race_is_stopped),
		cmocka_unit_test(sizes_change_under_the_wizard),
	};

	return cmocka_run_group_tests_name("wizard", tests, setup, teardown);
}
