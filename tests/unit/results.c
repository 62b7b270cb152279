/* Results: slices, the strip, readings, the verdict, and what each scene claims. */
#include "study-help.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/number.h"

static void slices_equal_the_whole(void **state)
{
	struct scope *whole = open_scope(), *sliced = open_scope();
	const struct record *a, *b;
	int k;

	(void)state;
	must(whole, "set max_lr 0.2");
	must(sliced, "set max_lr 0.2");
	assert_true(results_busy(&sliced->results));
	while (results_work(&whole->results, 1 << 30))
		;
	while (results_work(&sliced->results, 7))
		;
	a = &whole->results.now.record;
	b = &sliced->results.now.record;
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->updates, 1560);
	for (k = 0; k < (int)a->count; k++)
		assert_same(a->excess->values[k], b->excess->values[k]);
	for (k = 0; k < STRATEGY_COUNT; k++) {
		assert_int_equal(whole->results.reach[k].seeds, REACH_SEEDS);
		assert_memory_equal(whole->results.reach[k].excess, sliced->results.reach[k].excess,
				    sizeof whole->results.reach[k].excess);
		assert_same(whole->results.reach[k].median, sliced->results.reach[k].median);
	}
	/* The strip's first seed is the very run in front. */
	assert_same(whole->results.reach[STRATEGY_ONECYCLE].excess[0], a->final_excess);
	assert_false(results_busy(&sliced->results));
	close_scope(whole);
	close_scope(sliced);
}

/* Lanes come first, the strip's first seed before its second. */
static void lanes_come_first(void **state)
{
	struct scope *scope = open_scope();
	int k;

	(void)state;
	results_work(&scope->results, 100);
	assert_int_equal(scope->results.now.record.updates, 100);
	assert_int_equal(scope->results.ghost.record.updates, 0);
	while (results_lanes_busy(&scope->results))
		results_work(&scope->results, 100);
	while (scope->results.reach[STRATEGY_ONECYCLE].seeds == 0)
		results_work(&scope->results, 100);
	for (k = 0; k < STRATEGY_COUNT; k++)
		assert_int_equal(scope->results.reach[k].seeds, 1);
	close_scope(scope);
}

/* Keys wait for no more than a step of work, whatever a batch and the data are like. */
static void large_data_is_worked_in_small_steps(void **state)
{
	struct scope *scope = open_scope();
	char path[] = "/tmp/lrscope-results-XXXXXX", line[100];
	int descriptor = mkstemp(path);
	FILE *file = fdopen(descriptor, "w");
	uint32_t seed = 1;

	(void)state;
	assert_true(results_updates(&scope->results, 2e6) >= 1000);
	assert_non_null(file);
	for (int row = 0; row <= 2000; row++)
		for (int column = 0; column <= 80; column++) {
			seed = seed * 1664525 + 1013904223;
			fprintf(file, row > 0 ? "%u%s" : "c%u%s",
				row > 0 ? seed >> 22 : (unsigned)column, column < 80 ? "," : "\n");
		}
	assert_int_equal(fclose(file), 0);
	snprintf(line, sizeof line, "data %s", path);
	must(scope, line);
	must(scope, "set epochs 2");
	for (int k = 0; k < STRATEGY_COUNT; k++) /* the first seed's problem is there */
		assert_int_equal(scope->results.reach[k].wanted, 1);
	assert_in_range(results_updates(&scope->results, 2e6), 50, 400);
	must(scope, "set batch full");
	assert_in_range(results_updates(&scope->results, 2e6), 1, 10);
	assert_int_equal(results_updates(&scope->results, 1), 1);
	finish(scope);
	for (int k = 0; k < STRATEGY_COUNT; k++)
		assert_int_equal(scope->results.reach[k].seeds, 1);
	must(scope, "data concrete");
	assert_int_equal(scope->results.reach[0].wanted, REACH_SEEDS);
	unlink(path);
	close_scope(scope);
}

