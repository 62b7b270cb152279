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

#define RIGHT "\033[C"
#define LEFT "\033[D"
#define UP "\033[A"
#define DOWN "\033[B"
#define ENTER "\r"
#define ESC "\033"

static void start(struct pty *pty, int columns, int rows)
{
	pty_start(pty, &(struct pty_options){.argv = explorer, .columns = columns, .rows = rows,
					     .env = pty_home_env});
	pty_wait(pty, 'i');
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
	pty_sees(pty, "0 of 5 answered");
	pty_sees(pty, "Not enough to go on");
	cursor_is_at(pty, 2);
	pty_type(pty, ENTER); /* no made-up winner */
	pty_sees(pty, "not enough to go on");
	pty_type(pty, RIGHT);
	pty_sees(pty, "small(*)");
	pty_sees(pty, "onecycle: One Cycle Policy");
	pty_type(pty, DOWN);
	cursor_is_at(pty, 2 + each);
	pty_type(pty, LEFT LEFT RIGHT); /* ? -> finetune -> deep -> finetune */
	pty_sees(pty, "fine-tuning(*)");
	pty_sees(pty, "naming no other");
	pty_sees(pty, "2 of 2 answers");
	pty_type(pty, DOWN LEFT); /* language */
	pty_sees(pty, "only the table knows it");
	pty_type(pty, "!");
	pty_sees(pty, "task !");
	pty_sees(pty, "exponential: Exponential Decay");
	pty_type(pty, "u");
	pty_sees(pty, "onecycle: One Cycle Policy");
	pty_type(pty, "\t");
	pty_type(pty, "\033[Z"); /* one on, one back */
	pty_sees(pty, "onecycle: One Cycle Policy");
	pty_type(pty, UP UP);
	cursor_is_at(pty, 2);
	pty_type(pty, ENTER);
	pty_sees(pty, "onecycle in front: total_steps 1560 fits this run");
	pty_sees(pty, "excess");
}

static void the_wizard_at(int columns, int rows, int each)
{
	struct pty pty;

	start(&pty, columns, rows);
	pty_type(&pty, "3"); /* cosine, which the wizard is to replace */
	from_nothing_to_a_run(&pty, each);
	pty_type(&pty, "u");
	pty_sees(&pty, "undone: strategy onecycle -> cosine");
	pty_type(&pty, "w");
	pty_sees(&pty, "3 of 5 answered"); /* nothing is lost */
	pty_type(&pty, "l");
	pty_type(&pty, "samples 9600" ENTER);
	pty_type(&pty, ":length batch 32" ENTER);
	pty_type(&pty, ":length epochs 3" ENTER);
	pty_sees(&pty, "-> 900 steps");
	pty_type(&pty, "r");
	pty_wait_text(&pty, "315 runs of 1560 updates: median");
	pty_sees(&pty, "A toy regression is evidence about the toy");
	pty_type(&pty, ESC);
	pty_sees(&pty, "3 of 5 answered");
	pty_type(&pty, "iy");
	pty_sees(&pty, "In PyTorch");
	pty_type(&pty, "q");
	pty_sees(&pty, "3 of 5 answered");
	pty_type(&pty, ESC);
	pty_sees(&pty, "w wizard");
	pty_type(&pty, ":select data" ENTER);
	pty_type(&pty, ENTER); /* a list of the main screen leads back there */
	pty_sees(&pty, "airquality");
	pty_type(&pty, ESC);
	pty_sees(&pty, "w wizard");
	pty_quit(&pty, "q");
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

/* However often PageDown is pressed, PageUp goes back at once; other reasons are read from their start. */
static void reasons_scroll(void **state)
{
	struct pty pty;

	(void)state;
	start(&pty, 60, 16);
	pty_type(&pty, "w" RIGHT DOWN RIGHT "\t");
	pty_sees(&pty, "PgDn more");
	pty_sees(&pty, " 1-4 of ");
	for (int k = 0; k < 20; k++)
		pty_type(&pty, "\033[6~");
	pty_sees_not(&pty, " 1-4 of ");
	for (int k = 0; k < 8; k++)
		pty_type(&pty, "\033[5~");
	pty_sees(&pty, " 1-4 of ");
	pty_type(&pty, "\033[6~");
	pty_sees(&pty, " 4-7 of ");
	pty_type(&pty, "\t");
	pty_sees(&pty, " 1-4 of ");
	pty_type(&pty, ESC);
	pty_quit(&pty, "q");
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
	pty_sees(&pty, "2 of 5 answered");
	pty_type(&pty, ESC);
	pty_quit(&pty, "q");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_80x24),
		cmocka_unit_test(at_120x36),
		cmocka_unit_test(a_long_race_is_stopped),
		cmocka_unit_test(reasons_scroll),
		cmocka_unit_test(sizes_change_under_the_wizard),
	};

	return cmocka_run_group_tests_name("wizard", tests, pty_make_home, pty_remove_home);
}
