/* Lessons: text and commands in steps, from data/lessons or a teacher's file, and playing them.
 *
 * The format is plain text, told by the first character of a line (doc/guide.md):
 *   # title      ## step      : command    ? question   > answer
 *   ! task       * goal       ~ a way      = figure     % comment
 * and everything else is text; a blank line ends a paragraph. */
#ifndef LRSCOPE_STUDY_LESSON_H
#define LRSCOPE_STUDY_LESSON_H

#include "study/scope.h"

#define LESSON_BYTES (64u << 10) /* longest file that is read */
#define LESSON_STEPS 40
#define LESSON_LINES 24          /* most commands, goals, ways or figures of one step */
#define LESSON_TEXT 1500         /* most bytes of a text, question, answer or task */
#define LESSON_TITLE 70          /* most columns of a title */

/* ---- figures: numbers of the screen by name ---- */

enum figure_kind {
	FIGURE_EXCESS, FIGURE_HIGHEST, FIGURE_LIMIT, FIGURE_FLOOR, FIGURE_UPDATES, FIGURE_BATCHES,
	FIGURE_VALIDATION, FIGURE_LR, FIGURE_CUTS, FIGURE_CUT, FIGURE_ABOVE_FROM, FIGURE_ABOVE_TO,
	FIGURE_REACH, FIGURE_DIAL, FIGURE_STRATEGY,
};

struct figure {
	enum figure_kind kind;
	bool of_ghost;
	int64_t at;    /* update, or which cut; -1: the end */
	int strategy;  /* of FIGURE_REACH */
	char dial[32];
};

/* "excess", "excess@52", "ghost.highest", "reach.cosine", "cut.1", "max_lr". */
bool figure_parse(struct figure *figure, const char *word, struct error *error);
/* NaN while it is not there (a run that is not over, no ghost). */
double figure_value(struct scope *scope, const struct figure *figure);

/* ---- a file ---- */

/* `excess < 1e-4`, `strategy = cosine` */
struct lesson_goal {
	struct figure figure;
	char relation; /* < > = */
	double number; /* index of the strategy for FIGURE_STRATEGY */
	int line;
};

/* `= excess 4.5e-5 [2%]`: what a text names. Without a share, as exact as it is written. */
struct lesson_figure {
	struct figure figure;
	double number, within;
	const char *word, *name; /* the number as written; the figure's name */
	int line;
};

struct lesson_command {
	const char *text;
	int line;
};

struct lesson_step {
	const char *title, *text, *question, *answer, *task; /* "" where there is none */
	int line;
	struct lesson_command commands[LESSON_LINES], ways[LESSON_LINES];
	struct lesson_goal goals[LESSON_LINES];
	struct lesson_figure figures[LESSON_LINES];
	int command_count, way_count, goal_count, figure_count;
};

struct lesson {
	char name[256];              /* shipped name, or the path */
	const char *title, *about;
	struct lesson_step *steps;   /* allocated */
	int count;
	char *store;                 /* all texts; allocated */
};

/* Reads and checks the whole file; refused with name, line and reason. What only a run can tell
 * (an update beyond its end) is lesson_try's. */
bool lesson_read(struct lesson *lesson, const char *text, size_t length, const char *name,
		 struct error *error);
void lesson_done(struct lesson *lesson);
/* A shipped one by name, else a file; a file is tried too. */
bool lesson_open(struct lesson *lesson, const char *word, enum file_kinds kinds,
		 struct error *error);
/* Plays all steps and ways in a scope of its own, without working on its runs. */
bool lesson_try(const struct lesson *lesson, enum file_kinds kinds, struct error *error);

struct lesson_file {
	const char *name, *title, *text;
};
extern const struct lesson_file lesson_files[]; /* data/lessons, compiled in */
extern const int lesson_file_count;

/* ---- playing ---- */

/* What scope->play points to while a lesson is open. */
struct lesson_play {
	struct lesson lesson;
	int step;                    /* 0 and on */
	bool seen;                   /* the curtain of the step's question was lifted */
	bool reached;                /* the goals of the step's task hold */
	/* The learner's own, brought back on leaving. */
	struct study own;
	struct history own_history;
	struct viewpoint own_viewpoint;
	char own_path[TRAINING_PATH];
	bool own_changed;
};

/* The study that is the learner's: what is kept when the program ends. `changed`: since it was
 * saved. */
const struct study *lesson_own(const struct scope *scope, bool *changed);
/* The step in hand, or NULL where no lesson is open. */
const struct lesson_step *lesson_step_now(const struct scope *scope);
/* Its question is still open. */
bool lesson_asks(const struct scope *scope);

#endif
