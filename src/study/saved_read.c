/* Reading a saved study: everything that is not exactly what the writer would write in this
 * version (up to order and blanks) is refused, with its line and column. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/language.h"
#include "base/number.h"
#include "base/place.h"
#include "study/private.h"
#include "study/saved.h"

/* Deepest level that has a key of ours: ghost, training, word. */
#define KEY_LEVELS 3

struct reader {
	const char *json;
	size_t length;
	const char *name, *folder;
	struct place_step path[KEY_LEVELS]; /* that lead to what is being read */
	int depth;
	struct error *error;
};

/* Turns the reason into the file's error, with line and column of the present key. */
static bool refuse(struct reader *reader, const char *why)
{
	int line, column;

	place_find(reader->json, reader->length, reader->path, reader->depth, &line, &column);
	return error_file(reader->error, _("%s: line %d, column %d: %s"), reader->name, line, column,
			  why);
}

static bool refuse_word(struct reader *reader, const struct error *why)
{
	if (why->kind == ERROR_MEMORY)
		return error_memory(reader->error);
	return refuse(reader, why->text);
}

static bool refuse_type(struct reader *reader, const char *wanted)
{
	struct error why;

	error_request(&why, _("\"%s\" has to be %s"), reader->path[reader->depth - 1].key, wanted);
	return refuse(reader, why.text);
}

static void enter(struct reader *reader, const char *key)
{
	reader->path[reader->depth++] = (struct place_step){key, 0};
}

static void leave(struct reader *reader)
{
	reader->depth--;
}

/* ---- values ---- */

/* A JSON value as the command line's word: 0.1, "cos", true, null (None), [0.9, 0.999]. */
static bool write_word(struct reader *reader, const json_t *value, struct text *word)
{
	const json_t *item;
	size_t k;

	text_clear(word);
	if (json_is_string(value)) {
		text_add(word, json_string_value(value));
	} else if (json_is_number(value)) {
		text_add_number(word, json_number_value(value));
	} else if (json_is_boolean(value)) {
		text_add(word, json_is_true(value) ? "true" : "false");
	} else if (json_is_null(value)) {
		text_add(word, "None");
	} else if (json_is_array(value)) {
		json_array_foreach((json_t *)value, k, item) {
			if (!json_is_number(item))
				return refuse_type(reader, _("a list of numbers"));
			text_add(word, k > 0 ? "," : "");
			text_add_number(word, json_number_value(item));
		}
	} else {
		return refuse_type(reader, _("a value, not an object"));
	}
	return !word->failed || error_memory(reader->error);
}

/* A number must not come as a string, nor a choice as a number: files have one spelling. */
static bool check_type(struct reader *reader, const struct parameter *row, const json_t *value)
{
	const char *word;

	if (json_is_null(value))
		return row->takes_none || refuse_type(reader, _("given, not null"));
	switch (row->type) {
	case PARAMETER_REAL:
	case PARAMETER_INTEGER:
		word = row == &training_parameters[TRAINING_BATCH] ? "full"
		       : row->takes_auto			   ? "auto"
								   : NULL;
		if (word != NULL && json_is_string(value) &&
		    strcmp(json_string_value(value), word) == 0)
			return true;
		return json_is_number(value) || refuse_type(reader, _("a number"));
	case PARAMETER_SWITCH:
		return json_is_boolean(value) || refuse_type(reader, _("true or false"));
	case PARAMETER_LIST:
		return json_is_array(value) || refuse_type(reader, _("a list of numbers"));
	default:
		return json_is_string(value) || refuse_type(reader, _("a string"));
	}
}

static bool read_lr(struct reader *reader, const json_t *object, struct value *lr)
{
	const json_t *value = json_object_get(object, "lr");
	struct error why = {.kind = ERROR_NONE};
	struct text word;
	bool done;

	enter(reader, "lr");
	text_init(&word);
	if (value == NULL)
		done = refuse(reader, _("\"lr\" is missing"));
	else if (!json_is_number(value))
		done = refuse_type(reader, _("a number"));
	else
		done = write_word(reader, value, &word) &&
		       (parameter_read(&schedule_lr, word.bytes, lr, &why) ||
			refuse_word(reader, &why));
	text_done(&word);
	leave(reader);
	return done;
}

static bool read_strategy(struct reader *reader, const json_t *object, enum strategy_id *id)
{
	const json_t *value = json_object_get(object, "strategy");
	struct error why = {.kind = ERROR_NONE};
	bool done;

	enter(reader, "strategy");
	if (value == NULL)
		done = refuse(reader, _("\"strategy\" is missing"));
	else if (!json_is_string(value))
		done = refuse_type(reader, _("a string"));
	else
		done = strategy_find(json_string_value(value), id, &why) ||
		       refuse_word(reader, &why);
	leave(reader);
	return done;
}

