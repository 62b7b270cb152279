/* Training words and plans, runs and their records. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "trainer/lanes.h"
#include "trainer/random.h"
#include "trainer/record.h"

/* ---- allocation that fails when asked to ---- */

static long until_failure = -1; /* allocations that still work; below 0: all */

static bool starves(void)
{
	return until_failure >= 0 && until_failure-- == 0;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_malloc(size_t size)
{
	return starves() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return starves() ? NULL : __real_calloc(count, size);
}

/* ---- helpers ---- */

/* Everything that a run needs, from lines of words. */
struct bench {
	struct training training;
	struct schedule schedule;
	struct dataset data;
	struct problem problem;
	struct plan plan;
	struct run run;
	struct record record;
	struct error error;
};

/* "name=value name=value": false with the error where one is refused. */
static bool set_words(struct bench *bench, const char *line)
{
	char copy[512], *rest = copy, *word;

	snprintf(copy, sizeof copy, "%s", line);
	while ((word = strsep(&rest, " "))) {
		char *value = strchr(word, '=');
		bool training;

		assert_non_null(value);
		*value++ = '\0';
		training = training_find(word) >= 0 || strcmp(word, "epoch") == 0;
		if (training ? !training_set(&bench->training, word, value, &bench->error) :
			       !schedule_set(&bench->schedule, word, value, &bench->error))
			return false;
	}
	return true;
}

static bool plan(struct bench *bench, enum strategy_id id, const char *words, size_t rows)
{
	memset(&bench->error, 0, sizeof bench->error);
	bench->training = training_default();
	bench->schedule = schedule_of(id);
	return (!words || set_words(bench, words)) &&
	       plan_make(&bench->plan, &bench->training, id, rows, &bench->error);
}

static void bench_init(struct bench *bench)
{
	memset(bench, 0, sizeof *bench);
	dataset_init(&bench->data);
	problem_init(&bench->problem);
	run_init(&bench->run);
	record_init(&bench->record);
}

static void bench_done(struct bench *bench)
{
	record_done(&bench->record);
	run_done(&bench->run);
	problem_done(&bench->problem);
	dataset_done(&bench->data);
}

static bool start(struct bench *bench, enum strategy_id id, const char *words, bool lenient)
{
	struct error *error = &bench->error;

	bench->training = training_default();
	bench->schedule = schedule_of(id);
	return (!words || set_words(bench, words)) &&
	       dataset_open(&bench->data, bench->training.data, NULL, error) &&
	       plan_make(&bench->plan, &bench->training, id, bench->data.rows, error) &&
	       problem_make(&bench->problem, &bench->data, &bench->plan, error) &&
	       run_start(&bench->run, &bench->problem, &bench->plan, &bench->training,
			 &bench->schedule, lenient, error) &&
	       record_start(&bench->record, &bench->plan, error);
}

static void must_start(struct bench *bench, enum strategy_id id, const char *words, bool lenient)
{
	if (!start(bench, id, words, lenient))
		fail_msg("%s", bench->error.text);
}

/* ---- words ---- */

/* One byte more does not fit beside the end of the string. */
#define BYTES_16 "0123456789abcdef"
#define BYTES_63 BYTES_16 BYTES_16 BYTES_16 "0123456789abcde"

static void test_words(void **state)
{
	static const char *const rows[][3] = {
		/* word, given, written */
		{"data", "cars", "cars"}, {"target", "x", "x"}, {"batch", "full", "full"},
		{"batch", "32", "32"}, {"epochs", "1e3", "1000"}, {"optimizer", "adamw", "adamw"},
		{"momentum", "0.9", "0.9"}, {"nesterov", "yes", "true"}, {"dampening", "-1", "-1"},
		{"betas", "0.5,0", "0.5,0"}, {"weight_decay", "1e-4", "0.0001"},
		{"step_per", "batch", "batch"}, {"seed", "9007199254740992", "9007199254740992"},
		{"init", "1,-2,3e0", "1,-2,3"}, {"split", "tail", "tail"},
		{"validation", "0", "0"}, {"val_ripple_period", "7", "7"},
		{"target", BYTES_63, BYTES_63},
	};
	struct training zero = training_default(), again = training_default();
	struct error error;

	(void)state;
	assert_memory_equal(&zero, &again, sizeof zero);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct training training = training_default();
		struct text text;
		int id = training_find(rows[i][0]);

		assert_true(id >= 0);
		text_init(&text);
		if (!training_set(&training, rows[i][0], rows[i][1], &error))
			fail_msg("%s", error.text);
		training_write(&training, (enum training_id)id, &text);
		assert_string_equal(text.bytes, rows[i][2]);
		assert_memory_not_equal(&training, &zero, sizeof zero);
		training_unset(&training, (enum training_id)id);
		assert_memory_equal(&training, &zero, sizeof zero);
		text_done(&text);
	}
}

