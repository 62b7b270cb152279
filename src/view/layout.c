#include "view/layout.h"

static int between(int low, int value, int high)
{
	return value < low ? low : value > high ? high : value;
}

bool layout_is_framed(enum place place)
{
	switch (place) {
	case PLACE_DIALS:
	case PLACE_BOX:
	case PLACE_RATE:
	case PLACE_LOSS:
	case PLACE_SECOND:
	case PLACE_BODY:
	case PLACE_QUESTIONS:
	case PLACE_RANKING:
	case PLACE_LENGTH:
	case PLACE_REASONS:
		return true;
	default:
		return false;
	}
}

struct area layout_frame(struct area interior)
{
	if (interior.columns < 1 || interior.rows < 1)
		return (struct area){0, 0, 0, 0};
	return (struct area){interior.x - 1, interior.y - 1, interior.columns + 2,
			     interior.rows + 2};
}

/* Rows that the key bar and the strip take: two where there are rows enough, and no columns. */
static int key_rows_of(int columns, int rows)
{
	return rows >= 44 && columns < 190 ? 2 : 1;
}

static int strip_rows_of(int columns, int rows)
{
	return columns >= 100 && rows >= 28 ? 2 : 1;
}

/* The rows round the panels; returns the first and the last row of the panels' frame. */
static void lay_out_edges(struct layout *layout, int columns, int rows, int *top, int *bottom)
{
	int keys = key_rows_of(columns, rows), strip = strip_rows_of(columns, rows);

	layout->area[PLACE_HEADER] = (struct area){0, 0, columns, 1};
	layout->area[PLACE_STRIP] = (struct area){0, 1, columns, strip};
	layout->area[PLACE_KEYS] = (struct area){0, rows - keys, columns, keys};
	layout->area[PLACE_VERDICT] = (struct area){0, rows - keys - 1, columns, 1};
	layout->area[PLACE_READINGS] = (struct area){0, rows - keys - 2, columns, 1};
	*top = 1 + strip;
	*bottom = rows - keys - 3;
}

static void lay_out_left(struct layout *layout, int width, int top, int rows, bool wants_box)
{
	int box = rows >= 21 && wants_box ? between(6, rows / 4 + 1, 10) : 0;

	layout->area[PLACE_DIALS] = (struct area){1, top, width, rows - (box ? box + 1 : 0)};
	if (box)
		layout->area[PLACE_BOX] = (struct area){1, top + rows - box, width, box};
}

static void lay_out_right(struct layout *layout, int x, int width, int top, int rows)
{
	int rate, second = 0;

	if (rows >= 42)
		second = (rows - 2) * 3 / 10;
	rate = (rows - 1 - second) * (second ? 44 : 40) / 100;
	layout->area[PLACE_RATE] = (struct area){x, top, width, rate};
	layout->area[PLACE_LOSS] = (struct area){x, top + rate + 1, width,
						 rows - rate - 1 - (second ? second + 1 : 0)};
	if (second)
		layout->area[PLACE_SECOND] = (struct area){x, top + rows - second, width, second};
}

/* A title and some lines of text, so that both plots stay readable. */
static int lesson_rows_of(int rows)
{
	return rows < 20 ? 3 : rows < 30 ? 6 : rows < 44 ? 8 : 10;
}

/* The outer frame lines fall off the screen: at this size they cost more than they tell. */
static void lay_out_without_edges(struct layout *layout)
{
	layout->area[PLACE_DIALS].x--;
	layout->area[PLACE_DIALS].columns++;
	for (int i = PLACE_RATE; i <= PLACE_SECOND; i++)
		if (layout->area[i].columns > 0)
			layout->area[i].columns++;
}

/* The main screen with a band of `band` rows below the panels. */
static struct layout lay_out_main(int columns, int rows, bool wants_box, int band)
{
	struct layout layout = {.fits = columns >= LEAST_COLUMNS && rows >= LEAST_ROWS};
	int top, bottom, left;
	bool open;

	if (!layout.fits)
		return layout;
	lay_out_edges(&layout, columns, rows, &top, &bottom);
	if (band > 0) {
		bottom -= band;
		layout.area[PLACE_LESSON] = (struct area){0, bottom + 1, columns, band};
	}
	/* On a large screen each dial says what it means; else a box does, for the one in hand. */
	open = wants_box && columns >= 180 && bottom - top - 1 >= 50;
	left = open ? 76 : between(24, 24 + (columns - 80) * 9 / 40, 44);
	lay_out_left(&layout, left, top + 1, bottom - top - 1, wants_box && !open);
	lay_out_right(&layout, left + 2, columns - left - 3, top + 1, bottom - top - 1);
	if (open)
		lay_out_without_edges(&layout);
	return layout;
}

struct layout layout_main(int columns, int rows, bool wants_box)
{
	return lay_out_main(columns, rows, wants_box, 0);
}

struct layout layout_lesson(int columns, int rows, bool wants_box)
{
	return lay_out_main(columns, rows, wants_box, lesson_rows_of(rows));
}

struct layout layout_page(int columns, int rows)
{
	struct layout layout = {.fits = columns >= LEAST_COLUMNS && rows >= LEAST_ROWS};

	if (!layout.fits)
		return layout;
	layout.area[PLACE_HEADER] = (struct area){0, 0, columns, 1};
	layout.area[PLACE_BODY] = (struct area){1, 2, columns - 2, rows - 5};
	layout.area[PLACE_VERDICT] = (struct area){0, rows - 2, columns, 1};
	layout.area[PLACE_KEYS] = (struct area){0, rows - 1, columns, 1};
	return layout;
}

/* Questions take a row each and one for what the present one asks; two each where there is room. */
static int question_rows(int rows, int questions, int strategies)
{
	int wanted = questions + 1 > strategies ? questions + 1 : strategies;

	if (2 * questions <= rows / 2 && 2 * questions > wanted)
		wanted = 2 * questions;
	return between(2, wanted, rows / 2);
}

struct layout layout_wizard(int columns, int rows, int questions, int strategies)
{
	struct layout layout = layout_page(columns, rows);
	int right, left, above, below;

	if (!layout.fits)
		return layout;
	layout.area[PLACE_BODY] = (struct area){0, 0, 0, 0};
	right = between(22, 22 + (columns - 60) / 4, 44);
	left = columns - 3 - right;
	above = question_rows(rows - 8, questions, strategies);
	below = rows - 8 - above;
	layout.area[PLACE_QUESTIONS] = (struct area){1, 2, left, above};
	layout.area[PLACE_RANKING] = (struct area){left + 2, 2, right, above};
	layout.area[PLACE_LENGTH] = (struct area){1, 3 + above, columns - 2, 1};
	layout.area[PLACE_REASONS] = (struct area){1, 5 + above, columns - 2, below};
	return layout;
}
