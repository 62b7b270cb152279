/* The metrics that a plateau trace is given: a file with one number a line, or a CSV. */
#ifndef LRSCOPE_LRSCOPE_METRICS_H
#define LRSCOPE_LRSCOPE_METRICS_H

#include <stddef.h>

#include "base/error.h"

#define METRICS_BYTES (1u << 30) /* longest file that is read */

struct metrics {
	double *values;
	size_t count, capacity;
};

void metrics_init(struct metrics *metrics);
void metrics_done(struct metrics *metrics);

/* Reads `path` ("-": standard input): one number a line (nan, inf are numbers), or a CSV (RFC 4180)
 * with a column `metric`, whose cell in the last row may be empty. Blanks round a cell that is not quoted
 * do not count, as in data. File errors tell line and column. */
bool metrics_read(struct metrics *metrics, const char *path, struct error *error);

#endif
