/* Reading a rules file: JSON, checked whole. A teacher edits it by hand, so every refusal says where
 * (line, column, place in the file), what was found, and what would be right.
 *
 * A function that returns false (or NULL) has filled the error; the place where it stands is then no
 * longer of interest, so that only success leaves what was entered. */
#ifndef LRSCOPE_ADVISOR_READER_H
#define LRSCOPE_ADVISOR_READER_H

#include <jansson.h>

#include "advisor/private.h"
#include "base/place.h"

#define STEPS 8 /* deepest place of ours: rules[3].because.zh */

struct reader {
	const char *json;
	size_t length;
	const char *name, *language;
	struct place_step steps[STEPS];
	int depth;
	struct error *error;
	struct advisor advisor; /* what has been read so far */
};

void reader_enter(struct reader *reader, const char *key);
void reader_enter_item(struct reader *reader, size_t index);
void reader_leave(struct reader *reader);

/* Turns a sentence, or the request error `why`, into the file's error at the present place. */
bool reader_refuse(struct reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool reader_refuse_word(struct reader *reader, const struct error *why);
bool reader_refuse_type(struct reader *reader, const json_t *value, const char *wanted);

/* Refuses what is no object, and keys that are not among `known` (NULL-ended); `what` they are. */
bool reader_members(struct reader *reader, const json_t *object, const char *what,
		    const char *const *known);
bool reader_keys(struct reader *reader, const json_t *object, const char *const *known);
/* The member `key` as a list of 1 to `most`, entered. */
const json_t *reader_list(struct reader *reader, const json_t *object, const char *key, size_t most);

/* Copies an id of fewer than `size` bytes: a letter, then letters, digits and what is in `more`. */
bool reader_id(struct reader *reader, const json_t *value, char *id, size_t size, const char *more);
/* The same for the member "id". */
bool reader_own_id(struct reader *reader, const json_t *object, char *id, size_t size,
		   const char *more);
/* The text `key` of `object`, a string or one for each language, as the caller's to free. Without
 * one it is `standard`, or refused where that is NULL. */
bool reader_text(struct reader *reader, const json_t *object, const char *key, const char *standard,
		 char **out);
bool reader_copy(struct reader *reader, const char *string, char **out);

#endif
