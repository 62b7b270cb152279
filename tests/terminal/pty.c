/* See pty.h. The order of bytes is what makes it sound: after the program has said that it is idle the
 * harness writes a mark to the slave itself; when that arrives, all before it has. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TEST_FD 9
static const char mark[] = "\033_sync\033\\"; /* an APC string: taken out before libvterm */
#define MARK_LENGTH (sizeof mark - 1)

extern char **environ;

static long milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static long patience(void)
{
	return milliseconds() + PTY_PATIENCE_MS * PTY_SLOWNESS;
}

/* ---- the program's side, after fork ---- */

static void set_environment(const struct pty_options *options)
{
	static const char *const kept[] = {"PATH", "TMPDIR", "LSAN_OPTIONS", "LD_LIBRARY_PATH",
					   "top_srcdir"};
	char *values[sizeof kept / sizeof kept[0]];
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
		const char *value = getenv(kept[i]);
		values[i] = value ? strdup(value) : NULL;
	}
	/* A shell that put us into the background has them ignored. */
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	clearenv();
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		if (values[i])
			setenv(kept[i], values[i], 1);
	if (!options->term || *options->term)
		setenv("TERM", options->term ? options->term : "xterm-256color", 1);
	setenv("LC_ALL", options->locale ? options->locale : "C.UTF-8", 1);
	setenv("HOME", "/dev/null/none", 1); /* no home, for root neither */
	setenv("INPUTRC", "/dev/null", 1);
	/* A sanitizer that finds something ends by a signal, as a crash does. */
	setenv("ASAN_OPTIONS", "abort_on_error=1", 1);
	setenv("UBSAN_OPTIONS", "abort_on_error=1:print_stacktrace=1", 1);
	char number[8];
	snprintf(number, sizeof number, "%d", TEST_FD);
	setenv("LRSCOPE_TEST_FD", number, 1);
	for (int i = 0; options->env && options->env[i]; i++)
		putenv((char *)options->env[i]);
}

static void redirect(const char *path, int flags, int slave, int descriptor)
{
	int from = path ? open(path, flags, 0600) : slave;
	if (from < 0 || dup2(from, descriptor) < 0)
		_exit(125);
}

static void run(const struct pty_options *options, int slave, int sync)
{
	redirect(options->stdin_path, O_RDONLY, slave, 0);
	redirect(options->stdout_path, O_WRONLY | O_CREAT | O_TRUNC, slave, 1);
	redirect(NULL, 0, slave, 2);
	dup2(sync, TEST_FD);
	fcntl(TEST_FD, F_SETFD, 0); /* where it was that one already, it is to stay open too */
	set_environment(options);
	signal(SIGHUP, options->ignore_hangup ? SIG_IGN : SIG_DFL);
	execv(options->argv[0], (char *const *)options->argv);
	_exit(126);
}

static void report(int leader, char what, int value)
{
	char bytes[1 + sizeof value];
	bytes[0] = what;
	memcpy(bytes + 1, &value, sizeof value);
	(void)!write(leader, bytes, sizeof bytes);
}

/* What a shell does for one job: takes the terminal when it stops, gives it when it goes on. */
static void lead(const struct pty_options *options, int slave, int sync, int leader)
{
	int status;
	char order;
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nothing behind */
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	pid_t job = fork();
	if (job == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0);
		if (!options->background)
			tcsetpgrp(slave, getpid());
		signal(SIGTTOU, SIG_DFL);
		run(options, slave, sync);
	}
	close(sync);
	setpgid(job, job);
	report(leader, 'p', job);
	while (waitpid(job, &status, WUNTRACED) == job) {
		tcsetpgrp(slave, getpid());
		if (!WIFSTOPPED(status))
			break;
		report(leader, 's', WSTOPSIG(status));
		if (read(leader, &order, 1) != 1)
			_exit(0);
		if (order == 'f')
			tcsetpgrp(slave, job);
		kill(-job, SIGCONT);
	}
	report(leader, 'e', status);
	while (read(leader, &order, 1) > 0)
		;
	_exit(0);
}

/* ---- output to the screen ---- */

