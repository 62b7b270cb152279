#include "lrscope/prose.h"

#include <stdlib.h>
#include <string.h>

#include "lrscope/print.h"

#define COLUMNS 79

void prose_safe(struct text *text, const char *string)
{
	size_t length = strlen(string);
	char *plain = malloc(length + 1), *safe = malloc(3 * length + 1);
	if (plain && safe) {
		for (size_t i = 0; i <= length; i++)
			plain[i] = string[i] == '\n' || string[i] == '\t' ? ' ' : string[i];
		/* A byte becomes three at most: U+FFFD for one that is invalid. */
		text_add(text, text_safe(safe, 3 * length + 1, plain, !print_is_utf8()));
	} else {
		text->failed = true;
	}
	free(plain);
	free(safe);
}

/* Bytes of `string` for a line of `columns`: up to its last blank if it does not fit whole; a word
 * that is too long alone is broken. At least 1. */
static size_t line_length(const char *string, int columns)
{
	size_t fits = text_fit(string, columns), length = fits;
	if (!string[fits] || string[fits] == ' ')
		return fits ? fits : 1;
	while (length > 0 && string[length - 1] != ' ')
		length--;
	if (length > 0)
		return length;
	return fits ? fits : 1;
}

void prose_wrap(struct text *text, const char *lead, int indent, const char *string)
{
	struct text safe;
	text_init(&safe);
	prose_safe(&safe, string);
	int start = text_width(lead);
	text_addf(text, "%s%*s", lead, start < indent ? indent - start : 0, "");
	start = start < indent ? indent : start;
	for (const char *at = safe.bytes; *at;) {
		size_t length = line_length(at, COLUMNS - start), shown = length;
		while (shown > 0 && at[shown - 1] == ' ')
			shown--;
		text_add_bytes(text, at, shown);
		for (at += length; *at == ' '; at++)
			;
		if (*at)
			text_addf(text, "\n%*s", start = indent, "");
	}
	text_add_char(text, '\n');
	text->failed |= safe.failed;
	text_done(&safe);
}
