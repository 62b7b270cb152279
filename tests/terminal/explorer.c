/* The real program on a pseudo-terminal, as somebody uses it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty.h"

#define RIGHT "\033[C"
#define LEFT "\033[D"
#define UP "\033[A"
#define DOWN "\033[B"
#define ENTER "\r"
#define ESC "\033"

static const char *const explorer[] = {"src/lrscope/lrscope", NULL};

static void start_sized(struct pty *pty, int columns, int rows)
{
	pty_start(pty, &(struct pty_options){.argv = explorer, .columns = columns, .rows = rows,
					     .env = pty_home_env});
	pty_wait(pty, 'i');
}

static void start(struct pty *pty)
{
	start_sized(pty, 80, 24);
}

/* ---- pictures: the text of the screen, or of a part of it, to compare ---- */

struct picture {
	char text[60 * 1024];
};

static void take_part(struct pty *pty, struct picture *picture, VTermRect part)
{
	char *text = picture->text;
	size_t length = vterm_screen_get_text(pty->screen, text, sizeof picture->text - 1, part), to = 0;
	text[length] = '\0';
	for (size_t i = 0; i <= length; i++) { /* whether a blank was written or erased is all the same */
		while ((text[i] == '\n' || text[i] == '\0') && to > 0 && text[to - 1] == ' ')
			to--;
		text[to++] = text[i];
	}
}

static void take(struct pty *pty, struct picture *picture)
{
	take_part(pty, picture, (VTermRect){0, pty->rows, 0, pty->columns});
}

static bool is_as(struct pty *pty, const struct picture *picture)
{
	static struct picture now;
	take(pty, &now);
	return strcmp(now.text, picture->text) == 0;
}

static void same(struct pty *pty, const struct picture *picture)
{
	if (is_as(pty, picture))
		return;
	const char *row = picture->text;
	for (int y = 0; y < pty->rows && row; y++) {
		const char *end = strchrnul(row, '\n'), *now = pty_row(pty, y);
		if (strncmp(row, now, strlen(now)) != 0)
			print_message("# %.*s\n# %s\n", (int)(end - row), row, now);
		row = *end ? end + 1 : NULL;
	}
	fail_msg("the screen is another");
}

/* Column where the panels of curves begin. */
static int left_of_curves(struct pty *pty)
{
	int x = 0, y = pty_row_of(pty, "─ rate ");
	while (x < pty->columns - 1 && pty_cell(pty, x, y).chars[0] != 0x252c) /* above a frame line */
		x++;
	return x + 1;
}

/* What both panels of curves show, without their titles. */
static void take_curves(struct pty *pty, struct picture *rate, struct picture *loss)
{
	int from = pty_row_of(pty, "─ rate ") + 1, middle = pty_row_of(pty, "─ excess");
	int left = left_of_curves(pty);
	take_part(pty, rate, (VTermRect){from, middle, left, pty->columns - 1});
	take_part(pty, loss, (VTermRect){middle + 1, pty_row_of(pty, " epoch 30 ─"), left,
					 pty->columns - 1});
}

/* Cells of a panel's rows that hold dots of a curve of this colour. */
static int dots(struct pty *pty, int from, int to, int color)
{
	int count = 0;
	for (int y = from; y < to; y++)
		for (int x = left_of_curves(pty); x < pty->columns - 1; x++) {
			VTermScreenCell cell = pty_cell(pty, x, y);
			bool is_color = color < 0 ? VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) != 0
						  : VTERM_COLOR_IS_INDEXED(&cell.fg) &&
							    cell.fg.indexed.idx == color;
			count += cell.chars[0] > 0x2800 && cell.chars[0] < 0x2900 && is_color;
		}
	return count;
}

enum { CURVE = -1, GHOST = 244 }; /* colours of roles.def; -1: the terminal's own */

static void both_curves_are_drawn(struct pty *pty)
{
	int from = pty_row_of(pty, "─ rate "), middle = pty_row_of(pty, "─ excess");
	assert_in_range(dots(pty, from, middle, CURVE), 8, 10000);
	assert_in_range(dots(pty, from, middle, GHOST), 8, 10000);
	assert_in_range(dots(pty, middle + 1, pty->rows - 3, CURVE), 8, 10000);
	assert_in_range(dots(pty, middle + 1, pty->rows - 3, GHOST), 8, 10000);
}

/* ---- start ---- */

static void start_at(int columns, int rows, const char *strip)
{
	struct pty pty;
	pty_start(&pty, &(struct pty_options){.argv = explorer, .columns = columns, .rows = rows,
					      .env = pty_home_env});
	pty_wait_text(&pty, "q quit"); /* the end of the last row, before all runs are computed */
	pty_sees(&pty, " lrscope ");
	pty_sees(&pty, "─ onecycle ─");
	pty_sees(&pty, ">max_lr");
	pty_sees(&pty, "─ training ─");
	pty_sees(&pty, "─ rate ");
	pty_sees(&pty, "limit 0.357 above");
	pty_sees(&pty, strip);
	pty_sees(&pty, "? help");
	/* The rates are there at once; on a slow machine the losses come later. */
	int from = pty_row_of(&pty, "─ rate "), to = pty_row_of(&pty, "─ excess");
	assert_in_range(dots(&pty, from, to, CURVE), 8, 10000);
	assert_in_range(dots(&pty, from, to, GHOST), 8, 10000);
	pty_type(&pty, ESC); /* until all is */
	pty_sees_not(&pty, "computing: ");
	both_curves_are_drawn(&pty);
	pty_quit(&pty, "q");
}

