/* Numbers are taken apart into digits and a power of ten and put together by hand, both
 * ways; strtod and snprintf see no decimal point of ours, so LC_NUMERIC never matters. */
#include "base/number.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A double's exact decimal has at most 767 significant digits, and a decimal that lies
 * between two doubles' midpoint and its neighbour shows it within 768: what follows
 * only matters as "not zero". */
#define DIGITS 800
/* Beyond this the value is 0 or infinite whatever the digits are. */
#define EXPONENT_LIMIT 100000000

struct decimal {
	bool negative;
	char digits[DIGITS + 2]; /* no leading zeros; "" for 0 */
	size_t count;
	long exponent; /* value = digits x 10^exponent */
};

static void take_digit(struct decimal *decimal, char digit, bool fraction)
{
	if (fraction)
		decimal->exponent--;
	if (decimal->count < DIGITS) {
		if (decimal->count > 0 || digit != '0')
			decimal->digits[decimal->count++] = digit;
		return;
	}
	decimal->exponent++;
	if (digit != '0')
		decimal->digits[DIGITS - 1] |= 1; /* sticky, below what any double can tell */
}

/* [+-] digits [. digits] [e [+-] digits], at least one digit before the e. */
static bool take_apart(const char *string, struct decimal *decimal)
{
	bool any = false, down;
	long exponent = 0;

	decimal->negative = *string == '-'; /* the digits need not be cleared */
	decimal->count = 0;
	decimal->exponent = 0;
	if (*string == '+' || *string == '-')
		string++;
	for (; isdigit((unsigned char)*string); string++, any = true)
		take_digit(decimal, *string, false);
	if (*string == '.')
		for (string++; isdigit((unsigned char)*string); string++, any = true)
			take_digit(decimal, *string, true);
	if (!any)
		return false;
	if (*string == 'e' || *string == 'E') {
		string++;
		down = *string == '-';
		if (*string == '+' || *string == '-')
			string++;
		if (!isdigit((unsigned char)*string))
			return false;
		for (; isdigit((unsigned char)*string); string++)
			if (exponent < EXPONENT_LIMIT)
				exponent = exponent * 10 + (*string - '0');
		decimal->exponent += down ? -exponent : exponent;
	}
	return *string == '\0';
}

/* Digits that are a whole number below 2^53, and a power of ten that a double holds: both are exact,
 * so that one multiplication or division rounds as it should. That is most numbers of a table. */
static bool put_short_together(const struct decimal *decimal, double *number)
{
	static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
					1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
					1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	int64_t whole = 0;

	if (FLT_EVAL_METHOD != 0 || decimal->count > 15 || labs(decimal->exponent) > 22)
		return false;
	for (size_t i = 0; i < decimal->count; i++)
		whole = whole * 10 + (decimal->digits[i] - '0');
	*number = decimal->exponent < 0 ? (double)whole / powers[-decimal->exponent]
					: (double)whole * powers[decimal->exponent];
	return true;
}

/* Correctly rounded, as strtod is. */
static double put_together(const struct decimal *decimal)
{
	char text[DIGITS + 40];
	double number;

	if (decimal->count == 0)
		return decimal->negative ? -0.0 : 0.0;
	if (put_short_together(decimal, &number))
		return decimal->negative ? -number : number;
	snprintf(text, sizeof text, "%.*se%ld", (int)decimal->count, decimal->digits,
		 decimal->exponent);
	number = strtod(text, NULL);
	return decimal->negative ? -number : number;
}

bool number_parse(const char *string, double *number)
{
	struct decimal decimal;
	double value;

	if (!take_apart(string, &decimal))
		return false;
	value = put_together(&decimal);
	if (!isfinite(value))
		return false;
	*number = value;
	return true;
}

bool number_is_decimal(const char *string)
{
	struct decimal decimal;

	return take_apart(string, &decimal);
}

bool number_parse_any(const char *string, double *number)
{
	const char *word = string;
	bool negative = *word == '-';

	if (number_parse(string, number))
		return true;
	if (*word == '+' || *word == '-')
		word++;
	if (strcasecmp(word, "inf") == 0 || strcasecmp(word, "infinity") == 0)
		*number = negative ? -INFINITY : INFINITY;
	else if (strcasecmp(word, "nan") == 0)
		*number = NAN;
	else
		return false;
	return true;
}

