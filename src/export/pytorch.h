/* A setting as Python. */
#ifndef LRSCOPE_EXPORT_PYTORCH_H
#define LRSCOPE_EXPORT_PYTORCH_H

#include "study/scope.h"

/* Adds Python that defines `optimizer`, `scheduler` and a training loop with exactly these values,
 * on random rows in place of the data; it runs as printed under torch 1.13 and newer. Opens the
 * data set for its size. Refused where the run would be. */
bool export_pytorch(const struct setting *setting, struct text *text, struct error *error);

/* The same where the size of the data set is all that is known: not refused are starting weights of
 * another number and values that cannot be standardized or solved. */
bool export_pytorch_sized(const struct setting *setting, size_t rows, size_t features,
			  struct text *text, struct error *error);

/* The setting on the screen: refused as its run is. */
bool export_pytorch_shown(const struct scope *scope, struct text *text, struct error *error);

#endif
