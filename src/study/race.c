/* The race: seeds outside, then strategies, then rates, so that a seed's problem is made once. */
#include "study/race.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "study/private.h"
#include "trainer/run.h"

/* What making a problem counts as, in updates of the budget. */
#define PROBLEM_COST 2000
/* The grid: from a 64th of the largest stable rate (with momentum mu, which makes steps 1/(1-mu)
 * longer, 1-mu of that) to a little above it; without one, fixed. */
#define GRID_LOW (1.0 / 64)
#define GRID_HIGH 1.4
#define FIXED_LOW 1e-3
#define FIXED_HIGH 1.0

/* What is raced, and where it stands. */
struct race_work {
	struct setting setting[STRATEGY_COUNT]; /* fitted, peak 0 */
	const struct dataset *dataset;
	struct problem problem; /* of `seed` */
	bool has_problem, running;
	struct run run;
	int seed, strategy, rate; /* that `run` is for, or that comes next */
};

void race_init(struct race *race)
{
	memset(race, 0, sizeof *race);
}

static void free_work(struct race_work *work)
{
	if (work == NULL)
		return;
	run_done(&work->run);
	problem_done(&work->problem);
	free(work);
}

void race_done(struct race *race)
{
	free_work(race->work);
	race_init(race);
}

/* ---- what is raced ---- */

static void settings_of(const struct study *study, struct setting setting[STRATEGY_COUNT])
{
	int s;

	for (s = 0; s < STRATEGY_COUNT; s++) {
		setting[s].schedule = study_schedule_of(study, (enum strategy_id)s);
		setting[s].training = study->now.training;
		setting_fit(&setting[s]);
		setting[s].schedule.lr.how = VALUE_GIVEN; /* overwritten where max_lr is the peak */
		setting[s].schedule.lr.number = 0;
		schedule_set_peak(&setting[s].schedule, 0);
	}
}

/* The problem of the present seed. */
static bool make_problem(struct race_work *work, struct error *error)
{
	struct training training = training_seeded(&work->setting[0].training, work->seed);
	struct plan plan;

	problem_done(&work->problem);
	problem_init(&work->problem);
	work->has_problem = plan_make(&plan, &training, STRATEGY_CONSTANT, work->dataset->rows,
				      error) &&
			    problem_make(&work->problem, work->dataset, &plan, error);
	return work->has_problem;
}

static bool make_grid(struct race *race, struct error *error)
{
	struct race_work *work = race->work;
	double low = FIXED_LOW, high = FIXED_HIGH;
	struct limit limit;
	struct plan plan;
	int k;

	plan_make(&plan, &work->setting[0].training, STRATEGY_CONSTANT, work->dataset->rows, NULL);
	limit = problem_limit(&work->problem, &plan,
			      plan.optimizer == OPTIMIZER_SGD ? plan.momentum : 0);
	if (limit.no_memory)
		return error_memory(error); /* another limit would be another race */
	race->updates = plan.updates;
	race->has_limit = limit.kind != LIMIT_NONE && isfinite(limit.lr) && limit.lr > 0;
	race->limit = race->has_limit ? limit.lr : NAN;
	if (race->has_limit) {
		low = limit.lr * GRID_LOW * (plan.momentum < 0.99 ? 1 - plan.momentum : 0.01);
		high = limit.lr * GRID_HIGH;
	}
	for (k = 0; k < RACE_RATES; k++)
		race->rates[k] = low * pow(high / low, (double)k / (RACE_RATES - 1));
	return true;
}

bool race_start(struct race *race, const struct study *study, const struct dataset *dataset,
		struct error *error)
{
	struct race_work *work;

	if (!race_follow(race, study, dataset, error))
		return false;
	if (race->state == RACE_STOPPED) {
		race->why.kind = ERROR_NONE;
		race->state = RACE_RUNNING;
	}
	if (race->state != RACE_NONE)
		return true;
	work = calloc(1, sizeof *work);
	if (work == NULL)
		return error_memory(error);
	run_init(&work->run);
	problem_init(&work->problem);
	work->dataset = dataset;
	settings_of(study, work->setting);
	if (!make_problem(work, error)) {
		free_work(work);
		return false;
	}
	race_done(race);
	race->work = work;
	race->state = RACE_RUNNING;
	race->total = RACE_SEEDS * STRATEGY_COUNT * RACE_RATES;
	if (make_grid(race, error))
		return true;
	race_done(race);
	return false;
}

void race_stop(struct race *race)
{
	if (race->state == RACE_RUNNING)
		race->state = RACE_STOPPED;
}

bool race_renew(struct race *race, const struct study *study, const struct dataset *dataset,
		struct error *error)
{
	bool running = race->state == RACE_RUNNING;

	race_done(race);
	return !running || race_start(race, study, dataset, error);
}

bool race_follow(struct race *race, const struct study *study, const struct dataset *dataset,
		 struct error *error)
{
	struct setting setting[STRATEGY_COUNT];

	if (race->state == RACE_NONE)
		return true;
	memset(setting, 0, sizeof setting);
	settings_of(study, setting);
	return memcmp(setting, race->work->setting, sizeof setting) == 0 ||
	       race_renew(race, study, dataset, error);
}

