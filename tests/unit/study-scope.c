/* The scope: commands, keys, completion, viewpoint, playing, axes, pages. */
#include "study-help.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- tables ---- */

static void tables_agree(void **state)
{
	struct command command;
	struct error error;
	int k, i;

	(void)state;
	for (k = 0; k < COMMAND_COUNT; k++) {
		const struct command_row *row = &command_rows[k];

		assert_int_equal(command_find(row->name), k);
		assert_true(row->least <= row->most && row->most < COMMAND_WORDS);
		assert_true(strlen(row->help) > 3);
		assert_true((row->most > 0) == (row->arguments[0] != '\0'));
	}
	for (k = 0; k < key_count; k++) {
		const struct key_row *row = &key_rows[k];

		if (!command_parse(&command, row->command, &error))
			fail_msg("key %s: %s", row->key, error.text);
		assert_true(strlen(row->help) > 1);
		for (i = 0; i < k; i++) /* no key twice on a page */
			assert_true(strcmp(row->key, key_rows[i].key) != 0 ||
				    (row->page != KEYS_ALL && key_rows[i].page != KEYS_ALL &&
				     row->page != key_rows[i].page));
	}
	assert_ptr_equal(key_find("q", PAGE_MAIN), key_find("q", PAGE_MAIN));
	assert_string_equal(key_find("q", PAGE_MAIN)->command, "quit");
	assert_string_equal(key_find("q", PAGE_HELP)->command, "back");
	assert_string_equal(key_find("?", PAGE_CODE)->command, "page help");
	assert_null(key_find("F9", PAGE_MAIN));
}

/* Every key whose command the study carries out can be pressed: done, or refused with a sentence,
 * which is what key_why_off says beforehand where it can. */
static void every_key_can_be_pressed(void **state)
{
	struct scope *scope = open_scope();
	struct command command;
	struct error error;
	enum page page;
	int k, round;

	(void)state;
	for (round = 0; round < 3; round++)
		for (page = PAGE_MAIN; page < PAGE_COUNT; page++)
			for (k = 0; k < key_count; k++) {
				const struct key_row *row = &key_rows[k];
				const char *why;
				bool done;

				assert_true(command_parse(&command, row->command, &error));
				if (command_rows[command.id].room == ROOM_PROGRAM)
					continue;
				scope->viewpoint.page = page;
				why = key_why_off(scope, row);
				done = scope_command(scope, &command, &error);
				if (!done && why == NULL)
					fail_msg("%s (%s): %s", row->key, row->command,
						 error.text);
				if (k % 9 == 0)
					finish(scope);
			}
	close_scope(scope);
}

static void parsing_refuses(void **state)
{
	struct command command;
	struct error error;
	char line[COMMAND_LINE + 10];

	(void)state;
	assert_true(command_parse(&command, " set  max_lr\t'0.1' # why", &error));
	assert_int_equal(command.count, 2);
	assert_string_equal(command.argument[1], "0.1");
	assert_false(command_parse(&command, "", &error));
	assert_int_equal(error.kind, ERROR_NONE);
	assert_false(command_parse(&command, "  # comment", &error));
	assert_int_equal(error.kind, ERROR_NONE);
	assert_false(command_parse(&command, "set a", &error));
	assert_int_equal(error.kind, ERROR_REQUEST);
	assert_false(command_parse(&command, "set 1 2 3 4 5 6 7 8 9 10 11", &error));
	assert_int_equal(error.kind, ERROR_REQUEST);
	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = '\0';
	assert_false(command_parse(&command, line, &error));
	assert_int_equal(error.kind, ERROR_REQUEST);
}

/* ---- completion ---- */

static void completes(const struct scope *scope, const char *line, const char *wanted)
{
	char got[4096] = "", **candidates;
	int start, k;
	bool files;

	candidates = scope_complete(scope, line, (int)strlen(line), &start, &files);
	assert_non_null(candidates);
	for (k = 0; candidates[k] != NULL; k++) {
		if (k > 0)
			assert_true(strcmp(candidates[k - 1], candidates[k]) < 0);
		assert_int_equal(strncmp(candidates[k], line + start, strlen(line) - (size_t)start), 0);
		strcat(got, candidates[k]);
		strcat(got, " ");
	}
	if (files)
		strcat(got, "FILES ");
	completion_free(candidates);
	if (strcmp(got, wanted) != 0)
		fail_msg("%s|: %s", line, got);
}

