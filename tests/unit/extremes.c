/* Numbers at and beyond their bounds: every parameter of every strategy, axes and readings of runs
 * over hundreds of decades, and what fuzzing found. */
#include "study-help.h"

#include <math.h>
#include <unistd.h>

#include "base/number.h"
#include "schedule/schedule.h"
#include "view/view.h"

/* ---- parameters at their bounds ---- */

static const struct clock run_clock = {.run = true, .steps = 100, .needed = 99, .epochs = 10,
				       .batches = 10};

/* Bound and asked everywhere, or refused with a sentence. */
static void use(const struct schedule *schedule, const char *what)
{
	struct error error = {.kind = ERROR_NONE};
	struct scheduler scheduler;
	struct scheduler_state state;
	struct rate low, high;
	double filled[100];

	if (!scheduler_bind(&scheduler, schedule, &run_clock, &error)) {
		if (error.kind != ERROR_REQUEST || !error.text[0])
			fail_msg("%s: refused without a reason", what);
		return;
	}
	assert_true(scheduler_start(&scheduler, &state, &error));
	for (int t = 0; t < 99; t++)
		if (!scheduler_next(&scheduler, &state, t % 7, &error)) {
			assert_int_not_equal(error.text[0], 0);
			break;
		}
	scheduler_fill(&scheduler, 0, 100, filled);
	scheduler_range(&scheduler, 0, 100, &low, &high);
	if (low.lr > high.lr || isnan(low.lr) != isnan(high.lr))
		fail_msg("%s: range %g to %g", what, low.lr, high.lr);
}

/* What is accepted binds or is refused with a reason; what is outside names the parameter. */
static void try_number(enum strategy_id id, const struct parameter *row, double number)
{
	struct schedule schedule = schedule_of(id);
	struct error error = {.kind = ERROR_NONE};
	bool inside = range_has(&row->accepted, number) &&
		      (row->type != PARAMETER_INTEGER ||
		       (number == floor(number) && fabs(number) <= 0x1p53)); /* beyond, no doubles */
	char word[NUMBER_SIZE], what[200];

	number_format(word, number);
	snprintf(what, sizeof what, "%s %s=%s", strategy_name(id), row->name, word);
	if (!schedule_set(&schedule, row->name, word, &error)) {
		if (inside || !strstr(error.text, row->name))
			fail_msg("%s: %s", what, error.text);
		return;
	}
	if (!inside)
		fail_msg("%s: was accepted", what);
	use(&schedule, what);
}

static void parameters_at_their_bounds(void **state)
{
	static const double ends[] = {0, -0.0, 1, -1, 0.5, 5e-324, 2.2250738585072014e-308, 1e-300,
		1e300, 1.7976931348623157e308, -1e-300, -1.7976931348623157e308, 2147483648.0,
		9007199254740993.0, 1e18, 1 - 0x1p-53, 1 + 0x1p-52};

	(void)state;
	for (int id = 0; id < STRATEGY_COUNT; id++) {
		const struct parameter *rows;
		unsigned count = strategy_parameters((enum strategy_id)id, &rows);

		for (unsigned i = 0; i <= count; i++) {
			const struct parameter *row = i < count ? &rows[i] : &schedule_lr;
			double bounds[] = {row->accepted.low, row->accepted.high};

			if (row->type != PARAMETER_REAL && row->type != PARAMETER_INTEGER)
				continue;
			for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
				try_number((enum strategy_id)id, row, ends[k]);
			for (int k = 0; k < 2; k++) {
				if (!isfinite(bounds[k]))
					continue;
				try_number((enum strategy_id)id, row, bounds[k]);
				try_number((enum strategy_id)id, row, nextafter(bounds[k], INFINITY));
				try_number((enum strategy_id)id, row, nextafter(bounds[k], -INFINITY));
				try_number((enum strategy_id)id, row, bounds[k] + 1);
				try_number((enum strategy_id)id, row, bounds[k] - 1);
			}
		}
	}
}

/* Words that are no finite numbers are refused, by name. */
static void words_that_are_no_numbers(void **state)
{
	static const char *const words[] = {"nan", "inf", "-inf", "1e999", "", " 1", "0x1p3", "1e", "--1"};

	(void)state;
	for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
		struct schedule schedule = schedule_of(STRATEGY_EXPONENTIAL);
		struct error error = {.kind = ERROR_NONE};

		assert_false(schedule_set(&schedule, "gamma", words[k], &error));
		assert_non_null(strstr(error.text, "gamma"));
	}
}

/* ---- found by fuzzing ---- */

