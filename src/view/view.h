/* A scope drawn into a canvas. Pure: reads the scope, writes cells, nothing else. */
#ifndef LRSCOPE_VIEW_VIEW_H
#define LRSCOPE_VIEW_VIEW_H

#include "study/scope.h"
#include "view/canvas.h"

#define VIEW_LEAST_COLUMNS 60
#define VIEW_LEAST_ROWS 16

/* Draws the whole screen; call scope_refresh first. A canvas that is too small says what it needs. */
void view_draw(const struct scope *scope, struct canvas *canvas);

/* Whether a screen of this size can be used. */
bool view_fits(int columns, int rows);

/* The command that a click on cell x, y stands for (select a dial, take a strategy from the strip,
 * put the cursor, choose a row of a page). False where there is none. */
bool view_click(const struct scope *scope, int columns, int rows, int x, int y, char *command,
		size_t size);

#endif
