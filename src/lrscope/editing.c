/* Prompts of the explorer: what readline edits becomes a command line. */
#include "lrscope/editing.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/language.h"
#include "base/number.h"
#include "study/lesson.h"
#include "study/saved.h"
#include "terminal/prompt.h"

/* ---- completion ---- */

static void add_file(struct candidates *candidates, const char *path, char quote)
{
	struct text typed;
	char safe[4200];

	text_init(&typed);
	if (strcmp(text_safe(safe, sizeof(safe), path, false), path) == 0 &&
	    text_add_typed(&typed, path, quote) && !typed.failed)
		candidates_add(candidates, typed.bytes);
	text_done(&typed);
}

/* File names that go on from `word`; folders end in '/'. */
static void complete_files(const char *word, char quote, struct candidates *candidates)
{
	char folder[1024], place[1024], path[2100];
	size_t head = strlen(word);
	struct dirent *entry;
	DIR *stream;

	while (head > 0 && word[head - 1] != '/')
		head--;
	if (head >= sizeof(folder))
		return;
	memcpy(folder, word, head);
	folder[head] = '\0';
	if (!file_home(place, sizeof(place), folder))
		return;
	stream = opendir(head > 0 ? place : ".");
	if (!stream)
		return;
	while ((entry = readdir(stream))) {
		struct stat status;
		bool is_folder;

		if (strncmp(entry->d_name, word + head, strlen(word + head)) != 0 ||
		    (entry->d_name[0] == '.' && word[head] != '.'))
			continue;
		is_folder = fstatat(dirfd(stream), entry->d_name, &status, 0) == 0 && S_ISDIR(status.st_mode);
		snprintf(path, sizeof(path), "%s%s", folder, entry->d_name);
		if (is_folder)
			strncat(path, "/", sizeof(path) - strlen(path) - 1);
		add_file(candidates, path, quote);
		if (is_folder)
			candidates->append = 0;
	}
	closedir(stream);
}

static void complete_command(void *context, const char *line, size_t start, size_t end,
			     struct candidates *candidates)
{
	struct editing *editing = context;
	char said[COMMAND_LINE];
	struct text_typed typed;
	int word_start = 0;
	bool files = false;
	char **words;

	(void)start;
	if (end >= sizeof(said))
		return;
	words = scope_complete(editing->scope, line, (int)end, &word_start, &files);
	for (int i = 0; words && words[i]; i++)
		candidates_add(candidates, words[i]);
	completion_free(words);
	if (files && text_typed(line, end, &typed, said))
		complete_files(said, typed.quote, candidates);
}

/* A dial's value completes as the second argument of `set`. It is taken as it stands, as in quotes. */
static void complete_value(void *context, const char *line, size_t start, size_t end,
			   struct candidates *candidates)
{
	struct editing *editing = context;
	char whole[COMMAND_LINE];
	int head = snprintf(whole, sizeof(whole), "set %s '", editing->dial);

	if (head < 0 || (size_t)head + end >= sizeof(whole))
		return;
	memcpy(whole + head, line, end);
	whole[(size_t)head + end] = '\0';
	complete_command(context, whole, start + (size_t)head, end + (size_t)head, candidates);
}

/* ---- opening ---- */

static bool open_prompt(struct editing *editing, struct scope *scope, const char *text,
			struct error *error)
{
	struct prompt_options options = {
		.lead = editing->lead,
		.initial = text,
		.complete = editing->dial[0] ? complete_value : complete_command,
		.breaks = editing->dial[0] ? "" : " \t;",
		.context = editing,
		.history = !editing->dial[0],
	};

	editing->scope = scope;
	return prompt_open(&options, error);
}

bool editing_prompt(struct editing *editing, struct scope *scope, const char *text,
		    struct error *error)
{
	editing->dial[0] = '\0';
	snprintf(editing->lead, sizeof(editing->lead), ":");
	return open_prompt(editing, scope, text, error);
}

static bool selected_dial(const struct scope *scope, struct dial *found)
{
	struct dial dials[STUDY_DIALS];
	unsigned count = study_dials(&scope->study, dials);

	for (unsigned i = 0; i < count; i++) {
		if (strcmp(dials[i].parameter->name, scope->viewpoint.selected) == 0) {
			*found = dials[i];
			return true;
		}
	}
	return false;
}

static bool is_list(const struct dial *dial)
{
	return dial->parameter->type == PARAMETER_CHOICE ||
	       dial->parameter->type == PARAMETER_SWITCH ||
	       strcmp(dial->parameter->name, "data") == 0;
}

#define LEAD_VALUE 32 /* columns of a value in a prompt's lead */

/* "total_steps (auto: 1560) = ": the value that stands, and auto where it could be had. */
static void lead_of(const struct scope *scope, const struct dial *dial, char *lead, size_t size)
{
	double number = scope_resolved(scope, dial);
	char digits[NUMBER_SIZE];
	struct text value;

	text_init(&value);
	study_write_dial(&scope->study, dial, &value);
	if (value.length == 0)
		text_add(&value, scope_word(scope, dial));
	if (dial->parameter->takes_auto && value.length > 0 && strcmp(value.bytes, "auto") != 0)
		text_add(&value, _("; or auto"));
	else if (dial->parameter->takes_auto && value.length > 0 && isfinite(number))
		text_addf(&value, ": %s", number_short(digits, number, 6, 9));
	bool long_one = text_width(value.bytes) > LEAD_VALUE; /* a list or a name: how it begins */
	snprintf(lead, size, "%s (%.*s%s) = ", dial->parameter->name,
		 (int)(long_one ? text_fit(value.bytes, LEAD_VALUE - 3) : value.length), value.bytes,
		 long_one ? "..." : "");
	text_done(&value);
}

