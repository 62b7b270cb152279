/* `advise`: the recommendation, for people or as JSON. */
#include <stdio.h>
#include <string.h>

#include "advisor/advisor.h"
#include "base/language.h"
#include "lrscope/ask.h"
#include "lrscope/batch.h"
#include "lrscope/print.h"
#include "lrscope/prose.h"

#define INDENT 11

struct advising {
	struct advisor advisor;
	struct answers answers;
	struct advice advice;
	struct text text; /* what is printed */
	struct text line; /* scratch for a sentence */
};

typedef void say(const struct advisor *advisor, struct reason reason, struct text *text);

static const char *strategy_id_of(const struct advising *advising, int strategy)
{
	return advising->advisor.strategies[strategy];
}

static const struct advisor_option *option_of(const struct advising *advising, int question,
					      int option)
{
	return &advising->advisor.questions[question].options[option];
}

/* ---- for people ---- */

/* "data small" */
static void add_answer(struct advising *advising, int question, int option)
{
	text_addf(&advising->line, "%s %s", advising->advisor.questions[question].label,
		  option_of(advising, question, option)->label);
}

/* "scale=small": as it is typed. */
static void add_words(struct advising *advising, int question, int option)
{
	text_addf(&advising->line, "%s=%s", advising->advisor.questions[question].id,
		  option_of(advising, question, option)->id);
}

/* Prints the scratch line after `lead`. */
static void put_line(struct advising *advising, const char *lead, int indent)
{
	prose_wrap(&advising->text, lead, indent, advising->line.bytes);
	advising->text.failed |= advising->line.failed;
	text_clear(&advising->line);
}

static void put_answers(struct advising *advising)
{
	const struct advisor *advisor = &advising->advisor;
	const char *between = "";
	for (int q = 0; q < advisor->question_count; q++) {
		if (advising->answers.option[q] < 0)
			continue;
		text_add(&advising->line, between);
		add_words(advising, q, advising->answers.option[q]);
		if (advising->answers.decisive[q])
			text_add(&advising->line, _(" (decisive)"));
		between = ", ";
	}
	char lead[64];
	snprintf(lead, sizeof lead, _("%d of %d questions answered: "), advising->advice.of,
		 advisor->question_count);
	put_line(advising, lead, 2);
	text_add_char(&advising->text, '\n');
}

/* Columns of the longest strategy. */
static int strategy_width(const struct advising *advising)
{
	int width = 0;
	for (int s = 0; s < advising->advisor.strategy_count; s++) {
		int columns = text_width(advising->advisor.strategies[s]);
		width = columns > width ? columns : width;
	}
	return width;
}

static void put_ranking(struct advising *advising)
{
	const struct advice *advice = &advising->advice;
	int width = strategy_width(advising);
	for (int k = 0; k < advice->count; k++) {
		const struct recommendation *row = &advice->list[k];
		char rank[16];
		text_addf(&advising->text, _("%4s  %-*s  %d of %d answers%s\n"),
			  advice_rank(advice, k, rank), width,
			  strategy_id_of(advising, row->strategy), row->support, advice->of,
			  row->undecided ? _(", not by each decisive one") : "");
	}
	advisor_lead(&advising->advisor, advice, &advising->line);
	if (advising->line.length)
		put_line(advising, "", 0);
}

static void put_reasons(struct advising *advising, const char *lead, const struct reason *reasons,
			int count, say *sentence)
{
	for (int k = 0; k < count; k++) {
		const struct advisor_rule *rule = &advising->advisor.rules[reasons[k].rule];
		int question = reasons[k].question;
		add_answer(advising, question, advising->answers.option[question]);
		text_add(&advising->line, ": ");
		sentence(&advising->advisor, reasons[k], &advising->line);
		if (rule->because && sentence == advisor_for)
			text_add(&advising->line, _(" (guide)"));
		put_line(advising, k ? "" : lead, INDENT);
	}
}

static void put_strategies(struct advising *advising)
{
	for (int k = 0; k < advising->advice.count; k++) {
		const struct recommendation *row = &advising->advice.list[k];
		text_addf(&advising->text, "\n%s\n", strategy_id_of(advising, row->strategy));
		put_reasons(advising, _("  for"), row->reasons, row->reason_count, advisor_for);
		put_reasons(advising, _("  against"), row->against, row->against_count,
			    advisor_against);
		if (!row->reason_count && !row->against_count)
			text_add(&advising->text, _("  no rule speaks for it or for another\n"));
	}
}

