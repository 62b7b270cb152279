/* The race: a table of all strategies, each at its best rate, and what it shows. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "view/panel.h"

/* Columns of the table, from the page's left edge: those that any page has, */
enum { RANK = 0, RULES = 5, NAME = 11, EXCESS = 23 };
/* and those that depend on its width; a narrow page has none (0) for ranges. */
struct columns {
	int excess_range, loss, loss_range, rate;
};

static const struct columns *columns_of(const struct pager *pager)
{
	static const struct columns wide = {31, 47, 54, 67}, narrow = {0, 31, 0, 38};
	enum { WIDE = 73 };

	return pager->area.columns - 2 >= WIDE ? &wide : &narrow;
}

static const char *figure(char out[NUMBER_SIZE], double number, int digits, int columns)
{
	if (isinf(number) || number > 1e99)
		snprintf(out, NUMBER_SIZE, _("lost"));
	else if (isnan(number))
		snprintf(out, NUMBER_SIZE, "-");
	else
		number_short(out, number, digits, columns);
	return out;
}

/* Between its column and the one that follows, where there is one. */
static void write_range(const struct pager *pager, int column, int next, const struct spread *spread,
			int digits)
{
	char low[NUMBER_SIZE], high[NUMBER_SIZE], line[80];
	int room = (next - column - 3) / 2;

	if (isnan(spread->low) || column == 0)
		return;
	snprintf(line, sizeof line, "%s..%s", figure(low, spread->low, digits, room),
		 figure(high, spread->high, digits, room));
	pager_text(pager, column, ROLE_DIM, line);
}

static void write_head(struct pager *pager)
{
	const struct columns *at = columns_of(pager);

	pager_text(pager, RANK, ROLE_DIM, _("race"));
	pager_text(pager, RULES, ROLE_DIM, _("rules"));
	pager_text(pager, NAME, ROLE_DIM, _("strategy"));
	pager_text(pager, EXCESS, ROLE_DIM, _("excess"));
	if (at->excess_range > 0) {
		pager_text(pager, at->excess_range, ROLE_DIM, _("lowest-highest"));
		pager_text(pager, at->loss_range, ROLE_DIM, _("low-high"));
	}
	pager_text(pager, at->loss, ROLE_DIM, _("val"));
	pager_line(pager, at->rate, ROLE_DIM, _("rate"));
}

/* "=1": rank with the mark of a joint one. */
static void write_rules(const struct scope *scope, enum strategy_id id, struct pager *pager)
{
	const struct advice *advice = &scope->wizard.advice;
	int place = race_place(&scope->wizard, id);
	char text[16];

	if (place < 0) {
		pager_text(pager, RULES, ROLE_DIM, "-");
		return;
	}
	pager_text(pager, RULES, ROLE_TEXT, advice_rank(advice, place, text));
}

static void write_racer(const struct scope *scope, enum strategy_id id, struct pager *pager)
{
	const struct race *race = &scope->race;
	const struct racer *racer = &race->racers[id];
	const struct columns *at = columns_of(pager);
	bool ends = racer->best == 0 || racer->best == RACE_RATES - 1;
	enum role role = racer->rank == 1 ? ROLE_SELECTED : ROLE_TEXT;
	char number[NUMBER_SIZE], line[80];

	pager_text(pager, NAME, role, strategy_name(id));
	write_rules(scope, id, pager);
	if (racer->refused) {
		pager_line(pager, EXCESS, ROLE_DIM, racer->why);
		return;
	}
	if (race->seeds > 0) {
		snprintf(line, sizeof line, "%d", racer->rank);
		pager_text(pager, RANK, role, line);
		pager_text(pager, EXCESS, role, figure(number, racer->best_excess.median, 2, 6));
		write_range(pager, at->excess_range, at->loss, &racer->best_excess, 2);
		pager_text(pager, at->loss, ROLE_TEXT, figure(number, racer->best_loss.median, 3, 6));
		write_range(pager, at->loss_range, at->rate, &racer->best_loss, 3);
		snprintf(line, sizeof line, "%s%s",
			 number_short(number, race->rates[racer->best], 2, 5), ends ? "*" : "");
		pager_text(pager, at->rate, ROLE_TEXT, line);
	}
	pager->line++;
}

