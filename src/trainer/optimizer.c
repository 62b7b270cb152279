#include "trainer/optimizer.h"

#include <math.h>
#include <string.h>

#include "trainer/lanes.h"

/* Plain SGD, the shortest way through, does not save the registers that the others need. */
#define ALONE __attribute__((noinline))

/* What SGD takes off the weights: the gradient with weight decay and momentum. PyTorch makes the
 * buffer at the first update with momentum, as a copy of the gradient. */
static ALONE double *sgd_step(struct optimizer_state *state, const struct plan *plan,
			      double momentum, const double *weights, double *gradient)
{
	size_t size = lanes_of(state->size);
	double *buffer = state->first;

	if (plan->weight_decay != 0)
		lanes_add(gradient, weights, plan->weight_decay, size);
	if (momentum == 0)
		return gradient;
	if (!state->has_buffer)
		memcpy(buffer, gradient, size * sizeof *buffer);
	else
		lanes_mix(buffer, momentum, gradient, 1 - plan->dampening, size);
	state->has_buffer = true;
	if (!plan->nesterov)
		return buffer;
	lanes_add(gradient, buffer, momentum, size);
	return gradient;
}

/* Adam and AdamW. A beta1 that a schedule drives corrects the bias as if it had always been so. */
static ALONE void update_adam(struct optimizer_state *state, const struct plan *plan, double lr,
			      double beta1, double *weights, double *gradient)
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
		      double momentum, double *weights, double *gradient)
{
	if (plan->optimizer != OPTIMIZER_SGD) {
		update_adam(state, plan, lr, momentum, weights, gradient);
		return;
	}
	if (momentum != 0 || plan->weight_decay != 0)
		gradient = sgd_step(state, plan, momentum, weights, gradient);
	lanes_add(weights, gradient, -lr, lanes_of(state->size));
}
