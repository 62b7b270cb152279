/* Rows as text: CSV (RFC 4180, but with line feeds alone) or a JSON array of objects, a line each.
 *
 * Numbers are the shortest decimals that read back the same; inf, -inf and nan are words in CSV and
 * strings in JSON; a field without a value is empty in CSV and null in JSON. Fields are put one
 * after another, a row ends by itself after its last column. */
#ifndef LRSCOPE_EXPORT_TABLE_H
#define LRSCOPE_EXPORT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum table_format { TABLE_CSV, TABLE_JSON };
extern const char *const table_formats[]; /* csv json, NULL-ended */

struct table {
	enum table_format format;
	struct text *text;        /* rows are added to it; its owner may empty it between rows */
	const char *const *names; /* of the columns; must outlive the table */
	unsigned columns, column; /* how many; the one that comes next */
	bool any;                 /* a row has begun */
};

/* Writes the CSV header line, or the opening bracket. */
void table_start(struct table *table, enum table_format format, struct text *text,
		 const char *const *names, unsigned columns);
void table_number(struct table *table, double number);
void table_integer(struct table *table, int64_t number);
void table_text(struct table *table, const char *string);
void table_empty(struct table *table);
/* After the last row. */
void table_end(struct table *table);

/* One value of a JSON text: a number, or "inf", "-inf", "nan" as strings. */
void json_number(struct text *text, double number);

#endif
