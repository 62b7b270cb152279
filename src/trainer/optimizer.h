/* The optimizers in PyTorch's arithmetic: torch 1.13.1, single-tensor path, order of operations
 * included. All arrays have lanes_of(size) numbers, filled up with zeros. */
#ifndef LRSCOPE_TRAINER_OPTIMIZER_H
#define LRSCOPE_TRAINER_OPTIMIZER_H

#include "trainer/lanes.h"
#include "trainer/training.h"

struct optimizer_state {
	size_t size;
	int64_t step;     /* Adam: updates done */
	struct sgd sgd;   /* but for lr and momentum, the same for all updates */
	double *first;    /* SGD's momentum buffer, Adam's exp_avg */
	double *second;   /* Adam's exp_avg_sq */
	double *largest;  /* amsgrad's max_exp_avg_sq */
};

/* One update. `momentum` is SGD's or Adam's beta1, in force now. */
void optimizer_update(struct optimizer_state *state, const struct plan *plan, double lr,
		      double momentum, double *weights, const double *gradient);

#endif
