/* The extremes of a cyclic schedule over whole steps, at a cost independent of their number.
 *
 * The rate is monotone in height = scale * factor. The scale is linear between the foot, the
 * apex and the next foot, so over any span its extremes are at the whole steps nearest to those
 * points, whatever fraction of a step a cycle is long (phase_nearest). The factor is monotone:
 * over a span its extremes are at the ends. Their products bound the height over a span; spans
 * whose bound is no better than what has been found are left, others are halved. */
#include <math.h>

#include "schedule/cyclic.h"
#include "schedule/phase.h"
#include "schedule/strategy.h"

#define BUDGET 400 /* spans looked at; reached only by fractional cycles in huge spans */

struct hunt {
	const struct scheduler *scheduler;
	bool highest; /* else lowest */
	double best;
	int64_t at;
	int budget;
};

/* A step's place, and the two factors of its height without their sign. */
struct place {
	double cycles, phase, scale, factor;
};

static struct place place_of(const struct scheduler *scheduler, int64_t t)
{
	struct place place;

	place.phase = cyclic_phase(scheduler, t, &place.cycles);
	place.scale = cyclic_scale(scheduler, place.phase);
	place.factor = fabs(cyclic_factor(scheduler, t, place.cycles));
	return place;
}

/* Keeps t where its height is the best so far. */
static struct place try(struct hunt *hunt, int64_t t)
{
	struct place place = place_of(hunt->scheduler, t);
	double height = place.scale == 0 ? 0 : place.scale * place.factor;

	if (hunt->highest ? height > hunt->best : height < hunt->best) {
		hunt->best = height;
		hunt->at = t;
	}
	return place;
}

/* In one cycle and on one side of its apex: the scale is linear between them. */
static bool is_straight(const struct scheduler *scheduler, struct place first, struct place last)
{
	double apex = scheduler->constants[CYCLIC_APEX];

	return first.cycles == last.cycles &&
	       ((first.phase <= apex && last.phase <= apex) ||
		(first.phase >= apex && last.phase >= apex));
}

/* On a straight piece height = (s + m i) g^i has one turning point, at i = -1 / ln g - s / m. */
static void try_straight(struct hunt *hunt, struct steps span, double first, double last)
{
	double gamma = fabs(bound_value(hunt->scheduler, CYCLIC_GAMMA));
	double slope = (last - first) / (double)(span.count - 1);
	double turn;

	if (bound_value(hunt->scheduler, CYCLIC_MODE) != CYCLIC_EXP_RANGE || gamma == 0 ||
	    gamma == 1 || slope == 0) {
		return;
	}
	turn = floor(-1 / (log(gamma) * (double)span.stride) - first / slope);
	if (!(fabs(turn) < 0x1p52)) {
		return; /* beyond every step, where turn + 1 may be turn */
	}
	for (double index = turn - 1; index <= turn + 2; index++) {
		if (index >= 0 && index < (double)span.count) {
			try(hunt, span.from + (int64_t)index * span.stride);
		}
	}
}

/* The extreme of the scale alone over `span`; the steps where it is are tried on the way. */
static double scale_bound(struct hunt *hunt, struct steps span)
{
	const double *constants = hunt->scheduler->constants;
	double period = constants[CYCLIC_PERIOD], apex = constants[CYCLIC_APEX];
	int marks = apex > 0 && apex < period ? 2 : 1;
	double bound = hunt->highest ? -INFINITY : INFINITY;

	for (int i = 0; i < 2 * marks; i++) {
		int64_t t = phase_nearest(constants[CYCLIC_TOTAL], i & 2 ? apex : 0, i & 1, span);
		double scale = try(hunt, t).scale;

		bound = hunt->highest ? fmax(bound, scale) : fmin(bound, scale);
	}
	return bound;
}

static void search(struct hunt *hunt, struct steps span)
{
	struct place first = try(hunt, span.from);
	struct place last = try(hunt, span.from + (span.count - 1) * span.stride);
	struct steps halves[2];
	double bound;
	bool second;

	if (span.count <= 2 || hunt->budget-- <= 0) {
		return;
	}
	if (is_straight(hunt->scheduler, first, last)) {
		try_straight(hunt, span, first.scale, last.scale);
		return;
	}
	bound = scale_bound(hunt, span);
	if (bound > 0) {
		bound *= hunt->highest ? fmax(first.factor, last.factor)
				       : fmin(first.factor, last.factor);
	}
	if (hunt->highest ? bound <= hunt->best : bound >= hunt->best) {
		return;
	}
	halves[0] = (struct steps){span.from, span.stride, span.count / 2};
	halves[1] = (struct steps){span.from + halves[0].count * span.stride, span.stride,
				   span.count - halves[0].count};
	second = (last.factor > first.factor) == hunt->highest;
	search(hunt, halves[second]);
	search(hunt, halves[!second]);
}

/* With gamma below 0 the sign of the height turns at each step: even and odd steps are looked
 * through apart, and the sizes of both ends of each are wanted. */
int cyclic_knots(const struct scheduler *scheduler, int64_t from, int64_t to, int64_t *steps)
{
	bool turns = bound_value(scheduler, CYCLIC_MODE) == CYCLIC_EXP_RANGE &&
		     bound_value(scheduler, CYCLIC_GAMMA) < 0;
	int64_t stride = turns ? 2 : 1;
	int count = 0;

	for (int64_t start = 0; start < stride; start++) {
		struct steps span = {from + start, stride, (to - from - start + stride - 1) / stride};

		for (int highest = 0; highest < 2; highest++) {
			struct hunt hunt = {scheduler, highest, highest ? -INFINITY : INFINITY,
					    span.from, BUDGET};

			search(&hunt, span);
			steps[count++] = hunt.at;
		}
	}
	return count;
}
