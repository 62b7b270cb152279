/* Training words: their table, reading and writing them. What they make of a data set is in plan.c. */
#include "trainer/training.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"

const char *const optimizer_names[] = {"sgd", "adam", "adamw", NULL};
const char *const step_per_names[] = {"epoch", "batch", NULL};
const char *const split_names[] = {"random", "tail", NULL};

const struct parameter training_parameters[] = {
#define TRAINING(ID, name, ...) {name, __VA_ARGS__},
#include "trainer/training.def"
#undef TRAINING
};

#define ADAMW_DECAY 0.01 /* PyTorch's default weight_decay of AdamW; SGD's and Adam's is 0 */

int training_find(const char *name)
{
	for (int i = 0; i < TRAINING_COUNT; i++)
		if (strcmp(training_parameters[i].name, name) == 0)
			return i;
	return -1;
}

static void copy_word(char *to, size_t size, const char *word)
{
	memset(to, 0, size); /* all of it: requests are compared as bytes */
	memcpy(to, word, strnlen(word, size - 1));
}

struct training training_default(void)
{
	struct training training;

	memset(&training, 0, sizeof training);
	for (int i = 0; i < TRAINING_COUNT; i++)
		training_unset(&training, (enum training_id)i);
	return training;
}

void training_unset(struct training *training, enum training_id id)
{
	memset(&training->values[id], 0, sizeof training->values[id]); /* VALUE_UNSET */
	if (id == TRAINING_DATA)
		copy_word(training->data, sizeof training->data, "concrete");
	if (id == TRAINING_TARGET)
		copy_word(training->target, sizeof training->target, "");
	if (id == TRAINING_BETAS) {
		training->betas[0] = 0.9;
		training->betas[1] = 0.999;
	}
	if (id == TRAINING_INIT) {
		training->init_count = 0;
		memset(training->init, 0, sizeof training->init);
	}
}

/* Reads "1,2,3" into at most `max` numbers within the parameter's range; 0 when refused. */
static unsigned read_list(const struct parameter *parameter, const char *word, double *numbers,
			  unsigned max, struct error *error)
{
	struct parameter one = *parameter;
	struct value value;
	char part[NUMBER_SIZE * 8];
	unsigned count = 0;

	one.type = PARAMETER_REAL;
	for (;; word++) {
		size_t length = strcspn(word, ",");

		if (count == max) {
			error_request(error, _("%s: more than %u numbers"), parameter->name, max);
			return 0;
		}
		snprintf(part, sizeof part, "%.*s", (int)(length < sizeof part ? length :
							  sizeof part - 1), word);
		if (!parameter_read(&one, part, &value, error))
			return 0;
		numbers[count++] = value.number;
		word += length;
		if (!*word)
			return count;
	}
}

static bool set_betas(struct training *training, const char *word, struct error *error)
{
	double betas[3];
	char shown[ERROR_WORD];
	unsigned count = read_list(&training_parameters[TRAINING_BETAS], word, betas, 3, NULL);

	if (count != 2 && strchr(word, ',') != NULL && strchr(word, ',') == strrchr(word, ','))
		return read_list(&training_parameters[TRAINING_BETAS], word, betas, 2, error);
	if (count != 2)
		return error_request(error, _("betas: '%s' is not two numbers; beta1,beta2, each "
					      "at least 0 and below 1, as in 0.9,0.999"),
				     error_word(shown, word));
	memcpy(training->betas, betas, sizeof training->betas);
	return true;
}

static bool set_init(struct training *training, const char *word, struct error *error)
{
	double init[TRAINING_WEIGHTS] = {0};
	unsigned count = read_list(&training_parameters[TRAINING_INIT], word, init, TRAINING_WEIGHTS,
				   error);

	if (!count)
		return false;
	training->init_count = count;
	memcpy(training->init, init, sizeof init);
	return true;
}

static bool set_text(const struct parameter *parameter, char *to, size_t size, const char *word,
		     struct error *error)
{
	char shown[ERROR_WORD];

