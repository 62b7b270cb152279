/* How the model is trained: the training words of the command line and their values, and the
 * plan that they make for a data set of a given size. */
#ifndef LRSCOPE_TRAINER_TRAINING_H
#define LRSCOPE_TRAINER_TRAINING_H

#include <stdint.h>

#include "base/parameter.h"
#include "schedule/schedule.h"
#include "trainer/dataset.h"

enum training_id {
#define TRAINING(ID, ...) TRAINING_##ID,
#include "trainer/training.def"
#undef TRAINING
	TRAINING_COUNT
};

enum optimizer_id { OPTIMIZER_SGD, OPTIMIZER_ADAM, OPTIMIZER_ADAMW, OPTIMIZER_COUNT };
extern const char *const optimizer_names[]; /* NULL-ended: sgd adam adamw */
extern const char *const step_per_names[];  /* epoch batch */
extern const char *const split_names[];     /* random tail */

#define TRAINING_PATH 1024
#define TRAINING_WEIGHTS 257

/* Plain data: copied and compared as bytes (start from training_default). The words `data`,
 * `target` and `init` have their own fields; `betas` is beta1,beta2 in its two. `batch=full` is
 * VALUE_AUTO; words that were not given are UNSET. */
struct training {
	char data[TRAINING_PATH];
	char target[DATASET_NAME]; /* "": the last column */
	struct value values[TRAINING_COUNT];
	double betas[2];
	unsigned init_count; /* 0: all start at 0 */
	unsigned unused;     /* 0; else padding */
	double init[TRAINING_WEIGHTS];
};

extern const struct parameter training_parameters[]; /* TRAINING_COUNT rows, one list of the words */
int training_find(const char *name);                 /* index, or -1 */

struct training training_default(void);
/* Sets one word. Request error names the word, what is allowed and the nearest known. */
bool training_set(struct training *training, const char *name, const char *word,
		  struct error *error);
/* Takes one word back: its default again. */
void training_unset(struct training *training, enum training_id id);
/* Writes the present value of one word as the command line takes it; nothing for `target`, `init`
 * and `step_per` while they are unset (the plan has what is used). */
void training_write(const struct training *training, enum training_id id, struct text *text);
/* Its number: the given one or the default; NaN where there is none (a text or list, full batch,
 * step_per while unset). weight_decay's default is the optimizer's. */
double training_number(const struct training *training, enum training_id id);
/* The same with a seed that is `more` higher. */
struct training training_seeded(const struct training *training, int more);
/* When the scheduler steps: as step_per says, else as the strategy usually does. */
bool training_per_batch(const struct training *training, enum strategy_id strategy);

/* The training resolved for a data set of `rows` rows. */
struct plan {
	int64_t rows, training_rows, validation_rows;
	int64_t batch;            /* rows of a full batch */
	int64_t batches;          /* updates an epoch: ceil(training_rows / batch) */
	int64_t epochs, updates;  /* updates = epochs * batches */
	bool full_batch, shuffle, tail, standardize;
	bool per_batch;           /* the scheduler steps after each update, else after each epoch */
	int64_t scheduler_steps;  /* rows of the schedule that the run has: updates or epochs */
	uint64_t seed;
	enum optimizer_id optimizer;
	bool nesterov, amsgrad;
	double momentum, dampening, weight_decay, beta1, beta2, adam_eps;
	double val_ripple;
	int64_t val_ripple_period;
};

/* Refused, with the reason: no room for the validation rows, nesterov without momentum or with
 * dampening, a word of another optimizer, plateau stepped per batch, more than 1e8 updates. */
bool plan_make(struct plan *plan, const struct training *training, enum strategy_id strategy,
	       size_t rows, struct error *error);

/* The clock that a schedule of this plan is bound to. */
struct clock plan_clock(const struct plan *plan);

/* Scheduler step in force at an update (0-based). */
int64_t plan_step_at(const struct plan *plan, int64_t update);

#endif
