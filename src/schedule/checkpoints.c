/* States along the recursion, at steps 0, stride, 2 stride, ...; when all places are taken every
 * other state is dropped and the stride doubles, so any length fits. One more place, the last,
 * holds the state that was asked for last, so that going on from there costs one step. */
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "schedule/schedule.h"
#include "schedule/strategy.h"

#define CURSOR CHECKPOINTS /* index of that one */

void checkpoints_init(struct checkpoints *checkpoints)
{
	memset(checkpoints, 0, sizeof *checkpoints);
}

void checkpoints_done(struct checkpoints *checkpoints)
{
	free(checkpoints->states);
	checkpoints_init(checkpoints);
}

void checkpoints_forget(struct checkpoints *checkpoints)
{
	checkpoints->count = 0;
}

static bool begin(struct checkpoints *checkpoints, const struct scheduler *scheduler,
		  struct error *error)
{
	if (!checkpoints->states) {
		checkpoints->states = calloc(CHECKPOINTS + 1, sizeof *checkpoints->states);
		if (!checkpoints->states) {
			return error_memory(error);
		}
	}
	if (checkpoints->count == 0) {
		if (!scheduler_start(scheduler, &checkpoints->states[0], error)) {
			return false;
		}
		checkpoints->states[CURSOR] = checkpoints->states[0];
		checkpoints->count = 1;
		checkpoints->stride = 1;
	}
	return true;
}

/* Keeps `state` if it stands where the next checkpoint belongs. */
static void keep(struct checkpoints *checkpoints, const struct scheduler_state *state)
{
	struct scheduler_state *states = checkpoints->states;

	if (state->t != checkpoints->count * checkpoints->stride) {
		return;
	}
	if (checkpoints->count == CHECKPOINTS) {
		for (int i = 1; i < CHECKPOINTS / 2; i++) {
			states[i] = states[2 * i];
		}
		checkpoints->count = CHECKPOINTS / 2;
		checkpoints->stride *= 2;
	}
	states[checkpoints->count++] = *state;
}

/* The nearest state known at or before t. */
static struct scheduler_state nearest(const struct checkpoints *checkpoints, int64_t t)
{
	int64_t index = t / checkpoints->stride;
	const struct scheduler_state *cursor = &checkpoints->states[CURSOR], *state;

	index = index < checkpoints->count ? index : checkpoints->count - 1;
	state = &checkpoints->states[index];
	return cursor->t <= t && cursor->t > state->t ? *cursor : *state;
}

bool checkpoints_exact(struct checkpoints *checkpoints, const struct scheduler *scheduler,
		       int64_t t, struct rate *rate, struct error *error)
{
	struct scheduler_state state;

	if (scheduler->needs_metric) {
		return error_request(error, _("%s depends on the metrics: its rate at a step is known "
					      "only by running up to it"),
				     strategy_name(scheduler->schedule.node[0].strategy));
	}
	if (!strategy_row(scheduler->schedule.node[0].strategy)->next) {
		return scheduler_closed(scheduler, t, rate, error); /* no history: the same bits */
	}
	if (t < 0 || t >= scheduler->length) {
		return error_request(error, _("there is no step %lld"), (long long)t);
	}
	if (!begin(checkpoints, scheduler, error)) {
		return false;
	}
	for (state = nearest(checkpoints, t); state.t < t; keep(checkpoints, &state)) {
		if (!scheduler_next(scheduler, &state, 0, error)) {
			return false;
		}
	}
	checkpoints->states[CURSOR] = state;
	*rate = state.rate;
	return true;
}
