/* Completion of a prompt line: what the word at the cursor can become. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "study/lesson.h"
#include "study/private.h"
#include "study/saved.h"

struct list {
	char **words;
	size_t count, room;
	const char *head; /* what candidates have to begin with */
	char quote;       /* that they are typed in, or 0 */
	bool failed;
};

static void add(struct list *list, const char *word)
{
	size_t length = strlen(list->head);
	struct text typed;
	char **words;

	if (list->failed || strncmp(word, list->head, length) != 0)
		return;
	if (list->count + 2 > list->room) {
		list->room = 2 * list->room + 16;
		words = realloc(list->words, list->room * sizeof *words);
		if (words == NULL) {
			list->failed = true;
			return;
		}
		list->words = words;
	}
	text_init(&typed);
	if (text_add_typed(&typed, word, list->quote)) {
		list->words[list->count] = typed.failed ? NULL : strdup(typed.bytes);
		if (list->words[list->count] == NULL)
			list->failed = true;
		else
			list->words[++list->count] = NULL;
	}
	text_done(&typed);
}

/* A word of somebody else's, where it can be typed. */
static void add_foreign(struct list *list, const char *word)
{
	char safe[256];

	if (strcmp(text_safe(safe, sizeof safe, word, false), word) == 0)
		add(list, word);
}

static void add_all(struct list *list, const char *const *words)
{
	for (; *words != NULL; words++)
		add(list, *words);
}

static void add_dials(struct list *list, const struct scope *scope)
{
	struct dial dials[STUDY_DIALS];
	unsigned count = study_dials(&scope->study, dials), k;

	for (k = 0; k < count; k++)
		add(list, dials[k].parameter->name);
}

static void add_strategies(struct list *list)
{
	int s;

	for (s = 0; s < STRATEGY_COUNT; s++)
		add(list, strategy_names()[s]);
}

static void add_scenes(struct list *list)
{
	int k;

	for (k = 0; k < scene_count; k++)
		add(list, scenes[k].name);
}

static void add_lessons(struct list *list, const struct scope *scope)
{
	static const char *const words[] = {"next", "previous", "solve", "keep", "leave", NULL};

	if (scope->play != NULL)
		add_all(list, words);
	for (int k = 0; k < lesson_file_count; k++)
		add(list, lesson_files[k].name);
}

/* Names that stand for files of the data folder. */
static void add_studies(struct list *list)
{
	char path[TRAINING_PATH], place[TRAINING_PATH], name[sizeof ((struct dirent *)0)->d_name];
	struct dirent *entry;
	char *slash, *end;
	DIR *folder;

	if (!saved_path(path, sizeof path, "last", NULL) || (slash = strrchr(path, '/')) == NULL)
		return;
	*slash = '\0';
	folder = opendir(path);
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		snprintf(name, sizeof name, "%s", entry->d_name);
		end = strrchr(name, '.');
		if (name[0] == '.' || end == NULL || strcmp(end, ".json") != 0)
			continue;
		*end = '\0';
		/* A name that is a path by itself means another file. */
		if (saved_path(place, sizeof place, name, NULL) && strcmp(place, name) != 0)
			add_foreign(list, name);
	}
	if (folder != NULL)
		closedir(folder);
}

static void add_columns(struct list *list, const struct scope *scope)
{
	const struct dataset *dataset = &scope->results.dataset;
	size_t k;

	if (dataset->columns == NULL)
		return;
	for (k = 0; k <= dataset->features; k++)
		add_foreign(list, dataset->columns[k]);
}

/* Values that a dial takes by name. */
static void add_values(struct list *list, const struct scope *scope, const char *name,
		       bool *files)
{
	struct dial dial;

	if (!study_find(&scope->study, name, &dial, NULL))
		return;
	if (dial.parameter->choices != NULL)
		add_all(list, dial.parameter->choices);
	if (dial.parameter->type == PARAMETER_SWITCH) {
		add(list, "true");
		add(list, "false");
	}
	if (dial.parameter->takes_auto)
		add(list, "auto");
	if (dial.parameter->takes_none)
		add(list, "None");
	if (strcmp(dial.parameter->name, "data") == 0) {
		add_all(list, shipped_names());
		*files = true;
	}
	if (strcmp(dial.parameter->name, "target") == 0)
		add_columns(list, scope);
	if (strcmp(dial.parameter->name, "batch") == 0)
		add(list, "full");
}

