#include "view/curves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"

bool lane_has_curve(const struct lane *lane)
{
	return lane_has_run(lane) && lane->plan.updates > 0;
}

bool window_of(struct window *window, const struct scope *scope, int columns)
{
	const struct results *results = &scope->results;
	const struct lane *lane = lane_has_curve(&results->now) ? &results->now : &results->ghost;

	if (!lane_has_curve(lane) || columns < 1)
		return false;
	window->columns = columns;
	window->updates = lane->plan.updates;
	window->batches = lane->plan.batches > 0 ? lane->plan.batches : 1;
	window->from = scope->viewpoint.from;
	window->to = scope->viewpoint.to;
	if (window->to <= 0 || window->to > window->updates)
		window->to = window->updates;
	if (window->from < 0 || window->from >= window->to)
		window->from = 0;
	return true;
}

int window_column(const struct window *window, int64_t update)
{
	double share;

	if (update < window->from || update > window->to)
		return -1;
	share = (double)(update - window->from) / (double)(window->to - window->from);
	return share >= 1 ? window->columns - 1 : (int)(share * window->columns);
}

void window_edges(const struct window *window, const struct lane *lane, int i, int64_t *from,
		  int64_t *to)
{
	int64_t batches = lane->plan.batches > 0 ? lane->plan.batches : 1;
	double ratio = (double)batches / (double)window->batches;
	double length = (double)(window->to - window->from), start = (double)window->from;

	/* A hair above the quotient, so that whole numbers are not missed by rounding. */
	*from = (int64_t)((start + length * i / window->columns) * ratio * (1 + 1e-13));
	*to = (int64_t)((start + length * (i + 1) / window->columns) * ratio * (1 + 1e-13));
	if (*to <= *from)
		*to = *from + 1;
}

static const struct point nothing = {NAN, NAN};

void rate_points(const struct window *window, const struct lane *lane, int64_t end,
		 struct point *rates, struct point *momenta)
{
	struct rate low, high;
	int64_t from, to;
	double own = lane->plan.optimizer == OPTIMIZER_SGD ? lane->plan.momentum
							    : lane->plan.beta1;

	if (end < 0 || end > lane->plan.updates)
		end = lane->plan.updates;
	for (int i = 0; i < window->columns; i++) {
		rates[i] = nothing;
		if (momenta)
			momenta[i] = nothing;
		window_edges(window, lane, i, &from, &to);
		to = to > end ? end : to;
		if (from >= to)
			continue;
		lane_rates(lane, from, to, &low, &high);
		rates[i] = (struct point){low.lr, high.lr};
		if (!momenta || isnan(low.lr))
			continue;
		momenta[i] = (struct point){isnan(low.momentum) ? own : low.momentum,
					    isnan(high.momentum) ? own : high.momentum};
	}
}

/* ---- losses ---- */

static void record_points(const struct window *window, const struct lane *lane,
			  const struct series *series, int64_t end, struct point *means,
			  struct point *band)
{
	struct bucket bucket;
	int64_t from, to;

	for (int i = 0; i < window->columns; i++) {
		means[i] = nothing;
		if (band)
			band[i] = nothing;
		window_edges(window, lane, i, &from, &to);
		if (end >= 0 && to > end)
			to = end;
		if (from >= to || !series ||
		    !record_range(&lane->record, series, from, to, &bucket))
			continue;
		if (!(bucket.share > 0) || !isfinite(bucket.mean))
			continue;
		means[i] = (struct point){bucket.mean, bucket.mean};
		if (band)
			band[i] = (struct point){bucket.low, bucket.high};
	}
}

/* A mini-batch's loss swings too much to be read: each point becomes the mean of the columns of
 * the epoch that ends there, at most a sixteenth of what is shown. */
