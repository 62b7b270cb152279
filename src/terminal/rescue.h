/* Leaving the terminal as it was found, whatever happens.
 *
 * While armed: SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL and the like restore the terminal on a stack
 * of their own with write() and tcsetattr() alone, show what was written to stderr
 * meanwhile, and die by that signal (with its core). SIGTERM, SIGINT and SIGHUP come as EVENT_SIGNAL,
 * or do the same when the program does not get to them: at once a second one, or while the
 * terminal blocks output, else after half a second (it reads a large file, say). SIGPIPE and SIGXFSZ
 * are ignored: the call that causes them fails. screen_open() and screen_close() arm and disarm it. */
#ifndef LRSCOPE_TERMINAL_RESCUE_H
#define LRSCOPE_TERMINAL_RESCUE_H

#include <stdbool.h>
#include <stdnoreturn.h>

#include "base/error.h"

/* Dies by `signal` with its default action: after screen_close(), on EVENT_SIGNAL. */
noreturn void rescue_die(int signal);

/* Restores the terminal from anywhere, writes `line` to stderr, exits with 1: for a library that
 * cannot return, such as one without memory. */
noreturn void rescue_fail(const char *line);

#endif
