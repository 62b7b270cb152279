/* Cyclical rates (CyclicLR): up and down between two bounds; momentum mirrors the rate.
 *
 *   S = up + down, cycle = floor(1 + t / S), x = 1 + t / S - cycle, ratio = up / S
 *   scale = x / ratio up to the apex, (x - 1) / (ratio - 1) after it
 *   lr = base_lr + (max_lr - base_lr) scale f,  momentum = max_m - (max_m - base_m) scale f
 *   f = 1 (triangular), 1 / 2^(cycle - 1) (triangular2), gamma^t (exp_range; t from the start)
 *
 * PyTorch accepts any sizes, so S may be fractional or negative (the cycle runs backwards). */
#include <math.h>

#include "base/language.h"
#include "schedule/cyclic.h"
#include "schedule/fill.h"
#include "schedule/strategy.h"

static const char *const modes[] = {"triangular", "triangular2", "exp_range", NULL};
static const char *const scale_modes[] = {"cycle", "iterations", NULL};

static const struct parameter parameters[CYCLIC_PARAMETERS] = {
	[CYCLIC_BASE_LR] = {
		.name = "base_lr",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = ANY,
		.dial = {.low = 1e-5, .high = 1},
		.scale = DIAL_LOG,
		.step = 1,
		.standard = VALUE_NUMBER(0.001),
		.takes_auto = true,
		.help = N_("lower bound of the rate, where it starts; auto: max_lr / 6"),
	},
	[CYCLIC_MAX_LR] = {
		.name = "max_lr",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = ANY,
		.dial = {.low = 1e-4, .high = 1},
		.scale = DIAL_LOG,
		.step = 1,
		.standard = VALUE_NUMBER(0.006),
		.help = N_("upper bound of the rate, at the apex of a full cycle"),
	},
	[CYCLIC_UP] = {
		.name = "step_size_up",
		.type = PARAMETER_REAL,
		.unit = N_("scheduler steps"),
		.accepted = {.low = -INFINITY, .high = INFINITY, .not_zero = true},
		.dial = {.low = 1, .high = 100000},
		.scale = DIAL_COUNT,
		.step = 10,
		.standard = VALUE_NUMBER(2000),
		.takes_auto = true,
		.help = N_("scheduler steps of the rising half; auto: three whole cycles in the run"),
	},
	[CYCLIC_DOWN] = {
		.name = "step_size_down",
		.type = PARAMETER_REAL,
		.unit = N_("scheduler steps"),
		.accepted = ANY,
		.dial = {.low = 0, .high = 100000},
		.scale = DIAL_COUNT,
		.step = 10,
		.standard = {VALUE_NONE, 0},
		.takes_none = true,
		.help = N_("scheduler steps of the falling half; None: as many as step_size_up"),
	},
	[CYCLIC_MODE] = CHOICE("mode", modes, CYCLIC_TRIANGULAR,
		N_("all cycles alike, each half as high as the last, or shrinking by gamma^t")),
	[CYCLIC_GAMMA] = {
		.name = "gamma",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = ANY,
		.dial = {.low = 0.9, .high = 1},
		.scale = DIAL_LINEAR,
		.step = 0.001,
		.standard = VALUE_NUMBER(1),
		.help = N_("exp_range only: the height is multiplied by gamma at each step"),
	},
	[CYCLIC_SCALE_MODE] = CHOICE("scale_mode", scale_modes, 0,
		N_("no effect: PyTorch reads it only with a scale_fn of one's own")),
	[CYCLIC_CYCLE_MOMENTUM] = SWITCH("cycle_momentum", 1,
		N_("drive the momentum (Adam: beta1) against the rate")),
	[CYCLIC_BASE_MOMENTUM] = MOMENTUM("base_momentum", 0.8, N_("momentum where the rate is highest")),
	[CYCLIC_MAX_MOMENTUM] = MOMENTUM("max_momentum", 0.9,
		N_("momentum where the rate is lowest, at the start")),
};

