/* `list`: what there is, from the tables. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "export/table.h"
#include "lrscope/batch.h"
#include "lrscope/print.h"
#include "study/scope.h"
#include "trainer/dataset.h"

/* Writes one list: lines of text, or objects of JSON. Each function adds to one of the two only. */
struct lister {
	struct text *text;
	bool json, any;
};

static void item_start(struct lister *lister, const char *id)
{
	if (!lister->json) {
		text_add(lister->text, id);
		return;
	}
	text_add(lister->text, lister->any ? ",\n{\"id\":" : "\n{\"id\":");
	text_add_json(lister->text, id);
	lister->any = true;
}

static void item_end(struct lister *lister)
{
	text_add(lister->text, lister->json ? "}" : "\n");
}

/* Text: the next column begins `column` columns from the line's start, or two blanks on. */
static void column(struct lister *lister, int start, const char *string)
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

static void field(struct lister *lister, const char *name)
{
	text_add_char(lister->text, ',');
	text_add_json(lister->text, name);
	text_add_char(lister->text, ':');
}

static void field_text(struct lister *lister, const char *name, const char *value)
{
	if (!lister->json)
		return;
	field(lister, name);
	if (value)
		text_add_json(lister->text, value);
	else
		text_add(lister->text, "null");
}

static void field_number(struct lister *lister, const char *name, double value)
{
	if (!lister->json)
		return;
	field(lister, name);
	json_number(lister->text, value);
}

static void field_bool(struct lister *lister, const char *name, bool value)
{
	if (!lister->json)
		return;
	field(lister, name);
	text_add(lister->text, value ? "true" : "false");
}

static void field_words(struct lister *lister, const char *name, const char *const *words,
			size_t count)
{
	if (!lister->json)
		return;
	field(lister, name);
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
	field(lister, name);
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
		field_text(lister, "default", *text.bytes ? text.bytes : NULL);
		lister->text->failed |= text.failed;
		text_done(&text);
		return;
	}
	field(lister, "default");
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
	column(lister, 20, text.bytes);
	text_clear(&text);
	if (is_number(row) || row->type == PARAMETER_LIST)
		range_write(&row->accepted, &text);
	else if (row->type == PARAMETER_SWITCH)
		text_add(&text, "true, false");
	for (int i = 0; row->type == PARAMETER_CHOICE && row->choices[i]; i++)
		text_addf(&text, "%s%s", i ? ", " : "", row->choices[i]);
	text_add(&text, row->takes_auto ? ", auto" : "");
	text_add(&text, row->takes_none ? ", None" : "");
	column(lister, 34, text.bytes);
	column(lister, 66, _(row->help));
	lister->text->failed |= text.failed;
	text_done(&text);
}

/* What train, plot and export take in place of the default: the run's length. */
static bool follows_run(const struct parameter *row)
{
	return !strcmp(row->name, "total_steps") || !strcmp(row->name, "T_max") ||
	       !strcmp(row->name, "step_size");
}

static void list_parameter(struct lister *lister, const struct parameter *row)
{
	static const char *const scales[] = {
		[DIAL_LINEAR] = "linear", [DIAL_LOG] = "log", [DIAL_COUNT] = "count",
	};
	size_t choices = 0;
	while (row->type == PARAMETER_CHOICE && row->choices[choices])
		choices++;
	item_start(lister, row->name);
	parameter_columns(lister, row);
	field_text(lister, "type", type_name(row->type));
	field_text(lister, "unit", row->unit);
	field_default(lister, row);
	if (follows_run(row))
		field_text(lister, "default_in_run", "auto");
	if (is_number(row) || row->type == PARAMETER_LIST)
		field_range(lister, "accepted", &row->accepted);
	if (is_number(row)) {
		field_range(lister, "dial", &row->dial);
		field_text(lister, "scale", scales[row->scale]);
		field_number(lister, "step", row->step);
	}
	if (row->type == PARAMETER_CHOICE)
		field_words(lister, "choices", row->choices, choices);
	field_bool(lister, "auto", row->takes_auto);
	field_bool(lister, "none", row->takes_none);
	field_text(lister, "help", _(row->help));
	item_end(lister);
}

static void list_parameters(struct lister *lister, enum strategy_id id)
{
	const struct parameter *rows;
	unsigned count = strategy_parameters(id, &rows);
	list_parameter(lister, &schedule_lr);
	for (unsigned i = 0; i < count; i++)
		list_parameter(lister, &rows[i]);
}

static void list_words(struct lister *lister)
{
	for (unsigned i = 0; i < TRAINING_COUNT; i++)
		list_parameter(lister, &training_parameters[i]);
}

/* ---- strategies, data sets, optimizers ---- */

