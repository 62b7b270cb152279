/* Least squares for this room: what least_squares() says, and the triangle it found. */
#ifndef LRSCOPE_TRAINER_SOLVE_H
#define LRSCOPE_TRAINER_SOLVE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* A x = b. Row i of A: a[i * stride] onwards, and, where `bias` is set, a 1 as the last of the
 * `columns`; b: b[i * b_stride]. */
struct equations {
	const double *a, *b;
	size_t stride, b_stride, rows, columns;
	bool bias;
};

/* As least_squares(). `root` (NULL, or columns * lanes_of(columns) numbers) gets a triangle R with
 * R'R = A'A, entry (i, j) at root[j * lanes_of(columns) + i], from the QR decomposition: unlike A'A
 * it loses no digits to squaring. */
bool solve(const struct equations *equations, double *x, double *residual_sum_of_squares,
	   size_t *rank, double *root, struct error *error);

#endif
