/* Reduce on plateau (ReduceLROnPlateau): a state machine on a metric.
 *
 *   better      min rel  m < best (1 - threshold)    min abs  m < best - threshold
 *               max rel  m > best (threshold + 1)    max abs  m > best + threshold
 *
 * Each step, in this order: a better metric becomes the best and clears the count of bad
 * epochs, any other (a not-a-number too) adds one; in cooldown the count is cleared and the
 * cooldown is one shorter; a count above patience cuts the rate (only if the cut is larger than
 * eps), starts the cooldown and clears the count, even where eps held the cut back. */
#include <math.h>

#include "base/language.h"
#include "schedule/strategy.h"

enum { MODE, FACTOR, PATIENCE, THRESHOLD, THRESHOLD_MODE, COOLDOWN, MIN_LR, EPS, PARAMETER_COUNT };

enum { MODE_MIN, MODE_MAX };
enum { THRESHOLD_REL, THRESHOLD_ABS };

static const char *const modes[] = {"min", "max", NULL};
static const char *const threshold_modes[] = {"rel", "abs", NULL};

static const struct parameter parameters[PARAMETER_COUNT] = {
	[MODE] = CHOICE("mode", modes, MODE_MIN,
		N_("min: a lower metric is better (a loss); max: a higher one (accuracy)")),
	[FACTOR] = {
		.name = "factor",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = {.low = -INFINITY, .high = 1, .high_open = true},
		.dial = {.low = 0.01, .high = 0.99},
		.scale = DIAL_LINEAR,
		.step = 0.05,
		.standard = VALUE_NUMBER(0.1),
		.help = N_("what the rate is multiplied by at each cut"),
	},
	[PATIENCE] = {
		.name = "patience",
		.type = PARAMETER_REAL,
		.unit = N_("epochs"),
		.accepted = ANY,
		.dial = {.low = 0, .high = 50},
		.scale = DIAL_COUNT,
		.step = 1,
		.standard = VALUE_NUMBER(10),
		.help = N_("bad epochs that are tolerated; one more cuts the rate"),
	},
	[THRESHOLD] = {
		.name = "threshold",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = ANY,
		.dial = {.low = 1e-6, .high = 1},
		.scale = DIAL_LOG,
		.step = 1,
		.standard = VALUE_NUMBER(1e-4),
		.help = N_("how much better than the best a metric must be to count"),
	},
	[THRESHOLD_MODE] = CHOICE("threshold_mode", threshold_modes, THRESHOLD_REL,
		N_("rel: threshold is a fraction of the best; abs: a difference")),
	[COOLDOWN] = {
		.name = "cooldown",
		.type = PARAMETER_REAL,
		.unit = N_("epochs"),
		.accepted = ANY,
		.dial = {.low = 0, .high = 50},
		.scale = DIAL_COUNT,
		.step = 1,
		.standard = VALUE_NUMBER(0),
		.help = N_("epochs after a cut in which no bad epoch is counted"),
	},
	[MIN_LR] = {
		.name = "min_lr",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = ANY,
		.dial = {.low = 0, .high = 0.1},
		.scale = DIAL_LINEAR,
		.step = 0.001,
		.standard = VALUE_NUMBER(0),
		.help = N_("no cut goes below this rate"),
	},
	[EPS] = {
		.name = "eps",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = ANY,
		.dial = {.low = 1e-12, .high = 0.01},
		.scale = DIAL_LOG,
		.step = 1,
		.standard = VALUE_NUMBER(1e-8),
		.help = N_("a cut that lowers the rate by this or less is not made"),
	},
};

enum { BEST, BAD, COOLING }; /* state */

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
	state->numbers[BEST] = bound_value(scheduler, MODE) == MODE_MIN ? INFINITY : -INFINITY;
	return true;
}

/* What a metric must be beyond. Not-a-number where infinity * 0 is: then nothing ever is. */
static double bar(const struct scheduler *scheduler, double best)
{
	double threshold = bound_value(scheduler, THRESHOLD);
	bool relative = bound_value(scheduler, THRESHOLD_MODE) == THRESHOLD_REL;

	if (bound_value(scheduler, MODE) == MODE_MIN) {
		return relative ? best * (1 - threshold) : best - threshold;
	}
	return relative ? best * (threshold + 1) : best + threshold;
}

static bool is_better(const struct scheduler *scheduler, double metric, double best)
{
	return bound_value(scheduler, MODE) == MODE_MIN ? metric < bar(scheduler, best)
							: metric > bar(scheduler, best);
}

/* The rate after a cut from `lr`; `lr` itself where eps holds the cut back. */
static double cut(const struct scheduler *scheduler, double lr)
{
	double lower = lr * bound_value(scheduler, FACTOR);

	if (bound_value(scheduler, MIN_LR) > lower) {
		lower = bound_value(scheduler, MIN_LR);
	}
	return lr - lower > bound_value(scheduler, EPS) ? lower : lr;
}

static bool next(const struct scheduler *scheduler, struct scheduler_state *state, double metric,
		 struct error *error)
{
	double *numbers = state->numbers;

	(void)error;
	if (is_better(scheduler, metric, numbers[BEST])) {
		numbers[BEST] = metric;
		numbers[BAD] = 0;
	} else {
		numbers[BAD] += 1;
	}
	if (numbers[COOLING] > 0) {
		numbers[COOLING] -= 1;
		numbers[BAD] = 0;
	}
	if (numbers[BAD] > bound_value(scheduler, PATIENCE)) {
		state->rate.lr = cut(scheduler, state->rate.lr);
		numbers[COOLING] = bound_value(scheduler, COOLDOWN);
		numbers[BAD] = 0;
	}
	return true;
}

void plateau_read(const struct scheduler *scheduler, const struct scheduler_state *state,
		  struct plateau_state *out)
{
	out->best = state->numbers[BEST];
	out->threshold = bar(scheduler, out->best);
	out->bad_epochs = state->numbers[BAD];
	out->patience = bound_value(scheduler, PATIENCE);
	out->cooldown = state->numbers[COOLING];
	out->next_lr = cut(scheduler, state->rate.lr);
}

extern const struct strategy strategy_row_plateau;
const struct strategy strategy_row_plateau = {
	.name = "plateau",
	.title = N_("Reduce on Plateau"),
	.pytorch = "ReduceLROnPlateau",
	.brief = "plat",
	.parameters = parameters,
	.parameter_count = PARAMETER_COUNT,
	.needs_metric = true,
	.bind = bind,
	.start = start,
	.next = next,
};
