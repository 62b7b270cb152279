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

static void tidy_values(struct value *values, unsigned count)
{
	while (count-- > 0)
		tidy_value(&values[count]);
}

static void tidy_schedule(struct schedule *schedule)
{
	struct schedule clean;
	unsigned n;

	memset(&clean, 0, sizeof clean);
	clean.lr = schedule->lr;
	tidy_value(&clean.lr);
	clean.nodes = schedule->nodes;
	for (n = 0; n < clean.nodes && n < SCHEDULE_NODES; n++) {
		clean.node[n] = schedule->node[n];
		tidy_values(clean.node[n].values, STRATEGY_PARAMETERS);
	}
	memcpy(schedule, &clean, sizeof clean);
}

static void tidy_numbers(double *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (numbers[i] == 0)
			numbers[i] = 0; /* no -0 */
}

/* In its place, since most of it are long words: there is no padding but that of the values. */
static void tidy_training(struct training *training)
{
	size_t count = training->init_count < TRAINING_WEIGHTS ? training->init_count :
								 TRAINING_WEIGHTS;

	tidy_word(training->data, sizeof training->data);
	tidy_word(training->target, sizeof training->target);
	tidy_values(training->values, TRAINING_COUNT);
	tidy_numbers(training->betas, 2);
	training->unused = 0;
	tidy_numbers(training->init, count);
	memset(training->init + count, 0, sizeof training->init - count * sizeof *training->init);
}

static void tidy_setting(struct setting *setting)
{
	tidy_schedule(&setting->schedule);
	tidy_training(&setting->training);
}

void study_tidy_now(struct study *study)
{
	tidy_setting(&study->now);
	for (unsigned s = 0; s < STRATEGY_COUNT; s++)
		tidy_values(study->shelf[s], STRATEGY_PARAMETERS);
}

void study_tidy(struct study *study)
{
	study_tidy_now(study);
	if (study->ghost_kind == GHOST_OFF)
		memset(&study->ghost, 0, sizeof study->ghost);
	else
		tidy_setting(&study->ghost);
	tidy_word(study->touched, sizeof study->touched);
	told_tidy(&study->told);
}
