/* Every lesson played to its end: each step with its question and then its answer as saved screens,
 * and at other sizes, with dials turned at random in between.
 *
 * LRSCOPE_UPDATE=1 writes tests/screen/lesson-NAME.txt anew: read them before they are committed. */
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
#include "study/lesson.h"
#include "view/panel.h"
#include "view/view.h"

static struct scope *scope;
static struct canvas canvas;

static void begin(void)
{
	struct error error;

	scope = calloc(1, sizeof *scope);
	assert_non_null(scope);
	scope_init(scope);
	if (!scope_start(scope, &error))
		fail_msg("%s", error.text);
}

static void end(void)
{
	scope_done(scope);
	free(scope);
}

static bool tell(const char *line, struct error *error)
{
	static struct command command;

	return command_parse(&command, line, error) && scope_command(scope, &command, error);
}

/* "" only works and looks. */
static void must(const char *line)
{
	struct error error = {.kind = ERROR_NONE};

	if (line[0] && !tell(line, &error))
		fail_msg("%s: %s", line, error.text);
	while (scope_work(scope, 1000000))
		continue;
	scope_refresh(scope);
}

static void draw(int columns, int rows, bool ascii)
{
	canvas.ascii = ascii;
	assert_true(canvas_resize(&canvas, columns, rows, NULL));
	view_draw(scope, &canvas);
	for (int i = 0; i < columns * rows; i++)
		assert_false(code_is_unsafe(canvas.cells[i].code));
	if (canvas_ambiguous(&canvas))
		fail_msg("%dx%d: U+%04X", columns, rows, (unsigned)canvas_ambiguous(&canvas));
	assert_in_range(canvas.cursor_x + 1, 0, columns);
	assert_in_range(canvas.cursor_y + 1, 0, rows);
}

/* Sizes of the smallest screen, a usual one and large ones. */
static void draw_all(void)
{
	static const int sizes[][2] = {{60, 16}, {80, 24}, {80, 20}, {120, 36}, {200, 60}, {61, 45}};

	for (int k = 0; k < 6; k++)
		draw(sizes[k][0], sizes[k][1], k & 1);
	draw(1, 1, false);
	draw(120, 36, true);
}

static bool shows(const char *part)
{
	struct text text;
	bool found;

	text_init(&text);
	canvas_dump(&canvas, &text, 0);
	found = strstr(text.bytes, part) != NULL;
	text_done(&text);
	return found;
}

/* ---- saved screens ---- */

static void add_screen(struct text *text, const char *what)
{
	draw(80, 24, false);
	text_addf(text, "== step %d %s\n", scope->play->step + 1, what);
	canvas_dump(&canvas, text, 0);
}

/* The text is whole at 80x24, and says which step it is. */
static void check_step(void)
{
	char text[64];

	if (!lesson_fits(scope, 80, 24))
		fail_msg("%s: step %d: the text is too long for 80x24",
			 scope->play->lesson.name, scope->play->step + 1);
	snprintf(text, sizeof text, "step %d of %d", scope->play->step + 1,
		 scope->play->lesson.count);
	assert_true(shows(text));
	assert_true(shows("n next") && shows("E leave"));
}

static void play_step(struct text *text)
{
	const struct lesson_step *step = lesson_step_now(scope);

	scope_refresh(scope);
	if (lesson_asks(scope)) {
		add_screen(text, "asks");
		check_step();
		assert_true(shows("Space lifts") && !shows("excess 0") && !shows("excess 1"));
		draw_all();
		must("lesson next");
	}
	add_screen(text, "shows");
	check_step();
	draw_all();
	must("page lesson");
	draw_all();
	must("back");
	if (step->way_count > 0) {
		must("lesson solve");
		scope->viewpoint.message[0] = '\0';
		add_screen(text, "done");
		assert_true(shows(" done: "));
		check_step();
	}
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
		fail_msg("lesson-%s.txt differs in line %d; LRSCOPE_UPDATE=1 writes it anew", name,
			 line);
}

