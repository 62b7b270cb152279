/* A canvas that is too small says so, cut to fit. */
#include "base/language.h"
#include "view/panel.h"

void draw_too_small(struct canvas *canvas)
{
	canvas_textf(canvas, 0, 0, canvas->columns, ROLE_TEXT, _("needs %dx%d, have %dx%d"),
		     LEAST_COLUMNS, LEAST_ROWS, canvas->columns, canvas->rows);
	if (canvas->columns > 0 && canvas->rows > 0)
		canvas->cursor_x = canvas->cursor_y = 0;
}
