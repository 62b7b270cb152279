/* The drawn curve: against the formulas in long double, its extremes against every step. */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "schedule/schedule.h"

static uint64_t seed = 88172645463325252u;

static uint64_t draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static double uniform(double low, double high)
{
	return low + (high - low) * ((double)(draw() >> 11) * 0x1p-53);
}

static int64_t whole(int64_t low, int64_t high)
{
	return low + (int64_t)(draw() % (uint64_t)(high - low + 1));
}

/* A length: mostly whole, at times a multiple of 1/4, or any fraction. */
static double length(double most)
{
	double size = uniform(1, most);

	switch (draw() % 4) {
	case 0: return size;
	case 1: return floor(size * 4) / 4;
	default: return floor(size);
	}
}

static void set(struct schedule *schedule, const char *name, double number)
{
	int index = strategy_parameter(schedule->node[0].strategy, name);

	assert_true(index >= 0);
	schedule->node[0].values[index] = (struct value)VALUE_NUMBER(number);
}

static double get(const struct scheduler *scheduler, const char *name)
{
	int index = strategy_parameter(scheduler->schedule.node[0].strategy, name);

	assert_true(index >= 0);
	return scheduler->schedule.node[0].values[index].number;
}

static struct scheduler bound(const struct schedule *schedule)
{
	struct scheduler scheduler;
	struct error error;

	if (!scheduler_bind(&scheduler, schedule, &(struct clock){0}, &error)) {
		fail_msg("%s", error.text);
	}
	return scheduler;
}

static double random_gamma(void)
{
	static const double known[] = {0, 0.5, 1, -0.9, -1.01, 0.99994, 1.0001, -1};

	return draw() % 3 ? uniform(-1.05, 1.05) : known[draw() % 8];
}

static struct schedule random_step(void)
{
	struct schedule schedule = schedule_of(STRATEGY_STEP);

	set(&schedule, "step_size", (draw() % 8 ? 1 : -1) * length(300));
	set(&schedule, "gamma", random_gamma());
	return schedule;
}

static struct schedule random_exponential(void)
{
	struct schedule schedule = schedule_of(STRATEGY_EXPONENTIAL);

	set(&schedule, "gamma", random_gamma());
	return schedule;
}

static struct schedule random_cosine(void)
{
	struct schedule schedule = schedule_of(STRATEGY_COSINE);

	set(&schedule, "T_max", (draw() % 8 ? 1 : -1) * length(draw() % 2 ? 20 : 2000));
	set(&schedule, "eta_min", uniform(-0.1, 0.2));
	return schedule;
}

static struct schedule random_cyclic(void)
{
	struct schedule schedule = schedule_of(STRATEGY_CYCLIC);
	double most = draw() % 2 ? 12 : 500;

	set(&schedule, "base_lr", uniform(-0.1, 1));
	set(&schedule, "max_lr", uniform(-0.1, 1));
	set(&schedule, "step_size_up", length(most));
	if (draw() % 2) {
		set(&schedule, "step_size_down", draw() % 4 ? length(most) : 0);
	}
	set(&schedule, "mode", (double)(draw() % 3));
	set(&schedule, "gamma", draw() % 2 ? random_gamma() : uniform(0.99, 1.0005));
	return schedule;
}

static struct schedule random_onecycle(void)
{
	struct schedule schedule = schedule_of(STRATEGY_ONECYCLE);

	set(&schedule, "max_lr", uniform(0, 1));
	set(&schedule, "total_steps", (double)whole(2, draw() % 2 ? 20 : 2000));
	set(&schedule, "pct_start", uniform(0, 1));
	set(&schedule, "div_factor", uniform(0.2, 30));
	set(&schedule, "final_div_factor", uniform(0.2, 1000));
	set(&schedule, "anneal_strategy", (double)(draw() % 2));
	set(&schedule, "three_phase", (double)(draw() % 2));
	return schedule;
}

static struct schedule random_of(enum strategy_id id)
{
	switch (id) {
	case STRATEGY_STEP: return random_step();
	case STRATEGY_EXPONENTIAL: return random_exponential();
	case STRATEGY_COSINE: return random_cosine();
	case STRATEGY_CYCLIC: return random_cyclic();
	case STRATEGY_ONECYCLE: return random_onecycle();
	default: return schedule_of(STRATEGY_CONSTANT);
	}
}

/* ---- the formulas, in long double ---- */

static long double exact_cosine(const struct scheduler *scheduler, int64_t t)
{
	long double span = fabsl(get(scheduler, "T_max")), eta = get(scheduler, "eta_min");
	long double phase = fmodl((long double)t, 2 * span) / span;

	return eta + (scheduler->lr - eta) * (1 + cosl(acosl(-1) * phase)) / 2;
}

