/* Playing a lesson: the learner's own study waits while steps are shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/language.h"
#include "base/number.h"
#include "study/lesson.h"
#include "study/private.h"

/* ---- what is open ---- */

const struct study *lesson_own(const struct scope *scope, bool *changed)
{
	const struct lesson_play *play = scope->play;

	*changed = play != NULL ? play->own_changed : scope->changed;
	return play != NULL ? &play->own : &scope->study;
}

const struct lesson_step *lesson_step_now(const struct scope *scope)
{
	return scope->play != NULL ? &scope->play->lesson.steps[scope->play->step] : NULL;
}

bool lesson_asks(const struct scope *scope)
{
	const struct lesson_step *step = lesson_step_now(scope);

	return step != NULL && step->question[0] != '\0' && !scope->play->seen;
}

void lesson_close(struct scope *scope)
{
	if (scope->play == NULL)
		return;
	lesson_done(&scope->play->lesson);
	history_done(&scope->play->own_history);
	free(scope->play);
	scope->play = NULL;
}

/* ---- a step's state ---- */

/* What all commands up to step `last` make of the start settings. */
static bool study_of(const struct lesson *lesson, int last, struct study *study,
		     struct error *error)
{
	struct command command;

	study_init(study);
	for (int k = 0; k <= last; k++) {
		const struct lesson_step *step = &lesson->steps[k];

		for (int i = 0; i < step->command_count; i++) {
			if (!command_parse(&command, step->commands[i].text, error))
				return false;
			if (command_rows[command.id].room == ROOM_STUDY &&
			    !lesson_change(study, &command, error))
				return error_prefix(error, _("%s: line %d"), lesson->name,
						    step->commands[i].line);
		}
		/* The first turn of the learner's moves the ghost. */
		memset(study->touched, 0, sizeof study->touched);
	}
	return true;
}

/* Each step is looked at afresh; only what belongs to the terminal stays. */
static void look_afresh(struct viewpoint *viewpoint)
{
	struct viewpoint fresh;

	viewpoint_init(&fresh);
	fresh.presentation = viewpoint->presentation;
	fresh.prompting = viewpoint->prompting;
	memcpy(fresh.selected, viewpoint->selected, sizeof fresh.selected);
	memcpy(fresh.message, viewpoint->message, sizeof fresh.message);
	fresh.message_is_error = viewpoint->message_is_error;
	*viewpoint = fresh;
}

static bool look(struct scope *scope, const struct lesson *lesson, const struct lesson_step *step,
		 struct error *error)
{
	struct command command;

	for (int i = 0; i < step->command_count; i++) {
		if (!command_parse(&command, step->commands[i].text, error))
			return false;
		if (command_rows[command.id].room == ROOM_VIEWPOINT &&
		    !scope_look(scope, &command, error))
			return error_prefix(error, _("%s: line %d"), lesson->name,
					    step->commands[i].line);
	}
	return true;
}

/* Brings step `k` of `lesson` before the scope, whatever was done since. Refused: nothing changed. */
static bool show_step(struct scope *scope, const struct lesson *lesson, int k, struct error *error)
{
	const struct lesson_step *step = &lesson->steps[k];
	struct study next;

	if (!study_of(lesson, k, &next, error))
		return false;
	next.told = scope->study.told; /* which is about the person's own run */
	study_tidy(&next);
	if (!scope_take(scope, &next, false, error))
		return false;
	look_afresh(&scope->viewpoint);
	scope_unpin(scope);
	scope->viewpoint.selected[0] = '\0';
	scope_settle(scope);
	/* A lesson from a file was tried before, so that this is refused only where a data file has
	 * changed since: then the step is shown without it. */
	if (!look(scope, lesson, step, error)) {
		scope_say(scope, error->text);
		scope->viewpoint.message_is_error = true;
	}
	if (step->question[0] != '\0')
		scope->viewpoint.curtain = true;
	return true;
}

/* ---- files ---- */

static int find_shipped(const char *name)
{
	for (int k = 0; k < lesson_file_count; k++)
		if (strcmp(lesson_files[k].name, name) == 0)
			return k;
	return -1;
}

static bool is_file_name(const char *word)
{
	const char *end = strrchr(word, '.');

	return strchr(word, '/') != NULL || (end != NULL && strcmp(end, ".lesson") == 0);
}

bool lesson_open(struct lesson *lesson, const char *word, enum file_kinds kinds,
		 struct error *error)
{
	const char *known[64];
	struct text text;
	int k = find_shipped(word);
	bool done;

