/* What the verdict's rules look at: the run in figures. */
#ifndef LRSCOPE_STUDY_EVIDENCE_H
#define LRSCOPE_STUDY_EVIDENCE_H

#include "study/private.h"

/* Parts that the run is looked at in. */
#define LOOKS 60

struct evidence {
	struct lane *lane;
	double peak, lowest, last; /* highest rate, lowest, that of the last update */
	double least_momentum, most_momentum;
	double begin, end;        /* excess */
	double looks[LOOKS];      /* mean excess of each part of the run */
	bool has_limit;
	int64_t above_from, above_to; /* updates above the limit; -1: none */
};

/* From a lane that is done. */
void evidence_of(struct evidence *look, struct lane *lane);
enum strategy_id evidence_strategy(const struct evidence *look);
/* A parameter's number as the schedule was bound; NaN where it has none. */
double evidence_parameter(const struct evidence *look, const char *name);
/* The excess came to many times what it began with. */
bool evidence_risen(const struct evidence *look);
/* The rate to try instead: just below the limit, two digits. */
double evidence_advice(const struct evidence *look);
/* Between above_from and above_to the rate is below the limit in places. */
bool evidence_crosses(const struct evidence *look);
/* First update whose rate is below `rate`; -1: none. For falling schedules. */
int64_t evidence_falls_below(const struct lane *lane, double rate);
/* Geometric mean of the excess over a tenth of the run from part `k` on. */
double evidence_smooth(const struct evidence *look, int k);
/* First part of the run from which on the excess stays near its end. */
int evidence_flat_from(const struct evidence *look);
/* Of the last fifth's changes from part to part, which share is up: about a half where there is noise. */
double evidence_rises(const struct evidence *look);

#endif
