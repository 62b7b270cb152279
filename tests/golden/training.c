/* Training runs against PyTorch 1.13.1 (golden/train-open: its manifest says what each case is and
 * how its file is to be read), and full-batch descent on the shipped data against exact arithmetic
 * (golden/real.json). */
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/number.h"
#include "trainer/run.h"

#define TOLERANCE 1e-11

static void read_golden(struct text *text, const char *name)
{
	const char *top = getenv("top_srcdir");
	char path[4096];
	struct error error;

	snprintf(path, sizeof path, "%s/tests/golden/%s", top ? top : ".", name);
	text_init(text);
	if (!file_read(text, path, 1 << 24, &error))
		fail_msg("%s", error.text);
}

static json_t *read_json(const char *name)
{
	struct text text;
	json_error_t error;
	json_t *root;

	read_golden(&text, name);
	root = json_loads(text.bytes, 0, &error);
	if (!root)
		fail_msg("%s: %s", name, error.text);
	text_done(&text);
	return root;
}

static void set(struct training *training, const char *name, const char *word)
{
	struct error error;

	if (!training_set(training, name, word, &error))
		fail_msg("%s", error.text);
}

static void set_schedule(struct schedule *schedule, const char *name, const char *word)
{
	struct error error;

	if (!schedule_set(schedule, name, word, &error))
		fail_msg("%s", error.text);
}

/* A JSON value as the word a person would type. */
static const char *word_of(const json_t *value, char word[NUMBER_SIZE])
{
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : "false";
	return number_format(word, json_number_value(value));
}

static struct schedule schedule_for(const json_t *item)
{
	const char *name = json_string_value(json_object_get(item, "schedule")), *key;
	char word[NUMBER_SIZE];
	struct schedule schedule;
	json_t *value;

	for (int i = 0; i < STRATEGY_COUNT; i++) {
		enum strategy_id id = (enum strategy_id)i;

		if (strcmp(strategy_pytorch(id), name) && strcmp(strategy_name(id), name))
			continue;
		schedule = schedule_of(id);
		json_object_foreach(json_object_get(item, "params"), key, value)
			set_schedule(&schedule, key, word_of(value, word));
		return schedule;
	}
	fail_msg("no strategy for %s", name);
	return schedule_of(STRATEGY_CONSTANT);
}

/* The words of the case; `lr` goes to the schedule. */
static void training_for(const json_t *item, struct training *training, struct schedule *schedule)
{
	const char *key, *metric, *plain[] = {"standardize", "no", "validation", "0", "shuffle", "no"};
	const json_t *scheduler = json_object_get(item, "scheduler");
	char word[NUMBER_SIZE];
	json_t *value;

	*training = training_default();
	for (int i = 0; i < 6; i += 2)
		set(training, plain[i], plain[i + 1]);
	key = json_string_value(json_object_get(item, "optimizer"));
	set(training, "optimizer", strcmp(key, "SGD") == 0 ? "sgd" : strcmp(key, "Adam") == 0 ?
	    "adam" : "adamw");
	json_object_foreach(json_object_get(item, "optimizer_params"), key, value) {
		if (strcmp(key, "lr") == 0)
			set_schedule(schedule, "lr", word_of(value, word));
		else if (strcmp(key, "betas") == 0) {
			char betas[2 * NUMBER_SIZE], second[NUMBER_SIZE];

			snprintf(betas, sizeof betas, "%s,%s",
				 word_of(json_array_get(value, 0), word),
				 word_of(json_array_get(value, 1), second));
			set(training, "betas", betas);
		} else
			set(training, strcmp(key, "eps") ? key : "adam_eps", word_of(value, word));
	}
	set(training, "epochs", word_of(json_object_get(item, "epochs"), word));
	set(training, "batch", word_of(json_object_get(item, "batch_size"), word));
	value = json_object_get(scheduler, "step_per");
	set(training, "step_per", value ? json_string_value(value) : "epoch");
	metric = json_string_value(json_object_get(scheduler, "metric"));
	if (metric && strcmp(metric, "loss+(epoch%10)*0.1") == 0)
		set(training, "val_ripple", "0.1");
}

