#include "lrscope/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/language.h"
#include "base/number.h"

void metrics_init(struct metrics *metrics)
{
	*metrics = (struct metrics){NULL, 0, 0};
}

void metrics_done(struct metrics *metrics)
{
	free(metrics->values);
	metrics_init(metrics);
}

static bool add(struct metrics *metrics, double value, struct error *error)
{
	if (metrics->count == metrics->capacity) {
		size_t capacity = metrics->capacity ? 2 * metrics->capacity : 1024;
		double *values = realloc(metrics->values, capacity * sizeof *values);
		if (!values)
			return error_memory(error);
		metrics->values = values;
		metrics->capacity = capacity;
	}
	metrics->values[metrics->count++] = value;
	return true;
}

/* Where the reader stands. */
struct reader {
	const char *name, *at, *end;
	long line, row_line; /* of `at`, and where the row began */
	unsigned column;     /* cell of the row, from 1 */
	struct text cell;    /* the last one read */
	bool row_ended;      /* that cell was its row's last */
};

static bool wrong(const struct reader *reader, struct error *error, const char *found)
{
	return error_file(error, _("%s: line %ld, column %u: %s"), reader->name, reader->row_line,
			  reader->column, found);
}

static bool at_line_end(const struct reader *reader)
{
	return reader->at == reader->end || *reader->at == '\n' ||
	       (*reader->at == '\r' && reader->at + 1 < reader->end && reader->at[1] == '\n');
}

static bool read_quoted(struct reader *reader, struct error *error)
{
	bool closed = false;
	for (reader->at++; reader->at < reader->end;) {
		if (*reader->at == '"' && (++reader->at == reader->end || *reader->at != '"')) {
			closed = true;
			break;
		}
		reader->line += *reader->at == '\n';
		text_add_char(&reader->cell, *reader->at++);
	}
	if (!closed)
		return wrong(reader, error, _("a quote is not closed"));
	return at_line_end(reader) || *reader->at == ',' ||
	       wrong(reader, error, _("text after a closing quote"));
}

/* Reads the next cell of the row, whole but for blanks round it, as in data, and what ends it. */
static bool read_cell(struct reader *reader, struct error *error)
{
	const char *from = reader->at, *to;
	reader->column++;
	text_clear(&reader->cell);
	if (reader->at < reader->end && *reader->at == '"') {
		if (!read_quoted(reader, error))
			return false;
	} else {
		while (!at_line_end(reader) && *reader->at != ',')
			reader->at++;
		to = reader->at;
		text_trim(&from, &to);
		text_add_bytes(&reader->cell, from, (size_t)(to - from));
	}
	if (reader->cell.failed)
		return error_memory(error);
	if (strlen(reader->cell.bytes) != reader->cell.length)
		return wrong(reader, error, _("found a NUL byte"));
	reader->row_ended = at_line_end(reader);
	if (!reader->row_ended)
		reader->at++;
	return true;
}

static void start_row(struct reader *reader)
{
	reader->row_line = reader->line;
	reader->column = 0;
}

static void end_row(struct reader *reader)
{
	if (reader->at < reader->end && *reader->at == '\r')
		reader->at++;
	if (reader->at < reader->end) {
		reader->at++;
		reader->line++;
	}
}

/* Nothing but empty lines and blanks is left. */
static bool at_end(const struct reader *reader)
{
	return strspn(reader->at, " \t\r\n") == (size_t)(reader->end - reader->at);
}

/* The cell as a number. */
static bool take_number(const struct reader *reader, double *value, struct error *error)
{
	const char *cell = reader->cell.bytes;
	char word[ERROR_WORD];
	if (number_parse_any(cell, value))
		return true;
	return error_file(error, number_is_decimal(cell)
			  ? _("%s: line %ld, column %u: '%s' is too large for a number")
			  : _("%s: line %ld, column %u: found '%s' where a number should be"),
			  reader->name, reader->row_line, reader->column, error_word(word, cell));
}

static bool read_list(struct metrics *metrics, struct reader *reader, struct error *error)
{
	while (!at_end(reader)) {
		double value;
		start_row(reader);
		if (!read_cell(reader, error))
			return false;
		if (!reader->row_ended) {
			reader->column++;
			return wrong(reader, error, _("found a second cell in a list of numbers"));
		}
		if (!take_number(reader, &value, error) || !add(metrics, value, error))
			return false;
		end_row(reader);
	}
	return true;
}

/* Reads the header: how many columns, and which is `metric` (from 1). */
static bool read_header(struct reader *reader, unsigned *columns, unsigned *metric,
			struct error *error)
{
	*columns = *metric = 0;
	start_row(reader);
	do {
		if (!read_cell(reader, error))
			return false;
		if (strcmp(reader->cell.bytes, "metric"))
			continue;
		if (*metric)
			return wrong(reader, error, _("a second column is named 'metric'"));
		*metric = reader->column;
	} while (!reader->row_ended);
	*columns = reader->column;
	end_row(reader);
	return *metric || error_file(error, _("%s: line 1: found neither a number nor a header with "
					      "a column 'metric'"), reader->name);
}

static bool read_row(struct metrics *metrics, struct reader *reader, unsigned columns,
		     unsigned metric, struct error *error)
{
	double value = 0;
	bool empty = false;
	start_row(reader);
	do {
		if (!read_cell(reader, error))
			return false;
		if (reader->column != metric)
			continue;
		empty = !*reader->cell.bytes;
		if (!empty && !take_number(reader, &value, error))
			return false;
	} while (!reader->row_ended);
	if (reader->column != columns)
		return error_file(error, n_("%s: line %ld has %u column, the header has %u",
					    "%s: line %ld has %u columns, the header has %u",
					    reader->column),
				  reader->name, reader->row_line, reader->column, columns);
	end_row(reader);
	if (!empty)
		return add(metrics, value, error);
	reader->column = metric;
	return at_end(reader) ||
	       wrong(reader, error, _("the metric is missing; only the last row may leave it out"));
}

static bool parse(struct metrics *metrics, struct reader *reader, struct error *error)
{
	unsigned columns = 0, metric = 0;
	double value;
	if (at_end(reader))
		return error_file(error, _("%s: the file is empty: one number a line or a CSV with a "
					   "column 'metric' is read"), reader->name);
	const char *from = reader->at;
	start_row(reader);
	if (!read_cell(reader, error))
		return false;
	reader->at = from;
	reader->line = 1;
	if (number_is_decimal(reader->cell.bytes) || number_parse_any(reader->cell.bytes, &value))
		return read_list(metrics, reader, error);
	if (!read_header(reader, &columns, &metric, error))
		return false;
	while (!at_end(reader))
		if (!read_row(metrics, reader, columns, metric, error))
			return false;
	return true;
}

bool metrics_read(struct metrics *metrics, const char *path, struct error *error)
{
	struct text text;
	text_init(&text);
	bool ok = file_read(&text, path, METRICS_BYTES, error);
	if (ok) {
		struct reader reader = {.name = strcmp(path, "-") ? path : _("standard input"),
					.at = text.bytes, .end = text.bytes + text.length, .line = 1};
		text_init(&reader.cell);
		ok = parse(metrics, &reader, error);
		text_done(&reader.cell);
	}
	text_done(&text);
	return ok;
}