/* "12 of 315 runs"; with a bar that says the same. */
static void write_progress(const struct race *race, struct pager *pager)
{
	const char *unit = n_("update", "updates", race->updates);
	char line[sizeof race->why.text + 100];
	int row, width = 30;

	if (race->state == RACE_DONE)
		snprintf(line, sizeof line,
			 _("%d runs of %lld %s: median and range of %d seeds at the best of %d "
			   "rates"), race->total, (long long)race->updates, unit, RACE_SEEDS,
			 RACE_RATES);
	else if (race->state == RACE_STOPPED && race->why.kind != ERROR_NONE)
		snprintf(line, sizeof line, _("stopped after %d of %d runs: %s"), race->done,
			 race->total, race->why.text);
	else
		snprintf(line, sizeof line, race->state == RACE_STOPPED
				? _("stopped after %d of %d runs of %lld %s; r goes on")
				: _("%d of %d runs of %lld %s; x stops"),
			 race->done, race->total, (long long)race->updates, unit);
	pager_wrapped(pager, 0, ROLE_TEXT, line);
	if (race->state == RACE_DONE)
		return;
	row = pager_row(pager);
	if (row >= 0) {
		int done = race->done * width / race->total;

		canvas_fill(pager->canvas, pager->area.x + 1, row, done, 1, '#', ROLE_CURVE);
		canvas_fill(pager->canvas, pager->area.x + 1 + done, row, width - done, 1, '.',
			    ROLE_DIM);
	}
	pager_blank(pager);
}

static void write_grid(const struct race *race, struct pager *pager)
{
	char low[NUMBER_SIZE], high[NUMBER_SIZE], limit[NUMBER_SIZE], line[300];

	number_short(low, race->rates[0], 2, 7);
	number_short(high, race->rates[RACE_RATES - 1], 2, 7);
	if (race->has_limit)
		snprintf(line, sizeof line,
			 _("Peak rates tried: %s to %s, beyond the largest stable rate, %s. All strategies have the same budget and are fitted to the run; "
			   "ranked by excess, the training loss above the least-squares floor."),
			 low, high, number_short(limit, race->limit, 3, 7));
	else
		snprintf(line, sizeof line,
			 _("Peak rates tried: %s to %s. All strategies have the same budget and are "
			   "fitted to the run; ranked by excess, the training loss above the "
			   "least-squares floor."), low, high);
	pager_wrapped(pager, 0, ROLE_DIM, line);
}

void write_race(const struct scope *scope, struct pager *pager, int *current)
{
	const struct race *race = &scope->race;
	enum strategy_id order[STRATEGY_COUNT];
	int count = race_order(race, order);
	struct text text;

	(void)current;
	if (race->state == RACE_NONE) {
		pager_wrapped(pager, 0, ROLE_TEXT,
			_("No race for this study yet: r tunes the peak rate of every strategy on this "
			  "problem and lets them run, five seeds each."));
		return;
	}
	if (scope->viewpoint.curtain) {
		pager_wrapped(pager, 0, ROLE_TEXT,
			_("A curtain is drawn over how runs end: guess first. Space lifts it, on the main page."));
		return;
	}
	write_progress(race, pager);
	write_head(pager);
	for (int k = 0; k < count; k++)
		write_racer(scope, order[k], pager);
	pager_blank(pager);
	text_init(&text);
	race_words(race, &scope->wizard, &text);
	pager_wrapped(pager, 0, ROLE_TEXT, text.bytes);
	text_done(&text);
	pager_blank(pager);
	write_grid(race, pager);
}
