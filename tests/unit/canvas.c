/* The grid of cells: clipping, wide and unsafe characters, frames, dump. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "view/canvas.h"

static struct canvas canvas;
static struct text dumped;

static int setup(void **state)
{
	(void)state;
	canvas_init(&canvas);
	text_init(&dumped);
	return !canvas_resize(&canvas, 10, 3, NULL);
}

static int teardown(void **state)
{
	(void)state;
	canvas_done(&canvas);
	text_done(&dumped);
	return 0;
}

static void shows(const char *wanted)
{
	text_clear(&dumped);
	canvas_dump(&canvas, &dumped, 0);
	assert_string_equal(dumped.bytes, wanted);
}

static void sizes(void **state)
{
	(void)state;
	assert_true(canvas_resize(&canvas, -3, 4, NULL));
	assert_int_equal(canvas.columns, 0);
	shows("\n\n\n\n");
	assert_true(canvas_resize(&canvas, 1000000, 2, NULL));
	assert_int_equal(canvas.columns, CANVAS_MOST);
	assert_null(canvas_at(&canvas, CANVAS_MOST, 0));
	assert_null(canvas_at(&canvas, 0, 2));
	assert_null(canvas_at(&canvas, -1, 0));
}

static void everything_is_clipped(void **state)
{
	(void)state;
	canvas_put(&canvas, -1, 0, 'a', ROLE_TEXT);
	canvas_put(&canvas, 10, 0, 'a', ROLE_TEXT);
	canvas_put(&canvas, 0, 3, 'a', ROLE_TEXT);
	canvas_fill(&canvas, -5, -5, 30, 30, '.', ROLE_TEXT);
	canvas_flag(&canvas, -5, 1, 100, CELL_REVERSE);
	assert_int_equal(canvas_text(&canvas, -2, 1, 6, ROLE_TEXT, "abcdefgh"), 6);
	assert_int_equal(canvas_text(&canvas, 8, 2, 2, ROLE_TEXT, "xyz"), 2);
	canvas_box(&canvas, (struct area){-4, -4, 100, 100}, ROLE_FRAME);
	shows("..........\ncdef......\n........xy\n");
}

static void wide_characters_stay_whole(void **state)
{
	(void)state;
	/* U+5B66 is two columns wide. */
	assert_int_equal(canvas_text(&canvas, 0, 0, 3, ROLE_TEXT, "a\u5b66\u5b66"), 3);
	shows("a\u5b66\n\n\n");
	assert_int_equal(canvas_at(&canvas, 2, 0)->flags, CELL_TAIL);
	canvas_put(&canvas, 2, 0, 'x', ROLE_TEXT);
	shows("a x\n\n\n");
	canvas_text(&canvas, 0, 1, 10, ROLE_TEXT, "\u5b66");
	canvas_put(&canvas, 0, 1, 'y', ROLE_TEXT);
	shows("a x\ny\n\n");
	canvas_put(&canvas, 9, 2, 0x5b66, ROLE_TEXT);
	canvas_text(&canvas, -1, 2, 4, ROLE_TEXT, "\u5b66");
	shows("a x\ny\n\n");
}

static void marks_go_to_their_base(void **state)
{
	(void)state;
	assert_int_equal(canvas_text(&canvas, 0, 0, 10, ROLE_TEXT, "e\u0301\u0302x"), 2);
	assert_int_equal(canvas_at(&canvas, 0, 0)->mark, 0x301);
	canvas_text(&canvas, 0, 1, 10, ROLE_TEXT, "\u5b66\u0301");
	assert_int_equal(canvas_at(&canvas, 0, 1)->mark, 0x301);
	shows("e\u0301x\n\u5b66\u0301\n\n");
}

