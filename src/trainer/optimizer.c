#include "trainer/optimizer.h"

#include <math.h>

#define ALONE __attribute__((noinline)) /* SGD does not save the registers that Adam needs */

/* Adam and AdamW. A beta1 that a schedule drives corrects the bias as if it had always been so. */
static ALONE void update_adam(struct optimizer_state *state, const struct plan *plan, double lr,
			      double beta1, double *weights, const double *gradient)
{
	double steps = (double)++state->step, beta2 = plan->beta2;
	double step_size = lr / (1 - pow(beta1, steps));
	double correction = sqrt(1 - pow(beta2, steps));

	for (size_t i = 0; i < state->size; i++) {
		double g = gradient[i], *m = &state->first[i], *v = &state->second[i], denominator;

		if (plan->optimizer == OPTIMIZER_ADAMW)
			weights[i] *= 1 - lr * plan->weight_decay;
		else if (plan->weight_decay != 0)
			g += plan->weight_decay * weights[i];
		*m = *m * beta1 + (1 - beta1) * g;
		*v = *v * beta2 + (1 - beta2) * g * g;
		if (plan->amsgrad) {
			if (!(*v <= state->largest[i])) /* not-a-number spreads */
				state->largest[i] = *v;
			v = &state->largest[i];
		}
		denominator = sqrt(*v) / correction + plan->adam_eps;
		weights[i] += -step_size * *m / denominator;
	}
}

void optimizer_update(struct optimizer_state *state, const struct plan *plan, double lr,
		      double momentum, double *weights, const double *gradient)
{
	if (plan->optimizer != OPTIMIZER_SGD) {
		update_adam(state, plan, lr, momentum, weights, gradient);
		return;
	}
	state->sgd.lr = lr;
	state->sgd.momentum = momentum;
	lanes_sgd(weights, gradient, state->first, &state->sgd, lanes_of(state->size));
	if (momentum != 0)
		state->sgd.first = false;
}
