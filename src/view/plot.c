#include "view/plot.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#define BRAILLE 0x2800u

/* ---- scales ---- */

static double bounded(double value)
{
	if (value > DBL_MAX)
		return DBL_MAX;
	return value < -DBL_MAX ? -DBL_MAX : value;
}

struct scale scale_of(double low, double high, bool log)
{
	struct scale scale = {bounded(low), bounded(high), log, 0, 0};

	if (isnan(low) || isnan(high) || low > high) {
		scale.low = log ? 1e-3 : 0;
		scale.high = 1;
	}
	if (log) {
		if (!(scale.high > 0))
			scale.high = 1;
		if (!(scale.low > 0))
			scale.low = fmax(scale.high * 1e-6, DBL_TRUE_MIN);
		if (!(log10(scale.high) - log10(scale.low) > 1e-9)) {
			scale.low = fmax(scale.low / 2, DBL_TRUE_MIN);
			scale.high = scale.high > DBL_MAX / 4 ? DBL_MAX : scale.high * 2;
		}
		if (scale.high <= scale.low)
			scale.high = 1;
		scale.log_low = log10(scale.low);
		scale.log_high = log10(scale.high);
	} else if (!(scale.high / 2 - scale.low / 2 > fmax(fabs(scale.high) * 1e-13, 1e-300))) {
		double room = scale.high == 0 ? 0.5 : fmax(fabs(scale.high) / 4, 1e-290);

		scale.low = bounded(scale.low - room);
		scale.high = bounded(scale.high + room);
		if (scale.high <= scale.low) {
			scale.low = 0;
			scale.high = 1;
		}
	}
	return scale;
}

double scale_position(const struct scale *scale, double value)
{
	double low, high;

	if (isnan(value))
		return NAN;
	if (scale->log) {
		if (value <= 0)
			return -INFINITY;
		if (isinf(value))
			return INFINITY;
		return (log10(value) - scale->log_low) / (scale->log_high - scale->log_low);
	}
	/* Halves, so that the difference of two huge numbers stays finite. */
	low = scale->low / 2;
	high = scale->high / 2;
	return (value / 2 - low) / (high - low);
}

/* Dot row of `value` of `dots`; `off` is -1 below the scale, 1 above it, else 0. */
static int dot_row(const struct scale *scale, int dots, double value, int *off)
{
	double position = scale_position(scale, value);

	*off = position > 1 + 1e-9 ? 1 : position < -1e-9 ? -1 : 0;
	if (!(position > 0))
		return 0;
	return position >= 1 ? dots - 1 : (int)(position * (dots - 1) + 0.5);
}

/* ---- ticks ---- */

static int tick_row(const struct scale *scale, int rows, double value)
{
	int off, dots = rows * 4;

	return rows - 1 - dot_row(scale, dots, value, &off) / 4;
}

/* Takes the tick if no other is within `gap` rows. */
static int add_tick(const struct scale *scale, int rows, int columns, double value, int gap,
		    struct tick ticks[PLOT_TICKS], int count)
{
	double position = scale_position(scale, value);
	int row = tick_row(scale, rows, value);

	if (count == PLOT_TICKS || !(position > -1e-9 && position < 1 + 1e-9))
		return count;
	for (int i = 0; i < count; i++)
		if (abs(ticks[i].row - row) < gap)
			return count;
	ticks[count].value = value;
	ticks[count].row = row;
	number_short(ticks[count].label, value, 3, columns);
	return count + 1;
}

/* Smallest of 1, 2, 5 times a power of ten that is not below `least`. */
static double nice_step(double least)
{
	double power = pow(10, floor(log10(least)));

	if (!(power > 0) || isinf(power))
		return least;
	if (power >= least)
		return power;
	return power * 2 >= least ? power * 2 : power * 5 >= least ? power * 5 : power * 10;
}

/* Whether a label of so many columns says what the number is. */
static bool is_told(double value, int columns)
{
	char label[NUMBER_SIZE];
	double read;

	number_short(label, value, 3, columns);
	return value == 0 || (number_parse(label, &read) && fabs(read - value) <= 1e-3 * fabs(value));
}

static bool has_labels(double first, double last, double step, int columns)
{
	for (double i = first; i <= last; i++)
		if (!is_told(i * step, columns))
			return false;
	return true;
}

static int linear_ticks(const struct scale *scale, int rows, int columns,
			struct tick ticks[PLOT_TICKS])
{
	int most = rows / 2 < 1 ? 1 : rows / 2 > PLOT_TICKS - 2 ? PLOT_TICKS - 2 : rows / 2;
	double step = nice_step(2 * ((scale->high / 2 - scale->low / 2) / most)), first, last;