static bool resolve(struct scheduler *scheduler, const struct clock *clock, struct error *error)
{
	const struct value *values = scheduler->schedule.node[0].values;

	if (values[CYCLIC_BASE_LR].how == VALUE_AUTO) {
		bind_value(scheduler, CYCLIC_BASE_LR, bound_value(scheduler, CYCLIC_MAX_LR) / 6);
	}
	if (values[CYCLIC_UP].how == VALUE_AUTO) {
		int64_t steps;

		if (!bind_auto(scheduler, CYCLIC_UP, clock, &steps, error)) {
			return false;
		}
		bind_value(scheduler, CYCLIC_UP, (double)steps / 6);
	}
	return true;
}

static bool bind(struct scheduler *scheduler, const struct clock *clock, struct error *error)
{
	double *constants = scheduler->constants;
	double up, down, total;

	if (!resolve(scheduler, clock, error)) {
		return false;
	}
	up = bound_value(scheduler, CYCLIC_UP);
	down = scheduler->schedule.node[0].values[CYCLIC_DOWN].how == VALUE_NONE
		       ? up : bound_value(scheduler, CYCLIC_DOWN);
	total = up + down;
	if (total == 0) {
		return error_request(error, _("step_size_up + step_size_down is 0: a cycle must have "
					      "a length, PyTorch would divide by it"));
	}
	if (!isfinite(total) || up / total == 0) {
		return error_request(error, _("step_size_up / (step_size_up + step_size_down) comes "
					      "out as 0: PyTorch would divide by it"));
	}
	constants[CYCLIC_TOTAL] = total;
	constants[CYCLIC_RATIO] = up / total;
	constants[CYCLIC_PERIOD] = fabs(total);
	constants[CYCLIC_APEX] = total > 0 ? up : -up;
	constants[CYCLIC_LR_HEIGHT] = bound_value(scheduler, CYCLIC_MAX_LR) -
				      bound_value(scheduler, CYCLIC_BASE_LR);
	constants[CYCLIC_MOMENTUM_HEIGHT] = bound_value(scheduler, CYCLIC_MAX_MOMENTUM) -
					    bound_value(scheduler, CYCLIC_BASE_MOMENTUM);
	scheduler->drives_momentum = bound_value(scheduler, CYCLIC_CYCLE_MOMENTUM) != 0;
	return true;
}

/* height * factor; a height of 0 stays 0 where the factor overflows (PyTorch raises there). */
static double raised(double height, double factor)
{
	return height == 0 && isinf(factor) ? 0 : height * factor;
}

static struct rate rate_of(const struct scheduler *scheduler, double scale, double factor)
{
	const double *constants = scheduler->constants;
	struct rate rate;

	rate.lr = bound_value(scheduler, CYCLIC_BASE_LR) +
		  raised(constants[CYCLIC_LR_HEIGHT] * scale, factor);
	rate.momentum = NAN;
	if (scheduler->drives_momentum) {
		rate.momentum = bound_value(scheduler, CYCLIC_MAX_MOMENTUM) -
				raised(constants[CYCLIC_MOMENTUM_HEIGHT] * scale, factor);
	}
	return rate;
}

/* PyTorch's own arithmetic, which is a function of t alone. */
static bool closed(const struct scheduler *scheduler, int64_t t, struct rate *rate,
		   struct error *error)
{
	double turns = (double)t / scheduler->constants[CYCLIC_TOTAL];
	double ratio = scheduler->constants[CYCLIC_RATIO];
	double cycle = floor(1 + turns), x = 1 + turns - cycle, factor = 1;

	if (!isfinite(turns)) {
		return error_request(error, _("the cycle is so short that the count of cycles "
					      "overflows at step %lld"), (long long)t);
	}
	if (bound_value(scheduler, CYCLIC_MODE) == CYCLIC_TRIANGULAR2) {
		double power = pow(2, cycle - 1);

		if (power == 0) {
			return error_request(error, _("triangular2 divides by 2^%g, which is 0, at "
						      "step %lld"), cycle - 1, (long long)t);
		}
		factor = 1 / power;
	} else if (bound_value(scheduler, CYCLIC_MODE) == CYCLIC_EXP_RANGE) {
		factor = pow(bound_value(scheduler, CYCLIC_GAMMA), (double)t);
	}
	*rate = rate_of(scheduler, x <= ratio ? x / ratio : (x - 1) / (ratio - 1), factor);
	return true;
}