static int on_property(VTermProp property, VTermValue *value, void *user)
{
	struct pty *pty = user;
	if (property == VTERM_PROP_CURSORVISIBLE) {
		pty->cursor_known = true;
		pty->cursor_visible = value->boolean;
	}
	return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void take(struct pty *pty, const char *bytes, size_t length)
{
	if (pty->log_length + length + 1 > pty->log_capacity) {
		pty->log_capacity = (pty->log_length + length + 1) * 2;
		pty->log = realloc(pty->log, pty->log_capacity);
		assert_non_null(pty->log);
	}
	memcpy(pty->log + pty->log_length, bytes, length);
	pty->log_length += length;
	pty->log[pty->log_length] = '\0';
	vterm_input_write(pty->vt, bytes, length);
}

/* Reads what is there; true if the mark was in it. The mark comes in one piece, but a read may cut it:
 * then the rest is read at once. */
static bool read_some(struct pty *pty)
{
	char bytes[65536];
	ssize_t count = read(pty->master, bytes, sizeof bytes - MARK_LENGTH);
	if (count <= 0)
		return false;
	for (size_t cut = MARK_LENGTH - 1; cut > 0; cut--)
		if ((size_t)count >= cut && memcmp(bytes + count - cut, mark, cut) == 0) {
			struct pollfd in = {pty->master, POLLIN, 0};
			if (poll(&in, 1, 100) != 1)
				break;
			ssize_t more = read(pty->master, bytes + count, MARK_LENGTH - cut);
			count += more > 0 ? more : 0;
			break;
		}
	char *found = memmem(bytes, (size_t)count, mark, MARK_LENGTH);
	if (!found) {
		take(pty, bytes, (size_t)count);
		return false;
	}
	take(pty, bytes, (size_t)(found - bytes));
	take(pty, found + MARK_LENGTH, (size_t)(bytes + count - found) - MARK_LENGTH);
	return true;
}

void pty_read(struct pty *pty)
{
	long until = patience();
	for (size_t done = 0; done < MARK_LENGTH;) {
		ssize_t count = write(pty->slave, mark + done, MARK_LENGTH - done);
		done += count > 0 ? (size_t)count : 0;
		assert_true(milliseconds() < until);
		if (count <= 0)
			read_some(pty); /* full: make room */
	}
	while (!read_some(pty)) {
		struct pollfd in = {pty->master, POLLIN, 0};
		assert_true(milliseconds() < until);
		poll(&in, 1, 100);
	}
}

static void forget_sync(struct pty *pty)
{
	char bytes[256];
	while (read(pty->sync, bytes, sizeof bytes) > 0)
		;
}

/* One of `wanted` from the sync pipe; 0 where it has closed. */
static char next_sync(struct pty *pty, const char *wanted)
{
	long until = patience();
	for (;;) {
		struct pollfd both[2] = {{pty->sync, POLLIN, 0}, {pty->master, POLLIN, 0}};
		char byte;
		ssize_t count = read(pty->sync, &byte, 1);
		if (count == 1 && strchr(wanted, byte))
			return byte;
		if (count == 0)
			return 0;
		if (count == 1)
			continue;
		if (milliseconds() >= until) {
			pty_read(pty);
			for (int y = 0; y < pty->rows; y++)
				print_message("|%s\n", pty_row(pty, y));
			fail_msg("no '%s' from the program", wanted);
		}
		poll(both, 2, 100);
		if (both[1].revents & POLLIN)
			read_some(pty);
	}
}

void pty_wait(struct pty *pty, char byte)
{
	char wanted[2] = {byte, '\0'};
	char got = next_sync(pty, wanted);
	pty_read(pty);
	if (got != byte) {
		size_t tail = pty->log_length > 400 ? pty->log_length - 400 : 0;
		print_message("%s\n", pty->log + tail);
		fail_msg("the program ended instead of '%c'", byte);
	}
}

void pty_wait_text(struct pty *pty, const char *text)
{
	for (;;) {
		pty_read(pty);
		if (pty_shows(pty, text))
			return;
		if (!next_sync(pty, "if"))
			fail_msg("the program ended without \"%s\"", text);
	}
}

/* ---- a home ---- */

char pty_home[64];
static char home_variable[80], state_variable[96], data_variable[96];
const char *const pty_home_env[] = {home_variable, state_variable, data_variable, NULL};

int pty_make_home(void **state)
{
	(void)state;
	snprintf(pty_home, sizeof pty_home, "/tmp/lrscope-home-XXXXXX");
	if (!mkdtemp(pty_home))
		return -1;
	snprintf(home_variable, sizeof home_variable, "HOME=%s", pty_home);
	snprintf(state_variable, sizeof state_variable, "XDG_STATE_HOME=%s/state", pty_home);
	snprintf(data_variable, sizeof data_variable, "XDG_DATA_HOME=%s/data", pty_home);
	return 0;
}

int pty_remove_home(void **state)
{
	char line[128];
	(void)state;
	snprintf(line, sizeof line, "rm -rf '%s'", pty_home);
	return system(line);
}

/* ---- start and end ---- */

static void make_screen(struct pty *pty)
{
	pty->vt = vterm_new(pty->rows, pty->columns);
	vterm_set_utf8(pty->vt, 1);
	pty->screen = vterm_obtain_screen(pty->vt);
	vterm_screen_set_callbacks(pty->screen, &callbacks, pty);
	vterm_screen_enable_altscreen(pty->screen, 1);
	vterm_screen_reset(pty->screen, 1);
}

static void leader_says(struct pty *pty, char wanted, int *value)
{
	char bytes[1 + sizeof *value];
	long until = patience();
	for (;;) {
		struct pollfd both[2] = {{pty->leader, POLLIN, 0}, {pty->master, POLLIN, 0}};
		assert_true(milliseconds() < until);
		poll(both, 2, 100);
		if (both[1].revents & POLLIN)
			read_some(pty);
		if (!(both[0].revents & POLLIN))
			continue;
		assert_int_equal(read(pty->leader, bytes, sizeof bytes), sizeof bytes);
		memcpy(value, bytes + 1, sizeof *value);
		if (bytes[0] == 'e')
			pty->ended = true;
		assert_int_equal(bytes[0], wanted);
		return;
	}
}

void pty_start(struct pty *pty, const struct pty_options *options)
{
	int sync[2], leader[2], program;
	memset(pty, 0, sizeof *pty);
	pty->columns = options->columns ? options->columns : 80;
	pty->rows = options->rows ? options->rows : 24;
	pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(pty->master >= 0 && grantpt(pty->master) == 0 && unlockpt(pty->master) == 0);
	pty->slave = open(ptsname(pty->master), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	pty->theirs = open(ptsname(pty->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(pty->slave >= 0 && pty->theirs >= 0);
	fcntl(pty->master, F_SETFL, O_NONBLOCK);
	struct winsize size = {(unsigned short)pty->rows, (unsigned short)pty->columns, 0, 0};
	if (!options->no_size)
		ioctl(pty->master, TIOCSWINSZ, &size);
	tcgetattr(pty->slave, &pty->before);
	assert_int_equal(pipe2(sync, O_CLOEXEC), 0);
	fcntl(sync[0], F_SETFL, O_NONBLOCK);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, leader), 0);
	fflush(NULL);
	pty->child = fork();
	if (pty->child == 0) {
		close(pty->master); /* the test's own is to be the last */
		lead(options, pty->theirs, sync[1], leader[1]);
	}
	close(sync[1]);
	close(leader[1]);
	pty->sync = sync[0];
	pty->leader = leader[0];
	make_screen(pty);
	leader_says(pty, 'p', &program);
	pty->program = program;
}

void pty_close(struct pty *pty)
{
	close(pty->slave);
	close(pty->theirs);
	close(pty->master);
	pty->slave = pty->theirs = pty->master = -1;
}

void pty_done(struct pty *pty)
{
	if (!pty->ended)
		kill(pty->program, SIGKILL);
	kill(pty->child, SIGKILL);
	waitpid(pty->child, NULL, 0);
	if (pty->master >= 0)
		pty_close(pty);
	close(pty->sync);
	close(pty->leader);
	vterm_free(pty->vt);
	free(pty->log);
}

int pty_end(struct pty *pty)
{
	leader_says(pty, 'e', &pty->status);
	if (pty->master >= 0)
		pty_read(pty);
	return pty->status;
}

void pty_quit(struct pty *pty, const char *keys)
{
	pty_send(pty, keys, strlen(keys));
	assert_int_equal(pty_end(pty), 0);
	assert_true(pty_modes_restored(pty));
	pty_done(pty);
}

void pty_kill(struct pty *pty, int signal)
{
	kill(pty->program, signal);
}

void pty_wait_stop(struct pty *pty)
{
	int signal;
	leader_says(pty, 's', &signal);
	pty_read(pty);
}

void pty_continue(struct pty *pty, bool foreground)
{
	forget_sync(pty);
	assert_int_equal(write(pty->leader, foreground ? "f" : "b", 1), 1);
}

/* ---- input ---- */

void pty_pour(struct pty *pty, const char *bytes, size_t length)
{
	long until = patience();
	forget_sync(pty);
	while (length > 0) {
		struct pollfd both = {pty->master, POLLIN | POLLOUT, 0};
		assert_true(milliseconds() < until);
		poll(&both, 1, 100);
		if (both.revents & POLLIN)
			read_some(pty);
		ssize_t count = write(pty->master, bytes, length < 1024 ? length : 1024);
		if (count > 0) {
			until = patience(); /* it goes on: only a standstill is a failure */
			bytes += count;
			length -= (size_t)count;
		}
	}
}

void pty_send(struct pty *pty, const char *bytes, size_t length)
{
	forget_sync(pty);
	assert_int_equal(write(pty->master, bytes, length), length);
}

void pty_type(struct pty *pty, const char *bytes)
{
	pty_send(pty, bytes, strlen(bytes));
	pty_wait(pty, 'i');
}

void pty_resize(struct pty *pty, int columns, int rows, bool wait)
{
	struct winsize size = {(unsigned short)rows, (unsigned short)columns, 0, 0};
	pty_read(pty); /* what was drawn for the old size belongs there */
	pty->columns = columns;
	pty->rows = rows;
	vterm_set_size(pty->vt, rows, columns);
	forget_sync(pty);
	ioctl(pty->master, TIOCSWINSZ, &size);
	if (wait)
		pty_wait(pty, 'i');
}

/* ---- what there is to see ---- */

VTermScreenCell pty_cell(struct pty *pty, int x, int y)
{
	VTermScreenCell cell;
	memset(&cell, 0, sizeof cell);
	assert_true(vterm_screen_get_cell(pty->screen, (VTermPos){y, x}, &cell));
	return cell;
}

const char *pty_row(struct pty *pty, int y)
{
	static char text[16 * 1024];
	VTermRect row = {y, y + 1, 0, pty->columns};
	size_t length = vterm_screen_get_text(pty->screen, text, sizeof text - 1, row);
	while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\n'))
		length--;
	text[length] = '\0';
	return text;
}

bool pty_shows(struct pty *pty, const char *text)
{
	for (int y = 0; y < pty->rows; y++)
		if (strstr(pty_row(pty, y), text))
			return true;
	return false;
}

static void print_screen(struct pty *pty)
{
	for (int y = 0; y < pty->rows; y++)
		print_message("# %s\n", pty_row(pty, y));
}

void pty_sees(struct pty *pty, const char *text)
{
	if (pty_shows(pty, text))
		return;
	print_screen(pty);
	fail_msg("\"%s\" is not on the screen", text);
}

void pty_sees_not(struct pty *pty, const char *text)
{
	if (!pty_shows(pty, text))
		return;
	print_screen(pty);
	fail_msg("\"%s\" is on the screen", text);
}

int pty_row_of(struct pty *pty, const char *text)
{
	int y = 0;
	pty_sees(pty, text);
	while (!strstr(pty_row(pty, y), text))
		y++;
	return y;
}

void pty_cursor(struct pty *pty, int *x, int *y)
{
	VTermPos at;
	vterm_state_get_cursorpos(vterm_obtain_state(pty->vt), &at);
	*x = at.col;
	*y = at.row;
}

bool pty_modes_restored(struct pty *pty)
{
	struct termios now;
	tcgetattr(pty->slave, &now);
	return !(fcntl(pty->theirs, F_GETFL) & O_NONBLOCK) &&
	       now.c_iflag == pty->before.c_iflag && now.c_oflag == pty->before.c_oflag &&
	       now.c_cflag == pty->before.c_cflag && now.c_lflag == pty->before.c_lflag &&
	       memcmp(now.c_cc, pty->before.c_cc, sizeof now.c_cc) == 0;
}

void pty_mark(struct pty *pty)
{
	pty_read(pty);
	pty->mark = pty->log_length;
}

size_t pty_bytes_since(struct pty *pty)
{
	return pty->log_length - pty->mark;
}

int pty_written(struct pty *pty, const char *bytes)
{
	const char *at = pty->log + pty->mark, *end = pty->log + pty->log_length;
	int count = 0;
	while ((at = memmem(at, (size_t)(end - at), bytes, strlen(bytes))) != NULL) {
		count++;
		at += strlen(bytes);
	}
	return count;
}

static bool is_color(int number)
{
	return (number >= 30 && number <= 38) || (number >= 40 && number <= 48) ||
	       (number >= 90 && number <= 107);
}

int pty_colors_written(struct pty *pty)
{
	int count = 0;
	for (size_t at = pty->mark; at + 1 < pty->log_length; at++) {
		if (pty->log[at] != '\033' || pty->log[at + 1] != '[')
			continue;
		int number = 0;
		bool colored = false;
		for (at += 2; at < pty->log_length; at++) {
			char c = pty->log[at];
			if (c >= '0' && c <= '9') {
				number = number * 10 + c - '0';
				continue;
			}
			colored = colored || is_color(number);
			number = 0;
			if (c != ';' && c != ':') {
				count += c == 'm' && colored;
				break;
			}
		}
	}
	return count;
}

int pty_highest_byte(struct pty *pty)
{
	int highest = 0;
	for (size_t at = pty->mark; at < pty->log_length; at++)
		if ((unsigned char)pty->log[at] > highest)
			highest = (unsigned char)pty->log[at];
	return highest;
}

long pty_status(struct pty *pty, const char *name)
{
	char path[64], line[256];
	long figure = -1;
	snprintf(path, sizeof path, "/proc/%d/status", (int)pty->program);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file))
		if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
			figure = atol(line + strlen(name) + 1);
	fclose(file);
	assert_true(figure >= 0);
	return figure;
}
