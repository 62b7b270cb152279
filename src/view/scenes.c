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
	int choice = scope->viewpoint.choice;

	for (int i = 0; i < scene_count; i++) {
		const struct item item = {scenes[i].name, _(scenes[i].title), i == choice};

		pager_item(pager, 1, 18, &item, current);
	}
	if (choice < 0 || choice >= scene_count)
		return;
	pager_blank(pager);
	pager_wrapped(pager, 0, ROLE_TEXT, _(scenes[choice].title));
	pager_line(pager, 0, ROLE_DIM, _("Enter gives these commands:"));
	write_commands(pager, scenes[choice].text);
}
