/* Exponential decay: the rate is multiplied by gamma at each step (ExponentialLR).
 *
 *   recursive   lr *= gamma
 *   closed      lr(t) = base * gamma^t = base * exp(-d t), gamma = exp(-d) */
#include <math.h>

#include "base/language.h"
#include "schedule/fill.h"
#include "schedule/python.h"
#include "schedule/strategy.h"

enum { GAMMA, PARAMETER_COUNT };

static const struct parameter parameters[PARAMETER_COUNT] = {
	[GAMMA] = {
		.name = "gamma",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = ANY,
		.dial = {.low = 0.01, .high = 1},
		.scale = DIAL_LINEAR,
		.step = 0.01,
		.standard = VALUE_NUMBER(0.9),
		.help = N_("what the rate is multiplied by at each step; exp(-d) for a decay rate d"),
	},
};

static bool bind(struct scheduler *scheduler, const struct clock *clock, struct error *error)
{
	(void)scheduler, (void)clock, (void)error;
	return true;
}

static bool start(const struct scheduler *scheduler, struct scheduler_state *state,
		  struct error *error)
{
	(void)error;
	state->rate.lr = scheduler->lr;
	return true;
}

static bool next(const struct scheduler *scheduler, struct scheduler_state *state, double metric,
		 struct error *error)
{
	(void)metric, (void)error;
	state->rate.lr *= bound_value(scheduler, GAMMA);
	return true;
}

static bool closed(const struct scheduler *scheduler, int64_t t, struct rate *rate,
		   struct error *error)
{
	(void)error;
	rate->lr = decayed(scheduler->lr, pow(bound_value(scheduler, GAMMA), (double)t));
	rate->momentum = NAN;
	return true;
}

static struct rate at(const struct scheduler *scheduler, int64_t t)
{
	return (struct rate){
		power_of(scheduler->lr, bound_value(scheduler, GAMMA), (double)t), NAN};
}

/* With gamma below 0 the sign turns at each step. */
static int knots(const struct scheduler *scheduler, int64_t from, int64_t to, int64_t *steps)
{
	if (bound_value(scheduler, GAMMA) >= 0) {
		return 0;
	}
	steps[0] = from + 1;
	steps[1] = to - 2;
	return 2;
}

/* gamma^(first + j) = gamma^first * gamma^j; each by itself where one factor leaves the range
 * in which a double has all its digits. */
static void block(const struct scheduler *scheduler, void *memory, int64_t first, double *lr)
{
	const double *powers = memory;
	double last = fabs(powers[BLOCK - 1]), start = at(scheduler, first).lr;

	if (last > 1e250 || (last > 1 && fabs(start) < 1e-290)) {
		fill_each(scheduler, first, lr);
		return;
	}
	scaled_block(0, start, 0, powers, lr);
}

static void fill(const struct scheduler *scheduler, int64_t from, size_t count, double *lr)
{
	double powers[BLOCK];

	for (int j = 0; j < BLOCK; j++) {
		powers[j] = pow(bound_value(scheduler, GAMMA), j);
	}
	fill_blocks(scheduler, block, powers, from, count, lr);
}

extern const struct strategy strategy_row_exponential;
const struct strategy strategy_row_exponential = {
	.name = "exponential",
	.title = N_("Exponential Decay"),
	.pytorch = "ExponentialLR",
	.brief = "exp",
	.parameters = parameters,
	.parameter_count = PARAMETER_COUNT,
	.has_closed = true,
	.bind = bind,
	.start = start,
	.next = next,
	.closed = closed,
	.at = at,
	.knots = knots,
	.fill = fill,
};
