/* Both copies of the kernels give the same bits: those of plain loops over the lanes and the fixed
 * tree that trainer/lanes.h describes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trainer/lanes.c"
#include "trainer/order.h"
#include "trainer/random.h"

#define ROWS 23
#define MOST_FEATURES 13
#define MOST_COLUMNS 28
#define VECTOR 44

struct kernels {
	double (*loss)(const double *, size_t, size_t, const double *);
	double (*gradient)(const double *, size_t, const uint32_t *, size_t, const double *, double *);
	double (*norm2)(const double *, size_t, const double *, const double *);
	double (*quadratic)(const double *, size_t, const double *, const double *, const double *,
			    double *);
	void (*outer)(double *, size_t, const double *);
	double (*dot)(const double *, const double *, size_t);
	void (*add)(double *, const double *, double, size_t);
	void (*sgd)(double *, const double *, double *, const struct sgd *, size_t);
	double (*pairs)(const double *, struct pair, const double *, const double *, double *, double *,
			size_t);
	bool (*shuffle)(uint64_t[4][LANES], uint32_t *, size_t, size_t);
};

/* Numbers of mixed sign and size, so that the order of a sum shows in its last bits. */
static double next_number(void)
{
	static uint32_t state = 1;

	state = state * 1664525 + 1013904223;
	return ((double)state / 4294967296.0 - 0.5) * (state % 7 == 0 ? 1000 : 1);
}

static double tree(const double s[LANES])
{
	return (s[0] + s[2]) + (s[1] + s[3]);
}

/* w'x over lanes, plus the bias, minus the target. */
static double plain_residual(const double *row, size_t features, const double *w)
{
	double part[LANES] = {0};

	for (size_t j = 0; j < lanes_of(features); j++)
		part[j % LANES] += j < features ? row[j] * w[j] : 0;
	return ((part[0] + part[1]) + (part[2] + part[3])) + w[features] -
	       row[lanes_of(features)];
}

/* Four rows at a time; what is missing of the last four counts as 0. */
static double plain_gradient(const double *rows, size_t features, const uint32_t *order, size_t count,
			     const double *w, double *gradient)
{
	double bias[LANES] = {0}, squares[LANES] = {0};

	memset(gradient, 0, lanes_of(features + 1) * sizeof *gradient);
	for (size_t i = 0; i < count; i += LANES) {
		double r[LANES] = {0};

		for (size_t k = 0; k < LANES && i + k < count; k++) {
			r[k] = plain_residual(rows + order[i + k], features, w);
			squares[k] += r[k] * r[k];
			r[k] *= 2 / (double)count;
			bias[k] += r[k];
		}
		for (size_t j = 0; j < features; j++) {
			double part[LANES];

			for (size_t k = 0; k < LANES; k++)
				part[k] = rows[order[i + k] + j] * r[k];
			gradient[j] += (part[0] + part[1]) + (part[2] + part[3]);
		}
	}
	gradient[features] = tree(bias);
	return tree(squares) / (double)count;
}

static void check_rows_of(const struct kernels *k, size_t features)
{
	size_t size = row_size(features);
	double rows[(ROWS + ORDER_MORE) * (MOST_FEATURES + LANES)] = {0}, w[MOST_FEATURES + LANES] = {0};
	double right[MOST_FEATURES + LANES], ours[MOST_FEATURES + LANES];
	uint32_t order[ROWS + ORDER_MORE] = {0}, plain[ROWS + ORDER_MORE] = {0};

	for (size_t i = 0; i < ROWS; i++) {
		for (size_t j = 0; j < features; j++)
			rows[i * size + j] = next_number();
		rows[i * size + size - 1] = next_number();
		order[i] = (uint32_t)((i * 7 + 3) % ROWS * size);
		plain[i] = (uint32_t)(i * size);
	}
	for (size_t j = 0; j <= features; j++)
		w[j] = next_number();
	for (size_t count = 1; count <= ROWS; count++) {
		double loss = plain_gradient(rows, features, order, count, w, right);

		assert_true(k->gradient(rows, features, order, count, w, ours) == loss);
		assert_memory_equal(ours, right, lanes_of(features + 1) * sizeof *ours);
		assert_true(k->loss(rows, features, count, w) ==
			    plain_gradient(rows, features, plain, count, w, right));
	}
	w[0] = INFINITY; /* stays out of the numbers behind the gradient */
	k->gradient(rows, features, order, ROWS, w, ours);
	assert_true(!isfinite(ours[features]));
	for (size_t j = features + 1; j < lanes_of(features + 1); j++)
		assert_true(ours[j] == 0);
}

