/* Handlers, and what they may call. See rescue.h. */
#include "terminal/rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/language.h"
#include "base/text.h"
#include "terminal/inside.h"

#define RESTORE_MOST 512
#define KEPT_MOST (256 * 1024) /* of what is written to stderr meanwhile, the first */
#define STACK_SIZE (64 * 1024)
#define END_PATIENCE 500000 /* microseconds to get to a signal that ends the program */

enum answer { ANSWER_CRASH, ANSWER_END, ANSWER_NOTE, ANSWER_IGNORE };

static const struct row {
	int signal;
	enum answer answer;
	enum rescue_note note;
} rows[] = {
	{SIGSEGV, ANSWER_CRASH, 0}, {SIGABRT, ANSWER_CRASH, 0}, {SIGBUS, ANSWER_CRASH, 0},
	{SIGFPE, ANSWER_CRASH, 0},  {SIGILL, ANSWER_CRASH, 0},  {SIGSYS, ANSWER_CRASH, 0},
	{SIGTRAP, ANSWER_CRASH, 0}, {SIGQUIT, ANSWER_CRASH, 0}, {SIGXCPU, ANSWER_CRASH, 0},
	/* Not ours, but their default is to end the program. */
	{SIGUSR1, ANSWER_CRASH, 0}, {SIGUSR2, ANSWER_CRASH, 0}, {SIGALRM, ANSWER_CRASH, 0},
	{SIGVTALRM, ANSWER_CRASH, 0}, {SIGPROF, ANSWER_CRASH, 0}, {SIGIO, ANSWER_CRASH, 0},
	{SIGPWR, ANSWER_CRASH, 0},  {SIGSTKFLT, ANSWER_CRASH, 0}, /* and real-time signals */
	{SIGTERM, ANSWER_END, 0},   {SIGINT, ANSWER_END, 0},    {SIGHUP, ANSWER_END, 0},
	{SIGWINCH, ANSWER_NOTE, NOTE_RESIZE},
	{SIGTSTP, ANSWER_NOTE, NOTE_STOP},
	{SIGCONT, ANSWER_NOTE, NOTE_CONTINUE},
	/* The write that fails says so. */
	{SIGPIPE, ANSWER_IGNORE, 0}, {SIGXFSZ, ANSWER_IGNORE, 0},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* Signal handlers have no argument of ours: the room's one state is here. */
static volatile sig_atomic_t armed, paused, busy, ending;
static volatile sig_atomic_t notes[NOTE_COUNT];
static int wake[2] = {-1, -1};
static int terminal = -1;
static struct termios shell_modes;
static char restore_bytes[RESTORE_MOST];
static size_t restore_length;
static int kept = -1, real_stderr = -1;
static struct sigaction before[ROW_COUNT];
static stack_t stack_before;
static char stack[STACK_SIZE];

/* ---- all that handlers call is async-signal-safe ---- */

/* Writes, but gives a terminal that is stopped up at some point. */
static void write_all(int descriptor, const char *bytes, size_t length)
{
	int patience = RESCUE_PATIENCE;
	while (length > 0) {
		struct pollfd out = {descriptor, POLLOUT, 0};
		int ready = poll(&out, 1, 10);
		if (ready < 0 && errno != EINTR)
			return;
		if (ready <= 0) {
			patience -= 10;
			if (patience <= 0)
				return;
			continue;
		}
		ssize_t written = write(descriptor, bytes, length < 256 ? length : 256);
		if (written < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		}
	}
}

/* Makes what is in `bytes` safe to print, but line feed and tab: anything else that a terminal might
 * obey, and each byte that is no character, becomes "?". Returns the bytes; `used` are done with, the
 * rest may be the beginning of a character unless it is `last`. */
static size_t make_safe(char *bytes, size_t count, bool last, size_t *used)
{
	size_t from = 0, to = 0;
	while (from < count && (last || count - from >= 4)) {
		uint32_t code;
		size_t length = utf8_decode(bytes + from, count - from, &code);
		bool safe = bytes[from] == '\n' || bytes[from] == '\t' ||
			    (code != UTF8_BAD && !code_is_unsafe(code));
		if (safe)
			memmove(bytes + to, bytes + from, length);
		else if (bytes[from] != '\a')
			bytes[to] = '?';
		to += safe ? length : bytes[from] != '\a';
		from += length;
	}
	*used = from;
	return to;
}

/* What libraries wrote, on the real stderr. */
static void show_kept(void)
{
	if (kept < 0)
		return;
	char bytes[512];
	off_t length = lseek(kept, 0, SEEK_CUR);
	dup2(real_stderr, STDERR_FILENO);
	for (off_t at = 0; at < length;) {
		size_t used, wanted = length - at < (off_t)sizeof bytes ? (size_t)(length - at)
									: sizeof bytes;
		ssize_t count = pread(kept, bytes, wanted, at);
		if (count <= 0)
			break;
		size_t left = make_safe(bytes, (size_t)count, at + count >= length, &used);
		at += (off_t)used;
		write_all(STDERR_FILENO, bytes, left);
	}
	close(kept);
	close(real_stderr);
	kept = real_stderr = -1;
}

/* A terminal that takes nothing more gives up what it has not shown: of a frame that nobody will see
 * there may be half a sequence, which CAN ends. */
static void make_room(void)
{
	struct pollfd out = {terminal, POLLOUT, 0};
	if (poll(&out, 1, 0) == 1 && (out.revents & POLLOUT))
		return;
	tcflow(terminal, TCOON);
	tcflush(terminal, TCOFLUSH);
	write_all(terminal, "\030", 1);
}

static void give_back(void)
{
	armed = 0;
	/* In the background the terminal is somebody else's, and touching it would stop us. */
	pid_t group = tcgetpgrp(terminal);
	if (!paused && (group < 0 || group == getpgrp())) {
		/* Without waiting: a stopped terminal must not hold the program. The flag is the
		 * description's, which the shell shares, so it is put back. */
		int flags = fcntl(terminal, F_GETFL);
		if (flags >= 0)
			fcntl(terminal, F_SETFL, flags | O_NONBLOCK);
		make_room();
		write_all(terminal, restore_bytes, restore_length);
		if (flags >= 0)
			fcntl(terminal, F_SETFL, flags);
		tcsetattr(terminal, TCSANOW, &shell_modes);
	}
}

void rescue_restore(void)
{
	if (!armed)
		return;
	give_back();
	show_kept();
}

/* exit() while armed comes from inside a library: curses does that where memory runs out. */
static void on_library_exit(void)
{
	static const char whose[] = "lrscope: ", nobody[] = "lrscope: a library ended the program\n";
	if (!armed)
		return;
	bool said = kept >= 0 && lseek(kept, 0, SEEK_CUR) > 0;
	give_back();
	write_all(real_stderr >= 0 ? real_stderr : STDERR_FILENO, said ? whose : nobody,
		  said ? sizeof whose - 1 : sizeof nobody - 1);
	show_kept();
}

static void die(int signal)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t only;
	sigaction(signal, &action, NULL);
	sigemptyset(&only);
	sigaddset(&only, signal);
	sigprocmask(SIG_UNBLOCK, &only, NULL);
	raise(signal);
	_exit(128 + signal);
}

