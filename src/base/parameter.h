/* What a parameter is: name, type, unit, ranges, default, help; and its value.
 * Tables of these (one a strategy in schedule/, trainer/training.def) are what panels, prompt
 * completion, help, the command line, the manual page and saved files are made from. */
#ifndef LRSCOPE_BASE_PARAMETER_H
#define LRSCOPE_BASE_PARAMETER_H

#include "base/error.h"
#include "base/text.h"

enum value_how {
	VALUE_UNSET, /* the default of the table, or of the place where it is used */
	VALUE_GIVEN, /* `number` */
	VALUE_AUTO,  /* follows the run */
	VALUE_NONE,  /* PyTorch's None */
};

struct value {
	enum value_how how;
	double number; /* a choice: its index; a switch: 0 or 1; else 0 unless GIVEN */
};

#define VALUE_NUMBER(x) {VALUE_GIVEN, (x)}

enum parameter_type {
	PARAMETER_REAL,
	PARAMETER_INTEGER,
	PARAMETER_SWITCH, /* true false yes no */
	PARAMETER_CHOICE,
	PARAMETER_WORD, /* text, kept by its owner, not in a struct value */
	PARAMETER_LIST, /* numbers, kept by its owner */
};

enum dial_scale {
	DIAL_LINEAR, /* a natural step is `step` */
	DIAL_LOG,    /* a natural step goes round the decade: 1 1.05 1.1 1.2 ..., see parameter_nudge() */
	DIAL_COUNT,  /* whole numbers: `step`, coarse ten times as much */
};

struct range {
	double low, high;      /* -INFINITY, INFINITY: no bound (finite numbers only) */
	bool low_open, high_open; /* the bound itself is not in it */
	bool not_zero;
};

struct parameter {
	const char *name; /* PyTorch's name */
	enum parameter_type type;
	const char *unit;              /* "scheduler steps", "epochs", "1" for a plain number */
	struct range accepted;         /* what PyTorch accepts and can compute */
	struct range dial;             /* what a dial offers */
	enum dial_scale scale;
	double step;
	struct value standard;         /* default; UNSET: see help */
	const char *const *choices;    /* NULL-ended, for PARAMETER_CHOICE */
	bool takes_auto, takes_none;
	const char *help;              /* one line, N_() */
};

/* Reads `word` as a value of `parameter` (not WORD or LIST). Refused, naming the
 * parameter and what is allowed: wrong type, not in the accepted range. Leaves
 * `value` alone when refused. */
bool parameter_read(const struct parameter *parameter, const char *word, struct value *value,
		    struct error *error);

/* Writes the value as the command line takes it: 0.1, cos, true, auto, None. `text` grows.
 * UNSET: the table's default, nothing where it has none. */
void parameter_write(const struct parameter *parameter, struct value value, struct text *text);

/* Whether both are the same value, given or by default. A default that follows the run is no number. */
bool parameter_same(const struct parameter *parameter, struct value a, struct value b);

/* The accepted (or dial) range in words: "0 and more", "above 0, at most 1", "0 to 1",
 * "any number but 0". */
void range_write(const struct range *range, struct text *text);

bool range_has(const struct range *range, double number);

enum nudge { NUDGE_NATURAL, NUDGE_FINE, NUDGE_COARSE };

/* The dial's next value from `number`, `steps` (negative: down) away; stays in the dial
 * range; a number between marks goes to the next mark, one outside the range to its nearer
 * edge, or nowhere when pushed further out. Switches and choices wrap round.
 * Log: about a fortieth of a decade in short numbers, coarse 1 2 5, fine a fifth of that; whole
 * numbers 1 2 4 8, coarse 1 4 16, fine each. Below its lowest mark (1e-6, or two decades below
 * a smaller default) a dial that reaches 0 goes to exactly 0.
 * Linear: multiples of `step`, coarse 5 of them, fine a tenth (whole numbers: 1).
 * The result is always the double of a short decimal. */
double parameter_nudge(const struct parameter *parameter, double number, int steps,
		       enum nudge nudge);

/* Where `number` stands on the dial, 0 to 1, clamped; log scale where the dial is log. */
double parameter_position(const struct parameter *parameter, double number);

#endif
