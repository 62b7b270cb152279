/* Layout: every cell belongs to one place or to a frame; drawings of the usual sizes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "view/layout.h"

static struct canvas canvas;

static void mark(struct area area, char letter)
{
	for (int y = area.y; y < area.y + area.rows; y++)
		for (int x = area.x; x < area.x + area.columns; x++) {
			struct cell *cell = canvas_at(&canvas, x, y);

			assert_non_null(cell);            /* inside the canvas */
			assert_int_equal(cell->code, ' '); /* and nobody else's */
			cell->code = (uint32_t)letter;
		}
}

static char letter_of(int place)
{
	static const char letters[PLACE_COUNT] = {
		[PLACE_HEADER] = 'h', [PLACE_STRIP] = 's', [PLACE_DIALS] = 'd', [PLACE_BOX] = 'b',
		[PLACE_RATE] = 'r', [PLACE_LOSS] = 'l', [PLACE_SECOND] = '2', [PLACE_READINGS] = 'r',
		[PLACE_VERDICT] = 'v', [PLACE_KEYS] = 'k', [PLACE_BODY] = 'p',
	};

	return letters[place] ? letters[place] : (char)('A' + place);
}

static void tiles(struct layout layout, int columns, int rows)
{
	canvas_resize(&canvas, columns, rows, NULL);
	for (int i = 0; i < PLACE_COUNT; i++)
		mark(layout.area[i], letter_of(i));
	for (int i = 0; i < PLACE_COUNT; i++)
		if (layout_is_framed((enum place)i))
			canvas_box(&canvas, layout_frame(layout.area[i]), ROLE_FRAME);
	for (int i = 0; i < PLACE_COUNT; i++) { /* no frame line runs through a place */
		struct area area = layout.area[i];

		for (int y = area.y; y < area.y + area.rows; y++)
			for (int x = area.x; x < area.x + area.columns; x++)
				assert_int_equal(canvas_at(&canvas, x, y)->code, letter_of(i));
	}
}

static void covers_all(struct layout layout, int columns, int rows)
{
	(void)layout;
	for (int i = 0; i < columns * rows; i++)
		assert_int_not_equal(canvas.cells[i].code, ' ');
}

static void check(int columns, int rows)
{
	struct layout layout;

	for (int box = 0; box < 2; box++) {
		layout = layout_main(columns, rows, box);
		assert_int_equal(layout.fits, columns >= LEAST_COLUMNS && rows >= LEAST_ROWS);
		tiles(layout, columns, rows);
		if (!layout.fits)
			continue;
		covers_all(layout, columns, rows);
		assert_true(layout.area[PLACE_DIALS].rows >= 5);
		assert_true(layout.area[PLACE_RATE].rows >= 3);
		assert_true(layout.area[PLACE_LOSS].rows >= 4);
		assert_true(layout.area[PLACE_RATE].columns >= 30);
	}
	layout = layout_page(columns, rows);
	tiles(layout, columns, rows);
	if (layout.fits)
		covers_all(layout, columns, rows);
	layout = layout_wizard(columns, rows, 8, 7);
	tiles(layout, columns, rows);
	if (layout.fits)
		covers_all(layout, columns, rows);
}

static void all_sizes_tile(void **state)
{
	(void)state;
	for (int rows = 0; rows <= 30; rows++)
		for (int columns = 0; columns <= 90; columns++)
			check(columns, rows);
	for (int rows = 31; rows < 90; rows++)
		check(60 + rows * 2, rows);
	check(1000, 1000);
	check(60, 1000);
	check(1000, 16);
}

static void shows(struct layout layout, int columns, int rows, const char *wanted)
{
	struct text text;

	tiles(layout, columns, rows);
	for (int i = 0; i < columns * rows; i++) /* every fifth column is enough to look at */
		if (i % columns % 5 == 0)
			canvas.cells[i / columns * columns + i % columns / 5] = canvas.cells[i];
	canvas_fill(&canvas, (columns + 4) / 5, 0, columns, rows, ' ', ROLE_TEXT);
	text_init(&text);
	canvas_dump(&canvas, &text, 0);
	assert_string_equal(text.bytes, wanted);
	text_done(&text);
}

static void drawings(void **state)
{
	(void)state;
	canvas.ascii = true;
	shows(layout_main(60, 16, true), 60, 16,
	      "hhhhhhhhhhhh\n"
	      "ssssssssssss\n"
	      "+----+------\n"
	      "|dddd|rrrrrr\n"
	      "|dddd|rrrrrr\n"
	      "|dddd|rrrrrr\n"
	      "|dddd+------\n"
	      "|dddd|llllll\n"
	      "|dddd|llllll\n"
	      "|dddd|llllll\n"
	      "|dddd|llllll\n"
	      "|dddd|llllll\n"
	      "+----+------\n"
	      "rrrrrrrrrrrr\n"
	      "vvvvvvvvvvvv\n"
	      "kkkkkkkkkkkk\n");
	shows(layout_page(60, 16), 60, 16,
	      "hhhhhhhhhhhh\n"
	      "+-----------\n"
	      "|ppppppppppp\n"
	      "|ppppppppppp\n"
	      "|ppppppppppp\n"
	      "|ppppppppppp\n"
	      "|ppppppppppp\n"
	      "|ppppppppppp\n"
	      "|ppppppppppp\n"
	      "|ppppppppppp\n"
	      "|ppppppppppp\n"
	      "|ppppppppppp\n"
	      "|ppppppppppp\n"
	      "+-----------\n"
	      "vvvvvvvvvvvv\n"
	      "kkkkkkkkkkkk\n");
	canvas.ascii = false;
}

static int setup(void **state)
{
	(void)state;
	canvas_init(&canvas);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	canvas_done(&canvas);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_sizes_tile),
		cmocka_unit_test(drawings),
	};

	return cmocka_run_group_tests_name("layout", tests, setup, teardown);
}
