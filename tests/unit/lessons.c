/* Lessons: the format, hostile files, the figures of the shipped ones, and that playing one never
 * costs the learner's study anything. */
#include "study-help.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/number.h"
#include "study/lesson.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static long allocations_left = -1; /* -1: as many as are wanted */

static bool may_allocate(void)
{
	if (allocations_left < 0)
		return true;
	return allocations_left > 0 && allocations_left-- > 0;
}

void *__wrap_malloc(size_t size)
{
	return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return may_allocate() ? __real_calloc(count, size) : NULL;
}

/* ---- shipped lessons ---- */

static void open_shipped(struct lesson *lesson, int k)
{
	struct error error = {.kind = ERROR_NONE};

	if (!lesson_open(lesson, lesson_files[k].name, FILE_ANY, &error))
		fail_msg("%s", error.text);
}

/* Each asks for a guess and ends in something to do, which can be told when it is done. */
static void shipped_ones_are_whole(void **state)
{
	struct lesson lesson;
	struct error error = {.kind = ERROR_NONE};

	(void)state;
	assert_true(lesson_file_count >= 6);
	for (int k = 0; k < lesson_file_count; k++) {
		const struct lesson_step *last;
		int questions = 0;

		open_shipped(&lesson, k);
		assert_string_equal(lesson.title, lesson_files[k].title);
		assert_true(strlen(lesson.about) > 20);
		for (int i = 0; i < lesson.count; i++)
			questions += lesson.steps[i].question[0] != '\0';
		last = &lesson.steps[lesson.count - 1];
		assert_true(questions >= 3);
		assert_true(last->task[0] != '\0' && last->goal_count > 0 && last->way_count > 0);
		if (!lesson_try(&lesson, FILE_ANY, &error))
			fail_msg("%s", error.text);
		lesson_done(&lesson);
	}
}

/* The curtain up, the runs and the strip done. */
static void see(struct scope *scope)
{
	must(scope, "curtain off");
	finish(scope);
}

static void check_figures(struct scope *scope, const struct lesson_step *step)
{
	for (int i = 0; i < step->figure_count; i++) {
		const struct lesson_figure *figure = &step->figures[i];
		double value = figure_value(scope, &figure->figure);

		if (!(fabs(value - figure->number) <= figure->within))
			fail_msg("%s: line %d: %s is %.9g, not %s", scope->play->lesson.name,
				 figure->line, figure->name, value, figure->word);
	}
}

/* Every figure that a lesson claims is what the program shows; every task can be done, and is not
 * done to begin with. */
static void figures_and_tasks_hold(void **state)
{
	struct scope *scope = open_scope();
	char line[64];

	(void)state;
	for (int k = 0; k < lesson_file_count; k++) {
		snprintf(line, sizeof line, "lesson %s", lesson_files[k].name);
		must(scope, line);
		for (int i = 0; i < scope->play->lesson.count; i++) {
			const struct lesson_step *step;

			snprintf(line, sizeof line, "lesson %d", i + 1);
			must(scope, line);
			step = lesson_step_now(scope);
			see(scope);
			check_figures(scope, step);
			if (step->goal_count == 0)
				continue;
			assert_false(scope->play->reached);
			must(scope, "lesson solve");
			finish(scope);
			if (!scope->play->reached)
				fail_msg("%s: line %d: its way does not lead there",
					 scope->play->lesson.name, step->line);
			must(scope, "curtain on"); /* what is hidden does not tell */
			must(scope, "undo 30");
			finish(scope);
			assert_false(scope->play->reached);
		}
	}
	close_scope(scope);
}

/* ---- numbers in texts ---- */

static bool is_claimed(const struct lesson *lesson, const char *word)
{
	for (int i = 0; i < lesson->count; i++) {
		const struct lesson_step *step = &lesson->steps[i];

		for (int k = 0; k < step->figure_count; k++)
			if (strcmp(step->figures[k].word, word) == 0)
				return true;
		for (int k = 0; k < step->command_count; k++) {
			const char *last = strrchr(step->commands[k].text, ' ');

			if (last && strcmp(last + 1, word) == 0)
				return true;
		}
		for (int k = 0; k < step->goal_count; k++) {
			double number;

			if (number_parse(word, &number) && number == step->goals[k].number)
				return true;
		}
	}
	return false;
}

