/* A study and the commands that change it. A value is read whole before it is put in, so that a refusal
 * changes nothing. */
#include "study/study.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/language.h"
#include "study/private.h"

/* ---- shelves and the common peak ---- */

static const struct parameter *parameter_row(enum strategy_id id, int index)
{
	const struct parameter *rows;
	unsigned count = strategy_parameters(id, &rows);

	return index >= 0 && (unsigned)index < count ? &rows[index] : NULL;
}

static enum strategy_id front(const struct study *study)
{
	return study->now.schedule.node[0].strategy;
}

static struct value given(double number)
{
	struct value value;

	memset(&value, 0, sizeof value);
	value.how = VALUE_GIVEN;
	value.number = number;
	return value;
}

struct schedule study_schedule_of(const struct study *study, enum strategy_id id)
{
	struct schedule schedule = schedule_of(id);
	const char *peak = strategy_peak(id);

	memcpy(schedule.node[0].values, study->shelf[id], sizeof schedule.node[0].values);
	schedule.lr = study->now.schedule.lr;
	if (peak != NULL)
		schedule.node[0].values[strategy_parameter(id, peak)] = schedule.lr;
	return schedule;
}

/* After a change of shelf or peak: every shelf has the peak, the front has its shelf. */
static void settle(struct study *study, enum strategy_id id)
{
	unsigned s;

	for (s = 0; s < STRATEGY_COUNT; s++) {
		const char *peak = strategy_peak((enum strategy_id)s);

		if (peak != NULL)
			study->shelf[s][strategy_parameter((enum strategy_id)s, peak)] =
				study->now.schedule.lr;
	}
	study->now.schedule = study_schedule_of(study, id);
}

void study_settle(struct study *study, enum strategy_id id)
{
	settle(study, id);
	study_tidy(study);
}

/* The setting was `before`, and `name` was touched: a new one moves the ghost. */
static void touch(struct study *study, const struct setting *before, const char *name, bool always)
{
	if (study->ghost_kind == GHOST_BEFORE && (always || strcmp(study->touched, name) != 0))
		memcpy(&study->ghost, before, sizeof study->ghost);
	memset(study->touched, 0, sizeof study->touched);
	strncpy(study->touched, name, sizeof study->touched - 1);
}

/* The same run, though a default may be written out in one and not in the other. */
static bool same_run(const struct setting *a, const struct setting *b)
{
	const struct schedule *one = &a->schedule, *other = &b->schedule;
	struct training training = b->training;
	enum strategy_id id = one->node[0].strategy;
	const struct parameter *rows;
	unsigned count = strategy_parameters(id, &rows), k;

	if (id != other->node[0].strategy || !parameter_same(&schedule_lr, one->lr, other->lr))
		return false;
	for (k = 0; k < count; k++)
		if (!parameter_same(&rows[k], one->node[0].values[k], other->node[0].values[k]))
			return false;
	if (training_number(&a->training, TRAINING_WEIGHT_DECAY) !=
		    training_number(&b->training, TRAINING_WEIGHT_DECAY) ||
	    training_per_batch(&a->training, id) != training_per_batch(&b->training, id))
		return false;
	for (k = 0; k < TRAINING_COUNT; k++)
		if (k != TRAINING_WEIGHT_DECAY && k != TRAINING_STEP_PER && k != TRAINING_BETAS &&
		    !parameter_same(&training_parameters[k], a->training.values[k], training.values[k]))
			return false;
	memcpy(training.values, a->training.values, sizeof training.values);
	return memcmp(&training, &a->training, sizeof training) == 0; /* words and lists */
}

/* Ends a change of the setting, which may be none. */
static bool commit(struct study *study, const struct setting *before, const char *name, bool always)
{
	study_tidy_now(study);
	if (!same_run(&study->now, before))
		touch(study, before, name, always);
	return true;
}

void study_plain(struct study *study)
{
	memset(study, 0, sizeof *study);
	study->now.training = training_default();
	study->now.schedule.lr = given(0.1);
	study->ghost_kind = GHOST_BEFORE;
	study_settle(study, STRATEGY_ONECYCLE);
	memcpy(&study->ghost, &study->now, sizeof study->ghost);
	study_tidy(study);
}

/* ---- names ---- */

