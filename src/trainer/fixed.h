/* Mini-batches that are the same in every epoch (shuffle=no, or one full batch), each reduced to
 * what its loss depends on. With d = w - w* from the least-squares solution of all rows,
 *     loss = l + g'd + d'G d / 2,   gradient = g + G d,   G = 2/B [X 1]'[X 1],
 * where l and g are the loss and gradient at w*: centred there, nothing cancels near the end of a
 * run. An update costs size^2 instead of 2 B size multiplications. */
#ifndef LRSCOPE_TRAINER_FIXED_H
#define LRSCOPE_TRAINER_FIXED_H

#include "trainer/problem.h"

/* Numbers that the batches of this plan need; 0 where they change, are too many, or where adding
 * up the rows is cheaper. */
size_t fixed_size(const struct problem *problem, const struct plan *plan);

/* Fills them in. */
void fixed_make(double *fixed, const struct problem *problem, const struct plan *plan);

/* Loss and gradient of batch `batch`; weights and gradient have lanes_of(size) numbers, the weights'
 * filled up with zeros. False where the loss overflows:
 * then only the rows themselves tell what is infinite and what is not a number. */
bool fixed_gradient(const double *fixed, const struct problem *problem, size_t batch,
		    const double *weights, double *gradient, double *loss);

#endif