static void list_strategies(struct lister *lister)
{
	for (unsigned i = 0; i < STRATEGY_COUNT; i++) {
		enum strategy_id id = (enum strategy_id)i;
		const char *peak = strategy_peak(id), *names[STRATEGY_PARAMETERS + 1];
		const struct parameter *rows;
		unsigned count = strategy_parameters(id, &rows);
		names[0] = schedule_lr.name;
		for (unsigned k = 0; k < count; k++)
			names[k + 1] = rows[k].name;
		item_start(lister, strategy_name(id));
		column(lister, 14, strategy_title(id));
		column(lister, 44, strategy_pytorch(id));
		field_text(lister, "name", strategy_title(id));
		field_text(lister, "pytorch", *strategy_pytorch(id) ? strategy_pytorch(id) : NULL);
		field_text(lister, "peak", peak ? peak : schedule_lr.name);
		field_text(lister, "step_per", step_per_names[strategy_steps_per_batch(id)]);
		field_bool(lister, "needs_metric", strategy_needs_metric(id));
		field_bool(lister, "closed_form", strategy_has_closed(id));
		field_words(lister, "parameters", names, count + 1);
		item_end(lister);
	}
}

static void list_datasets(struct lister *lister)
{
	for (size_t i = 0; i < shipped_count; i++) {
		const struct shipped *set = &shipped_sets[i];
		char size[48];
		snprintf(size, sizeof size, "%zu x %zu", set->rows, set->features);
		item_start(lister, set->name);
		column(lister, 26, size);
		column(lister, 38, set->kind);
		column(lister, 58, set->about);
		field_text(lister, "about", set->about);
		field_text(lister, "kind", set->kind);
		field_number(lister, "rows", (double)set->rows);
		field_number(lister, "features", (double)set->features);
		field_words(lister, "columns", set->columns, set->features + 1);
		field_text(lister, "target", set->columns[set->features]);
		item_end(lister);
	}
}

static void list_optimizers(struct lister *lister)
{
	static const char *const classes[OPTIMIZER_COUNT] = {"SGD", "Adam", "AdamW"};
	static const char *const sgd[] = {"momentum", "nesterov", "dampening", "weight_decay"};
	static const char *const adam[] = {"betas", "adam_eps", "amsgrad", "weight_decay"};
	for (unsigned i = 0; i < OPTIMIZER_COUNT; i++) {
		const char *const *words = i == OPTIMIZER_SGD ? sgd : adam;
		item_start(lister, optimizer_names[i]);
		column(lister, 8, classes[i]);
		for (unsigned k = 0; k < 4; k++)
			column(lister, k ? 0 : 16, words[k]);
		field_text(lister, "pytorch", classes[i]);
		field_text(lister, "drives", i == OPTIMIZER_SGD ? "momentum" : "beta1");
		field_words(lister, "words", words, 4);
		item_end(lister);
	}
}

/* ---- commands and keys ---- */

static const char *room_name(enum command_room room)
{
	static const char *const names[] = {
		[ROOM_STUDY] = "study", [ROOM_VIEWPOINT] = "viewpoint", [ROOM_PROGRAM] = "program",
	};
	return names[room];
}

static void write_options(struct lister *lister, const struct option_row *rows)
{
	field(lister, "options");
	text_add_char(lister->text, '[');
	for (const struct option_row *row = rows; row->name; row++) {
		size_t choices = 0;
		text_add(lister->text, row == rows ? "{\"id\":" : ",{\"id\":");
		text_add_json(lister->text, row->name);
		field_text(lister, "argument", row->argument);
		for (; row->choices && row->choices[choices]; choices++)
			continue;
		if (row->choices)
			field_words(lister, "choices", row->choices, choices);
		field_text(lister, "help", _(row->help));
		text_add_char(lister->text, '}');
	}
	text_add_char(lister->text, ']');
}

static void list_batch_command(struct lister *lister, const struct batch_command *command)
{
	struct text usage;
	text_init(&usage);
	options_write_usage(command, &usage);
	if (lister->json) {
		field(lister, "command_line");
		text_add(lister->text, "{\"usage\":");
		text_add_json(lister->text, usage.bytes);
		write_options(lister, command->options);
		field_text(lister, "help", _(command->help));
		text_add_char(lister->text, '}');
	}
	column(lister, 16, _("command line"));
	column(lister, 32, _(command->help));
	lister->text->failed |= usage.failed;
	text_done(&usage);
}

static void list_explorer_command(struct lister *lister, const struct command_row *row)
{
	if (lister->json) {
		field(lister, "explorer");
		text_add(lister->text, "{\"arguments\":");
		text_add_json(lister->text, row->arguments);
		field_text(lister, "room", room_name(row->room));
		field_text(lister, "help", _(row->help));
		text_add_char(lister->text, '}');
	}
	column(lister, 16, _("explorer"));
	column(lister, 32, _(row->help));
}

