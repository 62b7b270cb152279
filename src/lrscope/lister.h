/* Writes a list: lines of text in columns, or objects of JSON. What is asked for in the other form
 * than the list's adds nothing, so that a list is described once. */
#ifndef LRSCOPE_LRSCOPE_LISTER_H
#define LRSCOPE_LRSCOPE_LISTER_H

#include <stdbool.h>

#include "base/parameter.h"
#include "base/text.h"

struct lister {
	struct text *text;
	bool json, any; /* any: an item has begun */
};

void lister_start(struct lister *lister, const char *id);
void lister_end(struct lister *lister);

/* Text: `string` begins `start` columns from the line's start, or two blanks on. */
void lister_column(struct lister *lister, int start, const char *string);

/* JSON: a member's name alone, or with its value (NULL: null). */
void lister_field(struct lister *lister, const char *name);
void lister_field_text(struct lister *lister, const char *name, const char *value);
void lister_field_number(struct lister *lister, const char *name, double value);
void lister_field_bool(struct lister *lister, const char *name, bool value);
void lister_field_words(struct lister *lister, const char *name, const char *const *words,
			size_t count);

/* An item: type, default, accepted range, dial range, help. */
void lister_parameter(struct lister *lister, const struct parameter *row);

#endif
