/* Paths of data files, by their words alone: no link is followed, nothing has to exist. */
#include <string.h>
#include <unistd.h>

#include "study/private.h"

#define PATH_MOST (2 * TRAINING_PATH)

/* Appends the parts of `path` to the absolute `out` ("" stands for the root). */
static bool walk(char *out, size_t size, const char *path)
{
	while (*path != '\0') {
		size_t length = strcspn(path, "/"), used = strlen(out);

		if (length == 2 && strncmp(path, "..", 2) == 0) {
			char *slash = strrchr(out, '/');

			if (slash != NULL)
				*slash = '\0';
		} else if (length > 0 && !(length == 1 && *path == '.')) {
			if (used + length + 2 > size)
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

static bool absolute(char *out, size_t size, const char *path, const char *folder)
{
	char here[PATH_MOST];

	out[0] = '\0';
	if (path[0] == '/')
		return walk(out, size, path);
	if (folder == NULL || folder[0] != '/') {
		if (getcwd(here, sizeof here) == NULL || !walk(out, size, here))
			return false;
	}
	return (folder == NULL || walk(out, size, folder)) && walk(out, size, path);
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

bool path_from(char *out, size_t size, const char *relative, const char *folder)
{
	char full[PATH_MOST], here[PATH_MOST];
	size_t length;

	if (!absolute(full, sizeof full, relative, folder) ||
	    !absolute(here, sizeof here, ".", NULL))
		return false;
	length = strlen(here);
	if (strncmp(full, here, length) == 0 && full[length] == '/')
		return copy(out, size, "./", full + length + 1);
	return copy(out, size, full[0] != '\0' ? "" : "/", full);
}

bool path_normal(char *out, size_t size, const char *path)
{
	return path_from(out, size, path, NULL);
}

bool path_relative(char *out, size_t size, const char *path, const char *folder)
{
	char full[PATH_MOST], base[PATH_MOST];
	size_t same = 0, k;

	if (!absolute(full, sizeof full, path, NULL) ||
	    !absolute(base, sizeof base, folder, NULL))
		return false;
	/* The longest common run of whole folders; `same` stands on the slash after it. */
	for (k = 0; full[k] == base[k] && full[k] != '\0'; k++)
		if (full[k] == '/')
			same = k;
	if (base[k] == '\0' && full[k] == '/')
		same = k;
	out[0] = '\0';
	if (!copy(out, size, base[same] == '\0' ? "./" : "", ""))
		return false;
	for (k = same; base[k] != '\0'; k++)
		if (base[k] == '/' && !copy(out + strlen(out), size - strlen(out), "../", ""))
			return false;
	return copy(out + strlen(out), size - strlen(out), full + same + 1, "");
}