static const struct row *row_of(int signal)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (rows[i].signal == signal)
			return &rows[i];
	return NULL; /* a real-time signal */
}

/* Sends SIGALRM after so many microseconds; 0: not any more. A plain system call. */
static void set_timer(long microseconds)
{
	struct itimerval timer = {.it_value.tv_usec = microseconds};
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void on_crash(int signal, siginfo_t *info, void *context)
{
	const struct row *row = row_of(signal);
	(void)context;
	rescue_restore();
	if (signal == SIGALRM && ending)
		die(ending); /* nobody got to it */
	/* To whoever was there before (a sanitizer), else the default action. A fault comes
	 * again when the handler returns, at the place where it was. */
	if (!row)
		die(signal);
	sigaction(signal, &before[row - rows], NULL);
	if (info->si_code <= 0 || signal == SIGABRT)
		raise(signal);
}

static void on_signal(int signal)
{
	int saved = errno;
	const struct row *row = row_of(signal);
	if (row->answer == ANSWER_END) {
		if (busy || ending) {
			rescue_restore();
			die(signal);
		}
		ending = signal;
		set_timer(END_PATIENCE);
	} else {
		notes[row->note] = 1;
	}
	(void)!write(wake[1], "", 1);
	errno = saved;
}

/* ---- the rest runs in the open ---- */

static void install(void)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		struct sigaction action = {.sa_flags = SA_RESTART};
		sigaction(rows[i].signal, NULL, &before[i]);
		/* nohup and the like asked for silence. */
		if (before[i].sa_handler == SIG_IGN && rows[i].signal != SIGTERM &&
		    rows[i].signal != SIGWINCH && rows[i].signal != SIGCONT)
			continue;
		sigemptyset(&action.sa_mask);
		switch (rows[i].answer) {
		case ANSWER_CRASH:
			action.sa_sigaction = on_crash;
			action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
			break;
		case ANSWER_END:
			sigaddset(&action.sa_mask, SIGTERM);
			sigaddset(&action.sa_mask, SIGINT);
			sigaddset(&action.sa_mask, SIGHUP);
			action.sa_handler = on_signal;
			break;
		case ANSWER_NOTE:
			action.sa_handler = on_signal;
			break;
		case ANSWER_IGNORE:
			action.sa_handler = SIG_IGN;
			break;
		}
		sigaction(rows[i].signal, &action, NULL);
	}
}

