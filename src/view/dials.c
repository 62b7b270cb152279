/* The dials: a list that follows the selection, the dial in hand with its scale under it. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "view/panel.h"

/* ---- what a dial is ---- */

static int selection(const struct scope *scope, const struct dial *dials, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(dials[i].parameter->name, scope->viewpoint.selected) == 0)
			return i;
	return 0;
}

struct dial selected_dial(const struct scope *scope)
{
	struct dial dials[STUDY_DIALS];
	int count = (int)study_dials(&scope->study, dials);

	return dials[selection(scope, dials, count)];
}

bool dial_is_peak(const struct study *study, const struct dial *dial)
{
	const char *peak = strategy_peak(study->now.schedule.node[0].strategy);

	return dial->group == DIAL_SCHEDULE &&
	       strcmp(dial->parameter->name, peak ? peak : schedule_lr.name) == 0;
}

bool dial_is_auto(const struct scope *scope, const struct dial *dial)
{
	char word[16];
	struct text text;
	bool is_auto;

	if (!dial->parameter->takes_auto || dial->group != DIAL_SCHEDULE)
		return false;
	text_init(&text);
	study_write_dial(&scope->study, dial, &text);
	snprintf(word, sizeof word, "%s", text.bytes);
	is_auto = strcmp(word, "auto") == 0;
	text_done(&text);
	return is_auto;
}

double dial_number(const struct scope *scope, const struct dial *dial)
{
	const struct lane *lane = &scope->results.now;
	const struct schedule *schedule = &scope->study.now.schedule;
	struct value value;

	if (dial->group == DIAL_TRAINING)
		return training_number(&scope->study.now.training, (enum training_id)dial->index);
	if (dial->index == UINT_MAX)
		return schedule->lr.how == VALUE_GIVEN ? schedule->lr.number
						       : schedule_lr.standard.number;
	value = schedule_value(schedule, dial->index);
	if (value.how == VALUE_GIVEN)
		return value.number;
	if (!lane_has_curve(lane) ||
	    lane->scheduler.schedule.node[0].strategy != schedule->node[0].strategy)
		return NAN;
	value = lane->scheduler.schedule.node[0].values[dial->index];
	return value.how == VALUE_GIVEN ? value.number : NAN;
}

static bool is_number(const struct dial *dial)
{
	return dial->parameter->type == PARAMETER_REAL ||
	       dial->parameter->type == PARAMETER_INTEGER;
}

const char *dial_note(const struct scope *scope, const struct dial *dial)
{
	const struct training *training = &scope->study.now.training;
	enum optimizer_id optimizer = (enum optimizer_id)(int)training_number(training,
									      TRAINING_OPTIMIZER);
	const char *name = dial->parameter->name;

	if (strcmp(name, "cycle_momentum") == 0) {
		if (dial_number(scope, dial) != 0)
			return optimizer == OPTIMIZER_SGD
				? _("takes the place of sgd's own momentum while it runs")
				: _("drives beta1, the optimizer's own is not used");
		return optimizer == OPTIMIZER_SGD && training_number(training, TRAINING_MOMENTUM) == 0
			? _("PyTorch's default is yes, which would put momentum on plain sgd")
			: _("PyTorch's default is yes");
	}
	return NULL;
}

/* ---- a row ---- */

/* What a word stands for that nobody has typed. */
static void write_unset(const struct scope *scope, const struct dial *dial, char *out, size_t size)
{
	const struct dataset *dataset = &scope->results.dataset;
	const char *name = dial->parameter->name;

	if (strcmp(name, "target") == 0 && dataset->columns)
		snprintf(out, size, "%s", dataset->columns[dataset->features]);
	else if (strcmp(name, "step_per") == 0 && lane_has_curve(&scope->results.now))
		snprintf(out, size, "%s", step_per_names[scope->results.now.plan.per_batch]);
	else
		snprintf(out, size, strcmp(name, "init") == 0 ? "0" : "-");
}

/* The value as it is read, for at most `columns`; numbers short. */
void dial_value(const struct scope *scope, const struct dial *dial, int columns, char *out,
			size_t size)
{
	double number = dial_number(scope, dial);
	char short_number[NUMBER_SIZE];
	const char *slash;
	struct text text;

	if (is_number(dial) && isfinite(number)) {
		number_short(short_number, number, 6, columns < 7 ? columns : 7);
		if (text_width(short_number) > columns)
			number_short(short_number, number, 2, columns);
		snprintf(out, size, "%s", short_number);
		return;
	}
	if (dial->parameter->type == PARAMETER_SWITCH) {
		snprintf(out, size, "%s", number != 0 ? _("yes") : _("no"));
		return;
	}
	text_init(&text);
	study_write_dial(&scope->study, dial, &text);
	slash = strcmp(dial->parameter->name, "data") == 0 ? strrchr(text.bytes, '/') : NULL;
	snprintf(out, size, "%s", slash ? slash + 1 : text.bytes);
	text_done(&text);
	if (!out[0])
		write_unset(scope, dial, out, size);
}

