/* Whole files in, and folders. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/language.h"

#define READ_SIZE 65536

const char *file_shown(char out[FILE_SHOWN], const char *path)
{
	size_t length = strlen(path), most = FILE_SHOWN - sizeof "...";

	if (length <= most)
		return path;
	path += length - most;
	for (int i = 0; i < 3 && ((unsigned char)*path & 0xc0) == 0x80; i++)
		path++; /* no character is cut */
	snprintf(out, FILE_SHOWN, "...%s", path);
	return out;
}

/* ---- reading ---- */

bool file_again(int descriptor, bool writes)
{
	struct pollfd one = {descriptor, writes ? POLLOUT : POLLIN, 0};

	if (errno == EAGAIN && poll(&one, 1, -1) >= 0)
		return true;
	return errno == EINTR;
}

/* All that `descriptor` gives, appended to `text`; `name` is for the sentences. */
static bool read_all(int descriptor, struct text *text, const char *name, size_t limit,
		     enum file_kinds kinds, struct error *error)
{
	size_t before = text->length;
	char bytes[READ_SIZE];
	ssize_t count;

	for (;;) {
		count = read(descriptor, bytes, sizeof bytes);
		if (count < 0 && (kinds == FILE_ANY ? file_again(descriptor, false) : errno == EINTR))
			continue;
		if (count < 0)
			return error_file(error, _("cannot read '%s': %s"), name, strerror(errno));
		if (count == 0)
			return true;
		if ((size_t)count > limit - (text->length - before))
			return error_file(error, _("'%s' is longer than %zu bytes"), name, limit);
		text_add_bytes(text, bytes, (size_t)count);
		if (text->failed)
			return error_memory(error);
	}
}

/* Editors of some systems begin a text with a byte order mark, which nobody sees. */
static void leave_out_mark(struct text *text, size_t at)
{
	if (text->length - at < 3 || memcmp(text->bytes + at, "\xef\xbb\xbf", 3) != 0)
		return;
	text->length -= 3;
	memmove(text->bytes + at, text->bytes + at + 3, text->length - at + 1);
}

/* Somebody wrote to the file since `before`: what was read may be half old and half new. */
static bool has_changed(int descriptor, const struct stat *before)
{
	struct stat now;

	return S_ISREG(before->st_mode) && fstat(descriptor, &now) == 0 &&
	       (now.st_size != before->st_size ||
		now.st_mtim.tv_sec != before->st_mtim.tv_sec ||
		now.st_mtim.tv_nsec != before->st_mtim.tv_nsec);
}

static const char *kind_of(mode_t mode)
{
	if (S_ISFIFO(mode))
		return _("a pipe");
	return S_ISSOCK(mode) ? _("a socket") : _("a device");
}

bool file_is_stream(const char *path)
{
	struct stat status;

	return strcmp(path, "-") == 0 || (stat(path, &status) == 0 && !S_ISREG(status.st_mode));
}

bool file_is_of(enum file_kinds kinds, mode_t mode, const char *path, struct error *error)
{
	char shown[FILE_SHOWN];

	if (kinds == FILE_ANY || S_ISREG(mode) || S_ISDIR(mode))
		return true;
	return error_file(error, _("'%s' is %s: name it on the command line, or use a file (the "
				   "screen cannot wait for it)"), file_shown(shown, path),
			  kind_of(mode));
}

/* Opens `path`; -1 with the reason in `error`. Without waiting where only files are opened: looked at
 * before, since opening alone may do something to a device, and again then. */
static int open_file(const char *path, enum file_kinds kinds, struct error *error)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY, descriptor;
	char shown[FILE_SHOWN];
	struct stat status;

	if (kinds == FILE_REGULAR) {
		flags |= O_NONBLOCK;
		if (stat(path, &status) == 0 && !file_is_of(kinds, status.st_mode, path, error))
			return -1;
	}
	descriptor = open(path, flags);
	if (descriptor < 0)
		error_file(error, _("cannot open '%s': %s"), file_shown(shown, path),
			   strerror(errno));
	return descriptor;
}