static void a_change_drops_older_work(void **state)
{
	struct scope *scope = open_scope();
	uint64_t generation = scope->results.generation;
	double cosine;

	(void)state;
	results_work(&scope->results, 500);
	must(scope, "set max_lr 0.2");
	assert_int_equal(scope->results.now.record.updates, 0);
	assert_true(scope->results.generation > generation);
	finish(scope);
	/* The old setting is the ghost now; a dial of one strategy leaves the others' reach. */
	assert_int_equal(scope->results.ghost.state, LANE_DONE);
	cosine = scope->results.reach[STRATEGY_COSINE].median;
	must(scope, "set pct_start 0.4");
	assert_int_equal(scope->results.reach[STRATEGY_ONECYCLE].seeds, 0);
	assert_int_equal(scope->results.reach[STRATEGY_COSINE].seeds, REACH_SEEDS);
	assert_same(scope->results.reach[STRATEGY_COSINE].median, cosine);
	/* What was in front became the ghost without running again. */
	assert_int_equal(scope->results.ghost.state, LANE_DONE);
	finish(scope);
	generation = scope->results.generation;
	must(scope, "swap");
	assert_int_equal(scope->results.now.state, LANE_DONE);
	assert_int_equal(scope->results.ghost.state, LANE_DONE);
	must(scope, "select last");
	assert_int_equal(scope->results.generation, generation + 1);
	close_scope(scope);
}

/* Two data sets at once, exchanged and come back to. */
static void a_ghost_has_its_own_data(void **state)
{
	struct scope *scope = open_scope();
	double concrete, swiss;

	(void)state;
	finish(scope);
	concrete = scope->results.now.record.final_excess;
	must(scope, "data swiss");
	finish(scope);
	swiss = scope->results.now.record.final_excess;
	assert_same(scope->results.ghost.record.final_excess, concrete);
	assert_true(scope->results.now.problem != scope->results.ghost.problem);
	must(scope, "swap");
	assert_int_equal(scope->results.now.state, LANE_DONE);
	assert_same(scope->results.now.record.final_excess, concrete);
	assert_same(scope->results.ghost.record.final_excess, swiss);
	assert_ptr_equal(scope->results.now.problem, &scope->results.problem);
	assert_ptr_equal(scope->results.ghost.run.problem, &scope->results.ghost_problem);
	must(scope, "set seed 2");
	must(scope, "undo");
	finish(scope);
	assert_same(scope->results.now.record.final_excess, concrete);
	assert_same(scope->results.ghost.record.final_excess, swiss);
	close_scope(scope);
}

/* A table is not read again for another split of it: the file may be a pipe, or gone. */
static void a_table_is_read_once(void **state)
{
	char path[] = "results-XXXXXX.csv";
	struct scope *scope = open_scope();
	double random;

	(void)state;
	must_open_table(scope, path, "a,y\n1,2\n2,1\n3,5\n4,4\n5,9\n");
	finish(scope);
	random = scope->results.now.record.final_excess;
	assert_int_equal(unlink(path), 0);
	must(scope, "set split tail");
	finish(scope);
	assert_int_equal(scope->results.now.plan.rows, 5);
	assert_same(scope->results.ghost.record.final_excess, random);
	assert_true(scope->results.now.record.final_excess != random);
	must(scope, "ghost pin");
	must(scope, "set split random");
	finish(scope);
	assert_same(scope->results.now.record.final_excess, random);
	must_not(scope, "set target a", "No such file");
	close_scope(scope);
}