static double difference(double ours, double theirs, double scale)
{
	if ((isnan(ours) && isnan(theirs)) || ours == theirs)
		return 0;
	return fabs(ours - theirs) / scale; /* NaN where one is NaN or both are infinite */
}

/* Worst differences of one case. */
struct worst {
	double loss, weight;
	int rows;
};

static double cell(char **line)
{
	char *word = strsep(line, ",");
	double number;

	if (!word || !*word)
		return NAN;
	if (!number_parse_any(word, &number))
		fail_msg("'%s' in a golden file", word);
	return number;
}

/* One row of the file (epoch,lr,lr_last,momentum,loss,batch_loss_mean,w...,b) and the run before
 * that epoch. Returns whether the row had a rate, that is, an epoch follows. */
static bool compare_row(const struct run *run, char *line, struct worst *worst, const char *id)
{
	double epoch = cell(&line), lr = cell(&line), momentum, loss, ours;

	cell(&line);
	momentum = cell(&line);
	loss = cell(&line);
	cell(&line);
	assert_int_equal((int)epoch, worst->rows++);
	if (!isnan(lr)) {
		struct rate rate = run_rate(run);

		if (memcmp(&rate.lr, &lr, sizeof lr) || (!isnan(momentum) &&
							 rate.momentum != momentum))
			fail_msg("%s epoch %g: rate %.17g momentum %.17g, not %.17g, %.17g", id,
				 epoch, rate.lr, rate.momentum, lr, momentum);
	}
	ours = problem_training_loss(run->problem, run->weights);
	ours = difference(ours, loss, fabs(loss));
	if (!(ours <= TOLERANCE))
		fail_msg("%s epoch %g: loss differs by %g of it", id, epoch, ours);
	worst->loss = fmax(worst->loss, ours);
	for (size_t j = 0; j < run->problem->size; j++) {
		double weight = cell(&line);

		ours = difference(run->weights[j], weight, fmax(1, fabs(weight)));
		if (!(ours <= TOLERANCE))
			fail_msg("%s epoch %g: weight %zu differs by %g", id, epoch, j, ours);
		worst->weight = fmax(worst->weight, ours);
	}
	assert_null(line);
	return !isnan(lr);
}

static void train_epoch(struct run *run, const char *line, const char *id)
{
	struct update seen = {0};
	char copy[512], *rest = copy;
	double lr_last;

	for (int64_t i = 0; i < run->plan.batches; i++)
		assert_true(run_update(run, &seen));
	snprintf(copy, sizeof copy, "%s", line);
	cell(&rest);
	cell(&rest);
	lr_last = cell(&rest);
	if (memcmp(&seen.lr, &lr_last, sizeof lr_last))
		fail_msg("%s: last rate %.17g, not %.17g", id, seen.lr, lr_last);
}

static void compare_case(const json_t *item, const struct dataset *data, struct worst *worst)
{
	const char *id = json_string_value(json_object_get(item, "id"));
	struct schedule schedule = schedule_for(json_object_get(item, "scheduler"));
	struct training training;
	struct problem problem;
	struct error error;
	struct plan plan;
	struct text text;
	struct run run;
	char name[256], *rest, *line;

	problem_init(&problem);
	run_init(&run);
	training_for(item, &training, &schedule);
	if (!plan_make(&plan, &training, schedule.node[0].strategy, data->rows, &error) ||
	    !problem_make(&problem, data, &plan, &error) ||
	    !run_start(&run, &problem, &plan, &training, &schedule, false, &error))
		fail_msg("%s: %s", id, error.text);
	snprintf(name, sizeof name, "train-open/%s",
		 json_string_value(json_object_get(item, "csv")));
	read_golden(&text, name);
	rest = text.bytes;
	strsep(&rest, "\n");
	worst->rows = 0;
	while ((line = strsep(&rest, "\n")) && *line) {
		char copy[512];

		snprintf(copy, sizeof copy, "%s", line);
		if (compare_row(&run, line, worst, id))
			train_epoch(&run, copy, id);
	}
	assert_int_equal(worst->rows, (int)json_integer_value(json_object_get(item, "rows")));
	assert_false(run_update(&run, NULL));
	text_done(&text);
	run_done(&run);
	problem_done(&problem);
}

