/* Numbers in and out: exact, shortest, strict, whatever the locale. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static uint64_t bits_of(double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof bits);
	return bits;
}

static double number_of(uint64_t bits)
{
	double number;

	memcpy(&number, &bits, sizeof number);
	return number;
}

/* SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every run. */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static int digits_in(const char *string)
{
	int count = 0, zeros = 0;

	for (; *string != '\0' && *string != 'e'; string++) {
		if (*string < '0' || *string > '9')
			continue;
		if (*string == '0') {
			zeros += count > 0;
		} else {
			count += zeros + 1;
			zeros = 0;
		}
	}
	return count;
}

/* Reads back to the same double, through this room and through the C library, and the
 * nearest decimal with a digit fewer does not. */
static void check_round_trip(double number)
{
	char out[NUMBER_SIZE], fewer[64];
	double back = 1;
	int digits;

	assert_ptr_equal(number_format(out, number), out);
	assert_true(strlen(out) < NUMBER_SIZE);
	assert_true(number_parse(out, &back));
	if (bits_of(back) != bits_of(number) || bits_of(strtod(out, NULL)) != bits_of(number))
		fail_msg("%a became %s", number, out);
	digits = digits_in(out);
	assert_in_range(digits, 0, 17);
	if (digits > 1) {
		snprintf(fewer, sizeof fewer, "%.*e", digits - 2, number);
		if (strtod(fewer, NULL) == number)
			fail_msg("%s is shorter than %s", fewer, out);
	}
}

static void test_round_trip(void **unused)
{
	uint64_t state = 1;
	int i;

	(void)unused;
	for (i = 0; i < 200000; i++) {
		double number = number_of(draw(&state));

		if (isfinite(number))
			check_round_trip(number);
	}
	for (i = 0; i < 50000; i++) /* subnormals of all sizes */
		check_round_trip(number_of((draw(&state) >> 12) >> (i % 52)));
	for (i = -1074; i < 1024; i++) {
		check_round_trip(ldexp(1, i));
		check_round_trip(nextafter(ldexp(1, i), INFINITY) < INFINITY ?
				 -nextafter(ldexp(1, i), INFINITY) : 1);
		check_round_trip(nextafter(ldexp(1, i), 0));
	}
}

/* What a person typed comes back as typed: up to 15 digits. */
/* Decimals as people and tables write them, short and a little too long for short cuts. */
static void test_tables(void **unused)
{
	uint64_t state = 2;
	char text[64];
	double number;

	(void)unused;
	for (int i = 0; i < 300000; i++) {
		uint64_t digits = draw(&state) >> draw(&state) % 64;
		int point = (int)(draw(&state) % 52) - 26;

		snprintf(text, sizeof text, "%s%llue%d", i % 2 ? "-" : "", (unsigned long long)digits,
			 point);
		assert_true(number_parse(text, &number));
		if (bits_of(number) != bits_of(strtod(text, NULL)))
			fail_msg("%s: %a", text, number);
		snprintf(text, sizeof text, "%llu.%06u", (unsigned long long)(digits >> 36),
			 (unsigned)(digits % 1000000));
		assert_true(number_parse(text, &number));
		if (bits_of(number) != bits_of(strtod(text, NULL)))
			fail_msg("%s: %a", text, number);
	}
}

static void test_typed(void **unused)
{
	uint64_t state = 2;
	char typed[64], out[NUMBER_SIZE];
	double number;
	int i;

	(void)unused;
	for (i = 0; i < 50000; i++) {
		unsigned long long whole = draw(&state) % 1000000;

		snprintf(typed, sizeof typed, "%llu.%08llu5", whole,
			 (unsigned long long)(draw(&state) % 100000000));
		assert_true(number_parse(typed, &number));
		if (number >= 1e-4)
			assert_string_equal(number_format(out, number), typed);
	}
}

static void test_notation(void **unused)
{
	static const struct { double number; const char *text; } cases[] = {
		{0, "0"}, {-0.0, "-0"}, {0.1, "0.1"}, {30, "30"}, {-2.5, "-2.5"}, {1e-4, "0.0001"},
		{1e-5, "1e-05"}, {0.00012345, "0.00012345"}, {1.5e-5, "1.5e-05"},
		{1e15, "1000000000000000"}, {1e16, "1e+16"}, {123456789012345.6, "123456789012345.6"},
		{9007199254740993e0, "9007199254740992"}, {12345678901234567e0, "1.2345678901234568e+16"},
		{5e-324, "5e-324"}, {-1.7976931348623157e308, "-1.7976931348623157e+308"},
		{2.2250738585072014e-308, "2.2250738585072014e-308"}, {0.1 + 0.2, "0.30000000000000004"},
		{1e100, "1e+100"}, {1.0 / 3, "0.3333333333333333"}, {2.0 / 3, "0.6666666666666666"},
		{9.5367431640625e-07, "9.5367431640625e-07"}, {0x1p-44, "5.684341886080802e-14"},
		{0x1p-1022, "2.2250738585072014e-308"}, {INFINITY, "inf"}, {-INFINITY, "-inf"},
		{NAN, "nan"}, {-NAN, "nan"},
	};
	char out[NUMBER_SIZE];
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++)
		assert_string_equal(number_format(out, cases[i].number), cases[i].text);
}

