/* The advisor's ranking: every combination of answers against a computation of its own, straight
 * from the JSON of data/rules.json; random rules; decisive answers; what would change the first
 * place; where guide and table differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advisor/advisor.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define MOST 8 /* strategies of a file in this test */

static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* ---- the other computation: words and JSON, shares as fractions ---- */

/* Answers and decisive questions as objects: {"scale": "small"}, {"scale": true}. */
struct other {
	const json_t *root;
	json_t *answers, *decisive;
};

struct score {
	const char *strategy;
	int support, table, place, named;
	long long top, bottom; /* sum of shares */
	bool undecided;
};

static bool has_word(const json_t *value, const char *word)
{
	const json_t *item;
	size_t k;

	if (json_is_string(value))
		return strcmp(json_string_value(value), word) == 0;
	json_array_foreach((json_t *)value, k, item)
		if (strcmp(json_string_value(item), word) == 0)
			return true;
	return false;
}

static bool other_fires(const struct other *other, const json_t *rule)
{
	const json_t *value;
	const char *key;

	json_object_foreach(json_object_get(rule, "when"), key, value) {
		const json_t *answer = json_object_get(other->answers, key);

		if (answer == NULL || !has_word(value, json_string_value(answer)))
			return false;
	}
	return true;
}

static bool hangs_on(const json_t *rule, const char *question)
{
	return json_object_get(json_object_get(rule, "when"), question) != NULL;
}

static bool recommends(const json_t *rule, const char *strategy)
{
	return has_word(json_object_get(rule, "recommend"), strategy);
}

static bool is_from(const json_t *rule, const char *source)
{
	return has_word(json_object_get(rule, "source"), source);
}

/* Words named before `strategy`, counting every mention; past all of them if it is not named. */
static int place_of(const struct other *other, const char *strategy)
{
	static const char *const sources[] = {"guide", "table"};
	const json_t *rule, *item;
	int place = 0;
	size_t s, r, k;

	for (s = 0; s < 2; s++)
		json_array_foreach(json_object_get(other->root, "rules"), r, rule) {
			if (!is_from(rule, sources[s]) || !other_fires(other, rule))
				continue;
			json_array_foreach(json_object_get(rule, "recommend"), k, item) {
				if (strcmp(json_string_value(item), strategy) == 0)
					return place;
				place++;
			}
		}
	json_array_foreach(json_object_get(other->root, "strategies"), k, item)
		if (strcmp(json_string_value(item), strategy) == 0)
			place += 1 + (int)k;
	return place;
}

/* Adds 1/length to the sum and reduces it. */
static void add_share(struct score *score, long long length)
{
	long long a, b, rest;

	score->top = score->top * length + score->bottom;
	score->bottom *= length;
	for (a = score->top, b = score->bottom; b != 0; b = rest) {
		rest = a % b;
		a = b;
	}
	score->top /= a;
	score->bottom /= a;
}

static struct score score_of(const struct other *other, const char *strategy)
{
	const json_t *rules = json_object_get(other->root, "rules"), *rule, *answer;
	struct score score = {.strategy = strategy, .bottom = 1};
	const char *question;
	size_t r;

	json_object_foreach(other->answers, question, answer) {
		size_t shortest = 1000;

		json_array_foreach(rules, r, rule) {
			size_t length = json_array_size(json_object_get(rule, "recommend"));

			if (hangs_on(rule, question) && recommends(rule, strategy) &&
			    other_fires(other, rule) && length < shortest)
				shortest = length;
		}
		if (shortest < 1000) {
			score.support++;
			add_share(&score, (long long)shortest);
		} else if (json_object_get(other->decisive, question) != NULL) {
			score.undecided = true;
		}
	}
	json_array_foreach(rules, r, rule)
		if (recommends(rule, strategy)) {
			score.named++;
			score.table += is_from(rule, "table") && other_fires(other, rule);
		}
	score.place = place_of(other, strategy);
	return score;
}

