/* What a race shows, in sentences. */
#include <math.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "study/race.h"

int race_place(const struct wizard *wizard, enum strategy_id id)
{
	int k;

	for (k = 0; wizard->advice.enough && k < wizard->advice.count; k++)
		if (strcmp(wizard->advisor.strategies[wizard->advice.list[k].strategy],
			   strategy_name(id)) == 0)
			return k;
	return -1;
}

static int wizard_rank(const struct wizard *wizard, enum strategy_id id)
{
	int place = race_place(wizard, id);

	return place < 0 ? 0 : wizard->advice.list[place].rank;
}

/* The best of those that the rules put first, by the race; -1 where none of them was raced. */
static int rules_first(const struct race *race, const struct wizard *wizard)
{
	enum strategy_id order[STRATEGY_COUNT];
	int count = race_order(race, order), k;

	for (k = 0; k < count; k++)
		if (race->racers[order[k]].rank > 0 && wizard_rank(wizard, order[k]) == 1)
			return (int)order[k];
	return -1;
}

static void add_toy(const struct race *race, struct text *text)
{
	text_addf(text, _("A toy regression is evidence about the toy: a linear model, %lld %s a run. "
			  "Large and deep models may well rank differently."),
		  (long long)race->updates, n_("update", "updates", race->updates));
}

static const char *source_of(const struct wizard *wizard)
{
	return wizard->rules[0] ? _("your rules") : _("the guide");
}

static void add_disagreement(const struct race *race, const struct wizard *wizard,
			     enum strategy_id winner, enum strategy_id wanted, struct text *text)
{
	const struct racer *first = &race->racers[winner], *other = &race->racers[wanted];
	int place = race_place(wizard, winner);

	text_addf(text, _("Here the race disagrees with %s: your answers put %s first, which "
			  "came %d of %d; "), source_of(wizard), strategy_name(wanted), other->rank, STRATEGY_COUNT);
	if (place >= 0)
		text_addf(text, _("the winner, %s, has %d of %d answers."), strategy_name(winner),
			  wizard->advice.list[place].support, wizard->advice.of);
	else
		text_addf(text, _("the winner, %s, is not in the rules."), strategy_name(winner));
	if (other->best_excess.low <= first->best_excess.high)
		text_add(text, _(" Their seeds overlap, so chance may have decided."));
}

/* With the others that the answers put as high, and who is as good here. */
static void add_agreement(const struct race *race, const struct wizard *wizard,
			  const enum strategy_id *order, enum strategy_id wanted, struct text *text)
{
	enum strategy_id other = order[order[0] == wanted];
	const char *between = _(" Your answers put as high: ");

	text_addf(text, _("Here the race agrees with %s: %s is first with both."), source_of(wizard),
		  strategy_name(wanted));
	if (race->racers[other].rank > 0 &&
	    race->racers[other].best_excess.low <= race->racers[wanted].best_excess.high)
		text_addf(text, _(" Its seeds overlap with those of %s, so chance may have decided."),
			  strategy_name(other));
	for (int k = 0; k < STRATEGY_COUNT; k++) {
		if (order[k] == wanted || race->racers[order[k]].rank == 0 ||
		    wizard_rank(wizard, order[k]) != 1)
			continue;
		text_addf(text, _("%s%s (came %d)"), between, strategy_name(order[k]),
			  race->racers[order[k]].rank);
		between = ", ";
	}
	if (strcmp(between, ", ") == 0)
		text_add_char(text, '.');
}

static void add_comparison(const struct race *race, const struct wizard *wizard, struct text *text)
{
	enum strategy_id order[STRATEGY_COUNT];
	int wanted = rules_first(race, wizard);

	race_order(race, order);
	if (race->racers[order[0]].rank == 0)
		return;
	text_add_char(text, '\n');
	if (!wizard->advice.enough)
		text_add(text, _("No question is answered, so there is no advice to compare with."));
	else if (wanted < 0)
		text_add(text, _("What your answers put first is not among the strategies here."));
	else if (race->racers[wanted].rank == 1)
		add_agreement(race, wizard, order, (enum strategy_id)wanted, text);
	else
		add_disagreement(race, wizard, order[0], (enum strategy_id)wanted, text);
}

/* Validation losses that lie closer together than the seeds of one strategy do. */
static void add_validation(const struct race *race, struct text *text)
{
	double low = INFINITY, high = -INFINITY, spread = 0;
	char from[NUMBER_SIZE], to[NUMBER_SIZE];
	int s;

	for (s = 0; s < STRATEGY_COUNT; s++) {
		const struct spread *loss = &race->racers[s].best_loss;

		if (race->racers[s].rank == 0 || !isfinite(loss->high))
			continue;
		low = fmin(low, loss->median);
		high = fmax(high, loss->median);
		spread = fmax(spread, loss->high - loss->low);
	}
	if (high < low || high - low >= spread)
		return;
	text_addf(text, _("\nThe validation loss does not tell them apart: medians from %s to %s, less "
			  "than the seeds differ."),
		  number_short(from, low, 3, 6), number_short(to, high, 3, 6));
}

/* Where the best rate is the last of the grid, a wider one might have a better one. */
static void add_ends(const struct race *race, struct text *text)
{
	const char *between = "";
	int s;

	for (s = 0; s < STRATEGY_COUNT; s++) {
		const struct racer *racer = &race->racers[s];

		if (racer->rank == 0 || (racer->best > 0 && racer->best < RACE_RATES - 1))
			continue;
		if (between[0] == '\0')
			text_add(text, _("\n* the end of the grid, a rate beyond it may be better: "));
		text_addf(text, "%s%s", between, strategy_name((enum strategy_id)s));
		between = ", ";
	}
}

void race_words(const struct race *race, const struct wizard *wizard, struct text *text)
{
	add_toy(race, text);
	if (race->seeds == 0)
		return;
	add_comparison(race, wizard, text);
	add_validation(race, text);
	add_ends(race, text);
}
