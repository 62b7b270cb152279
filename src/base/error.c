/* Error sentences. Whatever goes into one is made safe to print at once, so that a
 * struct error never holds a control character, whoever shows it. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/text.h"

/* Bytes of a foreign word that a sentence quotes. */
#define QUOTED 120

/* Safe text is at least 3/4 as long as what it was made from (4 bytes may become the 3 of
 * U+FFFD), so a draft of twice the size fills error.text wherever it is cut. */
#define DRAFT (2 * sizeof ((struct error *)NULL)->text)

static void fill(struct error *error, enum error_kind kind, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));

static void fill(struct error *error, enum error_kind kind, const char *format, va_list arguments)
{
	char draft[DRAFT];

	if (error == NULL)
		return;
	if (vsnprintf(draft, sizeof draft, format, arguments) < 0)
		draft[0] = '\0';
	error->kind = kind;
	text_safe(error->text, sizeof error->text, draft, false);
}

const char *error_word(char out[ERROR_WORD], const char *word)
{
	return text_safe(out, ERROR_WORD, word, false);
}

bool error_request(struct error *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fill(error, ERROR_REQUEST, format, arguments);
	va_end(arguments);
	return false;
}

bool error_file(struct error *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fill(error, ERROR_FILE, format, arguments);
	va_end(arguments);
	return false;
}

bool error_memory(struct error *error)
{
	if (error != NULL) {
		error->kind = ERROR_MEMORY;
		text_safe(error->text, sizeof error->text, _("out of memory"), false);
	}
	return false;
}

bool error_prefix(struct error *error, const char *format, ...)
{
	char draft[DRAFT + 4], safe[sizeof error->text];
	va_list arguments;
	size_t length;

	if (error == NULL)
		return false;
	va_start(arguments, format);
	if (vsnprintf(draft, sizeof draft, format, arguments) < 0)
		draft[0] = '\0';
	va_end(arguments);
	text_safe(safe, sizeof safe, draft, false);
	length = strlen(safe);
	snprintf(draft, sizeof draft, "%s%s%s", safe, length > 0 ? ": " : "", error->text);
	text_safe(error->text, sizeof error->text, draft, false);
	return false;
}

/* Adds a piece to a sentence of `size` bytes as far as there is room. */
static void add(char *sentence, size_t size, const char *piece)
{
	size_t length = strlen(sentence);

	snprintf(sentence + length, size - length, "%s", piece);
}

bool error_unknown(struct error *error, const char *what, const char *word,
		   const char *const *known, unsigned count)
{
	char sentence[DRAFT], quoted[QUOTED];
	const char *nearest = text_nearest(word, known, count);
	unsigned i;

	if (error == NULL)
		return false;
	text_safe(quoted, sizeof quoted, word, false);
	snprintf(sentence, sizeof sentence, _("unknown %s '%s'"), what, quoted);
	if (nearest != NULL) {
		add(sentence, sizeof sentence, _("; nearest: "));
		add(sentence, sizeof sentence, nearest);
	}
	for (i = 0; i < count; i++) {
		add(sentence, sizeof sentence, i == 0 ? _("; allowed: ") : ", ");
		add(sentence, sizeof sentence, known[i]);
	}
	return error_request(error, "%s", sentence);
}