static void test_parse(void **unused)
{
	static const struct { const char *text; double number; } good[] = {
		{"0", 0}, {"-0", -0.0}, {"+1", 1}, {".5", 0.5}, {"5.", 5}, {"1e3", 1000},
		{"1E-3", 0.001}, {"1.e+3", 1000}, {"007.50", 7.5}, {"-.25e1", -2.5},
		{"1e-400", 0}, {"-1e-400", -0.0}, {"0e999999999999999999999", 0},
		{"4.9e-324", 5e-324}, {"2.4e-324", 0}, {"1.7976931348623157e308", 0x1.fffffffffffffp1023},
		{"9007199254740993", 9007199254740992.0}, /* half way: to even */
		{"9007199254740993.00000000000000000000000000000001", 9007199254740994.0},
		{"1e-99999999999999999999", 0},
	};
	static const char *const bad[] = {
		"", "-", "+", ".", "-.", "e5", ".e5", "1e", "1e+", "1e-", "1 ", " 1", "1\n", "\t1", "0x1",
		"0x1p3", "inf", "-inf", "nan", "infinity", "1,5", "1_000", "1..2", "1.2.3", "--1", "+-1",
		"1e5.0", "1f", "1d0", "0b1", "1e400", "-1e400", "1.7976931348623159e308", "abc",
		"1e5e5", "\xd9\xa1", "1\xc2\xa0", "1e99999999999999999999",
	};
	double number;
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(good); i++) {
		number = 77;
		if (!number_parse(good[i].text, &number) || bits_of(number) != bits_of(good[i].number))
			fail_msg("%s gave %a", good[i].text, number);
		assert_true(number_is_decimal(good[i].text));
	}
	for (i = 0; i < COUNT(bad); i++) {
		number = 77;
		if (number_parse(bad[i], &number) || number != 77)
			fail_msg("'%s' was taken", bad[i]);
	}
	assert_true(number_is_decimal("1e400"));
	assert_false(number_is_decimal("inf"));
}

/* More digits than any buffer: what is beyond the 800th only decides ties. */
static void test_long(void **unused)
{
	static char text[9000];
	double number;

	(void)unused;
	memset(text, '0', sizeof text);
	memcpy(text, "0.", 2);
	strcpy(text + 4002, "1e4001");
	assert_true(number_parse(text, &number));
	assert_true(number == 1);

	memset(text, '0', sizeof text);
	text[0] = '1';
	strcpy(text + 4001, "e-4000");
	assert_true(number_parse(text, &number));
	assert_true(number == 1);

	memset(text, '0', sizeof text);
	memcpy(text, "9007199254740993.", 17);
	strcpy(text + 5000, "1");
	assert_true(number_parse(text, &number));
	assert_true(number == 9007199254740994.0);
	text[5000] = '0';
	assert_true(number_parse(text, &number));
	assert_true(number == 9007199254740992.0);
}

static void test_parse_any(void **unused)
{
	double number = 0;

	(void)unused;
	assert_true(number_parse_any("1.5", &number) && number == 1.5);
	assert_true(number_parse_any("inf", &number) && number == INFINITY);
	assert_true(number_parse_any("+INF", &number) && number == INFINITY);
	assert_true(number_parse_any("-Infinity", &number) && number == -INFINITY);
	assert_true(number_parse_any("NaN", &number) && isnan(number));
	number = 77;
	assert_false(number_parse_any("infi", &number));
	assert_false(number_parse_any("nan(1)", &number));
	assert_false(number_parse_any("", &number));
	assert_false(number_parse_any("1e400", &number));
	assert_true(number == 77);
}

static void test_integer(void **unused)
{
	static const struct { const char *text; int64_t number; } good[] = {
		{"0", 0}, {"-0", 0}, {"42", 42}, {"1e4", 10000}, {"100.0", 100}, {"1.5e1", 15},
		{"9007199254740993", 9007199254740993}, {"9223372036854775807", INT64_MAX},
		{"-9223372036854775808", INT64_MIN}, {"9.223372036854775807e18", INT64_MAX},
		{"1000e-3", 1}, {"0e99999", 0}, {"000000000000000000000000012", 12},
	};
	static const char *const bad[] = {
		"", "1.5", "9223372036854775808", "-9223372036854775809", "1e19", "1e-1", "1e400", "inf",
		"nan", " 1", "0x10", "1e-400", "18446744073709551616", "99999999999999999999",
	};
	int64_t number;
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(good); i++) {
		number = 77;
		if (!number_parse_integer(good[i].text, &number) || number != good[i].number)
			fail_msg("%s gave %lld", good[i].text, (long long)number);
	}
	for (i = 0; i < COUNT(bad); i++) {
		number = 77;
		if (number_parse_integer(bad[i], &number) || number != 77)
			fail_msg("'%s' was taken", bad[i]);
	}
}

