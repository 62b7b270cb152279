/* Requests, what binding fills in and refuses, the parameter tables, exact values anywhere. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "schedule/schedule.h"

/* ---- allocation that fails when asked to ---- */

static bool starved;

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
	return starved ? NULL : __real_calloc(count, size);
}

/* ---- helpers ---- */

/* "onecycle max_lr=0.2 ..." as a request. False with the error where a word is refused. */
static bool request(const char *line, struct schedule *schedule, struct error *error)
{
	char copy[256], *rest = copy, *word;
	enum strategy_id id;

	snprintf(copy, sizeof copy, "%s", line);
	if (!strategy_find(strsep(&rest, " "), &id, error)) {
		return false;
	}
	*schedule = schedule_of(id);
	while ((word = strsep(&rest, " "))) {
		char *value = strchr(word, '=');

		assert_non_null(value);
		*value++ = '\0';
		if (!schedule_set(schedule, word, value, error)) {
			return false;
		}
	}
	return true;
}

static bool bind(const char *line, const struct clock *clock, struct scheduler *scheduler,
		 struct error *error)
{
	static const struct clock trace;
	struct schedule schedule;

	memset(error, 0, sizeof *error);
	return request(line, &schedule, error) &&
	       scheduler_bind(scheduler, &schedule, clock ? clock : &trace, error);
}

static struct scheduler bound(const char *line, const struct clock *clock)
{
	struct scheduler scheduler;
	struct error error;

	if (!bind(line, clock, &scheduler, &error)) {
		fail_msg("%s: %s", line, error.text);
	}
	return scheduler;
}

static void assert_refused(const char *line, const struct clock *clock, const char *why)
{
	struct scheduler scheduler;
	struct error error;

	if (bind(line, clock, &scheduler, &error)) {
		fail_msg("%s was accepted", line);
	}
	assert_int_equal(error.kind, ERROR_REQUEST);
	if (!strstr(error.text, why)) {
		fail_msg("%s: \"%s\" does not say \"%s\"", line, error.text, why);
	}
}

static struct value value_of(const struct scheduler *scheduler, const char *name)
{
	int index = strategy_parameter(scheduler->schedule.node[0].strategy, name);

	assert_true(index >= 0);
	return scheduler->schedule.node[0].values[index];
}

static void assert_value(const struct scheduler *scheduler, const char *name, double wanted)
{
	struct value value = value_of(scheduler, name);

	if (value.how != VALUE_GIVEN || value.number != wanted) {
		fail_msg("%s is %d %.17g, not %.17g", name, value.how, value.number, wanted);
	}
}

static bool same(double a, double b)
{
	return memcmp(&a, &b, sizeof a) == 0;
}

/* ---- the tables ---- */

static void check_parameter(const struct parameter *parameter, const char *strategy)
{
	const struct range *dial = &parameter->dial;
	bool inside = range_has(&parameter->accepted, dial->low) &&
		      range_has(&parameter->accepted, dial->high) && dial->low < dial->high;

	if (!inside || parameter->step <= 0 || !parameter->unit || !parameter->help ||
	    strlen(parameter->help) < 20 || strlen(parameter->help) > 76) {
		fail_msg("%s: the row of %s is not sound", strategy, parameter->name);
	}
	switch (parameter->standard.how) {
	case VALUE_GIVEN:
		assert_true(range_has(&parameter->accepted, parameter->standard.number));
		assert_true(range_has(dial, parameter->standard.number));
		break;
	case VALUE_NONE:
		assert_true(parameter->takes_none);
		break;
	default: /* stands for others: total_steps alone */
		assert_string_equal(parameter->name, "total_steps");
	}
	assert_true(parameter->scale != DIAL_LOG || dial->low > 0);
	assert_int_equal(parameter->type == PARAMETER_CHOICE, parameter->choices != NULL);
}

