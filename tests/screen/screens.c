/* Whole screens of a started scope: compared with saved texts, drawn at every size.
 *
 * LRSCOPE_UPDATE=1 writes tests/screen/NAME.txt anew: read them before they are committed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "screen/ambiguous.h"
#include "view/view.h"

struct shot {
	const char *name, *commands;
	bool large; /* 120x36 and 200x60 in Braille too */
};

static const char *const offered[] = {"constant", "cosine", "cyclic", "exponential", "onecycle",
				      "plateau", "step", NULL};

/* Words that no command has: "running N" stops after N updates, "prompt TEXT", "candidates TEXT",
 * "say TEXT", "choices", "shown", "project", "running-race N", "gone": a rules file that is not there. */
static const struct shot shots[] = {
	{"start", "", true},
	{"constant", "strategy constant", false},
	{"step", "strategy step", false},
	{"exponential", "strategy exponential", false},
	{"cosine", "strategy cosine", false},
	{"plateau", "strategy plateau; cursor 700", true},
	{"cyclic", "strategy cyclic", false},
	{"too-high", "set lr 0.45; cursor 467", true},
	{"diverged", "strategy constant; set lr 2", false},
	{"momentum", "set cycle_momentum true; overlay on; cursor 700", true},
	{"adam", "set optimizer adam; set lr 0.01", false},
	{"full-batch", "scene full-batch", false},
	{"log-rate", "strategy cosine; axis rate log", false},
	{"batch", "view batch; ghost off", true},
	{"batch-ghost", "view batch", false},
	{"validation", "view validation; strategy cyclic", false},
	{"no-validation", "set validation 0; view validation", false},
	{"zoom", "strategy cyclic; zoom 400 900; cursor 500", true},
	{"close-up", "zoom 100 130", false},
	{"other-batch", "set batch 64", false},
	{"refused", "set nesterov true", true},
	{"too-short", "set total_steps 100", false},
	{"curtain", "curtain on", true},
	{"playing", "strategy plateau; advance 600", false},
	{"running", "set epochs 100; running 2000", false},
	{"below", "strategy plateau; select split", true},
	{"note", "select cycle_momentum", true},
	{"choice", "select anneal_strategy", false},
	{"message", "say cursor: \"bogus\" is not an update", false},
	{"prompt", "prompt set lr 0.2", false},
	{"candidates", "candidates strategy c", false},
	{"shown", "shown", false},
	{"help", "page help", false},
	{"help-end", "page help; scroll 1000", false},
	{"about", "page strategy", true},
	{"code", "page code", false},
	{"scenes", "page scenes; scroll 3", false},
	{"data", "select data; choices; scroll 4", false},
	{"project", "project", false},
	{"wizard", "page wizard", true},
	{"wizard-answers",
	 "page wizard; answer scale small; answer model finetune; answer task nlp; "
	 "answer sensitivity sensitive; length samples 9600; length batch 16; length accumulate 2; "
	 "length epochs 3", true},
	{"wizard-decisive",
	 "page wizard; answer scale small; answer model deep; answer task regression; "
	 "answer loss steady; decisive task; favourite onecycle", true},
	{"wizard-own", "page wizard; rules %/tests/screen/own.rules.json; answer first wide; "
		       "answer second next; answer scale small; favourite warm_restarts", true},
	{"wizard-refused", "gone; page wizard", false},
	{"wizard-applied", "page wizard; answer model deep; apply", false},
	{"wizard-about", "page wizard; favourite cyclic; page strategy", false},
	{"race", "answer loss fluctuating; set epochs 3; race", true},
	{"race-running", "set epochs 3; race; running-race 20000", false},
	{"race-stopped", "set epochs 3; race; running-race 9000; race stop", false},
	{"race-none", "page race", false},
};
enum { SHOTS = sizeof shots / sizeof *shots };

static struct scope *scope;
static struct canvas canvas;
static bool drawn[PAGE_COUNT];

static bool begins(const char *line, const char *word, const char **rest)
{
	size_t length = strlen(word);

	*rest = line + length;
	return strncmp(line, word, length) == 0;
}

