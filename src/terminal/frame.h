/* What a terminal has to be sent so that it shows a canvas: the cells that differ from what it
 * shows, in as few bytes as can be. Knows no terminal but by its strings; writes into a text.
 *
 * curses is not asked for this: its refresh writes unchanged cells again as if each were one byte,
 * cannot be told what a change of colours costs, hashes every row each time, and keeps three more
 * copies of the screen (28 bytes a cell). Measured at 200x60: a first frame of 13 million
 * instructions where this needs 1.4 million. */
#ifndef LRSCOPE_TERMINAL_FRAME_H
#define LRSCOPE_TERMINAL_FRAME_H

#include "base/text.h"
#include "view/canvas.h"

#define FRAME_STRING 64

/* The strings of a terminal, without padding; empty: it has none. */
struct frame_terminal {
	bool ansi;      /* moves as ECMA-48 has them: CUP, CUF, and LF, BS, CR */
	bool has_cha;   /* and CHA, which a VT100 has not */
	bool last_cell; /* the last cell of the last row can be written without scrolling */
	/* Adds the move to a cell; used where `ansi` is false. */
	void (*go)(struct text *out, int x, int y);
	char clear[FRAME_STRING], erase[FRAME_STRING]; /* all; to the end of the row */
	char plain[FRAME_STRING];                      /* no attributes, no colour */
	char on[ROLE_COUNT][FRAME_STRING];             /* from plain to a role */
	char reverse[FRAME_STRING], underline[FRAME_STRING];
	char hide[FRAME_STRING], show[FRAME_STRING];   /* the cursor */
};

struct frame {
	struct canvas shown; /* what the terminal shows */
	struct text out;     /* the last frame's bytes */
	bool all;            /* what it shows is not known: everything is written */
	bool placed;         /* where the cursor is is known */
	int x, y;
	bool hidden;
	uint8_t role, flags; /* how the next cell comes out */
};

void frame_init(struct frame *frame);
void frame_done(struct frame *frame);

/* Fills `frame->out` with what makes `columns` x `rows` of the terminal show `canvas`, and puts its
 * cursor. False without memory: then nothing may be sent, and the next frame is written whole. */
bool frame_write(struct frame *frame, const struct frame_terminal *terminal,
		 const struct canvas *canvas, int columns, int rows);

#endif
