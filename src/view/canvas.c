#include "view/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cell empty_cell = {' ', 0, ROLE_TEXT, 0};

void canvas_init(struct canvas *canvas)
{
	*canvas = (struct canvas){.cursor_x = -1, .cursor_y = -1};
}

void canvas_done(struct canvas *canvas)
{
	free(canvas->cells);
	canvas_init(canvas);
}

static int clamp_size(int size)
{
	if (size < 0)
		return 0;
	return size > CANVAS_MOST ? CANVAS_MOST : size;
}

bool canvas_resize(struct canvas *canvas, int columns, int rows, struct error *error)
{
	int count;
	struct cell *cells;

	columns = clamp_size(columns);
	rows = clamp_size(rows);
	count = columns * rows;
	if (count > canvas->capacity) {
		cells = malloc((size_t)count * sizeof *cells);
		if (!cells)
			return error_memory(error);
		free(canvas->cells);
		canvas->cells = cells;
		canvas->capacity = count;
	}
	canvas->columns = columns;
	canvas->rows = rows;
	canvas_clear(canvas);
	return true;
}

void canvas_clear(struct canvas *canvas)
{
	struct cell *cells = canvas->cells;
	size_t count = (size_t)canvas->columns * (size_t)canvas->rows;

#pragma GCC unroll 4
	for (size_t i = 0; i < count; i++)
		cells[i] = empty_cell;
	canvas->cursor_x = canvas->cursor_y = -1;
}

struct cell *canvas_at(struct canvas *canvas, int x, int y)
{
	if (x < 0 || y < 0 || x >= canvas->columns || y >= canvas->rows)
		return NULL;
	return &canvas->cells[y * canvas->columns + x];
}

/* One cell, so that no half of a wide character is left beside it. */
static void set_cell(struct canvas *canvas, int x, int y, uint32_t code, enum role role,
		     uint8_t flags)
{
	struct cell *cell = canvas_at(canvas, x, y), *neighbour;

	if (!cell)
		return;
	if (cell->flags & CELL_TAIL) {
		neighbour = canvas_at(canvas, x - 1, y);
		if (neighbour)
			*neighbour = empty_cell;
	}
	neighbour = canvas_at(canvas, x + 1, y);
	if (neighbour && neighbour->flags & CELL_TAIL)
		*neighbour = empty_cell;
	*cell = (struct cell){code, 0, (uint8_t)role, flags};
}

/* What stands for `code` on this canvas, and its width (1 or 2). */
static uint32_t shown_code(const struct canvas *canvas, uint32_t code, int *width)
{
	*width = 1;
	if (code >= 0x20 && code < 0x7f)
		return code;
	if (canvas->ascii)
		return code < 0x20 || code > 0x7e ? '?' : code;
	if (code_is_unsafe(code))
		return 0xfffd;
	*width = code_width(code);
	if (*width < 1) {
		*width = 1;
		return 0xfffd;
	}
	return code;
}

/* Returns the columns used; a wide character that does not fit whole becomes a blank. */
static int place(struct canvas *canvas, int x, int y, uint32_t code, int width, enum role role)
{
	if (width == 2) {
		if (x < 0 || x + 1 >= canvas->columns) {
			set_cell(canvas, x, y, ' ', role, 0);
			set_cell(canvas, x + 1, y, ' ', role, 0);
		} else {
			set_cell(canvas, x + 1, y, ' ', role, 0);
			set_cell(canvas, x, y, code, role, 0);
			if (canvas_at(canvas, x + 1, y)) /* its row may be outside */
				canvas_at(canvas, x + 1, y)->flags = CELL_TAIL;
		}
		return 2;
	}
	set_cell(canvas, x, y, code, role, 0);
	return 1;
}

void canvas_put(struct canvas *canvas, int x, int y, uint32_t code, enum role role)
{
	int width;

	code = shown_code(canvas, code, &width);
	place(canvas, x, y, code, width, role);
}

/* A combining mark goes to the character before it; only the first one is kept. */
static void add_mark(struct canvas *canvas, int x, int y, uint32_t code)
{
	struct cell *cell = canvas_at(canvas, x, y);

	if (cell && cell->flags & CELL_TAIL)
		cell = canvas_at(canvas, x - 1, y);
	if (cell && !cell->mark)
		cell->mark = code;
}

int canvas_text(struct canvas *canvas, int x, int y, int columns, enum role role, const char *text)
{
	size_t left = strlen(text), size;
	int used = 0, width;
	uint32_t code;

	while (left) {
		if (*text >= 0x20 && *text < 0x7f) { /* as nearly everything is */
			if (used >= columns)
				break;
			set_cell(canvas, x + used++, y, (uint32_t)*text++, role, 0);
			left--;
			continue;
		}
		size = utf8_decode(text, left, &code);
		text += size;
		left -= size;
		if (code == UTF8_BAD) {
			if (used >= columns)
				break;
			place(canvas, x + used++, y, '?', 1, ROLE_BAD);
		} else if (code < 0x20 || code == 0x7f) {
			if (used + 2 > columns)
				break;
			place(canvas, x + used++, y, '^', 1, ROLE_BAD);
			place(canvas, x + used++, y, code ^ 0x40, 1, ROLE_BAD);
		} else if (!canvas->ascii && !code_is_unsafe(code) && code_width(code) == 0) {
			if (used > 0)
				add_mark(canvas, x + used - 1, y, code);
		} else {
			code = shown_code(canvas, code, &width);
			if (used + width > columns)
				break;
			used += place(canvas, x + used, y, code, width, role);
		}
	}
	return used;
}

