/* What holds of every study, scope and canvas, whatever was typed: NULL, or a sentence that says
 * what does not. The sentence lies in `why`. */
#ifndef LRSCOPE_TESTS_EXPLORER_CHECK_H
#define LRSCOPE_TESTS_EXPLORER_CHECK_H

#include "study/scope.h"
#include "view/canvas.h"

struct why {
	char text[400];
};

/* Every value is one that its table accepts, every text ends, all unused bytes are zero. */
const char *study_wrong(const struct study *study, struct why *why);
/* Written as a file and read back it is the same study, byte for byte. */
const char *study_unlike_its_file(const struct study *study, struct why *why);
/* The study; and what the viewpoint names is there. */
const char *scope_wrong(const struct scope *scope, struct why *why);
/* The same of a scope that was refreshed: its readings belong to its runs. */
const char *refreshed_wrong(const struct scope *scope, struct why *why);
/* Each cell can go to a terminal; wide characters are whole; the cursor is on the canvas. */
const char *canvas_wrong(const struct canvas *canvas, struct why *why);

#endif
