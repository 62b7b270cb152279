/* Paths of data files. Nothing has to exist, and links keep their names: one is followed only where ".."
 * stands behind it, as the kernel does, and where it leads to the folder that a path is written for. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/language.h"
#include "study/private.h"

#define PATH_MOST (PATH_MAX + TRAINING_PATH) /* a path below any working folder; "" is the root */

static bool too_long(const char *path, size_t size, struct error *error)
{
	char shown[FILE_SHOWN];

	return error_request(error, _("the path is longer than %zu bytes: '%s'"), size - 1,
			     file_shown(shown, path));
}

/* Without links, where it is there. */
static void resolve(char path[PATH_MOST])
{
	char real[PATH_MAX];

	if (realpath(path, real) != NULL)
		strcpy(path, real[1] == '\0' ? "" : real);
}

static void step_up(char path[PATH_MOST])
{
	struct stat status;
	char *slash;

	if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode))
		resolve(path);
	slash = strrchr(path, '/');
	if (slash != NULL)
		*slash = '\0';
}

/* Appends the parts of `path` to the absolute `out`. */
static bool walk(char out[PATH_MOST], const char *path)
{
	while (*path != '\0') {
		size_t length = strcspn(path, "/"), used = strlen(out);

		if (length == 2 && strncmp(path, "..", 2) == 0) {
			step_up(out);
		} else if (length > 0 && !(length == 1 && *path == '.')) {
			if (used + length + 2 > PATH_MOST)
				return false;
			out[used] = '/';
			memcpy(out + used + 1, path, length);
			out[used + 1 + length] = '\0';
		}
		path += length;
		path += strspn(path, "/");
	}
	return true;
}

/* The working folder; false where it was deleted or its path is too long for the kernel. */
static bool working(char here[PATH_MOST])
{
	if (getcwd(here, PATH_MAX) == NULL)
		return false;
	if (here[1] == '\0')
		here[0] = '\0';
	return true;
}

static bool absolute(char out[PATH_MOST], const char *path, const char *folder, struct error *error)
{
	char shown[FILE_SHOWN];

	out[0] = '\0';
	if (path[0] == '/')
		folder = NULL;
	else if ((folder == NULL || folder[0] != '/') && !working(out))
		return error_file(error, _("cannot find '%s': the working folder has no path: %s"),
				  file_shown(shown, path),
				  strerror(errno == ERANGE ? ENAMETOOLONG : errno));
	return ((folder == NULL || walk(out, folder)) && walk(out, path)) ||
	       too_long(path, PATH_MOST, error);
}

/* What comes behind `folder` in `path`, or NULL. */
static const char *below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return strncmp(path, folder, length) == 0 && path[length] == '/' ? path + length + 1 : NULL;
}

static bool copy(char *out, size_t size, const char *lead, const char *rest)
{
	size_t first = strlen(lead), second = strlen(rest);

	if (first + second + 1 > size)
		return false;
	memcpy(out, lead, first);
	memcpy(out + first, rest, second + 1);
	return true;
}

bool path_from(char *out, size_t size, const char *relative, const char *folder, struct error *error)
{
	char full[PATH_MOST], here[PATH_MOST];
	const char *rest, *lead = "./";

	if (!absolute(full, relative, folder, error))
		return false;
	rest = working(here) ? below(full, here) : NULL;
	if (rest == NULL) {
		lead = full[0] != '\0' ? "" : "/";
		rest = full;
	}
	return copy(out, size, lead, rest) || too_long(full, size, error);
}

bool path_normal(char *out, size_t size, const char *path, struct error *error)
{
	return path_from(out, size, path, NULL, error);
}

/* By another name, if it has one, that lies below the real folder `base`: then both can move. */
static void prefer_below(char full[PATH_MOST], const char *base)
{
	char real[PATH_MOST];
	char *slash = strrchr(full, '/');
	size_t length;

	if (slash == NULL || below(full, base) != NULL)
		return;
	length = (size_t)(slash - full);
	memcpy(real, full, length);
	real[length] = '\0';
	resolve(real);
	length = strlen(real);
	if (copy(real + length, sizeof real - length, slash, "") && below(real, base) != NULL)
		strcpy(full, real);
}

bool path_relative(char *out, size_t size, const char *path, const char *folder, struct error *error)
{
	char full[PATH_MOST], base[PATH_MOST];
	size_t same = 0, k;
	bool fits;

	if (!absolute(full, path, NULL, error) || !absolute(base, folder, NULL, error))
		return false;
	resolve(base);
	prefer_below(full, base);
	/* The longest common run of whole folders; `same` stands on the slash after it. */
	for (k = 0; full[k] == base[k] && full[k] != '\0'; k++)
		if (full[k] == '/')
			same = k;
	if (base[k] == '\0' && full[k] == '/')
		same = k;
	out[0] = '\0';
	fits = copy(out, size, base[same] == '\0' ? "./" : "", "");
	for (k = same; base[k] != '\0' && fits; k++)
		if (base[k] == '/')
			fits = copy(out + strlen(out), size - strlen(out), "../", "");
	fits = fits && copy(out + strlen(out), size - strlen(out), full + same + 1, "");
	return fits || too_long(full, size, error);
}
