/* From a size to areas: where everything is. A pure function, tested with drawings. */
#ifndef LRSCOPE_VIEW_LAYOUT_H
#define LRSCOPE_VIEW_LAYOUT_H

#include "view/canvas.h"

#define LEAST_COLUMNS 60
#define LEAST_ROWS 16

enum place {
	PLACE_HEADER, PLACE_STRIP,
	PLACE_DIALS, PLACE_BOX,               /* left: the dials, below them the one in hand */
	PLACE_RATE, PLACE_LOSS, PLACE_SECOND, /* right: rate, loss, another loss */
	PLACE_LESSON,                         /* a band below the panels */
	PLACE_READINGS, PLACE_VERDICT, PLACE_KEYS,
	PLACE_BODY,                           /* of a page, in place of all panels */
	PLACE_QUESTIONS, PLACE_RANKING, PLACE_LENGTH, PLACE_REASONS, /* of the wizard */
	PLACE_COUNT
};

/* Interiors, without frames; 0 x 0 where a place is left out. Neighbouring panels share the frame
 * line between them. */
struct layout {
	bool fits; /* large enough for anything but a sentence */
	struct area area[PLACE_COUNT];
};

/* The main screen, or a page over the whole screen. */
struct layout layout_main(int columns, int rows, bool wants_box);
/* The main screen with a lesson's text; as high for every step, so that nothing jumps. */
struct layout layout_lesson(int columns, int rows, bool wants_box);
struct layout layout_page(int columns, int rows);
/* The wizard: so many questions and strategies there are to show. */
struct layout layout_wizard(int columns, int rows, int questions, int strategies);

/* The frame round an interior: one cell more on each side; 0 x 0 for none. */
struct area layout_frame(struct area interior);
/* Whether the place has a frame. */
bool layout_is_framed(enum place place);

#endif