/* The rate of every update is what stepping the scheduler by hand gives. */
static void check_rates(struct scope *scope)
{
	struct lane *lane = &scope->results.now;
	struct scheduler_state at;
	struct reading reading;
	struct rate low, high;
	int64_t u;

	finish(scope);
	assert_true(scheduler_start(&lane->scheduler, &at, NULL));
	for (u = 0; u < lane->plan.updates; u++) {
		while (at.t < plan_step_at(&lane->plan, u))
			assert_true(scheduler_next(&lane->scheduler, &at, NAN, NULL));
		assert_true(lane_reading(lane, u, &reading));
		assert_same(reading.rate.lr, at.rate.lr);
		if (lane->scheduler.drives_momentum)
			assert_same(reading.rate.momentum, at.rate.momentum);
		else
			assert_same(reading.rate.momentum, 0);
		assert_same(reading.excess, lane->record.excess->values[u]);
		lane_rates(lane, u, u + 1, &low, &high);
		assert_true(fabs(low.lr - at.rate.lr) <= 1e-12);
		assert_true(fabs(high.lr - at.rate.lr) <= 1e-12);
	}
	assert_false(lane_reading(lane, lane->plan.updates + 1, &reading));
	assert_false(lane_reading(lane, -1, &reading));
	assert_true(lane_reading(lane, lane->plan.updates, &reading));
	assert_true(isnan(reading.rate.lr));
	assert_same(reading.excess, lane->record.final_excess);
	assert_int_equal(reading.epoch, lane->plan.epochs);
}

static void readings_equal_the_trace(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	check_rates(scope);
	must(scope, "set cycle_momentum true");
	check_rates(scope);
	must(scope, "strategy cosine");
	check_rates(scope);
	must(scope, "set step_per batch");
	check_rates(scope);
	must(scope, "set step_per epoch");
	must(scope, "strategy cyclic");
	check_rates(scope);
	close_scope(scope);
}

static void plateau_is_read_from_its_rows(void **state)
{
	struct scope *scope = open_scope();
	struct lane *lane = &scope->results.now;
	struct reading reading;
	struct rate low, high;
	int64_t u;

	(void)state;
	must(scope, "strategy plateau");
	results_work(&scope->results, 520);
	assert_true(lane_reading(lane, 519, &reading));
	assert_false(lane_reading(lane, 900, &reading)); /* not there yet */
	finish(scope);
	for (u = 0; u < lane->plan.updates; u++) {
		assert_true(lane_reading(lane, u, &reading));
		assert_same(reading.rate.lr, lane->record.rows[u / 52].lr);
		assert_true(reading.has_plateau);
	}
	lane_rates(lane, 0, lane->plan.updates, &low, &high);
	assert_same(high.lr, 0.1);
	assert_same(low.lr, lane->record.rows[29].lr);
	assert_true(lane->record.cuts > 0);
	assert_true(lane_reading(lane, 0, &reading));
	assert_same(reading.plateau.bad_epochs, 0);
	assert_true(lane_reading(lane, 1559, &reading));
	assert_memory_equal(&reading.plateau, &lane->record.rows[28].plateau,
			    sizeof reading.plateau);
	close_scope(scope);
}

/* ---- scenes ---- */

/* What each scene claims: the median excess of strategies, within a factor of 2 (for figures
 * from other seeds); the first row of a scene is the one in front. */
static const struct claim {
	const char *scene, *strategy;
	double excess;
} claims[] = {
	{"start", "onecycle", 3.8e-5},
	{"start", "constant", 3.6e-2},
	{"start", "step", 3.4e-3},
	{"start", "exponential", 9.8e-5},
	{"start", "cosine", 6e-5},
	{"start", "plateau", 1.0e-4},
	{"start", "cyclic", 1.9e-3},
	{"full-batch", "constant", 1.7e-3},
	{"full-batch", "exponential", 13.9e-3},
	{"climb", "onecycle", 1.7e-4},
	{"half-cycle", "cyclic", 36e-3},
	{"t-max-half", "cosine", 31e-3},
	{"t-max-double", "cosine", 12e-3},
	{"cycle-per-epoch", "onecycle", 6.7e-3},
	{"step-per-batch", "step", 21e-3},
	{"ripple", "plateau", 10.3e-3},
	{"batch-32", "onecycle", 3.8e-5},
	{"cycle-momentum", "onecycle", 28 * 3.8e-5},
};

