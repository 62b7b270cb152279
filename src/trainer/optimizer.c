#include "trainer/optimizer.h"

#include <math.h>
#include <string.h>

/* PyTorch makes the buffer at the first update with momentum, as a copy of the gradient. */
static void update_sgd(struct optimizer_state *state, const struct plan *plan, double lr,
		       double momentum, double *weights, double *gradient)
{
	size_t size = state->size;
	double *buffer = state->first, *step = gradient;

	if (plan->weight_decay != 0)
		for (size_t i = 0; i < size; i++)
			gradient[i] += plan->weight_decay * weights[i];
	if (momentum != 0) {
		if (!state->has_buffer)
			memcpy(buffer, gradient, size * sizeof *buffer);
		else
			for (size_t i = 0; i < size; i++)
				buffer[i] = buffer[i] * momentum +
					    (1 - plan->dampening) * gradient[i];
		state->has_buffer = true;
		step = buffer;
		if (plan->nesterov) {
			for (size_t i = 0; i < size; i++)
				gradient[i] += momentum * buffer[i];
			step = gradient;
		}
	}
	for (size_t i = 0; i < size; i++)
		weights[i] += -lr * step[i];
}

/* Adam and AdamW. A beta1 that a schedule drives corrects the bias as if it had always been so. */
static void update_adam(struct optimizer_state *state, const struct plan *plan, double lr,
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
	if (plan->optimizer == OPTIMIZER_SGD)
		update_sgd(state, plan, lr, momentum, weights, gradient);
	else
		update_adam(state, plan, lr, momentum, weights, gradient);
}
