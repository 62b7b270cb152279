/* Text: growing strings, UTF-8, columns, hostile input made safe, error sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* The linker sends every realloc() of the room here; the one that `refuse_at` counts fails. */
static int calls, refuse_at;
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size)
{
	return ++calls == refuse_at ? NULL : __real_realloc(old, size);
}

/* ---- growing ---- */

static void test_growing(void **unused)
{
	struct text text;
	int i;

	(void)unused;
	text_init(&text);
	assert_string_equal(text.bytes, "");
	text_clear(&text);
	for (i = 0; i < 1000; i++)
		text_addf(&text, "%d,", i);
	assert_int_equal(text.length, 10 * 2 + 90 * 3 + 900 * 4);
	assert_int_equal(strlen(text.bytes), text.length);
	text_clear(&text);
	assert_string_equal(text.bytes, "");
	text_add(&text, "a");
	text_add_char(&text, 'b');
	text_add_bytes(&text, "cde", 1);
	text_add_number(&text, 0.1);
	text_add_code(&text, 0x20ac);
	assert_string_equal(text.bytes, "abc0.1\xe2\x82\xac");
	text_done(&text);
	text_done(&text);
	assert_string_equal(text.bytes, "");
}

static void test_no_memory(void **unused)
{
	struct text text;
	int fail_at, i;

	(void)unused;
	for (fail_at = 1; fail_at < 6; fail_at++) {
		calls = 0;
		refuse_at = fail_at;
		text_init(&text);
		for (i = 0; i < 1000; i++)
			text_add(&text, "word ");
		refuse_at = 0;
		assert_true(text.failed);
		assert_int_equal(strlen(text.bytes), text.length);
		assert_true(text.length % 5 == 0 && text.length < 5000);
		text_addf(&text, "%d", 1);
		text_add_json(&text, "x");
		assert_true(text.length % 5 == 0);
		text_clear(&text);
		text_add(&text, "again");
		assert_string_equal(text.bytes, "again");
		text_done(&text);
	}
}

static void test_json(void **unused)
{
	struct text text;

	(void)unused;
	text_init(&text);
	text_add_json(&text, "a\"b\\c\n\t\x1b\x7f\xc3\xa9\xe2\x80\xae\xff\xf3\xa0\x80\x81");
	assert_string_equal(text.bytes, "\"a\\\"b\\\\c\\n\\t\\u001b\\u007f\xc3\xa9\\u202e\xef\xbf\xbd"
					"\\udb40\\udc01\"");
	text_clear(&text);
	text_add_ascii(&text, "a\tb\xc3\xa9\xff\xf0\x9f\x98\x80z\xe2\x82", 13);
	assert_string_equal(text.bytes, "a\tb\\u00e9?\\ud83d\\ude00z??");
	text_add_ascii(&text, "", 0);
	text_add_ascii(&text, "end", 3);
	assert_string_equal(text.bytes, "a\tb\\u00e9?\\ud83d\\ude00z??end");
	text_done(&text);
}

/* ---- UTF-8 ---- */

static void test_is_utf8(void **unused)
{
	static const char *const right[] = {"", "a", "\xc3\xa9", "a\xf0\x9f\x98\x80\x1b", "\xef\xbf\xbd"};
	static const char *const wrong[] = {"\xff", "\xc3", "a\xc3", "\xc3\xa9\x80", "\xed\xa0\x80", "\xc0\x80"};

	(void)unused;
	for (size_t i = 0; i < sizeof right / sizeof *right; i++)
		assert_true(text_is_utf8(right[i]));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(text_is_utf8(wrong[i]));
}

static void test_utf8(void **unused)
{
	uint32_t code, back;
	char bytes[4];
	size_t length;

	(void)unused;
	for (code = 0; code <= 0x10ffff; code++) {
		if (code >= 0xd800 && code < 0xe000)
			continue;
		length = utf8_encode(code, bytes);
		assert_int_equal(utf8_decode(bytes, length, &back), length);
		assert_int_equal(back, code);
		if (length > 1) {
			assert_int_equal(utf8_decode(bytes, length - 1, &back), 1);
			assert_int_equal(back, UTF8_BAD);
		}
	}
	assert_int_equal(utf8_encode(0xd800, bytes), 3);
	assert_memory_equal(bytes, "\xef\xbf\xbd", 3);
	assert_int_equal(utf8_encode(0x110000, bytes), 3);
}

