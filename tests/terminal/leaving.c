/* Taking the terminal and giving it back: ends, crashes, stops, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty.h"

static const char *const client[] = {"tests/terminal/client", NULL};
static const char *const mouse[] = {"tests/terminal/client", "--mouse", NULL};

static void start(struct pty *pty, const struct pty_options *options)
{
	pty_start(pty, options);
	pty_wait(pty, 'i');
	assert_true(pty_shows(pty, "keys 0"));
}

/* The alternate screen left, the cursor there again, keys and pastes as before. */
static void assert_restored(struct pty *pty)
{
	assert_true(pty_modes_restored(pty));
	assert_true(pty_written(pty, "\033[?1049l") >= 1);
	assert_true(pty_written(pty, "\033[?2004l") >= 1);
	assert_true(pty_written(pty, "\033[?1l") >= 1);
	assert_true(pty->cursor_visible);
}

static void test_signals(void **state)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct pty pty;
		start(&pty, &(struct pty_options){.argv = client});
		pty_kill(&pty, signals[i]);
		int status = pty_end(&pty);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[i]);
		assert_restored(&pty);
		assert_string_equal(pty_row(&pty, 0), "");
		pty_done(&pty);
	}
}

static void no_core(void)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

static void test_crashes(void **state)
{
	static const struct {
		const char *key;
		int signal;
	} ways[] = {
		{"\0331", SIGSEGV}, {"\0332", SIGABRT}, {"\0333", SIGFPE},
		{"\0334", SIGSEGV}, {"\0335", SIGBUS}, {"\0336", SIGILL},
	};
	(void)state;
	no_core();
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		struct pty pty;
		start(&pty, &(struct pty_options){.argv = mouse});
		pty_mark(&pty);
		pty_send(&pty, ways[i].key, strlen(ways[i].key));
		int status = pty_end(&pty);
		assert_true(WIFSIGNALED(status));
#ifndef __SANITIZE_ADDRESS__ /* which makes SIGABRT of all */
		assert_int_equal(WTERMSIG(status), ways[i].signal);
#endif
		assert_restored(&pty);
		assert_int_equal(pty_written(&pty, "\033[?1000l") > 0, true);
		pty_done(&pty);
	}
}

static void test_crash_from_outside(void **state)
{
	const int signals[] = {SIGSEGV, SIGQUIT, SIGUSR1, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT,
			       SIGRTMIN, SIGRTMAX};
	(void)state;
	no_core();
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		struct pty pty;
		start(&pty, &(struct pty_options){.argv = client});
		pty_kill(&pty, signals[i]);
		int status = pty_end(&pty);
		assert_true(WIFSIGNALED(status));
#ifndef __SANITIZE_ADDRESS__
		assert_int_equal(WTERMSIG(status), signals[i]);
#endif
		assert_restored(&pty);
		pty_done(&pty);
	}
}

static void test_assert_text(void **state)
{
	struct pty pty;
	(void)state;
	no_core();
	start(&pty, &(struct pty_options){.argv = client, .columns = 200, .rows = 50});
	pty_send(&pty, "\0332", 2);
	pty_end(&pty);
	assert_true(pty_shows(&pty, "a broken promise"));
	assert_false(pty_shows(&pty, "keys 0"));
	pty_done(&pty);
}

static void test_terminal_gone(void **state)
{
	(void)state;
	for (int ignored = 0; ignored < 2; ignored++) {
		struct pty pty;
		start(&pty, &(struct pty_options){.argv = client, .ignore_hangup = ignored});
		pty_close(&pty);
		int status = pty_end(&pty);
		if (ignored)
			assert_true(WIFEXITED(status));
		else /* both come; the signal is as good as the end */
			assert_true(WIFEXITED(status) || WTERMSIG(status) == SIGHUP);
		pty_done(&pty);
	}
}

