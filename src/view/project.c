/* For a projector: the dial in hand and what it leads to, in digits that a whole room can read. */
#include <math.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "view/panel.h"

#define GLYPH_ROWS 5

/* Rows from the top, '#' a dot. All but the point are 3 dots wide. */
static const struct glyph {
	char code;
	const char *rows[GLYPH_ROWS];
} glyphs[] = {
	{'0', {"###", "# #", "# #", "# #", "###"}}, {'1', {" # ", "## ", " # ", " # ", "###"}},
	{'2', {"###", "  #", "###", "#  ", "###"}}, {'3', {"###", "  #", "###", "  #", "###"}},
	{'4', {"# #", "# #", "###", "  #", "  #"}}, {'5', {"###", "#  ", "###", "  #", "###"}},
	{'6', {"###", "#  ", "###", "# #", "###"}}, {'7', {"###", "  #", "  #", " # ", " # "}},
	{'8', {"###", "# #", "###", "# #", "###"}}, {'9', {"###", "# #", "###", "  #", "###"}},
	{'e', {"   ", "###", "###", "#  ", "###"}}, {'-', {"   ", "   ", "###", "   ", "   "}},
	{'.', {" ", " ", " ", " ", "#"}},
};

static const struct glyph *glyph_of(char code)
{
	for (size_t i = 0; i < sizeof glyphs / sizeof *glyphs; i++)
		if (glyphs[i].code == code)
			return &glyphs[i];
	return NULL;
}

/* Columns of a number at `scale` columns a dot; 0 where it has no large form. */
static int large_width(const char *text, int scale)
{
	int width = 0;

	for (; *text; text++) {
		if (!glyph_of(*text))
			return 0;
		width += scale * (int)strlen(glyph_of(*text)->rows[0]) + 1;
	}
	return width - 1;
}

static void draw_glyph(struct canvas *canvas, int x, int y, int scale, const struct glyph *glyph)
{
	uint32_t block = canvas->ascii ? '#' : 0x28ff; /* every dot: a block's width is not the same everywhere */

	for (int row = 0; row < GLYPH_ROWS; row++)
		for (int dot = 0; glyph->rows[row][dot]; dot++)
			if (glyph->rows[row][dot] == '#')
				canvas_fill(canvas, x + dot * scale, y + row, scale, 1, block,
					    ROLE_TITLE);
}

/* In five rows, or in one where it does not fit. Returns the rows used. */
static int draw_large(struct canvas *canvas, struct area area, const char *text)
{
	int scale = large_width(text, 2) <= area.columns ? 2 : 1, x = area.x;

	if (area.rows < GLYPH_ROWS || large_width(text, scale) < 1 ||
	    large_width(text, scale) > area.columns) {
		canvas_text(canvas, area.x, area.y, area.columns, ROLE_TITLE, text);
		return 1;
	}
	for (; *text; text++) {
		const struct glyph *glyph = glyph_of(*text);

		draw_glyph(canvas, x, area.y, scale, glyph);
		x += scale * (int)strlen(glyph->rows[0]) + 1;
	}
	return GLYPH_ROWS;
}

static struct area below(struct area area, int rows)
{
	if (rows > area.rows)
		rows = area.rows;
	return (struct area){area.x, area.y + rows, area.columns, area.rows - rows};
}

/* The excess where it is read, unless that is still to be guessed. */
static void draw_result(const struct scope *scope, struct canvas *canvas, struct area area)
{
	char number[NUMBER_SIZE];

	if (area.rows < 2 || !scope->has_reading)
		return;
	canvas_text(canvas, area.x, area.y, area.columns, ROLE_TITLE, _("excess"));
	if (scope->viewpoint.curtain)
		canvas_text(canvas, area.x, area.y + 1, area.columns, ROLE_TITLE, "?");
	else if (!isnan(scope->reading.excess))
		draw_large(canvas, below(area, 1),
			   number_short(number, scope->reading.excess, 2, 6));
}

void draw_project(const struct scope *scope, struct canvas *canvas, struct area area)
{
	struct dial dial = selected_dial(scope);
	struct area inner = {area.x + 1, area.y, area.columns - 1, area.rows};
	struct area scale = area;
	char value[64], number[NUMBER_SIZE];
	double exact = dial_number(scope, &dial);

	paint_title(canvas, area, ROLE_TITLE,
		    strategy_name(scope->study.now.schedule.node[0].strategy));
	canvas_put(canvas, area.x, area.y, '>', ROLE_SELECTED);
	canvas_text(canvas, inner.x, inner.y, inner.columns, ROLE_TITLE, dial.parameter->name);
	canvas->cursor_x = area.x;
	canvas->cursor_y = area.y;
	inner = below(inner, 1);
	dial_value(scope, &dial, inner.columns, value, sizeof value);
	if (large_width(value, 1) > inner.columns && isfinite(exact))
		number_short(number, exact, 3, 6), memcpy(value, number, sizeof number);
	if (inner.rows > 0)
		inner = below(inner, draw_large(canvas, inner, value));
	scale.y = inner.y;
	scale.rows = 1;
	if (inner.rows > 0)
		dial_scale(scope, &dial, canvas, scale);
	draw_result(scope, canvas, below(inner, 2));
}

void project_strengthen(struct canvas *canvas)
{
	for (int i = 0; i < canvas->columns * canvas->rows; i++)
		if (canvas->cells[i].role == ROLE_TEXT || canvas->cells[i].role == ROLE_DIM)
			canvas->cells[i].role = ROLE_TITLE;
}
