/* Scenes worth seeing: a list, and what the one at hand does. */
#include "base/language.h"
#include "view/panel.h"

void write_scenes(const struct scope *scope, struct pager *pager, int *current)
{
	int row, choice = scope->viewpoint.choice;
	struct area area = pager->area;

	for (int i = 0; i < scene_count; i++) {
		enum role role = i == choice ? ROLE_SELECTED : ROLE_TEXT;

		if (i == choice)
			*current = pager->line;
		row = pager_row(pager);
		if (row >= 0) {
			if (i == choice)
				canvas_put(pager->canvas, area.x + 1, row, '>', role);
			canvas_text(pager->canvas, area.x + 2, row, 18, role, scenes[i].name);
			canvas_text(pager->canvas, area.x + 21, row, area.columns - 22, role,
				    _(scenes[i].title));
		}
		pager->line++;
	}
	if (choice < 0 || choice >= scene_count)
		return;
	pager_blank(pager);
	pager_line(pager, 0, ROLE_TITLE, _("Enter gives these commands"));
	pager_line(pager, 2, ROLE_DIM, scenes[choice].text);
}
