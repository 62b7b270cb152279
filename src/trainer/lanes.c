/* Two copies of each kernel: for AVX2, and for whatever the machine has. They differ in speed only:
 * * and + are rounded in every lane alike, and -ffp-contract=off keeps them apart. There is none for
 * vectors of 8: most problems have so few features that these would be half empty. */
#include "trainer/lanes.h"

#include "trainer/dataset.h"

#ifdef __clang__
#define FAST
#else
#define FAST optimize("O3"), /* unrolls the loops over parts, so that they stay in registers */
#endif
#pragma GCC diagnostic ignored "-Wpsabi" /* vectors are passed to inlined functions only */

#define MOST_VECTORS ((DATASET_FEATURES + LANES) / LANES)
#define ALONE __attribute__((noinline))
#define INLINE static inline __attribute__((always_inline)) TARGET
#define PARTS (GROUP / LANES)
#define MOST_PARTS 3 /* vectors of a product that are summed at once */

typedef double lanes __attribute__((vector_size(32), aligned(8), may_alias));
typedef double half __attribute__((vector_size(16)));
typedef uint64_t words __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t mask __attribute__((vector_size(32), aligned(8), may_alias));

#define NAME(x) x##_2
#define TARGET __attribute__((FAST unused))
#define PAIRS(a, b) (__builtin_shufflevector(a, b, 0, 4, 2, 6) + \
		     __builtin_shufflevector(a, b, 1, 5, 3, 7))
#define TIMES(a, b) (((a) & UINT32_MAX) * (b))
#include "trainer/rows_kernel.h"
#include "trainer/lanes_kernel.h"

#ifdef __x86_64__
#define NAME(x) x##_4
#define TARGET __attribute__((FAST target("avx2")))
#define PAIRS(a, b) ((lanes)__builtin_ia32_haddpd256(a, b))
typedef int halves __attribute__((vector_size(32)));
#define TIMES(a, b) ((words)__builtin_ia32_pmuludq256((halves)(a), (halves)(b)))
#include "trainer/rows_kernel.h"
#include "trainer/lanes_kernel.h"

#define DISPATCH(kernel, ...) \
	(__builtin_cpu_supports("avx2") ? kernel##_4(__VA_ARGS__) : kernel##_2(__VA_ARGS__))
#else
#define DISPATCH(kernel, ...) kernel##_2(__VA_ARGS__)
#endif

double rows_loss(const double *rows, size_t features, size_t count, const double *weights)
{
	return DISPATCH(loss, rows, features, count, weights);
}

double rows_gradient(const double *rows, size_t features, const uint32_t *order, size_t count,
		     const double *weights, double *gradient)
{
	return DISPATCH(gradient, rows, features, order, count, weights, gradient);
}

double lanes_norm2(const double *root, size_t columns, const double *a, const double *b)
{
	return DISPATCH(norm2, root, columns, a, b);
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

double lanes_dot(const double *a, const double *b, size_t count)
{
	return DISPATCH(dot, a, b, count);
}

void lanes_add(double *to, const double *from, double factor, size_t count)
{
	DISPATCH(add, to, from, factor, count);
}

void lanes_sgd(double *weights, const double *gradient, double *buffer, const struct sgd *sgd,
	       size_t count)
{
	DISPATCH(sgd, weights, gradient, buffer, sgd, count);
}

double lanes_residuals(const double *a, struct pair x, const double *r, const double *r_low,
		       double *f, double *f_low, size_t count)
{
	return DISPATCH(pairs, a, x, r, r_low, f, f_low, count);
}

bool lanes_shuffle(uint64_t s[4][LANES], uint32_t *items, size_t apart, size_t count)
{
	return DISPATCH(shuffle, s, items, apart, count);
}

void lanes_products(const double *rows, size_t features, size_t count, const double *basis, size_t r,
		    double *products)
{
	DISPATCH(products, rows, features, count, basis, r, products);
}

void lanes_add_moments(const double *products, size_t r, double *sums)
{
	DISPATCH(moments, products, r, sums);
}

void lanes_apply_products(const double *products, size_t order, const double *from, double *to)
{
	DISPATCH(apply, products, order, from, to);
}
