/* The order of the training rows in each epoch, for the runs of one problem: those of the first
 * epochs are kept, as every run of a seed has the same ones. */
#ifndef LRSCOPE_TRAINER_ORDER_H
#define LRSCOPE_TRAINER_ORDER_H

#include <stddef.h>
#include <stdint.h>

/* An order says of `rows` rows where each begins (lanes.h). Behind it are as many entries more that
 * may be read. */
#define ORDER_MORE 3

struct orders {
	size_t rows;
	int64_t most, made; /* epochs: that there is room for, that are there */
	uint64_t seed;      /* of those */
	uint32_t order[];   /* the rows as they stand; then of each epoch */
};

/* Bytes of an orders for so many rows. */
size_t orders_size(size_t rows);
/* `orders` is all zero. */
void orders_init(struct orders *orders, size_t rows, size_t row_size);

/* Numbers that a run of so many epochs needs for orders of its own. */
size_t orders_own(const struct orders *orders, int64_t epochs);

/* The order of epoch `epoch`; a run asks for one after the other. Always shuffled from that of the rows
 * as they stand (RANDOM_SHUFFLE), so it depends on seed and epoch alone. An epoch that is not kept is
 * made in `own`. */
const uint32_t *orders_of(struct orders *orders, uint64_t seed, int64_t epoch, uint32_t *own);

#endif