/* They end the program by default, too. */
static void install_realtime(bool ours)
{
	struct sigaction action = {.sa_handler = SIG_DFL}, old;
	if (ours) {
		action.sa_sigaction = on_crash;
		action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
	}
	for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++)
		if (sigaction(signal, NULL, &old) == 0 &&
		    (ours ? old.sa_handler == SIG_DFL : old.sa_sigaction == on_crash))
			sigaction(signal, &action, NULL);
}

/* A memory file of fixed size: what is beyond it fails to be written, and nothing grows. */
static void keep_stderr(void)
{
	if (!isatty(STDERR_FILENO))
		return;
	int file = memfd_create("stderr", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int real = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (file < 0 || real < 0 || ftruncate(file, KEPT_MOST) != 0 ||
	    fcntl(file, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) != 0 ||
	    dup2(file, STDERR_FILENO) < 0) {
		if (file >= 0)
			close(file);
		if (real >= 0)
			close(real);
		return;
	}
	kept = file;
	real_stderr = real;
}

bool rescue_arm(int tty, const struct termios *modes, const char *bytes, size_t length,
		struct error *error)
{
	static bool registered;
	if (!registered && atexit(on_library_exit) != 0)
		return error_memory(error);
	registered = true;
	if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0)
		return error_file(error, _("cannot make a pipe: %s"), strerror(errno));
	terminal = tty;
	shell_modes = *modes;
	restore_length = length < RESTORE_MOST ? length : RESTORE_MOST;
	memcpy(restore_bytes, bytes, restore_length);
	paused = busy = ending = 0;
	for (int i = 0; i < NOTE_COUNT; i++)
		notes[i] = 0;
	stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
	sigaltstack(&own, &stack_before);
	keep_stderr();
	armed = 1;
	install();
	install_realtime(true);
	return true;
}

void rescue_disarm(void)
{
	if (wake[0] < 0)
		return;
	if (ending)
		set_timer(0);
	for (size_t i = 0; i < ROW_COUNT; i++)
		sigaction(rows[i].signal, &before[i], NULL);
	install_realtime(false);
	sigaltstack(&stack_before, NULL);
	armed = 0;
	show_kept();
	close(wake[0]);
	close(wake[1]);
	wake[0] = wake[1] = -1;
}

void rescue_pause(bool now)
{
	paused = now;
}

void rescue_busy(bool now)
{
	busy = now;
}

int rescue_descriptor(void)
{
	return wake[0];
}

void rescue_drain(void)
{
	char bytes[64];
	while (read(wake[0], bytes, sizeof bytes) > 0)
		;
}

bool rescue_take(enum rescue_note note)
{
	bool was = notes[note];
	if (was) /* else one that comes between the two lines would be lost */
		notes[note] = 0;
	return was;
}

int rescue_take_end(void)
{
	if (ending)
		set_timer(0);
	return ending; /* kept: the next one does not wait for the program */
}

void rescue_stop(int signal)
{
	struct sigaction action = {.sa_handler = SIG_DFL}, own;
	sigaction(signal, &action, &own);
	raise(signal);
	sigaction(signal, &own, NULL);
}

noreturn void rescue_die(int signal)
{
	die(signal);
	_exit(128 + signal);
}

noreturn void rescue_fail(const char *line)
{
	rescue_restore();
	write_all(STDERR_FILENO, line, strlen(line));
	write_all(STDERR_FILENO, "\n", 1);
	_exit(1);
}