static void put_differences(struct advising *advising)
{
	const char *title = _("\nWhere guide and table differ\n");
	for (int q = 0; q < advising->advisor.question_count; q++) {
		int option = advising->answers.option[q];
		if (option < 0 ||
		    !advisor_difference(&advising->advisor, q, option, &advising->line))
			continue;
		text_add(&advising->text, title);
		title = "";
		put_line(advising, "  ", 2);
	}
}

static void put_changes(struct advising *advising)
{
	const struct advice *advice = &advising->advice;
	text_add(&advising->text, advice->change_count
					  ? _("\nOne answer that would change the first place\n")
					  : _("\nNo single answer would change the first place.\n"));
	for (int k = 0; k < advice->change_count; k++) {
		const struct change *change = &advice->changes[k];
		add_words(advising, change->question, change->option);
		text_addf(&advising->line, change->alone ? _(": %s alone, %d of %d answers")
							  : _(": %s, %d of %d answers"),
			  strategy_id_of(advising, change->strategy), change->support, change->of);
		if (change->joint > 1)
			text_addf(&advising->line, _(", joint with %d"), change->joint - 1);
		put_line(advising, "  ", 2);
	}
}

/* Without any answer: no winner, but what is named most, and what can be answered. */
static void put_questions(struct advising *advising)
{
	const struct advisor *advisor = &advising->advisor;
	const struct advice *advice = &advising->advice;
	text_add(&advising->text, _("Not enough to go on: no question is answered. Most broadly "
				    "supported:\n\n"));
	for (int k = 0; k < advice->count; k++)
		text_addf(&advising->text, _("  %-*s  named by %d of %d rules\n"),
			  strategy_width(advising), strategy_id_of(advising, advice->list[k].strategy),
			  advice->list[k].named, advisor->rule_count);
	text_add(&advising->text, _("\nAnswer some of these (or all, with --ask):\n"));
	for (int q = 0; q < advisor->question_count; q++) {
		const struct advisor_question *question = &advisor->questions[q];
		text_add_char(&advising->text, '\n');
		text_add(&advising->line, question->asks);
		put_line(advising, "  ", 2);
		text_addf(&advising->line, "%s=", question->id);
		for (int o = 0; o < question->option_count; o++)
			text_addf(&advising->line, "%s%s", o ? "|" : "", question->options[o].id);
		put_line(advising, "    ", 4);
	}
}

static void write_text(struct advising *advising)
{
	if (!advising->advice.enough) {
		put_questions(advising);
		return;
	}
	put_answers(advising);
	put_ranking(advising);
	put_strategies(advising);
	put_differences(advising);
	put_changes(advising);
}

/* ---- JSON ---- */

static void put_member(struct text *text, const char *name, const char *value)
{
	text_add_json(text, name);
	text_add_char(text, ':');
	text_add_json(text, value);
}

static void put_scratch(struct advising *advising, const char *name)
{
	put_member(&advising->text, name, advising->line.bytes);
	advising->text.failed |= advising->line.failed;
	text_clear(&advising->line);
}

static void json_answers(struct advising *advising)
{
	const struct advisor *advisor = &advising->advisor;
	struct text *text = &advising->text;
	const char *between = "";
	text_add(text, "{\"answers\":{");
	for (int q = 0; q < advisor->question_count; q++) {
		int option = advising->answers.option[q];
		if (option < 0)
			continue;
		text_add(text, between);
		put_member(text, advisor->questions[q].id, option_of(advising, q, option)->id);
		between = ",";
	}
	text_add(text, "},\"decisive\":[");
	between = "";
	for (int q = 0; q < advisor->question_count; q++) {
		if (!advising->answers.decisive[q])
			continue;
		text_add(text, between);
		text_add_json(text, advisor->questions[q].id);
		between = ",";
	}
	text_addf(text, "],\"enough\":%s,\n", advising->advice.enough ? "true" : "false");
}

static void json_reasons(struct advising *advising, const char *name,
			 const struct reason *reasons, int count, say *sentence)
{
	struct text *text = &advising->text;
	text_addf(text, ",\"%s\":[", name);
	for (int k = 0; k < count; k++) {
		const struct advisor_rule *rule = &advising->advisor.rules[reasons[k].rule];
		text_add(text, k ? ",\n  {" : "\n  {");
		put_member(text, "rule", rule->id);
		text_add_char(text, ',');
		put_member(text, "question", advising->advisor.questions[reasons[k].question].id);
		text_add_char(text, ',');
		sentence(&advising->advisor, reasons[k], &advising->line);
		put_scratch(advising, "text");
		text_add_char(text, '}');
	}
	text_add_char(text, ']');
}