/* Numbers with a point or an exponent are measured ones: none stands there unchecked. */
static void check_numbers(const struct lesson *lesson, const char *text, const char *const *plain)
{
	while (*(text += strcspn(text, "0123456789"))) {
		size_t length = strspn(text, "0123456789.e-");
		char word[64];
		int k = 0;

		while (length > 0 && strchr(".e-", text[length - 1]))
			length--;
		assert_true(length < sizeof word);
		memcpy(word, text, length);
		word[length] = '\0';
		text += length;
		if (!strpbrk(word, ".e"))
			continue;
		while (plain[k] && strcmp(plain[k], word) != 0)
			k++;
		if (!plain[k] && !is_claimed(lesson, word))
			fail_msg("%s: %s is neither a figure (=) nor set by a command",
				 lesson->name, word);
	}
}

static void every_measured_number_is_claimed(void **state)
{
	/* "about 0.03", in words; and what limit.lesson says of the full batch, checked below. */
	static const char *const plain[] = {"0.03", "0.439", "0.0018", "0.1", "0.01", NULL};
	struct scope *scope = open_scope();
	struct figure figure;
	struct lesson lesson;

	(void)state;
	for (int k = 0; k < lesson_file_count; k++) {
		open_shipped(&lesson, k);
		for (int i = 0; i < lesson.count; i++) {
			check_numbers(&lesson, lesson.steps[i].text, plain);
			check_numbers(&lesson, lesson.steps[i].question, plain);
			check_numbers(&lesson, lesson.steps[i].answer, plain);
			check_numbers(&lesson, lesson.steps[i].task, plain);
		}
		lesson_done(&lesson);
	}
	must(scope, "set batch full");
	finish(scope);
	assert_true(figure_parse(&figure, "limit", NULL));
	assert_true(fabs(figure_value(scope, &figure) - 0.439) < 0.0005);
	must(scope, "scene start");
	must(scope, "strategy constant");
	finish(scope);
	assert_true(figure_parse(&figure, "excess@780", NULL)); /* "about 0.03" */
	assert_in_range((long)(figure_value(scope, &figure) * 1000), 5, 60);
	must(scope, "strategy plateau");
	must(scope, "set patience 0");
	finish(scope);
	assert_true(figure_parse(&figure, "excess", NULL));
	assert_true(fabs(figure_value(scope, &figure) - 0.0018) < 0.00005);
	close_scope(scope);
}

/* ---- the format ---- */

static void a_file_is_read(void **state)
{
	static const char text[] =
		"% a comment\n\n# Title  \r\nAbout it,\nin two lines.\n\n## One\nFirst\tline\nand "
		"second.\n\nA paragraph.\n\\# not a mark\n: set lr 0.2\n: cursor 3\n? What\nnow?\n"
		"> This is\n  0.20 it.\n\n> And this.\n= max_lr 0.20\n= excess 0.20 5%\n## Two\n"
		"Text.\n! Do it.\n* excess < 1e-4\n* strategy = cosine\n* lr > 0.1\n"
		"~ strategy cosine\n~ set lr 0.15";
	struct error error = {.kind = ERROR_NONE};
	struct lesson lesson;
	const struct lesson_step *step;

	(void)state;
	if (!lesson_read(&lesson, text, sizeof text - 1, "a\033[2J.lesson", &error))
		fail_msg("%s", error.text);
	assert_string_equal(lesson.name, "a^[[2J.lesson");
	assert_string_equal(lesson.title, "Title");
	assert_string_equal(lesson.about, "About it, in two lines.");
	assert_int_equal(lesson.count, 2);
	step = &lesson.steps[0];
	assert_string_equal(step->title, "One");
	assert_string_equal(step->text, "First line and second.\nA paragraph. # not a mark");
	assert_string_equal(step->question, "What now?");
	assert_string_equal(step->answer, "This is   0.20 it.\nAnd this.");
	assert_int_equal(step->command_count, 2);
	assert_string_equal(step->commands[1].text, "cursor 3");
	assert_int_equal(step->commands[1].line, 14);
	assert_int_equal(step->figure_count, 2);
	assert_true(fabs(step->figures[0].within - 0.005) < 1e-9);
	assert_true(fabs(step->figures[1].within - 0.01) < 1e-9);
	step = &lesson.steps[1];
	assert_int_equal(step->goal_count, 3);
	assert_int_equal(step->goals[1].relation, '=');
	assert_int_equal((int)step->goals[1].number, STRATEGY_COSINE);
	assert_int_equal(step->way_count, 2);
	assert_true(lesson_try(&lesson, FILE_ANY, &error));
	lesson_done(&lesson);
	lesson_done(&lesson);
}