/* Which strategies have a parameter of this name, for the sentence of a refusal. */
static bool refuse_unknown(const struct study *study, const char *name, struct error *error)
{
	const char *known[2 * STUDY_DIALS];
	struct dial dials[STUDY_DIALS];
	unsigned count = study_dials(study, dials), k, n = 0;
	char owners[160] = "";

	for (k = 0; k < STRATEGY_COUNT; k++) {
		const char *owner = strategy_name((enum strategy_id)k);

		if (strategy_parameter((enum strategy_id)k, name) < 0)
			continue;
		if (owners[0] != '\0')
			strncat(owners, ", ", sizeof owners - strlen(owners) - 1);
		strncat(owners, owner, sizeof owners - strlen(owners) - 1);
	}
	if (owners[0] != '\0')
		return error_request(error, _("\"%s\" is a dial of %s; %s has none of that name"),
				     name, owners, strategy_name(front(study)));
	for (k = 0; k < count; k++)
		known[n++] = dials[k].parameter->name;
	for (k = 0; k < TRAINING_COUNT && n < 2 * STUDY_DIALS; k++) {
		unsigned i = 0;

		while (i < count && known[i] != training_parameters[k].name)
			i++;
		if (i == count)
			known[n++] = training_parameters[k].name;
	}
	return error_unknown(error, _("dial"), name, known, n);
}

bool study_find(const struct study *study, const char *name, struct dial *dial,
		struct error *error)
{
	enum strategy_id id = front(study);
	const char *peak = strategy_peak(id);
	int index = training_find(name);

	if (index >= 0) {
		dial->group = DIAL_TRAINING;
		dial->index = (unsigned)index;
		dial->parameter = &training_parameters[index];
		return true;
	}
	dial->group = DIAL_SCHEDULE;
	if (strcmp(name, "lr") == 0 || strcmp(name, "max_lr") == 0)
		name = peak != NULL ? peak : "lr";
	if (strcmp(name, "lr") == 0) {
		dial->index = UINT_MAX;
		dial->parameter = &schedule_lr;
		return true;
	}
	index = strategy_parameter(id, name);
	if (index < 0)
		return refuse_unknown(study, name, error);
	dial->index = (unsigned)index;
	dial->parameter = parameter_row(id, index);
	return true;
}

static bool is_peak(const struct study *study, const struct dial *dial)
{
	const char *peak = strategy_peak(front(study));

	return dial->group == DIAL_SCHEDULE &&
	       strcmp(dial->parameter->name, peak != NULL ? peak : "lr") == 0;
}

/* What `touched` says: the peak is one dial under both its names. */
static const char *touch_name(const struct study *study, const struct dial *dial)
{
	return is_peak(study, dial) ? "lr" : dial->parameter->name;
}

struct value study_value(const struct study *study, const struct dial *dial)
{
	if (dial->group == DIAL_TRAINING)
		return study->now.training.values[dial->index];
	if (is_peak(study, dial))
		return study->now.schedule.lr;
	return study->shelf[front(study)][dial->index];
}

/* ---- data words ---- */

/* A shipped name stays; a file's path becomes normal ("./rest" below the working folder, else
 * absolute), so that one file has one name whether it was typed or read from a saved study. */
static bool data_word(char out[TRAINING_PATH], const char *word, struct error *error)
{
	memset(out, 0, TRAINING_PATH);
	if (shipped_find(word) != NULL || strcmp(word, "-") == 0) {
		memcpy(out, word, strlen(word));
		return true;
	}
	if (!dataset_is_file(word))
		return error_unknown(error, _("data set"), word, shipped_names(),
				     (unsigned)shipped_count);
	return path_normal(out, TRAINING_PATH, word, error);
}

/* Another table: its target is the last column again, and starting weights no longer fit. */
static bool change_data(struct training *training, const char *word, struct error *error)
{
	char path[TRAINING_PATH];

	if (!data_word(path, word, error))
		return false;
	if (memcmp(path, training->data, sizeof path) == 0)
		return true;
	memcpy(training->data, path, sizeof path);
	training->values[TRAINING_DATA] = given(0);
	training_unset(training, TRAINING_TARGET);
	training_unset(training, TRAINING_INIT);
	return true;
}

