#include "trainer/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "trainer/fixed.h"
#include "trainer/lanes.h"
#include "trainer/optimizer.h"

struct run_memory {
	struct optimizer_state optimizer;
	int64_t batch;     /* of the epoch, 0-based: the next one */
	double *gradient;
	double *fixed;     /* the batches themselves, reduced; NULL where they change (fixed.h) */
	const uint32_t *order; /* of the training rows in this epoch: where they begin */
	uint32_t *own;     /* room for orders that the problem does not keep, or NULL */
	void *block;       /* what weights and arrays lie in; `bytes` long */
	size_t bytes;
};

void run_init(struct run *run)
{
	memset(run, 0, sizeof *run);
}

void run_done(struct run *run)
{
	if (run->memory)
		free(run->memory->block);
	free(run->memory);
	run_init(run);
}

static bool is_shuffled(const struct plan *plan)
{
	return plan->shuffle && !plan->full_batch; /* the sum over all rows is always the same */
}

/* Room for the arrays, all zero; kept from the run before where it is enough. */
static bool take_memory(struct run *run, struct error *error)
{
	const struct problem *problem = run->problem;
	const struct orders *orders = problem->orders;
	const struct sgd sgd = {.weight_decay = run->plan.weight_decay, .nesterov = run->plan.nesterov,
				.dampening = run->plan.dampening, .first = true};
	struct run_memory *memory = run->memory;
	size_t lanes = lanes_of(problem->size), fixed = fixed_size(problem, &run->plan);
	size_t own = is_shuffled(&run->plan) ? orders_own(orders, run->plan.epochs) : 0;
	size_t bytes = (5 * lanes + fixed) * sizeof(double) + own * sizeof *memory->own;
	double *at;

	if (!memory && !(memory = run->memory = calloc(1, sizeof *memory)))
		return error_memory(error);
	if (memory->bytes < bytes) {
		free(memory->block);
		*memory = (struct run_memory){.block = malloc(bytes)};
		if (!memory->block)
			return error_memory(error);
		memory->bytes = bytes;
	}
	memset(memory->block, 0, bytes);
	at = memory->block;
	run->weights = at;
	memory->gradient = at += lanes;
	memory->optimizer = (struct optimizer_state){.size = problem->size, .first = at + lanes,
						     .second = at + 2 * lanes,
						     .largest = at + 3 * lanes, .sgd = sgd};
	memory->fixed = fixed ? at + 4 * lanes : NULL;
	memory->own = own ? (uint32_t *)(at + 4 * lanes + fixed) : NULL;
	memory->order = orders->order;
	memory->batch = 0;
	if (fixed)
		fixed_make(memory->fixed, problem, &run->plan);
	return true;
}

static bool set_weights(struct run *run, const struct training *training, struct error *error)
{
	const struct problem *problem = run->problem;

	if (training->init_count && training->init_count != problem->size)
		return error_request(error, _("init: %u numbers where %zu are needed: %zu weights "
					      "and the bias"), training->init_count, problem->size,
				     problem->features);
	memcpy(run->weights, training->init, training->init_count * sizeof *run->weights);
	return true;
}

/* Adam divides by 1 - beta1^t in its update t, from 1 on: PyTorch raises where a schedule has made that
 * 0, or where the power overflows. */
static bool adam_takes(const struct schedule *schedule, double beta1, int64_t update,
		       struct error *error)
{
	const struct parameter *rows;
	unsigned count = strategy_parameters(schedule->node[0].strategy, &rows);
	const char *name = "beta1";
	char shown[NUMBER_SIZE];
	double power;

	if (!(fabs(beta1) >= 1))
		return true;
	power = pow(beta1, (double)update + 1);
	if (power != 1 && !isinf(power))
		return true;
	for (unsigned i = 0; i < count; i++)
		if (strstr(rows[i].name, "_momentum") && rows[i].type == PARAMETER_REAL &&
		    schedule->node[0].values[i].how == VALUE_GIVEN &&
		    schedule->node[0].values[i].number == beta1)
			name = rows[i].name;
	return error_request(error, _("%s %s: Adam divides by 1 - beta1^%lld = %s"), name,
			     number_short(shown, beta1, 6, 8), (long long)update + 1,
			     power == 1 ? "0" : "-inf");
}

static bool takes_beta1(const struct plan *plan, const struct scheduler *scheduler)
{
	return scheduler->drives_momentum && plan->optimizer != OPTIMIZER_SGD;
}

bool run_reaches(const struct plan *plan, const struct scheduler *scheduler, struct error *error)
{
	int64_t per_step = plan->per_batch ? 1 : plan->batches;
	struct rate low, high, rate = {NAN, NAN};

	if (!scheduler_reaches(scheduler, plan->scheduler_steps - 1, false, error))
		return false;
	if (!takes_beta1(plan, scheduler))
		return true;
	scheduler_range(scheduler, 0, plan->scheduler_steps, &low, &high);
	if (low.momentum > -1 + 1e-9 && high.momentum < 1 - 1e-9)
		return true;
	for (int64_t update = 0; update < plan->updates; update++) {
		if (update % per_step == 0 &&
		    !scheduler_closed(scheduler, update / per_step, &rate, error))
			return false;
		if (!adam_takes(&scheduler->schedule, rate.momentum, update, error))
			return false;
	}
	return true;
}