/* Returns false when the run is to stay unfinished. */
static bool do_line(const char *line)
{
	static struct command command;
	struct viewpoint *viewpoint = &scope->viewpoint;
	struct error error = {.kind = ERROR_NONE};
	const char *rest;

	if (begins(line, "running ", &rest)) {
		results_work(&scope->results, atol(rest));
		return false;
	}
	if (begins(line, "running-race ", &rest)) {
		race_work(&scope->race, atol(rest));
		return false;
	}
	if (strcmp(line, "gone") == 0) {
		snprintf(scope->study.told.rules, sizeof scope->study.told.rules,
			 "./no/such.rules.json");
		return true;
	}
	if (begins(line, "say ", &rest)) {
		snprintf(viewpoint->message, sizeof viewpoint->message, "%s", rest);
		viewpoint->message_is_error = true;
	} else if (begins(line, "prompt ", &rest) || begins(line, "candidates ", &rest)) {
		viewpoint->prompting = true;
		snprintf(viewpoint->prompt_lead, sizeof viewpoint->prompt_lead, ":");
		snprintf(viewpoint->prompt_text, sizeof viewpoint->prompt_text, "%s", rest);
		viewpoint->prompt_cursor = 1 + (int)strlen(rest);
		viewpoint->candidates = line[0] == 'c' ? offered : NULL;
	} else if (strcmp(line, "choices") == 0) {
		viewpoint->page = PAGE_CHOICES;
		viewpoint->choice = scope_choice_now(scope);
	} else if (strcmp(line, "shown") == 0) {
		scope_show(scope, "max_lr 0.1\ntarget a word that is so long that it has to go on in another "
				  "line, where there is room for the rest of it\n\nlast\n");
	} else if (strcmp(line, "project") == 0) {
		viewpoint->presentation = true;
	} else if (!command_parse(&command, line, &error) ||
		   !scope_command(scope, &command, &error)) {
		fail_msg("%s: %s", line, error.text);
	}
	return true;
}

static void finish(void)
{
	while (scope_work(scope, 1000000))
		;
}

/* A fresh scope brought into the state; each command's run is over before the next one. */
static void reach(const char *commands)
{
	const char *top = getenv("top_srcdir"), *here;
	char line[1200];
	size_t length;
	bool whole = true;
	struct error error = {.kind = ERROR_NONE};

	scope = calloc(1, sizeof *scope);
	assert_non_null(scope);
	scope_init(scope);
	if (!scope_start(scope, &error))
		fail_msg("%s", error.text);
	finish();
	scope_refresh(scope);
	while (*commands) {
		length = text_command_length(commands);
		here = memchr(commands, '%', length); /* the source folder */
		snprintf(line, sizeof line, "%.*s%s%.*s", (int)(here ? here - commands : 0), commands,
			 here ? top ? top : "." : "", (int)(commands + length - (here ? here + 1 : commands)),
			 here ? here + 1 : commands);
		whole = do_line(line + (line[0] == ' '));
		if (whole && strstr(commands, "running") == NULL)
			finish();
		scope_refresh(scope);
		commands += length + (commands[length] == ';');
	}
}

static void leave(void)
{
	scope_done(scope);
	free(scope);
}

static void draw(int columns, int rows, bool ascii)
{
	canvas.ascii = ascii;
	assert_true(canvas_resize(&canvas, columns, rows, NULL));
	view_draw(scope, &canvas);
	drawn[scope->viewpoint.page] = true;
	/* A teacher's rules may hold what they want; ASCII is ASCII. */
	if ((ascii || !scope->study.told.rules[0]) && canvas_ambiguous(&canvas))
		fail_msg("%dx%d: U+%04X", columns, rows, (unsigned)canvas_ambiguous(&canvas));
}

static void add_screen(struct text *text, int columns, int rows, bool ascii)
{
	draw(columns, rows, ascii);
	text_addf(text, "== %dx%d%s, cursor %d %d\n", columns, rows, ascii ? " ascii" : "",
		  canvas.cursor_x, canvas.cursor_y);
	canvas_dump(&canvas, text, 0);
}

/* The first line that differs, for a message that can be read. */
static void compare(const char *name, const char *found, const char *wanted)
{
	int line = 1;

	while (*found && *found == *wanted) {
		line += *found == '\n';
		found++;
		wanted++;
	}
	if (*found || *wanted)
		fail_msg("%s.txt differs in line %d; LRSCOPE_UPDATE=1 writes it anew", name, line);
}

