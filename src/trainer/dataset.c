/* Reading a CSV. What stands in the file is not trusted: every cell is checked, every refusal
 * names file, line and column (the number of the field) and says what was found. */
#include "trainer/dataset.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"

enum cell_end { END_CELL, END_ROW, END_FILE, END_WRONG };

struct csv {
	const char *name, *bytes;
	size_t length, at;
	size_t line;                 /* of bytes[at], from 1 */
	size_t cell_line, column;    /* of the cell last read, from 1 */
	struct text cell;            /* its content, unquoted */
	struct text names;           /* header names, each terminated */
	size_t starts[DATASET_FEATURES + 2]; /* where each begins in `names` */
	size_t columns, target;
	char shown[DATASET_FEATURES + 1][DATASET_NAME]; /* the names, safe and cut, no two the same */
	struct error *error;
};

void dataset_init(struct dataset *dataset)
{
	memset(dataset, 0, sizeof *dataset);
}

void dataset_done(struct dataset *dataset)
{
	free(dataset->columns);
	free(dataset->memory);
	dataset_init(dataset);
}

static const char *header_name(const struct csv *csv, size_t column)
{
	return csv->names.bytes + csv->starts[column];
}

/* Puts file, line and column before the error that was just filled. */
static bool at_cell(const struct csv *csv)
{
	size_t column = csv->column;
	char word[ERROR_WORD];

	if (csv->columns && column && column <= csv->columns)
		return error_prefix(csv->error, _("%s: line %zu, column %zu (%s)"), csv->name,
				    csv->cell_line, column, error_word(word, header_name(csv, column - 1)));
	return error_prefix(csv->error, _("%s: line %zu, column %zu"), csv->name, csv->cell_line,
			    column);
}

static bool at_line(const struct csv *csv)
{
	return error_prefix(csv->error, _("%s: line %zu"), csv->name, csv->cell_line);
}

static bool is_line_end(const struct csv *csv, size_t at)
{
	return csv->bytes[at] == '\n' ||
	       (csv->bytes[at] == '\r' && at + 1 < csv->length && csv->bytes[at + 1] == '\n');
}

/* Passes over the comma or line end behind a cell. */
static enum cell_end end_cell(struct csv *csv)
{
	if (csv->cell.failed) {
		error_memory(csv->error);
		return END_WRONG;
	}
	if (csv->at >= csv->length)
		return END_FILE;
	if (csv->bytes[csv->at] == ',') {
		csv->at++;
		return END_CELL;
	}
	csv->at += csv->bytes[csv->at] == '\r' ? 2 : 1;
	csv->line++;
	return END_ROW;
}

static size_t after_blanks(const struct csv *csv, size_t at)
{
	while (at < csv->length && (csv->bytes[at] == ' ' || csv->bytes[at] == '\t'))
		at++;
	return at;
}

static enum cell_end read_quoted(struct csv *csv)
{
	for (csv->at++; csv->at < csv->length; csv->at++) {
		char byte = csv->bytes[csv->at];

		if (byte == '"') {
			if (csv->at + 1 >= csv->length || csv->bytes[csv->at + 1] != '"')
				break;
			csv->at++;
		}
		if (byte == '\n')
			csv->line++;
		text_add_char(&csv->cell, byte);
	}
	if (csv->at >= csv->length) {
		error_file(csv->error, _("the quote is not closed"));
		at_cell(csv);
		return END_WRONG;
	}
	csv->at = after_blanks(csv, csv->at + 1);
	if (csv->at < csv->length && csv->bytes[csv->at] != ',' && !is_line_end(csv, csv->at)) {
		error_file(csv->error, _("'%c' after the closing quote, where a comma or the end of "
					 "the line belongs"), csv->bytes[csv->at]);
		at_cell(csv);
		return END_WRONG;
	}
	return end_cell(csv);
}

/* Reads the next cell into csv->cell and passes over what ends it. */
static enum cell_end read_cell(struct csv *csv)
{
	size_t first = after_blanks(csv, csv->at);
	const char *from = csv->bytes + csv->at, *to;

	text_clear(&csv->cell);
	csv->cell_line = csv->line;
	csv->column++;
	if (first < csv->length && csv->bytes[first] == '"') {
		csv->at = first;
		return read_quoted(csv);
	}
	while (csv->at < csv->length && csv->bytes[csv->at] != ',' && !is_line_end(csv, csv->at))
		csv->at++;
	to = csv->bytes + csv->at;
	text_trim(&from, &to);
	text_add_bytes(&csv->cell, from, (size_t)(to - from));
	return end_cell(csv);
}

