/* Least squares against NIST, stability limits and solutions against exact arithmetic
 * (golden/real.json), excess, splits and what is refused. */
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
#include "trainer/lanes.h"
#include "trainer/problem.h"
#include "trainer/random.h"

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
	json_t *root;

	read_golden(&text, name);
	root = json_loads(text.bytes, 0, NULL);
	assert_non_null(root);
	text_done(&text);
	return root;
}

static double number_of(const json_t *value)
{
	return json_is_string(value) ? strtod(json_string_value(value), NULL) :
				       json_number_value(value);
}

static void assert_near(double ours, double right, double tolerance, const char *what)
{
	if (!(fabs(ours - right) <= tolerance * fabs(right)))
		fail_msg("%s: %.17g, not %.17g", what, ours, right);
}

/* ---- NIST ---- */

/* The model's columns: 1, then x, x^2, ... or the features as they are. */
static size_t make_columns(const struct dataset *data, const json_t *model, double *a,
			   double *y)
{
	bool polynomial = strcmp(json_string_value(json_object_get(model, "kind")), "poly") == 0;
	size_t first = json_is_true(json_object_get(model, "intercept"));
	size_t more = polynomial ? (size_t)json_integer_value(json_object_get(model, "degree")) :
				   data->features;

	for (size_t i = 0; i < data->rows; i++) {
		const double *from = data->values + i * (data->features + 1);
		double *row = a + i * (first + more), power = 1;

		row[0] = 1;
		for (size_t j = 0; j < more; j++) {
			power *= from[0];
			row[first + j] = polynomial ? power : from[j];
		}
		y[i] = from[data->features];
	}
	return first + more;
}

static double digits_of(double ours, double right)
{
	return ours == right ? 16 : -log10(fabs(ours - right) / fabs(right));
}

static void check_certified(const char *name, const json_t *item)
{
	const json_t *right = json_object_get(item, "coef");
	double a[100 * 11], y[100], x[11], rss, rss_right, digits, wanted;
	struct dataset data;
	struct error error;
	size_t columns, rank;
	struct text text;
	char file[256];

	dataset_init(&data);
	snprintf(file, sizeof file, "nist/%s", json_string_value(json_object_get(item, "file")));
	read_golden(&text, file);
	assert_true(dataset_parse(&data, text.bytes, text.length, file, "y", &error));
	columns = make_columns(&data, json_object_get(item, "model"), a, y);
	assert_int_equal(columns, json_array_size(right));
	assert_true(least_squares(a, y, data.rows, columns, x, &rss, &rank, &error));
	assert_int_equal(rank, columns);
	wanted = fmax(fmin(12, number_of(json_object_get(item, "digits")) - 2),
		      strcmp(name, "Filip") ? 0 : 6);
	for (size_t j = 0; j < columns; j++) {
		digits = digits_of(x[j], number_of(json_array_get(right, j)));
		if (!(digits >= wanted))
			fail_msg("%s b%zu: %.2f digits, not %.2f", name, j, digits, wanted);
	}
	rss_right = number_of(json_object_get(item, "residual_ss"));
	if (rss_right == 0)
		assert_true(rss < 1e-20);
	else if (rss_right > 1e-20)
		assert_true(digits_of(rss, rss_right) >= fmin(10, wanted));
	text_done(&text);
	dataset_done(&data);
}

static void test_nist(void **state)
{
	json_t *root = read_json("nist/certified.json"), *item;
	const char *name;
	int count = 0;

	(void)state;
	json_object_foreach(json_object_get(root, "datasets"), name, item) {
		check_certified(name, item);
		count++;
	}
	assert_int_equal(count, 11);
	json_decref(root);
}

