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
 * it loses no digits to squaring. `image` (lanes_of(columns + 1) numbers, with `root`) gets c, what R x should
 * come to, and the length of the rest of b: |A x - b|^2 = |R x - c|^2 + rest^2 for every x of moderate
 * size, to the last digits also where columns are nearly collinear. */
bool solve(const struct equations *equations, double *x, double *residual_sum_of_squares,
	   size_t *rank, double *root, double *image, struct error *error);

#endif
