/* One row of the table of strategies: what each file of this room provides. */
#ifndef LRSCOPE_SCHEDULE_STRATEGY_H
#define LRSCOPE_SCHEDULE_STRATEGY_H

#include "schedule/schedule.h"

struct strategy {
	const char *name, *title, *pytorch, *brief;
	const struct parameter *parameters;
	unsigned parameter_count;
	const char *peak;        /* name of the peak parameter, NULL: lr */
	bool needs_metric, has_closed, steps_per_batch;

	/* After defaults are filled: resolves `auto`, derives constants, length, drives_momentum;
	 * refuses what cannot be computed. */
	bool (*bind)(struct scheduler *, const struct clock *, struct error *);
	bool (*start)(const struct scheduler *, struct scheduler_state *, struct error *);
	bool (*next)(const struct scheduler *, struct scheduler_state *, double metric,
		     struct error *);
	bool (*closed)(const struct scheduler *, int64_t t, struct rate *, struct error *); /* or NULL */
	struct rate (*at)(const struct scheduler *, int64_t t);                             /* or NULL */
	/* Steps within (from, to) next to which the curve may turn, enough for the exact extremes
	 * of a monotone-between curve; at most `max`, returns how many. NULL: monotone. */
	int (*knots)(const struct scheduler *, int64_t from, int64_t to, int64_t *knots, int max);
};

#endif
