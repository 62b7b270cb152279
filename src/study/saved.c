/* Studies as JSON files: the writer, and files by name. The reader is in saved_read.c.
 *
 *   {"lrscope": 1, "strategy": "onecycle", "lr": 0.1,
 *    "strategies": {"step": {"step_size": 10}, ...},    what each one's dials were left at
 *    "training": {"batch": 16, ...},                    words that were given
 *    "ghost": {"kind": "before", "strategy": ..., "lr": ..., "parameters": {...}, "training": {...}},
 *    "touched": "lr",                                   the dial last changed
 *    "wizard": {"rules": "own.json", "answers": {"scale": "small"}, "decisive": ["scale"],
 *               "length": {"samples": 9600}}}           what the wizard was told */
#include "study/saved.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/language.h"
#include "study/private.h"

/* Bytes of a path as seen from another folder: "../" for each one above that. */
#define SEEN (2 * PATH_MAX)

/* ---- pieces of JSON ---- */

/* "\n<indent>" and the key; the comma before it unless it is the first. */
static void add_key(struct text *text, int indent, bool *first, const char *key)
{
	int k;

	text_add(text, *first ? "\n" : ",\n");
	*first = false;
	for (k = 0; k < indent; k++)
		text_add_char(text, '\t');
	text_add_json(text, key);
	text_add(text, ": ");
}

/* Closes an object whose keys stand at `indent`; an empty one stays "{}". */
static void add_close(struct text *text, int indent, bool empty)
{
	int k;

	if (!empty)
		text_add_char(text, '\n');
	for (k = 1; k < indent && !empty; k++)
		text_add_char(text, '\t');
	text_add_char(text, '}');
}

static void add_value(const struct parameter *parameter, struct value value, struct text *text)
{
	struct text word;

	text_init(&word);
	if (value.how == VALUE_NONE) {
		text_add(text, "null");
	} else if (value.how == VALUE_AUTO) {
		text_add_json(text, parameter == &training_parameters[TRAINING_BATCH] ? "full"
										      : "auto");
	} else if (parameter->type == PARAMETER_SWITCH) {
		text_add(text, value.number != 0 ? "true" : "false");
	} else if (parameter->type == PARAMETER_CHOICE) {
		parameter_write(parameter, value, &word);
		text_add_json(text, word.bytes);
	} else {
		text_add_number(text, value.number);
	}
	text->failed |= word.failed;
	text_done(&word);
}

static void add_list(const double *numbers, unsigned count, struct text *text)
{
	unsigned k;

	text_add_char(text, '[');
	for (k = 0; k < count; k++) {
		if (k > 0)
			text_add(text, ", ");
		text_add_number(text, numbers[k]);
	}
	text_add_char(text, ']');
}

/* ---- the parts of a study ---- */

/* A path as seen from the file's folder. */
static void add_path(const char *path, const char *folder, struct text *text)
{
	char relative[SEEN];

	if (folder != NULL && path_relative(relative, sizeof relative, path, folder, NULL))
		text_add_json(text, relative);
	else
		text_add_json(text, path);
}

static void add_data(const struct training *training, const char *folder, struct text *text)
{
	bool file = shipped_find(training->data) == NULL && strcmp(training->data, "-") != 0;

	add_path(training->data, file ? folder : NULL, text);
}

static void add_training(const struct training *training, const char *folder, int indent,
			 struct text *text)
{
	bool first = true;
	int k;

	text_add_char(text, '{');
	for (k = 0; k < TRAINING_COUNT; k++) {
		if (training->values[k].how == VALUE_UNSET)
			continue;
		add_key(text, indent, &first, training_parameters[k].name);
		if (k == TRAINING_DATA)
			add_data(training, folder, text);
		else if (k == TRAINING_TARGET)
			text_add_json(text, training->target);
		else if (k == TRAINING_BETAS)
			add_list(training->betas, 2, text);
		else if (k == TRAINING_INIT)
			add_list(training->init, training->init_count, text);
		else
			add_value(&training_parameters[k], training->values[k], text);
	}
	add_close(text, indent, first);
}

/* The parameters that were given, without the peak: "lr" has it once for all. */
static void add_parameters(enum strategy_id id, const struct value *values, int indent,
			   struct text *text)
{
	const struct parameter *rows;
	unsigned count = strategy_parameters(id, &rows), k;
	const char *peak = strategy_peak(id);
	bool first = true;

