/* The kernels for each width of vector that this machine has give the same bits: those of a plain
 * loop over the lanes and the fixed tree that trainer/tile.h describes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trainer/tile.c"

#define ROWS 41
#define FEATURES 13

struct kernels {
	double (*loss)(const double *, size_t, size_t, const double *);
	double (*gradient)(const double *, size_t, size_t, const double *, double *, double *);
	double (*norm2)(const double *, size_t, const double *, const double *);
	double (*quadratic)(const double *, size_t, const double *, const double *, const double *,
			    double *);
	void (*outer)(double *, size_t, const double *);
};

/* Numbers of mixed sign and size, so that the order of a sum shows in its last bits. */
static double next_number(void)
{
	static uint32_t state = 1;

	state = state * 1664525 + 1013904223;
	return ((double)state / 4294967296.0 - 0.5) * (state % 7 == 0 ? 1000 : 1);
}

static double tree(const double s[TILE])
{
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

static double plain_gradient(const double *x, const double *y, size_t rows, const double *w,
			     double *gradient)
{
	double lanes[FEATURES + 2][TILE] = {{0}};

	for (size_t i = 0; i < rows; i++) {
		double r = w[FEATURES];

		for (size_t j = 0; j < FEATURES; j++)
			r += x[i * FEATURES + j] * w[j];
		r -= y[i];
		for (size_t j = 0; j < FEATURES; j++)
			lanes[j][i % TILE] += r * (2 / (double)rows) * x[i * FEATURES + j];
		lanes[FEATURES][i % TILE] += r * (2 / (double)rows);
		lanes[FEATURES + 1][i % TILE] += r * r;
	}
	for (size_t j = 0; j <= FEATURES; j++)
		gradient[j] = tree(lanes[j]);
	return tree(lanes[FEATURES + 1]) / (double)rows;
}

static double plain_norm2(const double *matrix, size_t columns, const double *a, const double *b)
{
	double lanes[TILE] = {0};

	for (size_t i = 0; i < lanes_of(columns); i++) {
		double v = 0;

		for (size_t j = 0; j < columns; j++)
			v += matrix[j * lanes_of(columns) + i] * (a[j] - b[j]);
		lanes[i % TILE] += v * v;
	}
	return tree(lanes);
}

static void check_rows(const struct kernels *k)
{
	double x[ROWS * FEATURES], y[ROWS], w[FEATURES + 1], right[FEATURES + 1], ours[FEATURES + 1];
	double tiles[(ROWS + TILE) * (FEATURES + 1)], residuals[ROWS + TILE];
	uint32_t order[ROWS];

	for (size_t i = 0; i < ROWS * FEATURES; i++)
		x[i] = next_number();
	for (size_t i = 0; i < ROWS; i++) {
		y[i] = next_number();
		order[i] = (uint32_t)i;
	}
	for (size_t j = 0; j <= FEATURES; j++)
		w[j] = next_number();
	for (size_t rows = 1; rows <= ROWS; rows++) {
		double loss = plain_gradient(x, y, rows, w, right);

		memset(tiles, 0x55, sizeof tiles);
		tiles_gather(tiles, x, y, FEATURES, rows % 2 ? order : NULL, rows);
		assert_true(k->loss(tiles, FEATURES, rows, w) == loss);
		assert_true(k->gradient(tiles, FEATURES, rows, w, ours, residuals) == loss);
		assert_memory_equal(ours, right, sizeof right);
	}
}

static void check_matrices(const struct kernels *k)
{
	enum { COLUMNS = 11, STRIDE = 16 };
	double matrix[COLUMNS * STRIDE] = {0}, a[STRIDE] = {0}, b[STRIDE] = {0}, g[STRIDE] = {0};
	double gradient[STRIDE], v[STRIDE] = {0}, lanes[TILE] = {0};

	for (size_t j = 0; j < COLUMNS; j++) {
		a[j] = next_number();
		b[j] = next_number();
		g[j] = next_number();
		v[j] = next_number();
		for (size_t i = 0; i < COLUMNS; i++)
			matrix[j * STRIDE + i] = next_number();
	}
	assert_true(k->norm2(matrix, COLUMNS, a, b) == plain_norm2(matrix, COLUMNS, a, b));
	for (size_t i = 0; i < COLUMNS; i++) {
		double sum[2] = {0};

		for (size_t j = 0; j < COLUMNS; j++)
			sum[j % 2] += matrix[j * STRIDE + i] * (a[j] - b[j]);
		lanes[i % TILE] += (g[i] + (sum[0] + sum[1] + g[i])) * (a[i] - b[i]);
	}
	assert_true(k->quadratic(matrix, COLUMNS, a, b, g, gradient) == tree(lanes) / 2);
	for (size_t i = COLUMNS; i < STRIDE; i++)
		assert_true(gradient[i] == 0);
	memset(matrix, 0, sizeof matrix);
	k->outer(matrix, COLUMNS, v);
	for (size_t j = 0; j < COLUMNS; j++)
		for (size_t i = j; i < STRIDE; i++)
			assert_true(matrix[j * STRIDE + i] == v[i] * v[j]);
}

static void check(const struct kernels *kernels)
{
	check_rows(kernels);
	check_matrices(kernels);
}

static void test_two(void **state)
{
	(void)state;
	check(&(struct kernels){loss_2, gradient_2, norm2_2, quadratic_2, outer_2});
}

static void test_four(void **state)
{
	(void)state;
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2")) {
		check(&(struct kernels){loss_4, gradient_4, norm2_4, quadratic_4, outer_4});
		return;
	}
#endif
	print_message("# this CPU has no such vectors\n"); /* cmocka's skip() is "not ok" in TAP */
}

static void test_eight(void **state)
{
	(void)state;
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512f")) {
		check(&(struct kernels){loss_8, gradient_8, norm2_8, quadratic_8, outer_8});
		return;
	}
#endif
	print_message("# this CPU has no such vectors\n"); /* cmocka's skip() is "not ok" in TAP */
}

static void test_chosen(void **state)
{
	(void)state;
	check(&(struct kernels){tiles_loss, tiles_gradient, lanes_norm2, lanes_gradient,
				lanes_add_outer});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two),
		cmocka_unit_test(test_four),
		cmocka_unit_test(test_eight),
		cmocka_unit_test(test_chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
