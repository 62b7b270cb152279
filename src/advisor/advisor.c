/* The rules in memory: looking up, answering, and the length of a run. */
#include "advisor/advisor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advisor/private.h"
#include "base/file.h"
#include "base/language.h"

void advisor_init(struct advisor *advisor)
{
	memset(advisor, 0, sizeof *advisor);
}

void advisor_done(struct advisor *advisor)
{
	int q, o, r;

	for (q = 0; q < advisor->question_count; q++) {
		struct advisor_question *question = &advisor->questions[q];

		for (o = 0; o < question->option_count; o++) {
			free(question->options[o].label);
			free(question->options[o].brief);
		}
		free(question->asks);
		free(question->label);
	}
	for (r = 0; r < advisor->rule_count; r++) {
		free(advisor->rules[r].row);
		free(advisor->rules[r].because);
	}
	free(advisor->questions);
	free(advisor->strategies);
	free(advisor->rules);
	advisor_init(advisor);
}

bool advisor_standard(struct advisor *advisor, const char *language, struct error *error)
{
	return advisor_read(advisor, rules_json, strlen(rules_json), "rules.json", language, error);
}

bool advisor_open(struct advisor *advisor, const char *path, const char *language,
		  enum file_kinds kinds, struct error *error)
{
	const char *name = strcmp(path, "-") == 0 ? _("standard input") : path;
	struct text text;
	bool done;

	text_init(&text);
	done = file_read_of(&text, path, ADVISOR_BYTES, kinds, error) &&
	       advisor_read(advisor, text.bytes, text.length, name, language, error);
	text_done(&text);
	return done;
}

int advisor_question(const struct advisor *advisor, const char *id)
{
	int q;

	for (q = 0; q < advisor->question_count; q++)
		if (strcmp(advisor->questions[q].id, id) == 0)
			return q;
	return -1;
}

int advisor_option(const struct advisor *advisor, int question, const char *id)
{
	const struct advisor_question *row = &advisor->questions[question];
	int o;

	for (o = 0; o < row->option_count; o++)
		if (strcmp(row->options[o].id, id) == 0)
			return o;
	return -1;
}

/* ---- answers ---- */

void answers_init(struct answers *answers)
{
	int q;

	for (q = 0; q < ADVISOR_QUESTIONS; q++) {
		answers->option[q] = ANSWER_UNKNOWN;
		answers->decisive[q] = false;
	}
}

static bool find_question(const struct advisor *advisor, const char *id, int *question,
			  struct error *error)
{
	const char *known[ADVISOR_QUESTIONS];
	int q;

	*question = advisor_question(advisor, id);
	if (*question >= 0)
		return true;
	for (q = 0; q < advisor->question_count; q++)
		known[q] = advisor->questions[q].id;
	return error_unknown(error, _("question"), id, known, (unsigned)advisor->question_count);
}

bool answers_set(const struct advisor *advisor, struct answers *answers, const char *question,
		 const char *option, struct error *error)
{
	const char *known[ADVISOR_OPTIONS + 1];
	const struct advisor_question *row;
	char what[2 * ADVISOR_ID];
	int q, o;

	if (!find_question(advisor, question, &q, error))
		return false;
	o = advisor_option(advisor, q, option);
	if (o >= 0 || strcmp(option, "unknown") == 0) {
		answers->option[q] = o >= 0 ? o : ANSWER_UNKNOWN;
		return true;
	}
	row = &advisor->questions[q];
	for (o = 0; o < row->option_count; o++)
		known[o] = row->options[o].id;
	known[o++] = "unknown";
	snprintf(what, sizeof what, _("answer to %s"), row->id);
	return error_unknown(error, what, option, known, (unsigned)o);
}

bool answers_decide(const struct advisor *advisor, struct answers *answers, const char *questions,
		    struct error *error)
{
	char word[2 * ADVISOR_ID];
	size_t length;
	int q;

	for (;; questions += length + 1) {
		length = strcspn(questions, ",");
		snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word),
			 questions);
		if (!find_question(advisor, word, &q, error))
			return false;
		if (answers->option[q] < 0)
			return error_request(error, _("'%s' cannot be decisive: it is not answered"),
					     word);
		if (answers->decisive[q])
			return error_request(error, _("'%s' is given twice as decisive"), word);
		answers->decisive[q] = true;
		if (questions[length] == '\0')
			return true;
	}
}

double advisor_steps(double samples, double batch, double accumulation, double devices,
		     double epochs)
{
	return epochs * ceil(ceil(samples / (batch * devices)) / accumulation);
}
