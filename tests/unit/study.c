/* The study: dials, one peak, shelves, the ghost, undo. */
#include "study-help.h"

#include <math.h>

static void starts_as_the_scene_says(void **state)
{
	struct scope *scope = open_scope();
	struct schedule cosine;

	(void)state;
	assert_dial(scope, "max_lr", "0.1");
	assert_dial(scope, "total_steps", "auto");
	assert_dial(scope, "cycle_momentum", "false");
	assert_dial(scope, "batch", "16");
	assert_dial(scope, "epochs", "30");
	assert_dial(scope, "data", "concrete");
	assert_dial(scope, "momentum", "0");
	assert_int_equal(scope->study.ghost_kind, GHOST_BEFORE);
	cosine = study_schedule_of(&scope->study, STRATEGY_COSINE);
	assert_memory_equal(&scope->study.ghost.schedule, &cosine, sizeof cosine);
	must(scope, "strategy step");
	assert_dial(scope, "step_size", "10");
	assert_dial(scope, "gamma", "0.5");
	must(scope, "strategy cyclic");
	assert_dial(scope, "base_lr", "auto");
	assert_dial(scope, "step_size_up", "auto");
	assert_dial(scope, "cycle_momentum", "false");
	close_scope(scope);
}

static void the_peak_is_one(void **state)
{
	struct scope *scope = open_scope();
	const struct scheduler *scheduler = &scope->results.now.scheduler;
	int base = strategy_parameter(STRATEGY_CYCLIC, "base_lr");
	struct schedule schedule;
	int s;

	(void)state;
	must(scope, "set max_lr 0.3");
	for (s = 0; s < STRATEGY_COUNT; s++) {
		schedule = study_schedule_of(&scope->study, (enum strategy_id)s);
		assert_same(schedule_peak(&schedule), 0.3);
		assert_same(schedule.lr.number, 0.3);
	}
	must(scope, "strategy step");
	assert_dial(scope, "lr", "0.3");
	must(scope, "set max_lr 0.12");
	assert_dial(scope, "lr", "0.12");
	must(scope, "strategy cyclic");
	assert_dial(scope, "max_lr", "0.12");
	must(scope, "set lr 0.24");
	assert_dial(scope, "max_lr", "0.24");
	assert_same(scheduler->schedule.node[0].values[base].number, 0.24 / 6);
	must(scope, "set base_lr 0.02");
	must(scope, "set lr 0.6");
	assert_same(scheduler->schedule.node[0].values[base].number, 0.02);
	must_not(scope, "set max_lr -0.1", "lr");
	close_scope(scope);
}

static void shelves_are_kept(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "set pct_start 0.4");
	must(scope, "strategy step");
	must(scope, "set step_size 7");
	must(scope, "strategy onecycle");
	assert_dial(scope, "pct_start", "0.4");
	must(scope, "strategy step");
	assert_dial(scope, "step_size", "7");
	must(scope, "reset step_size");
	assert_dial(scope, "step_size", "10");
	must(scope, "set batch 8");
	must(scope, "reset all");
	assert_dial(scope, "batch", "16");
	must(scope, "strategy onecycle");
	assert_dial(scope, "pct_start", "0.3");
	close_scope(scope);
}

static double ghost_peak(const struct scope *scope)
{
	return schedule_peak(&scope->study.ghost.schedule);
}