static void test_stop(void **state)
{
	struct pty pty;
	(void)state;
	for (int way = 0; way < 2; way++) {
		start(&pty, &(struct pty_options){.argv = mouse});
		pty_type(&pty, ":");
		pty_type(&pty, "abc");
		pty_mark(&pty);
		if (way == 0)
			pty_send(&pty, "\032", 1);
		else
			pty_kill(&pty, SIGTSTP);
		pty_wait_stop(&pty);
		assert_restored(&pty);
		assert_int_equal(pty_written(&pty, "\033[?1000l") +
				 pty_written(&pty, "\033[?1006;1000l"), 1);
		pty_resize(&pty, 60, 20, false);
		pty_mark(&pty);
		pty_continue(&pty, true);
		pty_wait(&pty, 'i');
		assert_string_equal(pty_row(&pty, 2), ":abc");
		assert_true(strstr(pty_row(&pty, 19), "corner") != NULL);
		assert_int_equal(strlen(pty_row(&pty, 19)), 60);
		assert_true(pty_written(&pty, "\033[?2004h") >= 1);
		assert_true(pty_written(&pty, "\033[?1h") >= 1);
		assert_true(pty_written(&pty, "\033[?1006;1000h") >= 1);
		pty_type(&pty, "\033OD"); /* the first arrow key works */
		pty_type(&pty, "X");
		assert_string_equal(pty_row(&pty, 2), ":abXc");
		pty_type(&pty, "\033");
		pty_quit(&pty, "q");
	}
}

/* SIGTERM ends a stopped job once it goes on, without a byte: the terminal is not its own. */
static void ends_silently(struct pty *pty)
{
	pty_mark(pty);
	pty_kill(pty, SIGTERM);
	pty_continue(pty, false);
	int status = pty_end(pty);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	assert_int_equal(pty_bytes_since(pty), 0);
	pty_done(pty);
}

static void test_killed_while_stopped(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	pty_send(&pty, "\032", 1);
	pty_wait_stop(&pty);
	ends_silently(&pty);
}

/* A stopped job, in the background by now: "kill %1" sends SIGTERM and SIGCONT. */
static void test_killed_in_the_background(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	pty_send(&pty, "\032", 1);
	pty_wait_stop(&pty);
	pty_continue(&pty, false);
	pty_wait_stop(&pty); /* it stops itself, by SIGTTOU */
	ends_silently(&pty);
}

static void test_continue_without_stop(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	assert_int_equal(write(pty.slave, "\033[3;3Hjunk", 10), 10);
	pty_kill(&pty, SIGCONT);
	pty_wait_text(&pty, "last <continued>");
	assert_false(pty_shows(&pty, "junk"));
	pty_done(&pty);
}

/* SIGSTOP, then `bg`: nothing is written; then `fg`. */
static void test_background(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	pty_kill(&pty, SIGSTOP);
	pty_wait_stop(&pty);
	pty_mark(&pty);
	pty_continue(&pty, false);
	pty_wait_stop(&pty); /* it stops itself, by SIGTTOU */
	assert_int_equal(pty_bytes_since(&pty), 0);
	pty_continue(&pty, true);
	pty_wait_text(&pty, "last <continued>");
	pty_done(&pty);
}

static void test_started_in_background(void **state)
{
	struct pty pty;
	(void)state;
	pty_start(&pty, &(struct pty_options){.argv = client, .background = true});
	pty_wait_stop(&pty);
	assert_int_equal(pty_bytes_since(&pty), 0);
	assert_true(pty_modes_restored(&pty));
	pty_continue(&pty, true);
	pty_wait(&pty, 'i');
	assert_true(pty_shows(&pty, "keys 0"));
	pty_done(&pty);
}

static void refused(const char *term, const char *why)
{
	struct pty pty;
	pty_start(&pty, &(struct pty_options){.argv = client, .term = term, .columns = 200,
						.rows = 24});
	int status = pty_end(&pty);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	assert_true(pty_shows(&pty, why));
	assert_true(pty_shows(&pty, "lrscope plot"));
	assert_int_equal(pty_written(&pty, "\033"), 0);
	assert_true(pty_modes_restored(&pty));
	pty_done(&pty);
}

static void test_unusable_terminals(void **state)
{
	(void)state;
	refused("", "TERM is not set");
	refused("no-such-terminal", "no-such-terminal");
	refused("dumb", "cursor");
}

static void test_stdout_a_file(void **state)
{
	struct pty pty;
	char path[] = "/tmp/lrscope-test-XXXXXX";
	(void)state;
	close(mkstemp(path));
	pty_start(&pty, &(struct pty_options){.argv = client, .stdout_path = path});
	int status = pty_end(&pty);
	assert_int_equal(WEXITSTATUS(status), 2);
	int file = open(path, O_RDONLY);
	assert_int_equal(lseek(file, 0, SEEK_END), 0);
	close(file);
	unlink(path);
	assert_true(pty_shows(&pty, "lrscope plot"));
	pty_done(&pty);
}