/* 1 if a is before b, -1 if behind, 0 where only the file's order is left. */
static int before(const struct score *a, const struct score *b, bool enough)
{
	long long shares = a->top * b->bottom - b->top * a->bottom;

	if (!enough)
		return (a->named > b->named) - (a->named < b->named);
	if (a->undecided != b->undecided)
		return a->undecided ? -1 : 1;
	if (a->support != b->support)
		return a->support > b->support ? 1 : -1;
	if (shares != 0)
		return shares > 0 ? 1 : -1;
	if (a->table != b->table)
		return a->table > b->table ? 1 : -1;
	return (a->place < b->place) - (a->place > b->place);
}

/* Fills `sorted` in the order of the ranking; returns how many. */
static size_t other_ranking(const struct other *other, struct score sorted[MOST])
{
	const json_t *names = json_object_get(other->root, "strategies");
	bool enough = json_object_size(other->answers) > 0;
	struct score scores[MOST];
	size_t count = json_array_size(names), a, b, above;

	for (a = 0; a < count; a++)
		scores[a] = score_of(other, json_string_value(json_array_get(names, a)));
	for (a = 0; a < count; a++) {
		for (above = b = 0; b < count; b++) {
			int order = before(&scores[b], &scores[a], enough);

			above += order > 0 || (order == 0 && b < a);
		}
		sorted[above] = scores[a];
	}
	return count;
}

/* ---- comparing ---- */

/* The reasons of a row in the other computation's words: "rule question" pairs, a line each. */
static void write_other(const struct other *other, const char *strategy, bool against,
			struct text *text)
{
	const json_t *rule, *question, *rules = json_object_get(other->root, "rules");
	size_t r, q, k;

	json_array_foreach(json_object_get(other->root, "questions"), q, question) {
		const char *id = json_string_value(json_object_get(question, "id")), *named = NULL;
		bool speaks = false;

		json_array_foreach(rules, r, rule) {
			if (!hangs_on(rule, id) || !other_fires(other, rule))
				continue;
			speaks |= recommends(rule, strategy);
			if (named == NULL)
				named = json_string_value(json_object_get(rule, "id"));
		}
		if (against && named != NULL && !speaks)
			text_addf(text, "%s %s\n", named, id);
	}
	json_array_foreach(rules, r, rule)
		if (!against && other_fires(other, rule) && recommends(rule, strategy))
			json_array_foreach(json_object_get(other->root, "questions"), k, question) {
				const char *id = json_string_value(json_object_get(question, "id"));

				if (hangs_on(rule, id))
					text_addf(text, "%s %s\n",
						  json_string_value(json_object_get(rule, "id")), id);
			}
}

static void compare_reasons(const struct advisor *advisor, const struct other *other,
			    const struct recommendation *row, bool against)
{
	const struct reason *reasons = against ? row->against : row->reasons;
	int count = against ? row->against_count : row->reason_count, k;
	struct text wanted, got;

	text_init(&wanted);
	text_init(&got);
	write_other(other, advisor->strategies[row->strategy], against, &wanted);
	for (k = 0; k < count; k++)
		text_addf(&got, "%s %s\n", advisor->rules[reasons[k].rule].id,
			  advisor->questions[reasons[k].question].id);
	assert_string_equal(wanted.bytes, got.bytes);
	text_done(&wanted);
	text_done(&got);
}

static void set_other(const struct advisor *advisor, const struct answers *answers,
		      struct other *other)
{
	int q;

	other->answers = json_object();
	other->decisive = json_object();
	for (q = 0; q < advisor->question_count; q++) {
		const struct advisor_question *question = &advisor->questions[q];

		if (answers->option[q] < 0)
			continue;
		json_object_set_new(other->answers, question->id,
				    json_string(question->options[answers->option[q]].id));
		if (answers->decisive[q])
			json_object_set_new(other->decisive, question->id, json_true());
	}
}

