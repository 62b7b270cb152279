/* Bytes of a study: padding and unused numbers are zero, so that equal studies are equal bytes. */
#include <string.h>

#include "study/private.h"

static void tidy_value(struct value *value)
{
	enum value_how how = value->how;
	double number = how == VALUE_GIVEN ? value->number : 0;

	if (number == 0)
		number = 0; /* -0 as well */
	memset(value, 0, sizeof *value);
	value->how = how;
	value->number = number;
}

static void tidy_word(char *word, size_t size)
{
	size_t length = strnlen(word, size - 1);

	memset(word + length, 0, size - length);
}

static void tidy_schedule(struct schedule *schedule)
{
	struct schedule clean;
	unsigned n, i;

	memset(&clean, 0, sizeof clean);
	clean.lr = schedule->lr;
	tidy_value(&clean.lr);
	clean.nodes = schedule->nodes;
	for (n = 0; n < clean.nodes && n < SCHEDULE_NODES; n++) {
		clean.node[n].strategy = schedule->node[n].strategy;
		clean.node[n].parts = schedule->node[n].parts;
		for (i = 0; i < STRATEGY_PARAMETERS; i++) {
			clean.node[n].values[i] = schedule->node[n].values[i];
			tidy_value(&clean.node[n].values[i]);
		}
	}
	memcpy(schedule, &clean, sizeof clean);
}

static void tidy_training(struct training *training)
{
	struct training clean;
	unsigned i;

	memset(&clean, 0, sizeof clean);
	memcpy(clean.data, training->data, sizeof clean.data);
	memcpy(clean.target, training->target, sizeof clean.target);
	tidy_word(clean.data, sizeof clean.data);
	tidy_word(clean.target, sizeof clean.target);
	for (i = 0; i < TRAINING_COUNT; i++) {
		clean.values[i] = training->values[i];
		tidy_value(&clean.values[i]);
	}
	for (i = 0; i < 2; i++)
		clean.betas[i] = training->betas[i] == 0 ? 0 : training->betas[i]; /* no -0 */
	clean.init_count = training->init_count;
	for (i = 0; i < clean.init_count && i < TRAINING_WEIGHTS; i++)
		clean.init[i] = training->init[i] == 0 ? 0 : training->init[i];
	memcpy(training, &clean, sizeof clean);
}

static void tidy_setting(struct setting *setting)
{
	tidy_schedule(&setting->schedule);
	tidy_training(&setting->training);
}

void study_tidy(struct study *study)
{
	unsigned s, i;

	tidy_setting(&study->now);
	if (study->ghost_kind == GHOST_OFF)
		memset(&study->ghost, 0, sizeof study->ghost);
	else
		tidy_setting(&study->ghost);
	for (s = 0; s < STRATEGY_COUNT; s++)
		for (i = 0; i < STRATEGY_PARAMETERS; i++)
			tidy_value(&study->shelf[s][i]);
	tidy_word(study->touched, sizeof study->touched);
	told_tidy(&study->told);
}
