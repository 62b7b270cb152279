/* Lessons: the band below the panels, the list of lessons, and a step's whole text. */
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "study/lesson.h"
#include "view/panel.h"

/* With its mark before it, wrapped. */
static void write_marked(struct pager *pager, enum role role, const char *mark, const char *text)
{
	char line[LESSON_TEXT + 40];

	snprintf(line, sizeof line, "%s %s", mark, text);
	pager_wrapped(pager, 0, role, line);
}

static void write_task(const struct scope *scope, struct pager *pager,
		       const struct lesson_step *step)
{
	if (step->task[0] == '\0' || lesson_asks(scope))
		return;
	if (scope->play->reached)
		write_marked(pager, ROLE_GOOD, _("done:"), step->task);
	else
		write_marked(pager, ROLE_TITLE, _("do:"), step->task);
}

static void write_text(const struct scope *scope, struct pager *pager)
{
	const struct lesson_step *step = lesson_step_now(scope);

	if (step->question[0] == '\0' || lesson_asks(scope))
		pager_wrapped(pager, 0, ROLE_TEXT, step->text);
}

static void write_question(const struct scope *scope, struct pager *pager)
{
	if (lesson_asks(scope))
		write_marked(pager, ROLE_TITLE, "?", lesson_step_now(scope)->question);
}

/* What is said now: the question until the curtain is up, its answer from then on. Where not all of
 * it is seen, what is asked or to be done comes first. */
static void write_now(const struct scope *scope, struct pager *pager, bool cut)
{
	const struct lesson_step *step = lesson_step_now(scope);

	if (cut) {
		write_question(scope, pager);
		write_task(scope, pager, step);
	}
	write_text(scope, pager);
	if (!cut)
		write_question(scope, pager);
	if (step->question[0] != '\0' && !lesson_asks(scope))
		pager_wrapped(pager, 0, ROLE_TEXT, step->answer);
	if (!cut)
		write_task(scope, pager, step);
}

static void draw_band_title(const struct scope *scope, struct canvas *canvas, struct area area,
			    bool cut)
{
	const struct lesson_play *play = scope->play;
	struct pieces pieces = {.count = 0};

	if (cut)
		pieces_add(&pieces, 99, ROLE_WARN, _("t: the whole text"));
	pieces_add(&pieces, 80, ROLE_TITLE, "%s", lesson_step_now(scope)->title);
	pieces_add(&pieces, 60, ROLE_DIM, "%s", play->lesson.title);
	pieces_add(&pieces, 98, ROLE_TEXT, _("step %d of %d"), play->step + 1, play->lesson.count);
	if (play->reached)
		pieces_add(&pieces, 97, ROLE_GOOD, _("done"));
	pieces_choose(&pieces, area.columns - 2, 3);
	pieces_draw(&pieces, canvas, area.x + 1, area.y, area.columns - 2, 3);
}

void draw_lesson(const struct scope *scope, struct canvas *canvas, struct area area)
{
	struct area body = {area.x, area.y + 1, area.columns, area.rows - 1};
	struct pager pager = {NULL, body, 0, 0};
	bool cut;

	if (!lesson_step_now(scope))
		return;
	write_now(scope, &pager, false);
	cut = pager.line > body.rows;
	draw_band_title(scope, canvas, area, cut);
	pager.canvas = canvas;
	pager.line = 0;
	write_now(scope, &pager, cut);
}

bool lesson_fits(const struct scope *scope, int columns, int rows)
{
	struct area band = layout_lesson(columns, rows, true).area[PLACE_LESSON];
	struct pager pager = {NULL, band, 0, 0};

	if (!lesson_step_now(scope))
		return true;
	write_now(scope, &pager, false);
	return pager.line <= band.rows - 1;
}

/* ---- pages ---- */

void write_lesson(const struct scope *scope, struct pager *pager, int *current)
{
	const struct lesson_step *step = lesson_step_now(scope);
	char line[200];

	(void)current;
	if (!step) {
		pager_line(pager, 0, ROLE_TEXT, _("no lesson is open"));
		return;
	}
	snprintf(line, sizeof line, _("step %d of %d: %s"), scope->play->step + 1,
		 scope->play->lesson.count, step->title);
	pager_wrapped(pager, 0, ROLE_TITLE, line);
	pager_blank(pager);
	pager_wrapped(pager, 0, ROLE_TEXT, step->text);
	if (step->question[0] != '\0') {
		pager_blank(pager);
		write_marked(pager, ROLE_TITLE, "?", step->question);
	}
	if (step->answer[0] != '\0' && !lesson_asks(scope)) {
		pager_blank(pager);
		pager_wrapped(pager, 0, ROLE_TEXT, step->answer);
	}
	if (step->task[0] != '\0' && !lesson_asks(scope)) {
		pager_blank(pager);
		write_task(scope, pager, step);
	}
}

/* The text between the title and the first step. */
static void write_about(struct pager *pager, const char *text)
{
	const char *from = strchr(text, '\n'), *end = strstr(text, "\n##");
	char about[LESSON_TEXT + 1];
	size_t length;

	if (!from || !end || end <= from)
		return;
	length = (size_t)(end - from - 1);
	if (length >= sizeof about)
		length = sizeof about - 1;
	memcpy(about, from + 1, length);
	while (length > 0 && about[length - 1] == '\n')
		length--;
	about[length] = '\0';
	for (size_t i = 0; i < length; i++)
		if (about[i] == '\n')
			about[i] = ' ';
	pager_wrapped(pager, 0, ROLE_TEXT, about);
}

void write_lessons(const struct scope *scope, struct pager *pager, int *current)
{
	int choice = scope->viewpoint.choice;

	for (int i = 0; i < lesson_file_count; i++) {
		const struct item item = {lesson_files[i].name, lesson_files[i].title, i == choice};

		pager_item(pager, 1, 12, &item, current);
	}
	if (choice < 0 || choice >= lesson_file_count)
		return;
	pager_blank(pager);
	write_about(pager, lesson_files[choice].text);
	pager_blank(pager);
	pager_wrapped(pager, 0, ROLE_DIM,
		      _("Enter begins it. Your own study waits as it is; E leaves the lesson at any "
			"time. A lesson in a file: \":lesson FILE.lesson\"."));
}
