/* What the loss does under the schedule: excess, mini-batch or validation loss. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "view/panel.h"

static void write_loss_name(const struct scope *scope, enum loss_view view, bool wide, char *out,
			    size_t size)
{
	char number[NUMBER_SIZE];
	double floor = scope->results.problem.floor;

	switch (view) {
	case LOSS_BATCH:
		snprintf(out, size, wide ? _("mini-batch loss, mean of an epoch")
					 : _("batch loss, smoothed"));
		break;
	case LOSS_VALIDATION:
		snprintf(out, size, wide ? _("validation loss, all held-out rows")
					 : _("validation loss"));
		break;
	default:
		if (!scope->results.now.problem) {
			snprintf(out, size, wide ? _("excess train loss over its floor") : _("excess"));
			return;
		}
		snprintf(out, size, wide ? _("excess train loss over its floor %s")
					 : _("excess, floor %s"), number_short(number, floor, 3, 6));
	}
}

/* "34 %" while the run goes on. */
static void add_progress(const struct scope *scope, struct pieces *pieces)
{
	const struct lane *lane = &scope->results.now;

	if (lane->state == LANE_RUNNING && lane->plan.updates > 0)
		pieces_add(pieces, 95, ROLE_WARN, "%d %%",
			   (int)(100 * lane->record.updates / lane->plan.updates));
}

/* What is drawn beside the present run. */
struct beside {
	bool ghost, band;
};

static void add_legend(const struct scope *scope, const struct beside *beside, bool ascii, bool wide,
		       struct pieces *pieces)
{
	char name[80];

	if (!beside->ghost && !beside->band)
		return;
	now_name(&scope->study, wide, name, sizeof name);
	if (lane_has_curve(&scope->results.now))
		pieces_add_mark(pieces, 60, ascii ? "###" : "\u2812\u2812\u2812", ROLE_CURVE, name);
	if (beside->band)
		pieces_add_mark(pieces, 62, ascii ? ":::" : CURVE_DOTS, ROLE_BAND, _("spread"));
	if (beside->ghost)
		add_ghost(scope, ascii, pieces);
}

static void draw_title(const struct scope *scope, enum loss_view view, const struct beside *beside,
		       struct canvas *canvas, struct area area)
{
	const struct lane *lane = &scope->results.now;
	struct pieces pieces;
	char title[128];
	int room;

	pieces.count = 0;
	write_loss_name(scope, view, area.columns >= 80, title, sizeof title);
	room = paint_title(canvas, area, ROLE_TITLE, title);
	if (lane_has_curve(lane) && lane->record.first_nonfinite >= 0 &&
	    !scope_hides(scope, lane->record.first_nonfinite))
		pieces_add(&pieces, 99, ROLE_ALARM, _("diverged at step %lld"),
			   (long long)lane->record.first_nonfinite);
	add_progress(scope, &pieces);
	if (!scope->viewpoint.curtain)
		add_legend(scope, beside, canvas->ascii, area.columns >= 80, &pieces);
	pieces_add(&pieces, 90, ROLE_TEXT,
		   scope->viewpoint.loss_axis[view].log ? _("log") : _("linear"));
	paint_title_right(canvas, area, room, &pieces);
}

static void draw_curtain(struct canvas *canvas, struct area area)
{
	const char *text = _("curtain: guess what the loss does, then Space");

	if (text_width(text) > area.columns)
		text = _("guess the loss, then Space");
	canvas_text(canvas, area.x + (area.columns - text_width(text)) / 2, area.y + area.rows / 2,
		    area.columns, ROLE_TITLE, text);
}

/* The spread of the run would be taken for its ghost, and bury it. Of a mini-batch's loss it is what is
 * to be seen; of the excess it is drawn in a high panel, in dots, where no ghost is. */
static struct beside beside_of(const struct scope *scope, const struct plot *plot,
			       enum loss_view view, bool with_ghost)
{
	bool now = lane_has_curve(&scope->results.now);
	struct beside beside;

