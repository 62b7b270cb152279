#include "trainer/fixed.h"

#include <math.h>
#include <string.h>

#include "trainer/lanes.h"

#define MOST_NUMBERS (1 << 20) /* 8 MB: beyond that they leave the caches */
#define LEAST_EPOCHS 8         /* fewer do not repay adding up the matrices */

/* Of one batch: the matrix by columns of lanes_of(size), the gradient, the loss. */
static size_t part_size(size_t size)
{
	return (size + 1) * lanes_of(size) + LANES;
}

size_t fixed_size(const struct problem *problem, const struct plan *plan)
{
	size_t numbers = (size_t)plan->batches * part_size(problem->size);

	if ((plan->shuffle && !plan->full_batch) || plan->epochs < LEAST_EPOCHS ||
	    numbers > MOST_NUMBERS || 2 * (size_t)plan->batch < problem->size || problem->far ||
	    problem->shifted)
		return 0;
	return numbers;
}

/* The matrix of the rows that begin at order[0], order[1], ... `row` is scratch of lanes_of(size). */
static void add_rows(double *matrix, const struct problem *problem, const uint32_t *order,
		     size_t rows, double *row)
{
	size_t d = problem->features, size = problem->size, stride = lanes_of(size);

	memset(matrix, 0, size * stride * sizeof *matrix);
	memset(row, 0, stride * sizeof *row);
	row[d] = 1;
	for (size_t i = 0; i < rows; i++) {
		memcpy(row, problem->rows + order[i], d * sizeof *row);
		lanes_add_outer(matrix, size, row);
	}
	for (size_t j = 0; j < size; j++)
		for (size_t i = j; i < size; i++) {
			matrix[j * stride + i] *= 2 / (double)rows;
			matrix[i * stride + j] = matrix[j * stride + i];
		}
}

void fixed_make(double *fixed, const struct problem *problem, const struct plan *plan)
{
	const uint32_t *order = problem->orders->order;
	size_t size = problem->size, stride = lanes_of(size);
	size_t batch = (size_t)plan->batch, n = problem->training_rows;

	for (size_t from = 0; from < n; from += batch, fixed += part_size(size)) {
		size_t rows = batch < n - from ? batch : n - from;
		double *gradient = fixed + size * stride;

		add_rows(fixed, problem, order + from, rows, gradient);
		gradient[stride] = rows_gradient(problem->rows, problem->features, order + from, rows,
						 problem->solution, gradient);
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