int canvas_textf(struct canvas *canvas, int x, int y, int columns, enum role role,
		 const char *format, ...)
{
	char line[2048];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	return canvas_text(canvas, x, y, columns, role, line);
}

void canvas_fill(struct canvas *canvas, int x, int y, int columns, int rows, uint32_t code,
		 enum role role)
{
	for (int row = 0; row < rows && y + row < canvas->rows; row++)
		for (int column = 0; column < columns && x + column < canvas->columns; column++)
			canvas_put(canvas, x + column, y + row, code, role);
}

void canvas_flag(struct canvas *canvas, int x, int y, int columns, uint8_t flags)
{
	struct cell *cell;

	for (int column = 0; column < columns && x + column < canvas->columns; column++) {
		cell = canvas_at(canvas, x + column, y);
		if (cell)
			cell->flags |= flags;
	}
}

/* ---- frames ---- */

enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

/* Light box drawing by the arms that a cell has; single arms are drawn as whole lines. */
static const uint32_t lines[16] = {
	' ',    0x2502, 0x2502, 0x2502, 0x2500, 0x2518, 0x2510, 0x2524,
	0x2500, 0x2514, 0x250c, 0x251c, 0x2500, 0x2534, 0x252c, 0x253c,
};

static int arms_of(const struct canvas *canvas, const struct cell *cell, enum role role)
{
	if (canvas->ascii) {
		if (cell->role != role)
			return 0;
		switch (cell->code) {
		case '-': return LEFT | RIGHT;
		case '|': return UP | DOWN;
		case '+': return UP | DOWN | LEFT | RIGHT;
		default: return 0;
		}
	}
	if (cell->code < 0x2500 || cell->code > 0x257f)
		return 0;
	for (int arms = 15; arms > 0; arms--)
		if (lines[arms] == cell->code && (arms == 3 || arms == 12 || (arms & (arms - 1))))
			return arms;
	return 0;
}

static void add_arms(struct canvas *canvas, int x, int y, int arms, enum role role)
{
	struct cell *cell = canvas_at(canvas, x, y);
	uint32_t code;

	if (!cell)
		return;
	arms |= arms_of(canvas, cell, role);
	code = lines[arms];
	if (canvas->ascii)
		code = code == 0x2502 ? '|' : code == 0x2500 ? '-' : '+';
	set_cell(canvas, x, y, code, role, 0);
}

void canvas_box(struct canvas *canvas, struct area area, enum role role)
{
	int right = area.x + area.columns - 1, bottom = area.y + area.rows - 1;

	if (area.columns < 2 || area.rows < 2)
		return;
	for (int x = area.x + 1; x < right; x++) {
		add_arms(canvas, x, area.y, LEFT | RIGHT, role);
		add_arms(canvas, x, bottom, LEFT | RIGHT, role);
	}
	for (int y = area.y + 1; y < bottom; y++) {
		add_arms(canvas, area.x, y, UP | DOWN, role);
		add_arms(canvas, right, y, UP | DOWN, role);
	}
	add_arms(canvas, area.x, area.y, DOWN | RIGHT, role);
	add_arms(canvas, right, area.y, DOWN | LEFT, role);
	add_arms(canvas, area.x, bottom, UP | RIGHT, role);
	add_arms(canvas, right, bottom, UP | LEFT, role);
}

/* ---- as text ---- */

static const struct {
	int of_256, of_16, of_8;
	bool bold;
} styles[ROLE_COUNT] = {
#define ROLE(NAME, of_256, of_16, of_8, bold) {of_256, of_16, of_8, bold},
#include "view/roles.def"
#undef ROLE
};

static void add_style(struct text *text, enum role role, uint8_t flags, int colors)
{
	int color = colors >= 256 ? styles[role].of_256
		    : colors >= 16 ? styles[role].of_16 : styles[role].of_8;

	text_add(text, "\033[0");
	if (styles[role].bold && color < 0)
		text_add(text, ";1");
	if (flags & CELL_UNDERLINE)
		text_add(text, ";4");
	if (flags & CELL_REVERSE)
		text_add(text, ";7");
	if (color >= 0 && colors >= 256)
		text_addf(text, ";38;5;%d", color);
	else if (color >= 8)
		text_addf(text, ";%d", 90 + color - 8);
	else if (color >= 0)
		text_addf(text, ";%d", 30 + color);
	text_add_char(text, 'm');
}

static bool is_blank(const struct cell *cell)
{
	return cell->code == ' ' && !cell->mark && !cell->flags;
}

static void dump_row(const struct cell *row, int columns, struct text *text, int colors)
{
	int used = columns, role = -1;
	uint8_t flags = 0, wanted;

	while (used > 0 && is_blank(&row[used - 1]))
		used--;
	for (int x = 0; x < used; x++) {
		if (row[x].flags & CELL_TAIL)
			continue;
		wanted = row[x].flags & (CELL_REVERSE | CELL_UNDERLINE);
		if (colors && !(is_blank(&row[x]) && !flags) &&
		    (role != row[x].role || flags != wanted)) {
			role = row[x].role;
			flags = wanted;
			add_style(text, row[x].role, flags, colors);
		}
		text_add_code(text, row[x].code);
		if (row[x].mark)
			text_add_code(text, row[x].mark);
	}
	if (role >= 0)
		text_add(text, "\033[0m");
	text_add_char(text, '\n');
}

void canvas_dump(const struct canvas *canvas, struct text *text, int colors)
{
	for (int y = 0; y < canvas->rows; y++)
		dump_row(canvas->cells + y * canvas->columns, canvas->columns, text, colors);
}
