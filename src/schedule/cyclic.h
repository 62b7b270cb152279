/* What the cyclic strategy and the search for its extremes share. */
#ifndef LRSCOPE_SCHEDULE_CYCLIC_H
#define LRSCOPE_SCHEDULE_CYCLIC_H

#include "schedule/schedule.h"

enum {
	CYCLIC_BASE_LR, CYCLIC_MAX_LR, CYCLIC_UP, CYCLIC_DOWN, CYCLIC_MODE, CYCLIC_GAMMA,
	CYCLIC_SCALE_MODE, CYCLIC_CYCLE_MOMENTUM, CYCLIC_BASE_MOMENTUM, CYCLIC_MAX_MOMENTUM,
	CYCLIC_PARAMETERS
};

enum { CYCLIC_TRIANGULAR, CYCLIC_TRIANGULAR2, CYCLIC_EXP_RANGE };

/* Derived at bind. PERIOD is |S|; APEX the phase, counted in the direction of the cycle, at
 * which the scale is 1 (beyond the period or below 0 where the sizes have different signs). */
enum {
	CYCLIC_TOTAL, CYCLIC_RATIO, CYCLIC_PERIOD, CYCLIC_APEX, CYCLIC_LR_HEIGHT,
	CYCLIC_MOMENTUM_HEIGHT
};

/* Where t is in its cycle, in steps from the foot (0 <= phase < PERIOD); `cycles`: PyTorch's
 * cycle - 1, the whole ones before it. */
double cyclic_phase(const struct scheduler *scheduler, int64_t t, double *cycles);
/* Height within the cycle: 0 at its foot, 1 at its apex. */
double cyclic_scale(const struct scheduler *scheduler, double phase);
/* What the mode multiplies that height by. */
double cyclic_factor(const struct scheduler *scheduler, int64_t t, double cycles);

int cyclic_knots(const struct scheduler *scheduler, int64_t from, int64_t to, int64_t *steps);

#endif
