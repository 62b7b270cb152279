/* Axes that stay while a dial turns, and what scope_refresh brings up to date. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "study/private.h"

/* Columns that stand for the screen's when an axis is fitted. */
#define FIT_COLUMNS 64
/* Most decades that a logarithmic axis spans, how many of them lie above where the run begins (a
 * run that is lost leaves the axis), and the farthest that any axis goes. */
#define MOST_DECADES 12
#define RISE_DECADES 6
#define FARTHEST 1e300
/* The lowest top of a logarithmic axis: decades below it are still above 0. */
#define NEAREST 1e-290
/* A linear loss axis shows at most so many times the loss at the start; a run that diverges leaves
 * it (its points are marked). */
#define LINEAR_ROOM 4
/* What a linear axis shows above the curve when it is fitted: a dial turns the rate, and the first turns
 * up shall not move its axis. */
#define RATE_HEADROOM 1.3
#define LOSS_HEADROOM 1.1

struct span {
	double low, high;     /* NaN until something is in it */
	double least_positive;
	double begin;         /* highest value that a run begins with */
};

static void span_init(struct span *span)
{
	span->low = span->high = span->least_positive = span->begin = NAN;
}

static void span_add(struct span *span, double number)
{
	if (!isfinite(number))
		return;
	number = fmax(-FARTHEST, fmin(FARTHEST, number));
	if (isnan(span->low) || number < span->low)
		span->low = number;
	if (isnan(span->high) || number > span->high)
		span->high = number;
	if (number > 0 && (isnan(span->least_positive) || number < span->least_positive))
		span->least_positive = number;
}

static void span_begin(struct span *span, double number)
{
	if (isfinite(number) && !(number < span->begin))
		span->begin = number;
}

/* ---- round ends ---- */

