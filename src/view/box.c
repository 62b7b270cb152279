/* Under the dials: what the dial in hand means. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "view/panel.h"

static void write_range(struct pager *pager, const struct parameter *parameter)
{
	struct text text;
	char line[256], memory[256];

	if (parameter->type != PARAMETER_REAL && parameter->type != PARAMETER_INTEGER)
		return;
	if (isinf(parameter->accepted.low) && isinf(parameter->accepted.high) &&
	    !parameter->accepted.not_zero)
		return;
	text_init_in(&text, memory, sizeof memory);
	range_write(&parameter->accepted, &text);
	if (parameter->unit && *parameter->unit && strcmp(parameter->unit, "1") != 0)
		snprintf(line, sizeof line, _("takes %s (%s)"), text.bytes, _(parameter->unit));
	else
		snprintf(line, sizeof line, _("takes %s"), text.bytes);
	text_done(&text);
	pager_wrapped(pager, 0, ROLE_DIM, line);
}

static void write_limit(const struct scope *scope, struct pager *pager, int indent)
{
	const struct lane *lane = &scope->results.now;
	const char *meaning;
	char number[NUMBER_SIZE], line[256];

	if (!lane_has_curve(lane))
		return;
	if (lane->limit.kind == LIMIT_NONE) {
		pager_wrapped(pager, indent, ROLE_DIM,
			      _("no largest stable rate is known for this optimizer"));
		return;
	}
	if (!isfinite(lane->limit.lr))
		return;
	meaning = lane->limit.kind == LIMIT_MEAN_SQUARE ? _("largest stable rate for this batch size")
		: lane->limit.approximate ? _("largest stable rate of the full batch; with small "
					      "batches it is lower")
					  : _("largest stable rate for the full batch");
	snprintf(line, sizeof line, "! %s %s", number_short(number, lane->limit.lr, 3, 8), meaning);
	pager_wrapped(pager, indent, ROLE_LIMIT, line);
}

/* How far a turn goes, and where the dial stands without one's own number. */
static void write_default(const struct scope *scope, struct pager *pager, const struct dial *dial)
{
	const struct parameter *parameter = dial->parameter;
	struct text text;
	char line[256], memory[256];

	if (dial_is_auto(scope, dial)) {
		snprintf(line, sizeof line, _("auto: follows the run"));
	} else if (parameter->standard.how == VALUE_GIVEN && !dial_is_peak(&scope->study, dial)) {
		text_init_in(&text, memory, sizeof memory);
		parameter_write(parameter, parameter->standard, &text);
		snprintf(line, sizeof line, _("default %s; Delete brings it back"), text.bytes);
		text_done(&text);
	} else {
		return;
	}
	pager_wrapped(pager, 0, ROLE_DIM, line);
}

void box_remarks(const struct scope *scope, const struct dial *dial, struct pager *pager, int indent)
{
	const char *note = dial_note(scope, dial);
	char line[256];

	if (dial_is_peak(&scope->study, dial))
		write_limit(scope, pager, indent);
	if (note) {
		snprintf(line, sizeof line, "* %s", note);
		pager_wrapped(pager, indent, ROLE_WARN, line);
	}
}

void draw_box(const struct scope *scope, struct canvas *canvas, struct area area)
{
	struct dial dial = selected_dial(scope);
	struct pager pager = {canvas, area, 0, 0};

	paint_title(canvas, area, ROLE_TITLE, dial.parameter->name);
	pager_wrapped(&pager, 0, ROLE_TEXT, _(dial.parameter->help));
	box_remarks(scope, &dial, &pager, 0);
	write_range(&pager, dial.parameter);
	write_default(scope, &pager, &dial);
}
