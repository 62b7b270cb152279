/* Step decay: every step_size steps the rate is multiplied by gamma (StepLR).
 *
 *   recursive   lr *= gamma  where t > 0 and t mod step_size = 0
 *   closed      lr(t) = base * gamma^floor(t / step_size)
 *
 * PyTorch accepts any step_size but 0. With a fractional or negative one the two forms differ:
 * the recursive one cuts where a multiple of step_size is a whole step (2.5: at 5, 10, 15). */
#include <math.h>

#include "base/language.h"
#include "schedule/python.h"
#include "schedule/strategy.h"

enum { STEP_SIZE, GAMMA, PARAMETER_COUNT };

static const struct parameter parameters[PARAMETER_COUNT] = {
	[STEP_SIZE] = {
		.name = "step_size",
		.type = PARAMETER_REAL,
		.unit = N_("scheduler steps"),
		.accepted = {.low = -INFINITY, .high = INFINITY, .not_zero = true},
		.dial = {.low = 1, .high = 100000},
		.scale = DIAL_COUNT,
		.step = 1,
		.standard = VALUE_NUMBER(10),
		.takes_auto = true,
		.help = N_("scheduler steps between two cuts; auto: a third of the run"),
	},
	[GAMMA] = {
		.name = "gamma",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = ANY,
		.dial = {.low = 0.01, .high = 1},
		.scale = DIAL_LINEAR,
		.step = 0.05,
		.standard = VALUE_NUMBER(0.1),
		.help = N_("what the rate is multiplied by at each cut"),
	},
};

enum { PERIOD };   /* constants */
enum { NEXT_CUT }; /* state: the next step at which step_size divides t */

/* Steps between two cuts of the recursion: the smallest whole number that is a multiple of
 * `size`. A double is m * 2^e with m odd; below a whole number (e < 0) that is m. */
static double cut_period(double size)
{
	double period = fabs(size);

	if (period == floor(period)) {
		return period;
	}
	while (period != floor(period)) {
		period *= 2;
	}
	return period;
}

static bool bind(struct scheduler *scheduler, const struct clock *clock, struct error *error)
{
	if (scheduler->schedule.node[0].values[STEP_SIZE].how == VALUE_AUTO) {
		int64_t steps;

		if (!bind_auto(scheduler, STEP_SIZE, clock, &steps, error)) {
			return false;
		}
		bind_value(scheduler, STEP_SIZE, steps >= 3 ? (double)(steps / 3) : 1);
	}
	scheduler->constants[PERIOD] = cut_period(bound_value(scheduler, STEP_SIZE));
	return true;
}

static bool start(const struct scheduler *scheduler, struct scheduler_state *state,
		  struct error *error)
{
	(void)error;
	state->rate.lr = scheduler->lr;
	state->numbers[NEXT_CUT] = scheduler->constants[PERIOD];
	return true;
}

static bool next(const struct scheduler *scheduler, struct scheduler_state *state, double metric,
		 struct error *error)
{
	(void)metric, (void)error;
	if ((double)(state->t + 1) == state->numbers[NEXT_CUT]) {
		state->rate.lr *= bound_value(scheduler, GAMMA);
		state->numbers[NEXT_CUT] += scheduler->constants[PERIOD];
	}
	return true;
}

static bool closed(const struct scheduler *scheduler, int64_t t, struct rate *rate,
		   struct error *error)
{
	double gamma = bound_value(scheduler, GAMMA);
	double cuts = python_floor_divide((double)t, bound_value(scheduler, STEP_SIZE));

	if (gamma == 0 && cuts < 0) {
		return error_request(error, _("gamma=0 to a negative power at step %lld: division "
					      "by zero"), (long long)t);
	}
	rate->lr = decayed(scheduler->lr, pow(gamma, cuts));
	rate->momentum = NAN;
	return true;
}

static struct rate at(const struct scheduler *scheduler, int64_t t)
{
	double cuts = floor((double)t / scheduler->constants[PERIOD]);

	return (struct rate){power_of(scheduler->lr, bound_value(scheduler, GAMMA), cuts), NAN};
}

/* With gamma below 0 the sign turns at each cut: the extremes are within the first two levels
 * and the last two, in and out of the cut that ends them. */
static int knots(const struct scheduler *scheduler, int64_t from, int64_t to, int64_t *steps)
{
	double period = scheduler->constants[PERIOD];
	double first = (floor((double)from / period) + 1) * period;
	double last = floor((double)(to - 1) / period) * period;

	if (bound_value(scheduler, GAMMA) >= 0 || first > (double)(to - 1)) {
		return 0;
	}
	steps[0] = (int64_t)first;
	steps[1] = (int64_t)last - 1;
	return 2;
}

static void fill(const struct scheduler *scheduler, int64_t from, size_t count, double *lr)
{
	double period = scheduler->constants[PERIOD];

	for (size_t i = 0; i < count;) {
		int64_t t = from + (int64_t)i;
		double cut = (floor((double)t / period) + 1) * period;
		double value = at(scheduler, t).lr;
		size_t stop = cut - (double)t < (double)(count - i) ? i + (size_t)(cut - (double)t)
								    : count;

		for (; i < stop; i++) {
			lr[i] = value;
		}
	}
}

extern const struct strategy strategy_row_step;
const struct strategy strategy_row_step = {
	.name = "step",
	.title = N_("Step Decay"),
	.pytorch = "StepLR",
	.brief = "step",
	.parameters = parameters,
	.parameter_count = PARAMETER_COUNT,
	.auto_in_run = 1u << STEP_SIZE,
	.has_closed = true,
	.bind = bind,
	.start = start,
	.next = next,
	.closed = closed,
	.at = at,
	.knots = knots,
	.fill = fill,
};
