/* The key bar: labels of the key table, the weightiest, as many as fit. */
#include <string.h>

#include "base/language.h"
#include "view/panel.h"

static bool key_belongs(const struct scope *scope, const struct key_row *row)
{
	if (row->page == KEYS_ALL)
		return true;
	return (scope->viewpoint.page == PAGE_MAIN) == (row->page == KEYS_MAIN);
}

/* All but the last word are keys: "Up/Down dial", "[ ] cursor". */
static int key_length(const char *label)
{
	const char *blank = strrchr(label, ' ');

	return blank ? (int)(blank - label) : (int)strlen(label);
}

static void collect(const struct scope *scope, struct pieces *pieces)
{
	struct piece *piece;
	bool off;

	for (int i = 0; i < key_count; i++) {
		const struct key_row *row = &key_rows[i];

		if (!row->label[0] || !key_belongs(scope, row))
			continue;
		off = key_why_off(scope, row) != NULL;
		piece = pieces_add(pieces, row->weight, off ? ROLE_DIM : ROLE_TEXT, "%s",
				   row->label);
		piece->head = key_length(row->label);
		piece->head_role = off ? ROLE_DIM : ROLE_KEY;
	}
}

/* What the first row has no room for goes into the second. */
void draw_keys(const struct scope *scope, struct canvas *canvas, struct area area)
{
	struct pieces all = {.count = 0}, row;

	collect(scope, &all);
	for (int y = 0; y < area.rows; y++) {
		row = all;
		pieces_choose(&row, area.columns - 2, 2);
		pieces_draw(&row, canvas, area.x + 1, area.y + y, area.columns - 2, 2);
		for (int i = 0; i < all.count; i++)
			if (row.piece[i].weight >= 0)
				all.piece[i].weight = -1;
	}
}