static void test_pytorch(void **state)
{
	json_t *manifest = read_json("train-open/manifest.json"), *item;
	struct worst worst = {0};
	struct dataset data[2];
	struct error error;
	size_t i;

	(void)state;
	for (int k = 0; k < 2; k++) {
		struct text text;

		dataset_init(&data[k]);
		read_golden(&text, k ? "train-open/data_B.csv" : "train-open/data_A.csv");
		if (!dataset_parse(&data[k], text.bytes, text.length, "data", NULL, &error))
			fail_msg("%s", error.text);
		text_done(&text);
	}
	json_array_foreach(json_object_get(manifest, "cases"), i, item)
		compare_case(item, &data[strcmp(json_string_value(json_object_get(item, "dataset")),
						"A") != 0], &worst);
	assert_int_equal(i, 83);
	print_message("# %zu runs, worst differences: loss %.1e, weights %.1e\n", i, worst.loss,
		      worst.weight);
	dataset_done(&data[0]);
	dataset_done(&data[1]);
	json_decref(manifest);
}

/* gd_mse_trace: {"0.5": {"0": loss, "1": loss, ...}}, the first key in parts of lr_max. */
static void compare_descent(const char *name, const json_t *item, double *worst)
{
	struct training training = training_default();
	const char *part, *updates, *no_more[] = {"batch", "full", "validation", "0", "epochs", "1000"};
	struct schedule schedule = schedule_of(STRATEGY_CONSTANT);
	json_t *trace, *value;
	struct problem problem;
	struct dataset data;
	struct error error;
	struct plan plan;
	struct run run;

	problem_init(&problem);
	dataset_init(&data);
	run_init(&run);
	for (int i = 0; i < 6; i += 2)
		set(&training, no_more[i], no_more[i + 1]);
	if (!dataset_open(&data, name, NULL, &error) ||
	    !plan_make(&plan, &training, STRATEGY_CONSTANT, data.rows, &error) ||
	    !problem_make(&problem, &data, &plan, &error))
		fail_msg("%s: %s", name, error.text);
	json_object_foreach(json_object_get(item, "gd_mse_trace"), part, trace) {
		char word[NUMBER_SIZE];
		double lr_max = strtod(json_string_value(json_object_get(item, "lr_max")), NULL);

		number_format(word, strtod(part, NULL) * lr_max);
		set_schedule(&schedule, "lr", word);
		assert_true(run_start(&run, &problem, &plan, &training, &schedule, false, &error));
		json_object_foreach(trace, updates, value) {
			double loss = strtod(json_string_value(value), NULL), ours;

			while (run.update < atol(updates))
				assert_true(run_update(&run, NULL));
			ours = problem_training_loss(&problem, run.weights);
			*worst = fmax(*worst, fabs(ours - loss) / loss);
			if (!(fabs(ours - loss) <= TOLERANCE * loss))
				fail_msg("%s, %s of lr_max, update %s: %.17g, not %.17g", name, part,
					 updates, ours, loss);
		}
	}
	run_done(&run);
	problem_done(&problem);
	dataset_done(&data);
}

static void test_descent(void **state)
{
	json_t *root = read_json("real.json"), *item;
	const char *name;
	double worst = 0;
	int count = 0;

	(void)state;
	json_object_foreach(json_object_get(root, "datasets"), name, item) {
		compare_descent(name, item, &worst);
		count++;
	}
	assert_int_equal(count, shipped_count);
	print_message("# %d data sets, worst difference %.1e\n", count, worst);
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pytorch),
		cmocka_unit_test(test_descent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
