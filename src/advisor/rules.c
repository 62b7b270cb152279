/* The rules file: strategies, questions, rules, and what holds between them. */
#include <stdlib.h>
#include <string.h>

#include "advisor/reader.h"
#include "base/json.h"
#include "base/language.h"

/* ---- strategies and questions ---- */

static int find_strategy(const struct advisor *advisor, const char *id)
{
	int s;

	for (s = 0; s < advisor->strategy_count; s++)
		if (strcmp(advisor->strategies[s], id) == 0)
			return s;
	return -1;
}

static bool refuse_twice(struct reader *reader, const char *what, const char *id)
{
	return reader_refuse(reader, _("%s '%s' is there twice"), what, id);
}

static bool read_strategies(struct reader *reader, const json_t *root)
{
	const json_t *list = reader_list(reader, root, "strategies", ADVISOR_STRATEGIES);
	struct advisor *advisor = &reader->advisor;
	char id[ADVISOR_ID];
	size_t k;

	if (list == NULL)
		return false;
	advisor->strategies = calloc(json_array_size(list), sizeof *advisor->strategies);
	if (advisor->strategies == NULL)
		return error_memory(reader->error);
	for (k = 0; k < json_array_size(list); k++) {
		reader_enter_item(reader, k);
		if (!reader_id(reader, json_array_get(list, k), id, sizeof id, "_"))
			return false;
		if (find_strategy(advisor, id) >= 0)
			return refuse_twice(reader, _("strategy"), id);
		reader_leave(reader);
		memcpy(advisor->strategies[advisor->strategy_count++], id, sizeof id);
	}
	reader_leave(reader);
	return true;
}

/* An option is an id alone, or an object with id, label and brief. */
static bool read_option(struct reader *reader, const json_t *value, int question)
{
	static const char *const known[] = {"id", "label", "brief", NULL};
	struct advisor_question *row = &reader->advisor.questions[question];
	char id[ADVISOR_ID];
	struct advisor_option *option;

	if (json_is_object(value)) {
		if (!reader_keys(reader, value, known) ||
		    !reader_own_id(reader, value, id, sizeof id, "_"))
			return false;
	} else if (!json_is_string(value)) {
		return reader_refuse_type(reader, value, _("an option, a string or an object"));
	} else if (!reader_id(reader, value, id, sizeof id, "_")) {
		return false;
	}
	if (strcmp(id, "unknown") == 0)
		return reader_refuse(reader, _("'unknown' is an answer to every question, "
					       "not an option"));
	if (advisor_option(&reader->advisor, question, id) >= 0)
		return refuse_twice(reader, _("option"), id);
	option = &row->options[row->option_count];
	memcpy(option->id, id, sizeof id);
	row->option_count++; /* now, so that what was read is freed with it */
	if (!json_is_object(value))
		return reader_copy(reader, id, &option->label) &&
		       reader_copy(reader, id, &option->brief);
	return reader_text(reader, value, "label", id, &option->label) &&
	       reader_text(reader, value, "brief", option->label, &option->brief);
}

static bool read_question(struct reader *reader, const json_t *object)
{
	static const char *const known[] = {"id", "label", "asks", "options", NULL};
	struct advisor *advisor = &reader->advisor;
	int question = advisor->question_count;
	struct advisor_question *row = &advisor->questions[question];
	const json_t *list;
	char id[ADVISOR_ID];
	size_t k;

	if (!reader_keys(reader, object, known) ||
	    !reader_own_id(reader, object, id, sizeof id, "_"))
		return false;
	if (advisor_question(advisor, id) >= 0)
		return refuse_twice(reader, _("question"), id);
	advisor->question_count++; /* from here on its texts are freed with the advisor */
	memcpy(row->id, id, sizeof id);
	if (!reader_text(reader, object, "asks", NULL, &row->asks) ||
	    !reader_text(reader, object, "label", id, &row->label))
		return false;
	list = reader_list(reader, object, "options", ADVISOR_OPTIONS);
	if (list == NULL)
		return false;
	for (k = 0; k < json_array_size(list); k++) {
		reader_enter_item(reader, k);
		if (!read_option(reader, json_array_get(list, k), question))
			return false;
		reader_leave(reader);
	}
	reader_leave(reader);
	return true;
}

static bool read_questions(struct reader *reader, const json_t *root)
{
	const json_t *list = reader_list(reader, root, "questions", ADVISOR_QUESTIONS);
	struct advisor *advisor = &reader->advisor;
	size_t k;

	if (list == NULL)
		return false;
	advisor->questions = calloc(json_array_size(list), sizeof *advisor->questions);
	if (advisor->questions == NULL)
		return error_memory(reader->error);
	for (k = 0; k < json_array_size(list); k++) {
		reader_enter_item(reader, k);
		if (!read_question(reader, json_array_get(list, k)))
			return false;
		reader_leave(reader);
	}
	reader_leave(reader);
	return true;
}