bool study_data(struct study *study, const char *word, const char *target, struct error *error)
{
	struct setting before = study->now;

	if (!change_data(&study->now.training, word, error))
		return false;
	if (target != NULL && !training_set(&study->now.training, "target", target, error)) {
		memcpy(&study->now, &before, sizeof before);
		return false;
	}
	return commit(study, &before, "data", true);
}

/* ---- commands ---- */

bool study_strategy(struct study *study, const char *name, struct error *error)
{
	struct setting before = study->now;
	enum strategy_id id;

	if (!strategy_find(name, &id, error))
		return false;
	settle(study, id);
	return commit(study, &before, "strategy", true);
}

/* Words of optimizers other than the present one go back to their defaults: the panel does not
 * show them, so they must not be the reason of a refusal either. */
static void drop_foreign_words(struct training *training)
{
	unsigned i;

	for (i = 0; i < TRAINING_COUNT; i++)
		if (!study_word_fits(training, (enum training_id)i))
			training_unset(training, (enum training_id)i);
}

/* Puts a value in, or refuses it and changes nothing. */
static bool put(struct study *study, const struct dial *dial, const char *word, struct error *error)
{
	enum strategy_id id = front(study);
	struct training *training = &study->now.training;
	struct parameter own = schedule_lr;
	struct value value;

	memset(&value, 0, sizeof value);
	if (dial->group == DIAL_TRAINING) {
		if (dial->index == TRAINING_DATA)
			return change_data(training, word, error);
		if (!training_set(training, dial->parameter->name, word, error))
			return false;
		if (dial->index == TRAINING_OPTIMIZER)
			drop_foreign_words(training);
		return true;
	}
	if (!parameter_read(dial->parameter, word, &value, error))
		return false;
	/* The peak is every strategy's, so it has to suit the optimizer's lr as well. */
	own.name = dial->parameter->name;
	if (is_peak(study, dial) && !parameter_read(&own, word, &value, error))
		return false;
	if (is_peak(study, dial))
		study->now.schedule.lr = value;
	else
		study->shelf[id][dial->index] = value;
	settle(study, id);
	return true;
}

bool study_set(struct study *study, const char *name, const char *word, struct error *error)
{
	struct setting before = study->now;
	struct dial dial;

	if (!study_find(study, name, &dial, error) || !put(study, &dial, word, error))
		return false;
	return commit(study, &before, touch_name(study, &dial),
		      dial.group == DIAL_TRAINING && dial.index == TRAINING_DATA);
}

/* A dial of the schedule as `standard` has it. */
static void copy_dial(struct study *study, const struct study *standard, const struct dial *dial)
{
	enum strategy_id id = front(study);

	if (is_peak(study, dial))
		study->now.schedule.lr = standard->now.schedule.lr;
	else
		study->shelf[id][dial->index] = standard->shelf[id][dial->index];
	settle(study, id);
}

static void reset_word(struct training *training, const struct training *standard,
		       enum training_id id)
{
	training_unset(training, id);
	if (id != TRAINING_DATA && id != TRAINING_TARGET && id != TRAINING_BETAS &&
	    id != TRAINING_INIT)
		training->values[id] = standard->values[id];
	if (id == TRAINING_OPTIMIZER)
		drop_foreign_words(training);
}

static void reset_all(struct study *study, const struct study *standard)
{
	struct study before = *study;

	study->now.training = standard->now.training;
	memcpy(study->shelf, standard->shelf, sizeof study->shelf);
	study->now.schedule.lr = standard->now.schedule.lr;
	study_settle(study, front(study));
	if (memcmp(study, &before, sizeof before) != 0)
		touch(study, &before.now, "all", true);
}

bool study_reset(struct study *study, const char *name, struct error *error)
{
	struct setting before = study->now;
	struct study standard;
	struct dial dial;

	study_init(&standard);
	if (strcmp(name, "all") == 0) {
		reset_all(study, &standard);
		return true;
	}
	if (!study_find(study, name, &dial, error))
		return false;
	if (dial.group == DIAL_TRAINING && dial.index == TRAINING_DATA)
		return study_data(study, standard.now.training.data, NULL, error);
	if (dial.group == DIAL_SCHEDULE)
		copy_dial(study, &standard, &dial);
	else
		reset_word(&study->now.training, &standard.now.training,
			   (enum training_id)dial.index);
	return commit(study, &before, touch_name(study, &dial), false);
}

