#include "lrscope/options.h"

#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "schedule/schedule.h"

#define ALLOWED_MOST 16

static int option_find(const struct option_row *rows, const char *name)
{
	for (int i = 0; rows[i].name; i++)
		if (!strcmp(rows[i].name, name))
			return i;
	return -1;
}

static bool unknown_option(const struct batch_command *command, const char *word,
			   struct error *error)
{
	const char *known[ALLOWED_MOST];
	bool explorer = command->options == explorer_option_rows;
	unsigned count = 0;
	if (explorer && !strcmp(word, "--version"))
		return error_request(error, _("'%s' must be the first word"), word);
	for (const struct option_row *row = command->options; row->name; row++)
		known[count++] = row->name;
	known[count++] = "--help";
	if (explorer)
		known[count++] = "--version";
	return error_unknown(error, _("option"), word, known, count);
}

static bool choice_known(const struct option_row *row, const char *value, struct error *error)
{
	unsigned count = 0;
	for (; row->choices[count]; count++)
		if (!strcmp(row->choices[count], value))
			return true;
	char what[64];
	snprintf(what, sizeof what, _("value of %s"), row->name);
	return error_unknown(error, what, value, row->choices, count);
}

/* `word` begins with "--". Takes its value from the word itself or from `next` (then *used is set). */
static bool read_option(struct request *request, char *word, const char *next, bool *used,
			struct error *error)
{
	char *value = strchr(word, '=');
	if (value)
		*value++ = '\0';
	int index = option_find(request->command->options, word);
	if (index < 0 && !strcmp(word, "--help"))
		return error_request(error, _("'%s' takes no value, found '%s'"), word, value);
	if (index < 0)
		return unknown_option(request->command, word, error);
	const struct option_row *row = &request->command->options[index];
	if (request->options[index])
		return error_request(error, _("'%s' is given twice"), word);
	if (!row->argument) {
		if (value)
			return error_request(error, _("'%s' takes no value, found '%s'"), word, value);
		request->options[index] = "";
		return true;
	}
	if (!value) {
		if (!next || !strncmp(next, "--", 2))
			return error_request(error, _("'%s' needs a value: %s %s"), word, word,
					     row->argument);
		*used = true;
	}
	request->options[index] = value ? value : next;
	return !row->choices || choice_known(row, request->options[index], error);
}

static bool read_setting(struct request *request, char *word, struct error *error)
{
	char *equals = strchr(word, '=');
	*equals = '\0';
	if (!*word)
		return error_request(error, _("'=%s' has no name: write name=value"), equals + 1);
	for (unsigned i = 0; i < request->setting_count; i++)
		if (!strcmp(request->settings[i].name, word))
			return error_request(error, _("'%s' is given twice: '%s' and '%s'"), word,
					     request->settings[i].value, equals + 1);
	if (request->setting_count == REQUEST_SETTINGS)
		return error_request(error, _("'%s' is one word too many: at most %d name=value words"),
				     word, REQUEST_SETTINGS);
	request->settings[request->setting_count++] = (struct setting_word){word, equals + 1};
	return true;
}

static bool read_plain(struct request *request, const char *word, struct error *error)
{
	const struct batch_command *command = request->command;
	if (request->word_count == command->most)
		return error_request(error, _("'%s' is one word too many: %s takes %s"), word,
				     command->name,
				     *command->usage ? command->usage : _("no words"));
	request->words[request->word_count++] = word;
	return true;
}

/* The last word that a command needs is its strategy, where it takes one. */
static bool too_few(const struct request *request, struct error *error)
{
	const struct batch_command *command = request->command;
	const struct setting_word *setting = request->setting_count ? request->settings : NULL;
	struct text than, names;
	text_init(&than);
	text_init(&names);
	if (setting)
		text_addf(&than, _(" than '%s=%s'"), setting->name, setting->value);
	for (unsigned i = 0; strstr(command->usage, "STRATEGY") && i < STRATEGY_COUNT; i++)
		text_addf(&names, "%s%s", i ? ", " : _("; STRATEGY: "),
			  strategy_name((enum strategy_id)i));
	error_request(error, _("%s needs more words%s: lrscope %s %s%s"), command->name, than.bytes,
		      command->name, command->usage, names.bytes);
	text_done(&than);
	text_done(&names);
	return false;
}

/* How often help is asked for, and how the last time. */
static int wants_help(int count, char **words, const char **last)
{
	int times = 0;
	for (int i = 0; i < count && strcmp(words[i], "--"); i++)
		if (!strcmp(words[i], "--help") || !strcmp(words[i], "-h")) {
			times++;
			*last = words[i];
		}
	return times;
}