/* The example of the guide, as it is printed there. */
static void the_guide_is_right(void **state)
{
	static const char head[] = "```\n# Half the rate";
	const char *top = getenv("top_srcdir"), *from, *to;
	struct error error = {.kind = ERROR_NONE};
	struct lesson lesson;
	struct text text;
	char path[1024];

	(void)state;
	snprintf(path, sizeof path, "%s/doc/guide.md", top ? top : ".");
	text_init(&text);
	if (!file_read(&text, path, 1 << 20, &error))
		fail_msg("%s", error.text);
	from = strstr(text.bytes, head);
	assert_non_null(from);
	from += 4;
	to = strstr(from, "```");
	assert_non_null(to);
	if (!lesson_read(&lesson, from, (size_t)(to - from), "guide", &error) ||
	    !lesson_try(&lesson, FILE_ANY, &error))
		fail_msg("%s", error.text);
	assert_int_equal(lesson.count, 2);
	lesson_done(&lesson);
	text_done(&text);
}

/* What follows "# T\n## S\n" and text, or a whole file where it begins with '#' or "!!". */
static const struct {
	const char *text, *says;
} refused[] = {
	{"!!", "line 1: a lesson has 1 to 40 steps"},
	{"!!% only a comment\n", "has 1 to 40 steps"},
	{"!!text\n## S\nx\n", "line 1: a lesson begins with its title"},
	{"!!# T\n", "has 1 to 40 steps"},
	{"!!#\n## S\nx\n", "line 1: a title is missing"},
	{"!!# T\n: set lr 1\n## S\nx\n", "line 2: before the first step"},
	{"!!# T\n## \nx\n", "line 2: a title is missing"},
	{"!!# T\n## S\n", "line 2: this step has no text"},
	{"!!# T\n## S\n## U\nx\n", "line 2: this step has no text"},
	{"!!# T\n## S\nx\n## U\n", "line 4: this step has no text"},
	{"!!# T\n## S\nx\n# U\n", "line 4: a step's title begins with ##"},
	{"!!# 1234567890123456789012345678901234567890123456789012345678901234567890x\n## S\nx\n",
	 "line 1: a title has at most 70 columns"},
	{":set lr 1", "line 4: a blank belongs after :"},
	{"##U", "line 4: a blank belongs after ##"},
	{"?why", "line 4: a blank belongs after ?"},
	{"? why", "line 2: a question (?) and its answer (>) belong together"},
	{"> so", "line 2: a question (?) and its answer (>) belong together"},
	{":", "line 4: a command is missing"},
	{": # nothing", "line 4: a command is missing"},
	{": sett lr 1", "line 4: unknown command 'sett'"},
	{": set lr", "line 4: usage: set"},
	{": set lr -1", "line 4: "},
	{": set lr 'x", "line 4: a quote is not closed"},
	{": set nothing 1", "line 4: "},
	{": strategy nothing", "line 4: unknown strategy"},
	{": scene nothing", "line 4: unknown scene"},
	{": data nothing", "line 4: "},
	{": nudge lr x", "line 4: "},
	{": save x", "\"save\" is no command for a lesson"},
	{": dump /tmp/x", "\"dump\" is no command for a lesson"},
	{": code x", "\"code\" is no command for a lesson"},
	{": open x", "\"open\" is no command for a lesson"},
	{": quit", "\"quit\" is no command for a lesson"},
	{": prompt x", "\"prompt\" is no command for a lesson"},
	{": lesson leave", "\"lesson\" is no command for a lesson"},
	{": undo", "\"undo\" is no command for a lesson"},
	{": rules x.json", "\"rules\" is no command for a lesson"},
	{": page help", "\"page\" is no command for a lesson"},
	{": turn 1", "\"turn\" is no command for a lesson"},
	{"* excess < 1", "belongs to a task"},
	{"~ set lr 1", "belongs to a task"},
	{"! do\n* excess", "line 5: a goal is a figure"},
	{"! do\n* excess <= 1", "line 5: a goal is a figure"},
	{"! do\n* excess < x", "line 5: the goal's number"},
	{"! do\n* exces < 1", "line 5: unknown figure or dial 'exces'"},
	{"! do\n* excess@x < 1", "line 5: \"x\" is not a number of an update"},
	{"! do\n* cut.0 < 1", "line 5: \"0\" is not a number of a cut"},
	{"! do\n* reach.x < 1", "line 5: unknown strategy 'x'"},
	{"! do\n* reach < 1", "line 5: unknown figure"},
	{"! do\n* ghost.reach.step < 1", "line 5: "},
	{"! do\n* strategy < 1", "line 5: unknown strategy"},
	{"! do\n* strategy < step", "line 5: strategy goes with ="},
	{"! do\n~ sett lr 1", "line 5: unknown command"},
	{"= excess", "line 4: after = come"},
	{"= excess x", "line 4: the figure's number"},
	{"= excess 0.5", "line 4: no text of this step names 0.5"},
	{"= excess 5", "line 4: no text of this step names 5"},
	{"0.55\n= excess 0.5", "line 5: no text of this step names 0.5"},
	{"0.5\n= excess 0.5 3", "line 5: a figure's share ends in %"},
	{"0.5\n= excess 0.5 90%", "line 5: a figure's share is above"},
	{"\033[2J", "line 4: has the control character U+001B"},
	{"a\rb", "line 4: has the control character U+000D"},
	{"\302\233", "line 4: has the control character U+009B"},
	{"\342\200\256", "line 4: has the control character U+202E"},
	{"\377", "line 4: is not UTF-8"},
	{": set data '\033]0;x\a'", "line 4: has the control character"},
};

