/* Values of parameters as words; the dials are in dial.c. */
#include "base/parameter.h"

#include <math.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"

#define WORD_SHOWN 80 /* bytes of a foreign word in a sentence */
#define WORDS 32      /* most words that one parameter takes */
#define WHOLE (INT64_C(1) << 53) /* up to here every whole number is a double */

/* ---- ranges ---- */

bool range_has(const struct range *range, double number)
{
	if (!isfinite(number) || (range->not_zero && number == 0))
		return false;
	if (range->low_open ? number <= range->low : number < range->low)
		return false;
	return range->high_open ? number < range->high : number <= range->high;
}

static struct value or_standard(const struct parameter *parameter, struct value value)
{
	return value.how == VALUE_UNSET && !parameter->takes_auto ? parameter->standard : value;
}

bool parameter_same(const struct parameter *parameter, struct value a, struct value b)
{
	a = or_standard(parameter, a);
	b = or_standard(parameter, b);
	return a.how == b.how && (a.how != VALUE_GIVEN || a.number == b.number);
}

void range_write(const struct range *range, struct text *text)
{
	bool low = isfinite(range->low), high = isfinite(range->high);
	char from[NUMBER_SIZE], to[NUMBER_SIZE];

	number_format(from, range->low);
	number_format(to, range->high);
	if (!low && !high) {
		text_add(text, range->not_zero ? _("any number but 0") : _("any number"));
		return;
	}
	if (low && high && !range->low_open && !range->high_open)
		text_addf(text, _("%s to %s"), from, to);
	else if (low && !high)
		text_addf(text, range->low_open ? _("above %s") : _("%s and more"), from);
	else if (low)
		text_addf(text, range->low_open ? _("above %s, ") : _("at least %s, "), from);
	if (high && (!low || range->low_open || range->high_open))
		text_addf(text, range->high_open ? _("below %s") : _("at most %s"), to);
	if (range->not_zero && range_has(&(struct range){range->low, range->high, range->low_open,
							 range->high_open, false}, 0))
		text_add(text, _(", not 0"));
}

/* ---- reading ---- */

static const char *const switch_words[] = {"false", "true", "no", "yes"};

/* The words that the parameter takes in place of a number; returns how many. A choice's
 * and a switch's come first, in the order of their values. */
static unsigned words_of(const struct parameter *parameter, const char *words[WORDS])
{
	unsigned count = 0, i;

	if (parameter->type == PARAMETER_SWITCH)
		for (i = 0; i < 4; i++)
			words[count++] = switch_words[i];
	if (parameter->type == PARAMETER_CHOICE)
		for (i = 0; parameter->choices[i] != NULL && count < WORDS - 2; i++)
			words[count++] = parameter->choices[i];
	if (parameter->takes_auto)
		words[count++] = "auto";
	if (parameter->takes_none)
		words[count++] = "None";
	return count;
}

static bool read_number(const struct parameter *parameter, const char *word, double *number)
{
	int64_t whole;

	if (parameter->type != PARAMETER_INTEGER)
		return number_parse(word, number);
	if (!number_parse_integer(word, &whole) || whole > WHOLE || whole < -WHOLE)
		return false;
	*number = (double)whole;
	return true;
}

/* Says why `word` is no number of the right sort. */
static bool refuse_word(const struct parameter *parameter, const char *word, struct error *error)
{
	bool integer = parameter->type == PARAMETER_INTEGER;
	const char *words[WORDS], *nearest, *why = _("is not a number");
	char shown[WORD_SHOWN];
	unsigned count = words_of(parameter, words), i;
	struct text also;
	double number;

	text_safe(shown, sizeof shown, word, false);
	if (number_parse(word, &number) && integer && number != floor(number))
		why = _("is not a whole number");
	else if (number_is_decimal(word))
		why = integer ? _("is beyond the whole numbers up to 9007199254740992")
			      : _("is beyond the largest number");
	else if (number_parse_any(word, &number))
		why = _("is not a finite number");
	nearest = text_nearest(word, words, count);

	text_init(&also);
	if (nearest != NULL)
		text_addf(&also, _("; nearest: %s"), nearest);
	for (i = 0; i < count; i++)
		text_addf(&also, "%s%s", i == 0 ? _("; also allowed: ") : ", ", words[i]);
	error_request(error, "%s: '%s' %s%s", parameter->name, shown, why, also.bytes);
	text_done(&also);
	return false;
}

static bool refuse_range(const struct parameter *parameter, const char *word, struct error *error)
{
	char shown[WORD_SHOWN];
	struct text range;

	text_init(&range);
	range_write(&parameter->accepted, &range);
	text_safe(shown, sizeof shown, word, false);
	error_request(error, _("%s: %s is not allowed (%s)"), parameter->name, shown, range.bytes);
	text_done(&range);
	return false;
}

/* A word that is known, as a value; false if it is none of the `count`. */
static bool find_word(const struct parameter *parameter, const char *word,
		      const char *const *words, unsigned count, struct value *value)
{
	unsigned i;

	for (i = 0; i < count && strcmp(word, words[i]) != 0; i++)
		;
	if (i == count)
		return false;
	if (parameter->takes_none && i == count - 1)
		*value = (struct value){VALUE_NONE, 0};
	else if (parameter->takes_auto && i == count - 1 - parameter->takes_none)
		*value = (struct value){VALUE_AUTO, 0};
	else
		*value = (struct value)VALUE_NUMBER(
			parameter->type == PARAMETER_SWITCH ? i % 2 : i);
	return true;
}

bool parameter_read(const struct parameter *parameter, const char *word, struct value *value,
		    struct error *error)
{
	const char *words[WORDS];
	unsigned count = words_of(parameter, words);
	double number;

	if (find_word(parameter, word, words, count, value))
		return true;
	switch (parameter->type) {
	case PARAMETER_SWITCH:
	case PARAMETER_CHOICE:
		error_unknown(error, _("word"), word, words, count);
		return error_prefix(error, "%s", parameter->name);
	case PARAMETER_REAL:
	case PARAMETER_INTEGER:
		break;
	case PARAMETER_WORD:
	case PARAMETER_LIST:
		return error_request(error, _("%s: does not take a single number"),
				     parameter->name);
	}
	if (!read_number(parameter, word, &number))
		return refuse_word(parameter, word, error);
	if (!range_has(&parameter->accepted, number))
		return refuse_range(parameter, word, error);
	*value = (struct value)VALUE_NUMBER(number);
	return true;
}

/* ---- writing ---- */

static void write_given(const struct parameter *parameter, double number, struct text *text)
{
	const char *words[WORDS];
	unsigned count = words_of(parameter, words);

	if (parameter->type == PARAMETER_SWITCH)
		text_add(text, switch_words[number != 0]);
	else if (parameter->type == PARAMETER_CHOICE && number >= 0 && number < count)
		text_add(text, words[(unsigned)number]);
	else
		text_add_number(text, number);
}

void parameter_write(const struct parameter *parameter, struct value value, struct text *text)
{
	if (value.how == VALUE_UNSET)
		value = parameter->standard;
	switch (value.how) {
	case VALUE_UNSET:
		break; /* no default of its own: nothing to say */
	case VALUE_GIVEN:
		write_given(parameter, value.number, text);
		break;
	case VALUE_AUTO:
		text_add(text, "auto");
		break;
	case VALUE_NONE:
		text_add(text, "None");
		break;
	}
}
