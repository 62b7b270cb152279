/* What the wizard was told, and what it does to a study: answers, length line, rules file, apply. */
#include <math.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "study/private.h"

/* Longest number of the length line. */
#define LENGTH_MOST 1000000000000

const char *const length_names[] = {"samples", "batch", "accumulate", "devices", "epochs", NULL};

/* ---- bytes ---- */

static void tidy_id(char id[ADVISOR_ID])
{
	size_t length = strnlen(id, ADVISOR_ID - 1);

	memset(id + length, 0, ADVISOR_ID - length);
}

void told_tidy(struct told *told)
{
	struct told clean;
	int k;

	memset(&clean, 0, sizeof clean);
	for (k = 0; k < LENGTH_COUNT; k++)
		clean.length[k] = told->length[k] > 0 ? told->length[k] : 0;
	clean.count = told->count;
	for (k = 0; k < clean.count; k++) {
		clean.answers[k] = told->answers[k];
		tidy_id(clean.answers[k].question);
		tidy_id(clean.answers[k].option);
	}
	memcpy(clean.rules, told->rules, strnlen(told->rules, sizeof clean.rules - 1));
	memcpy(told, &clean, sizeof clean);
}

bool told_is_empty(const struct told *told)
{
	struct told nothing;

	memset(&nothing, 0, sizeof nothing);
	return memcmp(told, &nothing, sizeof nothing) == 0;
}

/* ---- answers ---- */

/* Place of the answer to a question, or where it belongs (then `there` is false). */
static int place_of(const struct told *told, const char *question, bool *there)
{
	int k = 0;

	while (k < told->count && strcmp(told->answers[k].question, question) < 0)
		k++;
	*there = k < told->count && strcmp(told->answers[k].question, question) == 0;
	return k;
}

const struct study_answer *study_answer_to(const struct study *study, const char *question)
{
	bool there;
	int k = place_of(&study->told, question, &there);

	return there ? &study->told.answers[k] : NULL;
}

bool study_answer(struct study *study, const char *question, const char *option,
		  struct error *error)
{
	struct told *told = &study->told;
	struct study_answer *answer;
	bool there;
	int k = place_of(told, question, &there);
	size_t after = (size_t)(told->count - k) * sizeof *answer;

	if (option == NULL && !there)
		return true;
	answer = &told->answers[k];
	if (option == NULL) {
		memmove(answer, answer + 1, after - sizeof *answer);
		told->count--;
	} else {
		if (!there && told->count == STUDY_ANSWERS)
			return error_request(error, _("more than %d answers are not kept"),
					     STUDY_ANSWERS);
		if (!there) {
			memmove(answer + 1, answer, after);
			memset(answer, 0, sizeof *answer);
			strncpy(answer->question, question, sizeof answer->question - 1);
			told->count++;
		}
		memset(answer->option, 0, sizeof answer->option);
		strncpy(answer->option, option, sizeof answer->option - 1);
	}
	told_tidy(told);
	return true;
}

bool study_decisive(struct study *study, const char *question, bool decisive, struct error *error)
{
	bool there;
	int k = place_of(&study->told, question, &there);

	if (!there)
		return error_request(error, _("\"%s\" is not answered, so it decides nothing"),
				     question);
	study->told.answers[k].decisive = decisive;
	return true;
}

bool study_rules(struct study *study, const char *path, struct error *error)
{
	if (strlen(path) >= sizeof study->told.rules)
		return error_request(error, _("the rules path is longer than %zu bytes"),
				     sizeof study->told.rules - 1);
	memset(study->told.rules, 0, sizeof study->told.rules);
	memcpy(study->told.rules, path, strlen(path));
	return true;
}

/* ---- length ---- */

