/* Whole files out: replaced whole or not at all. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/language.h"

#define LINKS 40 /* as many symbolic links as the kernel follows */
#define LOOKS 40 /* so often a file can be replaced by others while it is looked at */
#define NAMES 100
#define TEMPORARY ".lrscope-%ld-%d.tmp" /* process, one of NAMES */

/* ---- where to ---- */

/* The folder of `target`, with its slash; "" for the one we are in. */
static int folder_length(const char *target)
{
	const char *slash = strrchr(target, '/');

	return slash == NULL ? 0 : (int)(slash - target) + 1;
}

/* "/folder/" and "" as they can be opened. */
static bool folder_of(char folder[PATH_MAX], const char *target)
{
	int length = folder_length(target);

	return snprintf(folder, PATH_MAX, "%.*s", length > 0 ? length : 1,
			length > 0 ? target : ".") < PATH_MAX;
}

/* The open descriptor of ours that `target` names (/proc/self/fd/N, /dev/fd/N); -1 where it names
 * something else. */
static int own_descriptor(const char *target)
{
	char folder[PATH_MAX], real[PATH_MAX], own[PATH_MAX];
	const char *name = target + folder_length(target);
	long number = strtol(name, NULL, 10);

	if (name[0] == '\0' || name[strspn(name, "0123456789")] != '\0' || number > INT_MAX ||
	    !folder_of(folder, target) || realpath(folder, real) == NULL ||
	    realpath("/proc/self/fd", own) == NULL || strcmp(real, own) != 0)
		return -1;
	return fcntl((int)number, F_GETFD) >= 0 ? (int)number : -1;
}

/* file_follow(), but unless `own` is NULL only up to an open descriptor of ours, which goes into `own`, else
 * -1: it has an offset, which its file has not.
 * Not realpath(): a link to a file that is still to be made is followed as well. */
