/* What the numbers cost: the drawn curve, the exact trace, training runs; against plain C loops
 * always, against numpy and PyTorch where they are installed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "schedule/schedule.h"
#include "trainer/lanes.h"
#include "trainer/problem.h"
#include "trainer/random.h"
#include "trainer/record.h"
#include "trainer/run.h"

#define STEPS 1000000
#define BLOCK 4096 /* doubles written to again and again: stays in the second cache */

static void fail(const char *what, const struct error *error)
{
	fprintf(stderr, "bench: %s: %s\n", what, error->text);
	exit(1);
}

/* ---- curve and trace ---- */

static struct scheduler bound(enum strategy_id id, const char *const *words, int64_t steps)
{
	struct schedule schedule = schedule_of(id);
	struct error error = {0};
	struct clock clock = {.steps = steps, .needed = steps - 1};
	struct scheduler scheduler;
	for (; *words; words += 2)
		if (!schedule_set(&schedule, words[0], words[1], &error))
			fail(words[0], &error);
	if (!scheduler_bind(&scheduler, &schedule, &clock, &error))
		fail("bind", &error);
	return scheduler;
}

static double block[BLOCK];

/* In lanes: a single chain of additions would take longer than what is measured. */
static double total(const double *values, int64_t count)
{
	double lanes[16] = {0}, sum = 0;
	int64_t i = 0;
	for (; i + 16 <= count; i += 16)
		for (int k = 0; k < 16; k++)
			lanes[k] += values[i + k];
	for (; i < count; i++)
		sum += values[i];
	for (int k = 0; k < 16; k++)
		sum += lanes[k];
	return sum;
}

static double drawn_curve(void *context)
{
	const struct scheduler *scheduler = context;
	double sum = 0;
	for (int64_t from = 0; from < STEPS; from += BLOCK) {
		int64_t to = from + BLOCK < STEPS ? from + BLOCK : STEPS;
		scheduler_fill(scheduler, from, (size_t)(to - from), block);
		sum += total(block, to - from);
	}
	return sum;
}

static double plain_curve(void *context)
{
	(void)context;
	double sum = 0;
	for (int64_t from = 0; from < STEPS; from += BLOCK) {
		int64_t to = from + BLOCK < STEPS ? from + BLOCK : STEPS;
		for (int64_t t = from; t < to; t++)
			block[t - from] = 0.1 * (1 + cos(M_PI * (double)t / STEPS)) / 2;
		sum += total(block, to - from);
	}
	return sum;
}

static double store_limit(void *context)
{
	const double *value = context;
	double sum = 0;
	for (int64_t from = 0; from < STEPS; from += BLOCK) {
		for (int i = 0; i < BLOCK; i++)
			block[i] = *value;
		__asm__ volatile("" : : "r"(block) : "memory");
		sum += block[BLOCK - 1];
	}
	return sum;
}

static double exact_trace(void *context)
{
	const struct scheduler *scheduler = context;
	struct scheduler_state state;
	struct error error = {0};
	double sum = 0;
	if (!scheduler_start(scheduler, &state, &error))
		fail("start", &error);
	sum += state.rate.lr;
	for (int64_t t = 1; t < STEPS; t++) {
		if (!scheduler_next(scheduler, &state, 0, &error))
			fail("next", &error);
		sum += state.rate.lr;
	}
	return sum;
}

/* PyTorch's recursion for CosineAnnealingLR, as one would write it by hand. */
static double plain_trace(void *context)
{
	(void)context;
	double lr = 0.1, sum = lr;
	for (int64_t t = 1; t < STEPS; t++) {
		lr = (1 + cos(M_PI * (double)t / STEPS)) /
		     (1 + cos(M_PI * (double)(t - 1) / STEPS)) * lr;
		sum += lr;
	}
	return sum;
}

static double peer(void *context)
{
	(void)context;
	return 0;
}