static void check_shot(void **state)
{
	const struct shot *shot = *state;
	const char *top = getenv("top_srcdir");
	struct text found, wanted;
	struct error error = {.kind = ERROR_NONE};
	char path[1024];

	snprintf(path, sizeof path, "%s/tests/screen/%s.txt", top ? top : ".", shot->name);
	text_init(&found);
	text_init(&wanted);
	reach(shot->commands);
	add_screen(&found, 80, 24, false);
	add_screen(&found, 80, 24, true);
	add_screen(&found, 120, 36, true);
	if (shot->large) {
		add_screen(&found, 120, 36, false);
		add_screen(&found, 200, 60, false);
		add_screen(&found, 60, 16, false);
	}
	leave();
	if (getenv("LRSCOPE_UPDATE")) {
		assert_true(file_write(path, found.bytes, found.length, &error));
	} else {
		if (!file_read(&wanted, path, 1 << 20, &error))
			fail_msg("%s", error.text);
		compare(shot->name, found.bytes, wanted.bytes);
	}
	text_done(&found);
	text_done(&wanted);
}

/* ---- every size ---- */

static void same_again(int columns, int rows)
{
	static struct cell first[90 * 30];
	size_t bytes = sizeof *first * (size_t)(columns * rows);

	memcpy(first, canvas.cells, bytes);
	draw(3, 2, canvas.ascii);
	draw(columns, rows, canvas.ascii);
	assert_memory_equal(first, canvas.cells, bytes);
}

static void every_size(void **state)
{
	static const char *const states[] = {
		"", "strategy constant; set lr 2", "set nesterov true; overlay on",
		"candidates strategy c", "page help", "select data; choices", "page strategy",
		"page wizard; answer scale small; answer model deep", "set epochs 2; race",
		"page wizard; rules %/tests/screen/own.rules.json; answer first wide",
		"page lessons", "lesson limit; page lesson", "page code", "page scenes", "shown",
	};
	int count = sizeof states / sizeof *states;

	(void)state;
	for (int i = 0; i < count; i++) {
		reach(states[i]);
		for (int rows = 0; rows <= 30; rows++)
			for (int columns = i * 2 % 3; columns <= 90; columns += i ? 3 : 1) {
				draw(columns, rows, (columns ^ rows ^ i) & 1);
				assert_int_equal(view_fits(columns, rows),
						 columns >= 60 && rows >= 16);
				assert_in_range(canvas.cursor_x + 1, 0, columns);
				assert_in_range(canvas.cursor_y + 1, 0, rows);
			}
		draw(80, 24, false);
		same_again(80, 24);
		draw(90, 30, true);
		same_again(90, 30);
		draw(1000, 300, false);
		leave();
	}
	for (int page = 0; page < PAGE_COUNT; page++)
		if (!drawn[page])
			fail_msg("page %d was not drawn", page);
}

static void too_small_says_what_it_needs(void **state)
{
	struct text text;

	(void)state;
	reach("");
	text_init(&text);
	draw(59, 2, false);
	canvas_dump(&canvas, &text, 0);
	assert_string_equal(text.bytes, "needs 60x16, have 59x2\n\n");
	text_clear(&text);
	draw(8, 1, false);
	canvas_dump(&canvas, &text, 0);
	assert_string_equal(text.bytes, "needs 60\n");
	text_done(&text);
	leave();
}

/* ---- what moves ---- */

static int changed_cells(const struct cell *before)
{
	int count = 0;

	for (int i = 0; i < canvas.columns * canvas.rows; i++)
		count += memcmp(&before[i], &canvas.cells[i], sizeof *before) != 0;
	return count;
}

static void the_selection_moves_little(void **state)
{
	static struct cell before[120 * 36];
	static const struct {
		int columns, rows, most;
	} sizes[] = {{80, 24, 90}, {120, 36, 300}};

	(void)state;
	for (int s = 0; s < 2; s++) {
		reach("");
		draw(sizes[s].columns, sizes[s].rows, false);
		for (int i = 0; i < 8; i++) {
			memcpy(before, canvas.cells,
			       sizeof *before * (size_t)(canvas.columns * canvas.rows));
			do_line("select next");
			draw(sizes[s].columns, sizes[s].rows, false);
			assert_in_range(changed_cells(before), 1, sizes[s].most);
			assert_int_equal(canvas_at(&canvas, canvas.cursor_x, canvas.cursor_y)->code,
					 '>');
		}
		leave();
	}
}

