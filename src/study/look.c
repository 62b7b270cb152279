/* Viewpoint commands: how the study is looked at. */
#include <limits.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "study/lesson.h"
#include "study/private.h"

/* Fewest updates that zooming in goes to. */
#define ZOOM_LEAST 8

/* Length of the present run, 0 where there is none. */
static int64_t run_updates(const struct scope *scope)
{
	const struct lane *lane = &scope->results.now;

	return lane_has_run(lane) ? lane->plan.updates : 0;
}

static void shown(const struct scope *scope, int64_t *from, int64_t *to)
{
	*from = scope->viewpoint.from;
	*to = scope->viewpoint.to > 0 ? scope->viewpoint.to : run_updates(scope);
}

static int64_t clamped(int64_t number, int64_t low, int64_t high)
{
	return number < low ? low : number > high ? high : number;
}

static int word_index(const char *word, const char *const *known, int count)
{
	int k;

	for (k = 0; k < count; k++)
		if (strcmp(word, known[k]) == 0)
			return k;
	return -1;
}

/* After a change of the study: what the viewpoint names must still be there. */
void scope_settle(struct scope *scope)
{
	struct viewpoint *viewpoint = &scope->viewpoint;
	struct dial dials[STUDY_DIALS];
	unsigned count = study_dials(&scope->study, dials), k = 0;
	int64_t updates = run_updates(scope);

	while (k < count && strcmp(dials[k].parameter->name, viewpoint->selected) != 0)
		k++;
	if (k == count) {
		memset(viewpoint->selected, 0, sizeof viewpoint->selected);
		strncpy(viewpoint->selected, dials[0].parameter->name,
			sizeof viewpoint->selected - 1);
	}
	if (updates == 0)
		return;
	if (viewpoint->cursor > updates)
		viewpoint->cursor = updates;
	if (viewpoint->playhead > updates)
		viewpoint->playhead = -1;
	if (viewpoint->to > updates || viewpoint->from >= updates)
		viewpoint->from = viewpoint->to = 0;
}

/* ---- dial in hand ---- */

static bool look_select(struct scope *scope, const char *what, struct error *error)
{
	static const char *const words[] = {"next", "previous", "first", "last"};
	struct viewpoint *viewpoint = &scope->viewpoint;
	struct dial dials[STUDY_DIALS], dial;
	unsigned count = study_dials(&scope->study, dials), at = 0;
	const char *name;

	while (at + 1 < count && strcmp(dials[at].parameter->name, viewpoint->selected) != 0)
		at++;
	switch (word_index(what, words, 4)) {
	case 0:
		name = dials[at + 1 < count ? at + 1 : 0].parameter->name;
		break;
	case 1:
		name = dials[at > 0 ? at - 1 : count - 1].parameter->name;
		break;
	case 2:
		name = dials[0].parameter->name;
		break;
	case 3:
		name = dials[count - 1].parameter->name;
		break;
	default:
		if (!study_find(&scope->study, what, &dial, error))
			return false;
		name = dial.parameter->name;
	}
	memset(viewpoint->selected, 0, sizeof viewpoint->selected);
	strncpy(viewpoint->selected, name, sizeof viewpoint->selected - 1);
	return true;
}

/* ---- cursor, zoom, pan ---- */

/* Moves the part that is shown so that the cursor is in it. */
static void follow_cursor(struct scope *scope)
{
	struct viewpoint *viewpoint = &scope->viewpoint;
	int64_t span = viewpoint->to - viewpoint->from, updates = run_updates(scope);

	if (viewpoint->to == 0 || viewpoint->cursor < 0 ||
	    (viewpoint->cursor >= viewpoint->from && viewpoint->cursor <= viewpoint->to))
		return;
	viewpoint->from = clamped(viewpoint->cursor - span / 2, 0, updates - span);
	viewpoint->to = viewpoint->from + span;
}