static void check_rows(const struct kernels *k)
{
	for (size_t features = 1; features <= MOST_FEATURES; features++)
		check_rows_of(k, features);
}

/* Entry i of M d by two chains of columns, even and odd ones; of a triangle by one, from the diagonal's
 * vector on. */
static double plain_product(const double *matrix, size_t columns, const double *d, size_t i,
			    bool triangle)
{
	double sum[2] = {0};

	for (size_t j = triangle ? i / LANES * LANES : 0; j < columns; j++)
		sum[triangle ? 0 : j % 2] += matrix[j * lanes_of(columns) + i] * d[j];
	return sum[0] + sum[1];
}

static void check_matrix_of(const struct kernels *k, size_t columns)
{
	size_t stride = lanes_of(columns);
	double matrix[MOST_COLUMNS * MOST_COLUMNS] = {0}, root[MOST_COLUMNS * MOST_COLUMNS] = {0};
	double a[MOST_COLUMNS] = {0}, b[MOST_COLUMNS] = {0}, g[MOST_COLUMNS] = {0};
	double d[MOST_COLUMNS], gradient[MOST_COLUMNS], v[MOST_COLUMNS] = {0};
	double squares[LANES] = {0}, products[LANES] = {0};

	for (size_t j = 0; j < columns; j++) {
		a[j] = next_number();
		b[j] = next_number();
		g[j] = next_number();
		v[j] = next_number();
		for (size_t i = 0; i < columns; i++) {
			matrix[j * stride + i] = next_number();
			root[j * stride + i] = i <= j ? matrix[j * stride + i] : 0;
		}
	}
	for (size_t j = 0; j < columns; j++)
		d[j] = a[j] - b[j];
	for (size_t i = 0; i < columns; i++) {
		double of_root = plain_product(root, columns, d, i, true);
		double of_matrix = plain_product(matrix, columns, d, i, false);

		squares[i % LANES] += of_root * of_root;
		products[i % LANES] += (g[i] + (of_matrix + g[i])) * d[i];
	}
	assert_true(k->norm2(root, columns, a, b) == tree(squares));
	assert_true(k->quadratic(matrix, columns, a, b, g, gradient) == tree(products) / 2);
	for (size_t i = 0; i < stride; i++)
		assert_true(gradient[i] == (i < columns ? plain_product(matrix, columns, d, i, false) +
							 g[i] : 0));
	memset(matrix, 0, sizeof matrix);
	k->outer(matrix, columns, v);
	for (size_t j = 0; j < columns; j++)
		for (size_t i = j; i < stride; i++)
			assert_true(matrix[j * stride + i] == v[i] * v[j]);
}

static void check_matrices(const struct kernels *k)
{
	for (size_t columns = 1; columns <= MOST_COLUMNS; columns++)
		check_matrix_of(k, columns);
}

static void check_vectors(const struct kernels *k)
{
	double a[VECTOR], b[VECTOR], to[VECTOR];

	for (size_t i = 0; i < VECTOR; i++) {
		a[i] = next_number();
		b[i] = next_number();
	}
	for (size_t count = 0; count <= VECTOR; count += LANES) {
		size_t fours = count / 16 * 16;
		double sums[4][LANES] = {{0}}, sum[LANES];

		for (size_t i = 0; i < count; i++)
			sums[i < fours ? i / LANES % 4 : 0][i % LANES] += a[i] * b[i];
		for (size_t i = 0; i < LANES; i++)
			sum[i] = (sums[0][i] + sums[2][i]) + (sums[1][i] + sums[3][i]);
		assert_true(k->dot(a, b, count) == tree(sum));
		memcpy(to, b, sizeof to);
		k->add(to, a, 1.1, count);
		for (size_t i = 0; i < VECTOR; i++)
			assert_true(to[i] == (i < count ? b[i] + a[i] * 1.1 : b[i]));
	}
}

