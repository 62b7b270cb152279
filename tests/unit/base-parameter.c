/* Parameters: reading with reasons, writing back, ranges in words, dials. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/parameter.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define ANY {.low = -INFINITY, .high = INFINITY}

static const char *const modes[] = {"min", "max", NULL};

static const struct parameter gamma_row = {.name = "gamma", .type = PARAMETER_REAL, .accepted = ANY,
	.dial = {.low = 0, .high = 1}, .scale = DIAL_LINEAR, .step = 0.1};
static const struct parameter period_row = {.name = "T_max", .type = PARAMETER_INTEGER,
	.accepted = {.low = -INFINITY, .high = INFINITY, .not_zero = true},
	.dial = {.low = 1, .high = 1000}, .scale = DIAL_COUNT, .step = 1, .takes_auto = true};
static const struct parameter mode_row = {.name = "mode", .type = PARAMETER_CHOICE, .choices = modes};
static const struct parameter switch_row = {.name = "nesterov", .type = PARAMETER_SWITCH};
static const struct parameter total_row = {.name = "total_steps", .type = PARAMETER_INTEGER,
	.accepted = {.low = 1, .high = INFINITY}, .dial = {.low = 1, .high = 4096}, .scale = DIAL_LOG,
	.takes_auto = true, .takes_none = true};
static const struct parameter rate_row = {.name = "lr", .type = PARAMETER_REAL,
	.accepted = {.low = 0, .high = INFINITY}, .dial = {.low = 0, .high = 10}, .scale = DIAL_LOG,
	.standard = {VALUE_GIVEN, 0.1}};

/* ---- ranges ---- */

static void test_ranges(void **unused)
{
	static const struct { struct range range; const char *words; double in, out; } cases[] = {
		{{0, INFINITY, false, false, false}, "0 and more", 0, -1e-300},
		{{0, 1, true, false, false}, "above 0, at most 1", 1, 0},
		{{0, 1, false, true, false}, "at least 0, below 1", 0, 1},
		{{0, 1, true, true, false}, "above 0, below 1", 0.5, 1},
		{{0, 1, false, false, false}, "0 to 1", 1, 1.5},
		{{0.25, INFINITY, true, false, false}, "above 0.25", 1e300, 0.25},
		{{-INFINITY, 5, false, false, false}, "at most 5", 5, 6},
		{{-INFINITY, 5, false, true, false}, "below 5", -1e9, 5},
		{{-INFINITY, INFINITY, false, false, true}, "any number but 0", 1e-300, 0},
		{{-INFINITY, INFINITY, false, false, false}, "any number", 0, NAN},
		{{-1, 1, false, false, true}, "-1 to 1, not 0", 1, -0.0},
		{{1, 9, false, false, true}, "1 to 9", 1, 0},
		{{-INFINITY, INFINITY, false, false, false}, "any number", 0, INFINITY},
	};
	struct text text;
	size_t i;

	(void)unused;
	text_init(&text);
	for (i = 0; i < COUNT(cases); i++) {
		text_clear(&text);
		range_write(&cases[i].range, &text);
		assert_string_equal(text.bytes, cases[i].words);
		assert_true(range_has(&cases[i].range, cases[i].in));
		assert_false(range_has(&cases[i].range, cases[i].out));
	}
	text_done(&text);
}

/* ---- reading and writing ---- */

static void check_read(const struct parameter *row, const char *word, enum value_how how,
		       double number, const char *written)
{
	struct value value = {VALUE_UNSET, 0};
	struct error error;
	struct text text;

	if (!parameter_read(row, word, &value, &error))
		fail_msg("%s", error.text);
	assert_int_equal(value.how, how);
	assert_true(value.number == number);
	text_init(&text);
	parameter_write(row, value, &text);
	assert_string_equal(text.bytes, written);
	text_done(&text);
}