static bool move_by_epoch(const struct scope *scope, int direction, int64_t *at)
{
	int64_t batches = scope->results.now.plan.batches;

	if (batches <= 0)
		return false;
	if (direction > 0)
		*at = (*at / batches + 1) * batches;
	else
		*at = (*at - 1) / batches * batches;
	return true;
}

static bool look_cursor(struct scope *scope, const char *what, struct error *error)
{
	struct viewpoint *viewpoint = &scope->viewpoint;
	int64_t updates = run_updates(scope), from, to, number, at;

	if (strcmp(what, "off") == 0) {
		viewpoint->cursor = -1;
		return true;
	}
	if (updates == 0)
		return error_request(error, _("there is no run to read"));
	shown(scope, &from, &to);
	at = viewpoint->cursor >= 0	? viewpoint->cursor
	     : viewpoint->playhead >= 0 ? viewpoint->playhead
					: to;
	if (strcmp(what, "start") == 0) {
		at = 0;
	} else if (strcmp(what, "end") == 0) {
		at = updates;
	} else if (strcmp(what, "+epoch") == 0 || strcmp(what, "-epoch") == 0) {
		move_by_epoch(scope, what[0] == '+' ? 1 : -1, &at);
	} else if (!number_parse_integer(what, &number)) {
		return error_request(error, _("\"%s\" is not an update; say a number, +N, -N, "
					      "+epoch, -epoch, start, end or off"), what);
	} else if (what[0] == '+' || what[0] == '-') {
		/* A hundredth of what is shown: near a column of the screen, at least an update. */
		int64_t unit = clamped((to - from) / 100, 1, INT64_MAX);

		at += clamped(number, -1000000, 1000000) * unit;
	} else if (number > updates) {
		return error_request(error, _("the run has updates 0 to %lld, not %lld"),
				     (long long)updates, (long long)number);
	} else {
		at = number;
	}
	viewpoint->cursor = clamped(at, 0, updates);
	follow_cursor(scope);
	return true;
}

static void show(struct scope *scope, int64_t middle, int64_t span)
{
	int64_t updates = run_updates(scope);

	if (span >= updates) {
		scope->viewpoint.from = scope->viewpoint.to = 0;
		return;
	}
	span = clamped(span, clamped(ZOOM_LEAST, 1, updates), updates);
	scope->viewpoint.from = clamped(middle - span / 2, 0, updates - span);
	scope->viewpoint.to = scope->viewpoint.from + span;
}

static bool zoom_range(struct scope *scope, const struct command *command, struct error *error)
{
	int64_t updates = run_updates(scope), from, to;

	if (!number_parse_integer(command->argument[0], &from) ||
	    !number_parse_integer(command->argument[1], &to))
		return error_request(error, _("zoom takes two update numbers"));
	if (from < 0 || to <= from || to > updates)
		return error_request(error, _("zoom FROM TO: 0 <= FROM < TO <= %lld"),
				     (long long)updates);
	scope->viewpoint.from = from;
	scope->viewpoint.to = from == 0 && to == updates ? 0 : to;
	return true;
}

static bool look_zoom(struct scope *scope, const struct command *command, struct error *error)
{
	static const char *const words[] = {"in", "out", "all"};
	const struct viewpoint *viewpoint = &scope->viewpoint;
	int64_t from, to, middle;

	if (command->count == 2)
		return zoom_range(scope, command, error);
	shown(scope, &from, &to);
	middle = from + (to - from) / 2;
	if (viewpoint->cursor >= from && viewpoint->cursor <= to)
		middle = viewpoint->cursor;
	switch (word_index(command->argument[0], words, 3)) {
	case 0:
		show(scope, middle, (to - from) / 2);
		return true;
	case 1:
		show(scope, middle, to - from > INT64_MAX / 2 ? INT64_MAX : (to - from) * 2);
		return true;
	case 2:
		scope->viewpoint.from = scope->viewpoint.to = 0;
		return true;
	default:
		return error_unknown(error, _("zoom"), command->argument[0], words, 3);
	}
}