static void the_ghost_is_the_setting_before(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "set max_lr 0.2");
	assert_same(ghost_peak(scope), 0.1);
	must(scope, "set max_lr 0.3");
	assert_same(ghost_peak(scope), 0.1); /* the same dial */
	must(scope, "set lr 0.35");
	assert_same(ghost_peak(scope), 0.1); /* its other name */
	must(scope, "set epochs 20");
	assert_same(ghost_peak(scope), 0.35);
	must(scope, "set epochs 20");
	must(scope, "set pct_start 0.3"); /* where the dial stood by default */
	must(scope, "set anneal_strategy cos");
	must(scope, "set shuffle true");
	must(scope, "set weight_decay 0");
	must(scope, "set step_per batch");
	assert_same(ghost_peak(scope), 0.35);
	assert_true(scope->study.ghost.training.values[TRAINING_EPOCHS].number != 20);
	must(scope, "strategy step");
	assert_int_equal(scope->study.ghost.schedule.node[0].strategy, STRATEGY_ONECYCLE);
	must(scope, "strategy cosine");
	assert_int_equal(scope->study.ghost.schedule.node[0].strategy, STRATEGY_STEP);
	must(scope, "ghost pin");
	must(scope, "set lr 0.01");
	must(scope, "strategy constant");
	assert_int_equal(scope->study.ghost.schedule.node[0].strategy, STRATEGY_COSINE);
	assert_same(ghost_peak(scope), 0.35);
	must(scope, "ghost cyclic");
	assert_int_equal(scope->study.ghost_kind, GHOST_PINNED);
	assert_same(ghost_peak(scope), 0.01);
	must(scope, "ghost before");
	must(scope, "set lr 0.02");
	assert_int_equal(scope->study.ghost.schedule.node[0].strategy, STRATEGY_CONSTANT);
	must(scope, "ghost off");
	must_not(scope, "swap", "ghost");
	must_not(scope, "ghost cosin", "nearest: cosine");
	close_scope(scope);
}

static void swapping_twice_is_nothing(void **state)
{
	struct scope *scope = open_scope();
	struct study before;

	(void)state;
	must(scope, "set max_lr 0.2");
	must(scope, "set pct_start 0.4");
	must(scope, "strategy cyclic");
	before = scope->study;
	must(scope, "swap");
	assert_int_equal(scope->study.now.schedule.node[0].strategy, STRATEGY_ONECYCLE);
	assert_dial(scope, "pct_start", "0.4");
	must(scope, "strategy onecycle");
	must(scope, "swap");
	assert_memory_equal(&before, &scope->study, sizeof before);
	close_scope(scope);
}

static void refusals_name_what_is_near(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must_not(scope, "set pct_strat 0.2", "nearest: pct_start");
	must_not(scope, "set gamma 0.2", "exponential");
	must_not(scope, "set batch 0", "batch");
	must_not(scope, "set batch x", "batch");
	must_not(scope, "strategy onecicle", "nearest: onecycle");
	must_not(scope, "data concret", "nearest: concrete");
	must_not(scope, "set data concret", "nearest: concrete");
	must_not(scope, "data no/such.csv", "such.csv");
	must_not(scope, "data concrete no_such_column", "no_such_column");
	must_not(scope, "set target no_such_column", "no_such_column");
	must_not(scope, "scene climp", "nearest: climb");
	must_not(scope, "nudge target 1", "target");
	must_not(scope, "nudge betas 1", "betas");
	must_not(scope, "nudge batch x", "x");
	must_not(scope, "undo", "nothing to undo");
	must_not(scope, "redo", "nothing");
	must_not(scope, "set", "usage: set NAME VALUE");
	must_not(scope, "stratgy step", "nearest: strategy");
	must_not(scope, "set batch 'x", "quote");
	close_scope(scope);
}

/* What cannot run is kept in the study, and said. */
static void impossible_runs_are_kept(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "set validation 0.999");
	finish(scope);
	assert_int_equal(scope->results.now.state, LANE_DONE); /* two of 1030 rows remain */
	must(scope, "data stackloss");
	finish(scope);
	assert_int_equal(scope->results.now.state, LANE_REFUSED);
	assert_int_equal(scope->verdict.level, VERDICT_ALARM);
	assert_non_null(strstr(scope->verdict.text, "validation"));
	must(scope, "set validation 0.2");
	must(scope, "set total_steps 25");
	finish(scope);
	assert_int_equal(scope->results.now.state, LANE_DONE);
	assert_non_null(strstr(scope->verdict.text, "too short"));
	close_scope(scope);
}