static void test_tables(void **context)
{
	(void)context;
	check_parameter(&schedule_lr, "every strategy");
	for (unsigned id = 0; id < STRATEGY_COUNT; id++) {
		const struct parameter *rows;
		unsigned count = strategy_parameters((enum strategy_id)id, &rows);
		enum strategy_id found;

		assert_true(count <= STRATEGY_PARAMETERS);
		assert_true(strategy_find(strategy_names()[id], &found, NULL) && found == id);
		assert_true(strlen(strategy_short(found)) <= 4 && *strategy_short(found));
		assert_true(*strategy_title(found) && strategy_pytorch(found));
		for (unsigned i = 0; i < count; i++) {
			check_parameter(&rows[i], strategy_name(found));
			assert_int_equal(strategy_parameter(found, rows[i].name), i);
			assert_string_not_equal(rows[i].name, "lr");
		}
		if (strategy_peak(found)) {
			assert_true(strategy_parameter(found, strategy_peak(found)) >= 0);
		}
	}
	assert_true(strategy_needs_metric(STRATEGY_PLATEAU));
	assert_false(strategy_has_closed(STRATEGY_PLATEAU));
	assert_true(strategy_steps_per_batch(STRATEGY_ONECYCLE));
	assert_false(strategy_steps_per_batch(STRATEGY_COSINE));
}

static void test_words(void **context)
{
	struct schedule schedule, again;
	struct error error;

	(void)context;
	assert_refused("onecicle", NULL, "nearest: onecycle");
	assert_refused("polynomial", NULL, "later");
	assert_refused("step gama=1", NULL, "nearest: gamma");
	assert_refused("step T_max=1", NULL, "step_size, gamma, lr");
	assert_refused("cyclic scale_fn=1", NULL, "scale_fn is not taken");
	assert_refused("step last_epoch=3", NULL, "last_epoch is not taken");
	assert_refused("step lr=-0.1", NULL, "0 and more");
	assert_refused("step lr=auto", NULL, "auto");
	assert_refused("cyclic mode=sine", NULL, "triangular2");
	assert_refused("plateau mode=auto", NULL, "max");
	assert_true(request("cyclic lr=0.5 max_lr=0.25", &schedule, &error));
	assert_true(schedule_peak(&schedule) == 0.25);
	schedule_set_peak(&schedule, 0.125);
	assert_true(schedule_peak(&schedule) == 0.125 && schedule.lr.number == 0.5);
	schedule = schedule_of(STRATEGY_COSINE);
	again = schedule_of(STRATEGY_COSINE);
	assert_memory_equal(&schedule, &again, sizeof schedule);
	assert_true(schedule_peak(&schedule) == 0.1);
	schedule_set_peak(&schedule, 0.3);
	assert_true(schedule_peak(&schedule) == 0.3 && schedule.lr.number == 0.3);
	assert_true(schedule_value(&schedule, 0).number == 30);
}

/* ---- binding ---- */

static void test_defaults(void **context)
{
	struct scheduler scheduler = bound("step", NULL);

	(void)context;
	assert_value(&scheduler, "step_size", 10);
	assert_value(&scheduler, "gamma", 0.1);
	assert_true(scheduler.lr == 0.1 && scheduler.length == INT64_MAX);
	scheduler = bound("exponential", NULL);
	assert_value(&scheduler, "gamma", 0.9);
	scheduler = bound("cosine", NULL);
	assert_value(&scheduler, "T_max", 30);
	assert_value(&scheduler, "eta_min", 0);
	scheduler = bound("plateau", NULL);
	assert_value(&scheduler, "patience", 10);
	assert_value(&scheduler, "threshold", 1e-4);
	assert_value(&scheduler, "eps", 1e-8);
	assert_true(scheduler.needs_metric && !scheduler.drives_momentum);
	scheduler = bound("cyclic", NULL);
	assert_value(&scheduler, "base_lr", 0.001);
	assert_value(&scheduler, "max_lr", 0.006);
	assert_value(&scheduler, "step_size_up", 2000);
	assert_int_equal(value_of(&scheduler, "step_size_down").how, VALUE_NONE);
	assert_true(scheduler.drives_momentum);
	scheduler = bound("onecycle", NULL);
	assert_value(&scheduler, "total_steps", 1000);
	assert_value(&scheduler, "epochs", 10);
	assert_int_equal(scheduler.length, 1000);
	scheduler = bound("onecycle epochs=3 steps_per_epoch=7", NULL);
	assert_int_equal(scheduler.length, 21);
	scheduler = bound("onecycle total_steps=None epochs=5", NULL);
	assert_int_equal(scheduler.length, 500);
	scheduler = bound("onecycle total_steps=40 epochs=5", NULL);
	assert_int_equal(scheduler.length, 40);
	assert_int_equal(value_of(&scheduler, "epochs").how, VALUE_NONE);
}

