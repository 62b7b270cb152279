/* Strategies with any doubles as parameters: bound or refused with a reason; then every way to ask
 * for a rate. */
#include <math.h>

#include "fuzz/fuzz.h"
#include "schedule/schedule.h"

static int64_t take_length(struct input *input)
{
	uint64_t number;

	take(input, &number, sizeof number);
	switch (take_byte(input) % 4) {
	case 0:
		return (int64_t)(number % 100);
	case 1:
		return (int64_t)(number % 1000000);
	case 2:
		return (int64_t)(number % 1000000000000);
	default:
		return (int64_t)(number >> 2); /* room for another step */
	}
}

static void take_value(struct input *input, struct value *value)
{
	static const double edges[] = {0, -0.0, 1, -1, 0.5, 2, 1e-300, 1e300, 5e-324,
		1.7976931348623157e308, -1.7976931348623157e308, 9007199254740992.0, 9.3e18, 1e-17};
	unsigned how = take_byte(input);

	switch (how % 8) {
	case 0:
	case 1:
		value->how = VALUE_UNSET;
		break;
	case 2:
		value->how = how & 8 ? VALUE_AUTO : VALUE_NONE;
		break;
	case 3:
		value->how = VALUE_GIVEN;
		value->number = edges[(how >> 3) % (sizeof edges / sizeof *edges)];
		break;
	case 4:
		value->how = VALUE_GIVEN;
		value->number = (double)(how >> 3);
		break;
	case 5:
		value->how = VALUE_GIVEN;
		value->number = (double)take_byte(input) / 256;
		break;
	default:
		value->how = VALUE_GIVEN;
		value->number = take_double(input);
	}
}

static bool is_in(double number, double low, double high, double slack)
{
	if (isnan(number) || (number >= low && number <= high))
		return true;
	return number >= low - slack && number <= high + slack;
}

static double value_of(const struct scheduler *scheduler, const char *name)
{
	const struct schedule_node *root = &scheduler->schedule.node[0];

	return root->values[strategy_parameter(root->strategy, name)].number;
}

/* Waves shorter than a step: phases of that many turns are known to 2^-62 only (phase.h). */
static bool is_folded(const struct scheduler *scheduler)
{
	switch (scheduler->schedule.node[0].strategy) {
	case STRATEGY_COSINE:
		return fabs(value_of(scheduler, "T_max")) < 1;
	case STRATEGY_CYCLIC:
		return fabs(value_of(scheduler, "step_size_up") +
			    value_of(scheduler, "step_size_down")) < 1;
	default:
		return false;
	}
}

/* A range holds what at() says anywhere within it. */
static void claim_range(const struct scheduler *scheduler, int64_t from, int64_t to)
{
	struct rate low, high;

	scheduler_range(scheduler, from, to, &low, &high);
	CLAIM(isnan(low.lr) == isnan(high.lr), "half a range: %g to %g", low.lr, high.lr);
	CLAIM(!(low.lr > high.lr), "range from %g to %g", low.lr, high.lr);
	/* Beyond 2^53 neighbouring steps are one double. */
	if (isnan(low.lr) || is_folded(scheduler) || to > INT64_C(1) << 53)
		return;
	for (int k = 0; k <= 6; k++) {
		int64_t t = from + (int64_t)((double)(to - from) / 6 * k);
		struct rate rate;
		double size = fmax(fabs(schedule_peak(&scheduler->schedule)),
				   fmax(fabs(low.lr), fabs(high.lr)));

		if (t >= to)
			t = to - 1;
		if (t < from)
			t = from;
		rate = scheduler_at(scheduler, t);
		CLAIM(is_in(rate.lr, low.lr, high.lr, size * 1e-9),
		      "%s: at(%lld) = %.17g is outside %.17g to %.17g of [%lld, %lld)",
		      strategy_name(scheduler->schedule.node[0].strategy), (long long)t, rate.lr,
		      low.lr, high.lr, (long long)from, (long long)to);
	}
}

