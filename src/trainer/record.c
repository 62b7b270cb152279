#include "trainer/record.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST 0x1p-1074 /* positive double: what a zero excess counts as */

void record_init(struct record *record)
{
	memset(record, 0, sizeof *record);
}

void record_done(struct record *record)
{
	free(record->excess);
	free(record->batch_loss);
	free(record->rows);
	record_init(record);
}

static bool take_buckets(struct record *record, size_t capacity)
{
	if (record->capacity >= capacity)
		return true;
	free(record->excess);
	free(record->batch_loss);
	record->excess = malloc(capacity * sizeof *record->excess);
	record->batch_loss = malloc(capacity * sizeof *record->batch_loss);
	record->capacity = record->excess && record->batch_loss ? capacity : 0;
	return record->capacity != 0;
}

static bool take_rows(struct record *record, size_t capacity)
{
	if (record->epoch_capacity >= capacity)
		return true;
	free(record->rows);
	record->rows = malloc(capacity * sizeof *record->rows);
	record->epoch_capacity = record->rows ? capacity : 0;
	return record->epoch_capacity != 0;
}

bool record_start(struct record *record, const struct plan *plan, struct error *error)
{
	size_t buckets = plan->updates < RECORD_BUCKETS ? (size_t)plan->updates : RECORD_BUCKETS;
	size_t rows = plan->epochs < RECORD_EPOCHS ? (size_t)plan->epochs : RECORD_EPOCHS;

	if (!take_buckets(record, buckets) || !take_rows(record, rows + 1)) {
		record_done(record);
		return error_memory(error);
	}
	*record = (struct record){
		.excess = record->excess, .batch_loss = record->batch_loss, .rows = record->rows,
		.capacity = record->capacity, .epoch_capacity = record->epoch_capacity,
		.stride = 1, .epoch_stride = 1, .first_nonfinite = -1, .final_excess = NAN,
		.final_training_loss = NAN, .final_validation_loss = NAN,
	};
	return true;
}

/* ---- buckets ---- */

/* product * 2^exponent times `factor`, kept within the range of long double. */
static void multiply(struct open_bucket *open, double factor)
{
	int exponent;

	open->number *= factor;
	if (open->number < 1e1000L && open->number > 1e-1000L)
		return;
	open->number = frexpl(open->number, &exponent);
	open->exponent += exponent;
}

static long double log_of(const struct open_bucket *open)
{
	return logl(open->number) + (long double)open->exponent * M_LN2;
}

static struct bucket empty_bucket(void)
{
	return (struct bucket){0, NAN, NAN, NAN};
}

static void open_one(struct open_bucket *open, bool geometric)
{
	*open = (struct open_bucket){geometric, 0, 0};
}

static void add_value(struct bucket *bucket, struct open_bucket *open, double value, int64_t before,
		      bool geometric)
{
	if (isfinite(value)) {
		open->finite++;
		bucket->low = fmin(bucket->low, value); /* of NaN and a number: the number */
		bucket->high = fmax(bucket->high, value);
		if (geometric)
			multiply(open, value > 0 ? value : SMALLEST);
		else
			open->number += value;
	}
	bucket->share = (float)((double)open->finite / (double)(before + 1));
}

static void set_mean(struct bucket *bucket, const struct open_bucket *open, bool geometric)
{
	if (open->finite == 1)
		bucket->mean = geometric && bucket->low <= 0 ? SMALLEST : bucket->low;
	else if (open->finite)
		bucket->mean = (double)(geometric ? expl(log_of(open) / (long double)open->finite) :
						    open->number / (long double)open->finite);
}

/* Two full buckets become one. */
static struct bucket merged(const struct bucket *a, const struct bucket *b, bool geometric)
{
	struct bucket both = {(a->share + b->share) / 2, fmin(a->low, b->low),
			      fmax(a->high, b->high), NAN};
	double part = (double)a->share / ((double)a->share + (double)b->share);

	if (a->share == 0 || b->share == 0)
		both.mean = a->share == 0 ? b->mean : a->mean;
	else if (geometric && part == 0.5)
		both.mean = sqrt(a->mean) * sqrt(b->mean);
	else if (geometric)
		both.mean = exp(part * log(a->mean) + (1 - part) * log(b->mean));
	else
		both.mean = part * a->mean + (1 - part) * b->mean;
	return both;
}

static void halve_buckets(struct record *record)
{
	record->count /= 2;
	record->stride *= 2;
	for (size_t i = 0; i < record->count; i++) {
		record->excess[i] = merged(&record->excess[2 * i], &record->excess[2 * i + 1], true);
		record->batch_loss[i] = merged(&record->batch_loss[2 * i],
					       &record->batch_loss[2 * i + 1], false);
	}
}

/* Of the bucket that is still open. */
static void set_means(struct record *record)
{
	if (!record->in_bucket)
		return;
	set_mean(&record->excess[record->count - 1], &record->open_excess, true);
	set_mean(&record->batch_loss[record->count - 1], &record->open_loss, false);
}

static struct bucket bucket_of(double value, bool geometric)
{
	if (!isfinite(value))
		return empty_bucket();
	return (struct bucket){1, value, value, geometric && value <= 0 ? SMALLEST : value};
}

