/* From a data set and a plan to a regression problem: split, standardised, solved. */
#include "trainer/problem.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "trainer/lanes.h"
#include "trainer/limit.h"
#include "trainer/random.h"
#include "trainer/solve.h"

void problem_init(struct problem *problem)
{
	memset(problem, 0, sizeof *problem);
}

void problem_done(struct problem *problem)
{
	limit_cache_free(problem->limits);
	free(problem->columns);
	free(problem->memory);
	problem_init(problem);
}

/* Which rows of the data set come where: training rows first, each part in its order. The rows held
 * out are the first of a shuffle of all, or the last of the file. `order` has room for twice as many. */
static void draw_rows(uint32_t *order, const struct plan *plan)
{
	size_t rows = (size_t)plan->rows, held = (size_t)plan->validation_rows;
	size_t training = 0, validation = (size_t)plan->training_rows;
	uint32_t *drawn = order + rows;
	struct random random;

	for (size_t i = 0; i < rows; i++)
		drawn[i] = order[i] = (uint32_t)i;
	if (plan->tail || held == 0)
		return;
	random_start(&random, plan->seed, RANDOM_SPLIT, 0);
	random_shuffle(&random, drawn, rows);
	for (size_t i = 0; i < held; i++)
		order[drawn[i]] = UINT32_MAX;
	/* `drawn` is used up: it takes the two parts, and then becomes the order */
	for (size_t i = 0; i < rows; i++) {
		if (order[i] == UINT32_MAX)
			drawn[validation++] = (uint32_t)i;
		else
			drawn[training++] = (uint32_t)i;
	}
	memcpy(order, drawn, rows * sizeof *order);
}

static bool copy_rows(struct problem *problem, const struct dataset *dataset,
		      const struct plan *plan, struct error *error)
{
	size_t features = dataset->features, size = row_size(features);
	uint32_t *order = malloc(2 * dataset->rows * sizeof *order);
	double *to = problem->rows;

	if (!order)
		return error_memory(error);
	draw_rows(order, plan);
	for (size_t i = 0; i < dataset->rows; i++, to += size) {
		const double *from = dataset->values + order[i] * (features + 1);

		memcpy(to, from, features * sizeof *to);
		to[size - 1] = from[features];
	}
	free(order);
	return true;
}

/* Mean and population deviation of `count` numbers, `stride` apart: two passes in long double, so that
 * nothing overflows. */
static void measure(const double *values, size_t stride, size_t count, long double *mean,
		    long double *deviation)
{
	long double sum = 0, square = 0;

#pragma GCC unroll 4
	for (size_t i = 0; i < count; i++)
		sum += values[i * stride];
	*mean = sum / (long double)count;
#pragma GCC unroll 4
	for (size_t i = 0; i < count; i++)
		square += (values[i * stride] - *mean) * (values[i * stride] - *mean);
	*deviation = sqrtl(square / (long double)count);
}

/* So many deviations from 0 the mean's own rounding, 2^-64 of it, begins to show in a double. */
#define OFFSET 1000

/* Turns `rows` numbers into z-scores by mean and deviation of the first `training` of them. False where
 * those are all the same. */
static bool standardize(double *values, size_t stride, size_t rows, size_t training)
{
	const double *last = values + (training - 1) * stride, *at = values;
	long double mean, deviation;
	bool constant;

	while (at != last && *at == *last)
		at += stride;
	constant = at == last;
	measure(values, stride, training, &mean, &deviation);
	/* Any number less 1e290 is finite. */
	if (!constant && fabsl(mean) > OFFSET * deviation && fabsl(mean) < 1e290) {
		double middle = (double)mean;

		for (size_t i = 0; i < rows; i++) /* exact near it */
			values[i * stride] -= middle;
		measure(values, stride, training, &mean, &deviation);
	}
#pragma GCC unroll 4
	for (size_t i = 0; i < rows; i++)
		values[i * stride] = (double)((values[i * stride] - mean) / deviation);
	for (size_t i = 0; constant && i < rows; i++)
		values[i * stride] = 0;
	return !constant;
}

static bool standardize_all(struct problem *problem, const struct plan *plan, struct error *error)
{
	size_t rows = (size_t)plan->rows, training = (size_t)plan->training_rows;
	size_t size = row_size(problem->features);

	for (size_t j = 0; j < problem->features; j++) {
		if (standardize(problem->rows + j, size, rows, training))
			continue;
		if (!problem->constant_features++)
			memcpy(problem->constant_name, problem->columns[j], DATASET_NAME);
	}
	if (!standardize(problem->rows + size - 1, size, rows, training))
		return error_request(error, _("target '%s' is constant in the %zu training rows, so "
					      "it cannot be standardized; another split, or "
					      "standardize=no"), problem->columns[problem->features],
				     training);
	return true;
}

