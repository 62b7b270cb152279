/* The explorer's prompts: a command line, or the value of the dial in hand. */
#ifndef LRSCOPE_LRSCOPE_EDITING_H
#define LRSCOPE_LRSCOPE_EDITING_H

#include "study/scope.h"

struct editing {
	char dial[32];             /* the dial whose value is typed; "" for a command line */
	char last[COMMAND_LINE];   /* what was accepted last, to be mended */
	char lead[64];
	const char *candidates[200]; /* what the view draws; NULL-ended */
	struct scope *scope;       /* for completion */
	bool has_history, bad_history; /* it was read, or cannot be */
};

/* A command line that starts with `text` (NULL: empty). */
bool editing_prompt(struct editing *editing, struct scope *scope, const char *text,
		    struct error *error);
/* The selected dial: a list (PAGE_CHOICES) where its values are names, else a prompt that starts
 * with `text` (NULL: empty; the present value stands in the lead). */
bool editing_dial(struct editing *editing, struct scope *scope, const char *text,
		  struct error *error);
/* The accepted line as a command: `set NAME VALUE` for a dial. False where it does not fit. */
bool editing_line(struct editing *editing, char *line, size_t size);
/* The same prompt again, with what was typed. */
bool editing_again(struct editing *editing, struct scope *scope, struct error *error);

/* The command that the row in hand of PAGE_SCENES or PAGE_CHOICES stands for. */
bool editing_choice(const struct scope *scope, char *line, size_t size);

/* Copies the prompt's state to where the view draws it from. */
void editing_show(struct editing *editing, struct viewpoint *viewpoint, int columns);

/* History in the XDG state folder: read before the first command line is opened, once; a file that
 * could not be read is left alone. */
bool editing_load_history(struct editing *editing, struct error *error);
bool editing_save_history(const struct editing *editing, struct error *error);

#endif