/* Into the open bucket, or a new one. */
static void add_to_bucket(struct record *record, const struct update *seen)
{
	if (record->in_bucket == 0) {
		record->excess[record->count] = record->batch_loss[record->count] = empty_bucket();
		record->count++;
		open_one(&record->open_excess, true);
		open_one(&record->open_loss, false);
	}
	add_value(&record->excess[record->count - 1], &record->open_excess, seen->excess,
		  record->in_bucket, true);
	add_value(&record->batch_loss[record->count - 1], &record->open_loss, seen->batch_loss,
		  record->in_bucket, false);
	if (++record->in_bucket == record->stride) {
		set_means(record);
		record->in_bucket = 0;
	}
}

static void add_update(struct record *record, const struct update *seen)
{
	if (record->in_bucket == 0 && record->count == RECORD_BUCKETS)
		halve_buckets(record);
	if (record->stride == 1) {
		record->excess[record->count] = bucket_of(seen->excess, true);
		record->batch_loss[record->count++] = bucket_of(seen->batch_loss, false);
	} else {
		add_to_bucket(record, seen);
	}
	if (!isfinite(seen->excess)) {
		if (record->first_nonfinite < 0)
			record->first_nonfinite = seen->update;
	} else if (record->updates == 0 || seen->excess > record->highest_excess) {
		record->highest_excess = seen->excess;
		record->highest_at = seen->update;
	}
	record->updates++;
}

/* ---- epochs ---- */

static struct epoch_row row_of(const struct run *run, int64_t epoch)
{
	return (struct epoch_row){
		.epoch = epoch, .lr = NAN, .lr_last = NAN, .momentum = NAN, .metric = NAN,
		.training_loss = problem_training_loss(run->problem, run->weights),
		.validation_loss = problem_validation_loss(run->problem, run->weights),
	};
}

static void halve_rows(struct record *record)
{
	record->epoch_stride *= 2;
	record->epoch_count = (record->epoch_count + 1) / 2;
	for (size_t i = 1; i < record->epoch_count; i++)
		record->rows[i] = record->rows[2 * i];
}

/* The row of the epoch that begins now; NULL where it is not kept. */
static void open_row(struct record *record, const struct run *run)
{
	struct epoch_row *row;

	if (run->epoch % record->epoch_stride == 0 && record->epoch_count == RECORD_EPOCHS)
		halve_rows(record);
	if (run->epoch % record->epoch_stride)
		return;
	row = &record->rows[record->epoch_count++];
	*row = row_of(run, run->epoch);
	row->lr = run_rate(run).lr;
	row->momentum = run_rate(run).momentum;
}

/* What the update changed in the row of its epoch. */
static void update_row(struct record *record, const struct run *run, const struct update *seen)
{
	bool ended = run->epoch > seen->epoch;
	struct epoch_row *row = &record->rows[record->epoch_count - 1];

	record->epochs = run->epoch;
	if (ended && run->scheduler.needs_metric && run->state.rate.lr < seen->lr)
		record->cuts++;
	if (row->epoch != seen->epoch)
		return;
	row->lr_last = seen->lr;
	if (ended && plateau_state_of(&run->scheduler, &run->state, &row->plateau))
		row->metric = run->metric;
}

static void finish(struct record *record, const struct run *run)
{
	int64_t begun = run->update > run->epoch * run->plan.batches; /* stopped within an epoch */
	struct epoch_row *row = &record->rows[record->epoch_count++];

	*row = row_of(run, run->epoch + begun);
	record->final_training_loss = row->training_loss;
	record->final_validation_loss = row->validation_loss;
	record->final_excess = problem_excess(run->problem, run->weights);
	record->over = true;
}

int64_t record_advance(struct record *record, struct run *run, int64_t updates)
{
	struct update seen;
	int64_t done;

	for (done = 0; done < updates && !record->over; done++) {
		if (run->update == run->epoch * run->plan.batches && !run->stopped &&
		    run->update < run->plan.updates)
			open_row(record, run);
		if (!run_update(run, &seen)) {
			finish(record, run);
			break;
		}
		add_update(record, &seen);
		update_row(record, run, &seen);
		if (run->stopped || run->update == run->plan.updates)
			finish(record, run);
	}
	set_means(record);
	return done;
}

bool record_is_done(const struct record *record, const struct run *run)
{
	(void)run;
	return record->over;
}

/* ---- reading ---- */

bool record_range(const struct record *record, const struct bucket *series, int64_t from,
		  int64_t to, struct bucket *out)
{
	bool geometric = series == record->excess;
	struct open_bucket whole = {geometric, 0, 0}; /* of the buckets with every value finite */
	long double parts = 0;
	double values = 0, finite = 0;
	int64_t first, last;

	*out = empty_bucket();
	from = from < 0 ? 0 : from;
	to = to > record->updates ? record->updates : to;
	if (from >= to)
		return false;
	first = from / record->stride;
	last = (to - 1) / record->stride;
	for (int64_t i = first; i <= last; i++) {
		const struct bucket *bucket = &series[i];
		bool partial = record->in_bucket && (size_t)i == record->count - 1;
		double here = (double)(partial ? record->in_bucket : record->stride);
		double counted = (double)bucket->share * here;

		values += here;
		finite += counted;
		out->low = fmin(out->low, bucket->low);
		out->high = fmax(out->high, bucket->high);
		if (geometric && bucket->share == 1 && !partial)
			multiply(&whole, bucket->mean);
		else if (counted > 0)
			parts += counted * (geometric ? log(bucket->mean) : bucket->mean);
	}
	out->share = (float)(finite / values);
	if (finite > 0)
		out->mean = (double)(geometric ? expl(((long double)record->stride *
						       log_of(&whole) + parts) / finite) :
						 parts / finite);
	return true;
}
