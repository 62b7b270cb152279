/* The least of (c + i d) mod m over 0 <= i < n, by the three-gap structure of such a sequence.
 *
 * Going p steps on lowers the value by a, going q steps on raises it by b, where (p, a) and
 * (q, b) are the latest "closest returns" from either side; the first index with a lower value
 * than v is p steps on for the first return with a <= v. The returns follow each other as the
 * quotients of Euclid's algorithm for d and m. */
#include "schedule/phase.h"

#include <math.h>

__extension__ typedef unsigned __int128 wide;

/* A finer lower return with a <= value, or the finest below b. False where there is none. */
static bool refine(wide *a, wide *p, wide *b, wide *q, wide value)
{
	wide turns;

	if (*b < *a) {
		wide most = (*a - 1) / *b;

		turns = (*a - value + *b - 1) / *b;
		turns = turns < most ? turns : most;
		*a -= turns * *b;
		*p += turns * *q;
		if (*a <= value) {
			return true;
		}
	}
	turns = (*b - 1) / *a;
	*b -= turns * *a;
	*q += turns * *p;
	return *b < *a;
}

/* The first i < count where (value + i * step) mod modulus is least; value, step < modulus. */
static int64_t least(wide value, wide step, wide modulus, int64_t count)
{
	wide a = modulus - step, b = step, p = 1, q = 1, at = 0, left = (wide)(count - 1);

	if (step == 0) {
		return 0;
	}
	while (value > 0 && p <= left) {
		if (a <= value) {
			wide times = value / a;
			wide room = left / p;

			times = times < room ? times : room;
			at += times * p;
			left -= times * p;
			value -= times * a;
		} else if (!refine(&a, &p, &b, &q, value)) {
			break;
		}
	}
	return (int64_t)at;
}

static wide whole(double number, int scale)
{
	return (wide)rint(ldexp(number, scale));
}

/* The same where no phase comes round: the step next to the target itself. */
static int64_t nearest_once(double target, bool above, struct steps steps)
{
	double edge = above ? ceil(target) : ceil(target) - 1;
	double index = (edge - (double)steps.from) / (double)steps.stride;

	index = above ? ceil(index) : floor(index);
	return steps.from +
	       (index > 0 && index < (double)steps.count ? (int64_t)index * steps.stride : 0);
}

/* And where it runs backwards: phase 0 at step 0, then down from the period's end. */
static int64_t nearest_back(double target, bool above, struct steps steps)
{
	bool skip = steps.from == 0 && steps.count > 1 && !(above && target == 0);

	if (above && skip) {
		return steps.from + (steps.count - 1) * steps.stride;
	}
	return steps.from + skip * steps.stride;
}

int64_t phase_nearest(double period, double target, bool above, struct steps steps)
{
	int scale = 112 - ilogb(period);
	wide modulus, value, step, goal;

	if (fabs(period) >= 0x1p62) {
		return period < 0 ? nearest_back(target, above, steps)
				  : nearest_once(target, above, steps);
	}
	scale = scale < 62 ? scale : 62;
	modulus = whole(fabs(period), scale);
	if (modulus == 0) {
		return steps.from;
	}
	goal = whole(target, scale) % modulus;
	if (goal == 0 && target > 0 && target < fabs(period) / 2) {
		goal = 1; /* nearer to 0 than can be counted is not 0 */
	}
	value = ((wide)steps.from << scale) % modulus;
	step = ((wide)steps.stride << scale) % modulus;
	if (period < 0) {
		value = (modulus - value) % modulus;
		step = (modulus - step) % modulus;
	}
	if (above) {
		value = (value + modulus - goal) % modulus;
	} else {
		value = (goal + modulus - 1 - value) % modulus;
		step = (modulus - step) % modulus;
	}
	return steps.from + least(value, step, modulus, steps.count) * steps.stride;
}