static void check_sgd(const struct kernels *k)
{
	double w[VECTOR], g[VECTOR], buffer[VECTOR], ours[VECTOR], our_buffer[VECTOR];

	for (unsigned bits = 0; bits < 16; bits++) {
		const struct sgd sgd = {0.1, bits & 1 ? 0.3 : 0, bits & 2 ? 0.9 : 0, 0.2, bits & 4, bits & 8};

		for (size_t i = 0; i < VECTOR; i++) {
			ours[i] = w[i] = next_number();
			our_buffer[i] = buffer[i] = next_number();
			g[i] = next_number();
		}
		k->sgd(ours, g, our_buffer, &sgd, VECTOR);
		for (size_t i = 0; i < VECTOR; i++) {
			double step = g[i] + sgd.weight_decay * w[i];

			if (sgd.momentum != 0) {
				buffer[i] = sgd.first ? step :
					    buffer[i] * sgd.momentum + (1 - sgd.dampening) * step;
				step = sgd.nesterov ? step + sgd.momentum * buffer[i] : buffer[i];
			}
			assert_true(our_buffer[i] == buffer[i] && ours[i] == w[i] + -sgd.lr * step);
		}
	}
}

/* In pairs numbers that cancel in doubles are exact. */
static void check_pairs(const struct kernels *k)
{
	const double tiny = 0x1p-60;
	double a[] = {1 + 0x1p-52, 3, 1e8 + 1, 0, 0, 0, 1, -1}, r[] = {1, 1 / 3.0, 0, 0, 5, 5, 5, 5};
	double r_low[8] = {tiny, 1 / 3.0 * 0x1p-54}, f[8], f_low[8] = {0};

	memcpy(f, a, sizeof f);
	/* a - a (1 + tiny) = -a tiny. 1 + 2^-52 + 3/3 is halfway between two doubles; tiny decides. */
	assert_true(k->pairs(a, (struct pair){1, tiny}, r, r_low, f, f_low, 8) == 2 + 0x1p-51);
	for (size_t i = 0; i < 8; i++)
		assert_true(f[i] + f_low[i] == -a[i] * tiny);
}

static void check_shuffles(const struct kernels *k)
{
	uint32_t plain[VECTOR], ours[LANES * VECTOR];
	struct random random;
	uint64_t s[4][LANES];

	for (size_t count = 1; count <= VECTOR; count++) {
		for (size_t lane = 0; lane < LANES; lane++) {
			random_start(&random, 7, RANDOM_SHUFFLE, lane);
			for (size_t i = 0; i < 4; i++)
				s[i][lane] = random.s[i];
			for (size_t i = 0; i < count; i++)
				ours[lane * VECTOR + i] = (uint32_t)i;
		}
		assert_true(k->shuffle(s, ours, VECTOR, count));
		for (size_t lane = 0; lane < LANES; lane++) {
			for (size_t i = 0; i < count; i++)
				plain[i] = (uint32_t)i;
			random_start(&random, 7, RANDOM_SHUFFLE, lane);
			random_shuffle(&random, plain, count);
			assert_memory_equal(plain, ours + lane * VECTOR, count * sizeof *plain);
		}
	}
	s[1][2] = 0; /* draws 0, which is biased */
	assert_false(k->shuffle(s, ours, VECTOR, 3));
}

static void check(const struct kernels *kernels)
{
	check_rows(kernels);
	check_matrices(kernels);
	check_vectors(kernels);
	check_sgd(kernels);
	check_pairs(kernels);
	check_shuffles(kernels);
}

static void test_two(void **state)
{
	(void)state;
	check(&(struct kernels){loss_2, gradient_2, norm2_2, quadratic_2, outer_2, dot_2, add_2, sgd_2,
				pairs_2, shuffle_2});
}

static void test_four(void **state)
{
	(void)state;
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2")) {
		check(&(struct kernels){loss_4, gradient_4, norm2_4, quadratic_4, outer_4, dot_4, add_4,
					sgd_4, pairs_4, shuffle_4});
		return;
	}
#endif
	print_message("# this CPU has no such vectors\n"); /* cmocka's skip() is "not ok" in TAP */
}

static void test_chosen(void **state)
{
	(void)state;
	check(&(struct kernels){rows_loss, rows_gradient, lanes_norm2, lanes_gradient, lanes_add_outer,
				lanes_dot, lanes_add, lanes_sgd, lanes_residuals, lanes_shuffle});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two),
		cmocka_unit_test(test_four),
		cmocka_unit_test(test_chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
