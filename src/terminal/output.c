/* A frame goes out as one write and never blocks: what the terminal does not take at once is written
 * when it is ready again. There is one frame in it at most. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "terminal/inside.h"

static struct {
	FILE *file;   /* curses' own, for the terminal's modes */
	int terminal; /* for frames: a description of our own, so that only they do not wait */
	bool own;
	const char *bytes; /* what is left of the frame */
	size_t left;
} output = {.terminal = -1};

FILE *output_open(int terminal)
{
	char name[64];
	int copy = fcntl(terminal, F_DUPFD_CLOEXEC, 3);
	output.file = copy >= 0 ? fdopen(copy, "w") : NULL;
	if (!output.file) {
		if (copy >= 0)
			close(copy);
		return NULL;
	}
	/* Not permitted after su; then writes may wait. */
	output.terminal = -1;
	if (ttyname_r(terminal, name, sizeof name) == 0)
		output.terminal = open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	output.own = output.terminal >= 0;
	if (!output.own)
		output.terminal = terminal;
	output.left = 0;
	return output.file;
}

void output_close(void)
{
	if (output.own)
		close(output.terminal);
	if (output.file)
		fclose(output.file);
	output.own = false;
	output.terminal = -1;
	output.left = 0;
	output.file = NULL;
}

void output_send(const char *bytes, size_t length)
{
	output.bytes = bytes;
	output.left = length;
	output_flush();
}

bool output_flush(void)
{
	while (output.left > 0) {
		ssize_t written = write(output.terminal, output.bytes, output.left);
		if (written > 0) {
			output.bytes += written;
			output.left -= (size_t)written;
		} else if (written < 0 && errno == EAGAIN) {
			return false;
		} else if (written == 0 || errno != EINTR) {
			output.left = 0; /* the terminal has gone: poll() tells */
		}
	}
	return true;
}

/* Before the terminal is given back: the rest of a frame may be half a sequence. */
bool output_finish(int patience)
{
	for (;;) {
		bool done = output_flush();
		struct pollfd out = {output.terminal, POLLOUT, 0};
		int ready = poll(&out, 1, patience);
		if (ready == 0)
			return false;
		if (ready > 0 && done)
			return true;
	}
}
