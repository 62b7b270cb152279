/* The values that the dial in hand can have by name. */
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "view/panel.h"

static void draw_choice(struct pager *pager, const char *name, const char *about, bool chosen,
			bool present)
{
	enum role role = chosen ? ROLE_SELECTED : ROLE_TEXT;
	struct area area = pager->area;
	int row = pager_row(pager);

	if (row >= 0) {
		if (chosen)
			canvas_put(pager->canvas, area.x + 1, row, '>', role);
		if (present)
			canvas_put(pager->canvas, area.x + 2, row, '*', role);
		canvas_text(pager->canvas, area.x + 4, row, 24, role, name);
		pager_text(pager, 28, role, about);
	}
	pager->line++;
}

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
		if (i == scope->viewpoint.choice)
			*current = pager->line;
		describe(&dial, word, about, sizeof about);
		draw_choice(pager, word, about, i == scope->viewpoint.choice, i == now);
	}
	pager_blank(pager);
	pager_wrapped(pager, 0, ROLE_DIM, _(dial.parameter->help));
	pager_line(pager, 0, ROLE_DIM, _("* is the present value"));
	if (strcmp(dial.parameter->name, "data") == 0)
		pager_line(pager, 0, ROLE_DIM, _("a file of yours: Esc, then :data FILE"));
}
