/* Pages about the strategies, from data/strategies.json. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/language.h"
#include "study/private.h"

/* A text in the wanted language (the longest of "zh_CN", "zh"), English else. */
static const char *text_in(const json_t *texts, const char *wanted)
{
	const char *found = NULL, *name;
	const json_t *value;
	size_t longest = 0;

	if (json_is_string(texts))
		return json_string_value(texts);
	for (void *at = json_object_iter((json_t *)texts); at != NULL;
	     at = json_object_iter_next((json_t *)texts, at)) {
		name = json_object_iter_key(at);
		value = json_object_iter_value(at);
		if (json_is_string(value) && strlen(name) > longest &&
		    strncmp(wanted, name, strlen(name)) == 0) {
			longest = strlen(name);
			found = json_string_value(value);
		}
	}
	return found != NULL ? found : json_string_value(json_object_get(texts, "en"));
}

static char *copy_field(const json_t *page, const char *field, const char *wanted)
{
	const char *found = text_in(json_object_get(page, field), wanted);

	return strdup(found != NULL ? found : "");
}

bool strategy_page_open(struct strategy_page *page, enum strategy_id id, struct error *error)
{
	const char *wanted = language_wanted();
	struct json tree;
	const json_t *row;

	memset(page, 0, sizeof *page);
	if (!json_read(&tree, strategies_json, strlen(strategies_json), NULL))
		return error_memory(error); /* the text itself is checked by a test */
	row = json_object_get(tree.root, strategy_name(id));
	page->principle = copy_field(row, "principle", wanted);
	page->formula = copy_field(row, "formula", wanted);
	page->suits = copy_field(row, "suits", wanted);
	page->good = copy_field(row, "good", wanted);
	page->bad = copy_field(row, "bad", wanted);
	page->traps = copy_field(row, "traps", wanted);
	page->pytorch = copy_field(row, "pytorch", wanted);
	json_done(&tree);
	if (page->principle != NULL && page->formula != NULL && page->suits != NULL &&
	    page->good != NULL && page->bad != NULL && page->traps != NULL && page->pytorch != NULL)
		return true;
	strategy_page_done(page);
	return error_memory(error);
}

void strategy_page_done(struct strategy_page *page)
{
	free(page->principle);
	free(page->formula);
	free(page->suits);
	free(page->good);
	free(page->bad);
	free(page->traps);
	free(page->pytorch);
	memset(page, 0, sizeof *page);
}
