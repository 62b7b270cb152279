/* `advise --ask`: questions and answers in lines, for a plain terminal or a pipe. */
#ifndef LRSCOPE_LRSCOPE_ASK_H
#define LRSCOPE_LRSCOPE_ASK_H

#include "advisor/advisor.h"

/* Asks the questions that have no answer yet, on standard output or, with `aside` or where a person
 * at a terminal would not see them there, on standard error; answers come from standard input, a
 * line each, until it ends. After three wrong answers a question stays open. */
bool ask_questions(const struct advisor *advisor, struct answers *answers, bool aside,
		   struct error *error);

#endif