static void completion_knows_what_can_follow(void **state)
{
	struct scope *scope = open_scope();
	struct command command;
	char **candidates, line[128];
	bool files;
	int start, k;

	(void)state;
	setenv("XDG_DATA_HOME", "/dev/null", 1); /* nobody's own studies */
	completes(scope, "sc", "scene scroll ");
	completes(scope, "strategy c", "constant cosine cyclic ");
	completes(scope, "  strategy c", "constant cosine cyclic ");
	completes(scope, "set max_lr 1; ghost p", "pin plateau ");
	completes(scope, "ghost 'a;b'; set pct", "pct_start ");
	completes(scope, "set p", "pct_start ");
	completes(scope, "set anneal_strategy ", "cos linear ");
	completes(scope, "set three_phase ", "false true ");
	completes(scope, "set total_steps ", "None auto ");
	completes(scope, "set data c", "cars concrete FILES ");
	completes(scope, "set batch ", "full ");
	completes(scope, "set target a", "age_days ");
	completes(scope, "data concrete s", "slag strength_mpa superplasticizer ");
	completes(scope, "set optimizer ad", "adam adamw ");
	completes(scope, "reset a", "all anneal_strategy ");
	completes(scope, "select n", "nesterov next ");
	completes(scope, "axis ", "loss rate ");
	completes(scope, "axis loss ", "linear log toggle ");
	completes(scope, "nudge batch 1 ", "coarse fine ");
	completes(scope, "cursor ", "+epoch -epoch end off start ");
	completes(scope, "save ", "FILES ");
	completes(scope, "scene t", "t-max-double t-max-half ");
	completes(scope, "page s", "scenes strategy ");
	completes(scope, "nonsense ", "");
	completes(scope, "undo ", "");
	completes(scope, "set bogus ", "");
	/* Each candidate for a first word is a command, and what it takes can be completed. */
	candidates = scope_complete(scope, "", 0, &start, &files);
	for (k = 0; candidates[k] != NULL; k++) {
		assert_true(command_find(candidates[k]) >= 0);
		snprintf(line, sizeof line, "%s ", candidates[k]);
		completion_free(scope_complete(scope, line, (int)strlen(line), &start, &files));
	}
	assert_int_equal(k, COMMAND_COUNT);
	completion_free(candidates);
	/* Each dial is one that `set` knows. */
	candidates = scope_complete(scope, "set ", 4, &start, &files);
	for (k = 0; candidates[k] != NULL; k++) {
		snprintf(line, sizeof line, "select %s", candidates[k]);
		must(scope, line);
		assert_string_equal(scope->viewpoint.selected, candidates[k]);
		assert_true(command_parse(&command, line, NULL));
	}
	completion_free(candidates);
	completion_free(scope_complete(scope, "set", -5, &start, &files));
	completion_free(scope_complete(scope, "set", 500, &start, &files));
	close_scope(scope);
}

/* Studies in the data folder go by their names; what is no study, and what its name as it stands would
 * not open, is not among them. */
static void completion_knows_saved_studies(void **state)
{
	static const char *const names[] = {"demo.json", "dunes.json", "dark one.json", ".dot.json",
					    "double.json.json", "diary.txt"};
	char home[64], folder[80], path[200];
	struct scope *scope = open_scope();
	struct error error = {.kind = ERROR_NONE};
	size_t k;

	(void)state;
	snprintf(home, sizeof home, "scope-%ld", (long)getpid());
	snprintf(folder, sizeof folder, "%s/lrscope", home);
	assert_int_equal(mkdir(home, 0700), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_non_null(realpath(home, path));
	setenv("XDG_DATA_HOME", path, 1);
	for (k = 0; k < sizeof names / sizeof *names; k++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[k]);
		assert_true(file_write(path, "{}", 2, &error));
	}
	completes(scope, "open d", "dark\\ one demo dunes FILES ");
	completes(scope, "open dark\\ ", "dark\\ one FILES ");
	completes(scope, "open 'dark ", "dark one FILES ");
	completes(scope, "open \"da", "dark one FILES ");
	completes(scope, "set seed 3; open 'dar", "dark one FILES ");
	completes(scope, "open da'rk", ""); /* a quote in the middle */
	completes(scope, "open 'dark'", "");
	completes(scope, "save du", "dunes FILES ");
	completes(scope, "dump d", "FILES ");
	for (k = 0; k < sizeof names / sizeof *names; k++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[k]);
		remove(path);
	}
	rmdir(folder);
	rmdir(home);
	completes(scope, "open d", "FILES ");
	close_scope(scope);
}

