/* Studies as JSON files. */
#ifndef LRSCOPE_STUDY_SAVED_H
#define LRSCOPE_STUDY_SAVED_H

#include "base/file.h"
#include "study/study.h"

#define SAVED_VERSION 1
#define SAVED_BYTES (4u << 20) /* longest file that is read */

/* The file's text: readable, fixed order, without what nobody has set where that
 * loses nothing; "parts" only for compositions. A data path is written relative to `folder` (the
 * file's; NULL: as it is). */
void saved_write(const struct study *study, const char *folder, struct text *text);

/* Reads it back. Refused with line and column (and what was found), `study` untouched: not JSON, not
 * an object, a newer version, an unknown or repeated key, a wrong type, a value that the tables
 * refuse. */
bool saved_read(struct study *study, const char *json, size_t length, const char *name,
		const char *folder, struct error *error);

/* File forms: `path` as given, or a bare name in the XDG data folder (".json" is added). Through links: the
 * study's paths are seen from the folder of the file itself. Not saved: data from standard input, and
 * words that are not UTF-8, which JSON is. */
bool saved_path(char *out, size_t size, const char *word, struct error *error);
bool saved_save(const struct study *study, const char *path, enum file_kinds kinds,
		struct error *error);
bool saved_open(struct study *study, const char *path, enum file_kinds kinds, struct error *error);

#endif
