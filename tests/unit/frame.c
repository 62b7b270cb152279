/* Frames: whatever canvas follows whatever other, the terminal shows it. libvterm is the terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "terminal/frame.h"

/* ---- allocations that fail ---- */

static int until_failure = -1; /* allocations that still succeed; -1: all do */

void *__real_malloc(size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool fails(void)
{
	return until_failure >= 0 && until_failure-- == 0;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

/* ---- a terminal ---- */

struct world {
	VTerm *vt;
	VTermScreen *screen;
	struct frame frame;
	struct frame_terminal terminal;
	struct canvas canvas;
	int columns, rows;
};

static void go(struct text *out, int x, int y)
{
	text_addf(out, "\033[%d;%df", y + 1, x + 1); /* HVP, which frames have no other use for */
}

static void open_world(struct world *world, int columns, int rows)
{
	static const struct frame_terminal xterm = {
		.ansi = true, .has_cha = true, .last_cell = true, .go = go, .clear = "\033[H\033[2J",
		.erase = "\033[K", .plain = "\033[m", .reverse = "\033[7m", .underline = "\033[4m",
		.hide = "\033[?25l", .show = "\033[?25h",
	};
	memset(world, 0, sizeof *world);
	world->columns = columns;
	world->rows = rows;
	world->vt = vterm_new(rows, columns);
	world->screen = vterm_obtain_screen(world->vt);
	vterm_set_utf8(world->vt, 1);
	vterm_screen_reset(world->screen, 1);
	frame_init(&world->frame);
	canvas_init(&world->canvas);
	assert_true(canvas_resize(&world->canvas, columns, rows, NULL));
	world->terminal = xterm;
	for (int role = 0; role < ROLE_COUNT; role++)
		if (role == ROLE_TITLE || role == ROLE_SELECTED)
			strcpy(world->terminal.on[role], "\033[1m");
		else if (role != ROLE_TEXT && role != ROLE_FRAME && role != ROLE_CURVE)
			snprintf(world->terminal.on[role], FRAME_STRING, "\033[38;5;%dm", 100 + role);
}

static void close_world(struct world *world)
{
	frame_done(&world->frame);
	canvas_done(&world->canvas);
	vterm_free(world->vt);
}

/* ---- what is seen ---- */

static int color_of(const VTermScreenCell *cell)
{
	return VTERM_COLOR_IS_DEFAULT_FG(&cell->fg) ? -1 : cell->fg.indexed.idx;
}

static int color_wanted(const struct world *world, int role)
{
	const char *on = world->terminal.on[role];
	return strlen(on) > 4 ? 100 + role : -1;
}

static void check_cell(const struct world *world, int x, int y)
{
	const struct cell *cell = &world->canvas.cells[y * world->columns + x];
	VTermScreenCell seen;
	VTermPos pos = {y, x};
	vterm_screen_get_cell(world->screen, pos, &seen);
	if (cell->flags & CELL_TAIL)
		return;
	if (cell->code == ' ' && !cell->flags) {
		if (seen.chars[0] != 0 && seen.chars[0] != ' ')
			fail_msg("%d,%d: U+%04X for a blank", x, y, seen.chars[0]);
		assert_false(seen.attrs.reverse || seen.attrs.underline);
		return;
	}
	if (seen.chars[0] != cell->code && !(cell->code == ' ' && seen.chars[0] == 0))
		fail_msg("%d,%d: U+%04X for U+%04X", x, y, seen.chars[0], cell->code);
	assert_int_equal(seen.chars[1], cell->mark);
	assert_int_equal(seen.attrs.reverse, (cell->flags & CELL_REVERSE) != 0);
	assert_int_equal(seen.attrs.underline, (cell->flags & CELL_UNDERLINE) != 0);
	assert_int_equal(color_of(&seen), color_wanted(world, cell->role));
	assert_int_equal(seen.attrs.bold, strcmp(world->terminal.on[cell->role], "\033[1m") == 0);
}

/* A wide character in the last two columns of the last row. */
static bool is_last_wide(const struct world *world)
{
	return world->canvas.cells[world->rows * world->columns - 1].flags & CELL_TAIL;
}

static void show(struct world *world)
{
	VTermPos cursor;
	assert_true(frame_write(&world->frame, &world->terminal, &world->canvas, world->columns,
				world->rows));
	vterm_input_write(world->vt, world->frame.out.bytes, world->frame.out.length);
	for (int y = 0; y < world->rows; y++)
		for (int x = 0; x < world->columns; x++)
			if (world->terminal.last_cell || y < world->rows - 1 ||
			    x < world->columns - 1 - is_last_wide(world))
				check_cell(world, x, y);
	if (world->canvas.cursor_x < 0)
		return;
	vterm_state_get_cursorpos(vterm_obtain_state(world->vt), &cursor);
	assert_int_equal(cursor.col, world->canvas.cursor_x);
	assert_int_equal(cursor.row, world->canvas.cursor_y);
}

/* ---- canvases by chance ---- */

static uint32_t seed = 1;

static int chance(int below)
{
	seed = seed * 1664525u + 1013904223u;
	return (int)((seed >> 8) % (uint32_t)below);
}

static void scribble(struct world *world)
{
	static const char *const words[] = {
		"rate", "a", "12.5", "      ", "\u5b66\u4e60", "e\u0301", "\u2500\u2500\u2500", "\u28ff\u2812",
		"  x  ", "\u00e9",
	};
	int width = world->columns, height = world->rows;
	for (int i = chance(30); i >= 0; i--) {
		int x = chance(width), y = chance(height);
		canvas_text(&world->canvas, x, y, width - x, (enum role)chance(ROLE_COUNT),
			    words[chance(sizeof words / sizeof *words)]);
	}
	if (chance(3) == 0)
		canvas_fill(&world->canvas, chance(width), chance(height), chance(width),
			    1 + chance(3), chance(2) ? ' ' : 0x2840, (enum role)chance(ROLE_COUNT));
	if (chance(4) == 0)
		canvas_flag(&world->canvas, chance(width), chance(height), 1 + chance(9),
			    chance(2) ? CELL_REVERSE : CELL_UNDERLINE);
	if (chance(20) == 0)
		canvas_clear(&world->canvas);
	world->canvas.cursor_x = chance(5) ? chance(width) : -1;
	world->canvas.cursor_y = chance(height);
}

static void test_any_canvas_after_any_other(void **state)
{
	(void)state;
	for (int kind = 0; kind < 5; kind++) {
		struct world world;
		open_world(&world, 7 + 19 * kind, 3 + 5 * kind);
		world.terminal.has_cha = kind != 1;
		world.terminal.ansi = kind != 2;
		world.terminal.last_cell = kind != 3;
		if (kind == 4)
			world.terminal.erase[0] = '\0';
		for (int i = 0; i < 400; i++) {
			scribble(&world);
			if (chance(50) == 0) {
				world.frame.all = true; /* as after other programs' output */
				vterm_input_write(world.vt, "\033[3;3Hjunk\033[1;35m\r\n", 17);
			}
			show(&world);
		}
		close_world(&world);
	}
}

/* Where the last cell cannot be written nothing scrolls, whatever stands there. */
static void test_last_cell(void **state)
{
	struct world world;
	(void)state;
	open_world(&world, 20, 4);
	world.terminal.last_cell = false;
	canvas_text(&world.canvas, 0, 0, 20, ROLE_TEXT, "top");
	canvas_text(&world.canvas, 18, 3, 2, ROLE_TEXT, "\u5b66");
	show(&world);
	assert_null(strstr(world.frame.out.bytes, "\u5b66"));
	canvas_text(&world.canvas, 17, 3, 3, ROLE_TEXT, "abc");
	show(&world);
	assert_non_null(strstr(world.frame.out.bytes, "ab"));
	assert_null(strstr(world.frame.out.bytes, "abc"));
	close_world(&world);
}

/* What has not changed costs nothing; what has, about what it weighs. */
static void test_bytes(void **state)
{
	struct world world;
	struct text *out = &world.frame.out;
	(void)state;
	open_world(&world, 80, 24);
	scribble(&world);
	world.canvas.cursor_x = 1;
	world.canvas.cursor_y = 10;
	show(&world);
	show(&world);
	assert_int_equal(out->length, 0);
	canvas_clear(&world.canvas);
	world.canvas.cursor_x = 1;
	world.canvas.cursor_y = 10;
	canvas_text(&world.canvas, 5, 10, 20, ROLE_TEXT, "abc");
	show(&world);
	canvas_text(&world.canvas, 6, 10, 20, ROLE_TEXT, "X");
	show(&world); /* to the column, X, back to the cursor */
	assert_string_equal(out->bytes, "\033[7GX\033[2G");
	canvas_text(&world.canvas, 5, 11, 20, ROLE_DIM, "de");
	show(&world);
	canvas_text(&world.canvas, 5, 11, 20, ROLE_TEXT, "  ");
	show(&world); /* no colour for blanks */
	assert_string_equal(out->bytes, "\n\033[4C  \033[11;2H");
	canvas_fill(&world.canvas, 0, 12, 80, 1, 'z', ROLE_TEXT);
	show(&world);
	canvas_fill(&world.canvas, 2, 12, 78, 1, ' ', ROLE_TEXT);
	show(&world); /* the rest of a row at once */
	assert_string_equal(out->bytes, "\n\n\033[C\033[K\033[2A\b");
	close_world(&world);
}

static void test_other_sizes(void **state)
{
	struct world world;
	(void)state;
	open_world(&world, 40, 10);
	for (int i = 0; i < 60; i++) { /* a larger canvas is cut, a smaller one fills a part */
		assert_true(canvas_resize(&world.canvas, 1 + chance(60), 1 + chance(20), NULL));
		canvas_fill(&world.canvas, 0, 0, 60, 20, 'a' + (uint32_t)chance(26), ROLE_TEXT);
		assert_true(frame_write(&world.frame, &world.terminal, &world.canvas, 40, 10));
		vterm_input_write(world.vt, world.frame.out.bytes, world.frame.out.length);
	}
	assert_true(canvas_resize(&world.canvas, 40, 10, NULL));
	canvas_fill(&world.canvas, 0, 0, 40, 10, 'w', ROLE_KEY);
	show(&world);
	close_world(&world);
}

/* A frame that memory did not suffice for is not sent; the next one is whole. */
static void test_no_memory(void **state)
{
	struct world world;
	(void)state;
	open_world(&world, 60, 16);
	bool done = false;
	for (int n = 0; !done; n++) {
		scribble(&world);
		frame_done(&world.frame);
		frame_init(&world.frame);
		until_failure = n;
		done = frame_write(&world.frame, &world.terminal, &world.canvas, 60, 16);
		until_failure = -1;
		assert_true(n < 50);
		if (!done)
			show(&world);
	}
	close_world(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_canvas_after_any_other),
		cmocka_unit_test(test_last_cell),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_other_sizes),
		cmocka_unit_test(test_no_memory),
	};
	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