static void scenes_show_what_they_claim(void **state)
{
	struct scope *scope = open_scope();
	const char *last = "";
	char line[128];
	size_t k;

	(void)state;
	for (k = 0; k < sizeof claims / sizeof *claims; k++) {
		const struct claim *claim = &claims[k];
		enum strategy_id id;
		double got;

		snprintf(line, sizeof line, "scene %s", claim->scene);
		if (strcmp(last, claim->scene) != 0) {
			must(scope, line);
			finish(scope);
			assert_true(strategy_find(claim->strategy, &id, NULL));
			assert_int_equal(scope->study.now.schedule.node[0].strategy, id);
		}
		last = claim->scene;
		assert_true(strategy_find(claim->strategy, &id, NULL));
		got = scope->results.reach[id].median;
		if (!(got > claim->excess / 2 && got < claim->excess * 2))
			fail_msg("%s: %s reaches %g, not %g", claim->scene, claim->strategy, got,
				 claim->excess);
	}
	close_scope(scope);
}

/* Every scene loads from any other, leaves nothing refused, and is one change. */
static void every_scene_loads(void **state)
{
	struct scope *scope = open_scope();
	struct study fresh;
	struct command command;
	struct error error;
	char line[128];
	int k, changes;

	(void)state;
	assert_true(scene_count >= 10);
	assert_string_equal(scenes[0].name, "start");
	for (k = 0; k < scene_count; k++) {
		const char *at = scenes[k].text;

		assert_true(strlen(scenes[k].title) > 10);
		changes = scope->history.count;
		snprintf(line, sizeof line, "scene %s", scenes[k].name);
		must(scope, line);
		assert_true(scope->history.count <= changes + 1);
		assert_string_equal(scope->viewpoint.message, scenes[k].title);
		assert_true(study_scene(&fresh, &scenes[k], NULL));
		assert_memory_equal(&fresh, &scope->study, sizeof fresh);
		finish(scope);
		assert_int_equal(scope->results.now.state, LANE_DONE);
		assert_int_equal(scope->results.ghost.state, LANE_DONE);
		for (; *at != '\0'; at += strcspn(at, "\n") + 1) {
			snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
			if (command_parse(&command, line, &error))
				assert_int_not_equal(command_rows[command.id].room, ROOM_PROGRAM);
			else
				assert_int_equal(error.kind, ERROR_NONE);
		}
	}
	close_scope(scope);
}

/* ---- the verdict ---- */

