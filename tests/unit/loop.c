/* The loop under a clock of the test's own: what comes when is written down, and waiting takes no time.
 * The rest of the room and poll() are played here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <string.h>
#include <time.h>

#include "terminal/inside.h"
#include "terminal/loop.h"
#include "terminal/screen.h"

#define MS INT64_C(1000000)
#define NEVER INT64_MAX

/* ---- the world ---- */

enum { INPUT = 100, SIGNALS, OUTPUT, THINGS = 512 };
enum what { RESIZE, KEY };

static struct {
	int64_t now;
	struct {
		int64_t at;
		enum what what;
		bool taken;
	} things[THINGS];
	int count;
	int64_t blocked_until; /* the terminal takes no output before */
	int sleeps;            /* waits that nothing but the outside could end */
	int polls, sizes, settled;
	bool wide; /* 200x60, else 80x24 */
	bool wall_clock;
} world;

static void happens(int64_t at, enum what what)
{
	assert_true(world.count < THINGS);
	world.things[world.count].at = at;
	world.things[world.count].taken = false;
	world.things[world.count++].what = what;
}

/* The first of them that has come and was not taken; -1 without. */
static int waiting(enum what what)
{
	for (int i = 0; i < world.count; i++)
		if (!world.things[i].taken && world.things[i].what == what &&
		    world.things[i].at <= world.now)
			return i;
	return -1;
}

static int64_t next_thing(void)
{
	int64_t next = world.blocked_until > world.now ? world.blocked_until : NEVER;
	for (int i = 0; i < world.count; i++)
		if (!world.things[i].taken && world.things[i].at < next)
			next = world.things[i].at;
	return next;
}

static int ready(struct pollfd *all, nfds_t count)
{
	int found = 0;
	for (nfds_t i = 0; i < count; i++) {
		bool is_ready = (all[i].fd == INPUT && waiting(KEY) >= 0) ||
				(all[i].fd == SIGNALS && waiting(RESIZE) >= 0) ||
				(all[i].fd == OUTPUT && world.now >= world.blocked_until);
		all[i].revents = is_ready ? all[i].events : 0;
		found += is_ready;
	}
	return found;
}

int __wrap_poll(struct pollfd *all, nfds_t count, int milliseconds);
int __wrap_poll(struct pollfd *all, nfds_t count, int milliseconds)
{
	int found = ready(all, count);
	assert_true(++world.polls < 100000); /* it turns on the spot */
	if (found || milliseconds == 0)
		return found;
	int64_t until = next_thing();
	if (milliseconds > 0 && world.now + milliseconds * MS < until)
		until = world.now + milliseconds * MS;
	if (milliseconds < 0)
		world.sleeps++;
	if (until == NEVER) { /* a key wakes it up, a minute later */
		until = world.now + 60000 * MS;
		happens(until, KEY);
	}
	world.now = until;
	return ready(all, count);
}

int __wrap_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_gettime(clockid_t id, struct timespec *now)
{
	world.wall_clock = world.wall_clock || id != CLOCK_MONOTONIC;
	now->tv_sec = (time_t)(world.now / (1000 * MS));
	now->tv_nsec = (long)(world.now % (1000 * MS));
	return 0;
}

static int64_t clock_now(void *context)
{
	assert_ptr_equal(context, &world);
	return world.now;
}

/* ---- the rest of the room ---- */

int screen_input(void)
{
	return INPUT;
}

int screen_output(void)
{
	return OUTPUT;
}

void screen_leave(void)
{
	fail();
}

void screen_return(void)
{
	fail();
}

void screen_adopt_size(void)
{
	world.sizes++;
}

void screen_size(int *columns, int *rows)
{
	*columns = world.wide ? 200 : 80;
	*rows = world.wide ? 60 : 24;
}

bool screen_in_foreground(void)
{
	return true;
}

bool output_flush(void)
{
	return world.now >= world.blocked_until;
}

void settle(void)
{
	world.settled++;
}

int rescue_descriptor(void)
{
	return SIGNALS;
}

void rescue_drain(void)
{
}

/* Signals of a kind that nobody has looked at are one. */
bool rescue_take(enum rescue_note note)
{
	int at;
	bool found = false;
	while (note == NOTE_RESIZE && (at = waiting(RESIZE)) >= 0)
		found = world.things[at].taken = true;
	return found;
}

int rescue_take_end(void)
{
	return 0;
}

void rescue_stop(int signal)
{
	(void)signal;
	fail();
}

enum keys_result keys_next(struct event *event)
{
	int at = waiting(KEY);
	if (at < 0)
		return KEYS_NOTHING;
	world.things[at].taken = true;
	event->kind = EVENT_KEY;
	strcpy(event->key, "x");
	return KEYS_EVENT;
}

/* ---- help ---- */

static void open_loop(struct loop *loop)
{
	struct error error;
	memset(&world, 0, sizeof world);
	world.now = 5000 * MS;
	assert_true(loop_open(loop, clock_now, &world, &error));
}