static void test_words_refused(void **state)
{
	static const char *const rows[][3] = {
		{"epoch", "3", "unknown training word 'epoch'; nearest: epochs"},
		{"batch", "0", "batch: 0 is not allowed (1 and more); also allowed: full"},
		{"batch", "1.5", "not a whole number"}, {"batch", "fill", "also allowed: full"},
		{"optimizer", "adm", "nearest: adam"}, {"validation", "1", "validation: 1 is not"},
		{"betas", "0.9", "beta1,beta2"}, {"betas", "0.9,1", "betas: 1 is not allowed"},
		{"betas", "0.9,x", "betas: 'x' is not a number"}, {"betas", "1,2,3", "betas: '1,2,3'"},
		{"init", "1,,2", "init: '' is not a number"}, {"init", "", "init: ''"},
		{"init", "1,inf", "not a finite number"}, {"data", "", "data: a name is missing"},
		{"momentum", "-0.1", "momentum: -0.1 is not allowed"},
		{"adam_eps", "nan", "not a finite number"},
		{"val_ripple_period", "0", "val_ripple_period"},
		{"target", BYTES_63 "f", "is longer than 63 bytes"},
	};
	struct training zero = training_default();
	struct text many;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct training training = training_default();
		struct error error = {0};

		assert_false(training_set(&training, rows[i][0], rows[i][1], &error));
		assert_int_equal(error.kind, ERROR_REQUEST);
		if (!strstr(error.text, rows[i][2]))
			fail_msg("'%s', not '%s'", error.text, rows[i][2]);
		assert_memory_equal(&training, &zero, sizeof zero);
	}
	text_init(&many);
	for (int i = 0; i < 300; i++)
		text_add(&many, "1,");
	text_add(&many, "1");
	assert_false(training_set(&zero, "init", many.bytes, NULL));
	text_done(&many);
}

/* ---- plans ---- */

static void test_plan(void **state)
{
	struct bench b;

	(void)state;
	assert_true(plan(&b, STRATEGY_ONECYCLE, NULL, 1030));
	assert_int_equal(b.plan.training_rows, 824);
	assert_int_equal(b.plan.validation_rows, 206);
	assert_int_equal(b.plan.batches, 52);
	assert_int_equal(b.plan.updates, 1560);
	assert_true(b.plan.per_batch && b.plan.shuffle && b.plan.standardize && !b.plan.full_batch);
	assert_int_equal(b.plan.scheduler_steps, 1560);
	assert_int_equal(plan_step_at(&b.plan, 51), 51);
	assert_int_equal(plan_clock(&b.plan).needed, 1559);
	assert_true(plan(&b, STRATEGY_STEP, "batch=full epochs=7", 1030));
	assert_true(b.plan.full_batch && !b.plan.per_batch);
	assert_int_equal(b.plan.batch, 824);
	assert_int_equal(b.plan.updates, 7);
	assert_true(plan(&b, STRATEGY_STEP, "batch=2000 validation=0.0001", 1030));
	assert_true(b.plan.full_batch);
	assert_int_equal(b.plan.validation_rows, 1);
	assert_true(plan(&b, STRATEGY_COSINE, "optimizer=adamw", 20));
	assert_true(b.plan.weight_decay == 0.01 && b.plan.beta1 == 0.9 && b.plan.beta2 == 0.999);
	assert_true(plan(&b, STRATEGY_COSINE, "optimizer=adam betas=0,0.5 step_per=batch", 20));
	assert_true(b.plan.weight_decay == 0 && b.plan.beta1 == 0 && b.plan.per_batch);
	assert_int_equal(plan_step_at(&b.plan, 5), 5);
	assert_true(plan(&b, STRATEGY_COSINE, "batch=8", 20)); /* 16 rows, 2 updates an epoch */
	assert_int_equal(plan_step_at(&b.plan, 5), 2);
	assert_true(plan(&b, STRATEGY_STEP, "validation=0", 2));
}

