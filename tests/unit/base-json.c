/* JSON texts: values and refusals, and memory that runs out anywhere inside jansson. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

/* ---- allocations that fail ---- */

void *__real_malloc(size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void __wrap_free(void *memory);

static struct {
	bool counting, lasting;
	long calls, fail_at, live;
} memory;

void *__wrap_malloc(size_t size)
{
	void *made;

	if (memory.counting) {
		memory.calls++;
		if (memory.calls == memory.fail_at ||
		    (memory.lasting && memory.fail_at > 0 && memory.calls > memory.fail_at))
			return NULL;
	}
	made = __real_malloc(size);
	memory.live += memory.counting && made != NULL;
	return made;
}

void __wrap_free(void *old)
{
	memory.live -= memory.counting && old != NULL;
	__real_free(old);
}

static bool read(struct json *json, const struct text *text, json_error_t *where, long fail_at,
		 bool lasting)
{
	bool done;

	memory.calls = 0;
	memory.fail_at = fail_at;
	memory.lasting = lasting;
	memory.counting = true;
	done = json_read(json, text->bytes, text->length, where);
	memory.counting = false;
	return done;
}

static void give_back(struct json *json)
{
	memory.counting = true;
	json_done(json);
	memory.counting = false;
	assert_null(json->root);
	assert_int_equal(memory.live, 0);
}

static struct text text_of(const char *string)
{
	struct text text;

	text_init(&text);
	text_add(&text, string);
	assert_false(text.failed);
	return text;
}

/* ---- what is read ---- */

static void test_values(void **unused)
{
	struct text text = text_of("{\"name\": \"\\u00e9\\ud83d\\ude00\", \"list\": [1, 2.5, true, null]}");
	struct json json, inner;
	json_error_t where;
	const json_t *list;

	(void)unused;
	assert_true(read(&json, &text, &where, 0, false));
	assert_false(json.no_memory);
	assert_string_equal(json_string_value(json_object_get(json.root, "name")), "é😀");
	list = json_object_get(json.root, "list");
	assert_int_equal(json_array_size(list), 4);
	assert_int_equal(json_integer_value(json_array_get(list, 0)), 1);
	assert_true(json_is_null(json_array_get(list, 3)));

	/* Another text meanwhile has memory of its own. */
	assert_true(read(&inner, &text, &where, 0, false));
	memory.counting = true;
	json_done(&inner);
	memory.counting = false;
	assert_int_equal(json_integer_value(json_array_get(list, 0)), 1);
	give_back(&json);
	give_back(&json);
	text_done(&text);
}

static void test_refusals(void **unused)
{
	static const struct {
		const char *text;
		int line;
		const char *why;
	} rows[] = {
		{"", 1, "near end of file"},
		{"{\"a\": 1,\n \"a\": 2}", 2, "duplicate"},
		{"[1,\n\n 2", 3, "near end of file"},
		{"[\"\\q\"]", 1, "escape"},
		{"[\"\xff\"]", 1, "unable to decode"},
		{"[\"abc", 1, "end of input"},
		{"{\"a\": [}]", 1, "unexpected"},
		{"[1] 2", 1, "expected"},
		{"[1e999]", 1, "overflow"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct text text = text_of(rows[i].text);
		struct json json;
		json_error_t where;

		assert_false(read(&json, &text, &where, 0, false));
		assert_false(json.no_memory);
		if (where.line != rows[i].line || !strstr(where.text, rows[i].why))
			fail_msg("%s: line %d: %s", rows[i].text, where.line, where.text);
		give_back(&json);
		text_done(&text);
	}
}

/* Values of others, made before or after, live in others' memory. */
static void test_others(void **unused)
{
	struct text text = text_of("[1]"), wrong = text_of("[1");
	json_t *before = json_pack("{s:i}", "a", 1), *after;
	struct json json;
	json_error_t where;

	(void)unused;
	assert_true(read(&json, &text, &where, 0, false));
	json_object_set_new(before, "b", json_string("made while a text is read"));
	give_back(&json);
	assert_false(read(&json, &wrong, &where, 0, false));
	assert_false(read(&json, &text, &where, 1, false));
	after = json_pack("[s]", "made after");
	json_decref(before);
	json_decref(after);
	text_done(&text);
	text_done(&wrong);
}

/* ---- without memory ---- */

/* One of everything, so large that tables and buffers grow, behind `shift` times 16 bytes of memory:
 * so each allocation within is, for one shift, the first of a new block. */
static void write_text(struct text *text, int shift)
{
	text_clear(text);
	text_add(text, "[");
	for (int i = 0; i < shift / 4; i++)
		text_add(text, "\"0\",");
	text_addf(text, "\"%.*s\",", 16 * (shift % 4),
		  "0123456789012345678901234567890123456789012345678901234567890123");
	text_add(text, "{\"a\": \"with \\\"escapes\\\", \\u00e9 and \\ud83d\\ude00, of a hundred bytes or "
		       "more, so that it is put together in steps\", \"b\": [0, 1, 2, 3, 4, 5, 6, 7, 8, "
		       "[[[[]]]], {}, 0.5, 1e-300, -12345678901, true, false, null], ");
	for (int i = 0; i < 20; i++)
		text_addf(text, "\"key %d\": {\"a name that is somewhat longer %d\": %d}, ", i, i, i);
	text_add(text, "\"z\": \"\"}]");
}

static void test_no_memory(void **unused)
{
	struct text text;
	struct json json;
	json_error_t where;
	long most = 0;

	(void)unused;
	text_init(&text);
	for (int shift = 0; shift < 1200; shift++) {
		write_text(&text, shift);
		assert_false(text.failed);
		assert_true(read(&json, &text, &where, 0, false));
		give_back(&json);
		long count = memory.calls;

		most = count > most ? count : most;
		for (long n = 1; n <= count; n++)
			for (int lasting = 0; lasting < 2; lasting++) {
				assert_false(read(&json, &text, &where, n, lasting));
				assert_true(json.no_memory);
				assert_int_equal(memory.calls, n); /* jansson went on with nothing */
				assert_int_equal(memory.live, 0);
				give_back(&json);
			}
	}
	assert_in_range(most, 3, 100); /* a block ended within the text */
	text_done(&text);
}

/* A string that is longer than a block. */
static void test_no_memory_for_long(void **unused)
{
	struct text text;
	struct json json;
	json_error_t where;
	long count;

	(void)unused;
	text_init(&text);
	text_add(&text, "{\"long\": \"");
	for (int i = 0; i < JSON_BLOCK; i++)
		text_add(&text, "0123");
	text_add(&text, "\"}");
	assert_true(read(&json, &text, &where, 0, false));
	assert_int_equal(json_string_length(json_object_get(json.root, "long")), 4 * JSON_BLOCK);
	give_back(&json);
	count = memory.calls;
	assert_in_range(count, 3, 20);
	for (long n = 1; n <= count; n++) {
		assert_false(read(&json, &text, &where, n, true));
		assert_true(json.no_memory);
		assert_int_equal(memory.live, 0);
	}
	text_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_no_memory_for_long),
	};

	return cmocka_run_group_tests_name("base-json", tests, NULL, NULL);
}
