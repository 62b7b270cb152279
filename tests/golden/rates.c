/* Rates and momentum of the six strategies, bit for bit as PyTorch 1.13.1 gave them.
 * golden/open/manifest.json says what each case is and how its file is to be read. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/number.h"
#include "schedule/schedule.h"

struct tally {
	int cases, rows, closed_files, closed_rows, refused;
};

static struct tally tally;

static void open_file(struct text *text, const char *name)
{
	const char *top = getenv("top_srcdir");
	char path[4096];
	struct error error;

	snprintf(path, sizeof path, "%s/tests/golden/open/%s", top ? top : ".", name);
	text_init(text);
	if (!file_read(text, path, 1 << 24, &error)) {
		fail_msg("%s", error.text);
	}
}

static enum strategy_id strategy_of(const char *pytorch)
{
	for (unsigned i = 0; i < STRATEGY_COUNT; i++) {
		if (strcmp(strategy_pytorch((enum strategy_id)i), pytorch) == 0) {
			return (enum strategy_id)i;
		}
	}
	fail_msg("no strategy for %s", pytorch);
	return STRATEGY_COUNT;
}

/* The words a person would give for the case; false with the error where one is refused. */
static bool request_of(const json_t *item, struct schedule *schedule, struct error *error)
{
	char word[NUMBER_SIZE];
	const char *name;
	json_t *params = json_object_get(item, "params"), *value;

	*schedule = schedule_of(strategy_of(json_string_value(json_object_get(item, "schedule"))));
	number_format(word, json_number_value(json_object_get(item, "base_lr")));
	if (!schedule_set(schedule, "lr", word, error)) {
		return false;
	}
	json_object_foreach(params, name, value) {
		const char *given = word;

		if (json_is_string(value)) {
			given = json_string_value(value);
		} else if (json_is_boolean(value)) {
			given = json_is_true(value) ? "true" : "false";
		} else {
			number_format(word, json_number_value(value));
		}
		if (!schedule_set(schedule, name, given, error)) {
			return false;
		}
	}
	return true;
}

/* Cells of one CSV line, in place. */
static int cells(char *line, char *out[4])
{
	int count = 0;

	for (char *cell = line; cell && count < 4; count++) {
		out[count] = cell;
		cell = strchr(cell, ',');
		if (cell) {
			*cell++ = '\0';
		}
	}
	return count;
}

static double cell_number(const char *cell)
{
	double number;

	assert_true(number_parse_any(cell, &number));
	return number;
}

static void assert_same(const char *id, const char *what, int64_t t, double found, double wanted)
{
	if (memcmp(&found, &wanted, sizeof found) != 0 && !(isnan(found) && isnan(wanted))) {
		fail_msg("%s: %s at step %" PRId64 " is %.17g, PyTorch has %.17g", id, what, t, found,
			 wanted);
	}
}

static int column(char *header[], int count, const char *name)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(header[i], name) == 0) {
			return i;
		}
	}
	return -1;
}

/* Steps to row t, feeding the metric of each row before it. Sampled files have none. */
static void check_rows(const char *id, const struct scheduler *scheduler, char *content)
{
	char *rest = content, *line = strsep(&rest, "\n"), *cell[4];
	int count = cells(line, cell), momentum = column(cell, count, "momentum");
	int metric = column(cell, count, "metric");
	struct scheduler_state state;
	struct error error = {0};
	double seen = NAN;

	assert_true(scheduler_start(scheduler, &state, &error));
	assert_int_equal(scheduler->drives_momentum, momentum >= 0);
	assert_int_equal(scheduler->needs_metric, metric >= 0);
	while ((line = strsep(&rest, "\n")) && *line) {
		int64_t t;

		assert_int_equal(cells(line, cell), count);
		assert_true(number_parse_integer(cell[0], &t));
		if (t >= scheduler->length) { /* the one step too many that PyTorch lets pass */
			assert_false(scheduler_next(scheduler, &state, seen, &error));
			assert_non_null(strstr(error.text, "at its end"));
			tally.refused++;
			return;
		}
		while (state.t < t) {
			if (!scheduler_next(scheduler, &state, seen, &error)) {
				fail_msg("%s: %s", id, error.text);
			}
		}
		assert_same(id, "lr", t, state.rate.lr, cell_number(cell[1]));
		if (momentum >= 0) {
			assert_same(id, "momentum", t, state.rate.momentum,
				    cell_number(cell[momentum]));
		}
		seen = metric >= 0 && *cell[metric] ? cell_number(cell[metric]) : NAN;
		tally.rows++;
	}
}

static void check_closed(const char *id, const struct scheduler *scheduler, char *content)
{
	char *rest = content, *line = strsep(&rest, "\n"), *cell[4];
	struct error error;

	while ((line = strsep(&rest, "\n")) && *line) {
		struct rate rate;
		int64_t t;

		assert_int_equal(cells(line, cell), 2);
		assert_true(number_parse_integer(cell[0], &t));
		assert_true(scheduler_closed(scheduler, t, &rate, &error));
		assert_same(id, "closed lr", t, rate.lr, cell_number(cell[1]));
		tally.closed_rows++;
	}
	tally.closed_files++;
}

static void check_case(const json_t *item)
{
	const char *id = json_string_value(json_object_get(item, "id"));
	const char *csv = json_string_value(json_object_get(item, "csv"));
	const char *closed = json_string_value(json_object_get(item, "csv_closed"));
	struct schedule schedule;
	struct scheduler scheduler;
	struct error error = {0};
	struct text text;
	bool bound = request_of(item, &schedule, &error) &&
		     scheduler_bind(&scheduler, &schedule, &(struct clock){0}, &error);

	tally.cases++;
	/* What PyTorch's constructor refuses, or its first step by a division, is refused. */
	if (!csv || strcmp(id, "pt_steplr_step0_raises") == 0) {
		assert_false(bound);
		assert_int_equal(error.kind, ERROR_REQUEST);
		assert_true(strlen(error.text) > 20);
		tally.refused++;
		return;
	}
	if (!bound) {
		fail_msg("%s: %s", id, error.text);
	}
	open_file(&text, csv);
	check_rows(id, &scheduler, text.bytes);
	text_done(&text);
	if (closed) {
		open_file(&text, closed);
		check_closed(id, &scheduler, text.bytes);
		text_done(&text);
	}
}

static void test_bits(void **context)
{
	struct text text;
	json_t *manifest, *item;
	json_error_t error;
	size_t index;

	(void)context;
	open_file(&text, "manifest.json");
	manifest = json_loads(text.bytes, 0, &error);
	assert_non_null(manifest);
	json_array_foreach(json_object_get(manifest, "cases"), index, item) {
		check_case(item);
	}
	json_decref(manifest);
	text_done(&text);
	assert_int_equal(tally.cases, 113);
	assert_int_equal(tally.refused, 11);
	assert_int_equal(tally.closed_files, 38);
	assert_int_equal(tally.rows, 15127);
	assert_int_equal(tally.closed_rows, 7036);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_bits)};

	return cmocka_run_group_tests_name("golden rates", tests, NULL, NULL);
}
