/* Words that people type: the nearest known one, command lines, quoting. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

/* Longest word for which a nearest one is looked for. */
#define NEAR_LENGTH 63

/* ---- the nearest known word ---- */

static unsigned min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`
 * (optimal string alignment); row[j] is the distance of the heads of a and b so far. */
static unsigned distance(const char *a, const char *b)
{
	unsigned rows[3][NEAR_LENGTH + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2], *turn;
	size_t m = strlen(a), n = strlen(b), i, j;

	for (j = 0; j <= n; j++)
		row[j] = (unsigned)j;
	for (i = 1; i <= m; i++) {
		turn = before;
		before = above;
		above = row;
		row = turn;
		row[0] = (unsigned)i;
		for (j = 1; j <= n; j++) {
			row[j] = min(above[j], row[j - 1]) + 1;
			row[j] = min(row[j], above[j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				row[j] = min(row[j], before[j - 2] + 1);
		}
	}
	return row[n];
}

/* The one word that begins with `word`, or that it goes on from after three letters or more. */
static const char *begun_by(const char *word, const char *const *known, size_t count)
{
	size_t length = strlen(word);
	const char *found = NULL;

	for (size_t i = 0; i < count; i++) {
		size_t other = strlen(known[i]);

		if (other > NEAR_LENGTH || other < (length < 3 ? length : 3) ||
		    strncasecmp(known[i], word, length < other ? length : other) != 0)
			continue;
		if (found != NULL)
			return NULL;
		found = known[i];
	}
	return found;
}

const char *text_nearest(const char *word, const char *const *known, size_t count)
{
	size_t length = strlen(word), i;
	unsigned best = length < 6 ? 2 : (unsigned)(length / 3) + 1; /* one beyond the limit */
	const char *nearest = NULL;

	if (length == 0 || length > NEAR_LENGTH)
		return NULL;
	for (i = 0; i < count; i++) {
		size_t other = strlen(known[i]);
		unsigned d;

		if (other > NEAR_LENGTH)
			continue;
		d = distance(word, known[i]);
		/* Nothing in common is not near, however short both are. */
		if (d < best && d < (length > other ? length : other)) {
			best = d;
			nearest = known[i];
		}
	}
	return nearest ? nearest : begun_by(word, known, count);
}

/* ---- command lines ---- */

#define BLANKS " \t\r\n"

static bool is_one_of(char byte, const char *set)
{
	return byte != '\0' && strchr(set, byte) != NULL;
}

static void put(char **out, char byte)
{
	if (*out != NULL)
		*(*out)++ = byte;
}

/* Reads the word at `line`, up to a byte of `stops` outside quotes; what it says goes to
 * `*out` unless that is NULL. Returns where it ends, NULL where a quote is not closed.
 * As in a POSIX shell a backslash in "…" stays unless it is before one of $ ` " \. */
static const char *read_word(const char *line, const char *stops, char **out)
{
	char quote = '\0';

	for (; *line != '\0'; line++) {
		if (quote == '\0' && is_one_of(*line, stops))
			return line;
		if (quote == '\0' && is_one_of(*line, "'\"")) {
			quote = *line;
		} else if (quote != '\0' && *line == quote) {
			quote = '\0';
		} else if (*line == '\\' && line[1] != '\0' &&
			   (quote == '\0' || (quote == '"' && is_one_of(line[1], "$`\"\\")))) {
			put(out, *++line);
		} else {
			put(out, *line);
		}
	}
	return quote == '\0' ? line : NULL;
}

/* The start of the next word: behind blanks, and behind a comment to the end of its line. */
static const char *next_word(const char *line)
{
	for (;;) {
		line += strspn(line, BLANKS);
		if (*line != '#')
			return line;
		line += strcspn(line, "\n");
	}
}

int text_words(const char *line, char *store, char *words[], int max)
{
	int count = 0;

	for (line = next_word(line); *line != '\0'; line = next_word(line)) {
		if (count >= max)
			return -2;
		words[count++] = store;
		line = read_word(line, BLANKS, &store);
		if (line == NULL)
			return -1;
		*store++ = '\0'; /* in place of the blank or of the line's own end */
	}
	return count;
}

/* Where the first command ends, and its last word. */
static const char *command_end(const char *line, const char **last)
{
	char *nowhere = NULL;

	*last = line;
	for (line = next_word(line); *line != '\0' && *line != ';'; line = next_word(line)) {
		const char *end = read_word(line, BLANKS ";", &nowhere);

		*last = line = end != NULL ? end : line + strlen(line);
	}
	return line;
}

size_t text_command_length(const char *line)
{
	const char *last;

	return (size_t)(command_end(line, &last) - line);
}

size_t text_command_words(const char *line)
{
	const char *last;

	command_end(line, &last);
	return (size_t)(last - line);
}

bool text_typed(const char *line, size_t length, struct text_typed *typed, char *said)
{
	char *out = said;
	bool whole = true;

	*typed = (struct text_typed){0, '\0'};
	for (size_t i = 0; i < length; i++) {
		char byte = line[i];

		if (typed->quote == '\0' && is_one_of(byte, BLANKS)) {
			typed->start = i + 1;
			out = said;
			whole = true;
		} else if (typed->quote == '\0' && is_one_of(byte, "'\"")) {
			whole &= i == typed->start;
			typed->quote = byte;
			typed->start = i + 1;
		} else if (typed->quote != '\0' && byte == typed->quote) {
			typed->quote = '\0';
			whole = false;
		} else if (byte == '\\' && i + 1 < length &&
			   (typed->quote == '\0' ||
			    (typed->quote == '"' && is_one_of(line[i + 1], "$`\"\\")))) {
			*out++ = line[++i];
		} else if (byte != '\\' || i + 1 < length || typed->quote == '\'') {
			*out++ = byte; /* what a last backslash is for is not known yet */
		}
	}
	*out = '\0';
	return whole;
}

bool text_add_typed(struct text *text, const char *word, char quote)
{
	if (quote != '\0' && (strchr(word, quote) || (quote == '"' && strpbrk(word, "$`\\"))))
		return false;
	for (const char *byte = word; *byte != '\0'; byte++) {
		if (quote == '\0' && (is_one_of(*byte, BLANKS ";'\"\\") || (*byte == '#' && byte == word)))
			text_add_char(text, '\\');
		text_add_char(text, *byte);
	}
	return true;
}

void text_add_word(struct text *text, const char *word)
{
	const unsigned char *byte = (const unsigned char *)word;
	bool plain = *byte != '\0';

	for (; *byte != '\0' && plain; byte++)
		plain = *byte >= 0x80 || isalnum(*byte) || strchr("_./,:+=@%-", *byte) != NULL;
	if (plain) {
		text_add(text, word);
		return;
	}
	text_add_char(text, '\'');
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			text_add(text, "'\\''");
		else
			text_add_char(text, *word);
	}
	text_add_char(text, '\'');
}
