/* The n-th allocation fails, for every n, over scripts that use every command of the explorer: the
 * command is refused with a sentence and nothing changed, or did not need it; said again it works,
 * and everything after it gives the same study as if nothing had failed; nothing is leaked.
 *
 *	FAULTS_ONLY=N     that n alone, for a debugger
 *	FAULTS_STRIDE=N   every N-th n only (67); 1: all of them, `make faults`
 *	FAULTS_LASTING=1  not only the n-th fails, but all from there on until the command has ended */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "explorer/check.h"
#include "explorer/drive.h"
#include "study/saved.h"

/* ---- the calls that fail ---- */

static struct {
	bool counting, failing;
	long calls, fail_at; /* 0: none */
	bool lasting;
	long failed, live;
} memory;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *string);
void __real_free(void *old);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *string);
void __wrap_free(void *old);

static bool fails(void)
{
	if (!memory.counting)
		return false;
	memory.calls++;
	if (memory.fail_at == 0 || memory.calls < memory.fail_at ||
	    (memory.calls > memory.fail_at && !memory.lasting) || !memory.failing)
		return false;
	memory.failed++;
	return true;
}

static void *counted(void *made)
{
	memory.live += memory.counting && made != NULL;
	return made;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
	void *made;

	if (fails())
		return NULL;
	made = __real_realloc(old, size);
	memory.live += memory.counting && old == NULL && made != NULL;
	return made;
}

char *__wrap_strdup(const char *string)
{
	return fails() ? NULL : counted(__real_strdup(string));
}

void __wrap_free(void *old)
{
	memory.live -= memory.counting && old != NULL;
	__real_free(old);
}

/* ---- scripts ---- */

/* Lines that begin with '!' are typed and completed, not carried out; "@N" works N updates. After
 * each line the screen is drawn. */
static const char *const dials[] = {
	"set max_lr 0.2", "nudge max_lr 3", "turn 1 fine", "strategy cosine", "set T_max 40",
	"ghost pin", "strategy cyclic", "swap", "undo 2", "redo", "reset all", "scene lost",
	"ghost cosine", "!set b", "!strategy ", "!data c", "@500", "show study", "show reading", NULL,
};
static const char *const views[] = {
	"set epochs 3", "cursor 10", "zoom 5 40", "pan right", "zoom out", "view batch",
	"axis rate log", "axis loss toggle", "fit", "overlay on", "play", "pause", "advance 3",
	"rewind", "curtain on", "curtain off", "page help", "scroll 2", "page code", "page strategy",
	"page scenes", "scroll 1", "back", "select optimizer",
	"edit", "back", "select last", "present on", "present off", "redraw", "prompt",
	"back", NULL,
};
static const char *const wizard[] = {
	"set epochs 2", "page wizard", "question next", "answer scale small", "answer model deep",
	"decisive model", "favourite next", "length samples 1000", "length batch 10",
	"length epochs 5", "apply", "rules rules.json", "rules default", "page wizard", "race",
	"@3000", "page race", "race stop", "!answer ", "!rules ", NULL,
};
static const char *const lessons[] = {
	"set epochs 2", "page lessons", "lesson limit", "lesson next", "lesson 3", "page lesson",
	"lesson previous", "lesson leave", "lesson own.lesson", "lesson 2", "lesson solve",
	"show lesson", "lesson keep", "!lesson ", NULL,
};
static const char *const files[] = {
	"set epochs 2", "data table.csv", "data table.csv a", "set max_lr 0.01", "save saved",
	"set max_lr 0.02", "save", "open ./other.json", "open saved", "code code.py",
	"dump screen.txt", "show verdict", "show reach", "suspend", "quit", NULL,
};
static const char *const *const scripts[] = {dials, views, wizard, lessons, files};

/* What reads and writes JSON: short, so that each n is always tried. */
static const char *const json[] = {
	"set epochs 1", "data table.csv", "rules rules.json", "save saved", "rules default", "open saved",
	"open ./other.json", "lesson own.lesson", "lesson keep", "save", "page strategy", "back", NULL,
};

static const char table[] = "a,b,y\n1,2,3\n2,1,4\n3,5,1\n4,4,2\n5,1,7\n6,2,2\n7,1,3\n8,8,9\n";

static struct drive drive;

static void must(bool done, const struct error *error, const char *where)
{
	if (!done)
		fail_msg("%s: %s", where, error->text);
}

/* Carries out one line and draws. */
static bool step(const char *line)
{
	bool done = true;

	if (line[0] == '!')
		drive_type(&drive, line + 1);
	else if (line[0] == '@')
		drive_work(&drive, atol(line + 1));
	else
		done = drive_line(&drive, line);
	drive_draw(&drive);
	return done;
}

static void check(const char *line)
{
	struct why why;

	if (scope_wrong(&drive.scope, &why))
		fail_msg("allocation %ld, %s: %s", memory.fail_at, line, why.text);
	if (canvas_wrong(&drive.canvas, &why))
		fail_msg("allocation %ld, %s: %s", memory.fail_at, line, why.text);
}

/* A saved study is whole at any time. */
static void check_file(const char *line)
{
	struct error error = {.kind = ERROR_NONE};
	static struct study study;

	if (access("saved.json", F_OK) != 0)
		return;
	study_init(&study);
	if (!saved_open(&study, "saved.json", FILE_ANY, &error))
		fail_msg("allocation %ld, %s: %s", memory.fail_at, line, error.text);
}

