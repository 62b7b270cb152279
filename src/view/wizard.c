/* The wizard on one page: questions, ranking, the length line. Reasons are in reasons.c. */
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "view/panel.h"
#include "view/wizard.h"

/* ---- questions ---- */

/* First of `count` rows that is shown in `room` of them, so that `current` is seen. */
static int first_row(int count, int room, int current)
{
	if (count <= room || current < room / 2)
		return 0;
	return current - room / 2 > count - room ? count - room : current - room / 2;
}

/* How questions lie in their panel. */
struct rows {
	int each;   /* rows of a question, 2 where what it asks stands under it */
	int shown, first;
	int label;  /* columns of the labels */
};

static struct rows rows_of(const struct scope *scope, struct area area)
{
	const struct advisor *advisor = &scope->wizard.advisor;
	int count = advisor->question_count, q, width;
	struct rows rows = {.each = 1};
	char label[WIZARD_LABEL];

	rows.each = area.rows >= 2 * count ? 2 : 1;
	rows.shown = rows.each == 2 ? count : area.rows - 1;
	rows.first = first_row(count, rows.shown, scope_question(scope));
	for (q = 0; q < count; q++) {
		width = text_width(wizard_safe(label, advisor->questions[q].label));
		if (width > rows.label)
			rows.label = width;
	}
	if (rows.label > area.columns / 4)
		rows.label = area.columns / 4;
	return rows;
}

/* An option on the screen: "name(*)". The last one is "?", I don't know. */
struct spot {
	int option; /* -1: unknown */
	int x, columns;
};

#define SPOTS (ADVISOR_OPTIONS + 1)
#define MARK 3    /* "(*)" */
#define UNKNOWN 5 /* " ?(*)" */
#define SHORTEST 3

/* The label, or the brief form where the labels do not fit beside each other. */
static const char *name_of(const struct advisor_question *question, int option, bool brief)
{
	return brief ? question->options[option].brief : question->options[option].label;
}

static int width_of(const struct advisor_question *question, int option, bool brief)
{
	char name[WIZARD_LABEL];

	return text_width(wizard_safe(name, name_of(question, option, brief)));
}

/* Most columns of a name, so that all names together fit into `columns`; below SHORTEST: they do not. */
static int name_columns(const struct advisor_question *question, int columns, bool brief)
{
	int most, sum, o;

	for (most = WIZARD_LABEL; most >= SHORTEST; most--) {
		sum = 0;
		for (o = 0; o < question->option_count; o++)
			sum += width_of(question, o, brief) < most ? width_of(question, o, brief)
								   : most;
		if (sum <= columns)
			break;
	}
	return most;
}

/* Where the options of a question stand, from column 0 on; `*cut` where some are left out. */
static int lay_options(const struct advisor_question *question, int chosen, int columns,
		       struct spot spots[SPOTS], bool *brief, bool *cut)
{
	int count = question->option_count, room = columns - UNKNOWN, gap = 2, most, first = 0;
	int used = 0, x = 0, o, width;

	most = name_columns(question, room - count * MARK - (count - 1) * gap, false);
	*brief = most < WIZARD_LABEL;
	if (*brief) {
		gap = 1;
		most = name_columns(question, room - count * MARK - (count - 1) * gap, true);
	}
	*cut = most < SHORTEST;
	if (*cut) { /* as many as fit, with the chosen one */
		most = 8;
		count = room / (most + MARK + gap) > 1 ? room / (most + MARK + gap) : 1;
		if (most + MARK > room)
			most = room - MARK;
		first = first_row(question->option_count, count, chosen);
	}
	for (o = first; o < first + count; o++) {
		width = width_of(question, o, *brief) < most ? width_of(question, o, *brief) : most;
		spots[used++] = (struct spot){o, x, width + MARK};
		x += width + MARK + gap;
	}
	spots[used++] = (struct spot){-1, columns - UNKNOWN + 1, UNKNOWN - 1};
	return used;
}

