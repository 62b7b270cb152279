/* A grid of cells: what a screen shows, before any terminal. Pure. */
#ifndef LRSCOPE_VIEW_CANVAS_H
#define LRSCOPE_VIEW_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum role {
#define ROLE(NAME, ...) ROLE_##NAME,
#include "view/roles.def"
#undef ROLE
	ROLE_COUNT
};

#define CELL_REVERSE 1
#define CELL_UNDERLINE 2
#define CELL_TAIL 4 /* right half of the wide character before it */

struct cell {
	uint32_t code;      /* a safe code point; ' ' when empty; box lines are U+2500.. */
	uint32_t mark : 21; /* one combining mark, or 0 */
	uint32_t role : 5, flags : 6;
};
_Static_assert(ROLE_COUNT <= 32 && sizeof(struct cell) == 8, "cells are compared as bytes");

/* `ascii`: only bytes 0x20..0x7e are put; frames are + - |, foreign characters "?". */
struct canvas {
	int columns, rows; /* 0 and more */
	struct cell *cells; /* rows x columns */
	int capacity;
	bool ascii;
	int cursor_x, cursor_y; /* the real cursor; -1: none */
};

#define CANVAS_MOST 1000 /* columns and rows are clamped to it */

void canvas_init(struct canvas *canvas);
void canvas_done(struct canvas *canvas);
/* Empty, of this size; sizes below 0 count as 0. On failure the old canvas stays. */
bool canvas_resize(struct canvas *canvas, int columns, int rows, struct error *error);
void canvas_clear(struct canvas *canvas);

/* All drawing is clipped to the canvas. */
void canvas_put(struct canvas *canvas, int x, int y, uint32_t code, enum role role);
/* Foreign or own text (made safe), at most `columns` wide; returns the columns used. */
int canvas_text(struct canvas *canvas, int x, int y, int columns, enum role role,
		const char *text);
int canvas_textf(struct canvas *canvas, int x, int y, int columns, enum role role,
		 const char *format, ...) __attribute__((format(printf, 6, 7)));
void canvas_fill(struct canvas *canvas, int x, int y, int columns, int rows, uint32_t code,
		 enum role role);
void canvas_flag(struct canvas *canvas, int x, int y, int columns, uint8_t flags);

struct area {
	int x, y, columns, rows;
};
/* Frame lines that join where they meet lines that are there already. */
void canvas_box(struct canvas *canvas, struct area area, enum role role);
struct cell *canvas_at(struct canvas *canvas, int x, int y); /* NULL outside */

/* As plain text, trailing blanks cut, a line feed after each row. With `color` (SGR) roles are
 * coloured from the 256 palette (`colors` 256, 16 or 8) and attributes kept. */
void canvas_dump(const struct canvas *canvas, struct text *text, int colors);

#endif
