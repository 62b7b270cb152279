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

typedef double pair __attribute__((vector_size(16), aligned(8), may_alias));

/* Two rows into neighbouring lanes, two features at a time: half the loads and stores. */
static void gather_two(double *to, const double *a, const double *b, size_t features)
{
	size_t j = 0;

	for (; j + 1 < features; j += 2) {
		pair first = *(const pair *)(a + j), second = *(const pair *)(b + j);

		*(pair *)(to + j * TILE) = (pair){first[0], second[0]};
		*(pair *)(to + (j + 1) * TILE) = (pair){first[1], second[1]};
	}
	if (j < features)
		*(pair *)(to + j * TILE) = (pair){a[j], b[j]};
}

void tiles_gather(double *tiles, const double *x, const double *y, size_t features,
		  const uint32_t *order, size_t rows)
{
	size_t size = tile_size(features), i;

	if (rows % TILE)
		memset(tiles + (tile_count(rows) - 1) * size, 0, size * sizeof *tiles);
	for (i = 0; i + 1 < rows; i += 2) {
		size_t a = order ? order[i] : i, b = order ? order[i + 1] : i + 1;
		double *to = tiles + i / TILE * size + i % TILE;

		gather_two(to, x + a * features, x + b * features, features);
		*(pair *)(to + features * TILE) = (pair){y[a], y[b]};
	}
	if (i < rows) {
		size_t a = order ? order[i] : i;
		double *to = tiles + i / TILE * size + i % TILE;

		for (size_t j = 0; j < features; j++)
			to[j * TILE] = x[a * features + j];
		to[features * TILE] = y[a];
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

double lanes_gradient(const double *matrix, size_t columns, const double *a, const double *b,
		      const double *g, double *gradient)
{
	return DISPATCH(quadratic, matrix, columns, a, b, g, gradient);
}

void lanes_add_outer(double *matrix, size_t columns, const double *v)
{
	DISPATCH(outer, matrix, columns, v);
}
