/* What both plots share: the part of the run that is shown, and a lane's curves as points. */
#ifndef LRSCOPE_VIEW_CURVES_H
#define LRSCOPE_VIEW_CURVES_H

#include "study/scope.h"
#include "view/paint.h"
#include "view/plot.h"

/* Updates from <= u < to of the present run, over `columns` dots. Another lane is laid beside it by
 * epochs, so that other batch sizes compare after the same number of passes over the data. */
struct window {
	int64_t from, to;
	int64_t updates, batches; /* of the whole run; updates an epoch */
	int columns;
};

/* False when there is no run to show. */
bool window_of(struct window *window, const struct scope *scope, int columns);
/* Dot column of an update; -1 outside. */
int window_column(const struct window *window, int64_t update);
/* Updates of `lane` that dot column `i` stands for. */
void window_edges(const struct window *window, const struct lane *lane, int i, int64_t *from,
		  int64_t *to);

/* A lane that has something to draw. */
bool lane_has_curve(const struct lane *lane);

/* Points for each dot column, only of updates before `end` (-1: all). */
void rate_points(const struct window *window, const struct lane *lane, int64_t end,
		 struct point *rates, struct point *momenta);
/* `means`: the curve; `band`: all that each column holds (may be NULL). `dots`: columns of dots in a
 * cell, which the window's columns are a multiple of. */
void loss_points(const struct window *window, const struct lane *lane, enum loss_view view,
		 int dots, int64_t end, struct point *means, struct point *band);

/* The scale of an axis; where nobody has fitted it, from the points. */
struct scale axis_scale(const struct axis *axis, const struct point *points, int count);

/* Interior of a plot panel: labels at the left, dots, a margin (labels if `right`) at the right. */
#define PLOT_GUTTER 7
#define PLOT_MARGIN 1
#define PLOT_RIGHT_GUTTER 6
struct area plot_area(struct area panel, bool right);
void draw_scale(struct canvas *canvas, struct area panel, const struct scale *scale);
/* Epochs (or steps, close up) on the frame line below a panel. */
void draw_epochs(struct canvas *canvas, struct area panel, struct area dots,
		 const struct window *window);
/* The cursor, else the playhead: the update whose column is marked; -1: none. */
int64_t marked_update(const struct scope *scope);
#define CURVE_DOTS "\u2802\u2802\u2802" /* a dotted curve, in a legend */
/* What the ghost is, in a word or two, with its dots: for the legend of the panel that tells it. */
void ghost_name(const struct scope *scope, char *out, size_t size);
void add_ghost(const struct scope *scope, bool ascii, struct pieces *pieces);
/* The loss panel draws and names the ghost, unless there is the spread of mini-batches or a curtain. */
bool loss_has_ghost(const struct scope *scope);
/* What the front curve is called in the legend: "now", or with room by its strategy. */
void now_name(const struct study *study, bool wide, char *out, size_t size);

#endif
