/* What curses draws goes out as one write a frame, and never blocks.
 *
 * curses writes a row at a time and waits when the terminal takes no more. So while it draws, its
 * descriptor leads to a memory file; what that holds is then written to the terminal as far as it takes
 * it, and the rest when it is ready again. There is one frame in it at most. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "terminal/inside.h"

static struct {
	FILE *file; /* curses' own */
	int terminal; /* for our writes: a description of our own, so that only they do not wait */
	bool own;
	int memory;
	off_t length, sent;
} output = {.terminal = -1, .memory = -1};

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
	output.memory = memfd_create("frame", MFD_CLOEXEC);
	output.length = output.sent = 0;
	return output.file;
}

void output_close(void)
{
	if (output.own)
		close(output.terminal);
	if (output.memory >= 0)
		close(output.memory);
	if (output.file)
		fclose(output.file);
	output.own = false;
	output.terminal = output.memory = -1;
	output.file = NULL;
}

void output_gather(void)
{
	if (output.memory < 0)
		return;
	lseek(output.memory, 0, SEEK_SET);
	dup3(output.memory, fileno(output.file), O_CLOEXEC);
}

void output_send(int terminal)
{
	if (output.memory < 0)
		return;
	output.length = lseek(output.memory, 0, SEEK_CUR);
	output.sent = 0;
	dup3(terminal, fileno(output.file), O_CLOEXEC);
	output_flush();
}

bool output_flush(void)
{
	static char bytes[16 * 1024];
	while (output.sent < output.length) {
		size_t left = (size_t)(output.length - output.sent);
		ssize_t count = pread(output.memory, bytes, left < sizeof bytes ? left : sizeof bytes,
				      output.sent);
		ssize_t written = count > 0 ? write(output.terminal, bytes, (size_t)count) : 0;
		if (written > 0)
			output.sent += written;
		else if (written < 0 && errno == EAGAIN)
			return false;
		else if (written == 0 || errno != EINTR)
			output.sent = output.length; /* the terminal has gone: poll() tells */
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
