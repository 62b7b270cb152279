/* The list of dials that the panel shows. */
#include <limits.h>
#include <string.h>

#include "study/private.h"

bool study_word_fits(const struct training *training, enum training_id id)
{
	enum optimizer_id optimizer =
		(enum optimizer_id)(int)training_number(training, TRAINING_OPTIMIZER);

	switch (id) {
	case TRAINING_MOMENTUM:
	case TRAINING_NESTEROV:
	case TRAINING_DAMPENING:
		return optimizer == OPTIMIZER_SGD;
	case TRAINING_BETAS:
	case TRAINING_ADAM_EPS:
	case TRAINING_AMSGRAD:
		return optimizer != OPTIMIZER_SGD;
	default:
		return true;
	}
}

static bool cycles_momentum(const struct study *study)
{
	enum strategy_id id = study->now.schedule.node[0].strategy;
	int index = strategy_parameter(id, "cycle_momentum");

	return index >= 0 && schedule_value(&study->now.schedule, (unsigned)index).number != 0;
}

/* What stays out of the panel unless somebody gave it a value: the peak (it comes first), one
 * cycle's own length (the training's epochs stand for it), what has no effect at present. */
static bool is_hidden(const struct study *study, const struct parameter *parameter,
		      struct value value)
{
	const char *name = parameter->name;
	const char *peak = strategy_peak(study->now.schedule.node[0].strategy);

	if (peak != NULL && strcmp(name, peak) == 0)
		return true;
	if (strcmp(name, "epochs") == 0)
		return true;
	if (value.how != VALUE_UNSET)
		return false;
	if (strcmp(name, "base_momentum") == 0 || strcmp(name, "max_momentum") == 0)
		return !cycles_momentum(study);
	return strcmp(name, "steps_per_epoch") == 0 || strcmp(name, "scale_mode") == 0;
}

unsigned study_dials(const struct study *study, struct dial dials[STUDY_DIALS])
{
	enum strategy_id id = study->now.schedule.node[0].strategy;
	const struct parameter *rows;
	unsigned count = strategy_parameters(id, &rows), used = 0, i;
	const char *peak = strategy_peak(id);

	memset(dials, 0, STUDY_DIALS * sizeof *dials);
	dials[used].index = peak != NULL ? (unsigned)strategy_parameter(id, peak) : UINT_MAX;
	dials[used].parameter = peak != NULL ? &rows[dials[0].index] : &schedule_lr;
	dials[used++].group = DIAL_SCHEDULE;
	for (i = 0; i < count; i++) {
		if (is_hidden(study, &rows[i], study->shelf[id][i]))
			continue;
		dials[used].parameter = &rows[i];
		dials[used].index = i;
		dials[used++].group = DIAL_SCHEDULE;
	}
	for (i = 0; i < TRAINING_COUNT; i++) {
		if (!study_word_fits(&study->now.training, (enum training_id)i))
			continue;
		if (id != STRATEGY_PLATEAU &&
		    (i == TRAINING_VAL_RIPPLE || i == TRAINING_VAL_RIPPLE_PERIOD))
			continue;
		dials[used].parameter = &training_parameters[i];
		dials[used].index = i;
		dials[used++].group = DIAL_TRAINING;
	}
	return used;
}

void study_write_dial(const struct study *study, const struct dial *dial, struct text *text)
{
	struct value value;

	if (dial->group == DIAL_TRAINING) {
		training_write(&study->now.training, (enum training_id)dial->index, text);
		return;
	}
	value = study_value(study, dial);
	if (value.how == VALUE_UNSET && dial->index != UINT_MAX)
		value = schedule_value(&study->now.schedule, dial->index);
	if (value.how == VALUE_UNSET || value.how == VALUE_AUTO)
		text_add(text, "auto");
	else
		parameter_write(dial->parameter, value, text);
}