static void nudges_start_from_what_is_in_force(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "nudge total_steps 1");
	assert_dial(scope, "total_steps", "1570");
	must(scope, "select max_lr");
	must(scope, "turn 1");
	assert_true(scope->study.now.schedule.lr.number > 0.1);
	must(scope, "undo");
	must(scope, "nudge data 1");
	assert_dial(scope, "data", shipped_sets[1].name);
	must(scope, "nudge data -2");
	assert_dial(scope, "data", shipped_sets[shipped_count - 1].name);
	must(scope, "nudge optimizer 1");
	assert_dial(scope, "optimizer", "adam");
	must(scope, "strategy cosine");
	must(scope, "nudge T_max 1");
	assert_dial(scope, "T_max", "31");
	must(scope, "set batch full");
	must(scope, "nudge batch -1");
	finish(scope);
	assert_int_equal(scope->results.now.state, LANE_DONE);
	close_scope(scope);
}

static void other_optimizers_words_go(void **state)
{
	struct scope *scope = open_scope();
	struct dial dials[STUDY_DIALS];
	unsigned count, k;

	(void)state;
	must(scope, "set momentum 0.9");
	must(scope, "set nesterov true");
	must(scope, "set optimizer adam");
	finish(scope);
	assert_int_equal(scope->results.now.state, LANE_DONE);
	count = study_dials(&scope->study, dials);
	for (k = 0; k < count; k++) {
		assert_string_not_equal(dials[k].parameter->name, "momentum");
		assert_string_not_equal(dials[k].parameter->name, "val_ripple");
	}
	must(scope, "strategy plateau");
	count = study_dials(&scope->study, dials);
	for (k = 0; k < count && strcmp(dials[k].parameter->name, "val_ripple") != 0; k++)
		;
	assert_true(k < count);
	assert_string_equal(dials[0].parameter->name, "lr");
	close_scope(scope);
}

/* Weights to begin with and a target belong to the columns that they were given for. */
static void other_data_has_other_columns(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "data faithful");
	must(scope, "set init 0.5,0.5");
	must(scope, "set target eruption_min");
	must(scope, "data cars");
	assert_int_equal(scope->study.now.training.values[TRAINING_INIT].how, VALUE_UNSET);
	assert_int_equal(scope->study.now.training.values[TRAINING_TARGET].how, VALUE_UNSET);
	assert_dial(scope, "init", "");
	must(scope, "undo");
	assert_dial(scope, "init", "0.5,0.5");
	close_scope(scope);
}

/* ---- undo ---- */

static uint64_t dice = 12345;

static unsigned roll(unsigned sides)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice >> 33) % sides;
}

static void any_command(char line[128])
{
	static const char *const fixed[] = {
		"swap", "ghost pin", "ghost before", "ghost off", "ghost plateau", "reset all",
		"strategy step", "strategy cyclic", "strategy onecycle", "strategy plateau",
		"strategy exponential", "strategy cosine", "data stackloss", "data swiss",
		"set optimizer adam", "set optimizer sgd", "set betas 0.8,0.9", "set batch full",
		"set init 1,2,3,4", "set validation 0", "set split tail", "reset", "undo", "undo 3",
		"redo", "redo 2", "turn 1", "turn -1 coarse", "select next", "select previous",
		"set gamma 0.5", "set T_max auto", "set bogus 1", "set momentum -1",
	};

	if (roll(3) != 0)
		snprintf(line, 128, "%s", fixed[roll(sizeof fixed / sizeof *fixed)]);
	else if (roll(2) != 0)
		snprintf(line, 128, "set lr 0.%u", 1 + roll(99));
	else
		snprintf(line, 128, "set epochs %u", 1 + roll(3));
}

