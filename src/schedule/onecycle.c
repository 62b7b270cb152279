/* One cycle (OneCycleLR): from max_lr / div_factor up to max_lr, then down to that start /
 * final_div_factor, once; momentum goes the other way.
 *
 *   phases end at p N - 1 and N - 1; with three_phase at p N - 1, 2 p N - 2 and N - 1,
 *   p = pct_start, N = total_steps; not rounded, so the peak may lie between two steps
 *   pct = (t - start) / (end - start)
 *   cos: to + (from - to) / 2 (1 + cos(pi pct)),  linear: (to - from) pct + from */
#include <math.h>

#include "base/language.h"
#include "base/number.h"
#include "schedule/fill.h"
#include "schedule/strategy.h"

enum {
	MAX_LR, TOTAL_STEPS, EPOCHS, STEPS_PER_EPOCH, PCT_START, ANNEAL, CYCLE_MOMENTUM,
	BASE_MOMENTUM, MAX_MOMENTUM, DIV_FACTOR, FINAL_DIV_FACTOR, THREE_PHASE, PARAMETER_COUNT
};

enum { ANNEAL_COS, ANNEAL_LINEAR };

static const char *const strategies[] = {"cos", "linear", NULL};

#define LONGEST 0x1p53 /* steps; a double counts no further */

static const struct parameter parameters[PARAMETER_COUNT] = {
	[MAX_LR] = {
		.name = "max_lr",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = ANY,
		.dial = {.low = 1e-4, .high = 1},
		.scale = DIAL_LOG,
		.step = 1,
		.standard = VALUE_NUMBER(0.1),
		.help = N_("the highest rate, at the end of the first phase"),
	},
	[TOTAL_STEPS] = {
		.name = "total_steps",
		.type = PARAMETER_INTEGER,
		.unit = N_("scheduler steps"),
		.accepted = {.low = 1, .high = INFINITY},
		.dial = {.low = 1, .high = 100000},
		.scale = DIAL_COUNT,
		.step = 10,
		.takes_auto = true,
		.takes_none = true,
		.help = N_("length of the cycle; None: epochs x steps_per_epoch; auto: the run"),
	},
	[EPOCHS] = {
		.name = "epochs",
		.type = PARAMETER_INTEGER,
		.unit = N_("epochs"),
		.accepted = {.low = 1, .high = INFINITY},
		.dial = {.low = 1, .high = 1000},
		.scale = DIAL_COUNT,
		.step = 1,
		.standard = VALUE_NUMBER(10),
		.takes_none = true,
		.help = N_("length of the cycle in epochs, where total_steps is not given"),
	},
	[STEPS_PER_EPOCH] = {
		.name = "steps_per_epoch",
		.type = PARAMETER_INTEGER,
		.unit = N_("scheduler steps"),
		.accepted = {.low = 1, .high = INFINITY},
		.dial = {.low = 1, .high = 10000},
		.scale = DIAL_COUNT,
		.step = 10,
		.standard = VALUE_NUMBER(100),
		.takes_none = true,
		.help = N_("scheduler steps in an epoch, where total_steps is not given"),
	},
	[PCT_START] = {
		.name = "pct_start",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = {.low = 0, .high = 1},
		.dial = {.low = 0, .high = 1},
		.scale = DIAL_LINEAR,
		.step = 0.05,
		.standard = VALUE_NUMBER(0.3),
		.help = N_("the part of the cycle in which the rate rises"),
	},
	[ANNEAL] = CHOICE("anneal_strategy", strategies, ANNEAL_COS,
		N_("shape of each phase: half a cosine wave, or a straight line")),
	[CYCLE_MOMENTUM] = SWITCH("cycle_momentum", 1,
		N_("drive the momentum (Adam: beta1) against the rate")),
	[BASE_MOMENTUM] = MOMENTUM("base_momentum", 0.85, N_("momentum where the rate is highest")),
	[MAX_MOMENTUM] = MOMENTUM("max_momentum", 0.95, N_("momentum at the start and at the end")),
	[DIV_FACTOR] = {
		.name = "div_factor",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = {.low = -INFINITY, .high = INFINITY, .not_zero = true},
		.dial = {.low = 1, .high = 1000},
		.scale = DIAL_LOG,
		.step = 1,
		.standard = VALUE_NUMBER(25),
		.help = N_("the cycle starts at max_lr / div_factor"),
	},
	[FINAL_DIV_FACTOR] = {
		.name = "final_div_factor",
		.type = PARAMETER_REAL,
		.unit = N_("1"),
		.accepted = {.low = -INFINITY, .high = INFINITY, .not_zero = true},
		.dial = {.low = 1, .high = 1e6},
		.scale = DIAL_LOG,
		.step = 1,
		.standard = VALUE_NUMBER(1e4),
		.help = N_("the cycle ends at its start / final_div_factor"),
	},
	[THREE_PHASE] = SWITCH("three_phase", 0,
		N_("down to the start first, then to the end, instead of in one fall")),
};

