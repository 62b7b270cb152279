/* About a strategy: principle, formula, where it suits, code, parameters. */
#include "base/language.h"
#include "view/wizard.h"

static void write_part(struct pager *pager, const char *title, const char *text, bool as_is)
{
	if (!text || !*text)
		return;
	pager_line(pager, 0, ROLE_TITLE, title);
	if (as_is)
		pager_line(pager, 2, ROLE_TEXT, text);
	else
		pager_wrapped(pager, 2, ROLE_TEXT, text);
	pager_blank(pager);
}

static void write_parameter(struct pager *pager, const struct parameter *parameter)
{
	struct text text;

	text_init(&text);
	if (parameter->standard.how == VALUE_UNSET)
		text_add(&text, "-");
	else
		parameter_write(parameter, parameter->standard, &text);
	pager_text(pager, 2, ROLE_TEXT, parameter->name);
	pager_text(pager, 20, ROLE_TEXT, text.bytes);
	text_done(&text);
	pager_wrapped(pager, 32, ROLE_TEXT, _(parameter->help));
}

static void write_parameters(struct pager *pager, enum strategy_id id)
{
	const struct parameter *rows;
	unsigned count = strategy_parameters(id, &rows);

	pager_line(pager, 0, ROLE_TITLE, _("Parameters"));
	pager_text(pager, 2, ROLE_DIM, _("name"));
	pager_text(pager, 20, ROLE_DIM, _("default"));
	pager_line(pager, 32, ROLE_DIM, _("meaning"));
	if (!strategy_peak(id))
		write_parameter(pager, &schedule_lr);
	for (unsigned i = 0; i < count; i++)
		write_parameter(pager, &rows[i]);
}

void write_strategy_page(const struct scope *scope, struct pager *pager, int *current)
{
	enum strategy_id id = scope_about(scope);
	struct strategy_page page;
	struct error error = {.kind = ERROR_NONE};

	(void)current;
	if (!strategy_page_open(&page, id, &error)) {
		pager_wrapped(pager, 0, ROLE_ALARM, error.text);
		return;
	}
	write_part(pager, _("Principle"), page.principle, false);
	write_part(pager, _("Formula"), page.formula, false);
	write_part(pager, _("Suits"), page.suits, false);
	write_part(pager, _("Good"), page.good, false);
	write_part(pager, _("Bad"), page.bad, false);
	write_part(pager, _("Traps"), page.traps, false);
	if (scope->wizard.advisor.rule_count > 0) {
		pager_line(pager, 0, ROLE_TITLE, _("Answers in the wizard (w) that lead here"));
		write_leads(&scope->wizard.advisor, strategy_name(id), pager);
		pager_blank(pager);
	}
	write_part(pager, "PyTorch", page.pytorch, true);
	strategy_page_done(&page);
	write_parameters(pager, id);
}