/* A line in which an allocation may fail: then it is said again without. */
static void step_failing(const char *line)
{
	static struct study before;
	bool done;

	before = drive.scope.study;
	memory.failing = true;
	done = step(line);
	memory.failing = false;
	memory.counting = false;
	check(line);
	if (!done) {
		if (drive.error.text[0] == '\0')
			fail_msg("allocation %ld, %s: refused without a sentence", memory.fail_at,
				 line);
		if (memcmp(&before, &drive.scope.study, sizeof before) != 0)
			fail_msg("allocation %ld, %s: refused, and changed", memory.fail_at, line);
	}
	check_file(line);
	memory.counting = true;
	if (!done) {
		memory.fail_at = 0;
		must(step(line), &drive.error, line);
	}
}

/* One script with allocation `n` failing (0: none). Leaves the study in `end`; returns the number of
 * allocations. */
static long play(const char *const *script, long n, struct study *end, long *live)
{
	struct error error = {.kind = ERROR_NONE};
	bool failed_once;

	unlink("saved.json");
	memory.calls = memory.failed = memory.live = 0;
	memory.fail_at = n;
	memory.counting = true;
	memory.failing = true;
	if (!drive_open(&drive, 80, 24, &error)) {
		memory.failing = false;
		if (memory.failed == 0 || error.kind != ERROR_MEMORY)
			fail_msg("allocation %ld: no start: %s", n, error.text);
		drive_close(&drive);
		if (memory.live != 0)
			fail_msg("allocation %ld: %ld leaked at the start", n, memory.live);
		memory.counting = false;
		return memory.calls;
	}
	drive.files = true;
	for (int k = 0; script[k]; k++) {
		failed_once = memory.failed > 0;
		if (n == 0 || failed_once) {
			memory.failing = false;
			must(step(script[k]), &drive.error, script[k]);
		} else {
			step_failing(script[k]);
		}
	}
	*end = drive.scope.study;
	drive_close(&drive);
	memory.counting = false;
	*live = memory.live;
	return memory.calls;
}

static long stride(void)
{
	const char *word = getenv("FAULTS_STRIDE");

	return word && atol(word) > 0 ? atol(word) : 67;
}

static long first(void)
{
	const char *word = getenv("FAULTS_ONLY");

	return word ? atol(word) : 0;
}

static void play_all(const char *const *script, long every)
{
	static struct study reference, study;
	long count, tried = 0, left, live;

	play(script, 0, &reference, &left); /* what is set up once, is */
	count = play(script, 0, &reference, &left);
	for (long n = first() ? first() : 1; n <= count; n += first() ? count : every) {
		live = left;
		study = reference;
		play(script, n, &study, &live);
		tried++;
		if (memcmp(&study, &reference, sizeof study) != 0)
			fail_msg("allocation %ld: another study in the end", n);
		if (live != left)
			fail_msg("allocation %ld: %ld leaked", n, live - left);
	}
	assert_int_equal(left, 0);
	print_message("# %ld of %ld allocations failed\n", tried, count);
}

static void script_survives(void **state)
{
	play_all(*state, stride());
}

static void json_survives(void **state)
{
	bool lasting = memory.lasting;

	(void)state;
	for (int way = 0; way < 2; way++) {
		memory.lasting = way;
		play_all(json, 1);
	}
	memory.lasting = lasting;
}

/* Every command is in a script. */
static void every_command_is_played(void **state)
{
	struct command command;

	(void)state;
	for (int id = 0; id < COMMAND_COUNT; id++) {
		bool found = false;

		for (size_t s = 0; s < sizeof scripts / sizeof *scripts; s++)
			for (int k = 0; scripts[s][k]; k++)
				found |= strchr("!@", scripts[s][k][0]) == NULL &&
					 command_parse(&command, scripts[s][k], NULL) &&
					 (int)command.id == id;
		if (!found)
			fail_msg("%s is in no script", command_rows[id].name);
	}
}

/* ---- a folder of its own ---- */

static char folder[] = "/tmp/lrscope-faults-XXXXXX";
static char home[4096];

static void put(const char *name, const char *bytes, size_t length)
{
	struct error error = {.kind = ERROR_NONE};

	must(file_write(name, bytes, length, &error), &error, name);
}

static int enter(void **state)
{
	struct error error = {.kind = ERROR_NONE};
	const char *top = getenv("top_srcdir");
	char path[4096];
	struct text text;
	struct study study;

	(void)state;
	memory.lasting = getenv("FAULTS_LASTING") != NULL;
	text_init(&text);
	snprintf(path, sizeof path, "%s/data/rules.json", top ? top : ".");
	if (!file_read(&text, path, 1 << 20, &error) || !getcwd(home, sizeof home) ||
	    !mkdtemp(folder) || chdir(folder) != 0)
		return -1;
	setenv("XDG_DATA_HOME", folder, 1);
	put("rules.json", text.bytes, text.length);
	put("table.csv", table, sizeof table - 1);
	text_clear(&text);
	text_add(&text, "# Own\nAbout it.\n\n## One\n: strategy cosine\nText.\n\n## Two\n: set epochs 2\n"
			"More.\n! Lower it.\n* excess < 1000\n~ set max_lr 0.05\n");
	put("own.lesson", text.bytes, text.length);
	text_clear(&text);
	study_init(&study);
	saved_write(&study, NULL, &text);
	put("other.json", text.bytes, text.length);
	text_done(&text);
	return 0;
}

static int leave(void **state)
{
	char command[200];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return chdir(home) != 0 || system(command) != 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_is_played),
		{"dials", script_survives, NULL, NULL, (void *)dials},
		{"views", script_survives, NULL, NULL, (void *)views},
		{"wizard", script_survives, NULL, NULL, (void *)wizard},
		{"lessons", script_survives, NULL, NULL, (void *)lessons},
		{"files", script_survives, NULL, NULL, (void *)files},
		cmocka_unit_test(json_survives),
	};

	return cmocka_run_group_tests_name("faults-explorer", tests, enter, leave);
}