static void test_run(void **context)
{
	struct clock run = {.run = true, .steps = 31, .needed = 29, .epochs = 30, .batches = 52};
	struct clock trace = {.steps = 90};
	struct scheduler scheduler = bound("step", &run);

	(void)context;
	assert_value(&scheduler, "step_size", 10);
	scheduler = bound("step step_size=4", &run);
	assert_value(&scheduler, "step_size", 4);
	scheduler = bound("step step_size=auto", &(struct clock){.run = true, .steps = 2});
	assert_value(&scheduler, "step_size", 1);
	scheduler = bound("step", &trace);
	assert_value(&scheduler, "step_size", 10);
	scheduler = bound("step step_size=auto", &trace);
	assert_value(&scheduler, "step_size", 30);
	scheduler = bound("cosine", &run);
	assert_value(&scheduler, "T_max", 31);
	scheduler = bound("cyclic step_size_up=auto base_lr=auto max_lr=0.6", &run);
	assert_value(&scheduler, "step_size_up", 31.0 / 6);
	assert_value(&scheduler, "base_lr", 0.6 / 6);
	scheduler = bound("cyclic", &run);
	assert_value(&scheduler, "step_size_up", 2000);
	scheduler = bound("onecycle", &run);
	assert_int_equal(scheduler.length, 1560);
	scheduler = bound("onecycle steps_per_epoch=2 epochs=7", &run);
	assert_int_equal(scheduler.length, 60); /* epochs is the training length there */
	scheduler = bound("onecycle total_steps=auto", &run);
	assert_int_equal(scheduler.length, 31);
	assert_refused("onecycle", &(struct clock){.run = true, .steps = 9}, "not known");
	assert_refused("cosine T_max=auto", NULL, "T_max=auto");
	assert_refused("cosine", &(struct clock){.run = true}, "not known");
	run.needed = 1559;
	assert_refused("onecycle total_steps=1000", &run,
		       "one cycle has 1000 steps; this run needs 1560");
	run.needed = 999;
	bound("onecycle total_steps=1000", &run);
	trace.needed = 1000;
	assert_refused("onecycle", &trace, "one cycle has 1000 steps; this trace needs 1001");
}

static void test_refused(void **context)
{
	struct scheduler scheduler;
	struct schedule schedule = schedule_of(STRATEGY_STEP);
	struct error error;

	(void)context;
	assert_refused("step step_size=0", NULL, "step_size");
	assert_refused("cosine T_max=0", NULL, "T_max");
	assert_refused("plateau factor=1", NULL, "below 1");
	assert_refused("cyclic step_size_up=0", NULL, "step_size_up");
	assert_refused("cyclic step_size_up=5 step_size_down=-5", NULL, "is 0");
	assert_refused("cyclic step_size_up=1e-300 step_size_down=1e300", NULL, "as 0");
	assert_refused("cyclic step_size_up=1e308", NULL, "as 0");
	assert_refused("onecycle total_steps=10 pct_start=0.1", NULL, "length 0");
	assert_refused("onecycle total_steps=1 pct_start=1", NULL, "length 0");
	assert_refused("onecycle total_steps=10 pct_start=0.1 three_phase=yes", NULL, "length 0");
	assert_refused("onecycle total_steps=0", NULL, "1 and more");
	assert_refused("onecycle total_steps=1.5", NULL, "whole");
	assert_refused("onecycle pct_start=1.5", NULL, "0 to 1");
	assert_refused("onecycle div_factor=0", NULL, "but 0");
	assert_refused("onecycle epochs=1e12 steps_per_epoch=1e12", NULL, "counted");
	schedule.nodes = 2;
	schedule.node[0].parts = 1;
	assert_false(scheduler_bind(&scheduler, &schedule, &(struct clock){0}, &error));
	assert_non_null(strstr(error.text, "compositions are not built yet"));
	schedule = schedule_of(STRATEGY_STEP);
	schedule.node[0].values[0] = (struct value)VALUE_NUMBER(0); /* past schedule_set */
	assert_false(scheduler_bind(&scheduler, &schedule, &(struct clock){0}, &error));
	assert_non_null(strstr(error.text, "step_size"));
	schedule.node[0].values[0] = (struct value)VALUE_NUMBER(NAN);
	assert_false(scheduler_bind(&scheduler, &schedule, &(struct clock){0}, &error));
	schedule = schedule_of(STRATEGY_CYCLIC);
	schedule.node[0].values[4] = (struct value)VALUE_NUMBER(3);
	assert_false(scheduler_bind(&scheduler, &schedule, &(struct clock){0}, &error));
}