static void check_refused(const char *text, size_t length, const char *says)
{
	struct error error = {.kind = ERROR_NONE};
	struct lesson lesson;
	char wanted[200];

	if (lesson_read(&lesson, text, length, "x\033.lesson", &error))
		fail_msg("accepted: %s", text);
	assert_null(lesson.store);
	assert_int_equal(error.kind, ERROR_FILE);
	snprintf(wanted, sizeof wanted, "x^[.lesson: line ");
	if (strncmp(error.text, wanted, strlen(wanted)) != 0 || !strstr(error.text, says))
		fail_msg("\"%s\" says \"%s\", not \"%s\"", text, error.text, says);
	for (const char *at = error.text; *at; at++)
		assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
}

static void broken_files_are_refused(void **state)
{
	char text[600];

	(void)state;
	for (size_t k = 0; k < sizeof refused / sizeof *refused; k++) {
		const char *rest = refused[k].text;

		if (strncmp(rest, "!!", 2) == 0)
			snprintf(text, sizeof text, "%s", rest + 2);
		else
			snprintf(text, sizeof text, "# T\n## S\nx\n%s\n", rest);
		check_refused(text, strlen(text), refused[k].says);
	}
	check_refused("# T\n## S\nx\0y\n", 13, "line 3: has the control character U+0000");
}

static void sizes_are_bounded(void **state)
{
	struct error error = {.kind = ERROR_NONE};
	struct lesson lesson;
	struct text text;

	(void)state;
	text_init(&text);
	text_add(&text, "# T\n");
	for (int k = 0; k < LESSON_STEPS; k++)
		text_addf(&text, "## S%d\nx\n", k);
	assert_true(lesson_read(&lesson, text.bytes, text.length, "x", &error));
	lesson_done(&lesson);
	text_add(&text, "## one more\nx\n");
	assert_false(lesson_read(&lesson, text.bytes, text.length, "x", &error));
	text_clear(&text);
	text_add(&text, "# T\n## S\nx\n");
	for (int k = 0; k < LESSON_LINES; k++)
		text_add(&text, ": set lr 0.1\n");
	assert_true(lesson_read(&lesson, text.bytes, text.length, "x", &error));
	lesson_done(&lesson);
	text_add(&text, ": set lr 0.1\n");
	assert_false(lesson_read(&lesson, text.bytes, text.length, "x", &error));
	assert_non_null(strstr(error.text, "line 28: a step has at most 24 lines"));
	text_clear(&text);
	text_add(&text, "# T\n## S\n");
	for (int k = 0; k <= LESSON_TEXT / 10; k++)
		text_add(&text, "123456789\n");
	assert_false(lesson_read(&lesson, text.bytes, text.length, "x", &error));
	assert_non_null(strstr(error.text, "longer than 1500 bytes"));
	while (text.length <= LESSON_BYTES)
		text_add(&text, "% 0123456789\n");
	assert_false(lesson_read(&lesson, text.bytes, text.length, "x", &error));
	assert_non_null(strstr(error.text, "at most 65536 bytes"));
	text_clear(&text);
	text_add(&text, "# T\n## S\nx\n: set lr '");
	for (int k = 0; k < 5000; k++)
		text_add(&text, "1");
	assert_false(lesson_read(&lesson, text.bytes, text.length, "x", &error));
	text_done(&text);
}

