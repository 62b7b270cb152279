/* Rows of pieces of which the less important ones give way, and titles on frame lines. */
#ifndef LRSCOPE_VIEW_PAINT_H
#define LRSCOPE_VIEW_PAINT_H

#include "view/canvas.h"

#define PIECE_SIZE 112

struct piece {
	char text[PIECE_SIZE];
	enum role role;
	int weight;          /* the lightest is left out first; below 0: left out */
	int head;            /* so many bytes at the start have `head_role` */
	enum role head_role;
};

#define PIECES_MOST 64

struct pieces {
	struct piece piece[PIECES_MOST];
	int count;
};

/* Adds one more (nothing once PIECES_MOST are there). */
struct piece *pieces_add(struct pieces *pieces, int weight, enum role role, const char *format,
			 ...) __attribute__((format(printf, 4, 5)));
/* The same with the mark of a curve before it, for a legend. */
void pieces_add_mark(struct pieces *pieces, int weight, const char *mark, enum role role, const char *name);
/* Leaves out the lightest until the rest, `gap` columns apart, fits. Returns the width. */
int pieces_choose(struct pieces *pieces, int columns, int gap);
/* Draws what was chosen. */
void pieces_draw(const struct pieces *pieces, struct canvas *canvas, int x, int y, int columns,
		 int gap);

/* On the frame line above an interior: at the left, and what then fits at the right. Returns the
 * columns that are left for the right side. */
int paint_title(struct canvas *canvas, struct area area, enum role role, const char *title);
void paint_title_right(struct canvas *canvas, struct area area, int columns,
		       struct pieces *pieces);

/* Right-aligned text that ends before column `end`. */
void paint_right(struct canvas *canvas, int end, int y, int columns, enum role role,
		 const char *text);

/* Text, ">" in the last column where it is cut; returns the columns used. */
int paint_cut(struct canvas *canvas, int x, int y, int columns, enum role role, const char *text);

/* Words wrapped into lines, and scrolled: the body of every page. Draws nothing without canvas, so
 * that lines can be counted first. */
struct pager {
	struct canvas *canvas;
	struct area area;
	int scroll; /* lines above the area */
	int line;   /* lines so far */
};

/* Text on the next line, which stays the next; ">" in the last column where it is cut. */
void pager_text(const struct pager *pager, int indent, enum role role, const char *text);
void pager_line(struct pager *pager, int indent, enum role role, const char *text);
void pager_wrapped(struct pager *pager, int indent, enum role role, const char *text);
void pager_blank(struct pager *pager);
/* A row of a list: its name in `width` columns, what it is about; the one in hand has a ">", and sets
 * `current` to its line. */
struct item {
	const char *name, *about;
	bool in_hand;
};
void pager_item(struct pager *pager, int indent, int width, const struct item *item, int *current);
/* Row of the canvas where the next line goes; -1 when it is not seen. */
int pager_row(const struct pager *pager);
/* "12-40 of 80" on the frame's lower line when there is more than fits. */
void pager_position(const struct pager *pager, int lines);

#endif
