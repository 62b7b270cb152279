/* jansson 2.14 writes beyond its buffers where an allocation fails while it reads a string. So it is
 * never told: control leaves it by longjmp() instead, and all that it had goes at once, which is why
 * its memory is kept apart. Nothing but jansson's own functions lies between the two, and it holds
 * nothing else than memory while it reads: the seed of its tables, the one thing that it keeps, is
 * made without. That one stays as random as it is, against keys that were chosen to collide; members
 * come in the order of the text whatever it is. */
#include "base/json.h"

#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct json_block {
	struct json_block *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

struct reading {
	struct json *json;
	jmp_buf no_memory;
};

/* The read that is going on. State at file scope, for jansson's allocator has no argument that could
 * lead to it, and is itself one for the whole process. NULL between reads. */
static struct reading *reading;

static void *take(size_t size)
{
	struct json_block *block = reading->json->blocks;
	size_t room;

	size += -size % _Alignof(max_align_t);
	if (block == NULL || size > block->size - block->used) {
		room = size > JSON_BLOCK - sizeof *block ? size : JSON_BLOCK - sizeof *block;
		block = malloc(sizeof *block + room);
		if (block == NULL)
			longjmp(reading->no_memory, 1);
		*block = (struct json_block){.next = reading->json->blocks, .size = room};
		reading->json->blocks = block;
	}
	block->used += size;
	return block->bytes + block->used - size;
}

/* What jansson gives back is given back with the rest: it doubles what grows, so that this is not
 * more than it keeps. */
static void leave(void *memory)
{
	(void)memory;
}

bool json_read(struct json *json, const char *bytes, size_t length, json_error_t *where)
{
	struct reading here = {.json = json};
	json_malloc_t others_malloc;
	json_free_t others_free;

	*json = (struct json){NULL, false, NULL};
	json_get_alloc_funcs(&others_malloc, &others_free);
	json_set_alloc_funcs(take, leave);
	reading = &here;
	if (setjmp(here.no_memory) == 0)
		json->root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, where);
	else
		json->no_memory = true;
	reading = NULL;
	json_set_alloc_funcs(others_malloc, others_free);
	if (json->root == NULL)
		json_done(json);
	return json->root != NULL;
}

void json_done(struct json *json)
{
	struct json_block *next;

	for (; json->blocks != NULL; json->blocks = next) {
		next = json->blocks->next;
		free(json->blocks);
	}
	json->root = NULL;
}
