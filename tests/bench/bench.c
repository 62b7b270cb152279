/* Interleaved measuring and its printing. */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double bench_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double bench_median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof *values, compare);
	return count % 2 ? values[count / 2]
			 : 0.5 * (values[count / 2 - 1] + values[count / 2]);
}

static void print_time(const char *name, double seconds, double low, double high)
{
	static const struct {
		double unit;
		const char *name;
	} units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}, {1e-9, "ns"}};
	int i = 0;
	while (i < 3 && seconds < units[i].unit)
		i++;
	printf("  %-44s %9.3f %-2s  (%.3f to %.3f)\n", name, seconds / units[i].unit, units[i].name,
	       low / units[i].unit, high / units[i].unit);
}

bool bench_run(const char *title, struct contender *contenders, int count)
{
	double first = 0;
	bool right = true;
	printf("%s\n", title);
	for (int round = 0; round < BENCH_ROUNDS; round++)
		for (int i = 0; i < count; i++) {
			struct contender *it = &contenders[i];
			if (it->absent)
				continue;
			double start = bench_now();
			double sum = it->work(it->context);
			it->seconds[round] = (bench_now() - start) / it->scale;
			if (i == 0)
				first = sum;
			else if (it->tolerance >= 0 &&
				 !(fabs(sum - first) <= it->tolerance * fabs(first))) {
				if (round == 0)
					printf("  %s: WRONG: sum %.17g, expected %.17g\n", it->name,
					       sum, first);
				right = false;
			}
		}
	for (int i = 0; i < count; i++) {
		struct contender *it = &contenders[i];
		double sorted[BENCH_ROUNDS];
		memcpy(sorted, it->seconds, sizeof sorted);
		it->median = bench_median(sorted, BENCH_ROUNDS);
		print_time(it->name, it->median, sorted[0], sorted[BENCH_ROUNDS - 1]);
	}
	return right;
}

void bench_ratio(const char *title, const struct contender *slow, const struct contender *fast,
		 double goal)
{
	double ratios[BENCH_ROUNDS];
	for (int round = 0; round < BENCH_ROUNDS; round++)
		ratios[round] = slow->seconds[round] / fast->seconds[round];
	double ratio = bench_median(ratios, BENCH_ROUNDS);
	printf("  = %-42s %9.3g", title, ratio);
	if (goal > 0)
		printf("     goal: at least %g: %s", goal, ratio >= goal ? "met" : "MISSED");
	if (goal < 0)
		printf("     goal: at most %g: %s", -goal, ratio <= -goal ? "met" : "MISSED");
	putchar('\n');
}

bool bench_peer(const char *name, double *seconds)
{
	static const char *const pythons[] = {"${PYTHON:-python3}", "/usr/bin/python3"};
	const char *folder = getenv("top_srcdir");
	bool there = false;
	for (int i = 0; i < 2 && !there; i++) {
		char command[1024];
		snprintf(command, sizeof command, "%s '%s/tests/bench/peers.py' %s 2>/dev/null",
			 pythons[i], folder ? folder : ".", name);
		FILE *pipe = popen(command, "r");
		if (!pipe)
			return false;
		there = fscanf(pipe, "%lf", seconds) == 1;
		there &= pclose(pipe) == 0;
	}
	return there;
}