static void test_plan_refused(void **state)
{
	static const struct {
		enum strategy_id id;
		const char *words, *why;
		size_t rows;
	} rows[] = {
		{STRATEGY_STEP, "validation=0", "of 1 rows", 1},
		{STRATEGY_STEP, "validation=0.9", "which leaves 1 to train on; at least 2", 10},
		{STRATEGY_STEP, "validation=0.01", "holds out 1", 2},
		{STRATEGY_STEP, "nesterov=yes", "nesterov: needs momentum above 0", 99},
		{STRATEGY_STEP, "nesterov=yes momentum=0.9 dampening=0.1", "needs dampening 0", 99},
		{STRATEGY_STEP, "optimizer=adam momentum=0", "momentum: belongs to sgd", 99},
		{STRATEGY_STEP, "optimizer=adamw nesterov=no", "nesterov: belongs to sgd", 99},
		{STRATEGY_STEP, "optimizer=adam dampening=0", "dampening: belongs to sgd", 99},
		{STRATEGY_STEP, "betas=0.9,0.999", "betas: belongs to adam", 99},
		{STRATEGY_STEP, "adam_eps=1e-8", "adam_eps: belongs to adam", 99},
		{STRATEGY_STEP, "amsgrad=no", "amsgrad: belongs to adam", 99},
		{STRATEGY_PLATEAU, "step_per=batch", "step_per: plateau steps per epoch", 99},
		{STRATEGY_STEP, "epochs=100000000 batch=1", "is too many; at most ", 99},
		{STRATEGY_STEP, "epochs=100000001", "epochs", 99},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bench b;

		assert_false(plan(&b, rows[i].id, rows[i].words, rows[i].rows));
		assert_int_equal(b.error.kind, ERROR_REQUEST);
		if (!strstr(b.error.text, rows[i].why))
			fail_msg("'%s', not '%s'", b.error.text, rows[i].why);
	}
}

/* ---- runs ---- */

static void run_all(struct bench *bench)
{
	while (record_advance(&bench->record, &bench->run, 1000) > 0)
		;
	assert_true(record_is_done(&bench->record));
}

static void test_same_bits(void **state)
{
	double first[9];
	struct bench b;

	(void)state;
	bench_init(&b);
	for (int again = 0; again < 3; again++) {
		must_start(&b, STRATEGY_COSINE, again == 1 ? "batch=37 optimizer=adam" : "batch=37", 0);
		run_all(&b);
		if (again == 0)
			memcpy(first, b.run.weights, sizeof first);
		else if (again == 1)
			assert_memory_not_equal(first, b.run.weights, sizeof first);
		else
			assert_memory_equal(first, b.run.weights, sizeof first);
	}
	must_start(&b, STRATEGY_COSINE, "batch=37 seed=2", 0);
	run_all(&b);
	assert_memory_not_equal(first, b.run.weights, sizeof first);
	bench_done(&b);
}

/* One epoch with batches of one row visits each training row once, in the order of the stream
 * (seed, shuffle, epoch): a plain replay of it. */
static void test_shuffle(void **state)
{
	struct bench b;
	double w[2] = {0};

	(void)state;
	bench_init(&b);
	must_start(&b, STRATEGY_CONSTANT, "data=cars batch=1 epochs=3 lr=0.01 seed=5", 0);
	for (uint64_t epoch = 0; epoch < 3; epoch++) {
		uint32_t order[40];
		struct random random;

		for (uint32_t i = 0; i < 40; i++)
			order[i] = i;
		random_start(&random, 5, RANDOM_SHUFFLE, epoch);
		random_shuffle(&random, order, 40);
		for (int i = 0; i < 40; i++) {
			const double *row = b.problem.rows + order[i] * row_size(1);
			double x = row[0], r = x * w[0] + w[1] - row[row_size(1) - 1];
			struct update seen;

			assert_true(run_update(&b.run, &seen));
			assert_true(fabs(seen.batch_loss - r * r) <= 1e-12 * (r * r + 1e-3));
			w[0] -= 0.01 * 2 * r * x;
			w[1] -= 0.01 * 2 * r;
		}
	}
	assert_true(fabs(w[0] - b.run.weights[0]) < 1e-13 && fabs(w[1] - b.run.weights[1]) < 1e-13);
	assert_false(run_update(&b.run, NULL));
	bench_done(&b);
}

