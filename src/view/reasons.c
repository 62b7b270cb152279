/* Why the wizard ranks a strategy where it does: for, against, where guide and table differ, traps. */
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "view/wizard.h"

const char *wizard_safe(char out[WIZARD_LABEL], const char *label)
{
	return text_safe(out, WIZARD_LABEL, label, false);
}

/* ---- entries: a heading once, a label, a text that is wrapped ---- */

struct entries {
	struct pager *pager;
	const char *heading; /* for the next entry alone */
	int label;           /* columns of the labels */
};

#define HEADING 8
#define SENTENCE 2048

static void add_entry(struct entries *entries, const char *label, const char *text)
{
	struct pager *pager = entries->pager;
	int row = pager_row(pager), indent = HEADING + (label ? entries->label + 1 : 0);
	char safe[SENTENCE];

	text_safe(safe, sizeof safe, text, false);
	if (row >= 0 && entries->heading)
		canvas_text(pager->canvas, pager->area.x + 1, row, HEADING - 1, ROLE_TITLE,
			    entries->heading);
	if (row >= 0 && label)
		canvas_text(pager->canvas, pager->area.x + 1 + HEADING, row, entries->label,
			    ROLE_TEXT, label);
	pager_wrapped(pager, indent, ROLE_TEXT, safe);
	entries->heading = NULL;
}

/* "data small"; of a rule over several questions "small + deep". */
static void label_of(const struct advisor *advisor, const struct answers *answers,
		     struct reason reason, char *out, size_t size)
{
	const struct advisor_rule *rule = &advisor->rules[reason.rule];
	const struct advisor_question *question = &advisor->questions[reason.question];
	char label[WIZARD_LABEL], option[WIZARD_LABEL];
	int q, used = 0, count = 0;

	for (q = 0; q < advisor->question_count; q++)
		count += rule->when[q] != 0;
	if (count == 1) {
		snprintf(out, size, "%s %s", wizard_safe(label, question->label),
			 wizard_safe(option, question->options[answers->option[reason.question]].label));
		return;
	}
	out[0] = '\0';
	for (q = 0; q < advisor->question_count; q++) {
		if (rule->when[q] == 0 || answers->option[q] < 0 || used >= (int)size)
			continue;
		used += snprintf(out + used, size - (size_t)used, "%s%s", used > 0 ? " + " : "",
				 wizard_safe(option, advisor->questions[q].options[answers->option[q]].label));
	}
}

static bool is_guide(const struct advisor *advisor, struct reason reason)
{
	return advisor->rules[reason.rule].source == RULE_GUIDE;
}

/* Another reason that hangs on the same question and comes from the other source. */
static bool has_other(const struct advisor *advisor, const struct recommendation *row, int index)
{
	struct reason reason = row->reasons[index];

	for (int k = 0; k < row->reason_count; k++)
		if (row->reasons[k].question == reason.question &&
		    is_guide(advisor, row->reasons[k]) != is_guide(advisor, reason))
			return true;
	return false;
}

/* A rule over several questions is a reason for each: said once. */
static bool is_repeated(const struct recommendation *row, int index)
{
	for (int k = 0; k < index; k++)
		if (row->reasons[k].rule == row->reasons[index].rule)
			return true;
	return false;
}

/* "guide + table, naming no other: ..." */
static void add_for(const struct wizard *wizard, const struct recommendation *row, int index,
		    struct entries *entries)
{
	const struct advisor *advisor = &wizard->advisor;
	struct reason reason = row->reasons[index];
	const struct advisor_rule *rule = &advisor->rules[reason.rule];
	bool guide = is_guide(advisor, reason), both = has_other(advisor, row, index);
	char label[3 * WIZARD_LABEL];
	struct text text;

	if (is_repeated(row, index) || (!guide && both)) /* the guide's row says it */
		return;
	label_of(advisor, &wizard->answers, reason, label, sizeof label);
	text_init(&text);
	text_addf(&text, "%s%s: %s", !guide ? _("table") : both ? _("guide + table") : _("guide"),
		  rule->recommend_count == 1 ? _(", naming no other") : "",
		  guide ? rule->because : rule->row);
	add_entry(entries, label, text.bytes);
	text_done(&text);
}

static void add_against(const struct wizard *wizard, const struct recommendation *row, int index,
			struct entries *entries)
{
	struct reason reason = row->against[index];
	char label[3 * WIZARD_LABEL];
	struct text text;

	label_of(&wizard->advisor, &wizard->answers, reason, label, sizeof label);
	text_init(&text);
	advisor_against(&wizard->advisor, reason, &text);
	if (wizard->answers.decisive[reason.question])
		text_add(&text, _("; this answer decides"));
	add_entry(entries, label, text.bytes);
	text_done(&text);
}

