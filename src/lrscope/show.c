/* `show STRATEGY`: what it is for, and its parameters. `export`: Python. */
#include <string.h>

#include "base/language.h"
#include "export/pytorch.h"
#include "lrscope/batch.h"
#include "lrscope/print.h"
#include "study/scope.h"

#define COLUMNS 79
#define INDENT 2

/* Adds a paragraph, broken at blanks; a line feed of its own stays. */
static void add_paragraph(struct text *text, const char *string)
{
	while (*string) {
		size_t line = strcspn(string, "\n");
		while (line > 0) {
			size_t fits = text_fit(string, COLUMNS - INDENT);
			size_t length = fits < line ? fits : line;
			while (length < line && length > 0 && string[length] != ' ')
				length--;
			if (!length)
				length = fits && fits < line ? fits : line; /* one long word */
			text_addf(text, "%*s", INDENT, "");
			text_add_bytes(text, string, length);
			text_add_char(text, '\n');
			string += length;
			line -= length;
			for (; line > 0 && *string == ' '; line--)
				string++;
		}
		string += *string == '\n';
	}
}

static void add_part(struct text *text, const char *title, const char *string)
{
	if (!string || !*string)
		return;
	text_addf(text, "\n%s\n", title);
	add_paragraph(text, string);
}

static void add_code(struct text *text, const char *title, const char *code)
{
	if (!code || !*code)
		return;
	text_addf(text, "\n%s\n", title);
	while (*code) {
		size_t line = strcspn(code, "\n");
		text_addf(text, "%*s", line ? INDENT : 0, "");
		text_add_bytes(text, code, line);
		text_add_char(text, '\n');
		code += line + (code[line] == '\n');
	}
}

static void add_parameter(struct text *text, const struct parameter *row)
{
	struct text standard, accepted;
	text_init(&standard);
	text_init(&accepted);
	if (row->standard.how != VALUE_UNSET)
		parameter_write(row, row->standard, &standard);
	if (row->type == PARAMETER_REAL || row->type == PARAMETER_INTEGER)
		range_write(&row->accepted, &accepted);
	else if (row->type == PARAMETER_SWITCH)
		text_add(&accepted, "true, false");
	for (int i = 0; row->type == PARAMETER_CHOICE && row->choices[i]; i++)
		text_addf(&accepted, "%s%s", i ? ", " : "", row->choices[i]);
	text_addf(text, "  %-17s %-11s %s%s%s\n", row->name, standard.bytes, accepted.bytes,
		  row->takes_auto ? _(", auto") : "", row->takes_none ? _(", None") : "");
	text_addf(text, "  %-17s %s\n", "", _(row->help));
	text->failed |= standard.failed || accepted.failed;
	text_done(&standard);
	text_done(&accepted);
}

static void add_page(struct text *text, enum strategy_id id, const struct strategy_page *page)
{
	const struct parameter *rows;
	unsigned count = strategy_parameters(id, &rows);
	const char *class = strategy_pytorch(id);
	text_addf(text, "%s: %s%s%s\n", strategy_name(id), strategy_title(id),
		  *class ? _(", in PyTorch ") : "", class);
	add_part(text, _("Principle"), page->principle);
	add_code(text, _("Formula"), page->formula);
	add_part(text, _("Suits"), page->suits);
	add_part(text, _("Good"), page->good);
	add_part(text, _("Bad"), page->bad);
	text_addf(text, "\n%s\n", _("Parameters: name, default, what is accepted"));
	add_parameter(text, &schedule_lr);
	for (unsigned i = 0; i < count; i++)
		add_parameter(text, &rows[i]);
	add_code(text, "PyTorch", page->pytorch);
}

bool batch_show(const struct request *request, struct error *error)
{
	struct strategy_page page;
	struct text text;
	enum strategy_id id;
	if (!strategy_find(request->words[0], &id, error) || !strategy_page_open(&page, id, error))
		return false;
	text_init(&text);
	add_page(&text, id, &page);
	strategy_page_done(&page);
	bool ok = print_text(&text, error);
	text_done(&text);
	return ok;
}

bool batch_export(const struct request *request, struct error *error)
{
	static const char *const targets[] = {"pytorch"};
	struct setting setting;
	struct text text;
	if (strcmp(request->words[0], targets[0]))
		return error_unknown(error, _("export"), request->words[0], targets, 1);
	if (!batch_setting(request, request->words[1], true, &setting, error))
		return false;
	text_init(&text);
	bool ok = export_pytorch(&setting, &text, error) && print_text(&text, error);
	text_done(&text);
	return ok;
}