bool study_length(struct study *study, const char *name, const char *word, struct error *error)
{
	int64_t number;
	int k = 0;

	while (k < LENGTH_COUNT && strcmp(length_names[k], name) != 0)
		k++;
	if (k == LENGTH_COUNT)
		return error_unknown(error, _("number of the length line"), name, length_names,
				     LENGTH_COUNT);
	if (strcmp(word, "none") == 0) {
		study->told.length[k] = 0;
		return true;
	}
	if (!number_parse_integer(word, &number) || number < 1 || number > LENGTH_MOST)
		return error_request(error, _("%s takes a whole number from 1 to %lld, or none, "
					      "not \"%s\""),
				     name, (long long)LENGTH_MOST, word);
	study->told.length[k] = (double)number;
	return true;
}

double study_length_steps(const struct study *study)
{
	const double *length = study->told.length;

	if (length[LENGTH_SAMPLES] == 0 || length[LENGTH_BATCH] == 0 || length[LENGTH_EPOCHS] == 0)
		return 0;
	return advisor_steps(length[LENGTH_SAMPLES], length[LENGTH_BATCH],
			     length[LENGTH_ACCUMULATE] > 0 ? length[LENGTH_ACCUMULATE] : 1,
			     length[LENGTH_DEVICES] > 0 ? length[LENGTH_DEVICES] : 1,
			     length[LENGTH_EPOCHS]);
}

double study_length_fitted(const struct study *study, enum strategy_id id, bool per_batch)
{
	double steps = study_length_steps(study), epochs = study->told.length[LENGTH_EPOCHS];

	if (steps <= 0 || steps > 9007199254740992.0) /* 2^53: not exact beyond */
		return 0;
	if (!per_batch)
		steps = epochs;
	switch (id) {
	case STRATEGY_ONECYCLE:
	case STRATEGY_COSINE:
		return steps;
	case STRATEGY_STEP: /* cuts twice */
		return epochs < 3 ? 0 : ceil(steps / 3);
	case STRATEGY_CYCLIC: /* three cycles */
		return steps < 6 ? 1 : floor(steps / 6);
	default:
		return 0;
	}
}

/* ---- apply ---- */

static void put(struct schedule *schedule, const char *name, enum value_how how, double number)
{
	struct schedule_node *node = &schedule->node[0];
	int index = strategy_parameter(node->strategy, name);

	if (index < 0)
		return;
	memset(&node->values[index], 0, sizeof node->values[index]);
	node->values[index].how = how;
	node->values[index].number = number;
}

/* PyTorch's default would put a momentum on an optimizer that has none: another optimizer. */
static bool has_no_momentum(const struct training *training)
{
	return training_number(training, TRAINING_OPTIMIZER) == OPTIMIZER_SGD &&
	       training_number(training, TRAINING_MOMENTUM) == 0;
}

void setting_fit(struct setting *setting)
{
	static const char *const follow[] = {"T_max", "total_steps", "step_size", "step_size_up",
					     "base_lr"};
	static const char *const own[] = {"step_size_down", "epochs", "steps_per_epoch"};
	struct schedule *schedule = &setting->schedule;
	size_t k;

	training_unset(&setting->training, TRAINING_STEP_PER);
	for (k = 0; k < sizeof follow / sizeof *follow; k++)
		put(schedule, follow[k], VALUE_AUTO, 0);
	for (k = 0; k < sizeof own / sizeof *own; k++)
		put(schedule, own[k], VALUE_UNSET, 0);
	if (has_no_momentum(&setting->training))
		put(schedule, "cycle_momentum", VALUE_GIVEN, 0);
}

void study_apply(struct study *study, enum strategy_id id)
{
	static const char touched[] = "strategy";
	struct study next = *study;

	next.now.schedule = study_schedule_of(study, id);
	setting_fit(&next.now);
	memcpy(next.shelf[id], next.now.schedule.node[0].values, sizeof next.shelf[id]);
	study_settle(&next, id);
	if (memcmp(&next, study, sizeof next) == 0)
		return;
	if (next.ghost_kind == GHOST_BEFORE)
		memcpy(&next.ghost, &study->now, sizeof next.ghost);
	memset(next.touched, 0, sizeof next.touched);
	memcpy(next.touched, touched, sizeof touched);
	memcpy(study, &next, sizeof *study);
}
