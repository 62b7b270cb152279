/* The text has been parsed before, so that every step finds what JSON promises. */
#include "base/place.h"

#include <stdbool.h>
#include <string.h>

struct walk {
	const char *json;
	size_t length, at;
};

static char here(const struct walk *walk)
{
	return walk->at < walk->length ? walk->json[walk->at] : '\0';
}

static bool is_one_of(char byte, const char *set)
{
	return byte != '\0' && strchr(set, byte) != NULL;
}

static void skip_blanks(struct walk *walk)
{
	while (is_one_of(here(walk), " \t\r\n"))
		walk->at++;
}

/* From a string's opening quote to behind its closing one. */
static void skip_string(struct walk *walk)
{
	for (walk->at++; walk->at < walk->length && here(walk) != '"'; walk->at++)
		if (here(walk) == '\\')
			walk->at++;
	walk->at++;
}

static void skip_value(struct walk *walk)
{
	size_t depth = 0;

	while (walk->at < walk->length) {
		char byte = here(walk);

		if (byte == '"')
			skip_string(walk);
		else
			walk->at++;
		depth += is_one_of(byte, "{[");
		depth -= is_one_of(byte, "}]");
		if (depth == 0 && (is_one_of(byte, "\"}]") || is_one_of(here(walk), ",]} \t\r\n")))
			return;
	}
}

/* From an object's or array's bracket to the value of its member or item; `*found` is where its key
 * or the item itself begins. False where there is none. */
static bool step_into(struct walk *walk, const struct place_step *step, size_t *found)
{
	bool object = here(walk) == '{';
	size_t n, begin;

	if (!is_one_of(here(walk), "{["))
		return false;
	walk->at++;
	for (n = 0;; n++) {
		bool match = step->key == NULL && n == step->index;

		skip_blanks(walk);
		if (walk->at >= walk->length || is_one_of(here(walk), "}]"))
			return false;
		begin = walk->at;
		if (object) {
			skip_string(walk);
			match = step->key != NULL && walk->at - begin - 2 == strlen(step->key) &&
				memcmp(walk->json + begin + 1, step->key, strlen(step->key)) == 0;
			skip_blanks(walk);
			walk->at++; /* the colon */
			skip_blanks(walk);
		}
		if (match) {
			*found = begin;
			return true;
		}
		skip_value(walk);
		skip_blanks(walk);
		walk->at += here(walk) == ',';
	}
}

void place_find(const char *json, size_t length, const struct place_step *steps, int count,
		int *line, int *column)
{
	struct walk walk = {json, length, 0};
	size_t found = 0;
	int k;

	skip_blanks(&walk);
	found = walk.at < length ? walk.at : 0;
	for (k = 0; k < count && step_into(&walk, &steps[k], &found); k++)
		;
	place_at(json, found, line, column);
}

void place_at(const char *text, size_t offset, int *line, int *column)
{
	size_t at;

	*line = *column = 1;
	for (at = 0; at < offset; at++) {
		if (text[at] == '\n') {
			++*line;
			*column = 1;
		} else if (((unsigned char)text[at] & 0xc0) != 0x80) {
			++*column;
		}
	}
}
