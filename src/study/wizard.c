/* The wizard's rules and ranking, and the commands that talk to it. */
#include "study/wizard.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "study/private.h"

void wizard_init(struct wizard *wizard)
{
	/* No more of the advice is read than its counts say. */
	memset(wizard, 0, offsetof(struct wizard, advice.list));
	wizard->advice.change_count = 0;
	advisor_init(&wizard->advisor);
}

void wizard_done(struct wizard *wizard)
{
	advisor_done(&wizard->advisor);
}

/* ---- rules and ranking ---- */

static bool read_rules(struct advisor *advisor, const char *path, enum file_kinds files,
		       struct error *error)
{
	const char *language = language_wanted();

	return path[0] == '\0' ? advisor_standard(advisor, language, error)
			       : advisor_open(advisor, path, language, files, error);
}

bool wizard_read(struct wizard *wizard, const char *path, struct error *error)
{
	struct advisor fresh;

	advisor_init(&fresh);
	if (!read_rules(&fresh, path, wizard->files, error)) {
		advisor_done(&fresh);
		return false;
	}
	advisor_done(&wizard->advisor);
	wizard->advisor = fresh;
	answers_init(&wizard->answers);
	memset(&wizard->advice, 0, sizeof wizard->advice); /* told in places of the old tables */
	wizard->there = true;
	wizard->why.kind = ERROR_NONE;
	snprintf(wizard->rules, sizeof wizard->rules, "%s", path);
	return true;
}

static void count_answers(struct wizard *wizard, const struct study *study)
{
	const struct advisor *advisor = &wizard->advisor;
	int k, q, o;

	answers_init(&wizard->answers);
	wizard->foreign = 0;
	for (k = 0; k < study->told.count; k++) {
		const struct study_answer *answer = &study->told.answers[k];

		q = advisor_question(advisor, answer->question);
		o = q < 0 ? -1 : advisor_option(advisor, q, answer->option);
		if (o < 0) {
			wizard->foreign++;
			continue;
		}
		wizard->answers.option[q] = o;
		wizard->answers.decisive[q] = answer->decisive;
	}
}

bool wizard_follow(struct wizard *wizard, const struct study *study)
{
	const char *path = study->told.rules;
	struct error why = {.kind = ERROR_NONE};

	if ((!wizard->there || strcmp(wizard->rules, path) != 0) &&
	    !wizard_read(wizard, path, &why)) {
		advisor_done(&wizard->advisor);
		wizard->there = why.kind != ERROR_MEMORY; /* else another try is worth it */
		wizard->why = why;
		snprintf(wizard->rules, sizeof wizard->rules, "%s", path);
	}
	count_answers(wizard, study);
	if (wizard->why.kind != ERROR_NONE) {
		memset(&wizard->advice, 0, sizeof wizard->advice);
		return false;
	}
	advise(&wizard->advisor, &wizard->answers, &wizard->advice);
	return true;
}

/* ---- what is in hand ---- */

int scope_question(const struct scope *scope)
{
	const struct advisor *advisor = &scope->wizard.advisor;
	int q = advisor_question(advisor, scope->viewpoint.question);

	return q >= 0 ? q : advisor->question_count > 0 ? 0 : -1;
}

int scope_favourite(const struct scope *scope)
{
	const struct wizard *wizard = &scope->wizard;
	int k;

	for (k = 0; k < wizard->advice.count; k++)
		if (strcmp(wizard->advisor.strategies[wizard->advice.list[k].strategy],
			   scope->viewpoint.favourite) == 0)
			return k;
	return wizard->advice.count > 0 ? 0 : -1;
}

const char *scope_favourite_name(const struct scope *scope)
{
	const struct wizard *wizard = &scope->wizard;
	int k = scope_favourite(scope);

	return k < 0 ? NULL : wizard->advisor.strategies[wizard->advice.list[k].strategy];
}

enum strategy_id scope_about(const struct scope *scope)
{
	const char *name = scope_favourite_name(scope);
	enum strategy_id id;

	if (scope->viewpoint.under == PAGE_WIZARD && name != NULL &&
	    strategy_find(name, &id, NULL))
		return id;
	return scope->study.now.schedule.node[0].strategy;
}