/* ---- dials and choices ---- */

static void selection_walks_and_survives(void **state)
{
	struct scope *scope = open_scope();
	struct viewpoint *viewpoint = &scope->viewpoint;

	(void)state;
	assert_string_equal(viewpoint->selected, "max_lr");
	must(scope, "select previous");
	must(scope, "select next");
	assert_string_equal(viewpoint->selected, "max_lr");
	must(scope, "select next");
	assert_string_equal(viewpoint->selected, "total_steps");
	must(scope, "strategy step");
	assert_string_equal(viewpoint->selected, "lr");
	must(scope, "select max_lr"); /* the peak's other name */
	assert_string_equal(viewpoint->selected, "lr");
	must(scope, "select batch");
	must(scope, "strategy cosine");
	assert_string_equal(viewpoint->selected, "batch");
	must(scope, "turn 1");
	assert_string_not_equal(dial_text(scope, "batch"), "16");
	must(scope, "reset");
	assert_dial(scope, "batch", "16");
	must(scope, "set lr 1");
	must(scope, "turn 1"); /* a key that does nothing says so */
	assert_string_equal(viewpoint->message, "");
	must(scope, "select lr");
	must(scope, "turn 1");
	assert_string_equal(viewpoint->message, "lr goes no further this way");
	must(scope, "turn -1");
	assert_string_equal(viewpoint->message, "");
	must(scope, "ghost before");
	assert_non_null(strstr(viewpoint->message, "follows the changes"));
	must_not(scope, "select bacth", "nearest: batch");
	close_scope(scope);
}

static void choices_are_listed(void **state)
{
	struct scope *scope = open_scope();
	char line[64];
	int k;

	(void)state;
	must(scope, "select data");
	assert_int_equal(scope_choice_now(scope), 0);
	for (k = 0; scope_choice(scope, k) != NULL; k++) {
		snprintf(line, sizeof line, "set data %s", scope_choice(scope, k));
		must(scope, line);
		assert_int_equal(scope_choice_now(scope), k);
	}
	assert_int_equal(k, shipped_count);
	must(scope, "select three_phase"); /* as its dial says it */
	assert_string_equal(scope_choice(scope, 0), "no");
	assert_int_equal(scope_choice_now(scope), 0);
	must(scope, "set three_phase yes");
	assert_int_equal(scope_choice_now(scope), 1);
	assert_null(scope_choice(scope, 2));
	must(scope, "select optimizer");
	assert_string_equal(scope_choice(scope, 2), "adamw");
	must(scope, "set optimizer adamw");
	assert_int_equal(scope_choice_now(scope), 2);
	must(scope, "select batch");
	assert_null(scope_choice(scope, 0));
	assert_null(scope_choice(scope, -1));
	scope->viewpoint.page = PAGE_SCENES;
	must(scope, "scroll 1000");
	assert_int_equal(scope->viewpoint.choice, scene_count - 1);
	must(scope, "scroll -1000");
	assert_int_equal(scope->viewpoint.choice, 0);
	close_scope(scope);
}

/* ---- data files that change ---- */

static double excess_of(struct scope *scope, const char *line)
{
	must(scope, line);
	finish(scope);
	return scope->reading.excess;
}