/* Shipped lessons with bytes changed, dropped and doubled: read or refused, never more. */
static void damaged_files_do_no_harm(void **state)
{
	unsigned random = 12345;
	char text[LESSON_BYTES];

	(void)state;
	for (int round = 0; round < 1500; round++) {
		const char *from = lesson_files[round % lesson_file_count].text;
		size_t length = strlen(from);
		struct error error = {.kind = ERROR_NONE};
		struct lesson lesson;

		memcpy(text, from, length);
		for (int k = 0; k < 1 + round % 7; k++) {
			static const char bytes[] = "\n\n#:?>!*~=%\\ '\"\033\200\377x0.e-\t";
			size_t at = (random = random * 1103515245u + 12345u) / 65536u * 7u % length;
			size_t count = (random = random * 1103515245u + 12345u) / 65536u % 40u;

			if (round % 3 == 0 && at + count < length) {
				memmove(text + at, text + at + count, length - at - count);
				length -= count;
			} else {
				text[at] = bytes[count % (sizeof bytes - 1)];
			}
		}
		if (lesson_read(&lesson, text, length, "x", &error)) {
			assert_in_range(lesson.count, 1, LESSON_STEPS);
			lesson_done(&lesson);
		} else {
			assert_non_null(strstr(error.text, "x: line "));
		}
	}
}

/* ---- files ---- */

static char folder[] = "/tmp/lrscope-lessons-XXXXXX";

static void write_lesson(const char *path, const char *text)
{
	struct error error;

	if (!file_write(path, text, strlen(text), &error))
		fail_msg("%s", error.text);
}

static void files_are_opened(void **state)
{
	struct scope *scope = open_scope();
	char path[100], line[200];

	(void)state;
	assert_non_null(mkdtemp(folder));
	must_not(scope, "lesson nothing", "unknown lesson");
	must_not(scope, "lesson limt", "nearest: limit");
	snprintf(line, sizeof line, "lesson %s/none.lesson", folder);
	must_not(scope, line, "none.lesson");
	snprintf(line, sizeof line, "lesson %s/", folder);
	must_not(scope, line, folder);
	snprintf(path, sizeof path, "%s/one.lesson", folder);
	snprintf(line, sizeof line, "lesson %s", path);
	/* What only a run can tell is told before anything is shown. */
	write_lesson(path, "# T\n## S\nx\n## U\nx\n: cursor 99999\n");
	must_not(scope, line, "one.lesson: line 6: the run has updates 0 to 1560");
	assert_null(scope->play);
	write_lesson(path, "# T\n## S\nx\n! do\n~ zoom 5 2\n");
	must_not(scope, line, "line 5: zoom FROM TO");
	write_lesson(path, "# T\n## S\nx\n: set lr 0.3\n: cursor 30\n! do\n~ set lr 0.2\n");
	must(scope, line);
	assert_dial(scope, "lr", "0.3");
	assert_int_equal((int)scope->viewpoint.cursor, 30);
	/* A data file that vanishes while the lesson is open. */
	snprintf(path, sizeof path, "%s/a.csv", folder);
	write_lesson(path, "a,y\n1,2\n2,1\n3,2\n4,5\n5,5\n6,1\n7,2\n8,2\n9,1\n");
	snprintf(path, sizeof path, "%s/two.lesson", folder);
	snprintf(line, sizeof line, "# T\n## S\nx\n! do\n~ set lr 0.05\n~ data %s/a.csv\n"
		 "## U\nx\n: data %s/a.csv\n", folder, folder);
	write_lesson(path, line);
	snprintf(line, sizeof line, "lesson %s", path);
	must(scope, line);
	snprintf(path, sizeof path, "%s/a.csv", folder);
	unlink(path);
	must_not(scope, "lesson next", "a.csv");
	assert_int_equal(scope->play->step, 0);
	must_not(scope, "lesson solve", "line 6: cannot open"); /* all of its way or nothing */
	must(scope, "lesson leave");
	assert_dial(scope, "lr", "0.1");
	close_scope(scope);
	snprintf(path, sizeof path, "%s/one.lesson", folder);
	unlink(path);
	snprintf(path, sizeof path, "%s/two.lesson", folder);
	unlink(path);
	rmdir(folder);
}

/* ---- playing ---- */

static struct scope *scope_with_past(void)
{
	struct scope *scope = open_scope();

	must(scope, "strategy cosine");
	must(scope, "set lr 0.07");
	must(scope, "ghost pin");
	must(scope, "set T_max 40");
	must(scope, "undo");
	must(scope, "answer scale small");
	must(scope, "undo"); /* one change can be done again */
	must(scope, "view validation");
	must(scope, "select epochs");
	must(scope, "zoom 100 700");
	must(scope, "cursor 333");
	snprintf(scope->path, sizeof scope->path, "mine.json");
	finish(scope);
	must(scope, "fit"); /* says nothing, takes the last message away */
	finish(scope);
	return scope;
}

