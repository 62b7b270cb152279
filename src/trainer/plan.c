/* Training words and a number of rows become a plan: every default and share a number, and
 * whatever PyTorch or arithmetic would refuse refused with its reason. */
#include <math.h>
#include <string.h>

#include "base/language.h"
#include "trainer/training.h"

#define MOST_UPDATES 100000000

static bool is_on(const struct training *training, enum training_id id)
{
	return training_number(training, id) != 0;
}

/* Words that only one family of optimizers has. */
static bool check_words(const struct training *training, enum optimizer_id optimizer,
			struct error *error)
{
	static const enum training_id sgd[] = {TRAINING_MOMENTUM, TRAINING_NESTEROV,
					       TRAINING_DAMPENING};
	static const enum training_id adam[] = {TRAINING_BETAS, TRAINING_ADAM_EPS,
						TRAINING_AMSGRAD};
	bool is_sgd = optimizer == OPTIMIZER_SGD;

	for (size_t i = 0; i < 3; i++) {
		enum training_id id = is_sgd ? adam[i] : sgd[i];

		if (training->values[id].how != VALUE_UNSET)
			return error_request(error, is_sgd ?
				_("%s: belongs to adam and adamw; optimizer=%s takes momentum, "
				  "nesterov, dampening, weight_decay") :
				_("%s: belongs to sgd; optimizer=%s takes betas, adam_eps, amsgrad, "
				  "weight_decay"),
				training_parameters[id].name, optimizer_names[optimizer]);
	}
	return true;
}

static bool plan_optimizer(struct plan *plan, const struct training *training, struct error *error)
{
	plan->optimizer = (enum optimizer_id)training_number(training, TRAINING_OPTIMIZER);
	if (!check_words(training, plan->optimizer, error))
		return false;
	plan->momentum = training_number(training, TRAINING_MOMENTUM);
	plan->nesterov = is_on(training, TRAINING_NESTEROV);
	plan->dampening = training_number(training, TRAINING_DAMPENING);
	plan->weight_decay = training_number(training, TRAINING_WEIGHT_DECAY);
	plan->beta1 = training->betas[0];
	plan->beta2 = training->betas[1];
	plan->adam_eps = training_number(training, TRAINING_ADAM_EPS);
	plan->amsgrad = is_on(training, TRAINING_AMSGRAD);
	if (plan->nesterov && plan->momentum <= 0)
		return error_request(error, _("nesterov: needs momentum above 0, as in "
					      "momentum=0.9"));
	if (plan->nesterov && plan->dampening != 0)
		return error_request(error, _("nesterov: needs dampening 0"));
	return true;
}

static bool plan_rows(struct plan *plan, const struct training *training, size_t rows,
		      struct error *error)
{
	double share = training_number(training, TRAINING_VALIDATION);

	plan->rows = (int64_t)rows;
	plan->validation_rows = (int64_t)floor(share * (double)rows);
	if (share > 0 && plan->validation_rows < 1)
		plan->validation_rows = 1;
	plan->training_rows = plan->rows - plan->validation_rows;
	if (plan->training_rows < 2)
		return error_request(error, _("validation: of %lld rows it holds out %lld, which "
					      "leaves %lld to train on; at least 2 are needed"),
				     (long long)plan->rows, (long long)plan->validation_rows,
				     (long long)plan->training_rows);
	plan->tail = is_on(training, TRAINING_SPLIT);
	plan->standardize = is_on(training, TRAINING_STANDARDIZE);
	return true;
}

static bool plan_lengths(struct plan *plan, const struct training *training, struct error *error)
{
	double batch = training_number(training, TRAINING_BATCH);

	plan->full_batch = isnan(batch) || batch >= (double)plan->training_rows;
	plan->batch = plan->full_batch ? plan->training_rows : (int64_t)batch;
	plan->batches = (plan->training_rows + plan->batch - 1) / plan->batch;
	plan->epochs = (int64_t)training_number(training, TRAINING_EPOCHS);
	plan->updates = plan->epochs * plan->batches; /* at most 1e8 * 1e7 */
	if (plan->updates > MOST_UPDATES)
		return error_request(error, _("epochs: %lld is too many; at most %lld of %lld "
					      "updates each"), (long long)plan->epochs,
				     (long long)(MOST_UPDATES / plan->batches),
				     (long long)plan->batches);
	return true;
}

bool training_per_batch(const struct training *training, enum strategy_id strategy)
{
	double per = training_number(training, TRAINING_STEP_PER);

	return isnan(per) ? strategy_steps_per_batch(strategy) : per != 0;
}

static bool plan_scheduler(struct plan *plan, const struct training *training,
			   enum strategy_id strategy, struct error *error)
{
	plan->per_batch = training_per_batch(training, strategy);
	if (plan->per_batch && strategy_needs_metric(strategy))
		return error_request(error, _("step_per: %s steps per epoch only: its metric "
						"comes after each epoch"), strategy_name(strategy));
	plan->scheduler_steps = plan->per_batch ? plan->updates : plan->epochs;
	return true;
}

bool plan_make(struct plan *plan, const struct training *training, enum strategy_id strategy,
	       size_t rows, struct error *error)
{
	memset(plan, 0, sizeof *plan);
	plan->seed = (uint64_t)training_number(training, TRAINING_SEED);
	plan->shuffle = is_on(training, TRAINING_SHUFFLE);
	plan->val_ripple = training_number(training, TRAINING_VAL_RIPPLE);
	plan->val_ripple_period = (int64_t)training_number(training, TRAINING_VAL_RIPPLE_PERIOD);
	return plan_optimizer(plan, training, error) && plan_rows(plan, training, rows, error) &&
	       plan_lengths(plan, training, error) &&
	       plan_scheduler(plan, training, strategy, error);
}

struct clock plan_clock(const struct plan *plan)
{
	return (struct clock){.run = true, .steps = plan->scheduler_steps,
			      .needed = plan->scheduler_steps - 1, .epochs = plan->epochs,
			      .batches = plan->batches};
}

int64_t plan_step_at(const struct plan *plan, int64_t update)
{
	return plan->per_batch ? update : update / plan->batches;
}
