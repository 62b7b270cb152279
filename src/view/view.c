#include "view/view.h"

#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "study/lesson.h"
#include "view/panel.h"

void view_least(int *columns, int *rows)
{
	*columns = LEAST_COLUMNS;
	*rows = LEAST_ROWS;
}

bool view_fits(int columns, int rows)
{
	return columns >= LEAST_COLUMNS && rows >= LEAST_ROWS;
}

/* ---- the main screen ---- */

static panel_draw *const panels[PLACE_COUNT] = {
	[PLACE_HEADER] = draw_header,	  [PLACE_STRIP] = draw_strip,
	[PLACE_DIALS] = draw_dials,	  [PLACE_BOX] = draw_box,
	[PLACE_RATE] = draw_rate,	  [PLACE_LOSS] = draw_loss,
	[PLACE_SECOND] = draw_second_loss, [PLACE_READINGS] = draw_readings,
	[PLACE_VERDICT] = draw_verdict,	  [PLACE_KEYS] = draw_keys,
	[PLACE_LESSON] = draw_lesson,
};

static bool is_there(struct area area)
{
	return area.columns > 0 && area.rows > 0;
}

static void draw_frames(const struct layout *layout, struct canvas *canvas)
{
	for (int i = 0; i < PLACE_COUNT; i++)
		if (layout_is_framed((enum place)i) && is_there(layout->area[i]))
			canvas_box(canvas, layout_frame(layout->area[i]), ROLE_FRAME);
}

/* Epoch labels belong under the lowest plot. */
static void draw_time(const struct scope *scope, const struct layout *layout,
		      struct canvas *canvas)
{
	struct area panel = is_there(layout->area[PLACE_SECOND]) ? layout->area[PLACE_SECOND]
								 : layout->area[PLACE_LOSS];
	struct plot plot = {canvas, plot_area(panel, scope->viewpoint.show_momentum)};
	struct window window;

	if (window_of(&window, scope, plot_columns(&plot)))
		draw_epochs(canvas, panel, plot.area, &window);
}

static struct layout main_layout(const struct scope *scope, int columns, int rows)
{
	bool wants_box = !scope->viewpoint.presentation;

	return scope->play ? layout_lesson(columns, rows, wants_box)
			   : layout_main(columns, rows, wants_box);
}

static void draw_main(const struct scope *scope, struct canvas *canvas)
{
	struct layout layout = main_layout(scope, canvas->columns, canvas->rows);

	draw_frames(&layout, canvas);
	for (int i = 0; i < PLACE_COUNT; i++)
		if (panels[i] && is_there(layout.area[i]))
			panels[i](scope, canvas, layout.area[i]);
	draw_time(scope, &layout, canvas);
	if (scope->viewpoint.presentation)
		project_strengthen(canvas);
}

/* ---- pages ---- */

/* What `show` told, in more lines than one. */
static void write_shown(const struct scope *scope, struct pager *pager, int *current)
{
	const char *at = scope->viewpoint.shown;
	struct text line;

	(void)current;
	text_init(&line);
	while (at && *at) {
		size_t length = strcspn(at, "\n");

		text_clear(&line);
		text_add_bytes(&line, at, length);
		pager_wrapped(pager, 1, ROLE_TEXT, line.bytes);
		at += length + (at[length] == '\n');
	}
	text_done(&line);
}

static page_write *const pages[PAGE_COUNT] = {
	[PAGE_HELP] = write_help,     [PAGE_STRATEGY] = write_strategy_page,
	[PAGE_CODE] = write_code,     [PAGE_SCENES] = write_scenes,
	[PAGE_CHOICES] = write_choices, [PAGE_RACE] = write_race,
	[PAGE_LESSONS] = write_lessons, [PAGE_LESSON] = write_lesson,
	[PAGE_SHOWN] = write_shown,
};

const char *page_title(const struct scope *scope)
{
	switch (scope->viewpoint.page) {
	case PAGE_STRATEGY:
		return strategy_title(scope_about(scope));
	case PAGE_RACE:
		return _("race: every strategy at its best rate");
	case PAGE_CODE:
		return _("code");
	case PAGE_SCENES:
		return _("scenes");
	case PAGE_LESSONS:
		return _("lessons");
	case PAGE_LESSON:
		return scope->play ? scope->play->lesson.title : _("no lesson is open");
	case PAGE_SHOWN:
		return _("show");
	case PAGE_CHOICES:
		return selected_dial(scope).parameter->name;
	default:
		return _("help");
	}
}

/* Lines of the page, and how far it is scrolled: as asked, as far as there are lines, and so that the
 * current line is seen. */
static int page_scroll(const struct scope *scope, struct area area, int *lines)
{
	struct pager pager = {NULL, area, 0, 0};
	int scroll = scope->viewpoint.scroll, current = -1;

	pages[scope->viewpoint.page](scope, &pager, &current);
	*lines = pager.line;
	if (current >= 0 && scroll > current)
		scroll = current;
	if (current >= 0 && scroll <= current - area.rows)
		scroll = current - area.rows + 1;
	if (scroll > *lines - area.rows)
		scroll = *lines - area.rows;
	return scroll < 0 ? 0 : scroll;
}