static void test_stdin_a_file(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client, .stdin_path = "/dev/null"});
	pty_type(&pty, "x");
	assert_true(pty_shows(&pty, "last <x>"));
	pty_quit(&pty, "q");
}

static void test_noise(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	pty_type(&pty, "\0337");
	assert_false(pty_shows(&pty, "noise"));
	pty_mark(&pty);
	pty_send(&pty, "q", 1);
	assert_int_equal(pty_end(&pty), 0);
	assert_true(pty_shows(&pty, "noise ?[31m of a library"));
	assert_int_equal(pty_written(&pty, "\302\233"), 0);
	assert_int_equal(pty_written(&pty, "\342\200\256"), 0);
	assert_true(pty_written(&pty, "nor ?5m nor ?olleh nor ? but \303\251"));
	pty_done(&pty);
}

/* Much noise is bounded, and the terminal is given back all the same. */
static void test_much_noise(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	for (int i = 0; i < 3; i++)
		pty_type(&pty, "\0337\0337\0337\0337\0337\0337\0337\0337");
	pty_mark(&pty);
	pty_kill(&pty, SIGTERM);
	assert_int_equal(WTERMSIG(pty_end(&pty)), SIGTERM);
	assert_int_equal(pty_written(&pty, "of a library"), 24);
	pty_done(&pty);
}

static void test_no_memory(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	pty_type(&pty, "\0338");
	pty_send(&pty, ":", 1);     /* readline allocates */
	int status = pty_end(&pty);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_restored(&pty);
	assert_true(pty_shows(&pty, "out of memory"));
	pty_done(&pty);
}

static void test_leaving(void **state)
{
	struct pty pty;
	int x, y;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	pty_type(&pty, ":"); /* readline would set LINES and COLUMNS */
	pty_type(&pty, "\003");
	pty_send(&pty, "q", 1);
	assert_int_equal(pty_end(&pty), 0);
	assert_restored(&pty);
	assert_false(pty_shows(&pty, "row 0"));
	assert_true(pty_shows(&pty, "frames"));
	assert_true(pty_shows(&pty, "lines unset columns unset"));
	pty_cursor(&pty, &x, &y);
	assert_int_equal(x, 0);
	assert_int_equal(pty_written(&pty, "\033]"), 0); /* no title, no palette */
	pty_done(&pty);
}

/* Where no other screen comes back the shell goes on below what was there; ^Z is the key that suspends
 * whatever terminfo calls it. */
static void test_without_another_screen(void **state)
{
	static const char *const terms[] = {"linux", "vt100", "ansi"};
	(void)state;
	no_core();
	for (int k = 0; k < 6; k++) {
		struct pty pty;
		int x, y;
		start(&pty, &(struct pty_options){.argv = client, .term = terms[k / 2]});
		if (k == 0) {
			pty_send(&pty, "\032", 1);
			pty_wait_stop(&pty);
			pty_continue(&pty, true);
			pty_wait_text(&pty, "last <continued>");
		}
		if (k % 2)
			pty_kill(&pty, SIGQUIT);
		else
			pty_send(&pty, "q", 1);
		pty_end(&pty);
		pty_cursor(&pty, &x, &y);
		assert_int_equal(x, 0);
		assert_int_equal(y, 23);
		assert_string_equal(pty_row(&pty, 23), "");
		pty_done(&pty);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_crashes),
		cmocka_unit_test(test_crash_from_outside),
		cmocka_unit_test(test_assert_text),
		cmocka_unit_test(test_terminal_gone),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_killed_while_stopped),
		cmocka_unit_test(test_killed_in_the_background),
		cmocka_unit_test(test_continue_without_stop),
		cmocka_unit_test(test_background),
		cmocka_unit_test(test_started_in_background),
		cmocka_unit_test(test_unusable_terminals),
		cmocka_unit_test(test_stdout_a_file),
		cmocka_unit_test(test_stdin_a_file),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_much_noise),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_leaving),
		cmocka_unit_test(test_without_another_screen),
	};
	return cmocka_run_group_tests_name("terminal leaving", tests, NULL, NULL);
}
