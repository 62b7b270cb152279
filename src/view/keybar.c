/* The key bar: labels of the key table, the weightiest, as many as fit. */
#include <string.h>

#include "base/language.h"
#include "view/panel.h"
#include "view/view.h"

static bool is_of_lesson(const struct key_row *row)
{
	return strncmp(row->command, "lesson ", 7) == 0 || strcmp(row->command, "page lesson") == 0;
}

/* Enter takes a row, where there are rows to take. */
static bool key_belongs(const struct scope *scope, const struct key_row *row)
{
	enum page page = scope->viewpoint.page;

	if (strncmp(row->command, "page ", 5) == 0 && page_words[page] != NULL &&
	    strcmp(row->command + 5, page_words[page]) == 0)
		return false; /* it is there */
	if (!scope->play && is_of_lesson(row))
		return false;
	if (row->page == KEYS_PAGES && strcmp(row->command, "edit") == 0 && !page_is_list(page))
		return false;
	return key_find(row->key, page) == row;
}

/* All but the last word are keys: "Up/Down dial", "[ ] cursor". */
static int key_length(const char *label)
{
	const char *blank = strrchr(label, ' ');

	return blank ? (int)(blank - label) : (int)strlen(label);
}

/* On a narrow screen the four arrows share a place, so that less obvious keys are seen. */
static const char *label_of(const struct scope *scope, const struct key_row *row, bool narrow)
{
	if (narrow && scope->viewpoint.page == PAGE_WIZARD && strcmp(row->key, "Right") == 0)
		return _("Arrows answer");
	if (narrow && scope->viewpoint.page == PAGE_WIZARD && strcmp(row->key, "Up") == 0)
		return "";
	if (scope->viewpoint.curtain && strcmp(row->command, "play") == 0)
		return _("Space lifts");
	if (!narrow || scope->viewpoint.page != PAGE_MAIN)
		return row->label;
	if (strcmp(row->key, "Up") == 0)
		return _("Arrows dial");
	return strcmp(row->key, "Right") == 0 ? "" : row->label;
}

/* A question waits for the key that answers it. */
static int weight_of(const struct scope *scope, const struct key_row *row)
{
	bool waits = scope->viewpoint.curtain || scope->play;

	return waits && strcmp(row->command, "play") == 0 ? 97 : row->weight;
}

/* A page is scrolled where it does not fit, and a list always has a row in hand. */
static bool key_has_use(const struct scope *scope, const struct key_row *row,
			const struct canvas *canvas)
{
	enum page page = scope->viewpoint.page;

	return strncmp(row->command, "scroll ", 7) != 0 || page_is_list(page) ||
	       view_scroll_most(scope, canvas->columns, canvas->rows) > 0;
}

static void collect(const struct scope *scope, const struct canvas *canvas, bool narrow,
		    struct pieces *pieces)
{
	struct piece *piece;
	const char *label;
	bool off;

	for (int i = 0; i < key_count; i++) {
		const struct key_row *row = &key_rows[i];

		label = label_of(scope, row, narrow);
		if (!label[0] || !key_belongs(scope, row) || !key_has_use(scope, row, canvas))
			continue;
		off = key_why_off(scope, row) != NULL;
		piece = pieces_add(pieces, weight_of(scope, row), off ? ROLE_DIM : ROLE_TEXT,
				   off ? "(%s)" : " %s ", label);
		piece->head = off ? 0 : 1 + key_length(label);
		piece->head_role = ROLE_KEY;
	}
}

/* What the first row has no room for goes into the second. */
void draw_keys(const struct scope *scope, struct canvas *canvas, struct area area)
{
	struct pieces all, row;

	all.count = 0;
	collect(scope, canvas, area.columns < 100, &all);
	for (int y = 0; y < area.rows; y++) {
		row = all;
		pieces_choose(&row, area.columns, 0);
		pieces_draw(&row, canvas, area.x, area.y + y, area.columns, 0);
		for (int i = 0; i < all.count; i++)
			if (row.piece[i].weight >= 0)
				all.piece[i].weight = -1;
	}
}
