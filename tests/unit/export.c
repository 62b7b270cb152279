/* Tables as CSV and JSON, settings as words and as Python. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "export/pytorch.h"
#include "export/table.h"
#include "export/words.h"

static const char *const names[] = {"a", "b, \"c\"", "d"};

static void fill(struct text *text, enum table_format format)
{
	struct table table;
	table_start(&table, format, text, names, 3);
	table_integer(&table, -7);
	table_number(&table, 0.1);
	table_text(&table, "plain");
	table_empty(&table);
	table_number(&table, -INFINITY);
	table_text(&table, "two\nlines, \"quoted\"");
	table_number(&table, NAN);
	table_number(&table, INFINITY);
	table_empty(&table);
	table_end(&table);
}

static void test_csv(void **state)
{
	struct text text;
	(void)state;
	text_init(&text);
	fill(&text, TABLE_CSV);
	assert_string_equal(text.bytes, "a,\"b, \"\"c\"\"\",d\n"
					"-7,0.1,plain\n"
					",-inf,\"two\nlines, \"\"quoted\"\"\"\n"
					"nan,inf,\n");
	text_done(&text);
}

static void test_json(void **state)
{
	struct text text;
	(void)state;
	text_init(&text);
	fill(&text, TABLE_JSON);
	assert_string_equal(text.bytes,
			    "[\n{\"a\":-7,\"b, \\\"c\\\"\":0.1,\"d\":\"plain\"},\n"
			    "{\"a\":null,\"b, \\\"c\\\"\":\"-inf\",\"d\":\"two\\nlines, \\\"quoted\\\"\"},\n"
			    "{\"a\":\"nan\",\"b, \\\"c\\\"\":\"inf\",\"d\":null}\n]\n");
	text_done(&text);
}

static void test_empty(void **state)
{
	struct table table;
	struct text text;
	(void)state;
	text_init(&text);
	table_start(&table, TABLE_JSON, &text, names, 1);
	table_end(&table);
	assert_string_equal(text.bytes, "[\n]\n");
	text_clear(&text);
	table_start(&table, TABLE_CSV, &text, names, 1);
	table_end(&table);
	assert_string_equal(text.bytes, "a\n");
	text_done(&text);
}

static struct setting setting_of(enum strategy_id id)
{
	struct setting setting;
	memset(&setting, 0, sizeof setting);
	setting.schedule = schedule_of(id);
	setting.training = training_default();
	return setting;
}

static void assert_command(const struct setting *setting, const char *command, const char *wanted)
{
	struct text text;
	text_init(&text);
	export_command(setting, command, &text);
	assert_string_equal(text.bytes, wanted);
	text_done(&text);
}

static void test_command(void **state)
{
	struct setting setting = setting_of(STRATEGY_COSINE);
	struct error error;
	(void)state;
	assert_command(&setting, "train", "lrscope train cosine");
	assert_true(schedule_set(&setting.schedule, "T_max", "30", &error));
	assert_true(schedule_set(&setting.schedule, "eta_min", "0", &error));
	assert_true(training_set(&setting.training, "optimizer", "adamw", &error));
	assert_true(training_set(&setting.training, "data", "a b.csv", &error));
	/* A run's own T_max is its length, so 30 is said; a trace's is 30. */
	assert_command(&setting, "plot",
		       "lrscope plot cosine T_max=30 'data=a b.csv' optimizer=adamw");
	assert_command(&setting, "trace", "lrscope trace cosine optimizer=adamw");
	assert_true(schedule_set(&setting.schedule, "T_max", "auto", &error));
	assert_true(training_set(&setting.training, "data", "concrete", &error));
	assert_command(&setting, "train", "lrscope train cosine optimizer=adamw");
}

