/* Writes the manual page: the template doc/lrscope.1.in with each line "@NAME@" replaced by what
 * the tables say, so that the page cannot fall behind the program. Run by the build. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lrscope/options.h"
#include "schedule/schedule.h"
#include "study/scope.h"
#include "trainer/training.h"

/* A word as mdoc takes it: backslashes, dashes and quotes escaped, and nothing that begins a line
 * is a request. */
static void put(const char *word, size_t length, bool first)
{
	if (first && (*word == '.' || *word == '\''))
		fputs("\\&", stdout);
	for (; length; word++, length--)
		if (*word == '\\')
			fputs("\\e", stdout);
		else if (*word == '-')
			fputs("\\-", stdout);
		else if (*word == '"')
			fputs("\\(dq", stdout);
		else
			putchar(*word);
}

#define BLANKS " \n"

/* Lines of text: filled anew, a line end after each sentence, as mandoc wants it. */
static void line(const char *text)
{
	size_t used = 0;
	while (*(text += strspn(text, BLANKS))) {
		size_t length = strcspn(text, BLANKS);
		if (used)
			putchar(used + length > 60 ? '\n' : ' ');
		if (used + length > 60)
			used = 0;
		put(text, length, used == 0);
		used += length + 1;
		text += length;
		if (strchr(".?!", text[-1])) {
			putchar('\n');
			used = 0;
		}
	}
	if (used)
		putchar('\n');
}

static void item(const char *left, const char *right)
{
	printf(".It Xo\n");
	line(left);
	line(right);
	printf(".Xc\n");
}

static void options(const struct option_row *rows)
{
	printf(".Bl -tag -width 22n -compact\n");
	for (; rows->name; rows++) {
		item(rows->name, rows->argument ? rows->argument : "");
		line(rows->help);
	}
	printf(".El\n");
}

/* `text` with a capital and a full stop. */
static void sentence(const char *text)
{
	char store[512];
	size_t length = strlen(text);
	snprintf(store, sizeof store, "%s%s", text, text[length - 1] == '.' ? "" : ".");
	store[0] = (char)toupper((unsigned char)store[0]);
	line(store);
}

static void commands(void)
{
	for (unsigned i = 0; i < batch_command_count; i++) {
		const struct batch_command *command = &batch_commands[i];
		item(command->name, command->usage);
		sentence(command->help);
		line(command->details);
		if (command->options->name)
			options(command->options);
	}
}

static const char *type_name(enum parameter_type type)
{
	switch (type) {
	case PARAMETER_REAL: return "a number";
	case PARAMETER_INTEGER: return "a whole number";
	case PARAMETER_SWITCH: return "yes or no";
	case PARAMETER_CHOICE: return "one of";
	case PARAMETER_WORD: return "a word";
	case PARAMETER_LIST: return "numbers, comma-separated";
	}
	return "";
}

static bool bounded(const struct range *range)
{
	return range->low > -1e300 || range->high < 1e300 || range->not_zero;
}

static void parameter(const struct parameter *row)
{
	struct text text;
	text_init(&text);
	text_addf(&text, "%s (%s", row->help, type_name(row->type));
	for (int i = 0; row->type == PARAMETER_CHOICE && row->choices[i]; i++)
		text_addf(&text, "%s %s", i ? "," : "", row->choices[i]);
	bool number = row->type == PARAMETER_REAL || row->type == PARAMETER_INTEGER;
	if (number && bounded(&row->accepted)) {
		text_add(&text, ", ");
		range_write(&row->accepted, &text);
	}
	if (row->takes_auto)
		text_add(&text, ", or auto");
	if (row->takes_none)
		text_add(&text, ", or None");
	if (row->standard.how != VALUE_UNSET) {
		text_add(&text, "; default ");
		parameter_write(row, row->standard, &text);
	}
	text_add(&text, ").");
	item(row->name, "");
	line(text.bytes);
	text_done(&text);
}

static void strategies(void)
{
	for (int i = 0; i < STRATEGY_COUNT; i++) {
		enum strategy_id id = (enum strategy_id)i;
		const struct parameter *rows;
		unsigned count = strategy_parameters(id, &rows);
		printf(".Ss %s: ", strategy_name(id));
		line(strategy_title(id));
		if (*strategy_pytorch(id))
			printf("PyTorch's\n.Li %s .\n", strategy_pytorch(id));
		printf("%s\n", strategy_steps_per_batch(id)
				       ? "Steps after each update unless told otherwise."
				       : "Steps after each epoch unless told otherwise.");
		printf(".Bl -tag -width 18n -compact\n");
		parameter(&schedule_lr);
		for (unsigned k = 0; k < count; k++)
			parameter(&rows[k]);
		printf(".El\n");
	}
}

static void training(void)
{
	for (int i = 0; i < TRAINING_COUNT; i++)
		parameter(&training_parameters[i]);
}

static void datasets(void)
{
	for (size_t i = 0; i < shipped_count; i++) {
		item(shipped_sets[i].name, "");
		line(shipped_sets[i].about);
	}
}

static void explorer(void)
{
	for (int i = 0; i < COMMAND_COUNT; i++) {
		item(command_rows[i].name, command_rows[i].arguments);
		line(command_rows[i].help);
	}
}

static void keys(void)
{
	static const char *const where[] = {
		[KEYS_MAIN] = "", [KEYS_ALL] = "", [KEYS_PAGES] = ", on a page",
		[KEYS_WIZARD] = ", in the wizard", [KEYS_RACE] = ", in the race",
	};
	for (int i = 0; i < key_count; i++) {
		struct text text;
		text_init(&text);
		text_addf(&text, "%s%s (%s)", key_rows[i].help, where[key_rows[i].page],
			  key_rows[i].command);
		item(key_rows[i].key, "");
		line(text.bytes);
		text_done(&text);
	}
}

static void explorer_options(void)
{
	options(explorer_option_rows);
}

static const struct section {
	const char *name;
	void (*write)(void);
} sections[] = {
	{"@options@\n", explorer_options}, {"@commands@\n", commands},
	{"@strategies@\n", strategies},    {"@training@\n", training},
	{"@datasets@\n", datasets},        {"@explorer@\n", explorer},
	{"@keys@\n", keys},
};

static bool section(const char *name)
{
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
		if (!strcmp(sections[i].name, name)) {
			sections[i].write();
			return true;
		}
	return false;
}

int main(int count, char **words)
{
	FILE *template = count == 2 ? fopen(words[1], "r") : NULL;
	if (!template) {
		fprintf(stderr, "usage: manual TEMPLATE\n");
		return 1;
	}
	char row[512];
	while (fgets(row, sizeof row, template)) {
		if (row[0] != '@')
			fputs(row, stdout);
		else if (!section(row)) {
			fprintf(stderr, "manual: no section %s", row);
			return 1;
		}
	}
	bool bad = ferror(template) || fflush(stdout) || ferror(stdout);
	fclose(template);
	return bad;
}