static void test_read(void **unused)
{
	struct text text;

	(void)unused;
	check_read(&gamma_row, "-0.50", VALUE_GIVEN, -0.5, "-0.5");
	check_read(&gamma_row, "1e-5", VALUE_GIVEN, 1e-5, "1e-05");
	check_read(&period_row, "1e3", VALUE_GIVEN, 1000, "1000");
	check_read(&period_row, "-7", VALUE_GIVEN, -7, "-7");
	check_read(&period_row, "9007199254740992", VALUE_GIVEN, 0x1p53, "9007199254740992");
	check_read(&period_row, "auto", VALUE_AUTO, 0, "auto");
	check_read(&total_row, "auto", VALUE_AUTO, 0, "auto");
	check_read(&total_row, "None", VALUE_NONE, 0, "None");
	check_read(&mode_row, "min", VALUE_GIVEN, 0, "min");
	check_read(&mode_row, "max", VALUE_GIVEN, 1, "max");
	check_read(&switch_row, "true", VALUE_GIVEN, 1, "true");
	check_read(&switch_row, "yes", VALUE_GIVEN, 1, "true");
	check_read(&switch_row, "false", VALUE_GIVEN, 0, "false");
	check_read(&switch_row, "no", VALUE_GIVEN, 0, "false");

	text_init(&text);
	parameter_write(&rate_row, (struct value){VALUE_UNSET, 0}, &text);
	assert_string_equal(text.bytes, "0.1"); /* the default */
	text_clear(&text);
	parameter_write(&gamma_row, (struct value){VALUE_UNSET, 0}, &text);
	assert_string_equal(text.bytes, "");
	text_done(&text);
}

static void check_refused(const struct parameter *row, const char *word, const char *wanted)
{
	struct value value = {VALUE_AUTO, 77};
	struct error error = {ERROR_NONE, ""};

	assert_false(parameter_read(row, word, &value, &error));
	assert_int_equal(error.kind, ERROR_REQUEST);
	assert_string_equal(error.text, wanted);
	assert_int_equal(value.how, VALUE_AUTO);
	assert_true(value.number == 77);
	assert_false(parameter_read(row, word, &value, NULL));
}

static void test_refused(void **unused)
{
	static const struct parameter word_row = {.name = "data", .type = PARAMETER_WORD};

	(void)unused;
	check_refused(&gamma_row, "abc", "gamma: 'abc' is not a number");
	check_refused(&gamma_row, "", "gamma: '' is not a number");
	check_refused(&gamma_row, "inf", "gamma: 'inf' is not a finite number");
	check_refused(&gamma_row, "nan", "gamma: 'nan' is not a finite number");
	check_refused(&gamma_row, "1e400", "gamma: '1e400' is beyond the largest number");
	check_refused(&gamma_row, "auto", "gamma: 'auto' is not a number");
	check_refused(&gamma_row, "\x1b[1m", "gamma: '^[[1m' is not a number");
	check_refused(&period_row, "0", "T_max: 0 is not allowed (any number but 0)");
	check_refused(&period_row, "2.5", "T_max: '2.5' is not a whole number; also allowed: auto");
	check_refused(&period_row, "9007199254740993", "T_max: '9007199254740993' is beyond the whole "
		      "numbers up to 9007199254740992; also allowed: auto");
	check_refused(&total_row, "autp", "total_steps: 'autp' is not a number; nearest: auto; "
		      "also allowed: auto, None");
	check_refused(&total_row, "0", "total_steps: 0 is not allowed (1 and more)");
	check_refused(&rate_row, "-1e-9", "lr: -1e-9 is not allowed (0 and more)");
	check_refused(&mode_row, "maxx", "mode: unknown word 'maxx'; nearest: max; allowed: min, max");
	check_refused(&mode_row, "0", "mode: unknown word '0'; allowed: min, max");
	check_refused(&switch_row, "True", "nesterov: unknown word 'True'; nearest: true; "
		      "allowed: false, true, no, yes");
	check_refused(&word_row, "x", "data: does not take a single number");
}

/* ---- dials ---- */

/* Significant digits that a mark needs at most. */
static int digits_of(double number)
{
	char out[NUMBER_SIZE];
	int digits;

	for (digits = 1; digits < 17; digits++) {
		snprintf(out, sizeof out, "%.*e", digits - 1, number);
		if (strtod(out, NULL) == number)
			break;
	}
	return digits;
}

static void check_steps(const struct parameter *row, enum nudge nudge, int direction, double from,
			const double *wanted, int count)
{
	char got[NUMBER_SIZE], want[NUMBER_SIZE];
	double number = from;
	int i;

	for (i = 0; i < count; i++) {
		number = parameter_nudge(row, number, direction, nudge);
		if (number != wanted[i])
			fail_msg("%s, press %d: %s, not %s", row->name, i + 1,
				 number_format(got, number), number_format(want, wanted[i]));
	}
	assert_true(parameter_nudge(row, from, direction * count, nudge) == wanted[count - 1]);
}