static bool refuse_parameter(struct reader *reader, const char *key, enum strategy_id id)
{
	const char *known[STRATEGY_PARAMETERS];
	const struct parameter *rows;
	unsigned count = strategy_parameters(id, &rows), k;
	struct error why;

	for (k = 0; k < count; k++)
		known[k] = rows[k].name;
	error_unknown(&why, _("parameter"), key, known, count);
	return refuse(reader, why.text);
}

/* Parameters of one strategy; the object itself has been entered. */
static bool read_parameters(struct reader *reader, const json_t *object, enum strategy_id id,
			    struct value *values)
{
	const struct parameter *rows;
	const char *key, *peak = strategy_peak(id);
	struct error why = {.kind = ERROR_NONE};
	const json_t *value;
	struct text word;
	bool done = true;

	if (!json_is_object(object))
		return refuse_type(reader, _("an object"));
	strategy_parameters(id, &rows);
	text_init(&word);
	json_object_foreach((json_t *)object, key, value) {
		int index = strategy_parameter(id, key);

		enter(reader, key);
		if (index < 0 || (peak != NULL && strcmp(key, peak) == 0)) {
			if (index >= 0)
				done = refuse(reader, _("the peak of all strategies is \"lr\""));
			else
				done = refuse_parameter(reader, key, id);
		} else {
			done = check_type(reader, &rows[index], value) &&
			       write_word(reader, value, &word) &&
			       (parameter_read(&rows[index], word.bytes, &values[index], &why) ||
				refuse_word(reader, &why));
		}
		leave(reader);
		if (!done)
			break;
	}
	text_done(&word);
	return done;
}

static bool read_shelves(struct reader *reader, const json_t *object, struct study *study)
{
	const char *key;
	const json_t *value;
	enum strategy_id id;
	struct error why = {.kind = ERROR_NONE};
	bool done = true;

	if (object == NULL)
		return true;
	enter(reader, "strategies");
	if (!json_is_object(object))
		done = refuse_type(reader, _("an object"));
	if (done)
		json_object_foreach((json_t *)object, key, value) {
			enter(reader, key);
			if (!strategy_find(key, &id, &why))
				done = refuse_word(reader, &why);
			else
				done = read_parameters(reader, value, id, study->shelf[id]);
			leave(reader);
			if (!done)
				break;
		}
	leave(reader);
	return done;
}

/* ---- training ---- */

static bool read_data(struct reader *reader, const char *word, struct training *training)
{
	char path[TRAINING_PATH];
	struct error why = {.kind = ERROR_NONE};
	size_t length = strlen(word);
	bool file = strchr(word, '/') != NULL ||
		    (length > 4 && strcmp(word + length - 4, ".csv") == 0);

	if (shipped_find(word) != NULL)
		return training_set(training, "data", word, &why) || refuse_word(reader, &why);
	if (!file) {
		error_unknown(&why, _("data set"), word, shipped_names(), (unsigned)shipped_count);
		return refuse_word(reader, &why);
	}
	if (!path_from(path, sizeof path, word, reader->folder, &why))
		return refuse_word(reader, &why);
	return training_set(training, "data", path, &why) || refuse_word(reader, &why);
}

static bool read_training(struct reader *reader, const json_t *object, struct training *training)
{
	const char *key;
	const json_t *value;
	struct error why = {.kind = ERROR_NONE};
	struct text word;
	bool done = true;

	if (object == NULL)
		return true;
	enter(reader, "training");
	if (!json_is_object(object))
		done = refuse_type(reader, _("an object"));
	text_init(&word);
	if (done)
		json_object_foreach((json_t *)object, key, value) {
			int id = training_find(key);

			enter(reader, key);
			done = (id < 0 || check_type(reader, &training_parameters[id], value)) &&
			       write_word(reader, value, &word);
			if (done && id == TRAINING_DATA)
				done = read_data(reader, word.bytes, training);
			else if (done)
				done = training_set(training, key, word.bytes, &why) ||
				       refuse_word(reader, &why);
			leave(reader);
			if (!done)
				break;
		}
	text_done(&word);
	leave(reader);
	return done;
}

/* ---- the wizard ---- */

