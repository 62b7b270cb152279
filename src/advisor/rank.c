/* Ranking: what speaks for each strategy, counted so that a person can follow it. */
#include <stdio.h>
#include <string.h>

#include "advisor/private.h"

bool rule_fires(const struct advisor *advisor, const struct advisor_rule *rule,
		const struct answers *answers)
{
	int q;

	for (q = 0; q < advisor->question_count; q++)
		if (rule->when[q] != 0 && (answers->option[q] < 0 ||
					   (rule->when[q] & 1u << answers->option[q]) == 0))
			return false;
	return true;
}

int rule_names(const struct advisor_rule *rule, int strategy)
{
	int k;

	for (k = 0; k < rule->recommend_count; k++)
		if (rule->recommend[k] == strategy)
			return rule->recommend_count;
	return 0;
}

/* What a strategy is ranked by. */
struct standing {
	int strategy, support, table_rules, first_mention, named;
	int64_t weight;
	bool undecided;
};

/* Everything about one set of answers. */
struct tally {
	const struct advisor *advisor;
	const struct answers *answers;
	bool fires[ADVISOR_RULES];
	int of;
	struct standing list[ADVISOR_STRATEGIES];
};

/* Adds to `standing` what the answer to question q does for it. */
static void count_answer(const struct tally *tally, struct standing *standing, int q)
{
	const struct advisor *advisor = tally->advisor;
	int r, length, shortest = 0;

	for (r = 0; r < advisor->rule_count; r++) {
		if (!tally->fires[r] || advisor->rules[r].when[q] == 0)
			continue;
		length = rule_names(&advisor->rules[r], standing->strategy);
		if (length > 0 && (shortest == 0 || length < shortest))
			shortest = length;
	}
	if (shortest > 0) {
		standing->support++;
		standing->weight += ADVISOR_WHOLE / shortest;
	} else if (tally->answers->decisive[q]) {
		standing->undecided = true;
	}
}

static struct standing count_strategy(const struct tally *tally, int strategy)
{
	const struct advisor *advisor = tally->advisor;
	struct standing standing = {.strategy = strategy, .first_mention = -1};
	int q, r;

	for (q = 0; q < advisor->question_count; q++)
		if (tally->answers->option[q] >= 0)
			count_answer(tally, &standing, q);
	for (r = 0; r < advisor->rule_count; r++) {
		if (rule_names(&advisor->rules[r], strategy) == 0)
			continue;
		standing.named++;
		standing.table_rules += tally->fires[r] && advisor->rules[r].source == RULE_TABLE;
	}
	return standing;
}

/* Numbers the strategies of `list` (in file order still) in the order of their first mention. */
static void number_mentions(struct tally *tally)
{
	const struct advisor *advisor = tally->advisor;
	int source, r, k, next = 0;

	for (source = RULE_GUIDE; source <= RULE_TABLE; source++)
		for (r = 0; r < advisor->rule_count; r++) {
			const struct advisor_rule *rule = &advisor->rules[r];

			if (!tally->fires[r] || (int)rule->source != source)
				continue;
			for (k = 0; k < rule->recommend_count; k++)
				if (tally->list[rule->recommend[k]].first_mention < 0)
					tally->list[rule->recommend[k]].first_mention = next++;
		}
	for (k = 0; k < advisor->strategy_count; k++)
		if (tally->list[k].first_mention < 0)
			tally->list[k].first_mention = next++;
}

static bool is_equal(const struct standing *a, const struct standing *b)
{
	return a->support == b->support && a->undecided == b->undecided;
}

/* a ranks above b. Orders all: first mentions differ. */
static bool is_above(const struct standing *a, const struct standing *b, bool enough)
{
	if (!enough)
		return a->named != b->named ? a->named > b->named : a->strategy < b->strategy;
	if (a->undecided != b->undecided)
		return b->undecided;
	if (a->support != b->support)
		return a->support > b->support;
	if (a->weight != b->weight)
		return a->weight > b->weight;
	if (a->table_rules != b->table_rules)
		return a->table_rules > b->table_rules;
	return a->first_mention < b->first_mention;
}

/* Fills the tally, best strategy first. */
static void count_all(struct tally *tally, const struct advisor *advisor,
		      const struct answers *answers)
{
	int q, r, s, k;

	tally->advisor = advisor;
	tally->answers = answers;
	tally->of = 0;
	for (q = 0; q < advisor->question_count; q++)
		tally->of += answers->option[q] >= 0;
	for (r = 0; r < advisor->rule_count; r++)
		tally->fires[r] = rule_fires(advisor, &advisor->rules[r], answers);
	for (s = 0; s < advisor->strategy_count; s++)
		tally->list[s] = count_strategy(tally, s);
	number_mentions(tally);
	for (s = 1; s < advisor->strategy_count; s++) {
		struct standing standing = tally->list[s];

		for (k = s; k > 0 && is_above(&standing, &tally->list[k - 1], tally->of > 0); k--)
			tally->list[k] = tally->list[k - 1];
		tally->list[k] = standing;
	}
}