static void turn_something(struct scope *scope, unsigned *random)
{
	static const char *const lines[] = {
		"turn 1", "turn -3 coarse", "select next", "strategy constant", "strategy plateau",
		"set epochs 12", "set batch 64", "ghost off", "undo", "redo", "swap", "curtain off",
		"curtain on", "view next", "zoom in", "cursor 5", "reset all", "scene ripple",
		"axis loss toggle", "play", "advance 40", "rewind", "lesson solve", "data faithful",
		"present toggle", "page lesson", "back", "apply cosine", "overlay on", "set lr 900",
		"page lessons", "scroll 2", "answer scale large", "set seed 7",
	};
	struct error error;

	*random = *random * 1103515245u + 12345u;
	tell(scope, lines[*random / 65536u % (sizeof lines / sizeof *lines)], &error);
	if (*random / 65536u % 5 == 0) {
		results_work(&scope->results, 500);
		scope_refresh(scope);
	}
	scope_tick(scope, 0.5);
}

/* The same but for padding. */
static void assert_same_look(const struct viewpoint *a, const struct viewpoint *b)
{
	assert_int_equal(a->page, b->page);
	assert_int_equal(a->loss_view, b->loss_view);
	assert_string_equal(a->selected, b->selected);
	assert_int_equal(a->curtain, b->curtain);
	assert_int_equal((int)a->cursor, (int)b->cursor);
	assert_int_equal((int)a->from, (int)b->from);
	assert_int_equal((int)a->to, (int)b->to);
	assert_int_equal((int)a->playhead, (int)b->playhead);
	assert_int_equal(a->show_momentum, b->show_momentum);
	assert_int_equal(a->rate_axis.log, b->rate_axis.log);
	assert_same(a->rate_axis.low, b->rate_axis.low);
	assert_same(a->rate_axis.high, b->rate_axis.high);
	assert_same(a->loss_axis[0].high, b->loss_axis[0].high);
}

/* Whatever is turned between the steps, leaving brings back study, undo, look and file. */
static void the_study_is_kept(void **state)
{
	struct scope *scope = scope_with_past();
	struct study own = scope->study;
	struct viewpoint look = scope->viewpoint;
	int count = scope->history.count, position = scope->history.position;
	struct study past[8];
	unsigned random = 99;
	char line[64];
	bool changed;

	(void)state;
	assert_true(count > position && position >= 3);
	for (int k = 0; k < lesson_file_count; k++) {
		snprintf(line, sizeof line, "lesson %s", lesson_files[k].name);
		must(scope, line);
		for (int i = 0; i < 25; i++) {
			for (int n = 0; n < 4; n++)
				turn_something(scope, &random);
			must(scope, i % 5 == 4 ? "lesson previous" : "lesson next");
			assert_memory_equal(lesson_own(scope, &changed), &own, sizeof own);
			assert_true(changed);
		}
		if (k % 2 == 0) /* from one lesson into the next without leaving */
			continue;
		must(scope, "lesson leave");
		finish(scope);
		assert_null(scope->play);
		assert_memory_equal(&scope->study, &own, sizeof own);
		assert_same_look(&scope->viewpoint, &look);
		assert_string_equal(scope->path, "mine.json");
		assert_true(scope->changed);
		assert_int_equal(scope->history.count, count);
		assert_int_equal(scope->history.position, position);
	}
	for (int k = 0; k < position; k++) {
		past[k % 8] = scope->study;
		must(scope, "undo");
	}
	for (int k = position - 1; k >= 0; k--) {
		must(scope, "redo");
		if (k < 8)
			assert_memory_equal(&scope->study, &past[k], sizeof own);
	}
	assert_memory_equal(&scope->study, &own, sizeof own);
	close_scope(scope);
}

static void the_program_ends_in_a_lesson(void **state)
{
	struct scope *scope = scope_with_past();
	struct study own = scope->study;
	bool changed;

	(void)state;
	scope->changed = false;
	must(scope, "lesson limit");
	must(scope, "set lr 0.9");
	assert_memory_equal(lesson_own(scope, &changed), &own, sizeof own);
	assert_false(changed);
	close_scope(scope); /* nothing leaks: the sanitizers look */
}

