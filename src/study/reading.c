/* Rates and figures of one lane at an update or over a range of them. */
#include <math.h>
#include <string.h>

#include "study/private.h"

/* Up to here a rate is replayed exactly; beyond, the closed curve stands for it. */
#define EXACT_STEPS 1000000

static double own_momentum(const struct lane *lane)
{
	return lane->plan.optimizer == OPTIMIZER_SGD ? lane->plan.momentum : lane->plan.beta1;
}

static void join(struct rate *low, struct rate *high, double lr)
{
	if (isnan(lr))
		return;
	if (isnan(low->lr) || lr < low->lr)
		low->lr = lr;
	if (isnan(high->lr) || lr > high->lr)
		high->lr = lr;
}

/* The row that epoch `epoch` belongs to, or NULL. While a run goes on, its epoch may have none. */
static const struct epoch_row *row_of(const struct lane *lane, int64_t epoch)
{
	const struct record *record = &lane->record;
	int64_t index = record->epoch_stride > 0 ? epoch / record->epoch_stride : -1;

	if (index < 0 || index >= (int64_t)record->epoch_count || epoch < 0)
		return NULL;
	return &record->rows[index];
}

/* Plateau's rate in an epoch: constant within it; NaN where the run has not come to. */
static double plateau_rate(const struct lane *lane, int64_t epoch)
{
	const struct epoch_row *row = row_of(lane, epoch);

	if (epoch == lane->run.epoch && !record_is_done(&lane->record))
		return lane->run.state.rate.lr;
	if (epoch > lane->run.epoch || row == NULL)
		return NAN;
	return row->lr;
}

static void plateau_rates(const struct lane *lane, int64_t from, int64_t to, struct rate *low,
			  struct rate *high)
{
	int64_t first = from / lane->plan.batches, last = (to - 1) / lane->plan.batches, epoch;
	int64_t stride = lane->record.epoch_stride > 0 ? lane->record.epoch_stride : 1;

	for (epoch = first; epoch < last; epoch += stride)
		join(low, high, plateau_rate(lane, epoch));
	join(low, high, plateau_rate(lane, last));
	if (isnan(high->lr))
		return;
	low->momentum = high->momentum = own_momentum(lane);
}

void lane_rates(const struct lane *lane, int64_t from, int64_t to, struct rate *low,
		struct rate *high)
{
	int64_t first, last;

	low->lr = low->momentum = high->lr = high->momentum = NAN;
	if (!lane_has_run(lane))
		return;
	if (from < 0)
		from = 0;
	if (to > lane->plan.updates)
		to = lane->plan.updates;
	if (from >= to)
		return;
	if (lane->scheduler.needs_metric) {
		plateau_rates(lane, from, to, low, high);
		return;
	}
	first = plan_step_at(&lane->plan, from);
	last = plan_step_at(&lane->plan, to - 1) + 1;
	if (last > lane->scheduler.length)
		last = lane->scheduler.length;
	if (first >= last)
		return;
	scheduler_range(&lane->scheduler, first, last, low, high);
	if (!lane->scheduler.drives_momentum)
		low->momentum = high->momentum = own_momentum(lane);
}

/* ---- readings ---- */

static bool rate_at(struct lane *lane, int64_t update, struct rate *rate)
{
	int64_t step = plan_step_at(&lane->plan, update);

	rate->lr = rate->momentum = NAN;
	if (lane->scheduler.needs_metric) {
		rate->lr = plateau_rate(lane, update / lane->plan.batches);
	} else if (step >= lane->scheduler.length) {
		return false;
	} else if (step > EXACT_STEPS || !checkpoints_exact(&lane->checkpoints, &lane->scheduler,
							    step, rate, NULL)) {
		*rate = scheduler_at(&lane->scheduler, step);
	}
	if (!lane->scheduler.drives_momentum)
		rate->momentum = own_momentum(lane);
	return !isnan(rate->lr);
}

static bool is_lost(const struct lane *lane, int64_t update)
{
	return lane->record.first_nan >= 0 && update >= lane->record.first_nan;
}

