/* CSV files that are right, and hostile ones with the sentence that refuses them; shipped sets. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "trainer/dataset.h"

/* ---- allocation that fails when asked to ---- */

static long until_failure = -1; /* allocations that still work; below 0: all */

static bool starves(void)
{
	return until_failure >= 0 && until_failure-- == 0;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
	return starves() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return starves() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return starves() ? NULL : __real_realloc(old, size);
}

/* ---- reading ---- */

static bool parse(struct dataset *set, const char *csv, const char *target, struct error *error)
{
	return dataset_parse(set, csv, strlen(csv), "folder/t.csv", target, error);
}

static void test_right(void **state)
{
	static const char *const same[] = {
		"a,b,y\n1,2,3\n-4,5e-1,6\n",
		"a,b,y\r\n1,2,3\r\n-4,5e-1,6",
		"\xef\xbb\xbf\"a\" ,b, \"y\"\n1, \"2\"\t,3\n-4,0.5,\"6\"\n\n\r\n  \n",
		" a ,b,y\t\n 1,2 , 3\n-4,\t.5,6.\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		static const double values[] = {1, 2, 3, -4, 0.5, 6};
		struct dataset set;
		struct error error;

		dataset_init(&set);
		if (!parse(&set, same[i], NULL, &error))
			fail_msg("%zu: %s", i, error.text);
		assert_string_equal(set.name, "t.csv");
		assert_int_equal(set.rows, 2);
		assert_int_equal(set.features, 2);
		assert_string_equal(set.columns[0], "a");
		assert_string_equal(set.columns[2], "y");
		assert_memory_equal(set.values, values, sizeof values);
		dataset_done(&set);
	}
}

static void test_names(void **state)
{
	const char *csv = "\"a,\"\"q\"\"\",\"two\nlines\",\x1b[31mred,y\n1,2,3,4\n5,6,7,8\n";
	struct dataset set;
	struct error error;

	(void)state;
	dataset_init(&set);
	assert_true(parse(&set, csv, "two\nlines", &error));
	assert_string_equal(set.columns[0], "a,\"q\"");
	assert_string_equal(set.columns[1], "^[[31mred");
	assert_string_equal(set.columns[2], "y");
	assert_string_equal(set.columns[3], "two^Jlines");
	assert_true(set.values[3] == 2 && set.values[7] == 6 && set.values[1] == 3 &&
		    set.values[6] == 8);
	assert_true(parse(&set, csv, "^[[31mred", &error));
	assert_true(set.values[7] == 7);
	assert_false(parse(&set, csv, "x", &error));
	assert_int_equal(error.kind, ERROR_REQUEST);
	assert_non_null(strstr(error.text, "unknown target column 'x'"));
	assert_null(set.values);
	dataset_done(&set);
}

#define LONG "123456789 123456789 123456789 123456789 123456789 123456789 1" /* 61 bytes */

/* Names that are the same once they are safe and cut stay apart, the target's too; a name that needed
 * no change keeps it. */