static bool next_is_taken(const struct run *run, struct error *error)
{
	return !takes_beta1(&run->plan, &run->scheduler) ||
	       adam_takes(&run->scheduler.schedule, run_rate(run).momentum, run->update, error);
}

bool run_start(struct run *run, const struct problem *problem, const struct plan *plan,
	       const struct training *training, const struct schedule *schedule, bool lenient,
	       struct error *error)
{
	struct clock clock = plan_clock(plan);

	if (lenient)
		clock.needed = 0;
	run->problem = problem;
	run->plan = *plan;
	run->update = run->epoch = 0;
	run->momentum = plan->optimizer == OPTIMIZER_SGD ? plan->momentum : plan->beta1;
	run->metric = NAN;
	run->stopped = false;
	run->why = (struct error){0};
	return take_memory(run, error) && set_weights(run, training, error) &&
	       scheduler_bind(&run->scheduler, schedule, &clock, error) &&
	       scheduler_start(&run->scheduler, &run->state, error) && next_is_taken(run, error);
}

struct rate run_rate(const struct run *run)
{
	struct rate rate = run->state.rate;

	if (isnan(rate.momentum))
		rate.momentum = run->momentum;
	return rate;
}

/* Gradient over the next batch; returns its loss. */
static double next_batch(struct run *run)
{
	const struct problem *problem = run->problem;
	struct run_memory *memory = run->memory;
	size_t from = (size_t)(memory->batch * run->plan.batch);
	size_t left = problem->training_rows - from, rows = (size_t)run->plan.batch;
	double loss;

	if (memory->fixed && fixed_gradient(memory->fixed, problem, (size_t)memory->batch,
					    run->weights, memory->gradient, &loss))
		return loss;
	return rows_gradient(problem->rows, problem->features, memory->order + from,
			     rows < left ? rows : left, run->weights, memory->gradient);
}

/* What plateau is given after an epoch: the validation loss (without validation rows the training
 * loss) and the ripple. */
static double metric(const struct run *run, int64_t epoch)
{
	const struct plan *plan = &run->plan;
	double loss = plan->validation_rows ?
		      problem_validation_loss(run->problem, run->weights) :
		      problem_training_loss(run->problem, run->weights);

	return loss + (double)(epoch % plan->val_ripple_period) * plan->val_ripple;
}

/* The scheduler steps after each update or each epoch, but not after the last update. */
static void step_scheduler(struct run *run, bool epoch_ended)
{
	if (epoch_ended && run->scheduler.needs_metric)
		run->metric = metric(run, run->epoch - 1);
	if (run->update == run->plan.updates)
		return;
	run->stopped = ((epoch_ended || run->plan.per_batch) &&
			!scheduler_next(&run->scheduler, &run->state, run->metric, &run->why)) ||
		       !next_is_taken(run, &run->why);
}

/* One update; the excess before it, unless NULL. Returns the batch's loss. */
static double advance(struct run *run, double *excess)
{
	struct run_memory *memory = run->memory;
	double loss = next_batch(run);
	bool epoch_ended;

	run->last = run_rate(run);
	if (excess)
		*excess = problem_excess(run->problem, run->weights);
	optimizer_update(&memory->optimizer, &run->plan, run->last.lr, run->last.momentum,
			 run->weights, memory->gradient);
	run->update++;
	epoch_ended = ++memory->batch == run->plan.batches;
	if (epoch_ended) {
		memory->batch = 0;
		run->epoch++;
	}
	step_scheduler(run, epoch_ended);
	return loss;
}

int64_t run_epoch(struct run *run, int64_t most, double *batch_loss, double *excess)
{
	struct run_memory *memory = run->memory;
	int64_t left = run->plan.batches - memory->batch, done = 0;

	if (run->stopped || run->update >= run->plan.updates)
		return 0;
	if (memory->batch == 0 && is_shuffled(&run->plan))
		memory->order = orders_of(run->problem->orders, run->plan.seed, run->epoch,
					  memory->own);
	for (most = most < left ? most : left; done < most && !run->stopped; done++)
		batch_loss[done] = advance(run, excess ? &excess[done] : NULL);
	return done;
}

bool run_update(struct run *run, struct update *seen)
{
	int64_t update = run->update, epoch = run->epoch;
	double loss, excess;

	if (!run_epoch(run, 1, &loss, seen ? &excess : NULL))
		return false;
	if (seen)
		*seen = (struct update){update, epoch, run->last.lr, run->last.momentum, loss, excess};
	return true;
}
