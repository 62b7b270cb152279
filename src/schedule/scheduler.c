/* A request bound to a run, and what can be asked of it. */
#include <math.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "schedule/schedule.h"
#include "schedule/strategy.h"

static const struct rate no_rate = {NAN, NAN};

static const struct strategy *root_row(const struct scheduler *scheduler)
{
	return strategy_row(scheduler->schedule.node[0].strategy);
}

void bind_value(struct scheduler *scheduler, unsigned index, double number)
{
	scheduler->schedule.node[0].values[index].how = VALUE_GIVEN;
	scheduler->schedule.node[0].values[index].number = number;
}

bool bind_auto(const struct scheduler *scheduler, unsigned index, const struct clock *clock,
	       int64_t *steps, struct error *error)
{
	if (clock->steps <= 0) {
		return error_request(error,
				     _("%s=auto follows the length of the run, which is not known "
				       "here: give a number"),
				     root_row(scheduler)->parameters[index].name);
	}
	*steps = clock->steps;
	return true;
}

static bool value_refused(const struct parameter *parameter, double number, struct error *error)
{
	char shown[NUMBER_SIZE];
	struct text range;

	text_init(&range);
	range_write(&parameter->accepted, &range);
	error_request(error, _("%s=%s is refused: %s is allowed"), parameter->name,
		      number_format(shown, number), range.bytes);
	text_done(&range);
	return false;
}

static unsigned choice_count(const struct parameter *parameter)
{
	unsigned count = 0;

	while (parameter->choices[count]) {
		count++;
	}
	return count;
}

/* Values come from words, dials and files: whatever the way, the table decides. */
static bool check_value(const struct parameter *parameter, const struct value *value,
			struct error *error)
{
	bool whole = value->number == floor(value->number);

	switch (value->how) {
	case VALUE_UNSET:
		return true;
	case VALUE_AUTO:
		return parameter->takes_auto ||
		       error_request(error, _("%s does not take auto"), parameter->name);
	case VALUE_NONE:
		return parameter->takes_none ||
		       error_request(error, _("%s does not take None"), parameter->name);
	case VALUE_GIVEN:
		break;
	}
	if (parameter->type == PARAMETER_CHOICE || parameter->type == PARAMETER_SWITCH) {
		unsigned count = parameter->type == PARAMETER_SWITCH ? 2 : choice_count(parameter);

		return (whole && value->number >= 0 && value->number < count) ||
		       error_request(error, _("%s has no choice of that number"), parameter->name);
	}
	if (parameter->type == PARAMETER_INTEGER && !whole) {
		return error_request(error, _("%s must be a whole number"), parameter->name);
	}
	return (isfinite(value->number) && range_has(&parameter->accepted, value->number)) ||
	       value_refused(parameter, value->number, error);
}

static bool fill_defaults(struct scheduler *scheduler, const struct clock *clock,
			  struct error *error)
{
	const struct strategy *row = root_row(scheduler);
	struct value *values = scheduler->schedule.node[0].values;
	struct value *lr = &scheduler->schedule.lr;

	if (lr->how == VALUE_UNSET) {
		*lr = schedule_lr.standard;
	}
	if (!check_value(&schedule_lr, lr, error)) {
		return false;
	}
	scheduler->lr = lr->number;
	for (unsigned i = 0; i < row->parameter_count; i++) {
		if (!check_value(&row->parameters[i], &values[i], error)) {
			return false;
		}
		if (values[i].how == VALUE_UNSET) {
			bool follows = clock->run && (row->auto_in_run >> i & 1);

			values[i] = row->parameters[i].standard;
			values[i].how = follows ? VALUE_AUTO : values[i].how;
		}
	}
	return true;
}

bool scheduler_bind(struct scheduler *scheduler, const struct schedule *schedule,
		    const struct clock *clock, struct error *error)
{
	struct scheduler_state state;

	memset(scheduler, 0, sizeof *scheduler);
	scheduler->schedule = *schedule;
	scheduler->length = INT64_MAX;
	if (schedule->nodes != 1 || schedule->node[0].parts != 0) {
		return error_request(error, _("compositions are not built yet: give one strategy"));
	}
	if ((unsigned)schedule->node[0].strategy >= STRATEGY_COUNT) {
		return error_request(error, _("there is no strategy of that number"));
	}
	scheduler->needs_metric = root_row(scheduler)->needs_metric;
	return fill_defaults(scheduler, clock, error) &&
	       root_row(scheduler)->bind(scheduler, clock, error) &&
	       scheduler_start(scheduler, &state, error);
}

bool scheduler_start(const struct scheduler *scheduler, struct scheduler_state *state,
		     struct error *error)
{
	const struct strategy *row = root_row(scheduler);

	memset(state, 0, sizeof *state);
	state->rate.momentum = NAN;
	return row->start ? row->start(scheduler, state, error)
			  : row->closed(scheduler, 0, &state->rate, error);
}

