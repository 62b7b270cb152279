/* The values that the dial in hand can have by name. */
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "view/panel.h"

static void describe(const struct dial *dial, const char *word, char *out, size_t size)
{
	const struct shipped *set;

	out[0] = '\0';
	if (strcmp(dial->parameter->name, "data") != 0)
		return;
	set = shipped_find(word);
	if (set)
		snprintf(out, size, _("%zu rows x %zu, %s: %s"), set->rows, set->features,
			 set->kind, set->about);
}

void write_choices(const struct scope *scope, struct pager *pager, int *current)
{
	struct dial dial = selected_dial(scope);
	int now = scope_choice_now(scope);
	const char *word;
	char about[256];

	for (int i = 0; (word = scope_choice(scope, i)); i++) {
		const struct item item = {word, about, i == scope->viewpoint.choice};
		int row = pager_row(pager);

		describe(&dial, word, about, sizeof about);
		pager_item(pager, 3, 24, &item, current);
		if (i == now && row >= 0)
			canvas_put(pager->canvas, pager->area.x + 2, row, '#',
				   item.in_hand ? ROLE_SELECTED : ROLE_TEXT);
	}
	pager_blank(pager);
	pager_wrapped(pager, 0, ROLE_DIM, _(dial.parameter->help));
	pager_line(pager, 0, ROLE_DIM, _("# is the present value"));
	box_remarks(scope, &dial, pager, 0);
	if (strcmp(dial.parameter->name, "data") == 0)
		pager_line(pager, 0, ROLE_DIM, _("a file of yours: Esc, then :data FILE"));
}