bool request_read(struct request *request, const struct batch_command *command, int count,
		  char **words, struct error *error)
{
	*request = (struct request){.command = command};
	const char *help = NULL;
	int helps = wants_help(count, words, &help);
	if (helps) {
		request->help = true;
		return helps == 1 || error_request(error, _("'%s' is given twice"), help);
	}
	bool plain = false; /* after "--" nothing is an option any more */
	for (int i = 0; i < count; i++) {
		bool used = false, ok;
		if (!plain && !strcmp(words[i], "--")) {
			plain = true;
			continue;
		}
		if (!plain && !strncmp(words[i], "--", 2))
			ok = read_option(request, words[i], i + 1 < count ? words[i + 1] : NULL, &used,
					 error);
		else if (!plain && words[i][0] == '-' && words[i][1])
			ok = unknown_option(command, words[i], error);
		else if (command->settings && strchr(words[i], '='))
			ok = read_setting(request, words[i], error);
		else
			ok = read_plain(request, words[i], error);
		if (!ok)
			return false;
		i += used;
	}
	return request->word_count >= command->least || too_few(request, error);
}

const char *request_option(const struct request *request, const char *name)
{
	int index = option_find(request->command->options, name);
	return index < 0 ? NULL : request->options[index];
}

int request_choice(const struct request *request, const char *name, int standard)
{
	int index = option_find(request->command->options, name);
	if (index < 0 || !request->options[index])
		return standard;
	const char *const *choices = request->command->options[index].choices;
	for (int i = 0; choices[i]; i++)
		if (!strcmp(choices[i], request->options[index]))
			return i;
	return standard;
}

bool request_integer(const struct request *request, const char *name, int64_t least,
		     int64_t *number, struct error *error)
{
	const char *word = request_option(request, name);
	if (!word)
		return true;
	int64_t found;
	if (!number_parse_integer(word, &found) || found < least)
		return error_request(error, _("%s takes a whole number, %lld or more, not '%s'"), name,
				     (long long)least, word);
	*number = found;
	return true;
}

#define SIZE_MOST 1000 /* columns or rows; CANVAS_MOST clamps to the same */

bool request_size(const struct request *request, int *columns, int *rows, struct error *error)
{
	const char *word = request_option(request, "--size");
	if (!word)
		return true;
	char part[16];
	const char *cross = strchr(word, 'x');
	int64_t wide, high;
	if (!cross || cross - word >= (int)sizeof part)
		return error_request(error, _("--size takes WxH, as in 80x24, not '%s'"), word);
	memcpy(part, word, (size_t)(cross - word));
	part[cross - word] = '\0';
	if (!number_parse_integer(part, &wide) || !number_parse_integer(cross + 1, &high))
		return error_request(error, _("--size takes WxH, as in 80x24, not '%s'"), word);
	if (wide < 1 || high < 1 || wide > SIZE_MOST || high > SIZE_MOST)
		return error_request(error, _("--size takes 1 to %d columns and rows, not '%s'"),
				     SIZE_MOST, word);
	*columns = (int)wide;
	*rows = (int)high;
	return true;
}

/* ---- help ---- */

void options_write_usage(const struct batch_command *command, struct text *text)
{
	text_add(text, command->name);
	if (*command->usage) {
		text_add_char(text, ' ');
		text_add(text, command->usage);
	}
	for (const struct option_row *row = command->options; row->name; row++)
		text_addf(text, row->argument ? " [%s %s]" : " [%s]", row->name, row->argument);
}

static void write_options(const struct option_row *rows, struct text *text)
{
	for (; rows->name; rows++) {
		char left[64];
		snprintf(left, sizeof left, "%s%s%s", rows->name, rows->argument ? " " : "",
			 rows->argument ? rows->argument : "");
		text_addf(text, "  %-28s %s\n", left, _(rows->help));
	}
}

void options_help(struct text *text)
{
	text_add(text, _("An oscilloscope for learning rates: turn the dials of a schedule and see what "
			 "training does.\n\n"
			 "lrscope [--ascii] [--color auto|always|never] [--mouse] [FILE]\n"
			 "  opens the explorer, on a saved study if a file is named; needs a terminal\n"));
	write_options(explorer_option_rows, text);
	text_add(text, _("\nCommands without a screen:\n"));
	for (unsigned i = 0; i < batch_command_count; i++) {
		text_add(text, "  ");
		options_write_usage(&batch_commands[i], text);
		text_addf(text, "\n      %s\n", _(batch_commands[i].help));
	}
	text_add(text, _("\n--version tells the version, COMMAND --help explains a command, "
			 "list tells what there is.\n"
			 "'-' in place of a file is standard input.\n"
			 "Exit status: 0 done; 1 a file cannot be read or written, or its content is wrong; "
			 "2 the request\nis wrong. Errors are one line on standard error.\n"));
}

void options_command_help(const struct batch_command *command, struct text *text)
{
	text_add(text, "lrscope ");
	options_write_usage(command, text);
	text_addf(text, "\n\n%s\n", _(command->help));
	if (*command->details)
		text_addf(text, "%s\n", _(command->details));
	if (command->options->name)
		text_add_char(text, '\n');
	write_options(command->options, text);
}
