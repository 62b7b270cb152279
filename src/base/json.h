/* jansson, with lack of memory told from faults of the text. */
#ifndef LRSCOPE_BASE_JSON_H
#define LRSCOPE_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>

/* json_loadb() that refuses repeated keys. NULL where the text is wrong (`where` says how) or where
 * memory ran out (`no_memory`). */
json_t *json_read_text(const char *bytes, size_t length, json_error_t *where, bool *no_memory);

#endif
