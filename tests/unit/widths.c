/* Own texts have the same width on every terminal: each table and each text of data/, decoded. What is
 * drawn is checked where it is drawn, in tests/screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "advisor/private.h"
#include "base/json.h"
#include "lrscope/options.h"
#include "screen/ambiguous.h"
#include "study/lesson.h"
#include "study/private.h"
#include "trainer/dataset.h"
#include "trainer/training.h"

static long texts; /* that were looked at */

static void check(const char *text)
{
	uint32_t code = text ? text_ambiguous(text) : 0;

	texts++;
	if (code)
		fail_msg("U+%04X has one column or two: %.200s", (unsigned)code, text);
}

static void check_all(const char *const *list)
{
	for (; list && *list; list++)
		check(*list);
}

/* ---- the table itself ---- */

static void test_table(void **unused)
{
	static const char *const bad[] = {"\u00d7", "\u2026", "\u2192", "\u03b1", "\u00e9", "\u2588",
					  "\u2500", "\u201c", "a \u00b1"};
	static const char *const good[] = {"plain", "\u283f\u2812", "\u5b66", "\u3042", "\u20a9", ""};

	(void)unused;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (!text_ambiguous(bad[i]))
			fail_msg("%s was let through", bad[i]);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (text_ambiguous(good[i]))
			fail_msg("%s was found", good[i]);
	/* None of them is one that we count as two. */
	for (uint32_t code = 0; code < 0x40000; code++)
		if (code_is_ambiguous(code) && code_width(code) > 1)
			fail_msg("U+%04X is wide", (unsigned)code);
}

static void test_canvas(void **unused)
{
	struct canvas canvas;

	(void)unused;
	canvas_init(&canvas);
	assert_true(canvas_resize(&canvas, 10, 3, NULL));
	canvas_box(&canvas, (struct area){0, 0, 10, 3}, ROLE_FRAME);
	canvas_put(&canvas, 1, 1, 0x283f, ROLE_CURVE);
	assert_int_equal(canvas_ambiguous(&canvas), 0);
	canvas_put(&canvas, 2, 1, 0x2500, ROLE_CURVE); /* a line that is no frame */
	assert_int_equal(canvas_ambiguous(&canvas), 0x2500);
	canvas_put(&canvas, 2, 1, 0x2588, ROLE_FRAME);
	assert_int_equal(canvas_ambiguous(&canvas), 0x2588);
	canvas_put(&canvas, 2, 1, ' ', ROLE_TEXT);
	canvas.ascii = true;
	assert_int_equal(canvas_ambiguous(&canvas), 0x250c);
	canvas_done(&canvas);
}

/* ---- tables ---- */

static void check_parameter(const struct parameter *row)
{
	check(row->name);
	check(row->unit);
	check(row->help);
	check_all(row->choices);
}

static void test_values(void **unused)
{
	const struct parameter *rows;

	(void)unused;
	check_parameter(&schedule_lr);
	for (int id = 0; id < STRATEGY_COUNT; id++) {
		unsigned count = strategy_parameters((enum strategy_id)id, &rows);

		check(strategy_name((enum strategy_id)id));
		check(strategy_title((enum strategy_id)id));
		for (unsigned k = 0; k < count; k++)
			check_parameter(&rows[k]);
	}
	for (int k = 0; k < TRAINING_COUNT; k++)
		check_parameter(&training_parameters[k]);
	check_all(length_names);
	for (size_t k = 0; k < shipped_count; k++) {
		check(shipped_sets[k].name);
		check(shipped_sets[k].about);
		check(shipped_sets[k].kind);
		for (size_t column = 0; column <= shipped_sets[k].features; column++)
			check(shipped_sets[k].columns[column]);
	}
}

static void test_commands_and_keys(void **unused)
{
	(void)unused;
	for (int id = 0; id < COMMAND_COUNT; id++) {
		check(command_rows[id].name);
		check(command_rows[id].arguments);
		check(command_rows[id].help);
	}
	for (int k = 0; k < key_count; k++) {
		check(key_rows[k].key);
		check(key_rows[k].command);
		check(key_rows[k].label);
		check(key_rows[k].help);
	}
}

static void check_options(const struct option_row *row)
{
	for (; row && row->name; row++) {
		check(row->name);
		check(row->argument);
		check_all(row->choices);
		check(row->help);
	}
}

static void test_batch(void **unused)
{
	(void)unused;
	for (unsigned k = 0; k < batch_command_count; k++) {
		check(batch_commands[k].name);
		check(batch_commands[k].usage);
		check(batch_commands[k].help);
		check(batch_commands[k].details);
		check_options(batch_commands[k].options);
	}
	check_options(explorer_option_rows);
}

/* ---- texts of data/ ---- */

static void check_tree(const json_t *value)
{
	const char *key;
	const json_t *member;
	size_t k;

	check(json_string_value(value));
	json_array_foreach((json_t *)value, k, member)
		check_tree(member);
	json_object_foreach((json_t *)value, key, member) {
		check(key);
		check_tree(member);
	}
}

static void check_json(const char *text)
{
	struct json json;

	assert_true(json_read(&json, text, strlen(text), NULL));
	check_tree(json.root);
	json_done(&json);
}

static void test_data(void **unused)
{
	long before = texts;

	(void)unused;
	check_json(strategies_json);
	check_json(rules_json);
	assert_true(texts > before + 200);
	for (int k = 0; k < scene_count; k++) {
		check(scenes[k].name);
		check(scenes[k].title);
		check(scenes[k].text);
	}
	for (int k = 0; k < lesson_file_count; k++) {
		check(lesson_files[k].name);
		check(lesson_files[k].title);
		check(lesson_files[k].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table), cmocka_unit_test(test_canvas),
		cmocka_unit_test(test_values), cmocka_unit_test(test_commands_and_keys),
		cmocka_unit_test(test_batch), cmocka_unit_test(test_data),
	};

	return cmocka_run_group_tests_name("widths", tests, NULL, NULL);
}