/* Fixed batches are reduced to matrices where there are 8 epochs or more: the same run. */
static void test_fixed(void **state)
{
	static const char *const words[] = {
		"data=concrete batch=16", "data=concrete batch=full momentum=0.9 nesterov=yes",
		"data=ts_sunspots_lag9 batch=7 optimizer=adam", "data=cars batch=1 weight_decay=0.1",
		"data=hald_cement batch=3",
	};
	struct bench b;
	char line[128];

	(void)state;
	bench_init(&b);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct update seen[2] = {0};
		double weights[2][16];

		for (int epochs = 7; epochs <= 8; epochs++) {
			snprintf(line, sizeof line, "%s shuffle=no lr=0.05 epochs=%d", words[i], epochs);
			must_start(&b, STRATEGY_CONSTANT, line, 0);
			for (int64_t u = 0; u < 7 * b.plan.batches; u++)
				assert_true(run_update(&b.run, &seen[epochs - 7]));
			memcpy(weights[epochs - 7], b.run.weights, b.problem.size * sizeof(double));
		}
		assert_true(fabs(seen[0].batch_loss - seen[1].batch_loss) <= 1e-13);
		for (size_t j = 0; j < b.problem.size; j++)
			assert_true(fabs(weights[0][j] - weights[1][j]) <= 1e-13);
	}
	bench_done(&b);
}

static void test_init(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	must_start(&b, STRATEGY_CONSTANT, "data=cars init=0.5,-2", 0);
	assert_true(b.run.weights[0] == 0.5 && b.run.weights[1] == -2);
	assert_false(start(&b, STRATEGY_CONSTANT, "data=cars init=0.5", 0));
	assert_int_equal(b.error.kind, ERROR_REQUEST);
	assert_non_null(strstr(b.error.text, "init: 1 numbers where 2 are needed"));
	bench_done(&b);
}

static void test_starved(void **state)
{
	bool done = false;

	(void)state;
	for (long works = 0; !done; works++) {
		struct bench b;
		struct limit limit;

		assert_true(works < 100);
		bench_init(&b);
		until_failure = works;
		done = start(&b, STRATEGY_COSINE, "data=hald_cement standardize=no", 0);
		until_failure = -1;
		assert_int_equal(b.error.kind, done ? ERROR_NONE : ERROR_MEMORY);
		if (done) {
			until_failure = 0; /* without room for moments: the full batch's limit */
			b.plan.full_batch = false;
			b.plan.batch = 2;
			limit = problem_limit(&b.problem, &b.plan, 0);
			until_failure = -1;
			assert_true(limit.kind == LIMIT_FULL_BATCH && limit.approximate);
		}
		bench_done(&b);
	}
}

static void test_divergence(void **state)
{
	static const char *const words[] = {
		"lr=5 epochs=200", "lr=5 epochs=200 optimizer=adam adam_eps=0 betas=0,0",
		"lr=1e300 epochs=5", "lr=5 epochs=600 batch=full", "lr=2 epochs=200 momentum=0.99",
		"lr=1e308 epochs=9 data=us_macro standardize=no",
	};
	struct bench b;

	(void)state;
	bench_init(&b);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		must_start(&b, STRATEGY_CONSTANT, words[i], 0);
		run_all(&b);
		assert_int_equal(b.record.updates, b.plan.updates);
		if (i == 1)
			continue; /* steps of a fixed size: stays finite */
		assert_true(b.record.first_nonfinite > 0);
		assert_false(isfinite(b.record.final_excess));
		assert_false(isfinite(b.record.final_training_loss));
		assert_true(b.record.highest_excess > (i == 2 || i == 5 ? 0.1 : 1e100));
		assert_true(b.record.highest_at < b.record.first_nonfinite);
	}
	bench_done(&b);
}

/* A schedule that drives momentum overwrites SGD's from update 0 on; Adam's beta1 likewise. */
static void test_driven(void **state)
{
	struct update seen;
	struct bench b;

	(void)state;
	bench_init(&b);
	must_start(&b, STRATEGY_ONECYCLE, "momentum=0.3 cycle_momentum=true", 0);
	assert_true(run_rate(&b.run).momentum == 0.95);
	must_start(&b, STRATEGY_CYCLIC, "optimizer=adam cycle_momentum=true", 0);
	assert_true(run_update(&b.run, &seen));
	assert_true(seen.momentum == 0.9 && run_rate(&b.run).momentum < 0.9);
	must_start(&b, STRATEGY_ONECYCLE, "momentum=0.3 cycle_momentum=false", 0);
	assert_true(run_rate(&b.run).momentum == 0.3);
	must_start(&b, STRATEGY_STEP, "optimizer=adamw betas=0.7,0.9", 0);
	assert_true(run_rate(&b.run).momentum == 0.7);
	bench_done(&b);
}

