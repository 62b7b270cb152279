/* The baseline: the base rate, for ever. */
#include <math.h>

#include "base/language.h"
#include "schedule/fill.h"
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

static void block(const struct scheduler *scheduler, void *memory, int64_t first, double *lr)
{
	(void)memory, (void)first;
	line_block(scheduler->lr, 0, lr);
}

static void fill(const struct scheduler *scheduler, int64_t from, size_t count, double *lr)
{
	fill_blocks(scheduler, block, NULL, from, count, lr);
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