static void a_named_file_is_read_again(void **state)
{
	static const char one[] = "a,y\n1,2\n2,4.5\n3,5\n4,9\n5,9\n6,14\n";
	static const char other[] = "a,y\n1,7\n2,4\n3,6\n4,8\n5,1\n6,12.5\n";
	static const char wide[] = "a,b,y\n1,7,3\n2,4,1\n3,6,4\n4,8,1\n5,1,5\n6,12.5,9\n7,1,2\n";
	struct scope *scope = open_scope();
	struct error error = {.kind = ERROR_NONE};
	char path[64], name[64], line[100];
	double first;

	(void)state;
	snprintf(path, sizeof path, "scope-%ld.csv", (long)getpid());
	snprintf(name, sizeof name, "./scope-%ld.csv", (long)getpid());
	assert_true(file_write(path, one, sizeof one - 1, &error));
	snprintf(line, sizeof line, "data %s", name);
	first = excess_of(scope, line);
	assert_true(file_write(path, other, sizeof other - 1, &error));
	assert_same(excess_of(scope, "set seed 1"), first);
	assert_true(excess_of(scope, line) != first);
	assert_true(file_write(path, one, sizeof one - 1, &error));
	must(scope, "data cars"); /* the other one is the ghost's now */
	assert_same(excess_of(scope, line), first);
	snprintf(line, sizeof line, "set data %s", name);
	assert_true(file_write(path, other, sizeof other - 1, &error));
	assert_true(excess_of(scope, line) != first);
	/* What is refused changes nothing, also where the file has other columns by now. */
	first = scope->reading.excess;
	assert_true(file_write(path, wide, sizeof wide - 1, &error));
	snprintf(line, sizeof line, "data %s nosuch", name);
	must_not(scope, line, "nosuch");
	finish(scope);
	assert_same(scope->reading.excess, first);
	assert_int_equal(scope->results.dataset.features, 1);
	assert_false(isnan(scope->results.reach[STRATEGY_STEP].median));
	/* A run that the table had refused is tried again with the next one. */
	snprintf(line, sizeof line, "data %s a", name);
	must(scope, line);
	must(scope, "set init 0,0,0");
	assert_true(file_write(path, one, sizeof one - 1, &error));
	must(scope, line);
	assert_int_equal(scope->results.now.state, LANE_REFUSED);
	assert_true(file_write(path, wide, sizeof wide - 1, &error));
	must(scope, line);
	finish(scope);
	assert_int_equal(scope->results.now.state, LANE_DONE);
	/* Gone: it stays as it was read. What is behind it can be undone all the same. */
	assert_int_equal(remove(path), 0);
	must_not(scope, line, "cannot open");
	finish(scope);
	assert_int_equal(scope->results.now.state, LANE_DONE);
	must(scope, "data cars");
	must(scope, "data trees");
	must(scope, "undo");
	assert_string_equal(scope->study.now.training.data, "concrete");
	assert_non_null(strstr(scope->viewpoint.message, "past data that cannot be opened"));
	must(scope, "redo");
	assert_string_equal(scope->study.now.training.data, "trees");
	close_scope(scope);
}

/* Nor is what was worked out from the old table kept: the strip's figures, a race. */
static void nothing_is_kept_of_the_old_file(void **state)
{
	static const char one[] = "a,y\n1,2\n2,4.5\n3,5\n4,9\n5,9\n6,14\n";
	static const char other[] = "a,y\n1,7\n2,4\n3,6\n4,8\n5,1\n6,12.5\n";
	struct scope *scope = open_scope(), *fresh = open_scope();
	struct error error = {.kind = ERROR_NONE};
	char path[64], line[80];
	double old[STRATEGY_COUNT];
	int s;

	(void)state;
	snprintf(path, sizeof path, "./scope-%ld.csv", (long)getpid());
	snprintf(line, sizeof line, "data %s", path);
	assert_true(file_write(path, one, sizeof one - 1, &error));
	must(scope, "ghost off");
	must(scope, "set epochs 5");
	must(scope, line);
	finish(scope);
	for (s = 0; s < STRATEGY_COUNT; s++)
		old[s] = scope->results.reach[s].median;
	must(scope, "race");
	while (race_work(&scope->race, 100000))
		;
	assert_int_equal(scope->race.state, RACE_DONE);
	assert_true(file_write(path, other, sizeof other - 1, &error));
	must(scope, line);
	finish(scope);
	assert_int_equal(scope->race.state, RACE_NONE);
	must(fresh, "ghost off");
	must(fresh, "set epochs 5");
	must(fresh, line);
	finish(fresh);
	for (s = 0; s < STRATEGY_COUNT; s++) {
		assert_same(scope->results.reach[s].median, fresh->results.reach[s].median);
		assert_true(scope->results.reach[s].median != old[s]);
	}
	assert_int_equal(remove(path), 0);
	close_scope(scope);
	close_scope(fresh);
}

/* ---- cursor, zoom, playing ---- */