static bool past_end(const struct scheduler *scheduler, struct error *error)
{
	return error_request(error, _("%s has %lld steps and is at its end"),
			     strategy_name(scheduler->schedule.node[0].strategy),
			     (long long)scheduler->length);
}

bool scheduler_next(const struct scheduler *scheduler, struct scheduler_state *state,
		    double metric, struct error *error)
{
	const struct strategy *row = root_row(scheduler);

	if (state->t + 1 >= scheduler->length) {
		return past_end(scheduler, error);
	}
	if (!(row->next ? row->next(scheduler, state, metric, error)
			: row->closed(scheduler, state->t + 1, &state->rate, error))) {
		return false;
	}
	state->t++;
	return true;
}

bool scheduler_closed(const struct scheduler *scheduler, int64_t t, struct rate *rate,
		      struct error *error)
{
	const struct strategy *row = root_row(scheduler);

	if (!row->closed) {
		return error_request(error, _("%s has no closed form: its rate depends on the metrics"),
				     row->name);
	}
	if (t < 0) {
		return error_request(error, _("there is no step %lld: steps count from 0"),
				     (long long)t);
	}
	if (t >= scheduler->length) {
		return past_end(scheduler, error);
	}
	return row->closed(scheduler, t, rate, error);
}

/* The reason of the first step that the closed form refuses, if `last` is refused. */
static bool closed_reaches(const struct scheduler *scheduler, int64_t last, struct error *error)
{
	int64_t good = -1, bad = last;
	struct rate rate;

	if (scheduler_closed(scheduler, last, &rate, NULL)) {
		return true;
	}
	while (bad - good > 1) {
		int64_t middle = good + (bad - good) / 2;
		bool done = scheduler_closed(scheduler, middle, &rate, NULL);

		good = done ? middle : good;
		bad = done ? bad : middle;
	}
	return scheduler_closed(scheduler, bad, &rate, error);
}

static bool walk_reaches(const struct scheduler *scheduler, int64_t last, struct error *error)
{
	struct scheduler_state state;

	if (!scheduler_start(scheduler, &state, error)) {
		return false;
	}
	while (state.t < last) {
		if (!scheduler_next(scheduler, &state, NAN, error)) {
			return false;
		}
	}
	return true;
}

bool scheduler_reaches(const struct scheduler *scheduler, int64_t last, bool closed,
		       struct error *error)
{
	const struct strategy *row = root_row(scheduler);
	int reaches = 1;

	if (closed || !row->next) {
		return closed_reaches(scheduler, last, error);
	}
	if (last >= scheduler->length) {
		return past_end(scheduler, error);
	}
	if (row->reaches) {
		reaches = row->reaches(scheduler, last, error);
	}
	return reaches < 0 ? walk_reaches(scheduler, last, error) : reaches;
}

struct rate scheduler_at(const struct scheduler *scheduler, int64_t t)
{
	const struct strategy *row = root_row(scheduler);

	if (!row->at || t < 0 || t >= scheduler->length) {
		return no_rate;
	}
	return row->at(scheduler, t);
}

void scheduler_fill(const struct scheduler *scheduler, int64_t from, size_t count, double *lr)
{
	const struct strategy *row = root_row(scheduler);
	size_t defined = 0;

	if (row->fill && from >= 0 && from < scheduler->length) {
		uint64_t left = (uint64_t)(scheduler->length - from);

		defined = count < left ? count : (size_t)left;
		if (defined > 0) {
			row->fill(scheduler, from, defined, lr);
		}
	}
	for (size_t i = defined; i < count; i++) {
		lr[i] = scheduler_at(scheduler, from + (int64_t)i).lr;
	}
}

static void widen(double value, double *low, double *high)
{
	*low = !(value >= *low) && !isnan(value) ? value : *low;
	*high = !(value <= *high) && !isnan(value) ? value : *high;
}

void scheduler_range(const struct scheduler *scheduler, int64_t from, int64_t to,
		     struct rate *low, struct rate *high)
{
	const struct strategy *row = root_row(scheduler);
	int64_t steps[KNOTS + 2];
	int count = 0;

	*low = *high = no_rate;
	from = from > 0 ? from : 0;
	to = to < scheduler->length ? to : scheduler->length;
	if (!row->at || from >= to) {
		return;
	}
	if (row->knots && to - from > 2) {
		count = row->knots(scheduler, from, to, steps);
	}
	steps[count++] = from;
	steps[count++] = to - 1;
	for (int i = 0; i < count; i++) {
		if (steps[i] >= from && steps[i] < to) {
			struct rate rate = row->at(scheduler, steps[i]);

			widen(rate.lr, &low->lr, &high->lr);
			widen(rate.momentum, &low->momentum, &high->momentum);
		}
	}
}

bool plateau_state_of(const struct scheduler *scheduler, const struct scheduler_state *state,
		      struct plateau_state *out)
{
	if (scheduler->schedule.node[0].strategy != STRATEGY_PLATEAU) {
		return false;
	}
	plateau_read(scheduler, state, out);
	return true;
}