static void the_verdict_says_what_is_wrong(void **state)
{
	static const struct {
		const char *lines[4];
		enum verdict_level level;
		const char *part;
	} cases[] = {
		{{"scene start"}, VERDICT_OK, "rate falls to 0, length fits, stays under the limit"},
		{{"scene climb"}, VERDICT_ALARM, "above the limit steps 324-794: excess rose to 1"},
		{{"scene climb"}, VERDICT_ALARM, "recovered. Try 0.35"},
		{{"scene lost"}, VERDICT_ALARM, "lost. Try 0.35"},
		{{"scene cycle-per-epoch"}, VERDICT_ALARM, "30 of the cycle's 1560 steps. Set step_per batch"},
		{{"scene step-per-batch"}, VERDICT_ALARM, "frozen at 0 from step 100. Set step_per epoch"},
		{{"scene t-max-half"}, VERDICT_NOTE, "T_max 15 ends before the run's 30 epochs"},
		{{"scene t-max-double"}, VERDICT_NOTE, "T_max 60 is longer"},
		{{"scene half-cycle"}, VERDICT_NOTE, "2.5 cycles"},
		{{"scene cycle-momentum"}, VERDICT_NOTE, "overwrites momentum 0: steps up to 20 times longer"},
		{{"scene ripple"}, VERDICT_NOTE, "flat since epoch 5 at excess 0.0099: the rate fell too early"},
		{{"scene start", "strategy exponential", "set gamma 0.5"}, VERDICT_NOTE, "the rate fell too early"},
		{{"scene start", "strategy constant", "set lr 0.34"}, VERDICT_NOTE, "95% of the limit: noise"},
		{{"scene start", "strategy constant", "set lr 0.01"}, VERDICT_NOTE, "excess 0.0026, and falling"},
		{{"scene full-batch", "strategy constant", "set lr 0.001"}, VERDICT_NOTE, "train longer"},
		{{"scene start", "set total_steps 3000"}, VERDICT_NOTE, "total_steps 3000 is longer"},
		{{"scene start", "set total_steps 1000"}, VERDICT_ALARM, "too short: ends at 1000 of 1560; PyTorch raises"},
		{{"scene start", "strategy constant"}, VERDICT_NOTE, "flat since epoch 1 "},
		{{"scene start", "strategy constant", "set lr 5"}, VERDICT_ALARM, "lost"},
		{{"scene start", "strategy constant", "set lr 0.001"}, VERDICT_NOTE, "train longer"},
		{{"scene start", "strategy constant", "set lr 0"}, VERDICT_ALARM, "never above 0"},
		{{"scene start", "strategy cosine", "set lr 0", "set T_max 100"}, VERDICT_ALARM, "never above 0"},
		{{"scene start", "strategy cosine", "set epochs 1", "set T_max 9"}, VERDICT_NOTE, "run's 1 epoch:"},
		{{"scene start", "set optimizer adam"}, VERDICT_OK, "rate falls to 0, length fits"},
		{{"scene start", "set cycle_momentum true", "set momentum 0.98"}, VERDICT_NOTE,
		 "momentum 0.98: steps up to 7 times shorter"},
		{{"scene start", "strategy exponential", "set step_per batch"}, VERDICT_ALARM,
		 "frozen at 0 from step 66. Set"},
		{{"scene start", "strategy onecycle", "set step_per epoch"}, VERDICT_NOTE,
		 "stepped per epoch, 30 steps in all"},
		{{"scene start", "set epochs 2000", "set total_steps 100000"}, VERDICT_ALARM,
		 "ends at 100000 of 104000; PyTorch raises"},
		{{"scene start", "strategy step", "set lr 0.001"}, VERDICT_NOTE, "train longer or raise"},
		{{"scene start", "strategy constant", "set weight_decay 1"}, VERDICT_NOTE,
		 "0.11: weight_decay keeps it there"},
		{{"scene start", "strategy cosine", "set weight_decay 0.01"}, VERDICT_OK, "length fits"},
		{{"scene start", "set max_lr 1e-4"}, VERDICT_NOTE, "fell only from 0.61 to 0.44: train"},
		{{"scene start", "strategy cyclic", "set step_size_up 2000"}, VERDICT_NOTE,
		 "0.39 cycles: the run ends before max_lr"},
		{{"scene start", "strategy constant", "data longley"}, VERDICT_NOTE, "0.023: train longer"},
		{{"scene start", "set momentum 0.99", "set epochs 2", "data swiss"}, VERDICT_NOTE,
		 "it began with: lower the rate"},
		{{"scene start", "strategy exponential", "set gamma 0.7", "set lr 0.001"}, VERDICT_NOTE,
		 "0.31: the rate fell too early"},
		{{"scene full-batch", "strategy exponential", "set gamma 1.03", "set lr 0.05"}, VERDICT_OK,
		 "the rate rises to its end"},
		{{"scene start", "strategy constant", "data cars"}, VERDICT_NOTE, "noise keeps the excess near"},
		{{"scene start", "strategy cyclic", "data ts_airline_log10_lag12"}, VERDICT_NOTE,
		 "above the limit 0.0888 at times, steps 31-179"},
		{{"scene start", "strategy plateau", "set step_per batch"}, VERDICT_ALARM, "step_per"},
		/* Below 0 each step climbs, under the limit or not; that is no noise. */
		{{"scene start", "strategy step", "set gamma -0.5"}, VERDICT_ALARM,
		 "the rate goes down to -0.05: below 0 it climbs; excess rose to 6.5e89"},
		{{"scene start", "strategy exponential", "set gamma -0.001"}, VERDICT_NOTE, "down to -1e-4"},
		{{"scene start", "strategy cosine", "set eta_min 0.5"}, VERDICT_ALARM, "7.8e24; lost"},
		{{"scene start", "strategy constant", "set momentum 1"}, VERDICT_ALARM,
		 "momentum comes to 1: from 1 on no rate is stable"},
		{{"scene start", "set cycle_momentum true", "set base_momentum 1.5", "set max_lr 1e-3"},
		 VERDICT_ALARM, "momentum comes to 1.5: from 1 on no rate is stable"},
		{{"scene start", "strategy constant", "set momentum 0.9", "set dampening 1.5"}, VERDICT_ALARM,
		 "above a dampening of 1 no rate is stable"},
		{{"scene start", "set total_steps 1559"}, VERDICT_ALARM, "ends at 1559 of 1560"},
		{{"scene start", "strategy cyclic", "set batch 1", "set step_per epoch"}, VERDICT_ALARM,
		 "above the limit at times: excess rose to "},
		/* The end is the highest. */
		{{"scene start", "strategy constant", "set momentum 0.9", "set lr 0.5"}, VERDICT_ALARM,
		 "rose to 3.8e291, ends at 3.8e291"},
		{{"scene start", "strategy constant", "set lr 0.36"}, VERDICT_ALARM, "ends at 3.6. Try 0.35"},
		{{"scene start", "strategy cosine", "set T_max 14.5"}, VERDICT_NOTE, "T_max 14.5 ends before"},
		{{"scene start", "set final_div_factor 10"}, VERDICT_OK, "falls to 0.4% of the peak, length fits"},
		{{"scene start", "set batch full", "set max_lr 0.44"}, VERDICT_NOTE, "0.439 at step 8: not"},
		/* On each side of a bound: frozen for half of the run, an end at half of the peak, an excess
		 * of 1e-12 of the first. */
		{{"scene start", "strategy exponential", "set step_per batch", "set gamma 0.991"}, VERDICT_ALARM,
		 "frozen at 0 from step 765"},
		{{"scene start", "strategy exponential", "set step_per batch", "set gamma 0.9914"}, VERDICT_NOTE,
		 "the rate fell too early"},
		{{"scene start", "strategy cyclic", "set step_size_up 350"}, VERDICT_NOTE,
		 "2.2 cycles: the run ends at 55% of the peak"},
		{{"scene start", "strategy cyclic", "set step_size_up 360"}, VERDICT_NOTE,
		 "the rate ends high, at 44% of the peak"},
		{{"scene full-batch", "data cars", "set weight_decay 1e-6"}, VERDICT_OK,
		 "solved to the last digits since epoch 16"},
		{{"scene full-batch", "strategy constant", "data cars", "set epochs 200"}, VERDICT_OK,
		 "solved to the last digits"}, /* an excess of 0 */
		{{"scene full-batch", "data cars", "set weight_decay 1e-5"}, VERDICT_NOTE,
		 "at excess 1.6e-11: weight_decay keeps it there"},
	};
	static const char *const elsewhere[][3] = {
		{"strategy exponential", "set gamma 1.05"}, {"strategy cosine", "set eta_min 0.5"},
		{"strategy cyclic", "set max_lr 1", "set base_lr 0.485"},
		{"strategy cosine", "set lr 0.37", "set eta_min -0.05"},
		{"strategy constant", "set lr 1.2", "set momentum 0.5"},
	};
	struct scope *scope = open_scope();
	size_t k, line;

	(void)state;
	for (k = 0; k < sizeof cases / sizeof *cases; k++) {
		for (line = 0; line < 4 && cases[k].lines[line] != NULL; line++)
			must(scope, cases[k].lines[line]);
		finish(scope);
		if (scope->verdict.level != cases[k].level ||
		    strstr(scope->verdict.text, cases[k].part) == NULL)
			fail_msg("case %zu: [%d] %s", k, scope->verdict.level, scope->verdict.text);
		if (strlen(scope->verdict.text) > 75) /* beside its mark, whole at 80 columns */
			fail_msg("case %zu is too long: %s", k, scope->verdict.text);
	}
	/* No value of the dial is advised where something else makes the rate too high, or the limit is not
	 * that of this run. */
	for (k = 0; k < sizeof elsewhere / sizeof *elsewhere; k++) {
		must(scope, "scene start");
		for (line = 0; line < 3 && elsewhere[k][line] != NULL; line++)
			must(scope, elsewhere[k][line]);
		finish(scope);
		if (strstr(scope->verdict.text, "above the limit") == NULL || strstr(scope->verdict.text, "Try"))
			fail_msg("%s", scope->verdict.text);
	}
	must(scope, "scene start");
	must(scope, "set epochs 5000");
	results_work(&scope->results, 1000);
	scope_refresh(scope);
	assert_non_null(strstr(scope->verdict.text, "1000 of 260000"));
	close_scope(scope);
}