static void the_cursor_moves(void **state)
{
	struct scope *scope = open_scope();
	struct viewpoint *viewpoint = &scope->viewpoint;

	(void)state;
	finish(scope);
	assert_int_equal(scope->reading.update, 1560);
	must(scope, "cursor -1");
	assert_int_equal(viewpoint->cursor, 1560 - 15); /* a hundredth of the run */
	must(scope, "cursor 468");
	finish(scope);
	assert_true(scope->has_reading && scope->has_ghost_reading);
	assert_int_equal(scope->reading.epoch, 9);
	assert_true(fabs(scope->reading.rate.lr - 0.1) < 1e-6);
	assert_true(fabs(scope->reading.limit_share - 0.28) < 0.001);
	must(scope, "cursor +epoch");
	assert_int_equal(viewpoint->cursor, 520);
	must(scope, "cursor -epoch");
	assert_int_equal(viewpoint->cursor, 468);
	must(scope, "cursor 470");
	must(scope, "cursor -epoch");
	assert_int_equal(viewpoint->cursor, 468);
	must(scope, "cursor end");
	must(scope, "cursor +5");
	assert_int_equal(viewpoint->cursor, 1560);
	must(scope, "cursor start");
	must(scope, "cursor -9");
	assert_int_equal(viewpoint->cursor, 0);
	must(scope, "zoom 500 560");
	must(scope, "cursor 530");
	must(scope, "cursor +1");
	assert_int_equal(viewpoint->cursor, 531);
	must(scope, "cursor 700"); /* out of sight: the window follows */
	assert_true(viewpoint->from <= 700 && viewpoint->to >= 700);
	assert_int_equal(viewpoint->to - viewpoint->from, 60);
	must_not(scope, "cursor 1561", "0 to 1560");
	must_not(scope, "cursor there", "there");
	must(scope, "advance 1000");
	must(scope, "set epochs 2");
	assert_int_equal(viewpoint->cursor, 104);
	assert_int_equal(viewpoint->playhead, -1); /* beyond the end: all is shown */
	assert_int_equal(viewpoint->to, 0);
	must(scope, "back");
	assert_int_equal(viewpoint->cursor, -1);
	close_scope(scope);
}

static void zooming_stays_inside(void **state)
{
	struct scope *scope = open_scope();
	struct viewpoint *viewpoint = &scope->viewpoint;
	int k;

	(void)state;
	must(scope, "cursor 100");
	for (k = 0; k < 20; k++) {
		must(scope, "zoom in");
		assert_true(viewpoint->from >= 0 && viewpoint->to <= 1560);
		assert_true(viewpoint->from <= 100 && viewpoint->to >= 100);
	}
	assert_int_equal(viewpoint->to - viewpoint->from, 8);
	for (k = 0; k < 300; k++)
		must(scope, k % 100 < 70 ? "pan right" : "pan left");
	assert_true(viewpoint->from >= 0 && viewpoint->to <= 1560);
	for (k = 0; k < 20; k++)
		must(scope, "zoom out");
	assert_int_equal(viewpoint->to, 0);
	must(scope, "zoom 0 1560");
	assert_int_equal(viewpoint->to, 0);
	must_not(scope, "zoom 5 5", "FROM < TO");
	must_not(scope, "zoom 0 1561", "1560");
	must_not(scope, "zoom -1 5", "FROM");
	must_not(scope, "zoom inn", "nearest: in");
	must_not(scope, "pan up", "left");
	close_scope(scope);
}