static void check_saved(const char *name, const struct text *found)
{
	const char *top = getenv("top_srcdir");
	struct error error = {.kind = ERROR_NONE};
	struct text wanted;
	char path[1024];

	snprintf(path, sizeof path, "%s/tests/screen/lesson-%s.txt", top ? top : ".", name);
	if (getenv("LRSCOPE_UPDATE")) {
		assert_true(file_write(path, found->bytes, found->length, &error));
		return;
	}
	text_init(&wanted);
	if (!file_read(&wanted, path, 1 << 20, &error))
		fail_msg("%s", error.text);
	compare(name, found->bytes, wanted.bytes);
	text_done(&wanted);
}

static void every_lesson_is_played(void **state)
{
	struct text text;
	char line[64];

	(void)state;
	for (int k = 0; k < lesson_file_count; k++) {
		begin();
		must("");
		snprintf(line, sizeof line, "lesson %s", lesson_files[k].name);
		text_init(&text);
		must(line);
		for (int i = 0; i < scope->play->lesson.count; i++) {
			assert_int_equal(scope->play->step, i);
			play_step(&text);
			must("lesson next");
		}
		check_saved(lesson_files[k].name, &text);
		text_done(&text);
		must("lesson leave");
		end();
	}
}

/* ---- with dials turned in between ---- */

static void lessons_bear_being_disturbed(void **state)
{
	static const char *const lines[] = {
		"turn 2", "turn -5 coarse", "select next", "select last", "strategy plateau",
		"strategy constant", "set batch 5", "set epochs 3", "ghost pin", "undo", "redo",
		"swap", "curtain toggle", "view next", "zoom in", "cursor 40", "scene lost",
		"axis rate toggle", "advance 9", "present toggle", "overlay toggle", "data trees",
		"set lr 1e300", "page lessons", "page lesson", "page wizard", "back", "play",
		"lesson previous", "set nesterov true", "lesson solve",
	};
	unsigned random = 2024;
	struct error error;
	char line[64];

	(void)state;
	begin();
	for (int k = 0; k < lesson_file_count; k++) {
		snprintf(line, sizeof line, "lesson %s", lesson_files[k].name);
		must(line);
		for (int i = 0; i < 30; i++) {
			for (int n = 0; n < 3; n++) {
				random = random * 1103515245u + 12345u;
				tell(lines[random / 65536u % (sizeof lines / sizeof *lines)], &error);
				scope_work(scope, random / 65536u % 900u);
				scope_tick(scope, 0.1);
				scope_refresh(scope);
				draw(80, 24, n == 1);
				draw(60, 16, n == 2);
				if (i % 10 == 0)
					draw_all();
			}
			must("lesson next");
		}
		assert_non_null(scope->play);
		must("lesson leave");
		assert_null(scope->play);
	}
	end();
}

/* ---- a long text, a foreign file ---- */

static void long_texts_say_where_they_go_on(void **state)
{
	char path[] = "/tmp/lrscope-lesson-XXXXXX.lesson", line[80];
	struct error error = {.kind = ERROR_NONE};
	struct text text;

	(void)state;
	assert_true(mkstemps(path, 7) >= 0);
	text_init(&text);
	text_add(&text, "# \344\270\255\346\226\207 wide e\314\201\n## S %d%s%n\n");
	for (int k = 0; k < 60; k++)
		text_add(&text, "\344\270\255\346\226\207 word %s\n");
	text_add(&text, "! Do %n it.\n? \344\270\255?\n> A.\n");
	assert_true(file_write(path, text.bytes, text.length, &error));
	text_done(&text);
	begin();
	snprintf(line, sizeof line, "lesson %s", path);
	must(line);
	remove(path);
	assert_false(lesson_fits(scope, 80, 24));
	draw(80, 24, false);
	assert_true(shows("t: the whole text") && shows("step 1 of 1"));
	assert_true(shows("\344\270\255?")); /* what is asked is seen */
	draw_all();
	must("page lesson");
	draw_all();
	must("scroll 100");
	draw(80, 24, false);
	assert_true(shows("\344\270\255?"));
	must("lesson leave");
	end();
}