/* The exact limit and the run agree: just below it nothing rises, well above it the run is lost. */
/* A reason that is longer than a verdict goes as far as it has room, in whole characters. */
static void a_long_reason_says_that_it_goes_on(void **state)
{
	static const char *const characters[] = {"x", "é", "学", "😀"};
	struct scope *scope = open_scope();

	(void)state;
	for (int k = 0; k < 4; k++) {
		struct error why = {ERROR_FILE, ""};
		const char *text = scope->verdict.text;
		size_t length;

		while (strlen(why.text) < 300)
			strcat(why.text, characters[k]);
		results_lose(&scope->results, &why);
		scope_refresh(scope);
		length = strlen(text);
		assert_in_range(length, 150, sizeof scope->verdict.text - 1);
		assert_string_equal(text + length - 3, "...");
		assert_true(text_is_utf8(text));
		assert_memory_equal(text, why.text, length - 3);
	}
	close_scope(scope);
}

static void the_limit_is_a_limit(void **state)
{
	struct scope *scope = open_scope();
	char line[64], number[NUMBER_SIZE];
	double limit = scope->results.now.limit.lr;

	(void)state;
	assert_true(limit > 0.35 && limit < 0.36);
	must(scope, "strategy constant");
	snprintf(line, sizeof line, "set lr %s", number_format(number, limit * 1.2));
	must(scope, line);
	finish(scope);
	assert_int_equal(scope->verdict.level, VERDICT_ALARM);
	snprintf(line, sizeof line, "set lr %s", number_format(number, limit * 0.6));
	must(scope, line);
	finish(scope);
	assert_int_not_equal(scope->verdict.level, VERDICT_ALARM);
	must(scope, "cursor 10");
	scope_refresh(scope);
	assert_true(fabs(scope->reading.limit_share - 0.6) < 1e-12);
	close_scope(scope);
}

