/* Figures of the screen by name: what lessons claim and what their goals ask for. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "study/evidence.h"
#include "study/lesson.h"

static const struct figure_row {
	const char *name;
	enum figure_kind kind;
	char after; /* what may follow: '@' an update, '.' which one; 0: nothing */
} rows[] = {
	{"excess", FIGURE_EXCESS, '@'},	       {"highest", FIGURE_HIGHEST, 0},
	{"limit", FIGURE_LIMIT, 0},	       {"floor", FIGURE_FLOOR, 0},
	{"updates", FIGURE_UPDATES, 0},	       {"batches", FIGURE_BATCHES, 0},
	{"validation_loss", FIGURE_VALIDATION, '@'}, {"rate", FIGURE_LR, '@'},
	{"cuts", FIGURE_CUTS, 0},	       {"cut", FIGURE_CUT, '.'},
	{"above_from", FIGURE_ABOVE_FROM, 0},  {"above_to", FIGURE_ABOVE_TO, 0},
	{"reach", FIGURE_REACH, '.'},	       {"strategy", FIGURE_STRATEGY, 0},
};
enum { ROWS = sizeof rows / sizeof *rows };

/* ---- names ---- */

static bool find_row(struct figure *figure, const char *name, char after)
{
	for (int k = 0; k < ROWS; k++)
		if (strcmp(rows[k].name, name) == 0 && (after == 0 || rows[k].after == after)) {
			figure->kind = rows[k].kind;
			return after != 0 || rows[k].after != '.';
		}
	return false;
}

static bool is_dial(const char *name)
{
	const struct parameter *parameters;

	if (training_find(name) >= 0)
		return true;
	for (int s = 0; s < STRATEGY_COUNT; s++) {
		unsigned count = strategy_parameters((enum strategy_id)s, &parameters);

		for (unsigned k = 0; k < count; k++)
			if (strcmp(parameters[k].name, name) == 0)
				return true;
	}
	return strcmp(name, "lr") == 0;
}

static bool refuse(const char *word, struct error *error)
{
	const char *known[ROWS];

	for (int k = 0; k < ROWS; k++)
		known[k] = rows[k].name;
	return error_unknown(error, _("figure or dial"), word, known, ROWS);
}

static bool read_after(struct figure *figure, char mark, const char *after, struct error *error)
{
	if (figure->kind == FIGURE_REACH) {
		for (int s = 0; s < STRATEGY_COUNT; s++)
			if (strcmp(after, strategy_names()[s]) == 0) {
				figure->strategy = s;
				return true;
			}
		return error_unknown(error, _("strategy"), after, strategy_names(),
				     STRATEGY_COUNT);
	}
	if (number_parse_integer(after, &figure->at) && figure->at >= (mark == '.') &&
	    figure->at <= 100000000)
		return true;
	return error_request(error, _("\"%s\" is not a number of %s"), after,
			     mark == '@' ? _("an update") : _("a cut, 1 and more"));
}

bool figure_parse(struct figure *figure, const char *word, struct error *error)
{
	const char *name = word;
	char head[32];
	size_t length;

	memset(figure, 0, sizeof *figure);
	figure->at = -1;
	if (strncmp(name, "ghost.", 6) == 0) {
		figure->of_ghost = true;
		name += 6;
	}
	length = strcspn(name, "@.");
	if (length == 0 || length >= sizeof head)
		return refuse(word, error);
	memcpy(head, name, length);
	head[length] = '\0';
	if (find_row(figure, head, name[length])) {
		if (figure->of_ghost && (figure->kind == FIGURE_REACH ||
					 figure->kind == FIGURE_STRATEGY))
			return error_request(error, _("\"%s\" is not a figure of a run"), word);
		return name[length] == '\0' ||
		       read_after(figure, name[length], name + length + 1, error);
	}
	if (name[length] != '\0' || figure->of_ghost || !is_dial(head))
		return refuse(word, error);
	figure->kind = FIGURE_DIAL;
	memcpy(figure->dial, head, length);
	return true;
}

/* ---- values ---- */

/* Epoch from which on plateau's rate is lower, the `which`-th time. */
static double cut_epoch(const struct lane *lane, int64_t which)
{
	const struct record *record = &lane->record;

	for (size_t k = 1; k < record->epoch_count; k++)
		if (record->rows[k].lr < record->rows[k - 1].lr && --which == 0)
			return (double)record->rows[k].epoch;
	return NAN;
}

static double reading_value(struct lane *lane, const struct figure *figure)
{
	struct reading reading;

	if (!lane_reading(lane, figure->at < 0 ? lane->plan.updates : figure->at, &reading))
		return NAN;
	if (figure->kind == FIGURE_EXCESS)
		return reading.excess;
	return figure->kind == FIGURE_VALIDATION ? reading.validation_loss : reading.rate.lr;
}

/* The rate of the last update, since none is in force at the end. */
static double rate_value(struct lane *lane, const struct figure *figure)
{
	struct figure last = *figure;

	if (last.at < 0 || last.at >= lane->plan.updates)
		last.at = lane->plan.updates - 1;
	return reading_value(lane, &last);
}

static double above_value(struct lane *lane, enum figure_kind kind)
{
	struct evidence look;
	int64_t at;

	if (lane->record.updates == 0)
		return NAN;
	evidence_of(&look, lane);
	at = kind == FIGURE_ABOVE_FROM ? look.above_from : look.above_to;
	return at < 0 ? NAN : (double)at;
}

static double lane_value(struct lane *lane, const struct figure *figure)
{
	if (lane->state != LANE_DONE)
		return NAN;
	switch (figure->kind) {
	case FIGURE_EXCESS:
	case FIGURE_VALIDATION:
		return reading_value(lane, figure);
	case FIGURE_LR:
		return rate_value(lane, figure);
	case FIGURE_HIGHEST:
		return lane->record.highest_excess;
	case FIGURE_LIMIT:
		return lane->limit.kind == LIMIT_NONE ? NAN : lane->limit.lr;
	case FIGURE_FLOOR:
		return lane->problem->floor;
	case FIGURE_UPDATES:
		return (double)lane->plan.updates;
	case FIGURE_BATCHES:
		return (double)lane->plan.batches;
	case FIGURE_CUTS:
		return (double)lane->record.cuts;
	case FIGURE_CUT:
		return cut_epoch(lane, figure->at);
	case FIGURE_ABOVE_FROM:
	case FIGURE_ABOVE_TO:
		return above_value(lane, figure->kind);
	default:
		return NAN;
	}
}

static double dial_value(const struct scope *scope, const char *name)
{
	struct dial dials[STUDY_DIALS];
	unsigned count = study_dials(&scope->study, dials);

	/* The peak, first of the dials, has two names. */
	if (strcmp(name, "lr") == 0 || strcmp(name, "max_lr") == 0)
		return scope_resolved(scope, &dials[0]);
	for (unsigned k = 0; k < count; k++)
		if (strcmp(dials[k].parameter->name, name) == 0)
			return scope_resolved(scope, &dials[k]);
	return NAN;
}

double figure_value(struct scope *scope, const struct figure *figure)
{
	const struct reach *reach;

	switch (figure->kind) {
	case FIGURE_REACH:
		reach = &scope->results.reach[figure->strategy];
		return reach->refused || reach->seeds < reach->wanted ? NAN : reach->median;
	case FIGURE_STRATEGY:
		return (double)scope->study.now.schedule.node[0].strategy;
	case FIGURE_DIAL:
		return dial_value(scope, figure->dial);
	default:
		return lane_value(figure->of_ghost ? &scope->results.ghost : &scope->results.now,
				  figure);
	}
}
