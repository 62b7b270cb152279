/* Looking at a run that is done: rates against the limit, the excess in parts. */
#include "study/evidence.h"

#include <math.h>
#include <string.h>

/* Single parts are noisy: so many are taken together. */
#define SMOOTH 6
/* The excess has risen when it came to so many times what it began with. */
#define RISEN 10
/* Within this factor of its end the excess is flat. */
#define FLAT 1.5

/* First (or last) update whose rate is above `limit`, by halving; -1: none. */
static int64_t seek_above(const struct lane *lane, double limit, int64_t from, int64_t to,
			  bool last)
{
	struct rate low, high;
	int64_t middle, found;

	lane_rates(lane, from, to, &low, &high);
	if (!(high.lr > limit))
		return -1;
	while (to - from > 1) {
		middle = from + (to - from) / 2;
		lane_rates(lane, last ? middle : from, last ? to : middle, &low, &high);
		found = high.lr > limit;
		if (last == (bool)found)
			from = middle;
		else
			to = middle;
	}
	return from;
}

void evidence_of(struct evidence *look, struct lane *lane)
{
	int64_t updates = lane->plan.updates, seen = lane->record.updates, k;
	struct rate low, high;
	struct bucket bucket;

	memset(look, 0, sizeof *look);
	look->lane = lane;
	look->above_from = look->above_to = -1;
	lane_rates(lane, 0, updates, &low, &high);
	look->peak = high.lr;
	look->lowest = low.lr;
	look->least_momentum = low.momentum;
	look->most_momentum = high.momentum;
	lane_rates(lane, seen - 1, seen, &low, &high);
	look->last = high.lr;
	for (k = 0; k < LOOKS; k++) {
		int64_t from = seen * k / LOOKS, to = seen * (k + 1) / LOOKS;
		bool found = record_range(&lane->record, lane->record.excess, from,
					  to > from ? to : from + 1, &bucket);

		look->looks[k] = found && bucket.share > 0 ? bucket.mean : INFINITY;
	}
	look->begin = record_range(&lane->record, lane->record.excess, 0, 1, &bucket) ? bucket.mean
										    : NAN;
	look->end = lane->record.final_excess;
	look->has_limit = lane->limit.kind != LIMIT_NONE && isfinite(lane->limit.lr);
	if (look->has_limit) {
		look->above_from = seek_above(lane, lane->limit.lr, 0, updates, false);
		look->above_to = seek_above(lane, lane->limit.lr, 0, updates, true);
	}
}

enum strategy_id evidence_strategy(const struct evidence *look)
{
	return look->lane->scheduler.schedule.node[0].strategy;
}

double evidence_parameter(const struct evidence *look, const char *name)
{
	int index = strategy_parameter(evidence_strategy(look), name);
	struct value value;

	if (index < 0)
		return NAN;
	value = look->lane->scheduler.schedule.node[0].values[index];
	return value.how == VALUE_GIVEN ? value.number : NAN;
}

bool evidence_risen(const struct evidence *look)
{
	return look->lane->record.first_nonfinite >= 0 ||
	       look->lane->record.highest_excess > RISEN * look->begin;
}

double evidence_advice(const struct evidence *look)
{
	double limit = look->lane->limit.lr, unit = pow(10, floor(log10(limit)) - 1);

	return floor(limit * 0.99 / unit) * unit;
}

bool evidence_crosses(const struct evidence *look)
{
	struct rate low, high;

	lane_rates(look->lane, look->above_from, look->above_to + 1, &low, &high);
	return low.lr <= look->lane->limit.lr;
}

int64_t evidence_falls_below(const struct lane *lane, double rate)
{
	int64_t from = 0, to = lane->plan.updates, middle;
	struct rate low, high;

	lane_rates(lane, 0, to, &low, &high);
	if (!(low.lr < rate))
		return -1;
	while (to - from > 1) {
		middle = from + (to - from) / 2;
		lane_rates(lane, from, middle, &low, &high);
		if (low.lr < rate)
			to = middle;
		else
			from = middle;
	}
	return from;
}

/* Geometric mean over a tenth of the run from part `k` on: single parts are noisy. */
double evidence_smooth(const struct evidence *look, int k)
{
	double sum = 0;
	int i;

	if (k > LOOKS - SMOOTH)
		k = LOOKS - SMOOTH;
	for (i = k; i < k + SMOOTH; i++)
		sum += log(look->looks[i]);
	return exp(sum / SMOOTH);
}

int evidence_flat_from(const struct evidence *look)
{
	double end = evidence_smooth(look, LOOKS - 1);
	int k = LOOKS - 1;

	for (; k > 0; k--) {
		double level = evidence_smooth(look, k - 1);

		if (!(level < FLAT * end && level > end / FLAT) && level != end) /* 0 is as flat as can be */
			break;
	}
	return k;
}

double evidence_rises(const struct evidence *look)
{
	int k, rises = 0, falls = 0;

	for (k = LOOKS * 4 / 5 + 1; k < LOOKS; k++) {
		rises += look->looks[k] > look->looks[k - 1];
		falls += look->looks[k] < look->looks[k - 1];
	}
	return rises ? (double)rises / (rises + falls) : 0;
}
