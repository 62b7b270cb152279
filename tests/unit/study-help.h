/* What the tests of a study share: a scope and commands as lines. */
#ifndef LRSCOPE_TESTS_STUDY_HELP_H
#define LRSCOPE_TESTS_STUDY_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "study/private.h"
#include "study/saved.h"

/* A scope that has started; freed by close_scope. */
static inline struct scope *open_scope(void)
{
	struct scope *scope = malloc(sizeof *scope);
	struct error error = {.kind = ERROR_NONE};

	assert_non_null(scope);
	scope_init(scope);
	if (!scope_start(scope, &error))
		fail_msg("start: %s", error.text);
	return scope;
}

static inline void close_scope(struct scope *scope)
{
	scope_done(scope);
	free(scope);
}

/* Carries out a line; false with the reason in `error`. */
static inline bool tell(struct scope *scope, const char *line, struct error *error)
{
	struct command *command = malloc(sizeof *command);
	bool done;

	assert_non_null(command);
	done = command_parse(command, line, error) && scope_command(scope, command, error);
	free(command);
	return done;
}

static inline void must(struct scope *scope, const char *line)
{
	struct error error = {.kind = ERROR_NONE};

	if (!tell(scope, line, &error))
		fail_msg("%s: %s", line, error.text);
}

/* Takes a table of the test's own as data. `path` is a template, "NAME-XXXXXX.csv"; the file is the caller's. */
static inline void must_open_table(struct scope *scope, char *path, const char *csv)
{
	int file = mkstemps(path, 4);
	char line[100];

	assert_true(file >= 0);
	assert_int_equal(write(file, csv, strlen(csv)), strlen(csv));
	assert_int_equal(close(file), 0);
	snprintf(line, sizeof line, "data ./%s", path);
	must(scope, line);
}

/* The line is refused, with a sentence that has `part`, and the study is what it was. */
static inline void must_not(struct scope *scope, const char *line, const char *part)
{
	struct error error = {.kind = ERROR_NONE};
	struct study before = scope->study;
	int changes = scope->history.count;

	if (tell(scope, line, &error))
		fail_msg("%s: was accepted", line);
	if (strstr(error.text, part) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", line, error.text, part);
	assert_memory_equal(&before, &scope->study, sizeof before);
	assert_int_equal(changes, scope->history.count);
}

static inline void finish(struct scope *scope)
{
	while (results_work(&scope->results, 100000))
		;
	scope_refresh(scope);
}

/* A dial as it is typed. */
static inline const char *dial_text(const struct scope *scope, const char *name)
{
	static char out[256];
	struct dial dial;
	struct text text;

	if (!study_find(&scope->study, name, &dial, NULL))
		return "(no such dial)";
	text_init(&text);
	study_write_dial(&scope->study, &dial, &text);
	snprintf(out, sizeof out, "%s", text.bytes);
	text_done(&text);
	return out;
}

#define assert_dial(scope, name, expected) assert_string_equal(dial_text(scope, name), expected)

/* Doubles by their bytes. */
static inline void assert_same(double a, double b)
{
	if (memcmp(&a, &b, sizeof a) != 0)
		fail_msg("%.17g is not %.17g", a, b);
}

#endif