static bool is_header_known(const struct csv *csv, const char *name, size_t *at)
{
	for (size_t i = 0; i < csv->columns; i++) {
		*at = i;
		if (strcmp(header_name(csv, i), name) == 0)
			return true;
	}
	return false;
}

static bool check_header_cell(struct csv *csv)
{
	char word[ERROR_WORD];
	size_t other;

	if (csv->column > DATASET_FEATURES + 1) {
		error_file(csv->error, _("too many columns; at most %d are read"),
			   DATASET_FEATURES + 1);
		return at_line(csv);
	}
	if (csv->cell.length == 0) {
		error_file(csv->error, _("a column without a name"));
		return at_cell(csv);
	}
	if (is_header_known(csv, csv->cell.bytes, &other)) {
		error_file(csv->error, _("'%s' is the name of column %zu already"),
			   error_word(word, csv->cell.bytes), other + 1);
		return at_cell(csv);
	}
	return true;
}

static bool check_header(struct csv *csv)
{
	size_t numbers = 0;
	char word[ERROR_WORD];
	double number;

	for (size_t i = 0; i < csv->columns; i++)
		numbers += number_parse(header_name(csv, i), &number);
	if (numbers == csv->columns) {
		error_file(csv->error, _("'%s' is a number where a header line with the names "
					 "of the columns belongs"), error_word(word, header_name(csv, 0)));
		return at_line(csv);
	}
	if (csv->columns < 2) {
		error_file(csv->error, _("'%s' is the only column; a feature and a target are "
					 "needed, separated by a comma"), error_word(word, header_name(csv, 0)));
		return at_line(csv);
	}
	return true;
}

static bool read_header(struct csv *csv)
{
	enum cell_end end;

	do {
		end = read_cell(csv);
		if (end == END_WRONG || !check_header_cell(csv))
			return false;
		csv->starts[csv->columns] = csv->names.length;
		text_add_bytes(&csv->names, csv->cell.bytes, csv->cell.length + 1);
		if (csv->names.failed)
			return error_memory(csv->error);
		csv->columns++;
	} while (end == END_CELL);
	return check_header(csv);
}

/* Whether column `column` must not be shown by this name: another has it, or is shown by it. */
static bool is_taken(const struct csv *csv, size_t column, const char *name)
{
	size_t i;

	if (is_header_known(csv, name, &i) && i != column)
		return true;
	for (i = 0; i < column && strcmp(csv->shown[i], name) != 0;)
		i++;
	return i < column;
}

/* What was cut or made safe may have become the name of another: then it ends in "~2". */
static void show_names(struct csv *csv)
{
	for (size_t i = 0; i < csv->columns; i++) {
		char *name = csv->shown[i], end[16] = "";

		for (unsigned n = 2;; n++) {
			text_safe(name, DATASET_NAME - strlen(end), header_name(csv, i), false);
			strcat(name, end);
			if (!is_taken(csv, i, name))
				break;
			snprintf(end, sizeof end, "~%u", n);
		}
	}
}

/* The target column: the last, or the named one (its whole name, or as it is shown). */
static bool find_target(struct csv *csv, const char *target)
{
	const char *known[DATASET_FEATURES + 1];

	csv->target = csv->columns - 1;
	if (!target || !*target || is_header_known(csv, target, &csv->target))
		return true;
	for (size_t i = 0; i < csv->columns; i++) {
		known[i] = csv->shown[i];
		csv->target = i;
		if (strcmp(known[i], target) == 0)
			return true;
	}
	return error_unknown(csv->error, _("target column"), target, known,
			     (unsigned)csv->columns);
}

static bool name_columns(struct dataset *dataset, const struct csv *csv)
{
	size_t feature = 0;

	dataset->features = csv->columns - 1;
	dataset->columns = calloc(csv->columns, sizeof *dataset->columns);
	if (!dataset->columns)
		return error_memory(csv->error);
	for (size_t i = 0; i < csv->columns; i++) {
		size_t to = i == csv->target ? dataset->features : feature++;

		memcpy(dataset->columns[to], csv->shown[i], DATASET_NAME);
	}
	return true;
}