static long double exact_cyclic(const struct scheduler *scheduler, int64_t t)
{
	long double up = get(scheduler, "step_size_up"), down = get(scheduler, "step_size_down");
	bool even = scheduler->schedule.node[0].values[3].how == VALUE_NONE;
	long double total = (double)(up + (even ? up : down));
	long double phase = fmodl((long double)t, total);
	long double cycles = rintl(((long double)t - phase) / total);
	long double scale = phase <= up ? phase / up : (total - phase) / (total - up);
	long double base = get(scheduler, "base_lr"), factor = 1;

	if (get(scheduler, "mode") == 1) {
		factor = exp2l(-cycles);
	} else if (get(scheduler, "mode") == 2) {
		factor = powl(get(scheduler, "gamma"), (long double)t);
	}
	return base + (get(scheduler, "max_lr") - base) * scale * factor;
}

static long double exact_onecycle(const struct scheduler *scheduler, int64_t t)
{
	long double top = get(scheduler, "max_lr"), start = top / get(scheduler, "div_factor");
	long double end = start / get(scheduler, "final_div_factor");
	long double total = get(scheduler, "total_steps"), part = get(scheduler, "pct_start");
	long double ends[3] = {part * total - 1, 2 * part * total - 2, total - 1};
	long double levels[4] = {start, top, start, end}, from = 0, pct;
	bool three = get(scheduler, "three_phase") != 0;
	int phase = 0;

	if (!three) {
		ends[1] = total - 1;
		levels[2] = end;
	}
	while (phase < (three ? 2 : 1) && (long double)t > ends[phase]) {
		from = ends[phase++];
	}
	pct = ((long double)t - from) / (ends[phase] - from);
	if (get(scheduler, "anneal_strategy") == 0) {
		pct = (1 - cosl(acosl(-1) * pct)) / 2;
	}
	return levels[phase] + (levels[phase + 1] - levels[phase]) * pct;
}

static long double exact_at(const struct scheduler *scheduler, int64_t t)
{
	switch (scheduler->schedule.node[0].strategy) {
	case STRATEGY_STEP:
		return scheduler->lr * powl(get(scheduler, "gamma"),
					    floorl((long double)t / get(scheduler, "step_size")));
	case STRATEGY_EXPONENTIAL:
		return scheduler->lr * powl(get(scheduler, "gamma"), (long double)t);
	case STRATEGY_COSINE:
		return exact_cosine(scheduler, t);
	case STRATEGY_CYCLIC:
		return exact_cyclic(scheduler, t);
	case STRATEGY_ONECYCLE:
		return exact_onecycle(scheduler, t);
	default:
		return scheduler->lr;
	}
}

static double peak_of(const struct scheduler *scheduler)
{
	switch (scheduler->schedule.node[0].strategy) {
	case STRATEGY_CYCLIC:
		return fmax(fabs(get(scheduler, "base_lr")), fabs(get(scheduler, "max_lr")));
	case STRATEGY_ONECYCLE:
		return get(scheduler, "max_lr") * fmax(1, 1 / get(scheduler, "div_factor"));
	case STRATEGY_COSINE:
		return fmax(scheduler->lr, fabs(get(scheduler, "eta_min")));
	default:
		return scheduler->lr;
	}
}

static void test_at(void **context)
{
	int checked = 0;

	(void)context;
	for (int i = 0; i < 60000; i++) {
		enum strategy_id id = (enum strategy_id)(draw() % STRATEGY_COUNT);
		struct schedule schedule = random_of(id);
		struct scheduler scheduler = bound(&schedule);
		int64_t t = whole(0, draw() % 2 ? 3000 : 100000000);
		long double wanted;
		double found, peak;

		t = t < scheduler.length ? t : t % scheduler.length;
		if (id == STRATEGY_PLATEAU || (id == STRATEGY_STEP &&
		    (get(&scheduler, "step_size") < 1 ||
		     get(&scheduler, "step_size") != floor(get(&scheduler, "step_size"))))) {
			continue;
		}
		wanted = exact_at(&scheduler, t);
		found = scheduler_at(&scheduler, t).lr;
		peak = fmax(peak_of(&scheduler), (double)fabsl(wanted));
		checked++;
		if ((double)wanted != found &&
		    !(fabsl((long double)found - wanted) <= 1e-14L * (long double)peak)) {
			fail_msg("%s at %" PRId64 " is %.17g, formula %.17Lg", strategy_name(id), t,
				 found, wanted);
		}
	}
	assert_true(checked > 40000);
}