/* Everything but the changes: full order, ranks, counts, reasons. Returns the first strategy. */
static int compare(const struct advisor *advisor, const json_t *root, const struct answers *answers)
{
	struct other other = {.root = root};
	struct score sorted[MOST];
	struct advice advice;
	size_t count, k;
	int rank = 1;

	set_other(advisor, answers, &other);
	count = other_ranking(&other, sorted);
	advise(advisor, answers, &advice);
	assert_int_equal(advice.count, count);
	assert_int_equal(advice.of, json_object_size(other.answers));
	assert_int_equal(advice.enough, advice.of > 0);
	for (k = 0; k < count; k++) {
		const struct recommendation *row = &advice.list[k];

		assert_string_equal(advisor->strategies[row->strategy], sorted[k].strategy);
		if (k > 0 && (sorted[k].support != sorted[k - 1].support ||
			      sorted[k].undecided != sorted[k - 1].undecided))
			rank = (int)k + 1;
		assert_int_equal(row->rank, rank);
		assert_int_equal(row->support, sorted[k].support);
		assert_int_equal(row->table_rules, sorted[k].table);
		assert_int_equal(row->named, sorted[k].named);
		assert_int_equal(row->undecided, sorted[k].undecided);
		assert_true(row->weight % (ADVISOR_WHOLE / sorted[k].bottom) == 0);
		assert_true(row->weight / (ADVISOR_WHOLE / sorted[k].bottom) == sorted[k].top);
		compare_reasons(advisor, &other, row, false);
		compare_reasons(advisor, &other, row, true);
	}
	json_decref(other.answers);
	json_decref(other.decisive);
	return advice.list[0].strategy;
}

/* ---- the shipped rules ---- */

static struct advisor shipped;
static json_t *shipped_root;

static int open_shipped(void **state)
{
	const char *folder = getenv("top_srcdir");
	struct error error;
	char path[4096];

	(void)state;
	snprintf(path, sizeof path, "%s/data/rules.json", folder != NULL ? folder : ".");
	shipped_root = json_load_file(path, 0, NULL);
	advisor_init(&shipped);
	return shipped_root == NULL || !advisor_standard(&shipped, "en", &error);
}

static int close_shipped(void **state)
{
	(void)state;
	json_decref(shipped_root);
	advisor_done(&shipped);
	return 0;
}

/* The next combination of answers, counting like a clock; false after the last. */
static bool next_answers(const struct advisor *advisor, struct answers *answers)
{
	int q;

	for (q = 0; q < advisor->question_count; q++) {
		if (++answers->option[q] < advisor->questions[q].option_count)
			return true;
		answers->option[q] = ANSWER_UNKNOWN;
	}
	return false;
}

static int first[720]; /* the first strategy, by combination: for test_changes */

static int index_of(const struct advisor *advisor, const struct answers *answers)
{
	int q, index = 0;

	for (q = advisor->question_count - 1; q >= 0; q--)
		index = index * (advisor->questions[q].option_count + 1) + answers->option[q] + 1;
	return index;
}

static void test_all_combinations(void **unused)
{
	struct answers answers;
	int count = 0;

	(void)unused;
	answers_init(&answers);
	do {
		first[index_of(&shipped, &answers)] = compare(&shipped, shipped_root, &answers);
		count++;
	} while (next_answers(&shipped, &answers));
	assert_int_equal(count, 720);
}

static void test_decisive(void **unused)
{
	struct answers answers;
	struct advice advice;
	int q, k, below;

	(void)unused;
	answers_init(&answers);
	do {
		for (q = 0; q < shipped.question_count; q++) {
			answers.decisive[q] = true;
			if (answers.option[q] >= 0 || answers.option[0] == 1) /* ignored where open */
				compare(&shipped, shipped_root, &answers);
			answers.decisive[q] = false;
		}
	} while (next_answers(&shipped, &answers));

	/* A strategy that nothing but the decisive answer supports comes before all others. */
	assert_true(answers_set(&shipped, &answers, "model", "finetune", NULL));
	assert_true(answers_set(&shipped, &answers, "scale", "large", NULL));
	assert_true(answers_set(&shipped, &answers, "sensitivity", "sensitive", NULL));
	advise(&shipped, &answers, &advice);
	assert_string_equal(shipped.strategies[advice.list[0].strategy], "cosine");
	assert_true(answers_decide(&shipped, &answers, "model", NULL));
	advise(&shipped, &answers, &advice);
	assert_string_equal(shipped.strategies[advice.list[0].strategy], "onecycle");
	assert_int_equal(advice.list[0].support, 1);
	assert_int_equal(advice.list[1].support, 2);
	for (below = 0, k = 0; k < advice.count; k++)
		below += advice.list[k].undecided;
	assert_int_equal(below, advice.count - 1);
}