/* A Python peer measured once: its start-up is no part of it. */
static struct contender python(const char *name)
{
	struct contender it = {.name = name, .work = peer, .tolerance = -1, .scale = 1};
	double seconds;
	it.absent = !bench_peer(name, &seconds);
	for (int i = 0; i < BENCH_ROUNDS && !it.absent; i++)
		it.seconds[i] = seconds;
	return it;
}

static void against(const char *title, const struct contender *other,
		    const struct contender *ours, double goal)
{
	if (other->absent)
		printf("  = %-42s    absent     goal: at least %g\n", title, goal);
	else
		bench_ratio(title, other, ours, goal);
}

#define COLUMNS 332 /* dots of a plot at 200 columns */
#define FRAMES 200

struct framed {
	struct scheduler scheduler;
	int64_t steps;
};

/* What the screen needs: the lowest and highest rate of each column of dots. */
static double frame(void *context)
{
	const struct framed *framed = context;
	double sum = 0;
	for (int i = 0; i < FRAMES; i++)
		for (int column = 0; column < COLUMNS; column++) {
			struct rate low, high;
			int64_t from = framed->steps * column / COLUMNS;
			int64_t to = framed->steps * (column + 1) / COLUMNS;
			scheduler_range(&framed->scheduler, from, to > from ? to : from + 1, &low,
					&high);
			sum += low.lr + high.lr;
		}
	return sum;
}

/* The same from all steps, by hand. */
static double plain_frame(void *context)
{
	const struct framed *framed = context;
	double sum = 0;
	for (int64_t column = 0; column < COLUMNS; column++) {
		double low = INFINITY, high = -INFINITY;
		for (int64_t t = STEPS * column / COLUMNS; t < STEPS * (column + 1) / COLUMNS; t++) {
			double lr = 0.1 * (1 + cos(M_PI * (double)t / STEPS)) / 2;
			low = lr < low ? lr : low;
			high = lr > high ? lr : high;
		}
		sum += low + high;
	}
	return framed->steps == STEPS ? FRAMES * sum : 0;
}

static bool drawn(const struct scheduler *cosine, struct contender *numpy, struct contender *torch)
{
	struct framed framed = {*cosine, STEPS};
	struct contender it[] = {
		{"plain C, all steps", plain_frame, &framed, 0, STEPS, {0}, 0, false},
		{"drawn, 332 columns of dots", frame, &framed, 1e-12, (double)STEPS * FRAMES, {0}, 0,
		 false},
	};
	bool right = bench_run("Curve of 1e6 steps, as it is drawn, a step:", it, 2);
	bench_ratio("plain C / ours", &it[0], &it[1], 0);
	against("numpy / ours", numpy, &it[1], 20);
	against("PyTorch / ours", torch, &it[1], 15000);
	return right;
}

static bool curve(void)
{
	static const char *const words[] = {"lr", "0.1", "T_max", "1000000", NULL};
	struct scheduler cosine = bound(STRATEGY_COSINE, words, STEPS);
	double value = 0.1;
	struct contender it[] = {
		{"plain C, libm cos", plain_curve, NULL, 0, STEPS, {0}, 0, false},
		{"drawn curve, cosine", drawn_curve, &cosine, 1e-12, STEPS, {0}, 0, false},
		{"storing alone", store_limit, &value, -1, STEPS, {0}, 0, false},
	};
	struct contender numpy = python("numpy_cosine"), torch = python("torch_trace");
	bool right = bench_run("Curve of 1e6 steps, every step, a step:", it, 3);
	bench_ratio("plain C / ours", &it[0], &it[1], 0);
	bench_ratio("ours / storing alone", &it[1], &it[2], -3);
	against("numpy / ours", &numpy, &it[1], 20);
	against("PyTorch / ours", &torch, &it[1], 15000);
	right &= drawn(&cosine, &numpy, &torch);

	struct contender trace[] = {
		{"plain C recursion", plain_trace, NULL, 0, STEPS, {0}, 0, false},
		{"exact trace, cosine", exact_trace, &cosine, 1e-9, STEPS, {0}, 0, false},
	};
	right &= bench_run("Exact trace, 1e6 steps, a step:", trace, 2);
	bench_ratio("plain C / ours", &trace[0], &trace[1], 0);
	against("PyTorch / ours", &torch, &trace[1], 500);
	return right;
}

