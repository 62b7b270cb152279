/* The rate over the run, with its limit, momentum beside it and the ghost behind. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/language.h"
#include "base/number.h"
#include "view/panel.h"

/* Momentum has its own scale at the right: all that the run has, widened to twentieths, and never
 * below 0 for momentum that is not. */
static struct scale momentum_scale(const struct lane *lane)
{
	struct rate low, high;

	lane_rates(lane, 0, lane->plan.updates, &low, &high);
	if (!isfinite(low.momentum) || !isfinite(high.momentum) || fabs(low.momentum) > 1e6 ||
	    fabs(high.momentum) > 1e6)
		return scale_of(0, 1, false);
	double bottom = floor(low.momentum * 20 - 0.01) / 20;
	if (low.momentum >= 0 && bottom < 0)
		bottom = 0;
	return scale_of(bottom, ceil(high.momentum * 20 + 0.01) / 20, false);
}

static void draw_right_scale(struct canvas *canvas, struct area panel, const struct scale *scale)
{
	struct tick ticks[PLOT_TICKS];
	int count = scale_ticks(scale, panel.rows, 5, ticks);

	for (int i = 0; i < count; i++)
		canvas_text(canvas, panel.x + panel.columns - PLOT_RIGHT_GUTTER + 1,
			    panel.y + ticks[i].row, PLOT_RIGHT_GUTTER - 1, ROLE_MOMENTUM,
			    ticks[i].label);
}

/* Plateau's memory at the cursor, in the words of its parameters. Who has put the cursor somewhere wants
 * it more than the limit, which stays the same. */
static void add_plateau(const struct scope *scope, struct pieces *pieces)
{
	const struct plateau_state *plateau = &scope->reading.plateau;
	int lift = scope->viewpoint.cursor >= 0 ? 24 : 0;
	char best[NUMBER_SIZE], next[NUMBER_SIZE];

	if (!scope->has_reading || !scope->reading.has_plateau)
		return;
	pieces_add(pieces, 75 + lift, ROLE_TEXT, _("bad epochs %.0f/%.0f"), plateau->bad_epochs,
		   plateau->patience);
	pieces_add(pieces, 70 + lift, ROLE_TEXT, _("next cut to %s"),
		   number_short(next, plateau->next_lr, 3, 6));
	if (isfinite(plateau->threshold))
		pieces_add(pieces, 55 + lift, ROLE_TEXT, _("better is below %s"),
			   number_short(best, plateau->threshold, 4, 6));
	if (plateau->cooldown > 0)
		pieces_add(pieces, 60 + lift, ROLE_TEXT, _("cooldown %.0f"), plateau->cooldown);
}

static void draw_title(const struct scope *scope, struct canvas *canvas, struct area area,
		       bool limit_seen)
{
	const struct limit *limit = &scope->results.now.limit;
	const struct viewpoint *viewpoint = &scope->viewpoint;
	struct pieces pieces;
	char number[NUMBER_SIZE], title[80];
	int room;

	pieces.count = 0;
	snprintf(title, sizeof title, _("rate"));
	if (viewpoint->to > 0 && lane_has_curve(&scope->results.now))
		snprintf(title, sizeof title, _("rate, steps %lld to %lld"),
			 (long long)viewpoint->from, (long long)viewpoint->to);
	room = paint_title(canvas, area, ROLE_TITLE, title);
	add_plateau(scope, &pieces);
	if (viewpoint->show_momentum)
		pieces_add(&pieces, 80, ROLE_MOMENTUM, "%s %s%s", canvas->ascii ? "~~~" : "\u2812 \u2812",
			   _("momentum"), area.columns >= 80 ? _(", right axis") : "");
	if (lane_has_curve(&scope->results.now) && limit->kind != LIMIT_NONE && isfinite(limit->lr))
		pieces_add(&pieces, 78, ROLE_LIMIT, limit_seen ? _("- - limit %s%s")
							       : _("limit %s above%s"),
			   number_short(number, limit->lr, 3, 8),
			   limit->approximate ? _(" (full batch)") : "");
	if (lane_has_curve(&scope->results.ghost) && !loss_has_ghost(scope) &&
	    !curtain_hides_rate(scope, &scope->results.ghost))
		add_ghost(scope, canvas->ascii, &pieces);
	pieces_add(&pieces, 90, ROLE_TEXT, viewpoint->rate_axis.log ? _("log") : _("linear"));
	paint_title_right(canvas, area, room, &pieces);
}

