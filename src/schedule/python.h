/* Arithmetic that strategies share: Python's meaning of operators where C's differs, and powers. */
#ifndef LRSCOPE_SCHEDULE_PYTHON_H
#define LRSCOPE_SCHEDULE_PYTHON_H

#include <math.h>
#include <stdbool.h>

/* Python's x // y for floats, y not 0: the floor of the exact quotient, made from the exact
 * remainder rather than from a rounded division. */
static inline double python_floor_divide(double x, double y)
{
	double remainder = fmod(x, y);
	double quotient = (x - remainder) / y;
	double whole;

	if (remainder != 0 && (remainder < 0) != (y < 0)) {
		quotient -= 1;
	}
	if (quotient == 0) {
		return copysign(0, x / y);
	}
	whole = floor(quotient);
	return quotient - whole > 0.5 ? whole + 1 : whole;
}

/* Python's x % y == 0. */
static inline bool python_divides(double x, double y)
{
	return fmod(x, y) == 0;
}

/* lr * factor; 0 stays 0 where the factor overflows (Python raises OverflowError there). */
static inline double decayed(double lr, double factor)
{
	return lr == 0 && isinf(factor) ? 0 : lr * factor;
}

/* lr * base^exponent, finite wherever the product is: base^exponent alone may over- or underflow. */
static inline double power_of(double lr, double base, double exponent)
{
	double power = pow(base, exponent);

	if (lr == 0) {
		return 0;
	}
	if (isinf(power) || (fabs(power) < 1e-300 && fabs(lr) > 1 && base != 0)) {
		double half = floor(exponent / 2);

		return lr * pow(base, half) * pow(base, exponent - half);
	}
	return lr * power;
}

#endif