static void smooth(const struct window *window, struct point *means)
{
	double epochs = (double)(window->to - window->from) / (double)window->batches;
	int columns = (int)(window->columns / (epochs > 16 ? epochs : 16) + 0.5);
	double last[PLOT_COLUMNS / 16 + 2], sum;
	int count;

	if (columns < 2 || columns > PLOT_COLUMNS / 16)
		return;
	for (int i = 0; i < window->columns; i++) {
		if (isnan(means[i].low))
			continue;
		last[i % columns] = means[i].low;
		sum = 0;
		count = 0;
		for (int k = i; k >= 0 && k > i - columns && !isnan(means[k].low); k--, count++)
			sum += last[k % columns];
		means[i].low = means[i].high = sum / count;
	}
}

static double row_update(const struct lane *lane, size_t k)
{
	return (double)lane->record.rows[k].epoch * (double)lane->plan.batches;
}

/* Epoch rows joined by straight lines. */
static void validation_points(const struct window *window, const struct lane *lane, int64_t end,
			      struct point *means)
{
	const struct record *record = &lane->record;
	int64_t from, to, seen = end >= 0 ? end : lane->plan.updates;
	size_t k = 0, count = record->epoch_count;
	double value, middle, share, left, right;

	for (int i = 0; i < window->columns; i++) {
		means[i] = nothing;
		window_edges(window, lane, i, &from, &to);
		middle = (double)from + (double)(to - from) / 2;
		if (middle > (double)seen)
			continue;
		while (k + 1 < count && row_update(lane, k + 1) < (double)from)
			k++;
		for (size_t j = k; j < count && row_update(lane, j) < (double)to; j++) {
			value = record->rows[j].validation_loss;
			if (row_update(lane, j) < (double)from || !isfinite(value))
				continue;
			means[i].low = fmin(means[i].low, value); /* NaN gives way */
			means[i].high = fmax(means[i].high, value);
		}
		if (!isnan(means[i].low) || k + 1 >= count)
			continue;
		left = record->rows[k].validation_loss;
		right = record->rows[k + 1].validation_loss;
		share = (middle - row_update(lane, k)) / (row_update(lane, k + 1) - row_update(lane, k));
		value = left + (right - left) * share;
		if (isfinite(value) && share >= 0 && share <= 1)
			means[i] = (struct point){value, value};
	}
}

/* Each point of the first `columns` becomes `dots` equal ones. */
static void spread(struct point *points, int columns, int dots)
{
	for (int i = columns * dots - 1; points && i >= 0; i--)
		points[i] = points[i / dots];
}

void loss_points(const struct window *window, const struct lane *lane, enum loss_view view,
		 int dots, int64_t end, struct point *means, struct point *band)
{
	const struct record *record = &lane->record;
	struct window cells = *window;

	switch (view) {
	case LOSS_BATCH:
		record_points(window, lane, record->batch_loss, end, means, band);
		smooth(window, means);
		return;
	case LOSS_VALIDATION:
		validation_points(window, lane, end, means);
		break;
	default: /* a mean for each cell: half the noise, and half of what changes when a dial turns */
		cells.columns /= dots;
		record_points(&cells, lane, record->excess, end, means, band);
		spread(means, cells.columns, dots);
		spread(band, cells.columns, dots);
		return;
	}
	for (int i = 0; band && i < window->columns; i++)
		band[i] = nothing;
}

/* ---- axes ---- */

struct scale axis_scale(const struct axis *axis, const struct point *points, int count)
{
	double low = axis->low, high = axis->high;

	if (low < high)
		return scale_of(low, high, axis->log);
	low = INFINITY;
	high = -INFINITY;
	for (int i = 0; i < count; i++) {
		if (!isfinite(points[i].low) || (axis->log && points[i].low <= 0))
			continue;
		low = fmin(low, points[i].low);
		high = fmax(high, points[i].high);
	}
	if (axis->log && low <= high) {
		low = pow(10, floor(log10(low)));
		high = pow(10, ceil(log10(high)));
	}
	return scale_of(axis->log ? low : fmin(low, 0), high, axis->log);
}

struct area plot_area(struct area panel, bool right)
{
	int margin = right ? PLOT_RIGHT_GUTTER : PLOT_MARGIN;
	int columns = panel.columns - PLOT_GUTTER - margin;