static bool look_pan(struct scope *scope, const char *what, struct error *error)
{
	static const char *const words[] = {"left", "right"};
	int side = word_index(what, words, 2);
	int64_t from, to, updates = run_updates(scope), step;

	if (side < 0)
		return error_unknown(error, _("side"), what, words, 2);
	if (scope->viewpoint.to == 0 || updates == 0)
		return true;
	shown(scope, &from, &to);
	step = clamped((to - from) / 4, 1, INT64_MAX);
	from = clamped(side == 0 ? from - step : from + step, 0, updates - (to - from));
	scope->viewpoint.to += from - scope->viewpoint.from;
	scope->viewpoint.from = from;
	return true;
}

/* ---- panels ---- */

static bool look_view(struct viewpoint *viewpoint, const char *what, struct error *error)
{
	static const char *const words[] = {"excess", "batch", "validation", "next"};
	int view = word_index(what, words, 4);

	if (view < 0)
		return error_unknown(error, _("view"), what, words, 4);
	viewpoint->loss_view = view < 3 ? (enum loss_view)view
					: (enum loss_view)((viewpoint->loss_view + 1) % LOSS_VIEWS);
	return true;
}

static bool look_axis(struct viewpoint *viewpoint, char *const *argument, struct error *error)
{
	static const char *const axes[] = {"rate", "loss"};
	static const char *const words[] = {"linear", "log", "toggle"};
	int which = word_index(argument[0], axes, 2), how = word_index(argument[1], words, 3);
	struct axis *axis;

	if (which < 0)
		return error_unknown(error, _("axis"), argument[0], axes, 2);
	if (how < 0)
		return error_unknown(error, _("kind of axis"), argument[1], words, 3);
	axis = which == 0 ? &viewpoint->rate_axis : &viewpoint->loss_axis[viewpoint->loss_view];
	axis->log = how == 2 ? !axis->log : how == 1;
	axis->pinned = false;
	return true;
}

static bool look_switch(bool *state, const char *what, struct error *error)
{
	static const char *const words[] = {"off", "on", "toggle"};
	int how = word_index(what, words, 3);

	if (how < 0)
		return error_unknown(error, _("switch"), what, words, 3);
	*state = how == 2 ? !*state : how == 1;
	return true;
}

void scope_unpin(struct scope *scope)
{
	struct viewpoint *viewpoint = &scope->viewpoint;
	int view;

	memset(&scope->fitted, 0, sizeof scope->fitted);
	viewpoint->rate_axis.pinned = false;
	for (view = 0; view < LOSS_VIEWS; view++)
		viewpoint->loss_axis[view].pinned = false;
}

/* ---- playing ---- */

static bool look_play(struct scope *scope, const struct command *command, struct error *error)
{
	struct viewpoint *viewpoint = &scope->viewpoint;
	double speed;
	bool lifted;

	if (command->count > 0) {
		if (!number_parse(command->argument[0], &speed) || !(speed > 0) || speed > 1e12)
			return error_request(error, _("\"%s\" is not a speed; say updates a second, "
						      "above 0"), command->argument[0]);
		viewpoint->speed = speed;
	}
	if (run_updates(scope) == 0)
		return error_request(error, _("there is no run to play"));
	lifted = viewpoint->curtain;
	viewpoint->curtain = false;
	if (viewpoint->playing && command->count == 0 && !lifted) {
		viewpoint->playing = false;
		return true;
	}
	viewpoint->playing = true;
	if (viewpoint->playhead < 0 || viewpoint->playhead >= run_updates(scope)) {
		viewpoint->playhead = 0;
		viewpoint->played = 0;
	}
	return true;
}