static void test_first_frame(void **state)
{
	(void)state;
	start_at(80, 24, "[6one");
	start_at(120, 36, "[6 onecycle]");
	start_at(200, 60, "[6 onecycle]");
}

/* ---- values ---- */

static void changes_by(struct pty *pty, const char *keys, const char *dial)
{
	struct picture rate, loss, rate_now, loss_now;
	int y = pty_row_of(pty, ">");
	take_curves(pty, &rate, &loss);
	pty_type(pty, keys);
	take_curves(pty, &rate_now, &loss_now);
	assert_true(strcmp(rate.text, rate_now.text) != 0);
	assert_true(strcmp(loss.text, loss_now.text) != 0);
	if (!strstr(pty_row(pty, y), dial))
		fail_msg("\"%s\" in \"%s\"", dial, pty_row(pty, y));
}

static void test_values(void **state)
{
	static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 60}};
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct pty pty;
		start_sized(&pty, sizes[i][0], sizes[i][1]);
		changes_by(&pty, RIGHT RIGHT, "0.");
		pty_sees_not(&pty, ">max_lr            0.1 ");
		pty_type(&pty, ENTER);
		pty_sees(&pty, "max_lr (");
		changes_by(&pty, "\0250.05" ENTER, "0.05");
		pty_sees_not(&pty, "max_lr (");
		changes_by(&pty, ENTER "auto" ESC ENTER "\0250.2" ENTER, "0.2");
		pty_quit(&pty, "q");
	}
}

/* What a dial comes to that is auto stands beside the word. */
static void test_auto(void **state)
{
	struct pty pty;

	(void)state;
	start(&pty);
	pty_type(&pty, ":select total_steps" ENTER);
	pty_type(&pty, ENTER);
	pty_sees(&pty, "total_steps (auto: 1560) =");
	pty_type(&pty, "1000" ENTER);
	pty_type(&pty, ENTER);
	pty_sees(&pty, "total_steps (1000; or auto) =");
	pty_type(&pty, ESC);
	pty_quit(&pty, "q");
}

/* Values that are words: a list to choose from, Tab at the dial's own line; lessons likewise. */
static void test_choices(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty);
	pty_type(&pty, ":select anneal_strategy" ENTER);
	pty_type(&pty, ENTER);
	pty_sees(&pty, "─ anneal_strategy ─");
	pty_type(&pty, DOWN ENTER);
	pty_sees(&pty, ">anneal_strategy linear");
	pty_type(&pty, ":select target" ENTER);
	pty_type(&pty, ENTER "\025ceme\t");
	pty_sees(&pty, "cement");
	pty_type(&pty, ENTER);
	pty_sees_not(&pty, "strength_mpa");
	pty_type(&pty, ":select data" ENTER);
	pty_type(&pty, ENTER);
	pty_sees(&pty, "─ data ─");
	pty_type(&pty, DOWN ENTER);
	pty_sees_not(&pty, "─ data ─");
	pty_sees_not(&pty, " concrete ");
	pty_type(&pty, "e" DOWN ENTER);
	pty_sees(&pty, "step 1 of");
	pty_type(&pty, "E");
	pty_sees(&pty, ">data ");
	pty_quit(&pty, "q");
}

/* What is refused comes back to be mended; the study is as it was. */
static void test_refused_value(void **state)
{
	struct pty pty;
	struct picture before, rate, loss, rate_now, loss_now;
	int x, y;
	(void)state;
	start(&pty);
	take(&pty, &before);
	take_curves(&pty, &rate, &loss);
	pty_type(&pty, ENTER);
	pty_type(&pty, "\025fast" ENTER);
	assert_string_equal(pty_row(&pty, 23), "max_lr (0.1) = fast");
	pty_sees(&pty, "max_lr: 'fast' is not a number");
	pty_cursor(&pty, &x, &y);
	assert_int_equal(x, strlen("max_lr (0.1) = fast"));
	assert_int_equal(y, 23);
	take_curves(&pty, &rate_now, &loss_now);
	assert_string_equal(rate_now.text, rate.text);
	assert_string_equal(loss_now.text, loss.text);
	pty_type(&pty, ESC);
	same(&pty, &before);
	pty_type(&pty, ":set pct_start 7" ENTER);
	assert_string_equal(pty_row(&pty, 23), ":set pct_start 7");
	pty_type(&pty, ESC);
	same(&pty, &before);
	pty_type(&pty, "u"); /* nothing was done */
	take_curves(&pty, &rate_now, &loss_now);
	assert_string_equal(rate_now.text, rate.text);
	pty_quit(&pty, "q");
}

