/* One row of the table of strategies: what each file of this room provides. */
#ifndef LRSCOPE_SCHEDULE_STRATEGY_H
#define LRSCOPE_SCHEDULE_STRATEGY_H

#include "schedule/schedule.h"

struct strategy {
	const char *name, *title, *pytorch, *brief;
	const struct parameter *parameters;
	unsigned parameter_count;
	const char *peak;        /* name of the peak parameter, NULL: lr */
	unsigned auto_in_run;    /* bit i: parameter i, when unset in a run, is `auto` */
	bool needs_metric, has_closed, steps_per_batch;

	/* After defaults are filled: resolves `auto`, derives constants, length, drives_momentum;
	 * refuses what cannot be computed. */
	bool (*bind)(struct scheduler *, const struct clock *, struct error *);
	/* Row 0 into a zeroed state. NULL: closed(0), the rate depends on t alone. */
	bool (*start)(const struct scheduler *, struct scheduler_state *, struct error *);
	/* Rate and numbers of step state->t + 1; leaves t to the caller, and all of the state when
	 * it fails. NULL: closed(t + 1). */
	bool (*next)(const struct scheduler *, struct scheduler_state *, double metric,
		     struct error *);
	/* Whether next() gets to step `last`: 1, or 0 and why not, or -1 where only walking tells.
	 * NULL: it does. */
	int (*reaches)(const struct scheduler *, int64_t last, struct error *);
	/* Or NULL. What is refused at one step is refused at all later ones. */
	bool (*closed)(const struct scheduler *, int64_t t, struct rate *, struct error *);
	struct rate (*at)(const struct scheduler *, int64_t t);                             /* or NULL */
	/* Steps of [from, to) among which, with from and to - 1, are the extremes of the curve; at
	 * most KNOTS, returns how many. Steps outside are ignored. NULL: the curve is monotone. */
	int (*knots)(const struct scheduler *, int64_t from, int64_t to, int64_t *knots);
	/* `count` > 0 rates from `from` on, all within the schedule. NULL: at() in a loop. */
	void (*fill)(const struct scheduler *, int64_t from, size_t count, double *lr);
};

#define KNOTS 16

/* ---- rows of the tables of parameters that several strategies have ---- */

#define ANY {.low = -INFINITY, .high = INFINITY}

/* One of `words`, which end with NULL. */
#define CHOICE(NAME, words, first, HELP)                                                          \
	{.name = NAME, .type = PARAMETER_CHOICE, .unit = "",                                      \
	 .accepted = {.low = 0, .high = sizeof(words) / sizeof *(words) - 2},                     \
	 .dial = {.low = 0, .high = sizeof(words) / sizeof *(words) - 2}, .scale = DIAL_COUNT,    \
	 .step = 1, .standard = VALUE_NUMBER(first), .choices = words, .help = HELP}

#define SWITCH(NAME, on, HELP)                                                                    \
	{.name = NAME, .type = PARAMETER_SWITCH, .unit = "", .accepted = {.low = 0, .high = 1},   \
	 .dial = {.low = 0, .high = 1}, .scale = DIAL_COUNT, .step = 1,                           \
	 .standard = VALUE_NUMBER(on), .help = HELP}

#define MOMENTUM(NAME, usual, HELP)                                                               \
	{.name = NAME, .type = PARAMETER_REAL, .unit = N_("1"), .accepted = ANY,                  \
	 .dial = {.low = 0, .high = 0.99}, .scale = DIAL_LINEAR, .step = 0.01,                    \
	 .standard = VALUE_NUMBER(usual), .help = HELP}

const struct strategy *strategy_row(enum strategy_id id);

/* Value of root parameter `index` of a bound scheduler; a choice's index, a switch's 0 or 1. */
static inline double bound_value(const struct scheduler *scheduler, unsigned index)
{
	return scheduler->schedule.node[0].values[index].number;
}

/* plateau_state_of, for a plateau scheduler. */
void plateau_read(const struct scheduler *scheduler, const struct scheduler_state *state,
		  struct plateau_state *out);

/* Gives root parameter `index` a number, while binding. */
void bind_value(struct scheduler *scheduler, unsigned index, double number);

/* The length that `auto` follows. Refused, naming parameter `index`, where it is not known. */
bool bind_auto(const struct scheduler *scheduler, unsigned index, const struct clock *clock,
	       int64_t *steps, struct error *error);

#endif