static bool look_advance(struct scope *scope, const struct command *command, struct error *error)
{
	struct viewpoint *viewpoint = &scope->viewpoint;
	int64_t steps = 1, updates = run_updates(scope);

	if (command->count > 0 && (!number_parse_integer(command->argument[0], &steps) ||
				   steps < 1 || steps > 1000000000))
		return error_request(error, _("\"%s\" is not a number of updates, 1 and more"),
				     command->argument[0]);
	viewpoint->playing = false;
	viewpoint->playhead = (viewpoint->playhead < 0 ? 0 : viewpoint->playhead) + steps;
	if (viewpoint->playhead >= updates)
		viewpoint->playhead = -1;
	return true;
}

bool scope_tick(struct scope *scope, double seconds)
{
	struct viewpoint *viewpoint = &scope->viewpoint;
	int64_t updates = run_updates(scope), most = scope->results.now.record.updates;
	double speed = viewpoint->speed > 0 ? viewpoint->speed : (double)updates / 8;

	if (!viewpoint->playing)
		return false;
	if (updates == 0 || viewpoint->playhead < 0) {
		viewpoint->playing = false;
		return false;
	}
	/* Parts of an update are kept for the next tick. */
	viewpoint->played += seconds > 0 ? seconds * speed : 0;
	if (viewpoint->played > (double)updates)
		viewpoint->played = (double)updates;
	if (viewpoint->played >= 1) {
		int64_t whole = (int64_t)viewpoint->played;

		viewpoint->played -= (double)whole;
		viewpoint->playhead += whole;
	}
	if (scope->results.now.state == LANE_RUNNING && viewpoint->playhead > most)
		viewpoint->playhead = most; /* not computed yet */
	if (viewpoint->playhead >= (scope->results.now.state == LANE_DONE ? most : updates)) {
		viewpoint->playhead = -1;
		viewpoint->playing = false;
	}
	return viewpoint->playing;
}

/* ---- pages ---- */

const char *const page_words[PAGE_COUNT] = {
	[PAGE_MAIN] = "main", [PAGE_HELP] = "help", [PAGE_STRATEGY] = "strategy", [PAGE_CODE] = "code",
	[PAGE_SCENES] = "scenes", [PAGE_WIZARD] = "wizard", [PAGE_RACE] = "race",
	[PAGE_LESSONS] = "lessons", [PAGE_LESSON] = "lesson",
};

/* Opened on the wizard or on its race, a page leads back there, as do those that are opened on it. */
static void open_page(struct viewpoint *viewpoint, enum page page)
{
	bool from_wizard = viewpoint->page == PAGE_WIZARD || viewpoint->page == PAGE_RACE;

	if (page == viewpoint->page)
		return;
	if (from_wizard)
		viewpoint->under = viewpoint->page;
	else if (viewpoint->page == PAGE_MAIN)
		viewpoint->under = PAGE_MAIN;
	viewpoint->page = page;
	viewpoint->scroll = viewpoint->choice = 0;
}

void scope_show(struct scope *scope, const char *lines)
{
	scope->viewpoint.shown = lines;
	open_page(&scope->viewpoint, PAGE_SHOWN);
	scope->viewpoint.scroll = 0;
}

static bool look_page(struct scope *scope, const char *what, struct error *error)
{
	int page = word_index(what, page_words, PAGE_WORDS);

	if (page < 0)
		return error_unknown(error, _("page"), what, page_words, PAGE_WORDS);
	if (page == PAGE_LESSON && scope->play == NULL)
		return error_request(error, _("no lesson is open"));
	open_page(&scope->viewpoint, (enum page)page);
	if (page == PAGE_WIZARD) /* keys may come before it is drawn */
		wizard_follow(&scope->wizard, &scope->study);
	return true;
}

static bool look_race(struct scope *scope, const struct command *command, struct error *error)
{
	static const char *const words[] = {"stop"};

	if (command->count > 0 && strcmp(command->argument[0], "stop") != 0)
		return error_unknown(error, _("word of the race"), command->argument[0], words, 1);
	if (command->count > 0)
		race_stop(&scope->race);
	else if (!race_start(&scope->race, &scope->study, &scope->results.dataset, error))
		return false;
	open_page(&scope->viewpoint, PAGE_RACE);
	return true;
}

