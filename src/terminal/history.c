/* The file that keeps prompt lines, one a line, the newest last. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/language.h"
#include "terminal/inside.h"

#define FILE_MOST (8 * 1024 * 1024)

static bool is_fit(const char *line, size_t length)
{
	if (length == 0 || length > HISTORY_LINE_MOST)
		return false;
	for (size_t at = 0; at < length;) {
		uint32_t code;
		at += utf8_decode(line + at, length - at, &code);
		if (code == UTF8_BAD || code_is_unsafe(code))
			return false;
	}
	return true;
}

/* A folder or a pipe in its place is not used; history_read() said so. */
static bool is_no_file(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static bool read_all(const char *path, struct text *text, struct error *error)
{
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return true;
	return file_read_of(text, path, FILE_MOST, FILE_REGULAR, error);
}

/* Next fit line from `*at` on, not terminated; NULL at the end. */
static const char *next_line(const struct text *text, size_t *at, size_t *length)
{
	while (*at < text->length) {
		const char *line = text->bytes + *at;
		const char *end = memchr(line, '\n', text->length - *at);
		*length = end ? (size_t)(end - line) : text->length - *at;
		*at += *length + 1;
		if (is_fit(line, *length))
			return line;
	}
	return NULL;
}

bool history_read(const char *path, void (*line)(void *context, const char *text), void *context,
		  struct error *error)
{
	struct text text;
	char copy[HISTORY_LINE_MOST + 1];
	size_t at = 0, length;
	const char *found;
	text_init(&text);
	bool done = read_all(path, &text, error);
	while (done && (found = next_line(&text, &at, &length)) != NULL) {
		memcpy(copy, found, length);
		copy[length] = '\0';
		line(context, copy);
	}
	text_done(&text);
	return done;
}

/* Reading and replacing is one step for all instances: their folder is locked meanwhile. Where it
 * cannot be, or another holds it for long, we go on: a line may get lost, no file breaks. */
static int lock_folder(const char *path)
{
	char copy[PATH_MAX];
	if (strlen(path) >= sizeof copy)
		return -1;
	int folder = open(dirname(strcpy(copy, path)), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int tries = 0; folder >= 0 && tries < 50; tries++) {
		if (flock(folder, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
			break;
		poll(NULL, 0, 2);
	}
	return folder;
}

static bool merge(struct text *out, const struct text *old, char *const *lines, size_t count,
		  size_t most, struct error *error)
{
	size_t at = 0, length, have = 0;
	const char *line;
	while (next_line(old, &at, &length))
		have++;
	size_t skip = have + count > most ? have + count - most : 0;
	for (at = 0; (line = next_line(old, &at, &length)) != NULL;) {
		if (skip > 0) {
			skip--;
			continue;
		}
		text_add_bytes(out, line, length);
		text_add_char(out, '\n');
	}
	for (size_t i = skip; i < count; i++) {
		text_add(out, lines[i]);
		text_add_char(out, '\n');
	}
	return !out->failed || error_memory(error);
}

bool history_append(const char *path, char *const *lines, size_t count, size_t most,
		    struct error *error)
{
	struct text old, out;
	char folder[PATH_MAX];
	if (count == 0 || is_no_file(path))
		return true;
	if (strlen(path) >= sizeof folder)
		return error_file(error, _("history: the path of its file is too long"));
	if (!file_make_folder(dirname(strcpy(folder, path)), error))
		return false;
	text_init(&old);
	text_init(&out);
	int lock = lock_folder(path);
	bool done = read_all(path, &old, error) &&
		    merge(&out, &old, lines, count, most, error) &&
		    file_write_of(path, out.bytes, out.length, FILE_REGULAR, error);
	if (lock >= 0)
		close(lock);
	text_done(&old);
	text_done(&out);
	return done;
}
