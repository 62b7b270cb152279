/* The explorer without a terminal: keys, lines, clicks and resizes into a scope that is drawn into a
 * canvas. What lrscope/explorer.c does between loop_next() and screen_show(), and no more. */
#ifndef LRSCOPE_TESTS_EXPLORER_DRIVE_H
#define LRSCOPE_TESTS_EXPLORER_DRIVE_H

#include "study/scope.h"
#include "view/canvas.h"

struct drive {
	struct scope scope;
	struct canvas canvas;
	bool files; /* commands that read and write files are carried out, in the working folder */
	bool quit;  /* `quit` was said; nothing else happens then */
	struct error error; /* of the last line, kind ERROR_NONE where it was accepted */
};

bool drive_open(struct drive *drive, int columns, int rows, struct error *error);
void drive_close(struct drive *drive);

/* Commands separated by ';', as at the prompt: false when one is refused. Without `files`, what
 * would touch a file is passed over. */
bool drive_line(struct drive *drive, const char *line);
/* A key by its name; false where it has no row or is off. */
bool drive_key(struct drive *drive, const char *key);
void drive_click(struct drive *drive, int x, int y);
/* The prompt with this text, completed at its end, drawn, and not carried out. */
void drive_type(struct drive *drive, const char *text);
bool drive_resize(struct drive *drive, int columns, int rows);
/* At most `updates` updates of work. */
void drive_work(struct drive *drive, int64_t updates);
void drive_draw(struct drive *drive);

#endif