/* One phase, in scheduler->constants from PHASE * i on. */
enum { START, END, LR_FROM, LR_TO, MOMENTUM_FROM, MOMENTUM_TO, PHASE };
enum { PHASES = 3 * PHASE }; /* how many */

static bool bind_number(struct scheduler *scheduler, unsigned index, double number,
			struct error *error)
{
	char shown[NUMBER_SIZE];

	if (number > LONGEST) {
		return error_request(error, _("%s comes out as %s: more steps than can be counted"),
				     parameters[index].name, number_format(shown, number));
	}
	bind_value(scheduler, index, number);
	return true;
}

/* A factor of the length: the run's own where it is unset or None there, else the value. */
static bool bind_factor(struct scheduler *scheduler, unsigned index, const struct clock *clock,
			int64_t own, struct error *error)
{
	struct value value = scheduler->schedule.node[0].values[index];

	if (value.how == VALUE_GIVEN) {
		return true;
	}
	if ((value.how == VALUE_AUTO || (value.how == VALUE_NONE && clock->run)) && own > 0) {
		bind_value(scheduler, index, (double)own);
		return true;
	}
	return error_request(error, _("the length of the cycle is not known: give total_steps, or "
				      "epochs and steps_per_epoch"));
}

static bool bind_product(struct scheduler *scheduler, const struct clock *clock,
			 struct error *error)
{
	if (clock->run && clock->epochs > 0) { /* there `epochs` is the training length */
		bind_value(scheduler, EPOCHS, (double)clock->epochs);
	}
	return bind_factor(scheduler, EPOCHS, clock, clock->epochs, error) &&
	       bind_factor(scheduler, STEPS_PER_EPOCH, clock, clock->batches, error) &&
	       bind_number(scheduler, TOTAL_STEPS,
			   bound_value(scheduler, EPOCHS) *
				   bound_value(scheduler, STEPS_PER_EPOCH), error);
}

static bool bind_length(struct scheduler *scheduler, const struct clock *clock,
			struct error *error)
{
	struct value *values = scheduler->schedule.node[0].values;
	int64_t steps;

	switch (values[TOTAL_STEPS].how) {
	case VALUE_UNSET:
	case VALUE_NONE:
		return bind_product(scheduler, clock, error);
	case VALUE_AUTO:
		if (!bind_auto(scheduler, TOTAL_STEPS, clock, &steps, error)) {
			return false;
		}
		bind_value(scheduler, TOTAL_STEPS, (double)steps);
		break;
	case VALUE_GIVEN:
		break;
	}
	values[EPOCHS] = values[STEPS_PER_EPOCH] = (struct value){VALUE_NONE, 0};
	return bind_number(scheduler, TOTAL_STEPS, bound_value(scheduler, TOTAL_STEPS), error);
}