/* ---- whatever the way, the results are those of the study ---- */

static void assert_lane(const struct lane *found, const struct lane *wanted)
{
	assert_int_equal(found->state, wanted->state);
	if (wanted->state == LANE_DONE)
		assert_same(found->record.final_excess, wanted->record.final_excess);
}

/* As a scope that never saw another study has them. */
static void assert_as_fresh(struct scope *scope, const char *told)
{
	struct scope *fresh = open_scope();
	struct error error = {.kind = ERROR_NONE};

	if (!scope_replace(fresh, &scope->study, &error))
		fail_msg("%s: %s", told, error.text);
	finish(fresh);
	finish(scope);
	assert_lane(&scope->results.now, &fresh->results.now);
	assert_lane(&scope->results.ghost, &fresh->results.ghost);
	for (int k = 0; k < STRATEGY_COUNT; k++) {
		const struct reach *found = &scope->results.reach[k], *wanted = &fresh->results.reach[k];

		if (found->refused != wanted->refused || found->seeds != wanted->seeds ||
		    memcmp(&found->median, &wanted->median, sizeof found->median) != 0)
			fail_msg("%s: %s reaches %g of %d seeds, not %g of %d", told,
				 strategy_name((enum strategy_id)k), found->median, found->seeds,
				 wanted->median, wanted->seeds);
		if (!isnan(found->before))
			fail_msg("%s: %s still shows %g", told, strategy_name((enum strategy_id)k), found->before);
	}
	close_scope(fresh);
}