/* ---- the parts ---- */

static void write_reasons(const struct wizard *wizard, const struct recommendation *row,
			  struct entries *entries)
{
	entries->heading = _("for");
	for (int k = 0; k < row->reason_count; k++)
		add_for(wizard, row, k, entries);
	if (row->reason_count == 0)
		add_entry(entries, NULL, _("no answer speaks for it"));
	entries->heading = _("against");
	for (int k = 0; k < row->against_count; k++)
		add_against(wizard, row, k, entries);
	entries->heading = NULL;
}

static void write_differences(const struct wizard *wizard, struct entries *entries)
{
	struct text text;

	text_init(&text);
	entries->heading = _("differ");
	for (int q = 0; q < wizard->advisor.question_count; q++) {
		text_clear(&text);
		if (wizard->answers.option[q] >= 0 &&
		    advisor_difference(&wizard->advisor, q, wizard->answers.option[q], &text))
			add_entry(entries, NULL, text.bytes);
	}
	entries->heading = NULL;
	text_done(&text);
}

static void write_order(const struct wizard *wizard, const struct recommendation *row,
			struct entries *entries)
{
	struct text text;

	text_init(&text);
	if (row->undecided)
		text_add(&text, _("ranks below those that all decisive answers (!) support"));
	else if (row->rank == 1)
		advisor_lead(&wizard->advisor, &wizard->advice, &text);
	entries->heading = _("order");
	if (text.length > 0)
		add_entry(entries, NULL, text.bytes);
	entries->heading = NULL;
	text_done(&text);
}

/* What the length line means for a strategy that counts steps. */
static void write_length(const struct scope *scope, enum strategy_id id, struct entries *entries)
{
	double per_batch = study_length_fitted(&scope->study, id, true);
	double per_epoch = study_length_fitted(&scope->study, id, false);
	char line[200] = "";

	if (per_batch <= 0)
		return;
	switch (id) {
	case STRATEGY_ONECYCLE:
		snprintf(line, sizeof line, _("total_steps=%.0f is the exact length of your run"),
			 per_batch);
		break;
	case STRATEGY_COSINE:
		snprintf(line, sizeof line,
			 _("T_max=%.0f if it steps once per epoch, %.0f if per optimizer step"),
			 per_epoch, per_batch);
		break;
	case STRATEGY_STEP:
		snprintf(line, sizeof line,
			 _("step_size=%.0f (per epoch; %.0f per optimizer step) cuts twice"),
			 per_epoch, per_batch);
		break;
	case STRATEGY_CYCLIC:
		snprintf(line, sizeof line,
			 _("step_size_up=%.0f makes three cycles of your %.0f steps"),
			 per_batch, study_length_steps(&scope->study));
		break;
	default:
		return;
	}
	add_entry(entries, NULL, line);
}

static void write_traps(const struct scope *scope, const char *name, struct entries *entries)
{
	struct strategy_page page;
	enum strategy_id id;
	char line[SENTENCE];
	const char *at;

	if (!strategy_find(name, &id, NULL)) {
		entries->heading = _("note");
		add_entry(entries, NULL, _("lrscope cannot draw it: advice of the rules file alone"));
		return;
	}
	if (!strategy_page_open(&page, id, NULL))
		return;
	entries->heading = _("traps");
	write_length(scope, id, entries);
	for (at = page.traps; *at; at += *at == '\n') {
		snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
		add_entry(entries, NULL, line);
		at += strcspn(at, "\n");
	}
	entries->heading = NULL;
	strategy_page_done(&page);
}

static void write_changes(const struct scope *scope, struct entries *entries)
{
	const struct advice *advice = &scope->wizard.advice;
	char line[PIECE_SIZE];

	entries->heading = _("change");
	for (int k = 0; k < advice->change_count; k++) {
		wizard_change(scope, k, line, sizeof line);
		add_entry(entries, NULL, line);
	}
	entries->heading = NULL;
}

/* ---- answers that lead to a strategy ---- */

static int names(const struct advisor_rule *rule, int strategy)
{
	for (int k = 0; k < rule->recommend_count; k++)
		if (rule->recommend[k] == strategy)
			return 1;
	return 0;
}

/* "data small", "task time series or language", "data small and model deep". */
static void write_when(const struct advisor *advisor, const struct advisor_rule *rule,
		       struct text *text)
{
	char label[WIZARD_LABEL];
	const char *between = "";

