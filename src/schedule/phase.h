/* Which whole step comes nearest to a point of a period. */
#ifndef LRSCOPE_SCHEDULE_PHASE_H
#define LRSCOPE_SCHEDULE_PHASE_H

#include <stdbool.h>
#include <stdint.h>

/* Steps t = from + i * stride, 0 <= i < count; t at most 2^53. */
struct steps {
	int64_t from, stride, count;
};

/* The step whose phase is nearest to `target` (0 <= target <= |period|): at it or above, or
 * strictly below it, where a phase of 0 counts as the period's end; of several the first. The phase
 * is t modulo the period, or -t modulo its size where it is negative (a cycle that runs backwards).
 * Exact: a double is a whole multiple of a power of two; phases are counted in 2^-62 where the
 * period has finer digits than that. The cost grows with the logarithm of the period only. */
int64_t phase_nearest(double period, double target, bool above, struct steps steps);

#endif
