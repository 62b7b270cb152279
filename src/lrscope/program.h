/* What explorer and scripts share: the PROGRAM commands that need no screen, and complaining. */
#ifndef LRSCOPE_LRSCOPE_PROGRAM_H
#define LRSCOPE_LRSCOPE_PROGRAM_H

#include "study/scope.h"

/* Carries out open, save, code, dump and show (other PROGRAM commands are refused: they need the
 * explorer). `out` gets what is to be printed or told: the dump, the code, a value, or news such as
 * "saved to demo.json". Unfinished runs are finished first where the answer depends on them, but at
 * the screen: see scope_files(). */
bool program_command(struct scope *scope, const struct command *command, struct text *out,
		     bool ascii, int columns, int rows, struct error *error);

/* Opens a saved study into the scope (`word` as saved_path takes it); refused: nothing changed. */
bool program_open(struct scope *scope, const char *word, struct error *error);

/* Carries the runs to their end (the strip of strategies: within a bound) and refreshes the scope. False
 * where memory ran out on the way. */
bool program_finish(struct scope *scope, struct error *error);

/* One line on stderr: "lrscope: " and the error, made safe. Returns the exit status that goes with
 * it: 2 for a wrong request, else 1. */
int program_complain(const struct error *error);

#endif
