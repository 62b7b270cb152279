/* Interleaved measuring: each round runs every contender once, so that what the machine does
 * meanwhile hits all alike; figures are medians of the rounds. */
#ifndef LRSCOPE_TESTS_BENCH_H
#define LRSCOPE_TESTS_BENCH_H

#include <stdbool.h>

#define BENCH_ROUNDS 15
#define BENCH_CONTENDERS 8

/* Does the work once and returns a sum over its results: it keeps the compiler from deleting the
 * work and is compared with that of the first contender. */
typedef double bench_work(void *context);

struct contender {
	const char *name;
	bench_work *work;
	void *context;
	double tolerance; /* allowed relative difference of its sum from the first one's; < 0: any */
	double scale;     /* operations in one piece of work; figures are per operation */
	/* Results. */
	double seconds[BENCH_ROUNDS]; /* of one operation */
	double median;
	bool absent;      /* work gave NaN: a peer that is not installed */
};

/* Runs `count` contenders interleaved and fills their results. False when a sum is wrong. */
bool bench_run(const char *title, struct contender *contenders, int count);

/* Prints "title: A / B = ratio (median of the rounds' ratios), goal". `goal` > 0: at least it;
 * < 0: at most its absolute value; 0: none. */
void bench_ratio(const char *title, const struct contender *slow, const struct contender *fast,
		 double goal);

double bench_now(void);          /* seconds, monotonic */
double bench_median(double *values, int count);

/* Runs a Python peer of tests/bench/peers.py: `seconds` per operation, or false without it. */
bool bench_peer(const char *name, double *seconds);

#endif
