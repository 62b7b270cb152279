/* What every strategy reaches on this very problem: the final excess, median of some seeds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "study/private.h"

/* What making a problem counts as, in updates of the budget. */
#define PROBLEM_COST 2000
/* What an update costs besides its rows, in multiplications. */
#define UPDATE_COST 500
/* Most multiplications for all seeds (ten seconds or so); longer runs get fewer seeds, at least one
 * up to ten times as many, and none beyond. */
#define STRIP_WORK 2e10
/* Most multiplications for the problem of a seed, which keys wait for (20 ms or so): where it takes
 * more, the first seed alone is run, whose problem is there. */
#define STRIP_PROBLEM 1e7
/* What was reached before stays on the screen for so many multiplications (a tenth of a second or
 * so): turning a dial then writes each figure once, and no blank in between. */
#define STRIP_KEEP 2e8

struct strip {
	bool started;
	struct training training;
	struct schedule schedule[STRATEGY_COUNT];
	struct problem problem; /* of a seed after the first */
	bool has_problem;
	struct training problem_training;
	struct run run;
	bool running;
	int strategy, seed; /* that `run` is for */
	bool starved; /* memory ran out for the last run */
	double spent; /* multiplications since the last change */
};

static struct strip *strip_open(struct results *results)
{
	struct strip *strip = results->strip;

	if (strip != NULL)
		return strip;
	strip = calloc(1, sizeof *strip);
	if (strip == NULL)
		return NULL;
	run_init(&strip->run);
	problem_init(&strip->problem);
	results->strip = strip;
	return strip;
}

void strip_done(struct results *results)
{
	struct strip *strip = results->strip;

	if (strip == NULL)
		return;
	run_done(&strip->run);
	problem_done(&strip->problem);
	free(strip);
	results->strip = NULL;
}

static double update_work(const struct results *results, const struct plan *plan)
{
	return (double)plan->batch * (double)(results->dataset.features + 1) + UPDATE_COST;
}

/* How many seeds this run leaves time for. False where it is refused. */
static bool seeds_wanted(const struct results *results, const struct strip *strip, int strategy,
			 int *wanted)
{
	double size = (double)results->dataset.features + 1;
	struct plan plan;
	double work;

	*wanted = 0;
	if (!plan_make(&plan, &strip->training, (enum strategy_id)strategy, results->dataset.rows,
		       NULL))
		return false;
	work = update_work(results, &plan) * (double)plan.updates * STRATEGY_COUNT;
	if (work * REACH_SEEDS <= STRIP_WORK)
		*wanted = REACH_SEEDS;
	else if (work <= 10 * STRIP_WORK)
		*wanted = work * 2 > STRIP_WORK ? 1 : (int)(STRIP_WORK / work);
	if (*wanted > 1 && (double)plan.training_rows * size * size > STRIP_PROBLEM)
		*wanted = 1;
	return true;
}

static void begin(struct results *results, struct strip *strip, int strategy)
{
	struct reach *reach = &results->reach[strategy];
	double before = reach->seeds > 0 && reach->seeds == reach->wanted ? reach->median
									  : reach->before;

	memset(reach, 0, sizeof *reach);
	reach->median = NAN;
	reach->before = before;
	strip->spent = 0;
	reach->refused = !seeds_wanted(results, strip, strategy, &reach->wanted);
	if (strip->running && strip->strategy == strategy)
		strip->running = false;
}

void strip_leave(struct results *results, const struct problem *problem)
{
	struct strip *strip = results->strip;

	if (strip != NULL && strip->running && strip->run.problem == problem)
		strip->running = false;
}

void strip_restart(struct results *results)
{
	if (results->strip != NULL)
		results->strip->started = false;
}

bool strip_follow(struct results *results, const struct study *study, struct error *error)
{
	struct strip *strip = strip_open(results);
	bool all;
	int s;

	if (strip == NULL)
		return error_memory(error);
	all = !strip->started ||
	      memcmp(&strip->training, &study->now.training, sizeof strip->training) != 0;
	if (all) {
		strip->started = true;
		strip->training = study->now.training;
		strip->running = strip->has_problem = false;
	}
	for (s = 0; s < STRATEGY_COUNT; s++) {
		struct schedule schedule = study_schedule_of(study, (enum strategy_id)s);

		if (!all && memcmp(&strip->schedule[s], &schedule, sizeof schedule) == 0)
			continue;
		strip->schedule[s] = schedule;
		begin(results, strip, s);
	}
	return true;
}

/* ---- work ---- */

