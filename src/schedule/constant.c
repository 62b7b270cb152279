/* The baseline: the base rate, for ever. */
#include <math.h>

#include "base/language.h"
#include "schedule/strategy.h"

static bool bind(struct scheduler *scheduler, const struct clock *clock, struct error *error)
{
	(void)scheduler, (void)clock, (void)error;
	return true;
}

static struct rate at(const struct scheduler *scheduler, int64_t t)
{
	(void)t;
	return (struct rate){scheduler->lr, NAN};
}

static bool closed(const struct scheduler *scheduler, int64_t t, struct rate *rate,
		   struct error *error)
{
	(void)error;
	*rate = at(scheduler, t);
	return true;
}

static void fill(const struct scheduler *scheduler, int64_t from, size_t count, double *lr)
{
	(void)from;
	for (size_t i = 0; i < count; i++) {
		lr[i] = scheduler->lr;
	}
}

extern const struct strategy strategy_row_constant;
const struct strategy strategy_row_constant = {
	.name = "constant",
	.title = N_("Constant Rate"),
	.pytorch = "",
	.brief = "con",
	.has_closed = true,
	.bind = bind,
	.closed = closed,
	.at = at,
	.fill = fill,
};