/* A split that cannot be learnt from ends the seeds of a strategy: what was reached before is not shown on. */
static void a_short_strip_shows_its_own(void **state)
{
	struct scope *scope = open_scope();
	char path[] = "lrscope-results-XXXXXX.csv";

	(void)state;
	finish(scope);
	must_open_table(scope, path, "a,b,y\n1,2,0\n2,1,0\n3,5,0\n4,4,0\n5,1,1\n6,2,0\n7,1,0\n8,8,0\n9,1,0\n3,3,0\n");
	assert_as_fresh(scope, "data");
	assert_in_range(scope->results.reach[STRATEGY_STEP].seeds, 1, REACH_SEEDS - 1);
	unlink(path);
	close_scope(scope);
}

/* The strip borrows the ghost's problem for a later seed, and loses it in the middle. */
static void the_strip_gives_up_what_goes(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "set seed 1");
	must(scope, "set pct_start 0.4");
	must(scope, "set seed 0");
	while (scope->results.reach[STRATEGY_ONECYCLE].seeds == 0)
		results_work(&scope->results, 100);
	results_work(&scope->results, 100);
	must(scope, "ghost pin");
	assert_as_fresh(scope, "ghost pin");
	close_scope(scope);
}

/* A dial is turned while its own strategy is at work. */
static void the_strip_begins_anew(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	while (results_lanes_busy(&scope->results) ||
	       scope->results.reach[STRATEGY_CYCLIC].seeds == 0)
		results_work(&scope->results, 100);
	results_work(&scope->results, 100);
	must(scope, "set pct_start 0.5");
	assert_as_fresh(scope, "set pct_start 0.5");
	close_scope(scope);
}

static void any_way_leads_to_the_same(void **state)
{
	static const char *const lines[] = {
		"set seed 0", "set seed 1", "set seed 2", "set seed 0", "set seed 1", "ghost pin",
		"ghost pin", "ghost off",
		"ghost before", "ghost cosine", "swap", "undo", "undo 3", "redo", "set pct_start 0.4",
		"set max_lr 0.05", "data stackloss", "data cars", "data concrete", "strategy cyclic",
		"set batch 8", "set split tail", "reset all",
	};
	uint32_t dice = 1;

	(void)state;
	for (int walk = 0; walk < 60; walk++) {
		struct scope *scope = open_scope();
		char told[1000] = "";

		must(scope, "data cars");
		for (int k = 0; k < 15; k++) {
			const char *line;
			struct error error;

			dice = dice * 1664525 + 1013904223;
			line = lines[(dice >> 16) % (sizeof lines / sizeof *lines)];
			if (!tell(scope, line, &error)) /* as where there is nothing to undo */
				continue;
			snprintf(told + strlen(told), sizeof told - strlen(told), "%s; ", line);
			dice = dice * 1664525 + 1013904223;
			for (uint32_t slices = (dice >> 16) % 500; slices > 0; slices--)
				results_work(&scope->results, 37);
		}
		assert_as_fresh(scope, told);
		close_scope(scope);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_equal_the_whole),
		cmocka_unit_test(lanes_come_first),
		cmocka_unit_test(large_data_is_worked_in_small_steps),
		cmocka_unit_test(a_change_drops_older_work),
		cmocka_unit_test(a_ghost_has_its_own_data),
		cmocka_unit_test(a_table_is_read_once),
		cmocka_unit_test(readings_equal_the_trace),
		cmocka_unit_test(plateau_is_read_from_its_rows),
		cmocka_unit_test(scenes_show_what_they_claim),
		cmocka_unit_test(every_scene_loads),
		cmocka_unit_test(the_verdict_says_what_is_wrong),
		cmocka_unit_test(a_long_reason_says_that_it_goes_on),
		cmocka_unit_test(the_limit_is_a_limit),
		cmocka_unit_test(a_short_strip_shows_its_own),
		cmocka_unit_test(the_strip_gives_up_what_goes),
		cmocka_unit_test(the_strip_begins_anew),
		cmocka_unit_test(any_way_leads_to_the_same),
	};

	return cmocka_run_group_tests_name("results", tests, NULL, NULL);
}