static void test_stopped(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	assert_false(start(&b, STRATEGY_ONECYCLE, "total_steps=100", 0));
	assert_int_equal(b.error.kind, ERROR_REQUEST);
	must_start(&b, STRATEGY_ONECYCLE, "total_steps=100", 1);
	run_all(&b);
	assert_true(b.run.stopped);
	assert_true(strlen(b.run.why.text) > 0);
	assert_in_range(b.record.updates, 100, 101); /* PyTorch tolerates one step too many */
	assert_int_equal(b.record.epoch_count, 3);
	assert_int_equal(b.record.rows[2].epoch, 2);
	assert_true(isfinite(b.record.final_excess));
	bench_done(&b);
}

/* Adam divides by 1 - beta1^t: where a schedule makes that 0, or beta1^t overflows, PyTorch raises. */
static void test_beta1(void **state)
{
	static const struct {
		const char *words, *why;
		int64_t update; /* the one that is refused; -1: none */
	} cases[] = {
		{"max_momentum=1", "max_momentum 1: Adam divides by 1 - beta1^1 = 0", 0},
		{"base_momentum=1", "base_momentum 1: Adam divides by 1 - beta1^21 = 0", 20},
		{"base_momentum=1 step_per=epoch epochs=22",
		 "base_momentum 1: Adam divides by 1 - beta1^1041 = 0", 1040}, /* 52 batches an epoch */
		{"base_momentum=-1 max_momentum=0.5", NULL, -1}, /* (-1)^21 is no 1 */
		{"base_momentum=-1 max_momentum=0.5 step_size_up=19",
		 "base_momentum -1: Adam divides by 1 - beta1^20 = 0", 19},
		{"base_momentum=5e16 max_momentum=5e16",
		 "max_momentum 5e16: Adam divides by 1 - beta1^19 = -inf", 18},
		{"base_momentum=1 step_size_up=200", NULL, -1}, /* never reached */
		{"base_momentum=1 optimizer=sgd", NULL, -1},
	};
	struct bench b;

	(void)state;
	bench_init(&b);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char words[160];

		snprintf(words, sizeof words, "optimizer=adam step_size_up=20 epochs=2 %s",
			 cases[i].words);
		if (cases[i].update == 0) {
			assert_false(start(&b, STRATEGY_CYCLIC, words, true));
			assert_string_equal(b.error.text, cases[i].why);
			continue;
		}
		must_start(&b, STRATEGY_CYCLIC, words, true);
		assert_int_equal(run_reaches(&b.plan, &b.run.scheduler, &b.error), cases[i].update < 0);
		run_all(&b);
		assert_int_equal(b.run.stopped, cases[i].update >= 0);
		if (cases[i].update < 0)
			continue;
		assert_string_equal(b.error.text, cases[i].why);
		assert_string_equal(b.run.why.text, cases[i].why);
		assert_int_equal(b.run.update, cases[i].update);
	}
	bench_done(&b);
}

/* ---- records ---- */

static void test_record(void **state)
{
	struct bench b;
	struct run twin;
	struct update seen;
	double logs = 0;
	struct bucket range;

	(void)state;
	bench_init(&b);
	run_init(&twin);
	must_start(&b, STRATEGY_PLATEAU, "epochs=40 patience=1 factor=0.5 val_ripple=0.01", 0);
	assert_true(run_start(&twin, &b.problem, &b.plan, &b.training, &b.schedule, false, &b.error));
	run_all(&b);
	assert_int_equal(b.record.count, b.plan.updates);
	assert_int_equal(b.record.epoch_count, 41);
	for (int64_t u = 0; u < b.plan.updates; u++) {
		double excess = b.record.excess->values[u];
		const struct epoch_row *row = &b.record.rows[u / b.plan.batches];

		if (u % b.plan.batches == 0) {
			assert_true(row->lr == run_rate(&twin).lr && row->momentum == 0);
			assert_true(row->training_loss == problem_training_loss(&b.problem, twin.weights));
			assert_int_equal(row->epoch, twin.epoch);
		}
		assert_true(run_update(&twin, &seen));
		assert_true(record_range(&b.record, b.record.excess, u, u + 1, &range));
		assert_true(excess == seen.excess && range.mean == excess && range.low == excess &&
			    range.high == excess && range.share == 1);
		assert_true(b.record.batch_loss->values[u] == seen.batch_loss);
		if (twin.epoch > seen.epoch) {
			struct plateau_state plateau;

			assert_true(plateau_state_of(&twin.scheduler, &twin.state, &plateau));
			assert_true(row->plateau.best == plateau.best && row->metric == twin.metric);
			assert_true(row->lr_last == seen.lr);
		}
		if (u >= 100 && u < 200)
			logs += log(seen.excess);
	}
	assert_true(record_range(&b.record, b.record.excess, 100, 200, &range));
	assert_true(fabs(range.mean / exp(logs / 100) - 1) < 1e-12 && range.share == 1);
	assert_false(record_range(&b.record, b.record.excess, 5000, 6000, &range));
	assert_false(record_range(&b.record, b.record.excess, 10, 10, &range));
	assert_true(b.record.cuts > 0);
	assert_true(b.record.final_excess == problem_excess(&b.problem, twin.weights));
	assert_true(isnan(b.record.rows[40].lr) && b.record.rows[40].epoch == 40);
	run_done(&twin);
	bench_done(&b);
}

