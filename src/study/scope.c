/* The scope: a study with its history, viewpoint and results; study commands. */
#include "study/scope.h"

#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "study/private.h"

void scope_init(struct scope *scope)
{
	memset(scope, 0, offsetof(struct scope, history));
	history_init(&scope->history);
	viewpoint_init(&scope->viewpoint);
	results_init(&scope->results);
	wizard_init(&scope->wizard);
	race_init(&scope->race);
}

void scope_files(struct scope *scope, enum file_kinds kinds)
{
	scope->results.files = scope->wizard.files = kinds;
}

void scope_done(struct scope *scope)
{
	lesson_close(scope);
	history_done(&scope->history);
	race_done(&scope->race);
	wizard_done(&scope->wizard);
	results_done(&scope->results);
}

bool scope_start(struct scope *scope, struct error *error)
{
	study_init(&scope->study);
	if (!results_follow(&scope->results, &scope->study, error))
		return false;
	scope_settle(scope);
	return true;
}

void scope_say(struct scope *scope, const char *text)
{
	snprintf(scope->viewpoint.message, sizeof scope->viewpoint.message, "%.*s",
		 (int)sizeof scope->viewpoint.message - 1, text);
	scope->viewpoint.message_is_error = false;
}

/* Another run: what is shown of it starts afresh. */
static void fresh_look(struct scope *scope)
{
	struct viewpoint *viewpoint = &scope->viewpoint;

	scope_unpin(scope);
	viewpoint->from = viewpoint->to = 0;
	viewpoint->cursor = -1;
	viewpoint->playhead = -1;
	viewpoint->playing = false;
}

static void say_race_ends(struct scope *scope, struct error *why)
{
	error_prefix(why, _("the race is over"));
	scope_say(scope, why->text);
}

void scope_go_back(struct scope *scope)
{
	struct error why;

	scope->behind = !results_follow(&scope->results, &scope->study, &why);
	if (scope->behind)
		results_lose(&scope->results, &why);
}

/* Takes over `next`: results first, since they may refuse (a data file that cannot be read). */
bool scope_take(struct scope *scope, const struct study *next, bool remember, struct error *error)
{
	bool other_data = memcmp(scope->study.now.training.data, next->now.training.data,
				 sizeof next->now.training.data) != 0;
	bool other_advice = memcmp(&scope->study.told, &next->told, sizeof next->told) != 0;
	struct error why;

	if (memcmp(&scope->study, next, sizeof *next) == 0)
		return true;
	if (!results_follow(&scope->results, next, error) ||
	    (remember && !history_add(&scope->history, &scope->study, next, error))) {
		results_reread(&scope->results, ""); /* as it was read */
		scope_go_back(scope);
		return false;
	}
	memcpy(&scope->study, next, sizeof *next);
	scope->changed = true;
	scope->behind = false;
	if (scope->wizard.there)
		wizard_follow(&scope->wizard, &scope->study);
	if (!race_follow(&scope->race, &scope->study, &scope->results.dataset, &why))
		say_race_ends(scope, &why);
	if (other_data)
		fresh_look(scope);
	if (other_advice && scope->viewpoint.page == PAGE_WIZARD)
		scope->viewpoint.scroll = 0; /* other reasons are read from their beginning */
	scope_settle(scope);
	return true;
}

/* The same where a person has named the data: a file is read again, for it may be another one by now. */
static bool take_named(struct scope *scope, const struct study *next, struct error *error)
{
	bool same = memcmp(&scope->study, next, sizeof *next) == 0, done;
	struct error why;

	results_reread(&scope->results, next->now.training.data);
	done = same ? results_follow(&scope->results, next, error)
		    : scope_take(scope, next, true, error);
	results_reread(&scope->results, "");
	if (same && !done)
		scope_go_back(scope);
	/* What was raced is the table as it was. */
	if (done && !shipped_find(next->now.training.data) &&
	    !race_renew(&scope->race, &scope->study, &scope->results.dataset, &why))
		say_race_ends(scope, &why);
	scope_settle(scope);
	return done;
}

bool scope_replace(struct scope *scope, const struct study *study, struct error *error)
{
	struct study next = *study;

	if (scope->play != NULL)
		return error_request(error, _("a lesson is open: leave it first (lesson leave)"));
	study_tidy(&next);
	if (!take_named(scope, &next, error))
		return false;
	fresh_look(scope);
	return true;
}

/* ---- what a change was, in a few words ---- */

static void write_value(const struct study *study, const struct dial *dial, struct text *text)
{
	size_t length = text->length;

	study_write_dial(study, dial, text);
	if (text->length == length)
		text_add(text, _("default"));
}

static void write_values(const struct study *before, const struct study *after,
			 const struct dial *dial, struct text *text)
{
	text_addf(text, "%s ", dial->parameter->name);
	write_value(before, dial, text);
	text_add(text, " -> ");
	write_value(after, dial, text);
}

