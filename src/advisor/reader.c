/* Parts of reading a rules file that know nothing of rules: places, refusals, ids, texts. */
#include "advisor/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"

/* ---- where, and why not ---- */

void reader_enter(struct reader *reader, const char *key)
{
	reader->steps[reader->depth++] = (struct place_step){key, 0};
}

void reader_enter_item(struct reader *reader, size_t index)
{
	reader->steps[reader->depth++] = (struct place_step){NULL, index};
}

void reader_leave(struct reader *reader)
{
	reader->depth--;
}

bool reader_refuse_word(struct reader *reader, const struct error *why)
{
	int line, column, k;
	struct text place;
	char word[ERROR_WORD];

	text_init(&place);
	for (k = 0; k < reader->depth; k++) {
		const struct place_step *step = &reader->steps[k];

		if (step->key != NULL)
			text_addf(&place, "%s%s", k > 0 ? "." : "", error_word(word, step->key));
		else
			text_addf(&place, "[%zu]", step->index);
	}
	text_add(&place, reader->depth > 0 ? ": " : "");
	place_find(reader->json, reader->length, reader->steps, reader->depth, &line, &column);
	error_file(reader->error, _("%s: line %d, column %d: %s%s"), reader->name, line, column,
		   place.bytes, why->text);
	text_done(&place);
	return false;
}

bool reader_refuse(struct reader *reader, const char *format, ...)
{
	struct error why;
	va_list arguments;
	char words[400];

	va_start(arguments, format);
	vsnprintf(words, sizeof words, format, arguments);
	va_end(arguments);
	error_request(&why, "%s", words);
	return reader_refuse_word(reader, &why);
}

bool reader_refuse_type(struct reader *reader, const json_t *value, const char *wanted)
{
	static const char *const names[] = {
		[JSON_OBJECT] = N_("an object"), [JSON_ARRAY] = N_("a list"),
		[JSON_STRING] = N_("a string"),  [JSON_INTEGER] = N_("a number"),
		[JSON_REAL] = N_("a number"),    [JSON_TRUE] = "true",
		[JSON_FALSE] = "false",          [JSON_NULL] = "null",
	};

	return reader_refuse(reader, _("found %s where %s should be"),
			     _(names[json_typeof(value)]), wanted);
}

bool reader_keys(struct reader *reader, const json_t *object, const char *const *known)
{
	return reader_members(reader, object, _("key"), known);
}

bool reader_members(struct reader *reader, const json_t *object, const char *what,
		   const char *const *known)
{
	unsigned count = 0, k;
	const json_t *value;
	const char *key;
	struct error why;

	if (!json_is_object(object))
		return reader_refuse_type(reader, object, _("an object"));
	while (known[count] != NULL)
		count++;
	json_object_foreach((json_t *)object, key, value) {
		for (k = 0; k < count && strcmp(known[k], key) != 0; k++)
			;
		if (k < count)
			continue;
		error_unknown(&why, what, key, known, count);
		reader_enter(reader, key);
		return reader_refuse_word(reader, &why);
	}
	return true;
}

const json_t *reader_list(struct reader *reader, const json_t *object, const char *key, size_t most)
{
	const json_t *list = json_object_get(object, key);

	if (list == NULL) {
		reader_refuse(reader, _("\"%s\" is missing"), key);
		return NULL;
	}
	reader_enter(reader, key);
	if (!json_is_array(list))
		reader_refuse_type(reader, list, _("a list"));
	else if (json_array_size(list) == 0)
		reader_refuse(reader, _("the list is empty"));
	else if (json_array_size(list) > most)
		reader_refuse(reader, _("%zu are too many, at most %zu"), json_array_size(list),
			      most);
	else
		return list;
	return NULL;
}

/* ---- words and texts ---- */

static const char letters[] = "abcdefghijklmnopqrstuvwxyz";

bool reader_id(struct reader *reader, const json_t *value, char *id, size_t size, const char *more)
{
	const char *word = json_string_value(value);
	char shown[ERROR_WORD];
	size_t k;

	if (word == NULL)
		return reader_refuse_type(reader, value, _("an id, a string"));
	if (strlen(word) >= size)
		return reader_refuse(reader, _("the id '%s' is too long, at most %zu bytes"),
				     error_word(shown, word), size - 1);
	for (k = 0; word[k] != '\0'; k++)
		if (strchr(letters, word[k]) == NULL &&
		    (k == 0 || (strchr("0123456789", word[k]) == NULL &&
				strchr(more, word[k]) == NULL)))
			break;
	if (k == 0 || word[k] != '\0')
		return reader_refuse(reader, _("'%s' is no id: a lower-case letter, then letters, "
					       "digits or any of %s"), word, more);
	memcpy(id, word, k + 1);
	return true;
}

bool reader_own_id(struct reader *reader, const json_t *object, char *id, size_t size,
		   const char *more)
{
	const json_t *value = json_object_get(object, "id");

	if (value == NULL)
		return reader_refuse(reader, _("\"id\" is missing"));
	reader_enter(reader, "id");
	if (!reader_id(reader, value, id, size, more))
		return false;
	reader_leave(reader);
	return true;
}

/* The language `key` is that of the locale `wanted`, or a part of it: zh of zh_CN.UTF-8. */
static bool is_language(const char *wanted, const char *key)
{
	size_t length = strlen(key);

	return strncmp(wanted, key, length) == 0 &&
	       (wanted[length] == '\0' || strchr("_-.@:", wanted[length]) != NULL);
}

static bool check_text(struct reader *reader, const json_t *value)
{
	if (!json_is_string(value))
		return reader_refuse_type(reader, value, _("a text"));
	return json_string_length(value) > 0 || reader_refuse(reader, _("the text is empty"));
}

/* Of texts keyed by language (all of them checked) the wanted one; NULL: refused. */
static const char *choose_text(struct reader *reader, const json_t *texts)
{
	const char *best = NULL, *first = NULL, *key;
	const json_t *value;
	size_t longest = 0;

	json_object_foreach((json_t *)texts, key, value) {
		reader_enter(reader, key);
		if (key[0] == '\0') {
			reader_refuse(reader, _("the language has no name"));
			return NULL;
		}
		if (!check_text(reader, value))
			return NULL;
		reader_leave(reader);
		if (first == NULL)
			first = json_string_value(value);
		if (is_language(reader->language, key) && strlen(key) > longest) {
			longest = strlen(key);
			best = json_string_value(value);
		}
	}
	if (first == NULL)
		reader_refuse(reader, _("there is no text in any language"));
	if (best == NULL)
		best = json_string_value(json_object_get(texts, "en"));
	return best != NULL ? best : first;
}

bool reader_copy(struct reader *reader, const char *string, char **out)
{
	size_t size = strlen(string) + 1;

	*out = malloc(size);
	if (*out == NULL)
		return error_memory(reader->error);
	memcpy(*out, string, size);
	return true;
}

bool reader_text(struct reader *reader, const json_t *object, const char *key, const char *standard,
		 char **out)
{
	const json_t *value = json_object_get(object, key);
	const char *found = standard;

	if (value == NULL && standard == NULL)
		return reader_refuse(reader, _("\"%s\" is missing"), key);
	if (value != NULL) {
		reader_enter(reader, key);
		if (json_is_object(value))
			found = choose_text(reader, value);
		else
			found = check_text(reader, value) ? json_string_value(value) : NULL;
		if (found == NULL)
			return false;
		reader_leave(reader);
	}
	return reader_copy(reader, found, out);
}