/* ---- the prompt ---- */

static void test_completion(void **state)
{
	struct pty pty;
	struct picture before;
	int x, y;
	(void)state;
	start(&pty);
	take(&pty, &before);
	pty_type(&pty, ":strategy c\t");
	pty_sees(&pty, "│ constant");
	pty_sees(&pty, "cyclic");
	assert_string_equal(pty_row(&pty, 23), ":strategy c");
	pty_cursor(&pty, &x, &y);
	assert_int_equal(x, 11);
	assert_int_equal(y, 23);
	pty_type(&pty, "y\t");
	pty_sees_not(&pty, "│ constant");
	assert_non_null(strstr(pty_row(&pty, 23), ":strategy cyclic"));
	pty_type(&pty, ESC);
	same(&pty, &before);
	pty_type(&pty, ":str\tcyc\t" ENTER);
	pty_sees(&pty, "[5cyc");
	pty_sees(&pty, "─ cyclic ─");
	pty_quit(&pty, "q");
}

static void test_history(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty);
	pty_type(&pty, ":show seed" ENTER);
	pty_type(&pty, ":set batch 32" ENTER);
	pty_quit(&pty, "q");
	start(&pty);
	pty_type(&pty, ":" UP);
	assert_string_equal(pty_row(&pty, 23), ":set batch 32");
	pty_type(&pty, UP);
	assert_string_equal(pty_row(&pty, 23), ":show seed");
	pty_type(&pty, DOWN DOWN);
	assert_string_equal(pty_row(&pty, 23), ":");
	pty_type(&pty, "\022bat");
	assert_non_null(strstr(pty_row(&pty, 23), "`bat': set batch 32"));
	pty_type(&pty, ENTER);
	pty_sees(&pty, "sgd batch 32");
	pty_quit(&pty, "q");
}

/* It is read when the first prompt opens; where it cannot be, that is said once. */
static void test_history_unreadable(void **state)
{
	struct pty pty;
	char odd[96], line[160];
	const char *env[] = {pty_home_env[0], odd, NULL};
	(void)state;
	snprintf(odd, sizeof odd, "XDG_STATE_HOME=%s/odd", pty_home);
	snprintf(line, sizeof line, "mkdir -p '%s/odd/lrscope/history'", pty_home);
	assert_int_equal(system(line), 0);
	pty_start(&pty, &(struct pty_options){.argv = explorer, .env = env});
	pty_wait(&pty, 'i');
	assert_false(pty_shows(&pty, "odd/lrscope/history"));
	pty_type(&pty, ":");
	pty_sees(&pty, "odd/lrscope/history");
	pty_type(&pty, "set seed 7" ENTER);
	pty_sees(&pty, "seed 7");
	pty_type(&pty, ":" UP);
	assert_string_equal(pty_row(&pty, 23), ":set seed 7");
	assert_false(pty_shows(&pty, "odd/lrscope/history"));
	pty_type(&pty, ESC);
	pty_quit(&pty, "q");
}

/* ---- files ---- */

static void write_file(const char *path, const char *content)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(content, file);
	assert_int_equal(fclose(file), 0);
}

static void test_save_and_open(void **state)
{
	struct pty pty;
	struct picture before;
	char line[128];
	(void)state;
	start_sized(&pty, 120, 36);
	pty_type(&pty, "4" DOWN RIGHT);
	pty_type(&pty, ":set batch 64; set seed 3; ghost cosine" ENTER);
	snprintf(line, sizeof line, ":save %s/a.json" ENTER, pty_home);
	pty_type(&pty, line);
	pty_sees(&pty, "saved to ");
	pty_sees_not(&pty, "^J");
	pty_type(&pty, ":show reading" ENTER);
	pty_sees(&pty, "─ show ─"); /* a page, since it has several lines */
	pty_sees(&pty, "update 390");
	pty_sees(&pty, "val_loss 0.3");
	pty_type(&pty, ESC);
	pty_type(&pty, "=");
	pty_type(&pty, ESC);
	take(&pty, &before);
	pty_type(&pty, ":set batch 8; set seed 9; strategy step; ghost off" ENTER);
	assert_false(is_as(&pty, &before));
	snprintf(line, sizeof line, ":open %s/a.json" ENTER, pty_home);
	pty_type(&pty, line);
	pty_sees(&pty, "opened ");
	pty_type(&pty, ":select mode" ENTER "="); /* where one looks is not saved */
	pty_type(&pty, ESC);
	same(&pty, &before);
	pty_type(&pty, ":save demo" ENTER);
	pty_type(&pty, ":set batch 8" ENTER ":open de\t" ENTER);
	pty_sees(&pty, "opened ");
	pty_sees(&pty, "batch 64");
	pty_quit(&pty, "q");
}

