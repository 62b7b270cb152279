/* From a data set and a plan to a regression problem: split, standardised, solved. */
#include "trainer/problem.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "trainer/limit.h"
#include "trainer/random.h"
#include "trainer/solve.h"
#include "trainer/tile.h"

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

/* Both parts of the data while they are made: row-major, training rows first. */
struct split {
	double *x, *y, *design;
	uint32_t *order; /* rows of the data set, training rows first, each part in its order */
	void *memory;
};

static bool split_init(struct split *split, size_t rows, size_t features, size_t training_rows,
		       struct error *error)
{
	size_t numbers = rows * (features + 1) + training_rows * (features + 1);

	split->memory = malloc(numbers * sizeof(double) + 2 * rows * sizeof *split->order);
	if (!split->memory)
		return error_memory(error);
	split->x = split->memory;
	split->y = split->x + rows * features;
	split->design = split->y + rows;
	split->order = (uint32_t *)(split->design + training_rows * (features + 1));
	return true;
}

/* Which rows are held out: the first of a shuffle of all, or the last of the file. */
static void draw_rows(struct split *split, const struct plan *plan)
{
	size_t rows = (size_t)plan->rows, held = (size_t)plan->validation_rows;
	size_t training = 0, validation = (size_t)plan->training_rows;
	uint32_t *drawn = split->order + rows, *order = split->order;
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

static void copy_rows(struct split *split, const struct dataset *dataset)
{
	size_t features = dataset->features;

	for (size_t i = 0; i < dataset->rows; i++) {
		size_t row = split->order[i];

		memcpy(split->x + i * features, dataset->x + row * features,
		       features * sizeof *split->x);
		split->y[i] = dataset->y[row];
	}
}

/* Turns `rows` numbers, `stride` apart, into z-scores by mean and population deviation of the first
 * `training` of them: two passes in long double, so that nothing overflows or cancels. False where
 * those are all the same. */
static bool standardize(double *values, size_t stride, size_t rows, size_t training)
{
	long double mean = 0, square = 0, deviation;
	bool constant = true;

	for (size_t i = 0; i < training; i++) {
		mean += values[i * stride];
		constant = constant && values[i * stride] == values[0];
	}
	mean /= (long double)training;
	for (size_t i = 0; i < training; i++) {
		long double from_mean = values[i * stride] - mean;

		square += from_mean * from_mean;
	}
	deviation = sqrtl(square / (long double)training);
	for (size_t i = 0; i < rows; i++)
		values[i * stride] = constant ? 0 :
			(double)((values[i * stride] - mean) / deviation);
	return !constant;
}

static bool standardize_all(struct problem *problem, struct split *split, const struct plan *plan,
			    struct error *error)
{
	size_t rows = (size_t)plan->rows, training = (size_t)plan->training_rows;

	for (size_t j = 0; j < problem->features; j++) {
		if (standardize(split->x + j, problem->features, rows, training))
			continue;
		if (!problem->constant_features++)
			memcpy(problem->constant_name, problem->columns[j], DATASET_NAME);
	}
	if (!standardize(split->y, 1, rows, training))
		return error_request(error, _("target '%s' is constant in the %zu training rows, so "
					      "it cannot be standardized; another split, or "
					      "standardize=no"), problem->columns[problem->features],
				     training);
	return true;
}

/* One block for all the arrays; the counts are bounded by DATASET_ROWS and DATASET_FEATURES. */
static bool take_memory(struct problem *problem, struct error *error)
{
	size_t n = problem->training_rows, d = problem->features, size = d + 1;
	size_t counts[] = {n * d, n, tile_count(n) * tile_size(d),
			   tile_count(problem->validation_rows) * tile_size(d), size,
			   size * lanes_of(size), size * size, size, size * size};
	double **arrays[] = {&problem->x, &problem->y, &problem->tiles, &problem->validation_tiles,
			     &problem->solution, &problem->root, &problem->hessian,
			     &problem->eigenvalues, &problem->eigenvectors};
	size_t total = 0;
	double *at;

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		total += lanes_of(counts[i]);
	problem->memory = at = calloc(total, sizeof *at);
	if (!at)
		return error_memory(error);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		*arrays[i] = at;
		at += lanes_of(counts[i]);
	}
	return true;
}