/* ---- the mouse ---- */

static const char *click(int x, int y)
{
	static char line[100];

	return view_click(scope, 80, 24, x, y, line, sizeof line) ? line : "";
}

static void clicks_name_commands(void **state)
{
	(void)state;
	reach("");
	assert_string_equal(click(2, 1), "strategy constant");
	assert_string_equal(click(70, 1), "strategy onecycle");
	assert_string_equal(click(79, 1), "");
	assert_string_equal(click(3, 3), "select max_lr");
	assert_string_equal(click(3, 4), "");
	assert_string_equal(click(3, 5), "select total_steps");
	assert_string_equal(click(33, 6), "cursor 0");
	assert_string_equal(click(0, 0), "");
	assert_string_equal(click(-5, 99), "");
	do_line("page scenes");
	assert_string_equal(click(9, 2), "edit");
	assert_string_equal(click(9, 4), "scroll 2");
	assert_string_equal(click(9, 20), "");
	leave();
}

static void clicks_answer_the_wizard(void **state)
{
	(void)state;
	reach("page wizard");
	assert_string_equal(click(9, 2), "answer scale small");
	assert_string_equal(click(17, 2), "question scale"); /* between two options */
	assert_string_equal(click(48, 4), "answer task unknown");
	assert_string_equal(click(3, 5), "question sensitivity");
	assert_string_equal(click(60, 2), "favourite plateau");
	assert_string_equal(click(60, 7), "favourite cyclic");
	assert_string_equal(click(3, 7), "");
	assert_string_equal(click(3, 15), "");
	for (int y = 0; y < 24; y++)
		for (int x = 0; x < 80; x++)
			if (click(x, y)[0])
				do_line(click(x, y));
	leave();
}

/* An answer moves little: what is sent over a slow line. */
static void answers_keep_the_rest(void **state)
{
	static struct cell before[80 * 24];

	(void)state;
	reach("page wizard; answer scale small; answer model deep");
	draw(80, 24, false);
	memcpy(before, canvas.cells, sizeof before);
	do_line("question next");
	scope_refresh(scope);
	draw(80, 24, false);
	assert_in_range(changed_cells(before), 1, 120);
	assert_int_equal(canvas_at(&canvas, canvas.cursor_x, canvas.cursor_y)->code, '>');
	leave();
}

static bool shows(const char *what)
{
	struct text dump;
	bool found;

	text_init(&dump);
	canvas_dump(&canvas, &dump, 0);
	found = strstr(dump.bytes, what) != NULL;
	text_done(&dump);
	return found;
}

/* Down to the last line of a page, a line at a time. */
static void scrolls_to_the_end(const char *commands, int columns, int rows, const char *first,
			       const char *last)
{
	int most;

	reach(commands);
	draw(columns, rows, true);
	most = view_scroll_most(scope, columns, rows);
	assert_true(shows(first));
	assert_false(shows(last));
	for (int k = 0; k < most; k++) {
		assert_false(shows(last));
		do_line("scroll 1");
		draw(columns, rows, true);
	}
	assert_true(shows(last));
	do_line("scroll 1000");
	draw(columns, rows, true);
	assert_true(shows(last));
	leave();
}

/* Dots are either the ghost's or the spread's, which the legend names. */
/* Whether `what` and `other` stand in one row. */
static bool shows_beside(const char *what, const char *other)
{
	struct text dump;
	char *row, *rest;
	bool found = false;

	text_init(&dump);
	canvas_dump(&canvas, &dump, 0);
	for (row = strtok_r(dump.bytes, "\n", &rest); row && !found; row = strtok_r(NULL, "\n", &rest))
		found = strstr(row, what) && strstr(row, other);
	text_done(&dump);
	return found;
}

