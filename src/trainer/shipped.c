/* The shipped data sets, and where a data word leads: to one of them, to a file or to nothing. */
#include "trainer/shipped.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/language.h"

const struct shipped *shipped_find(const char *name)
{
	for (size_t i = 0; i < shipped_count; i++)
		if (strcmp(shipped_sets[i].name, name) == 0)
			return &shipped_sets[i];
	return NULL;
}

const char *const *shipped_names(void)
{
	return shipped_ids;
}

static bool find_column(const struct shipped *set, const char *target, size_t *column,
			struct error *error)
{
	*column = set->features;
	if (!target || !*target)
		return true;
	for (size_t i = 0; i <= set->features; i++) {
		*column = i;
		if (strcmp(set->columns[i], target) == 0)
			return true;
	}
	return error_unknown(error, _("target column"), target, set->columns,
			     (unsigned)set->features + 1);
}

/* Copies the values with the target column last. */
static bool move_target(struct dataset *dataset, const struct shipped *set, size_t target)
{
	size_t columns = set->features + 1;
	double *to = malloc(set->rows * columns * sizeof *to);

	if (!to)
		return false;
	dataset->values = dataset->memory = to;
	for (size_t i = 0; i < set->rows; i++) {
		const double *row = set->values + i * columns;

		for (size_t j = 0; j < columns; j++)
			if (j != target)
				*to++ = row[j];
		*to++ = row[target];
	}
	return true;
}

/* Without a copy where the target is the set's own. */
static bool open_shipped(struct dataset *dataset, const struct shipped *set, size_t target,
			 struct error *error)
{
	size_t columns = set->features + 1, feature = 0;

	dataset_done(dataset);
	dataset->values = set->values;
	dataset->columns = calloc(columns, sizeof *dataset->columns);
	if (!dataset->columns || (target != set->features && !move_target(dataset, set, target))) {
		dataset_done(dataset);
		return error_memory(error);
	}
	dataset->rows = set->rows;
	dataset->features = set->features;
	text_safe(dataset->name, sizeof dataset->name, set->name, false);
	for (size_t j = 0; j < columns; j++)
		text_safe(dataset->columns[j == target ? set->features : feature++], DATASET_NAME,
			  set->columns[j], false);
	return true;
}

bool dataset_is_file(const char *word)
{
	size_t length = strlen(word);

	if (shipped_find(word))
		return false;
	return strcmp(word, "-") == 0 || strchr(word, '/') ||
	       (length > 4 && strcmp(word + length - 4, ".csv") == 0) || access(word, F_OK) == 0;
}

void dataset_stream_init(struct dataset_stream *stream)
{
	text_init(&stream->word);
	text_init(&stream->bytes);
}

void dataset_stream_done(struct dataset_stream *stream)
{
	text_done(&stream->word);
	text_done(&stream->bytes);
}

/* Takes over `bytes`. */
static bool keep(struct dataset_stream *stream, const char *word, struct text *bytes,
		 struct error *error)
{
	text_done(&stream->bytes);
	stream->bytes = *bytes;
	text_init(bytes);
	text_clear(&stream->word);
	text_add(&stream->word, word);
	return !stream->word.failed || error_memory(error);
}

static bool open_file(struct dataset *dataset, const char *word, const char *target,
		      enum file_kinds kinds, struct dataset_stream *stream, struct error *error)
{
	const struct text *table = &stream->bytes;
	struct text bytes;
	bool done = true;

	text_init(&bytes);
	if (strcmp(stream->word.bytes, word) != 0) {
		done = file_read_of(&bytes, word, DATASET_BYTES, kinds, error);
		if (done && file_is_stream(word))
			done = keep(stream, word, &bytes, error);
		else
			table = &bytes;
	}
	done = done && dataset_parse(dataset, table->bytes, table->length,
				     strcmp(word, "-") == 0 ? _("standard input") : word, target,
				     error);
	text_done(&bytes);
	return done;
}

bool dataset_open(struct dataset *dataset, const char *word, const char *target,
		  struct error *error)
{
	struct dataset_stream stream;
	bool done;

	dataset_stream_init(&stream);
	done = dataset_open_of(dataset, word, target, FILE_ANY, &stream, error);
	dataset_stream_done(&stream);
	return done;
}

bool dataset_open_of(struct dataset *dataset, const char *word, const char *target,
		     enum file_kinds kinds, struct dataset_stream *stream, struct error *error)
{
	const struct shipped *set = shipped_find(word);
	size_t column;

	if (set)
		return find_column(set, target, &column, error) &&
		       open_shipped(dataset, set, column, error);
	if (!dataset_is_file(word))
		return error_unknown(error, _("data set"), word, shipped_ids,
				     (unsigned)shipped_count);
	return open_file(dataset, word, target, kinds, stream, error);
}

bool dataset_copy(struct dataset *dataset, const struct dataset *from, struct error *error)
{
	size_t names = (from->features + 1) * sizeof *from->columns;
	size_t bytes = from->rows * (from->features + 1) * sizeof *from->values;
	struct dataset copy = *from;

	copy.columns = malloc(names);
	copy.memory = from->memory ? malloc(bytes) : NULL;
	if (!copy.columns || (from->memory && !copy.memory)) {
		dataset_done(&copy);
		return error_memory(error);
	}
	memcpy(copy.columns, from->columns, names);
	if (copy.memory)
		copy.values = memcpy(copy.memory, from->values, bytes);
	dataset_done(dataset);
	*dataset = copy;
	return true;
}
