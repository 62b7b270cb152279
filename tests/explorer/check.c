#include "explorer/check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "study/private.h"
#include "study/saved.h"

static const char *wrong(struct why *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static const char *wrong(struct why *why, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(why->text, sizeof why->text, format, list);
	va_end(list);
	return why->text;
}

/* ---- a study ---- */

static unsigned choices_of(const struct parameter *row)
{
	unsigned count = 0;

	if (row->type == PARAMETER_SWITCH)
		return 2;
	while (row->choices && row->choices[count])
		count++;
	return count;
}

static const char *value_wrong(const struct parameter *row, const struct value *value,
			       struct why *why)
{
	double number = value->number;

	switch (value->how) {
	case VALUE_UNSET:
	case VALUE_AUTO:
	case VALUE_NONE:
		return number == 0 ? NULL : wrong(why, "%s: a number without being given", row->name);
	case VALUE_GIVEN:
		break;
	default:
		return wrong(why, "%s: kind of value %d", row->name, (int)value->how);
	}
	if (!isfinite(number))
		return wrong(why, "%s: %g", row->name, number);
	if ((row->type == PARAMETER_CHOICE || row->type == PARAMETER_SWITCH) &&
	    !(number >= 0 && number < choices_of(row) && number == floor(number)))
		return wrong(why, "%s: choice %g", row->name, number);
	if (row->type == PARAMETER_INTEGER && number != floor(number))
		return wrong(why, "%s: %g is not whole", row->name, number);
	if (row->type != PARAMETER_CHOICE && row->type != PARAMETER_SWITCH &&
	    !range_has(&row->accepted, number))
		return wrong(why, "%s: %.17g is not accepted", row->name, number);
	return NULL;
}

static const char *values_wrong(const struct value *values, enum strategy_id id, struct why *why)
{
	const struct parameter *rows;
	unsigned count = strategy_parameters(id, &rows), i;
	const char *found = NULL;

	for (i = 0; i < STRATEGY_PARAMETERS && !found; i++) {
		if (i < count)
			found = value_wrong(&rows[i], &values[i], why);
		else if (values[i].how != VALUE_UNSET)
			found = wrong(why, "%s: a value without parameter", strategy_name(id));
	}
	return found;
}

static const char *schedule_wrong(const struct schedule *schedule, struct why *why)
{
	if (schedule->nodes != 1 || schedule->node[0].parts != 0)
		return wrong(why, "%u nodes", schedule->nodes);
	if ((unsigned)schedule->node[0].strategy >= STRATEGY_COUNT)
		return wrong(why, "strategy %d", (int)schedule->node[0].strategy);
	if (value_wrong(&schedule_lr, &schedule->lr, why))
		return why->text;
	return values_wrong(schedule->node[0].values, schedule->node[0].strategy, why);
}

static const char *training_wrong(const struct training *training, struct why *why)
{
	if (!memchr(training->data, 0, sizeof training->data) ||
	    !memchr(training->target, 0, sizeof training->target))
		return wrong(why, "data or target does not end");
	for (unsigned i = 0; i < TRAINING_COUNT; i++) {
		const struct parameter *row = &training_parameters[i];
		bool own = row->type == PARAMETER_WORD || row->type == PARAMETER_LIST;

		if (!own && value_wrong(row, &training->values[i], why))
			return why->text;
	}
	for (int i = 0; i < 2; i++)
		if (!(training->betas[i] >= 0 && training->betas[i] < 1))
			return wrong(why, "betas: %g", training->betas[i]);
	if (training->init_count > TRAINING_WEIGHTS)
		return wrong(why, "init: %u numbers", training->init_count);
	for (unsigned i = 0; i < training->init_count; i++)
		if (!isfinite(training->init[i]))
			return wrong(why, "init: %g", training->init[i]);
	return NULL;
}

static const char *setting_wrong(const struct setting *setting, struct why *why)
{
	const char *found = schedule_wrong(&setting->schedule, why);

	return found ? found : training_wrong(&setting->training, why);
}

static const char *told_wrong(const struct told *told, struct why *why)
{
	for (int i = 0; i < LENGTH_COUNT; i++)
		if (!(told->length[i] >= 0) || isinf(told->length[i]))
			return wrong(why, "length %d: %g", i, told->length[i]);
	if (told->count < 0 || told->count > STUDY_ANSWERS)
		return wrong(why, "%d answers", told->count);
	for (int i = 0; i < told->count; i++) {
		const struct study_answer *answer = &told->answers[i];

		if (!memchr(answer->question, 0, ADVISOR_ID) ||
		    !memchr(answer->option, 0, ADVISOR_ID) || !answer->question[0] ||
		    !answer->option[0])
			return wrong(why, "answer %d is no pair of words", i);
		if (i > 0 && strcmp(answer[-1].question, answer->question) >= 0)
			return wrong(why, "answers are not in order");
	}
	return memchr(told->rules, 0, sizeof told->rules) ? NULL
							   : wrong(why, "rules does not end");
}

const char *study_wrong(const struct study *study, struct why *why)
{
	static const struct setting nothing;
	struct study tidy;

	if (setting_wrong(&study->now, why))
		return why->text;
	if (study->ghost_kind != GHOST_OFF && study->ghost_kind != GHOST_BEFORE &&
	    study->ghost_kind != GHOST_PINNED)
		return wrong(why, "ghost %d", (int)study->ghost_kind);
	if (study->ghost_kind == GHOST_OFF &&
	    memcmp(&study->ghost, &nothing, sizeof nothing) != 0)
		return wrong(why, "a ghost that is off has a setting");
	if (study->ghost_kind != GHOST_OFF && setting_wrong(&study->ghost, why))
		return why->text;
	for (int s = 0; s < STRATEGY_COUNT; s++)
		if (values_wrong(study->shelf[s], (enum strategy_id)s, why))
			return why->text;
	if (memcmp(study->now.schedule.node[0].values,
		   study->shelf[study->now.schedule.node[0].strategy],
		   sizeof study->shelf[0]) != 0)
		return wrong(why, "the strategy in front differs from its shelf");
	if (!memchr(study->touched, 0, sizeof study->touched))
		return wrong(why, "touched does not end");
	if (told_wrong(&study->told, why))
		return why->text;
	memcpy(&tidy, study, sizeof tidy);
	study_tidy(&tidy);
	if (memcmp(&tidy, study, sizeof tidy) != 0)
		return wrong(why, "unused bytes are not zero");
	return NULL;
}

const char *study_unlike_its_file(const struct study *study, struct why *why)
{
	struct error error = {.kind = ERROR_NONE};
	struct study back;
	struct text text;
	const char *found = NULL;

	text_init(&text);
	saved_write(study, NULL, &text);
	study_init(&back);
	if (text.failed)
		found = wrong(why, "no memory");
	else if (!saved_read(&back, text.bytes, text.length, "study", NULL, &error))
		found = wrong(why, "its file is refused: %.200s", error.text);
	else if (memcmp(&back, study, sizeof back) != 0)
		found = wrong(why, "its file gives another study");
	text_done(&text);
	return found;
}

/* ---- a scope ---- */

static const char *axis_wrong(const struct axis *axis, const char *name, struct why *why)
{
	if (!axis->pinned)
		return NULL;
	if (!isfinite(axis->low) || !isfinite(axis->high) || !(axis->low < axis->high))
		return wrong(why, "%s axis from %g to %g", name, axis->low, axis->high);
	if (axis->log && !(axis->low > 0))
		return wrong(why, "log %s axis from %g", name, axis->low);
	return NULL;
}

static const char *reading_wrong(const struct reading *reading, const struct lane *lane,
				 struct why *why)
{
	if (reading->update < 0 || reading->update > lane->plan.updates)
		return wrong(why, "reading at update %lld of %lld", (long long)reading->update,
			     (long long)lane->plan.updates);
	if (reading->epoch < 0 || reading->epoch > lane->plan.epochs)
		return wrong(why, "reading in epoch %lld of %lld", (long long)reading->epoch,
			     (long long)lane->plan.epochs);
	if (reading->stride < 1)
		return wrong(why, "a reading that stands for %lld updates",
			     (long long)reading->stride);
	if (reading->excess < 0)
		return wrong(why, "excess %g", reading->excess);
	return NULL;
}

static const char *viewpoint_wrong(const struct scope *scope, struct why *why)
{
	const struct viewpoint *view = &scope->viewpoint;
	const struct lane *lane = &scope->results.now;
	bool has_run = lane->state == LANE_RUNNING || lane->state == LANE_DONE;
	struct dial dials[STUDY_DIALS];
	unsigned count = study_dials(&scope->study, dials), k = 0;

	while (k < count && strcmp(dials[k].parameter->name, view->selected) != 0)
		k++;
	if (k == count)
		return wrong(why, "the selected dial '%.31s' is not there", view->selected);
	if ((unsigned)view->page >= PAGE_COUNT || (unsigned)view->loss_view >= LOSS_VIEWS)
		return wrong(why, "page %d, view %d", (int)view->page, (int)view->loss_view);
	if ((unsigned)view->under >= PAGE_COUNT ||
	    !memchr(view->question, 0, sizeof view->question) ||
	    !memchr(view->favourite, 0, sizeof view->favourite))
		return wrong(why, "under page %d; question or favourite does not end",
			     (int)view->under);
	if (view->page == PAGE_LESSON && !scope->play)
		return wrong(why, "the page of a lesson that is not open");
	if (view->scroll < 0 || view->choice < 0)
		return wrong(why, "scrolled to %d, row %d", view->scroll, view->choice);
	if (view->cursor < -1 || view->playhead < -1 || view->from < 0 ||
	    !(view->to == 0 ? view->from == 0 : view->from < view->to))
		return wrong(why, "cursor %lld, playhead %lld, shown %lld to %lld",
			     (long long)view->cursor, (long long)view->playhead,
			     (long long)view->from, (long long)view->to);
	if (has_run && (view->cursor > lane->plan.updates || view->to > lane->plan.updates ||
			view->playhead > lane->plan.updates))
		return wrong(why, "cursor %lld, playhead %lld, shown to %lld of %lld",
			     (long long)view->cursor, (long long)view->playhead,
			     (long long)view->to, (long long)lane->plan.updates);
	if (!(view->speed >= 0) || !(view->played >= 0))
		return wrong(why, "speed %g, played %g", view->speed, view->played);
	if (axis_wrong(&view->rate_axis, "rate", why))
		return why->text;
	for (int i = 0; i < LOSS_VIEWS; i++)
		if (axis_wrong(&view->loss_axis[i], "loss", why))
			return why->text;
	return NULL;
}

const char *scope_wrong(const struct scope *scope, struct why *why)
{
	const struct history *history = &scope->history;

	if (study_wrong(&scope->study, why))
		return why->text;
	if (viewpoint_wrong(scope, why))
		return why->text;
	if (history->position < 0 || history->position > history->count ||
	    history->count > HISTORY_CHANGES)
		return wrong(why, "history at %d of %d", history->position, history->count);
	return NULL;
}

const char *refreshed_wrong(const struct scope *scope, struct why *why)
{
	if (scope_wrong(scope, why))
		return why->text;
	if (scope->has_reading && reading_wrong(&scope->reading, &scope->results.now, why))
		return why->text;
	if (scope->has_ghost_reading &&
	    reading_wrong(&scope->ghost_reading, &scope->results.ghost, why))
		return why->text;
	return NULL;
}

/* ---- a canvas ---- */

static const char *cell_wrong(const struct canvas *canvas, int x, int y, struct why *why)
{
	const struct cell *cell = &canvas->cells[y * canvas->columns + x];
	bool wide = code_width(cell->code) == 2;

	if (code_is_unsafe(cell->code) || cell->code > 0x10ffff || cell->code < 0x20)
		return wrong(why, "cell %d,%d: U+%04X", x, y, (unsigned)cell->code);
	if (canvas->ascii && (cell->code > 0x7e || cell->mark))
		return wrong(why, "cell %d,%d: U+%04X in ASCII", x, y, (unsigned)cell->code);
	if (cell->mark && (code_is_unsafe(cell->mark) || code_width(cell->mark) != 0))
		return wrong(why, "cell %d,%d: mark U+%04X", x, y, (unsigned)cell->mark);
	if (cell->role >= ROLE_COUNT)
		return wrong(why, "cell %d,%d: role %d", x, y, cell->role);
	if (wide && !(cell->flags & CELL_TAIL) &&
	    (x + 1 >= canvas->columns || !(cell[1].flags & CELL_TAIL)))
		return wrong(why, "cell %d,%d: half of U+%04X", x, y, (unsigned)cell->code);
	if ((cell->flags & CELL_TAIL) && (x == 0 || code_width(cell[-1].code) != 2))
		return wrong(why, "cell %d,%d: a tail of nothing", x, y);
	return NULL;
}

const char *canvas_wrong(const struct canvas *canvas, struct why *why)
{
	for (int y = 0; y < canvas->rows; y++)
		for (int x = 0; x < canvas->columns; x++)
			if (cell_wrong(canvas, x, y, why))
				return why->text;
	if (canvas->cursor_x < -1 || canvas->cursor_x >= canvas->columns ||
	    canvas->cursor_y < -1 || canvas->cursor_y >= canvas->rows)
		return wrong(why, "cursor %d,%d of %d,%d", canvas->cursor_x, canvas->cursor_y,
			     canvas->columns, canvas->rows);
	return NULL;
}