/* "max_lr 0.2 -> 0.1", "strategy cosine -> onecycle", "data and 3 more". */
static void describe(const struct study *before, const struct study *after, struct text *text)
{
	enum strategy_id old = before->now.schedule.node[0].strategy;
	enum strategy_id new = after->now.schedule.node[0].strategy;
	struct dial dials[STUDY_DIALS];
	struct text left, right;
	unsigned count = study_dials(before, dials), k, found = 0;

	if (old != new) {
		text_addf(text, _("strategy %s -> %s"), strategy_name(old), strategy_name(new));
		return;
	}
	text_init(&left);
	text_init(&right);
	for (k = 0; k < count; k++) {
		text_clear(&left);
		text_clear(&right);
		study_write_dial(before, &dials[k], &left);
		study_write_dial(after, &dials[k], &right);
		if (strcmp(left.bytes, right.bytes) != 0 && found++ == 0)
			write_values(before, after, &dials[k], text);
	}
	text_done(&left);
	text_done(&right);
	if (found > 1)
		text_addf(text, _(" and %u more"), found - 1);
	if (found == 0 && memcmp(&before->told, &after->told, sizeof after->told) != 0)
		wizard_describe(before, after, text);
	else if (found == 0)
		text_add(text, memcmp(&before->ghost, &after->ghost, sizeof after->ghost) != 0 ||
					       before->ghost_kind != after->ghost_kind
				       ? _("the ghost")
				       : _("a default written out"));
}

static void say_change(struct scope *scope, const char *lead, const struct study *before)
{
	struct text text;

	text_init(&text);
	text_add(&text, lead);
	describe(before, &scope->study, &text);
	scope_say(scope, text.bytes);
	text_done(&text);
}

/* ---- undo and redo ---- */

static bool read_count(const struct command *command, int64_t most, int64_t *count,
		       struct error *error)
{
	*count = 1;
	if (command->count == 0)
		return true;
	if (number_parse_integer(command->argument[0], count) && *count >= 1 && *count <= most)
		return true;
	return error_request(error, _("\"%s\" is not a number from 1 to %lld"),
			     command->argument[0], (long long)most);
}

static bool travel(struct scope *scope, const struct command *command, struct error *error)
{
	bool back = command->id == COMMAND_UNDO;
	struct study next = scope->study, before = scope->study;
	int64_t count, done = 0;
	bool taken, skipped = false;

	if (!read_count(command, 1000000, &count, error))
		return false;
	while (done < count && (back ? history_undo(&scope->history, &next, error)
				     : history_redo(&scope->history, &next, error)))
		done++;
	if (done == 0)
		return false;
	/* Past states whose data cannot be opened: others lie behind them. */
	while (!(taken = scope_take(scope, &next, false, skipped ? NULL : error)) &&
	       (error == NULL || error->kind != ERROR_MEMORY) &&
	       (back ? history_undo(&scope->history, &next, NULL)
		     : history_redo(&scope->history, &next, NULL))) {
		skipped = true;
		done++;
	}
	if (!taken) {
		while (done-- > 0)
			back ? history_redo(&scope->history, &next, NULL)
			     : history_undo(&scope->history, &next, NULL);
		return false;
	}
	if (skipped)
		say_change(scope, back ? _("undone, past data that cannot be opened: ")
				       : _("done again, past data that cannot be opened: "), &before);
	else
		say_change(scope, back ? _("undone: ") : _("done again: "), &before);
	return true;
}

/* ---- turning dials ---- */

/* The number that a dial without one of its own stands at in the present run; NaN: not known. */
static double resolved(const struct scope *scope, const struct dial *dial)
{
	const struct lane *lane = &scope->results.now;
	bool bound = lane_has_run(lane);
	struct value value;

	if (dial->group == DIAL_SCHEDULE) {
		if (dial->index == UINT_MAX)
			return scope->study.now.schedule.lr.number;
		value = bound ? lane->scheduler.schedule.node[0].values[dial->index]
			      : schedule_value(&scope->study.now.schedule, dial->index);
		return value.how == VALUE_GIVEN ? value.number : NAN;
	}
	if (bound && dial->index == TRAINING_BATCH)
		return (double)lane->plan.batch;
	if (bound && dial->index == TRAINING_STEP_PER)
		return lane->plan.per_batch ? 1 : 0;
	if (bound && dial->index == TRAINING_WEIGHT_DECAY)
		return lane->plan.weight_decay;
	value = dial->parameter->standard;
	return value.how == VALUE_GIVEN ? value.number : 0;
}

double scope_resolved(const struct scope *scope, const struct dial *dial)
{
	struct value value = study_value(&scope->study, dial);

	return value.how == VALUE_GIVEN ? value.number : resolved(scope, dial);
}

const char *scope_word(const struct scope *scope, const struct dial *dial)
{
	const struct dataset *dataset = &scope->results.dataset;
	const char *name = dial->parameter->name;

	if (strcmp(name, "target") == 0 && dataset->columns != NULL)
		return dataset->columns[dataset->features];
	if (strcmp(name, "step_per") == 0 && lane_has_run(&scope->results.now))
		return step_per_names[scope->results.now.plan.per_batch];
	return strcmp(name, "init") == 0 ? "0" : "-";
}