/* One block for all; the counts are bounded by DATASET_ROWS and DATASET_FEATURES. */
static bool take_memory(struct problem *problem, struct error *error)
{
	size_t rows = problem->training_rows + problem->validation_rows + LANES - 1;
	size_t size = problem->size, lanes = lanes_of(size);
	double **arrays[] = {&problem->rows, &problem->solution, &problem->shift, &problem->centre,
			     &problem->root, &problem->image, &problem->hessian,
			     &problem->eigenvalues, &problem->eigenvectors};
	size_t counts[] = {rows * row_size(problem->features), lanes, lanes_of(size + 1), lanes,
			   size * lanes, lanes_of(size + 1), size * size, size, size * size};
	size_t total = 0;
	double *at;

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		total += counts[i];
	problem->memory = at = calloc(1, total * sizeof *at + orders_size(problem->training_rows));
	if (!at)
		return error_memory(error);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		*arrays[i] = at;
		at += counts[i];
	}
	problem->orders = (struct orders *)at;
	orders_init(problem->orders, problem->training_rows, row_size(problem->features));
	return true;
}

/* Hessian = 2 R'R; false where it overflows. */
static bool make_hessian(struct problem *problem)
{
	size_t size = problem->size, stride = lanes_of(size);

	for (size_t i = 0; i < size; i++)
		for (size_t j = 0; j < size; j++) {
			double sum = 0;

			for (size_t k = 0; k < size; k++)
				sum += problem->root[i * stride + k] * problem->root[j * stride + k];
			if (!isfinite(2 * sum))
				return false;
			problem->hessian[i * size + j] = 2 * sum;
		}
	return true;
}

/* The workspace is laid out here: gsl_eigen_symmv_alloc leaks where its second allocation fails. */
static bool find_eigenvalues(struct problem *problem, struct error *error)
{
	size_t size = problem->size;
	double *memory = malloc((size + 4) * size * sizeof *memory), *rows;
	gsl_vector_view values = gsl_vector_view_array(problem->eigenvalues, size);
	gsl_matrix_view vectors = gsl_matrix_view_array(problem->eigenvectors, size, size), copy;
	gsl_eigen_symmv_workspace work;

	if (!memory)
		return error_memory(error);
	rows = memory + size * size;
	work = (gsl_eigen_symmv_workspace){size, rows, rows + size, rows + 2 * size,
					   rows + 3 * size};
	memcpy(memory, problem->hessian, size * size * sizeof *memory);
	copy = gsl_matrix_view_array(memory, size, size);
	gsl_eigen_symmv(&copy.matrix, &values.vector, &vectors.matrix, &work);
	gsl_eigen_symmv_sort(&values.vector, &vectors.matrix, GSL_EIGEN_SORT_VAL_ASC);
	free(memory);
	return true;
}

/* How far the terms that make R w* overshoot what they come to, as where columns are nearly collinear: so many
 * times more is lost to rounding where the distance from w* is taken. */
#define FAR 1000
static double overshoot(const struct problem *problem)
{
	size_t size = problem->size, stride = lanes_of(size);
	double sums = 0, all = 0;

	for (size_t i = 0; i < size; i++) {
		double sum = 0, sizes = 0;

		for (size_t j = 0; j < size; j++) {
			double part = problem->root[j * stride + i] * problem->centre[j];

			sum += part;
			sizes += fabs(part);
		}
		sums += sum * sum;
		all += sizes * sizes;
	}
	return sqrt(all / (sums + problem->floor));
}

/* Squares of its numbers lose digits or are 0, as in a hessian; 1e-290 is as near to that as sums may come. */
static bool has_tiny_column(const struct problem *problem)
{
	size_t size = problem->size;

	for (size_t j = 0; j < size; j++) {
		double largest = 0;

		for (size_t i = 0; i <= j; i++)
			largest = fmax(largest, fabs(problem->root[j * lanes_of(size) + i]));
		if (largest > 0 && largest < 1e-145)
			return true;
	}
	return false;
}

/* R, image, weights and floor of `rows`. */
static bool solve_rows(struct problem *problem, const double *rows, double *weights, struct error *error)
{
	size_t size = problem->size, n = problem->training_rows;
	size_t stride = row_size(problem->features);
	struct equations equations = {rows, rows + stride - 1, stride, stride, n, size, true};
	double rss, root_n = sqrt((double)n);

	if (!solve(&equations, weights, &rss, &problem->rank, problem->root, problem->image, error))
		return false;
	for (size_t i = 0; i < size * lanes_of(size); i++)
		problem->root[i] /= root_n;
	for (size_t i = 0; i <= size; i++)
		problem->image[i] /= root_n;
	problem->floor = rss / (double)n;
	return true;
}

/* Numbers far from 0 leave few digits for what they differ by: these are solved once more as distances from
 * their means. */
static bool find_shifts(struct problem *problem)
{
	size_t d = problem->features, stride = row_size(d);

	for (size_t j = 0; j <= d; j++) {
		long double mean, deviation;

		measure(problem->rows + (j < d ? j : stride - 1), stride, problem->training_rows, &mean,
			&deviation);
		if (!(deviation > 0) || fabsl(mean) <= OFFSET * deviation || fabsl(mean) >= 1e290)
			continue;
		problem->shift[j < d ? j : problem->size] = (double)mean;
		problem->shifted = true;
	}
	return problem->shifted;
}