/* What PyTorch takes is taken, and has PyTorch's values. */
static void test_accepted(void **context)
{
	static const char *const lines[] = {
		"step gamma=-2 step_size=0.5", "step step_size=-3 gamma=0", "cosine T_max=-7.5",
		"exponential gamma=5", "plateau factor=-1 patience=-0.5 cooldown=1.5 eps=-1",
		"plateau threshold=-3 min_lr=2", "cyclic max_lr=-1 base_lr=2 gamma=-3",
		"cyclic step_size_up=2.5 step_size_down=0", "cyclic scale_mode=iterations",
		"onecycle max_lr=-0.1 div_factor=-2 final_div_factor=0.001",
		"onecycle total_steps=1", "onecycle total_steps=2 pct_start=0 three_phase=true",
		"constant lr=0", "cyclic step_size_up=5 step_size_down=-3",
	};

	(void)context;
	for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct scheduler scheduler = bound(lines[i], NULL);
		struct scheduler_state state;

		assert_true(scheduler_start(&scheduler, &state, NULL));
		assert_int_equal(state.t, 0);
		assert_false(isnan(state.rate.lr));
	}
}

/* ---- stepping ---- */

static double lr_after(const char *line, int steps, double metric)
{
	struct scheduler scheduler = bound(line, NULL);
	struct scheduler_state state;
	struct error error;

	assert_true(scheduler_start(&scheduler, &state, NULL));
	for (int i = 0; i < steps; i++) {
		if (!scheduler_next(&scheduler, &state, metric, &error)) {
			fail_msg("%s: %s", line, error.text);
		}
	}
	return state.rate.lr;
}

static void test_steps(void **context)
{
	struct rate rate;
	struct scheduler scheduler;

	(void)context;
	/* 2.5 divides 5, 10, 15: three cuts by 15; the closed form counts six. */
	assert_true(same(lr_after("step lr=1 step_size=2.5 gamma=0.5", 15, 0), 0.125));
	scheduler = bound("step lr=1 step_size=2.5 gamma=0.5", NULL);
	assert_true(scheduler_closed(&scheduler, 15, &rate, NULL) && same(rate.lr, 1.0 / 64));
	/* t // -3 is -6 at 16, -5 at 15; a negative size cuts all the same when stepping. */
	scheduler = bound("step lr=1 step_size=-3 gamma=0.5", NULL);
	assert_true(scheduler_closed(&scheduler, 16, &rate, NULL) && same(rate.lr, 64));
	assert_true(scheduler_closed(&scheduler, 15, &rate, NULL) && same(rate.lr, 32));
	assert_true(same(lr_after("step lr=1 step_size=-3 gamma=0.5", 16, 0), 1.0 / 32));
	/* Past cycle 1024 of triangular2 the height is 0 (Python's 2.0**1024 overflows). */
	assert_true(same(lr_after("cyclic base_lr=0.01 step_size_up=1 mode=triangular2", 2049, 0),
			 0.01));
	assert_true(isinf(lr_after("exponential lr=1 gamma=1e300", 2, 0)));
	assert_true(same(lr_after("plateau patience=-1 factor=0.5", 3, 1), 0.0125));
	/* Half an epoch of cooldown takes the next one whole: no cut then, one after it. */
	assert_true(same(lr_after("plateau lr=1 patience=0 factor=0.5 cooldown=0.5", 2, 1), 0.5));
	assert_true(same(lr_after("plateau lr=1 patience=0 factor=0.5 cooldown=0.5", 3, 1), 0.5));
	assert_true(same(lr_after("plateau lr=1 patience=0 factor=0.5 cooldown=0.5", 4, 1), 0.25));
	/* A cut by exactly eps is not made. */
	assert_true(same(lr_after("plateau lr=1 patience=-1 factor=0.5 eps=0.5", 3, 1), 1));
	assert_true(same(lr_after("onecycle total_steps=1", 0, 0), 0.1 / 25 / 1e4));
}

