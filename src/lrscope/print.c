#include "lrscope/print.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "base/language.h"
#include "lrscope/program.h"

static bool write_failed(struct error *error)
{
	return error_file(error, _("writing to standard output failed: %s"), strerror(errno));
}

/* What the locale has no characters for is spelt out: names of files and columns are anybody's. */
static bool fit_locale(struct text *text)
{
	struct text plain;
	if (text->failed || print_is_utf8())
		return !text->failed;
	text_init(&plain);
	text_add_ascii(&plain, text->bytes, text->length);
	if (plain.failed) {
		text_done(&plain);
		return false;
	}
	text_done(text);
	*text = plain;
	return true;
}

bool print_text(struct text *text, struct error *error)
{
	if (!fit_locale(text))
		return error_memory(error);
	for (size_t done = 0; done < text->length;) {
		ssize_t count = write(STDOUT_FILENO, text->bytes + done, text->length - done);
		if (count < 0 && file_again(STDOUT_FILENO, true))
			continue;
		if (count < 0)
			return write_failed(error);
		done += (size_t)count;
	}
	text_clear(text);
	return true;
}

bool print_pass(struct text *text, struct error *error)
{
	return text->length < PRINT_CHUNK && !text->failed ? true : print_text(text, error);
}

bool print_end(struct error *error)
{
	return !close(STDOUT_FILENO) || errno == EBADF || errno == EINTR || write_failed(error);
}

bool print_is_utf8(void)
{
	return !strcasecmp(nl_langinfo(CODESET), "UTF-8");
}

int print_colors(int choice)
{
	const char *no_color = getenv("NO_COLOR");
	if (choice == 2)
		return 0;
	if (choice == 0 && ((no_color && *no_color) || !isatty(STDOUT_FILENO)))
		return 0;
	const char *term = getenv("TERM");
	if (choice == 0 && (!term || !strcmp(term, "dumb")))
		return 0;
	return term && !strstr(term, "256") && choice == 0 ? 16 : 256;
}

int program_complain(const struct error *error)
{
	char line[4 * sizeof error->text];
	text_safe(line, sizeof line, error->text, !print_is_utf8());
	fprintf(stderr, "lrscope: %s\n", line);
	return error->kind == ERROR_REQUEST ? 2 : 1;
}