/* The smallest round number from `number` (above 0) up: two digits at most. */
static double round_up(double number)
{
	static const double marks[] = {1, 1.1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
	double decade = pow(10, floor(log10(number)));
	unsigned k = 0;

	/* A hair of slack, so that 1.1 times a round number is not rounded past its mark. */
	while (k + 1 < sizeof marks / sizeof *marks &&
	       marks[k] * decade < number * (1 - 1e-9))
		k++;
	return marks[k] * decade;
}

/* 1, 2 or 5 times a power of ten from `number` (above 0) up: an axis that has to give way to a dial
 * does so in large steps, so that it stays for the next turns. */
static double roomy(double number)
{
	double decade = pow(10, floor(log10(number)));

	return number <= decade * (1 + 1e-9) ? decade
	     : number <= 2 * decade * (1 + 1e-9) ? 2 * decade
	     : number <= 5 * decade * (1 + 1e-9) ? 5 * decade : 10 * decade;
}

static double decade_down(double number)
{
	return pow(10, floor(log10(number) + 1e-9));
}

static double decade_up(double number)
{
	return pow(10, ceil(log10(number) - 1e-9));
}

static void ends_linear(const struct span *span, double headroom, double *low, double *high)
{
	*low = 0;
	*high = 1;
	if (isnan(span->low))
		return;
	*high = span->high > 0 ? round_up(span->high * headroom) : 0;
	if (span->low < 0)
		*low = -round_up(-span->low * headroom);
	if (!(*high > *low))
		*high = *low + 1;
}

static void ends_log(const struct span *span, double *low, double *high)
{
	*low = 1e-5;
	*high = 1;
	if (isnan(span->least_positive))
		return;
	*high = fmin(decade_up(span->high), FARTHEST);
	if (span->begin > 0)
		*high = fmin(*high, decade_up(span->begin) * pow(10, RISE_DECADES));
	*high = fmax(*high, NEAREST);
	*low = fmax(decade_down(span->least_positive), *high * pow(10, -MOST_DECADES));
	if (!(*low > 0) || !(*low < *high))
		*low = *high / 10;
}

/* Fits a free axis; widens a pinned one where the span leaves it. `pin`: the span is complete. */
static void adjust(struct axis *axis, const struct span *span, double headroom, bool pin)
{
	double low, high;

	if (axis->log)
		ends_log(span, &low, &high);
	else
		ends_linear(span, headroom, &low, &high);
	if (!axis->pinned) {
		axis->low = low;
		axis->high = high;
		axis->pinned = pin && !isnan(span->low);
		return;
	}
	if (axis->log && high > axis->high)
		axis->high = high;
	else if (!axis->log && span->high > axis->high)
		axis->high = roomy(span->high);
	if (axis->log ? span->least_positive < axis->low : span->low < axis->low)
		axis->low = low;
	if (axis->log && axis->low < axis->high * pow(10, -MOST_DECADES) * (1 - 1e-9))
		axis->low = axis->high * pow(10, -MOST_DECADES);
}

/* ---- what the curves span ---- */

static void span_rates(const struct lane *lane, struct span *span)
{
	struct rate low, high;
	int64_t k;

	lane_rates(lane, 0, lane->plan.updates, &low, &high);
	span_add(span, low.lr);
	span_add(span, high.lr);
	if (low.lr > 0 && isfinite(high.lr))
		return;
	for (k = 0; k < FIT_COLUMNS; k++) { /* the least above 0, the highest below infinity */
		lane_rates(lane, lane->plan.updates * k / FIT_COLUMNS,
			   lane->plan.updates * (k + 1) / FIT_COLUMNS, &low, &high);
		span_add(span, low.lr);
		span_add(span, high.lr);
	}
}

static void span_series(const struct lane *lane, const struct series *series, bool bounded,
			struct span *span)
{
	struct bucket bucket;
	double most = INFINITY;
	int64_t k;

	if (record_range(&lane->record, series, 0, 1, &bucket) && bucket.share > 0) {
		span_begin(span, bucket.mean);
		if (bounded)
			most = LINEAR_ROOM * bucket.mean;
		span_add(span, bucket.mean);
	}
	for (k = 0; k < FIT_COLUMNS; k++) {
		if (!record_range(&lane->record, series, lane->plan.updates * k / FIT_COLUMNS,
				  lane->plan.updates * (k + 1) / FIT_COLUMNS, &bucket) ||
		    !(bucket.share > 0))
			continue;
		span_add(span, fmin(bucket.mean, most));
	}
}

static void span_validation(const struct lane *lane, bool bounded, struct span *span)
{
	double most = INFINITY;
	size_t k;

	for (k = 0; k < lane->record.epoch_count; k++) {
		double loss = lane->record.rows[k].validation_loss;

		if (k == 0) {
			span_begin(span, loss);
			most = bounded && isfinite(loss) ? LINEAR_ROOM * loss : INFINITY;
		}
		span_add(span, fmin(loss, most));
	}
}

static void span_loss(const struct lane *lane, enum loss_view view, bool log, struct span *span)
{
	if (!lane_has_run(lane))
		return;
	if (view == LOSS_EXCESS)
		span_series(lane, lane->record.excess, !log, span);
	else if (view == LOSS_BATCH)
		span_series(lane, lane->record.batch_loss, !log, span);
	else
		span_validation(lane, !log, span);
}

static void fit_axes(struct scope *scope)
{
	struct viewpoint *viewpoint = &scope->viewpoint;
	struct results *results = &scope->results;
	bool complete = !results_lanes_busy(results);
	struct span span;

	span_init(&span);
	span_rates(&results->now, &span);
	span_rates(&results->ghost, &span);
	adjust(&viewpoint->rate_axis, &span, RATE_HEADROOM,
	       complete || !results->now.scheduler.needs_metric);
	for (int view = 0; view < LOSS_VIEWS; view++) { /* a large screen shows two at once */
		struct axis *loss = &viewpoint->loss_axis[view];

		span_init(&span);
		span_loss(&results->now, (enum loss_view)view, loss->log, &span);
		span_loss(&results->ghost, (enum loss_view)view, loss->log, &span);
		adjust(loss, &span, LOSS_HEADROOM, complete);
	}
}

/* ---- readings ---- */

bool scope_hides(const struct scope *scope, int64_t update)
{
	int64_t head = scope->viewpoint.playhead;

	return scope->viewpoint.curtain || (head >= 0 && update > head);
}

bool scope_hides_reach(const struct scope *scope, enum strategy_id id)
{
	return scope->viewpoint.curtain ||
	       (scope->viewpoint.playhead >= 0 && id == scope->study.now.schedule.node[0].strategy);
}

static void hide_loss(struct reading *reading)
{
	reading->excess = reading->batch_loss = NAN;
	reading->training_loss = reading->validation_loss = NAN;
	reading->has_plateau = reading->lost = false;
}

static int64_t ghost_update(const struct scope *scope, int64_t update)
{
	const struct lane *now = &scope->results.now, *ghost = &scope->results.ghost;

	if (update == now->plan.updates && now->state == LANE_DONE && now->run.stopped)
		return now->run.update;
	if (update == now->plan.updates)
		return ghost->plan.updates; /* the end beside the end */
	return update;
}

static void refresh_readings(struct scope *scope)
{
	const struct viewpoint *viewpoint = &scope->viewpoint;
	struct results *results = &scope->results;
	int64_t head = viewpoint->playhead, update = viewpoint->cursor;

	if (update < 0)
		update = head >= 0 ? head : results->now.plan.updates;
	if (viewpoint->cursor < 0 && head < 0 && results->now.state == LANE_RUNNING &&
	    results->now.record.updates > 0)
		update = results->now.record.updates - 1; /* as far as it has come */
	scope->has_reading = lane_reading(&results->now, update, &scope->reading);
	scope->has_ghost_reading = lane_reading(&results->ghost, ghost_update(scope, update),
						&scope->ghost_reading);
	if (scope_hides(scope, update)) {
		hide_loss(&scope->reading);
		hide_loss(&scope->ghost_reading);
	}
}

/* A curtain, or a playhead on its way, does not give away how the run ends. */
static void hide_verdict(struct scope *scope)
{
	const struct viewpoint *viewpoint = &scope->viewpoint;
	struct verdict *verdict = &scope->verdict;

	if (scope->results.now.state != LANE_DONE || (!viewpoint->curtain && viewpoint->playhead < 0))
		return;
	verdict->level = VERDICT_OPEN;
	if (viewpoint->curtain)
		snprintf(verdict->text, sizeof verdict->text,
			 _("what will the loss do? Space lifts the curtain"));
	else
		snprintf(verdict->text, sizeof verdict->text,
			 viewpoint->playing ? _("the run is on its way")
					    : _("paused at step %lld: Space goes on, Esc ends it"),
			 (long long)viewpoint->playhead);
}

/* In fiftieths: while a lane runs, axes follow it so many times and no more. */
static int64_t progress(const struct lane *lane)
{
	if (lane->state != LANE_RUNNING || lane->plan.updates == 0)
		return 0;
	return 50 * lane->record.updates / lane->plan.updates;
}

/* True where axes and verdict have to be made again. */
static bool has_moved(struct scope *scope)
{
	const struct viewpoint *viewpoint = &scope->viewpoint;
	const struct results *results = &scope->results;
	const struct axis *rate = &viewpoint->rate_axis;
	const struct axis *loss = &viewpoint->loss_axis[viewpoint->loss_view];
	struct fitted now;

	memset(&now, 0, sizeof now);
	now.generation = results->generation;
	now.progress = 100 * progress(&results->now) + progress(&results->ghost);
	now.states = 1 + 10 * (int)results->now.state + (int)results->ghost.state;
	now.view = (int)viewpoint->loss_view;
	now.axes = 2 * rate->log + loss->log;
	if (memcmp(&now, &scope->fitted, sizeof now) == 0)
		return false;
	scope->fitted = now;
	return true;
}

void scope_refresh(struct scope *scope)
{
	const struct viewpoint *viewpoint = &scope->viewpoint;
	bool moved;

	if (scope->behind)
		scope_go_back(scope);
	scope_settle(scope);
	if (viewpoint->page == PAGE_WIZARD || viewpoint->page == PAGE_RACE ||
	    viewpoint->page == PAGE_STRATEGY)
		wizard_follow(&scope->wizard, &scope->study);
	moved = has_moved(scope);
	if (moved)
		fit_axes(scope);
	refresh_readings(scope);
	if (moved || scope->results.now.state != LANE_DONE)
		scope->fitted_verdict = results_verdict(&scope->results);
	scope->verdict = scope->fitted_verdict;
	hide_verdict(scope);
	lesson_refresh(scope);
}
