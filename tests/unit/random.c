/* The documented generator against vectors that an independent program (a few lines of Python with
 * whole numbers of any size) made from the description in trainer/random.h, and against the
 * published sequence of xoshiro256** from the state 1, 2, 3, 4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "trainer/order.h"
#include "trainer/random.h"

static void test_published(void **state)
{
	static const uint64_t right[] = {11520, 0, 1509978240, 1215971899390074240u,
					 1216172134540287360u};
	struct random random = {{1, 2, 3, 4}};

	(void)state;
	for (size_t i = 0; i < sizeof right / sizeof *right; i++)
		assert_int_equal(random_next(&random), right[i]);
}

static void test_start(void **state)
{
	static const struct {
		uint64_t seed;
		enum random_purpose purpose;
		uint64_t number, state[4], next[4];
	} rows[] = {
		{0, RANDOM_SPLIT, 0,
		 {0x44e5b98100c67fb0, 0xa73822ac2ea54ab1, 0x9403b3663716577c, 0x81e08d6d33187e20},
		 {0x6f0c221987108fb2, 0x68a99bcd127fe03, 0x35c925a786232a40, 0x28a0078abb13302}},
		{1, RANDOM_SHUFFLE, 0,
		 {0xe68e6fc01df08360, 0x47b76c954434f7e4, 0x1ef44fb588ba575, 0x2a38bbe987fdf051},
		 {0x9f0b1e7ea7c98bcb, 0xd54ccb1d83f3af22, 0x3e1baa59da9fd066, 0x99260e214852133}},
		{1, RANDOM_SHUFFLE, 1,
		 {0xb815246f417cade2, 0xd06f4d537acbff25, 0x861e0213b0eab057, 0x5745f9393064eae2},
		 {0xc84bd64aedecc0d1, 0xd36badbfc069aaeb, 0x22950318bb3d8156, 0x86670ce728385905}},
		{9007199254740992, RANDOM_SHUFFLE, 99999999,
		 {0x61794affc6e1aeda, 0x572cf02295355b5b, 0xd9381e4637e3d856, 0x44623466fb05cd98},
		 {0x731b0a1d308782a1, 0x22f7a84ed9876886, 0xca7767bebdb950d5, 0x95ba89dd457c1d28}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct random random;

		random_start(&random, rows[i].seed, rows[i].purpose, rows[i].number);
		for (int k = 0; k < 4; k++)
			assert_int_equal(random.s[k], rows[i].state[k]);
		for (int k = 0; k < 4; k++)
			assert_int_equal(random_next(&random), rows[i].next[k]);
	}
}

static void test_below(void **state)
{
	static const uint64_t small[] = {0, 6, 3, 6, 8, 8, 8, 0, 6, 8, 1, 9};
	/* 2^63 + 1: nearly half of the draws are rejected */
	static const uint64_t large[] = {0x50f24b3da857129a, 0x6a73cc1b977e0286, 0x4c01a55cf0894a3,
					 0x6f966303939e7a11};
	struct random random;

	(void)state;
	random_start(&random, 1, RANDOM_SPLIT, 0);
	for (size_t i = 0; i < sizeof small / sizeof *small; i++)
		assert_int_equal(random_below(&random, 10), small[i]);
	random_start(&random, 1, RANDOM_SPLIT, 0);
	for (size_t i = 0; i < sizeof large / sizeof *large; i++)
		assert_int_equal(random_below(&random, ((uint64_t)1 << 63) + 1), large[i]);
}

static void test_shuffle(void **state)
{
	static const uint32_t right[2][16] = {
		{10, 7, 13, 2, 6, 4, 11, 14, 15, 1, 5, 8, 0, 3, 12, 9},
		{10, 3, 13, 7, 4, 5, 0, 14, 2, 11, 9, 8, 6, 1, 15, 12},
	};

	(void)state;
	for (uint64_t epoch = 0; epoch < 2; epoch++) {
		struct random random;
		uint32_t items[16];

		for (uint32_t i = 0; i < 16; i++)
			items[i] = i;
		random_start(&random, 1, RANDOM_SHUFFLE, epoch);
		random_shuffle(&random, items, 16);
		assert_memory_equal(items, right[epoch], sizeof items);
		random_shuffle(&random, items, 1);
		random_shuffle(&random, items, 0);
		assert_memory_equal(items, right[epoch], sizeof items);
	}
}

/* Every epoch's order is that of the one generator, whether it is kept, made with others or alone. */
static void check_orders(size_t rows, int64_t epochs)
{
	struct orders *orders = calloc(1, orders_size(rows));
	uint32_t *own, *right = malloc(rows * sizeof *right);

	assert_non_null(orders);
	assert_non_null(right);
	orders_init(orders, rows, 9);
	own = malloc((orders_own(orders, epochs) + 1) * sizeof *own);
	assert_non_null(own);
	for (uint64_t seed = 1; seed < 4; seed++)
		for (int64_t epoch = 0; epoch < epochs; epoch++) {
			struct random random;

			for (size_t i = 0; i < rows; i++)
				right[i] = (uint32_t)(9 * i);
			assert_memory_equal(orders->order, right, rows * sizeof *right);
			random_start(&random, seed % 2, RANDOM_SHUFFLE, (uint64_t)epoch);
			random_shuffle(&random, right, rows);
			assert_memory_equal(orders_of(orders, seed % 2, epoch, own), right,
					    rows * sizeof *right);
		}
	free(own);
	free(right);
	free(orders);
}

static void test_orders(void **state)
{
	(void)state;
	check_orders(2, 9);
	check_orders(824, 41);  /* keeps 36 */
	check_orders(8192, 6);  /* keeps 4 */
	check_orders(8193, 3);  /* keeps none */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_below),
		cmocka_unit_test(test_shuffle),
		cmocka_unit_test(test_orders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