static void test_step_refused(void **context)
{
	struct scheduler scheduler = bound("onecycle total_steps=3", NULL);
	struct scheduler_state state, before;
	struct error error;
	struct rate rate;

	(void)context;
	assert_true(scheduler_start(&scheduler, &state, NULL));
	assert_true(scheduler_next(&scheduler, &state, 0, NULL));
	assert_true(scheduler_next(&scheduler, &state, 0, NULL));
	before = state;
	assert_false(scheduler_next(&scheduler, &state, 0, &error));
	assert_non_null(strstr(error.text, "3 steps"));
	assert_memory_equal(&state, &before, sizeof state);
	assert_false(scheduler_closed(&scheduler, 3, &rate, &error));
	/* cos(pi (t - 1) / T) is -1 at a step that is no foot: 1 / 3 is not quite a third. */
	scheduler = bound("cosine T_max=0.3333333333333333", NULL);
	assert_true(scheduler_start(&scheduler, &state, NULL));
	while (scheduler_next(&scheduler, &state, 0, &error)) {
		assert_true(state.t < 100);
		before = state;
	}
	assert_int_equal(state.t, 1);
	assert_non_null(strstr(error.text, "divides by zero at step 2"));
	assert_memory_equal(&state, &before, sizeof state);
	scheduler = bound("step step_size=-2 gamma=0", NULL);
	assert_false(scheduler_closed(&scheduler, 3, &rate, &error));
	scheduler = bound("plateau", NULL);
	assert_false(scheduler_closed(&scheduler, 0, &rate, &error));
	assert_non_null(strstr(error.text, "no closed form"));
}

/* scheduler_reaches() says what a walk over all steps says, in the same words. */
static void check_reaches(const char *line, int64_t last, bool closed)
{
	struct scheduler scheduler = bound(line, NULL);
	struct scheduler_state state;
	struct error walked = {ERROR_NONE, ""}, told = {ERROR_NONE, ""};
	struct rate rate;
	bool wanted = true;

	if (closed) {
		for (int64_t t = 0; wanted && t <= last; t++) {
			wanted = scheduler_closed(&scheduler, t, &rate, &walked);
		}
	} else {
		assert_true(scheduler_start(&scheduler, &state, &walked));
		while (wanted && state.t < last) {
			wanted = scheduler_next(&scheduler, &state, NAN, &walked);
		}
	}
	if (scheduler_reaches(&scheduler, last, closed, &told) != wanted ||
	    strcmp(told.text, walked.text) != 0) {
		fail_msg("%s to %lld: \"%s\", not \"%s\"", line, (long long)last, told.text,
			 walked.text);
	}
}

static void test_reaches(void **context)
{
	static const char *const lines[] = {
		"constant", "exponential gamma=-2", "step gamma=0 step_size=-3", "step step_size=2.5",
		"cosine T_max=1", "cosine T_max=-7", "cosine T_max=2.5", "cosine T_max=2.000000001",
		"cosine T_max=2.0000001", "cosine T_max=40.0000000001", "cosine T_max=-9.00000001",
		"cosine T_max=0.3", "cosine T_max=1e-307", "cosine T_max=5e-324", "cosine T_max=1e300",
		"cosine T_max=0.333333333333", "cosine T_max=100000007", "cosine T_max=1000.000001",
		"cyclic step_size_up=-2 mode=triangular2", "cyclic step_size_up=1e-306",
		"cyclic mode=exp_range gamma=-3", "onecycle total_steps=90",
	};
	static const int64_t lasts[] = {0, 1, 2, 3, 4, 7, 41, 89, 90, 3003, 10000};

	(void)context;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		for (size_t j = 0; j < sizeof lasts / sizeof lasts[0]; j++) {
			check_reaches(lines[i], lasts[j], false);
			check_reaches(lines[i], lasts[j], true);
		}
	}
}

/* The first half wave is not walked over. */
static void test_reaches_far(void **context)
{
	struct scheduler scheduler = bound("cosine T_max=1e15", NULL);
	struct error error;
	long long step = 0;

	(void)context;
	assert_true(scheduler_reaches(&scheduler, (int64_t)9e14, false, &error));
	assert_false(scheduler_reaches(&scheduler, (int64_t)1e15, false, &error));
	assert_int_equal(sscanf(strstr(error.text, "at step"), "at step %lld", &step), 1);
	assert_true(1 + cos(M_PI * (double)(step - 1) / 1e15) == 0);
	assert_true(1 + cos(M_PI * (double)(step - 2) / 1e15) > 0);
	assert_true(scheduler_reaches(&scheduler, step - 1, false, &error));
	assert_false(scheduler_reaches(&scheduler, step, false, &error));
}

