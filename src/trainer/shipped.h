/* What ship.c writes at build time and shipped.c reads: the compiled-in data sets. */
#ifndef LRSCOPE_TRAINER_SHIPPED_H
#define LRSCOPE_TRAINER_SHIPPED_H

#include "trainer/dataset.h"

extern const char *const shipped_ids[]; /* shipped_count of them, NULL-ended */

#endif