bool editing_dial(struct editing *editing, struct scope *scope, const char *text,
		  struct error *error)
{
	struct dial dial;

	if (!selected_dial(scope, &dial))
		return error_request(error, _("no dial is selected"));
	if (is_list(&dial) && !text) {
		struct viewpoint *viewpoint = &scope->viewpoint;
		viewpoint->page = PAGE_CHOICES;
		viewpoint->under = PAGE_MAIN;
		viewpoint->scroll = 0;
		viewpoint->choice = scope_choice_now(scope);
		return true;
	}
	snprintf(editing->dial, sizeof(editing->dial), "%s", dial.parameter->name);
	lead_of(scope, &dial, editing->lead, sizeof(editing->lead));
	return open_prompt(editing, scope, text, error);
}

bool editing_line(struct editing *editing, char *line, size_t size)
{
	char value[COMMAND_LINE];
	const char *first = prompt_text() + strspn(prompt_text(), " ");
	struct text words;
	size_t length;
	bool fits;

	snprintf(editing->last, sizeof(editing->last), "%s", prompt_text());
	if (!editing->dial[0])
		return snprintf(line, size, "%s", prompt_text()) < (int)size;
	line[0] = '\0';
	if (strlen(first) >= sizeof(value))
		return false;
	strcpy(value, first);
	for (length = strlen(value); length > 0 && value[length - 1] == ' '; length--)
		value[length - 1] = '\0'; /* as completion leaves one */
	if (!value[0]) /* Enter on nothing keeps the value */
		return true;
	text_init(&words);
	text_addf(&words, "set %s ", editing->dial);
	text_add_word(&words, value);
	fits = !words.failed && words.length < size;
	if (fits)
		memcpy(line, words.bytes, words.length + 1);
	text_done(&words);
	return fits;
}

bool editing_again(struct editing *editing, struct scope *scope, struct error *error)
{
	return open_prompt(editing, scope, editing->last, error);
}

/* ---- lists ---- */

bool editing_choice(const struct scope *scope, char *line, size_t size)
{
	const struct viewpoint *viewpoint = &scope->viewpoint;
	struct dial dial;
	const char *word;

	if (viewpoint->page == PAGE_SCENES) {
		if (viewpoint->choice < 0 || viewpoint->choice >= scene_count)
			return false;
		return snprintf(line, size, "scene %s", scenes[viewpoint->choice].name) < (int)size;
	}
	if (viewpoint->page == PAGE_LESSONS) {
		if (viewpoint->choice < 0 || viewpoint->choice >= lesson_file_count)
			return false;
		return snprintf(line, size, "lesson %s",
				lesson_files[viewpoint->choice].name) < (int)size;
	}
	if (viewpoint->page != PAGE_CHOICES || !selected_dial(scope, &dial))
		return false;
	word = scope_choice(scope, viewpoint->choice);
	return word && snprintf(line, size, "set %s %s", dial.parameter->name, word) < (int)size;
}

/* ---- drawing and history ---- */

void editing_show(struct editing *editing, struct viewpoint *viewpoint, int columns)
{
	int count, column = 0;
	size_t from;

	viewpoint->prompting = prompt_is_open();
	if (!viewpoint->prompting)
		return;
	from = prompt_view(columns, &column);
	snprintf(viewpoint->prompt_lead, sizeof(viewpoint->prompt_lead), "%.*s",
		 (int)text_fit(prompt_lead(), sizeof(viewpoint->prompt_lead) / 4 - 1), prompt_lead());
	snprintf(viewpoint->prompt_text, sizeof(viewpoint->prompt_text), "%s",
		 prompt_text() + from);
	viewpoint->prompt_cursor = column;
	count = prompt_candidate_count();
	if (count >= (int)(sizeof(editing->candidates) / sizeof(editing->candidates[0])))
		count = (int)(sizeof(editing->candidates) / sizeof(editing->candidates[0])) - 1;
	for (int i = 0; i < count; i++)
		editing->candidates[i] = prompt_candidate(i);
	editing->candidates[count] = NULL;
	viewpoint->candidates = count > 0 ? editing->candidates : NULL;
}

static bool history_path(char *path, size_t size)
{
	return file_xdg(path, size, "XDG_STATE_HOME", ".local/state", "history");
}

bool editing_load_history(struct editing *editing, struct error *error)
{
	char path[TRAINING_PATH];

	if (editing->has_history)
		return true;
	editing->has_history = true;
	editing->bad_history = history_path(path, sizeof(path)) && !prompt_history_load(path, error);
	return !editing->bad_history;
}

bool editing_save_history(const struct editing *editing, struct error *error)
{
	char path[TRAINING_PATH];

	return editing->bad_history || !history_path(path, sizeof(path)) || prompt_history_save(path, error);
}
