/* Figures at the cursor, each as wide as it gets, so that what follows stays where it is while a dial
 * turns; and the sentence below them: the answer to a command, or the verdict. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "view/panel.h"

static const char *figure(char out[NUMBER_SIZE], double number)
{
	return number_short(out, number, 3, 7);
}

/* At the end no update comes any more: what is read is the rate of the last one. A part of the full batch's
 * limit is left out in small batches, for it may be too much. */
static struct reading with_last_rate(const struct scope *scope)
{
	struct reading reading = scope->reading;

	if (isnan(reading.rate.lr)) {
		reading.rate = reading.last;
		reading.limit_share = reading.last_share;
	}
	if (scope->results.now.limit.approximate && !(reading.limit_share > 1))
		reading.limit_share = NAN;
	return reading;
}

/* How much is said beside the present run's excess: what comes later gives way first. */
enum words { FIGURES_ALONE, WITH_LIMIT, WITH_GHOST, WITH_GHOST_NAME };

static void add_rate(const struct reading *reading, enum words words, struct pieces *pieces)
{
	char number[NUMBER_SIZE], share[32] = "";

	if (isnan(reading->rate.lr))
		return;
	if (words >= WITH_LIMIT && reading->limit_share >= 0.005 && reading->limit_share < 100)
		snprintf(share, sizeof share, _(" (%.0f%% of limit)"), reading->limit_share * 100);
	pieces_add(pieces, 90, reading->limit_share > 1 ? ROLE_ALARM : ROLE_TEXT, "lr %-6s%s",
		   figure(number, reading->rate.lr), share);
	if (isfinite(reading->rate.momentum) && reading->rate.momentum != 0) {
		pieces_add(pieces, 40, ROLE_TEXT, _("momentum %s"),
			   figure(number, reading->rate.momentum));
		if (isfinite(reading->effective_lr))
			pieces_add(pieces, 35, ROLE_TEXT, _("effective lr %s"),
				   figure(number, reading->effective_lr));
	}
}

/* The figure that is looked for most: beside the ghost's where there is room. */
#define EXCESS_WEIGHT 85

/* Beyond numbers: a run that is lost, or one that has not come (or is not shown) so far. */
static const char *excess_figure(char out[NUMBER_SIZE], const struct scope *scope,
				 const struct lane *lane, const struct reading *reading)
{
	int64_t lost = lane->record.first_nonfinite, head = scope->viewpoint.playhead;

	if (isfinite(reading->excess))
		return figure(out, reading->excess);
	return lost >= 0 && reading->update >= lost && (head < 0 || reading->update <= head)
		       ? _("lost") : "..";
}

static void add_losses(const struct scope *scope, enum words words, struct pieces *pieces)
{
	const struct reading *reading = &scope->reading;
	char number[NUMBER_SIZE], ghost[NUMBER_SIZE], name[80];

	if (scope->viewpoint.curtain)
		return;
	if (words >= WITH_GHOST && scope->has_ghost_reading) {
		ghost_name(scope, name, sizeof name);
		pieces_add(pieces, EXCESS_WEIGHT, ROLE_TEXT, _("excess %-7s (%-6s %s)"),
			   excess_figure(number, scope, &scope->results.now, reading),
			   words == WITH_GHOST_NAME && strlen(name) <= 12 ? name : _("ghost"),
			   excess_figure(ghost, scope, &scope->results.ghost,
					 &scope->ghost_reading));
	} else {
		pieces_add(pieces, EXCESS_WEIGHT, ROLE_TEXT, _("excess %-7s"),
			   excess_figure(number, scope, &scope->results.now, reading));
	}
	if (isfinite(reading->training_loss) || isinf(reading->training_loss))
		pieces_add(pieces, 50, ROLE_TEXT, _("train %s"),
			   figure(number, reading->training_loss));
	if (isfinite(reading->validation_loss) || isinf(reading->validation_loss))
		pieces_add(pieces, 60, ROLE_TEXT, _("val %s"),
			   figure(number, reading->validation_loss));
	if (isfinite(reading->batch_loss))
		pieces_add(pieces, 30, ROLE_TEXT, _("batch loss %s"),
			   figure(number, reading->batch_loss));
}

static void choose(const struct scope *scope, enum words words, int columns, struct pieces *pieces)
{
	struct reading reading = with_last_rate(scope);

	pieces->count = 0;
	pieces_add(pieces, 95, ROLE_TEXT, _("step %lld"), (long long)scope->reading.update);
	pieces_add(pieces, 94, ROLE_TEXT, _("epoch %lld"), (long long)scope->reading.epoch);
	if (!curtain_hides_rate(scope, &scope->results.now))
		add_rate(&reading, words, pieces);
	add_losses(scope, words, pieces);
	pieces_choose(pieces, columns, 2);
}

static bool has_excess(const struct pieces *pieces)
{
	for (int i = 0; i < pieces->count; i++)
		if (pieces->piece[i].weight == EXCESS_WEIGHT)
			return true;
	return false;
}

void draw_readings(const struct scope *scope, struct canvas *canvas, struct area area)
{
	enum words words = WITH_GHOST_NAME;
	struct pieces pieces;

	if (!scope->has_reading)
		return;
	choose(scope, words, area.columns - 2, &pieces);
	while (!scope->viewpoint.curtain && !has_excess(&pieces) && words > FIGURES_ALONE)
		choose(scope, --words, area.columns - 2, &pieces);
	pieces_draw(&pieces, canvas, area.x + 1, area.y, area.columns - 2, 2);
}

/* Line ends become blanks; ">" in the last column where it is cut. */
static void draw_sentence(struct canvas *canvas, struct area area, int x, enum role role,
			  const char *text)
{
	char line[512];
	size_t length;

	snprintf(line, sizeof line, "%s", text);
	for (length = strlen(line); length > 0 && line[length - 1] == '\n'; length--)
		line[length - 1] = '\0';
	for (size_t i = 0; line[i]; i++)
		if (line[i] == '\n')
			line[i] = ' ';
	paint_cut(canvas, area.x + x, area.y, area.columns - x, role, line);
}

void draw_verdict(const struct scope *scope, struct canvas *canvas, struct area area)
{
	static const enum role roles[] = {
		[VERDICT_OPEN] = ROLE_DIM, [VERDICT_OK] = ROLE_GOOD,
		[VERDICT_NOTE] = ROLE_WARN, [VERDICT_ALARM] = ROLE_ALARM,
	};
	const struct viewpoint *viewpoint = &scope->viewpoint;
	enum verdict_level level = scope->verdict.level;

	if (viewpoint->message[0]) {
		draw_sentence(canvas, area, 1, viewpoint->message_is_error ? ROLE_ALARM : ROLE_TEXT,
			      viewpoint->message);
		return;
	}
	if (!scope->verdict.text[0] || viewpoint->page != PAGE_MAIN || viewpoint->curtain ||
	    level > VERDICT_ALARM)
		return;
	canvas_text(canvas, area.x + 1, area.y, 2, roles[level], verdict_marks[level]);
	draw_sentence(canvas, area, 4, ROLE_TEXT, scope->verdict.text);
}