/* A bucket's figure; inf or NaN where no value of it is finite, NaN where the run has not come to. */
static double figure_at(const struct lane *lane, const struct series *series, int64_t update)
{
	struct bucket bucket;

	if (update >= lane->record.updates ||
	    !record_range(&lane->record, series, update, update + 1, &bucket))
		return NAN;
	if (bucket.share > 0)
		return bucket.mean;
	return is_lost(lane, update) ? NAN : INFINITY;
}

static double share_of_limit(struct lane *lane, struct rate rate)
{
	struct limit limit = lane->limit;

	if (limit.kind == LIMIT_NONE)
		return NAN;
	if (lane->scheduler.drives_momentum && !isnan(rate.momentum))
		limit = problem_limit(lane->problem, &lane->plan, rate.momentum);
	return limit.kind != LIMIT_NONE && limit.lr > 0 ? rate.lr / limit.lr : NAN;
}

static void plateau_at(const struct lane *lane, int64_t epoch, struct reading *reading)
{
	const struct epoch_row *row = row_of(lane, epoch - 1);
	struct scheduler_state state;

	if (epoch == lane->run.epoch)
		reading->has_plateau = plateau_state_of(&lane->scheduler, &lane->run.state,
							&reading->plateau);
	else if (epoch == 0)
		reading->has_plateau = scheduler_start(&lane->scheduler, &state, NULL) &&
				       plateau_state_of(&lane->scheduler, &state, &reading->plateau);
	else if (row != NULL) {
		reading->has_plateau = true;
		reading->plateau = row->plateau;
	}
}

static void empty_reading(struct reading *reading)
{
	memset(reading, 0, sizeof *reading);
	reading->rate.lr = reading->rate.momentum = NAN;
	reading->last = reading->rate;
	reading->limit_share = reading->last_share = reading->effective_lr = NAN;
	reading->excess = reading->batch_loss = NAN;
	reading->training_loss = reading->validation_loss = NAN;
	reading->stride = 1;
}

static bool end_reading(struct lane *lane, struct reading *reading)
{
	const struct record *record = &lane->record;
	struct rate low;

	if (lane->state != LANE_DONE)
		return false;
	reading->update = lane->run.update; /* a schedule may end before the run */
	reading->epoch = lane->run.update / lane->plan.batches;
	reading->excess = record->final_excess;
	reading->training_loss = record->final_training_loss;
	reading->validation_loss = record->final_validation_loss;
	reading->lost = isnan(record->final_excess);
	lane_rates(lane, lane->run.update - 1, lane->run.update, &low, &reading->last);
	reading->last_share = share_of_limit(lane, reading->last);
	if (lane->scheduler.needs_metric)
		plateau_at(lane, reading->epoch, reading);
	return true;
}

bool lane_reading(struct lane *lane, int64_t update, struct reading *reading)
{
	const struct epoch_row *row;

	empty_reading(reading);
	if (!lane_has_run(lane))
		return false;
	if (update < 0 || update > lane->plan.updates)
		return false;
	reading->update = update;
	reading->epoch = update / lane->plan.batches;
	reading->lost = is_lost(lane, update);
	if (update == lane->plan.updates)
		return end_reading(lane, reading);
	if (!rate_at(lane, update, &reading->rate))
		return false;
	reading->stride = lane->record.stride;
	reading->limit_share = share_of_limit(lane, reading->rate);
	if (lane->plan.optimizer == OPTIMIZER_SGD && reading->rate.momentum < 1)
		reading->effective_lr = reading->rate.lr / (1 - reading->rate.momentum);
	reading->excess = figure_at(lane, lane->record.excess, update);
	reading->batch_loss = figure_at(lane, lane->record.batch_loss, update);
	row = row_of(lane, reading->epoch);
	if (row != NULL && reading->epoch <= lane->run.epoch) {
		/* Of this update, as the excess is; the validation loss is known for epochs only. */
		reading->training_loss = lane->problem->floor + reading->excess;
		reading->validation_loss = row->validation_loss;
	}
	if (lane->scheduler.needs_metric)
		plateau_at(lane, reading->epoch, reading);
	return true;
}
