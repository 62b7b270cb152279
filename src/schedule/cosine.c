/* Cosine annealing (CosineAnnealingLR): half a cosine wave from the base rate to eta_min over
 * T_max steps; past T_max it climbs back, without restart or clamp.
 *
 *   closed      lr(t) = eta + (base - eta) (1 + cos(pi t / T)) / 2
 *   recursive   lr *= the ratio of two neighbouring values of 1 + cos, measured from eta;
 *               where that would divide by the zero of the wave's foot, (t - 1 - T) mod 2T = 0,
 *               lr += (base - eta) (1 - cos(pi / T)) / 2 */
#include <math.h>

#include "base/language.h"
#include "base/number.h"
#include "schedule/fill.h"
#include "schedule/phase.h"
#include "schedule/python.h"
#include "schedule/strategy.h"

enum { T_MAX, ETA_MIN, PARAMETER_COUNT };

static const struct parameter parameters[PARAMETER_COUNT] = {
	[T_MAX] = {
		.name = "T_max",
		.type = PARAMETER_REAL,
		.unit = N_("scheduler steps"),
		.accepted = {.low = -INFINITY, .high = INFINITY, .not_zero = true},
		.dial = {.low = 1, .high = 100000},
		.scale = DIAL_COUNT,
		.step = 1,
		.standard = VALUE_NUMBER(30),
		.takes_auto = true,
		.help = N_("scheduler steps from the base rate down to eta_min; auto: the whole run"),
	},
	[ETA_MIN] = {
		.name = "eta_min",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = ANY,
		.dial = {.low = 0, .high = 0.1},
		.scale = DIAL_LINEAR,
		.step = 0.001,
		.standard = VALUE_NUMBER(0),
		.help = N_("the rate at the foot of the wave"),
	},
};

enum { SPAN }; /* constants: |T|, on which the curve depends */
/* State: 1 + cos(pi t / T); the next foot, t = T, 3T, ..., where T is a whole number, else NaN. */
enum { ONE_PLUS, FOOT };

static bool bind(struct scheduler *scheduler, const struct clock *clock, struct error *error)
{
	if (scheduler->schedule.node[0].values[T_MAX].how == VALUE_AUTO) {
		int64_t steps;

		if (!bind_auto(scheduler, T_MAX, clock, &steps, error)) {
			return false;
		}
		bind_value(scheduler, T_MAX, (double)steps);
	}
	scheduler->constants[SPAN] = fabs(bound_value(scheduler, T_MAX));
	return true;
}

/* pi * t / T in PyTorch's order. Refused where Python's cos() would refuse its infinity. */
static bool angle_of(const struct scheduler *scheduler, int64_t t, double *angle,
		     struct error *error)
{
	*angle = M_PI * (double)t / bound_value(scheduler, T_MAX);
	return isfinite(*angle) ||
	       error_request(error, _("T_max is so small that pi * t / T_max overflows at step %lld"),
			     (long long)t);
}

static bool start(const struct scheduler *scheduler, struct scheduler_state *state,
		  struct error *error)
{
	double span = scheduler->constants[SPAN];

	(void)error;
	state->rate.lr = scheduler->lr;
	state->numbers[ONE_PLUS] = 2;
	state->numbers[FOOT] = span == floor(span) && span < 0x1p52 ? span : NAN;
	return true;
}

/* PyTorch's (t + 1 - 1 - T) mod 2T == 0, without a division where T is whole (then it is exact). */
static bool is_foot(const struct scheduler *scheduler, const struct scheduler_state *state)
{
	double span = bound_value(scheduler, T_MAX);

	if (!isnan(state->numbers[FOOT])) {
		return (double)state->t == state->numbers[FOOT];
	}
	return python_divides((double)state->t - span, 2 * span);
}

static bool next(const struct scheduler *scheduler, struct scheduler_state *state, double metric,
		 struct error *error)
{
	double span = bound_value(scheduler, T_MAX), eta = bound_value(scheduler, ETA_MIN);
	double angle, one_plus;
	char shown[NUMBER_SIZE];

	(void)metric;
	if (!angle_of(scheduler, state->t + 1, &angle, error)) {
		return false;
	}
	one_plus = 1 + cos(angle);
	if (is_foot(scheduler, state)) {
		state->numbers[FOOT] += 2 * scheduler->constants[SPAN];
		state->rate.lr += (scheduler->lr - eta) * (1 - cos(M_PI / span)) / 2;
	} else if (state->numbers[ONE_PLUS] == 0) {
		return error_request(error,
				     _("T_max=%s: the recursion divides by zero at step %lld, "
				       "where 1 + cos(pi * %lld / T_max) is 0"),
				     number_format(shown, span), (long long)state->t + 1,
				     (long long)state->t);
	} else {
		state->rate.lr = one_plus / state->numbers[ONE_PLUS] * (state->rate.lr - eta) + eta;
	}
	state->numbers[ONE_PLUS] = one_plus;
	return true;
}