/* Where PyTorch's two forms differ the curve is the one that a run follows. */
static void test_at_follows_recursion(void **context)
{
	(void)context;
	for (int i = 0; i < 400; i++) {
		struct schedule schedule = random_of((enum strategy_id)(draw() % STRATEGY_COUNT));
		struct scheduler scheduler = bound(&schedule);
		struct scheduler_state state;
		double peak = 0;

		/* Near a foot that is no whole step, PyTorch's recursion drifts without bound. */
		if (scheduler.needs_metric ||
		    (schedule.node[0].strategy == STRATEGY_COSINE &&
		     get(&scheduler, "T_max") != floor(get(&scheduler, "T_max")))) {
			continue;
		}
		assert_true(scheduler_start(&scheduler, &state, NULL));
		while (state.t < 3000) {
			struct rate drawn = scheduler_at(&scheduler, state.t);

			peak = fmax(peak, fabs(state.rate.lr));
			if (!(fabs(drawn.lr - state.rate.lr) <= 1e-9 * peak)) {
				fail_msg("%s, seed %d: drawn %.17g, run %.17g at %" PRId64,
					 strategy_name(schedule.node[0].strategy), i, drawn.lr,
					 state.rate.lr, state.t);
			}
			assert_int_equal(isnan(drawn.momentum), !scheduler.drives_momentum);
			assert_true(isnan(drawn.momentum) ||
				    fabs(drawn.momentum - state.rate.momentum) <=
					    1e-11 * fmax(1, fabs(drawn.momentum)));
			if (!scheduler_next(&scheduler, &state, 0, NULL)) {
				break;
			}
		}
	}
}

/* ---- extremes ---- */

static void brute(const struct scheduler *scheduler, int64_t from, int64_t to, struct rate *low,
		  struct rate *high)
{
	*low = (struct rate){INFINITY, INFINITY};
	*high = (struct rate){-INFINITY, -INFINITY};
	for (int64_t t = from; t < to && t < scheduler->length; t++) {
		struct rate rate = scheduler_at(scheduler, t);

		low->lr = fmin(low->lr, rate.lr);
		high->lr = fmax(high->lr, rate.lr);
		low->momentum = fmin(low->momentum, rate.momentum);
		high->momentum = fmax(high->momentum, rate.momentum);
	}
}

static void assert_near(const struct scheduler *scheduler, const char *what, double found,
			double wanted, int64_t from, int64_t to)
{
	double slack = 2e-15 * fmax(fabs(wanted), peak_of(scheduler));

	if (found != wanted && !(fabs(found - wanted) <= slack)) {
		fail_msg("%s: %s over [%" PRId64 ", %" PRId64 ") is %.17g, of all steps %.17g",
			 strategy_name(scheduler->schedule.node[0].strategy), what, from, to, found,
			 wanted);
	}
}

static void check_range(const struct scheduler *scheduler, int64_t from, int64_t to)
{
	struct rate low, high, least, most;

	scheduler_range(scheduler, from, to, &low, &high);
	brute(scheduler, from, to, &least, &most);
	assert_near(scheduler, "lowest", low.lr, least.lr, from, to);
	assert_near(scheduler, "highest", high.lr, most.lr, from, to);
	assert_int_equal(isnan(low.momentum), !scheduler->drives_momentum);
	if (scheduler->drives_momentum) {
		assert_near(scheduler, "lowest momentum", low.momentum, least.momentum, from, to);
		assert_near(scheduler, "highest momentum", high.momentum, most.momentum, from, to);
	}
}

static void test_range(void **context)
{
	(void)context;
	for (int i = 0; i < 30000; i++) {
		struct schedule schedule = random_of((enum strategy_id)(draw() % STRATEGY_COUNT));
		struct scheduler scheduler = bound(&schedule);
		int64_t from = draw() % 3 ? whole(0, 50) : whole(0, 1000000);

		from = from < scheduler.length ? from : from % scheduler.length;
		if (!scheduler.needs_metric) {
			check_range(&scheduler, from, from + whole(1, draw() % 4 ? 60 : 2000));
		}
	}
	for (int i = 0; i < 60; i++) {
		struct schedule schedule = random_of((enum strategy_id)(draw() % STRATEGY_COUNT));
		struct scheduler scheduler = bound(&schedule);

		if (!scheduler.needs_metric) {
			check_range(&scheduler, 0, whole(1, 300000));
		}
	}
}

