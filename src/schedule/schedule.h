/* What the learning rate is at scheduler step t.
 *
 * Three things, from what a person says to what can be stepped:
 *   struct schedule   the request: a tree of strategies with parameter values as given
 *   struct scheduler  the request bound to a run: checked, every default and `auto` a number
 *   struct scheduler_state   where it is: small, plain, copied freely
 *
 * No output, no clock, no allocation (checkpoints excepted). t counts scheduler steps
 * from 0: the rate at t = 0 is in force before any scheduler.step(). */
#ifndef LRSCOPE_SCHEDULE_SCHEDULE_H
#define LRSCOPE_SCHEDULE_SCHEDULE_H

#include <stdint.h>

#include "base/error.h"
#include "base/parameter.h"

enum strategy_id {
#define STRATEGY(NAME, id) STRATEGY_##NAME,
#include "schedule/strategies.def"
#undef STRATEGY
	STRATEGY_COUNT
};

#define STRATEGY_PARAMETERS 14 /* most parameters that one strategy has */
#define SCHEDULE_NODES 1       /* most strategies in one tree; compositions will raise it */

/* One strategy of a tree. Children follow their parent (pre-order). */
struct schedule_node {
	enum strategy_id strategy;
	unsigned parts; /* direct children; 0 for a simple strategy */
	struct value values[STRATEGY_PARAMETERS]; /* in the order of strategy_parameters() */
};

/* A request. Plain data: copied and compared as bytes (start from schedule_of). */
struct schedule {
	struct value lr; /* the optimizer's base rate; 0.1 when unset */
	unsigned nodes;  /* used, at least 1 */
	struct schedule_node node[SCHEDULE_NODES]; /* node[0] is the root */
};

/* What drives momentum, and how the optimizer calls it. */
enum momentum_kind { MOMENTUM_SGD, MOMENTUM_BETA1 };

/* The run that a schedule is bound to. Lengths in scheduler steps. */
struct clock {
	bool run;               /* true: a training run (train, plot, explorer); false: a bare trace */
	int64_t steps;          /* length that `auto` follows: rows of a trace, scheduler steps a run
				   has room for (epochs x batches, or epochs); 0 where not known */
	int64_t needed;         /* highest t that will be asked for; a one cycle shorter than this is
				   refused; 0: not checked */
	int64_t epochs;         /* training length; 0 in a bare trace */
	int64_t batches;        /* updates an epoch; steps_per_epoch's default in a run */
};

/* The rate in force. */
struct rate {
	double lr;
	double momentum; /* SGD's momentum or Adam's beta1; NaN where the schedule does not drive it */
};

#define SCHEDULER_STATE_NUMBERS 8

struct scheduler_state {
	int64_t t;
	struct rate rate;
	double numbers[SCHEDULER_STATE_NUMBERS]; /* the strategy's own */
};

struct scheduler {
	struct schedule schedule; /* resolved: every value GIVEN or NONE */
	double lr;                /* base rate */
	int64_t length;           /* steps it has (t < length); INT64_MAX where it has no end */
	bool drives_momentum;
	bool needs_metric;
	double constants[24];     /* the strategy's own, derived at bind */
};

/* Plateau's memory, for display. */
struct plateau_state {
	double best;      /* +-inf before the first improvement */
	double threshold; /* a metric must be beyond this to count as better */
	double bad_epochs, patience;
	double cooldown;  /* steps left */
	double next_lr;   /* what the next cut would set */
};

/* ---- the table ---- */

const char *strategy_name(enum strategy_id id);         /* "onecycle" */
const char *strategy_title(enum strategy_id id);        /* "One Cycle Policy" */
const char *strategy_pytorch(enum strategy_id id);      /* "OneCycleLR"; "" for constant */
const char *strategy_short(enum strategy_id id);        /* at most 4 letters for a narrow strip: "one" */
bool strategy_find(const char *name, enum strategy_id *id, struct error *error);
const char *const *strategy_names(void);                /* STRATEGY_COUNT of them */
/* Its parameters without `lr`; returns how many. */
unsigned strategy_parameters(enum strategy_id id, const struct parameter **parameters);
int strategy_parameter(enum strategy_id id, const char *name); /* index, or -1 */
extern const struct parameter schedule_lr;              /* the row of `lr` */
bool strategy_needs_metric(enum strategy_id id);        /* plateau */
bool strategy_has_closed(enum strategy_id id);          /* PyTorch has a closed form */
bool strategy_steps_per_batch(enum strategy_id id);     /* default of step_per */
/* The parameter that is the peak rate ("max_lr"), or NULL where `lr` is. */
const char *strategy_peak(enum strategy_id id);

