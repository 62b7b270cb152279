/* Curves in a rectangle of cells: scales, ticks, dots. Knows nothing of learning rates.
 *
 * A cell holds 2 x 4 dots (a Braille character), or one mark on an ASCII canvas. Dots are counted
 * from the left and from the bottom. */
#ifndef LRSCOPE_VIEW_PLOT_H
#define LRSCOPE_VIEW_PLOT_H

#include "base/number.h"
#include "view/canvas.h"

#define PLOT_COLUMNS (2 * CANVAS_MOST) /* most dot columns */
#define PLOT_TICKS 32

/* Always usable: low < high, both finite, positive where logarithmic. */
struct scale {
	double low, high;
	bool log;
	double log_low, log_high; /* their decimal logarithms, where it is logarithmic */
};

/* Mends whatever it is given: swapped, equal, infinite, not-a-number or, for log, not positive. */
struct scale scale_of(double low, double high, bool log);
/* 0 at `low`, 1 at `high`; beyond them where the value is; -inf for what a log scale has no place
 * for; NaN for NaN. */
double scale_position(const struct scale *scale, double value);

struct tick {
	double value;
	int row; /* cell row from the top */
	char label[NUMBER_SIZE];
};

/* Ticks for `rows` cell rows, no two on neighbouring rows; labels fit `columns` where that is
 * possible. From the top down; returns how many. */
int scale_ticks(const struct scale *scale, int rows, int columns, struct tick ticks[PLOT_TICKS]);

/* What a dot column shows: all from `low` to `high`; NaN where there is nothing. */
struct point {
	double low, high;
};

enum pattern {
	PLOT_SOLID,  /* the curve at hand */
	PLOT_HEAVY,  /* the same, two dots thick */
	PLOT_DOTTED, /* every second dot column: the ghost, also without colours */
	PLOT_DASHED, /* two columns on, two off */
	PLOT_FILL,   /* a faint area, columns not joined */
};

struct pen {
	enum role role;
	enum pattern pattern;
	char mark; /* on an ASCII canvas */
};

struct plot {
	struct canvas *canvas;
	struct area area;
};

int plot_columns(const struct plot *plot); /* dots across */
int plot_dots(const struct plot *plot);    /* dots up */

/* Joins neighbouring columns vertically. Points off the scale lie on its edge, marked ^ or v.
 * A later curve takes whole cells from an earlier one of another role. */
void plot_curve(const struct plot *plot, const struct scale *scale, const struct point *points,
		const struct pen *pen);
/* A dashed level; false where it is off the scale. */
bool plot_level(const struct plot *plot, const struct scale *scale, double value,
		enum role role);
/* A sparse vertical line; only in empty cells. */
void plot_upright(const struct plot *plot, int column, enum role role);

/* Cell row (from the plot's top) of `value`, clamped. */
int plot_row(const struct plot *plot, const struct scale *scale, double value);

#endif