double cyclic_phase(const struct scheduler *scheduler, int64_t t, double *cycles)
{
	double period = scheduler->constants[CYCLIC_PERIOD];
	double phase = (double)t;

	*cycles = 0;
	if (phase >= period) {
		phase = fmod(phase, period);
		*cycles = rint(((double)t - phase) / period);
	}
	if (scheduler->constants[CYCLIC_TOTAL] < 0) {
		*cycles = phase == 0 ? -*cycles : -*cycles - 1;
		phase = phase == 0 ? 0 : period - phase;
	}
	return phase;
}

double cyclic_scale(const struct scheduler *scheduler, double phase)
{
	double period = scheduler->constants[CYCLIC_PERIOD];
	double apex = scheduler->constants[CYCLIC_APEX];

	return phase <= apex ? phase / apex : (period - phase) / (period - apex);
}

double cyclic_factor(const struct scheduler *scheduler, int64_t t, double cycles)
{
	double mode = bound_value(scheduler, CYCLIC_MODE);

	if (mode == CYCLIC_TRIANGULAR2) {
		return exp2(-cycles);
	}
	return mode == CYCLIC_EXP_RANGE ? pow(bound_value(scheduler, CYCLIC_GAMMA), (double)t) : 1;
}

static struct rate at(const struct scheduler *scheduler, int64_t t)
{
	double cycles, phase = cyclic_phase(scheduler, t, &cycles);

	return rate_of(scheduler, cyclic_scale(scheduler, phase),
		       cyclic_factor(scheduler, t, cycles));
}

/* How many whole steps from `phase` on are on the same straight piece of a cycle, and its slope. */
static int piece(const struct scheduler *scheduler, double phase, int most, double *slope)
{
	double period = scheduler->constants[CYCLIC_PERIOD];
	double apex = scheduler->constants[CYCLIC_APEX];
	bool rises = phase < apex;
	double steps = ceil((rises && apex < period ? apex : period) - phase);

	*slope = rises ? 1 / apex : -1 / (period - apex);
	return steps < most ? (int)steps : most;
}

/* base + factor * line, in exp_range times powers of gamma, a straight piece at a time. */
static void block(const struct scheduler *scheduler, void *memory, int64_t first, double *lr)
{
	const double *powers = memory;
	double base = bound_value(scheduler, CYCLIC_BASE_LR);

	if (scheduler->constants[CYCLIC_TOTAL] < 0 || fabs(powers[BLOCK - 1]) > 1e250) {
		fill_each(scheduler, first, lr);
		return;
	}
	for (int j = 0, end; j < BLOCK; j = end) {
		double cycles, slope, phase = cyclic_phase(scheduler, first + j, &cycles);
		double factor = scheduler->constants[CYCLIC_LR_HEIGHT] *
				cyclic_factor(scheduler, first + j, cycles);
		double scale = factor * cyclic_scale(scheduler, phase);

		end = j + piece(scheduler, phase, BLOCK - j, &slope);
		slope *= factor;
		if (!isfinite(factor) || !isfinite(slope)) {
			fill_each(scheduler, first, lr);
			return;
		}
		if (end - j == BLOCK) {
			scaled_block(base, scale, slope, powers, lr);
			return;
		}
		for (int i = 0; i < end - j; i++) {
			lr[j + i] = base + (scale + slope * i) * powers[i];
		}
	}
}

static void fill(const struct scheduler *scheduler, int64_t from, size_t count, double *lr)
{
	double powers[BLOCK];
	bool range = bound_value(scheduler, CYCLIC_MODE) == CYCLIC_EXP_RANGE;

	for (int j = 0; j < BLOCK; j++) {
		powers[j] = range ? pow(bound_value(scheduler, CYCLIC_GAMMA), j) : 1;
	}
	fill_blocks(scheduler, block, powers, from, count, lr);
}

extern const struct strategy strategy_row_cyclic;
const struct strategy strategy_row_cyclic = {
	.name = "cyclic",
	.title = N_("Cyclical Learning Rate"),
	.pytorch = "CyclicLR",
	.brief = "cyc",
	.parameters = parameters,
	.parameter_count = CYCLIC_PARAMETERS,
	.peak = "max_lr",
	.has_closed = true,
	.steps_per_batch = true,
	.bind = bind,
	.closed = closed,
	.at = at,
	.knots = cyclic_knots,
	.fill = fill,
};