static void draw_options(const struct scope *scope, int q, struct canvas *canvas, int x, int y,
			 int columns)
{
	const struct advisor_question *question = &scope->wizard.advisor.questions[q];
	int chosen = scope->wizard.answers.option[q], count, used;
	struct spot spots[SPOTS];
	bool brief, cut;

	count = lay_options(question, chosen, columns, spots, &brief, &cut);
	for (int i = 0; i < count; i++) {
		const struct spot *spot = &spots[i];
		bool is_chosen = spot->option == chosen;
		enum role role = is_chosen ? ROLE_SELECTED : ROLE_TEXT;
		const char *name = spot->option < 0 ? "?" : name_of(question, spot->option, brief);

		if (is_chosen && spot->option < 0)
			role = ROLE_TEXT;
		used = canvas_text(canvas, x + spot->x, y, spot->columns - MARK, role, name);
		canvas_text(canvas, x + spot->x + used, y, MARK, role, is_chosen ? "(*)" : "( )");
	}
	if (cut)
		canvas_put(canvas, x + columns - UNKNOWN - 1, y, '>', ROLE_DIM);
}

/* "What does the model have to do?  language" */
static void draw_asks(const struct scope *scope, int q, struct canvas *canvas, int x, int y,
		      int columns)
{
	const struct advisor_question *question = &scope->wizard.advisor.questions[q];
	int o = scope->wizard.answers.option[q], used;

	used = paint_cut(canvas, x, y, columns, ROLE_DIM, question->asks);
	if (o >= 0 && columns - used > 6)
		canvas_textf(canvas, x + used + 1, y, columns - used - 1, ROLE_DIM, "%.200s",
			     question->options[o].label);
}

static void draw_question(const struct scope *scope, int q, struct canvas *canvas,
			  struct area area, const struct rows *rows, int y)
{
	const struct advisor_question *question = &scope->wizard.advisor.questions[q];
	bool current = q == scope_question(scope);

	if (current) {
		canvas_put(canvas, area.x, y, '>', ROLE_SELECTED);
		canvas->cursor_x = area.x;
		canvas->cursor_y = y;
	}
	canvas_text(canvas, area.x + 1, y, rows->label, current ? ROLE_SELECTED : ROLE_TEXT,
		    question->label);
	if (scope->wizard.answers.decisive[q])
		canvas_put(canvas, area.x + 1 + rows->label, y, '!', ROLE_WARN);
	draw_options(scope, q, canvas, area.x + rows->label + 3, y,
		     area.columns - rows->label - 3);
}

static void draw_questions(const struct scope *scope, struct canvas *canvas, struct area area)
{
	const struct advisor *advisor = &scope->wizard.advisor;
	struct rows rows = rows_of(scope, area);
	struct pieces right = {.count = 0};
	int left, q, y = area.y;

	left = paint_title(canvas, area, ROLE_TITLE, _("your run"));
	if (rows.shown < advisor->question_count)
		pieces_add(&right, 1, ROLE_FRAME, _("%d-%d of %d"), rows.first + 1,
			   rows.first + rows.shown, advisor->question_count);
	paint_title_right(canvas, area, left, &right);
	for (q = rows.first; q < rows.first + rows.shown && q < advisor->question_count; q++) {
		draw_question(scope, q, canvas, area, &rows, y);
		if (rows.each == 2)
			draw_asks(scope, q, canvas, area.x + 3, y + 1, area.columns - 3);
		y += rows.each;
	}
	if (rows.each == 1 && scope_question(scope) >= 0)
		draw_asks(scope, scope_question(scope), canvas, area.x + 1,
			  area.y + area.rows - 1, area.columns - 1);
}

/* Rules that were refused: why, and the way out. */
static void draw_refused(const struct scope *scope, struct canvas *canvas, struct area area)
{
	struct pager pager = {canvas, area, 0, 0};

	pager_wrapped(&pager, 0, ROLE_ALARM, scope->wizard.why.text);
	pager_wrapped(&pager, 0, ROLE_TEXT, _(":rules default takes the standard rules"));
	canvas->cursor_x = area.x;
	canvas->cursor_y = area.y;
}

/* ---- ranking ---- */

static int first_ranked(const struct scope *scope, struct area area)
{
	return first_row(scope->wizard.advice.count, area.rows, scope_favourite(scope));
}

/* Columns of a name in the ranking: a rank before it, a mark and a bar of `bar` columns behind it. */
static int ranked_columns(struct area area, const char *count, int bar)
{
	return area.columns - text_width(count) - 7 - (bar > 0 ? bar + 1 : 0);
}