static void nothing_unsafe_is_put(void **state)
{
	(void)state;
	canvas_text(&canvas, 0, 0, 10, ROLE_TEXT, "a\033[m\x80\xff");
	shows("a^[[m??\n\n\n");
	canvas_text(&canvas, 0, 1, 10, ROLE_TEXT, "\u202e\xc2\x9b");
	canvas_put(&canvas, 0, 2, 0x1b, ROLE_TEXT);
	canvas_put(&canvas, 1, 2, 0x301, ROLE_TEXT);
	shows("a^[[m??\n\ufffd\ufffd\n\ufffd\ufffd\n");
	assert_int_equal(canvas_at(&canvas, 5, 0)->role, ROLE_BAD);
}

static void ascii_is_ascii(void **state)
{
	(void)state;
	canvas.ascii = true;
	canvas_text(&canvas, 0, 0, 10, ROLE_TEXT, "\u00e9\u5b66\t\u0301");
	canvas_put(&canvas, 9, 0, 0x2800, ROLE_TEXT);
	canvas_box(&canvas, (struct area){0, 1, 4, 2}, ROLE_FRAME);
	shows("??^I?    ?\n+--+\n+--+\n");
}

static void frames_join(void **state)
{
	(void)state;
	canvas_resize(&canvas, 7, 5, NULL);
	canvas_box(&canvas, (struct area){0, 0, 4, 3}, ROLE_FRAME);
	canvas_box(&canvas, (struct area){3, 0, 4, 5}, ROLE_FRAME);
	canvas_box(&canvas, (struct area){0, 2, 4, 3}, ROLE_FRAME);
	canvas_box(&canvas, (struct area){0, 0, 1, 5}, ROLE_FRAME); /* no room for one */
	shows("┌──┬──┐\n"
	      "│  │  │\n"
	      "├──┤  │\n"
	      "│  │  │\n"
	      "└──┴──┘\n");
	canvas.ascii = true;
	canvas_clear(&canvas);
	canvas_box(&canvas, (struct area){0, 0, 4, 3}, ROLE_FRAME);
	canvas_box(&canvas, (struct area){3, 0, 4, 5}, ROLE_FRAME);
	shows("+--+--+\n"
	      "|  |  |\n"
	      "+--+  |\n"
	      "   |  |\n"
	      "   +--+\n");
}

static void colours(void **state)
{
	(void)state;
	canvas_resize(&canvas, 6, 1, NULL);
	canvas_put(&canvas, 0, 0, 'a', ROLE_ALARM);
	canvas_put(&canvas, 2, 0, 'b', ROLE_ALARM);
	canvas_put(&canvas, 3, 0, 'c', ROLE_TEXT);
	canvas_flag(&canvas, 3, 0, 1, CELL_REVERSE);
	canvas_dump(&canvas, &dumped, 256);
	assert_string_equal(dumped.bytes,
			    "\033[0;38;5;160ma b\033[0;7mc\033[0m\n");
	text_clear(&dumped);
	canvas_put(&canvas, 3, 0, ' ', ROLE_TEXT);
	canvas_put(&canvas, 2, 0, ' ', ROLE_TEXT);
	canvas_dump(&canvas, &dumped, 8);
	assert_string_equal(dumped.bytes, "\033[0;31ma\033[0m\n");
}

static void clear_empties(void **state)
{
	(void)state;
	canvas_fill(&canvas, 0, 0, 10, 3, 'x', ROLE_ALARM);
	canvas.cursor_x = canvas.cursor_y = 1;
	canvas_clear(&canvas);
	shows("\n\n\n");
	assert_int_equal(canvas.cursor_x, -1);
	assert_int_equal(canvas_at(&canvas, 0, 0)->role, ROLE_TEXT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sizes, setup, teardown),
		cmocka_unit_test_setup_teardown(everything_is_clipped, setup, teardown),
		cmocka_unit_test_setup_teardown(wide_characters_stay_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(marks_go_to_their_base, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_unsafe_is_put, setup, teardown),
		cmocka_unit_test_setup_teardown(ascii_is_ascii, setup, teardown),
		cmocka_unit_test_setup_teardown(frames_join, setup, teardown),
		cmocka_unit_test_setup_teardown(colours, setup, teardown),
		cmocka_unit_test_setup_teardown(clear_empties, setup, teardown),
	};

	return cmocka_run_group_tests_name("canvas", tests, NULL, NULL);
}
