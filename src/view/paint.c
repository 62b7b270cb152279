#include "view/paint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"

/* ---- rows of pieces ---- */

struct piece *pieces_add(struct pieces *pieces, int weight, enum role role, const char *format, ...)
{
	static const int last = PIECES_MOST - 1;
	struct piece *piece = &pieces->piece[pieces->count < last ? pieces->count : last];
	va_list arguments;

	*piece = (struct piece){.role = role, .weight = weight};
	va_start(arguments, format);
	vsnprintf(piece->text, sizeof piece->text, format, arguments);
	va_end(arguments);
	if (pieces->count < PIECES_MOST)
		pieces->count++;
	return piece;
}

void pieces_add_mark(struct pieces *pieces, int weight, const char *mark, enum role role, const char *name)
{
	struct piece *piece = pieces_add(pieces, weight, ROLE_TEXT, "%s %s", mark, name);

	piece->head = (int)strlen(mark);
	piece->head_role = role;
}

/* Index of the lightest piece that is not left out; -1: none. */
static int lightest_of(const struct pieces *pieces)
{
	int lightest = -1;

	for (int i = 0; i < pieces->count; i++)
		if (pieces->piece[i].weight >= 0 &&
		    (lightest < 0 || pieces->piece[i].weight <= pieces->piece[lightest].weight))
			lightest = i;
	return lightest;
}

int pieces_choose(struct pieces *pieces, int columns, int gap)
{
	int widths[PIECES_MOST], width = -gap, lightest;

	for (int i = 0; i < pieces->count; i++) {
		widths[i] = text_width(pieces->piece[i].text) + gap;
		if (pieces->piece[i].weight >= 0)
			width += widths[i];
	}
	while ((lightest = lightest_of(pieces)) >= 0) {
		if (width <= columns)
			return width;
		width -= widths[lightest];
		pieces->piece[lightest].weight = -1;
	}
	return 0;
}

static void draw_piece(const struct piece *piece, struct canvas *canvas, int x, int y, int columns)
{
	char head[PIECE_SIZE];
	int used;

	if (piece->head <= 0 || (size_t)piece->head >= sizeof head) {
		canvas_text(canvas, x, y, columns, piece->role, piece->text);
		return;
	}
	snprintf(head, sizeof head, "%.*s", piece->head, piece->text);
	used = canvas_text(canvas, x, y, columns, piece->head_role, head);
	canvas_text(canvas, x + used, y, columns - used, piece->role, piece->text + strlen(head));
}

void pieces_draw(const struct pieces *pieces, struct canvas *canvas, int x, int y, int columns,
		 int gap)
{
	int end = x + columns;

	for (int i = 0; i < pieces->count && x < end; i++) {
		if (pieces->piece[i].weight < 0)
			continue;
		draw_piece(&pieces->piece[i], canvas, x, y, end - x);
		x += text_width(pieces->piece[i].text) + gap;
	}
}

/* ---- titles ---- */

int paint_title(struct canvas *canvas, struct area area, enum role role, const char *title)
{
	int used, most = area.columns - 4;

	if (area.columns < 6 || area.rows < 1)
		return 0;
	used = canvas_text(canvas, area.x + 2, area.y - 1, most, role, title);
	canvas_put(canvas, area.x + 1, area.y - 1, ' ', ROLE_FRAME);
	canvas_put(canvas, area.x + 2 + used, area.y - 1, ' ', ROLE_FRAME);
	return most - used - 2;
}

void paint_title_right(struct canvas *canvas, struct area area, int columns, struct pieces *pieces)
{
	int width = pieces_choose(pieces, columns - 2, 2), x = area.x + area.columns - 2 - width;

	if (width < 1 || columns < 3)
		return;
	canvas_fill(canvas, x - 1, area.y - 1, width + 2, 1, ' ', ROLE_FRAME);
	pieces_draw(pieces, canvas, x, area.y - 1, width, 2);
}

void paint_right(struct canvas *canvas, int end, int y, int columns, enum role role,
		 const char *text)
{
	int width = text_width(text);

	if (width > columns)
		width = columns;
	if (width > 0)
		canvas_text(canvas, end - width, y, width, role, text);
}