static void set_phase(struct scheduler *scheduler, int index, double end, const double lr[2],
		      const double momentum[2])
{
	double *phase = &scheduler->constants[index * PHASE];

	phase[START] = index > 0 ? phase[END - PHASE] : 0;
	phase[END] = end;
	phase[LR_FROM] = lr[0];
	phase[LR_TO] = lr[1];
	phase[MOMENTUM_FROM] = momentum[0];
	phase[MOMENTUM_TO] = momentum[1];
}

static void bind_phases(struct scheduler *scheduler)
{
	double top = bound_value(scheduler, MAX_LR);
	double start = top / bound_value(scheduler, DIV_FACTOR);
	double end = start / bound_value(scheduler, FINAL_DIV_FACTOR);
	double fast = bound_value(scheduler, MAX_MOMENTUM);
	double slow = bound_value(scheduler, BASE_MOMENTUM);
	double part = bound_value(scheduler, PCT_START);
	double total = bound_value(scheduler, TOTAL_STEPS);
	bool three = bound_value(scheduler, THREE_PHASE) != 0;

	set_phase(scheduler, 0, part * total - 1, (double[]){start, top}, (double[]){fast, slow});
	if (three) {
		set_phase(scheduler, 1, 2 * part * total - 2, (double[]){top, start},
			  (double[]){slow, fast});
		set_phase(scheduler, 2, total - 1, (double[]){start, end}, (double[]){fast, fast});
	} else {
		set_phase(scheduler, 1, total - 1, (double[]){top, end}, (double[]){slow, fast});
	}
	scheduler->constants[PHASES] = three ? 3 : 2;
}

static bool bind(struct scheduler *scheduler, const struct clock *clock, struct error *error)
{
	char part[NUMBER_SIZE];

	if (!bind_length(scheduler, clock, error)) {
		return false;
	}
	bind_phases(scheduler);
	scheduler->drives_momentum = bound_value(scheduler, CYCLE_MOMENTUM) != 0;
	scheduler->length = (int64_t)bound_value(scheduler, TOTAL_STEPS);
	/* The one phase of no length that a step falls into: it ends at step 0, where it starts. */
	if (scheduler->constants[END] == 0) {
		return error_request(error,
				     _("pct_start=%s of %lld steps is 1 step: the first phase would "
				       "have length 0, and PyTorch divide by it; choose another "
				       "pct_start or total_steps"),
				     number_format(part, bound_value(scheduler, PCT_START)),
				     (long long)scheduler->length);
	}
	if (clock->needed > 0 && clock->needed >= scheduler->length) {
		return error_request(error,
				     clock->run ? _("one cycle has %lld steps; this run needs %lld")
						: _("one cycle has %lld steps; this trace needs %lld"),
				     (long long)scheduler->length, (long long)clock->needed + 1);
	}
	return true;
}

/* The phase that step t belongs to: the first that it does not go beyond. */
static const double *phase_of(const struct scheduler *scheduler, double t)
{
	const double *phase = scheduler->constants;
	const double *last = phase + ((int)phase[PHASES] - 1) * PHASE;

	while (phase < last && t > phase[END]) {
		phase += PHASE;
	}
	return phase;
}

/* PyTorch's own arithmetic, which is a function of t alone. */
static bool closed(const struct scheduler *scheduler, int64_t t, struct rate *rate,
		   struct error *error)
{
	const double *phase = phase_of(scheduler, (double)t);
	double part = ((double)t - phase[START]) / (phase[END] - phase[START]);
	bool momentum = scheduler->drives_momentum;