	memset(lesson, 0, sizeof *lesson);
	if (k >= 0)
		return lesson_read(lesson, lesson_files[k].text, strlen(lesson_files[k].text), word,
				   error);
	if (!is_file_name(word)) {
		for (k = 0; k < lesson_file_count && k < 64; k++)
			known[k] = lesson_files[k].name;
		return error_unknown(error, _("lesson"), word, known,
				     (unsigned)k);
	}
	text_init(&text);
	done = file_read_of(&text, word, LESSON_BYTES, kinds, error) &&
	       lesson_read(lesson, text.bytes, text.length, word, error);
	text_done(&text);
	if (done && !lesson_try(lesson, kinds, error)) {
		lesson_done(lesson);
		return false;
	}
	return done;
}

/* The study changes by all of them or by none. */
static bool try_ways(struct scope *scope, const struct lesson *lesson,
		     const struct lesson_step *step, struct error *error)
{
	struct study next = scope->study;
	struct command command;

	for (int i = 0; i < step->way_count; i++)
		if (!command_parse(&command, step->ways[i].text, error) ||
		    (command_rows[command.id].room == ROOM_STUDY &&
		     !lesson_change(&next, &command, error)))
			return error_prefix(error, _("%s: line %d"), lesson->name,
					    step->ways[i].line);
	if (!scope_take(scope, &next, true, error))
		return error_prefix(error, _("%s: line %d"), lesson->name,
				    step->ways[step->way_count - 1].line);
	for (int i = 0; i < step->way_count; i++)
		if (command_parse(&command, step->ways[i].text, error) &&
		    command_rows[command.id].room == ROOM_VIEWPOINT &&
		    !scope_look(scope, &command, error))
			return error_prefix(error, _("%s: line %d"), lesson->name,
					    step->ways[i].line);
	return true;
}

bool lesson_try(const struct lesson *lesson, enum file_kinds kinds, struct error *error)
{
	struct scope *scope = malloc(sizeof *scope);
	struct error why = {.kind = ERROR_NONE};
	bool done;

	if (scope == NULL)
		return error_memory(error);
	scope_init(scope);
	scope_files(scope, kinds);
	done = scope_start(scope, &why);
	for (int k = 0; done && k < lesson->count; k++)
		done = show_step(scope, lesson, k, &why) && why.kind == ERROR_NONE &&
		       try_ways(scope, lesson, &lesson->steps[k], &why);
	scope_done(scope);
	free(scope);
	if (!done && why.kind != ERROR_MEMORY)
		why.kind = ERROR_FILE;
	if (!done && error != NULL)
		*error = why;
	return done;
}

/* ---- open, go, leave ---- */

static bool go(struct scope *scope, int step, struct error *error)
{
	struct lesson_play *play = scope->play;

	if (!show_step(scope, &play->lesson, step, error))
		return false;
	history_done(&scope->history);
	scope->changed = false;
	play->step = step;
	play->seen = play->reached = false;
	return true;
}

/* The learner's own study steps aside. */
static bool set_aside(struct scope *scope, struct error *error)
{
	struct lesson_play *play = calloc(1, sizeof *play);

	if (play == NULL)
		return error_memory(error);
	play->own = scope->study;
	play->own_history = scope->history;
	play->own_viewpoint = scope->viewpoint;
	memcpy(play->own_path, scope->path, sizeof play->own_path);
	play->own_changed = scope->changed;
	history_init(&scope->history);
	memset(scope->path, 0, sizeof scope->path);
	scope->play = play;
	return true;
}

/* All of it comes back but the study. */
static void take_back(struct scope *scope)
{
	struct lesson_play *play = scope->play;

	history_done(&scope->history);
	scope->history = play->own_history;
	history_init(&play->own_history);
	memcpy(scope->path, play->own_path, sizeof scope->path);
	scope->changed = play->own_changed;
	lesson_close(scope);
}

static bool start(struct scope *scope, const char *word, struct error *error)
{
	struct lesson lesson, before;
	bool fresh = scope->play == NULL;

	if (!lesson_open(&lesson, word, scope->results.files, error))
		return false;
	if (fresh && !set_aside(scope, error)) {
		lesson_done(&lesson);
		return false;
	}
	before = scope->play->lesson;
	scope->play->lesson = lesson;
	if (go(scope, 0, error)) {
		lesson_done(&before);
		return true;
	}
	scope->play->lesson = before; /* empty, if none was open */
	lesson_done(&lesson);
	if (fresh)
		take_back(scope);
	return false;
}