	return (struct area){panel.x + PLOT_GUTTER, panel.y, columns < 0 ? 0 : columns, panel.rows};
}

void draw_scale(struct canvas *canvas, struct area panel, const struct scale *scale)
{
	struct tick ticks[PLOT_TICKS];
	int count = scale_ticks(scale, panel.rows, 5, ticks);

	for (int i = 0; i < count; i++)
		paint_right(canvas, panel.x + PLOT_GUTTER - 1, panel.y + ticks[i].row,
			    PLOT_GUTTER - 1, ROLE_TEXT, ticks[i].label);
}

/* 1, 2, 5 times a power of ten, at least `least`. */
static int64_t round_step(double least)
{
	int64_t power = 1;

	while (power < INT64_MAX / 100 && (double)power * 10 <= least)
		power *= 10;
	if ((double)power >= least)
		return power;
	return (double)power * 2 >= least ? power * 2
	       : (double)power * 5 >= least ? power * 5 : power * 10;
}

/* Cells before the boundary in front of `update`. */
static int cells_before(const struct window *window, struct area dots, int64_t update)
{
	return (int)((double)(update - window->from) / (double)(window->to - window->from) *
		     dots.columns);
}

void draw_epochs(struct canvas *canvas, struct area panel, struct area dots,
		 const struct window *window)
{
	bool steps = window->to - window->from < 2 * window->batches;
	int64_t unit = steps ? 1 : window->batches, step, first, last = window->to / unit;
	int y = panel.y + panel.rows, width, x, end, free_from = dots.x;
	double length = (double)(window->to - window->from);
	char label[48], digits[24];

	if (dots.columns < 12)
		return;
	snprintf(label, sizeof label, steps ? _(" step %lld ") : _(" epoch %lld "), (long long)last);
	width = text_width(label);
	/* Its number stands where the last whole epoch ends, or ends with the panel. */
	end = dots.x + cells_before(window, dots, last * unit) +
	      (snprintf(digits, sizeof digits, "%lld", (long long)last) + 1) / 2 + 1;
	end = (end < dots.x + dots.columns ? end : dots.x + dots.columns) - width;
	canvas_text(canvas, end, y, width, ROLE_TEXT, label);
	step = round_step(length / (double)unit * 8 / dots.columns);
	first = (window->from + unit - 1) / unit;
	for (int64_t k = (first + step - 1) / step * step; k < last; k += step) {
		snprintf(label, sizeof label, " %lld ", (long long)k);
		width = text_width(label);
		x = dots.x + cells_before(window, dots, k * unit) - width / 2;
		if (x < free_from || x + width > end)
			continue;
		canvas_text(canvas, x, y, width, ROLE_TEXT, label);
		free_from = x + width + 1;
	}
}

int64_t marked_update(const struct scope *scope)
{
	const struct viewpoint *viewpoint = &scope->viewpoint;

	if (viewpoint->cursor >= 0)
		return viewpoint->cursor;
	return viewpoint->playhead >= 0 ? viewpoint->playhead : -1;
}

/* ---- names for the legend ---- */

/* A parameter as the ghost has it: "gamma 0.5", "step_per epoch". */
static void name_value(const struct parameter *parameter, struct value value, char *out,
		       size_t size)
{
	char number[NUMBER_SIZE];
	const char *word;

	if (value.how == VALUE_UNSET)
		value = parameter->standard;
	if (value.how != VALUE_GIVEN)
		word = value.how == VALUE_AUTO ? "auto" : value.how == VALUE_NONE ? "None"
									    : _("default");
	else if (parameter->type == PARAMETER_CHOICE)
		word = parameter->choices[(int)value.number];
	else if (parameter->type == PARAMETER_SWITCH)
		word = value.number != 0 ? _("yes") : _("no");
	else
		word = number_short(number, value.number, 4, 7);
	snprintf(out, size, "%s %s", parameter->name, word);
}