static void write_count(const struct advice *advice, int k, char *out, size_t size)
{
	const struct recommendation *row = &advice->list[k];

	if (advice->enough)
		snprintf(out, size, "%d/%d", row->support, advice->of);
	else
		snprintf(out, size, _("%d rules"), row->named);
}

/* In all rows or in none: a row without one would look as if nothing spoke for it. */
static bool has_bars(const struct wizard *wizard, struct area area)
{
	const struct advice *advice = &wizard->advice;
	char count[32];

	for (int k = 0; k < advice->count; k++) {
		write_count(advice, k, count, sizeof count);
		if (text_width(wizard->advisor.strategies[advice->list[k].strategy]) >
		    ranked_columns(area, count, advice->of))
			return false;
	}
	return advice->enough;
}

/* "##..", one mark an answered question. */
static void draw_bar(struct canvas *canvas, int end, int y, int support, int of)
{
	canvas_fill(canvas, end - of, y, support, 1, '#', ROLE_CURVE);
	canvas_fill(canvas, end - of + support, y, of - support, 1, '.', ROLE_DIM);
}

static void draw_ranked(const struct scope *scope, int k, struct canvas *canvas, struct area area,
			int y, bool bars)
{
	const struct wizard *wizard = &scope->wizard;
	const struct advice *advice = &wizard->advice;
	const struct recommendation *row = &advice->list[k];
	bool current = k == scope_favourite(scope);
	enum role role = current ? ROLE_SELECTED : ROLE_TEXT;
	const char *name = wizard->advisor.strategies[row->strategy];
	int end = area.x + area.columns, width;
	char count[32], rank[16] = "";

	if (current)
		canvas_put(canvas, area.x, y, '>', role);
	if (advice->enough)
		advice_rank(advice, k, rank);
	write_count(advice, k, count, sizeof count);
	paint_right(canvas, area.x + 4, y, 3, role, rank);
	paint_right(canvas, end, y, area.columns, role, count);
	end -= text_width(count) + 2;
	width = paint_cut(canvas, area.x + 5, y, ranked_columns(area, count, 0), role, name);
	if (row->undecided)
		canvas_put(canvas, area.x + 5 + width, y, '!', ROLE_WARN);
	if (bars)
		draw_bar(canvas, end + 1, y, row->support, advice->of);
}

static void draw_ranking(const struct scope *scope, struct canvas *canvas, struct area area)
{
	const struct advice *advice = &scope->wizard.advice;
	int first = first_ranked(scope, area), left;
	bool bars = has_bars(&scope->wizard, area);
	struct pieces right = {.count = 0};

	left = paint_title(canvas, area, ROLE_TITLE,
			   advice->enough ? _("ranking") : _("named by"));
	for (int k = 0; k < advice->count && right.count == 0; k++)
		if (advice->list[k].undecided)
			pieces_add(&right, 2, ROLE_WARN, _("! set back"));
	if (area.rows < advice->count) {
		char seen[40];

		snprintf(seen, sizeof seen, _("%d-%d of %d"), first + 1, first + area.rows, advice->count);
		if (text_width(seen) > left - 2)
			snprintf(seen, sizeof seen, _("%d-%d/%d"), first + 1, first + area.rows, advice->count);
		pieces_add(&right, 3, ROLE_FRAME, "%s", seen);
	}
	paint_title_right(canvas, area, left, &right);
	for (int k = first; k < advice->count && k < first + area.rows; k++)
		draw_ranked(scope, k, canvas, area, area.y + k - first, bars);
}

/* ---- the length line ---- */

