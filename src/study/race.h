/* A race of all strategies on the study's own problem: for each the peak rate is tuned on a grid with
 * the same budget, over several seeds. Lives beside the study; goes on in slices. */
#ifndef LRSCOPE_STUDY_RACE_H
#define LRSCOPE_STUDY_RACE_H

#include "study/study.h"
#include "study/wizard.h"
#include "trainer/problem.h"

#define RACE_RATES 9
#define RACE_SEEDS 5

enum race_state { RACE_NONE, RACE_RUNNING, RACE_STOPPED, RACE_DONE };

struct spread {
	double median, low, high; /* over the seeds; inf: lost; NaN: there is none */
};

struct racer {
	bool refused;
	char why[200];
	double excess[RACE_RATES][RACE_SEEDS]; /* final; inf where the run is lost */
	double loss[RACE_RATES][RACE_SEEDS];   /* validation, final; NaN without validation rows */
	int best;                              /* rate with the lowest median excess */
	struct spread best_excess, best_loss;  /* at that rate */
	int rank;                              /* by median excess, from 1, joint where equal; 0: none */
};

struct race {
	enum race_state state;
	bool has_limit;             /* the grid follows the largest stable rate */
	double limit;
	double rates[RACE_RATES];   /* ascending */
	int64_t updates;            /* of each run */
	int seeds;                  /* done: ranks and spreads are of these */
	int done, total;            /* runs */
	struct error why;           /* stopped of itself: a seed whose split is refused, no memory */
	struct racer racers[STRATEGY_COUNT];
	struct race_work *work;
};

void race_init(struct race *race);
void race_done(struct race *race);
/* Begins, or goes on after a stop. `dataset` is the table of study->now and must stay while the race
 * runs. Refused where no run can be made. */
bool race_start(struct race *race, const struct study *study, const struct dataset *dataset,
		struct error *error);
void race_stop(struct race *race);
/* A running race begins again, one that is over is forgotten. False where it cannot: then there is none. */
bool race_renew(struct race *race, const struct study *study, const struct dataset *dataset,
		struct error *error);
/* The same after a change of the study; what that does not touch goes on. */
bool race_follow(struct race *race, const struct study *study, const struct dataset *dataset,
		 struct error *error);
/* Works for about `budget` updates; true while work is left. If not, it is done, or stopped with `why`. */
bool race_work(struct race *race, int64_t budget);

/* Strategies by rank, then in the table's order; refused ones last. Returns how many. */
int race_order(const struct race *race, enum strategy_id order[STRATEGY_COUNT]);
/* What the wizard makes of a strategy: its place in advice.list, or -1 without answers or where the
 * rules do not know it. */
int race_place(const struct wizard *wizard, enum strategy_id id);
/* What it shows and what not, a paragraph each: the toy; agreement or disagreement with the rules;
 * ends of the grid. */
void race_words(const struct race *race, const struct wizard *wizard, struct text *text);

#endif