static bool nudge_data(struct study *study, int steps, struct error *error)
{
	const struct shipped *here = shipped_find(study->now.training.data);
	int count = (int)shipped_count, at = -1;

	if (here != NULL)
		at = (int)(here - shipped_sets);
	else if (steps < 0)
		at = 0;
	at = (int)((at + (int64_t)steps) % count);
	return study_data(study, shipped_sets[at < 0 ? at + count : at].name, NULL, error);
}

bool study_nudge_from(struct study *study, const char *name, double from, int steps,
		      enum nudge nudge, struct error *error)
{
	struct setting before = study->now;
	struct dial dial;
	struct text word;
	struct value value;
	bool done;

	if (!study_find(study, name, &dial, error))
		return false;
	if (dial.group == DIAL_TRAINING && dial.index == TRAINING_DATA)
		return nudge_data(study, steps, error);
	if (dial.parameter->type == PARAMETER_WORD || dial.parameter->type == PARAMETER_LIST)
		return error_request(error, _("\"%s\" is not turned; type its value"),
				     dial.parameter->name);
	if (steps == 0)
		return true;
	value = study_value(study, &dial);
	if (value.how == VALUE_GIVEN)
		from = value.number;
	if (!isfinite(from))
		return error_request(error, _("\"%s\" follows the run; give it a value first"),
				     dial.parameter->name);
	value = given(parameter_nudge(dial.parameter, from, steps, nudge));
	text_init(&word);
	parameter_write(dial.parameter, value, &word);
	done = word.failed ? error_memory(error) : put(study, &dial, word.bytes, error);
	text_done(&word);
	return done && commit(study, &before, touch_name(study, &dial), false);
}

bool study_nudge(struct study *study, const char *name, int steps, enum nudge nudge,
		 struct error *error)
{
	struct dial dial;
	struct value value;

	if (!study_find(study, name, &dial, error))
		return false;
	value = dial.parameter->standard;
	if (dial.group == DIAL_SCHEDULE && dial.index != UINT_MAX)
		value = schedule_value(&study->now.schedule, dial.index);
	return study_nudge_from(study, name, value.how == VALUE_GIVEN ? value.number : NAN, steps,
				nudge, error);
}

bool study_ghost(struct study *study, const char *what, struct error *error)
{
	static const char *const words[] = {"before", "pin", "off"};
	struct study next = *study;
	const char *known[3 + STRATEGY_COUNT];
	enum strategy_id id;
	unsigned k;

	for (k = 0; k < 3; k++)
		known[k] = words[k];
	for (k = 0; k < STRATEGY_COUNT; k++)
		known[3 + k] = strategy_names()[k];
	if (strcmp(what, "off") == 0) {
		next.ghost_kind = GHOST_OFF;
	} else if (strcmp(what, "before") == 0) {
		if (study->ghost_kind == GHOST_OFF)
			next.ghost = study->now;
		next.ghost_kind = GHOST_BEFORE;
		memset(next.touched, 0, sizeof next.touched);
	} else if (strcmp(what, "pin") == 0) {
		next.ghost_kind = GHOST_PINNED;
		next.ghost = study->now;
	} else if (strategy_find(what, &id, NULL)) {
		next.ghost_kind = GHOST_PINNED;
		next.ghost.schedule = study_schedule_of(study, id);
		next.ghost.training = study->now.training;
	} else {
		return error_unknown(error, _("ghost"), what, known, 3 + STRATEGY_COUNT);
	}
	study_tidy(&next);
	memcpy(study, &next, sizeof *study);
	return true;
}

bool study_swap(struct study *study, struct error *error)
{
	struct study next = *study;
	enum strategy_id id = study->ghost.schedule.node[0].strategy;

	if (study->ghost_kind == GHOST_OFF)
		return error_request(error, _("there is no ghost to swap with; "
					      "\"ghost pin\" makes one"));
	next.now = study->ghost;
	next.ghost = study->now;
	memcpy(next.shelf[id], next.now.schedule.node[0].values, sizeof next.shelf[id]);
	study_settle(&next, id);
	memcpy(study, &next, sizeof *study);
	return true;
}