static void test_damaged_file(void **state)
{
	struct pty pty;
	struct picture before;
	char path[96], line[128];
	(void)state;
	start_sized(&pty, 120, 36);
	pty_type(&pty, "3" RIGHT);
	pty_type(&pty, ESC);
	take(&pty, &before);
	snprintf(path, sizeof path, "%s/bad.json", pty_home);
	write_file(path, "{\n  \"lrscope\": 1,\n  \"bogus\": }\n");
	snprintf(line, sizeof line, ":open %s" ENTER, path);
	pty_type(&pty, line);
	pty_sees(&pty, "bad.json: line 3, column 12: ");
	pty_type(&pty, ESC);
	same(&pty, &before);
	pty_type(&pty, ":open /nonexistent/none.json" ENTER);
	pty_sees(&pty, "cannot open '/nonexistent/none.json': No such file");
	pty_type(&pty, ESC);
	same(&pty, &before);
	pty_quit(&pty, "q");
}

static void test_last(void **state)
{
	struct pty pty;
	char path[128];
	(void)state;
	snprintf(path, sizeof path, "%s/data/lrscope/last.json", pty_home);
	start(&pty);
	pty_quit(&pty, "q");
	assert_int_not_equal(access(path, F_OK), 0); /* nothing was changed */
	start(&pty);
	pty_type(&pty, "3");
	pty_quit(&pty, "q");
	assert_int_equal(access(path, F_OK), 0);
	start(&pty);
	pty_sees(&pty, "[6one");
	pty_type(&pty, ":open last" ENTER);
	pty_sees(&pty, "[3cos");
	pty_quit(&pty, "q");
}

/* ---- keys ---- */

static void test_undo(void **state)
{
	struct pty pty;
	struct picture before, one, two;
	(void)state;
	start(&pty);
	take(&pty, &before);
	pty_type(&pty, "3");
	pty_type(&pty, ESC);
	take(&pty, &one);
	pty_type(&pty, ":set lr 0.02" ENTER);
	pty_type(&pty, ESC);
	take(&pty, &two);
	assert_false(is_as(&pty, &one));
	pty_type(&pty, "u");
	pty_sees(&pty, "undone: ");
	pty_type(&pty, ESC);
	same(&pty, &one);
	pty_type(&pty, "u");
	pty_type(&pty, ESC);
	same(&pty, &before);
	pty_type(&pty, "u"); /* no more */
	pty_type(&pty, ESC);
	same(&pty, &before);
	pty_type(&pty, "U");
	pty_sees(&pty, "done again: ");
	pty_type(&pty, "\022");
	pty_type(&pty, ESC);
	same(&pty, &two);
	pty_quit(&pty, "q");
}

static void test_strategies(void **state)
{
	static const struct {
		const char *key, *strip, *title;
	} rows[] = {
		{"0", "[0con", "─ constant ─"}, {"1", "[1step", "─ step ─"},
		{"2", "[2exp", "─ exponential ─"}, {"3", "[3cos", "─ cosine ─"},
		{"4", "[4plat", "─ plateau ─"}, {"5", "[5cyc", "─ cyclic ─"},
		{"6", "[6one", "─ onecycle ─"},
	};
	struct pty pty;
	(void)state;
	start(&pty);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		pty_type(&pty, rows[i].key);
		pty_sees(&pty, rows[i].strip);
		pty_sees(&pty, rows[i].title);
		both_curves_are_drawn(&pty);
	}
	pty_quit(&pty, "q");
}

static void test_ghost(void **state)
{
	struct pty pty;
	struct picture before;
	(void)state;
	start(&pty);
	take(&pty, &before);
	pty_sees(&pty, "⠂⠂⠂ cosine");
	pty_type(&pty, "\t");
	pty_sees(&pty, "[3cos");
	pty_sees(&pty, "⠂⠂⠂ onecycle");
	pty_type(&pty, "\t");
	pty_type(&pty, ESC);
	same(&pty, &before);
	pty_quit(&pty, "q");
}

/* The first number after " step " in the row of readings. */
static int step(struct pty *pty)
{
	int number = -1;
	sscanf(pty_row(pty, pty->rows - 3), " step %d", &number);
	return number;
}

/* The playhead goes on by itself, in frames that nothing else brings about: while it plays the
 * program is never idle, and has no work to tell of. */
static void wait_for_step_after(struct pty *pty, int before)
{
	for (int tries = 0; step(pty) <= before; tries++) {
		struct pollfd out = {pty->master, POLLIN, 0};
		assert_true(tries < 100);
		assert_true(poll(&out, 1, PTY_PATIENCE_MS * PTY_SLOWNESS) == 1);
		pty_read(pty);
	}
}

static void test_play(void **state)
{
	struct pty pty;
	struct picture paused;
	int at;
	(void)state;
	start(&pty);
	pty_type(&pty, "r");
	at = step(&pty);
	assert_int_equal(at, 0);
	pty_type(&pty, ".");
	assert_int_equal(step(&pty), 1);
	pty_send(&pty, " ", 1);
	wait_for_step_after(&pty, 1);
	wait_for_step_after(&pty, step(&pty));
	pty_type(&pty, " "); /* idle: it has stopped */
	at = step(&pty);
	assert_in_range(at, 2, 1560);
	take(&pty, &paused);
	pty_mark(&pty);
	pty_type(&pty, "\014");
	same(&pty, &paused);
	pty_type(&pty, ":play 1e9" ENTER); /* idle again at the end */
	assert_int_equal(step(&pty), 1560);
	pty_quit(&pty, "q");
}