/* ---- results ---- */

/* Of `count` numbers without NaN, unless all are. */
static struct spread spread_of(const double *numbers, int count)
{
	double sorted[RACE_SEEDS];
	struct spread spread = {NAN, NAN, NAN};

	if (count == 0 || isnan(numbers[0]))
		return spread;
	memcpy(sorted, numbers, (size_t)count * sizeof *sorted);
	spread.median = number_median(sorted, count);
	spread.low = sorted[0];
	spread.high = sorted[count - 1];
	return spread;
}

/* The rate with the lowest median; of equal ones the lowest. */
static void judge_racer(struct racer *racer, int seeds)
{
	struct spread spread;
	int k;

	racer->best = 0;
	racer->best_excess = spread_of(racer->excess[0], seeds);
	for (k = 1; k < RACE_RATES; k++) {
		spread = spread_of(racer->excess[k], seeds);
		if (!(spread.median < racer->best_excess.median))
			continue;
		racer->best = k;
		racer->best_excess = spread;
	}
	racer->best_loss = spread_of(racer->loss[racer->best], seeds);
}

static void judge(struct race *race)
{
	int s, other;

	for (s = 0; s < STRATEGY_COUNT; s++)
		if (!race->racers[s].refused)
			judge_racer(&race->racers[s], race->seeds);
	for (s = 0; s < STRATEGY_COUNT; s++) {
		struct racer *racer = &race->racers[s];

		racer->rank = racer->refused ? 0 : 1;
		for (other = 0; other < STRATEGY_COUNT && !racer->refused; other++)
			racer->rank += !race->racers[other].refused &&
				       race->racers[other].best_excess.median <
					       racer->best_excess.median;
	}
}

int race_order(const struct race *race, enum strategy_id order[STRATEGY_COUNT])
{
	int count = 0, rank, s;

	for (rank = 1; rank <= STRATEGY_COUNT + 1; rank++)
		for (s = 0; s < STRATEGY_COUNT; s++)
			if (race->racers[s].rank == (rank <= STRATEGY_COUNT ? rank : 0))
				order[count++] = (enum strategy_id)s;
	return count;
}

/* ---- work ---- */

static void refuse(struct racer *racer, const struct error *why)
{
	racer->refused = true;
	text_safe(racer->why, sizeof racer->why, why->text, false);
}

static void start_run(struct race *race)
{
	struct race_work *work = race->work;
	enum strategy_id id = (enum strategy_id)work->strategy;
	struct setting setting = work->setting[work->strategy];
	struct error why = {.kind = ERROR_NONE};
	struct plan plan;

	setting.training = training_seeded(&setting.training, work->seed);
	schedule_set_peak(&setting.schedule, race->rates[work->rate]);
	work->running = plan_make(&plan, &setting.training, id, work->dataset->rows, &why) &&
			run_start(&work->run, &work->problem, &plan, &setting.training,
				  &setting.schedule, true, &why);
	if (!work->running && why.kind == ERROR_MEMORY) {
		race->why = why;
		race->state = RACE_STOPPED; /* as without memory for a problem: it can go on */
	} else if (!work->running)
		refuse(&race->racers[work->strategy], &why);
}

/* To the next run that is to be made; false after the last one. */
static bool advance(struct race *race)
{
	struct race_work *work = race->work;

	do {
		race->done++;
		if (++work->rate < RACE_RATES)
			continue;
		work->rate = 0;
		if (++work->strategy < STRATEGY_COUNT)
			continue;
		work->strategy = 0;
		work->seed++;
		work->has_problem = false;
		race->seeds = work->seed;
		judge(race);
	} while (work->seed < RACE_SEEDS && race->racers[work->strategy].refused);
	return work->seed < RACE_SEEDS;
}

static void finish_run(struct race *race)
{
	struct race_work *work = race->work;
	struct racer *racer = &race->racers[work->strategy];
	double excess = problem_excess(&work->problem, work->run.weights);
	double loss = problem_validation_loss(&work->problem, work->run.weights);

	racer->excess[work->rate][work->seed] = isnan(excess) ? INFINITY : excess;
	racer->loss[work->rate][work->seed] =
		isnan(loss) && work->problem.validation_rows > 0 ? INFINITY : loss;
	work->running = false;
}

bool race_work(struct race *race, int64_t budget)
{
	struct race_work *work = race->work;

	while (race->state == RACE_RUNNING && budget > 0) {
		if (!work->has_problem) {
			budget -= PROBLEM_COST;
			if (!make_problem(work, &race->why)) {
				if (race->why.kind != ERROR_MEMORY)
					error_prefix(&race->why, "seed=%.0f", training_number(
						&work->setting[0].training, TRAINING_SEED) + work->seed);
				race->state = RACE_STOPPED;
				break;
			}
		}
		if (!work->running)
			start_run(race);
		if (race->state != RACE_RUNNING)
			break;
		while (work->running && budget > 0) {
			budget--;
			if (!run_update(&work->run, NULL))
				finish_run(race);
		}
		if (!work->running && !advance(race))
			race->state = RACE_DONE;
	}
	return race->state == RACE_RUNNING;
}
