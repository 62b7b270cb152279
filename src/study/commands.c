/* The table of commands and how a line becomes one. */
#include <string.h>

#include "base/file.h"
#include "base/language.h"
#include "study/private.h"

const struct command_row command_rows[COMMAND_COUNT] = {
#define COMMAND(ID, name, ROOM, arguments, least, most, COMPLETION, help)                         \
	{name, arguments, help, ROOM_##ROOM, least, most, COMPLETE_##COMPLETION},
#include "study/commands.def"
#undef COMMAND
};

int command_find(const char *name)
{
	int k;

	for (k = 0; k < COMMAND_COUNT; k++)
		if (strcmp(command_rows[k].name, name) == 0)
			return k;
	return -1;
}

static bool refuse_name(const char *name, struct error *error)
{
	const char *known[COMMAND_COUNT];
	int k;

	for (k = 0; k < COMMAND_COUNT; k++)
		known[k] = command_rows[k].name;
	return error_unknown(error, _("command"), name, known, COMMAND_COUNT);
}

/* The prompt takes the rest of its line as it is. */
static bool parse_prompt(struct command *command, struct error *error)
{
	if (command->count <= 1)
		return true;
	return error_request(error, _("\"prompt\" takes one text; put it in quotes"));
}

/* Which argument names a file; -1: none. */
static int path_argument(const struct command *command)
{
	switch (command_rows[command->id].completion) {
	case COMPLETE_DATA: case COMPLETE_STUDY_FILE: case COMPLETE_FILE: case COMPLETE_RULES:
	case COMPLETE_LESSON:
		return 0;
	default:
		return command->id == COMMAND_SET && strcmp(command->argument[0], "data") == 0 ? 1 : -1;
	}
}

/* No shell has seen the line: a file below "~/" is found here. */
static bool parse_path(struct command *command, struct error *error)
{
	int k = path_argument(command);

	if (k < 0 || k >= command->count || strncmp(command->argument[k], "~/", 2) != 0)
		return true;
	if (!file_home(command->path, sizeof command->path, command->argument[k]))
		return error_request(error, _("the file name is too long"));
	command->argument[k] = command->path;
	return true;
}

bool command_parse(struct command *command, const char *line, struct error *error)
{
	char *words[COMMAND_WORDS + 1];
	int count, k;

	memset(command, 0, sizeof *command);
	if (error != NULL) {
		error->kind = ERROR_NONE;
		error->text[0] = '\0';
	}
	if (strlen(line) >= COMMAND_LINE)
		return error_request(error, _("the command is longer than %d bytes"),
				     COMMAND_LINE - 1);
	count = text_words(line, command->store, words, COMMAND_WORDS + 1);
	if (count == 0)
		return false;
	if (count == -1)
		return error_request(error, _("a quote is not closed"));
	if (count < 0)
		return error_request(error, _("a command has at most %d arguments"),
				     COMMAND_WORDS);
	k = command_find(words[0]);
	if (k < 0)
		return refuse_name(words[0], error);
	command->id = (enum command_id)k;
	command->count = count - 1;
	for (count = 0; count < command->count; count++)
		command->argument[count] = words[count + 1];
	if (command->id == COMMAND_PROMPT)
		return parse_prompt(command, error);
	if (command->count < command_rows[k].least || command->count > command_rows[k].most)
		return error_request(error, _("usage: %s%s%s"), command_rows[k].name,
				     command_rows[k].arguments[0] != '\0' ? " " : "",
				     command_rows[k].arguments);
	return parse_path(command, error);
}