static bool need_rules(struct scope *scope, struct error *error)
{
	if (wizard_follow(&scope->wizard, &scope->study))
		return true;
	if (error != NULL)
		*error = scope->wizard.why;
	return false;
}

int wizard_question(const struct advisor *advisor, const char *word)
{
	int found = advisor_question(advisor, word), q;

	if (found >= 0)
		return found;
	for (q = 0; q < advisor->question_count; q++)
		if (strcmp(advisor->questions[q].label, word) == 0)
			found = found == QUESTION_NONE ? q : QUESTION_SEVERAL;
	return found;
}

static bool find_question(const struct scope *scope, const char *word, int *question,
			  struct error *error)
{
	const struct advisor *advisor = &scope->wizard.advisor;
	const char *known[ADVISOR_QUESTIONS];
	int q;

	*question = wizard_question(advisor, word);
	if (*question == QUESTION_SEVERAL)
		return error_request(error, _("several questions are called \"%s\" here: say the id "
					      "that the rules file gives it"), word);
	for (q = 0; q < advisor->question_count; q++)
		known[q] = advisor->questions[q].id;
	return *question >= 0 || error_unknown(error, _("question"), word, known,
					       (unsigned)advisor->question_count);
}

/* ---- viewpoint commands ---- */

static bool look_question(struct scope *scope, const char *what, struct error *error)
{
	static const char *const words[] = {"next", "previous", "first", "last"};
	const struct advisor *advisor = &scope->wizard.advisor;
	int q = scope_question(scope), count = advisor->question_count, k = 0;

	while (k < 4 && strcmp(what, words[k]) != 0)
		k++;
	if (k == 4 && !find_question(scope, what, &q, error))
		return false;
	if (k < 4)
		q = k == 0 ? (q + 1) % count : k == 1 ? (q + count - 1) % count : k == 2 ? 0 : count - 1;
	snprintf(scope->viewpoint.question, sizeof scope->viewpoint.question, "%s",
		 advisor->questions[q].id);
	return true;
}

static bool refuse_strategy(const struct scope *scope, const char *name, struct error *error)
{
	const struct advisor *advisor = &scope->wizard.advisor;
	const char *known[ADVISOR_STRATEGIES];
	int s;

	for (s = 0; s < advisor->strategy_count; s++)
		known[s] = advisor->strategies[s];
	return error_unknown(error, _("strategy"), name, known,
			     (unsigned)advisor->strategy_count);
}

/* Whoever is back at the first place follows it again. */
static bool look_favourite(struct scope *scope, const char *what, struct error *error)
{
	const struct wizard *wizard = &scope->wizard;
	int at = scope_favourite(scope), count = wizard->advice.count, k;
	const char *name;

	if (strcmp(what, "first") == 0) {
		at = 0;
	} else if (strcmp(what, "next") == 0) {
		at = (at + 1) % count;
	} else if (strcmp(what, "previous") == 0) {
		at = (at + count - 1) % count;
	} else {
		for (k = 0; k < count; k++)
			if (strcmp(wizard->advisor.strategies[wizard->advice.list[k].strategy],
				   what) == 0)
				break;
		if (k == count)
			return refuse_strategy(scope, what, error);
		at = k;
	}
	name = at == 0 ? "" : wizard->advisor.strategies[wizard->advice.list[at].strategy];
	snprintf(scope->viewpoint.favourite, sizeof scope->viewpoint.favourite, "%s", name);
	scope->viewpoint.scroll = 0;
	return true;
}

bool wizard_look(struct scope *scope, const struct command *command, struct error *error)
{
	if (!need_rules(scope, error))
		return false;
	if (command->id == COMMAND_QUESTION)
		return look_question(scope, command->argument[0], error);
	return look_favourite(scope, command->argument[0], error);
}

/* ---- study commands ---- */

/* The option after or before the present one; after the last one comes "unknown". */
static const char *other_option(const struct wizard *wizard, int question, int step)
{
	const struct advisor_question *row = &wizard->advisor.questions[question];
	int o = wizard->answers.option[question], count = row->option_count + 1;

	o = ((o < 0 ? row->option_count : o) + step + count) % count;
	return o == row->option_count ? "unknown" : row->options[o].id;
}