static struct scheduler bound(enum strategy_id id, const char *const (*words)[2])
{
	struct schedule schedule = schedule_of(id);
	struct error error = {.kind = ERROR_NONE};
	struct scheduler scheduler;

	for (int i = 0; words[i][0]; i++)
		if (!schedule_set(&schedule, words[i][0], words[i][1], &error))
			fail_msg("%s", error.text);
	if (!scheduler_bind(&scheduler, &schedule, &run_clock, &error))
		fail_msg("%s", error.text);
	return scheduler;
}

static void claim_highest(enum strategy_id id, const char *const (*words)[2], double highest)
{
	struct scheduler scheduler = bound(id, words);
	struct rate low, high;

	scheduler_range(&scheduler, 0, 100, &low, &high);
	if (!(fabs(high.lr - highest) <= 1e-12 * highest))
		fail_msg("highest %.17g, not %.17g", high.lr, highest);
}

static void ranges(void **state)
{
	/* The turning point of t gamma^t was beyond 2^53, where t + 1 is t: this never ended. */
	static const char *const flat[][2] = {{"mode", "exp_range"}, {"gamma", "0.9999999999999999"},
		{"base_lr", "0.01"}, {"max_lr", "0.02"}, {"step_size_up", "1000"}, {NULL, NULL}};
	/* An apex nearer to the foot than phases are counted. */
	static const char *const steep[][2] = {{"step_size_up", "3e-135"}, {"step_size_down", "3"},
		{"base_lr", "0.001"}, {"max_lr", "0.006"}, {NULL, NULL}};
	/* A cycle that runs backwards and is longer than can be counted: step 1 is highest. */
	static const char *const back[][2] = {{"mode", "exp_range"}, {"gamma", "0.5"},
		{"base_lr", "0"}, {"max_lr", "1"}, {"step_size_up", "-4e149"},
		{"step_size_down", "5"}, {NULL, NULL}};
	struct scheduler scheduler = bound(STRATEGY_CYCLIC, back);

	(void)state;
	claim_highest(STRATEGY_CYCLIC, flat, 0.01 + 0.01 * 99 / 1000 * (1 - 99 * 0x1p-53));
	claim_highest(STRATEGY_CYCLIC, steep, 0.001 + 0.005 * 2 / 3);
	claim_highest(STRATEGY_CYCLIC, back, scheduler_at(&scheduler, 1).lr);
}

/* Heights that are infinite where at() is not nan: neither is a block. */
static void blocks(void **state)
{
	static const char *const cyclic[][2] = {{"step_size_up", "1e-287"}, {"max_lr", "1e163"},
		{"step_size_down", "1e-287"}, {"base_lr", "0.001"}, {NULL, NULL}};
	static const char *const onecycle[][2] = {{"div_factor", "8e-322"}, {NULL, NULL}};
	static const char *const cosine[][2] = {{"lr", "1.7e308"}, {"eta_min", "-1.7e308"}, {NULL, NULL}};
	struct scheduler all[] = {bound(STRATEGY_CYCLIC, cyclic), bound(STRATEGY_ONECYCLE, onecycle),
				  bound(STRATEGY_COSINE, cosine)};
	double filled[100];

	(void)state;
	for (int k = 0; k < 3; k++) {
		scheduler_fill(&all[k], 0, 100, filled);
		for (int t = 0; t < 100; t++)
			if (isnan(filled[t]) != isnan(scheduler_at(&all[k], t).lr))
				fail_msg("%d: fill(%d) is %g", k, t, filled[t]);
	}
}

/* ---- screens ---- */

/* No column of the screen says nan; words that hold those letters do. */
static void claim_no_rubbish(struct scope *scope, const char *what)
{
	static struct canvas canvas;
	struct text text;

	canvas_init(&canvas);
	canvas.ascii = true;
	assert_true(canvas_resize(&canvas, 120, 36, NULL));
	scope_refresh(scope);
	view_draw(scope, &canvas);
	text_init(&text);
	canvas_dump(&canvas, &text, 0);
	for (const char *at = text.bytes; (at = strstr(at, "nan")); at += 3)
		if (!(at > text.bytes && at[-1] >= 'a' && at[-1] <= 'z'))
			fail_msg("%s: the screen says nan:\n%s", what, text.bytes);
	text_done(&text);
	canvas_done(&canvas);
}