static void test_one_answer(void **unused)
{
	static const struct {
		const char *question, *option, *set[4];
	} cases[] = {
		{"scale", "small", {"onecycle", "cyclic"}},
		{"scale", "medium", {"step", "exponential"}},
		{"scale", "large", {"cosine", "plateau"}},
		{"model", "simple", {"step", "exponential"}},
		{"model", "deep", {"cosine", "plateau", "onecycle"}},
		{"model", "finetune", {"onecycle"}},
		{"task", "classification", {"step", "cosine", "cyclic"}},
		{"task", "regression", {"exponential", "plateau"}},
		{"task", "timeseries", {"plateau", "exponential"}},
		{"task", "nlp", {"exponential", "plateau"}},
		{"sensitivity", "sensitive", {"cosine", "plateau"}},
		{"sensitivity", "insensitive", {"cyclic", "onecycle"}},
		{"loss", "fluctuating", {"plateau"}},
		{"loss", "steady", {"step", "exponential"}},
	};
	struct answers answers;
	struct advice advice;
	size_t i;
	int k;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		answers_init(&answers);
		assert_true(answers_set(&shipped, &answers, cases[i].question, cases[i].option, NULL));
		advise(&shipped, &answers, &advice);
		assert_int_equal(advice.of, 1);
		for (k = 0; cases[i].set[k] != NULL; k++) {
			assert_string_equal(shipped.strategies[advice.list[k].strategy],
					    cases[i].set[k]);
			assert_int_equal(advice.list[k].support, 1);
			assert_int_equal(advice.list[k].rank, 1);
		}
		for (; k < advice.count; k++)
			assert_int_equal(advice.list[k].support, 0);
	}
}

static void test_no_answer(void **unused)
{
	static const char *const wanted[] = {"plateau", "exponential", "cosine", "step", "onecycle",
					     "cyclic"};
	static const int named[] = {10, 7, 7, 6, 6, 5};
	struct answers answers;
	struct advice advice;
	int k;

	(void)unused;
	answers_init(&answers);
	assert_true(answers_set(&shipped, &answers, "scale", "unknown", NULL));
	advise(&shipped, &answers, &advice);
	assert_false(advice.enough);
	assert_int_equal(advice.of, 0);
	assert_int_equal(advice.change_count, 0);
	for (k = 0; k < advice.count; k++) {
		assert_string_equal(shipped.strategies[advice.list[k].strategy], wanted[k]);
		assert_int_equal(advice.list[k].named, named[k]);
		assert_int_equal(advice.list[k].rank, 1);
		assert_int_equal(advice.list[k].reason_count + advice.list[k].against_count, 0);
	}
}

/* ---- changes ---- */

static int row_of(const struct advice *advice, int strategy)
{
	int k = 0;

	while (advice->list[k].strategy != strategy)
		k++;
	return k;
}

static void test_changes(void **unused)
{
	struct answers answers, changed;
	struct advice advice, other;
	int q, o, seen, kinds[2][2] = {{0}};

	(void)unused;
	answers_init(&answers);
	while (next_answers(&shipped, &answers)) {
		advise(&shipped, &answers, &advice);
		seen = 0;
		for (q = 0; q < shipped.question_count; q++)
			for (o = 0; o < shipped.questions[q].option_count; o++) {
				const struct change *change = &advice.changes[seen];
				int then, joint;
				bool alone;

				if (o == answers.option[q])
					continue;
				changed = answers;
				changed.option[q] = o;
				then = first[index_of(&shipped, &changed)];
				advise(&shipped, &changed, &other);
				for (joint = 1; joint < other.count && other.list[joint].rank == 1; joint++)
					;
				alone = joint == 1 && advice.list[1].rank == 1;
				if (!alone && other.list[row_of(&other, advice.list[0].strategy)].rank == 1)
					continue;
				assert_true(seen < advice.change_count);
				assert_int_equal(change->question, q);
				assert_int_equal(change->option, o);
				assert_int_equal(change->strategy, then);
				assert_int_equal(change->of, advice.of + (answers.option[q] < 0));
				assert_int_equal(change->joint, joint);
				assert_int_equal(change->alone, alone);
				kinds[joint > 1][alone]++;
				seen++;
			}
		assert_int_equal(seen, advice.change_count);
	}
	assert_true(kinds[0][0] > 0 && kinds[0][1] > 0 && kinds[1][0] > 0);
}