/* ---- rules ---- */

static bool read_condition(struct reader *reader, const json_t *value, int question,
			   unsigned *options)
{
	const struct advisor_question *row = &reader->advisor.questions[question];
	const char *known[ADVISOR_OPTIONS], *word = json_string_value(value);
	struct error why;
	int option, o;

	if (word == NULL)
		return reader_refuse_type(reader, value, _("an option"));
	option = advisor_option(&reader->advisor, question, word);
	if (option < 0) {
		for (o = 0; o < row->option_count; o++)
			known[o] = row->options[o].id;
		error_unknown(&why, _("option"), word, known, (unsigned)row->option_count);
		return reader_refuse_word(reader, &why);
	}
	if ((*options & 1u << option) != 0)
		return refuse_twice(reader, _("option"), word);
	*options |= 1u << option;
	return true;
}

/* "small", or a list of options any of which will do. */
static bool read_conditions(struct reader *reader, const json_t *value, int question,
			    unsigned *options)
{
	size_t k;

	if (!json_is_array(value))
		return read_condition(reader, value, question, options);
	if (json_array_size(value) == 0)
		return reader_refuse(reader, _("the list is empty"));
	for (k = 0; k < json_array_size(value); k++) {
		reader_enter_item(reader, k);
		if (!read_condition(reader, json_array_get(value, k), question, options))
			return false;
		reader_leave(reader);
	}
	return true;
}

static bool read_when(struct reader *reader, const json_t *object, struct advisor_rule *rule)
{
	const struct advisor *advisor = &reader->advisor;
	const json_t *when = json_object_get(object, "when"), *value;
	const char *known[ADVISOR_QUESTIONS + 1] = {NULL}, *key;
	int q;

	if (when == NULL)
		return reader_refuse(reader, _("\"when\" is missing"));
	for (q = 0; q < advisor->question_count; q++)
		known[q] = advisor->questions[q].id;
	reader_enter(reader, "when");
	if (!reader_members(reader, when, _("question"), known))
		return false;
	if (json_object_size(when) == 0)
		return reader_refuse(reader, _("the rule hangs on no question"));
	json_object_foreach((json_t *)when, key, value) {
		q = advisor_question(advisor, key);
		reader_enter(reader, key);
		if (!read_conditions(reader, value, q, &rule->when[q]))
			return false;
		reader_leave(reader);
	}
	reader_leave(reader);
	return true;
}

static bool read_recommend(struct reader *reader, const json_t *object, struct advisor_rule *rule)
{
	const struct advisor *advisor = &reader->advisor;
	const json_t *list = reader_list(reader, object, "recommend", ADVISOR_STRATEGIES);
	const char *known[ADVISOR_STRATEGIES], *word;
	struct error why;
	size_t k;
	int s;

	if (list == NULL)
		return false;
	for (k = 0; k < json_array_size(list); k++) {
		reader_enter_item(reader, k);
		word = json_string_value(json_array_get(list, k));
		if (word == NULL)
			return reader_refuse_type(reader, json_array_get(list, k), _("a strategy"));
		s = find_strategy(advisor, word);
		if (s < 0) {
			for (s = 0; s < advisor->strategy_count; s++)
				known[s] = advisor->strategies[s];
			error_unknown(&why, _("strategy"), word, known, (unsigned)s);
			return reader_refuse_word(reader, &why);
		}
		if (rule_names(rule, s) > 0)
			return refuse_twice(reader, _("strategy"), word);
		reader_leave(reader);
		rule->recommend[rule->recommend_count++] = s;
	}
	reader_leave(reader);
	return true;
}

/* A guide rule says why, a table rule which row it is. */
static bool read_source(struct reader *reader, const json_t *object, struct advisor_rule *rule)
{
	static const char *const known[] = {"guide", "table"};
	const json_t *value = json_object_get(object, "source");
	const char *word = json_string_value(value), *other;
	struct error why;

	if (value == NULL)
		return reader_refuse(reader, _("\"source\" is missing"));
	reader_enter(reader, "source");
	if (word == NULL)
		return reader_refuse_type(reader, value, _("\"guide\" or \"table\""));
	if (strcmp(word, "guide") != 0 && strcmp(word, "table") != 0) {
		error_unknown(&why, _("source"), word, known, 2);
		return reader_refuse_word(reader, &why);
	}
	reader_leave(reader);
	rule->source = strcmp(word, "table") == 0 ? RULE_TABLE : RULE_GUIDE;
	other = rule->source == RULE_TABLE ? "because" : "row";
	if (json_object_get(object, other) != NULL) {
		reader_enter(reader, other);
		return reader_refuse(reader, _("a rule of the %s has no \"%s\""), word, other);
	}
	if (rule->source == RULE_TABLE)
		return reader_text(reader, object, "row", NULL, &rule->row);
	return reader_text(reader, object, "because", NULL, &rule->because);
}