/* ---- why, and what would change it ---- */

static void add_reasons(const struct tally *tally, struct recommendation *row)
{
	const struct advisor *advisor = tally->advisor;
	int r, q;

	row->reason_count = 0;
	for (r = 0; r < advisor->rule_count; r++) {
		const struct advisor_rule *rule = &advisor->rules[r];

		if (!tally->fires[r] || rule_names(rule, row->strategy) == 0)
			continue;
		for (q = 0; q < advisor->question_count; q++)
			if (rule->when[q] != 0)
				row->reasons[row->reason_count++] =
					(struct reason){(short)r, (short)q};
	}
}

static bool is_supported(const struct recommendation *row, int question)
{
	int k;

	for (k = 0; k < row->reason_count; k++)
		if (row->reasons[k].question == question)
			return true;
	return false;
}

/* After the reasons. An answer that no firing rule hangs on speaks for nothing else either. */
static void add_against(const struct tally *tally, struct recommendation *row)
{
	const struct advisor *advisor = tally->advisor;
	int q, r;

	row->against_count = 0;
	for (q = 0; q < advisor->question_count; q++) {
		if (is_supported(row, q))
			continue;
		for (r = 0; r < advisor->rule_count; r++)
			if (tally->fires[r] && advisor->rules[r].when[q] != 0)
				break;
		if (r < advisor->rule_count)
			row->against[row->against_count++] =
				(struct reason){(short)r, (short)q};
	}
}

static void add_row(const struct tally *tally, struct advice *advice, int k)
{
	const struct standing *standing = &tally->list[k];
	struct recommendation *row = &advice->list[k];
	bool joint = k > 0 && is_equal(standing, standing - 1);

	row->strategy = standing->strategy;
	row->rank = joint ? advice->list[k - 1].rank : k + 1;
	row->support = standing->support;
	row->weight = standing->weight;
	row->table_rules = standing->table_rules;
	row->first_mention = standing->first_mention;
	row->named = standing->named;
	row->undecided = standing->undecided;
	add_reasons(tally, row);
	add_against(tally, row);
}

/* How many share the first place; `has`: whether `strategy` does. */
static int first_ones(const struct tally *tally, int strategy, bool *has)
{
	int count = 0;

	*has = false;
	while (count < tally->advisor->strategy_count &&
	       (count == 0 || is_equal(&tally->list[count], &tally->list[0])))
		*has |= tally->list[count++].strategy == strategy;
	return count;
}

static void add_changes(const struct advisor *advisor, const struct answers *answers,
			struct advice *advice)
{
	bool shared = advice->count > 1 && advice->list[1].rank == 1;
	struct answers other = *answers;
	struct tally tally;
	int q, o, joint;
	bool stays;

	for (q = 0; q < advisor->question_count; q++) {
		for (o = 0; o < advisor->questions[q].option_count; o++) {
			if (o == answers->option[q])
				continue;
			other.option[q] = o;
			count_all(&tally, advisor, &other);
			joint = first_ones(&tally, advice->list[0].strategy, &stays);
			if (!stays || (shared && joint == 1))
				advice->changes[advice->change_count++] = (struct change){
					.question = q, .option = o,
					.strategy = tally.list[0].strategy,
					.support = tally.list[0].support, .of = tally.of,
					.joint = joint, .alone = shared && joint == 1,
				};
		}
		other.option[q] = answers->option[q];
	}
}

const char *advice_rank(const struct advice *advice, int k, char out[16])
{
	int rank = advice->list[k].rank;
	bool joint = (k > 0 && advice->list[k - 1].rank == rank) ||
		     (k + 1 < advice->count && advice->list[k + 1].rank == rank);

	snprintf(out, 16, "%s%d", joint ? "=" : "", rank);
	return out;
}

void advise(const struct advisor *advisor, const struct answers *answers, struct advice *advice)
{
	struct tally tally;
	int k;

	count_all(&tally, advisor, answers);
	advice->of = tally.of;
	advice->enough = tally.of > 0;
	advice->count = advisor->strategy_count;
	advice->change_count = 0;
	for (k = 0; k < advice->count; k++)
		add_row(&tally, advice, k);
	if (advice->enough)
		add_changes(advisor, answers, advice);
}
