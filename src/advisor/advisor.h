/* Which strategy to choose, and why: questions, rules and a ranking that a person can follow.
 *
 * Rules are data (data/rules.json, compiled in as the default; a teacher's own with --rules).
 * Questions, options and strategies may be added there without touching C. No output, no clock. */
#ifndef LRSCOPE_ADVISOR_ADVISOR_H
#define LRSCOPE_ADVISOR_ADVISOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#define ADVISOR_ID 32          /* bytes of an id, terminated: a lower-case letter, then also digits, _ */
#define ADVISOR_QUESTIONS 12
#define ADVISOR_OPTIONS 10     /* of one question */
#define ADVISOR_STRATEGIES 40  /* see ADVISOR_WHOLE */
#define ADVISOR_RULES 256
#define ADVISOR_AT_ONCE 16     /* rules that may hang on one option */
#define ADVISOR_BYTES (1u << 20)

struct advisor_option {
	char id[ADVISOR_ID];
	char *label; /* for people */
	char *brief; /* a few letters, where the labels of a question do not fit beside each other */
};

struct advisor_question {
	char id[ADVISOR_ID];
	char *asks, *label;
	int option_count;
	struct advisor_option options[ADVISOR_OPTIONS];
};

enum rule_source { RULE_GUIDE, RULE_TABLE };

struct advisor_rule {
	char id[2 * ADVISOR_ID];
	enum rule_source source;
	char *row;     /* table: the row's words; NULL for guide rules */
	char *because; /* guide: the reason; NULL for table rules */
	/* when[q]: bit o set where option o of question q matches; 0: the question does not matter.
	 * A rule over several questions fires when all match, and supports each. */
	unsigned when[ADVISOR_QUESTIONS];
	int recommend_count;
	int recommend[ADVISOR_STRATEGIES]; /* in the source's order */
};

struct advisor {
	int question_count, strategy_count, rule_count;
	struct advisor_question *questions;
	char (*strategies)[ADVISOR_ID];
	struct advisor_rule *rules;
};

void advisor_init(struct advisor *advisor);
void advisor_done(struct advisor *advisor);

/* Reads and checks a rules file whole; `name` is for messages, `language` ("en", "zh_CN.UTF-8") picks
 * texts that are keyed by language (English, else the first, where it has none). Texts are kept as
 * they are, control characters included. File errors give line, column, the place in the file (such
 * as rules[3].when.scale) and the reason: not JSON, unknown or repeated key, wrong type, unknown
 * question or option, a strategy that the file does not declare, duplicate ids, an empty list, a
 * question without rules, too many. `advisor` (initialised, may be filled) is untouched then. */
bool advisor_read(struct advisor *advisor, const char *json, size_t length, const char *name,
		  const char *language, struct error *error);
/* The rules that are compiled in. */
bool advisor_standard(struct advisor *advisor, const char *language, struct error *error);
bool advisor_open(struct advisor *advisor, const char *path, const char *language,
		  enum file_kinds kinds, struct error *error);

int advisor_question(const struct advisor *advisor, const char *id); /* index or -1 */
int advisor_option(const struct advisor *advisor, int question, const char *id); /* index or -1 */

#define ANSWER_UNKNOWN (-1)

/* What a person said: an option of each question or ANSWER_UNKNOWN, and whether it is decisive. */
struct answers {
	int option[ADVISOR_QUESTIONS];
	bool decisive[ADVISOR_QUESTIONS];
};

void answers_init(struct answers *answers);
/* "scale", "small" ("unknown": none). Request errors name the word and the nearest. */
bool answers_set(const struct advisor *advisor, struct answers *answers, const char *question,
		 const char *option, struct error *error);

/* "scale" or "scale,task": those whose answers are decisive, which must be answered. */
bool answers_decide(const struct advisor *advisor, struct answers *answers, const char *questions,
		    struct error *error);

/* A rule and an answer that it hangs on: speaking for a strategy, or against it. */
struct reason {
	short rule, question; /* indices */
};

struct recommendation {
	int strategy;
	int rank;     /* from 1; equal support (and decisiveness) share it; without answers all 1 */
	int support;  /* answered questions with a firing rule for it */
	int64_t weight;      /* sum over supporting questions of 1/length of the shortest such rule,
			      * in units of 1/ADVISOR_WHOLE: exact, so that equal sums are equal */
	int table_rules;     /* firing table rules for it */
	int first_mention;   /* from 0; strategies not mentioned come last, file order */
	int named;           /* rules of the file that name it, firing or not */
	bool undecided;      /* a decisive answer does not support it */
	int reason_count, against_count;
	/* Firing rules for it in file order, each once for every question that it hangs on. */
	struct reason reasons[ADVISOR_AT_ONCE * ADVISOR_QUESTIONS];
	/* Answered questions whose firing rules name others only: the first such rule of each. */
	struct reason against[ADVISOR_QUESTIONS];
};

/* The least common multiple of 1 to ADVISOR_STRATEGIES. */
#define ADVISOR_WHOLE INT64_C(5342931457063200)

/* A single answer that would change the first place: what is first now would no longer share it, or
 * one strategy would have what several share now. None without any answer. */
struct change {
	int question, option;
	int strategy; /* first then */
	int support, of;
	int joint;    /* strategies that have that place then */
	bool alone;   /* several have it now */
};

struct advice {
	bool enough; /* false without any answer: then ordered by the number of rules that name it */
	int of;      /* answered questions */
	int count;
	struct recommendation list[ADVISOR_STRATEGIES]; /* every strategy, best first */
	int change_count;
	struct change changes[ADVISOR_QUESTIONS * ADVISOR_OPTIONS];
};

/* Ranking: support; ties by weight, table rules, first mention (walking the firing guide rules, then
 * the table rules, in file order), file order. Strategies that a decisive answer does not support
 * rank below those that all decisive answers support. */
void advise(const struct advisor *advisor, const struct answers *answers, struct advice *advice);

/* The rank of row `k`: "2", or "=1" where it is joint. */
const char *advice_rank(const struct advice *advice, int k, char out[16]);

/* ---- sentences; they may hold what the file holds: make them safe before printing ---- */

/* What a reason for a strategy says, or what one against it names instead. */
void advisor_for(const struct advisor *advisor, struct reason reason, struct text *text);
void advisor_against(const struct advisor *advisor, struct reason reason, struct text *text);

/* Why the first of several with equal support comes first; nothing where the first is alone. */
void advisor_lead(const struct advisor *advisor, const struct advice *advice, struct text *text);

/* Where guide and table differ on an answer, as one sentence ("deep: the guide adds onecycle";
 * "language: only the table knows it"); false and nothing where they agree. Looks at rules over this
 * question alone. That the table leaves out what the guide has is no difference: it is a summary. */
bool advisor_difference(const struct advisor *advisor, int question, int option, struct text *text);

/* Exact number of optimizer steps of a run: epochs x ceil(ceil(samples / (batch x devices)) /
 * accumulation), as the usual trainers count with a last partial batch kept. All at least 1. */
double advisor_steps(double samples, double batch, double accumulation, double devices,
		     double epochs);

#endif
