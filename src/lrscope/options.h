/* The command line: a command's row says what it takes; a request is what was given.
 * From the rows come --help, COMMAND --help, `list commands` and the manual page. */
#ifndef LRSCOPE_LRSCOPE_OPTIONS_H
#define LRSCOPE_LRSCOPE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

struct request;

struct option_row {
	const char *name;           /* "--steps"; NULL ends a list */
	const char *argument;       /* "N"; NULL for a switch */
	const char *const *choices; /* the only values it takes, NULL-ended, or NULL */
	const char *help;           /* N_() */
};

struct batch_command {
	const char *name;
	const char *usage;          /* what follows the name */
	const char *help;           /* one line, N_() */
	const char *details;        /* more lines for COMMAND --help, N_(), or "" */
	const struct option_row *options;
	unsigned least, most;       /* plain words */
	bool settings;              /* takes name=value words */
	bool (*run)(const struct request *request, struct error *error);
};

/* The one table of batch commands, in the order they are listed. */
extern const struct batch_command batch_commands[];
extern const unsigned batch_command_count;
const struct batch_command *batch_find(const char *name);      /* NULL if there is none */
bool batch_unknown(const char *name, struct error *error);     /* names the nearest */
extern const struct option_row explorer_option_rows[];         /* of `lrscope [FILE]` */

#define REQUEST_WORDS 4
#define REQUEST_SETTINGS 64
#define REQUEST_OPTIONS 8

struct setting_word {
	const char *name, *value;
};

struct request {
	const struct batch_command *command;
	const char *words[REQUEST_WORDS]; /* plain ones; NULL where not given */
	unsigned word_count;
	struct setting_word settings[REQUEST_SETTINGS];
	unsigned setting_count;
	const char *options[REQUEST_OPTIONS]; /* in the order of the rows: NULL, value, "" of a switch */
	bool help;                            /* --help was there: nothing else was looked at */
};

/* Reads the words after the command's name; they are cut at their first '='. Refused: unknown
 * option or value of an option, something given twice, too few or too many words. */
bool request_read(struct request *request, const struct batch_command *command, int count,
		  char **words, struct error *error);

/* What an option was given as; NULL when it was not ("" for a switch). */
const char *request_option(const struct request *request, const char *name);
/* Index of an option's choice, `standard` when it was not given. */
int request_choice(const struct request *request, const char *name, int standard);
/* A whole number of at least `least`; `number` is left alone when the option was not given. */
bool request_integer(const struct request *request, const char *name, int64_t least,
		     int64_t *number, struct error *error);
/* --size WxH; left alone when it was not given. */
bool request_size(const struct request *request, int *columns, int *rows, struct error *error);

/* The pages of --help. */
void options_help(struct text *text);
void options_command_help(const struct batch_command *command, struct text *text);
void options_write_usage(const struct batch_command *command, struct text *text);

#endif
