/* What the study's runs produced. Lives beside the study and can always be made again: compared with
 * the study after each command, computed in slices, a newer change drops the older work. */
#ifndef LRSCOPE_STUDY_RESULTS_H
#define LRSCOPE_STUDY_RESULTS_H

#include "base/file.h"
#include "study/study.h"
#include "trainer/problem.h"
#include "trainer/record.h"
#include "trainer/run.h"

enum lane_state {
	LANE_EMPTY,   /* no such lane (no ghost) */
	LANE_REFUSED, /* `why` says what is wrong with the setting */
	LANE_RUNNING,
	LANE_DONE,
};

/* One run and its curve. */
struct lane {
	enum lane_state state;
	struct error why;
	struct setting setting;       /* what it was made from */
	struct plan plan;
	struct scheduler scheduler;   /* bound; for drawing */
	struct problem *problem;
	struct run run;
	struct record record;
	struct limit limit;           /* at the momentum of the run's start */
	struct checkpoints checkpoints;
};

#define REACH_SEEDS 9

/* What one strategy reaches on this problem: final excess for the first seeds. */
struct reach {
	bool refused;
	int seeds, wanted;            /* done so far; of how many (fewer, or 0, where they take long) */
	double excess[REACH_SEEDS];
	double median;                /* of those done; NaN without */
	double before; /* what the setting before reached: shown until the new median is whole, unless
			* that takes long; NaN: not to be shown */
};

struct results {
	enum file_kinds files;        /* that may be read as data */
	struct dataset dataset;
	struct problem problem;
	struct dataset ghost_dataset; /* used when the ghost has other data or another split */
	struct problem ghost_problem;
	struct lane now, ghost;
	struct reach reach[STRATEGY_COUNT];
	struct strip *strip;          /* the work behind reach */
	struct results_source *source; /* what the tables and problems were made from */
	uint64_t generation;          /* counts every start, for caches of the view */
};

void results_init(struct results *results);
void results_done(struct results *results);

/* Takes over a changed study: restarts what differs, keeps what does not. What is wrong with a
 * setting ends up in its lane; an error here is lack of memory or unreadable data, and then the old
 * results stay. */
bool results_follow(struct results *results, const struct study *study, struct error *error);

/* Nothing is shown but `why`, until results_follow() succeeds again. */
void results_lose(struct results *results, const struct error *why);

/* From here to the next call this file is read whenever it is followed, for it may have changed; "" or a
 * shipped set: nothing is. */
void results_reread(struct results *results, const char *data);

/* Works for at most about `budget` updates on one thing: the lane in front, the ghost, then the strip.
 * Returns true while work is left. */
bool results_work(struct results *results, int64_t budget);
/* How many updates, at least 1, take about `work` multiplications. */
int64_t results_updates(const struct results *results, double work);
/* Work is left on what the screen needs (now, ghost), or anywhere. */
bool results_lanes_busy(const struct results *results);
bool results_busy(const struct results *results);
/* Memory ran out for the strip; the next call of results_work tries again. */
bool results_starved(const struct results *results);

/* A run that goes on or is over; without one the plan and the scheduler say nothing. */
bool lane_has_run(const struct lane *lane);
/* True, and why, where the setting has no run. */
bool lane_refused(const struct lane *lane, struct error *error);

/* ---- curves over updates, for the view ---- */

/* Lowest and highest rate in force at updates from <= u < to (NaN: none). */
void lane_rates(const struct lane *lane, int64_t from, int64_t to, struct rate *low,
		struct rate *high);

/* ---- readings ---- */

struct reading {
	int64_t update, epoch;
	struct rate rate;             /* exact, as PyTorch has it; momentum: in force, driven or not */
	double limit_share;           /* lr / limit; NaN without a limit */
	double effective_lr;          /* lr / (1 - momentum), SGD */
	struct rate last;             /* at the end, where no update comes: the last one's rate, as it is drawn, */
	double last_share;            /* and its part of the limit */
	double excess, batch_loss;    /* before that update */
	bool lost;                    /* weights are NaN there: so are the losses */
	int64_t stride;               /* updates that excess and batch_loss stand for */
	double training_loss;         /* before that update */
	double validation_loss;       /* at the start of its epoch */
	bool has_plateau;
	struct plateau_state plateau;
};

/* At an update, 0 to updates (the end). False when the lane has nothing there (yet). */
bool lane_reading(struct lane *lane, int64_t update, struct reading *reading);

enum verdict_level { VERDICT_OPEN, VERDICT_OK, VERDICT_NOTE, VERDICT_ALARM };
extern const char *const verdict_marks[]; /* "..", "ok", "!", "!!" */

struct verdict {
	enum verdict_level level;
	char text[200];           /* one sentence, first the weightiest rule */
};

/* The verdict on the present run, from a handful of rules: refused; above the limit from..to; ends
 * high; length does not fit (T_max, total_steps); stepped on the wrong clock; momentum overwritten;
 * still falling; flat since. */
struct verdict results_verdict(struct results *results);

#endif