static bool is_id(const char *word)
{
	return word != NULL && word[0] >= 'a' && word[0] <= 'z' && strlen(word) < ADVISOR_ID &&
	       word[strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

/* Ids of other rules files are taken as well: which there are is the wizard's matter. */
static bool read_answers(struct reader *reader, const json_t *object, struct study *study)
{
	struct error why = {.kind = ERROR_NONE};
	const json_t *value;
	const char *key;
	bool done = true;

	if (object == NULL)
		return true;
	enter(reader, "answers");
	if (!json_is_object(object) || json_object_size(object) == 0)
		return refuse_type(reader, _("an object with an answer or more"));
	json_object_foreach((json_t *)object, key, value) {
		enter(reader, key);
		if (!is_id(key) || !is_id(json_string_value(value)))
			done = refuse(reader, _("an answer is \"question\": \"option\", both ids of a "
						"lower-case letter, then also digits and _"));
		else
			done = study_answer(study, key, json_string_value(value), &why) ||
			       refuse_word(reader, &why);
		if (!done)
			return false;
		leave(reader);
	}
	leave(reader);
	return true;
}

static bool read_decisive(struct reader *reader, const json_t *list, struct study *study)
{
	struct error why = {.kind = ERROR_NONE};
	const struct study_answer *answer;
	const json_t *value;
	size_t k;

	if (list == NULL)
		return true;
	enter(reader, "decisive");
	if (!json_is_array(list) || json_array_size(list) == 0)
		return refuse_type(reader, _("a list of questions"));
	json_array_foreach((json_t *)list, k, value) {
		if (!json_is_string(value))
			return refuse_type(reader, _("a list of questions"));
		answer = study_answer_to(study, json_string_value(value));
		if (answer != NULL && answer->decisive)
			return refuse(reader, _("a question is given twice as decisive"));
		if (!study_decisive(study, json_string_value(value), true, &why))
			return refuse_word(reader, &why);
	}
	leave(reader);
	return true;
}

static bool read_length(struct reader *reader, const json_t *object, struct study *study)
{
	struct error why = {.kind = ERROR_NONE};
	const json_t *value;
	struct text word;
	const char *key;
	bool done;

	if (object == NULL)
		return true;
	enter(reader, "length");
	if (!json_is_object(object) || json_object_size(object) == 0)
		return refuse_type(reader, _("an object with a number or more"));
	text_init(&word);
	done = true;
	json_object_foreach((json_t *)object, key, value) {
		enter(reader, key);
		if (!json_is_number(value))
			done = refuse_type(reader, _("a number"));
		else
			done = write_word(reader, value, &word) &&
			       (study_length(study, key, word.bytes, &why) ||
				refuse_word(reader, &why));
		if (!done)
			break;
		leave(reader);
	}
	text_done(&word);
	if (done)
		leave(reader);
	return done;
}

static bool read_rules(struct reader *reader, const json_t *value, struct study *study)
{
	char path[TRAINING_PATH];
	struct error why = {.kind = ERROR_NONE};

	if (value == NULL)
		return true;
	enter(reader, "rules");
	if (!json_is_string(value) || json_string_length(value) == 0)
		return refuse_type(reader, _("the path of a file"));
	if (!path_from(path, sizeof path, json_string_value(value), reader->folder, &why) ||
	    !study_rules(study, path, &why))
		return refuse_word(reader, &why);
	leave(reader);
	return true;
}

static bool check_keys(struct reader *reader, const json_t *object, const char *const *known);

static bool read_told(struct reader *reader, const json_t *object, struct study *study)
{
	static const char *const known[] = {"rules", "answers", "decisive", "length", NULL};

	if (object == NULL)
		return true;
	enter(reader, "wizard");
	if (!json_is_object(object) || json_object_size(object) == 0)
		return refuse_type(reader, _("an object"));
	if (!check_keys(reader, object, known) ||
	    !read_rules(reader, json_object_get(object, "rules"), study) ||
	    !read_answers(reader, json_object_get(object, "answers"), study) ||
	    !read_decisive(reader, json_object_get(object, "decisive"), study) ||
	    !read_length(reader, json_object_get(object, "length"), study))
		return false;
	leave(reader);
	return true;
}

/* ---- the whole ---- */

/* Refuses keys that are not in `known` (NULL-ended). */
static bool check_keys(struct reader *reader, const json_t *object, const char *const *known)
{
	const char *key;
	const json_t *value;
	struct error why;
	unsigned count = 0, k;

	while (known[count] != NULL)
		count++;
	json_object_foreach((json_t *)object, key, value) {
		for (k = 0; k < count && strcmp(known[k], key) != 0; k++)
			;
		enter(reader, key);
		if (k == count) {
			error_unknown(&why, _("key"), key, known, count);
			return refuse(reader, why.text);
		}
		if (strcmp(key, "parts") == 0 &&
		    (!json_is_array(value) || json_array_size(value) > 0))
			return refuse(reader, _("\"parts\" of a composition are not built yet"));
		leave(reader);
	}
	return true;
}

static bool read_ghost(struct reader *reader, const json_t *ghost, struct study *study)
{
	static const char *const known[] = {"kind", "strategy", "lr", "parameters", "training",
					    "parts", NULL};
	struct setting *setting = &study->ghost;
	const json_t *parameters;
	const char *kind;
	enum strategy_id id;
	bool done;

	study->ghost_kind = GHOST_OFF;
	if (ghost == NULL)
		return true;
	enter(reader, "ghost");
	if (!json_is_object(ghost))
		return refuse_type(reader, _("an object"));
	if (!check_keys(reader, ghost, known))
		return false;
	kind = json_string_value(json_object_get(ghost, "kind"));
	enter(reader, "kind");
	if (kind == NULL || (strcmp(kind, "before") != 0 && strcmp(kind, "pinned") != 0))
		return refuse(reader, _("\"kind\" of a ghost has to be \"before\" or \"pinned\""));
	leave(reader);
	study->ghost_kind = strcmp(kind, "before") == 0 ? GHOST_BEFORE : GHOST_PINNED;
	if (!read_strategy(reader, ghost, &id))
		return false;
	setting->schedule = schedule_of(id);
	setting->training = training_default();
	parameters = json_object_get(ghost, "parameters");
	done = read_lr(reader, ghost, &setting->schedule.lr);
	enter(reader, "parameters");
	done = done && (parameters == NULL ||
			read_parameters(reader, parameters, id,
					setting->schedule.node[0].values));
	leave(reader);
	if (strategy_peak(id) != NULL)
		schedule_set_peak(&setting->schedule, setting->schedule.lr.number);
	done = done && read_training(reader, json_object_get(ghost, "training"),
				     &setting->training);
	leave(reader);
	return done;
}

static bool read_touched(struct reader *reader, const json_t *value, struct study *study)
{
	const char *word = json_string_value(value);

	memset(study->touched, 0, sizeof study->touched);
	if (value == NULL)
		return true;
	enter(reader, "touched");
	if (word == NULL || strlen(word) >= sizeof study->touched ||
	    word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")])
		return refuse_type(reader, _("the name of a dial"));
	leave(reader);
	memcpy(study->touched, word, strlen(word));
	return true;
}

static bool check_version(struct reader *reader, const json_t *root)
{
	const json_t *value = json_object_get(root, "lrscope");
	struct error why;

	if (value == NULL) {
		enter(reader, "lrscope");
		return refuse(reader, _("this is not a saved study: \"lrscope\" is missing"));
	}
	enter(reader, "lrscope");
	if (!json_is_integer(value) || json_integer_value(value) < 1)
		return refuse_type(reader, _("a version number"));
	if (json_integer_value(value) > SAVED_VERSION) {
		error_request(&why, _("the study is of version %lld; this program reads up to %d"),
			      (long long)json_integer_value(value), SAVED_VERSION);
		return refuse(reader, why.text);
	}
	leave(reader);
	return true;
}

static bool read_root(struct reader *reader, const json_t *root, struct study *study)
{
	static const char *const known[] = {"lrscope", "strategy", "lr", "strategies", "training",
					    "ghost", "touched", "wizard", "parts", NULL};
	enum strategy_id id;

	if (!check_version(reader, root) || !check_keys(reader, root, known))
		return false;
	study_plain(study);
	if (!read_strategy(reader, root, &id) ||
	    !read_lr(reader, root, &study->now.schedule.lr) ||
	    !read_shelves(reader, json_object_get(root, "strategies"), study) ||
	    !read_training(reader, json_object_get(root, "training"), &study->now.training) ||
	    !read_ghost(reader, json_object_get(root, "ghost"), study) ||
	    !read_touched(reader, json_object_get(root, "touched"), study) ||
	    !read_told(reader, json_object_get(root, "wizard"), study))
		return false;
	study_settle(study, id);
	return true;
}

bool saved_read(struct study *study, const char *json, size_t length, const char *name,
		const char *folder, struct error *error)
{
	struct reader reader = {.json = json, .length = length, .name = name, .folder = folder,
				.error = error};
	struct study next;
	json_error_t where;
	const char *nul;
	struct json tree;
	int line, column;
	bool done;

	if (length > SAVED_BYTES)
		return error_file(error, _("%s: longer than %u bytes"), name, SAVED_BYTES);
	/* The library takes a NUL behind a number for the end of that token and reads on. */
	nul = memchr(json, '\0', length);
	if (nul != NULL) {
		place_at(json, (size_t)(nul - json), &line, &column);
		return error_file(error, _("%s: line %d, column %d: a NUL byte"), name, line, column);
	}
	json_read(&tree, json, length, &where);
	if (tree.no_memory)
		return error_memory(error);
	if (tree.root == NULL)
		return error_file(error, _("%s: line %d, column %d: %s"), name,
				  where.line > 0 ? where.line : 1, where.column > 0 ? where.column : 1,
				  where.text);
	if (json_is_object(tree.root))
		done = read_root(&reader, tree.root, &next);
	else
		done = refuse(&reader, _("a study is an object, { ... }"));
	json_done(&tree);
	if (done)
		memcpy(study, &next, sizeof *study);
	return done;
}
