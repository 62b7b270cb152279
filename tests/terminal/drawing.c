/* What reaches the terminal: sizes, colours, characters, the cursor, and how many bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pty.h"

static const char *const client[] = {"tests/terminal/client", NULL};
static const char *const ascii[] = {"tests/terminal/client", "--ascii", NULL};
static const char *const always[] = {"tests/terminal/client", "--color=always", NULL};
static const char *const never[] = {"tests/terminal/client", "--color=never", NULL};
static const char *const mouse[] = {"tests/terminal/client", "--mouse", NULL};
static const char *const busy[] = {"tests/terminal/client", "--work=20000", NULL};

static void start(struct pty *pty, const struct pty_options *options)
{
	pty_start(pty, options);
	pty_wait(pty, 'i');
}

static void test_sizes(void **state)
{
	static const int sizes[][2] = {{200, 60}, {10, 3}, {1, 1}, {5, 2}, {10, 5}, {20, 6}, {80, 24}};
	struct pty pty;
	char size[64];
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	assert_true(pty_shows(&pty, "80x24 keys 0 resizes 0"));
	for (int i = 0; i < 7; i++) {
		int columns = sizes[i][0], rows = sizes[i][1];
		pty_resize(&pty, columns, rows, true);
		if (columns < 20)
			continue;
		snprintf(size, sizeof size, "%dx%d keys 0 resizes %d", columns, rows, i + 1);
		assert_memory_equal(pty_row(&pty, 1), size, columns < 25 ? 19 : strlen(size));
		const char *last = pty_row(&pty, rows - 1);
		assert_int_equal(strlen(last), columns);
		assert_string_equal(last + columns - 6, "corner");
		/* Nothing stale between the list and the last row. */
		for (int y = 17; y < rows - 1; y++)
			assert_string_equal(pty_row(&pty, y), "");
	}
	pty_quit(&pty, "q");
}

static void test_unknown_size(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client, .no_size = true});
	assert_true(pty_shows(&pty, "80x24"));
	pty_quit(&pty, "q");
}

static void test_environment_size(void **state)
{
	static const char *const env[] = {"LINES=10", "COLUMNS=33", NULL};
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client, .env = env});
	assert_true(pty_shows(&pty, "80x24"));
	pty_resize(&pty, 100, 30, true);
	assert_true(pty_shows(&pty, "100x30"));
	pty_quit(&pty, "q");
}

static long milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void test_resize_burst(void **state)
{
	struct pty pty;
	int resizes = 0;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	pty_mark(&pty);
	long from = milliseconds();
	for (int i = 0; i < 60; i++) {
		pty_resize(&pty, 80 + (i + 1) % 60, 24 + i % 7, false);
		poll(NULL, 0, 3); /* as a window that is dragged: each would be drawn by itself */
	}
	pty_resize(&pty, 90, 25, false);
	pty_wait_text(&pty, "90x25");
	long burst = milliseconds() - from;
	assert_true(pty_bytes_since(&pty) <= 30000);
	assert_int_equal(sscanf(pty_row(&pty, 1), "90x25 keys 0 resizes %d", &resizes), 1);
	assert_in_range(resizes, 1, burst / 16 + 2);
	assert_int_equal(strlen(pty_row(&pty, 24)), 90);
	pty_quit(&pty, "q");
}

static void test_idle(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	pty_type(&pty, "x");
	pty_mark(&pty);
	/* Nothing comes: that is what is waited for, first until it has gone to sleep. */
	struct pollfd sync = {pty.sync, POLLIN, 0};
	assert_int_equal(poll(&sync, 1, 100), 0);
	long wakes = pty_status(&pty, "voluntary_ctxt_switches");
	assert_int_equal(poll(&sync, 1, 300), 0);
	pty_read(&pty);
	assert_int_equal(pty_status(&pty, "voluntary_ctxt_switches"), wakes);
	assert_int_equal(pty_bytes_since(&pty), 0);
	pty_quit(&pty, "q");
}

/* ---- bytes ---- */