int paint_cut(struct canvas *canvas, int x, int y, int columns, enum role role, const char *text)
{
	if (text_width(text) <= columns || columns < 1)
		return canvas_text(canvas, x, y, columns, role, text);
	canvas_text(canvas, x, y, columns - 1, role, text);
	canvas_put(canvas, x + columns - 1, y, '>', ROLE_DIM);
	return columns;
}

/* ---- pages ---- */

int pager_row(const struct pager *pager)
{
	int row = pager->line - pager->scroll;

	if (!pager->canvas || row < 0 || row >= pager->area.rows)
		return -1;
	return pager->area.y + row;
}

void pager_text(const struct pager *pager, int indent, enum role role, const char *text)
{
	int row = pager_row(pager), columns = pager->area.columns - 2 - indent;

	if (row < 0 || columns < 1)
		return;
	paint_cut(pager->canvas, pager->area.x + 1 + indent, row,
		  text_width(text) <= columns ? columns : columns + 1, role, text);
}

static void draw_line(struct pager *pager, int indent, enum role role, const char *text,
		      size_t length)
{
	char line[1024];

	snprintf(line, sizeof line, "%.*s", (int)(length < sizeof line ? length : sizeof line - 1),
		 text);
	pager_text(pager, indent, role, line);
	pager->line++;
}

void pager_blank(struct pager *pager)
{
	pager->line++;
}

void pager_item(struct pager *pager, int indent, int width, const struct item *item, int *current)
{
	enum role role = item->in_hand ? ROLE_SELECTED : ROLE_TEXT;
	int x = pager->area.x + 1, row = pager_row(pager);

	if (item->in_hand)
		*current = pager->line;
	if (row >= 0 && item->in_hand)
		canvas_put(pager->canvas, x, row, '>', role);
	if (row >= 0)
		canvas_text(pager->canvas, x + indent, row, width, role, item->name);
	pager_text(pager, indent + width + 1, role, item->about);
	pager->line++;
}

/* Lines as they are, cut at the edge; a tab stands for four blanks. */
void pager_line(struct pager *pager, int indent, enum role role, const char *text)
{
	char line[1024];
	size_t used, length;

	do {
		length = strcspn(text, "\n");
		used = 0;
		for (size_t i = 0; i < length && used + 5 < sizeof line; i++) {
			if (text[i] == '\t')
				do
					line[used++] = ' ';
				while (used % 4);
			else if (text[i] != '\r')
				line[used++] = text[i];
		}
		draw_line(pager, indent, role, line, used);
		text += length;
	} while (*text++ == '\n' && *text);
}

/* Bytes of the longest head that ends at a blank and fits; a longer word is cut. */
static size_t wrapped_length(const char *text, size_t length, int columns)
{
	char head[2048];
	size_t fit, cut;

	snprintf(head, sizeof head, "%.*s", (int)(length < sizeof head ? length : sizeof head - 1),
		 text);
	fit = text_fit(head, columns);
	if (fit >= length)
		return length;
	for (cut = fit; cut > 0 && text[cut] != ' '; cut--)
		;
	if (cut > 0)
		return cut;
	return fit > 0 ? fit : 1;
}

void pager_wrapped(struct pager *pager, int indent, enum role role, const char *text)
{
	int columns = pager->area.columns - 2 - indent;
	size_t paragraph, length;

	if (columns < 1)
		return;
	for (;;) {
		paragraph = strcspn(text, "\n");
		if (paragraph == 0)
			pager_blank(pager);
		while (paragraph > 0) {
			length = wrapped_length(text, paragraph, columns);
			draw_line(pager, indent, role, text, length);
			text += length;
			paragraph -= length;
			while (paragraph > 0 && *text == ' ') {
				text++;
				paragraph--;
			}
		}
		if (*text != '\n' || !text[1])
			return;
		text++;
	}
}

void pager_position(const struct pager *pager, int lines)
{
	char text[80];
	struct area area = pager->area;
	int last = pager->scroll + area.rows, width;

	if (!pager->canvas || lines <= area.rows)
		return;
	snprintf(text, sizeof text, _(" %d-%d of %d "), pager->scroll + 1,
		 last < lines ? last : lines, lines);
	width = text_width(text);
	canvas_text(pager->canvas, area.x + area.columns - 1 - width, area.y + area.rows, width,
		    ROLE_FRAME, text);
}