/* Twice: the first time counts the lines, which are blanked. */
static void draw_refusal(const struct scope *scope, struct canvas *canvas, struct area area)
{
	struct pager pager = {NULL, area, 0, 0};

	if (scope->results.now.state != LANE_REFUSED)
		return;
	for (int pass = 0; pass < 2; pass++) {
		pager_wrapped(&pager, 0, ROLE_ALARM, _("!! no run with this setting:"));
		pager_wrapped(&pager, 0, ROLE_TEXT, scope->results.now.why.text);
		if (pass == 0)
			canvas_fill(canvas, area.x, area.y, area.columns,
				    pager.line < area.rows ? pager.line : area.rows, ' ',
				    ROLE_TEXT);
		pager.canvas = canvas;
		pager.line = 0;
	}
}

bool curtain_hides_rate(const struct scope *scope, const struct lane *lane)
{
	return scope->viewpoint.curtain && lane_has_curve(lane) && lane->scheduler.needs_metric;
}

void draw_rate(const struct scope *scope, struct canvas *canvas, struct area area)
{
	const struct results *results = &scope->results;
	const struct viewpoint *viewpoint = &scope->viewpoint;
	struct plot plot = {canvas, plot_area(area, viewpoint->show_momentum)};
	struct point rates[PLOT_COLUMNS], momenta[PLOT_COLUMNS];
	struct pen now = {ROLE_CURVE, viewpoint->presentation ? PLOT_HEAVY : PLOT_SOLID, '#'};
	struct pen ghost = {ROLE_GHOST, PLOT_DOTTED, '.'};
	struct pen momentum = {ROLE_MOMENTUM, PLOT_DASHED, '~'};
	struct window window;
	struct scale scale, right;
	bool limit_seen = false;
	int64_t end = lane_has_curve(&results->now) && results->now.scheduler.needs_metric
			      ? viewpoint->playhead : -1;

	if (window_of(&window, scope, plot_columns(&plot))) {
		if (lane_has_curve(&results->now))
			rate_points(&window, &results->now, end, rates, momenta);
		else
			rate_points(&window, &results->ghost, -1, rates, NULL);
		scale = axis_scale(&viewpoint->rate_axis, rates, window.columns);
		draw_scale(canvas, area, &scale);
		if (lane_has_curve(&results->now) && results->now.limit.kind != LIMIT_NONE)
			limit_seen = plot_level(&plot, &scale, results->now.limit.lr, ROLE_LIMIT);
		plot_upright(&plot, window_column(&window, marked_update(scope)), ROLE_CURSOR);
		if (viewpoint->show_momentum && lane_has_curve(&results->now)) {
			right = momentum_scale(&results->now);
			draw_right_scale(canvas, area, &right);
			plot_curve(&plot, &right, momenta, &momentum);
		}
		if (lane_has_curve(&results->ghost) && !curtain_hides_rate(scope, &results->ghost)) {
			rate_points(&window, &results->ghost, -1, momenta, NULL);
			plot_curve(&plot, &scale, momenta, &ghost);
		}
		if (lane_has_curve(&results->now) && !curtain_hides_rate(scope, &results->now))
			plot_curve(&plot, &scale, rates, &now);
	}
	draw_refusal(scope, canvas, area);
	draw_title(scope, canvas, area, limit_seen);
}