/* ---- a frame's curve at two lengths ---- */

static bool frames(void)
{
	static const char *const words[][5] = {{"max_lr", "0.1", "total_steps", "1000", NULL},
					       {"max_lr", "0.1", "total_steps", "100000000", NULL}};
	static struct framed framed[2];
	for (int i = 0; i < 2; i++) {
		framed[i].steps = i ? 100000000 : 1000;
		framed[i].scheduler = bound(STRATEGY_ONECYCLE, words[i], framed[i].steps);
	}
	struct contender it[] = {
		{"curve of 1e3 steps", frame, &framed[0], -1, FRAMES, {0}, 0, false},
		{"curve of 1e8 steps", frame, &framed[1], -1, FRAMES, {0}, 0, false},
	};
	bool right = bench_run("Lowest and highest rate of each column, one cycle, a frame:", it, 2);
	bench_ratio("1e8 / 1e3 steps", &it[1], &it[0], -1.5);
	return right;
}

/* ---- runs: concrete, 8 features, batches of 32, SGD with momentum, one cycle ---- */

struct job {
	struct dataset dataset;
	struct problem problem;
	struct training training;
	struct plan plan;
	struct schedule schedule;
	struct run run;
	struct record record;
	bool shuffle;
};

static void job_init(struct job *job, bool shuffle)
{
	struct error error = {0};
	static const char *const words[] = {"batch", "32", "epochs", "100", "optimizer", "sgd",
					    "momentum", "0.9"};
	job->shuffle = shuffle;
	job->training = training_default();
	dataset_init(&job->dataset);
	problem_init(&job->problem);
	run_init(&job->run);
	record_init(&job->record);
	for (size_t i = 0; i < sizeof words / sizeof *words; i += 2)
		if (!training_set(&job->training, words[i], words[i + 1], &error))
			fail(words[i], &error);
	job->schedule = schedule_of(STRATEGY_ONECYCLE);
	if (!training_set(&job->training, "shuffle", shuffle ? "yes" : "no", &error) ||
	    !dataset_open(&job->dataset, "concrete", "", &error) ||
	    !plan_make(&job->plan, &job->training, STRATEGY_ONECYCLE, job->dataset.rows, &error) ||
	    !problem_make(&job->problem, &job->dataset, &job->plan, &error) ||
	    !schedule_set(&job->schedule, "max_lr", "0.01", &error) ||
	    !schedule_set(&job->schedule, "cycle_momentum", "no", &error) ||
	    !record_start(&job->record, &job->plan, &error))
		fail("run", &error);
}

static void job_done(struct job *job)
{
	record_done(&job->record);
	run_done(&job->run);
	problem_done(&job->problem);
	dataset_done(&job->dataset);
}

/* As the explorer does it: batch loss and excess of every update, recorded. */
static double recorded_run(void *context)
{
	struct job *job = context;
	struct error error = {0};
	if (!run_start(&job->run, &job->problem, &job->plan, &job->training, &job->schedule, false,
		       &error) ||
	    !record_start(&job->record, &job->plan, &error))
		fail("run", &error);
	while (record_advance(&job->record, &job->run, 1000))
		;
	return problem_training_loss(&job->problem, job->run.weights);
}

static double bare_run(void *context)
{
	struct job *job = context;
	struct error error = {0};
	double losses[64], excesses[64], total = 0;
	int64_t done;
	if (!run_start(&job->run, &job->problem, &job->plan, &job->training, &job->schedule, false,
		       &error))
		fail("run", &error);
	while ((done = run_epoch(&job->run, 64, losses, excesses)) > 0)
		for (int64_t i = 0; i < done; i++)
			total += losses[i];
	return total > 0 ? problem_training_loss(&job->problem, job->run.weights) : 0;
}