static void test_rank(void **state)
{
	/* the third column is the sum of the others: least length is (1, 1, 2) / 3 times 2 */
	double a[] = {1, 0, 1, 0, 1, 1, 1, 1, 2, 2, 1, 3}, b[] = {2, 2, 4, 6}, x[3], rss;
	double zero[] = {0, 0, 0, 0}, wide[] = {3, 4}, one[] = {5};
	struct error error;
	size_t rank;

	(void)state;
	assert_true(least_squares(a, b, 4, 3, x, &rss, &rank, &error));
	assert_int_equal(rank, 2);
	for (int j = 0; j < 3; j++)
		assert_near(x[j], j == 2 ? 4 / 3. : 2 / 3., 1e-14, "least length");
	assert_true(rss < 1e-28);
	assert_true(least_squares(zero, b, 4, 1, x, &rss, &rank, &error));
	assert_int_equal(rank, 0);
	assert_true(x[0] == 0);
	assert_near(rss, 60, 1e-15, "zero column");
	assert_true(least_squares(wide, one, 1, 2, x, &rss, &rank, &error));
	assert_near(x[0], 0.6, 1e-14, "more columns than rows");
	assert_near(x[1], 0.8, 1e-14, "more columns than rows");
}

/* ---- problems ---- */

/* `words`: name, value, ..., NULL. */
static void make(struct problem *problem, struct plan *plan, const struct dataset *data,
		 const char *const *words)
{
	struct training training = training_default();
	struct error error;

	for (; *words; words += 2)
		if (!training_set(&training, words[0], words[1], &error))
			fail_msg("%s", error.text);
	if (!plan_make(plan, &training, STRATEGY_CONSTANT, data->rows, &error) ||
	    !problem_make(problem, data, plan, &error))
		fail_msg("%s", error.text);
}

static void open_set(struct dataset *data, const char *name)
{
	struct error error;

	dataset_init(data);
	if (!dataset_open(data, name, NULL, &error))
		fail_msg("%s", error.text);
}

static const char *const all_rows[] = {"validation", "0", NULL};

static void check_real(const char *name, const json_t *item)
{
	struct dataset data;
	struct problem problem;
	struct plan plan;
	const char *batch;
	json_t *value;
	size_t k;

	open_set(&data, name);
	problem_init(&problem);
	make(&problem, &plan, &data, all_rows);
	assert_int_equal(problem.training_rows, number_of(json_object_get(item, "n")));
	assert_int_equal(problem.features, number_of(json_object_get(item, "d")));
	assert_int_equal(problem.rank, problem.size);
	assert_near(problem.floor, number_of(json_object_get(item, "floor")), 1e-10, name);
	json_array_foreach(json_object_get(item, "weights"), k, value)
		assert_near(problem.solution[k], number_of(value), 1e-8, name);
	assert_true(fabs(problem.solution[problem.features]) < 1e-12);
	assert_near(problem.eigenvalues[0], 2 * fmin(1, number_of(json_array_get(
		    json_object_get(item, "gram_eigenvalues"), 0))), 1e-8, name);
	plan.full_batch = true;
	assert_near(problem_limit(&problem, &plan, 0).lr,
		    number_of(json_object_get(item, "lr_max")), 1e-12, name);
	plan.full_batch = false;
	json_object_foreach(json_object_get(item, "sgd_ms_lr_max"), batch, value) {
		struct limit limit;

		plan.batch = atol(batch);
		limit = problem_limit(&problem, &plan, 0);
		assert_int_equal(limit.kind, LIMIT_MEAN_SQUARE);
		assert_near(limit.lr, number_of(value), 1e-9, name);
	}
	problem_done(&problem);
	dataset_done(&data);
}

static void test_real(void **state)
{
	json_t *root = read_json("real.json"), *item;
	const char *name;
	int count = 0;

	(void)state;
	json_object_foreach(json_object_get(root, "datasets"), name, item) {
		check_real(name, item);
		count++;
	}
	assert_int_equal(count, shipped_count);
	json_decref(root);
}