static void expect(struct loop *loop, enum event_kind kind, int64_t at)
{
	struct event event;
	assert_true(loop_next(loop, false, &event));
	assert_int_equal(event.kind, kind);
	assert_int_equal(world.now, at);
}

/* Nothing is left to happen by itself: it sleeps, without a timer, until a key. */
static void expect_sleep(struct loop *loop)
{
	int sleeps = world.sleeps;
	int64_t from = world.now;
	struct event event;
	assert_true(loop_next(loop, false, &event));
	assert_int_equal(event.kind, EVENT_KEY);
	assert_int_equal(world.now, from + 60000 * MS);
	assert_int_equal(world.sleeps, sleeps + 1);
	loop_close(loop);
}

/* ---- resizes ---- */

static void test_single_resizes(void **state)
{
	struct loop loop;
	(void)state;
	open_loop(&loop);
	int64_t from = world.now;
	for (int i = 0; i < 5; i++)
		happens(from + i * 200 * MS, RESIZE);
	for (int i = 0; i < 5; i++) { /* each at once */
		expect(&loop, EVENT_RESIZE, from + i * 200 * MS);
		assert_int_equal(world.sizes, i + 1);
	}
	expect_sleep(&loop);
}

/* 60 in 0.6 s, as of a window that is dragged: the first at once, the last when they pause, some on the
 * way; where a screen takes more bytes, fewer. */
static void test_burst(void **state)
{
	(void)state;
	for (int wide = 0; wide < 2; wide++) {
		struct loop loop;
		struct event event;
		open_loop(&loop);
		world.wide = wide;
		int64_t from = world.now, every = wide ? 480 * MS : 77 * MS; /* 40 us a cell */
		for (int i = 0; i < 60; i++)
			happens(from + i * 10 * MS, RESIZE);
		for (int i = 0; i * every < 590 * MS; i++)
			expect(&loop, EVENT_RESIZE, from + i * every);
		assert_int_equal(world.sizes, wide ? 2 : 8);
		assert_true(loop_next(&loop, false, &event));
		assert_int_equal(event.kind, EVENT_RESIZE);
		assert_in_range(world.now - from, 590 * MS, 630 * MS);
		expect_sleep(&loop);
	}
}

/* Whatever their rhythm: a burst is never drawn more often than its bytes allow or it pauses, and the
 * last size is always taken over. */
static void test_bursts_of_any_rhythm(void **state)
{
	(void)state;
	for (int pause = 0; pause < 100; pause++) {
		struct loop loop;
		struct event event;
		int64_t last = 0;
		open_loop(&loop);
		int64_t from = world.now, end = from + 59 * pause * MS;
		for (int i = 0; i < 60; i++)
			happens(from + i * pause * MS, RESIZE);
		int count = 0;
		while (loop_next(&loop, false, &event) && event.kind == EVENT_RESIZE) {
			assert_true(count == 0 || world.now - last >= 40 * MS);
			last = world.now;
			count++;
		}
		assert_int_equal(event.kind, EVENT_KEY); /* of the sleep after it */
		assert_true(last >= end && last <= end + 40 * MS);
		assert_in_range(count, 1, 2 + (end - from) / (pause >= 40 ? 40 * MS : 76 * MS));
		assert_int_equal(world.sizes, count);
		loop_close(&loop);
	}
}

/* Keys do not wait for the end of a burst. */
static void test_keys_in_a_burst(void **state)
{
	struct loop loop;
	(void)state;
	open_loop(&loop);
	int64_t from = world.now;
	for (int i = 0; i < 20; i++)
		happens(from + i * 3 * MS, RESIZE);
	happens(from + 10 * MS, KEY);
	expect(&loop, EVENT_RESIZE, from);
	expect(&loop, EVENT_KEY, from + 10 * MS);
	expect(&loop, EVENT_RESIZE, from + 77 * MS);
	expect_sleep(&loop);
}

/* ---- the timer ---- */

static void test_timer(void **state)
{
	struct loop loop;
	(void)state;
	open_loop(&loop);
	int64_t from = world.now;
	loop_arm(&loop, 66);
	happens(from + 20 * MS, KEY);
	expect(&loop, EVENT_KEY, from + 20 * MS);
	expect(&loop, EVENT_TICK, from + 66 * MS); /* which the key did not put off */
	assert_int_equal(world.sleeps, 0);
	loop_arm(&loop, 10);
	loop_arm(&loop, 30);
	expect(&loop, EVENT_TICK, from + 96 * MS);
	loop_arm(&loop, 10);
	loop_disarm(&loop);
	expect_sleep(&loop); /* once, and never again */
}