static void test_python(void **state)
{
	struct setting setting = setting_of(STRATEGY_ONECYCLE);
	struct error error = {ERROR_NONE, ""};
	struct text text;
	(void)state;
	text_init(&text);
	assert_true(export_pytorch(&setting, &text, &error));
	assert_non_null(strstr(text.bytes, "\nPEAK_LR = 0.1\n"));
	assert_non_null(strstr(text.bytes, "\nscheduler = torch.optim.lr_scheduler.OneCycleLR("
					   "optimizer, max_lr=PEAK_LR, total_steps=1560)\n"));
	text_clear(&text);
	assert_true(export_pytorch_sized(&setting, 100, 2, &text, &error));
	assert_non_null(strstr(text.bytes, "total_steps=150)\n"));
	assert_non_null(strstr(text.bytes, "torch.nn.Linear(2, 1)"));
	text_clear(&text);
	assert_true(schedule_set(&setting.schedule, "total_steps", "10", &error));
	assert_false(export_pytorch(&setting, &text, &error));
	assert_int_equal(error.kind, ERROR_REQUEST);
	assert_string_equal(text.bytes, "");
	text_done(&text);
}

/* The Python of a setting has each of the lines. */
static void assert_python(const struct setting *setting, const char *const lines[], size_t count)
{
	struct text text;
	struct error error;
	text_init(&text);
	assert_true(export_pytorch_sized(setting, 100, 2, &text, &error));
	for (size_t i = 0; i < count; i++)
		if (!strstr(text.bytes, lines[i]))
			fail_msg("no \"%s\" in\n%s", lines[i], text.bytes);
	text_done(&text);
}

/* CyclicLR of torch 1.13 does not cycle Adam's beta1: the script does. */
static void test_python_of_adam(void **state)
{
	static const char *const exponential[] = {
		"optimizer = torch.optim.Adam(model.parameters(), lr=PEAK_LR, eps=1e-06, amsgrad=True)\n",
		"step_size_up=2000, step_size_down=5, mode=\"exp_range\", gamma=0.99, cycle_mom",
		"\ndef set_beta1(t):\n    up, total = 2000, 2005\n",
		"\n    beta1 = 0.9 - (0.9 - 0.8) * scale * (0.99) ** t\n",
		"\nset_beta1(0)\n", "\n            set_beta1(update)\n", "\nimport math\n",
	};
	static const char *const halves[] = {
		"\n    up, total = 2000, 4000\n",
		"\n    beta1 = 0.95 - (0.95 - 0.8) * scale / 2 ** (cycle - 1)\n",
	};
	static const char *const plain[] = {"momentum=0.5, dampening=0.25", "nesterov=True"};
	struct setting setting = setting_of(STRATEGY_CYCLIC);
	struct schedule *schedule = &setting.schedule;
	struct training *training = &setting.training;
	struct error error;
	(void)state;
	assert_true(training_set(training, "optimizer", "adam", &error));
	assert_true(training_set(training, "adam_eps", "1e-6", &error));
	assert_true(training_set(training, "amsgrad", "yes", &error));
	assert_true(schedule_set(schedule, "mode", "exp_range", &error));
	assert_true(schedule_set(schedule, "gamma", "0.99", &error));
	assert_true(schedule_set(schedule, "step_size_down", "5", &error));
	assert_python(&setting, exponential, sizeof exponential / sizeof *exponential);
	setting = setting_of(STRATEGY_CYCLIC);
	assert_true(training_set(training, "optimizer", "adam", &error));
	assert_true(schedule_set(schedule, "mode", "triangular2", &error));
	assert_true(schedule_set(schedule, "max_momentum", "0.95", &error));
	assert_python(&setting, halves, sizeof halves / sizeof *halves);
	setting = setting_of(STRATEGY_STEP);
	assert_true(training_set(training, "momentum", "0.5", &error));
	assert_true(training_set(training, "dampening", "0.25", &error));
	assert_python(&setting, plain, 1);
	assert_true(training_set(training, "dampening", "0", &error));
	assert_true(training_set(training, "nesterov", "yes", &error));
	assert_python(&setting, plain + 1, 1);
}

/* Whole numbers are Python's floats where PyTorch wants those, counts are not; no optimizer is made
 * with a negative rate. */
