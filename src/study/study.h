/* A study: what the person is looking at. One plain struct, changed only by commands. */
#ifndef LRSCOPE_STUDY_STUDY_H
#define LRSCOPE_STUDY_STUDY_H

#include "advisor/advisor.h"
#include "schedule/schedule.h"
#include "trainer/training.h"

/* Everything that one run is made from. */
struct setting {
	struct schedule schedule;
	struct training training;
};

enum ghost_kind {
	GHOST_OFF,
	GHOST_BEFORE, /* the setting before the dial at hand was touched; follows by itself */
	GHOST_PINNED, /* stays until told otherwise */
};

/* The numbers of the wizard's length line. */
enum length_id {
	LENGTH_SAMPLES, LENGTH_BATCH, LENGTH_ACCUMULATE, LENGTH_DEVICES, LENGTH_EPOCHS, LENGTH_COUNT
};
extern const char *const length_names[]; /* NULL-ended: samples batch accumulate devices epochs */

#define STUDY_ANSWERS 24 /* kept at most, those that the present rules do not know included */

/* Answers are kept by id, so that they outlive another rules file. */
struct study_answer {
	char question[ADVISOR_ID], option[ADVISOR_ID];
	bool decisive;
};

/* What the wizard was told: about the person's own run, not about the one on the screen. */
struct told {
	double length[LENGTH_COUNT]; /* 0: not given */
	int count;
	struct study_answer answers[STUDY_ANSWERS]; /* sorted by question */
	char rules[TRAINING_PATH];   /* a rules file; "": the standard rules */
};

/* Plain data without pointers: copied, compared and undone as bytes. */
struct study {
	struct setting now;
	enum ghost_kind ghost_kind;
	struct setting ghost;
	/* What each strategy's dials were left at, so that coming back costs nothing. */
	struct value shelf[STRATEGY_COUNT][STRATEGY_PARAMETERS];
	char touched[32]; /* the dial last changed: a new one moves the GHOST_BEFORE */
	struct told told;
};

/* Start settings: the scene "start" of data/scenes, or plain defaults if `scene` is NULL. */
void study_init(struct study *study);

/* One study command each; a refused one changes nothing. */
bool study_strategy(struct study *study, const char *name, struct error *error);
/* Any dial: a parameter of the strategy in front, lr, or a training word. lr and max_lr are one
 * peak in all strategies. */
bool study_set(struct study *study, const char *name, const char *word, struct error *error);
bool study_reset(struct study *study, const char *name, struct error *error); /* "all" too */
bool study_nudge(struct study *study, const char *name, int steps, enum nudge nudge,
		 struct error *error);
bool study_ghost(struct study *study, const char *what, struct error *error); /* before pin off STRATEGY */
bool study_swap(struct study *study, struct error *error);

/* ---- what the wizard was told ---- */

/* The answer to a question, or NULL. */
const struct study_answer *study_answer_to(const struct study *study, const char *question);
/* Takes an answer (NULL: takes it back) that the caller has looked up in the rules. */
bool study_answer(struct study *study, const char *question, const char *option,
		  struct error *error);
/* Refused without an answer. */
bool study_decisive(struct study *study, const char *question, bool decisive,
		    struct error *error);
bool study_length(struct study *study, const char *name, const char *word, struct error *error);
/* The path of a rules file that the caller has read; "": the standard rules. */
bool study_rules(struct study *study, const char *path, struct error *error);
/* Optimizer steps of the length line; 0 until samples, batch and epochs are given. Accumulation and
 * devices count as 1. */
double study_length_steps(const struct study *study);
/* What the parameter that counts a strategy's scheduler steps comes to for the run of the length line,
 * stepped per batch or per epoch; 0 where it has none, or too little is known. */
double study_length_fitted(const struct study *study, enum strategy_id id, bool per_batch);

/* Strategy `id` to the front, fitted to the run. */
void study_apply(struct study *study, enum strategy_id id);
/* Lengths follow the run (T_max, total_steps, step_size, step_size_up, base_lr), the clock is the
 * strategy's own, and momentum is not cycled where plain SGD has none. */
void setting_fit(struct setting *setting);

/* The schedule that strategy `id` would have in this study: its shelf, the common peak. */
struct schedule study_schedule_of(const struct study *study, enum strategy_id id);

/* ---- dials: the one list of what the panel shows, in order ---- */

enum dial_group { DIAL_SCHEDULE, DIAL_TRAINING };

struct dial {
	const struct parameter *parameter;
	enum dial_group group;
	unsigned index; /* in the strategy's table (lr: UINT_MAX) or the training table */
};

/* A dial by name or alias (lr, max_lr: the peak). */
bool study_find(const struct study *study, const char *name, struct dial *dial,
		struct error *error);

#define STUDY_DIALS (STRATEGY_PARAMETERS + TRAINING_COUNT + 1)
/* Dials of the strategy in front (its peak first), then of the training (words of another optimizer
 * and, without plateau, the ripple are left out). Returns how many. */
unsigned study_dials(const struct study *study, struct dial dials[STUDY_DIALS]);
/* Present value as typed ("0.1", "auto", "cos", "concrete"), without resolving. */
void study_write_dial(const struct study *study, const struct dial *dial, struct text *text);

#endif