static void test_bad_utf8(void **unused)
{
	static const char *const bad[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3(", "\xe0\x80\x80", "\xe0\x9f\xbf",
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff", "\xe2\x82", "\xf0\x9f\x98",
	};
	uint32_t code;
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(bad); i++) {
		assert_int_equal(utf8_decode(bad[i], strlen(bad[i]), &code), 1);
		assert_int_equal(code, UTF8_BAD);
	}
}

/* ---- columns ---- */

static void test_width(void **unused)
{
	static const struct { uint32_t code; int width; } cases[] = {
		{'a', 1}, {'~', 1}, {0, 0}, {0x1b, 0}, {0x7f, 0}, {0x9b, 0}, {0xa0, 1}, {0xe9, 1},
		{0x300, 0}, {0x36f, 0}, {0x3b1, 1}, {0x5b0, 0}, {0x600, 1}, {0x64b, 0}, {0x1100, 2},
		{0x1160, 0}, {0x200b, 0}, {0x2026, 1}, {0x2192, 1}, {0x231a, 2}, {0x2500, 1}, {0x2800, 1},
		{0x28ff, 1}, {0x3000, 2}, {0x303f, 1}, {0x3042, 2}, {0x3099, 0}, {0x4dc0, 1}, {0x4e2d, 2},
		{0xac00, 2}, {0xe000, 1}, {0xfe0f, 0}, {0xfeff, 0}, {0xff01, 2}, {0xff61, 1}, {0xfffd, 1},
		{0x1d167, 0}, {0x1f600, 2}, {0x1f6dc, 2}, {0x1fae8, 2}, {0x20000, 2}, {0x3fffd, 2},
		{0x40000, 1}, {0xe0100, 0}, {0x10fffd, 1},
	};
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++)
		if (code_width(cases[i].code) != cases[i].width)
			fail_msg("U+%04X has %d columns", (unsigned)cases[i].code,
				 code_width(cases[i].code));
	assert_int_equal(text_width("a\xe4\xb8\xad" "e\xcc\x81"), 4);
	assert_int_equal(text_width(""), 0);
}

static void test_fit(void **unused)
{
	static const char mixed[] = "a\xe4\xb8\xad" "e\xcc\x81" "b"; /* 1 2 1+0 1 columns */
	static const size_t fits[] = {0, 1, 1, 4, 7, 8, 8};
	int columns;

	(void)unused;
	for (columns = 0; columns < (int)COUNT(fits); columns++)
		assert_int_equal(text_fit(mixed, columns), fits[columns]);
	assert_int_equal(text_fit(mixed, -5), 0);
	assert_int_equal(text_fit("", 5), 0);
}

/* ---- hostile text ---- */

static void check_safe(const char *in, const char *wanted, const char *ascii)
{
	char out[256];

	assert_string_equal(text_safe(out, sizeof out, in, false), wanted);
	assert_string_equal(text_safe(out, sizeof out, in, true), ascii);
}

#define BAD "\xef\xbf\xbd"