/* 3000 commands; each study that was passed is come back to, byte for byte. */
static void undo_brings_every_byte_back(void **state)
{
	enum { COMMANDS = 3000 };
	struct study *seen = calloc(COMMANDS + 1, sizeof *seen);
	struct scope *scope = open_scope();
	struct error error;
	char line[128];
	int k, top = 0;

	(void)state;
	assert_non_null(seen);
	must(scope, "data stackloss");
	must(scope, "set epochs 2");
	history_done(&scope->history);
	seen[0] = scope->study;
	for (k = 0; k < COMMANDS; k++) {
		any_command(line);
		tell(scope, line, &error);
		top = scope->history.position;
		assert_true(top <= COMMANDS);
		if (strncmp(line, "undo", 4) == 0 || strncmp(line, "redo", 4) == 0)
			assert_memory_equal(&seen[top], &scope->study, sizeof *seen);
		else if (memcmp(&seen[top], &scope->study, sizeof *seen) != 0)
			seen[top] = scope->study;
	}
	assert_true(top > 100);
	while (scope->history.position > 0) {
		must(scope, "undo");
		assert_memory_equal(&seen[scope->history.position], &scope->study, sizeof *seen);
	}
	while (scope->history.position < scope->history.count) {
		must(scope, "redo");
		assert_memory_equal(&seen[scope->history.position], &scope->study, sizeof *seen);
	}
	free(seen);
	close_scope(scope);
}

static void old_changes_are_forgotten(void **state)
{
	struct history history;
	struct study study, before, first;
	struct error error;
	int k;

	(void)state;
	history_init(&history);
	study_init(&study);
	first = study;
	for (k = 0; k < HISTORY_CHANGES + 500; k++) {
		before = study;
		study.now.training.values[TRAINING_SEED].how = VALUE_GIVEN;
		study.now.training.values[TRAINING_SEED].number = k + 2;
		assert_true(history_add(&history, &before, &study, &error));
	}
	assert_int_equal(history.count, HISTORY_CHANGES);
	assert_true(history.bytes < 64 * HISTORY_CHANGES);
	for (k = 0; history_undo(&history, &study, &error); k++)
		;
	assert_int_equal(k, HISTORY_CHANGES);
	assert_same(study.now.training.values[TRAINING_SEED].number, 501);
	while (history_redo(&history, &study, &error))
		;
	assert_same(study.now.training.values[TRAINING_SEED].number, HISTORY_CHANGES + 501);
	assert_true(history_add(&history, &study, &study, &error));
	assert_int_equal(history.count, HISTORY_CHANGES); /* no change at all */
	assert_memory_not_equal(&first, &study, sizeof study);
	history_done(&history);
	assert_int_equal(history.bytes, 0);
}

/* ---- memory ---- */

static long allowed = -1; /* allocations until one fails; below 0: none does */

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
	if (allowed == 0)
		return NULL;
	if (allowed > 0)
		allowed--;
	return __real_malloc(size);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
	if (allowed == 0)
		return NULL;
	if (allowed > 0)
		allowed--;
	return __real_calloc(count, size);
}

/* Whichever allocation fails, the study is the old one or the new one, and work goes on. */
static void no_memory_changes_nothing(void **state)
{
	static const char *const lines[] = {"set max_lr 0.2", "data swiss", "strategy plateau",
					    "scene climb", "swap"};
	struct scope *scope;
	struct study before;
	struct error error;
	size_t line;
	long k;
	bool done;

	(void)state;
	for (line = 0; line < sizeof lines / sizeof *lines; line++)
		for (k = 0, done = false; !done && k < 200; k++) {
			struct command *command = malloc(sizeof *command);

			scope = open_scope();
			assert_true(command_parse(command, lines[line], &error));
			before = scope->study;
			allowed = k;
			done = scope_command(scope, command, &error);
			allowed = -1;
			if (!done) {
				assert_int_equal(error.kind, ERROR_MEMORY);
				assert_memory_equal(&before, &scope->study, sizeof before);
				assert_int_equal(scope->history.count, 0);
			}
			must(scope, "set epochs 3");
			finish(scope);
			assert_int_equal(scope->results.now.state, LANE_DONE);
			close_scope(scope);
			free(command);
		}
}