static void test_cursor_and_zoom(void **state)
{
	struct pty pty;
	struct picture before, zoomed;
	(void)state;
	start(&pty);
	take(&pty, &before);
	pty_type(&pty, ":cursor 500" ENTER);
	pty_sees(&pty, " step 500 ");
	pty_type(&pty, "]"); /* half a column, which is less than an epoch of 52 */
	assert_in_range(step(&pty), 501, 551);
	pty_type(&pty, "[[");
	assert_in_range(step(&pty), 449, 499);
	pty_type(&pty, ":cursor 500" ENTER "}");
	assert_in_range(step(&pty), 501, 552);
	pty_type(&pty, "z");
	pty_sees(&pty, "─ rate, steps ");
	take(&pty, &zoomed);
	pty_type(&pty, ">");
	assert_false(is_as(&pty, &zoomed));
	pty_type(&pty, "<");
	same(&pty, &zoomed);
	pty_type(&pty, "Z");
	pty_type(&pty, "a");
	pty_type(&pty, ESC);
	same(&pty, &before);
	pty_type(&pty, ESC);
	same(&pty, &before);
	pty_quit(&pty, "q");
}

static void test_curtain(void **state)
{
	struct pty pty;
	struct picture before;
	int middle;
	(void)state;
	start(&pty);
	take(&pty, &before);
	pty_type(&pty, "c");
	pty_sees(&pty, "curtain: guess");
	pty_sees(&pty, "[6one ?]");
	pty_sees_not(&pty, "  excess ");
	middle = pty_row_of(&pty, "─ excess");
	assert_int_equal(dots(&pty, middle + 1, 21, CURVE), 0);
	assert_int_equal(dots(&pty, middle + 1, 21, GHOST), 0);
	pty_type(&pty, RIGHT); /* a dial moves behind it, and tells nothing */
	assert_int_equal(dots(&pty, middle + 1, 21, CURVE), 0);
	pty_type(&pty, "wr"); /* nor does the race */
	pty_sees(&pty, "A curtain is drawn over how runs end");
	pty_sees_not(&pty, "strategy    excess");
	pty_type(&pty, "x" ESC ESC);
	pty_type(&pty, "u=c"); /* axes grow at once and shrink when told to */
	pty_type(&pty, ESC);
	same(&pty, &before);
	pty_quit(&pty, "q");
}

static void test_pages(void **state)
{
	static const struct {
		const char *key, *title, *text;
	} pages[] = {
		{"?", "┌─ help ─", "What the screen shows"},
		{"i", "┌─ One Cycle Policy ─", "Principle"},
		{"y", "┌─ code ─", "lrscope train onecycle"},
		{"s", "┌─ scenes ─", "full-batch"},
		{"e", "┌─ lessons ─", "limit"},
	};
	struct pty pty;
	struct picture before;
	(void)state;
	start(&pty);
	take(&pty, &before);
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		pty_type(&pty, pages[i].key);
		pty_sees(&pty, pages[i].title);
		pty_sees(&pty, pages[i].text);
		pty_sees_not(&pty, "─ rate ");
		pty_type(&pty, "\033[6~" UP DOWN);
		pty_type(&pty, i % 2 ? "q" : ESC); /* neither leaves the program */
		same(&pty, &before);
	}
	pty_type(&pty, "s" UP UP UP UP UP UP DOWN ENTER);
	pty_sees_not(&pty, "─ scenes ─");
	assert_false(is_as(&pty, &before));
	pty_quit(&pty, "q");
}

/* ---- sizes ---- */

static void test_sizes(void **state)
{
	struct pty pty;
	struct picture before;
	(void)state;
	start(&pty);
	pty_type(&pty, "4" DOWN);
	pty_type(&pty, ESC);
	take(&pty, &before);
	pty_resize(&pty, 200, 60, true);
	pty_sees(&pty, "[4 plateau]");
	both_curves_are_drawn(&pty);
	pty_resize(&pty, 10, 3, true);
	pty_sees(&pty, "needs");
	pty_type(&pty, "3" RIGHT "?:u\t"); /* nothing that is not seen */
	pty_resize(&pty, 80, 24, true);
	same(&pty, &before);
	pty_type(&pty, ":");
	pty_type(&pty, "set seed 2");
	pty_resize(&pty, 120, 36, true);
	assert_string_equal(pty_row(&pty, 35), ":set seed 2");
	pty_resize(&pty, 80, 24, true);
	pty_type(&pty, ESC);
	same(&pty, &before);
	pty_quit(&pty, "q");
}

/* What is typed where nothing is seen does nothing, at the prompt neither. */
static void test_prompt_too_small(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty);
	pty_type(&pty, ":set lr 0.25");
	pty_resize(&pty, 10, 3, true);
	pty_type(&pty, "7" ENTER "\025\033[200~pasted\033[201~");
	pty_resize(&pty, 80, 24, true);
	assert_string_equal(pty_row(&pty, 23), ":set lr 0.25");
	pty_sees(&pty, ">max_lr            0.1 ");
	pty_resize(&pty, 10, 3, true);
	pty_quit(&pty, "q");
}

