/* Text: growing buffers, UTF-8, display width, and making foreign text safe. */
#ifndef LRSCOPE_BASE_TEXT_H
#define LRSCOPE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing string, always terminated. When memory runs out `failed` is set,
 * what was there stays, and later additions do nothing: check once at the end. */
struct text {
	char *bytes; /* never NULL after text_init: "" until something is added */
	size_t length, capacity;
	bool failed;
	bool lent; /* `bytes` are the caller's */
};

void text_init(struct text *text);
/* The same in the caller's memory for as long as that suffices, without any of its own. */
void text_init_in(struct text *text, char *bytes, size_t size);
void text_done(struct text *text);
void text_clear(struct text *text); /* empty again, memory kept */
void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t count);
void text_add_char(struct text *text, char byte);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_number(struct text *text, double number); /* number_format() */
/* A JSON string literal with its quotes; invalid UTF-8 becomes U+FFFD, unsafe code
 * points (see text_safe) are escaped. */
void text_add_json(struct text *text, const char *string);
/* UTF-8 in ASCII: other characters as in JSON (\u00e9), so that different names stay different; an
 * invalid byte becomes "?". */
void text_add_ascii(struct text *text, const char *bytes, size_t count);
/* One code point in UTF-8. */
void text_add_code(struct text *text, uint32_t code);

#define UTF8_BAD UINT32_MAX

/* The archive of jansson, which the program is linked from, exports a function of this name. */
#define utf8_encode text_utf8_encode

/* Decodes the code point at `bytes` (`count` > 0 bytes are there). Returns its
 * length, 1 to 4; an invalid, overlong or surrogate byte is length 1 and UTF8_BAD. */
size_t utf8_decode(const char *bytes, size_t count, uint32_t *code);
/* True where no byte is UTF8_BAD. */
bool text_is_utf8(const char *string);
/* Encodes into `bytes`; returns the length, 1 to 4. */
size_t utf8_encode(uint32_t code, char bytes[4]);

/* Columns that a terminal gives the code point: 0 (combining, zero-width), 1 or 2. */
int code_width(uint32_t code);
/* Columns of a safe string (see text_safe). */
int text_width(const char *string);
/* Bytes of the longest head of `string` that fits into `columns`; never half a wide character. */
size_t text_fit(const char *string, int columns);

/* True for what must never reach a terminal: C0, DEL, C1, U+2028/9, bidi
 * controls, zero-width characters, non-characters. */
bool code_is_unsafe(uint32_t code);

/* Copies foreign text into `out` (at most `size` bytes, terminated) so that it is
 * safe to print: C0 and DEL become ^X, each other unsafe code point U+FFFD ("?"
 * if `ascii`), each invalid byte "?"; with `ascii` everything above 0x7e is "?".
 * A combining mark stays with its base, up to 4 of them; one without a base becomes U+FFFD.
 * Safe text stays as it is. Returns `out`. */
char *text_safe(char *out, size_t size, const char *in, bool ascii);
/* Adds `string` so made safe, whole, in UTF-8. */
void text_add_safe(struct text *text, const char *string);

/* Blanks round a cell, as in CSV: a space or a tab. text_trim() moves both ends past them. */
bool text_is_blank(char byte);
void text_trim(const char **from, const char **to);

/* The known word nearest to `word` (edit distance at most a third of its length,
 * at least 1; swapped neighbours count 1, case is ignored), else the one that begins with it; or NULL. */
const char *text_nearest(const char *word, const char *const *known, size_t count);

/* Splits a command line into words, in place of a shell: blanks separate, '…' and
 * "…" group, # starts a comment at a word's start. A backslash escapes what follows; inside
 * "…" only one of $ ` " \ as in a POSIX shell, else it stands for itself. Words point into
 * `store`, which needs strlen(line) + 1 bytes. Returns the number of words, or -1 where a
 * quote is not closed, or -2 where there are more than `max`. */
int text_words(const char *line, char *store, char *words[], int max);

/* Length of the first command of `line`: up to an unquoted ';' (not in a comment) or the end. */
size_t text_command_length(const char *line);
/* The same up to the end of its last word: without blanks and comments behind it. */
size_t text_command_words(const char *line);

/* The word that is being typed at the end of `length` bytes of `line`: where it starts, behind its quote if
 * that is open, and in `said` (length + 1 bytes) what it says so far. False where it cannot simply go on:
 * a quote has been closed, or opened within it. */
struct text_typed {
	size_t start;
	char quote; /* ' or ", or 0 */
};
bool text_typed(const char *line, size_t length, struct text_typed *typed, char *said);
/* Adds `word` as it is typed there: as it is in a quote, else with backslashes. False, and nothing added,
 * where it cannot stand in that quote. */
bool text_add_typed(struct text *text, const char *word, char quote);

/* Adds `word` so that text_words() and a POSIX shell read it back: quoted only where needed. */
void text_add_word(struct text *text, const char *word);

#endif
