#include "lrscope/lister.h"

#include <math.h>
#include <string.h>

#include "base/language.h"
#include "export/table.h"
#include "trainer/training.h"

void lister_start(struct lister *lister, const char *id)
{
	if (!lister->json) {
		text_add(lister->text, id);
		return;
	}
	text_add(lister->text, lister->any ? ",\n{\"id\":" : "\n{\"id\":");
	text_add_json(lister->text, id);
	lister->any = true;
}

void lister_end(struct lister *lister)
{
	text_add(lister->text, lister->json ? "}" : "\n");
}

void lister_column(struct lister *lister, int start, const char *string)
{
	struct text *text = lister->text;
	if (lister->json || !*string)
		return;
	size_t line = text->length;
	while (line > 0 && text->bytes[line - 1] != '\n')
		line--;
	int width = text_width(text->bytes + line);
	text_addf(text, "%*s%s", width + 2 > start ? 2 : start - width, "", string);
}

void lister_field(struct lister *lister, const char *name)
{
	text_add_char(lister->text, ',');
	text_add_json(lister->text, name);
	text_add_char(lister->text, ':');
}

void lister_field_text(struct lister *lister, const char *name, const char *value)
{
	if (!lister->json)
		return;
	lister_field(lister, name);
	if (value)
		text_add_json(lister->text, value);
	else
		text_add(lister->text, "null");
}

void lister_field_number(struct lister *lister, const char *name, double value)
{
	if (!lister->json)
		return;
	lister_field(lister, name);
	json_number(lister->text, value);
}

void lister_field_bool(struct lister *lister, const char *name, bool value)
{
	if (!lister->json)
		return;
	lister_field(lister, name);
	text_add(lister->text, value ? "true" : "false");
}

void lister_field_words(struct lister *lister, const char *name, const char *const *words,
			size_t count)
{
	if (!lister->json)
		return;
	lister_field(lister, name);
	for (size_t i = 0; i < count; i++) {
		text_add_char(lister->text, i ? ',' : '[');
		text_add_json(lister->text, words[i]);
	}
	text_add(lister->text, count ? "]" : "[]");
}

/* ---- parameters ---- */

static const char *type_name(enum parameter_type type)
{
	static const char *const names[] = {
		[PARAMETER_REAL] = "number", [PARAMETER_INTEGER] = "integer",
		[PARAMETER_SWITCH] = "switch", [PARAMETER_CHOICE] = "choice",
		[PARAMETER_WORD] = "word", [PARAMETER_LIST] = "list",
	};
	return names[type];
}

static bool is_number(const struct parameter *row)
{
	return row->type == PARAMETER_REAL || row->type == PARAMETER_INTEGER;
}

static void bound(struct lister *lister, double value)
{
	if (isfinite(value))
		text_add_number(lister->text, value);
	else
		text_add(lister->text, "null");
}

static void field_range(struct lister *lister, const char *name, const struct range *range)
{
	if (!lister->json)
		return;
	lister_field(lister, name);
	text_add(lister->text, "{\"low\":");
	bound(lister, range->low);
	text_add(lister->text, ",\"high\":");
	bound(lister, range->high);
	text_addf(lister->text, ",\"low_open\":%s,\"high_open\":%s,\"not_zero\":%s}",
		  range->low_open ? "true" : "false", range->high_open ? "true" : "false",
		  range->not_zero ? "true" : "false");
}

/* The default in words; nothing where there is none. */
static void write_default(const struct parameter *row, struct text *text)
{
	struct training training = training_default();
	int id = training_find(row->name);
	if (row->standard.how != VALUE_UNSET)
		parameter_write(row, row->standard, text);
	else if (id >= 0 && (row->type == PARAMETER_WORD || row->type == PARAMETER_LIST))
		training_write(&training, (enum training_id)id, text);
}

/* null: none, or not a constant (the help says what it is). */
static void field_default(struct lister *lister, const struct parameter *row)
{
	struct value value = row->standard;
	if (!lister->json)
		return;
	if (row->type == PARAMETER_WORD || row->type == PARAMETER_LIST) {
		struct text text;
		text_init(&text);
		write_default(row, &text);
		lister_field_text(lister, "default", *text.bytes ? text.bytes : NULL);
		lister->text->failed |= text.failed;
		text_done(&text);
		return;
	}
	lister_field(lister, "default");
	if (value.how == VALUE_AUTO)
		text_add(lister->text, "\"auto\"");
	else if (value.how != VALUE_GIVEN)
		text_add(lister->text, "null");
	else if (row->type == PARAMETER_SWITCH)
		text_add(lister->text, value.number != 0 ? "true" : "false");
	else if (row->type == PARAMETER_CHOICE)
		text_add_json(lister->text, row->choices[(int)value.number]);
	else
		json_number(lister->text, value.number);
}

static void parameter_columns(struct lister *lister, const struct parameter *row)
{
	struct text text;
	if (lister->json)
		return;
	text_init(&text);
	write_default(row, &text);
	lister_column(lister, 20, text.bytes);
	lister->text->failed |= text.failed;
	text_clear(&text);
	if (is_number(row) || row->type == PARAMETER_LIST)
		range_write(&row->accepted, &text);
	else if (row->type == PARAMETER_SWITCH)
		text_add(&text, "true, false");
	for (int i = 0; row->type == PARAMETER_CHOICE && row->choices[i]; i++)
		text_addf(&text, "%s%s", i ? ", " : "", row->choices[i]);
	text_add(&text, row->takes_auto ? ", auto" : "");
	text_add(&text, row->takes_none ? ", None" : "");
	lister_column(lister, 34, text.bytes);
	lister_column(lister, 66, _(row->help));
	lister->text->failed |= text.failed;
	text_done(&text);
}

/* What train, plot and export take in place of the default: the run's length. */
static bool follows_run(const struct parameter *row)
{
	return !strcmp(row->name, "total_steps") || !strcmp(row->name, "T_max") ||
	       !strcmp(row->name, "step_size");
}

void lister_parameter(struct lister *lister, const struct parameter *row)
{
	static const char *const scales[] = {
		[DIAL_LINEAR] = "linear", [DIAL_LOG] = "log", [DIAL_COUNT] = "count",
	};
	size_t choices = 0;
	while (row->type == PARAMETER_CHOICE && row->choices[choices])
		choices++;
	lister_start(lister, row->name);
	parameter_columns(lister, row);
	lister_field_text(lister, "type", type_name(row->type));
	lister_field_text(lister, "unit", row->unit);
	field_default(lister, row);
	if (follows_run(row))
		lister_field_text(lister, "default_in_run", "auto");
	if (is_number(row) || row->type == PARAMETER_LIST)
		field_range(lister, "accepted", &row->accepted);
	if (is_number(row)) {
		field_range(lister, "dial", &row->dial);
		lister_field_text(lister, "scale", scales[row->scale]);
		lister_field_number(lister, "step", row->step);
	}
	if (row->type == PARAMETER_CHOICE)
		lister_field_words(lister, "choices", row->choices, choices);
	lister_field_bool(lister, "auto", row->takes_auto);
	lister_field_bool(lister, "none", row->takes_none);
	lister_field_text(lister, "help", _(row->help));
	lister_end(lister);
}

