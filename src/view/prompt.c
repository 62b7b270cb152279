/* The line being typed, in the last row; what Tab offers, in a frame above it. */
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "view/panel.h"

/* Columns of the longest candidate; counts them. */
static int widest(const char *const *candidates, int *count)
{
	int width = 1, most = 1;

	for (*count = 0; candidates[*count]; ++*count) {
		width = text_width(candidates[*count]);
		if (width > most)
			most = width;
	}
	return most;
}

static void draw_candidates(const struct viewpoint *viewpoint, struct canvas *canvas)
{
	int count, width = widest(viewpoint->candidates, &count) + 2;
	int columns, rows, most = canvas->rows - 6, shown;
	struct area area;

	if (count == 0 || canvas->columns < 8 || most < 1)
		return;
	if (width > canvas->columns - 4)
		width = canvas->columns - 4;
	columns = (canvas->columns - 4) / width;
	rows = (count + columns - 1) / columns;
	if (most > 8)
		most = 8;
	if (rows > most)
		rows = most;
	shown = rows * columns < count ? rows * columns : count;
	area = (struct area){1, canvas->rows - 2 - rows, canvas->columns - 2, rows};
	canvas_fill(canvas, 0, area.y - 1, canvas->columns, rows + 2, ' ', ROLE_TEXT);
	canvas_box(canvas, layout_frame(area), ROLE_FRAME);
	for (int i = 0; i < shown; i++)
		canvas_text(canvas, area.x + 1 + i / rows * width, area.y + i % rows, width - 2,
			    ROLE_TEXT, viewpoint->candidates[i]);
	if (shown < count)
		canvas_textf(canvas, area.x + 1, area.y + rows, area.columns - 2, ROLE_FRAME,
			     _(" %d more: type on "), count - shown);
}

/* Bytes at the start of `line` to leave out so that column `cursor` is seen. */
static const char *scrolled(const char *line, int columns, int *cursor)
{
	int hidden = *cursor - (columns - 1), gone;
	char head[8];
	uint32_t code;
	size_t size;

	for (gone = 0; gone < hidden && *line; line += size) {
		size = utf8_decode(line, strlen(line), &code);
		snprintf(head, sizeof head, "%.*s", (int)size, line);
		gone += text_width(head);
	}
	*cursor -= gone;
	return line;
}

void draw_prompt(const struct scope *scope, struct canvas *canvas)
{
	const struct viewpoint *viewpoint = &scope->viewpoint;
	int y = canvas->rows - 1, cursor = viewpoint->prompt_cursor, lead;
	char line[sizeof viewpoint->prompt_lead + sizeof viewpoint->prompt_text];
	const char *shown;

	if (!viewpoint->prompting || canvas->rows < 1 || canvas->columns < 1)
		return;
	if (viewpoint->candidates)
		draw_candidates(viewpoint, canvas);
	snprintf(line, sizeof line, "%s%s", viewpoint->prompt_lead, viewpoint->prompt_text);
	shown = scrolled(line, canvas->columns, &cursor);
	canvas_fill(canvas, 0, y, canvas->columns, 1, ' ', ROLE_TEXT);
	canvas_text(canvas, 0, y, canvas->columns, ROLE_TEXT, shown);
	if (shown == line) {
		lead = text_width(viewpoint->prompt_lead);
		canvas_text(canvas, 0, y, lead < canvas->columns ? lead : canvas->columns, ROLE_KEY,
			    viewpoint->prompt_lead);
	}
	canvas->cursor_x = cursor < 0 ? 0 : cursor < canvas->columns ? cursor : canvas->columns - 1;
	canvas->cursor_y = y;
}