/* ---- sentences ---- */

static void test_differences(void **unused)
{
	int q, o, count = 0;
	struct text out;

	(void)unused;
	text_init(&out);
	for (q = 0; q < shipped.question_count; q++)
		for (o = 0; o < shipped.questions[q].option_count; o++) {
			bool deep = strcmp(shipped.questions[q].options[o].id, "deep") == 0;
			bool nlp = strcmp(shipped.questions[q].options[o].id, "nlp") == 0;

			text_clear(&out);
			assert_int_equal(advisor_difference(&shipped, q, o, &out), deep || nlp);
			assert_string_equal(out.bytes, deep ? "deep: the guide adds onecycle"
					    : nlp     ? "language: only the table knows it"
						      : "");
			count += deep || nlp;
		}
	assert_int_equal(count, 2);
	text_done(&out);
}

static void check_lead(const char *words, const char *wanted)
{
	char store[200], *pieces[10];
	int count = text_words(words, store, pieces, 10), k;
	struct answers answers;
	struct advice advice;
	struct text text;

	answers_init(&answers);
	for (k = 0; k + 1 < count; k += 2)
		assert_true(answers_set(&shipped, &answers, pieces[k], pieces[k + 1], NULL));
	advise(&shipped, &answers, &advice);
	text_init(&text);
	advisor_lead(&shipped, &advice, &text);
	assert_string_equal(text.bytes, wanted);
	text_done(&text);
}

static void test_sentences(void **unused)
{
	struct answers answers;
	struct advice advice;
	struct text text;

	(void)unused;
	check_lead("", "");
	check_lead("model finetune", "");
	check_lead("scale small", "onecycle ties with cyclic and leads: it is named "
				  "first");
	check_lead("scale small model finetune task nlp sensitivity sensitive",
		   "onecycle ties with plateau and leads: its rules name fewer others");
	check_lead("sensitivity insensitive task nlp",
		   "exponential ties with plateau and leads: it is named first");
	check_lead("sensitivity sensitive task nlp scale small loss steady",
		   "plateau ties with exponential and leads: it is named first");
	check_lead("scale small model simple task regression sensitivity sensitive",
		   "exponential ties with plateau and leads: more table rows name it");
	answers_init(&answers);
	assert_true(answers_set(&shipped, &answers, "task", "nlp", NULL));
	advise(&shipped, &answers, &advice);
	text_init(&text);
	advisor_for(&shipped, advice.list[0].reasons[0], &text);
	assert_string_equal(text.bytes, "the table's row: time series, or natural language");
	text_clear(&text);
	advisor_against(&shipped, advice.list[5].against[0], &text);
	assert_string_equal(text.bytes, "the table names exponential, plateau instead");
	text_done(&text);
}

static void test_answers(void **unused)
{
	struct answers answers;
	struct error error;

	(void)unused;
	answers_init(&answers);
	assert_false(answers_set(&shipped, &answers, "scal", "small", &error));
	assert_int_equal(error.kind, ERROR_REQUEST);
	assert_non_null(strstr(error.text, "'scal'; nearest: scale; allowed: scale, model"));
	assert_false(answers_set(&shipped, &answers, "scale", "tiny", &error));
	assert_non_null(strstr(error.text, "scale 'tiny'; allowed: small, medium, large, unknown"));
	assert_int_equal(answers.option[0], ANSWER_UNKNOWN);
	assert_true(answers_set(&shipped, &answers, "scale", "large", &error));
	assert_int_equal(answers.option[0], 2);
	assert_false(answers_decide(&shipped, &answers, "scale,scale", &error));
	assert_non_null(strstr(error.text, "twice"));
	assert_false(answers_decide(&shipped, &answers, "task", &error));
	assert_non_null(strstr(error.text, "'task'"));
	assert_false(answers_decide(&shipped, &answers, "", &error));
	assert_false(answers_decide(&shipped, &answers, "scale,", &error));
	assert_true(answers_set(&shipped, &answers, "scale", "unknown", &error));
	assert_int_equal(answers.option[0], ANSWER_UNKNOWN);
}