bool number_parse_integer(const char *string, int64_t *number)
{
	struct decimal decimal;
	uint64_t value = 0, limit;
	long i, end;

	if (!take_apart(string, &decimal))
		return false;
	limit = (uint64_t)INT64_MAX + decimal.negative;
	end = decimal.count == 0 ? 0 : (long)decimal.count + decimal.exponent;
	for (i = end > 0 ? end : 0; i < (long)decimal.count; i++)
		if (decimal.digits[i] != '0')
			return false;
	if (end > 19)
		return false;
	for (i = 0; i < end; i++) {
		uint64_t digit = i < (long)decimal.count ? (uint64_t)(decimal.digits[i] - '0') : 0;

		if (value > (limit - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*number = decimal.negative ? (int64_t)(0 - value) : (int64_t)value;
	return true;
}

/* ---- out ---- */

/* |number| (finite, not 0) rounded to `count` digits (1 to 17), which go to `digits`
 * without trailing zeros. Returns the power of ten of the first digit. */
static int round_to(double number, int count, char digits[20])
{
	char text[48];
	const char *at = text;
	int length = 0;

	snprintf(text, sizeof text, "%.*e", count - 1, fabs(number));
	for (; *at != 'e'; at++)
		if (isdigit((unsigned char)*at)) /* not the locale's decimal point */
			digits[length++] = *at;
	while (length > 1 && digits[length - 1] == '0')
		length--;
	digits[length] = '\0';
	return (int)strtol(at + 1, NULL, 10);
}

static bool reads_back(double number, const char *digits, int power)
{
	char text[48];

	snprintf(text, sizeof text, "%se%d", digits, power + 1 - (int)strlen(digits));
	return strtod(text, NULL) == fabs(number);
}

/* The next decimal of `count` digits away from 0. Below a power of two doubles lie twice
 * as dense as above it, so this may read back where the nearest decimal does not. */
static bool next_reads_back(double number, int count, char digits[20], int power)
{
	char up[20];
	int i = count - 1;

	memset(up, '0', sizeof up);
	memcpy(up, digits, strlen(digits));
	up[count] = '\0';
	while (i >= 0 && up[i] == '9')
		up[i--] = '0';
	if (i < 0)
		return false; /* 9…9: the next one has fewer digits and was tried */
	up[i]++;
	if (!reads_back(number, up, power))
		return false;
	memcpy(digits, up, sizeof up);
	return true;
}

/* Shortest digits that read back. 15 always do for a decimal of up to 15 digits that gave
 * a normal double, so shorter ones come out of them; subnormals have fewer. */
static int shortest(double number, char digits[20])
{
	int scale, count, power;
	bool power_of_two = frexp(fabs(number), &scale) == 0.5;

	for (count = fabs(number) < 0x1p-1022 ? 1 : 15; count < 17; count++) {
		power = round_to(number, count, digits);
		if (reads_back(number, digits, power))
			return power;
		if (power_of_two && next_reads_back(number, count, digits, power))
			return power;
	}
	return round_to(number, 17, digits);
}

/* digits x 10^power without an exponent. */
static void lay_plain(char *out, const char *digits, int power)
{
	int length = (int)strlen(digits), i;

	if (power < 0) {
		*out++ = '0';
		*out++ = '.';
		for (i = -1; i > power; i--)
			*out++ = '0';
		strcpy(out, digits);
		return;
	}
	for (i = 0; i < length || i <= power; i++) {
		if (i == power + 1)
			*out++ = '.';
		*out++ = i < length ? digits[i] : '0';
	}
	*out = '\0';
}

static void lay_exponent(char *out, const char *digits, int power, bool padded)
{
	*out++ = *digits++;
	if (*digits != '\0')
		*out++ = '.';
	sprintf(out, padded ? "%se%+03d" : "%se%d", digits, power);
}

/* Words for what is no finite number, and zero. */
static const char *word_for(double number)
{
	if (isnan(number))
		return "nan";
	if (isinf(number))
		return number > 0 ? "inf" : "-inf";
	return number == 0 ? "0" : NULL;
}

char *number_format(char out[NUMBER_SIZE], double number)
{
	const char *word = word_for(number);
	char digits[20], *at = out;
	int power;

	if (word != NULL) {
		strcpy(out, number == 0 && signbit(number) ? "-0" : word);
		return out;
	}
	if (number < 0)
		*at++ = '-';
	power = shortest(number, digits);
	if (power < -4 || power >= 16)
		lay_exponent(at, digits, power, true);
	else
		lay_plain(at, digits, power);
	return out;
}

char *number_short(char out[NUMBER_SIZE], double number, int digits, int columns)
{
	const char *word = word_for(number);
	char kept[20], plain[NUMBER_SIZE], other[NUMBER_SIZE];
	const char *best;
	int room = number < 0 ? columns - 1 : columns, count, power;

	if (word != NULL) {
		strcpy(out, word);
		return out;
	}
	digits = digits < 1 ? 1 : digits > 17 ? 17 : digits;
	for (count = digits; count >= 1; count--) {
		power = round_to(number, count, kept);
		best = plain;
		plain[0] = '\0';
		if (power >= -3 && power < 6)
			lay_plain(plain, kept, power);
		if (plain[0] && (int)strlen(plain) <= room)
			break;
		lay_exponent(other, kept, power, false);
		if (!plain[0] || strlen(other) < strlen(plain))
			best = other;
		if ((int)strlen(best) <= room)
			break;
	}
	out[0] = '-';
	strcpy(out + (number < 0), best);
	return out;
}

/* ---- medians ---- */

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

double number_median(double *numbers, int count)
{
	double upper;

	if (count == 0)
		return NAN;
	qsort(numbers, (size_t)count, sizeof *numbers, compare);
	upper = numbers[count / 2];
	return count % 2 || isinf(upper) ? upper : numbers[count / 2 - 1] / 2 + upper / 2;
}