	beside.ghost = with_ghost && lane_has_curve(&scope->results.ghost) && loss_has_ghost(scope);
	beside.band = !beside.ghost && now &&
		      (view == LOSS_BATCH || (view == LOSS_EXCESS && plot->area.rows >= 12 &&
					      !plot->canvas->ascii));
	return beside;
}

static void draw_curves(const struct scope *scope, enum loss_view view, const struct beside *beside,
			const struct plot *plot, const struct window *window)
{
	const struct lane *now = &scope->results.now, *ghost = &scope->results.ghost;
	const struct viewpoint *viewpoint = &scope->viewpoint;
	struct point points[PLOT_COLUMNS], band[PLOT_COLUMNS];
	struct pen now_pen = {ROLE_CURVE, viewpoint->presentation ? PLOT_HEAVY : PLOT_SOLID, '#'};
	struct pen ghost_pen = {ROLE_GHOST, PLOT_DOTTED, '.'};
	struct pen band_pen = {ROLE_BAND, PLOT_FILL, ':'};
	struct area panel = plot->area;
	struct scale scale;
	int dots = plot->canvas->ascii ? 1 : 2;
	bool has_now = lane_has_curve(now);

	panel.x -= PLOT_GUTTER;
	if (has_now)
		loss_points(window, now, view, dots, viewpoint->playhead, points, band);
	else
		loss_points(window, ghost, view, dots, -1, points, band);
	scale = axis_scale(&viewpoint->loss_axis[view], points, window->columns);
	if (!viewpoint->curtain) /* how far the axis goes would tell */
		draw_scale(plot->canvas, panel, &scale);
	plot_upright(plot, window_column(window, marked_update(scope)), ROLE_CURSOR);
	if (viewpoint->curtain)
		return;
	if (beside->band)
		plot_curve(plot, &scale, band, &band_pen);
	if (beside->ghost) {
		loss_points(window, ghost, view, dots, -1, band, NULL);
		plot_curve(plot, &scale, band, &ghost_pen);
	}
	if (has_now)
		plot_curve(plot, &scale, points, &now_pen);
}

/* A sentence where there is no curve, though there is a run. */
static void draw_absence(const struct scope *scope, enum loss_view view, struct canvas *canvas,
			 struct area area)
{
	const struct lane *lane = &scope->results.now;
	struct area inside = plot_area(area, false);

	if (view == LOSS_VALIDATION && lane_has_curve(lane) && lane->plan.validation_rows == 0)
		canvas_text(canvas, inside.x + 1, area.y + area.rows / 2, inside.columns - 1,
			    ROLE_TEXT, _("no rows are held out: turn the dial validation"));
}

static void draw_view(const struct scope *scope, enum loss_view view, bool with_ghost,
		      struct canvas *canvas, struct area area)
{
	struct plot plot = {canvas, plot_area(area, scope->viewpoint.show_momentum)};
	struct beside beside = beside_of(scope, &plot, view, with_ghost);
	struct window window;

	if (window_of(&window, scope, plot_columns(&plot)))
		draw_curves(scope, view, &beside, &plot, &window);
	draw_absence(scope, view, canvas, area);
	if (scope->viewpoint.curtain)
		draw_curtain(canvas, area);
	draw_title(scope, view, &beside, canvas, area);
}

static enum loss_view view_of(const struct scope *scope)
{
	enum loss_view view = scope->viewpoint.loss_view;

	return view < LOSS_VIEWS ? view : LOSS_EXCESS;
}

void draw_loss(const struct scope *scope, struct canvas *canvas, struct area area)
{
	draw_view(scope, view_of(scope), true, canvas, area);
}

/* Beside what was asked for: how it does on rows that it was not trained on, or the excess. Of the run
 * alone; `x` brings it beside the ghost's. */
void draw_second_loss(const struct scope *scope, struct canvas *canvas, struct area area)
{
	draw_view(scope, view_of(scope) == LOSS_VALIDATION ? LOSS_EXCESS : LOSS_VALIDATION, false,
		  canvas, area);
}
