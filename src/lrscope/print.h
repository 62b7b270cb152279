/* Standard output: text collected in memory, then written; a write that fails is an error. */
#ifndef LRSCOPE_LRSCOPE_PRINT_H
#define LRSCOPE_LRSCOPE_PRINT_H

#include "base/error.h"
#include "base/text.h"

#define PRINT_CHUNK 65536 /* bytes after which a long listing is passed on */

/* Writes `text` and empties it; in ASCII where the locale is not UTF-8. False: no memory for the text,
 * or the write failed. */
bool print_text(struct text *text, struct error *error);
/* The same where there is more than a chunk. */
bool print_pass(struct text *text, struct error *error);
/* Reports what only closing the file tells (a full network disk). */
bool print_end(struct error *error);

/* The locale's character set is UTF-8. */
bool print_is_utf8(void);
/* Colours for --color auto|always|never (0 1 2): 0 or the number of colours. */
int print_colors(int choice);

#endif