static bool follow(char target[PATH_MAX], int *own, const char *path)
{
	char link[PATH_MAX], next[PATH_MAX];
	const char *slash;
	ssize_t length;
	int links, count;

	if (own != NULL)
		*own = -1;
	if (snprintf(target, PATH_MAX, "%s", path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	for (links = 0; links < LINKS; links++) {
		if (own != NULL && (*own = own_descriptor(target)) >= 0)
			return true;
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

bool file_follow(char target[PATH_MAX], const char *path)
{
	return follow(target, NULL, path);
}

/* A name of /proc that leads to another's open file and not by its own path: one without a name. They also
 * differ for a moment where somebody else is replacing the file: then once more. */
static bool is_only_open(const char *path, const char *target)
{
	struct stat open, named;

	for (int i = 0; i < LOOKS; i++) {
		if (stat(target, &named) != 0)
			return true;
		if (stat(path, &open) != 0 ||
		    (named.st_dev == open.st_dev && named.st_ino == open.st_ino))
			return false;
	}
	return true;
}

/* ---- bytes ---- */

static bool write_all(int descriptor, const char *bytes, size_t length)
{
	ssize_t count;

	while (length > 0) {
		count = write(descriptor, bytes, length);
		if (count < 0 && file_again(descriptor, true))
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

/* ---- a new file beside the old one ---- */

/* The i-th name for it, which tells whose it is. */
static bool name_beside(char name[PATH_MAX], const char *target, int i)
{
	if (snprintf(name, PATH_MAX, "%.*s" TEMPORARY, folder_length(target), target,
		     (long)getpid(), i) < PATH_MAX)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

/* A file without a name, which goes with the process; -1 where the file system has none. */
static int open_nameless(const char *target, mode_t mode)
{
	char folder[PATH_MAX];

	return folder_of(folder, target) ? open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, mode) : -1;
}

/* Gives it a name. */
static bool name_it(int descriptor, const char *target, char name[PATH_MAX])
{
	char path[64];
	int i;

	snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
	for (i = 0; i < NAMES && name_beside(name, target, i); i++) {
		if (linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0)
			return true;
		if (errno != EEXIST)
			break;
	}
	return false;
}

/* Opens a new file in the folder of `target` (its name in `name`); -1 with errno. */
static int open_beside(const char *target, char name[PATH_MAX], mode_t mode)
{
	int i, descriptor = -1;

	for (i = 0; i < NAMES && descriptor < 0 && name_beside(name, target, i); i++) {
		descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
		if (descriptor < 0 && errno != EEXIST)
			return -1;
	}
	return descriptor;
}

/* ---- afterwards ---- */

/* What processes left that were killed before they could rename it. Where it cannot be removed it
 * is in nobody's way. */
static void sweep(DIR *folder)
{
	struct dirent *entry;
	char name[80];
	long process;
	int i;

	while ((entry = readdir(folder)) != NULL) {
		if (sscanf(entry->d_name, ".lrscope-%10ld-%2d", &process, &i) != 2 || process <= 0)
			continue;
		snprintf(name, sizeof name, TEMPORARY, process, i);
		if (strcmp(entry->d_name, name) == 0 && getpgid((pid_t)process) < 0 &&
		    errno == ESRCH)
			unlinkat(dirfd(folder), name, 0);
	}
}

/* The rename itself must last; where the folder cannot be opened or synced, the file is in
 * place all the same, so this has no failure to report. */
static void finish_folder(const char *target)
{
	char path[PATH_MAX];
	DIR *folder = folder_of(path, target) ? opendir(path) : NULL;

	if (folder == NULL)
		return;
	sweep(folder);
	fsync(dirfd(folder));
	closedir(folder);
}

/* ---- replacing ---- */

/* Content, owner and mode; `old` is the file that is there, or NULL. */
static bool fill(int descriptor, const struct stat *old, const char *bytes, size_t length)
{
	bool done = write_all(descriptor, bytes, length);

	if (done && old != NULL) {
		/* Another's file stays his where we may; where not, nothing is lost. */
		if (old->st_uid != geteuid() || old->st_gid != getegid())
			done = fchown(descriptor, old->st_uid, old->st_gid) == 0 || errno == EPERM ||
			       errno == EINVAL; /* an id that this user namespace has not */
		done = done && fchmod(descriptor, old->st_mode & 0777) == 0;
	}
	return done && sync_all(descriptor);
}

/* Without a name until it is whole, where that can be: then nothing is left of it wherever the
 * process is killed, but between getting a name and taking the old one's place. */
static bool replace(const char *target, const struct stat *old, const char *bytes, size_t length)
{
	char name[PATH_MAX] = "";
	/* The content is private until the mode of the old file is on the new one. */
	mode_t mode = old == NULL ? 0666 : 0600;
	int descriptor = open_nameless(target, mode), reason;
	bool done = true;

	if (descriptor >= 0) {
		done = fill(descriptor, old, bytes, length);
		if (done && !name_it(descriptor, target, name)) {
			close(descriptor);
			descriptor = -1;
		}
	}
	if (descriptor < 0) {
		descriptor = open_beside(target, name, mode);
		if (descriptor < 0)
			return false;
		done = fill(descriptor, old, bytes, length);
	}
	done = close_after(descriptor, done);
	done = done && rename(name, target) == 0;
	if (!done) {
		reason = errno;
		if (name[0] != '\0')
			unlink(name);
		errno = reason;
		return false;
	}
	finish_folder(target);
	return true;
}

/* What is no file of a folder is written to, never replaced. */
static bool write_through(const char *path, const char *bytes, size_t length)
{
	int descriptor = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY);

	return descriptor >= 0 && close_after(descriptor, write_all(descriptor, bytes, length) &&
							  sync_all(descriptor));
}

bool file_write(const char *path, const char *bytes, size_t length, struct error *error)
{
	return file_write_of(path, bytes, length, FILE_ANY, error);
}

bool file_write_of(const char *path, const char *bytes, size_t length, enum file_kinds kinds,
		   struct error *error)
{
	char target[PATH_MAX], shown[FILE_SHOWN];
	struct stat status;
	bool there = stat(path, &status) == 0, followed, done;
	int own;

	if (there && S_ISDIR(status.st_mode))
		return error_file(error, _("cannot write '%s': it is a folder"),
				  file_shown(shown, path));
	if (there && !file_is_of(kinds, status.st_mode, path, error))
		return false;
	followed = follow(target, &own, path);
	if (own >= 0)
		done = write_all(own, bytes, length);
	else if (there && !S_ISREG(status.st_mode))
		done = write_through(path, bytes, length);
	else if (!followed)
		done = false;
	else if (there && is_only_open(path, target))
		done = write_through(path, bytes, length);
	else if (there && faccessat(AT_FDCWD, target, W_OK, AT_EACCESS) != 0)
		done = false; /* write-protected: a rename would not ask */
	else /* a file that is mounted by itself cannot be renamed over */
		done = replace(target, there ? &status : NULL, bytes, length) ||
		       (errno == EBUSY && write_through(target, bytes, length));
	if (!done)
		return error_file(error, _("cannot write '%s': %s"), file_shown(shown, path),
				  strerror(errno));
	return true;
}