static void test_short(void **unused)
{
	static const struct { double number; int digits, columns; const char *text; } cases[] = {
		{0, 3, 7, "0"}, {-0.0, 3, 7, "0"}, {0.1, 3, 7, "0.1"}, {0.000036, 3, 7, "3.6e-5"},
		{1560, 3, 7, "1560"}, {10000, 3, 7, "10000"}, {10000, 3, 4, "1e4"}, {1e6, 3, 7, "1e6"},
		{0.3574, 3, 7, "0.357"}, {0.03571, 3, 4, "0.04"}, {-0.3574, 3, 4, "-0.4"},
		{-0.3574, 3, 5, "-0.36"}, {2.25e-308, 3, 7, "2e-308"}, {999.96, 3, 7, "1000"},
		{999999.7, 3, 7, "1e6"}, {0.1 + 0.2, 12, 20, "0.3"}, {123456, 6, 7, "123456"},
		{1.0 / 3, 17, 31, "0.33333333333333331"}, {-1.2345e-300, 9, 1, "-1e-300"},
		{0.001, 3, 7, "0.001"}, {0.0009996, 3, 9, "0.001"}, {INFINITY, 3, 3, "inf"},
		{-INFINITY, 3, 3, "-inf"}, {NAN, 3, 1, "nan"}, {12.5, 0, 5, "10"},
	};
	char out[NUMBER_SIZE];
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++)
		assert_string_equal(number_short(out, cases[i].number, cases[i].digits,
						 cases[i].columns), cases[i].text);
}

/* Fits whenever one digit fits, and says the number as well as that many digits can. */
static void test_short_fits(void **unused)
{
	uint64_t state = 3;
	char out[NUMBER_SIZE];
	double number, back;
	int i, columns;

	(void)unused;
	for (i = 0; i < 100000; i++) {
		number = number_of(draw(&state));
		if (!isfinite(number))
			continue;
		if (i % 2 == 0)
			number = ldexp(frexp(number, &columns), (int)(draw(&state) % 40) - 20);
		columns = (int)(draw(&state) % 12);
		number_short(out, number, 1 + i % 5, columns);
		assert_true(strlen(out) < NUMBER_SIZE);
		if (columns >= 7)
			assert_true((int)strlen(out) <= columns);
		/* Rounded to one digit at least, 1.8e308 may become 2e308. */
		if (fabs(number) < 1e308) {
			assert_true(number_parse(out, &back));
			assert_true(fabs(back - number) <= fabs(number) * 0.5 + 5e-324);
		}
	}
}

static void test_locale(void **unused)
{
	static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "ps_AF.UTF-8"};
	char out[NUMBER_SIZE];
	const char *found = NULL;
	double number;
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(names) && found == NULL; i++)
		found = setlocale(LC_ALL, names[i]);
	if (found == NULL)
		return; /* no such locale here */
	number_format(out, 1234.5);
	assert_string_equal(out, "1234.5");
	number_short(out, -0.25, 3, 7);
	assert_string_equal(out, "-0.25");
	assert_true(number_parse("1.5e2", &number) && number == 150);
	assert_false(number_parse("1,5", &number));
	setlocale(LC_ALL, "C");
}

static void test_median(void **state)
{
	double none[1] = {0}, odd[] = {3, INFINITY, 1}, even[] = {4, 1, 2, 8}, large[] = {1.6e308, 1.4e308},
	       lost[] = {INFINITY, 1, INFINITY, 2, INFINITY, 3}, all[] = {INFINITY, INFINITY};

	(void)state;
	assert_true(isnan(number_median(none, 0)));
	assert_true(number_median(odd, 3) == 3 && odd[0] == 1 && isinf(odd[2]));
	assert_true(number_median(even, 4) == 3);
	assert_true(number_median(large, 2) == 1.5e308);
	assert_true(isinf(number_median(lost, 6)) && isinf(number_median(all, 2)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_tables),
		cmocka_unit_test(test_typed),
		cmocka_unit_test(test_notation), cmocka_unit_test(test_parse),
		cmocka_unit_test(test_long), cmocka_unit_test(test_parse_any),
		cmocka_unit_test(test_integer), cmocka_unit_test(test_short),
		cmocka_unit_test(test_short_fits), cmocka_unit_test(test_locale),
		cmocka_unit_test(test_median),
	};

	return cmocka_run_group_tests_name("base: numbers", tests, NULL, NULL);
}
