/* Undo and redo: the bytes that each command changed. */
#ifndef LRSCOPE_STUDY_HISTORY_H
#define LRSCOPE_STUDY_HISTORY_H

#include "study/study.h"

#define HISTORY_CHANGES 2000 /* at least as many can be undone; older ones are forgotten */

struct history {
	struct past_change *changes; /* ring */
	int first;              /* place of the oldest */
	int count, position;    /* changes kept; how many of them are in force */
	size_t bytes;           /* memory in use, bounded */
};

void history_init(struct history *history);
void history_done(struct history *history);
/* Remembers the way from `before` to `after`; drops what was undone. False without memory: then
 * the caller goes back to `before`. Equal studies are not a change. */
bool history_add(struct history *history, const struct study *before, const struct study *after,
		 struct error *error);
/* False, with a sentence, when there is nothing left. */
bool history_undo(struct history *history, struct study *study, struct error *error);
bool history_redo(struct history *history, struct study *study, struct error *error);

#endif