static void test_bytes(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	pty_type(&pty, ":");
	pty_type(&pty, "a");
	pty_mark(&pty);
	pty_type(&pty, "b");
	assert_true(pty_bytes_since(&pty) <= 4);
	pty_mark(&pty);
	pty_type(&pty, "\177");
	assert_true(pty_bytes_since(&pty) <= 8);
	/* A frame without a change: the client draws after each event. */
	pty_mark(&pty);
	pty_type(&pty, "\033[5~");
	assert_int_equal(pty_bytes_since(&pty), 0);
	pty_type(&pty, "\003");
	pty_mark(&pty);
	pty_type(&pty, "j");
	assert_true(pty_bytes_since(&pty) <= 120);
	pty_quit(&pty, "q");
}

static void test_held_key(void **state)
{
	static char keys[10001];
	struct pty pty;
	int frames = 0, count = 0;
	(void)state;
	memset(keys, 'j', 10000);
	start(&pty, &(struct pty_options){.argv = client});
	pty_mark(&pty);
	pty_pour(&pty, keys, 10000);
	pty_wait_text(&pty, "keys 10000");
	size_t bytes = pty_bytes_since(&pty);
	pty_send(&pty, "q", 1);
	assert_int_equal(pty_end(&pty), 0);
	assert_int_equal(sscanf(pty_row(&pty, 0), "frames %d keys %d", &frames, &count), 2);
	assert_int_equal(count, 10001);
	assert_true(frames < 5000); /* not one a key */
	assert_true(bytes < 5000 * 60);
	pty_done(&pty);
}

/* ---- colours ---- */

static void colors(const char *const *argv, const char *term, const char *const *env, bool wanted)
{
	struct pty pty;
	start(&pty, &(struct pty_options){.argv = argv, .term = term, .env = env});
	assert_true((pty_colors_written(&pty) > 0) == wanted);
	assert_true(pty_cell(&pty, 0, 0).attrs.bold); /* a title, with and without colours */
	pty_quit(&pty, "q");
}

static void test_color_switches(void **state)
{
	static const char *const no_color[] = {"NO_COLOR=1", NULL}, *const empty[] = {"NO_COLOR=", NULL};
	(void)state;
	colors(client, NULL, NULL, true);
	colors(client, NULL, no_color, false);
	colors(client, NULL, empty, true);
	colors(always, NULL, no_color, true);
	colors(never, NULL, NULL, false);
}

static void test_color_depths(void **state)
{
	static const struct {
		const char *term, *written; /* how one of the roles is coloured */
	} depths[] = {
		{"xterm-256color", "38;5;31"}, {"xterm", "\033[35m"}, {"xterm-16color", "\033[94m"},
		{"xterm-direct", "38:2::0:135:175"},
	};
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct pty pty;
		start(&pty, &(struct pty_options){.argv = client, .term = depths[i].term});
		assert_true(pty_written(&pty, depths[i].written) > 0);
		assert_int_equal(pty_written(&pty, "\033]4"), 0);   /* no colour is redefined, */
		assert_int_equal(pty_written(&pty, "\033[40m"), 0); /* no background is set, */
		assert_int_equal(pty_written(&pty, "\033[30m"), 0); /* no text is black */
		pty_quit(&pty, "q");
	}
	colors(client, "vt100", NULL, false);
}

/* ---- characters ---- */

static void test_characters(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	assert_string_equal(pty_row(&pty, 4), "┌──────────────────┐");
	assert_string_equal(pty_row(&pty, 9), "é学b\xcc\x81⠿ end");
	assert_int_equal(pty_cell(&pty, 1, 9).width, 2);
	pty_quit(&pty, "q");
}

static void plain(const char *const *argv, const char *locale, const char *const *env)
{
	struct pty pty;
	start(&pty, &(struct pty_options){.argv = argv, .locale = locale, .env = env});
	assert_true(pty_highest_byte(&pty) < 0x80);
	assert_string_equal(pty_row(&pty, 4), "+------------------+");
	pty_type(&pty, "\303\251");
	assert_true(pty_highest_byte(&pty) < 0x80);
	pty_quit(&pty, "q");
}