	/* A step whose ticks their labels cannot tell is not taken. */
	for (int tries = 0;; tries++) {
		first = ceil(scale->low / step - 1e-9);
		last = floor(scale->high / step + 1e-9);
		if (tries == 3 || !isfinite(step) || !(last - first < 4 * PLOT_TICKS) ||
		    has_labels(first, last, step, columns))
			break;
		step = nice_step(step * 1.5);
	}
	bool even = fabs(last * step - scale->high) < step / 1000 &&
		    fabs(first * step - scale->low) < step / 1000;
	int gap = even ? 1 : 2; /* whole steps are two rows apart, but for rounding: none is left out */
	int count = 0;

	if (is_told(scale->high, columns))
		count = add_tick(scale, rows, columns, scale->high, 2, ticks, count);
	if (is_told(scale->low, columns))
		count = add_tick(scale, rows, columns, scale->low, 2, ticks, count);
	if (isfinite(first) && isfinite(last))
		for (double i = last; i >= first && count < PLOT_TICKS - 2; i--)
			count = add_tick(scale, rows, columns, i * step, gap, ticks, count);
	return count;
}

static int log_ticks(const struct scale *scale, int rows, int columns,
		     struct tick ticks[PLOT_TICKS])
{
	static const double within[] = {2, 5, 3, 7, 1.5, 4, 6, 8};
	int first = (int)ceil(log10(scale->low) - 1e-9), last = (int)floor(log10(scale->high) + 1e-9);
	int most = rows > 2 * PLOT_TICKS - 4 ? 2 * PLOT_TICKS - 4 : rows < 3 ? 3 : rows;
	int step = 1, count = 0;

	while ((last - first) * 2 > step * (most - 1)) /* two rows from tick to tick */
		step += step == 1 ? 1 : step == 2 ? 3 : step;
	for (int i = last; i >= first && count < PLOT_TICKS - 2; i--)
		if (i % step == 0)
			count = add_tick(scale, rows, columns, pow(10, i), 2, ticks, count);
	if (last - first < 2) /* under two decades there is room for more */
		for (size_t k = 0; k < sizeof within / sizeof *within; k++)
			for (int i = last; i >= first - 1; i--)
				count = add_tick(scale, rows, columns, within[k] * pow(10, i), 2,
						 ticks, count);
	return count;
}

int scale_ticks(const struct scale *scale, int rows, int columns, struct tick ticks[PLOT_TICKS])
{
	int count;
	struct tick tick;

	if (rows < 1)
		return 0;
	count = scale->log ? log_ticks(scale, rows, columns, ticks)
			   : linear_ticks(scale, rows, columns, ticks);
	if (count < 2) {
		count = add_tick(scale, rows, columns, scale->high, 2, ticks, count);
		count = add_tick(scale, rows, columns, scale->low, 2, ticks, count);
	}
	for (int i = 1; i < count; i++) {
		tick = ticks[i];
		int k = i;

		for (; k > 0 && ticks[k - 1].row > tick.row; k--)
			ticks[k] = ticks[k - 1];
		ticks[k] = tick;
	}
	return count;
}

/* ---- dots ---- */

int plot_columns(const struct plot *plot)
{
	int columns = plot->area.columns < 0 ? 0 : plot->area.columns;

	columns *= plot->canvas->ascii ? 1 : 2;
	return columns > PLOT_COLUMNS ? PLOT_COLUMNS : columns;
}

int plot_dots(const struct plot *plot)
{
	int rows = plot->area.rows < 0 ? 0 : plot->area.rows;

	return rows * (plot->canvas->ascii ? 1 : 4);
}

/* The cell that a dot falls into. */
static struct cell *cell_of(const struct plot *plot, int column, int dot)
{
	int x = plot->canvas->ascii ? column : column / 2;
	int y = plot->canvas->ascii ? dot : dot / 4;

	return canvas_at(plot->canvas, plot->area.x + x, plot->area.y + plot->area.rows - 1 - y);
}

/* Dot that `value` falls into; on an ASCII canvas a cell is one dot. */
static int dot_of(const struct plot *plot, const struct scale *scale, double value, int *off)
{
	int dot = dot_row(scale, plot->area.rows * 4, value, off);

	return plot->canvas->ascii ? dot / 4 : dot;
}