/* ---- requests ---- */

/* A one-node request with every value unset. All bytes are defined. */
struct schedule schedule_of(enum strategy_id id);
/* Sets root parameter `name` (or lr). Request error names the word, what is allowed, the nearest. */
bool schedule_set(struct schedule *schedule, const char *name, const char *word,
		  struct error *error);
/* The value that a bound schedule would use, before binding: its own or the default. */
struct value schedule_value(const struct schedule *schedule, unsigned parameter);
/* Peak rate: root's max_lr or lr. */
double schedule_peak(const struct schedule *schedule);
void schedule_set_peak(struct schedule *schedule, double lr);

/* ---- bound ---- */

/* Checks everything that PyTorch checks or would divide by, fills defaults (PyTorch's; else
 * the guide's example in a trace and `auto` in a run for total_steps, T_max, step_size) and
 * turns `auto` into numbers. Every refusal has its reason. */
bool scheduler_bind(struct scheduler *scheduler, const struct schedule *schedule,
		    const struct clock *clock, struct error *error);

/* Row 0. False (with reason) where PyTorch's constructor divides by zero. */
bool scheduler_start(const struct scheduler *scheduler, struct scheduler_state *state,
		     struct error *error);
/* scheduler.step(): PyTorch's own recursive arithmetic, bit for bit. `metric` is read by plateau
 * only. False where PyTorch raises (past the end, division by zero); state is then unchanged. */
bool scheduler_next(const struct scheduler *scheduler, struct scheduler_state *state,
		    double metric, struct error *error);
/* PyTorch's closed form at t, in its own arithmetic, bit for bit. False where it has none or raises. */
bool scheduler_closed(const struct scheduler *scheduler, int64_t t, struct rate *rate,
		      struct error *error);
/* Whether steps 0 to `last` are there, in PyTorch's recursion or in its closed form: the reason is that
 * of the first that is not. Without a walk over them but for unusual values of cosine's T_max. */
bool scheduler_reaches(const struct scheduler *scheduler, int64_t last, bool closed,
		       struct error *error);
/* For drawing: within 1e-12 of the peak of the mathematical value for t up to 1e8. NaN past the
 * end, for plateau, and where it is not defined. Where PyTorch's two forms mean different curves
 * (StepLR with a fractional or negative step_size) it is the recursive one, which a run follows. */
struct rate scheduler_at(const struct scheduler *scheduler, int64_t t);
/* The rates of scheduler_at for from <= t < from + count, several times as fast; within 1e-12 of
 * the peak of them, the same for every way to cut a span into calls. */
void scheduler_fill(const struct scheduler *scheduler, int64_t from, size_t count, double *lr);
/* Lowest and highest lr and momentum of scheduler_at over whole steps from <= t < to, at a cost
 * independent of to - from. Steps past the end are left out; NaN where nothing remains. */
void scheduler_range(const struct scheduler *scheduler, int64_t from, int64_t to,
		     struct rate *low, struct rate *high);

bool plateau_state_of(const struct scheduler *scheduler, const struct scheduler_state *state,
		      struct plateau_state *out); /* false for other strategies */

/* ---- exact values anywhere ---- */

#define CHECKPOINTS 1024

/* States along the recursion, so that exact(t) replays at most a part of it. Not for plateau. */
struct checkpoints {
	int64_t stride;
	int count;
	struct scheduler_state *states; /* CHECKPOINTS of them, allocated at first use */
};

void checkpoints_init(struct checkpoints *checkpoints);
void checkpoints_done(struct checkpoints *checkpoints);
void checkpoints_forget(struct checkpoints *checkpoints); /* the scheduler changed */
/* The recursive value at t (0 <= t <= 1,000,000 is the use it is made for). */
bool checkpoints_exact(struct checkpoints *checkpoints, const struct scheduler *scheduler,
		       int64_t t, struct rate *rate, struct error *error);

#endif