static bool turn(struct scope *scope, struct study *next, const char *name, const char *steps,
		 const char *how, struct error *error)
{
	struct command_words words = {steps, how};
	struct dial dial;
	enum nudge nudge;
	int count;

	if (!command_nudge(&words, &count, &nudge, error) ||
	    !study_find(next, name, &dial, error))
		return false;
	if (!study_nudge_from(next, name, resolved(scope, &dial), count, nudge, error))
		return false;
	if (count != 0 && memcmp(&next->now, &scope->study.now, sizeof next->now) == 0) {
		char text[100];

		snprintf(text, sizeof text, _("%s goes no further this way"), dial.parameter->name);
		scope_say(scope, text);
	}
	return true;
}

/* ---- scenes ---- */

static bool act_look(void *context, const struct command *command, struct error *error)
{
	if (command_rows[command->id].room != ROOM_VIEWPOINT)
		return true;
	return scope_look(context, command, error);
}

static bool load_scene(struct scope *scope, const char *name, struct error *error)
{
	const char *known[64];
	struct study next;
	int k, index = scene_find(name);

	for (k = 0; k < scene_count && k < 64; k++)
		known[k] = scenes[k].name;
	if (index < 0)
		return error_unknown(error, _("scene"), name, known, (unsigned)k);
	if (!study_scene(&next, &scenes[index], error))
		return false;
	next.told = scope->study.told; /* which is about the person's own run */
	if (!scope_take(scope, &next, true, error))
		return false;
	fresh_look(scope);
	scope->viewpoint.loss_view = LOSS_EXCESS;
	scope->viewpoint.curtain = false;
	scope->viewpoint.page = PAGE_MAIN;
	scene_each(&scenes[index], act_look, scope, NULL); /* a test knows that all are accepted */
	scope_say(scope, scenes[index].title);
	return true;
}

/* ---- one way in ---- */

static bool change(struct scope *scope, const struct command *command, struct error *error)
{
	struct study next = scope->study;
	char *const *argument = command->argument;
	bool done, same;

	switch (command->id) {
	case COMMAND_UNDO:
	case COMMAND_REDO:
		return travel(scope, command, error);
	case COMMAND_SCENE:
		return load_scene(scope, argument[0], error);
	case COMMAND_TURN:
		done = turn(scope, &next, scope->viewpoint.selected, argument[0],
			    command->count > 1 ? argument[1] : NULL, error);
		break;
	case COMMAND_NUDGE:
		done = turn(scope, &next, argument[0], argument[1],
			    command->count > 2 ? argument[2] : NULL, error);
		break;
	case COMMAND_RESET:
		done = study_reset(&next, command->count > 0 ? argument[0]
							     : scope->viewpoint.selected, error);
		break;
	case COMMAND_ANSWER:
	case COMMAND_DECISIVE:
	case COMMAND_LENGTH:
	case COMMAND_RULES:
	case COMMAND_APPLY:
		if (!wizard_tell(scope, &next, command, error))
			return false;
		same = memcmp(&next, &scope->study, sizeof next) == 0;
		if (!scope_take(scope, &next, true, error))
			return false;
		wizard_news(scope, command, same);
		return true;
	default:
		done = study_command(&next, command->id, command->count, argument, error);
		if (done && command->id == COMMAND_SWAP &&
		    memcmp(&next.now, &scope->study.now, sizeof next.now) == 0)
			scope_say(scope, _("the ghost is the same setting"));
		if (done && command->id == COMMAND_GHOST && strcmp(argument[0], "before") == 0)
			scope_say(scope, _("the ghost follows the changes: the setting before the next"));
	}
	if (done && (command->id == COMMAND_DATA ||
		     (command->id == COMMAND_SET && strcmp(argument[0], "data") == 0)))
		return take_named(scope, &next, error);
	return done && scope_take(scope, &next, true, error);
}

bool scope_command(struct scope *scope, const struct command *command, struct error *error)
{
	bool had_message = scope->viewpoint.message[0] != '\0';

	switch (command_rows[command->id].room) {
	case ROOM_STUDY:
		scope_say(scope, "");
		return change(scope, command, error);
	case ROOM_VIEWPOINT:
		scope_say(scope, "");
		if (command->id == COMMAND_BACK && had_message)
			return true;
		if (command->id == COMMAND_LESSON)
			return lesson_command(scope, command, error);
		return scope_look(scope, command, error);
	default:
		return error_request(error, _("\"%s\" is a command of the program, not of the study"),
				     command_rows[command->id].name);
	}
}

/* ---- work ---- */

bool scope_busy(const struct scope *scope)
{
	return results_busy(&scope->results) || scope->race.state == RACE_RUNNING;
}

bool scope_work(struct scope *scope, int64_t budget)
{
	if (results_lanes_busy(&scope->results) || scope->race.state != RACE_RUNNING)
		results_work(&scope->results, budget);
	else
		race_work(&scope->race, budget);
	return scope_busy(scope);
}