static void copy_parts(struct problem *problem, struct split *split)
{
	size_t n = problem->training_rows, d = problem->features;

	memcpy(problem->x, split->x, n * d * sizeof *problem->x);
	memcpy(problem->y, split->y, n * sizeof *problem->y);
	tiles_gather(problem->tiles, split->x, split->y, d, NULL, n);
	tiles_gather(problem->validation_tiles, split->x + n * d, split->y + n, d, NULL,
		     problem->validation_rows);
	for (size_t i = 0; i < n; i++) {
		memcpy(split->design + i * (d + 1), split->x + i * d, d * sizeof *split->design);
		split->design[i * (d + 1) + d] = 1;
	}
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

static bool solve_problem(struct problem *problem, const struct split *split, struct error *error)
{
	size_t size = problem->size, n = problem->training_rows;
	double rss, root_n = sqrt((double)n);

	if (!solve(split->design, problem->y, n, size, problem->solution, &rss, &problem->rank,
		   problem->root, error))
		return false;
	for (size_t i = 0; i < size * lanes_of(size); i++)
		problem->root[i] /= root_n;
	problem->floor = rss / (double)n;
	if (!make_hessian(problem) || !isfinite(problem->floor))
		return error_request(error, _("the values are so large that their squares are "
					      "beyond the largest number; standardize=yes trains "
					      "on z-scores"));
	return find_eigenvalues(problem, error);
}

static bool make(struct problem *problem, struct split *split, const struct dataset *dataset,
		 const struct plan *plan, struct error *error)
{
	problem->features = dataset->features;
	problem->size = dataset->features + 1;
	problem->training_rows = (size_t)plan->training_rows;
	problem->validation_rows = (size_t)plan->validation_rows;
	problem->columns = malloc(problem->size * sizeof *problem->columns);
	if (!problem->columns || !split_init(split, dataset->rows, dataset->features,
					     problem->training_rows, error))
		return error_memory(error);
	memcpy(problem->columns, dataset->columns, problem->size * sizeof *problem->columns);
	draw_rows(split, plan);
	copy_rows(split, dataset);
	if (plan->standardize && !standardize_all(problem, split, plan, error))
		return false;
	if (!take_memory(problem, error))
		return false;
	copy_parts(problem, split);
	return solve_problem(problem, split, error);
}

bool problem_make(struct problem *problem, const struct dataset *dataset, const struct plan *plan,
		  struct error *error)
{
	struct split split = {0};
	bool done;

	problem_done(problem);
	gsl_set_error_handler_off(); /* what fails is reported, not ended by abort() */
	done = make(problem, &split, dataset, plan, error);
	free(split.memory);
	if (!done)
		problem_done(problem);
	return done;
}

double problem_training_loss(const struct problem *problem, const double *weights)
{
	return tiles_loss(problem->tiles, problem->features, problem->training_rows, weights);
}

double problem_validation_loss(const struct problem *problem, const double *weights)
{
	if (!problem->validation_rows)
		return NAN;
	return tiles_loss(problem->validation_tiles, problem->features, problem->validation_rows,
			  weights);
}

double problem_excess(const struct problem *problem, const double *weights)
{
	double excess = lanes_norm2(problem->root, problem->size, weights, problem->solution);

	if (!isnan(excess))
		return excess;
	for (size_t j = 0; j < problem->size; j++)
		if (isnan(weights[j]))
			return NAN;
	return INFINITY; /* inf - inf or 0 * inf on the way to a square that overflows */
}