/* The way out is the same whatever page is behind it. */
static void test_pages_too_small(void **state)
{
	static const char *const pages[] = {"?", "w", "e", ":page race" ENTER, ":lesson rise" ENTER,
					    ":select optimizer" ENTER ENTER};
	(void)state;
	for (int k = 0; k < 6; k++) {
		struct pty pty;
		start(&pty);
		pty_type(&pty, pages[k]);
		pty_resize(&pty, 50, 12, true);
		pty_sees(&pty, "needs");
		pty_type(&pty, DOWN "u:");
		pty_quit(&pty, "q");
	}
}

static void test_repaint_at_the_prompt(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty);
	pty_type(&pty, ":set");
	assert_int_equal(write(pty.slave, "\0337\033[9;3Hjunk\0338", 14), 14);
	pty_type(&pty, " ");
	pty_sees(&pty, "junk");
	pty_type(&pty, "\014");
	pty_sees_not(&pty, "junk");
	pty_type(&pty, "x");
	assert_string_equal(pty_row(&pty, 23), ":set x");
	assert_int_equal(write(pty.slave, "\033[?25l\033(0\016", 10), 10); /* hidden, other letters */
	pty_type(&pty, "\014");
	assert_true(pty.cursor_visible);
	assert_string_equal(pty_row(&pty, 23), ":set x");
	pty_type(&pty, ENTER);
	pty_sees(&pty, "usage: set NAME VALUE");
	pty_type(&pty, "\014");
	pty_sees(&pty, "usage: set NAME VALUE"); /* painted anew, not taken away */
	pty_type(&pty, ESC);
	pty_quit(&pty, "q");
}

/* Keys that were there before the first frame. */
static void test_typed_ahead(void **state)
{
	struct pty pty;
	(void)state;
	pty_start(&pty, &(struct pty_options){.argv = explorer, .env = pty_home_env});
	pty_send(&pty, "3", 1);
	pty_wait_text(&pty, "[3cos");
	pty_quit(&pty, "q");
}

static void test_resize_burst(void **state)
{
	struct pty pty;
	struct picture before;
	(void)state;
	start(&pty);
	take(&pty, &before);
	pty_mark(&pty);
	for (int i = 0; i < 59; i++)
		pty_resize(&pty, 79 - i % 7, 23 - i % 5, false);
	pty_resize(&pty, 80, 24, false);
	while (pty_read(&pty), !is_as(&pty, &before))
		pty_wait(&pty, 'i');
	assert_true(pty_bytes_since(&pty) <= 30000);
	pty_quit(&pty, "q");
}

/* ---- the cursor, bytes, idleness ---- */

static void test_cursor_row(void **state)
{
	struct pty pty;
	int x, y, last = 0;
	(void)state;
	start(&pty);
	for (int i = 0; i < 30; i++) { /* more dials than rows: the list scrolls */
		pty_cursor(&pty, &x, &y);
		assert_int_equal(x, 1);
		assert_true(pty.cursor_visible);
		assert_non_null(strstr(pty_row(&pty, y), "│>"));
		last = y > last ? y : last;
		pty_type(&pty, DOWN);
	}
	assert_in_range(last, 15, 20);
	pty_type(&pty, "s");
	for (int i = 0; i < 8; i++) {
		pty_cursor(&pty, &x, &y);
		assert_non_null(strstr(pty_row(&pty, y), "│ >"));
		pty_type(&pty, DOWN);
	}
	pty_type(&pty, ESC);
	pty_quit(&pty, "q");
}

/* Budgets in bytes, of what is sent until all is computed. */
static const struct {
	int columns, rows;
	size_t first, move, move_most, turn, turn_most;
} budgets[] = {
	{80, 24, 3600, 90, 90, 350, 500},
	{200, 60, 9500, 90, 90, 1700, 1900},
};

/* `count` keys, in turn of two: at most `average` bytes each in the mean, and no more than `most`. */
static void holds(struct pty *pty, const char *what, const char *one, const char *other, int count,
		  size_t average, size_t most)
{
	size_t sum = 0;
	for (int i = 0; i < count; i++) {
		pty_mark(pty);
		pty_type(pty, i % 2 ? other : one);
		size_t bytes = pty_bytes_since(pty);
		if (bytes == 0 || bytes > most)
			fail_msg("%s %d at %dx%d: %zu bytes", what, i, pty->columns, pty->rows, bytes);
		sum += bytes;
	}
	if (sum > average * (size_t)count)
		fail_msg("%s at %dx%d: %zu bytes in %d keys", what, pty->columns, pty->rows, sum, count);
}