static void test_limit_forms(void **state)
{
	struct dataset data;
	struct problem problem;
	struct limit limit;
	struct plan plan;
	double lambda;

	(void)state;
	open_set(&data, "concrete");
	problem_init(&problem);
	make(&problem, &plan, &data, (const char *const[]){"batch", "full", NULL});
	lambda = problem.eigenvalues[problem.size - 1];
	limit = problem_limit(&problem, &plan, 0);
	assert_true(limit.kind == LIMIT_FULL_BATCH && !limit.approximate);
	assert_near(limit.lr, 2 / lambda, 1e-15, "plain");
	assert_near(problem_limit(&problem, &plan, 0.9).lr, 3.8 / lambda, 1e-15, "heavy ball");
	plan.dampening = 0.5;
	assert_near(problem_limit(&problem, &plan, 0.9).lr, 7.6 / lambda, 1e-15, "dampened");
	assert_near(problem_limit(&problem, &plan, 0).lr, 2 / lambda, 1e-15, "unused dampening");
	plan.dampening = 0;
	plan.nesterov = true;
	assert_near(problem_limit(&problem, &plan, 0.9).lr, 3.8 / 2.8 / lambda, 1e-15, "nesterov");
	plan.weight_decay = 0.5;
	assert_near(problem_limit(&problem, &plan, 0).lr, 2 / (lambda + 0.5), 1e-15, "decay");
	plan.full_batch = false;
	plan.batch = 16;
	limit = problem_limit(&problem, &plan, 0.9);
	assert_true(limit.kind == LIMIT_FULL_BATCH && limit.approximate);
	plan.optimizer = OPTIMIZER_ADAM;
	limit = problem_limit(&problem, &plan, 0.9);
	assert_true(limit.kind == LIMIT_NONE && isinf(limit.lr));
	problem_done(&problem);
	dataset_done(&data);
}

/* A limit by its definition: second moments S stay bounded below it. With batch = 1 and one
 * feature everything can be followed in full: S' = E[(I - lr (h + wd)) S (I - lr (h + wd))]. */
static double growth(const struct problem *problem, double lr, double decay)
{
	double s[2][2] = {{1, 0}, {0, 1}}, size = 1;

	for (int step = 0; step < 400; step++) {
		double next[2][2] = {{0}};

		for (size_t i = 0; i < problem->training_rows; i++) {
			double x[2] = {problem->rows[i * row_size(1)], 1}, m[2][2], t[2][2] = {{0}};

			for (int a = 0; a < 2; a++)
				for (int b = 0; b < 2; b++)
					m[a][b] = (a == b) * (1 - lr * decay) - lr * 2 * x[a] * x[b];
			for (int a = 0; a < 2; a++)
				for (int b = 0; b < 2; b++)
					for (int c = 0; c < 2; c++)
						t[a][b] += m[a][c] * s[c][b];
			for (int a = 0; a < 2; a++)
				for (int b = 0; b < 2; b++)
					for (int c = 0; c < 2; c++)
						next[a][b] += t[a][c] * m[c][b] /
							      (double)problem->training_rows;
		}
		size = (next[0][0] + next[1][1]) / (s[0][0] + s[1][1]);
		memcpy(s, next, sizeof s);
	}
	return size;
}

static void test_limit_definition(void **state)
{
	struct dataset data;
	struct problem problem;
	struct plan plan;

	(void)state;
	open_set(&data, "faithful");
	problem_init(&problem);
	make(&problem, &plan, &data, (const char *const[]){"batch", "1", "weight_decay", "0.3", NULL});
	for (int k = 0; k < 2; k++) {
		double lr, decay = plan.weight_decay = k ? 0.3 : 0;

		lr = problem_limit(&problem, &plan, 0).lr;
		assert_true(growth(&problem, lr * (1 - 1e-6), decay) < 1);
		assert_true(growth(&problem, lr * (1 + 1e-6), decay) > 1);
	}
	problem_done(&problem);
	dataset_done(&data);
}

static const char wide_csv[] =
	"a,b,twin,flat,y\n1,2,1,7,1\n2,1,2,7,3\n3,5,3,7,2\n4,2,4,7,8\n5,5,5,7,1\n6,1,6,7,9\n";

static void parse(struct dataset *data, const char *csv)
{
	struct error error;

	dataset_init(data);
	if (!dataset_parse(data, csv, strlen(csv), "test.csv", NULL, &error))
		fail_msg("%s", error.text);
}

static void test_deficient(void **state)
{
	struct dataset data;
	struct problem problem;
	struct limit limit;
	struct plan plan;

	(void)state;
	parse(&data, wide_csv);
	problem_init(&problem);
	make(&problem, &plan, &data, (const char *const[]){"validation", "0", "batch", "2", NULL});
	assert_int_equal(problem.constant_features, 1);
	assert_string_equal(problem.constant_name, "flat");
	assert_int_equal(problem.rank, 3);
	assert_near(problem.solution[0], problem.solution[2], 1e-12, "twins share");
	assert_true(problem.solution[3] == 0);
	limit = problem_limit(&problem, &plan, 0);
	assert_true(limit.kind == LIMIT_MEAN_SQUARE && limit.lr > 0.01 && limit.lr < 1);
	problem_done(&problem);
	dataset_done(&data);
}