/* An option may be called as the screen calls it. */
static const char *option_called(const struct advisor_question *row, const char *word)
{
	for (int o = 0; o < row->option_count; o++)
		if (strcmp(row->options[o].id, word) == 0)
			return word;
	for (int o = 0; o < row->option_count; o++)
		if (strcmp(row->options[o].label, word) == 0)
			return row->options[o].id;
	return word;
}

static bool tell_answer(struct scope *scope, struct study *next, const struct command *command,
			struct error *error)
{
	const struct wizard *wizard = &scope->wizard;
	const char *option = command->argument[command->count - 1];
	struct answers scratch = wizard->answers;
	int q = scope_question(scope);
	const char *id;

	if (command->count > 1 && !find_question(scope, command->argument[0], &q, error))
		return false;
	id = wizard->advisor.questions[q].id;
	if (strcmp(option, "next") == 0 || strcmp(option, "previous") == 0)
		option = other_option(wizard, q, option[0] == 'n' ? 1 : -1);
	option = option_called(&wizard->advisor.questions[q], option);
	if (!answers_set(&wizard->advisor, &scratch, id, option, error))
		return false;
	snprintf(scope->viewpoint.question, sizeof scope->viewpoint.question, "%s", id);
	return study_answer(next, id, scratch.option[q] < 0 ? NULL : option, error);
}

static bool tell_decisive(struct scope *scope, struct study *next, const struct command *command,
			  struct error *error)
{
	int q = scope_question(scope);
	const struct study_answer *answer;
	const char *id;

	if (command->count > 0 && !find_question(scope, command->argument[0], &q, error))
		return false;
	id = scope->wizard.advisor.questions[q].id;
	answer = study_answer_to(next, id);
	return study_decisive(next, id, answer == NULL || !answer->decisive, error);
}

static bool tell_rules(struct scope *scope, struct study *next, const char *word,
		       struct error *error)
{
	char path[TRAINING_PATH] = "";

	if (strcmp(word, "-") == 0)
		return error_request(error, _("rules come from a file, not from standard input"));
	if (strcmp(word, "default") != 0 && !path_normal(path, sizeof path, word, error))
		return false;
	return wizard_read(&scope->wizard, path, error) && study_rules(next, path, error);
}

/* The strategy that a word, or what is in hand, stands for. */
static bool find_applied(const struct scope *scope, const char *word, enum strategy_id *id,
			 struct error *error)
{
	const struct wizard *wizard = &scope->wizard;
	int k;

	if (word == NULL && !wizard->advice.enough && scope->viewpoint.favourite[0] == '\0')
		return error_request(error, _("not enough to go on: answer a question, or choose a "
					      "strategy with Tab"));
	if (word == NULL)
		word = scope_favourite_name(scope);
	if (strategy_find(word, id, NULL))
		return true;
	for (k = 0; k < wizard->advisor.strategy_count; k++)
		if (strcmp(wizard->advisor.strategies[k], word) == 0)
			return error_request(error, _("lrscope cannot draw \"%s\": it is advice of "
						      "the rules file alone"), word);
	return refuse_strategy(scope, word, error);
}

bool wizard_tell(struct scope *scope, struct study *next, const struct command *command,
		 struct error *error)
{
	enum strategy_id id;

	switch (command->id) {
	case COMMAND_LENGTH:
		return study_length(next, command->argument[0], command->argument[1], error);
	case COMMAND_RULES:
		return tell_rules(scope, next, command->argument[0], error);
	case COMMAND_ANSWER:
		return need_rules(scope, error) && tell_answer(scope, next, command, error);
	case COMMAND_DECISIVE:
		return need_rules(scope, error) && tell_decisive(scope, next, command, error);
	default:
		if (!need_rules(scope, error) ||
		    !find_applied(scope, command->count > 0 ? command->argument[0] : NULL, &id, error))
			return false;
		study_apply(next, id);
		return true;
	}
}

/* ---- news ---- */

/* "onecycle in front: total_steps 1560 fits this run"; where the person told the length of a run of their
 * own, what it would be there. Nothing is to be undone where it is the `same` study. */
