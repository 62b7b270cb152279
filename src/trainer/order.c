#include "trainer/order.h"

#include "trainer/random.h"

#define KEPT 32768 /* entries, 128 kB, that are taken from the system as they are made */

static size_t kept_epochs(size_t rows)
{
	return KEPT / rows;
}

size_t orders_size(size_t rows)
{
	return sizeof(struct orders) + (kept_epochs(rows) * rows + ORDER_MORE) * sizeof(uint32_t);
}

void orders_init(struct orders *orders, size_t rows, size_t row_size)
{
	orders->rows = rows;
	orders->row_size = row_size;
	orders->most = (int64_t)kept_epochs(rows);
}

void orders_identity(const struct orders *orders, uint32_t *own)
{
	for (size_t i = 0; i < orders->rows; i++)
		own[i] = (uint32_t)(i * orders->row_size);
}

static void shuffle(const struct orders *orders, uint64_t seed, int64_t epoch, uint32_t *to)
{
	struct random random;

	orders_identity(orders, to);
	random_start(&random, seed, RANDOM_SHUFFLE, (uint64_t)epoch);
	random_shuffle(&random, to, orders->rows);
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
	for (; orders->made <= epoch; orders->made++)
		shuffle(orders, seed, orders->made, orders->starts + (size_t)orders->made * orders->rows);
	return orders->starts + (size_t)epoch * orders->rows;
}
