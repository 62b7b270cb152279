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

size_t orders_own(const struct orders *orders, int64_t epochs)
{
	if (epochs <= orders->most)
		return 0;
	return (orders->most ? LANES : 1) * orders->rows + ORDER_MORE;
}

static void shuffle(const struct orders *orders, uint64_t seed, int64_t epoch, uint32_t *to)
{
	struct random random;

	memcpy(to, orders->order, orders->rows * sizeof *to);
	random_start(&random, seed, RANDOM_SHUFFLE, (uint64_t)epoch);
	random_shuffle(&random, to, orders->rows);
}

/* LANES epochs at once. */
static void shuffle_more(const struct orders *orders, uint64_t seed, int64_t epoch, uint32_t *to)
{
	size_t rows = orders->rows;
	uint64_t s[4][LANES];

	for (int k = 0; k < LANES; k++) {
		struct random random;

		memcpy(to + (size_t)k * rows, orders->order, rows * sizeof *to);
		random_start(&random, seed, RANDOM_SHUFFLE, (uint64_t)(epoch + k));
		for (int i = 0; i < 4; i++)
			s[i][k] = random.s[i];
	}
	if (lanes_shuffle(s, to, rows, rows))
		return;
	for (int k = 0; k < LANES; k++)
		shuffle(orders, seed, epoch + k, to + (size_t)k * rows);
}

const uint32_t *orders_of(struct orders *orders, uint64_t seed, int64_t epoch, uint32_t *own)
{
	size_t rows = orders->rows;
	uint32_t *kept = orders->order + rows;

	if (orders->most == 0) {
		shuffle(orders, seed, epoch, own);
		return own;
	}
	if (epoch >= orders->most) {
		if (epoch % LANES == 0)
			shuffle_more(orders, seed, epoch, own);
		return own + (size_t)(epoch % LANES) * rows;
	}
	if (orders->seed != seed)
		orders->made = 0;
	orders->seed = seed;
	for (; orders->made <= epoch; orders->made += LANES)
		shuffle_more(orders, seed, orders->made, kept + (size_t)orders->made * rows);
	return kept + (size_t)epoch * rows;
}