static void claim_fill(const struct scheduler *scheduler, int64_t from)
{
	double lr[150];

	scheduler_fill(scheduler, from, 150, lr);
	for (int k = 0; k < 150; k += 7) {
		double at = scheduler_at(scheduler, from + k).lr;

		CLAIM(isnan(at) == isnan(lr[k]), "fill(%lld) = %g, at: %g", (long long)from + k,
		      lr[k], at);
	}
}

/* One cycle with a foot (max_lr / div_factor, that / final_div_factor) or a height, and cyclic with a height,
 * beyond every double: inf as in PyTorch, and inf - inf or 0 inf on the way. */
static bool overflows(const struct scheduler *scheduler)
{
	double start, end;

	switch (scheduler->schedule.node[0].strategy) {
	case STRATEGY_ONECYCLE:
		start = value_of(scheduler, "max_lr") / value_of(scheduler, "div_factor");
		end = start / value_of(scheduler, "final_div_factor");
		return !isfinite(end) || !isfinite(start - value_of(scheduler, "max_lr")) ||
		       !isfinite(end - value_of(scheduler, "max_lr"));
	case STRATEGY_CYCLIC:
		return !isfinite(value_of(scheduler, "max_lr") - value_of(scheduler, "base_lr"));
	default:
		return false;
	}
}

static void walk(const struct scheduler *scheduler, struct input *input)
{
	struct error error = {.kind = ERROR_NONE};
	struct scheduler_state state;
	struct plateau_state plateau;
	struct rate rate;

	CLAIM(scheduler_start(scheduler, &state, &error), "bound, and does not start: %s",
	      error.text);
	CLAIM(!isnan(state.rate.lr) || overflows(scheduler), "starts with nan");
	for (int i = 0; i < 60; i++) {
		double metric = scheduler->needs_metric ? take_double(input) : NAN;
		int64_t t = state.t;

		if (!scheduler_next(scheduler, &state, metric, &error)) {
			claim_sentence(&error);
			CLAIM(state.t == t, "refused, and moved");
			break;
		}
		CLAIM(state.t == t + 1, "t %lld after %lld", (long long)state.t, (long long)t);
		plateau_state_of(scheduler, &state, &plateau);
		if (!scheduler_closed(scheduler, state.t, &rate, &error))
			claim_sentence(&error);
	}
}

static void use(const struct scheduler *scheduler, struct input *input)
{
	int64_t from = take_length(input), span = take_length(input) % 1000000000 + 1;
	struct error error = {.kind = ERROR_NONE};
	struct checkpoints checkpoints;
	struct rate rate;

	if (from > INT64_MAX - span)
		from = INT64_MAX - span;
	scheduler_at(scheduler, from);
	scheduler_at(scheduler, -1);
	scheduler_at(scheduler, INT64_MAX);
	if (!scheduler_closed(scheduler, from, &rate, &error))
		claim_sentence(&error);
	claim_range(scheduler, 0, 100);
	claim_range(scheduler, from, from + span);
	claim_fill(scheduler, from % 1000000000000);
	walk(scheduler, input);
	if (scheduler->needs_metric)
		return;
	checkpoints_init(&checkpoints);
	if (!checkpoints_exact(&checkpoints, scheduler, from % 3000, &rate, &error))
		claim_sentence(&error);
	checkpoints_done(&checkpoints);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct error error = {.kind = ERROR_NONE};
	enum strategy_id id = (enum strategy_id)(take_byte(&input) % STRATEGY_COUNT);
	struct schedule schedule = schedule_of(id);
	struct scheduler scheduler;
	const struct parameter *rows;
	unsigned count = strategy_parameters(id, &rows), flags = take_byte(&input);
	struct clock clock = {.run = flags & 1};

	clock.steps = flags & 2 ? take_length(&input) : 100;
	clock.needed = flags & 4 ? take_length(&input) : 0;
	clock.epochs = clock.run ? (flags & 8 ? take_length(&input) : 10) : 0;
	clock.batches = clock.run ? 1 + take_byte(&input) : 0;
	take_value(&input, &schedule.lr);
	for (unsigned i = 0; i < count; i++)
		take_value(&input, &schedule.node[0].values[i]);
	if (!scheduler_bind(&scheduler, &schedule, &clock, &error))
		claim_sentence(&error);
	else
		use(&scheduler, &input);
	return 0;
}
