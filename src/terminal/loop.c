/* Poll, timers, signals and pastes. See loop.h. */
#include "terminal/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "terminal/inside.h"
#include "terminal/screen.h"

#define MILLISECOND INT64_C(1000000)
#define RESIZE_ALONE (100 * MILLISECOND) /* this long after the one before it is no burst */
#define RESIZE_QUIET (40 * MILLISECOND)  /* a burst that pauses that long is over */
#define RESIZE_CELL INT64_C(40000)       /* while it lasts, as long from frame to frame for each cell */
#define FRAME_EVERY (16 * MILLISECOND)  /* while keys are queued */
#define PASTE_QUIET (2000 * MILLISECOND) /* a paste whose end got lost does not eat the keys for ever */
#define STUCK_MOST 8

static const char paste_end[] = "\033[201~";
#define PASTE_END_LENGTH (sizeof paste_end - 1)

static int64_t monotonic(void *context)
{
	struct timespec now;
	(void)context;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 * MILLISECOND + now.tv_nsec;
}

int64_t loop_now(struct loop *loop)
{
	return loop->clock(loop->clock_context);
}

static int test_descriptor(void)
{
	const char *name = getenv("LRSCOPE_TEST_FD");
	if (!name || *name < '0' || *name > '9')
		return -1;
	int descriptor = atoi(name);
	int flags = fcntl(descriptor, F_GETFL);
	if (descriptor <= STDERR_FILENO || flags < 0)
		return -1;
	fcntl(descriptor, F_SETFL, flags | O_NONBLOCK); /* a test that does not read must not hold us */
	return descriptor;
}

bool loop_open(struct loop *loop, loop_clock *clock, void *context, struct error *error)
{
	(void)error;
	memset(loop, 0, sizeof *loop);
	loop->clock = clock ? clock : monotonic;
	loop->clock_context = context;
	loop->framed = loop_now(loop) - FRAME_EVERY;
	loop->resize_noted = loop_now(loop) - RESIZE_ALONE;
	loop->more = true;
	loop->test = test_descriptor();
	text_init(&loop->paste);
	return true;
}

void loop_close(struct loop *loop)
{
	text_done(&loop->paste);
}

void loop_arm(struct loop *loop, int milliseconds)
{
	loop->armed = true;
	loop->deadline = loop_now(loop) + milliseconds * MILLISECOND;
}

void loop_disarm(struct loop *loop)
{
	loop->armed = false;
}

static void tell_test(struct loop *loop, const char *byte)
{
	if (loop->test >= 0)
		(void)!write(loop->test, byte, 1);
}

/* ---- what is there without waiting ---- */

static bool poll_one(int descriptor, short events)
{
	struct pollfd one = {descriptor, events, 0};
	return poll(&one, 1, 0) == 1 && (one.revents & events);
}

static bool input_waits(struct loop *loop)
{
	return loop->more || poll_one(screen_input(), POLLIN);
}

static bool may_draw(struct loop *loop)
{
	if (!output_flush() || !poll_one(screen_output(), POLLOUT))
		return false;
	return !poll_one(screen_input(), POLLIN) || loop_now(loop) - loop->framed >= FRAME_EVERY;
}

bool loop_can_draw(struct loop *loop)
{
	loop->owed = !may_draw(loop);
	return !loop->owed;
}

void loop_frame_shown(struct loop *loop, bool work_left)
{
	loop->framed = loop_now(loop);
	if (work_left && output_flush())
		tell_test(loop, "f");
}

/* ---- signals ---- */

/* Until a shell brings us to the foreground. Where none does (the group is an orphan) stopping has
 * no effect: then we wait, silently, for a signal or for the end of the terminal. */
static void wait_for_foreground(void)
{
	while (!screen_in_foreground()) {
		rescue_stop(SIGTTOU);
		if (screen_in_foreground() || rescue_take_end())
			return;
		struct pollfd both[2] = {{rescue_descriptor(), POLLIN, 0}, {screen_input(), 0, 0}};
		if (poll(both, 2, -1) > 0 && both[1].revents)
			return;
		rescue_drain();
	}
}