/* Work is not held up by the timer, nor the timer by work. */
static void test_timer_at_work(void **state)
{
	struct loop loop;
	struct event event;
	(void)state;
	open_loop(&loop);
	int64_t from = world.now;
	loop_arm(&loop, 66);
	happens(from + 33 * MS, KEY);
	for (int slice = 0; slice < 8; slice++) {
		assert_int_equal(world.now, from + slice * 10 * MS);
		bool came = loop_next(&loop, true, &event);
		assert_int_equal(came, slice == 4 || slice == 7);
		assert_int_equal(event.kind, slice == 4 ? EVENT_KEY : slice == 7 ? EVENT_TICK
								 : EVENT_NONE);
		world.now += 10 * MS;
	}
	expect_sleep(&loop);
}

/* An hour in which the machine slept is one tick, one resize; nothing is caught up on. */
static void test_clock_jumps(void **state)
{
	struct loop loop;
	(void)state;
	open_loop(&loop);
	int64_t from = world.now, later = from + 3600000 * MS;
	happens(from, RESIZE);
	expect(&loop, EVENT_RESIZE, from);
	happens(from + MS, RESIZE);
	world.now = from + MS;
	loop_arm(&loop, 66);
	struct event event;
	assert_false(loop_next(&loop, true, &event)); /* the resize is noted, and waits */
	world.now = later;
	expect(&loop, EVENT_RESIZE, later);
	expect(&loop, EVENT_TICK, later);
	loop_arm(&loop, 66);
	expect(&loop, EVENT_TICK, later + 66 * MS);
	expect_sleep(&loop);
}

/* The clock on the wall, which people and networks set, is never asked. */
static void test_monotonic(void **state)
{
	struct loop loop;
	struct error error;
	struct event event;
	(void)state;
	open_loop(&loop);
	assert_true(loop_open(&loop, NULL, NULL, &error));
	int64_t from = world.now;
	assert_int_equal(loop_now(&loop), from);
	loop_arm(&loop, 66);
	assert_true(loop_next(&loop, false, &event));
	assert_int_equal(event.kind, EVENT_TICK);
	assert_int_equal(world.now, from + 66 * MS);
	assert_false(world.wall_clock);
	expect_sleep(&loop);
}

/* ---- frames ---- */

/* Keys come first, while the last frame is new; then it is drawn although more are queued. */
static void test_frames_between_keys(void **state)
{
	struct loop loop;
	struct event event;
	(void)state;
	open_loop(&loop);
	int64_t from = world.now;
	assert_true(loop_can_draw(&loop));
	loop_frame_shown(&loop, false);
	for (int i = 0; i < 100; i++)
		happens(from, KEY);
	int frames = 0;
	for (int i = 0; i < 100; i++) {
		assert_true(loop_next(&loop, false, &event));
		assert_int_equal(event.kind, EVENT_KEY);
		if (loop_can_draw(&loop)) {
			loop_frame_shown(&loop, false);
			frames++;
		}
		world.now += MS;
	}
	assert_in_range(frames, 100 / 16, 100 / 16 + 1); /* the last one after the last key */
	expect_sleep(&loop);
}

/* A terminal that takes nothing is not waited for; EVENT_OUTPUT comes when it does. */
static void test_blocked_output(void **state)
{
	struct loop loop;
	(void)state;
	open_loop(&loop);
	int64_t from = world.now;
	world.blocked_until = from + 5000 * MS;
	assert_false(loop_can_draw(&loop));
	happens(from + 10 * MS, KEY);
	happens(from + 20 * MS, RESIZE);
	expect(&loop, EVENT_KEY, from + 10 * MS);
	expect(&loop, EVENT_RESIZE, from + 20 * MS);
	assert_false(loop_can_draw(&loop));
	expect(&loop, EVENT_OUTPUT, from + 5000 * MS);
	assert_true(loop_can_draw(&loop));
	expect_sleep(&loop);
}

/* Memory settles before the first wait that only the outside ends, and before no other. */
static void test_settling(void **state)
{
	struct loop loop;
	struct event event;
	(void)state;
	open_loop(&loop);
	for (int i = 1; i < 5; i++) {
		loop_arm(&loop, 10); /* waited for with a timer */
		assert_true(loop_next(&loop, false, &event));
		assert_int_equal(event.kind, EVENT_TICK);
		assert_int_equal(world.settled, i > 1);
		assert_true(loop_next(&loop, false, &event)); /* a key, a minute later */
		assert_int_equal(world.sleeps, i);
		assert_int_equal(world.settled, 1);
	}
	loop_close(&loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_single_resizes),
		cmocka_unit_test(test_burst),
		cmocka_unit_test(test_bursts_of_any_rhythm),
		cmocka_unit_test(test_keys_in_a_burst),
		cmocka_unit_test(test_timer),
		cmocka_unit_test(test_timer_at_work),
		cmocka_unit_test(test_clock_jumps),
		cmocka_unit_test(test_monotonic),
		cmocka_unit_test(test_frames_between_keys),
		cmocka_unit_test(test_blocked_output),
		cmocka_unit_test(test_settling),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
