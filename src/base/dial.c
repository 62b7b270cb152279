/* Dials: the values that a person steps through, and where a value stands among them.
 *
 * A dial has marks. A step goes to the next mark in its direction, so a number between
 * marks joins them, and every mark is the double of a short decimal. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/parameter.h"

/* A number this near (relatively) to a mark stands on it: sums leave such crumbs. */
#define ON_MARK 1e-9
/* Below this a dial that reaches 0 goes there, unless its default is smaller. */
#define LOWEST 1e-6
/* More steps at once than any dial has marks. */
#define MOST_STEPS 100000

/* Hundredths of a decade's first mark: about a fortieth of a decade each, short numbers in the manner
 * of the R40 series (ISO 3). A turn is felt and a held key glides; the coarse marks, which are among
 * them, are for the way across. */
static const short natural_marks[] = {
	100, 105, 110, 120, 125, 130, 140, 150, 160, 170, 180, 190, 200, 210, 220, 240, 250, 260,
	280, 300, 320, 340, 360, 380, 400, 420, 450, 480, 500, 530, 560, 600, 630, 670, 710, 750,
	800, 850, 900, 950};
static const short coarse_marks[] = {100, 200, 500};
/* Fine: every hundredth up to 200, then every fifth, from 500 on every tenth. */
#define FINE_MARKS (100 + 60 + 50)

static int mark_count(enum nudge nudge)
{
	if (nudge == NUDGE_FINE)
		return FINE_MARKS;
	return nudge == NUDGE_COARSE ? (int)(sizeof coarse_marks / sizeof *coarse_marks)
				     : (int)(sizeof natural_marks / sizeof *natural_marks);
}

static int mark_hundredths(enum nudge nudge, int i)
{
	if (nudge == NUDGE_COARSE)
		return coarse_marks[i];
	if (nudge != NUDGE_FINE)
		return natural_marks[i];
	return i < 100 ? 100 + i : i < 160 ? 200 + 5 * (i - 100) : 500 + 10 * (i - 160);
}

/* The double nearest to hundredths x 10^(decade - 2). */
static double mark_value(int hundredths, int decade)
{
	char text[32];

	snprintf(text, sizeof text, "%de%d", hundredths, decade - 2);
	return strtod(text, NULL);
}

/* The next mark above (or below) `number` > 0. */
static double next_mark(double number, bool up, enum nudge nudge)
{
	int decade = (int)floor(log10(number)) + (up ? -1 : 1), count = mark_count(nudge), i;
	double edge = number * (up ? 1 + ON_MARK : 1 - ON_MARK), mark;

	for (; decade > -330 && decade < 309; decade += up ? 1 : -1) {
		for (i = 0; i < count; i++) {
			mark = mark_value(mark_hundredths(nudge, up ? i : count - 1 - i), decade);
			if (up ? mark > edge : mark < edge)
				return mark;
		}
	}
	return number; /* the end of the doubles */
}

/* The lowest mark of a log dial that goes on to 0: two decades below the default where that
 * is smaller than LOWEST. 0 where the dial does not reach 0. */
static double lowest_mark(const struct parameter *parameter)
{
	double lowest = LOWEST, standard = fabs(parameter->standard.number);
	double high = fmax(fabs(parameter->dial.high), fabs(parameter->dial.low));

	if (parameter->dial.low > 0)
		return 0;
	if (parameter->type == PARAMETER_INTEGER)
		return 1;
	if (parameter->standard.how == VALUE_GIVEN && standard > 0 && standard < lowest)
		lowest = mark_value(100, (int)floor(log10(standard)) - 2);
	if (high > 0 && high < lowest * 1e3)
		lowest = mark_value(100, (int)floor(log10(high)) - 4);
	return lowest;
}

/* Powers of `base` (2 or 4), or every whole number for base 1. */
static double next_power(double number, bool up, int base)
{
	double power = 1;

	if (base == 1)
		return up ? floor(number) + 1 : ceil(number) - 1;
	if (!up && number <= 1)
		return 0;
	while (up ? power <= number : power * base < number)
		power *= base;
	return power;
}

static double next_log(const struct parameter *parameter, double number, bool up,
		       enum nudge nudge)
{
	double lowest = lowest_mark(parameter);

	if (number < 0)
		return -next_log(parameter, -number, !up, nudge);
	if (number == 0)
		return up ? lowest : parameter->dial.low < 0 ? -lowest : 0;
	if (!up && number <= lowest * (1 + ON_MARK))
		return 0;
	if (up && number < lowest * (1 - ON_MARK))
		return lowest;
	if (parameter->type == PARAMETER_INTEGER)
		return next_power(number, up,
				  nudge == NUDGE_FINE ? 1 : nudge == NUDGE_COARSE ? 4 : 2);
	return fmax(next_mark(number, up, nudge), lowest);
}

