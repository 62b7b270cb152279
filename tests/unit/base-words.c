/* Words: command lines taken apart, quoting, the nearest known word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static void check_words(const char *line, int wanted, ...)
{
	char store[256], *words[4];
	va_list arguments;
	int i, count = text_words(line, store, words, 4);

	if (count != wanted)
		fail_msg("'%s' gave %d words, not %d", line, count, wanted);
	va_start(arguments, wanted);
	for (i = 0; i < count; i++)
		assert_string_equal(words[i], va_arg(arguments, const char *));
	va_end(arguments);
}

static void test_words(void **unused)
{
	(void)unused;
	check_words("", 0);
	check_words("  \t ", 0);
	check_words("set max_lr 0.1", 3, "set", "max_lr", "0.1");
	check_words(" set\tx ", 2, "set", "x");
	check_words("a 'b c' \"d e\"", 3, "a", "b c", "d e");
	check_words("a'b'\"c\"d", 1, "abcd");
	check_words("'' \"\"", 2, "", "");
	check_words("a\\ b \\'", 2, "a b", "'");
	check_words("\"a\\\"b\\\\c\\n\"", 1, "a\"b\\c\\n");
	check_words("'a\\'", 1, "a\\");
	check_words("a\\", 1, "a\\");
	check_words("# all of it", 0);
	check_words("a # rest 'open", 1, "a");
	check_words("a#b '#c'", 2, "a#b", "#c");
	check_words("a # b\nc", 2, "a", "c");
	check_words("'open", -1);
	check_words("a \"open\\\"", -1);
	check_words("1 2 3 4", 4, "1", "2", "3", "4");
	check_words("1 2 3 4 5", -2);
}

static void test_commands(void **unused)
{
	static const struct { const char *line; size_t length, words; } cases[] = {
		{"", 0, 0}, {"a", 1, 1}, {"a;b", 1, 1}, {";", 0, 0}, {"a ; b", 2, 1},
		{"a 'x;y' ;b", 8, 7}, {"a \"x;\\\";\";b", 9, 9}, {"a\\;b;c", 4, 4}, {"a # b ; c", 9, 1},
		{"a#;b", 2, 2}, {"a # x\nb;c", 7, 7}, {"'open;a", 7, 7}, {"  ;", 2, 0}, {"a '';b", 4, 4},
		{"  # a", 5, 0}, {" a b  ", 6, 4},
	};
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++)
		if (text_command_length(cases[i].line) != cases[i].length ||
		    text_command_words(cases[i].line) != cases[i].words)
			fail_msg("'%s': %zu, %zu", cases[i].line, text_command_length(cases[i].line),
				 text_command_words(cases[i].line));
}

static void test_quoting(void **unused)
{
	static const char *const plain[] = {"a", "x=1e-05", "a/b.json", "1,2", "\xc3\xa9"};
	uint64_t state = 5;
	struct text text;
	char word[3][12], *words[4], store[256];
	int round, i, j;

	(void)unused;
	text_init(&text);
	for (i = 0; i < (int)COUNT(plain); i++) {
		text_clear(&text);
		text_add_word(&text, plain[i]);
		assert_string_equal(text.bytes, plain[i]);
	}
	text_clear(&text);
	text_add_word(&text, "it's; # $x");
	assert_string_equal(text.bytes, "'it'\\''s; # $x'");
	for (round = 0; round < 20000; round++) {
		text_clear(&text);
		for (i = 0; i < 3; i++) {
			int length = (int)(draw(&state) % 10);

			for (j = 0; j < length; j++)
				word[i][j] = "a'\"\\ ;#$\t\n`=~\xc3"[draw(&state) % 14];
			word[i][length] = '\0';
			text_add_word(&text, word[i]);
			text_add_char(&text, ' ');
		}
		assert_int_equal(text_words(text.bytes, store, words, 4), 3);
		for (i = 0; i < 3; i++)
			assert_string_equal(words[i], word[i]);
		assert_int_equal(text_command_length(text.bytes), text.length);
	}
	text_done(&text);
}

/* Any line: no write beyond strlen + 1 bytes. */
static void test_words_noise(void **unused)
{
	uint64_t state = 6;
	char *line, *store, *words[64];
	size_t count, i;
	int round;

	(void)unused;
	for (round = 0; round < 20000; round++) {
		count = draw(&state) % 30;
		line = malloc(count + 1);
		store = malloc(count + 1);
		for (i = 0; i < count; i++)
			line[i] = "ab '\"\\#;\n\t"[draw(&state) % 10];
		line[count] = '\0';
		assert_in_range(text_words(line, store, words, 64) + 2, 0, 66);
		assert_in_range(text_command_length(line), 0, count);
		free(line);
		free(store);
	}
}

static void test_nearest(void **unused)
{
	static const char *const known[] = {"step", "exponential", "cosine", "plateau", "cyclic",
					    "onecycle", "lr"};
	static const struct { const char *word, *nearest; } cases[] = {
		{"cosin", "cosine"}, {"COSINE", "cosine"}, {"stpe", "step"}, {"one_cycle", "onecycle"},
		{"exponetial", "exponential"}, {"rl", "lr"}, {"cycle", NULL}, {"zebra", NULL}, {"", NULL},
		{"x", NULL}, {"plato", NULL}, {"platau", "plateau"}, {"l", "lr"},
		{"cos", "cosine"}, {"EXP", "exponential"}, {"cycl", "cyclic"}, {"c", NULL},
		{"cosine_annealing", "cosine"}, {"stepwise", "step"}, {"lrate", NULL},
	};
	char huge[300];
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		const char *nearest = text_nearest(cases[i].word, known, COUNT(known));

		if (nearest == NULL || cases[i].nearest == NULL)
			assert_ptr_equal(nearest, cases[i].nearest);
		else
			assert_string_equal(nearest, cases[i].nearest);
	}
	memset(huge, 'a', sizeof huge - 1);
	huge[sizeof huge - 1] = '\0';
	assert_null(text_nearest(huge, known, COUNT(known)));
	assert_null(text_nearest("a", (const char *const[]){huge}, 1));
	assert_null(text_nearest("a", known, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words), cmocka_unit_test(test_commands),
		cmocka_unit_test(test_quoting), cmocka_unit_test(test_words_noise),
		cmocka_unit_test(test_nearest),
	};

	return cmocka_run_group_tests_name("base: words", tests, NULL, NULL);
}