static void test_safe(void **unused)
{
	(void)unused;
	check_safe("plain text ~", "plain text ~", "plain text ~");
	check_safe("\x1b]0;owned\x07", "^[]0;owned^G", "^[]0;owned^G");
	check_safe("a\tb\r\nc\x7f", "a^Ib^M^Jc^?", "a^Ib^M^Jc^?");
	check_safe("\xc2\x9b" "31m", BAD "31m", "?31m");             /* C1 CSI */
	check_safe("\x9b" "31m", "?31m", "?31m");                    /* the same as a raw byte */
	check_safe("a\xe2\x80\xae" "b", "a" BAD "b", "a?b");         /* U+202E */
	check_safe("\xe2\x81\xa6x\xe2\x81\xa9", BAD "x" BAD, "?x?"); /* U+2066, U+2069 */
	check_safe("a\xe2\x80\x8b" "b\xef\xbb\xbf", "a" BAD "b" BAD, "a?b?"); /* zero width, BOM */
	check_safe("\xe2\x80\xa8\xe2\x80\xa9", BAD BAD, "??");       /* U+2028, U+2029 */
	check_safe("\xc0\xaf", "??", "??");                          /* overlong */
	check_safe("\xed\xa0\x80", "???", "???");                    /* surrogate */
	check_safe("\xe2\x82", "??", "??");                          /* cut off */
	check_safe("\xef\xbf\xbe\xf4\x8f\xbf\xbf", BAD BAD, "??");   /* non-characters */
	check_safe("\xf3\xa0\x81\x81", BAD, "?");                    /* tag */
	check_safe("\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80", "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80", "???");
	check_safe("e\xcc\x81x", "e\xcc\x81x", "e?x");               /* mark on its base */
	check_safe("\xcc\x81x", BAD "x", "?x");                      /* mark without one */
	check_safe("\n\xcc\x81", "^J\xcc\x81", "^J?");
	check_safe("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81" BAD,
		   "e?????");
}

/* Whole, at most twice as long, whatever stands before it. */
static void test_safe_added(void **unused)
{
	struct text text;

	(void)unused;
	text_init(&text);
	text_add(&text, "e");
	text_add_safe(&text, "\xcc\x81\n\xff\xc2\x9b\xe2\x80\xa8z\xc3\xa9");
	assert_string_equal(text.bytes, "e" BAD "^J?" BAD BAD "z\xc3\xa9");
	text_clear(&text);
	for (int i = 0; i < 1000; i++)
		text_add_safe(&text, "\x01\x02");
	assert_int_equal(text.length, 4000);
	assert_string_equal(text.bytes + 3996, "^A^B");
	text_add_safe(&text, "");
	assert_int_equal(strlen(text.bytes), 4000);
	text_done(&text);
}

static void test_safe_cut(void **unused)
{
	char out[16];
	size_t size;

	(void)unused;
	memset(out, 'z', sizeof out);
	text_safe(out, 0, "abc", false);
	assert_int_equal(out[0], 'z');
	assert_string_equal(text_safe(out, 1, "abc", false), "");
	assert_string_equal(text_safe(out, 3, "abc", false), "ab");
	assert_string_equal(text_safe(out, 2, "\x1b", false), "");
	assert_string_equal(text_safe(out, 3, "\xe4\xb8\xad", false), "");
	for (size = 1; size < 5; size++) /* "é" as two code points needs 3 bytes */
		assert_string_equal(text_safe(out, size, "ae\xcc\x81", false), size < 2 ? "" : "a");
	assert_string_equal(text_safe(out, 5, "ae\xcc\x81", false), "ae\xcc\x81");
}

/* Nothing unsafe comes out of anything, within every size, and safe text stays as it is. */
static void test_noise(void **unused)
{
	static const char *const seeds[] = {"\xe2\x80\xae", "\xc2\x85", "\xcc\x81", "\xf0\x9f\x98\x80",
					    "\xe2\x80", "\xed\xa0\x80", "\x1b[", "\xef\xbb\xbf", "ab"};
	char *in, *out, *again;
	uint64_t state = 4;
	uint32_t code;
	size_t count, size, i, length;
	int round;

	(void)unused;
	for (round = 0; round < 60000; round++) {
		in = calloc(1, 64); /* exact blocks: a sanitizer sees each byte beyond */
		count = draw(&state) % 40;
		for (i = 0; i < count; i++)
			in[i] = (char)(1 + draw(&state) % 255);
		if (round % 2 == 0)
			for (i = 0; i + 5 < count; i += 1 + draw(&state) % 4)
				memcpy(in + i, seeds[draw(&state) % COUNT(seeds)], 2);
		in = __real_realloc(in, count + 1);
		in[count] = '\0';
		size = 1 + draw(&state) % 100;
		out = malloc(size);
		again = malloc(size);
		text_safe(out, size, in, round % 3 == 0);
		length = strlen(out);
		assert_true(length < size);
		for (i = 0; i < length; i += utf8_decode(out + i, length - i, &code)) {
			utf8_decode(out + i, length - i, &code);
			assert_int_not_equal(code, UTF8_BAD);
			assert_false(code_is_unsafe(code));
			assert_true(round % 3 != 0 || code <= 0x7e);
		}
		assert_string_equal(text_safe(again, size, out, round % 3 == 0), out);
		assert_true(text_fit(in, (int)(draw(&state) % 20)) <= strlen(in));
		assert_int_equal(text_fit(out, text_width(out)), text_width(out) > 0 ? length : 0);
		free(in);
		free(out);
		free(again);
	}
}