static void keep_takes_the_setting_along(void **state)
{
	struct scope *scope = scope_with_past();
	struct study own = scope->study, kept;
	int position = scope->history.position;

	(void)state;
	must(scope, "lesson fit");
	must(scope, "lesson 3");
	must(scope, "set lr 0.123");
	assert_true(scope->viewpoint.curtain);
	kept = scope->study;
	must(scope, "page lesson");
	must(scope, "lesson keep");
	assert_null(scope->play);
	assert_false(scope->viewpoint.curtain);
	assert_memory_equal(&scope->study, &kept, sizeof kept);
	assert_int_equal(scope->viewpoint.page, PAGE_MAIN);
	assert_int_equal(scope->history.position, position + 1);
	assert_int_equal(scope->history.count, position + 1);
	assert_string_equal(scope->path, "mine.json");
	assert_true(scope->changed);
	must(scope, "undo");
	assert_memory_equal(&scope->study, &own, sizeof own);
	must(scope, "undo");
	must(scope, "redo 2");
	assert_memory_equal(&scope->study, &kept, sizeof kept);
	close_scope(scope);
}

/* What is kept has still to be saved, also where nothing had been turned before; answers of the wizard are
 * about the person's own run, and stay. */
static void keep_loses_nothing(void **state)
{
	struct scope *scope = open_scope();
	const struct study_answer *answer;

	(void)state;
	must(scope, "answer scale small");
	scope->changed = false; /* as after a save */
	must(scope, "lesson limit");
	must(scope, "lesson 2");
	must(scope, "lesson keep");
	assert_true(scope->changed);
	answer = study_answer_to(&scope->study, "scale");
	assert_non_null(answer);
	assert_string_equal(answer->option, "small");
	close_scope(scope);
}

/* A step is the same however one comes there. */
static void steps_are_brought_about_anew(void **state)
{
	struct scope *scope = open_scope();
	struct study seen[LESSON_STEPS];
	char line[64];
	unsigned random = 7;

	(void)state;
	for (int k = 0; k < lesson_file_count; k++) {
		int count;

		snprintf(line, sizeof line, "lesson %s", lesson_files[k].name);
		must(scope, line);
		count = scope->play->lesson.count;
		for (int i = 0; i < count; i++) {
			seen[i] = scope->study;
			assert_int_equal(scope->history.count, 0);
			must(scope, "curtain off");
			scope_refresh(scope);
			must(scope, "lesson next");
		}
		for (int i = count - 1; i >= 0; i--) {
			turn_something(scope, &random);
			snprintf(line, sizeof line, "lesson %d", i + 1);
			must(scope, line);
			assert_true(memcmp(&scope->study.now, &seen[i].now, sizeof seen[i].now) == 0);
			assert_true(memcmp(&scope->study.ghost, &seen[i].ghost,
					   sizeof seen[i].ghost) == 0);
			assert_int_equal(scope->viewpoint.curtain,
					 lesson_step_now(scope)->question[0] != '\0');
		}
	}
	close_scope(scope);
}

static void next_lifts_the_curtain_first(void **state)
{
	struct scope *scope = open_scope();
	struct reading *reading = &scope->reading;

	(void)state;
	must_not(scope, "lesson next", "no lesson is open");
	must_not(scope, "lesson 2", "no lesson is open");
	must_not(scope, "lesson leave", "no lesson is open");
	must_not(scope, "page lesson", "no lesson is open");
	must(scope, "lesson plateau");
	assert_int_equal(scope->play->step, 0);
	must(scope, "lesson previous");
	assert_non_null(strstr(scope->viewpoint.message, "first step"));
	must(scope, "lesson next");
	finish(scope);
	assert_int_equal(scope->play->step, 1);
	assert_true(lesson_asks(scope) && scope->viewpoint.curtain);
	/* What the curtain hides is not told by other numbers. */
	assert_true(isnan(reading->excess) && isnan(reading->validation_loss));
	assert_true(isnan(reading->training_loss) && isnan(reading->batch_loss));
	assert_false(reading->has_plateau);
	assert_non_null(strstr(scope->verdict.text, "Space lifts the curtain"));
	must(scope, "lesson next");
	finish(scope);
	assert_int_equal(scope->play->step, 1);
	assert_false(lesson_asks(scope) || scope->viewpoint.curtain);
	assert_false(isnan(reading->excess));
	must(scope, "curtain on"); /* drawn again, the answer stays said */
	assert_false(lesson_asks(scope));
	must(scope, "lesson next");
	assert_int_equal(scope->play->step, 2);
	/* Played: answered when the run has come to its end. */
	must(scope, "play");
	scope_refresh(scope);
	assert_true(lesson_asks(scope));
	while (scope_tick(scope, 1))
		results_work(&scope->results, 100000);
	scope_refresh(scope);
	assert_false(lesson_asks(scope));
	must_not(scope, "lesson 0", "not a step from 1 to 6");
	must_not(scope, "lesson 7", "not a step from 1 to 6");
	must_not(scope, "lesson solve", "no way to show");
	must(scope, "lesson 6");
	must(scope, "lesson next");
	assert_non_null(strstr(scope->viewpoint.message, "last step"));
	close_scope(scope);
}

