/* Numbers in and out, whatever the locale. */
#ifndef LRSCOPE_BASE_NUMBER_H
#define LRSCOPE_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMBER_SIZE 32

/* Reads all of `string` as a finite decimal: [+-] digits [. digits] [e [+-] digits].
 * No blanks, hexadecimal, infinities or not-a-number. False if it is not one;
 * a magnitude beyond double's range is false too, an underflow gives 0 or a subnormal. */
bool number_parse(const char *string, double *number);
/* True for what number_parse() reads, and for a number too large for it. */
bool number_is_decimal(const char *string);
/* The same, and inf, -inf, +inf, infinity, nan in any case: for metrics. */
bool number_parse_any(const char *string, double *number);
/* A whole number within int64; accepts 1e4 and 100.0 as well. */
bool number_parse_integer(const char *string, int64_t *number);

/* The shortest decimal that reads back to the same double, in the notation of
 * Python's repr without a trailing ".0" (0.1, 30, 1e-05, 1e+16); inf, -inf, nan. */
char *number_format(char out[NUMBER_SIZE], double number);

/* For people: at most `digits` significant digits, no longer than `columns` where
 * that is possible (0.357, 1560, 3.6e-2, 1e4, 2.3e-308); inf, -inf, nan.
 * The exponent has no padding and no plus sign. */
char *number_short(char out[NUMBER_SIZE], double number, int digits, int columns);

/* Sorts `count` numbers, none of them NaN, and returns their median: of an even count the mean of the
 * two in the middle; NaN without any. */
double number_median(double *numbers, int count);

#endif