static bool solve_shifted(struct problem *problem, struct error *error)
{
	size_t d = problem->features, stride = row_size(d), n = problem->training_rows;
	double *rows = calloc((n + LANES - 1) * stride, sizeof *rows);
	bool done;

	if (!rows)
		return error_memory(error);
	memcpy(rows, problem->rows, n * stride * sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < d; j++)
			rows[i * stride + j] -= problem->shift[j];
		rows[(i + 1) * stride - 1] -= problem->shift[problem->size];
	}
	done = solve_rows(problem, rows, problem->centre, error);
	free(rows);
	return done;
}

static bool solve_problem(struct problem *problem, bool standardized, struct error *error)
{
	size_t rank;

	if (!solve_rows(problem, problem->rows, problem->solution, error))
		return false;
	if (!make_hessian(problem) || !isfinite(problem->floor))
		return error_request(error, _("the values are so large that their squares are "
					      "beyond the largest number; standardize=yes trains "
					      "on z-scores"));
	memcpy(problem->centre, problem->solution, problem->size * sizeof *problem->centre);
	rank = problem->rank; /* which the hessian has */
	if (!standardized && find_shifts(problem) && !solve_shifted(problem, error))
		return false;
	problem->rank = rank;
	problem->far = overshoot(problem) > FAR || has_tiny_column(problem);
	return find_eigenvalues(problem, error);
}

static bool make(struct problem *problem, const struct dataset *dataset, const struct plan *plan,
		 struct error *error)
{
	problem->features = dataset->features;
	problem->size = dataset->features + 1;
	problem->training_rows = (size_t)plan->training_rows;
	problem->validation_rows = (size_t)plan->validation_rows;
	problem->columns = malloc(problem->size * sizeof *problem->columns);
	if (!problem->columns)
		return error_memory(error);
	memcpy(problem->columns, dataset->columns, problem->size * sizeof *problem->columns);
	return take_memory(problem, error) && copy_rows(problem, dataset, plan, error) &&
	       (!plan->standardize || standardize_all(problem, plan, error)) &&
	       solve_problem(problem, plan->standardize, error);
}

bool problem_make(struct problem *problem, const struct dataset *dataset, const struct plan *plan,
		  struct error *error)
{
	bool done;

	problem_done(problem);
	gsl_set_error_handler_off(); /* what fails is reported, not ended by abort() */
	done = make(problem, dataset, plan, error);
	if (!done)
		problem_done(problem);
	return done;
}

double problem_training_loss(const struct problem *problem, const double *weights)
{
	double excess = problem_excess(problem, weights);

	/* Where weights are infinite, inf and nan are those of the rows. */
	return isfinite(excess) ? problem->floor + excess :
	       rows_loss(problem->rows, problem->features, problem->training_rows, weights);
}

double problem_validation_loss(const struct problem *problem, const double *weights)
{
	const double *rows = problem->rows + problem->training_rows * row_size(problem->features);

	if (!problem->validation_rows)
		return NAN;
	return rows_loss(rows, problem->features, problem->validation_rows, weights);
}

/* The loss, from R w and its image. */
static double loss_by_image(const struct problem *problem, const double *weights)
{
	size_t size = problem->size, stride = lanes_of(size);
	double sum = problem->image[size] * problem->image[size];

	for (size_t i = 0; i < size; i++) {
		double part = -problem->image[i];

		for (size_t j = i; j < size; j++)
			part += problem->root[j * stride + i] * weights[j];
		sum += part * part;
	}
	return sum;
}

static double excess_at(const struct problem *problem, const double *weights)
{
	return problem->far ? loss_by_image(problem, weights) - problem->floor :
	       lanes_norm2(problem->root, problem->size, weights, problem->centre);
}

/* The same model where numbers count from their shifts has another bias. */
static double shifted_excess(const struct problem *problem, const double *weights)
{
	size_t d = problem->features;
	double shifted[DATASET_FEATURES + 1 + LANES] = {0};
	long double bias = (long double)weights[d] - problem->shift[problem->size];

	memcpy(shifted, weights, d * sizeof *shifted);
	for (size_t j = 0; j < d; j++)
		if (problem->shift[j] != 0)
			bias += (long double)problem->shift[j] * weights[j];
	shifted[d] = (double)bias;
	return excess_at(problem, shifted);
}

/* What rounding put below 0 is 0; NaN is for weights that are. */
static double tidy_excess(double excess, const struct problem *problem, const double *weights)
{
	if (excess < 0)
		return 0;
	for (size_t j = 0; j < problem->size; j++)
		if (isnan(weights[j]))
			return NAN;
	return INFINITY; /* inf - inf or 0 * inf on the way to a square that overflows */
}

double problem_excess(const struct problem *problem, const double *weights)
{
	double excess = problem->shifted ? shifted_excess(problem, weights) : excess_at(problem, weights);

	return excess >= 0 ? excess : tidy_excess(excess, problem, weights);
}
