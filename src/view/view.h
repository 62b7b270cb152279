/* A scope drawn into a grid of cells. Reads the scope, writes the cells, nothing else. */
#ifndef LRSCOPE_VIEW_VIEW_H
#define LRSCOPE_VIEW_VIEW_H

#include "study/scope.h"
#include "view/canvas.h"

/* Draws the whole canvas at its present size; call scope_refresh() first. The same scope and size
 * give the same cells, whatever was there. */
void view_draw(const struct scope *scope, struct canvas *canvas);

/* The smallest size that shows more than a sentence. */
void view_least(int *columns, int *rows);
bool view_fits(int columns, int rows);

/* The command that a click on a cell stands for; false where there is none. */
bool view_click(const struct scope *scope, int columns, int rows, int x, int y, char *line,
		size_t size);

/* The highest useful viewpoint.scroll of the page at hand; drawing stops there by itself. */
int view_scroll_most(const struct scope *scope, int columns, int rows);

#endif
