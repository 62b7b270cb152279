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
	char memory[256];
	struct text text;
	bool is_auto;

	if (!dial->parameter->takes_auto || dial->group != DIAL_SCHEDULE)
		return false;
	text_init_in(&text, memory, sizeof memory);
	study_write_dial(&scope->study, dial, &text);
	is_auto = strcmp(text.bytes, "auto") == 0;
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

/* The value as it is read, for at most `columns`; numbers short. */
void dial_value(const struct scope *scope, const struct dial *dial, int columns, char *out,
			size_t size)
{
	double number = dial_number(scope, dial);
	char short_number[NUMBER_SIZE], memory[TRAINING_PATH + 256];
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
	text_init_in(&text, memory, sizeof memory);
	study_write_dial(&scope->study, dial, &text);
	slash = strcmp(dial->parameter->name, "data") == 0 ? strrchr(text.bytes, '/') : NULL;
	snprintf(out, size, "%s", slash ? slash + 1 : text.bytes);
	text_done(&text);
	if (!out[0])
		snprintf(out, size, "%s", scope_word(scope, dial));
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
	if (width == field - name - 1 && !*dial_mark(scope, dial, wide))
		field++; /* a word that lacks one column takes that of the mark */
	if (is_number(dial) && width > field - name - 2)
		name = field - width - 2; /* a number is never cut: its name is */
	else if (width > field - name - 2)
		width = field - name - 2;
	if (selected) /* the mark alone: moving it sends little */
		canvas_put(canvas, row.x, row.y, '>', ROLE_TEXT);
	canvas_text(canvas, row.x + 1, row.y, name, ROLE_TEXT, dial->parameter->name);
	paint_cut(canvas, row.x + field - width, row.y, width, ROLE_TEXT, value);
	canvas_text(canvas, row.x + field + 1, row.y, row.columns - field - 1, ROLE_TEXT,
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

/* "[cos] linear"; where they do not fit, those round the present one. */
static void draw_words(const char *const *words, int now, struct canvas *canvas, struct area row)
{
	int x = row.x + 2, end = row.x + row.columns, first = 0, width = 0;
	char word[64];

	for (int i = 0; i <= now; i++) /* each has a mark or a blank on both sides; the last column is for ">" */
		width += text_width(words[i]) + 2;
	while (first < now && width + (first > 0) > end - x - 1)
		width -= text_width(words[first++]) + 2;
	if (first > 0)
		canvas_put(canvas, x++, row.y, '<', ROLE_DIM);
	for (int i = first; words[i]; i++) {
		snprintf(word, sizeof word, i == now ? "[%s]" : " %s ", words[i]);
		if (x + text_width(word) > end - (words[i + 1] != NULL)) {
			canvas_put(canvas, end - 1, row.y, '>', ROLE_DIM);
			break;
		}
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

/* Lines: the dials, a separator before those of the training. The selected one has its scale under it;
 * where there is room for all of that, each has its scale beside it and its meaning under it. */
struct list {
	struct dial dials[STUDY_DIALS];
	int line[STUDY_DIALS + 1]; /* where each begins; last: where the list ends */
	int count, selected, separator; /* separator: dials before it */
	int first;                      /* line in the first row */
	bool open;
};

static int lines_of(const struct list *list, const struct scope *scope, int dial)
{
	if (!list->open)
		return 1 + (dial == list->selected);
	return 2 + (dial_is_peak(&scope->study, &list->dials[dial]) ||
		    dial_note(scope, &list->dials[dial]));
}

/* A page of half the height at a time, so that most moves of the selection move nothing else;
 * depends on the selection alone. */
static int first_line(const struct list *list, int rows)
{
	int line = list->line[list->selected], last = list->line[list->selected + 1] - 1;
	int first = 0, half = rows / 2 < 1 ? 1 : rows / 2, most = list->line[list->count] - rows;

	if (last >= rows - 1)
		first = (last + 1 - (rows - 1) + half - 1) / half * half;
	if (first > line)
		first = line;
	if (first > most)
		first = most;
	return first < 0 ? 0 : first;
}

static void make_list(struct list *list, const struct scope *scope, struct area area)
{
	int line = 0;

	list->count = (int)study_dials(&scope->study, list->dials);
	list->selected = selection(scope, list->dials, list->count);
	list->open = area.columns >= DIALS_OPEN;
	list->separator = 0;
	for (int i = 0; i < list->count; i++) {
		if (i > 0 && list->dials[i].group == DIAL_TRAINING &&
		    list->dials[i - 1].group == DIAL_SCHEDULE) {
			list->separator = i;
			line++;
		}
		list->line[i] = line;
		line += lines_of(list, scope, i);
	}
	list->line[list->count] = line;
	list->first = first_line(list, area.rows);
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
		line = list->line[i] - list->first;
		above += line < 0;
		below += line >= area.rows;
	}
	draw_more(canvas, area, area.y - 1, above);
	draw_more(canvas, area, area.y + area.rows, below);
}

/* What a dial does, and what there is to say of it now: under it where the list is open. */
static void draw_meaning(const struct scope *scope, const struct dial *dial, struct canvas *canvas,
			 struct area area)
{
	struct pager pager = {canvas, area, 0, 0};

	pager_text(&pager, 1, ROLE_DIM, _(dial->parameter->help));
	pager.line++;
	box_remarks(scope, dial, &pager, 1);
}

/* One dial from row `y` on, as far as the panel goes. */
static void draw_lines(const struct list *list, const struct scope *scope, int i,
		       struct canvas *canvas, struct area area, int y)
{
	const struct dial *dial = &list->dials[i];
	struct area row = {area.x, y, list->open ? DIALS_NAMES : area.columns, 1};
	struct area scale = {area.x + DIALS_NAMES, y, DIALS_SCALE, 1};
	struct area under = {area.x, y + 1, area.columns, list->line[i + 1] - list->line[i] - 1};
	int end = area.y + area.rows, mark = area.columns - DIALS_NAMES - DIALS_SCALE - 1;

	if (y >= area.y && y < end)
		draw_dial(scope, dial, i == list->selected, canvas, row);
	if (list->open && y >= area.y && y < end) {
		if (dial->parameter->type != PARAMETER_WORD && dial->parameter->type != PARAMETER_LIST)
			dial_scale(scope, dial, canvas, scale);
		if (!dial_note(scope, dial))
			canvas_text(canvas, scale.x + scale.columns + 1, y, mark, ROLE_TEXT,
				    dial_mark(scope, dial, true));
	}
	if (under.y < area.y || under.y >= end)
		return;
	if (under.rows > end - under.y)
		under.rows = end - under.y;
	if (list->open)
		draw_meaning(scope, dial, canvas, under);
	else if (i == list->selected)
		dial_scale(scope, dial, canvas, under);
}

void draw_dials(const struct scope *scope, struct canvas *canvas, struct area area)
{
	struct list list;
	int y;

	if (scope->viewpoint.presentation) {
		draw_project(scope, canvas, area);
		return;
	}
	make_list(&list, scope, area);
	y = list.line[list.separator] - 1 - list.first;
	if (list.separator > 0 && y > 0 && y < area.rows)
		draw_separator(canvas, area, area.y + y);
	paint_title(canvas, area, ROLE_TITLE,
		    list.first > list.line[list.separator] && list.separator > 0
			    ? _("training")
			    : strategy_name(scope->study.now.schedule.node[0].strategy));
	draw_rests(&list, canvas, area);
	for (int i = 0; i < list.count; i++) {
		y = area.y + list.line[i] - list.first;
		draw_lines(&list, scope, i, canvas, area, y);
		if (i == list.selected && y >= area.y && y < area.y + area.rows) {
			canvas->cursor_x = area.x;
			canvas->cursor_y = y;
		}
	}
}

int dial_at(const struct scope *scope, struct area area, int row)
{
	struct list list;
	int line;

	make_list(&list, scope, area);
	line = row + list.first;
	for (int i = 0; i < list.count && row >= 0 && row < area.rows; i++)
		if (line >= list.line[i] &&
		    line < (list.open ? list.line[i + 1] - (i + 1 == list.separator)
				      : list.line[i] + 1))
			return i;
	return -1;
}
