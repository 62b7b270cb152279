/* Everything the explorer has open, and the one way in: commands. */
#ifndef LRSCOPE_STUDY_SCOPE_H
#define LRSCOPE_STUDY_SCOPE_H

#include "study/history.h"
#include "study/race.h"
#include "study/results.h"
#include "study/viewpoint.h"
#include "study/wizard.h"

struct scope {
	struct study study;
	struct lesson_play *play; /* study/lesson.h; NULL: no lesson is open */
	char path[TRAINING_PATH]; /* file that the study came from or was saved to; "" */
	bool changed;             /* since then */
	bool behind;              /* the results are not those of the study: a change was refused, and no way back */
	/* Filled by scope_refresh for the view. */
	struct reading reading, ghost_reading;
	bool has_reading, has_ghost_reading;
	struct verdict verdict;
	/* What axes and verdict were last made from; looking through a long run takes a while. */
	struct fitted {
		uint64_t generation;
		int64_t progress; /* of the lanes, in fiftieths */
		int states, view, axes;
	} fitted;
	struct verdict fitted_verdict; /* `verdict` before curtain and playhead hide it */
	/* From here on with an init of their own. */
	struct history history;
	struct viewpoint viewpoint;
	struct results results;
	struct race race;
	struct wizard wizard;
};

void scope_init(struct scope *scope);
void scope_done(struct scope *scope);
/* Which files it may open; any, unless told. FILE_REGULAR: a person is at the screen, who must not
 * wait for a pipe nor for runs to end. */
void scope_files(struct scope *scope, enum file_kinds kinds);
/* Start settings, results begun. */
bool scope_start(struct scope *scope, struct error *error);
/* Another study (opened from a file): results follow, undo can go back to the old one. */
bool scope_replace(struct scope *scope, const struct study *study, struct error *error);
/* Readings, verdict and axes brought up to date; call before drawing. */
void scope_refresh(struct scope *scope);
/* Whether curtain or playhead keep to themselves what the loss is at this update, or what the strip tells of
 * a strategy. */
bool scope_hides(const struct scope *scope, int64_t update);
bool scope_hides_reach(const struct scope *scope, enum strategy_id id);
/* `seconds` have passed: moves the playhead. True while playing (another tick is wanted). */
bool scope_tick(struct scope *scope, double seconds);

/* The number that a dial stands at in the present run: its own, or what auto and defaults came to;
 * NaN where none is known (words, lists, None). */
double scope_resolved(const struct scope *scope, const struct dial *dial);
/* What a word (target, step_per, init) that nobody has typed stands for there; "-": nothing. */
const char *scope_word(const struct scope *scope, const struct dial *dial);

/* Works for about `budget` updates: the lanes, a race, the strip. True while work is left. */
bool scope_work(struct scope *scope, int64_t budget);
bool scope_busy(const struct scope *scope);

/* ---- the wizard, once scope_refresh or a command has read its rules ---- */

/* Index of the question in hand; -1 where there are no rules. */
int scope_question(const struct scope *scope);
/* Place in advice.list of the strategy in hand, and its name; -1, NULL where there are no rules. */
int scope_favourite(const struct scope *scope);
const char *scope_favourite_name(const struct scope *scope);
/* The strategy that PAGE_STRATEGY is about: in front, or, from the wizard, in hand there. */
enum strategy_id scope_about(const struct scope *scope);

/* ---- commands ---- */

enum command_id {
#define COMMAND(ID, ...) COMMAND_##ID,
#include "study/commands.def"
#undef COMMAND
	COMMAND_COUNT
};

enum command_room { ROOM_STUDY, ROOM_VIEWPOINT, ROOM_PROGRAM };

enum completion {
	COMPLETE_NOTHING, COMPLETE_DIAL, COMPLETE_STRATEGY, COMPLETE_DATA, COMPLETE_GHOST,
	COMPLETE_SCENE, COMPLETE_ZOOM, COMPLETE_PAN, COMPLETE_VIEW, COMPLETE_AXIS, COMPLETE_SWITCH,
	COMPLETE_PAGE, COMPLETE_STUDY_FILE, COMPLETE_FILE,
	COMPLETE_QUESTION, COMPLETE_ADVISED, COMPLETE_LENGTH, COMPLETE_RULES, COMPLETE_RACE, COMPLETE_LESSON,
};

struct command_row {
	const char *name, *arguments, *help;
	enum command_room room;
	int least, most;
	enum completion completion;
};
extern const struct command_row command_rows[COMMAND_COUNT];
int command_find(const char *name); /* index or -1 */

#define COMMAND_WORDS 8
#define COMMAND_LINE 4096

/* A parsed line. */
struct command {
	enum command_id id;
	int count;                 /* arguments */
	char *argument[COMMAND_WORDS];
	char store[COMMAND_LINE];
	char path[TRAINING_PATH]; /* the first argument, where it began with "~/" */
};

/* Reads one command (no ';'). An empty or comment line gives false with error kind ERROR_NONE. */
bool command_parse(struct command *command, const char *line, struct error *error);

/* Carries out a study or viewpoint command; refused: nothing changed. PROGRAM commands are the
 * caller's. */
bool scope_command(struct scope *scope, const struct command *command, struct error *error);

/* Completion for a prompt line: writes NULL-ended candidates for the word that ends at `cursor`
 * (each a whole word, sorted) and where that word starts. The list is allocated; freed by
 * completion_free. File names are the caller's (COMPLETE_FILE is reported in `files`). */
char **scope_complete(const struct scope *scope, const char *line, int cursor, int *start,
		      bool *files);
void completion_free(char **candidates);

/* ---- keys ---- */

enum key_page { KEYS_MAIN, KEYS_PAGES, KEYS_WIZARD, KEYS_RACE, KEYS_ALL };

struct key_row {
	const char *key;
	enum key_page page;
	const char *command, *label;
	int weight;
	const char *help;
};
extern const struct key_row key_rows[];
extern const int key_count;
/* The row that `key` has on this page, or NULL. */
const struct key_row *key_find(const char *key, enum page page);
/* NULL when the key's command can be done now, else the reason why not (shown with it in help, and in
 * parentheses in the bar):
 * nothing to undo, no ghost to swap with, ... */
const char *key_why_off(const struct scope *scope, const struct key_row *row);

/* Opens PAGE_SHOWN: more lines than a message has room for. They have to stay until the next ones. */
void scope_show(struct scope *scope, const char *lines);

/* ---- the list of a dial's values, PAGE_CHOICES ---- */

/* Row `row` of the values that the selected dial can have by name (its choices, true and false, the
 * shipped data sets); NULL past the end. And the row of its present value (0 if it has none). */
const char *scope_choice(const struct scope *scope, int row);
int scope_choice_now(const struct scope *scope);

/* ---- scenes and pages: data/ compiled in ---- */

struct scene {
	const char *name, *title, *text; /* text: commands, a line each */
};
extern const struct scene scenes[];
extern const int scene_count;

/* The page about a strategy, from data/strategies.json (language by the locale, English else). */
struct strategy_page {
	char *principle, *formula, *suits, *good, *bad, *traps, *pytorch; /* allocated; traps: a line each */
};
bool strategy_page_open(struct strategy_page *page, enum strategy_id id, struct error *error);
void strategy_page_done(struct strategy_page *page);

#endif