bool file_read(struct text *text, const char *path, size_t limit, struct error *error)
{
	return file_read_of(text, path, limit, FILE_ANY, error);
}

bool file_read_of(struct text *text, const char *path, size_t limit, enum file_kinds kinds,
		  struct error *error)
{
	bool standard = strcmp(path, "-") == 0;
	char shown[FILE_SHOWN];
	const char *name = standard ? _("standard input") : file_shown(shown, path);
	size_t before = text->length;
	int descriptor = STDIN_FILENO;
	struct stat status;
	bool known, done;

	if (text->failed)
		return error_memory(error);
	if (standard && kinds == FILE_REGULAR)
		return error_file(error, _("'-' is where the keys come from: name it on the command "
					   "line, or use a file"));
	if (!standard)
		descriptor = open_file(path, kinds, error);
	if (descriptor < 0)
		return false;

	known = fstat(descriptor, &status) == 0;
	if (known && S_ISDIR(status.st_mode))
		done = error_file(error, _("cannot read '%s': it is a folder"), name);
	else
		done = (!known || file_is_of(kinds, status.st_mode, path, error)) &&
		       read_all(descriptor, text, name, limit, kinds, error);
	if (done)
		leave_out_mark(text, before);
	if (done && known && has_changed(descriptor, &status))
		done = error_file(error, _("'%s' changed while it was read"), name);
	if (!done && text->capacity > 0) {
		text->length = before;
		text->bytes[before] = '\0';
	}
	if (!standard)
		close(descriptor);
	return done;
}

/* ---- folders ---- */

static bool make_one(const char *folder, const char *whole, struct error *error)
{
	char shown[FILE_SHOWN];
	struct stat status;
	int reason;

	if (mkdir(folder, 0700) == 0)
		return true;
	reason = errno; /* not always EEXIST where it is there: a read-only file system */
	if (stat(folder, &status) == 0) {
		if (S_ISDIR(status.st_mode))
			return true;
		reason = ENOTDIR;
	}
	return error_file(error, _("cannot make the folder '%s': %s"), file_shown(shown, whole),
			  strerror(reason));
}

bool file_make_folder(const char *folder, struct error *error)
{
	char path[PATH_MAX], shown[FILE_SHOWN];
	size_t i;

	if (folder[0] == '\0' || snprintf(path, sizeof path, "%s", folder) >= PATH_MAX)
		return error_file(error, _("cannot make the folder '%s': %s"),
				  file_shown(shown, folder),
				  strerror(folder[0] == '\0' ? ENOENT : ENAMETOOLONG));
	for (i = 1; path[i] != '\0'; i++) {
		if (path[i] != '/' || path[i - 1] == '/')
			continue;
		path[i] = '\0';
		if (!make_one(path, folder, error))
			return false;
		path[i] = '/';
	}
	return make_one(path, folder, error);
}

bool file_home(char *out, size_t size, const char *word)
{
	const char *home = strncmp(word, "~/", 2) == 0 ? getenv("HOME") : NULL;
	bool known = home != NULL && home[0] != '\0';
	int length = snprintf(out, size, "%s%s", known ? home : "", known ? word + 1 : word);

	return length >= 0 && (size_t)length < size;
}

bool file_xdg(char *out, size_t size, const char *variable, const char *fallback,
	      const char *file)
{
	const char *base = getenv(variable);
	int length;

	if (base != NULL && base[0] == '/') {
		length = snprintf(out, size, "%s/lrscope/%s", base, file);
	} else {
		base = getenv("HOME");
		if (base == NULL || base[0] == '\0')
			return false;
		length = snprintf(out, size, "%s/%s/lrscope/%s", base, fallback, file);
	}
	return length >= 0 && (size_t)length < size;
}