static void draw_length(const struct scope *scope, struct canvas *canvas, struct area area)
{
	const struct told *told = &scope->study.told;
	double steps = study_length_steps(&scope->study);
	struct pieces pieces = {.count = 0};
	char number[NUMBER_SIZE];
	bool any = false;

	paint_title(canvas, area, ROLE_TITLE, _("length of your run (optional)"));
	for (int k = 0; k < LENGTH_COUNT; k++) {
		any |= told->length[k] > 0;
		if (told->length[k] > 0)
			pieces_add(&pieces, 50 - k, ROLE_TEXT, "%s %s", length_names[k],
				   number_format(number, told->length[k]));
		else
			pieces_add(&pieces, 30 - k, ROLE_DIM, "%s -", length_names[k]);
	}
	if (!any) {
		const char *how = _("press l: \"samples 9600\", \"batch 32\", \"epochs 3\" give the number of steps");

		canvas_text(canvas, area.x + 1, area.y, area.columns - 2, ROLE_DIM,
			    text_width(how) <= area.columns - 2 ? how
				: _("l: your run's steps, e.g. samples 9600, batch 32"));
		return;
	}
	if (steps > 9007199254740992.0) /* 2^53: not exact beyond */
		pieces_add(&pieces, 90, ROLE_TITLE, _("-> above 9e15 steps"));
	else if (steps > 0)
		pieces_add(&pieces, 90, ROLE_TITLE,
			   n_("-> %.0f step", "-> %.0f steps", steps), steps);
	else
		pieces_add(&pieces, 90, ROLE_DIM, _("(wants samples, batch, epochs)"));
	pieces_choose(&pieces, area.columns - 2, 2);
	pieces_draw(&pieces, canvas, area.x + 1, area.y, area.columns - 2, 2);
}

/* ---- first and last rows ---- */

static void draw_head(const struct scope *scope, struct canvas *canvas, struct area area)
{
	const struct wizard *wizard = &scope->wizard;
	const char *slash = strrchr(wizard->rules, '/');
	struct pieces pieces = {.count = 0};

	pieces_add(&pieces, 60, ROLE_TITLE, "lrscope");
	pieces_add(&pieces, 90, ROLE_TITLE, _("wizard: which strategy, and why"));
	pieces_add(&pieces, 80, ROLE_TEXT, _("%d of %d answered"), wizard->advice.of,
		   wizard->advisor.question_count);
	if (wizard->foreign > 0)
		pieces_add(&pieces, 85, ROLE_WARN, _("%d not counted"), wizard->foreign);
	if (wizard->rules[0] != '\0')
		pieces_add(&pieces, 50, ROLE_TEXT, _("rules %s"),
			   slash ? slash + 1 : wizard->rules);
	pieces_add(&pieces, 40, ROLE_DIM, _("Esc keeps your study"));
	pieces_choose(&pieces, area.columns - 2, 2);
	pieces_draw(&pieces, canvas, area.x + 1, area.y, area.columns - 2, 2);
}

void wizard_change(const struct scope *scope, int index, char *out, size_t size)
{
	const struct advisor *advisor = &scope->wizard.advisor;
	const struct change *change = &scope->wizard.advice.changes[index];
	const struct advisor_question *question = &advisor->questions[change->question];
	char with[40] = "";

	if (change->joint > 1)
		snprintf(with, sizeof with, _(" and %d more,"), change->joint - 1);
	snprintf(out, size, "%.40s %.40s -> %s%s %d/%d", question->label,
		 question->options[change->option].label, advisor->strategies[change->strategy],
		 change->alone ? _(" alone,") : with, change->support, change->of);
}

static bool is_open(const struct scope *scope, int change)
{
	int question = scope->wizard.advice.changes[change].question;

	return scope->wizard.answers.option[question] < 0;
}

/* As many changes as fit; one of them even where it has to be cut. */
static void draw_changes(const struct scope *scope, struct canvas *canvas, struct area area)
{
	const struct advice *advice = &scope->wizard.advice;
	const char *lead = _("one answer to change it:");
	struct pieces pieces = {.count = 0};
	char line[PIECE_SIZE], safe[2 * PIECE_SIZE];
	int used, best = 0;

	for (int k = 0; k < advice->change_count && k < PIECES_MOST - 2; k++) {
		wizard_change(scope, k, line, sizeof line);
		text_safe(safe, sizeof safe, line, canvas->ascii);
		/* What has not been answered comes first: that is the one to think about. */
		pieces_add(&pieces, is_open(scope, k) ? 200 - k : 90 - k, ROLE_TEXT, "%s", safe);
		if (is_open(scope, k) && !is_open(scope, best))
			best = k;
	}
	used = canvas_text(canvas, area.x + 1, area.y, area.columns - 2, ROLE_DIM, lead) + 3;
	if (pieces_choose(&pieces, area.columns - 1 - used, 2) > 0) {
		pieces_draw(&pieces, canvas, area.x + used, area.y, area.columns - 1 - used, 2);
		return;
	}
	wizard_change(scope, best, line, sizeof line);
	paint_cut(canvas, area.x + used, area.y, area.columns - used, ROLE_TEXT, line);
}