static void a_lesson_does_not_touch_files(void **state)
{
	struct scope *scope = scope_with_past();
	struct error error;
	struct study other;

	(void)state;
	study_init(&other);
	must(scope, "lesson rise");
	assert_string_equal(scope->path, "");
	assert_false(scope_replace(scope, &other, &error));
	assert_non_null(strstr(error.text, "a lesson is open"));
	must(scope, "lesson leave");
	close_scope(scope);
}

/* The n-th allocation fails while a lesson is opened, played, kept or left. */
static void memory_runs_out(void **state)
{
	static const char *const lines[] = {"lesson shape", "lesson next", "set lr 0.2",
					    "lesson 4", "lesson noise", "lesson solve",
					    "lesson leave"};
	struct scope *scope = scope_with_past();
	struct study own = scope->study;
	struct error error;
	bool changed;
	long n = 0, failures = 0;

	(void)state;
	for (n = 0; n < 60; n++) {
		for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
			struct command command;

			assert_true(command_parse(&command, lines[k], &error));
			if (k == 2 && scope->play == NULL)
				continue;
			allocations_left = n;
			failures += !scope_command(scope, &command, &error);
			allocations_left = -1;
			assert_memory_equal(lesson_own(scope, &changed), &own, sizeof own);
		}
		if (scope->play != NULL)
			must(scope, "lesson leave");
		assert_memory_equal(&scope->study, &own, sizeof own);
	}
	assert_true(failures > 10);
	close_scope(scope);
}

static void figures_have_names(void **state)
{
	struct scope *scope = open_scope();
	struct figure figure;
	static const struct {
		const char *name;
		double value;
	} known[] = {
		{"updates", 1560}, {"batches", 52}, {"max_lr", 0.1}, {"lr", 0.1}, {"epochs", 30},
		{"total_steps", 1560}, {"strategy", STRATEGY_ONECYCLE}, {"cuts", 0}, {"batch", 16},
	};

	(void)state;
	finish(scope);
	for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
		assert_true(figure_parse(&figure, known[k].name, NULL));
		assert_same(figure_value(scope, &figure), known[k].value);
	}
	assert_true(figure_parse(&figure, "T_max", NULL)); /* not a dial of the strategy in front */
	assert_true(isnan(figure_value(scope, &figure)));
	assert_true(figure_parse(&figure, "above_from", NULL));
	assert_true(isnan(figure_value(scope, &figure)));
	assert_true(figure_parse(&figure, "excess@999999", NULL));
	assert_true(isnan(figure_value(scope, &figure)));
	assert_true(figure_parse(&figure, "ghost.excess", NULL));
	must(scope, "ghost off");
	finish(scope);
	assert_true(isnan(figure_value(scope, &figure)));
	assert_false(figure_parse(&figure, "", NULL));
	assert_false(figure_parse(&figure, "@", NULL));
	assert_false(figure_parse(&figure, "ghost.", NULL));
	assert_false(figure_parse(&figure, "ghost.max_lr", NULL));
	assert_false(figure_parse(&figure, "limit@3", NULL));
	close_scope(scope);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped_ones_are_whole),
		cmocka_unit_test(figures_and_tasks_hold),
		cmocka_unit_test(every_measured_number_is_claimed),
		cmocka_unit_test(a_file_is_read),
		cmocka_unit_test(the_guide_is_right),
		cmocka_unit_test(broken_files_are_refused),
		cmocka_unit_test(sizes_are_bounded),
		cmocka_unit_test(damaged_files_do_no_harm),
		cmocka_unit_test(files_are_opened),
		cmocka_unit_test(the_study_is_kept),
		cmocka_unit_test(the_program_ends_in_a_lesson),
		cmocka_unit_test(keep_takes_the_setting_along),
		cmocka_unit_test(keep_loses_nothing),
		cmocka_unit_test(steps_are_brought_about_anew),
		cmocka_unit_test(next_lifts_the_curtain_first),
		cmocka_unit_test(a_lesson_does_not_touch_files),
		cmocka_unit_test(memory_runs_out),
		cmocka_unit_test(figures_have_names),
	};

	setenv("LANGUAGE", "en", 1);
	return cmocka_run_group_tests_name("lessons", tests, NULL, NULL);
}