/* The first step of the first half wave, up to `last`, where 1 + cos is 0; `last` where none is. */
static int64_t first_zero(const struct scheduler *scheduler, int64_t last)
{
	int64_t low = 0, high = last;
	double angle;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		bool zero = angle_of(scheduler, middle, &angle, NULL) && 1 + cos(angle) == 0;

		low = zero ? low : middle + 1;
		high = zero ? middle : high;
	}
	return low;
}

/* 1 + cos(x) is 0 within 1.1e-8 of an odd pi. Whole steps of a whole T below 1e8 come no nearer than
 * pi / T but at the foot itself; with a larger T the first half wave has steps that do. */
static int reaches(const struct scheduler *scheduler, int64_t last, struct error *error)
{
	double span = scheduler->constants[SPAN];
	bool half = (double)last <= span;
	struct scheduler_state state = {.numbers = {[FOOT] = span}};
	double angle;

	if (span >= 1 && span == floor(span) && span < 1e8 && last < (int64_t)1e15) {
		return 1;
	}
	if (span < 1) {
		return -1;
	}
	state.t = first_zero(scheduler, half ? last : (int64_t)span);
	angle_of(scheduler, state.t, &angle, NULL);
	state.numbers[ONE_PLUS] = 1 + cos(angle);
	if (state.t < last && !next(scheduler, &state, NAN, error)) {
		return 0;
	}
	return half ? 1 : -1;
}

static bool closed(const struct scheduler *scheduler, int64_t t, struct rate *rate,
		   struct error *error)
{
	double eta = bound_value(scheduler, ETA_MIN), angle;

	if (!angle_of(scheduler, t, &angle, error)) {
		return false;
	}
	rate->lr = eta + (scheduler->lr - eta) * (1 + cos(angle)) / 2;
	rate->momentum = NAN;
	return true;
}

/* (1 + cos(pi t / T)) / 2 = sin^2(pi (T - r) / 2T), r the exact distance to the nearest crest:
 * full relative accuracy down to the foot, where 1 + cos loses its digits. */
static struct rate at(const struct scheduler *scheduler, int64_t t)
{
	double span = scheduler->constants[SPAN], eta = bound_value(scheduler, ETA_MIN);
	double r = (double)t < span ? (double)t : fmod((double)t, 2 * span);
	double root;

	r = r > span ? 2 * span - r : r;
	root = sin(M_PI_2 * ((span - r) / span));
	return (struct rate){eta + (scheduler->lr - eta) * (root * root), NAN};
}

/* The steps nearest to a crest and to a foot, from either side. */
static int knots(const struct scheduler *scheduler, int64_t from, int64_t to, int64_t *steps)
{
	double span = scheduler->constants[SPAN];
	struct steps all = {from, 1, to - from};

	for (int i = 0; i < 4; i++) {
		steps[i] = phase_nearest(2 * span, i & 1 ? span : 0, i & 2, all);
	}
	return 4;
}

static void block(const struct scheduler *scheduler, void *memory, int64_t first, double *lr)
{
	double span = scheduler->constants[SPAN];
	struct wave *wave = memory;
	int64_t group = first - first % GROUP;

	if (!isfinite(wave->size)) {
		fill_each(scheduler, first, lr);
		return;
	}
	if (wave->group != group) {
		double r = fmod((double)group, 2 * span);

		wave_anchor(wave, group, (span - r) / span);
	}
	wave_block(wave, first, bound_value(scheduler, ETA_MIN), lr);
}

static void fill(const struct scheduler *scheduler, int64_t from, size_t count, double *lr)
{
	struct wave wave;

	wave_init(&wave, scheduler->constants[SPAN],
		  scheduler->lr - bound_value(scheduler, ETA_MIN));
	fill_blocks(scheduler, block, &wave, from, count, lr);
}

extern const struct strategy strategy_row_cosine;
const struct strategy strategy_row_cosine = {
	.name = "cosine",
	.title = N_("Cosine Annealing"),
	.pytorch = "CosineAnnealingLR",
	.brief = "cos",
	.parameters = parameters,
	.parameter_count = PARAMETER_COUNT,
	.auto_in_run = 1u << T_MAX,
	.has_closed = true,
	.bind = bind,
	.start = start,
	.next = next,
	.reaches = reaches,
	.closed = closed,
	.at = at,
	.knots = knots,
	.fill = fill,
};