	for (int q = 0; q < advisor->question_count; q++) {
		const struct advisor_question *question = &advisor->questions[q];

		if (rule->when[q] == 0)
			continue;
		text_addf(text, "%s%s", between, wizard_safe(label, question->label));
		between = " ";
		for (int o = 0; o < question->option_count; o++) {
			if ((rule->when[q] & 1u << o) == 0)
				continue;
			text_addf(text, "%s%s", between, wizard_safe(label, question->options[o].label));
			between = _(" or ");
		}
		between = _(" and ");
	}
}

void write_leads(const struct advisor *advisor, const char *strategy, struct pager *pager)
{
	struct entries entries = {pager, NULL, 26};
	struct text text;

	if (entries.label > pager->area.columns / 3)
		entries.label = pager->area.columns / 3;
	text_init(&text);
	for (int s = 0; s < advisor->strategy_count; s++) {
		if (strcmp(advisor->strategies[s], strategy) != 0)
			continue;
		for (int r = 0; r < advisor->rule_count; r++) {
			const struct advisor_rule *rule = &advisor->rules[r];

			if (!names(rule, s))
				continue;
			entries.heading = rule->source == RULE_GUIDE ? _("guide") : _("table");
			text_clear(&text);
			write_when(advisor, rule, &text);
			add_entry(&entries, text.bytes,
				  rule->source == RULE_GUIDE ? rule->because : rule->row);
		}
	}
	text_done(&text);
}

/* ---- the panel ---- */

static void write_without_answers(const struct scope *scope, const char *name,
				  struct pager *pager)
{
	const struct wizard *wizard = &scope->wizard;
	const struct recommendation *row = &wizard->advice.list[scope_favourite(scope)];
	char line[200];

	pager_wrapped(pager, 0, ROLE_TEXT,
		  _("Not enough to go on. Answer what you know with Left and Right, leave the rest "
		    "at \"?\": the ranking follows every answer."));
	snprintf(line, sizeof line,
		 _("%d of %d rules name %s; which of them count hangs on your answers:"),
		 row->named, wizard->advisor.rule_count, name);
	pager_wrapped(pager, 0, ROLE_TEXT, line);
	write_leads(&wizard->advisor, name, pager);
}

/* Everything about the strategy in hand. */
static void write_all(const struct scope *scope, int place, struct pager *pager)
{
	const struct wizard *wizard = &scope->wizard;
	const struct recommendation *row = &wizard->advice.list[place];
	const char *name = wizard->advisor.strategies[row->strategy];
	struct entries entries = {pager, NULL, 0};
	char label[3 * WIZARD_LABEL];
	int k, width, widest = 0;

	if (!wizard->advice.enough) {
		write_without_answers(scope, name, pager);
		return;
	}
	for (k = 0; k < row->reason_count + row->against_count; k++) {
		label_of(&wizard->advisor, &wizard->answers,
			 k < row->reason_count ? row->reasons[k]
					       : row->against[k - row->reason_count],
			 label, sizeof label);
		width = text_width(label);
		widest = width > widest ? width : widest;
	}
	entries.label = widest < pager->area.columns / 4 ? widest : pager->area.columns / 4;
	write_reasons(wizard, row, &entries);
	write_order(wizard, row, &entries);
	write_differences(wizard, &entries);
	write_traps(scope, name, &entries);
	if (pager->area.rows >= 16)
		write_changes(scope, &entries);
}

int reasons_lines(const struct scope *scope, struct area area)
{
	struct pager pager = {NULL, area, 0, 0};
	int place = scope_favourite(scope);

	if (place >= 0)
		write_all(scope, place, &pager);
	return pager.line;
}

void draw_reasons(const struct scope *scope, struct canvas *canvas, struct area area)
{
	struct pager pager = {canvas, area, scope->viewpoint.scroll, 0};
	int place = scope_favourite(scope), lines = reasons_lines(scope, area), left;
	const struct wizard *wizard = &scope->wizard;
	struct pieces right = {.count = 0};
	enum strategy_id id;
	char title[100];
	const char *name;

	if (place < 0)
		return;
	if (pager.scroll > lines - area.rows)
		pager.scroll = lines > area.rows ? lines - area.rows : 0;
	write_all(scope, place, &pager);
	pager_position(&pager, lines);
	name = scope_favourite_name(scope);
	if (strategy_find(name, &id, NULL))
		snprintf(title, sizeof title, "%s: %s", name, strategy_title(id));
	else
		snprintf(title, sizeof title, "%s", name);
	left = paint_title(canvas, area, ROLE_TITLE, title);
	if (wizard->advice.enough)
		pieces_add(&right, 1, ROLE_FRAME, _("%d of %d answers"),
			   wizard->advice.list[place].support, wizard->advice.of);
	paint_title_right(canvas, area, left, &right);
}
