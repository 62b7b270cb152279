/* The table of keys, and why one is off at the moment. */
#include <string.h>

#include "base/language.h"
#include "study/private.h"

const struct key_row key_rows[] = {
#define KEY(key, PAGE, command, label, weight, help)                                              \
	{key, KEYS_##PAGE, command, label, weight, help},
#include "study/keys.def"
#undef KEY
};
const int key_count = sizeof key_rows / sizeof *key_rows;

static const struct key_row *find_in(const char *key, enum key_page page)
{
	int k;

	for (k = 0; k < key_count; k++)
		if (key_rows[k].page == page && key_rows[k].key[0] == key[0] &&
		    strcmp(key_rows[k].key, key) == 0)
			return &key_rows[k];
	return NULL;
}

/* A page's own keys first, then those of all pages, then those of every screen. */
const struct key_row *key_find(const char *key, enum page page)
{
	const struct key_row *row = NULL;

	if (page == PAGE_WIZARD)
		row = find_in(key, KEYS_WIZARD);
	else if (page == PAGE_RACE)
		row = find_in(key, KEYS_RACE);
	if (row == NULL)
		row = find_in(key, page == PAGE_MAIN ? KEYS_MAIN : KEYS_PAGES);
	return row != NULL ? row : find_in(key, KEYS_ALL);
}

static bool begins(const char *command, const char *word)
{
	size_t length = strlen(word);

	return strncmp(command, word, length) == 0 &&
	       (command[length] == '\0' || command[length] == ' ');
}

static const char *turn_off(const struct scope *scope)
{
	struct dial dial;
	enum parameter_type type;

	if (!study_find(&scope->study, scope->viewpoint.selected, &dial, NULL))
		return _("no dial is in hand");
	type = dial.parameter->type;
	if ((type == PARAMETER_WORD || type == PARAMETER_LIST) &&
	    strcmp(dial.parameter->name, "data") != 0)
		return _("this dial is not turned; type its value");
	return NULL;
}

static const char *decisive_off(const struct scope *scope)
{
	int q = scope_question(scope);

	return q >= 0 && scope->wizard.answers.option[q] >= 0
		       ? NULL
		       : _("an answer has to be there before it can be decisive");
}

static const char *apply_off(const struct scope *scope)
{
	const char *name = scope_favourite_name(scope);
	enum strategy_id id;

	if (name == NULL)
		return _("there are no rules");
	if (!scope->wizard.advice.enough && scope->viewpoint.favourite[0] == '\0')
		return _("not enough to go on: answer a question, or choose a strategy with Tab");
	return strategy_find(name, &id, NULL)
		       ? NULL
		       : _("this is advice of the rules file alone: lrscope cannot draw it");
}

static const char *race_off(const struct scope *scope)
{
	if (scope->viewpoint.page != PAGE_RACE)
		return NULL;
	return scope->race.state == RACE_RUNNING ? _("the race is on")
	       : scope->race.state == RACE_DONE  ? _("the race is over")
						 : NULL;
}

const char *key_why_off(const struct scope *scope, const struct key_row *row)
{
	const struct viewpoint *viewpoint = &scope->viewpoint;
	const char *command = row->command;

	if (begins(command, "lesson") || strcmp(command, "page lesson") == 0)
		return scope->play != NULL ? NULL : _("no lesson is open");
	if (begins(command, "undo"))
		return scope->history.position > 0 ? NULL : _("nothing to undo");
	if (begins(command, "redo"))
		return scope->history.position < scope->history.count ? NULL
								      : _("nothing to do again");
	if (begins(command, "swap"))
		return scope->study.ghost_kind != GHOST_OFF ? NULL : _("there is no ghost");
	if (begins(command, "turn"))
		return turn_off(scope);
	if (begins(command, "play") || begins(command, "advance") || begins(command, "cursor") ||
	    begins(command, "rewind"))
		return lane_has_run(&scope->results.now) ? NULL : _("there is no run");
	if (begins(command, "pan") || strcmp(command, "zoom out") == 0 ||
	    strcmp(command, "zoom all") == 0)
		return viewpoint->to > 0 ? NULL : _("the whole run is shown");
	if (begins(command, "zoom"))
		return lane_has_run(&scope->results.now) ? NULL : _("there is no run");
	if (begins(command, "question") || begins(command, "answer") ||
	    begins(command, "favourite"))
		return scope_question(scope) >= 0 ? NULL : _("there are no rules");
	if (begins(command, "decisive"))
		return decisive_off(scope);
	if (begins(command, "apply"))
		return apply_off(scope);
	if (strcmp(command, "race stop") == 0)
		return scope->race.state == RACE_RUNNING ? NULL : _("no race is running");
	if (begins(command, "race"))
		return race_off(scope);
	if (begins(command, "edit") && row->page != KEYS_MAIN && viewpoint->page != PAGE_MAIN &&
	    viewpoint->page != PAGE_SCENES && viewpoint->page != PAGE_LESSONS &&
	    viewpoint->page != PAGE_CHOICES)
		return _("there is nothing to choose on this page");
	return NULL;
}
