/* A long life: random keys, commands, clicks, ticks and resizes; every invariant after each step, and
 * now and then back as far as undo reaches and forth again, which must give both studies byte for
 * byte. Memory in use stays below the bound that the depth of undo gives.
 *
 *	SOAK_STEPS=N   100000 with `make soak`, 1500 unless given
 *	SOAK_SEED=N    another walk */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <malloc.h>
#include <unistd.h>

#include <cmocka.h>

#include "explorer/check.h"
#include "explorer/drive.h"
#include "study/lesson.h"

#define UNDO_LEAST 1000 /* changes that can be undone */
#define TOUR 3000       /* steps from one way back and forth to the next */

static struct drive drive;
static uint64_t state;

/* SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t random_next(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static int below(int bound)
{
	return (int)(random_next() % (unsigned)bound);
}

/* ---- what happens ---- */

static const char *const numbers[] = {
	"0", "1", "-1", "0.1", "0.5", "1e-3", "2", "3", "10", "30", "100", "1000", "1e5", "1e8",
	"1e-300", "1e300", "1.7e308", "5e-324", "-0.3", "0.999", "16", "full", "auto", "None", "true",
	"false", "cos", "linear", "nan", "x", "", "0.9,0.99", "1,2,3", "adam", "sgd", "cars", "faithful",
};
static const char *const lines[] = {
	"undo 3", "redo 2", "reset all", "reset", "ghost pin", "ghost before", "ghost off",
	"ghost step", "swap", "scene lost", "scene start", "data stackloss", "data cars",
	"data concrete", "zoom 10 200", "zoom in", "zoom out", "cursor 77", "cursor +epoch",
	"cursor -40", "play 3000", "play", "advance 50", "axis loss log", "axis rate log",
	"view validation", "page wizard", "page race", "page lesson", "answer scale small",
	"answer task nlp", "answer model unknown", "decisive scale", "length samples 5e4",
	"length batch 32", "length epochs 7", "length epochs none", "apply", "apply cosine",
	"question next", "favourite next", "race", "race stop", "lesson limit", "lesson noise",
	"lesson next", "lesson solve", "lesson leave", "lesson keep", "present toggle",
	"curtain toggle", "scroll 7", "back", "fit", "set nesterov true; set momentum 0.9",
	"set optimizer adamw; set lr 0.01", "set step_per batch", "set batch 64",
	"set validation 0", "set shuffle no", "set epochs 3", "set seed 5", "set split tail",
	"show study", "code",
};

static void say_something(void)
{
	char line[300];
	struct dial dials[STUDY_DIALS];
	unsigned count = study_dials(&drive.scope.study, dials);

	if (below(3) > 0) {
		drive_line(&drive, lines[below(sizeof lines / sizeof *lines)]);
		return;
	}
	snprintf(line, sizeof line, "set %s '%s'", dials[below((int)count)].parameter->name,
		 numbers[below(sizeof numbers / sizeof *numbers)]);
	drive_line(&drive, line);
}

static void type_something(void)
{
	char line[40];
	int length = below(12);

	for (int k = 0; k < length; k++)
		line[k] = " setablnorcdip;'\\\"0123.,-\x1b\x80\xc3\xa9"[below(28)];
	line[length] = '\0';
	drive_type(&drive, line);
	if (below(4) == 0)
		drive_line(&drive, line);
}

static void act(void)
{
	int what = below(100);

	if (what < 60)
		drive_key(&drive, key_rows[below(key_count)].key);
	else if (what < 82)
		say_something();
	else if (what < 86)
		type_something();
	else if (what < 90)
		drive_resize(&drive, below(210), below(66));
	else if (what < 94)
		drive_click(&drive, below(210), below(66));
	else if (what < 97)
		scope_tick(&drive.scope, below(50) == 0 ? -1e9 : below(1000) * 1e-3);
	else if (what < 98)
		drive.canvas.ascii = !drive.canvas.ascii;
	else
		drive_work(&drive, below(20000));
	drive.quit = false;
}

/* ---- what holds ---- */

static void check(long step)
{
	struct why why;

	if (scope_wrong(&drive.scope, &why))
		fail_msg("step %ld: %s", step, why.text);
	if (below(3) > 0)
		return;
	drive_work(&drive, 300);
	drive_draw(&drive);
	if (refreshed_wrong(&drive.scope, &why) || canvas_wrong(&drive.canvas, &why))
		fail_msg("step %ld, drawn: %s", step, why.text);
	if (step % 16 == 0 && study_unlike_its_file(&drive.scope.study, &why))
		fail_msg("step %ld: %s", step, why.text);
}

static void leave_lesson(void)
{
	if (drive.scope.play)
		drive_line(&drive, "lesson leave");
}

/* Back as far as it reaches, and forth. */
static void check_undo(long step)
{
	static struct study first, last;
	struct history *history = &drive.scope.history;
	struct error error = {.kind = ERROR_NONE};
	int changes;

	leave_lesson();
	while (history_redo(history, &drive.scope.study, NULL))
		;
	last = drive.scope.study;
	first = last;
	changes = 0;
	while (history_undo(history, &first, &error))
		changes++;
	assert_int_equal(changes, history->count);
	for (int k = 0; k < changes; k++)
		assert_true(history_redo(history, &first, &error));
	if (memcmp(&first, &last, sizeof last) != 0)
		fail_msg("step %ld: %d changes back and forth give another study", step, changes);
	/* And by the commands, which go through the results as well. */
	if (changes > 0) {
		assert_true(drive_line(&drive, "undo 1000000"));
		assert_int_equal(history->position, 0);
		assert_true(drive_line(&drive, "redo 1000000"));
		assert_memory_equal(&drive.scope.study, &last, sizeof last);
	}
}

/* Changes are bytes that differ: far below a whole study each. */
static void check_memory(long step, size_t base)
{
	const struct history *history = &drive.scope.history;
	size_t used = mallinfo2().uordblks + mallinfo2().hblkhd;
	size_t most = base + (64u << 20) + history->bytes;

	assert_true(history->bytes <= (size_t)HISTORY_CHANGES * sizeof(struct study));
	if (used > most)
		fail_msg("step %ld: %zu bytes in use, %zu of them undo; at most %zu", step, used,
			 history->bytes, most);
}

static long number_of(const char *name, long standard)
{
	const char *word = getenv(name);

	return word ? atol(word) : standard;
}

static void a_long_life(void **unused)
{
	struct error error = {.kind = ERROR_NONE};
	long steps = number_of("SOAK_STEPS", 1500);
	size_t base = mallinfo2().uordblks;

	(void)unused;
	assert_true(HISTORY_CHANGES >= UNDO_LEAST);
	state = (uint64_t)number_of("SOAK_SEED", 1);
	if (!drive_open(&drive, 80, 24, &error))
		fail_msg("%s", error.text);
	for (long step = 1; step <= steps; step++) {
		act();
		check(step);
		if (step % TOUR == 0 || step == steps)
			check_undo(step);
		if (step % 500 == 0)
			check_memory(step, base);
	}
	print_message("# %ld steps, %d changes in %zu bytes\n", steps, drive.scope.history.count,
		      drive.scope.history.bytes);
	drive_close(&drive);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_life),
	};

	return cmocka_run_group_tests_name("soak", tests, NULL, NULL);
}
