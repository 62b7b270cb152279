/* `list`: what there is, from the tables. */
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "lrscope/batch.h"
#include "lrscope/lister.h"
#include "lrscope/print.h"
#include "study/scope.h"
#include "trainer/dataset.h"

static void list_parameters(struct lister *lister, enum strategy_id id)
{
	const struct parameter *rows;
	unsigned count = strategy_parameters(id, &rows);
	lister_parameter(lister, &schedule_lr);
	for (unsigned i = 0; i < count; i++)
		lister_parameter(lister, &rows[i]);
}

static void list_words(struct lister *lister)
{
	for (unsigned i = 0; i < TRAINING_COUNT; i++)
		lister_parameter(lister, &training_parameters[i]);
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
		lister_start(lister, strategy_name(id));
		lister_column(lister, 14, strategy_title(id));
		lister_column(lister, 44, strategy_pytorch(id));
		lister_field_text(lister, "name", strategy_title(id));
		lister_field_text(lister, "pytorch", *strategy_pytorch(id) ? strategy_pytorch(id) : NULL);
		lister_field_text(lister, "peak", peak ? peak : schedule_lr.name);
		lister_field_text(lister, "step_per", step_per_names[strategy_steps_per_batch(id)]);
		lister_field_bool(lister, "needs_metric", strategy_needs_metric(id));
		lister_field_bool(lister, "closed_form", strategy_has_closed(id));
		lister_field_words(lister, "parameters", names, count + 1);
		lister_end(lister);
	}
}

static void list_datasets(struct lister *lister)
{
	for (size_t i = 0; i < shipped_count; i++) {
		const struct shipped *set = &shipped_sets[i];
		char size[48];
		snprintf(size, sizeof size, "%zu x %zu", set->rows, set->features);
		lister_start(lister, set->name);
		lister_column(lister, 26, size);
		lister_column(lister, 38, set->kind);
		lister_column(lister, 58, set->about);
		lister_field_text(lister, "about", set->about);
		lister_field_text(lister, "kind", set->kind);
		lister_field_number(lister, "rows", (double)set->rows);
		lister_field_number(lister, "features", (double)set->features);
		lister_field_words(lister, "columns", set->columns, set->features + 1);
		lister_field_text(lister, "target", set->columns[set->features]);
		lister_end(lister);
	}
}

static void list_optimizers(struct lister *lister)
{
	static const char *const classes[OPTIMIZER_COUNT] = {"SGD", "Adam", "AdamW"};
	static const char *const sgd[] = {"momentum", "nesterov", "dampening", "weight_decay"};
	static const char *const adam[] = {"betas", "adam_eps", "amsgrad", "weight_decay"};
	for (unsigned i = 0; i < OPTIMIZER_COUNT; i++) {
		const char *const *words = i == OPTIMIZER_SGD ? sgd : adam;
		lister_start(lister, optimizer_names[i]);
		lister_column(lister, 8, classes[i]);
		for (unsigned k = 0; k < 4; k++)
			lister_column(lister, k ? 0 : 16, words[k]);
		lister_field_text(lister, "pytorch", classes[i]);
		lister_field_text(lister, "drives", i == OPTIMIZER_SGD ? "momentum" : "beta1");
		lister_field_words(lister, "words", words, 4);
		lister_end(lister);
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
	lister_field(lister, "options");
	text_add_char(lister->text, '[');
	for (const struct option_row *row = rows; row->name; row++) {
		size_t choices = 0;
		text_add(lister->text, row == rows ? "{\"id\":" : ",{\"id\":");
		text_add_json(lister->text, row->name);
		lister_field_text(lister, "argument", row->argument);
		for (; row->choices && row->choices[choices]; choices++)
			continue;
		if (row->choices)
			lister_field_words(lister, "choices", row->choices, choices);
		lister_field_text(lister, "help", _(row->help));
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
		lister_field(lister, "command_line");
		text_add(lister->text, "{\"usage\":");
		text_add_json(lister->text, usage.bytes);
		write_options(lister, command->options);
		lister_field_text(lister, "help", _(command->help));
		text_add_char(lister->text, '}');
	}
	lister_column(lister, 16, _("command line"));
	lister_column(lister, 32, _(command->help));
	lister->text->failed |= usage.failed;
	text_done(&usage);
}

static void list_explorer_command(struct lister *lister, const struct command_row *row)
{
	if (lister->json) {
		lister_field(lister, "explorer");
		text_add(lister->text, "{\"arguments\":");
		text_add_json(lister->text, row->arguments);
		lister_field_text(lister, "room", room_name(row->room));
		lister_field_text(lister, "help", _(row->help));
		text_add_char(lister->text, '}');
	}
	lister_column(lister, 16, _("explorer"));
	lister_column(lister, 32, _(row->help));
}

/* One object an id: a word may be a command of the command line, of the explorer, or of both. */
static void list_commands(struct lister *lister)
{
	for (unsigned i = 0; i < batch_command_count; i++) {
		int other = command_find(batch_commands[i].name);
		lister_start(lister, batch_commands[i].name);
		list_batch_command(lister, &batch_commands[i]);
		if (other >= 0 && lister->json)
			list_explorer_command(lister, &command_rows[other]);
		lister_end(lister);
	}
	for (unsigned i = 0; i < COMMAND_COUNT; i++) {
		if (lister->json && batch_find(command_rows[i].name))
			continue;
		lister_start(lister, command_rows[i].name);
		list_explorer_command(lister, &command_rows[i]);
		lister_end(lister);
	}
}

static const char *page_name(enum key_page page)
{
	static const char *const names[] = {
		[KEYS_MAIN] = "main", [KEYS_PAGES] = "pages",
		[KEYS_WIZARD] = "wizard", [KEYS_RACE] = "race", [KEYS_ALL] = "all",
	};
	return names[page];
}

static void list_binding(struct lister *lister, const struct key_row *row, bool first)
{
	if (lister->json) {
		text_add(lister->text, first ? "{\"page\":" : ",{\"page\":");
		text_add_json(lister->text, page_name(row->page));
		lister_field_text(lister, "command", row->command);
		lister_field_text(lister, "help", _(row->help));
		text_add_char(lister->text, '}');
	}
	lister_column(lister, 12, page_name(row->page));
	lister_column(lister, 20, row->command);
	lister_column(lister, 42, _(row->help));
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
		lister_start(lister, key_rows[i].key);
		if (lister->json) {
			lister_field(lister, "bindings");
			text_add_char(lister->text, '[');
		}
		list_binding(lister, &key_rows[i], true);
		for (int k = i + 1; k < key_count && lister->json; k++)
			if (!strcmp(key_rows[k].key, key_rows[i].key))
				list_binding(lister, &key_rows[k], false);
		text_add(lister->text, lister->json ? "]" : "");
		lister_end(lister);
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
		lister_start(lister, lists[i].name);
		lister_column(lister, 14, _(lists[i].help));
		lister_field_text(lister, "help", _(lists[i].help));
		lister_end(lister);
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