static void test_plateau_state(void **context)
{
	struct scheduler scheduler = bound("plateau lr=1 patience=1 factor=0.5 cooldown=2", NULL);
	struct scheduler_state state;
	struct plateau_state shown;
	static const double metrics[] = {1, 2, 2, 2};

	(void)context;
	assert_true(scheduler_start(&scheduler, &state, NULL));
	assert_true(plateau_state_of(&scheduler, &state, &shown));
	assert_true(isinf(shown.best) && shown.best > 0);
	assert_true(shown.next_lr == 0.5 && shown.bad_epochs == 0 && shown.patience == 1);
	for (int i = 0; i < 3; i++) {
		assert_true(scheduler_next(&scheduler, &state, metrics[i], NULL));
	}
	assert_true(plateau_state_of(&scheduler, &state, &shown));
	assert_true(shown.best == 1 && shown.threshold == 1 - 1e-4);
	assert_true(shown.cooldown == 2 && shown.next_lr == 0.25 && shown.bad_epochs == 0);
	assert_true(scheduler_next(&scheduler, &state, metrics[3], NULL));
	assert_true(plateau_state_of(&scheduler, &state, &shown));
	assert_true(shown.cooldown == 1 && shown.bad_epochs == 0);
	scheduler = bound("step", NULL);
	assert_false(plateau_state_of(&scheduler, &state, &shown));
}

/* ---- checkpoints ---- */

/* Asks far, near and in order; every answer is what stepping from 0 gives. */
static void check_exact(const char *line, int64_t end)
{
	struct scheduler scheduler = bound(line, NULL);
	struct checkpoints checkpoints;
	struct scheduler_state state;
	struct rate rate;
	struct error error;

	checkpoints_init(&checkpoints);
	if (!checkpoints_exact(&checkpoints, &scheduler, end, &rate, &error)) {
		fail_msg("%s: %s", line, error.text);
	}
	for (assert_true(scheduler_start(&scheduler, &state, NULL)); state.t < end;) {
		if (state.t < 3000 || state.t % 9973 == 0 || state.t % 1024 < 2) {
			assert_true(checkpoints_exact(&checkpoints, &scheduler, state.t, &rate, NULL));
			assert_true(same(rate.lr, state.rate.lr));
			assert_true(same(rate.momentum, state.rate.momentum) ||
				    isnan(rate.momentum));
		}
		assert_true(scheduler_next(&scheduler, &state, 0, NULL));
	}
	assert_true(checkpoints_exact(&checkpoints, &scheduler, end, &rate, NULL));
	assert_true(same(rate.lr, state.rate.lr));
	for (int i = 0; i < checkpoints.count; i++) { /* else right but slow */
		assert_int_equal(checkpoints.states[i].t, i * checkpoints.stride);
	}
	checkpoints_forget(&checkpoints);
	scheduler = bound("exponential gamma=0.5 lr=1", NULL);
	assert_true(checkpoints_exact(&checkpoints, &scheduler, 3, &rate, NULL));
	assert_true(same(rate.lr, 0.125));
	checkpoints_done(&checkpoints);
}

static void test_checkpoints(void **context)
{
	(void)context;
	check_exact("cosine T_max=1000 eta_min=0.001", 1000000);
	check_exact("exponential gamma=0.99999", 1000000);
	check_exact("step step_size=7 gamma=0.9999", 70000);
	check_exact("cyclic", 30000);
	check_exact("onecycle", 999);
}

static void test_checkpoints_fail(void **context)
{
	struct scheduler scheduler = bound("cosine", NULL);
	struct checkpoints checkpoints;
	struct error error;
	struct rate rate;

	(void)context;
	checkpoints_init(&checkpoints);
	starved = true;
	assert_false(checkpoints_exact(&checkpoints, &scheduler, 5, &rate, &error));
	starved = false;
	assert_int_equal(error.kind, ERROR_MEMORY);
	assert_true(checkpoints_exact(&checkpoints, &scheduler, 5, &rate, &error));
	assert_false(checkpoints_exact(&checkpoints, &scheduler, -1, &rate, &error));
	scheduler = bound("plateau", NULL);
	assert_false(checkpoints_exact(&checkpoints, &scheduler, 5, &rate, &error));
	assert_non_null(strstr(error.text, "metrics"));
	checkpoints_done(&checkpoints);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_run),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_step_refused),
		cmocka_unit_test(test_reaches),
		cmocka_unit_test(test_reaches_far),
		cmocka_unit_test(test_plateau_state),
		cmocka_unit_test(test_checkpoints),
		cmocka_unit_test(test_checkpoints_fail),
	};

	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