/* The answer to the last command, else what one answer would change. */
static void draw_last(const struct scope *scope, struct canvas *canvas, struct area area)
{
	const struct advice *advice = &scope->wizard.advice;

	if (scope->viewpoint.message[0] || !advice->enough) {
		draw_verdict(scope, canvas, area);
		return;
	}
	if (advice->change_count == 0) {
		canvas_text(canvas, area.x + 1, area.y, area.columns - 2, ROLE_TEXT,
			    _("no single answer would change the first place"));
		return;
	}
	draw_changes(scope, canvas, area);
}

/* ---- the page ---- */

static struct layout layout_of(const struct scope *scope, int columns, int rows)
{
	const struct advisor *advisor = &scope->wizard.advisor;

	if (advisor->question_count == 0) /* refused rules: room for the reason */
		return layout_wizard(columns, rows, 5, 6);
	return layout_wizard(columns, rows, advisor->question_count, advisor->strategy_count);
}

void draw_wizard(const struct scope *scope, struct canvas *canvas)
{
	struct layout layout = layout_of(scope, canvas->columns, canvas->rows);
	const struct area *area = layout.area;

	for (int i = PLACE_QUESTIONS; i <= PLACE_REASONS; i++)
		canvas_box(canvas, layout_frame(area[i]), ROLE_FRAME);
	draw_head(scope, canvas, area[PLACE_HEADER]);
	if (scope->wizard.why.kind != ERROR_NONE) {
		draw_refused(scope, canvas, area[PLACE_QUESTIONS]);
	} else {
		draw_questions(scope, canvas, area[PLACE_QUESTIONS]);
		draw_ranking(scope, canvas, area[PLACE_RANKING]);
		draw_reasons(scope, canvas, area[PLACE_REASONS]);
	}
	draw_length(scope, canvas, area[PLACE_LENGTH]);
	draw_last(scope, canvas, area[PLACE_VERDICT]);
	draw_keys(scope, canvas, area[PLACE_KEYS]);
}

int wizard_scroll_most(const struct scope *scope, int columns, int rows)
{
	struct area area = layout_of(scope, columns, rows).area[PLACE_REASONS];
	int lines = reasons_lines(scope, area) - area.rows;

	return lines < 0 ? 0 : lines;
}

/* ---- the mouse ---- */

static bool click_question(const struct scope *scope, struct area area, int x, int y, char *line,
			   size_t size)
{
	const struct advisor *advisor = &scope->wizard.advisor;
	struct rows rows = rows_of(scope, area);
	int q = rows.first + (y - area.y) / rows.each, count;
	const struct advisor_question *question;
	struct spot spots[SPOTS];
	bool brief, cut;

	if (y - area.y >= rows.shown * rows.each || q >= advisor->question_count)
		return false;
	question = &advisor->questions[q];
	x -= area.x + rows.label + 3;
	count = lay_options(question, scope->wizard.answers.option[q],
			    area.columns - rows.label - 3, spots, &brief, &cut);
	for (int i = 0; i < count && (y - area.y) % rows.each == 0; i++)
		if (x >= spots[i].x && x < spots[i].x + spots[i].columns)
			return snprintf(line, size, "answer %s %s", question->id,
					spots[i].option < 0
						? "unknown"
						: question->options[spots[i].option].id) < (int)size;
	return snprintf(line, size, "question %s", question->id) < (int)size;
}

static bool has(struct area area, int x, int y)
{
	return x >= area.x && y >= area.y && x < area.x + area.columns && y < area.y + area.rows;
}

bool click_wizard(const struct scope *scope, int columns, int rows, int x, int y, char *line,
		  size_t size)
{
	struct layout layout = layout_of(scope, columns, rows);
	const struct wizard *wizard = &scope->wizard;
	struct area ranking = layout.area[PLACE_RANKING];
	int k;

	if (has(layout.area[PLACE_QUESTIONS], x, y))
		return click_question(scope, layout.area[PLACE_QUESTIONS], x, y, line, size);
	k = first_ranked(scope, ranking) + y - ranking.y;
	if (!has(ranking, x, y) || k >= wizard->advice.count)
		return false;
	return snprintf(line, size, "favourite %s",
			wizard->advisor.strategies[wizard->advice.list[k].strategy]) < (int)size;
}