static const char *dial_mark(const struct scope *scope, const struct dial *dial, bool wide)
{
	if (dial_note(scope, dial))
		return "*";
	if (!wide)
		return "";
	if (dial_is_peak(&scope->study, dial))
		return _("= peak");
	if (dial_is_auto(scope, dial))
		return strcmp(dial->parameter->name, "base_lr") == 0 ? _("= peak/6") : _("fits run");
	return "";
}

static void draw_dial(const struct scope *scope, const struct dial *dial, bool selected,
		      struct canvas *canvas, struct area row)
{
	bool wide = row.columns >= 32;
	int field = row.columns - (wide ? 10 : 2), name, width;
	char value[64];

	name = text_width(dial->parameter->name);
	dial_value(scope, dial, field - name - 2, value, sizeof value);
	width = text_width(value);
	if (is_number(dial) && width > field - name - 2)
		name = field - width - 2; /* a number is never cut: its name is */
	else if (width > field - name - 2)
		width = field - name - 2;
	if (selected) /* the mark alone: moving it sends little */
		canvas_put(canvas, row.x, row.y, '>', ROLE_SELECTED);
	canvas_text(canvas, row.x + 1, row.y, name, ROLE_TEXT, dial->parameter->name);
	canvas_text(canvas, row.x + field - width, row.y, width, ROLE_TEXT, value);
	canvas_text(canvas, row.x + field + 1, row.y, row.columns - field - 1, ROLE_DIM,
		    dial_mark(scope, dial, wide));
}

/* ---- the scale of the dial in hand ---- */

static void draw_slider(const struct scope *scope, const struct dial *dial, struct canvas *canvas,
			struct area row)
{
	const struct parameter *parameter = dial->parameter;
	char low[NUMBER_SIZE], high[NUMBER_SIZE];
	double number = dial_number(scope, dial), limit = scope->results.now.limit.lr;
	int from, to, x;

	number_short(low, parameter->dial.low, 2, 5);
	number_short(high, parameter->dial.high, 3, 5);
	from = row.x + 2 + text_width(low) + 1;
	to = row.x + row.columns - 1 - text_width(high) - 2;
	if (to - from < 4)
		return;
	canvas_text(canvas, row.x + 2, row.y, 6, ROLE_TEXT, low);
	canvas_put(canvas, from, row.y, '[', ROLE_TEXT);
	canvas_fill(canvas, from + 1, row.y, to - from - 1, 1, '-', ROLE_TEXT);
	canvas_put(canvas, to, row.y, ']', ROLE_TEXT);
	canvas_text(canvas, to + 2, row.y, 6, ROLE_TEXT, high);
	if (dial_is_peak(&scope->study, dial) && lane_has_curve(&scope->results.now) &&
	    limit >= parameter->dial.low && limit <= parameter->dial.high) {
		x = from + 1 + (int)(parameter_position(parameter, limit) * (to - from - 2) + 0.5);
		canvas_put(canvas, x, row.y, '!', ROLE_LIMIT);
	}
	if (!isnan(number)) {
		x = from + 1 + (int)(parameter_position(parameter, number) * (to - from - 2) + 0.5);
		canvas_put(canvas, x, row.y, '#', ROLE_TEXT);
	}
}

static void draw_words(const char *const *words, int now, struct canvas *canvas, struct area row)
{
	int x = row.x + 2, end = row.x + row.columns;
	char word[64];

	for (int i = 0; words[i] && x < end; i++) {
		snprintf(word, sizeof word, i == now ? "[%s]" : " %s ", words[i]);
		x += canvas_text(canvas, x, row.y, end - x, ROLE_TEXT, word);
	}
}

void dial_scale(const struct scope *scope, const struct dial *dial,
			  struct canvas *canvas, struct area row)
{
	const char *const switches[] = {_("no"), _("yes"), NULL};
	double number = dial_number(scope, dial);

	switch (dial->parameter->type) {
	case PARAMETER_SWITCH:
		draw_words(switches, number != 0, canvas, row);
		break;
	case PARAMETER_CHOICE:
		draw_words(dial->parameter->choices, isnan(number) ? -1 : (int)number, canvas, row);
		break;
	case PARAMETER_WORD:
		canvas_text(canvas, row.x + 2, row.y, row.columns - 2, ROLE_DIM,
			    strcmp(dial->parameter->name, "data") == 0 ? _("Enter: choose a set")
								       : _("Enter: type a name"));
		break;
	case PARAMETER_LIST:
		canvas_text(canvas, row.x + 2, row.y, row.columns - 2, ROLE_DIM,
			    _("Enter: type numbers"));
		break;
	default:
		draw_slider(scope, dial, canvas, row);
	}
}

