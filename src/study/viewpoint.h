/* How the study is looked at: neither saved nor undone. */
#ifndef LRSCOPE_STUDY_VIEWPOINT_H
#define LRSCOPE_STUDY_VIEWPOINT_H

#include <stdbool.h>
#include <stdint.h>

enum page { PAGE_MAIN, PAGE_HELP, PAGE_STRATEGY, PAGE_CODE, PAGE_SCENES, PAGE_WIZARD, PAGE_RACE,
	    PAGE_LESSONS, PAGE_LESSON, PAGE_CHOICES, PAGE_SHOWN, PAGE_COUNT };
#define PAGE_WORDS PAGE_CHOICES /* the pages before it are opened by a word */
bool page_is_list(enum page page); /* one row of it is in hand */
extern const char *const page_words[PAGE_COUNT]; /* NULL for those that are not */
enum loss_view { LOSS_EXCESS, LOSS_BATCH, LOSS_VALIDATION, LOSS_VIEWS };

/* An axis that stays while a dial turns: widened when it must, refitted by `fit`. */
struct axis {
	bool pinned;
	bool log;
	double low, high;
};

struct viewpoint {
	enum page page;
	int scroll;               /* first line shown of a page */
	int choice;               /* row of PAGE_SCENES, PAGE_LESSONS or PAGE_CHOICES */
	enum page under;          /* where `back` leads to */
	char question[32];        /* of the wizard, in hand; "" the first */
	char favourite[32];       /* strategy in hand there; "" whichever is first */
	char selected[32];        /* name of the dial in hand */
	enum loss_view loss_view;
	struct axis rate_axis, loss_axis[LOSS_VIEWS];
	bool show_momentum;       /* beside the rate */
	bool curtain;             /* hides the loss */
	int64_t cursor;           /* update that is read; -1: follows the playhead or the end */
	int64_t from, to;         /* updates shown, to = 0: all */
	bool playing;
	int64_t playhead;         /* updates shown so far; -1: all */
	double played;            /* part of an update that the playhead is past, below 1 */
	double speed;             /* updates a second when playing; 0: the whole run in 8 s */
	char message[512];        /* answer to the last command, error or news; "" for none */
	bool message_is_error;
	const char *shown;        /* lines of PAGE_SHOWN, kept by the program */
	/* The prompt, filled by the program while it is open. */
	bool prompting;
	char prompt_lead[1024];   /* a search is part of it */
	char prompt_text[1024];
	int prompt_cursor;        /* column in lead + text */
	const char *const *candidates; /* completion candidates, NULL-ended, or NULL */
	bool presentation;        /* heavy marks for a projector */
};

void viewpoint_init(struct viewpoint *viewpoint);

#endif