static void json_recommendations(struct advising *advising)
{
	const struct advice *advice = &advising->advice;
	struct text *text = &advising->text;
	text_add(text, "\"recommendations\":[");
	for (int k = 0; k < advice->count; k++) {
		const struct recommendation *row = &advice->list[k];
		text_add(text, k ? ",\n{" : "\n{");
		put_member(text, "strategy", strategy_id_of(advising, row->strategy));
		text_addf(text, ",\"rank\":%d,\"support\":%d,\"of\":%d,\"named\":%d", row->rank,
			  row->support, advice->of, row->named);
		json_reasons(advising, "reasons", row->reasons, row->reason_count, advisor_for);
		json_reasons(advising, "against", row->against, row->against_count,
			     advisor_against);
		text_add_char(text, '}');
	}
	text_add(text, "],\n");
}

static void json_differences(struct advising *advising)
{
	struct text *text = &advising->text;
	const char *between = "";
	text_add(text, "\"differences\":[");
	for (int q = 0; q < advising->advisor.question_count; q++) {
		int option = advising->answers.option[q];
		if (option < 0 ||
		    !advisor_difference(&advising->advisor, q, option, &advising->line))
			continue;
		text_addf(text, "%s{", between);
		put_member(text, "question", advising->advisor.questions[q].id);
		text_add_char(text, ',');
		put_scratch(advising, "text");
		text_add_char(text, '}');
		between = ",";
	}
	text_add(text, "],\n");
}

static void json_changes(struct advising *advising)
{
	const struct advice *advice = &advising->advice;
	struct text *text = &advising->text;
	text_add(text, "\"changes\":[");
	for (int k = 0; k < advice->change_count; k++) {
		const struct change *change = &advice->changes[k];
		text_add(text, k ? ",\n{" : "\n{");
		put_member(text, "question", advising->advisor.questions[change->question].id);
		text_add_char(text, ',');
		put_member(text, "answer", option_of(advising, change->question, change->option)->id);
		text_add_char(text, ',');
		put_member(text, "strategy", strategy_id_of(advising, change->strategy));
		text_addf(text, ",\"support\":%d,\"of\":%d,\"joint\":%d}", change->support, change->of,
			  change->joint);
	}
	text_add(text, "]}\n");
}

static void write_json(struct advising *advising)
{
	json_answers(advising);
	json_recommendations(advising);
	json_differences(advising);
	json_changes(advising);
}

/* ---- the command ---- */

static bool read_rules(struct advising *advising, const struct request *request,
		       struct error *error)
{
	const char *path = request_option(request, "--rules");
	bool ask = request_option(request, "--ask") != NULL;
	if (!path)
		return advisor_standard(&advising->advisor, language_wanted(), error);
	if (ask && !strcmp(path, "-"))
		return error_request(error, _("--rules '-' is refused with --ask: standard input has "
					      "the answers"));
	return advisor_open(&advising->advisor, path, language_wanted(), FILE_ANY, error);
}

static bool read_answers(struct advising *advising, const struct request *request, bool json,
			 struct error *error)
{
	const char *decisive = request_option(request, "--decisive");
	for (unsigned i = 0; i < request->setting_count; i++)
		if (!answers_set(&advising->advisor, &advising->answers, request->settings[i].name,
				 request->settings[i].value, error))
			return false;
	if (decisive &&
	    !answers_decide(&advising->advisor, &advising->answers, decisive, error))
		return error_prefix(error, "--decisive");
	return !request_option(request, "--ask") ||
	       ask_questions(&advising->advisor, &advising->answers, json, error);
}

bool batch_advise(const struct request *request, struct error *error)
{
	bool json = request_choice(request, "--format", 0) == 1;
	struct advising advising;
	advisor_init(&advising.advisor);
	answers_init(&advising.answers);
	text_init(&advising.text);
	text_init(&advising.line);
	bool ok = read_rules(&advising, request, error) &&
		  read_answers(&advising, request, json, error);
	if (ok) {
		advise(&advising.advisor, &advising.answers, &advising.advice);
		if (json)
			write_json(&advising);
		else
			write_text(&advising);
		ok = print_text(&advising.text, error);
	}
	text_done(&advising.line);
	text_done(&advising.text);
	advisor_done(&advising.advisor);
	return ok;
}
