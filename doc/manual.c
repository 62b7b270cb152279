/* Writes the manual page: the template doc/lrscope.1.in with each line "@NAME@" replaced by what
 * the tables say, so that the page cannot fall behind the program. Run by the build. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lrscope/options.h"
#include "schedule/schedule.h"
#include "study/scope.h"
#include "trainer/training.h"

/* Text as mdoc takes it: backslashes and dashes escaped, no line begins a request. */
static void put(const char *text)
{
	bool start = true;
	for (; *text; text++) {
		if (start && (*text == '.' || *text == '\''))
			fputs("\\&", stdout);
		if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == '"')
			fputs("\\(dq", stdout);
		else
			putchar(*text);
		start = *text == '\n';
	}
}

static void item(const char *left, const char *right)
{
	printf(".It Xo\n.No ");
	put(left);
	if (*right) {
		putchar(' ');
		put(right);
	}
	printf("\n.Xc\n");
}

static void line(const char *text)
{
	put(text);
	putchar('\n');
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

static void commands(void)
{
	for (unsigned i = 0; i < batch_command_count; i++) {
		const struct batch_command *command = &batch_commands[i];
		item(command->name, command->usage);
		printf("%c", command->help[0] >= 'a' && command->help[0] <= 'z'
				     ? command->help[0] - 'a' + 'A' : command->help[0]);
		put(command->help + 1);
		printf(".\n");
		if (*command->details)
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
		[KEYS_MAIN] = "", [KEYS_PAGES] = " (on a page)", [KEYS_ALL] = ""};
	for (int i = 0; i < key_count; i++) {
		item(key_rows[i].key, "");
		put(key_rows[i].help);
		printf("%s:\n.Ql ", where[key_rows[i].page]);
		line(key_rows[i].command);
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
