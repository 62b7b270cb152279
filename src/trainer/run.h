/* One training run, an update at a time. Deterministic: same plan, same bits. */
#ifndef LRSCOPE_TRAINER_RUN_H
#define LRSCOPE_TRAINER_RUN_H

#include "schedule/schedule.h"
#include "trainer/problem.h"

/* What one update saw and did. */
struct update {
	int64_t update, epoch;
	double lr, momentum;      /* in force for it (momentum: SGD's or beta1) */
	double batch_loss;        /* of its mini-batch, before it */
	double excess;            /* training excess before it */
};

struct run {
	const struct problem *problem;
	struct plan plan;
	struct scheduler scheduler;
	struct scheduler_state state;
	int64_t update, epoch;    /* done so far */
	struct rate last;         /* in force for the last update */
	double *weights;          /* size of problem: features, then bias */
	double momentum;          /* where the schedule drives none */
	double metric;            /* after the last epoch, with the ripple: what plateau is given; NaN
				     before the first epoch and for other strategies */
	bool stopped;             /* schedule or optimizer ended before the run (`why` says it) */
	struct error why;
	struct run_memory *memory; /* buffers of the optimizer, and what the run knows of its batches */
};

void run_init(struct run *run);
void run_done(struct run *run);

/* Sets everything up for update 0; may be called again on the same run (buffers are reused).
 * A full batch is not shuffled: its sum is the same in any order.
 * Refused as plan_make and scheduler_bind say, and where `training` gives a wrong number of
 * starting weights. With `lenient` a one cycle shorter than the run is accepted and the run
 * stops at its end. `problem` must outlive the run. */
bool run_start(struct run *run, const struct problem *problem, const struct plan *plan,
	       const struct training *training, const struct schedule *schedule, bool lenient,
	       struct error *error);

/* At most `most` updates up to the end of the epoch; returns how many, 0 when the run is over (all
 * updates done, or `stopped`). What each saw goes into two arrays: the loss of its mini-batch and the
 * training excess before it (may be NULL). */
int64_t run_epoch(struct run *run, int64_t most, double *batch_loss, double *excess);

/* One update; `seen` (may be NULL) gets what happened. False when the run is over. */
bool run_update(struct run *run, struct update *seen);

/* Whether schedule and optimizer last to the end of a run of this plan: the reason is that of the first
 * update before which PyTorch raises. What depends on the metrics is left out. */
bool run_reaches(const struct plan *plan, const struct scheduler *scheduler, struct error *error);

/* The rate for the next update (what row e of `train` shows): lr and the optimizer's momentum or
 * beta1, the schedule's or its own. */
struct rate run_rate(const struct run *run);

#endif