static void playing_takes_eight_seconds(void **state)
{
	struct scope *scope = open_scope();
	struct viewpoint *viewpoint = &scope->viewpoint;
	int k;

	(void)state;
	finish(scope);
	assert_false(isnan(scope->ghost_reading.excess));
	must(scope, "curtain on");
	finish(scope);
	assert_true(isnan(scope->reading.excess));
	assert_true(scope->has_ghost_reading && isnan(scope->ghost_reading.excess));
	assert_non_null(strstr(scope->verdict.text, "curtain"));
	must(scope, "play");
	assert_false(viewpoint->curtain);
	must(scope, "curtain on"); /* let down while it plays: lifted, and the run goes on */
	assert_true(viewpoint->playing);
	must(scope, "play");
	assert_true(viewpoint->playing && !viewpoint->curtain);
	assert_true(viewpoint->playing);
	scope_refresh(scope);
	assert_int_equal(scope->verdict.level, VERDICT_OPEN);
	assert_string_equal(scope->verdict.text, "the run is on its way");
	must(scope, "play");
	assert_true(scope_tick(scope, 0) == false);
	scope_refresh(scope);
	assert_string_equal(scope->verdict.text, "paused at step 0: Space goes on, Esc ends it");
	must(scope, "play");
	for (k = 1; k < 240; k++) { /* 30 frames a second */
		assert_true(scope_tick(scope, 1 / 30.0));
		assert_true(llabs(viewpoint->playhead - 1560 * k / 240) <= 1);
	}
	scope_refresh(scope);
	assert_int_equal(scope->reading.update, viewpoint->playhead);
	scope_tick(scope, 1 / 30.0);
	assert_false(scope_tick(scope, 1 / 30.0));
	assert_false(viewpoint->playing);
	assert_int_equal(viewpoint->playhead, -1);
	scope_refresh(scope);
	assert_non_null(strstr(scope->verdict.text, "rate falls to 0"));
	must(scope, "play 10");
	scope_tick(scope, 1);
	assert_int_equal(viewpoint->playhead, 10);
	must(scope, "play"); /* again: pause */
	assert_false(scope_tick(scope, 1));
	must(scope, "advance");
	assert_int_equal(viewpoint->playhead, 11);
	must(scope, "cursor 50"); /* what is not shown yet is not read either */
	scope_refresh(scope);
	assert_true(scope->has_reading && isnan(scope->reading.excess));
	must(scope, "rewind");
	assert_int_equal(viewpoint->playhead, 0);
	must(scope, "advance 5000");
	assert_int_equal(viewpoint->playhead, -1);
	must_not(scope, "play 0", "0");
	must_not(scope, "play fast", "fast");
	must_not(scope, "advance 0", "0");
	close_scope(scope);
}

/* ---- axes ---- */

static void axes_stay_and_widen(void **state)
{
	struct scope *scope = open_scope();
	struct axis *rate = &scope->viewpoint.rate_axis;
	struct axis *loss = &scope->viewpoint.loss_axis[LOSS_EXCESS];

	(void)state;
	finish(scope);
	assert_true(rate->pinned && loss->pinned);
	assert_true(rate->low == 0 && rate->high >= 0.13 && rate->high < 0.2); /* room to turn up */
	assert_same(loss->low, 1e-5);
	assert_same(loss->high, 1);
	must(scope, "set max_lr 0.05");
	finish(scope);
	assert_true(rate->high >= 0.13 && rate->high < 0.2); /* stays */
	must(scope, "set max_lr 0.13");
	finish(scope);
	assert_true(rate->high < 0.2); /* stays */
	must(scope, "set max_lr 0.3");
	finish(scope);
	assert_same(rate->high, 0.5); /* widens, with room again */
	must(scope, "set max_lr 0.01");
	finish(scope);
	assert_true(rate->high > 0.3);
	must(scope, "ghost off");
	must(scope, "fit");
	finish(scope);
	assert_true(rate->high >= 0.013 && rate->high < 0.02);
	must(scope, "data swiss");
	must(scope, "set max_lr 0.2");
	finish(scope);
	assert_true(rate->high > 0.2);
	close_scope(scope);
}

/* An axis keeps the top that a lost run gave it; then its foot does not follow a run that all but arrives. */
static void an_axis_spans_twelve_decades_at_most(void **state)
{
	struct scope *scope = open_scope();
	struct axis *loss = &scope->viewpoint.loss_axis[LOSS_EXCESS];

	(void)state;
	must(scope, "scene full-batch");
	must(scope, "data cars");
	must(scope, "ghost off");
	must(scope, "set lr 3");
	finish(scope);
	assert_true(loss->log && loss->pinned);
	assert_same(loss->high, 1e6);
	assert_true(loss->low > 1e-3);
	must(scope, "set lr 0.3");
	finish(scope);
	assert_true(scope->results.now.record.final_excess < 1e-15);
	assert_same(loss->high, 1e6);
	assert_same(loss->low, 1e6 * pow(10, -12));
	close_scope(scope);
}