/* The next thing to run: seeds in the outer loop, so that a problem is made once. */
static bool next_run(const struct results *results, int *strategy, int *seed)
{
	for (*seed = 0; *seed < REACH_SEEDS; ++*seed)
		for (*strategy = 0; *strategy < STRATEGY_COUNT; ++*strategy) {
			const struct reach *reach = &results->reach[*strategy];

			if (!reach->refused && *seed < reach->wanted && reach->seeds <= *seed)
				return true;
		}
	return false;
}

bool strip_busy(const struct results *results)
{
	int strategy, seed;

	return results->strip != NULL && results->strip->started &&
	       next_run(results, &strategy, &seed);
}

static struct problem *problem_for(struct results *results, struct strip *strip,
				   const struct training *training, const struct plan *plan,
				   int64_t *budget, struct error *error)
{
	struct problem *there = results_problem(results, training);

	if (there != NULL)
		return there;
	if (strip->has_problem &&
	    memcmp(&strip->problem_training, training, sizeof *training) == 0)
		return &strip->problem;
	strip->has_problem = false;
	*budget -= PROBLEM_COST;
	problem_done(&strip->problem);
	problem_init(&strip->problem);
	if (!problem_make(&strip->problem, &results->dataset, plan, error))
		return NULL;
	strip->has_problem = true;
	strip->problem_training = *training;
	return &strip->problem;
}

/* Without memory the next call of strip_work tries again. */
static void start_run(struct results *results, struct strip *strip, int64_t *budget)
{
	struct reach *reach = &results->reach[strip->strategy];
	struct training training = training_seeded(&strip->training, strip->seed);
	struct error error = {.kind = ERROR_NONE};
	struct problem *problem;
	struct plan plan;

	strip->running = plan_make(&plan, &training, (enum strategy_id)strip->strategy,
				   results->dataset.rows, &error);
	if (strip->running) {
		problem = problem_for(results, strip, &training, &plan, budget, &error);
		strip->running = problem != NULL &&
				 run_start(&strip->run, problem, &plan, &training,
					   &strip->schedule[strip->strategy], true, &error);
	}
	strip->starved = !strip->running && error.kind == ERROR_MEMORY;
	if (strip->running || strip->starved)
		return;
	reach->before = NAN; /* no more seeds come that would take its place */
	if (strip->seed == 0)
		reach->refused = true;
	else /* a split that cannot be learnt from: the seeds before it have to do */
		reach->wanted = reach->seeds;
}

static void finish_run(struct results *results, struct strip *strip)
{
	struct reach *reach = &results->reach[strip->strategy];
	const struct plan *plan = &strip->run.plan;
	double excess = problem_excess(strip->run.problem, strip->run.weights), sorted[REACH_SEEDS];

	reach->excess[reach->seeds++] = isnan(excess) ? INFINITY : excess; /* diverged: the worst */
	memcpy(sorted, reach->excess, (size_t)reach->seeds * sizeof *sorted);
	reach->median = number_median(sorted, reach->seeds);
	strip->running = false;
	if (reach->seeds == reach->wanted)
		reach->before = NAN;
	strip_age(results, plan, plan->updates);
}

bool results_starved(const struct results *results)
{
	return results->strip != NULL && results->strip->starved;
}

/* `updates` of `plan` since the last change: what was reached before is old in the end. */
void strip_age(struct results *results, const struct plan *plan, int64_t updates)
{
	struct strip *strip = results->strip;

	if (strip == NULL)
		return;
	strip->spent += (double)updates * update_work(results, plan);
	for (int s = 0; s < STRATEGY_COUNT && strip->spent > STRIP_KEEP; s++)
		results->reach[s].before = NAN;
}

/* Whether work is left. If not, the problem is not kept: a change begins with the seed of the lanes. */
static bool go_on(struct results *results, struct strip *strip)
{
	if (strip_busy(results))
		return true;
	strip->has_problem = false;
	problem_done(&strip->problem);
	problem_init(&strip->problem);
	return false;
}

bool strip_work(struct results *results, int64_t *budget)
{
	struct strip *strip = results->strip;

	if (strip == NULL || !strip->started)
		return false;
	while (*budget > 0) {
		if (!strip->running) {
			if (!next_run(results, &strip->strategy, &strip->seed))
				break;
			start_run(results, strip, budget);
			if (strip->starved)
				break;
		}
		while (strip->running && *budget > 0) {
			--*budget;
			if (!run_update(&strip->run, NULL))
				finish_run(results, strip);
		}
	}
	return go_on(results, strip);
}
