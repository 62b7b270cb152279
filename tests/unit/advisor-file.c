/* Rules files: what is taken, what is refused and with which place and reason; noise; no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advisor/advisor.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* ---- allocations that fail ---- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static long until_failure = -1; /* allocations that still succeed; negative: all */

static bool fails(void)
{
	if (until_failure < 0)
		return false;
	if (until_failure == 0)
		return true;
	until_failure--;
	return false;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

/* ---- a small file, and pieces to put into it ---- */

#define STRATEGIES "\"strategies\": [\"step\", \"own\"]"
#define OPTIONS "[\"a\", {\"id\": \"b\", \"label\": \"Bee\"}]"
#define QUESTION "{\"id\": \"q\", \"asks\": \"Which?\", \"options\": " OPTIONS "}"
#define RULE_PARTS "\"source\": \"guide\", \"because\": \"so\", \"when\": {\"q\": \"a\"}"
#define RULE "{\"id\": \"r.1\", " RULE_PARTS ", \"recommend\": [\"own\"]}"
#define FILE_OF(strategies, question, rule) \
	"{" strategies ",\n \"questions\": [" question "],\n \"rules\": [" rule "]}\n"
#define WITH_QUESTION(question) FILE_OF(STRATEGIES, question, RULE)
#define WITH_RULE(rule) FILE_OF(STRATEGIES, QUESTION, rule)
#define WITH_OPTIONS(options) \
	WITH_QUESTION("{\"id\": \"q\", \"asks\": \"Which?\", \"options\": " options "}")
#define WITH_WHEN(when) \
	WITH_RULE("{\"id\": \"r\", \"source\": \"guide\", \"because\": \"so\", \"when\": " when ", " \
		  "\"recommend\": [\"own\"]}")
#define WITH_RECOMMEND(list) \
	WITH_RULE("{\"id\": \"r\", " RULE_PARTS ", \"recommend\": " list "}")
#define WITH_SOURCE(parts) \
	WITH_RULE("{\"id\": \"r\", " parts ", \"when\": {\"q\": \"a\"}, \"recommend\": [\"own\"]}")
#define LONG_32 "abcdefghijklmnopqrstuvwxyz012345"

static bool read(struct advisor *advisor, const char *json, const char *language,
		 struct error *error)
{
	memset(error, 0, sizeof *error);
	return advisor_read(advisor, json, strlen(json), "own.json", language, error);
}

/* The standard rules, unharmed. */
static void check_untouched(const struct advisor *advisor)
{
	assert_int_equal(advisor->question_count, 5);
	assert_int_equal(advisor->strategy_count, 6);
	assert_int_equal(advisor->rule_count, 21);
	assert_string_equal(advisor->rules[20].id, "table.8");
	assert_string_equal(advisor->questions[4].options[1].label, "steady");
}

static void test_standard(void **unused)
{
	struct advisor advisor;
	struct error error;

	(void)unused;
	advisor_init(&advisor);
	assert_true(advisor_standard(&advisor, "en", &error));
	check_untouched(&advisor);
	assert_int_equal(advisor_question(&advisor, "loss"), 4);
	assert_int_equal(advisor_question(&advisor, "los"), -1);
	assert_int_equal(advisor_option(&advisor, 4, "steady"), 1);
	assert_int_equal(advisor_option(&advisor, 4, "small"), -1);
	assert_non_null(advisor.rules[0].because);
	assert_null(advisor.rules[0].row);
	assert_null(advisor.rules[20].because);
	assert_non_null(advisor.rules[20].row);
	advisor_done(&advisor);
	advisor_done(&advisor);
}

static void test_own(void **unused)
{
	struct advisor advisor;
	struct answers answers;
	struct advice advice;
	struct error error;

	(void)unused;
	advisor_init(&advisor);
	assert_true(advisor_standard(&advisor, "en", &error));
	if (!read(&advisor, FILE_OF(STRATEGIES, QUESTION, RULE), "en", &error))
		fail_msg("%s", error.text);
	assert_int_equal(advisor.question_count, 1);
	assert_string_equal(advisor.questions[0].label, "q");
	assert_string_equal(advisor.questions[0].options[0].label, "a");
	assert_string_equal(advisor.questions[0].options[1].label, "Bee");
	/* An option that no rule knows speaks neither for nor against. */
	answers_init(&answers);
	assert_true(answers_set(&advisor, &answers, "q", "b", &error));
	advise(&advisor, &answers, &advice);
	assert_true(advice.enough);
	assert_int_equal(advice.list[0].support + advice.list[1].support, 0);
	assert_int_equal(advice.list[0].against_count + advice.list[1].against_count, 0);
	assert_int_equal(advice.change_count, 1);
	assert_string_equal(advisor.strategies[advice.changes[0].strategy], "own");
	advisor_done(&advisor);
}

/* ---- refusals ---- */

static const struct refusal {
	const char *json, *wanted;
} refusals[] = {
	{"", "own.json: line 1, column"},
	{"{", "line 1"},
	{"[]", "line 1, column 1: found a list where an object should be"},
	{"{} x", "line 1"},
	{"{\"rules\": 1, \"rules\": 2}", "duplicate"},
	{"{\"a\\u0000b\": 1}", "line 1"},
	{"{\"a\": \"\xff\"}", "line 1"},
	{"{\"a\": \"\x01\"}", "line 1"},
	{"{}", "\"strategies\" is missing"},
	{"{\"about\": 3}", "about: found a number where a text should be"},
	{"{\"abuot\": \"x\"}", "column 2: abuot: unknown key 'abuot'; nearest: about; allowed: about"},
	{"{\"strategies\": {}}", "line 1, column 2: strategies: found an object where a list"},
	{"{\"strategies\": []}", "strategies: the list is empty"},
	{"{\"strategies\": [3]}", "column 17: strategies[0]: found a number where an id"},
	{"{\"strategies\": [\"a\",\n\"a\"]}", "line 2, column 1: strategies[1]: strategy 'a' is there "
						"twice"},
	{"{\"strategies\": [\"A\"]}", "'A' is no id"},
	{"{\"strategies\": [\"1a\"]}", "'1a' is no id"},
	{"{\"strategies\": [\"\"]}", "'' is no id"},
	{"{\"strategies\": [\"\\u001b[31m\"]}", "'^[[31m' is no id"},
	{"{\"strategies\": [\"" LONG_32 "\"]}", "is too long, at most 31 bytes"},
	{"{" STRATEGIES "}", "\"questions\" is missing"},
	{"{" STRATEGIES ", \"questions\": []}", "questions: the list is empty"},
	{"{" STRATEGIES ", \"questions\": null}", "found null where a list should be"},
	{WITH_QUESTION("3"), "line 2, column 16: questions[0]: found a number where an object"},
	{WITH_QUESTION("{\"asks\": \"?\"}"), "questions[0]: \"id\" is missing"},
	{WITH_QUESTION("{\"id\": \"q\", \"ask\": 1}"), "unknown key 'ask'; nearest: asks"},
	{WITH_QUESTION("{\"id\": \"q\"}"), "questions[0]: \"asks\" is missing"},
	{WITH_QUESTION("{\"id\": \"q\", \"asks\": \"\"}"), "questions[0].asks: the text is empty"},
	{WITH_QUESTION("{\"id\": \"q\", \"asks\": {}}"), "asks: there is no text in any language"},
	{WITH_QUESTION("{\"id\": \"q\", \"asks\": {\"en\": 3}}"), "asks.en: found a number"},
	{WITH_QUESTION("{\"id\": \"q\", \"asks\": {\"\": \"x\"}}"), "the language has no name"},
	{WITH_QUESTION("{\"id\": \"q\", \"asks\": \"?\"}"), "questions[0]: \"options\" is missing"},
	{WITH_QUESTION(QUESTION ", " QUESTION), "questions[1]: question 'q' is there twice"},
	{WITH_QUESTION(QUESTION ",\n{\"id\": \"p\", \"asks\": \"?\", \"options\": [\"a\"]}"),
	 "line 3, column 1: questions[1]: no rule hangs on the question 'p'"},
	{WITH_OPTIONS("[]"), "questions[0].options: the list is empty"},
	{WITH_OPTIONS("\"a\""), "options: found a string where a list should be"},
	{WITH_OPTIONS("[\"a\", \"a\"]"), "options[1]: option 'a' is there twice"},
	{WITH_OPTIONS("[\"a\", true]"), "options[1]: found true where an option"},
	{WITH_OPTIONS("[\"unknown\"]"), "'unknown' is an answer to every question"},
	{WITH_OPTIONS("[{\"label\": \"x\"}]"), "options[0]: \"id\" is missing"},
	{WITH_OPTIONS("[{\"id\": \"a\", \"name\": \"x\"}]"), "options[0].name: unknown key 'name'"},
	{WITH_OPTIONS("[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\",\"k\"]"),
	 "options: 11 are too many, at most 10"},
	{FILE_OF(STRATEGIES, QUESTION, ""), "rules: the list is empty"},
	{WITH_RULE("[]"), "rules[0]: found a list where an object"},
	{WITH_RULE("{\"id\": \"r\"}"), "rules[0]: \"source\" is missing"},
	{WITH_RULE(RULE ", " RULE), "rules[1]: rule 'r.1' is there twice"},
	{WITH_RULE("{\"id\": \"R\"}"), "rules[0].id: 'R' is no id"},
	{WITH_RULE("{\"id\": \"" LONG_32 LONG_32 "\"}"), "rules[0].id: the id 'abcdefg"},
	{WITH_RULE("{\"id\": \"r\", \"hwen\": {}}"), "rules[0].hwen: unknown key 'hwen'; nearest: when"},
	{WITH_SOURCE("\"source\": \"book\""), "rules[0].source: unknown source 'book'; allowed: guide, "
					      "table"},
	{WITH_SOURCE("\"source\": 1"), "rules[0].source: found a number"},
	{WITH_SOURCE("\"source\": \"guide\""), "rules[0]: \"because\" is missing"},
	{WITH_SOURCE("\"source\": \"table\""), "rules[0]: \"row\" is missing"},
	{WITH_SOURCE("\"source\": \"table\", \"row\": \"x\", \"because\": \"y\""),
	 "rules[0].because: a rule of the table has no \"because\""},
	{WITH_SOURCE("\"source\": \"guide\", \"row\": \"x\", \"because\": \"y\""),
	 "rules[0].row: a rule of the guide has no \"row\""},
	{WITH_RULE("{\"id\": \"r\", \"source\": \"guide\", \"because\": \"so\"}"), "\"when\" is missing"},
	{WITH_WHEN("\"q\""), "rules[0].when: found a string where an object"},
	{WITH_WHEN("{}"), "rules[0].when: the rule hangs on no question"},
	{WITH_WHEN("{\"p\": \"a\"}"), "rules[0].when.p: unknown question 'p'; allowed: q"},
	{WITH_WHEN("{\"q\": \"c\"}"), "rules[0].when.q: unknown option 'c'; allowed: a, b"},
	{WITH_WHEN("{\"q\": []}"), "rules[0].when.q: the list is empty"},
	{WITH_WHEN("{\"q\": [\"a\", \"a\"]}"), "rules[0].when.q[1]: option 'a' is there twice"},
	{WITH_WHEN("{\"q\": [\"a\", 3]}"), "rules[0].when.q[1]: found a number"},
	{WITH_WHEN("{\"q\": {\"a\": 1}}"), "rules[0].when.q: found an object"},
	{WITH_RULE("{\"id\": \"r\", " RULE_PARTS "}"), "rules[0]: \"recommend\" is missing"},
	{WITH_RECOMMEND("[]"), "rules[0].recommend: the list is empty"},
	{WITH_RECOMMEND("\"own\""), "rules[0].recommend: found a string"},
	{WITH_RECOMMEND("[\"own\", \"cosine\"]"), "recommend[1]: unknown strategy 'cosine'; allowed: "
						    "step, own"},
	{WITH_RECOMMEND("[\"own\", \"own\"]"), "recommend[1]: strategy 'own' is there twice"},
	{WITH_RECOMMEND("[null]"), "recommend[0]: found null where a strategy"},
};

static void check_refused(struct advisor *advisor, const char *json, size_t length,
			  const char *wanted)
{
	struct error error = {.kind = ERROR_NONE};
	const char *byte;

	if (advisor_read(advisor, json, length, "own.json", "en", &error))
		fail_msg("taken: %s", json);
	assert_int_equal(error.kind, ERROR_FILE);
	if (strstr(error.text, wanted) == NULL || strncmp(error.text, "own.json: ", 10) != 0)
		fail_msg("no '%s' in: %s", wanted, error.text);
	for (byte = error.text; *byte != '\0'; byte++)
		assert_true((unsigned char)*byte >= 0x20);
	check_untouched(advisor);
}

static void test_refused(void **unused)
{
	struct advisor advisor;
	struct error error;
	size_t i;

	(void)unused;
	advisor_init(&advisor);
	assert_true(advisor_standard(&advisor, "en", &error));
	for (i = 0; i < COUNT(refusals); i++)
		check_refused(&advisor, refusals[i].json, strlen(refusals[i].json),
			      refusals[i].wanted);
	check_refused(&advisor, "{\"a\": \"x\0y\"}", 12, "line 1");
	check_refused(&advisor, "{}\0{}", 5, "line 1");
	advisor_done(&advisor);
}

/* `head`, `count` times what `piece` makes of the number, `tail`. */
static void build(struct text *text, const char *head, int count, const char *piece,
		  const char *tail)
{
	const char *percent = strchr(piece, '%');
	int k;

	text_clear(text);
	text_add(text, head);
	for (k = 0; k < count; k++) {
		text_add(text, k > 0 ? ", " : "");
		text_add_bytes(text, piece, percent != NULL ? (size_t)(percent - piece) : strlen(piece));
		if (percent != NULL)
			text_addf(text, "%d%s", k, percent + 1);
	}
	text_add(text, tail);
}

static void test_too_many(void **unused)
{
	struct advisor advisor;
	struct error error;
	struct text text;

	(void)unused;
	advisor_init(&advisor);
	text_init(&text);
	assert_true(advisor_standard(&advisor, "en", &error));
	build(&text, "{\"strategies\": [", ADVISOR_STRATEGIES + 1, "\"s%\"", "]}");
	check_refused(&advisor, text.bytes, text.length, "strategies: 41 are too many, at most 40");
	build(&text, "{" STRATEGIES ", \"questions\": [", ADVISOR_QUESTIONS + 1, "{\"id\": \"q%\"}",
	      "]}");
	check_refused(&advisor, text.bytes, text.length, "questions: 13 are too many, at most 12");
	build(&text, "{" STRATEGIES ", \"questions\": [" QUESTION "], \"rules\": [", ADVISOR_RULES + 1,
	      "{\"id\": \"r%\"}", "]}");
	check_refused(&advisor, text.bytes, text.length, "rules: 257 are too many, at most 256");
	build(&text, "{" STRATEGIES ", \"questions\": [" QUESTION "], \"rules\": [",
	      ADVISOR_AT_ONCE + 1, "{\"id\": \"r%\", " RULE_PARTS ", \"recommend\": [\"own\"]}", "]}");
	check_refused(&advisor, text.bytes, text.length, "17 rules hang on q=a, at most 16 may");
	build(&text, "", 100000, "[", "");
	check_refused(&advisor, text.bytes, text.length, "line 1");
	text_clear(&text);
	while (text.length < 100000)
		text_add(&text, "[");
	check_refused(&advisor, text.bytes, text.length, "depth");
	text_clear(&text);
	text_add(&text, "{\"about\": \"");
	while (text.length < ADVISOR_BYTES)
		text_add(&text, "x");
	text_add(&text, "\"}");
	check_refused(&advisor, text.bytes, text.length, "longer than 1048576 bytes");
	text_done(&text);
	advisor_done(&advisor);
}

/* All that is allowed at once: nothing overflows, and every sum is exact. */
static void test_largest(void **unused)
{
	struct advisor advisor;
	struct answers answers;
	struct advice advice;
	struct error error;
	struct text text, all;
	int q, r, k;

	(void)unused;
	text_init(&text);
	text_init(&all);
	build(&all, "[", ADVISOR_STRATEGIES, "\"s%\"", "]");
	text_addf(&text, "{\"strategies\": %s, \"questions\": [", all.bytes);
	for (q = 0; q < ADVISOR_QUESTIONS; q++)
		text_addf(&text, "%s{\"id\": \"q%d\", \"asks\": \"?\", \"options\": [\"a\", \"b\"]}",
			  q > 0 ? ", " : "", q);
	text_add(&text, "], \"rules\": [");
	for (r = 0; r < ADVISOR_AT_ONCE; r++) {
		text_addf(&text, "%s{\"id\": \"r%d\", \"source\": \"table\", \"row\": \"x\", "
				 "\"recommend\": %s, \"when\": {", r > 0 ? ", " : "", r, all.bytes);
		for (q = 0; q < ADVISOR_QUESTIONS; q++)
			text_addf(&text, "%s\"q%d\": \"a\"", q > 0 ? ", " : "", q);
		text_add(&text, "}}");
	}
	text_add(&text, "]}");
	advisor_init(&advisor);
	if (!read(&advisor, text.bytes, "en", &error))
		fail_msg("%s", error.text);
	answers_init(&answers);
	for (q = 0; q < ADVISOR_QUESTIONS; q++)
		answers.option[q] = 0;
	advise(&advisor, &answers, &advice);
	for (k = 0; k < advice.count; k++) {
		assert_int_equal(advice.list[k].strategy, k);
		assert_int_equal(advice.list[k].rank, 1);
		assert_int_equal(advice.list[k].reason_count, COUNT(advice.list[k].reasons));
		assert_true(advice.list[k].weight == ADVISOR_WHOLE / 40 * ADVISOR_QUESTIONS);
	}
	advisor_done(&advisor);
	text_done(&text);
	text_done(&all);
}

/* 1/1 + 1/2 + 1/6 and 1/3 + 1/1 + 1/3 are equal, though not as sums of doubles. */
static void test_exact_ties(void **unused)
{
	static const char *const lists[3][2] = {
		{"[\"b\"]", "[\"a\", \"x\", \"y\"]"},
		{"[\"b\", \"x\"]", "[\"a\"]"},
		{"[\"b\", \"v\", \"w\", \"x\", \"y\", \"z\"]", "[\"a\", \"x\", \"y\"]"},
	};
	struct advisor advisor;
	struct answers answers;
	struct advice advice;
	struct error error;
	struct text text;
	int q, k;

	(void)unused;
	text_init(&text);
	text_add(&text, "{\"strategies\": [\"a\", \"b\", \"v\", \"w\", \"x\", \"y\", \"z\"], "
			"\"questions\": [");
	for (q = 0; q < 3; q++)
		text_addf(&text, "%s{\"id\": \"q%d\", \"asks\": \"?\", \"options\": [\"o\"]}",
			  q > 0 ? ", " : "", q);
	text_add(&text, "], \"rules\": [");
	for (q = 0; q < 3; q++)
		for (k = 0; k < 2; k++)
			text_addf(&text, "%s{\"id\": \"r%d%d\", \"source\": \"guide\", \"because\": \"x\", "
					 "\"when\": {\"q%d\": \"o\"}, \"recommend\": %s}",
				  q + k > 0 ? ", " : "", q, k, q, lists[q][k]);
	text_add(&text, "]}");
	advisor_init(&advisor);
	if (!read(&advisor, text.bytes, "en", &error))
		fail_msg("%s", error.text);
	answers_init(&answers);
	for (q = 0; q < 3; q++)
		answers.option[q] = 0;
	advise(&advisor, &answers, &advice);
	assert_true(advice.list[0].weight == advice.list[1].weight);
	assert_string_equal(advisor.strategies[advice.list[0].strategy], "b");
	assert_string_equal(advisor.strategies[advice.list[1].strategy], "a");
	advisor_done(&advisor);
	text_done(&text);
}

/* ---- texts ---- */

static void check_asks(const char *asks, const char *language, const char *wanted)
{
	struct advisor advisor;
	struct error error;
	struct text text;

	text_init(&text);
	text_addf(&text, "{" STRATEGIES ", \"questions\": [{\"id\": \"q\", \"asks\": %s, "
			 "\"options\": [\"a\"]}], \"rules\": [" RULE "]}", asks);
	advisor_init(&advisor);
	if (!read(&advisor, text.bytes, language, &error))
		fail_msg("%s", error.text);
	assert_string_equal(advisor.questions[0].asks, wanted);
	advisor_done(&advisor);
	text_done(&text);
}

static void test_languages(void **unused)
{
	static const char both[] = "{\"zh\": \"Z\", \"en\": \"E\", \"zh_TW\": \"T\"}";

	(void)unused;
	check_asks("\"plain\"", "zh", "plain");
	check_asks(both, "en", "E");
	check_asks(both, "zh", "Z");
	check_asks(both, "zh_CN.UTF-8", "Z");
	check_asks(both, "zh_TW.UTF-8", "T");
	check_asks(both, "zh:en", "Z");
	check_asks(both, "zhx", "E");
	check_asks(both, "de_DE", "E");
	check_asks(both, "", "E");
	check_asks("{\"zh\": \"Z\", \"fr\": \"F\"}", "en", "Z");
	/* Control characters are kept; whoever prints makes them safe. */
	check_asks("\"a\\u001b[31m\\n\\u009b\"", "en", "a\x1b[31m\n\xc2\x9b");
}

/* ---- noise, and no memory ---- */

static char *standard_text(size_t *length)
{
	const char *folder = getenv("top_srcdir");
	char path[4096], *text = malloc(65536);
	FILE *file;

	snprintf(path, sizeof path, "%s/data/rules.json", folder != NULL ? folder : ".");
	file = fopen(path, "rb");
	assert_non_null(file);
	assert_non_null(text);
	*length = fread(text, 1, 65536, file);
	assert_int_equal(fclose(file), 0);
	return text;
}

/* The file with a few bytes changed, cut out or doubled: taken whole or refused with a place. */
static void test_noise(void **unused)
{
	uint64_t dice = 12;
	size_t length, count;
	char *text = standard_text(&length), *copy = malloc(2 * length);
	struct advisor advisor;
	struct answers answers;
	struct advice advice;
	struct error error;
	int round, edit, q, taken = 0;

	(void)unused;
	advisor_init(&advisor);
	for (round = 0; round < 3000; round++) {
		memcpy(copy, text, count = length);
		for (edit = 1 + (int)(draw(&dice) % 3); edit > 0; edit--) {
			size_t at = draw(&dice) % (count - 50), size = draw(&dice) % 40;

			switch (draw(&dice) % 4) {
			case 0:
				copy[at] = (char)draw(&dice);
				break;
			case 1:
				copy[at] = "{}[]\",:\\0a"[draw(&dice) % 10];
				break;
			case 2:
				memmove(copy + at, copy + at + size, count - at - size);
				count -= size;
				break;
			default:
				memmove(copy + at + size, copy + at, count - at);
				count += size;
			}
		}
		error.text[0] = '\0';
		if (!advisor_read(&advisor, copy, count, "noise", "en", &error)) {
			assert_int_equal(strncmp(error.text, "noise: line ", 12), 0);
			continue;
		}
		taken++;
		answers_init(&answers);
		for (q = 0; q < advisor.question_count; q++)
			answers.option[q] = (int)(draw(&dice) %
						  (unsigned)advisor.questions[q].option_count);
		advise(&advisor, &answers, &advice);
	}
	assert_true(taken > 100);
	assert_true(taken < 2900);
	advisor_done(&advisor);
	free(copy);
	free(text);
}

static void test_no_memory(void **unused)
{
	struct advisor advisor;
	struct error error;
	bool done = false;
	int memory = 0;
	long n;

	(void)unused;
	advisor_init(&advisor);
	assert_true(advisor_standard(&advisor, "en", &error));
	for (n = 0; n < 20000 && !done; n += n < 300 ? 1 : 7) {
		memset(&error, 0, sizeof error);
		until_failure = n;
		done = advisor_standard(&advisor, "en", &error);
		until_failure = -1;
		/* jansson tells some of its own failures as syntax errors. */
		assert_true(done || error.kind == ERROR_MEMORY || error.kind == ERROR_FILE);
		memory += error.kind == ERROR_MEMORY;
		check_untouched(&advisor);
	}
	assert_true(done);
	assert_true(memory > 40); /* ours; jansson's too where it is linked from its archive */
	advisor_done(&advisor);
}

/* ---- files ---- */

static void test_open(void **unused)
{
	const char *folder = getenv("top_srcdir");
	struct advisor advisor;
	struct error error;
	char path[4096];

	(void)unused;
	advisor_init(&advisor);
	snprintf(path, sizeof path, "%s/data/rules.json", folder != NULL ? folder : ".");
	assert_true(advisor_open(&advisor, path, "en", FILE_ANY, &error));
	check_untouched(&advisor);
	assert_false(advisor_open(&advisor, "absent.json", "en", FILE_ANY, &error));
	assert_int_equal(error.kind, ERROR_FILE);
	assert_non_null(strstr(error.text, "absent.json"));
	assert_false(advisor_open(&advisor, "/dev/zero", "en", FILE_ANY, &error));
	assert_non_null(strstr(error.text, "longer than 1048576"));
	assert_false(advisor_open(&advisor, "/dev/null", "en", FILE_ANY, &error));
	assert_non_null(strstr(error.text, "/dev/null: line 1"));
	assert_false(advisor_open(&advisor, ".", "en", FILE_ANY, &error));
	check_untouched(&advisor);
	advisor_done(&advisor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_standard),   cmocka_unit_test(test_own),
		cmocka_unit_test(test_refused),    cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_largest),    cmocka_unit_test(test_exact_ties),
		cmocka_unit_test(test_languages),  cmocka_unit_test(test_noise),
		cmocka_unit_test(test_no_memory),  cmocka_unit_test(test_open),
	};

	return cmocka_run_group_tests_name("advisor: rules files", tests, NULL, NULL);
}