static void test_distinct(void **state)
{
	static const struct {
		const char *head, *shown[4];
	} rows[] = {
		{"a\x01,a^A,b,y", {"a^A~2", "a^A", "b", "y"}},
		{"a^A,a\x01,a^A~2,y", {"a^A", "a^A~3", "a^A~2", "y"}},
		{"\xff,\xfe,\xfd,?", {"?~2", "?~3", "?~4", "?"}},
		{LONG "xya," LONG "xyb,b," LONG "xy", {LONG "~2", LONG "~3", "b", LONG "xy"}},
		{LONG "x\xc3\xa9," LONG "x\xc3\xaa,b,y", {LONG "x", LONG "~2", "b", "y"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dataset set;
		struct error error;
		struct text csv;

		text_init(&csv);
		text_addf(&csv, "%s\n1,2,3,4\n5,6,7,8\n", rows[i].head);
		dataset_init(&set);
		if (!parse(&set, csv.bytes, NULL, &error))
			fail_msg("%zu: %s", i, error.text);
		for (size_t j = 0; j < 4; j++)
			assert_string_equal(set.columns[j], rows[i].shown[j]);
		/* The target by the name that is shown. */
		for (size_t j = 0; j < 4; j++) {
			assert_true(parse(&set, csv.bytes, rows[i].shown[j], &error));
			assert_string_equal(set.columns[3], rows[i].shown[j]);
			assert_true(set.values[3] == (double)j + 1);
		}
		dataset_done(&set);
		text_done(&csv);
	}
}

static void test_hostile(void **state)
{
	static const struct {
		const char *csv, *why;
	} rows[] = {
		{"", "t.csv: the file is empty"},
		{" \r\n\n", "t.csv: the file is empty"},
		{"\xef\xbb\xbf", "t.csv: the file is empty"},
		{"a,y\n", "t.csv: a header line, but no rows"},
		{"a,y\n\n\n", "t.csv: a header line, but no rows"},
		{"a,y\n1,2\n3\n", "t.csv: line 3: fewer than the 2 columns"},
		{"a,y\n1,2,3\n", "t.csv: line 2: more than the 2 columns"},
		{"a,y\n1,2\n\n3,4\n", "t.csv: line 3: an empty line"},
		{"a,y\n1,\n", "t.csv: line 2, column 2 (y): an empty cell"},
		{"a,y\n,1\n", "t.csv: line 2, column 1 (a): an empty cell"},
		{"a,y\n1,2\n3,x4\n", "t.csv: line 3, column 2 (y): 'x4' is not a finite number"},
		{"a,y\n1,nan\n", "'nan' is not a finite number"},
		{"a,y\n1,-inf\n", "'-inf' is not a finite number"},
		{"a,y\n1,1e999\n", "'1e999' is not a finite number"},
		{"a,y\n1,0x10\n", "'0x10' is not a finite number"},
		{"a,y\n1,1 2\n", "'1 2' is not a finite number"},
		{"a,y\n1,NA\n", "column 2 (y): 'NA'"},
		{"a,y\n1,\x1b]2;hi\x07\n", "'^[]2;hi^G' is not a finite number"},
		{"a,y\n1,\xff\n", "'?' is not a finite number"},
		{"a,a\n1,2\n", "line 1, column 2: 'a' is the name of column 1 already"},
		{"a,,y\n1,2,3\n", "line 1, column 2: a column without a name"},
		{"a,y,\n1,2,3\n", "line 1, column 3: a column without a name"},
		{"a,\" \n", "the quote is not closed"},
		{"a,y\n1,\"2\n3,4\n", "line 2, column 2 (y): the quote is not closed"},
		{"a,y\n1,\"2\"3\n", "'3' after the closing quote"},
		{"1,2\n3,4\n", "t.csv: line 1: '1' is a number where a header line"},
		{"y\n1\n2\n", "'y' is the only column"},
		{"a;y\n1;2\n", "separated by a comma"},
		{"\n1,2\n", "line 1, column 1: a column without a name"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dataset set;
		struct error error = {0};

		dataset_init(&set);
		if (parse(&set, rows[i].csv, NULL, &error))
			fail_msg("accepted: %s", rows[i].csv);
		assert_int_equal(error.kind, ERROR_FILE);
		if (!strstr(error.text, rows[i].why))
			fail_msg("'%s', not '%s'", error.text, rows[i].why);
		assert_null(set.values);
		assert_null(set.columns);
	}
}

static void test_nul(void **state)
{
	struct dataset set;
	struct error error;

	(void)state;
	dataset_init(&set);
	assert_false(dataset_parse(&set, "a,y\n1,2\n3,\0", 11, "t.csv", NULL, &error));
	assert_string_equal(error.text, "t.csv: line 3, column 2: a NUL byte; this is not a text file");
}

static void test_columns(void **state)
{
	struct dataset set;
	struct error error;

	(void)state;
	for (int features = 256; features <= 257; features++) {
		struct text csv;

		text_init(&csv);
		for (int line = 0; line < 3; line++)
			for (int j = 0; j <= features; j++)
				text_addf(&csv, "%s%d%s", line ? "" : "c", j,
					  j < features ? "," : "\n");
		dataset_init(&set);
		if (features == DATASET_FEATURES) {
			assert_true(parse(&set, csv.bytes, NULL, &error));
			assert_int_equal(set.features, 256);
			assert_true(set.values[2 * features + 1] == 256);
		} else {
			assert_false(parse(&set, csv.bytes, NULL, &error));
			assert_non_null(strstr(error.text, "too many columns; at most 257"));
		}
		dataset_done(&set);
		text_done(&csv);
	}
}

/* Every cut of a file is read or refused, never both, and nothing is left behind. */
static void test_cuts(void **state)
{
	const char *csv = "\xef\xbb\xbf\"a\",\"b \"\"c\",y\r\n1,\"2\",3\r\n-4,5e-1,6\r\n";

	(void)state;
	for (size_t length = 0; length <= strlen(csv); length++) {
		char *copy = malloc(length + 1); /* so that a sanitizer sees a read too far */
		struct dataset set;
		struct error error = {0};
		bool done;

		memcpy(copy, csv, length);
		dataset_init(&set);
		done = dataset_parse(&set, copy, length, "t.csv", NULL, &error);
		assert_int_equal(done, error.kind == ERROR_NONE);
		assert_int_equal(done, set.rows > 0);
		dataset_done(&set);
		free(copy);
	}
}

static void test_starved(void **state)
{
	bool done = false;

	(void)state;
	for (long works = 0; !done; works++) {
		struct error error = {0};
		struct dataset set;

		assert_true(works < 100);
		dataset_init(&set);
		until_failure = works;
		done = parse(&set, "a,b,y\n1,2,3\n4,5,6\n", NULL, &error);
		until_failure = -1;
		assert_int_equal(error.kind, done ? ERROR_NONE : ERROR_MEMORY);
		dataset_done(&set);
	}
}

static void test_copy(void **state)
{
	struct dataset set, copy;
	struct error error = {0};

	(void)state;
	dataset_init(&set);
	dataset_init(&copy);
	assert_true(parse(&set, "a,b,y\n1,2,3\n4,5,6\n", "a", &error));
	for (long works = 0; works < 2; works++) {
		until_failure = works;
		assert_false(dataset_copy(&copy, &set, &error));
		until_failure = -1;
		assert_int_equal(error.kind, ERROR_MEMORY);
		assert_int_equal(copy.rows, 0);
	}
	assert_true(dataset_copy(&copy, &set, &error));
	dataset_done(&set);
	assert_int_equal(copy.rows, 2);
	assert_string_equal(copy.name, "t.csv");
	assert_string_equal(copy.columns[2], "a");
	assert_true(copy.values[3] == 5 && copy.values[5] == 4);
	assert_true(dataset_open(&set, "trees", NULL, &error));
	assert_true(dataset_copy(&copy, &set, &error)); /* what was there is freed */
	assert_ptr_equal(copy.values, set.values);      /* shipped: in the program */
	assert_string_equal(copy.columns[0], set.columns[0]);
	dataset_done(&set);
	dataset_done(&copy);
}

/* ---- shipped sets and files ---- */

static void test_shipped(void **state)
{
	struct dataset set;
	struct error error;

	(void)state;
	assert_string_equal(shipped_names()[0], "concrete");
	assert_null(shipped_names()[shipped_count]);
	assert_null(shipped_find("nowhere"));
	dataset_init(&set);
	for (size_t i = 0; i < shipped_count; i++) {
		const char *top = getenv("top_srcdir");
		struct dataset file;
		char path[4096];

		assert_ptr_equal(shipped_find(shipped_sets[i].name), &shipped_sets[i]);
		assert_string_equal(shipped_names()[i], shipped_sets[i].name);
		assert_true(strlen(shipped_sets[i].about) > 0 && strlen(shipped_sets[i].kind) > 0);
		assert_true(dataset_open(&set, shipped_sets[i].name, NULL, &error));
		dataset_init(&file);
		snprintf(path, sizeof path, "%s/data/sets/%s.csv", top ? top : ".", set.name);
		if (!dataset_open(&file, path, NULL, &error))
			fail_msg("%s", error.text);
		assert_int_equal(set.rows, file.rows);
		assert_int_equal(set.features, file.features);
		assert_memory_equal(set.values, file.values,
				    set.rows * (set.features + 1) * sizeof *set.values);
		assert_memory_equal(set.columns, file.columns,
				    (set.features + 1) * sizeof *set.columns);
		dataset_done(&file);
	}
	dataset_done(&set);
}

static void test_shipped_target(void **state)
{
	struct dataset set;
	struct error error;

	(void)state;
	dataset_init(&set);
	assert_true(dataset_open(&set, "trees", "girth_in", &error));
	assert_string_equal(set.columns[0], "height_ft");
	assert_string_equal(set.columns[1], "volume_ft3");
	assert_string_equal(set.columns[2], "girth_in");
	assert_true(set.values[2] == 8.3 && set.values[0] == 70 && set.values[1] == 10.3);
	assert_false(dataset_open(&set, "trees", "girth", &error));
	assert_int_equal(error.kind, ERROR_REQUEST);
	dataset_done(&set);
}

static void test_is_file(void **state)
{
	static const char *const files[] = {"-", "a/b", "./concrete", "a.csv", "/", "."};
	static const char *const others[] = {"", "concrete", "concrte", ".csv", "csv"};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		assert_true(dataset_is_file(files[i]));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_false(dataset_is_file(others[i]));
}

static void test_open(void **state)
{
	struct dataset set;
	struct error error;
	char path[] = "/tmp/lrscope-dataset-XXXXXX";
	int file;

	(void)state;
	dataset_init(&set);
	assert_false(dataset_open(&set, "concrte", NULL, &error));
	assert_int_equal(error.kind, ERROR_REQUEST);
	assert_non_null(strstr(error.text, "unknown data set 'concrte'; nearest: concrete"));
	assert_false(dataset_open(&set, "not-there.csv", NULL, &error));
	assert_int_equal(error.kind, ERROR_FILE);
	assert_false(dataset_open(&set, "./concrete", NULL, &error));
	assert_int_equal(error.kind, ERROR_FILE);
	assert_false(dataset_open(&set, "/tmp", NULL, &error));
	assert_int_equal(error.kind, ERROR_FILE);
	file = mkstemp(path);
	assert_int_equal(write(file, "a,y\n1,2\n3,4\n", 12), 12);
	close(file);
	assert_true(dataset_open(&set, path, "a", &error));
	assert_true(set.values[3] == 3);
	unlink(path);
	dataset_done(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_distinct),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_starved),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_shipped_target),
		cmocka_unit_test(test_is_file),
		cmocka_unit_test(test_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
