/* Where something stands in a JSON text: jansson keeps no positions of values. */
#ifndef LRSCOPE_BASE_PLACE_H
#define LRSCOPE_BASE_PLACE_H

#include <stddef.h>

/* One step of a way into a JSON text: a member of an object, or an item of an array (key NULL). */
struct place_step {
	const char *key;
	size_t index;
};

/* Line and column (both from 1, columns in characters) of what the steps lead to in the valid JSON
 * text `json`: a member's key, an item's start. As far as the way goes; else the text's start. */
void place_find(const char *json, size_t length, const struct place_step *steps, int count,
		int *line, int *column);

/* Line and column of the byte at `offset`. */
void place_at(const char *text, size_t offset, int *line, int *column);

#endif