static void say_applied(struct scope *scope, bool same)
{
	static const char *const fitted[] = {"T_max", "total_steps", "step_size", "step_size_up"};
	enum strategy_id id = scope->study.now.schedule.node[0].strategy;
	double own = study_length_fitted(&scope->study, id, strategy_steps_per_batch(id)), here;
	const char *name = NULL;
	struct dial dial;
	struct text text;
	size_t k;

	for (k = 0; k < sizeof fitted / sizeof *fitted; k++)
		if (strategy_parameter(id, fitted[k]) >= 0)
			name = fitted[k];
	text_init(&text);
	if (name == NULL || !study_find(&scope->study, name, &dial, NULL)) {
		text_addf(&text, _("%s in front"), strategy_name(id));
	} else {
		here = scope_resolved(scope, &dial);
		if (own > 0)
			text_addf(&text, _("%s: %s %.0f here, %.0f in your run"),
				  strategy_name(id), name, here, own);
		else
			text_addf(&text, _("%s in front: %s %.0f fits this run"),
				  strategy_name(id), name, here);
	}
	text_add(&text, same ? _("; as before") : _("; u: undo"));
	if (!(own > 0))
		text_add(&text, _(", w: wizard"));
	scope_say(scope, text.bytes);
	text_done(&text);
	scope->viewpoint.page = PAGE_MAIN;
	scope->viewpoint.scroll = scope->viewpoint.choice = 0;
}

/* Where the wizard is seen, it shows this by itself. */
static void say_ranking(struct scope *scope)
{
	const struct wizard *wizard = &scope->wizard;
	const struct recommendation *first = &wizard->advice.list[0];
	char text[256], safe[512];

	if (scope->viewpoint.page == PAGE_WIZARD || !need_rules(scope, NULL))
		return;
	if (wizard->advice.enough)
		snprintf(text, sizeof text, _("%d of %d answered; first is %s, %d/%d"),
			 wizard->advice.of, wizard->advisor.question_count,
			 wizard->advisor.strategies[first->strategy], first->support,
			 wizard->advice.of);
	else
		snprintf(text, sizeof text, _("none of %d answered"),
			 wizard->advisor.question_count);
	scope_say(scope, text_safe(safe, sizeof safe, text, false));
}

static void say_length(struct scope *scope)
{
	double steps = study_length_steps(&scope->study);
	char text[200];

	if (scope->viewpoint.page == PAGE_WIZARD)
		return;
	if (steps > 0)
		snprintf(text, sizeof text,
			 n_("%.0f optimizer step", "%.0f optimizer steps", steps), steps);
	else
		snprintf(text, sizeof text,
			 _("samples, batch and epochs together give the optimizer steps"));
	scope_say(scope, text);
}

void wizard_news(struct scope *scope, const struct command *command, bool same)
{
	switch (command->id) {
	case COMMAND_APPLY:
		say_applied(scope, same);
		return;
	case COMMAND_LENGTH:
		say_length(scope);
		return;
	default:
		say_ranking(scope);
	}
}

/* ---- what undo took back ---- */

static const char *word_of(const struct study_answer *answer)
{
	return answer != NULL ? answer->option : "unknown";
}

void wizard_describe(const struct study *before, const struct study *after, struct text *text)
{
	const struct told *old = &before->told, *new = &after->told;
	const struct study_answer *answer, *other;
	int k;

	for (k = 0; k < old->count + new->count; k++) {
		answer = k < old->count ? &old->answers[k] : &new->answers[k - old->count];
		other = study_answer_to(k < old->count ? after : before, answer->question);
		if (other != NULL && memcmp(answer, other, sizeof *answer) == 0)
			continue;
		if (other != NULL && strcmp(answer->option, other->option) == 0)
			text_addf(text, _("whether %s decides"), answer->question);
		else
			text_addf(text, "%s %s -> %s", answer->question,
				  word_of(k < old->count ? answer : other),
				  word_of(k < old->count ? other : answer));
		return;
	}
	text_add(text, strcmp(old->rules, new->rules) != 0 ? _("the rules") : _("the length"));
}
