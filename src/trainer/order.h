/* The order of the training rows in each epoch, for the runs of one problem: those of the first
 * epochs are kept, as every run of a seed has the same ones. */
#ifndef LRSCOPE_TRAINER_ORDER_H
#define LRSCOPE_TRAINER_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct orders {
	size_t rows, row_size;
	int64_t most, made;  /* epochs: that there is room for, that are there */
	uint64_t seed;       /* of those */
	uint32_t starts[];   /* most x rows and ORDER_MORE zeros */
};

/* Entries behind an order that may be read, as rows_gradient does. */
#define ORDER_MORE 3

/* Bytes of an orders for so many rows. */
size_t orders_size(size_t rows);
/* `orders` is all zero. */
void orders_init(struct orders *orders, size_t rows, size_t row_size);

/* The order of epoch `epoch`: `rows` numbers, where the rows begin. Always shuffled from the identity
 * (RANDOM_SHUFFLE), so it depends on seed and epoch alone. An epoch that is not kept is made in `own`
 * (rows + ORDER_MORE numbers). */
const uint32_t *orders_of(struct orders *orders, uint64_t seed, int64_t epoch, uint32_t *own);
/* The rows as they stand. */
void orders_identity(const struct orders *orders, uint32_t *own);

#endif
