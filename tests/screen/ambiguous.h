/* Characters that have one column or two, by the terminal: on an East-Asian one they push all that
 * follows out of its place. Each function gives the first that it finds, or 0. */
#ifndef TESTS_SCREEN_AMBIGUOUS_H
#define TESTS_SCREEN_AMBIGUOUS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "view/canvas.h"

bool code_is_ambiguous(uint32_t code);
uint32_t text_ambiguous(const char *string);
/* But for the lines of frames; of an ASCII canvas: any cell that is not 0x20..0x7e. */
uint32_t canvas_ambiguous(const struct canvas *canvas);

#endif
