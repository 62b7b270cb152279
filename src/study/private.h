/* What the files of this room share and no other room needs. */
#ifndef LRSCOPE_STUDY_PRIVATE_H
#define LRSCOPE_STUDY_PRIVATE_H

#include "study/scope.h"

/* ---- study.c ---- */

/* Zeroes padding and unused bytes, so that equal studies are equal bytes. */
void study_tidy(struct study *study);
void study_tidy_now(struct study *study); /* the setting in front and the shelves alone */
/* After a change of shelf or peak: every shelf has the peak, `id` is in front with its shelf. */
void study_settle(struct study *study, enum strategy_id id);
/* The tables' defaults, without the scene "start". */
void study_plain(struct study *study);
/* Its value as it was given. */
struct value study_value(const struct study *study, const struct dial *dial);
/* study_nudge from a number for a dial without one of its own (auto, not given); NaN: none. */
bool study_nudge_from(struct study *study, const char *name, double from, int steps,
		      enum nudge nudge, struct error *error);
bool study_data(struct study *study, const char *word, const char *target, struct error *error);

/* ---- told.c ---- */

void told_tidy(struct told *told);
bool told_is_empty(const struct told *told);

/* ---- dials.c ---- */

/* False for a word of an optimizer other than the training's. */
bool study_word_fits(const struct training *training, enum training_id id);

/* ---- path.c ---- */

/* `path` without ".", ".." and doubled slashes: "./rest" below the working folder, else
 * absolute. It leads to the same file, through links too. Refused where it does not fit, or where it is
 * relative and the working folder is gone. */
bool path_normal(char *out, size_t size, const char *path, struct error *error);
/* A normal path as seen from `folder`, and back. */
bool path_relative(char *out, size_t size, const char *path, const char *folder,
		   struct error *error);
bool path_from(char *out, size_t size, const char *relative, const char *folder,
	       struct error *error);

/* ---- scene.c ---- */

struct command_words {
	const char *steps, *how; /* how: fine, coarse or NULL */
};
bool command_nudge(const struct command_words *words, int *steps, enum nudge *nudge,
		   struct error *error);

/* One study command without selection or results. `count` arguments. */
bool study_command(struct study *study, enum command_id id, int count, char *const *argument,
		   struct error *error);
int scene_find(const char *name); /* index or -1 */
/* Start settings, then the scene's study commands. Its viewpoint commands are the scope's. */
bool study_scene(struct study *study, const struct scene *scene, struct error *error);
/* Calls `act` for each command of a scene's text. */
typedef bool scene_act(void *context, const struct command *command, struct error *error);
bool scene_each(const struct scene *scene, scene_act *act, void *context, struct error *error);

/* ---- results.c ---- */

/* The problem that is there for this training, or NULL. */
struct problem *results_problem(struct results *results, const struct training *training);

/* ---- strip.c ---- */

void strip_leave(struct results *results, const struct problem *problem); /* that goes: its run is begun again */
void strip_restart(struct results *results); /* all runs anew at the next strip_follow */
bool strip_follow(struct results *results, const struct study *study, struct error *error);
bool strip_work(struct results *results, int64_t *budget); /* true while work is left */
void strip_age(struct results *results, const struct plan *plan, int64_t updates);
bool strip_busy(const struct results *results);
void strip_done(struct results *results);

/* ---- wizard.c ---- */

/* A question by its id, else by the label that the page shows. */
enum { QUESTION_NONE = -1, QUESTION_SEVERAL = -2 };
int wizard_question(const struct advisor *advisor, const char *word);
/* COMMAND_QUESTION, COMMAND_FAVOURITE. */
bool wizard_look(struct scope *scope, const struct command *command, struct error *error);
/* Its study commands: changes `next`. Then, once that was taken over, what there is to say. */
bool wizard_tell(struct scope *scope, struct study *next, const struct command *command,
		 struct error *error);
void wizard_news(struct scope *scope, const struct command *command, bool same);
/* What differs between two studies in what the wizard was told, in a few words. */
void wizard_describe(const struct study *before, const struct study *after, struct text *text);

/* ---- pages.c ---- */

extern const char strategies_json[]; /* data/strategies.json, compiled in */

/* ---- lesson.c, play.c ---- */

/* A study command that lessons may give, and `scene`; without selection or results. */
bool lesson_change(struct study *study, const struct command *command, struct error *error);
/* COMMAND_LESSON. */
bool lesson_command(struct scope *scope, const struct command *command, struct error *error);
/* Whether the question is answered and the task done. */
void lesson_refresh(struct scope *scope);
/* Forgets the lesson and what was set aside for it. */
void lesson_close(struct scope *scope);

/* ---- scope.c, look.c, axes.c ---- */

/* Takes over `next`, as a change that can be undone if it is to be remembered. */
bool scope_take(struct scope *scope, const struct study *next, bool remember, struct error *error);

/* A viewpoint command. */
bool scope_look(struct scope *scope, const struct command *command, struct error *error);
/* After a change of the study: selection, cursor, zoom and playhead name things that are there. */
void scope_settle(struct scope *scope);
/* After a change that was refused: the results are those of the study again. Where that cannot be had, for want
 * of memory or of its file, they say so, and scope_refresh() tries once more. */
void scope_go_back(struct scope *scope);
void scope_say(struct scope *scope, const char *text);
/* All axes are fitted again. */
void scope_unpin(struct scope *scope);

#endif
