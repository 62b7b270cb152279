/* The table of strategies, and requests. */
#include "schedule/schedule.h"

#include <math.h>
#include <string.h>

#include "base/language.h"
#include "schedule/strategy.h"

#define STRATEGY(NAME, id) extern const struct strategy strategy_row_##id;
#include "schedule/strategies.def"
#undef STRATEGY

static const struct strategy *const rows[STRATEGY_COUNT] = {
#define STRATEGY(NAME, id) [STRATEGY_##NAME] = &strategy_row_##id,
#include "schedule/strategies.def"
#undef STRATEGY
};

static const char *const names[STRATEGY_COUNT] = {
#define STRATEGY(NAME, id) [STRATEGY_##NAME] = #id,
#include "schedule/strategies.def"
#undef STRATEGY
};

/* PyTorch's other schedulers, so that asking for one is not answered as a typing error. */
static const char *const later[] = {
	"multistep", "constantlr", "linear", "polynomial", "warm_restarts", "sequential", "chained",
};

const struct parameter schedule_lr = {
	.name = "lr",
	.type = PARAMETER_REAL,
	.unit = N_("1"),
	.accepted = {.low = 0, .high = INFINITY},
	.dial = {.low = 1e-4, .high = 1},
	.scale = DIAL_LOG,
	.step = 1,
	.standard = VALUE_NUMBER(0.1),
	.help = N_("the optimizer's base learning rate; cyclic and onecycle overwrite it"),
};

const struct strategy *strategy_row(enum strategy_id id)
{
	return rows[id];
}

const char *strategy_name(enum strategy_id id)
{
	return names[id];
}

const char *strategy_title(enum strategy_id id)
{
	return _(rows[id]->title);
}

const char *strategy_pytorch(enum strategy_id id)
{
	return rows[id]->pytorch;
}

const char *strategy_short(enum strategy_id id)
{
	return rows[id]->brief;
}

const char *const *strategy_names(void)
{
	return names;
}

bool strategy_find(const char *name, enum strategy_id *id, struct error *error)
{
	for (unsigned i = 0; i < STRATEGY_COUNT; i++) {
		if (strcmp(name, names[i]) == 0) {
			*id = (enum strategy_id)i;
			return true;
		}
	}
	for (unsigned i = 0; i < sizeof later / sizeof *later; i++) {
		if (strcmp(name, later[i]) == 0) {
			error_unknown(error, _("strategy"), name, names, STRATEGY_COUNT);
			return error_prefix(error, _("%s is a name kept for later, not built yet"),
					    name);
		}
	}
	return error_unknown(error, _("strategy"), name, names, STRATEGY_COUNT);
}

unsigned strategy_parameters(enum strategy_id id, const struct parameter **parameters)
{
	*parameters = rows[id]->parameters;
	return rows[id]->parameter_count;
}

int strategy_parameter(enum strategy_id id, const char *name)
{
	for (unsigned i = 0; i < rows[id]->parameter_count; i++) {
		if (strcmp(name, rows[id]->parameters[i].name) == 0) {
			return (int)i;
		}
	}
	return -1;
}

bool strategy_needs_metric(enum strategy_id id)
{
	return rows[id]->needs_metric;
}

bool strategy_has_closed(enum strategy_id id)
{
	return rows[id]->has_closed;
}

bool strategy_steps_per_batch(enum strategy_id id)
{
	return rows[id]->steps_per_batch;
}

const char *strategy_peak(enum strategy_id id)
{
	return rows[id]->peak;
}

struct schedule schedule_of(enum strategy_id id)
{
	struct schedule schedule;

	memset(&schedule, 0, sizeof schedule); /* padding too: requests are compared as bytes */
	schedule.nodes = 1;
	schedule.node[0].strategy = id;
	return schedule;
}

static bool set_unknown(enum strategy_id id, const char *name, struct error *error)
{
	const char *known[STRATEGY_PARAMETERS + 1];
	unsigned count = rows[id]->parameter_count;

	if (strcmp(name, "scale_fn") == 0) {
		return error_request(error, _("scale_fn is not taken: it is a Python function; "
					      "cyclic has mode triangular, triangular2, exp_range"));
	}
	if (strcmp(name, "last_epoch") == 0) {
		return error_request(error,
				     _("last_epoch is not taken: a schedule starts at step 0"));
	}
	for (unsigned i = 0; i < count; i++) {
		known[i] = rows[id]->parameters[i].name;
	}
	known[count] = "lr";
	return error_unknown(error, _("parameter"), name, known, count + 1);
}

bool schedule_set(struct schedule *schedule, const char *name, const char *word,
		  struct error *error)
{
	struct schedule_node *root = &schedule->node[0];
	int index = strategy_parameter(root->strategy, name);

	if (strcmp(name, "lr") == 0) {
		return parameter_read(&schedule_lr, word, &schedule->lr, error);
	}
	if (index < 0) {
		return set_unknown(root->strategy, name, error);
	}
	return parameter_read(&rows[root->strategy]->parameters[index], word,
			      &root->values[index], error);
}

struct value schedule_value(const struct schedule *schedule, unsigned parameter)
{
	const struct schedule_node *root = &schedule->node[0];
	struct value value = root->values[parameter];

	if (value.how == VALUE_UNSET) {
		value = rows[root->strategy]->parameters[parameter].standard;
	}
	return value;
}

/* Index of the peak parameter of the root, or -1 where it is lr. */
static int peak_index(const struct schedule *schedule)
{
	enum strategy_id id = schedule->node[0].strategy;

	return rows[id]->peak ? strategy_parameter(id, rows[id]->peak) : -1;
}

double schedule_peak(const struct schedule *schedule)
{
	int index = peak_index(schedule);

	if (index >= 0) {
		return schedule_value(schedule, (unsigned)index).number;
	}
	return schedule->lr.how == VALUE_GIVEN ? schedule->lr.number : schedule_lr.standard.number;
}

void schedule_set_peak(struct schedule *schedule, double lr)
{
	int index = peak_index(schedule);
	struct value *value = index >= 0 ? &schedule->node[0].values[index] : &schedule->lr;

	value->how = VALUE_GIVEN;
	value->number = lr;
}