/* ---- the list, the projector, the curtain ---- */

static void lessons_are_listed(void **state)
{
	char line[80];

	(void)state;
	begin();
	must("page lessons");
	must("scroll 3");
	draw(80, 24, false);
	for (int k = 0; k < lesson_file_count; k++)
		if (!shows(lesson_files[k].name) || !shows(lesson_files[k].title))
			fail_msg("the title of %s is cut", lesson_files[k].name);
	assert_true(shows(">plateau"));
	assert_true(view_click(scope, 80, 24, 5, 2, line, sizeof line));
	assert_string_equal(line, "scroll -3");
	assert_true(view_click(scope, 80, 24, 5, 5, line, sizeof line));
	assert_string_equal(line, "edit");
	draw_all();
	end();
}

/* A click on the panels goes where they are while a band is below them. */
static void clicks_find_the_panels(void **state)
{
	char line[80];

	(void)state;
	begin();
	must("lesson limit");
	assert_true(view_click(scope, 80, 24, 40, 9, line, sizeof line));
	assert_int_equal(strncmp(line, "cursor ", 7), 0);
	assert_false(view_click(scope, 80, 24, 40, 17, line, sizeof line));
	end();
}

static void the_curtain_hides_what_tells(void **state)
{
	(void)state;
	begin();
	must("strategy plateau");
	draw(120, 36, true);
	assert_true(shows("1.1e-4") && shows("excess 3.37e-4"));
	must("curtain on");
	for (int k = 0; k < 2; k++) {
		draw(k ? 120 : 80, k ? 36 : 24, true);
		/* the strip, the readings, the verdict, the axis; and plateau's rate tells of the loss */
		assert_false(shows("e-4") && !shows("1e-4 ["));
		assert_false(shows("excess 3.37e-4") || shows("lr 0.001") || shows("bad epochs"));
		assert_false(shows("rate falls") || shows("###") || shows("0.0034"));
		assert_true(shows("?"));
	}
	must("present on");
	draw(80, 24, true);
	assert_false(shows("3.4e-4"));
	must("play");
	assert_false(scope->viewpoint.curtain);
	end();
}

static int count_of(uint32_t code)
{
	int count = 0;

	for (int i = 0; i < canvas.columns * canvas.rows; i++)
		count += canvas.cells[i].code == code;
	return count;
}

/* The dial in hand alone, its value in large digits, all text bold. */
static void a_projector_sees_one_dial(void **state)
{
	(void)state;
	begin();
	must("");
	must("present on");
	draw(80, 24, false);
	assert_true(shows("max_lr") && !shows("pct_start") && !shows("training"));
	assert_true(count_of(0x28ff) > 40);
	for (int i = 0; i < canvas.columns * canvas.rows; i++)
		assert_true(canvas.cells[i].role != ROLE_TEXT && canvas.cells[i].role != ROLE_DIM);
	must("select anneal_strategy");
	draw(80, 24, false);
	assert_true(shows("anneal_strategy") && shows("cos"));
	must("lesson limit");
	draw(80, 24, true);
	assert_true(shows("step 1 of 6") && shows("excess"));
	draw_all();
	must("lesson leave");
	assert_true(scope->viewpoint.presentation); /* which is the room's, not the lesson's */
	must("present off");
	draw(80, 24, false);
	assert_true(shows("pct_start"));
	end();
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
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_lesson_is_played),
		cmocka_unit_test(lessons_bear_being_disturbed),
		cmocka_unit_test(long_texts_say_where_they_go_on),
		cmocka_unit_test(lessons_are_listed),
		cmocka_unit_test(clicks_find_the_panels),
		cmocka_unit_test(the_curtain_hides_what_tells),
		cmocka_unit_test(a_projector_sees_one_dial),
	};

	return cmocka_run_group_tests_name("lessons on the screen", tests, setup, teardown);
}