/* Long runs halve their resolution: memory stays bounded, extremes and means stay true. */
static void test_long(void **state)
{
	struct bench b;
	struct run twin;
	struct update seen;
	double logs = 0, high = 0, low = INFINITY, sum = 0;
	struct bucket range, loss;
	const int64_t length = 300001;

	(void)state;
	bench_init(&b);
	run_init(&twin);
	must_start(&b, STRATEGY_EXPONENTIAL,
		   "data=hald_cement batch=full epochs=300001 gamma=0.9999 lr=0.01", 0);
	assert_true(run_start(&twin, &b.problem, &b.plan, &b.training, &b.schedule, false, &b.error));
	while (record_advance(&b.record, &b.run, 4096) > 0)
		assert_true(b.record.count <= RECORD_BUCKETS && b.record.epoch_count <= RECORD_EPOCHS + 1);
	assert_int_equal(b.record.updates, length);
	assert_int_equal(b.record.stride, 4);
	assert_int_equal(b.record.count, (length + 3) / 4);
	assert_int_equal(b.record.epoch_stride, 8);
	for (size_t k = 0; k + 1 < b.record.epoch_count; k++)
		assert_int_equal(b.record.rows[k].epoch, (int64_t)k * 8);
	assert_int_equal(b.record.rows[b.record.epoch_count - 1].epoch, length);
	while (run_update(&twin, &seen)) {
		const struct epoch_row *row = &b.record.rows[seen.epoch / 8];

		/* A row is its own epoch's, not that of one that is left out after it. */
		if (seen.epoch % 8 == 0)
			assert_true(row->lr == seen.lr && row->lr_last == seen.lr);
		logs += log(fmax(seen.excess, 0x1p-1074));
		high = fmax(high, seen.excess);
		low = fmin(low, seen.excess);
		sum += seen.batch_loss;
	}
	assert_true(record_range(&b.record, b.record.excess, 0, length, &range));
	assert_true(record_range(&b.record, b.record.batch_loss, -5, length + 5, &loss));
	assert_true(range.low == low && range.high == high && range.share == 1);
	assert_true(b.record.highest_excess == high);
	assert_true(fabs(log(range.mean) - logs / (double)length) < 1e-9);
	assert_true(fabs(loss.mean / (sum / (double)length) - 1) < 1e-9);
	run_done(&twin);
	bench_done(&b);
}

/* Infinite and not-a-number updates are counted, not averaged, through halving too. */
static void test_share(void **state)
{
	struct bucket range;
	struct bench b;
	double finite;

	(void)state;
	bench_init(&b);
	must_start(&b, STRATEGY_CONSTANT, "data=cars batch=full epochs=200000 lr=1.5", 0);
	run_all(&b);
	finite = (double)b.record.first_nonfinite;
	assert_true(record_range(&b.record, b.record.excess, 0, 200000, &range));
	assert_true(fabs(range.share * 200000 - finite) < 1);
	assert_true(isfinite(range.mean) && isfinite(range.high) && range.high > 1e300);
	assert_true(record_range(&b.record, b.record.excess, 100000, 200000, &range));
	assert_true(range.share == 0 && isnan(range.mean) && isnan(range.low));
	bench_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_words_refused),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_plan_refused),
		cmocka_unit_test(test_same_bits),
		cmocka_unit_test(test_shuffle),
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_init),
		cmocka_unit_test(test_starved),
		cmocka_unit_test(test_divergence),
		cmocka_unit_test(test_driven),
		cmocka_unit_test(test_stopped), cmocka_unit_test(test_beta1),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
