/* Arithmetic in vectors of LANES doubles: mini-batches, and matrices with columns of whole vectors.
 *
 * Every sum runs over lanes first and then over the fixed tree (0+2)+(1+3), so results have the same
 * bits whether the compiler made one instruction of a vector or two, on every CPU. */
#ifndef LRSCOPE_TRAINER_LANES_H
#define LRSCOPE_TRAINER_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LANES 4

/* `count` rounded up to whole vectors. */
static inline size_t lanes_of(size_t count)
{
	return (count + LANES - 1) / LANES * LANES;
}

/* Numbers in one row: its features, filled up with zeros to whole vectors, then its target. */
static inline size_t row_size(size_t features)
{
	return lanes_of(features) + 1;
}

/* Mean squared error of `count` rows; `weights` has features + 1 numbers, the bias last. */
double rows_loss(const double *rows, size_t features, size_t count, const double *weights);

/* The same of the rows that begin at rows[order[0]], rows[order[1]], ..., and its gradient:
 * lanes_of(features + 1) numbers, filled up with zeros. */
double rows_gradient(const double *rows, size_t features, const uint32_t *order, size_t count,
		     const double *weights, double *gradient);

/* |R d|^2, where d = a - b has `columns` numbers and column j of R is root[j * lanes_of(columns)]
 * onwards. R is a triangle: below its diagonal, and behind its last row, are zeros. */
double lanes_norm2(const double *root, size_t columns, const double *a, const double *b);

/* With the same d, and a symmetric matrix M of the same form: gradient = g + M d, and
 * g'd + d'M d / 2. Here and below vectors have lanes_of(columns) numbers, filled up with zeros. */
double lanes_gradient(const double *matrix, size_t columns, const double *a, const double *b,
		      const double *g, double *gradient);

/* Adds v v' to the same kind of matrix, its entries (i, j) with i >= j at least. */
void lanes_add_outer(double *matrix, size_t columns, const double *v);

/* Of vectors of `count` numbers, a multiple of LANES: a'b; to += factor * from. */
double lanes_dot(const double *a, const double *b, size_t count);
void lanes_add(double *to, const double *from, double factor, size_t count);

/* PyTorch's SGD: the gradient, with weight decay, goes into the momentum buffer, and times lr off the
 * weights. */
struct sgd {
	double lr, weight_decay, momentum, dampening;
	bool nesterov, first; /* the first update with momentum makes the buffer */
};
void lanes_sgd(double *weights, const double *gradient, double *buffer, const struct sgd *sgd,
	       size_t count);

/* A number as the sum of two, 106 bits; low is at most half a unit in the last place of high (Dekker,
 * A floating-point technique for extending the available precision, Numerische Mathematik 18, 1971). */
struct pair {
	double high, low;
};

static inline struct pair pair_add(struct pair a, struct pair b)
{
	double sum = a.high + b.high, part = sum - a.high;
	double low = ((a.high - (sum - part)) + (b.high - part)) + (a.low + b.low), high = sum + low;

	return (struct pair){high, low - (high - sum)};
}

/* f -= a x, and a'r, where f, r and x are pairs; a'r rounded to a double. */
double lanes_residuals(const double *a, struct pair x, const double *r, const double *r_low,
		       double *f, double *f_low, size_t count);

/* random_shuffle() of LANES arrays of `count` numbers, `apart` from each other, by as many generators:
 * s[i][k] is number i in the state of the k-th. False where a draw may have to be repeated, which
 * happens once in 2^32 draws: then the arrays are spoilt. */
bool lanes_shuffle(uint64_t s[4][LANES], uint32_t *items, size_t apart, size_t count);

#define GROUP 32 /* rows whose products are made at once */

/* For the first `count`, at most GROUP, rows: z = B'[x 1], where B has a row of r numbers for each feature
 * and the bias, and for each k <= l, row by row, the GROUP products z_k z_l; 0 for missing rows. */
void lanes_products(const double *rows, size_t features, size_t count, const double *basis, size_t r,
		    double *products);
/* Adds to LANES numbers for each (a, b), a <= b, and each (c, d), b <= c <= d, that together are the sum
 * of z_a z_b z_c z_d. */
void lanes_add_moments(const double *products, size_t r, double *sums);
/* to += sum over the rows of p p' from, where p are its `order` products. */
void lanes_apply_products(const double *products, size_t order, const double *from, double *to);

#endif
