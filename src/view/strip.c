/* All strategies, each with the excess that it reaches on this problem. */
#include <math.h>
#include <stdio.h>

#include "base/language.h"
#include "base/number.h"
#include "view/panel.h"

static void write_reach(const struct scope *scope, int i, int digits, int columns,
			char out[NUMBER_SIZE])
{
	const struct reach *reach = &scope->results.reach[i];
	double median = isnan(reach->before) ? reach->median : reach->before;

	if (scope_hides_reach(scope, (enum strategy_id)i))
		snprintf(out, NUMBER_SIZE, "?");
	else if (reach->refused)
		snprintf(out, NUMBER_SIZE, "-");
	else if (isnan(median))
		snprintf(out, NUMBER_SIZE, "..");
	else if (!isfinite(median) || median > 1e99)
		snprintf(out, NUMBER_SIZE, _("lost"));
	else
		number_short(out, median, digits, columns);
}

static enum role strip_role(const struct scope *scope, enum strategy_id id)
{
	return id == scope->study.now.schedule.node[0].strategy ? ROLE_SELECTED : ROLE_TEXT;
}

/* Columns of one entry: number and name, in two rows at least a value's room; brackets or blanks
 * round it. Hangs on the names alone, so that nothing moves while values come in. */
static int width_of(struct area area, enum strategy_id id)
{
	int width;

	if (area.rows < 2)
		return text_width(strategy_short(id)) + (area.columns >= 76 ? 8 : 3);
	width = text_width(strategy_name(id)) + 4;
	return (width < 10 ? 10 : width) + (area.columns >= 118 ? 1 : 0);
}

/* Column where strategy `id` starts. */
static int start_of(struct area area, int id)
{
	int x = area.x + (area.rows >= 2 ? 1 : 0);

	for (int i = 0; i < id; i++)
		x += width_of(area, (enum strategy_id)i);
	return x;
}

int strip_at(struct area area, int x)
{
	for (int i = 0; i < STRATEGY_COUNT; i++)
		if (x >= start_of(area, i) && x < start_of(area, i + 1))
			return i;
	return -1;
}

/* " 6 onecycle " or "[6 onecycle]", and below it the value. */
static void draw_wide(const struct scope *scope, struct canvas *canvas, struct area area)
{
	enum strategy_id front = scope->study.now.schedule.node[0].strategy;
	char text[64], value[NUMBER_SIZE];
	int x, width, seeds = 0;

	for (int i = 0; i < STRATEGY_COUNT; i++) {
		enum role role = strip_role(scope, (enum strategy_id)i);

		x = start_of(area, i);
		snprintf(text, sizeof text, i == (int)front ? "[%d %s]" : " %d %s ", i,
			 strategy_name((enum strategy_id)i));
		canvas_text(canvas, x, area.y, area.x + area.columns - x, role, text);
		write_reach(scope, i, 2, 7, value);
		canvas_text(canvas, x + 3, area.y + 1, area.x + area.columns - x - 3, ROLE_TEXT, value);
		if (scope->results.reach[i].seeds > seeds)
			seeds = scope->results.reach[i].seeds;
	}
	x = start_of(area, STRATEGY_COUNT);
	width = area.x + area.columns - x - 2;
	canvas_text(canvas, x + 2, area.y, width, ROLE_DIM, _("excess at the end"));
	if (seeds == 1)
		canvas_text(canvas, x + 2, area.y + 1, width, ROLE_DIM, _("first seed"));
	else
		canvas_textf(canvas, x + 2, area.y + 1, width, ROLE_DIM, _("median of %d seeds"),
			     seeds ? seeds : REACH_SEEDS);
}

static void draw_narrow(const struct scope *scope, struct canvas *canvas, struct area area)
{
	bool values = area.columns >= 76;
	char text[64], value[NUMBER_SIZE];

	for (int i = 0; i < STRATEGY_COUNT; i++) {
		enum strategy_id id = (enum strategy_id)i;
		bool front = id == scope->study.now.schedule.node[0].strategy;
		int x = start_of(area, i);

		write_reach(scope, i, 1, 4, value);
		snprintf(text, sizeof text, "%c%d%s", front ? '[' : ' ', i, strategy_short(id));
		x += canvas_text(canvas, x, area.y, area.x + area.columns - x,
				 strip_role(scope, id), text);
		snprintf(text, sizeof text, "%s%s%c", values ? " " : "", values ? value : "",
			 front ? ']' : ' ');
		canvas_text(canvas, x, area.y, area.x + area.columns - x, ROLE_TEXT, text);
		if (front && !values)
			paint_right(canvas, area.x + area.columns, area.y, 8, ROLE_TEXT, value);
	}
}

void draw_strip(const struct scope *scope, struct canvas *canvas, struct area area)
{
	if (area.rows >= 2)
		draw_wide(scope, canvas, area);
	else
		draw_narrow(scope, canvas, area);
}
