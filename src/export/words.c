#include "export/words.h"

#include <string.h>

/* Adds " name=value", quoted as one word. */
static void add_word(struct text *text, const char *name, const struct text *value)
{
	struct text word;
	text_init(&word);
	text_add(&word, name);
	text_add_char(&word, '=');
	text_add(&word, value->bytes);
	text_add_char(text, ' ');
	text_add_word(text, word.bytes);
	text->failed |= word.failed || value->failed;
	text_done(&word);
}

static void add_value(struct text *text, const struct parameter *parameter, struct value value)
{
	struct text shown;
	text_init(&shown);
	parameter_write(parameter, value, &shown);
	add_word(text, parameter->name, &shown);
	text_done(&shown);
}

/* What a run takes as `auto` although a trace has the guide's example there. */
static bool follows_run(const char *name)
{
	return !strcmp(name, "total_steps") || !strcmp(name, "T_max") || !strcmp(name, "step_size");
}

static bool is_default(const struct parameter *parameter, struct value value, bool trains)
{
	if (value.how == VALUE_UNSET)
		return true;
	if (trains && follows_run(parameter->name))
		return value.how == VALUE_AUTO;
	return value.how == parameter->standard.how &&
	       (value.how != VALUE_GIVEN || value.number == parameter->standard.number);
}

static void add_schedule(struct text *text, const struct schedule *schedule, bool trains)
{
	const struct schedule_node *root = &schedule->node[0];
	const struct parameter *rows;
	unsigned count = strategy_parameters(root->strategy, &rows);

	/* Where another parameter is the peak, PyTorch overwrites lr. */
	if (!strategy_peak(root->strategy) && !is_default(&schedule_lr, schedule->lr, trains))
		add_value(text, &schedule_lr, schedule->lr);
	for (unsigned i = 0; i < count; i++) {
		if (trains && training_find(rows[i].name) >= 0)
			continue;
		if (!is_default(&rows[i], root->values[i], trains))
			add_value(text, &rows[i], root->values[i]);
	}
}

static void add_training(struct text *text, const struct training *training, enum training_id id)
{
	struct training standard = training_default();
	struct text now, usual;

	text_init(&now);
	text_init(&usual);
	training_write(training, id, &now);
	training_write(&standard, id, &usual);
	text->failed |= now.failed || usual.failed;
	/* The usual weight decay hangs on the optimizer: a given one is said whatever it is. */
	if (strcmp(now.bytes, usual.bytes) ||
	    (id == TRAINING_WEIGHT_DECAY && training->values[id].how != VALUE_UNSET))
		if (training->values[id].how != VALUE_UNSET || id == TRAINING_DATA)
			add_word(text, training_parameters[id].name, &now);
	text_done(&now);
	text_done(&usual);
}

void export_command(const struct setting *setting, const char *command, struct text *text)
{
	bool trains = strcmp(command, "trace") != 0;

	text_addf(text, "lrscope %s %s", command,
		  strategy_name(setting->schedule.node[0].strategy));
	add_schedule(text, &setting->schedule, trains);
	for (unsigned i = 0; i < TRAINING_COUNT; i++)
		if (trains || i == TRAINING_OPTIMIZER)
			add_training(text, &setting->training, (enum training_id)i);
}
