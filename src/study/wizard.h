/* The wizard: the rules that a study names, its answers as they count there, and the ranking. */
#ifndef LRSCOPE_STUDY_WIZARD_H
#define LRSCOPE_STUDY_WIZARD_H

#include "study/study.h"

/* Lives beside the study and can always be made again. Nothing is read before it is wanted. */
struct wizard {
	enum file_kinds files; /* that rules may be read from */
	bool there;                /* the rules were read, or refused */
	char rules[TRAINING_PATH]; /* the file that was read; "": the standard rules */
	struct error why;          /* of refused rules; kind ERROR_NONE else. `advisor` is empty then */
	struct advisor advisor;
	struct answers answers;
	int foreign;               /* answers of the study that these rules do not know: not counted */
	struct advice advice;
};

void wizard_init(struct wizard *wizard);
void wizard_done(struct wizard *wizard);
/* Reads the study's rules where that has not been done and ranks. False: rules are refused. */
bool wizard_follow(struct wizard *wizard, const struct study *study);
/* Reads a rules file ("": the standard rules) anew; refused: what was there stays. */
bool wizard_read(struct wizard *wizard, const char *path, struct error *error);

#endif
