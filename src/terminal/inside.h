/* What the files of this room tell each other; nobody else includes it. */
#ifndef LRSCOPE_TERMINAL_INSIDE_H
#define LRSCOPE_TERMINAL_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <termios.h>

#include "base/error.h"
#include "base/text.h"
#include "terminal/event.h"

/* ---- rescue.c ---- */

/* Installs the handlers and the alternate stack, ignores SIGPIPE, keeps stderr aside if it is
 * a terminal. From here on a crash writes `restore` and sets `modes` on descriptor `tty`. */
bool rescue_arm(int tty, const struct termios *modes, const char *restore, size_t length,
		struct error *error);
void rescue_disarm(void);
void rescue_restore(void); /* what a crash would do; does not wait for a terminal that is stopped */
#define RESCUE_PATIENCE 200 /* milliseconds that it is asked on the way out */
/* While the program is in the terminal's shell state (stopped) there is nothing to restore. */
void rescue_pause(bool paused);
/* While `busy` SIGTERM, SIGINT and SIGHUP end the program at once: a write may block. */
void rescue_busy(bool busy);

/* Readable when a signal has come. */
int rescue_descriptor(void);
enum rescue_note { NOTE_RESIZE, NOTE_STOP, NOTE_CONTINUE, NOTE_COUNT };
/* Empties the descriptor; call before the two below. */
void rescue_drain(void);
bool rescue_take(enum rescue_note note);
int rescue_take_end(void); /* SIGTERM, SIGINT, SIGHUP, or 0 */
/* Stops the program the way SIGTSTP does; returns when it goes on. */
void rescue_stop(int signal);

/* ---- screen.c ---- */

int screen_input(void);  /* descriptor of the keys */
int screen_output(void);
void screen_leave(void);  /* to the shell's state, before a stop */
void screen_return(void); /* and back: modes again, all painted anew */
void screen_adopt_size(void);
bool screen_in_foreground(void);

/* A terminfo string, or NULL. */
const char *screen_capability(const char *name);
/* From now on `sequence` is taken as key `code` (SCREEN_CODE and more; 0: as its bytes). */
void screen_define(const char *sequence, int code);

enum screen_input_kind { INPUT_NOTHING, INPUT_BYTE, INPUT_KEY, INPUT_MOUSE, INPUT_UNKNOWN };
#define SCREEN_CODE 0x4000 /* above all of curses' own */
/* The next byte or key without waiting (but for what may follow an Esc). A mouse event
 * fills `event`; byte and code come in `*code`. */
enum screen_input_kind screen_take(int *code, struct event *event);
void screen_untake(int byte);
/* Whether input comes within the time that what follows an Esc may take. */
bool screen_has_more(void);

/* ---- output.c ---- */

/* The file for curses; NULL without memory or descriptors. */
FILE *output_open(int terminal);
void output_close(void);
/* The bytes of a frame, which stay where they are until all are out: as far as that does not wait. */
void output_send(const char *bytes, size_t length);
bool output_flush(void); /* goes on; true when nothing is left */
/* Waits until nothing is left and more would be taken; false after `patience` ms (-1: no end). */
bool output_finish(int patience);

/* ---- settle.c ---- */

/* The start reads much of the program and its libraries that nothing reads again. Their pages are
 * given back; what is wanted after all comes from the page cache, once: so the first key is a
 * millisecond slower, and this is not for every rest. Does nothing where there is no
 * /proc/self/pagemap, by which pages that somebody wrote to are left alone. */
void settle(void);

/* ---- keys.c ---- */

enum keys_result {
	KEYS_NOTHING, /* no input was there */
	KEYS_IGNORED, /* some, and it means nothing yet */
	KEYS_EVENT,
	KEYS_PASTE,   /* a bracketed paste starts: its bytes are next on screen_input() */
};
void keys_define(void);
enum keys_result keys_next(struct event *event);

/* ---- history.c ---- */

#define HISTORY_LINE_MOST 4096 /* a longer line is not kept */
/* Calls `line` with each line of the file that is fit to be shown, oldest first. */
bool history_read(const char *path, void (*line)(void *context, const char *text), void *context,
		  struct error *error);
/* Nothing where something else than a file has its name.
 * Puts `count` lines after those that the file has by now, of all keeps the last `most`. */
bool history_append(const char *path, char *const *lines, size_t count, size_t most,
		    struct error *error);

#endif