static void set_dot(const struct plot *plot, int column, int dot, enum role role, char mark)
{
	/* Bits of a Braille pattern: [column][row from the bottom]. */
	static const uint8_t bits[2][4] = {{0x40, 0x04, 0x02, 0x01}, {0x80, 0x20, 0x10, 0x08}};
	struct cell *cell = cell_of(plot, column, dot);

	if (!cell)
		return;
	if (plot->canvas->ascii) {
		if (cell->role != role || (cell->code != '^' && cell->code != 'v'))
			*cell = (struct cell){(unsigned char)mark, 0, (uint8_t)role, 0};
		return;
	}
	if (cell->role != role || cell->code == ' ')
		*cell = (struct cell){BRAILLE, 0, (uint8_t)role, 0};
	if (cell->code >= BRAILLE && cell->code <= BRAILLE + 0xff)
		cell->code |= bits[column & 1][dot & 3];
}

/* Whether the pattern has a dot here; `run` is the length of the column's vertical run. */
static bool has_dot(enum pattern pattern, int column, int dot, int run)
{
	switch (pattern) {
	case PLOT_DOTTED:
		return run > 2 ? dot % 2 == 0 : column % 2 == 0;
	case PLOT_DASHED:
		return run > 3 ? dot % 4 < 2 : column % 4 < 2;
	case PLOT_FILL:
		return column % 2 == 0 && dot % 2 == 0;
	default:
		return true;
	}
}

static void draw_run(const struct plot *plot, int column, int low, int high,
		     const struct pen *pen)
{
	bool all = plot->canvas->ascii;

	if (pen->pattern == PLOT_HEAVY && !all) {
		if (low > 0)
			low--;
		else if (high + 1 < plot_dots(plot))
			high++;
	}
	for (int dot = low; dot <= high; dot++)
		if (all || has_dot(pen->pattern, column, dot, high - low + 1))
			set_dot(plot, column, dot, pen->role, pen->mark);
}

static void mark_edge(const struct plot *plot, int column, int dot, char mark, enum role role)
{
	struct cell *cell = cell_of(plot, column, dot);

	if (cell)
		*cell = (struct cell){(unsigned char)mark, 0, (uint8_t)role, 0};
}

void plot_curve(const struct plot *plot, const struct scale *scale, const struct point *points,
		const struct pen *pen)
{
	int dots = plot_dots(plot), columns = plot_columns(plot);
	int low = 0, high = 0, below = 0, above = 0, from, to, last_low = 0, last_high = -1;

	if (dots < 1)
		return;
	for (int i = 0; i < columns; i++) {
		if (isnan(points[i].low) || isnan(points[i].high)) {
			last_high = -1;
			continue;
		}
		if (i == 0 || points[i].low != points[i - 1].low || points[i].high != points[i - 1].high) {
			low = dot_of(plot, scale, points[i].low, &below);
			above = below;
			high = points[i].high == points[i].low
				       ? low : dot_of(plot, scale, points[i].high, &above);
		}
		from = low;
		to = high;
		if (high < low)
			to = high = low;
		if (last_high >= 0 && pen->pattern != PLOT_FILL) {
			if (from > last_high + 1)
				from = last_high + 1;
			if (to < last_low - 1)
				to = last_low - 1;
		}
		draw_run(plot, i, from, to, pen);
		if (pen->pattern != PLOT_FILL) {
			if (above > 0)
				mark_edge(plot, i, dots - 1, '^', pen->role);
			if (below < 0)
				mark_edge(plot, i, 0, 'v', pen->role);
		}
		last_low = low;
		last_high = high;
	}
}

bool plot_level(const struct plot *plot, const struct scale *scale, double value, enum role role)
{
	int off, dot, dots = plot_dots(plot), columns = plot_columns(plot);
	int dash = plot->canvas->ascii ? 1 : 2;

	if (dots < 1 || isnan(value))
		return false;
	dot = dot_of(plot, scale, value, &off);
	if (off)
		return false;
	for (int i = 0; i < columns; i++)
		if (i / dash % 2 == 0)
			set_dot(plot, i, dot, role, '-');
	return true;
}

void plot_upright(const struct plot *plot, int column, enum role role)
{
	int dots = plot_dots(plot);
	struct cell *cell;

	if (column < 0 || column >= plot_columns(plot))
		return;
	for (int dot = 0; dot < dots; dot += plot->canvas->ascii ? 1 : 2) {
		cell = cell_of(plot, column, dot);
		if (cell && (cell->code == ' ' || cell->role == role))
			set_dot(plot, column, dot, role, '|');
	}
}

int plot_row(const struct plot *plot, const struct scale *scale, double value)
{
	return plot->area.rows < 1 ? 0 : tick_row(scale, plot->area.rows, value);
}