#define STEPS(row, nudge, direction, from, ...) \
	check_steps(row, nudge, direction, from, (const double[]){__VA_ARGS__}, \
		    (int)COUNT(((const double[]){__VA_ARGS__})))

static void test_log_dial(void **unused)
{
	static const struct parameter eps = {.name = "eps", .type = PARAMETER_REAL, .scale = DIAL_LOG,
		.dial = {.low = 0, .high = 1e-4}, .standard = {VALUE_GIVEN, 1e-8}};
	static const struct parameter open = {.name = "open", .type = PARAMETER_REAL, .scale = DIAL_LOG,
		.dial = {.low = 0.07, .high = 1, .low_open = true, .high_open = true}};
	static const struct parameter both = {.name = "both", .type = PARAMETER_REAL, .scale = DIAL_LOG,
		.dial = {.low = -1, .high = 1, .not_zero = true}};

	(void)unused;
	STEPS(&rate_row, NUDGE_NATURAL, 1, 0.1, 0.105, 0.11, 0.12, 0.125, 0.13, 0.14, 0.15);
	STEPS(&rate_row, NUDGE_NATURAL, 1, 0.71, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05);
	STEPS(&rate_row, NUDGE_NATURAL, -1, 1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.71, 0.67, 0.63, 0.6, 0.56);
	STEPS(&rate_row, NUDGE_NATURAL, -1, 0.12, 0.11, 0.105, 0.1, 0.095);
	STEPS(&rate_row, NUDGE_COARSE, 1, 0.1, 0.2, 0.5, 1, 2, 5, 10, 10);
	STEPS(&rate_row, NUDGE_COARSE, -1, 3e-6, 2e-6, 1e-6, 0, 0);
	STEPS(&rate_row, NUDGE_NATURAL, 1, 0, 1e-6, 1.05e-6);
	STEPS(&rate_row, NUDGE_FINE, 1, 0.98, 0.99, 1, 1.01, 1.02);
	STEPS(&rate_row, NUDGE_FINE, 1, 0.198, 0.199, 0.2, 0.205, 0.21);
	STEPS(&rate_row, NUDGE_FINE, -1, 0.52, 0.51, 0.5, 0.495, 0.49);
	STEPS(&rate_row, NUDGE_NATURAL, 1, 0.1 + 0.2, 0.32);
	STEPS(&rate_row, NUDGE_NATURAL, -1, 0.1 + 0.2, 0.28);
	STEPS(&rate_row, NUDGE_NATURAL, 1, 0.31, 0.32);
	STEPS(&rate_row, NUDGE_NATURAL, -1, 0.31, 0.3);
	STEPS(&rate_row, NUDGE_NATURAL, 1, 3e-8, 1e-6);
	STEPS(&rate_row, NUDGE_NATURAL, -1, 3e-8, 0);
	STEPS(&rate_row, NUDGE_NATURAL, -1, 1000, 10, 9.5);  /* from outside: to the edge */
	STEPS(&rate_row, NUDGE_NATURAL, 1, 1000, 1000);      /* outward: stays */
	STEPS(&rate_row, NUDGE_NATURAL, 1, -1, 0);
	STEPS(&eps, NUDGE_COARSE, -1, 1e-8, 5e-9, 2e-9, 1e-9, 5e-10, 2e-10, 1e-10, 0);
	STEPS(&open, NUDGE_NATURAL, -1, 0.08, 0.075, 0.071, 0.071);
	STEPS(&open, NUDGE_NATURAL, 1, 0.9, 0.95, 0.95);
	STEPS(&both, NUDGE_COARSE, -1, 2e-6, 1e-6, -1e-6, -2e-6);
	STEPS(&both, NUDGE_COARSE, 1, -2e-6, -1e-6, 1e-6, 2e-6);
}

