/* A setting as words of the command line. */
#ifndef LRSCOPE_EXPORT_WORDS_H
#define LRSCOPE_EXPORT_WORDS_H

#include "study/study.h"

/* Adds "lrscope COMMAND STRATEGY name=value ...", which says the same setting again: only what
 * differs from that command's defaults, quoted for a shell. `command` is train, plot,
 * "export pytorch" or trace (which takes the schedule's words and the optimizer only). */
void export_command(const struct setting *setting, const char *command, struct text *text);

#endif
