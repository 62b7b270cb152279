/* The terminal as a place to show canvases. The only room that includes curses is screen.c.
 *
 * There is one terminal, so there is one screen: its state is in screen.c. Call
 * setlocale(LC_CTYPE, "") before screen_check(). No title is set, no colour is redefined. */
#ifndef LRSCOPE_TERMINAL_SCREEN_H
#define LRSCOPE_TERMINAL_SCREEN_H

#include "base/error.h"
#include "view/canvas.h"

enum screen_color { SCREEN_COLOR_AUTO, SCREEN_COLOR_ALWAYS, SCREEN_COLOR_NEVER };

struct screen_options {
	bool ascii;              /* --ascii */
	enum screen_color color; /* auto: unless NO_COLOR is set and not empty */
	bool mouse;              /* --mouse */
};

/* Whether there is a terminal to take, before anything else is looked at. Refused with a request error:
 * stdout is no terminal, TERM unset or unknown, a terminal without cursor addressing. */
bool screen_check(struct error *error);
/* Takes the terminal that screen_check() has found: raw keys, alternate screen, signals (see rescue.h),
 * bracketed paste. Keys come from /dev/tty when stdin is no terminal. Refused with a request error,
 * before anything was changed or written: no keys to be had, started in the background of nobody. */
bool screen_open(const struct screen_options *options, struct error *error);
/* Gives it back as it was and shows what was written to stderr meanwhile. Safe to call
 * twice, and where screen_open() failed. */
void screen_close(void);

/* Size by the terminal driver, never by LINES and COLUMNS; each at least 1. Where the driver
 * does not know (0x0), the size that terminfo gives, else 80x24. Needs no screen_open(). */
void screen_size(int *columns, int *rows);

/* True where the canvas must be ascii: the option, LRSCOPE_ASCII set and not 0, or a locale
 * that is not UTF-8. Needs no screen_open(). */
bool screen_is_ascii(const struct screen_options *options);

/* Shows the canvas: writes the cells that changed since the last one, then puts the real
 * cursor. One flush. A canvas of another size than the terminal is cut. */
void screen_show(const struct canvas *canvas);
/* The next screen_show() paints everything anew (Ctrl-L). */
void screen_repaint(void);

#endif
