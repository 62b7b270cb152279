/* `run SCRIPT` and `-c`: the explorer's commands without a screen. */
#include <string.h>

#include "base/file.h"
#include "base/language.h"
#include "lrscope/batch.h"
#include "lrscope/print.h"
#include "lrscope/program.h"

#define SCRIPT_BYTES (16u << 20) /* longest script that is read */

/* What is done with each command of a script. */
struct script {
	const char *name; /* of the file; NULL: the command line */
	struct scope *scope; /* NULL: commands are only read */
	struct text *out;
	bool ascii, ended;
	int columns, rows;
	int count; /* of commands so far */
};

/* Reading only: words that can never work without a screen are refused before anything runs. */
static bool check_command(const struct command *command, struct error *error)
{
	if (command->id != COMMAND_PROMPT && command->id != COMMAND_EDIT &&
	    command->id != COMMAND_SUSPEND)
		return true;
	return error_request(error, _("'%s' needs the explorer's screen"),
			     command_rows[command->id].name);
}

static bool do_command(struct script *script, const struct command *command, struct error *error)
{
	if (!script->scope)
		return check_command(command, error);
	if (command->id == COMMAND_QUIT) {
		script->ended = true;
		return true;
	}
	if (command->id == COMMAND_REDRAW)
		return true;
	if (command_rows[command->id].room == ROOM_PROGRAM)
		return program_command(script->scope, command, script->out, script->ascii,
				       script->columns, script->rows, error);
	return scope_command(script->scope, command, error);
}

/* Says where. What is wrong in a named file is the file's fault: exit status 1. */
static bool failed_at(const struct script *script, int number, struct error *error)
{
	if (error->kind == ERROR_MEMORY)
		return false;
	if (!script->name)
		return error_prefix(error, _("-c: command %d"), number);
	error->kind = ERROR_FILE;
	return error_prefix(error, _("%s: line %d"), script->name, number);
}

static bool do_line(struct script *script, const char *line, int number, struct error *error)
{
	struct command command;
	char part[COMMAND_LINE];
	while (*line && !script->ended) {
		int k = ++script->count;
		size_t length = text_command_length(line), words = text_command_words(line);
		if (words >= sizeof part) {
			error_request(error, _("a command is longer than %d bytes"), COMMAND_LINE - 1);
			return failed_at(script, script->name ? number : k, error);
		}
		memcpy(part, line, words);
		part[words] = '\0';
		*error = (struct error){ERROR_NONE, ""};
		bool ok = command_parse(&command, part, error);
		if (ok ? !do_command(script, &command, error) : error->kind != ERROR_NONE)
			return failed_at(script, script->name ? number : k, error);
		line += length + (line[length] == ';');
	}
	return true;
}

static bool do_lines(struct script *script, const struct text *text, struct error *error)
{
	struct text line;
	bool ok = true;
	int number = 0;
	script->count = 0;
	text_init(&line);
	for (size_t at = 0; ok && at < text->length && !script->ended;) {
		const char *from = text->bytes + at;
		const char *feed = memchr(from, '\n', text->length - at);
		size_t length = feed ? (size_t)(feed - from) : text->length - at;
		at += length + (feed != NULL);
		number++;
		if (length && from[length - 1] == '\r')
			length--;
		text_clear(&line);
		text_add_bytes(&line, from, length);
		if (line.failed)
			ok = error_memory(error);
		else if (strlen(line.bytes) != length)
			ok = error_file(error, _("%s: line %d: found a NUL byte"),
					script->name ? script->name : "-c", number);
		else
			ok = do_line(script, line.bytes, number, error);
	}
	text_done(&line);
	return ok;
}

/* First everything is read, then everything is done; what is printed is kept until all went well. */
static bool do_script(struct script *script, const struct text *text, struct error *error)
{
	struct scope *scope = script->scope;
	struct text out;
	script->scope = NULL;
	if (!do_lines(script, text, error))
		return false;
	script->scope = scope;
	text_init(&out);
	script->out = &out;
	bool ok = scope_start(scope, error) && do_lines(script, text, error) &&
		  print_text(&out, error);
	text_done(&out);
	return ok;
}

static bool run(const struct request *request, const char *name, const struct text *text,
		struct error *error)
{
	struct scope scope;
	struct script script = {
		.name = name, .scope = &scope,
		.ascii = batch_ascii(request),
	};
	scope_init(&scope);
	bool ok = batch_size(request, &script.columns, &script.rows, error) &&
		  do_script(&script, text, error);
	scope_done(&scope);
	return ok;
}

bool batch_run(const struct request *request, struct error *error)
{
	const char *path = request->words[0];
	struct text text;
	text_init(&text);
	bool ok = file_read(&text, path, SCRIPT_BYTES, error) &&
		  run(request, strcmp(path, "-") ? path : _("standard input"), &text, error);
	text_done(&text);
	return ok;
}

bool batch_run_words(const struct request *request, struct error *error)
{
	struct text text;
	text_init(&text);
	text_add(&text, request->words[0]);
	bool ok = text.failed ? error_memory(error) : run(request, NULL, &text, error);
	text_done(&text);
	return ok;
}