static bool read_rule(struct reader *reader, const json_t *object)
{
	static const char *const known[] = {"id", "source", "when", "recommend", "because", "row",
					    NULL};
	struct advisor *advisor = &reader->advisor;
	struct advisor_rule *rule = &advisor->rules[advisor->rule_count];
	int r;

	if (!reader_keys(reader, object, known) ||
	    !reader_own_id(reader, object, rule->id, sizeof rule->id, "_.-"))
		return false;
	for (r = 0; r < advisor->rule_count; r++)
		if (strcmp(advisor->rules[r].id, rule->id) == 0)
			return refuse_twice(reader, _("rule"), rule->id);
	advisor->rule_count++; /* from here on its texts are freed with the advisor */
	return read_source(reader, object, rule) && read_when(reader, object, rule) &&
	       read_recommend(reader, object, rule);
}

static bool read_rules(struct reader *reader, const json_t *root)
{
	const json_t *list = reader_list(reader, root, "rules", ADVISOR_RULES);
	struct advisor *advisor = &reader->advisor;
	size_t k;

	if (list == NULL)
		return false;
	advisor->rules = calloc(json_array_size(list), sizeof *advisor->rules);
	if (advisor->rules == NULL)
		return error_memory(reader->error);
	for (k = 0; k < json_array_size(list); k++) {
		reader_enter_item(reader, k);
		if (!read_rule(reader, json_array_get(list, k)))
			return false;
		reader_leave(reader);
	}
	reader_leave(reader);
	return true;
}

/* ---- the whole ---- */

/* Rules that hang on an option of a question. */
static int count_rules(const struct advisor *advisor, int question, unsigned options)
{
	int r, count = 0;

	for (r = 0; r < advisor->rule_count; r++)
		count += (advisor->rules[r].when[question] & options) != 0;
	return count;
}

static bool check_coverage(struct reader *reader)
{
	const struct advisor *advisor = &reader->advisor;
	int q, o, count;

	for (q = 0; q < advisor->question_count; q++) {
		const struct advisor_question *row = &advisor->questions[q];

		reader_enter(reader, "questions");
		reader_enter_item(reader, (size_t)q);
		if (count_rules(advisor, q, ~0u) == 0)
			return reader_refuse(reader, _("no rule hangs on the question '%s'"),
					     row->id);
		for (o = 0; o < row->option_count; o++) {
			count = count_rules(advisor, q, 1u << o);
			if (count > ADVISOR_AT_ONCE)
				return reader_refuse(reader,
						     _("%d rules hang on %s=%s, at most %d may"),
						     count, row->id, row->options[o].id,
						     ADVISOR_AT_ONCE);
		}
		reader_leave(reader);
		reader_leave(reader);
	}
	return true;
}

static bool read_root(struct reader *reader, const json_t *root)
{
	static const char *const known[] = {"about", "strategies", "questions", "rules", NULL};
	char *about = NULL;

	if (!reader_keys(reader, root, known) || !reader_text(reader, root, "about", "", &about))
		return false;
	free(about); /* for people who open the file */
	return read_strategies(reader, root) && read_questions(reader, root) &&
	       read_rules(reader, root) && check_coverage(reader);
}

bool advisor_read(struct advisor *advisor, const char *json, size_t length, const char *name,
		  const char *language, struct error *error)
{
	struct reader reader = {.json = json, .length = length, .name = name,
				.language = language, .error = error};
	json_error_t where;
	struct json tree;
	bool done;

	if (length > ADVISOR_BYTES)
		return error_file(error, _("%s: longer than %u bytes"), name, ADVISOR_BYTES);
	json_read(&tree, json, length, &where);
	if (tree.no_memory)
		return error_memory(error);
	if (tree.root == NULL)
		return error_file(error, _("%s: line %d, column %d: %s"), name,
				  where.line > 0 ? where.line : 1, where.column > 0 ? where.column : 1,
				  where.text);
	done = read_root(&reader, tree.root);
	json_done(&tree);
	if (!done) {
		advisor_done(&reader.advisor);
		return false;
	}
	advisor_done(advisor);
	*advisor = reader.advisor;
	return true;
}
