#include "trainer/fixed.h"

#include <math.h>
#include <string.h>

#include "trainer/tile.h"

#define MOST_NUMBERS (1 << 20) /* 8 MB: beyond that they leave the caches */
#define LEAST_EPOCHS 8         /* fewer do not repay adding up the matrices */

/* Of one batch: the matrix by columns of lanes_of(size), the gradient, the loss. */
static size_t part_size(size_t size)
{
	return (size + 1) * lanes_of(size) + TILE;
}

size_t fixed_size(const struct problem *problem, const struct plan *plan)
{
	size_t numbers = (size_t)plan->batches * part_size(problem->size);

	if ((plan->shuffle && !plan->full_batch) || plan->epochs < LEAST_EPOCHS ||
	    numbers > MOST_NUMBERS || 2 * (size_t)plan->batch < problem->size)
		return 0;
	return numbers;
}

/* The matrix of `rows` rows from `from` on. `row` is scratch of lanes_of(size). */
static void add_rows(double *matrix, const struct problem *problem, size_t from, size_t rows,
		     double *row)
{
	size_t d = problem->features, size = problem->size, stride = lanes_of(size);

	memset(matrix, 0, size * stride * sizeof *matrix);
	memset(row, 0, stride * sizeof *row);
	row[d] = 1;
	for (size_t i = from; i < from + rows; i++) {
		memcpy(row, problem->x + i * d, d * sizeof *row);
		lanes_add_outer(matrix, size, row);
	}
	for (size_t j = 0; j < size; j++)
		for (size_t i = j; i < size; i++) {
			matrix[j * stride + i] *= 2 / (double)rows;
			matrix[i * stride + j] = matrix[j * stride + i];
		}
}

void fixed_make(double *fixed, const struct problem *problem, const struct plan *plan,
		double *tiles, double *residuals)
{
	size_t size = problem->size, stride = lanes_of(size), d = problem->features;
	size_t batch = (size_t)plan->batch, n = problem->training_rows;

	for (size_t from = 0; from < n; from += batch, fixed += part_size(size)) {
		size_t rows = batch < n - from ? batch : n - from;
		double *gradient = fixed + size * stride;

		if (!plan->full_batch)
			tiles_gather(tiles, problem->x + from * d, problem->y + from, d, NULL, rows);
		add_rows(fixed, problem, from, rows, gradient);
		memset(gradient, 0, stride * sizeof *gradient);
		gradient[stride] = tiles_gradient(tiles, d, rows, problem->solution, gradient,
						  residuals);
	}
}

bool fixed_gradient(const double *fixed, const struct problem *problem, size_t batch,
		    const double *weights, double *gradient, double *loss)
{
	size_t size = problem->size, stride = lanes_of(size);
	const double *matrix = fixed + batch * part_size(size), *at_solution = matrix + size * stride;

	*loss = at_solution[stride] + lanes_gradient(matrix, size, weights, problem->solution,
						     at_solution, gradient);
	if (!isfinite(*loss))
		return false;
	if (*loss < 0)
		*loss = 0; /* the rounding of an exact fit */
	return true;
}
