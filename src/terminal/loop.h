/* The only place that waits.
 *
 *	loop_open(&loop, NULL, NULL, &error);
 *	while (!quit) {
 *		if (changed && loop_can_draw(&loop)) {
 *			view(...); screen_show(&canvas); changed = false;
 *			loop_frame_shown(&loop, work_left);
 *		}
 *		if (!loop_next(&loop, work_left, &event))
 *			work for 8 ms;
 *		else
 *			act on event;
 *	}
 *	loop_close(&loop);
 *
 * EVENT_OUTPUT needs no answer but the next turn.
 * Ctrl-Z and SIGTSTP are carried out here: the call returns EVENT_CONTINUED when the
 * program is back in the foreground. */
#ifndef LRSCOPE_TERMINAL_LOOP_H
#define LRSCOPE_TERMINAL_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "terminal/event.h"

/* Nanoseconds of a clock that never goes back. */
typedef int64_t loop_clock(void *context);

struct loop {
	loop_clock *clock;
	void *clock_context;
	bool armed;       /* the timer */
	int64_t deadline; /* of the timer */
	bool resizing;    /* a resize was noted and not yet given out */
	int64_t resize_noted, resize_given, resize_due;
	int64_t framed;   /* when the last frame went out */
	bool owed;        /* loop_can_draw() said no: EVENT_OUTPUT is due when it would say yes */
	bool more;        /* curses may hold bytes that it has read already */
	bool settled;     /* memory that only the start needed is given back */
	int stuck;        /* times in a row that the terminal was readable and gave nothing */
	bool pasting;     /* between the marks of a bracketed paste */
	size_t paste_matched; /* bytes of the end mark seen */
	int64_t paste_heard;  /* when the last byte came */
	struct text paste;
	int test;         /* LRSCOPE_TEST_FD, -1 without */
};

/* `clock` NULL: CLOCK_MONOTONIC. Call it after screen_open(). */
bool loop_open(struct loop *loop, loop_clock *clock, void *context, struct error *error);
void loop_close(struct loop *loop);
int64_t loop_now(struct loop *loop);

/* The timer: EVENT_TICK once, `milliseconds` from now; again replaces it. */
void loop_arm(struct loop *loop, int milliseconds);
void loop_disarm(struct loop *loop);

/* The next event. With `work_left` it does not wait: false and EVENT_NONE where nothing is
 * there. Without, it waits, with no timer running unless one is armed. A resize
 * comes at once; those less than 100 ms apart are a burst and come as one when they pause for 40 ms, or
 * after 40 us for each cell of the screen (77 ms at 80x24). */
bool loop_next(struct loop *loop, bool work_left, struct event *event);

/* False while the terminal takes no output (stopped, or a slow line), and while keys are
 * queued if the last frame is less than 16 ms old: leave the frame out; EVENT_OUTPUT
 * follows when it may be drawn. */
bool loop_can_draw(struct loop *loop);

/* Call after each frame. For tests: where LRSCOPE_TEST_FD names a descriptor, `f` is written
 * there when a frame is out with work left; loop_next() writes `i` before it waits with
 * no input, no work and no timer. */
void loop_frame_shown(struct loop *loop, bool work_left);

#endif