	(void)error;
	rate->momentum = NAN;
	if (bound_value(scheduler, ANNEAL) == ANNEAL_COS) {
		double wave = cos(M_PI * part) + 1;

		rate->lr = phase[LR_TO] + (phase[LR_FROM] - phase[LR_TO]) / 2.0 * wave;
		if (momentum) {
			rate->momentum = phase[MOMENTUM_TO] +
					 (phase[MOMENTUM_FROM] - phase[MOMENTUM_TO]) / 2.0 * wave;
		}
		return true;
	}
	rate->lr = (phase[LR_TO] - phase[LR_FROM]) * part + phase[LR_FROM];
	if (momentum) {
		rate->momentum = (phase[MOMENTUM_TO] - phase[MOMENTUM_FROM]) * part +
				 phase[MOMENTUM_FROM];
	}
	return true;
}

/* What is left of a phase at t, 1 to 0, as the anneal shapes it; measured from the end, so that
 * the last rates keep their digits. */
static struct rate at(const struct scheduler *scheduler, int64_t t)
{
	const double *phase = phase_of(scheduler, (double)t);
	double left = (phase[END] - (double)t) / (phase[END] - phase[START]);
	struct rate rate = {0, NAN};

	if (bound_value(scheduler, ANNEAL) == ANNEAL_COS) {
		double root = sin(M_PI_2 * left);

		left = root * root;
	}
	rate.lr = phase[LR_TO] + (phase[LR_FROM] - phase[LR_TO]) * left;
	if (scheduler->drives_momentum) {
		rate.momentum = phase[MOMENTUM_TO] +
				(phase[MOMENTUM_FROM] - phase[MOMENTUM_TO]) * left;
	}
	return rate;
}

/* The steps on either side of where a phase ends. */
static int knots(const struct scheduler *scheduler, int64_t from, int64_t to, int64_t *steps)
{
	int count = 0;

	(void)from, (void)to;
	for (int i = 0; i + 1 < (int)scheduler->constants[PHASES]; i++) {
		int64_t before = (int64_t)floor(scheduler->constants[i * PHASE + END]);

		steps[count++] = before;
		steps[count++] = before + 1;
	}
	return count;
}

/* The wave of the phase that was filled last. */
struct filling {
	const double *phase;
	struct wave wave;
};

static void block(const struct scheduler *scheduler, void *memory, int64_t first, double *lr)
{
	const double *phase = phase_of(scheduler, (double)first);
	double length = phase[END] - phase[START], height = phase[LR_FROM] - phase[LR_TO];
	double line = phase[LR_TO] + height * ((phase[END] - (double)first) / length);
	int64_t group = first - first % GROUP;
	struct filling *filling = memory;
	struct wave *wave = &filling->wave;

	if (phase != phase_of(scheduler, (double)(first + BLOCK - 1)) || !isfinite(height) ||
	    !isfinite(line) || !isfinite(height / length * BLOCK)) {
		fill_each(scheduler, first, lr);
		return;
	}
	if (bound_value(scheduler, ANNEAL) == ANNEAL_LINEAR) {
		line_block(line, -height / length, lr);
		return;
	}
	if (filling->phase != phase) {
		filling->phase = phase;
		wave_init(wave, length, height);
	}
	if (wave->group != group) {
		wave_anchor(wave, group, (phase[END] - (double)group) / length);
	}
	wave_block(wave, first, phase[LR_TO], lr);
}

static void fill(const struct scheduler *scheduler, int64_t from, size_t count, double *lr)
{
	struct filling filling;

	filling.phase = NULL;
	fill_blocks(scheduler, block, &filling, from, count, lr);
}

extern const struct strategy strategy_row_onecycle;
const struct strategy strategy_row_onecycle = {
	.name = "onecycle",
	.title = N_("One Cycle Policy"),
	.pytorch = "OneCycleLR",
	.brief = "one",
	.parameters = parameters,
	.parameter_count = PARAMETER_COUNT,
	.peak = "max_lr",
	.auto_in_run = 1u << EPOCHS | 1u << STEPS_PER_EPOCH,
	.has_closed = true,
	.steps_per_batch = true,
	.bind = bind,
	.closed = closed,
	.at = at,
	.knots = knots,
	.fill = fill,
};