/* Room for one more row; `room` rows are there. */
static bool grow(struct dataset *dataset, size_t *room, struct error *error)
{
	size_t more = *room ? *room * 2 : 256;
	double *memory;

	if (dataset->rows < *room)
		return true;
	memory = realloc(dataset->memory, more * (dataset->features + 1) * sizeof *memory);
	if (!memory)
		return error_memory(error);
	dataset->values = dataset->memory = memory;
	*room = more;
	return true;
}

static bool read_number(struct csv *csv, double *number)
{
	char word[ERROR_WORD];

	if (csv->cell.length == 0) {
		error_file(csv->error, _("an empty cell where a number belongs"));
		return at_cell(csv);
	}
	if (!number_parse(csv->cell.bytes, number)) {
		error_file(csv->error, _("'%s' is not a finite number"), error_word(word, csv->cell.bytes));
		return at_cell(csv);
	}
	return true;
}

static bool has_more_lines(const struct csv *csv)
{
	for (size_t i = csv->at; i < csv->length; i++)
		if (csv->bytes[i] != '\n' && csv->bytes[i] != '\r' && !text_is_blank(csv->bytes[i]))
			return true;
	return false;
}

/* One row; `end` tells what came behind it. */
static bool read_row(struct csv *csv, struct dataset *dataset, enum cell_end *end)
{
	double *x = dataset->memory + dataset->rows * (dataset->features + 1);
	double *target = x + dataset->features;

	csv->column = 0;
	do {
		double number;

		*end = read_cell(csv);
		if (*end == END_WRONG)
			return false;
		if (csv->column == 1 && *end != END_CELL && csv->cell.length == 0) {
			error_file(csv->error, _("an empty line"));
			return at_line(csv);
		}
		if (csv->column > csv->columns)
			break;
		if (!read_number(csv, &number))
			return false;
		if (csv->column - 1 == csv->target)
			*target = number;
		else
			*x++ = number;
	} while (*end == END_CELL);
	if (csv->column != csv->columns) {
		error_file(csv->error, csv->column > csv->columns ?
			   _("more than the %zu columns that the header has") :
			   _("fewer than the %zu columns that the header has"), csv->columns);
		return at_line(csv);
	}
	dataset->rows++;
	return true;
}

static bool read_rows(struct csv *csv, struct dataset *dataset)
{
	enum cell_end end = END_ROW;
	size_t room = 0;

	while (end == END_ROW && has_more_lines(csv)) {
		if (dataset->rows == DATASET_ROWS) {
			csv->cell_line = csv->line;
			error_file(csv->error, _("too many rows; at most %d are read"),
				   DATASET_ROWS);
			return at_line(csv);
		}
		if (!grow(dataset, &room, csv->error) || !read_row(csv, dataset, &end))
			return false;
	}
	if (dataset->rows == 0)
		return error_file(csv->error, _("%s: a header line, but no rows"), csv->name);
	if (dataset->rows == 1)
		return error_file(csv->error, _("%s: one row, where at least 2 are needed"), csv->name);
	return true;
}

static bool read_all(struct csv *csv, struct dataset *dataset, const char *target)
{
	const char *nul;

	if (csv->length >= 3 && memcmp(csv->bytes, "\xef\xbb\xbf", 3) == 0)
		csv->at = 3;
	if (!has_more_lines(csv))
		return error_file(csv->error, _("%s: the file is empty"), csv->name);
	nul = memchr(csv->bytes, '\0', csv->length);
	if (nul) {
		csv->cell_line = csv->column = 1;
		for (const char *at = csv->bytes; at < nul; at++) {
			csv->column = *at == '\n' ? 1 : csv->column + (*at == ',');
			csv->cell_line += *at == '\n';
		}
		error_file(csv->error, _("a NUL byte; this is not a text file"));
		return at_cell(csv);
	}
	if (!read_header(csv))
		return false;
	show_names(csv);
	return find_target(csv, target) && name_columns(dataset, csv) && read_rows(csv, dataset);
}

bool dataset_parse(struct dataset *dataset, const char *csv, size_t length, const char *name,
		   const char *target, struct error *error)
{
	struct csv reader = {.name = name, .bytes = csv, .length = length, .line = 1,
			     .error = error};
	const char *slash = strrchr(name, '/');
	bool done;

	dataset_done(dataset);
	text_init(&reader.cell);
	text_init(&reader.names);
	done = read_all(&reader, dataset, target);
	text_done(&reader.cell);
	text_done(&reader.names);
	if (done)
		text_safe(dataset->name, sizeof dataset->name, slash ? slash + 1 : name, false);
	else
		dataset_done(dataset);
	return done;
}
