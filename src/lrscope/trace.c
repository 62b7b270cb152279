/* `trace`: the rate in force at scheduler steps 0 to N-1. */
#include <math.h>
#include <string.h>

#include "base/language.h"
#include "export/table.h"
#include "lrscope/batch.h"
#include "lrscope/metrics.h"
#include "lrscope/print.h"

#define PLAIN_ROWS 30     /* step, exponential, constant: the guide's runs of 30 epochs */
#define CYCLIC_ROWS 10000 /* the guide's cyclic run */

struct trace {
	struct scheduler scheduler;
	struct metrics metrics;
	int64_t rows;
	bool closed;
	enum table_format format;
};

static bool first_rate(const struct trace *trace, struct scheduler_state *state,
		       struct error *error)
{
	if (!trace->closed)
		return scheduler_start(&trace->scheduler, state, error);
	state->t = 0;
	return scheduler_closed(&trace->scheduler, 0, &state->rate, error);
}

static bool next_rate(const struct trace *trace, struct scheduler_state *state, struct error *error)
{
	int64_t t = state->t;
	if (trace->closed) {
		state->t++;
		return scheduler_closed(&trace->scheduler, t + 1, &state->rate, error);
	}
	double metric = trace->scheduler.needs_metric ? trace->metrics.values[t] : NAN;
	return scheduler_next(&trace->scheduler, state, metric, error);
}

static bool print_walk(const struct trace *trace, struct text *text, struct error *error)
{
	static const char *const names[] = {"step", "lr", "momentum"};
	bool momentum = trace->scheduler.drives_momentum;
	struct scheduler_state state;
	struct table table;

	table_start(&table, trace->format, text, names, momentum ? 3 : 2);
	if (!first_rate(trace, &state, error))
		return false;
	for (int64_t row = 0;;) {
		table_integer(&table, row);
		table_number(&table, state.rate.lr);
		if (momentum)
			table_number(&table, state.rate.momentum);
		if (!print_pass(text, error))
			return false;
		if (++row == trace->rows)
			break;
		if (!next_rate(trace, &state, error))
			return false;
	}
	table_end(&table);
	return print_text(text, error);
}

/* Rows of cosine when --steps is not given; 0 where a double cannot count them. */
static int64_t cosine_rows(const struct trace *trace)
{
	int t_max = strategy_parameter(STRATEGY_COSINE, "T_max");
	double last = floor(fabs(trace->scheduler.schedule.node[0].values[t_max].number));
	return last < 0x1p53 ? (int64_t)last + 1 : 0;
}

/* Rows when --steps is not given. */
static int64_t standard_rows(const struct trace *trace, enum strategy_id id)
{
	switch (id) {
	case STRATEGY_COSINE:
		return cosine_rows(trace);
	case STRATEGY_CYCLIC:
		return CYCLIC_ROWS;
	case STRATEGY_ONECYCLE:
		return trace->scheduler.length;
	case STRATEGY_PLATEAU:
		return (int64_t)trace->metrics.count + 1;
	default:
		return PLAIN_ROWS;
	}
}

static bool read_metrics(struct trace *trace, const struct request *request, enum strategy_id id,
			 struct error *error)
{
	const char *path = request_option(request, "--metrics");
	bool needs = strategy_needs_metric(id);
	if (needs && !path)
		return error_request(error, _("%s needs --metrics FILE: one number a line, or a CSV "
					      "with a column 'metric'"), strategy_name(id));
	if (!needs && path)
		return error_request(error, _("--metrics '%s' is refused: %s takes no metric, only "
					      "plateau does"), path, strategy_name(id));
	return !needs || metrics_read(&trace->metrics, path, error);
}

static bool prepare(struct trace *trace, const struct request *request, struct error *error)
{
	struct setting setting;
	if (!batch_setting(request, request->words[0], false, &setting, error))
		return false;
	enum strategy_id id = setting.schedule.node[0].strategy;
	struct clock clock = {.run = false};
	trace->format = (enum table_format)request_choice(request, "--format", TABLE_CSV);
	trace->closed = request_choice(request, "--form", 0) == 1;
	if (trace->closed && !strategy_has_closed(id))
		return error_request(error, _("--form closed is refused: %s has no closed form, its rate "
					      "depends on the metrics"), strategy_name(id));
	if (!request_integer(request, "--steps", 1, &clock.steps, error) ||
	    !read_metrics(trace, request, id, error))
		return false;
	trace->rows = clock.steps;
	clock.needed = clock.steps > 0 ? clock.steps - 1 : 0;
	if (!trace->rows && id != STRATEGY_COSINE && id != STRATEGY_ONECYCLE)
		clock.steps = standard_rows(trace, id);
	if (!scheduler_bind(&trace->scheduler, &setting.schedule, &clock, error))
		return false;
	if (!trace->rows)
		trace->rows = standard_rows(trace, id);
	if (!trace->rows)
		return error_request(error, _("T_max is more steps than can be counted: give --steps"));
	int64_t needed = trace->rows - 1;
	if (strategy_needs_metric(id) && needed > (int64_t)trace->metrics.count)
		return error_request(error, _("--steps %lld needs %lld metrics, '%s' has %zu"),
				     (long long)trace->rows, (long long)needed,
				     request_option(request, "--metrics"), trace->metrics.count);
	/* Whatever PyTorch refuses on the way is told before any output. */
	return scheduler_reaches(&trace->scheduler, needed, trace->closed, error);
}

bool batch_trace(const struct request *request, struct error *error)
{
	struct trace trace = {.rows = 0};
	struct text text;
	metrics_init(&trace.metrics);
	text_init(&text);
	bool ok = prepare(&trace, request, error) && print_walk(&trace, &text, error);
	text_done(&text);
	metrics_done(&trace.metrics);
	return ok;
}
