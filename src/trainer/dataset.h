/* A table of numbers: features and one target a row. From a shipped set or a CSV. */
#ifndef LRSCOPE_TRAINER_DATASET_H
#define LRSCOPE_TRAINER_DATASET_H

#include <stddef.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#define DATASET_NAME 64        /* bytes of a column's name, terminated; longer ones are cut */
#define DATASET_FEATURES 256   /* most features */
#define DATASET_ROWS 10000000  /* most rows */
#define DATASET_BYTES (256u << 20) /* most bytes of a CSV */

struct dataset {
	char name[DATASET_NAME];
	size_t rows, features;
	char (*columns)[DATASET_NAME]; /* features names, then the target's; safe to print, and
					* distinct: "name~2" where that made two the same */
	const double *values; /* raw, row-major: rows x (features + 1), the target last */
	double *memory;       /* that they lie in; NULL: a shipped set's own */
};

void dataset_init(struct dataset *dataset);
void dataset_done(struct dataset *dataset);

/* A CSV with a header line: RFC 4180 quoting, LF or CRLF, optional BOM, finite numbers only
 * (blanks round them are passed over, as are empty lines at the end).
 * `target` names the target column ("" or NULL: the last). `name` is for messages and becomes
 * the set's name (its last path component). File errors give line and column and what was
 * found: empty file, no rows, ragged row, empty line, empty cell, not a number, no header line,
 * duplicate or empty column name, quote not closed, NUL byte, too many columns or rows, fewer than
 * two columns. An unknown target is a request error. */
bool dataset_parse(struct dataset *dataset, const char *csv, size_t length, const char *name,
		   const char *target, struct error *error);

/* Whether a word for data leads to a file: it is no shipped name, and such a file exists, or it contains
 * '/' or ends in ".csv", or is "-" (standard input). */
bool dataset_is_file(const char *word);

/* A shipped set by its name, or what is in a file (see above); else a request error with the nearest
 * shipped name. */
bool dataset_open(struct dataset *dataset, const char *word, const char *target,
		  struct error *error);
/* What can be read only once, standard input or a pipe: its bytes, for the next time that a table is made
 * from it. The last one alone is kept. */
struct dataset_stream {
	struct text word, bytes;
};
void dataset_stream_init(struct dataset_stream *stream);
void dataset_stream_done(struct dataset_stream *stream);

/* The same where not every kind of file may be opened, and tables may be made again. */
bool dataset_open_of(struct dataset *dataset, const char *word, const char *target,
		     enum file_kinds kinds, struct dataset_stream *stream, struct error *error);

/* Makes `dataset` (initialised) a copy, with memory of its own. */
bool dataset_copy(struct dataset *dataset, const struct dataset *from, struct error *error);

/* The shipped sets, in the order they are listed (compiled in from data/). */
struct shipped {
	const char *name, *about; /* "concrete", one line */
	const char *kind;         /* "medium", "ill-conditioned", "time series", ... */
	size_t rows, features;
	const char *const *columns; /* features, then target */
	const double *values;       /* rows x (features + 1), row-major, target last */
};
extern const struct shipped shipped_sets[];
extern const size_t shipped_count;
const struct shipped *shipped_find(const char *name); /* NULL if there is none */
const char *const *shipped_names(void);               /* shipped_count of them, NULL-ended */

#endif
