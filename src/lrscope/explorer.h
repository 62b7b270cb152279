/* The explorer: the full-screen half of the program. */
#ifndef LRSCOPE_LRSCOPE_EXPLORER_H
#define LRSCOPE_LRSCOPE_EXPLORER_H

#include "terminal/screen.h"

struct explorer_options {
	struct screen_options screen;
	const char *file; /* a saved study, or NULL for the start settings */
};

/* Runs until the person leaves. Returns the exit status; what went wrong is on stderr. */
int explorer_run(const struct explorer_options *options);

#endif