/* What auto and the like came to in the ghost's run: that says more. */
static struct value in_force(const struct lane *ghost, bool of_training, unsigned index,
			     struct value value)
{
	if (value.how == VALUE_GIVEN || !lane_has_curve(ghost))
		return value;
	if (!of_training)
		return ghost->scheduler.schedule.node[0].values[index];
	if (index == TRAINING_STEP_PER)
		return (struct value)VALUE_NUMBER(ghost->plan.per_batch ? 1 : 0);
	return value;
}

static int name_training_difference(const struct training *now, const struct training *other,
				    const struct lane *ghost, char *out, size_t size)
{
	int differences = 0;

	for (unsigned i = 0; i < TRAINING_COUNT; i++) {
		if (parameter_same(&training_parameters[i], now->values[i], other->values[i]))
			continue;
		differences++;
		name_value(&training_parameters[i], in_force(ghost, true, i, other->values[i]), out,
			   size);
	}
	return differences;
}

/* Counts the differences; `out` says the last one found, as the ghost has it. */
static int name_difference(const struct scope *scope, char *out, size_t size)
{
	const struct setting *now = &scope->study.now, *other = &scope->study.ghost;
	const struct lane *ghost = &scope->results.ghost;
	enum strategy_id id = now->schedule.node[0].strategy;
	const struct parameter *rows;
	unsigned count = strategy_parameters(id, &rows);
	const char *peak = strategy_peak(id);
	char number[NUMBER_SIZE];
	int differences = 0;

	for (unsigned i = 0; i < count; i++) {
		struct value value = other->schedule.node[0].values[i];

		if (parameter_same(&rows[i], now->schedule.node[0].values[i], value) ||
		    (peak && strcmp(peak, rows[i].name) == 0))
			continue;
		differences++;
		name_value(&rows[i], in_force(ghost, false, i, value), out, size);
	}
	if (schedule_peak(&now->schedule) != schedule_peak(&other->schedule)) {
		differences++;
		snprintf(out, size, _("at %s"),
			 number_short(number, schedule_peak(&other->schedule), 4, 7));
	}
	return differences +
	       name_training_difference(&now->training, &other->training, ghost, out, size);
}

void ghost_name(const struct scope *scope, char *out, size_t size)
{
	const struct study *study = &scope->study;
	enum strategy_id now = study->now.schedule.node[0].strategy;
	enum strategy_id ghost = study->ghost.schedule.node[0].strategy;
	int differences;

	if (strcmp(study->now.training.data, study->ghost.training.data) != 0) {
		snprintf(out, size, _("other data"));
		return;
	}
	if (now != ghost) {
		snprintf(out, size, "%s", strategy_name(ghost));
		return;
	}
	differences = name_difference(scope, out, size);
	if (differences == 0)
		snprintf(out, size, _("same"));
	else if (differences > 1)
		snprintf(out, size, study->ghost_kind == GHOST_PINNED ? _("pinned") : _("before"));
}

void add_ghost(const struct scope *scope, bool ascii, struct pieces *pieces)
{
	char name[80], padded[96];

	/* Of a width that seldom changes, so that nothing beside it moves when the name does. */
	ghost_name(scope, name, sizeof name);
	snprintf(padded, sizeof padded, "%-8s", name);
	pieces_add_mark(pieces, 61, ascii ? "..." : CURVE_DOTS, ROLE_GHOST, padded);
}

bool loss_has_ghost(const struct scope *scope)
{
	return !scope->viewpoint.curtain &&
	       !(scope->viewpoint.loss_view == LOSS_BATCH && lane_has_curve(&scope->results.now));
}

void now_name(const struct study *study, bool wide, char *out, size_t size)
{
	bool other = wide && study->ghost_kind != GHOST_OFF &&
		     study->ghost.schedule.node[0].strategy != study->now.schedule.node[0].strategy;

	snprintf(out, size, "%s",
		 other ? strategy_name(study->now.schedule.node[0].strategy) : _("now"));
}
