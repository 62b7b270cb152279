/* A study: what the person is looking at. One plain struct, changed only by commands. */
#ifndef LRSCOPE_STUDY_STUDY_H
#define LRSCOPE_STUDY_STUDY_H

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

/* Plain data without pointers: copied, compared and undone as bytes. */
struct study {
	struct setting now;
	enum ghost_kind ghost_kind;
	struct setting ghost;
	/* What each strategy's dials were left at, so that coming back costs nothing. */
	struct value shelf[STRATEGY_COUNT][STRATEGY_PARAMETERS];
	char touched[32]; /* the dial last changed: a new one moves the GHOST_BEFORE */
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

/* The schedule that strategy `id` would have in this study: its shelf, the common peak. */
struct schedule study_schedule_of(const struct study *study, enum strategy_id id);

/* ---- dials: the one list of what the panel shows, in order ---- */

enum dial_group { DIAL_SCHEDULE, DIAL_TRAINING };

struct dial {
	const struct parameter *parameter;
	enum dial_group group;
	unsigned index; /* in the strategy's table (lr: UINT_MAX) or the training table */
};

#define STUDY_DIALS (STRATEGY_PARAMETERS + TRAINING_COUNT + 1)
/* Dials of the strategy in front (its peak first), then of the training (words of another optimizer
 * and, without plateau, the ripple are left out). Returns how many. */
unsigned study_dials(const struct study *study, struct dial dials[STUDY_DIALS]);
/* Present value as typed ("0.1", "auto", "cos", "concrete"), without resolving. */
void study_write_dial(const struct study *study, const struct dial *dial, struct text *text);

#endif