/* One object an id: a word may be a command of the command line, of the explorer, or of both. */
static void list_commands(struct lister *lister)
{
	for (unsigned i = 0; i < batch_command_count; i++) {
		int other = command_find(batch_commands[i].name);
		item_start(lister, batch_commands[i].name);
		list_batch_command(lister, &batch_commands[i]);
		if (other >= 0 && lister->json)
			list_explorer_command(lister, &command_rows[other]);
		item_end(lister);
	}
	for (unsigned i = 0; i < COMMAND_COUNT; i++) {
		if (lister->json && batch_find(command_rows[i].name))
			continue;
		item_start(lister, command_rows[i].name);
		list_explorer_command(lister, &command_rows[i]);
		item_end(lister);
	}
}

static const char *page_name(enum key_page page)
{
	static const char *const names[] = {
		[KEYS_MAIN] = "main", [KEYS_PAGES] = "pages", [KEYS_ALL] = "all",
	};
	return names[page];
}

static void list_binding(struct lister *lister, const struct key_row *row, bool first)
{
	if (lister->json) {
		text_add(lister->text, first ? "{\"page\":" : ",{\"page\":");
		text_add_json(lister->text, page_name(row->page));
		field_text(lister, "command", row->command);
		field_text(lister, "help", _(row->help));
		text_add_char(lister->text, '}');
	}
	column(lister, 12, page_name(row->page));
	column(lister, 20, row->command);
	column(lister, 42, _(row->help));
}

/* JSON: one object a key, with what it does on each page. Text: a line a binding. */
static void list_keys(struct lister *lister)
{
	for (int i = 0; i < key_count; i++) {
		bool seen = false;
		for (int k = 0; k < i; k++)
			seen |= !strcmp(key_rows[k].key, key_rows[i].key);
		if (seen && lister->json)
			continue;
		item_start(lister, key_rows[i].key);
		if (lister->json) {
			field(lister, "bindings");
			text_add_char(lister->text, '[');
		}
		list_binding(lister, &key_rows[i], true);
		for (int k = i + 1; k < key_count && lister->json; k++)
			if (!strcmp(key_rows[k].key, key_rows[i].key))
				list_binding(lister, &key_rows[k], false);
		text_add(lister->text, lister->json ? "]" : "");
		item_end(lister);
	}
}

/* ---- the command ---- */

static const struct {
	const char *name, *help;
	void (*list)(struct lister *); /* NULL: parameters, which take a strategy */
} lists[] = {
	{"strategies", N_("schedules, with their PyTorch classes"), list_strategies},
	{"datasets", N_("the data sets that come with the program"), list_datasets},
	{"optimizers", N_("what the model is trained with"), list_optimizers},
	{"commands", N_("of the command line and of the explorer"), list_commands},
	{"keys", N_("of the explorer"), list_keys},
	{"words", N_("how the model is trained: name=value words of train, plot and export"), list_words},
	{"parameters", N_("of a strategy: list parameters STRATEGY"), NULL},
};
#define LISTS (sizeof lists / sizeof *lists)

static void list_lists(struct lister *lister)
{
	for (size_t i = 0; i < LISTS; i++) {
		item_start(lister, lists[i].name);
		column(lister, 14, _(lists[i].help));
		field_text(lister, "help", _(lists[i].help));
		item_end(lister);
	}
}

static bool list_named(struct lister *lister, const char *name, const char *strategy,
		       struct error *error)
{
	const char *known[LISTS];
	enum strategy_id id;
	size_t i;
	for (i = 0; i < LISTS && strcmp(lists[i].name, name); i++)
		continue;
	if (i == LISTS) {
		for (i = 0; i < LISTS; i++)
			known[i] = lists[i].name;
		return error_unknown(error, _("list"), name, known, LISTS);
	}
	if (lists[i].list && strategy)
		return error_request(error, _("'%s' is one word too many: list %s takes no more"),
				     strategy, name);
	if (!lists[i].list && !strategy)
		return error_request(error, _("list parameters needs a STRATEGY: constant, step, "
					      "exponential, cosine, plateau, cyclic, onecycle"));
	if (lists[i].list) {
		lists[i].list(lister);
		return true;
	}
	if (!strategy_find(strategy, &id, error))
		return false;
	list_parameters(lister, id);
	return true;
}

bool batch_list(const struct request *request, struct error *error)
{
	struct text text;
	struct lister lister = {&text, request_choice(request, "--format", 0) == 1, false};
	bool ok = true;
	text_init(&text);
	text_add(&text, lister.json ? "[" : "");
	if (request->words[0])
		ok = list_named(&lister, request->words[0], request->words[1], error);
	else
		list_lists(&lister);
	text_add(&text, lister.json ? "\n]\n" : "");
	ok = ok && print_text(&text, error);
	text_done(&text);
	return ok;
}
