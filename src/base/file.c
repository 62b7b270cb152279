/* Whole files in and out. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/language.h"

#define READ_SIZE 65536
#define LINKS 40 /* as many symbolic links as the kernel follows */
#define NAMES 100

/* ---- reading ---- */

/* All that `descriptor` gives, appended to `text`; `name` is for the sentences. */
static bool read_all(int descriptor, struct text *text, const char *name, size_t limit,
		     struct error *error)
{
	size_t before = text->length;
	char bytes[READ_SIZE];
	ssize_t count;

	for (;;) {
		count = read(descriptor, bytes, sizeof bytes);
		if (count < 0 && errno == EINTR)
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

/* Somebody wrote to the file since `before`: what was read may be half old and half new. */
static bool has_changed(int descriptor, const struct stat *before)
{
	struct stat now;

	return S_ISREG(before->st_mode) && fstat(descriptor, &now) == 0 &&
	       (now.st_size != before->st_size ||
		now.st_mtim.tv_sec != before->st_mtim.tv_sec ||
		now.st_mtim.tv_nsec != before->st_mtim.tv_nsec);
}

bool file_read(struct text *text, const char *path, size_t limit, struct error *error)
{
	bool standard = strcmp(path, "-") == 0;
	const char *name = standard ? _("standard input") : path;
	size_t before = text->length;
	int descriptor = STDIN_FILENO;
	struct stat status;
	bool known, done;

	if (text->failed)
		return error_memory(error);
	if (!standard)
		descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (descriptor < 0)
		return error_file(error, _("cannot open '%s': %s"), name, strerror(errno));

	known = fstat(descriptor, &status) == 0;
	if (known && S_ISDIR(status.st_mode))
		done = error_file(error, _("cannot read '%s': it is a folder"), name);
	else
		done = read_all(descriptor, text, name, limit, error);
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

/* ---- writing ---- */

/* The file at the end of the symbolic links from `path`, there or not, in `target`.
 * Not realpath(): a link to a file that is still to be made is followed as well. */
static bool follow(char target[PATH_MAX], const char *path)
{
	char link[PATH_MAX], next[PATH_MAX];
	const char *slash;
	ssize_t length;
	int links, count;

	if (snprintf(target, PATH_MAX, "%s", path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	for (links = 0; links < LINKS; links++) {
		length = readlink(target, link, sizeof link - 1);
		if (length < 0) {
			/* EINVAL: not a link; ENOENT: to be made. The rest comes up at open. */
			return errno == EINVAL || errno == ENOENT;
		}
		link[length] = '\0';
		slash = link[0] == '/' ? NULL : strrchr(target, '/');
		count = slash == NULL ? 0 : (int)(slash - target) + 1;
		if (snprintf(next, sizeof next, "%.*s%s", count, target, link) >= PATH_MAX) {
			errno = ENAMETOOLONG;
			return false;
		}
		strcpy(target, next);
	}
	errno = ELOOP;
	return false;
}

static bool write_all(int descriptor, const char *bytes, size_t length)
{
	ssize_t count;

	while (length > 0) {
		count = write(descriptor, bytes, length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		if (count == 0) {
			errno = EIO;
			return false;
		}
		bytes += count;
		length -= (size_t)count;
	}
	return true;
}

/* Some file systems cannot sync; that is no reason not to save. */
static bool sync_all(int descriptor)
{
	return fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS;
}

/* Closes and keeps the errno of an earlier failure. */
static bool close_after(int descriptor, bool done)
{
	int reason = errno;

	if (close(descriptor) != 0 && done && errno != EINTR)
		return false;
	if (!done)
		errno = reason;
	return done;
}

/* Opens a new file in the folder of `target` (its name in `name`); -1 with errno. */
static int open_beside(const char *target, char name[PATH_MAX], mode_t mode)
{
	const char *slash = strrchr(target, '/');
	int count = slash == NULL ? 0 : (int)(slash - target) + 1;
	int i, descriptor = -1;

	for (i = 0; i < NAMES && descriptor < 0; i++) {
		if (snprintf(name, PATH_MAX, "%.*s.lrscope-%ld-%d.tmp", count, target,
			     (long)getpid(), i) >= PATH_MAX) {
			errno = ENAMETOOLONG;
			return -1;
		}
		descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
		if (descriptor < 0 && errno != EEXIST)
			return -1;
	}
	return descriptor;
}

/* The rename itself must last; where the folder cannot be opened or synced, the file is in
 * place all the same, so this has no failure to report. */
static void sync_folder(const char *target)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(target, '/');
	int count = slash == NULL ? 0 : (int)(slash - target) + 1, descriptor;

	snprintf(folder, sizeof folder, "%.*s", count, target);
	descriptor = open(count == 0 ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descriptor < 0)
		return;
	fsync(descriptor);
	close(descriptor);
}

/* `old` is the file that is there, or NULL. */
static bool replace(const char *target, const struct stat *old, const char *bytes, size_t length)
{
	char name[PATH_MAX];
	int descriptor, reason;
	bool done;

	/* The content is private until the mode of the old file is on the new one. */
	descriptor = open_beside(target, name, old == NULL ? 0666 : 0600);
	if (descriptor < 0)
		return false;
	done = write_all(descriptor, bytes, length);
	if (done && old != NULL) {
		/* Another's file stays his where we may; where not, nothing is lost. */
		if (old->st_uid != geteuid() || old->st_gid != getegid())
			done = fchown(descriptor, old->st_uid, old->st_gid) == 0 || errno == EPERM;
		done = done && fchmod(descriptor, old->st_mode & 0777) == 0;
	}
	done = done && sync_all(descriptor);
	done = close_after(descriptor, done);
	done = done && rename(name, target) == 0;
	if (!done) {
		reason = errno;
		unlink(name);
		errno = reason;
		return false;
	}
	sync_folder(target);
	return true;
}

/* A device or a pipe is written to, never replaced. */
static bool write_through(const char *target, const char *bytes, size_t length)
{
	int descriptor = open(target, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	return descriptor >= 0 && close_after(descriptor, write_all(descriptor, bytes, length));
}

bool file_write(const char *path, const char *bytes, size_t length, struct error *error)
{
	char target[PATH_MAX];
	struct stat status;
	bool there, done;

	if (!follow(target, path))
		return error_file(error, _("cannot write '%s': %s"), path, strerror(errno));
	there = stat(target, &status) == 0;
	if (there && S_ISDIR(status.st_mode))
		return error_file(error, _("cannot write '%s': it is a folder"), path);

	if (there && !S_ISREG(status.st_mode))
		done = write_through(target, bytes, length);
	else if (there && faccessat(AT_FDCWD, target, W_OK, AT_EACCESS) != 0)
		done = false; /* write-protected: a rename would not ask */
	else
		done = replace(target, there ? &status : NULL, bytes, length);
	if (!done)
		return error_file(error, _("cannot write '%s': %s"), path, strerror(errno));
	return true;
}

/* ---- folders ---- */

static bool make_one(const char *folder, const char *whole, struct error *error)
{
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
	return error_file(error, _("cannot make the folder '%s': %s"), whole, strerror(reason));
}

bool file_make_folder(const char *folder, struct error *error)
{
	char path[PATH_MAX];
	size_t i;

	if (folder[0] == '\0' || snprintf(path, sizeof path, "%s", folder) >= PATH_MAX)
		return error_file(error, _("cannot make the folder '%s': %s"), folder,
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