/* Many features: the limit's operator is applied row by row there. Without noise in the batch (all
 * but one row) it comes near that of the full batch. */
static void test_many_features(void **state)
{
	struct text csv;
	struct dataset data;
	struct problem problem;
	struct random random;
	struct limit limit;
	struct plan plan;

	(void)state;
	text_init(&csv);
	random_start(&random, 1, RANDOM_SPLIT, 0);
	for (int j = 0; j < 40; j++)
		text_addf(&csv, "f%d,", j);
	text_add(&csv, "y\n");
	for (int i = 0; i < 90; i++)
		for (int j = 0; j < 41; j++)
			text_addf(&csv, "%d%s", (int)random_below(&random, 1000), j < 40 ? "," : "\n");
	parse(&data, csv.bytes);
	problem_init(&problem);
	make(&problem, &plan, &data, (const char *const[]){"validation", "0", "batch", "89", NULL});
	limit = problem_limit(&problem, &plan, 0);
	assert_int_equal(limit.kind, LIMIT_MEAN_SQUARE);
	assert_near(limit.lr, 2 / problem.eigenvalues[40], 0.01, "nearly full batch");
	assert_true(limit.lr < 2 / problem.eigenvalues[40]);
	plan.batch = 1;
	assert_true(problem_limit(&problem, &plan, 0).lr < limit.lr / 5);
	problem_done(&problem);
	dataset_done(&data);
	text_done(&csv);
}

/* ---- excess ---- */

static void test_excess(void **state)
{
	struct dataset data;
	struct problem problem;
	struct plan plan;
	double w[9], excess;

	(void)state;
	open_set(&data, "concrete");
	problem_init(&problem);
	make(&problem, &plan, &data, all_rows);
	assert_true(problem_excess(&problem, problem.solution) == 0);
	memset(w, 0, sizeof w);
	assert_near(problem_excess(&problem, w), problem_training_loss(&problem, w) - problem.floor,
		    1e-13, "far away");
	/* a step of 2^-50 along one feature: H/2 is 1 on the diagonal of z-scores */
	memcpy(w, problem.solution, sizeof w);
	w[8] = 0x1p-50;
	excess = problem_excess(&problem, w);
	assert_near(excess, pow(0x1p-50 - problem.solution[8], 2), 1e-9, "nearly there");
	assert_true(excess > 1e-31 && excess < 1e-29);
	w[0] = 1e200;
	assert_true(isinf(problem_excess(&problem, w)));
	w[0] = 1.7e308;
	w[1] = -1.7e308;
	assert_true(isinf(problem_excess(&problem, w)));
	w[0] = w[1] = INFINITY;
	assert_true(isinf(problem_excess(&problem, w)));
	w[3] = NAN;
	assert_true(isnan(problem_excess(&problem, w)));
	problem_done(&problem);
	dataset_done(&data);
}

/* ---- splits ---- */

static bool is_row(const struct problem *problem, size_t i, const struct dataset *data, size_t row)
{
	const double *x = problem->rows + i * 9;

	return memcmp(x, data->values + row * 9, 9 * sizeof *x) == 0;
}

/* Numbers a million deviations from 0, without z-scores: what they differ by counts. All are quarters, so
 * that the loss of these weights comes out of small numbers as well. */