static void spread_or_ghost(void **state)
{
	const char *ghost;

	(void)state;
	reach("strategy cosine");
	for (int k = 0; k < 3; k++) {
		ghost = k == 2 ? ". onecycle" : "\u2802 onecycle";
		do_line("view batch");
		draw(k ? 120 : 80, k ? 36 : 24, k == 2);
		assert_true(shows(" spread") && !shows_beside(" spread", ghost));
		assert_true(shows_beside(" rate ", ghost));
		do_line("view excess");
		draw(k ? 120 : 80, k ? 36 : 24, k == 2);
		assert_true(!shows("spread") && shows(ghost) && !shows_beside(" rate ", ghost));
	}
	do_line("ghost off");
	finish();
	draw(120, 36, false);
	assert_true(shows(" spread"));
	draw(120, 36, true);
	assert_false(shows(" spread"));
	leave();
}

/* How a run ends is not told before it is seen: not by the curve's title either. */
static void the_end_is_told_when_it_is_seen(void **state)
{
	static const char *const lines[] = {"curtain on", "curtain off", "rewind", "back"};

	(void)state;
	reach("strategy constant; set lr 2");
	for (int k = 0; k < 4; k++) {
		do_line(lines[k]);
		scope_refresh(scope);
		draw(120, 36, true);
		assert_int_equal(shows("diverged"), k % 2);
	}
	leave();
}

/* Cells of the cursor's line in this column. */
static int upright(int x)
{
	int count = 0;

	for (int y = 0; y < canvas.rows; y++)
		count += canvas_at(&canvas, x, y)->role == ROLE_CURSOR;
	return count;
}

/* In both panels, at either end. */
static void the_cursor_is_seen_at_the_ends(void **state)
{
	int left = 33, right = 77;

	(void)state;
	reach("cursor start");
	for (int ascii = 0; ascii < 2; ascii++) {
		do_line("cursor start");
		draw(80, 24, ascii);
		assert_true(upright(left) >= 8 && upright(right) == 0);
		do_line("cursor end");
		draw(80, 24, ascii);
		assert_true(upright(right) >= 8 && upright(left) == 0);
	}
	leave();
}

/* Of how many seeds the strip's figures are: as many as are done, all of them once they are. */
static void the_strip_counts_seeds(void **state)
{
	static const char *const words[] = {"median of 9 seeds", "first seed", "median of 2 seeds"};

	(void)state;
	reach("");
	do_line("set epochs 1");
	for (int seeds = 0; seeds < 3; seeds++) {
		while (scope->results.reach[0].seeds < seeds)
			assert_true(results_work(&scope->results, 10));
		draw(120, 36, true);
		for (int k = 0; k < 3; k++)
			assert_int_equal(shows(words[k]), k == seeds);
	}
	finish();
	draw(120, 36, true);
	assert_true(shows(words[0]));
	leave();
}

/* A best rate that is the grid's highest has a mark: one beyond it may be better. */
static void the_race_marks_the_ends_of_its_grid(void **state)
{
	const struct racer *racers;

	(void)state;
	reach("data cars; set epochs 1; race");
	racers = scope->race.racers;
	draw(80, 24, true);
	assert_int_equal(racers[STRATEGY_CYCLIC].best, RACE_RATES - 1);
	assert_true(shows_beside(" cyclic ", " 1.3* "));
	assert_in_range(racers[STRATEGY_COSINE].best, 1, RACE_RATES - 2);
	assert_false(shows_beside(" cosine ", "*"));
	leave();
}

/* Momentum from 0 up has an axis from 0 up. */
static void momentum_has_no_negative_axis(void **state)
{
	(void)state;
	reach("");
	do_line("set cycle_momentum true");
	do_line("set base_momentum 0");
	do_line("set max_momentum 0.1");
	do_line("overlay on");
	scope_refresh(scope);
	draw(120, 36, true);
	assert_true(shows(" 0.05 "));
	assert_false(shows("-0.0"));
	leave();
}

static void one_is_not_several(void **state)
{
	(void)state;
	reach("set batch full; set epochs 1");
	draw(80, 24, true);
	assert_true(shows(" 1 epoch x 1 = 1 step "));
	leave();
}

