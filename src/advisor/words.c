/* What the ranking says, in sentences. */
#include "advisor/private.h"
#include "base/language.h"

/* "cosine, plateau": the strategies of a bit set, in file order. */
static void add_set(const struct advisor *advisor, uint64_t set, struct text *text)
{
	const char *between = "";
	int s;

	for (s = 0; s < advisor->strategy_count; s++)
		if (set >> s & 1) {
			text_addf(text, "%s%s", between, advisor->strategies[s]);
			between = ", ";
		}
}

void advisor_for(const struct advisor *advisor, struct reason reason, struct text *text)
{
	const struct advisor_rule *rule = &advisor->rules[reason.rule];

	if (rule->source == RULE_TABLE)
		text_addf(text, _("the table's row: %s"), rule->row);
	else
		text_add(text, rule->because);
}

void advisor_against(const struct advisor *advisor, struct reason reason, struct text *text)
{
	const struct advisor_rule *rule = &advisor->rules[reason.rule];
	int k;

	text_add(text, rule->source == RULE_TABLE ? _("the table names ") : _("the guide names "));
	for (k = 0; k < rule->recommend_count; k++)
		text_addf(text, "%s%s", k > 0 ? ", " : "", advisor->strategies[rule->recommend[k]]);
	text_add(text, _(" instead"));
}

void advisor_lead(const struct advisor *advisor, const struct advice *advice, struct text *text)
{
	const struct recommendation *first = &advice->list[0], *second = &advice->list[1];
	const char *why = _("it is named first");

	if (!advice->enough || advice->count < 2 || first->rank != second->rank ||
	    first->support == 0)
		return;
	if (first->weight != second->weight)
		why = _("its rules name fewer others");
	else if (first->table_rules != second->table_rules)
		why = _("more table rows name it");
	text_addf(text, _("%s ties with %s and leads: %s"),
		  advisor->strategies[first->strategy], advisor->strategies[second->strategy], why);
}

/* What the rules of one source over this question alone name for the option; bit s: strategy s. */
static uint64_t named_by(const struct advisor *advisor, enum rule_source source, int question,
			 int option)
{
	struct answers answers;
	uint64_t set = 0;
	int r, k;

	answers_init(&answers);
	answers.option[question] = option;
	for (r = 0; r < advisor->rule_count; r++) {
		const struct advisor_rule *rule = &advisor->rules[r];

		if (rule->source == source && rule_fires(advisor, rule, &answers))
			for (k = 0; k < rule->recommend_count; k++)
				set |= (uint64_t)1 << rule->recommend[k];
	}
	return set;
}

bool advisor_difference(const struct advisor *advisor, int question, int option, struct text *text)
{
	uint64_t guide = named_by(advisor, RULE_GUIDE, question, option);
	uint64_t table = named_by(advisor, RULE_TABLE, question, option);

	if (table == 0 || guide == table)
		return false;
	text_addf(text, "%s: ", advisor->questions[question].options[option].label);
	if (guide == 0)
		text_add(text, _("only the table knows it"));
	if (guide != 0 && (guide & ~table) != 0) {
		text_add(text, _("the guide adds "));
		add_set(advisor, guide & ~table, text);
	}
	if (guide != 0 && (guide & ~table) != 0 && (table & ~guide) != 0)
		text_add(text, "; ");
	if (guide != 0 && (table & ~guide) != 0) {
		text_add(text, _("the table adds "));
		add_set(advisor, table & ~guide, text);
	}
	return true;
}
