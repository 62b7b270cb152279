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

static void free_series(struct record *record)
{
	struct series *all[] = {record->excess, record->batch_loss};

	for (int i = 0; i < 2; i++) {
		free(all[i]->values);
		free(all[i]->buckets);
		*all[i] = (struct series){NULL, NULL};
	}
	record->capacity = 0;
}

void record_done(struct record *record)
{
	free_series(record);
	free(record->rows);
	record_init(record);
}

/* Values of the whole run; or as many as are kept, and the buckets that they go on as. */
static bool take_series(struct record *record, int64_t updates)
{
	struct series *all[] = {record->excess, record->batch_loss};
	bool buckets = updates > RECORD_BUCKETS, done = true;
	size_t capacity = buckets ? RECORD_BUCKETS : (size_t)updates;

	if (record->capacity >= capacity && !buckets && record->excess->values)
		return true;
	free_series(record);
	for (int i = 0; i < 2; i++) {
		all[i]->values = malloc(capacity * sizeof *all[i]->values);
		all[i]->buckets = buckets ? malloc(capacity * sizeof *all[i]->buckets) : NULL;
		done = done && all[i]->values && (!buckets || all[i]->buckets);
	}
	record->capacity = capacity;
	return done;
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
	size_t rows = plan->epochs < RECORD_EPOCHS ? (size_t)plan->epochs : RECORD_EPOCHS;

	if (!take_series(record, plan->updates) || !take_rows(record, rows + 1)) {
		record_done(record);
		return error_memory(error);
	}
	*record = (struct record){
		.excess = {*record->excess}, .batch_loss = {*record->batch_loss}, .rows = record->rows,
		.capacity = record->capacity, .epoch_capacity = record->epoch_capacity,
		.stride = 1, .epoch_stride = 1, .first_nonfinite = -1, .first_nan = -1,
		.final_excess = NAN,
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

static struct bucket bucket_of(double value, bool geometric)
{
	if (!isfinite(value))
		return empty_bucket();
	return (struct bucket){1, value, value, geometric && value <= 0 ? SMALLEST : value};
}

/* Values become buckets of two, buckets of twice as many. */
static void halve(struct series *series, size_t count, bool geometric)
{
	for (size_t i = 0; i < count; i += 2) {
		struct bucket a, b;

		if (series->values) {
			a = bucket_of(series->values[i], geometric);
			b = bucket_of(series->values[i + 1], geometric);
		} else {
			a = series->buckets[i];
			b = series->buckets[i + 1];
		}
		series->buckets[i / 2] = merged(&a, &b, geometric);
	}
	free(series->values);
	series->values = NULL;
}

static void halve_series(struct record *record)
{
	halve(record->excess, record->count, true);
	halve(record->batch_loss, record->count, false);
	record->count /= 2;
	record->stride *= 2;
}

/* Of the bucket that is still open. */
static void set_means(struct record *record)
{
	if (!record->in_bucket)
		return;
	set_mean(&record->excess->buckets[record->count - 1], &record->open_excess, true);
	set_mean(&record->batch_loss->buckets[record->count - 1], &record->open_loss, false);
}

/* Into the open bucket, or a new one. */
static void add_to_bucket(struct record *record, double seen_loss, double seen_excess)
{
	struct bucket *excess, *loss;

	if (record->in_bucket == 0 && record->count == RECORD_BUCKETS)
		halve_series(record);
	if (record->in_bucket == 0) {
		record->count++;
		open_one(&record->open_excess, true);
		open_one(&record->open_loss, false);
	}
	excess = &record->excess->buckets[record->count - 1];
	loss = &record->batch_loss->buckets[record->count - 1];
	if (record->in_bucket == 0)
		*excess = *loss = empty_bucket();
	add_value(excess, &record->open_excess, seen_excess, record->in_bucket, true);
	add_value(loss, &record->open_loss, seen_loss, record->in_bucket, false);
	if (++record->in_bucket == record->stride) {
		set_means(record);
		record->in_bucket = 0;
	}
}

static void note_excess(struct record *record, const double *excess, int64_t count)
{
	for (int64_t i = 0; i < count; i++, record->updates++) {
		if (!isfinite(excess[i])) {
			if (record->first_nonfinite < 0)
				record->first_nonfinite = record->updates;
			if (isnan(excess[i]) && record->first_nan < 0)
				record->first_nan = record->updates;
		} else if (record->updates == 0 || excess[i] > record->highest_excess) {
			record->highest_excess = excess[i];
			record->highest_at = record->updates;
		}
	}
}

#define SOME 64

/* Up to `most` updates of the epoch, recorded. */
static int64_t add_updates(struct record *record, struct run *run, int64_t most)
{
	double some_losses[SOME], some_excesses[SOME], *losses = some_losses, *excesses = some_excesses;
	int64_t room = SOME, done;

	if (record->stride == 1 && record->count == RECORD_BUCKETS)
		halve_series(record);
	if (record->stride == 1) {
		room = (int64_t)(record->capacity - record->count);
		losses = record->batch_loss->values + record->count;
		excesses = record->excess->values + record->count;
	}
	done = run_epoch(run, most < room ? most : room, losses, excesses);
	note_excess(record, excesses, done);
	if (record->stride == 1)
		record->count += (size_t)done;
	else
		for (int64_t i = 0; i < done; i++)
			add_to_bucket(record, losses[i], excesses[i]);
	return done;
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

/* What the last updates, of this epoch, changed in its row. */
static void update_row(struct record *record, const struct run *run, int64_t epoch)
{
	bool ended = run->epoch > epoch;
	struct epoch_row *row = &record->rows[record->epoch_count - 1];

	record->epochs = run->epoch;
	if (ended && run->scheduler.needs_metric && run->state.rate.lr < run->last.lr)
		record->cuts++;
	if (row->epoch != epoch)
		return;
	row->lr_last = run->last.lr;
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
	if (record->final_excess < INFINITY && !(record->final_excess <= record->highest_excess)) {
		record->highest_excess = record->final_excess;
		record->highest_at = run->update;
	}
	record->over = true;
}

/* At most `most` updates up to the end of the epoch. */
static int64_t advance_epoch(struct record *record, struct run *run, int64_t most)
{
	int64_t epoch = run->epoch, done;

	if (run->update == epoch * run->plan.batches && !run->stopped &&
	    run->update < run->plan.updates)
		open_row(record, run);
	done = add_updates(record, run, most);
	if (done)
		update_row(record, run, epoch);
	if (run->stopped || run->update == run->plan.updates)
		finish(record, run);
	return done;
}

int64_t record_advance(struct record *record, struct run *run, int64_t updates)
{
	int64_t done = 0;

	while (done < updates && !record->over)
		done += advance_epoch(record, run, updates - done);
	set_means(record);
	return done;
}

bool record_is_done(const struct record *record)
{
	return record->over;
}

/* ---- reading ---- */

/* So many doubles times 1e1000 are still within the range of long double. */
#define FACTORS 8

struct tally {
	double low, high, sum;
	struct open_bucket product;
};

/* `trusted`: as if all values were finite and, where a product is made, above 0. */
static inline __attribute__((always_inline)) struct tally
tally_of(const double *values, int64_t count, bool geometric, bool trusted)
{
	struct tally tally = {INFINITY, -INFINITY, 0, {1, 0, trusted ? count : 0}};

	for (int64_t first = 0; first < count; first += FACTORS) {
		int64_t end = count - first < FACTORS ? count : first + FACTORS;
		long double factors = tally.product.number;

		for (int64_t i = first; i < end; i++) {
			double value = values[i];

			if (!trusted && !isfinite(value))
				continue;
			tally.product.finite += !trusted;
			tally.low = value < tally.low ? value : tally.low;
			tally.high = value > tally.high ? value : tally.high;
			if (geometric)
				factors *= trusted || value > 0 ? value : SMALLEST;
			else
				tally.sum += value;
		}
		tally.product.number = factors;
		if (geometric)
			multiply(&tally.product, 1);
	}
	return tally;
}

/* Most can be trusted, and what cannot shows in the outcome. */
static void range_of_values(const double *values, int64_t count, bool geometric, struct bucket *out)
{
	struct tally tally = geometric ? tally_of(values, count, true, true) :
					 tally_of(values, count, false, true);
	double above = geometric ? 0 : -INFINITY, finite;

	if (!(tally.low > above && tally.high < INFINITY) ||
	    isnan(geometric ? (double)tally.product.number : tally.sum))
		tally = tally_of(values, count, geometric, false);
	finite = (double)tally.product.finite;
	out->share = (float)(finite / (double)count);
	if (finite == 0)
		return;
	out->low = tally.low;
	out->high = tally.high;
	if (count == 1)
		out->mean = geometric && tally.low <= 0 ? SMALLEST : tally.low;
	else
		out->mean = geometric ? (double)expl(log_of(&tally.product) / (long double)finite) :
					tally.sum / finite;
}

static void range_of_buckets(const struct record *record, const struct series *series, int64_t first,
			     int64_t last, struct bucket *out)
{
	bool geometric = series == record->excess;
	struct open_bucket whole = {1, 0, 0}; /* of the buckets with every value finite */
	long double parts = 0;
	double values = 0, finite = 0;

	for (int64_t i = first; i <= last; i++) {
		const struct bucket *bucket = &series->buckets[i];
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
}

bool record_range(const struct record *record, const struct series *series, int64_t from,
		  int64_t to, struct bucket *out)
{
	*out = empty_bucket();
	from = from < 0 ? 0 : from;
	to = to > record->updates ? record->updates : to;
	if (from >= to)
		return false;
	if (series->values)
		range_of_values(series->values + from, to - from, series == record->excess, out);
	else
		range_of_buckets(record, series, from / record->stride, (to - 1) / record->stride, out);
	return true;
}
