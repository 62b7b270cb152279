#include "lrscope/ask.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "base/language.h"
#include "base/number.h"
#include "lrscope/print.h"
#include "lrscope/prose.h"

#define LINE 4096 /* bytes of an answer; without a line feed in so many it is no text */
#define ATTEMPTS 3
#define INDENT 5

struct asking {
	const struct advisor *advisor;
	struct text text; /* to be shown */
	bool aside, ended;
	char line[LINE];
};

/* Shows what has been collected. */
static bool show(struct asking *asking, struct error *error)
{
	if (!asking->aside || asking->text.failed)
		return print_text(&asking->text, error);
	fputs(asking->text.bytes, stderr);
	text_clear(&asking->text);
	return true;
}

static void cut_blanks(char *line)
{
	size_t length = strlen(line);
	while (length > 0 && strchr(" \t\r", line[length - 1]))
		line[--length] = '\0';
}

/* Reads a line, a byte at a time: what follows it belongs to whoever reads after us. */
static bool read_line(struct asking *asking, struct error *error)
{
	size_t length = 0;
	while (length + 1 < LINE) {
		char byte;
		ssize_t count = read(STDIN_FILENO, &byte, 1);
		if (count < 0 && file_again(STDIN_FILENO, false))
			continue;
		if (count < 0)
			return error_file(error, _("cannot read '%s': %s"), _("standard input"),
					  strerror(errno));
		asking->ended = count == 0;
		if (count == 0 || byte == '\n')
			break;
		asking->line[length++] = byte ? byte : '\1'; /* NUL must not end the word */
	}
	if (length + 1 == LINE)
		asking->ended = true;
	asking->line[length] = '\0';
	cut_blanks(asking->line);
	return true;
}

/* ---- what an answer means ---- */

/* The option whose id or label is or begins with the word; -1 none, -2 several. */
static int option_like(const struct advisor_question *question, const char *word)
{
	int found = -1;
	for (int o = 0; o < question->option_count; o++) {
		const struct advisor_option *option = &question->options[o];
		if (!strcasecmp(option->id, word) || !strcasecmp(option->label, word))
			return o;
		if (!strncasecmp(option->id, word, strlen(word)) ||
		    !strncasecmp(option->label, word, strlen(word)))
			found = found == -1 ? o : -2;
	}
	return found;
}

static bool understand(const struct advisor_question *question, const char *word, int *option,
		       struct error *error)
{
	const char *known[ADVISOR_OPTIONS];
	int64_t number;
	*option = ANSWER_UNKNOWN;
	if (!*word || !strcmp(word, "?") || !strcasecmp(word, "unknown"))
		return true;
	if (number_parse_integer(word, &number)) {
		if (number < 1 || number > question->option_count)
			return error_request(error, _("'%s' is no option: 1 to %d"), word,
					     question->option_count);
		*option = (int)number - 1;
		return true;
	}
	*option = option_like(question, word);
	if (*option >= 0)
		return true;
	if (*option == -2)
		return error_request(error, _("'%s' may mean several options"), word);
	for (int o = 0; o < question->option_count; o++)
		known[o] = question->options[o].id;
	return error_unknown(error, _("option"), word, known, (unsigned)question->option_count);
}

/* ---- asking ---- */

static void add_question(struct asking *asking, int index)
{
	const struct advisor_question *question = &asking->advisor->questions[index];
	struct text *text = &asking->text;
	char lead[32];
	snprintf(lead, sizeof lead, "%d/%d", index + 1, asking->advisor->question_count);
	prose_wrap(text, lead, INDENT, question->asks);
	for (int o = 0; o < question->option_count; o++) {
		const struct advisor_option *option = &question->options[o];
		struct text line;
		text_init(&line);
		text_add(&line, option->id);
		if (strcmp(option->label, option->id))
			text_addf(&line, " (%s)", option->label);
		snprintf(lead, sizeof lead, "%*d", INDENT - 1, o + 1);
		prose_wrap(text, lead, INDENT, line.bytes);
		text->failed |= line.failed;
		text_done(&line);
	}
}

/* After an answer: what it was understood as, where the person's own typing is not seen. */
static void add_echo(struct asking *asking, const struct advisor_question *question, int option)
{
	if (isatty(STDIN_FILENO) && !asking->ended)
		return;
	text_add(&asking->text, option < 0 ? "unknown" : question->options[option].id);
	text_add_char(&asking->text, '\n');
}

static bool ask_one(struct asking *asking, struct answers *answers, int index, struct error *error)
{
	const struct advisor_question *question = &asking->advisor->questions[index];
	struct error why;
	int option;
	add_question(asking, index);
	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		text_addf(&asking->text, "%s> ", question->id);
		if (!show(asking, error) || !read_line(asking, error))
			return false;
		const char *word = asking->line + strspn(asking->line, " \t");
		size_t length = strlen(word);
		bool decisive = length > 1 && word[length - 1] == '!';
		if (decisive) {
			asking->line[strlen(asking->line) - 1] = '\0';
			cut_blanks(asking->line);
		}
		if (understand(question, word, &option, &why)) {
			answers->option[index] = option;
			answers->decisive[index] = decisive && option >= 0;
			add_echo(asking, question, option);
			return true;
		}
		if (!isatty(STDIN_FILENO))
			text_add_char(&asking->text, '\n');
		prose_wrap(&asking->text, "", INDENT, why.text);
		if (asking->ended)
			break;
	}
	text_addf(&asking->text, _("%*sleft open\n"), INDENT, "");
	return true;
}

bool ask_questions(const struct advisor *advisor, struct answers *answers, bool aside,
		   struct error *error)
{
	struct asking asking = {.advisor = advisor, .aside = aside};
	bool ok = true;
	if (isatty(STDIN_FILENO) && !isatty(STDOUT_FILENO))
		asking.aside = true;
	text_init(&asking.text);
	prose_wrap(&asking.text, "", 0,
		   _("Answer with a number, a word or its beginning; ! after it makes the answer "
		     "decisive; nothing or ? where you do not know."));
	for (int q = 0; ok && q < advisor->question_count && !asking.ended; q++)
		if (answers->option[q] < 0)
			ok = ask_one(&asking, answers, q, error);
	text_add_char(&asking.text, '\n');
	ok = ok && show(&asking, error);
	text_done(&asking.text);
	return ok;
}
