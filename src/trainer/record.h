/* What a run produced, in bounded memory: series that halve their resolution when they fill up. */
#ifndef LRSCOPE_TRAINER_RECORD_H
#define LRSCOPE_TRAINER_RECORD_H

#include "trainer/run.h"

#define RECORD_BUCKETS 131072 /* most buckets a series has: runs up to this length are kept whole */
#define RECORD_EPOCHS 65536   /* most epoch rows */

/* A bucket holds `stride` neighbouring values. */
struct bucket {
	float share;      /* part of the bucket's values that are finite, 0 to 1 */
	double low, high; /* of the finite values; +-inf, NaN are not in them */
	double mean;      /* geometric for excess (zeros count as the smallest positive double), else arithmetic */
};

struct series {
	double *values;         /* while the stride is 1, else NULL */
	struct bucket *buckets; /* where there is more to come than values */
};

struct epoch_row {
	int64_t epoch;
	double lr, lr_last, momentum; /* of its first update, last, first; NaN in the last row */
	double training_loss, validation_loss;
	double metric;                /* that plateau was given after the epoch; NaN for others */
	struct plateau_state plateau; /* after the epoch; zero for others */
};

struct record {
	int64_t updates, epochs;      /* seen so far */
	int64_t stride;               /* updates a value or bucket; 1 up to RECORD_BUCKETS updates */
	int64_t epoch_stride;         /* every how many epochs a row is kept */
	size_t count, epoch_count;    /* values or buckets, and epoch rows, in use */
	struct series excess[1], batch_loss[1]; /* rates are not stored: see scheduler_range and rows */
	struct epoch_row *rows;       /* row k: the state before epoch k * epoch_stride; when the run
					 is over, the last: the end */
	double final_excess, final_training_loss, final_validation_loss; /* at the end, else NaN */
	double highest_excess; int64_t highest_at; /* finite; the end counts */
	int64_t first_nonfinite;      /* update whose excess was first inf or NaN; -1 */
	int64_t first_nan;            /* the same of NaN alone, which stays; -1 */
	int64_t cuts;                 /* times that plateau cut the rate */
	size_t capacity, epoch_capacity; /* values (buckets: all or none), and epoch rows */
	int64_t in_bucket;            /* updates in the last bucket; 0: the next one opens */
	struct open_bucket {          /* what its mean is made from when it closes */
		long double number;   /* excess: product / 2^exponent of the finite values; loss: sum */
		int64_t exponent, finite;
	} open_excess, open_loss;
	bool over;                    /* the last row and the final figures are set */
};

void record_init(struct record *record);
void record_done(struct record *record);
/* Empty, with room for a run of this plan. */
bool record_start(struct record *record, const struct plan *plan, struct error *error);
/* Carries `run` on by at most `updates` updates, recording. Returns how many were done (0: over,
 * final figures set). */
int64_t record_advance(struct record *record, struct run *run, int64_t updates);
bool record_is_done(const struct record *record);

/* Aggregate over updates from <= u < to (clipped to what is there): false when there is nothing. */
bool record_range(const struct record *record, const struct series *series, int64_t from,
		  int64_t to, struct bucket *out);

#endif
