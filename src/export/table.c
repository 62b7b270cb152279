#include "export/table.h"

#include <math.h>
#include <string.h>

const char *const table_formats[] = {"csv", "json", NULL};

void json_number(struct text *text, double number)
{
	if (isfinite(number)) {
		text_add_number(text, number);
		return;
	}
	text_add_char(text, '"');
	text_add_number(text, number);
	text_add_char(text, '"');
}

/* RFC 4180, section 2: fields with a comma, a quote or a line end are quoted, quotes doubled. */
static void csv_field(struct text *text, const char *string)
{
	if (!strpbrk(string, ",\"\r\n")) {
		text_add(text, string);
		return;
	}
	text_add_char(text, '"');
	for (const char *byte = string; *byte; byte++) {
		if (*byte == '"')
			text_add_char(text, '"');
		text_add_char(text, *byte);
	}
	text_add_char(text, '"');
}

void table_start(struct table *table, enum table_format format, struct text *text,
		 const char *const *names, unsigned columns)
{
	*table = (struct table){format, text, names, columns, 0, false};
	if (format == TABLE_JSON) {
		text_add_char(text, '[');
		return;
	}
	for (unsigned i = 0; i < columns; i++) {
		if (i)
			text_add_char(text, ',');
		csv_field(text, names[i]);
	}
	text_add_char(text, '\n');
}

static void field_start(struct table *table)
{
	struct text *text = table->text;
	if (table->format == TABLE_CSV) {
		if (table->column)
			text_add_char(text, ',');
		return;
	}
	if (table->column)
		text_add_char(text, ',');
	else
		text_add(text, table->any ? ",\n{" : "\n{");
	table->any = true;
	text_add_json(text, table->names[table->column]);
	text_add_char(text, ':');
}

static void field_end(struct table *table)
{
	if (++table->column < table->columns)
		return;
	table->column = 0;
	text_add_char(table->text, table->format == TABLE_CSV ? '\n' : '}');
}

void table_number(struct table *table, double number)
{
	field_start(table);
	if (table->format == TABLE_CSV)
		text_add_number(table->text, number);
	else
		json_number(table->text, number);
	field_end(table);
}

void table_integer(struct table *table, int64_t number)
{
	field_start(table);
	text_addf(table->text, "%lld", (long long)number);
	field_end(table);
}

void table_text(struct table *table, const char *string)
{
	field_start(table);
	if (table->format == TABLE_CSV)
		csv_field(table->text, string);
	else
		text_add_json(table->text, string);
	field_end(table);
}

void table_empty(struct table *table)
{
	field_start(table);
	if (table->format == TABLE_JSON)
		text_add(table->text, "null");
	field_end(table);
}

void table_end(struct table *table)
{
	if (table->format == TABLE_JSON)
		text_add(table->text, "\n]\n");
}
