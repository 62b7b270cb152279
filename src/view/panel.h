/* The panels: each draws one area of the canvas from the scope, and changes nothing else. */
#ifndef LRSCOPE_VIEW_PANEL_H
#define LRSCOPE_VIEW_PANEL_H

#include "study/scope.h"
#include "view/curves.h"
#include "view/layout.h"
#include "view/paint.h"

typedef void panel_draw(const struct scope *scope, struct canvas *canvas, struct area area);

panel_draw draw_header, draw_strip, draw_dials, draw_box, draw_rate, draw_loss, draw_second_loss,
	draw_readings, draw_verdict, draw_keys, draw_lesson;
/* Over everything: the prompt in the last row, candidates above it. */
void draw_prompt(const struct scope *scope, struct canvas *canvas);
void draw_too_small(struct canvas *canvas);

/* A page writes all of its lines through the pager; those that are not seen are only counted.
 * `current` gets the line that the real cursor belongs to (left alone where there is none). */
typedef void page_write(const struct scope *scope, struct pager *pager, int *current);

page_write write_help, write_strategy_page, write_code, write_scenes, write_choices, write_race,
	write_lessons, write_lesson;
const char *page_title(const struct scope *scope);

/* The wizard has panels of its own. */
void draw_wizard(const struct scope *scope, struct canvas *canvas);
int wizard_scroll_most(const struct scope *scope, int columns, int rows);
bool click_wizard(const struct scope *scope, int columns, int rows, int x, int y, char *line,
		  size_t size);

/* Whether all that the lesson says now is seen on a screen of this size. */
bool lesson_fits(const struct scope *scope, int columns, int rows);
/* The dial in hand and what it leads to, large enough for the last row of a class. */
panel_draw draw_project;
/* Everything in the strongest role that it may have. */
void project_strengthen(struct canvas *canvas);

/* While the curtain is drawn: this lane's rate would tell what its loss did. */
bool curtain_hides_rate(const struct scope *scope, const struct lane *lane);

/* ---- dials ---- */

/* A panel of dials that is this wide shows what each of them means; DIALS_NAMES columns are for names
 * and values, DIALS_SCALE for scales. */
#define DIALS_OPEN 72
#define DIALS_NAMES 29
#define DIALS_SCALE 30
/* What there is to say of a dial just now: the largest stable rate for the peak, a warning. */
void box_remarks(const struct scope *scope, const struct dial *dial, struct pager *pager, int indent);

/* The scale of a dial in one row, and its value as it is read. */
void dial_scale(const struct scope *scope, const struct dial *dial, struct canvas *canvas,
		struct area row);
void dial_value(const struct scope *scope, const struct dial *dial, int columns, char *out,
		size_t size);

/* The dial in hand; the first where none is. */
struct dial selected_dial(const struct scope *scope);
/* Its value as a number, resolved by the run where that is bound; NaN without one. */
double dial_number(const struct scope *scope, const struct dial *dial);
bool dial_is_auto(const struct scope *scope, const struct dial *dial);
bool dial_is_peak(const struct study *study, const struct dial *dial);
/* A word of warning about this dial, or NULL. */
const char *dial_note(const struct scope *scope, const struct dial *dial);
/* Strategy under column `x` of the strip, or -1. */
int strip_at(struct area area, int x);
/* Index of the dial in row `row` of the panel, or -1: for the mouse. */
int dial_at(const struct scope *scope, struct area area, int row);

#endif
