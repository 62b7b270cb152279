/* The setting as a command line and as PyTorch code. */
#include "base/language.h"
#include "export/pytorch.h"
#include "export/words.h"
#include "view/panel.h"

void write_code(const struct scope *scope, struct pager *pager, int *current)
{
	const struct setting *setting = &scope->study.now;
	struct text text;
	struct error error = {.kind = ERROR_NONE};

	(void)current;
	text_init(&text);
	pager_line(pager, 0, ROLE_TITLE, _("The same on the command line: this screen, its numbers"));
	export_command(setting, "plot", &text);
	pager_wrapped(pager, 2, ROLE_TEXT, text.bytes);
	text_clear(&text);
	export_command(setting, "train", &text);
	pager_wrapped(pager, 2, ROLE_TEXT, text.bytes);
	pager_blank(pager);
	text_clear(&text);
	pager_line(pager, 0, ROLE_TITLE, _("In PyTorch (:code FILE writes it to a file)"));
	if (!export_pytorch_shown(scope, &text, &error))
		pager_wrapped(pager, 2, ROLE_ALARM, error.text);
	else
		pager_line(pager, 2, ROLE_TEXT, text.bytes);
	text_done(&text);
}
