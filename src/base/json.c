#include "base/json.h"

#include <string.h>

/* Where memory runs out jansson often complains about the text: a string that it could not copy is
 * no string. So a text that was refused is read again: its own fault is found at the same place. */
json_t *json_read_text(const char *bytes, size_t length, json_error_t *where, bool *no_memory)
{
	json_error_t first;
	json_t *root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &first);

	*no_memory = false;
	if (root != NULL)
		return root;
	root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, where);
	if (root == NULL)
		*no_memory = where->text[0] == '\0' || where->position != first.position ||
			     strcmp(where->text, first.text) != 0 ||
			     json_error_code(where) == json_error_out_of_memory;
	return root;
}