static void draw_page(const struct scope *scope, struct canvas *canvas)
{
	struct layout layout = layout_page(canvas->columns, canvas->rows);
	struct area body = layout.area[PLACE_BODY];
	struct pager pager = {canvas, body, 0, 0};
	int lines, current = -1;

	pager.scroll = page_scroll(scope, body, &lines);
	draw_frames(&layout, canvas);
	draw_header(scope, canvas, layout.area[PLACE_HEADER]);
	paint_title(canvas, body, ROLE_TITLE, page_title(scope));
	pages[scope->viewpoint.page](scope, &pager, &current);
	pager_position(&pager, lines);
	draw_verdict(scope, canvas, layout.area[PLACE_VERDICT]);
	draw_keys(scope, canvas, layout.area[PLACE_KEYS]);
	canvas->cursor_x = body.x + 1;
	canvas->cursor_y = body.y + (current >= 0 ? current - pager.scroll : 0);
}

static bool is_page(const struct scope *scope)
{
	return scope->viewpoint.page < PAGE_COUNT && pages[scope->viewpoint.page];
}

int view_scroll_most(const struct scope *scope, int columns, int rows)
{
	struct layout layout = layout_page(columns, rows);
	int lines;

	if (layout.fits && scope->viewpoint.page == PAGE_WIZARD)
		return wizard_scroll_most(scope, columns, rows);
	if (!layout.fits || !is_page(scope))
		return 0;
	page_scroll(scope, layout.area[PLACE_BODY], &lines);
	lines -= layout.area[PLACE_BODY].rows;
	return lines < 0 ? 0 : lines;
}

void view_draw(const struct scope *scope, struct canvas *canvas)
{
	canvas_clear(canvas);
	if (!view_fits(canvas->columns, canvas->rows)) {
		draw_too_small(canvas);
		return;
	}
	if (scope->viewpoint.page == PAGE_WIZARD)
		draw_wizard(scope, canvas);
	else if (is_page(scope))
		draw_page(scope, canvas);
	else
		draw_main(scope, canvas);
	draw_prompt(scope, canvas);
}

/* ---- the mouse ---- */

static bool has(struct area area, int x, int y)
{
	return x >= area.x && y >= area.y && x < area.x + area.columns && y < area.y + area.rows;
}

static bool click_plot(const struct scope *scope, struct area panel, int x, char *line, size_t size)
{
	struct area dots = plot_area(panel, scope->viewpoint.show_momentum);
	struct window window;
	int64_t from, to;

	if (!window_of(&window, scope, dots.columns) || x < dots.x || x >= dots.x + dots.columns ||
	    !lane_has_curve(&scope->results.now))
		return false;
	window_edges(&window, &scope->results.now, x - dots.x, &from, &to);
	return snprintf(line, size, "cursor %lld", (long long)from) < (int)size;
}

/* A row of a list: taken in hand, or chosen if it is in hand already. */
static bool click_list(const struct scope *scope, struct area body, int y, char *line, size_t size)
{
	int choice = scope->viewpoint.choice, lines, row, count = scene_count;

	row = y - body.y + page_scroll(scope, body, &lines);
	if (scope->viewpoint.page == PAGE_LESSONS)
		count = lesson_file_count;
	if (scope->viewpoint.page == PAGE_CHOICES)
		for (count = 0; scope_choice(scope, count);)
			count++;
	if (row < 0 || row >= count)
		return false;
	if (row == choice)
		return snprintf(line, size, "edit") < (int)size;
	return snprintf(line, size, "scroll %d", row - choice) < (int)size;
}

bool view_click(const struct scope *scope, int columns, int rows, int x, int y, char *line,
		size_t size)
{
	struct layout layout = main_layout(scope, columns, rows);
	const struct area *area = layout.area;
	struct dial dials[STUDY_DIALS];
	int index, strategy;

	if (!layout.fits || size == 0)
		return false;
	if (page_is_list(scope->viewpoint.page)) {
		struct area body = layout_page(columns, rows).area[PLACE_BODY];

		return has(body, x, y) && click_list(scope, body, y, line, size);
	}
	if (scope->viewpoint.page == PAGE_WIZARD)
		return click_wizard(scope, columns, rows, x, y, line, size);
	if (scope->viewpoint.page != PAGE_MAIN)
		return false;
	if (has(area[PLACE_STRIP], x, y)) {
		strategy = strip_at(area[PLACE_STRIP], x);
		return strategy >= 0 &&
		       snprintf(line, size, "strategy %s",
				strategy_name((enum strategy_id)strategy)) < (int)size;
	}
	if (has(area[PLACE_DIALS], x, y)) {
		index = dial_at(scope, area[PLACE_DIALS], y - area[PLACE_DIALS].y);
		if (index < 0 || index >= (int)study_dials(&scope->study, dials))
			return false;
		return snprintf(line, size, "select %s", dials[index].parameter->name) < (int)size;
	}
	for (int i = PLACE_RATE; i <= PLACE_SECOND; i++)
		if (has(area[i], x, y))
			return click_plot(scope, area[i], x, line, size);
	return false;
}