static void test_bytes(void **state)
{
	struct pty pty;
	(void)state;
	for (int i = 0; i < 2; i++) {
		start_sized(&pty, budgets[i].columns, budgets[i].rows);
		if (pty.log_length > budgets[i].first)
			fail_msg("first frame and strip: %zu bytes", pty.log_length);
		holds(&pty, "selection down", DOWN, DOWN, 7, budgets[i].move, budgets[i].move_most);
		holds(&pty, "selection up", UP, UP, 7, budgets[i].move, budgets[i].move_most);
		holds(&pty, "turn", RIGHT, LEFT, 20, budgets[i].turn, budgets[i].turn_most);
		pty_type(&pty, ":");
		holds(&pty, "prompt", "a", "b", 10, 4, 4);
		pty_type(&pty, ESC);
		pty_quit(&pty, "q");
	}
}

static void test_idle(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty);
	pty_type(&pty, RIGHT);
	pty_mark(&pty);
	/* Nothing comes: that is what is waited for, first until it has gone to sleep. */
	struct pollfd sync = {pty.sync, POLLIN, 0};
	assert_int_equal(poll(&sync, 1, 100), 0);
	long wakes = pty_status(&pty, "voluntary_ctxt_switches");
	assert_int_equal(poll(&sync, 1, 500), 0);
	pty_read(&pty);
	assert_int_equal(pty_status(&pty, "voluntary_ctxt_switches"), wakes);
	assert_int_equal(pty_bytes_since(&pty), 0);
	pty_quit(&pty, "q");
}

/* All in one write: the run is not waited for by what is typed after it. */
static void test_typing_while_training(void **state)
{
	static const char keys[] = ":set epochs 20000" ENTER;
	struct pty pty;
	(void)state;
	start(&pty);
	pty_send(&pty, keys, strlen(keys));
	pty_wait_text(&pty, "computing: ");
	pty_send(&pty, ":", 1);
	pty_send(&pty, "show", 4);
	pty_wait_text(&pty, ":show");
	pty_sees(&pty, "computing: ");
	pty_send(&pty, "\025se\t", 4);
	pty_wait_text(&pty, "│ select");
	pty_send(&pty, "\003", 1);
	pty_send(&pty, "?", 1);
	pty_wait_text(&pty, "What the screen shows");
	pty_send(&pty, "q", 1);
	pty_wait_text(&pty, "─ rate ");
	pty_wait_text(&pty, "6one ..");
	pty_send(&pty, "q", 1);
	assert_int_equal(pty_end(&pty), 0);
	pty_done(&pty);
}

/* ---- ends ---- */

static void assert_restored(struct pty *pty)
{
	assert_true(pty_modes_restored(pty));
	assert_true(pty_written(pty, "\033[?1049l") >= 1);
	assert_true(pty_written(pty, "\033[?2004l") >= 1);
	assert_true(pty->cursor_visible);
	assert_string_equal(pty_row(pty, 0), "");
	assert_string_equal(pty_row(pty, 12), "");
}

/* What is asked for is told as it is at the time: nobody waits for the end of a long run. */
static void test_asking_while_training(void **state)
{
	static const char *const asked[] = {"show reach", "show reading", "show verdict"};
	struct pty pty;
	char line[128], path[96];

	(void)state;
	start(&pty);
	snprintf(line, sizeof line, ":set epochs 1000000" ENTER);
	pty_send(&pty, line, strlen(line));
	pty_wait_text(&pty, "computing: ");
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		snprintf(line, sizeof line, ":%s" ENTER, asked[i]);
		pty_send(&pty, line, strlen(line));
		pty_wait_text(&pty, "not all computed yet: ");
		pty_send(&pty, "?", 1);
		pty_wait_text(&pty, "What the screen shows");
		pty_send(&pty, "q", 1);
		pty_wait_text(&pty, "─ rate ");
	}
	snprintf(path, sizeof path, "%s/dumped", pty_home);
	snprintf(line, sizeof line, ":dump %s" ENTER, path);
	pty_send(&pty, line, strlen(line));
	pty_wait_text(&pty, "not all computed yet: screen written to ");
	assert_int_equal(access(path, F_OK), 0);
	pty_send(&pty, "q", 1);
	assert_int_equal(pty_end(&pty), 0);
	pty_done(&pty);
}

static void test_quit(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty);
	pty_mark(&pty);
	pty_send(&pty, ":quit" ENTER, 6);
	assert_int_equal(pty_end(&pty), 0);
	assert_restored(&pty);
	pty_done(&pty);
}

static void test_signal(void **state)
{
	struct pty pty;
	char path[128], line[64];
	(void)state;
	start(&pty);
	pty_type(&pty, "3:set seed 7" ENTER);
	pty_type(&pty, ":set ba"); /* the prompt is open */
	pty_mark(&pty);
	pty_kill(&pty, SIGTERM);
	int status = pty_end(&pty);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	assert_restored(&pty);
	pty_done(&pty);
	snprintf(path, sizeof path, "%s/data/lrscope/last.json", pty_home);
	assert_int_equal(access(path, F_OK), 0);
	snprintf(path, sizeof path, "%s/state/lrscope/history", pty_home);
	FILE *file = fopen(path, "r"); /* nor are the lines that were typed lost */
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof line, file));
	fclose(file);
	assert_string_equal(line, "set seed 7\n");
}

