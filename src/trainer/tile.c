/* One copy of each kernel for each width of vector that the machine may have. The copies differ in
 * speed only: * and + are rounded in every lane alike, and -ffp-contract=off keeps them apart. */
#include "trainer/tile.h"

#include <string.h>

#ifdef __clang__
#define FAST
#else
#define FAST optimize("O3"), /* unrolls the loops over parts, so that they stay in registers */
#endif

#define WIDTH 2
#define NAME(x) x##_2
#define TARGET __attribute__((FAST unused))
#include "trainer/tile_kernel.h"

#ifdef __x86_64__
#define WIDTH 4
#define NAME(x) x##_4
#define TARGET __attribute__((FAST target("avx2")))
#include "trainer/tile_kernel.h"

#define WIDTH 8
#define NAME(x) x##_8
#define TARGET __attribute__((FAST target("avx512f")))
#include "trainer/tile_kernel.h"

#define DISPATCH(kernel, ...) \
	(__builtin_cpu_supports("avx512f") ? kernel##_8(__VA_ARGS__) : \
	 __builtin_cpu_supports("avx2") ? kernel##_4(__VA_ARGS__) : kernel##_2(__VA_ARGS__))
#else
#define DISPATCH(kernel, ...) kernel##_2(__VA_ARGS__)
#endif

void tiles_gather(double *tiles, const double *x, const double *y, size_t features,
		  const uint32_t *order, size_t rows)
{
	size_t size = tile_size(features);

	if (rows % TILE)
		memset(tiles + (tile_count(rows) - 1) * size, 0, size * sizeof *tiles);
	for (size_t i = 0; i < rows; i++) {
		size_t row = order ? order[i] : i;
		double *to = tiles + i / TILE * size + i % TILE;
		const double *from = x + row * features;

		for (size_t j = 0; j < features; j++)
			to[j * TILE] = from[j];
		to[features * TILE] = y[row];
	}
}

double tiles_loss(const double *tiles, size_t features, size_t rows, const double *weights)
{
	return DISPATCH(loss, tiles, features, rows, weights);
}

double tiles_gradient(const double *tiles, size_t features, size_t rows, const double *weights,
		      double *gradient, double *residuals)
{
	return DISPATCH(gradient, tiles, features, rows, weights, gradient, residuals);
}

double lanes_norm2(const double *matrix, size_t columns, const double *a, const double *b)
{
	return DISPATCH(norm2, matrix, columns, a, b);
}

void lanes_add_outer(double *matrix, size_t columns, const double *v)
{
	DISPATCH(outer, matrix, columns, v);
}