/* Nothing of the pages about the strategies is cut, on the smallest screen either. */
static void pages_are_whole(void **state)
{
	char line[80];

	(void)state;
	for (int id = 0; id < STRATEGY_COUNT; id++) {
		snprintf(line, sizeof line, "strategy %s; page strategy",
			 strategy_name((enum strategy_id)id));
		reach(line);
		for (int k = 0, most = view_scroll_most(scope, 60, 16); k <= most; k++) {
			draw(60, 16, true);
			for (int y = 2; y < 13; y++)
				if (canvas_at(&canvas, 58, y)->code == '>')
					fail_msg("%s: line %d is cut", line, k + y - 1);
			do_line("scroll 1");
		}
		leave();
	}
}

/* What a scene is about is a message of one row. */
static void scenes_say_what_they_are_about(void **state)
{
	char line[80];

	(void)state;
	reach("");
	for (int k = 0; k < scene_count; k++) {
		snprintf(line, sizeof line, "scene %s", scenes[k].name);
		do_line(line);
		scope_refresh(scope);
		draw(80, 24, true);
		if (!shows(scenes[k].title) || text_width(scenes[k].title) > 75)
			fail_msg("%s: \"%s\" is too long", scenes[k].name, scenes[k].title);
	}
	leave();
}

/* Bars of the ranking stand in every row or in none; the key that scrolls is named where there is more. */
static void the_wizard_is_even(void **state)
{
	static const char answers[] = "page wizard; answer scale small; answer model deep; "
				      "answer task nlp; answer sensitivity sensitive; answer loss steady";

	(void)state;
	reach(answers);
	draw(80, 24, true);
	assert_true(shows("exponential  ##... 2/5"));
	assert_true(shows("PgDn more"));
	draw(60, 16, true);
	assert_false(shows("#."));
	assert_true(shows("PgDn more"));
	draw(200, 60, true);
	assert_false(shows("PgDn more"));
	leave();
}

static void pages_scroll(void **state)
{
	static const char race[] = "answer loss fluctuating; set epochs 3; race";
	static const char answers[] = "page wizard; answer scale small; answer model finetune; "
				      "answer task nlp; answer sensitivity sensitive; answer loss steady; "
				      "favourite onecycle";

	(void)state;
	scrolls_to_the_end(race, 60, 16, "rate ", "floor.");
	scrolls_to_the_end(race, 80, 24, "lowest-highest", "floor.");
	scrolls_to_the_end(answers, 80, 24, "guide + table: with few rows", "div_factor");
	scrolls_to_the_end(answers, 60, 16, "guide + table: with few rows", "div_factor");
	scrolls_to_the_end("page strategy", 80, 24, "Principle", "instead of in one fall");
}

static int setup(void **state)
{
	(void)state;
	setenv("LANGUAGE", "en", 1);
	canvas_init(&canvas);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	canvas_done(&canvas);
	return 0;
}

int main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(every_size),
		cmocka_unit_test(too_small_says_what_it_needs),
		cmocka_unit_test(the_selection_moves_little),
		cmocka_unit_test(clicks_name_commands),
		cmocka_unit_test(clicks_answer_the_wizard),
		cmocka_unit_test(answers_keep_the_rest),
		cmocka_unit_test(pages_scroll),
		cmocka_unit_test(the_end_is_told_when_it_is_seen),
		cmocka_unit_test(the_cursor_is_seen_at_the_ends),
		cmocka_unit_test(the_strip_counts_seeds),
		cmocka_unit_test(the_race_marks_the_ends_of_its_grid),
		cmocka_unit_test(momentum_has_no_negative_axis),
		cmocka_unit_test(one_is_not_several),
		cmocka_unit_test(pages_are_whole),
		cmocka_unit_test(spread_or_ghost),
		cmocka_unit_test(scenes_say_what_they_are_about),
		cmocka_unit_test(the_wizard_is_even),
	};
	enum { OTHERS = sizeof others / sizeof *others };
	struct CMUnitTest tests[SHOTS + OTHERS];

	for (int i = 0; i < SHOTS; i++)
		tests[i] = (struct CMUnitTest){shots[i].name, check_shot, NULL, NULL,
					       (void *)(uintptr_t)&shots[i]};
	memcpy(tests + SHOTS, others, sizeof others);
	return cmocka_run_group_tests_name("screens", tests, setup, teardown);
}
