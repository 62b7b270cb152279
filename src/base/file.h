/* Whole files: read within a bound, replaced atomically. */
#ifndef LRSCOPE_BASE_FILE_H
#define LRSCOPE_BASE_FILE_H

#include <limits.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/text.h"

/* What may be opened. Where a person waits at the screen, files alone: a pipe or a device may take for
 * ever, and standard input is where the keys come from. */
enum file_kinds { FILE_ANY, FILE_REGULAR };

/* Appends the content of `path` ("-": standard input) to `text`, without a byte order mark at its head
 * (all files that are read are UTF-8). Refused with a
 * file error: not there, unreadable, a folder, longer than `limit` bytes, changed meanwhile
 * by somebody else, no memory. */
bool file_read(struct text *text, const char *path, size_t limit, struct error *error);
/* The same where only such files may be opened. */
bool file_read_of(struct text *text, const char *path, size_t limit, enum file_kinds kinds,
		  struct error *error);

#define FILE_SHOWN (200 + sizeof "...")

/* `path` as a sentence names it: of a long one the end, so that there is room for what is wrong. Returns
 * `path` or `out`. */
const char *file_shown(char out[FILE_SHOWN], const char *path);

/* After a call on `descriptor` that failed: whether it is to be made again. It was interrupted; or a
 * parent left the descriptor non-blocking, and it has been waited for. */
bool file_again(int descriptor, bool writes);

/* What can be read only once, and lies in no folder: "-" (standard input), a pipe, a device. */
bool file_is_stream(const char *path);

/* Refused: a file of this mode (of stat) that is not of these kinds. A folder passes. */
bool file_is_of(enum file_kinds kinds, mode_t mode, const char *path, struct error *error);

/* Replaces `path` by `length` bytes: a temporary file beside it, fsync, rename,
 * folder fsync. On failure the old file is there unchanged and no other is left; what a process
 * left that was killed is removed by the next one that writes into the folder.
 * Follows a symbolic link to the file that it names, there or not; keeps the mode of a file
 * that exists, and refuses one that may not be written. What is no file of a folder is written to:
 * a device, a pipe, a file that is mounted by itself; and a descriptor of ours (/dev/stdout, /dev/fd/N)
 * goes on where it is, whatever it has open. */
bool file_write(const char *path, const char *bytes, size_t length, struct error *error);
bool file_write_of(const char *path, const char *bytes, size_t length, enum file_kinds kinds,
		   struct error *error);

/* The file at the end of the symbolic links from `path`, there or not; false with errno. */
bool file_follow(char target[PATH_MAX], const char *path);

/* Makes `folder` and those above it (mode 0700) where they are missing. */
bool file_make_folder(const char *folder, struct error *error);

/* A path as a person types it: "~/x" is HOME/x, where HOME is set; any other stays. False where it
 * does not fit. */
bool file_home(char *out, size_t size, const char *word);

/* "$NAME/lrscope/FILE" by the XDG rule: `variable` (XDG_DATA_HOME, XDG_STATE_HOME) if
 * it is set to an absolute path, else HOME and `fallback` (".local/share"). False
 * without either, or where it does not fit. */
bool file_xdg(char *out, size_t size, const char *variable, const char *fallback,
	      const char *file);

#endif
