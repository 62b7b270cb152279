/* A program on a pseudo-terminal whose screen libvterm reads.
 *
 * The program tells through LRSCOPE_TEST_FD when it has drawn (see terminal/loop.h), so tests wait for
 * that and never sleep; each wait ends after PTY_PATIENCE_MS with a failed assertion. */
#ifndef TESTS_TERMINAL_PTY_H
#define TESTS_TERMINAL_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

#define PTY_PATIENCE_MS 5000
#ifndef PTY_SLOWNESS /* sanitizers, valgrind */
#define PTY_SLOWNESS 1
#endif

struct pty_options {
	const char *const *argv; /* NULL-ended */
	int columns, rows;       /* 0: 80x24 */
	bool no_size;            /* the driver says 0x0 */
	const char *term;        /* NULL: xterm-256color, "": unset */
	const char *locale;      /* NULL: C.UTF-8 */
	const char *const *env;  /* more of it, "NAME=VALUE", NULL-ended; may be NULL */
	const char *stdin_path;  /* NULL: the terminal */
	const char *stdout_path; /* NULL: the terminal */
	bool ignore_hangup;      /* as nohup does */
	bool background;         /* started without the terminal */
};

struct pty {
	int master, slave; /* the slave is kept open, for its modes and against early hang-up */
	int theirs;        /* the description of it that the program has from its shell */
	int sync;          /* from LRSCOPE_TEST_FD */
	/* Ours, the session leader: like a shell it takes the terminal back when the program stops or
	 * ends (a leader's own end would hang the terminal up). `leader` is the socket to it. */
	pid_t child;
	int leader;
	pid_t program;
	struct termios before;
	VTerm *vt;
	VTermScreen *screen;
	int columns, rows;
	bool cursor_visible, cursor_known;
	char *log; /* all that the program wrote */
	size_t log_length, log_capacity;
	size_t mark; /* of pty_mark() */
	bool ended;
	int status;
};

/* Setup and teardown of a group: an empty home, and what names it to a program: HOME, XDG_STATE_HOME
 * (its `state`) and XDG_DATA_HOME (its `data`). */
extern char pty_home[64];
extern const char *const pty_home_env[];
int pty_make_home(void **state);
int pty_remove_home(void **state);

/* Each sets up or waits as its name says, and fails the test if that does not come about. */
void pty_start(struct pty *pty, const struct pty_options *options);
void pty_done(struct pty *pty); /* kills what is left, frees all */

/* Waits for one byte: 'i' idle or 'f' frame out; then all that was written is on the screen. */
void pty_wait(struct pty *pty, char byte);
/* Sends bytes; forgets sync bytes that came before. */
void pty_send(struct pty *pty, const char *bytes, size_t length);
/* Sends and waits until idle. */
void pty_type(struct pty *pty, const char *bytes);
/* Sends, reading output meanwhile; for more than the terminal buffers. */
void pty_pour(struct pty *pty, const char *bytes, size_t length);
/* Waits, each time for 'i' or 'f', until a row contains `text`. */
void pty_wait_text(struct pty *pty, const char *text);
/* Another size; the kernel tells the program. Waits for idle if `wait`. */
void pty_resize(struct pty *pty, int columns, int rows, bool wait);
void pty_kill(struct pty *pty, int signal);
/* Waits until the program has ended; returns its wait status. */
int pty_end(struct pty *pty);
/* Sends `keys` that end the program: with status 0, and with the modes from before. */
void pty_quit(struct pty *pty, const char *keys);
/* Waits until it has stopped; goes on in the foreground or background. */
void pty_wait_stop(struct pty *pty);
void pty_continue(struct pty *pty, bool foreground);
/* Closes the terminal as a terminal emulator does that goes away. */
void pty_close(struct pty *pty);
/* Takes what was written so far, without waiting for the program. */
void pty_read(struct pty *pty);

/* Row `y` as text without trailing blanks, in a static buffer of the struct's own turn. */
const char *pty_row(struct pty *pty, int y);
bool pty_shows(struct pty *pty, const char *text);
/* Fails, and prints the screen, unless a row contains `text`; or if one does. */
void pty_sees(struct pty *pty, const char *text);
void pty_sees_not(struct pty *pty, const char *text);
/* The first row that contains `text`, which one does. */
int pty_row_of(struct pty *pty, const char *text);
VTermScreenCell pty_cell(struct pty *pty, int x, int y);
void pty_cursor(struct pty *pty, int *x, int *y);
/* The terminal's modes are those from before the start, and reads and writes of the shell wait again. */
bool pty_modes_restored(struct pty *pty);

/* From here on "since" counts. */
void pty_mark(struct pty *pty);
size_t pty_bytes_since(struct pty *pty);
/* How often `bytes` were written since the mark. */
int pty_written(struct pty *pty, const char *bytes);
/* How often a colour was set by an SGR sequence (30-37, 40-47, 90-107, 38, 48) since the mark. */
int pty_colors_written(struct pty *pty);
/* The highest byte since the mark. */
int pty_highest_byte(struct pty *pty);
/* A figure of /proc/PROGRAM/status, e.g. "voluntary_ctxt_switches", "VmRSS". */
long pty_status(struct pty *pty, const char *name);

#endif