/* Questions, options of one (NULL: none) or strategies of the wizard's rules. */
static void add_rules(struct list *list, const struct scope *scope, enum command_id id,
		      const char *question)
{
	struct wizard wizard;
	int k, q;

	wizard_init(&wizard);
	wizard_follow(&wizard, &scope->study);
	q = question != NULL ? wizard_question(&wizard.advisor, question) : -1;
	if (id == COMMAND_APPLY || id == COMMAND_FAVOURITE)
		for (k = 0; k < wizard.advisor.strategy_count; k++)
			add(list, wizard.advisor.strategies[k]);
	else if (question == NULL)
		for (k = 0; k < wizard.advisor.question_count; k++) {
			add(list, wizard.advisor.questions[k].id);
			add_foreign(list, wizard.advisor.questions[k].label);
		}
	else if (q >= 0)
		for (k = 0; k < wizard.advisor.questions[q].option_count; k++)
			add(list, wizard.advisor.questions[q].options[k].id);
	wizard_done(&wizard);
}

static void add_asked(struct list *list, const struct scope *scope, enum command_id id)
{
	static const char *const turns[] = {"next", "previous", NULL};
	static const char *const ends[] = {"first", "last", NULL};

	add_rules(list, scope, id, NULL);
	if (id == COMMAND_ANSWER || id == COMMAND_QUESTION || id == COMMAND_FAVOURITE)
		add_all(list, turns);
	if (id == COMMAND_ANSWER)
		add(list, "unknown");
	if (id == COMMAND_QUESTION)
		add_all(list, ends);
	if (id == COMMAND_FAVOURITE)
		add(list, "first");
}

static void add_first(struct list *list, const struct scope *scope, enum command_id id,
		      bool *files)
{
	static const char *const ghosts[] = {"before", "pin", "off", NULL};
	static const char *const places[] = {"next", "previous", "first", "last", NULL};
	static const char *const zooms[] = {"in", "out", "all", NULL};
	static const char *const sides[] = {"left", "right", NULL};
	static const char *const views[] = {"excess", "batch", "validation", "next", NULL};
	static const char *const axes[] = {"rate", "loss", NULL};
	static const char *const switches[] = {"on", "off", "toggle", NULL};
	static const char *const shows[] = {"study", "reading", "verdict", "reach", "lesson",
					    NULL};

	switch (command_rows[id].completion) {
	case COMPLETE_DIAL:
		add_dials(list, scope);
		if (id == COMMAND_SELECT)
			add_all(list, places);
		if (id == COMMAND_SHOW)
			add_all(list, shows);
		if (id == COMMAND_RESET)
			add(list, "all");
		break;
	case COMPLETE_STRATEGY:
		add_strategies(list);
		break;
	case COMPLETE_DATA:
		add_all(list, shipped_names());
		*files = true;
		break;
	case COMPLETE_GHOST:
		add_all(list, ghosts);
		add_strategies(list);
		break;
	case COMPLETE_SCENE:
		add_scenes(list);
		break;
	case COMPLETE_ZOOM:
		add_all(list, zooms);
		break;
	case COMPLETE_PAN:
		add_all(list, sides);
		break;
	case COMPLETE_VIEW:
		add_all(list, views);
		break;
	case COMPLETE_AXIS:
		add_all(list, axes);
		break;
	case COMPLETE_SWITCH:
		add_all(list, switches);
		break;
	case COMPLETE_PAGE:
		add_all(list, page_words);
		break;
	case COMPLETE_QUESTION:
	case COMPLETE_ADVISED:
		add_asked(list, scope, id);
		break;
	case COMPLETE_LENGTH:
		add_all(list, length_names);
		break;
	case COMPLETE_LESSON:
		add_lessons(list, scope);
		*files = true;
		break;
	case COMPLETE_RACE:
		add(list, "stop");
		break;
	case COMPLETE_RULES:
		add(list, "default");
		*files = true;
		break;
	case COMPLETE_STUDY_FILE:
		add_studies(list);
		*files = true;
		break;
	case COMPLETE_FILE:
		*files = true;
		break;
	case COMPLETE_NOTHING:
		break;
	}
	if (id == COMMAND_CURSOR) {
		add(list, "start");
		add(list, "end");
		add(list, "off");
		add(list, "+epoch");
		add(list, "-epoch");
	}
}