static void test_even_dials(void **unused)
{
	static const struct parameter momentum = {.name = "momentum", .type = PARAMETER_REAL,
		.scale = DIAL_LINEAR, .step = 0.05, .dial = {.low = 0, .high = 0.99}};
	static const struct parameter epochs = {.name = "epochs", .type = PARAMETER_INTEGER,
		.scale = DIAL_COUNT, .step = 1, .dial = {.low = 1, .high = 1000}};

	(void)unused;
	STEPS(&gamma_row, NUDGE_NATURAL, 1, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1);
	STEPS(&gamma_row, NUDGE_NATURAL, -1, 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0, 0);
	STEPS(&gamma_row, NUDGE_FINE, 1, 0.1, 0.11, 0.12, 0.13);
	STEPS(&gamma_row, NUDGE_COARSE, 1, 0.1, 0.5, 1);
	STEPS(&gamma_row, NUDGE_NATURAL, 1, 0.123, 0.2);
	STEPS(&momentum, NUDGE_NATURAL, 1, 0.85, 0.9, 0.95, 0.99, 0.99);
	STEPS(&momentum, NUDGE_NATURAL, -1, 0.99, 0.95, 0.9);
	STEPS(&epochs, NUDGE_NATURAL, 1, 30, 31, 32);
	STEPS(&epochs, NUDGE_COARSE, 1, 1, 10, 20, 30);
	STEPS(&epochs, NUDGE_COARSE, -1, 25, 20, 10, 1, 1);
	STEPS(&epochs, NUDGE_FINE, -1, 2, 1, 1);
	assert_true(parameter_nudge(&epochs, 1, 1000000000, NUDGE_NATURAL) == 1000);
	assert_true(parameter_nudge(&epochs, 1000, INT32_MIN, NUDGE_NATURAL) == 1);
}

static void test_whole_log_dial(void **unused)
{
	static const struct parameter wait = {.name = "wait", .type = PARAMETER_INTEGER, .scale = DIAL_LOG,
		.dial = {.low = 0, .high = 100}};

	(void)unused;
	STEPS(&total_row, NUDGE_NATURAL, 1, 1, 2, 4, 8, 16, 32, 64, 128);
	STEPS(&total_row, NUDGE_NATURAL, -1, 100, 64, 32, 16, 8, 4, 2, 1, 1);
	STEPS(&total_row, NUDGE_COARSE, 1, 1, 4, 16, 64, 256, 1024, 4096, 4096);
	STEPS(&total_row, NUDGE_FINE, 1, 100, 101, 102);
	STEPS(&total_row, NUDGE_FINE, -1, 3, 2, 1, 1);
	STEPS(&wait, NUDGE_NATURAL, -1, 2, 1, 0, 0);
	STEPS(&wait, NUDGE_NATURAL, 1, 0, 1, 2);
	STEPS(&wait, NUDGE_NATURAL, 1, 64, 100, 100);
}

static void test_round_dials(void **unused)
{
	(void)unused;
	assert_true(parameter_nudge(&switch_row, 0, 1, NUDGE_NATURAL) == 1);
	assert_true(parameter_nudge(&switch_row, 1, 1, NUDGE_COARSE) == 0);
	assert_true(parameter_nudge(&switch_row, 0, -1, NUDGE_FINE) == 1);
	assert_true(parameter_nudge(&mode_row, 1, 1, NUDGE_NATURAL) == 0);
	assert_true(parameter_nudge(&mode_row, 0, -3, NUDGE_NATURAL) == 1);
	assert_true(parameter_nudge(&mode_row, 0, INT32_MIN, NUDGE_NATURAL) == 0);
	assert_true(parameter_nudge(&mode_row, 77, 1, NUDGE_NATURAL) == 1);
}

/* Every dial both ways: each press moves on, stays in range, gives a short decimal, and the
 * ends are reached. */
