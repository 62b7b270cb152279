/* One sentence that says what was wrong, where, and what would be right.
 *
 * Whatever can fail takes a `struct error *` last, returns false (or NULL) and
 * fills it; only lrscope/ prints it. The text may quote file content: these functions
 * pass it through text_safe(), so that it never holds a control character. */
#ifndef LRSCOPE_BASE_ERROR_H
#define LRSCOPE_BASE_ERROR_H

#include <stdbool.h>

enum error_kind {
	ERROR_NONE,
	ERROR_REQUEST, /* the request is wrong: exit status 2 */
	ERROR_FILE,    /* a file cannot be opened, read or written, or its content is wrong: 1 */
	ERROR_MEMORY,  /* no memory: 1 */
};

struct error {
	enum error_kind kind;
	char text[1024];
};

/* The start of a foreign word, whole characters, for a sentence. Returns `out`. */
#define ERROR_WORD 61
const char *error_word(char out[ERROR_WORD], const char *word);

/* Each fills `error` (which may be NULL) and returns false, so that a caller can
 * `return error_request(error, ...)`. */
bool error_request(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool error_file(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool error_memory(struct error *error);

/* Puts `format` and ": " before the text that `error` has, e.g. a file's name. */
bool error_prefix(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Request error for `word` where a `what` was expected: names the word, the
 * nearest of the `count` known words if one is near, and all that is allowed. */
bool error_unknown(struct error *error, const char *what, const char *word,
		   const char *const *known, unsigned count);

#endif