/* Whatever happens, axes are finite and have a length. */
static void axes_are_always_finite(void **state)
{
	static const char *const lines[] = {
		"strategy constant", "set lr 1", "set lr 1e300", "set lr 0", "set lr 1e-300",
		"axis rate log", "fit", "set lr 0.1", "axis loss linear", "set lr 3", "fit",
		"view batch", "axis loss log", "fit", "view validation", "fit", "set validation 0",
		"strategy exponential", "set gamma 1e9", "set gamma -2", "axis rate linear", "fit",
		"set gamma 0", "data longley", "set epochs 1", "scene lost", "view excess",
		"scene full-batch", "set epochs 3000",
	};
	struct scope *scope = open_scope();
	size_t k;
	int view;

	(void)state;
	for (k = 0; k < sizeof lines / sizeof *lines; k++) {
		struct viewpoint *viewpoint = &scope->viewpoint;

		must(scope, lines[k]);
		finish(scope);
		assert_true(isfinite(viewpoint->rate_axis.low) &&
			    isfinite(viewpoint->rate_axis.high));
		assert_true(viewpoint->rate_axis.low < viewpoint->rate_axis.high);
		view = viewpoint->loss_view;
		assert_true(isfinite(viewpoint->loss_axis[view].low) &&
			    isfinite(viewpoint->loss_axis[view].high));
		assert_true(viewpoint->loss_axis[view].low < viewpoint->loss_axis[view].high);
		if (viewpoint->loss_axis[view].log)
			assert_true(viewpoint->loss_axis[view].low > 0 &&
				    viewpoint->loss_axis[view].high <=
					    viewpoint->loss_axis[view].low * 1.01e12);
		assert_true(memchr(scope->verdict.text, '\0', sizeof scope->verdict.text) != NULL);
		assert_true(scope->verdict.text[0] != '\0');
	}
	close_scope(scope);
}

/* ---- messages, pages ---- */

static void undo_says_what_it_undid(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "set max_lr 0.2");
	must(scope, "undo");
	assert_string_equal(scope->viewpoint.message, "undone: max_lr 0.2 -> 0.1");
	must(scope, "redo");
	assert_string_equal(scope->viewpoint.message, "done again: max_lr 0.1 -> 0.2");
	must(scope, "strategy step");
	must(scope, "undo");
	assert_string_equal(scope->viewpoint.message, "undone: strategy step -> onecycle");
	must(scope, "back");
	assert_string_equal(scope->viewpoint.message, "");
	must(scope, "scene climb");
	must(scope, "undo");
	assert_non_null(strstr(scope->viewpoint.message, "max_lr 0.45 -> 0.2"));
	assert_true(scope->changed);
	close_scope(scope);
}

static void every_strategy_has_a_page(void **state)
{
	struct strategy_page page;
	struct error error;
	int s;

	(void)state;
	setenv("LC_ALL", "xx_YY.UTF-8", 1); /* no such language: English */
	for (s = 0; s < STRATEGY_COUNT; s++) {
		assert_true(strategy_page_open(&page, (enum strategy_id)s, &error));
		assert_true(strlen(page.principle) > 40 && strlen(page.formula) > 5);
		assert_true(strlen(page.suits) > 20 && strlen(page.good) > 20);
		assert_true(strlen(page.bad) > 20 && strlen(page.pytorch) > 20);
		assert_non_null(strstr(page.pytorch, strategy_pytorch((enum strategy_id)s)));
		strategy_page_done(&page);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_agree),
		cmocka_unit_test(every_key_can_be_pressed),
		cmocka_unit_test(parsing_refuses),
		cmocka_unit_test(completion_knows_what_can_follow),
		cmocka_unit_test(completion_knows_saved_studies),
		cmocka_unit_test(selection_walks_and_survives),
		cmocka_unit_test(choices_are_listed),
		cmocka_unit_test(a_named_file_is_read_again),
		cmocka_unit_test(nothing_is_kept_of_the_old_file),
		cmocka_unit_test(the_cursor_moves),
		cmocka_unit_test(zooming_stays_inside),
		cmocka_unit_test(playing_takes_eight_seconds),
		cmocka_unit_test(axes_stay_and_widen),
		cmocka_unit_test(an_axis_spans_twelve_decades_at_most),
		cmocka_unit_test(axes_are_always_finite),
		cmocka_unit_test(undo_says_what_it_undid),
		cmocka_unit_test(every_strategy_has_a_page),
	};

	return cmocka_run_group_tests_name("study-scope", tests, NULL, NULL);
}