/* ---- terminals ---- */

static void test_plain(void **state)
{
	static const char *const keys[] = {"?", ESC, "i", ESC, "y", ESC, "s", ESC, "w", ESC, "3", "z",
					   ":s\t", "\303\251", ESC, "c"};
	struct pty pty;
	(void)state;
	pty_start(&pty, &(struct pty_options){.argv = explorer, .locale = "C", .env = pty_home_env});
	pty_wait(&pty, 'i');
	pty_sees(&pty, "+- onecycle -");
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		pty_type(&pty, keys[i]);
	assert_true(pty_highest_byte(&pty) < 0x80);
	pty_quit(&pty, "q");
}

static void test_no_color(void **state)
{
	const char *env[] = {pty_home_env[0], "NO_COLOR=1", NULL};
	struct pty pty;
	(void)state;
	for (int with = 0; with < 2; with++) {
		pty_start(&pty, &(struct pty_options){.argv = explorer, .env = env + with * 2});
		pty_wait(&pty, 'i');
		pty_type(&pty, "3" RIGHT "w");
		pty_type(&pty, ESC);
		assert_int_equal(pty_colors_written(&pty) > 0, with);
		pty_quit(&pty, "q");
	}
}

static void test_stdin_a_pipe(void **state)
{
	struct pty pty;
	char path[96];
	(void)state;
	snprintf(path, sizeof path, "%s/pipe", pty_home);
	assert_int_equal(mkfifo(path, 0600), 0);
	int pipe = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(write(pipe, "qqq", 3), 3); /* not its keys */
	pty_start(&pty, &(struct pty_options){.argv = explorer, .stdin_path = path,
					      .env = pty_home_env});
	pty_wait(&pty, 'i');
	pty_type(&pty, "3");
	pty_sees(&pty, "[3cos");
	pty_quit(&pty, "q");
	close(pipe);
}

/* With a terminal the file is what is wrong. */
static void test_refused_files(void **state)
{
	static const char *const words[] = {"./absent.json", "-"};
	static const char *const says[] = {"lrscope: cannot open './absent.json'",
					   "lrscope: standard input: line 1"};
	(void)state;
	for (int k = 0; k < 2; k++) {
		const char *const argv[] = {explorer[0], words[k], NULL};
		struct pty pty;
		pty_start(&pty, &(struct pty_options){.argv = argv, .env = pty_home_env,
						      .stdin_path = "/dev/null"});
		int status = pty_end(&pty);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
		pty_sees(&pty, says[k]);
		assert_int_equal(pty_written(&pty, "\033"), 0);
		assert_true(pty_modes_restored(&pty));
		pty_done(&pty);
	}
}

static void refused(const struct pty_options *options)
{
	struct pty pty;
	pty_start(&pty, options);
	int status = pty_end(&pty);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	pty_sees(&pty, "lrscope plot");
	assert_int_equal(pty_written(&pty, "\033"), 0);
	assert_true(pty_modes_restored(&pty));
	pty_done(&pty);
}

static void test_refused_terminals(void **state)
{
	char path[96];
	const char *const with_file[] = {explorer[0], path, NULL};
	struct stat file;
	(void)state;
	snprintf(path, sizeof path, "%s/out", pty_home);
	refused(&(struct pty_options){.argv = explorer, .columns = 200, .stdout_path = path});
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_size, 0);
	refused(&(struct pty_options){.argv = explorer, .columns = 200, .term = "dumb"});
	refused(&(struct pty_options){.argv = explorer, .columns = 200, .term = ""});
	/* Nor is a file waited for that nobody would see. */
	snprintf(path, sizeof path, "%s/pipe", pty_home);
	assert_int_equal(mkfifo(path, 0600), 0);
	refused(&(struct pty_options){.argv = with_file, .columns = 200, .term = "dumb"});
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, pty_make_home, pty_remove_home)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_first_frame), TEST(test_values),
		TEST(test_auto), TEST(test_choices), TEST(test_refused_value),
		TEST(test_completion), TEST(test_history),
		TEST(test_history_unreadable), TEST(test_save_and_open),
		TEST(test_damaged_file), TEST(test_last), TEST(test_undo), TEST(test_strategies),
		TEST(test_ghost), TEST(test_play), TEST(test_cursor_and_zoom), TEST(test_curtain),
		TEST(test_pages), TEST(test_sizes), TEST(test_resize_burst), TEST(test_prompt_too_small),
		TEST(test_pages_too_small),
		TEST(test_repaint_at_the_prompt), TEST(test_typed_ahead), TEST(test_cursor_row),
		TEST(test_bytes), TEST(test_idle), TEST(test_typing_while_training),
		TEST(test_asking_while_training),
		TEST(test_quit), TEST(test_signal), TEST(test_plain), TEST(test_no_color),
		TEST(test_stdin_a_pipe), TEST(test_refused_files), TEST(test_refused_terminals),
	};

	return cmocka_run_group_tests_name("explorer", tests, NULL, NULL);
}
