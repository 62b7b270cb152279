/* Least squares for this room: what least_squares() says, and the triangle it found. */
#ifndef LRSCOPE_TRAINER_SOLVE_H
#define LRSCOPE_TRAINER_SOLVE_H

#include "base/error.h"

#include <stddef.h>

/* As least_squares(). `root` (NULL, or columns * lanes_of(columns) zeros) gets a matrix R with
 * R'R = a'a, entry (i, j) at root[j * lanes_of(columns) + i], from the QR decomposition: unlike a'a
 * it loses no digits to squaring. */
bool solve(const double *a, const double *b, size_t rows, size_t columns, double *x,
	   double *residual_sum_of_squares, size_t *rank, double *root, struct error *error);

#endif