/* A race whose grid is made without memory for the limit would be another one: it is not begun. */
static void no_memory_begins_no_other_race(void **state)
{
	struct scope *scope = open_scope();
	struct race race, wanted;
	struct error error;
	bool done = false;
	long k;

	(void)state;
	race_init(&wanted);
	assert_true(race_start(&wanted, &scope->study, &scope->results.dataset, &error));
	assert_true(wanted.has_limit);
	race_init(&race);
	for (k = 0; !done && k < 200; k++) {
		allowed = k;
		done = race_start(&race, &scope->study, &scope->results.dataset, &error);
		allowed = -1;
		if (!done) {
			assert_int_equal(error.kind, ERROR_MEMORY);
			assert_int_equal(race.state, RACE_NONE);
		}
	}
	assert_true(done && k > 3);
	assert_memory_equal(race.rates, wanted.rates, sizeof race.rates);
	race_done(&race);
	race_done(&wanted);
	close_scope(scope);
}

static void write_table(const char *path)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("a,y\n1,2\n2,1\n3,5\n4,4\n5,9\n", file);
	assert_int_equal(fclose(file), 0);
}

/* Other data is refused for want of memory when the file of the present data has gone: there is no way back to
 * its runs, and those of other data are not shown in their place. With the file they come again. */
static void no_way_back_shows_nothing(void **state)
{
	char path[] = "lrscope-study-XXXXXX.csv", line[60];
	int file = mkstemps(path, 4), refused = 0;
	bool done = false;
	struct error error;

	(void)state;
	assert_true(file >= 0);
	close(file);
	snprintf(line, sizeof line, "data ./%s", path);
	for (long k = 0; !done && k < 300; k++) {
		struct command *command = malloc(sizeof *command);
		struct scope *scope = open_scope();
		double excess;

		write_table(path);
		must(scope, line);
		must(scope, "ghost off");
		finish(scope);
		excess = scope->results.now.record.final_excess;
		unlink(path);
		assert_true(command_parse(command, "data cars", &error));
		allowed = k;
		done = scope_command(scope, command, &error);
		allowed = -1;
		if (!done) {
			scope_refresh(scope);
			refused += scope->results.now.state == LANE_REFUSED;
			if (scope->results.now.state == LANE_DONE)
				assert_same(scope->results.now.record.final_excess, excess);
			else
				assert_int_equal(scope->verdict.level, VERDICT_ALARM);
			write_table(path);
			scope_refresh(scope);
			finish(scope);
			assert_false(scope->behind);
			assert_same(scope->results.now.record.final_excess, excess);
		}
		close_scope(scope);
		free(command);
	}
	assert_true(done && refused > 0);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_as_the_scene_says),
		cmocka_unit_test(the_peak_is_one),
		cmocka_unit_test(shelves_are_kept),
		cmocka_unit_test(the_ghost_is_the_setting_before),
		cmocka_unit_test(swapping_twice_is_nothing),
		cmocka_unit_test(refusals_name_what_is_near),
		cmocka_unit_test(impossible_runs_are_kept),
		cmocka_unit_test(nudges_start_from_what_is_in_force),
		cmocka_unit_test(other_optimizers_words_go),
		cmocka_unit_test(other_data_has_other_columns),
		cmocka_unit_test(undo_brings_every_byte_back),
		cmocka_unit_test(old_changes_are_forgotten),
		cmocka_unit_test(no_memory_changes_nothing),
		cmocka_unit_test(no_memory_begins_no_other_race),
		cmocka_unit_test(no_way_back_shows_nothing),
	};

	return cmocka_run_group_tests_name("study", tests, NULL, NULL);
}
