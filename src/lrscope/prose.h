/* Sentences on standard output: made safe, broken into lines. */
#ifndef LRSCOPE_LRSCOPE_PROSE_H
#define LRSCOPE_LRSCOPE_PROSE_H

#include "base/text.h"

/* Adds foreign text so that it is safe to print; line feeds and tabs become blanks. */
void prose_safe(struct text *text, const char *string);

/* Adds `lead`, padded to `indent` columns, and foreign text, broken at blanks so that each line
 * fits into 79 columns; further lines begin at `indent`. Ends with a line feed. */
void prose_wrap(struct text *text, const char *lead, int indent, const char *string);

#endif