/* ---- the list ---- */

/* Lines: the dials, a separator before those of the training, the scale under the selected one. */
struct list {
	struct dial dials[STUDY_DIALS];
	int count, selected, separator; /* separator: dials before it */
	int first;                      /* line in the first row */
};

static int line_of(const struct list *list, int dial)
{
	return dial + (dial > list->selected) + (dial >= list->separator && list->separator > 0);
}

/* A page of half the height at a time, so that most moves of the selection move nothing else;
 * depends on the selection alone. */
static void make_list(struct list *list, const struct scope *scope, int rows)
{
	int lines, line, half = rows / 2 < 1 ? 1 : rows / 2;

	list->count = (int)study_dials(&scope->study, list->dials);
	list->selected = selection(scope, list->dials, list->count);
	list->separator = 0;
	for (int i = list->count - 1; i > 0; i--)
		if (list->dials[i].group == DIAL_TRAINING &&
		    list->dials[i - 1].group == DIAL_SCHEDULE)
			list->separator = i;
	if (scope->viewpoint.presentation) {
		list->first = line_of(list, list->selected);
		return;
	}
	lines = list->count + 1 + (list->separator > 0);
	line = line_of(list, list->selected);
	list->first = 0;
	if (line + 1 >= rows - 1)
		list->first = (line + 2 - (rows - 1) + half - 1) / half * half;
	if (list->first > lines - rows)
		list->first = lines - rows;
	if (list->first < 0)
		list->first = 0;
}

/* A frame round what is above row `y` joins the frame of the panel. */
static void draw_separator(struct canvas *canvas, struct area area, int y)
{
	struct area above = {area.x, area.y, area.columns, y - area.y};
	struct area below = {area.x, y + 1, area.columns, 1};

	canvas_box(canvas, layout_frame(above), ROLE_FRAME);
	paint_title(canvas, below, ROLE_TITLE, _("training"));
}

/* On the frame: that the list goes on. */
static void draw_more(struct canvas *canvas, struct area area, int y, int count)
{
	char text[40];
	int width;

	if (count < 1)
		return;
	snprintf(text, sizeof text, _(" %d more "), count);
	width = text_width(text);
	canvas_text(canvas, area.x + area.columns - 1 - width, y, width, ROLE_FRAME, text);
}

static void draw_rests(const struct list *list, struct canvas *canvas, struct area area)
{
	int above = 0, below = 0, line;

	for (int i = 0; i < list->count; i++) {
		line = line_of(list, i) - list->first;
		above += line < 0;
		below += line >= area.rows;
	}
	draw_more(canvas, area, area.y - 1, above);
	draw_more(canvas, area, area.y + area.rows, below);
}

void draw_dials(const struct scope *scope, struct canvas *canvas, struct area area)
{
	struct list list;
	struct area row = area;
	int line;

	if (scope->viewpoint.presentation) {
		draw_project(scope, canvas, area);
		return;
	}
	make_list(&list, scope, area.rows);
	line = line_of(&list, list.separator) - 1 - list.first;
	if (list.separator > 0 && line > 0 && line < area.rows && !scope->viewpoint.presentation)
		draw_separator(canvas, area, area.y + line);
	paint_title(canvas, area, ROLE_TITLE,
		    list.first > list.separator && list.separator > 0 ? _("training")
			: strategy_name(scope->study.now.schedule.node[0].strategy));
	if (!scope->viewpoint.presentation)
		draw_rests(&list, canvas, area);
	row.rows = 1;
	for (int i = 0; i < list.count; i++) {
		if (scope->viewpoint.presentation && i != list.selected)
			continue;
		line = line_of(&list, i) - list.first;
		row.y = area.y + line;
		if (line >= 0 && line < area.rows)
			draw_dial(scope, &list.dials[i], i == list.selected, canvas, row);
		if (i != list.selected)
			continue;
		if (line >= 0 && line < area.rows) {
			canvas->cursor_x = area.x;
			canvas->cursor_y = row.y;
		}
		row.y++;
		if (line + 1 >= 0 && line + 1 < area.rows)
			dial_scale(scope, &list.dials[i], canvas, row);
	}
}

int dial_at(const struct scope *scope, struct area area, int row)
{
	struct list list;

	make_list(&list, scope, area.rows);
	for (int i = 0; i < list.count; i++)
		if (line_of(&list, i) - list.first == row && row >= 0 && row < area.rows)
			return i;
	return -1;
}
