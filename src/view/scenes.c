/* Scenes worth seeing: a list, and what the one at hand does. */
#include <string.h>

#include "base/language.h"
#include "view/panel.h"

/* The scene's commands without its comments, in one paragraph. */
static void write_commands(struct pager *pager, const char *commands)
{
	struct text text;
	size_t length;

	text_init(&text);
	for (; *commands; commands += length + (commands[length] == '\n')) {
		length = strcspn(commands, "\n");
		if (length == 0 || *commands == '#')
			continue;
		if (text.length)
			text_add(&text, "; ");
		text_add_bytes(&text, commands, length);
	}
	pager_wrapped(pager, 2, ROLE_DIM, text.bytes);
	text_done(&text);
}

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
			pager_text(pager, 20, role, _(scenes[i].title));
		}
		pager->line++;
	}
	if (choice < 0 || choice >= scene_count)
		return;
	pager_blank(pager);
	pager_wrapped(pager, 0, ROLE_TEXT, _(scenes[choice].title));
	pager_line(pager, 0, ROLE_DIM, _("Enter gives these commands:"));
	write_commands(pager, scenes[choice].text);
}
