#include "trainer/order.h"

#include <string.h>

#include "trainer/lanes.h"
#include "trainer/random.h"

#define KEPT 32768 /* entries, 128 kB, that are taken from the system as they are made */

/* A multiple of LANES: as many are made at once. */
static size_t kept_epochs(size_t rows)
{
	return KEPT / rows / LANES * LANES;
}

size_t orders_size(size_t rows)
{
	return sizeof(struct orders) + ((1 + kept_epochs(rows)) * rows + ORDER_MORE) * sizeof(uint32_t);
}

void orders_init(struct orders *orders, size_t rows, size_t row_size)
{
	orders->rows = rows;
	orders->most = (int64_t)kept_epochs(rows);
	for (size_t i = 0; i < rows; i++)
		orders->order[i] = (uint32_t)(i * row_size);
}

static void shuffle(const struct orders *orders, uint64_t seed, int64_t epoch, uint32_t *to)
{
	struct random random;

	memcpy(to, orders->order, orders->rows * sizeof *to);
	random_start(&random, seed, RANDOM_SHUFFLE, (uint64_t)epoch);
	random_shuffle(&random, to, orders->rows);
}

/* The next LANES epochs to keep. */
static void make_more(struct orders *orders)
{
	size_t rows = orders->rows;
	uint32_t *to = orders->order + (size_t)(1 + orders->made) * rows;
	uint64_t s[4][LANES];

	for (int k = 0; k < LANES; k++) {
		struct random random;

		memcpy(to + k * rows, orders->order, rows * sizeof *to);
		random_start(&random, orders->seed, RANDOM_SHUFFLE, (uint64_t)(orders->made + k));
		for (int i = 0; i < 4; i++)
			s[i][k] = random.s[i];
	}
	if (!lanes_shuffle(s, to, rows, rows))
		for (int k = 0; k < LANES; k++)
			shuffle(orders, orders->seed, orders->made + k, to + k * rows);
	orders->made += LANES;
}

const uint32_t *orders_of(struct orders *orders, uint64_t seed, int64_t epoch, uint32_t *own)
{
	if (epoch >= orders->most) {
		shuffle(orders, seed, epoch, own);
		return own;
	}
	if (orders->seed != seed)
		orders->made = 0;
	orders->seed = seed;
	while (orders->made <= epoch)
		make_more(orders);
	return orders->order + (size_t)(1 + epoch) * orders->rows;
}