static void test_ascii(void **state)
{
	static const char *const env[] = {"LRSCOPE_ASCII=1", NULL};
	(void)state;
	plain(ascii, NULL, NULL);
	plain(client, NULL, env);
	plain(client, "C", NULL);
	plain(client, "POSIX", NULL);
}

/* Lines are Unicode even where the terminal's own line drawing is broken in a UTF-8 locale. */
static void test_line_drawing(void **state)
{
	static const char *const env[] = {"NCURSES_NO_UTF8_ACS=1", NULL};
	static const char *const terms[] = {"xterm", "screen", "linux", "putty"};
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct pty pty;
		start(&pty, &(struct pty_options){.argv = client, .term = terms[i], .env = env});
		assert_string_equal(pty_row(&pty, 4), "┌──────────────────┐");
		assert_int_equal(pty_written(&pty, "\016"), 0); /* no shift to another set */
		pty_quit(&pty, "q");
	}
}

static void test_cursor(void **state)
{
	struct pty pty;
	int x, y;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	for (int i = 0; i < 4; i++) {
		pty_cursor(&pty, &x, &y);
		assert_int_equal(x, 0);
		assert_true(pty.cursor_visible);
		assert_int_equal(pty_row(&pty, y)[0], '>');
		assert_int_equal(y, 10 + i);
		pty_type(&pty, "j");
	}
	pty_type(&pty, ":");
	pty_type(&pty, "a学b");
	pty_cursor(&pty, &x, &y);
	assert_int_equal(x, 5);
	assert_int_equal(y, 2);
	pty_type(&pty, "\033");
	pty_quit(&pty, "q");
}

static void test_repaint(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	assert_int_equal(write(pty.slave, "\033[3;3Hjunk of others", 21), 21);
	pty_type(&pty, "x");
	assert_true(pty_shows(&pty, "junk of others"));
	pty_type(&pty, "\014");
	assert_false(pty_shows(&pty, "junk of others"));
	assert_true(pty_shows(&pty, "last <C-l>"));
	assert_true(pty_shows(&pty, "row 4"));
	pty_quit(&pty, "q");
}

static void test_mouse(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	assert_int_equal(pty_written(&pty, "1000") + pty_written(&pty, "1002") +
			 pty_written(&pty, "1003") + pty_written(&pty, "1006"), 0);
	pty_quit(&pty, "q");
	start(&pty, &(struct pty_options){.argv = mouse});
	assert_int_equal(pty_written(&pty, "\033[?1006;1000h"), 1);
	pty_type(&pty, "\033[<0;9;6M\033[<0;9;6m"); /* both in one read: curses calls it a click */
	assert_string_equal(pty_row(&pty, 0), "last <mouse 8,5 0 button 1>");
	pty_type(&pty, "\033[<0;8;5M");
	assert_string_equal(pty_row(&pty, 0), "last <mouse 7,4 0 button 1>");
	pty_type(&pty, "\033[<64;1;1M");
	assert_string_equal(pty_row(&pty, 0), "last <mouse 0,0 2 button 0>");
	pty_type(&pty, "\033[<65;1;1M");
	assert_string_equal(pty_row(&pty, 0), "last <mouse 0,0 3 button 0>");
	pty_mark(&pty);
	pty_send(&pty, "q", 1);
	assert_int_equal(pty_end(&pty), 0);
	assert_int_equal(pty_written(&pty, "\033[?1006;1000l"), 1);
	pty_done(&pty);
}

/* ---- a terminal that takes nothing ---- */

static int unread(struct pty *pty)
{
	int count = 0;
	assert_int_equal(ioctl(pty->slave, FIONREAD, &count), 0);
	return count;
}

/* The client draws 20 000 frames and nobody reads: they are dropped, the work goes on, a key
 * is taken, and what comes out at last is bounded and right. */