/* One alone is drawn at once. In a burst each frame is a whole screen, so a large one is drawn less
 * often: whatever its size, a burst sends about as much in a second. */
static void note_resize(struct loop *loop)
{
	int columns, rows;
	int64_t now = loop_now(loop), alone = loop->resize_noted + RESIZE_ALONE;
	screen_size(&columns, &rows);
	int64_t often = loop->resize_given + RESIZE_CELL * columns * rows, quiet = now + RESIZE_QUIET;
	loop->resize_due = now >= alone ? now : quiet < often ? quiet : often;
	loop->resize_noted = now;
	loop->resizing = true;
}

static bool act_on_signals(struct loop *loop, struct event *event)
{
	rescue_drain();
	event->signal = rescue_take_end();
	if (event->signal) {
		event->kind = EVENT_SIGNAL;
		return true;
	}
	bool stop = rescue_take(NOTE_STOP);
	if (stop) {
		screen_leave();
		rescue_take(NOTE_CONTINUE);
		rescue_stop(SIGTSTP);
		if (rescue_take_end())
			return act_on_signals(loop, event); /* killed while stopped */
	}
	if (stop || rescue_take(NOTE_CONTINUE)) {
		wait_for_foreground();
		if (rescue_take_end())
			return act_on_signals(loop, event); /* or in the background */
		rescue_drain();
		rescue_take(NOTE_CONTINUE);
		rescue_take(NOTE_RESIZE); /* its size is taken over now */
		screen_return();
		loop->resizing = false;
		event->kind = EVENT_CONTINUED;
		return true;
	}
	if (rescue_take(NOTE_RESIZE))
		note_resize(loop);
	return false;
}

static bool act_on_time(struct loop *loop, struct event *event)
{
	if (!loop->resizing && !loop->armed)
		return false;
	int64_t now = loop_now(loop);
	if (loop->resizing && now >= loop->resize_due) {
		loop->resizing = false;
		loop->resize_given = now;
		screen_adopt_size();
		event->kind = EVENT_RESIZE;
		return true;
	}
	if (loop->armed && now >= loop->deadline) {
		loop->armed = false;
		event->kind = EVENT_TICK;
		return true;
	}
	return false;
}

/* ---- keys and pastes ---- */

static void paste_add(struct loop *loop, const char *bytes, size_t length)
{
	size_t room = PASTE_MOST - loop->paste.length;
	text_add_bytes(&loop->paste, bytes, length < room ? length : room);
}

static bool paste_finish(struct loop *loop, struct event *event)
{
	loop->pasting = false;
	event->kind = EVENT_PASTE;
	event->text = loop->paste.bytes;
	event->length = loop->paste.length;
	return true;
}

/* Reads what is there of a paste, never past its end mark: what follows it is keys, for
 * curses. The mark has no beginning of itself inside, so matching starts again at its Esc. */
static bool paste_read(struct loop *loop, struct event *event)
{
	char bytes[PASTE_END_LENGTH];
	bool heard = false;
	for (int reads = 0; reads < 4096 && poll_one(screen_input(), POLLIN); reads++) {
		ssize_t count = read(screen_input(), bytes, PASTE_END_LENGTH - loop->paste_matched);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break; /* the end of the terminal shows itself in poll() */
		heard = true;
		for (ssize_t i = 0; i < count; i++) {
			if (bytes[i] != paste_end[loop->paste_matched]) {
				paste_add(loop, paste_end, loop->paste_matched);
				loop->paste_matched = 0;
			}
			if (bytes[i] == paste_end[loop->paste_matched])
				loop->paste_matched++;
			else
				paste_add(loop, bytes + i, 1);
		}
		if (loop->paste_matched == PASTE_END_LENGTH)
			return paste_finish(loop, event);
	}
	if (heard)
		loop->paste_heard = loop_now(loop);
	return false;
}