static void test_unsafe(void **unused)
{
	static const uint32_t unsafe[] = {0, 0x1f, 0x7f, 0x80, 0x9f, 0xad, 0x61c, 0x200b, 0x200f, 0x2028,
		0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0xd800, 0xfdd0, 0xfe0f, 0xfeff, 0xfffb,
		0xfffe, 0xffff, 0x1ffff, 0xe0001, 0x10ffff, 0x110000, UTF8_BAD};
	static const uint32_t safe[] = {' ', '~', 0xa0, 0xe9, 0x301, 0x2027, 0x2500, 0x28ff, 0x4e2d,
		0xe000, 0xfffd, 0x1f600, 0x10fffd};
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(unsafe); i++)
		assert_true(code_is_unsafe(unsafe[i]));
	for (i = 0; i < COUNT(safe); i++)
		assert_false(code_is_unsafe(safe[i]));
}

/* ---- error sentences ---- */

static void test_errors(void **unused)
{
	static const char *const known[] = {"lr", "step_size", "gamma"};
	struct error error;
	char huge[5000];

	(void)unused;
	assert_false(error_unknown(&error, "parameter", "stepsize", known, 3));
	assert_int_equal(error.kind, ERROR_REQUEST);
	assert_string_equal(error.text, "unknown parameter 'stepsize'; nearest: step_size; "
					"allowed: lr, step_size, gamma");
	error_unknown(&error, "word", "\x1b[2J\xe2\x80\xae", known, 1);
	assert_string_equal(error.text, "unknown word '^[[2J" BAD "'; allowed: lr");
	assert_false(error_file(&error, "line %d: '%s'", 3, "a\nb"));
	assert_int_equal(error.kind, ERROR_FILE);
	assert_string_equal(error.text, "line 3: 'a^Jb'");
	assert_false(error_prefix(&error, "%s", "data\x07.csv"));
	assert_string_equal(error.text, "data^G.csv: line 3: 'a^Jb'");
	assert_int_equal(error.kind, ERROR_FILE);
	error_memory(&error);
	assert_int_equal(error.kind, ERROR_MEMORY);
	assert_string_equal(error.text, "out of memory");
	assert_false(error_request(NULL, "x"));
	assert_false(error_unknown(NULL, "word", "x", known, 3));
	assert_false(error_prefix(NULL, "x"));
	assert_false(error_memory(NULL));

	memset(huge, '\x01', sizeof huge - 1);
	huge[sizeof huge - 1] = '\0';
	error_request(&error, "%s", huge);
	assert_in_range(strlen(error.text), 1021, 1023);
	error_unknown(&error, "word", huge, known, 3);
	assert_non_null(strstr(error.text, "allowed: lr, step_size, gamma"));
	error_prefix(&error, "%s", huge);
	assert_in_range(strlen(error.text), 1021, 1023);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growing), cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_json), cmocka_unit_test(test_is_utf8),
		cmocka_unit_test(test_utf8), cmocka_unit_test(test_bad_utf8),
		cmocka_unit_test(test_width), cmocka_unit_test(test_fit), cmocka_unit_test(test_safe),
		cmocka_unit_test(test_safe_added), cmocka_unit_test(test_safe_cut),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_unsafe), cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests_name("base: text", tests, NULL, NULL);
}