static void test_steps(void **unused)
{
	(void)unused;
	assert_true(advisor_steps(9600, 16, 2, 1, 3) == 900);
	assert_true(advisor_steps(9601, 16, 2, 1, 3) == 903);
	assert_true(advisor_steps(9601, 16, 1, 4, 1) == 151);
	assert_true(advisor_steps(1, 1, 1, 1, 1) == 1);
	assert_true(advisor_steps(10, 64, 8, 2, 5) == 5);
}

/* ---- rules drawn at random: several questions a rule, several options a question ---- */

static json_t *draw_subset(uint64_t *dice, char letter, int count, int most)
{
	json_t *list = json_array();
	int k, n = 1 + (int)(draw(dice) % (unsigned)most), pick;
	unsigned used = 0;
	char word[3] = {letter};

	for (k = 0; k < n; k++) {
		do
			pick = (int)(draw(dice) % (unsigned)count);
		while (used >> pick & 1);
		used |= 1u << pick;
		word[1] = (char)('0' + pick);
		json_array_append_new(list, json_string(word));
	}
	return list;
}

static json_t *draw_list(char letter, int count)
{
	json_t *list = json_array();
	char word[3] = {letter};
	int k;

	for (k = 0; k < count; k++) {
		word[1] = (char)('0' + k);
		json_array_append_new(list, json_string(word));
	}
	return list;
}

/* Four questions q0 to q3 with options o0 to o2, strategies s0 to s5. */
static json_t *draw_rules(uint64_t *dice)
{
	json_t *rules = json_array(), *questions = json_array();
	char name[20];
	int r, q;

	for (q = 0; q < 4; q++) {
		snprintf(name, sizeof name, "q%d", q);
		json_array_append_new(questions, json_pack("{s:s, s:s, s:o}", "id", name, "asks", "?",
							   "options", draw_list('o', 3)));
	}
	for (r = 0; r < 16; r++) {
		json_t *when = json_object();
		bool table = draw(dice) % 2;

		snprintf(name, sizeof name, "q%d", r % 4);
		json_object_set_new(when, name, draw_subset(dice, 'o', 3, 3));
		if (draw(dice) % 3 == 0)
			json_object_set_new(when, r % 4 == 0 ? "q1" : "q0",
					    draw_subset(dice, 'o', 3, 2));
		snprintf(name, sizeof name, "r%d", r);
		json_array_append_new(rules, json_pack("{s:s, s:s, s:s, s:o, s:o}", "id", name,
						       "source", table ? "table" : "guide",
						       table ? "row" : "because", "...", "when", when,
						       "recommend", draw_subset(dice, 's', 6, 6)));
	}
	return json_pack("{s:o, s:o, s:o}", "strategies", draw_list('s', 6), "questions", questions,
			 "rules", rules);
}

static void test_random_rules(void **unused)
{
	uint64_t dice = 11;
	struct advisor advisor;
	struct answers answers;
	struct error error;
	int round, q;

	(void)unused;
	advisor_init(&advisor);
	answers_init(&answers);
	for (round = 0; round < 8; round++) {
		json_t *root = draw_rules(&dice);
		char *text = json_dumps(root, JSON_INDENT(1));

		if (!advisor_read(&advisor, text, strlen(text), "random", "en", &error))
			fail_msg("%s", error.text);
		do {
			for (q = 0; q < advisor.question_count; q++)
				answers.decisive[q] = draw(&dice) % 4 == 0;
			compare(&advisor, root, &answers);
		} while (next_answers(&advisor, &answers));
		free(text);
		json_decref(root);
	}
	advisor_done(&advisor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_combinations), cmocka_unit_test(test_one_answer),
		cmocka_unit_test(test_no_answer),        cmocka_unit_test(test_decisive),
		cmocka_unit_test(test_changes),          cmocka_unit_test(test_differences),
		cmocka_unit_test(test_sentences),        cmocka_unit_test(test_answers),
		cmocka_unit_test(test_steps),            cmocka_unit_test(test_random_rules),
	};

	return cmocka_run_group_tests_name("advisor: ranking", tests, open_shipped, close_shipped);
}