	text_add_char(text, '{');
	for (k = 0; k < count; k++) {
		if (values[k].how == VALUE_UNSET ||
		    (peak != NULL && strcmp(rows[k].name, peak) == 0))
			continue;
		add_key(text, indent, &first, rows[k].name);
		add_value(&rows[k], values[k], text);
	}
	add_close(text, indent, first);
}

static void add_shelves(const struct study *study, struct text *text)
{
	struct text one;
	bool first = true;
	int s;

	text_init(&one);
	text_add_char(text, '{');
	for (s = 0; s < STRATEGY_COUNT; s++) {
		text_clear(&one);
		add_parameters((enum strategy_id)s, study->shelf[s], 3, &one);
		text->failed |= one.failed;
		if (strcmp(one.bytes, "{}") == 0)
			continue;
		add_key(text, 2, &first, strategy_name((enum strategy_id)s));
		text_add(text, one.bytes);
	}
	add_close(text, 2, first);
	text_done(&one);
}

static void add_ghost(const struct study *study, const char *folder, struct text *text)
{
	const struct schedule *schedule = &study->ghost.schedule;
	enum strategy_id id = schedule->node[0].strategy;
	bool first = true;

	text_add_char(text, '{');
	add_key(text, 2, &first, "kind");
	text_add_json(text, study->ghost_kind == GHOST_PINNED ? "pinned" : "before");
	add_key(text, 2, &first, "strategy");
	text_add_json(text, strategy_name(id));
	add_key(text, 2, &first, "lr");
	text_add_number(text, schedule->lr.number);
	add_key(text, 2, &first, "parameters");
	add_parameters(id, schedule->node[0].values, 3, text);
	add_key(text, 2, &first, "training");
	add_training(&study->ghost.training, folder, 3, text);
	add_close(text, 2, first);
}

/* ---- the wizard ---- */

static void add_answers(const struct told *told, struct text *text)
{
	bool first = true;
	int k;

	text_add_char(text, '{');
	for (k = 0; k < told->count; k++) {
		add_key(text, 3, &first, told->answers[k].question);
		text_add_json(text, told->answers[k].option);
	}
	add_close(text, 3, first);
}

static void add_decisive(const struct told *told, struct text *text)
{
	const char *comma = "";
	int k;

	text_add_char(text, '[');
	for (k = 0; k < told->count; k++) {
		if (!told->answers[k].decisive)
			continue;
		text_add(text, comma);
		text_add_json(text, told->answers[k].question);
		comma = ", ";
	}
	text_add_char(text, ']');
}

static void add_length(const struct told *told, struct text *text)
{
	bool first = true;
	int k;

	text_add_char(text, '{');
	for (k = 0; k < LENGTH_COUNT; k++) {
		if (told->length[k] == 0)
			continue;
		add_key(text, 3, &first, length_names[k]);
		text_add_number(text, told->length[k]);
	}
	add_close(text, 3, first);
}

/* Only what there is. */
static void add_told(const struct told *told, const char *folder, struct text *text)
{
	bool first = true, decisive = false, length = false;
	int k;

	for (k = 0; k < told->count; k++)
		decisive |= told->answers[k].decisive;
	for (k = 0; k < LENGTH_COUNT; k++)
		length |= told->length[k] != 0;
	text_add_char(text, '{');
	if (told->rules[0] != '\0') {
		add_key(text, 2, &first, "rules");
		add_path(told->rules, folder, text);
	}
	if (told->count > 0) {
		add_key(text, 2, &first, "answers");
		add_answers(told, text);
	}
	if (decisive) {
		add_key(text, 2, &first, "decisive");
		add_decisive(told, text);
	}
	if (length) {
		add_key(text, 2, &first, "length");
		add_length(told, text);
	}
	add_close(text, 2, first);
}

void saved_write(const struct study *study, const char *folder, struct text *text)
{
	bool first = true;

	text_add_char(text, '{');
	add_key(text, 1, &first, "lrscope");
	text_add_number(text, SAVED_VERSION);
	add_key(text, 1, &first, "strategy");
	text_add_json(text, strategy_name(study->now.schedule.node[0].strategy));
	add_key(text, 1, &first, "lr");
	text_add_number(text, study->now.schedule.lr.number);
	add_key(text, 1, &first, "strategies");
	add_shelves(study, text);
	add_key(text, 1, &first, "training");
	add_training(&study->now.training, folder, 2, text);
	if (study->ghost_kind != GHOST_OFF) {
		add_key(text, 1, &first, "ghost");
		add_ghost(study, folder, text);
	}
	if (study->touched[0] != '\0') {
		add_key(text, 1, &first, "touched");
		text_add_json(text, study->touched);
	}
	if (!told_is_empty(&study->told)) {
		add_key(text, 1, &first, "wizard");
		add_told(&study->told, folder, text);
	}
	text_add(text, "\n}\n");
}