/* One update as a plain loop; returns the batch's loss. */
static double plain_update(const struct problem *problem, const uint32_t *rows, size_t count,
			   double lr, double *w, double *velocity)
{
	double gradient[DATASET_FEATURES + 1] = {0}, loss = 0;
	size_t d = problem->features;
	for (size_t i = 0; i < count; i++) {
		const double *x = problem->rows + rows[i] * row_size(d);
		double r = w[d] - x[row_size(d) - 1];
		for (size_t k = 0; k < d; k++)
			r += x[k] * w[k];
		loss += r * r;
		for (size_t k = 0; k < d; k++)
			gradient[k] += r * x[k];
		gradient[d] += r;
	}
	for (size_t k = 0; k <= d; k++) {
		velocity[k] = 0.9 * velocity[k] + 2 * gradient[k] / (double)count;
		w[k] -= lr * velocity[k];
	}
	return loss / (double)count;
}

/* The rates are those of the scheduler; it is the arithmetic of the run that is compared. */
static double plain_run(void *context)
{
	struct job *job = context;
	const struct plan *plan = &job->plan;
	size_t count = job->problem.training_rows, batch = (size_t)plan->batch;
	double w[DATASET_FEATURES + 1] = {0}, velocity[DATASET_FEATURES + 1] = {0}, total = 0;
	uint32_t *rows = malloc(count * sizeof *rows);
	struct scheduler_state state;
	struct error error = {0};
	if (!rows || !scheduler_start(&job->run.scheduler, &state, &error))
		fail("plain run", &error);
	for (int64_t epoch = 0; epoch < plan->epochs; epoch++) {
		for (size_t i = 0; i < count; i++)
			rows[i] = (uint32_t)i;
		if (job->shuffle) {
			struct random random;
			random_start(&random, plan->seed, RANDOM_SHUFFLE, (uint64_t)epoch);
			random_shuffle(&random, rows, count);
		}
		for (size_t from = 0; from < count; from += batch) {
			size_t size = from + batch < count ? batch : count - from;
			total += plain_update(&job->problem, rows + from, size, state.rate.lr, w,
					      velocity);
			if (epoch + 1 < plan->epochs || from + batch < count)
				scheduler_next(&job->run.scheduler, &state, 0, &error);
		}
	}
	free(rows);
	return total > 0 ? problem_training_loss(&job->problem, w) : 0;
}

static bool runs(bool shuffle, const struct contender *torch, const struct contender *numpy)
{
	static struct job job;
	job_init(&job, shuffle);
	double updates = (double)job.plan.updates;
	recorded_run(&job); /* binds the scheduler that the plain loop uses */
	struct contender it[] = {
		{"plain C loop, batch loss", plain_run, &job, 0, updates, {0}, 0, false},
		{"ours, batch loss and excess", bare_run, &job, 1e-9, updates, {0}, 0, false},
		{"ours, recorded for the screen", recorded_run, &job, 1e-9, updates, {0}, 0, false},
	};
	bool right = bench_run(shuffle ? "Run, batches drawn anew each epoch, d=8, batch 32, an update:"
				       : "Run, fixed batches, d=8, batch 32, an update:", it, 3);
	bench_ratio("plain C / ours", &it[0], &it[1], 0);
	against("PyTorch / ours", torch, &it[1], shuffle ? 850 : 6000);
	if (!shuffle)
		against("numpy loop / ours", numpy, &it[1], 400);
	job_done(&job);
	return right;
}

int main(void)
{
	struct contender torch = python("torch_run"), numpy = python("numpy_run");
	bool right = curve();
	right &= frames();
	right &= runs(false, &torch, &numpy);
	right &= runs(true, &torch, &numpy);
	puts("Sweep: no such part yet.");
	return !right;
}