/* The double of the decimal with 12 digits nearest to `number`: 0.3, not 3 x 0.1. */
static double short_decimal(double number)
{
	char text[NUMBER_SIZE];

	if (number_parse(number_short(text, number, 12, NUMBER_SIZE), &number) && number == 0)
		return 0; /* without a sign */
	return number;
}

/* The next multiple of `unit`. */
static double next_multiple(double number, bool up, double unit)
{
	double count = number / unit, whole = round(count);

	if (fabs(count - whole) <= ON_MARK * fmax(1, fabs(whole)))
		whole += up ? 1 : -1;
	else
		whole = up ? ceil(count) : floor(count);
	return short_decimal(whole * unit);
}

static double next_even(const struct parameter *parameter, double number, bool up,
			enum nudge nudge)
{
	double unit = parameter->step > 0 ? parameter->step : 1;
	bool whole = parameter->scale == DIAL_COUNT || parameter->type == PARAMETER_INTEGER;

	if (nudge == NUDGE_COARSE)
		unit *= parameter->scale == DIAL_COUNT ? 10 : 5;
	if (nudge == NUDGE_FINE)
		unit = whole ? 1 : unit / 10;
	if (whole)
		unit = fmax(1, round(unit));
	return next_multiple(number, up, unit);
}

/* One step; `number` itself at the end of the dial. */
static double next(const struct parameter *parameter, double number, bool up, enum nudge nudge)
{
	const struct range *dial = &parameter->dial;
	double edge = up ? dial->high : dial->low, result = number;
	bool edge_open = up ? dial->high_open : dial->low_open;
	int tries;

	if (up ? number >= dial->high : number <= dial->low)
		return number;
	if (up ? number < dial->low : number > dial->high) { /* from outside to the nearer edge */
		result = up ? dial->low : dial->high;
		if (range_has(dial, result))
			return result;
	}
	for (tries = 0; tries < 2; tries++) { /* twice: over a 0 that is not in the range */
		if (parameter->scale == DIAL_LOG)
			result = next_log(parameter, result, up, nudge);
		else
			result = next_even(parameter, result, up, nudge);
		if (range_has(dial, result))
			return result;
		if (up ? result >= dial->high : result <= dial->low)
			return edge_open || !range_has(dial, edge) ? number : edge;
	}
	return number;
}

/* `number` + steps, round and round among `count` values. */
static double next_round(double number, int steps, int count)
{
	int place = count > 0 && number >= 0 && number < count ? (int)number : 0;

	if (count <= 0)
		return number;
	return (((place + steps % count) % count) + count) % count;
}

double parameter_nudge(const struct parameter *parameter, double number, int steps,
		       enum nudge nudge)
{
	int left = steps > MOST_STEPS || steps < -MOST_STEPS ? MOST_STEPS : abs(steps), count = 0;
	double before;

	if (parameter->type == PARAMETER_SWITCH)
		return next_round(number != 0, steps, 2);
	if (parameter->type == PARAMETER_CHOICE) {
		while (parameter->choices[count] != NULL)
			count++;
		return next_round(number, steps, count);
	}
	if (parameter->type == PARAMETER_WORD || parameter->type == PARAMETER_LIST)
		return number;
	if (!isfinite(number))
		return number;
	for (; left > 0; left--) {
		before = number;
		number = next(parameter, number, steps > 0, nudge);
		if (number == before)
			break;
	}
	return number;
}

/* ---- where it stands ---- */

/* A log dial in decades above its lowest mark; one decade below that mark is 0's place. */
static double decades(const struct parameter *parameter, double number)
{
	double lowest = lowest_mark(parameter) / 10;

	if (lowest == 0)
		lowest = parameter->dial.low;
	if (number < 0)
		return -decades(parameter, -number);
	return number <= lowest ? 0 : log10(number / lowest);
}

double parameter_position(const struct parameter *parameter, double number)
{
	double low = parameter->dial.low, high = parameter->dial.high;
	int count = 0;

	if (parameter->type == PARAMETER_SWITCH) {
		low = 0;
		high = 1;
	} else if (parameter->type == PARAMETER_CHOICE) {
		while (parameter->choices[count] != NULL)
			count++;
		low = 0;
		high = count - 1;
	} else if (parameter->scale == DIAL_LOG) {
		low = decades(parameter, low);
		high = decades(parameter, high);
		number = decades(parameter, number);
	}
	if (!isfinite(low) || !isfinite(high) || low >= high || isnan(number))
		return 0;
	return fmin(fmax((number - low) / (high - low), 0), 1);
}