/* ---- files ---- */

bool saved_path(char *out, size_t size, const char *word, struct error *error)
{
	size_t length = strlen(word);
	bool ends = length >= 5 && strcmp(word + length - 5, ".json") == 0;
	char file[256];

	if (length == 0)
		return error_request(error, _("a file name is missing"));
	if (strchr(word, '/') != NULL || ends) {
		if (length >= size)
			return error_request(error, _("the file name is too long"));
		memcpy(out, word, length + 1);
		return true;
	}
	if (length + sizeof ".json" > sizeof file)
		return error_request(error, _("the file name is too long"));
	snprintf(file, sizeof file, "%s.json", word);
	if (!file_xdg(out, size, "XDG_DATA_HOME", ".local/share", file))
		return error_request(error, _("there is no data folder for \"%s\": neither "
					      "XDG_DATA_HOME nor HOME is usable; name a path"), word);
	return true;
}

/* The folder that paths in the study `path` are seen from: that of the file at the end of its links.
 * Standard input, a pipe or a device is in none: there it is the working one. */
static bool folder_of(char folder[PATH_MAX], const char *path, struct error *error)
{
	const char *slash;

	strcpy(folder, ".");
	if (file_is_stream(path))
		return true;
	if (!file_follow(folder, path) && snprintf(folder, PATH_MAX, "%s", path) >= PATH_MAX)
		return error_request(error, _("the file name is too long"));
	slash = strrchr(folder, '/');
	if (slash == NULL)
		strcpy(folder, ".");
	else
		folder[slash == folder ? 1 : slash - folder] = '\0';
	return true;
}

/* The program's own folder is made when it is needed; any other one has to be there. */
static bool make_own_folder(const char *folder, struct error *error)
{
	char own[2 * TRAINING_PATH];

	if (!file_xdg(own, sizeof own, "XDG_DATA_HOME", ".local/share", "x"))
		return true;
	own[strlen(own) - 2] = '\0'; /* without "/x" */
	return strcmp(own, folder) != 0 || file_make_folder(folder, error);
}

/* A path that the file cannot hold would not be found again. */
static bool check_path(const char *path, const char *folder, struct error *error)
{
	char relative[SEEN], shown[FILE_SHOWN];

	if (path[0] == '\0')
		return true;
	return path_relative(relative, sizeof relative, path, folder, error) &&
	       (text_is_utf8(relative) ||
		error_request(error, _("the path '%s' is not UTF-8, as a study has to be; give it "
				       "another name first"), file_shown(shown, path)));
}

/* Refused: what cannot be opened again from the file. */
static bool check_setting(const struct setting *setting, const char *folder, struct error *error)
{
	const struct training *training = &setting->training;

	if (strcmp(training->data, "-") == 0)
		return error_request(error, _("data from standard input cannot be opened again; "
					      "put it into a file first"));
	if (!text_is_utf8(training->target))
		return error_request(error, _("the target '%s' is not UTF-8, as a study has to be; "
					      "give the column another name first"),
				     training->target);
	return shipped_find(training->data) != NULL || check_path(training->data, folder, error);
}

bool saved_save(const struct study *study, const char *path, enum file_kinds kinds,
		struct error *error)
{
	char folder[PATH_MAX];
	struct text text;
	bool done;

	if (!folder_of(folder, path, error) || !check_setting(&study->now, folder, error) ||
	    (study->ghost_kind != GHOST_OFF && !check_setting(&study->ghost, folder, error)) ||
	    !check_path(study->told.rules, folder, error) || !make_own_folder(folder, error))
		return false;
	text_init(&text);
	saved_write(study, folder, &text);
	done = text.failed ? error_memory(error)
			   : file_write_of(path, text.bytes, text.length, kinds, error);
	text_done(&text);
	return done;
}

bool saved_open(struct study *study, const char *path, enum file_kinds kinds, struct error *error)
{
	const char *name = strcmp(path, "-") == 0 ? _("standard input") : path;
	char folder[PATH_MAX];
	struct text text;
	bool done;

	if (!folder_of(folder, path, error))
		return false;
	text_init(&text);
	done = file_read_of(&text, path, SAVED_BYTES, kinds, error) &&
	       saved_read(study, text.bytes, text.length, name, folder, error);
	text_done(&text);
	return done;
}