static void test_walks(void **unused)
{
	static const struct range ranges[] = {
		{0, 1, false, false, false}, {0, 1, true, true, false}, {0.001, 30, false, false, false},
		{-2, 3, false, false, true}, {1, 20, false, false, false}, {0, 1e-5, false, false, false},
		{1e-12, 1, false, false, false}, {-5, -1, false, false, false},
	};
	static const double steps[] = {1, 0.1, 0.05, 0.25, 0.01};
	struct parameter row = {.name = "dial"};
	double number, before;
	unsigned i, nudge, scale, integer;
	int presses, direction;

	(void)unused;
	for (i = 0; i < COUNT(ranges) * COUNT(steps); i++)
	for (scale = DIAL_LINEAR; scale <= DIAL_COUNT; scale++)
	for (integer = 0; integer < 2; integer++)
	for (nudge = NUDGE_NATURAL; nudge <= NUDGE_COARSE; nudge++)
	for (direction = -1; direction < 2; direction += 2) {
		row.dial = ranges[i % COUNT(ranges)];
		row.step = steps[i / COUNT(ranges)];
		row.scale = scale;
		if (integer && (row.dial.low != floor(row.dial.low) ||
				row.dial.high != floor(row.dial.high)))
			continue;
		row.type = integer ? PARAMETER_INTEGER : PARAMETER_REAL;
		number = direction > 0 ? row.dial.low : row.dial.high;
		for (presses = 0; presses < 40000; presses++) {
			before = number;
			number = parameter_nudge(&row, number, direction, nudge);
			if (number == before)
				break;
			assert_true(direction > 0 ? number > before : number < before);
			assert_true(range_has(&row.dial, number));
			assert_false(number == 0 && signbit(number));
			if (number != row.dial.low && number != row.dial.high) {
				assert_true(digits_of(number) <= (scale == DIAL_LOG ? 3 : 6));
				assert_true(!(integer || scale == DIAL_COUNT) || number == floor(number));
			}
		}
		assert_true(presses < 40000);
		if (!(direction > 0 ? row.dial.high_open : row.dial.low_open) &&
		    number != (direction > 0 ? row.dial.high : row.dial.low))
			fail_msg("range %u, step %g, scale %u, type %u, nudge %u stops at %g",
				 i % (unsigned)COUNT(ranges), row.step, scale, integer, nudge, number);
	}
}

/* Whatever a file says the value was, a press ends and gives a number. */
static void test_strange_values(void **unused)
{
	static const struct parameter *const rows[] = {&gamma_row, &period_row, &mode_row, &switch_row,
						       &total_row, &rate_row};
	static const double strange[] = {NAN, INFINITY, -INFINITY, 1.7976931348623157e308,
		-1.7976931348623157e308, 5e-324, -5e-324, -0.0, 1e300, 0.5, -1e-300, 1e19};
	static const struct parameter endless = {.name = "endless", .type = PARAMETER_REAL,
		.scale = DIAL_LOG, .dial = ANY};
	unsigned i, j, nudge;

	(void)unused;
	for (i = 0; i < COUNT(rows) + 1; i++)
		for (j = 0; j < COUNT(strange); j++)
			for (nudge = NUDGE_NATURAL; nudge <= NUDGE_COARSE; nudge++) {
				const struct parameter *row = i < COUNT(rows) ? rows[i] : &endless;
				double up = parameter_nudge(row, strange[j], 1, nudge);
				double down = parameter_nudge(row, strange[j], -1, nudge);
				double place = parameter_position(row, strange[j]);

				assert_true(isfinite(up) == isfinite(strange[j]) || isfinite(up));
				assert_true(isfinite(down) == isfinite(strange[j]) || isfinite(down));
				assert_true(place >= 0 && place <= 1);
			}
}

static void test_position(void **unused)
{
	static const struct parameter decades = {.name = "decades", .type = PARAMETER_REAL,
		.scale = DIAL_LOG, .dial = {.low = 1e-4, .high = 1}};
	double number, place, before = -1;

	(void)unused;
	assert_true(fabs(parameter_position(&decades, 0.01) - 0.5) < 1e-15);
	assert_true(parameter_position(&decades, 1e-4) == 0);
	assert_true(parameter_position(&decades, 0) == 0);
	assert_true(parameter_position(&decades, 50) == 1);
	assert_true(parameter_position(&gamma_row, 0.25) == 0.25);
	assert_true(parameter_position(&gamma_row, -7) == 0);
	assert_true(parameter_position(&mode_row, 1) == 1);
	assert_true(parameter_position(&switch_row, 0) == 0);
	assert_true(parameter_position(&rate_row, 0) == 0);
	for (number = 0; number < 10; number = parameter_nudge(&rate_row, number, 1, NUDGE_FINE)) {
		place = parameter_position(&rate_row, number);
		assert_true(place > before && place < 1);
		before = place;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges), cmocka_unit_test(test_read), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_log_dial), cmocka_unit_test(test_even_dials),
		cmocka_unit_test(test_whole_log_dial), cmocka_unit_test(test_round_dials),
		cmocka_unit_test(test_walks), cmocka_unit_test(test_strange_values),
		cmocka_unit_test(test_position),
	};

	return cmocka_run_group_tests_name("base: parameters", tests, NULL, NULL);
}
