/* The arithmetic of a mini-batch: losses and gradients over rows that lie in tiles.
 *
 * A tile is TILE rows, column by column: TILE numbers for each feature, then TILE targets. Lanes
 * without a row hold 0 and count for nothing. Every sum runs over lanes first (lane k takes the
 * rows k, k + TILE, ...) and then over a fixed tree, so results have the same bits whether the
 * compiler used vectors of 2, 4 or 8, on every CPU. */
#ifndef LRSCOPE_TRAINER_TILE_H
#define LRSCOPE_TRAINER_TILE_H

#include <stddef.h>
#include <stdint.h>

#define TILE 8

static inline size_t tile_count(size_t rows)
{
	return (rows + TILE - 1) / TILE;
}

/* Numbers in one tile. */
static inline size_t tile_size(size_t features)
{
	return (features + 1) * TILE;
}

/* `count` rounded up to whole lanes. */
static inline size_t lanes_of(size_t count)
{
	return tile_count(count) * TILE;
}

/* Fills tile_count(rows) tiles with the rows order[0], order[1], ... of x and y (order NULL: 0, 1,
 * ...). */
void tiles_gather(double *tiles, const double *x, const double *y, size_t features,
		  const uint32_t *order, size_t rows);

/* Mean squared error; `weights` has features + 1 numbers, the bias last. */
double tiles_loss(const double *tiles, size_t features, size_t rows, const double *weights);

/* The same, and its gradient (features + 1 numbers). `residuals` is scratch of lanes_of(rows). */
double tiles_gradient(const double *tiles, size_t features, size_t rows, const double *weights,
		      double *gradient, double *residuals);

/* |M d|^2, where d = a - b has `columns` numbers and column j of M is matrix[j * lanes_of(columns)]
 * onwards, filled up with zeros. */
double lanes_norm2(const double *matrix, size_t columns, const double *a, const double *b);

/* With the same d and kind of matrix: gradient = g + M d, and g'd + d'M d / 2. Here all vectors have
 * lanes_of(columns) numbers, filled up with zeros. */
double lanes_gradient(const double *matrix, size_t columns, const double *a, const double *b,
		      const double *g, double *gradient);

/* Adds v v' to the same kind of matrix, its entries (i, j) with i >= j at least; v has `columns`
 * numbers, filled up with zeros. */
void lanes_add_outer(double *matrix, size_t columns, const double *v);

#endif
