/* Keys and commands, made from their tables. */
#include <stdio.h>

#include "base/language.h"
#include "view/panel.h"

static void write_row(struct pager *pager, enum role role, const char *left, int columns,
		      const char *right)
{
	pager_text(pager, 2, ROLE_KEY, left);
	if (text_width(left) >= columns) /* no room beside it: below */
		pager->line++;
	pager_wrapped(pager, 2 + columns, role, right);
}

/* A key that cannot be used now says why. */
static void write_keys(const struct scope *scope, struct pager *pager, enum key_page page,
		       const char *title)
{
	char help[256];
	const char *off;

	pager_line(pager, 0, ROLE_TITLE, title);
	for (int i = 0; i < key_count; i++) {
		const struct key_row *row = &key_rows[i];

		if (row->page != page)
			continue;
		off = scope->viewpoint.page == PAGE_MAIN || page == KEYS_MAIN
			      ? key_why_off(scope, row) : NULL;
		if (page == KEYS_WIZARD || page == KEYS_RACE)
			off = NULL;
		snprintf(help, sizeof help, off ? "%s (%s)" : "%s", _(row->help), off);
		write_row(pager, off ? ROLE_DIM : ROLE_TEXT, row->key, 10, help);
	}
	pager_blank(pager);
}

/* What the screen shows, for somebody who sees it for the first time. */
static void write_screen(struct pager *pager)
{
	pager_line(pager, 0, ROLE_TITLE, _("What the screen shows"));
	pager_wrapped(pager, 2, ROLE_TEXT,
		_("A linear model is trained on a real table of numbers, an update at a time, with the "
		  "learning rate of the schedule in front. Turn a dial: the rate and what the loss "
		  "does under it change at once. The second row lists the strategies; the number "
		  "beside a name is the excess that it reaches at the end, the median of nine seeds."));
	pager_blank(pager);
	pager_wrapped(pager, 2, ROLE_TEXT,
		_("excess: training loss minus the smallest loss that any weights can have on these "
		  "rows (the floor). 0 would be perfect. lost: it has left the numbers."));
	pager_wrapped(pager, 2, ROLE_TEXT,
		_("limit: the largest rate at which training stays stable for this data, batch size "
		  "and momentum; ! on the dial's scale. Where it says (full batch) no better one is "
		  "known: small batches stand less."));
	pager_wrapped(pager, 2, ROLE_TEXT,
		_("* beside a dial: there is something to know about it, as where PyTorch's default is "
		  "another; take it in hand to read it, on a small screen with Enter."));
	pager_wrapped(pager, 2, ROLE_TEXT,
		_("ghost: the dotted curve, the setting before the dial in hand was touched, or a "
		  "setting pinned with g, or another strategy; Tab swaps the two."));
	pager_wrapped(pager, 2, ROLE_TEXT,
		_("^ and v: the curve goes on above or below the axis, which stays while a dial "
		  "turns; = fits it again."));
	pager_wrapped(pager, 2, ROLE_TEXT,
		_("spread: dots behind the curve of the loss, from the lowest to the highest of what a "
		  "column stands for; where the ghost is off, and always of mini-batches, whose ghost "
		  "is in the rate panel alone."));
	pager_blank(pager);
}

void write_help(const struct scope *scope, struct pager *pager, int *current)
{
	char left[96];

	(void)current;
	write_screen(pager);
	write_keys(scope, pager, KEYS_MAIN, _("Keys on the main screen"));
	write_keys(scope, pager, KEYS_PAGES, _("Keys on pages like this one"));
	write_keys(scope, pager, KEYS_WIZARD, _("Keys in the wizard"));
	write_keys(scope, pager, KEYS_RACE, _("Keys while strategies race"));
	write_keys(scope, pager, KEYS_ALL, _("Keys everywhere"));
	pager_line(pager, 0, ROLE_TITLE, _("Commands, after :"));
	for (int i = 0; i < COMMAND_COUNT; i++) {
		snprintf(left, sizeof left, "%s %s", command_rows[i].name,
			 command_rows[i].arguments);
		write_row(pager, ROLE_TEXT, left, 32, _(command_rows[i].help));
	}
}
