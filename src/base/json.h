/* JSON texts through jansson, in memory that comes and goes as one piece: where it runs out nothing of
 * jansson is left behind. Writing is text_add() and needs nothing from here. */
#ifndef LRSCOPE_BASE_JSON_H
#define LRSCOPE_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>

/* What a text holds. The values are for reading alone: none of them may be changed, counted
 * (json_incref, json_decref) or kept beyond json_done(). */
struct json {
	const json_t *root; /* NULL: the text is wrong, or there is no memory */
	bool no_memory;
	struct json_block *blocks;
};

/* Memory is taken in blocks of so many bytes, or as many as a longer string needs. */
#define JSON_BLOCK 16384

/* Reads `length` bytes; a key that an object has twice is refused. False where the text is wrong
 * (`where` says how) and where memory runs out (`no_memory`; `where` means nothing then): there is
 * nothing to give back then. */
bool json_read(struct json *json, const char *bytes, size_t length, json_error_t *where);
void json_done(struct json *json);

#endif