static void view_of_own(struct scope *scope, const struct viewpoint *own)
{
	struct viewpoint *viewpoint = &scope->viewpoint, now = *viewpoint;

	*viewpoint = *own;
	viewpoint->presentation = now.presentation;
	viewpoint->prompting = now.prompting;
	viewpoint->candidates = NULL;
	viewpoint->playing = false;
	viewpoint->page = viewpoint->under = PAGE_MAIN;
	memset(&scope->fitted, 0, sizeof scope->fitted);
	scope_settle(scope);
}

static bool leave(struct scope *scope, struct error *error)
{
	struct study own = scope->play->own;
	struct viewpoint view = scope->play->own_viewpoint;

	if (!scope_take(scope, &own, false, error))
		return error_prefix(error, _("your study cannot be shown, but is kept"));
	take_back(scope);
	view_of_own(scope, &view);
	scope_say(scope, _("back in your study, as it was before the lesson"));
	return true;
}

/* The lesson's setting becomes one change of the learner's study. */
static bool keep(struct scope *scope, struct error *error)
{
	struct lesson_play *play = scope->play;

	if (!history_add(&play->own_history, &play->own, &scope->study, error))
		return false;
	take_back(scope);
	scope->viewpoint.page = scope->viewpoint.under = PAGE_MAIN;
	scope->viewpoint.curtain = false; /* the question goes with the lesson */
	scope->changed = true;
	scope_say(scope, _("the lesson's setting is now your study's; undo takes it back"));
	return true;
}

static bool solve(struct scope *scope, struct error *error)
{
	const struct lesson_step *step = lesson_step_now(scope);

	if (step->way_count == 0)
		return error_request(error, _("this step has no way to show"));
	if (!try_ways(scope, &scope->play->lesson, step, error))
		return false;
	scope->viewpoint.curtain = false;
	scope_say(scope, _("one way to do it; undo takes it back"));
	return true;
}

/* ---- next and back ---- */

static bool go_next(struct scope *scope, struct error *error)
{
	struct lesson_play *play = scope->play;

	if (lesson_asks(scope)) {
		scope->viewpoint.curtain = false;
		scope->viewpoint.playing = false;
		scope->viewpoint.playhead = -1;
		play->seen = true;
		return true;
	}
	if (play->step + 1 < play->lesson.count)
		return go(scope, play->step + 1, error);
	scope_say(scope, _("this was the last step; E leaves, :lesson keep takes the setting along"));
	return true;
}

static bool go_to(struct scope *scope, const char *word, struct error *error)
{
	int64_t number;

	if (!number_parse_integer(word, &number) || number < 1 ||
	    number > scope->play->lesson.count)
		return error_request(error, _("\"%s\" is not a step from 1 to %d"), word,
				     scope->play->lesson.count);
	return go(scope, (int)number - 1, error);
}

bool lesson_command(struct scope *scope, const struct command *command, struct error *error)
{
	static const char *const words[] = {"next", "previous", "leave", "keep", "solve"};
	const char *word = command->argument[0];
	int64_t number;
	int k = 0;

	while (k < 5 && strcmp(words[k], word) != 0)
		k++;
	if (k == 5 && !number_parse_integer(word, &number))
		return start(scope, word, error);
	if (scope->play == NULL)
		return error_request(error, _("no lesson is open; \"page lessons\" lists them"));
	switch (k) {
	case 0:
		return go_next(scope, error);
	case 1:
		if (scope->play->step == 0)
			scope_say(scope, _("this is the first step"));
		return go(scope, scope->play->step > 0 ? scope->play->step - 1 : 0, error);
	case 2:
		return leave(scope, error);
	case 3:
		return keep(scope, error);
	case 4:
		return solve(scope, error);
	default:
		return go_to(scope, word, error);
	}
}

/* ---- what has been reached ---- */

static bool holds(struct scope *scope, const struct lesson_goal *goal)
{
	double value = figure_value(scope, &goal->figure);

	if (goal->relation == '=')
		return value == goal->number;
	return goal->relation == '<' ? value < goal->number : value > goal->number;
}

void lesson_refresh(struct scope *scope)
{
	const struct lesson_step *step = lesson_step_now(scope);
	struct lesson_play *play = scope->play;

	if (step == NULL)
		return;
	if (!scope->viewpoint.curtain && scope->viewpoint.playhead < 0)
		play->seen = true;
	play->reached = step->goal_count > 0 && play->seen;
	for (int i = 0; play->reached && i < step->goal_count; i++)
		play->reached = holds(scope, &step->goals[i]);
}