static void screens_of_extreme_runs(void **state)
{
	static const char *const lines[] = {
		"set lr 1e-300", "set lr 1e300", "set lr 1.7e308", "set lr 5e-324", "set lr 0",
		"strategy exponential; set gamma 1e308; set lr 0.1", "set gamma -1e308", "set gamma 0",
		"set gamma 1e-300", "strategy cosine; set eta_min -1e300", "set T_max 1e-300",
		"strategy step; set gamma 1e300; set step_size 1", "strategy cyclic; set base_lr -1e308",
		"set max_lr 1.7e308", "strategy onecycle; set div_factor 1e-300", "set final_div_factor 1e300",
		"strategy plateau; set factor 0; set eps 0; set min_lr 1e300",
		"reset all; data ./constant.csv; set standardize no", "data ./huge.csv; set standardize no",
		"data ./tiny.csv", "set standardize yes", "set weight_decay 1e300; set standardize no",
		"set optimizer adam; set adam_eps 0; set lr 1e300",
	};
	static const char *const looks[] = {"axis rate log", "axis loss linear", "view batch",
		"axis loss log", "view validation", "view excess", "overlay on", "cursor 3", "cursor end",
		"axis rate linear", "overlay off", "cursor off"};
	struct scope *scope = open_scope();
	struct error error;

	(void)state;
	must(scope, "set epochs 3");
	for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
		for (const char *at = lines[k]; *at; at += *at == ';') {
			char part[200];
			size_t length = text_command_length(at);

			snprintf(part, sizeof part, "%.*s", (int)length, at);
			if (!tell(scope, part, &error))
				assert_int_not_equal(error.text[0], 0);
			at += length;
		}
		finish(scope);
		for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
			tell(scope, looks[i], &error);
			claim_no_rubbish(scope, lines[k]);
		}
	}
	close_scope(scope);
}

/* A logarithmic axis of rates that are all next to 0 began at 0. */
static void axis_of_the_smallest_rates(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "strategy constant");
	must(scope, "set lr 5e-324");
	must(scope, "axis rate log");
	must(scope, "ghost off");
	finish(scope);
	assert_true(scope->viewpoint.rate_axis.low > 0);
	assert_true(scope->viewpoint.rate_axis.high > scope->viewpoint.rate_axis.low);
	close_scope(scope);
}

/* Panning moved what is shown below update 0 where the setting is refused. */
static void pan_without_a_run(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "zoom 100 880");
	must(scope, "set nesterov true");
	assert_int_equal(scope->results.now.state, LANE_REFUSED);
	must(scope, "pan left");
	assert_true(scope->viewpoint.from >= 0 && scope->viewpoint.to > scope->viewpoint.from);
	close_scope(scope);
}

/* A clock that jumps: back, far ahead, nowhere. */
static void a_clock_that_jumps(void **state)
{
	static const double jumps[] = {-1e300, -1, 0, 1e-9, 1e9, 1e300, INFINITY, NAN};
	struct scope *scope = open_scope();

	(void)state;
	finish(scope);
	for (size_t k = 0; k < sizeof jumps / sizeof *jumps; k++) {
		must(scope, "rewind");
		must(scope, "play 3");
		scope_tick(scope, 0.5);
		scope_tick(scope, jumps[k]);
		assert_true(scope->viewpoint.playhead >= -1 &&
			    scope->viewpoint.playhead <= scope->results.now.plan.updates);
		claim_no_rubbish(scope, "a jump");
		if (scope->viewpoint.playing)
			must(scope, "pause");
	}
	close_scope(scope);
}

/* ---- files of extreme data ---- */

static char folder[] = "/tmp/lrscope-extremes-XXXXXX";

/* Each number is a digit or two, then `a`, `b`, `y`. */
static void put(const char *name, const char *a, const char *b, const char *y, bool constant)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	fprintf(file, "a,b,y\n");
	for (int row = 0; row < 40; row++)
		fprintf(file, "%d%s,%d%s,%d%s\n", row % 7, a, row % 5, b, constant ? 5 : row % 11, y);
	fclose(file);
}

static int enter(void **state)
{
	(void)state;
	if (!mkdtemp(folder) || chdir(folder) != 0)
		return -1;
	put("constant.csv", "", "", "", true);
	put("huge.csv", "e140", "", "e150", false);
	put("tiny.csv", "e-300", "", "e-300", false);
	return 0;
}

static int leave(void **state)
{
	(void)state;
	unlink("constant.csv");
	unlink("huge.csv");
	unlink("tiny.csv");
	return chdir("/") != 0 || rmdir(folder) != 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_at_their_bounds),
		cmocka_unit_test(words_that_are_no_numbers),
		cmocka_unit_test(ranges),
		cmocka_unit_test(blocks),
		cmocka_unit_test(screens_of_extreme_runs),
		cmocka_unit_test(axis_of_the_smallest_rates),
		cmocka_unit_test(pan_without_a_run),
		cmocka_unit_test(a_clock_that_jumps),
	};

	return cmocka_run_group_tests_name("extremes", tests, enter, leave);
}