/* Cycles whose two halves have different signs, or both are negative, are what they are. */
static void test_range_backwards(void **context)
{
	static const double sizes[][2] = {{-5, -3}, {-2.5, -4.25}, {5, -3}, {-3, 5}, {7, -11}, {-9, 4}};

	(void)context;
	for (unsigned i = 0; i < 6; i++) {
		for (int mode = 0; mode < 3; mode++) {
			struct schedule schedule = schedule_of(STRATEGY_CYCLIC);
			struct scheduler scheduler;
			struct rate exact;

			set(&schedule, "step_size_up", sizes[i][0]);
			set(&schedule, "step_size_down", sizes[i][1]);
			set(&schedule, "mode", mode);
			set(&schedule, "gamma", 0.97);
			scheduler = bound(&schedule);
			for (int64_t t = 0; t < 60; t++) {
				assert_true(scheduler_closed(&scheduler, t, &exact, NULL));
				assert_true(fabs(scheduler_at(&scheduler, t).lr - exact.lr) <=
					    1e-13 * fmax(fabs(exact.lr), peak_of(&scheduler)));
				check_range(&scheduler, t, t + whole(1, 40));
			}
		}
	}
}

static void test_undefined(void **context)
{
	struct schedule schedule = schedule_of(STRATEGY_ONECYCLE);
	struct scheduler scheduler;
	struct rate low, high;
	double lr[4];

	(void)context;
	set(&schedule, "total_steps", 50);
	scheduler = bound(&schedule);
	assert_true(isnan(scheduler_at(&scheduler, 50).lr));
	assert_true(isnan(scheduler_at(&scheduler, -1).lr));
	assert_false(isnan(scheduler_at(&scheduler, 49).lr));
	scheduler_range(&scheduler, 50, 60, &low, &high);
	assert_true(isnan(low.lr) && isnan(high.lr));
	scheduler_range(&scheduler, 40, 60, &low, &high);
	assert_true(low.lr == scheduler_at(&scheduler, 49).lr);
	assert_true(high.lr == scheduler_at(&scheduler, 40).lr);
	scheduler_fill(&scheduler, 48, 4, lr);
	assert_true(lr[1] == lr[1] && isnan(lr[2]) && isnan(lr[3]));
	schedule = schedule_of(STRATEGY_PLATEAU);
	scheduler = bound(&schedule);
	assert_true(isnan(scheduler_at(&scheduler, 0).lr));
	scheduler_range(&scheduler, 0, 10, &low, &high);
	assert_true(isnan(low.lr) && isnan(high.lr));
}

static void test_fill(void **context)
{
	static double lr[3000];

	(void)context;
	for (int i = 0; i < 3000; i++) {
		struct schedule schedule = random_of((enum strategy_id)(draw() % STRATEGY_COUNT));
		struct scheduler scheduler = bound(&schedule);
		int64_t from = draw() % 2 ? whole(0, 3000) : whole(0, 100000000);
		size_t count = (size_t)whole(1, draw() % 4 ? 100 : 3000);

		if (scheduler.needs_metric) {
			continue;
		}
		from = from < scheduler.length ? from : from % scheduler.length;
		scheduler_fill(&scheduler, from, count, lr);
		for (size_t k = 0; k < count; k++) {
			double wanted = scheduler_at(&scheduler, from + (int64_t)k).lr;
			double peak = fmax(peak_of(&scheduler), fabs(wanted));

			if (lr[k] != wanted && !(fabs(lr[k] - wanted) <= 1e-12 * peak) &&
			    !(isnan(lr[k]) && isnan(wanted))) {
				fail_msg("%s: filled %.17g, wanted %.17g at %" PRId64,
					 strategy_name(schedule.node[0].strategy), lr[k], wanted,
					 from + (int64_t)k);
			}
		}
	}
}

/* A step has the same bits however a span is cut into calls. */
static void test_fill_cuts(void **context)
{
	static double whole_lr[1500], cut_lr[1500];

	(void)context;
	for (int i = 0; i < 500; i++) {
		struct schedule schedule = random_of((enum strategy_id)(draw() % STRATEGY_COUNT));
		struct scheduler scheduler = bound(&schedule);
		int64_t from = whole(0, 100000);

		scheduler_fill(&scheduler, from, 1500, whole_lr);
		for (size_t done = 0, count; done < 1500; done += count) {
			count = (size_t)whole(1, 300);
			count = count < 1500 - done ? count : 1500 - done;
			scheduler_fill(&scheduler, from + (int64_t)done, count, cut_lr + done);
		}
		assert_memory_equal(whole_lr, cut_lr, sizeof whole_lr);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at),
		cmocka_unit_test(test_at_follows_recursion),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_range_backwards),
		cmocka_unit_test(test_undefined),
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_fill_cuts),
	};

	return cmocka_run_group_tests_name("schedule curve", tests, NULL, NULL);
}