	if (!*word)
		return error_request(error, _("%s: a name is missing behind '%s='"),
				     parameter->name, parameter->name);
	if (strlen(word) >= size)
		return error_request(error, _("%s: '%s...' is longer than %zu bytes"),
				     parameter->name, error_word(shown, word), size - 1);
	copy_word(to, size, word);
	return true;
}

static bool set_number(const struct parameter *parameter, struct value *to, const char *word,
		       struct error *error)
{
	bool is_batch = parameter == &training_parameters[TRAINING_BATCH];
	struct value value = {VALUE_AUTO, 0};
	size_t length;

	if (!(is_batch && strcmp(word, "full") == 0) &&
	    !parameter_read(parameter, word, &value, error)) {
		length = error && is_batch ? strlen(error->text) : 0;
		if (length)
			snprintf(error->text + length, sizeof error->text - length, "%s",
				 _("; also allowed: full"));
		return false;
	}
	to->how = value.how; /* field by field: the padding stays as it was */
	to->number = value.number;
	return true;
}

static bool set_unknown(const char *name, struct error *error)
{
	const char *known[TRAINING_COUNT];

	for (int i = 0; i < TRAINING_COUNT; i++)
		known[i] = training_parameters[i].name;
	return error_unknown(error, _("training word"), name, known, TRAINING_COUNT);
}

bool training_set(struct training *training, const char *name, const char *word,
		  struct error *error)
{
	int id = training_find(name);
	const struct parameter *parameter;
	bool done;

	if (id < 0)
		return set_unknown(name, error);
	parameter = &training_parameters[id];
	switch (id) {
	case TRAINING_DATA:
		done = set_text(parameter, training->data, sizeof training->data, word, error);
		break;
	case TRAINING_TARGET:
		done = set_text(parameter, training->target, sizeof training->target, word, error);
		break;
	case TRAINING_BETAS:
		done = set_betas(training, word, error);
		break;
	case TRAINING_INIT:
		done = set_init(training, word, error);
		break;
	default:
		return set_number(parameter, &training->values[id], word, error);
	}
	if (done)
		training->values[id].how = VALUE_GIVEN;
	return done;
}

static void write_list(const double *numbers, unsigned count, struct text *text)
{
	for (unsigned i = 0; i < count; i++) {
		text_add(text, i ? "," : "");
		text_add_number(text, numbers[i]);
	}
}

void training_write(const struct training *training, enum training_id id, struct text *text)
{
	struct value value = training->values[id];

	switch (id) {
	case TRAINING_DATA:
		text_add(text, training->data);
		break;
	case TRAINING_TARGET:
		text_add(text, training->target);
		break;
	case TRAINING_BETAS:
		write_list(training->betas, 2, text);
		break;
	case TRAINING_INIT:
		write_list(training->init, training->init_count, text);
		break;
	case TRAINING_WEIGHT_DECAY:
		text_add_number(text, training_number(training, id));
		break;
	default:
		if (value.how == VALUE_AUTO)
			text_add(text, "full");
		else
			parameter_write(&training_parameters[id], value, text);
	}
}

double training_number(const struct training *training, enum training_id id)
{
	struct value value = training->values[id];

	if (id == TRAINING_DATA || id == TRAINING_TARGET || id == TRAINING_BETAS ||
	    id == TRAINING_INIT)
		return NAN;
	if (value.how == VALUE_UNSET && id == TRAINING_WEIGHT_DECAY)
		return training_number(training, TRAINING_OPTIMIZER) == OPTIMIZER_ADAMW ?
		       ADAMW_DECAY : 0;
	if (value.how == VALUE_UNSET)
		value = training_parameters[id].standard;
	return value.how == VALUE_GIVEN ? value.number : NAN;
}

struct training training_seeded(const struct training *training, int more)
{
	struct training copy = *training;

	if (more > 0) {
		copy.values[TRAINING_SEED].how = VALUE_GIVEN;
		copy.values[TRAINING_SEED].number = training_number(training, TRAINING_SEED) + more;
	}
	return copy;
}