static void test_output_blocked(void **state)
{
	struct pty pty;
	(void)state;
	pty_start(&pty, &(struct pty_options){.argv = busy});
	struct pollfd sync = {pty.sync, POLLIN, 0};
	char bytes[4096];
	ssize_t count;
	do { /* until no frame goes out any more */
		while ((count = read(pty.sync, bytes, sizeof bytes)) > 0)
			;
		assert_int_not_equal(count, 0); /* it ended */
	} while (poll(&sync, 1, 300) == 1);
	assert_int_equal(write(pty.master, "j", 1), 1);
	for (int tries = 0; tries < 500 && unread(&pty) > 0; tries++)
		poll(NULL, 0, 10);
	assert_int_equal(unread(&pty), 0);
	pty_mark(&pty);
	pty_wait_text(&pty, "keys 1 resizes 0 slices 0");
	assert_true(pty_bytes_since(&pty) < 200000);
	pty_quit(&pty, "q");
}

/* A frame that the terminal takes in parts is whole in the end, though nothing else happens. */
static void test_frame_in_parts(void **state)
{
	static const char nothing[4096];
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client, .columns = 500, .rows = 60});
	while (write(pty.slave, nothing, sizeof nothing) > 0)
		; /* now it is full */
	pty_type(&pty, "L");
	for (int y = 17; y < 59; y++) {
		const char *row = pty_row(&pty, y);
		assert_int_equal(strlen(row), 500);
		for (int x = 0; x < 500; x++)
			assert_int_equal(row[x], 'a' + (x + y) % 26);
	}
	pty_quit(&pty, "q");
}

/* A full terminal gives up what it has not shown, and the shell's screen comes back. */
static void test_ended_while_full(void **state)
{
	static const int signals[] = {SIGTERM, SIGSEGV};
	static const char nothing[4096];
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct pty pty;
		start(&pty, &(struct pty_options){.argv = client, .columns = 500, .rows = 60});
		while (write(pty.slave, nothing, sizeof nothing) > 0)
			; /* now it is full */
		pty_mark(&pty);
		assert_int_equal(write(pty.master, "L", 1), 1);
		for (int tries = 0; tries < 500 && unread(&pty) > 0; tries++)
			poll(NULL, 0, 10);
		pty_kill(&pty, signals[i]);
		struct pollfd sync = {pty.sync, POLLIN, 0};
		char byte;
		while (poll(&sync, 1, 5000) == 1 && read(pty.sync, &byte, 1) == 1)
			; /* closed when it has gone */
		int status = pty_end(&pty);
		assert_true(WIFSIGNALED(status));
		assert_true(pty_written(&pty, "\033[?1049l") >= 1);
		assert_true(pty_written(&pty, "\033[?2004l") >= 1);
		assert_true(pty_modes_restored(&pty));
		pty_done(&pty);
	}
}

/* SIGTERM ends it although its output is stopped; the modes at least are given back. */
static void test_ended_while_blocked(void **state)
{
	struct pty pty;
	char byte;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	tcflow(pty.slave, TCOOFF);
	assert_int_equal(write(pty.master, "j", 1), 1);
	for (int tries = 0; tries < 500 && unread(&pty) > 0; tries++)
		poll(NULL, 0, 10);
	pty_kill(&pty, SIGTERM);
	for (int tries = 0; tries < 500 && read(pty.sync, &byte, 1) != 0; tries++)
		poll(NULL, 0, 10); /* closed when it has gone */
	assert_int_equal(read(pty.sync, &byte, 1), 0);
	tcflow(pty.slave, TCOON);
	int status = pty_end(&pty);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	assert_true(pty_modes_restored(&pty));
	pty_done(&pty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_unknown_size),
		cmocka_unit_test(test_environment_size),
		cmocka_unit_test(test_resize_burst),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_held_key),
		cmocka_unit_test(test_color_switches),
		cmocka_unit_test(test_color_depths),
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_line_drawing),
		cmocka_unit_test(test_cursor),
		cmocka_unit_test(test_repaint),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_output_blocked),
		cmocka_unit_test(test_frame_in_parts),
		cmocka_unit_test(test_ended_while_full),
		cmocka_unit_test(test_ended_while_blocked),
	};
	return cmocka_run_group_tests_name("terminal drawing", tests, NULL, NULL);
}