static void add_later(struct list *list, const struct scope *scope, enum command_id id,
		      char *const *words, int index, bool *files)
{
	static const char *const sizes[] = {"fine", "coarse", NULL};
	static const char *const scales[] = {"linear", "log", "toggle", NULL};

	if (id == COMMAND_SET && index == 2)
		add_values(list, scope, words[1], files);
	else if ((id == COMMAND_NUDGE && index == 3) || (id == COMMAND_TURN && index == 2))
		add_all(list, sizes);
	else if (id == COMMAND_AXIS && index == 2)
		add_all(list, scales);
	else if (id == COMMAND_DATA && index == 2)
		add_columns(list, scope);
	else if (id == COMMAND_LENGTH && index == 2)
		add(list, "none");
	else if (id == COMMAND_ANSWER && index == 2) {
		add_rules(list, scope, id, words[1]);
		add(list, "unknown");
		add(list, "next");
		add(list, "previous");
	}
}

static int compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Sorted, each word once. */
static void sort(struct list *list)
{
	size_t k, kept = 0;

	qsort(list->words, list->count, sizeof *list->words, compare);
	for (k = 0; k < list->count; k++) {
		if (kept > 0 && strcmp(list->words[kept - 1], list->words[k]) == 0)
			free(list->words[k]);
		else
			list->words[kept++] = list->words[k];
	}
	list->words[kept] = NULL;
	list->count = kept;
}

/* The command that `cursor` is in begins after the last unquoted ';' before it. */
static int command_begin(const char *line, int cursor)
{
	int begin = 0;

	for (;;) {
		int end = begin + (int)text_command_length(line + begin);

		if (end >= cursor || line[end] != ';')
			return begin;
		begin = end + 1;
	}
}

static void collect(struct list *list, const struct scope *scope, const char *line, int begin,
		    int start, bool *files)
{
	char before[COMMAND_LINE], store[COMMAND_LINE], *words[COMMAND_WORDS + 1];
	int count, id, k;

	if (list->quote != '\0')
		start--; /* which is not closed */
	memcpy(before, line + begin, (size_t)(start - begin));
	before[start - begin] = '\0';
	count = text_words(before, store, words, COMMAND_WORDS + 1);
	if (count < 0)
		return;
	if (count == 0) {
		for (k = 0; k < COMMAND_COUNT; k++)
			add(list, command_rows[k].name);
		return;
	}
	id = command_find(words[0]);
	if (id < 0 || count > command_rows[id].most)
		return;
	if (count == 1)
		add_first(list, scope, (enum command_id)id, files);
	else
		add_later(list, scope, (enum command_id)id, words, count, files);
}

char **scope_complete(const struct scope *scope, const char *line, int cursor, int *start,
		      bool *files)
{
	struct list list = {.failed = false};
	struct text_typed typed;
	char head[COMMAND_LINE];
	int length = (int)strnlen(line, COMMAND_LINE), begin;
	bool whole;

	*files = false;
	cursor = cursor < 0 ? 0 : cursor > length ? length : cursor;
	*start = cursor;
	list.words = calloc(16, sizeof *list.words);
	list.room = 16;
	if (list.words == NULL || length >= COMMAND_LINE)
		return list.words;
	begin = command_begin(line, cursor);
	whole = text_typed(line + begin, (size_t)(cursor - begin), &typed, head);
	*start = begin + (int)typed.start;
	list.head = head;
	list.quote = typed.quote;
	if (whole)
		collect(&list, scope, line, begin, *start, files);
	sort(&list);
	return list.words;
}

void completion_free(char **candidates)
{
	char **at;

	if (candidates == NULL)
		return;
	for (at = candidates; *at != NULL; at++)
		free(*at);
	free(candidates);
}
