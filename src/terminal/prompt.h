/* A line being edited, with history and completion. readline edits; it neither reads the
 * terminal nor writes to it: keys come in as events and the caller draws the line.
 *
 * One prompt at a time (readline has one state). */
#ifndef LRSCOPE_TERMINAL_PROMPT_H
#define LRSCOPE_TERMINAL_PROMPT_H

#include "base/error.h"
#include "terminal/event.h"

enum prompt_result { PROMPT_EDITING, PROMPT_ACCEPTED, PROMPT_CANCELLED };

#define CANDIDATES_MOST 500

/* What Tab may put in place of bytes `start` to the cursor. */
struct candidates {
	char *words[CANDIDATES_MOST]; /* freed by the prompt */
	int count;
	char append; /* put after a word that is complete: ' ' unless changed, 0: nothing */
};
/* Adds a copy of `word`; past CANDIDATES_MOST, or without memory, it is left out. */
void candidates_add(struct candidates *candidates, const char *word);

/* Fills `candidates` for the word that starts at byte `start` of `line` and ends at byte
 * `end`, the cursor. Only words that begin with what is typed count; the others are dropped. */
typedef void prompt_complete(void *context, const char *line, size_t start, size_t end,
			     struct candidates *candidates);

struct prompt_options {
	const char *lead;    /* shown before the line, e.g. ":" */
	const char *initial; /* text to start with, NULL for none */
	const char *breaks;  /* characters that end a word for completion, unless they are quoted or behind a
				backslash; NULL: " \t;="; "": the line is one word, quotes and all */
	prompt_complete *complete; /* NULL: Tab does nothing */
	void *context;
	bool ascii;          /* the line is drawn in an ascii canvas: every character is one column */
	bool history;        /* Up, Down, Ctrl-R, and the line is kept when accepted */
};

/* Copies what it needs of `options` but `context`. A prompt that is open is cancelled. */
bool prompt_open(const struct prompt_options *options, struct error *error);
/* Takes EVENT_KEY and EVENT_PASTE; other events leave it as it is. Enter accepts; Esc (but in
 * vi mode), Ctrl-C, Ctrl-G and Ctrl-D on an empty line cancel. A paste is inserted as text: line ends
 * and tabs become blanks, other control characters are left out, at most PROMPT_MOST bytes. */
enum prompt_result prompt_key(const struct event *event);
void prompt_close(void); /* cancels; nothing where none is open */
bool prompt_is_open(void);

#define PROMPT_MOST 65536

/* Text of the line (UTF-8), also after it was accepted, until the next prompt_open(). */
const char *prompt_text(void);
/* What stands before it: `lead`, or readline's own words while it searches. */
const char *prompt_lead(void);
/* Byte of prompt_text() under the cursor, and the cursor's column counted from the
 * line's first character (after the lead). */
size_t prompt_cursor(void);
int prompt_cursor_column(void);
/* Where to start drawing so that lead, cursor and one more column fit into `columns`: the first
 * byte of prompt_text() to show; `*column` is where the cursor then stands, lead included. */
size_t prompt_view(int columns, int *column);

/* What Tab offers now, sorted; none after the next other key. */
int prompt_candidate_count(void);
const char *prompt_candidate(int index);

/* History: lines of a file, the newest last, at most HISTORY_MOST. A file that is not there is an
 * empty history. Unreadable, or no
 * file: false and an error to show once; the prompt works all the same.
 * Lines that are not UTF-8 or hold control characters are left out. */
#define HISTORY_MOST 1000
bool prompt_history_load(const char *path, struct error *error);
/* Adds the lines of this session to what the file has by now (another instance may have written),
 * and replaces it. Nothing to do without new lines. */
bool prompt_history_save(const char *path, struct error *error);
/* Frees everything, history included. */
void prompt_done(void);

#endif