static void test_far_from_zero(void **state)
{
	static const char *const words[] = {"validation", "0", "standardize", "no", NULL};
	static const double sets[][3] = {{0.5, 0.5, 0}, {0.25, 0.75, 1}, {1, 0, -2}};
	char csv[2000] = "a,b,y\n";
	struct dataset data;
	struct problem problem;
	struct plan plan;

	(void)state;
	for (int i = 0; i < 30; i++)
		snprintf(csv + strlen(csv), sizeof csv - strlen(csv), "%.2f,%.2f,%.2f\n", 1e6 + i * 7 % 11 / 4.,
			 1e6 + i * 5 % 13 / 4., 1e6 + i * 3 % 7 / 2.);
	parse(&data, csv);
	problem_init(&problem);
	make(&problem, &plan, &data, words);
	assert_true(problem.shifted);
	for (size_t k = 0; k < 3; k++) {
		double loss = 0;

		for (int i = 0; i < 30; i++) {
			double error = sets[k][0] * (i * 7 % 11 / 4.) + sets[k][1] * (i * 5 % 13 / 4.) +
				       sets[k][2] - i * 3 % 7 / 2.;

			loss += error * error / 30;
		}
		assert_near(problem_training_loss(&problem, sets[k]), loss, 1e-14, "loss");
		assert_near(problem_excess(&problem, sets[k]), loss - problem.floor, 1e-13, "excess");
	}
	problem_done(&problem);
	dataset_done(&data);
}

static void test_split(void **state)
{
	struct dataset data;
	struct problem problem, again;
	struct plan plan;
	const char *words[] = {"standardize", "no", "split", "tail", "seed", "1", NULL};
	size_t drawn = 0;

	(void)state;
	open_set(&data, "concrete");
	problem_init(&problem);
	problem_init(&again);
	make(&problem, &plan, &data, words);
	assert_int_equal(problem.training_rows, 824);
	assert_int_equal(problem.validation_rows, 206);
	for (size_t i = 0; i < 824; i++)
		assert_true(is_row(&problem, i, &data, i));
	assert_true(problem_validation_loss(&problem, problem.solution) > 0);
	words[3] = "random";
	make(&problem, &plan, &data, words);
	make(&again, &plan, &data, words);
	assert_memory_equal(problem.rows, again.rows, 1030 * 9 * sizeof(double));
	assert_false(is_row(&problem, 0, &data, 0) && is_row(&problem, 823, &data, 823));
	/* the order is kept: training rows are found one after the other */
	for (size_t i = 0; i < data.rows && drawn < 824; i++)
		drawn += is_row(&problem, drawn, &data, i);
	assert_int_equal(drawn, 824);
	words[5] = "2";
	make(&again, &plan, &data, words);
	assert_memory_not_equal(problem.rows, again.rows, 824 * 9 * sizeof(double));
	assert_true(isnan(problem_validation_loss(&(struct problem){0}, NULL)));
	problem_done(&problem);
	problem_done(&again);
	dataset_done(&data);
}

static void refused(const char *csv, const char *standardize, const char *why)
{
	struct training training = training_default();
	struct problem problem;
	struct dataset data;
	struct error error;
	struct plan plan;

	parse(&data, csv);
	problem_init(&problem);
	assert_true(training_set(&training, "standardize", standardize, &error));
	assert_true(training_set(&training, "validation", "0", &error));
	assert_true(plan_make(&plan, &training, STRATEGY_STEP, data.rows, &error));
	assert_false(problem_make(&problem, &data, &plan, &error));
	assert_int_equal(error.kind, ERROR_REQUEST);
	if (!strstr(error.text, why))
		fail_msg("%s", error.text);
	dataset_done(&data);
}

static void test_refused(void **state)
{
	struct problem problem;
	struct dataset data;
	struct plan plan;

	(void)state;
	refused("a,y\n1,5\n2,5\n3,5\n", "yes", "'y' is constant in the 3 training rows");
	refused("a,y\n1e200,5\n-1e200,5\n3,6\n", "no", "standardize=yes");
	refused("a,y\n1,1e200\n2,5\n3,6\n", "no", "standardize=yes");
	/* but z-scores of such numbers are fine */
	parse(&data, "a,y\n1e300,1e-320\n-1e300,5e-320\n3,6e-320\n");
	problem_init(&problem);
	make(&problem, &plan, &data, all_rows);
	assert_true(problem.floor > 0 && problem.floor < 1);
	problem_done(&problem);
	dataset_done(&data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nist),
		cmocka_unit_test(test_rank),
		cmocka_unit_test(test_real),
		cmocka_unit_test(test_limit_forms),
		cmocka_unit_test(test_limit_definition),
		cmocka_unit_test(test_deficient),
		cmocka_unit_test(test_many_features),
		cmocka_unit_test(test_excess),
		cmocka_unit_test(test_far_from_zero),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