static void test_python_of_whole_numbers(void **state)
{
	static const char *const lines[] = {
		"\nPEAK_LR = -1.0\n",
		"Adam(model.parameters(), lr=0.1, betas=(0.0, 0.9))\n",
		"max_lr=PEAK_LR, total_steps=400,\n    pct_start=1.0, div_factor=10.0)\n",
	};
	static const char *const cyclic[] = {
		"base_lr=1e-160, max_lr=PEAK_LR,\n    step_size_up=26, mode=\"exp_range\", gamma=-6.0",
		"scale * (-6.0) ** t\n",
	};
	struct setting setting = setting_of(STRATEGY_ONECYCLE);
	struct schedule *schedule = &setting.schedule;
	struct training *training = &setting.training;
	struct error error;
	(void)state;
	assert_true(training_set(training, "optimizer", "adam", &error));
	assert_true(training_set(training, "betas", "0,0.9", &error));
	assert_true(schedule_set(schedule, "max_lr", "-1", &error));
	assert_true(schedule_set(schedule, "total_steps", "400", &error));
	assert_true(schedule_set(schedule, "pct_start", "1", &error));
	assert_true(schedule_set(schedule, "div_factor", "10", &error));
	assert_python(&setting, lines, sizeof lines / sizeof *lines);
	setting = setting_of(STRATEGY_CYCLIC);
	assert_true(training_set(training, "optimizer", "adam", &error));
	assert_true(schedule_set(schedule, "base_lr", "1e-160", &error));
	assert_true(schedule_set(schedule, "step_size_up", "26", &error));
	assert_true(schedule_set(schedule, "mode", "exp_range", &error));
	assert_true(schedule_set(schedule, "gamma", "-6", &error));
	assert_true(training_set(training, "epochs", "1", &error)); /* later beta1^t overflows */
	assert_python(&setting, cyclic, sizeof cyclic / sizeof *cyclic);
}

/* Code that would raise on the way is refused, as its training is. */
static void test_python_that_raises(void **state)
{
	struct setting setting = setting_of(STRATEGY_COSINE);
	struct error error;
	struct text text;
	(void)state;
	text_init(&text);
	assert_true(schedule_set(&setting.schedule, "T_max", "0.3333333333333333", &error));
	assert_false(export_pytorch_sized(&setting, 100, 2, &text, &error));
	assert_int_equal(error.kind, ERROR_REQUEST);
	assert_string_equal(text.bytes, "");
	setting = setting_of(STRATEGY_CYCLIC);
	assert_true(schedule_set(&setting.schedule, "step_size_up", "20", &error));
	assert_true(schedule_set(&setting.schedule, "base_momentum", "1", &error));
	assert_true(export_pytorch_sized(&setting, 100, 2, &text, &error));
	assert_true(training_set(&setting.training, "optimizer", "adam", &error));
	text_clear(&text);
	assert_false(export_pytorch_sized(&setting, 100, 2, &text, &error));
	assert_non_null(strstr(error.text, "base_momentum 1: Adam divides"));
	assert_string_equal(text.bytes, "");
	text_done(&text);
}

/* What the table itself refuses is refused where it is opened; sizes alone do not tell. */
static void test_python_of_a_run(void **state)
{
	struct setting setting = setting_of(STRATEGY_STEP);
	struct error error = {.kind = ERROR_NONE};
	struct text text;
	(void)state;
	text_init(&text);
	assert_true(training_set(&setting.training, "init", "0.5", &error));
	assert_false(export_pytorch(&setting, &text, &error));
	assert_int_equal(error.kind, ERROR_REQUEST);
	assert_non_null(strstr(error.text, "init: 1 numbers where 9 are needed"));
	assert_string_equal(text.bytes, "");
	assert_true(export_pytorch_sized(&setting, 100, 8, &text, &error));
	text_clear(&text);
	assert_true(training_set(&setting.training, "init", "1,2,3,4,5,6,7,8,9", &error));
	assert_true(export_pytorch(&setting, &text, &error));
	text_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv),	cmocka_unit_test(test_json),
		cmocka_unit_test(test_empty),	cmocka_unit_test(test_command),
		cmocka_unit_test(test_python_of_adam), cmocka_unit_test(test_python_of_whole_numbers),
		cmocka_unit_test(test_python_that_raises),
		cmocka_unit_test(test_python_of_a_run),
		cmocka_unit_test(test_python),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
