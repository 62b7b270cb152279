/* What the outside world tells the explorer, one at a time. */
#ifndef LRSCOPE_TERMINAL_EVENT_H
#define LRSCOPE_TERMINAL_EVENT_H

#include <stddef.h>

enum event_kind {
	EVENT_NONE,      /* nothing is there: go on with the work */
	EVENT_KEY,       /* `key` */
	EVENT_PASTE,     /* `text`, `length` */
	EVENT_MOUSE,     /* `x`, `y`, `mouse`, `button` */
	EVENT_RESIZE,    /* ask screen_size(), draw again */
	EVENT_TICK,      /* the timer of loop_arm() fired; it is off now */
	EVENT_OUTPUT,    /* the frame that loop_can_draw() refused can be drawn now */
	EVENT_SIGNAL,    /* `signal`: save, screen_close(), rescue_die(signal) */
	EVENT_CONTINUED, /* back after a stop: the size may be another, draw again */
	EVENT_END,       /* the terminal is gone: leave without drawing */
};

/* A key's name. What types a character is that character in UTF-8 ("a", "?", "é"), but
 * the blank is "Space". The rest: Up Down Left Right Home End PageUp PageDown Insert Delete,
 * each also after "S-", "C-" and "M-" (and "C-S-" for arrows); Backspace Tab S-Tab Enter Esc
 * F1..F12; C-a .. C-z (but C-i, C-j, C-m and C-h are Tab, Enter, Enter and Backspace), C-Space
 * C-\ C-] C-^ C-_; and Alt with any plain key: M-x, M-é, M-Enter, M-Backspace. */
#define EVENT_KEY_SIZE 24

enum event_mouse { MOUSE_PRESS, MOUSE_RELEASE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct event {
	enum event_kind kind;
	char key[EVENT_KEY_SIZE];
	/* What was pasted: not terminated, may hold any byte, at most PASTE_MOST (the rest was
	 * dropped). Belongs to the loop, until the next loop_next(). */
	const char *text;
	size_t length;
	int x, y;   /* cell, from 0 */
	enum event_mouse mouse;
	int button; /* 1 left, 2 middle, 3 right; 0 for the wheel */
	int signal; /* SIGTERM, SIGINT, SIGHUP */
};

#define PASTE_MOST (1024 * 1024)

#endif