/* Neither the memory of a large one is kept, nor that there was too little. */
static void paste_forget(struct loop *loop)
{
	text_done(&loop->paste);
	text_init(&loop->paste);
}

static void paste_start(struct loop *loop)
{
	paste_forget(loop);
	loop->pasting = true;
	loop->paste_matched = 0;
	loop->paste_heard = loop_now(loop);
}

static bool is_key(const struct event *event, const char *name)
{
	return event->kind == EVENT_KEY && strcmp(event->key, name) == 0;
}

static bool act_on_input(struct loop *loop, struct event *event)
{
	if (loop->pasting)
		return paste_read(loop, event);
	if (!input_waits(loop))
		return false;
	for (;;) {
		switch (keys_next(event)) {
		case KEYS_NOTHING:
			loop->more = false;
			loop->stuck++;
			return false;
		case KEYS_IGNORED:
			loop->stuck = 0;
			continue;
		case KEYS_PASTE:
			loop->stuck = 0;
			loop->more = false;
			paste_start(loop);
			return paste_read(loop, event);
		case KEYS_EVENT:
			loop->stuck = 0;
			loop->more = true;
			if (!is_key(event, "C-z"))
				return true;
			event->kind = EVENT_NONE;
			kill(0, SIGTSTP); /* as the terminal driver does: to the whole job */
			return false;
		}
	}
}

/* Readable again and again with nothing to read is how a terminal without hang-up ends. */
static bool is_at_end(struct loop *loop, short revents)
{
	int count = 0;
	if (revents & (POLLHUP | POLLERR | POLLNVAL))
		return true;
	if (!(revents & POLLIN) || loop->stuck < 2)
		return false;
	return (ioctl(screen_input(), FIONREAD, &count) == 0 && count == 0) ||
	       loop->stuck > STUCK_MOST;
}

/* ---- waiting ---- */

static int timeout(struct loop *loop)
{
	int64_t until = INT64_MAX;
	if (loop->armed)
		until = loop->deadline;
	if (loop->resizing && loop->resize_due < until)
		until = loop->resize_due;
	if (loop->pasting && loop->paste_heard + PASTE_QUIET < until)
		until = loop->paste_heard + PASTE_QUIET;
	if (until == INT64_MAX)
		return -1;
	int64_t left = until - loop_now(loop);
	return left <= 0 ? 0 : (int)((left + MILLISECOND - 1) / MILLISECOND);
}

/* True where `event` is the end of the terminal. */
static bool wait(struct loop *loop, int milliseconds, struct event *event)
{
	bool writing = loop->owed || !output_flush();
	struct pollfd all[3] = {
		{screen_input(), POLLIN, 0},
		{rescue_descriptor(), POLLIN, 0},
		{writing ? screen_output() : -1, POLLOUT, 0},
	};
	if (!writing && milliseconds < 0) {
		if (!loop->settled)
			settle();
		loop->settled = true;
		tell_test(loop, "i");
	}
	if (poll(all, 3, milliseconds) < 0)
		return false; /* EINTR: the signal has left a note */
	if (!is_at_end(loop, all[0].revents))
		return false;
	event->kind = EVENT_END;
	return true;
}

bool loop_next(struct loop *loop, bool work_left, struct event *event)
{
	memset(event, 0, sizeof *event);
	if (!loop->pasting && loop->paste.length > 0)
		paste_forget(loop);
	for (int turn = 0;; turn++) {
		/* First what is there; then, with no work, wait for more. */
		bool at_once = turn == 0 || work_left || loop->more;
		int milliseconds = at_once ? 0 : timeout(loop);
		if (wait(loop, milliseconds, event) || act_on_signals(loop, event) ||
		    act_on_time(loop, event) || act_on_input(loop, event))
			return true;
		if (loop->pasting && loop_now(loop) >= loop->paste_heard + PASTE_QUIET)
			return paste_finish(loop, event);
		if (loop->owed && may_draw(loop)) {
			loop->owed = false;
			event->kind = EVENT_OUTPUT;
			return true;
		}
		if (work_left)
			return false;
	}
}