bool page_is_list(enum page page)
{
	return page == PAGE_SCENES || page == PAGE_LESSONS || page == PAGE_CHOICES;
}

/* Last row of the page that is open; pages of text end where the view says so. */
static int last_row(const struct scope *scope)
{
	int rows = 0;

	if (scope->viewpoint.page == PAGE_SCENES)
		return scene_count - 1;
	if (scope->viewpoint.page == PAGE_LESSONS)
		return lesson_file_count - 1;
	if (scope->viewpoint.page != PAGE_CHOICES)
		return 100000;
	while (scope_choice(scope, rows) != NULL)
		rows++;
	return rows > 0 ? rows - 1 : 0;
}

static bool look_scroll(struct scope *scope, const char *what, struct error *error)
{
	struct viewpoint *viewpoint = &scope->viewpoint;
	bool list = page_is_list(viewpoint->page);
	int *place = list ? &viewpoint->choice : &viewpoint->scroll;
	int64_t lines;

	if (!number_parse_integer(what, &lines) || lines < -100000 || lines > 100000)
		return error_request(error, _("\"%s\" is not a number of lines"), what);
	*place = (int)clamped(*place + lines, 0, last_row(scope));
	return true;
}

/* Closes what is open, one thing at a time. */
static void look_back(struct viewpoint *viewpoint)
{
	if (viewpoint->page != PAGE_MAIN) {
		viewpoint->page = viewpoint->page == PAGE_WIZARD ? PAGE_MAIN
				  : viewpoint->page == PAGE_RACE ? PAGE_WIZARD
								 : viewpoint->under;
		viewpoint->scroll = viewpoint->choice = 0;
	} else if (viewpoint->cursor >= 0) {
		viewpoint->cursor = -1;
	} else if (viewpoint->playhead >= 0) {
		viewpoint->playhead = -1;
		viewpoint->playing = false;
	} else {
		viewpoint->from = viewpoint->to = 0;
	}
}

bool scope_look(struct scope *scope, const struct command *command, struct error *error)
{
	struct viewpoint *viewpoint = &scope->viewpoint;
	char *const *argument = command->argument;

	switch (command->id) {
	case COMMAND_SELECT:
		return look_select(scope, argument[0], error);
	case COMMAND_CURSOR:
		return look_cursor(scope, argument[0], error);
	case COMMAND_ZOOM:
		return look_zoom(scope, command, error);
	case COMMAND_PAN:
		return look_pan(scope, argument[0], error);
	case COMMAND_VIEW:
		return look_view(viewpoint, argument[0], error);
	case COMMAND_AXIS:
		return look_axis(viewpoint, argument, error);
	case COMMAND_FIT:
		scope_unpin(scope);
		return true;
	case COMMAND_OVERLAY:
		return look_switch(&viewpoint->show_momentum, argument[0], error);
	case COMMAND_PLAY:
		return look_play(scope, command, error);
	case COMMAND_PAUSE:
		viewpoint->playing = false;
		return true;
	case COMMAND_ADVANCE:
		return look_advance(scope, command, error);
	case COMMAND_REWIND:
		viewpoint->playhead = 0;
		viewpoint->played = 0;
		viewpoint->playing = false;
		return true;
	case COMMAND_CURTAIN:
		return look_switch(&viewpoint->curtain, argument[0], error);
	case COMMAND_PRESENT:
		return look_switch(&viewpoint->presentation, argument[0], error);
	case COMMAND_PAGE:
		return look_page(scope, argument[0], error);
	case COMMAND_QUESTION:
	case COMMAND_FAVOURITE:
		return wizard_look(scope, command, error);
	case COMMAND_RACE:
		return look_race(scope, command, error);
	case COMMAND_SCROLL:
		return look_scroll(scope, argument[0], error);
	case COMMAND_BACK:
		look_back(viewpoint);
		return true;
	default:
		return error_request(error, _("\"%s\" does not change the view"),
				     command_rows[command->id].name);
	}
}
