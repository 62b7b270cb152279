/* The wizard in a study: its commands, saved and undone, applied; the race. */
#include "study-help.h"

#include <math.h>
#include <unistd.h>

#include "base/file.h"

static const char *answer_to(const struct scope *scope, const char *question)
{
	const struct study_answer *answer = study_answer_to(&scope->study, question);

	return answer != NULL ? answer->option : "unknown";
}

#define assert_answer(scope, question, expected)                                                  \
	assert_string_equal(answer_to(scope, question), expected)

static const char *first_of(struct scope *scope)
{
	wizard_follow(&scope->wizard, &scope->study);
	return scope->wizard.advisor.strategies[scope->wizard.advice.list[0].strategy];
}

/* ---- commands ---- */

static void answers_come_and_go(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "answer model finetune");
	must(scope, "answer scale small");
	assert_answer(scope, "model", "finetune");
	assert_answer(scope, "scale", "small");
	assert_int_equal(scope->study.told.count, 2);
	assert_string_equal(scope->study.told.answers[0].question, "model"); /* sorted */
	assert_string_equal(first_of(scope), "onecycle");
	must(scope, "answer scale unknown");
	assert_answer(scope, "scale", "unknown");
	assert_int_equal(scope->study.told.count, 1);
	must(scope, "answer scale unknown");
	must_not(scope, "answer colour red", "unknown question 'colour'");
	must_not(scope, "answer scale smal", "nearest: small");
	must_not(scope, "answer", "usage");
	close_scope(scope);
}

/* Right goes through the options to "unknown" and round; Left the other way. */
static void answers_turn(void **state)
{
	static const char *const round[] = {"small", "medium", "large", "unknown", "small"};
	struct scope *scope = open_scope();
	int k;

	(void)state;
	for (k = 0; k < 5; k++) {
		must(scope, "answer next");
		assert_answer(scope, "scale", round[k]);
	}
	for (k = 3; k >= 0; k--) {
		must(scope, "answer scale previous");
		assert_answer(scope, "scale", round[k]);
	}
	must(scope, "question next");
	must(scope, "answer previous");
	assert_answer(scope, "model", "finetune");
	must(scope, "question previous");
	assert_int_equal(scope_question(scope), 0);
	must(scope, "question previous");
	assert_int_equal(scope_question(scope), 4);
	must(scope, "question task");
	assert_int_equal(scope_question(scope), 2);
	must_not(scope, "question colour", "unknown question");
	close_scope(scope);
}

static void decisive_answers(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "answer scale small");
	must(scope, "answer model finetune");
	must(scope, "answer task nlp");
	assert_string_equal(first_of(scope), "onecycle");
	must(scope, "decisive task");
	assert_string_equal(first_of(scope), "exponential");
	must(scope, "answer task timeseries"); /* another answer decides as well */
	assert_true(study_answer_to(&scope->study, "task")->decisive);
	must(scope, "undo");
	must(scope, "decisive task");
	assert_string_equal(first_of(scope), "onecycle");
	must_not(scope, "decisive loss", "is not answered");
	must(scope, "decisive task");
	must(scope, "answer task unknown");
	must(scope, "answer task nlp");
	assert_false(study_answer_to(&scope->study, "task")->decisive);
	close_scope(scope);
}

static void the_length_line(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "length samples 9600");
	must(scope, "length batch 16");
	assert_same(study_length_steps(&scope->study), 0);
	must(scope, "length epochs 3");
	assert_same(study_length_steps(&scope->study), 1800);
	must(scope, "length accumulate 2");
	assert_same(study_length_steps(&scope->study), 900);
	must(scope, "length devices 4");
	assert_same(study_length_steps(&scope->study), 225);
	must(scope, "length devices none");
	assert_same(study_length_steps(&scope->study), 900);
	must(scope, "length samples 9601"); /* a last batch of one row, a last step of one batch */
	assert_same(study_length_steps(&scope->study), 903);
	must_not(scope, "length rows 3", "unknown number of the length line");
	must_not(scope, "length samples 0", "whole number");
	must_not(scope, "length samples -1", "whole number");
	must_not(scope, "length samples 1.5", "whole number");
	must_not(scope, "length samples 1e13", "whole number");
	close_scope(scope);
}

/* ---- undo and what else leaves the answers alone ---- */

static void undo_takes_answers_back(void **state)
{
	struct scope *scope = open_scope();
	struct study start = scope->study;

	(void)state;
	must(scope, "answer scale small");
	must(scope, "answer scale large");
	must(scope, "decisive scale");
	must(scope, "length samples 10");
	assert_int_equal(scope->history.count, 4);
	must(scope, "undo");
	assert_string_equal(scope->viewpoint.message, "undone: the length");
	must(scope, "undo");
	assert_string_equal(scope->viewpoint.message, "undone: whether scale decides");
	must(scope, "undo");
	assert_string_equal(scope->viewpoint.message, "undone: scale large -> small");
	must(scope, "undo");
	assert_string_equal(scope->viewpoint.message, "undone: scale small -> unknown");
	assert_memory_equal(&start, &scope->study, sizeof start);
	must(scope, "redo");
	assert_string_equal(scope->viewpoint.message, "done again: scale unknown -> small");
	assert_answer(scope, "scale", "small");
	close_scope(scope);
}

static void dials_and_scenes_keep_answers(void **state)
{
	static const char *const lines[] = {"set lr 0.2", "strategy cosine", "reset all", "swap",
					    "scene full-batch", "data diabetes", "ghost pin"};
	struct scope *scope = open_scope();
	size_t k;

	(void)state;
	must(scope, "answer scale small");
	must(scope, "length epochs 3");
	for (k = 0; k < sizeof lines / sizeof *lines; k++) {
		must(scope, lines[k]);
		assert_answer(scope, "scale", "small");
		assert_same(scope->study.told.length[LENGTH_EPOCHS], 3);
	}
	close_scope(scope);
}

/* ---- apply ---- */

static double resolved(const struct scope *scope, const char *name)
{
	struct dial dial;

	assert_true(study_find(&scope->study, name, &dial, NULL));
	return scope_resolved(scope, &dial);
}

/* Whatever the dials were left at, the strategy that is applied fits the run. */
static void apply_fits_the_run(void **state)
{
	static const char *const spoil[] = {
		"strategy cosine", "set T_max 7", "set epochs 40", "strategy step", "set step_size 99",
		"strategy cyclic", "set step_size_up 2000", "set step_size_down 3", "set base_lr 0.9",
		"set cycle_momentum true", "strategy onecycle", "set total_steps 17",
		"set cycle_momentum true", "strategy constant", "set step_per epoch",
	};
	struct scope *scope = open_scope();
	size_t k;

	(void)state;
	for (k = 0; k < sizeof spoil / sizeof *spoil; k++)
		must(scope, spoil[k]);
	must(scope, "apply onecycle");
	assert_dial(scope, "total_steps", "auto");
	assert_dial(scope, "cycle_momentum", "false");
	assert_same(resolved(scope, "total_steps"), 2080);
	assert_int_equal(scope->viewpoint.page, PAGE_MAIN);
	must(scope, "apply cosine");
	assert_dial(scope, "T_max", "auto");
	assert_same(resolved(scope, "T_max"), 40);
	must(scope, "apply step");
	assert_dial(scope, "step_size", "auto");
	must(scope, "apply cyclic");
	assert_dial(scope, "step_size_up", "auto");
	assert_dial(scope, "step_size_down", "None");
	assert_dial(scope, "base_lr", "auto");
	assert_dial(scope, "cycle_momentum", "false");
	finish(scope);
	assert_int_equal(scope->results.now.state, LANE_DONE);
	must(scope, "set step_per batch"); /* which plateau refuses */
	must(scope, "apply plateau");
	finish(scope);
	assert_int_equal(scope->results.now.state, LANE_DONE);
	must(scope, "apply exponential");
	close_scope(scope);
}

/* What is applied is fitted to the run in front; a run of one's own is told apart from it. */
static void apply_says(struct scope *scope, const char *line, const char *message)
{
	must(scope, line);
	assert_string_equal(scope->viewpoint.message, message);
}

static void apply_tells_runs_apart(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	apply_says(scope, "apply onecycle", "onecycle in front: total_steps 1560 fits this run; "
		   "as before, w: wizard");
	must(scope, "length samples 9600");
	must(scope, "length batch 16");
	must(scope, "length epochs 3");
	apply_says(scope, "apply onecycle",
		   "onecycle: total_steps 1560 here, 1800 in your run; as before");
	apply_says(scope, "apply cosine",
		   "cosine: T_max 30 here, 3 in your run; u: undo");
	apply_says(scope, "apply step",
		   "step: step_size 10 here, 1 in your run; u: undo");
	apply_says(scope, "apply cyclic",
		   "cyclic: step_size_up 260 here, 300 in your run; u: undo");
	must(scope, "length samples 1e12"); /* whole also where few columns are left */
	apply_says(scope, "apply onecycle",
		   "onecycle: total_steps 1560 here, 187500000000 in your run; u: undo");
	apply_says(scope, "apply plateau", "plateau in front; u: undo, w: wizard");
	close_scope(scope);
}

/* With a momentum of its own, cycling it is a choice that is left alone. */
static void apply_leaves_momentum(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "set momentum 0.9");
	must(scope, "set cycle_momentum true");
	must(scope, "apply onecycle");
	assert_dial(scope, "cycle_momentum", "true");
	close_scope(scope);
}

static void apply_is_one_step(void **state)
{
	struct scope *scope = open_scope();
	struct study before;
	int changes;

	(void)state;
	must(scope, "strategy onecycle");
	must(scope, "set total_steps 99");
	must(scope, "set cycle_momentum true");
	must(scope, "strategy cosine");
	must(scope, "page wizard");
	must(scope, "answer model finetune");
	before = scope->study;
	changes = scope->history.count;
	must(scope, "apply");
	assert_int_equal(scope->study.now.schedule.node[0].strategy, STRATEGY_ONECYCLE);
	assert_non_null(strstr(scope->viewpoint.message, "total_steps 1560"));
	assert_int_equal(scope->history.count, changes + 1);
	/* The ghost is what was there before. */
	assert_int_equal(scope->study.ghost.schedule.node[0].strategy, STRATEGY_COSINE);
	must(scope, "undo");
	assert_memory_equal(&before, &scope->study, sizeof before);
	close_scope(scope);
}

static void apply_takes_what_is_in_hand(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must_not(scope, "apply", "not enough to go on");
	must_not(scope, "apply nothing", "unknown strategy");
	must(scope, "favourite exponential");
	must(scope, "apply"); /* chosen by hand, answers or not */
	assert_int_equal(scope->study.now.schedule.node[0].strategy, STRATEGY_EXPONENTIAL);
	must(scope, "favourite first");
	must(scope, "answer model finetune");
	assert_string_equal(scope_favourite_name(scope), "onecycle");
	must(scope, "favourite next");
	must(scope, "apply");
	assert_string_equal(strategy_name(scope->study.now.schedule.node[0].strategy),
			    scope_favourite_name(scope));
	must(scope, "page wizard"); /* other reasons are read from their beginning, undone ones too */
	must(scope, "answer model deep");
	must(scope, "scroll 2");
	assert_int_equal(scope->viewpoint.scroll, 2);
	must(scope, "undo");
	assert_int_equal(scope->viewpoint.scroll, 0);
	must(scope, "scroll 2");
	must(scope, "set seed 3"); /* the same reasons */
	assert_int_equal(scope->viewpoint.scroll, 2);
	must(scope, "undo");
	must(scope, "page main");
	must(scope, "favourite previous"); /* at the first again, which it follows from now on */
	must(scope, "answer model deep");
	assert_string_equal(scope_favourite_name(scope), "cosine");
	must_not(scope, "favourite nothing", "unknown strategy");
	close_scope(scope);
}

static void pages_lead_back(void **state)
{
	struct scope *scope = open_scope();
	struct study before = scope->study;

	(void)state;
	must(scope, "page wizard");
	must(scope, "page help");
	must(scope, "back");
	assert_int_equal(scope->viewpoint.page, PAGE_WIZARD);
	must(scope, "race");
	must(scope, "page code");
	must(scope, "back");
	assert_int_equal(scope->viewpoint.page, PAGE_RACE);
	must(scope, "back");
	assert_int_equal(scope->viewpoint.page, PAGE_WIZARD);
	must(scope, "favourite exponential");
	must(scope, "page strategy");
	assert_int_equal(scope_about(scope), STRATEGY_EXPONENTIAL);
	must(scope, "page code");
	must(scope, "page help");
	must(scope, "page strategy");
	assert_int_equal(scope_about(scope), STRATEGY_EXPONENTIAL);
	must(scope, "back");
	assert_int_equal(scope->viewpoint.page, PAGE_WIZARD);
	must(scope, "back");
	assert_int_equal(scope->viewpoint.page, PAGE_MAIN);
	must(scope, "page strategy");
	assert_int_equal(scope_about(scope), STRATEGY_ONECYCLE);
	assert_memory_equal(&before, &scope->study, sizeof before);
	close_scope(scope);
}

/* ---- saved studies ---- */

static void write_study(const struct scope *scope, struct text *text)
{
	text_clear(text);
	saved_write(&scope->study, NULL, text);
}

static void saved_round_trip(void **state)
{
	struct scope *scope = open_scope();
	struct error error = {.kind = ERROR_NONE};
	struct study other;
	struct text text;

	(void)state;
	text_init(&text);
	write_study(scope, &text);
	assert_null(strstr(text.bytes, "wizard")); /* absent when empty */
	must(scope, "answer scale small");
	must(scope, "answer task nlp");
	must(scope, "decisive task");
	must(scope, "length samples 9600");
	must(scope, "length epochs 3");
	write_study(scope, &text);
	if (!saved_read(&other, text.bytes, text.length, "x", NULL, &error))
		fail_msg("%s", error.text);
	assert_memory_equal(&other, &scope->study, sizeof other);
	text_done(&text);
	close_scope(scope);
}

#define STUDY(wizard)                                                                             \
	"{\"lrscope\": 1, \"strategy\": \"cosine\", \"lr\": 0.1,\n\"wizard\": " wizard "}"

static void saved_reads_strictly(void **state)
{
	static const struct {
		const char *wizard, *part;
	} bad[] = {
		{STUDY("{}"), "line 2, column 1: \"wizard\" has to be an object"},
		{STUDY("[]"), "\"wizard\" has to be an object"},
		{STUDY("{\"answer\": {}}"), "unknown key 'answer'; nearest: answers"},
		{STUDY("{\"answers\": {}}"), "an answer or more"},
		{STUDY("{\"answers\": {\"scale\": 3}}"), "an answer is"},
		{STUDY("{\"answers\": {\"Scale\": \"small\"}}"), "an answer is"},
		{STUDY("{\"answers\": {\"scale\": \"\\u001b[2J\"}}"), "an answer is"},
		{STUDY("{\"answers\": {\"scale\": \"small\", \"scale\": \"large\"}}"), "uplicate"},
		{STUDY("{\"decisive\": [\"scale\"]}"), "not answered"},
		{STUDY("{\"decisive\": []}"), "a list of questions"},
		{STUDY("{\"answers\": {\"a\": \"b\"}, \"decisive\": [\"a\", \"a\"]}"), "twice"},
		{STUDY("{\"length\": {}}"), "a number or more"},
		{STUDY("{\"length\": {\"rows\": 1}}"), "unknown number of the length line"},
		{STUDY("{\"length\": {\"epochs\": 0}}"), "whole number"},
		{STUDY("{\"length\": {\"epochs\": \"none\"}}"), "has to be a number"},
		{STUDY("{\"rules\": \"\"}"), "the path of a file"},
		{STUDY("{\"rules\": 1}"), "the path of a file"},
	};
	struct study study;
	struct error error;
	size_t k;

	(void)state;
	for (k = 0; k < sizeof bad / sizeof *bad; k++) {
		error.text[0] = '\0';
		if (saved_read(&study, bad[k].wizard, strlen(bad[k].wizard), "x", NULL, &error))
			fail_msg("accepted: %s", bad[k].wizard);
		if (strstr(error.text, bad[k].part) == NULL)
			fail_msg("%s: \"%s\"", bad[k].wizard, error.text);
	}
}

/* ---- a teacher's rules ---- */

static const char own_rules[] =
	"{\"strategies\": [\"warm_restarts\", \"step\"],\n"
	" \"questions\": [{\"id\": \"mood\", \"asks\": \"How do you feel?\", \"options\": [\"fine\"]},\n"
	"  {\"id\": \"scale\", \"asks\": \"How much?\", \"options\": [\"little\", \"small\"]}],\n"
	" \"rules\": [{\"id\": \"one\", \"source\": \"guide\", \"when\": {\"mood\": \"fine\"},\n"
	"  \"recommend\": [\"warm_restarts\"], \"because\": \"it cheers \\u001b[31m up\"},\n"
	"  {\"id\": \"two\", \"source\": \"table\", \"when\": {\"scale\": \"small\"},\n"
	"  \"recommend\": [\"step\"], \"row\": \"little\"}]}\n";

/* Writes them into a file, whose name goes into `path`, and reads them. */
static void use_rules(struct scope *scope, const char *rules, char path[100])
{
	struct error error = {.kind = ERROR_NONE};
	char line[200];

	snprintf(path, 100, "wizard-%ld.rules.json", (long)getpid());
	if (!file_write(path, rules, strlen(rules), &error))
		fail_msg("%s", error.text);
	snprintf(line, sizeof line, "rules ./%s", path);
	must(scope, line);
}

static void rules_of_ones_own(void **state)
{
	struct scope *scope = open_scope();
	char path[100];

	(void)state;
	must(scope, "answer scale small");
	must(scope, "answer model deep");
	must_not(scope, "rules ./absent.json", "No such file");
	must_not(scope, "rules -", "standard input");
	use_rules(scope, own_rules, path);
	wizard_follow(&scope->wizard, &scope->study);
	assert_int_equal(scope->wizard.foreign, 1); /* model is kept, and not counted */
	assert_answer(scope, "model", "deep");
	assert_int_equal(scope->wizard.advice.of, 1);
	assert_string_equal(first_of(scope), "step");
	must(scope, "answer mood fine");
	assert_string_equal(first_of(scope), "step"); /* by its table rule */
	must(scope, "favourite warm_restarts");
	must_not(scope, "apply", "lrscope cannot draw \"warm_restarts\"");
	must_not(scope, "apply warm_restarts", "advice of the rules file alone");
	must(scope, "apply step");
	must(scope, "rules default");
	wizard_follow(&scope->wizard, &scope->study);
	assert_int_equal(scope->wizard.foreign, 1); /* now mood is */
	assert_int_equal(scope->wizard.advice.of, 2);
	must(scope, "undo");
	assert_string_equal(first_of(scope), "step");
	assert_int_equal(scope->wizard.advisor.strategy_count, 2);
	unlink(path);
	close_scope(scope);
}

/* The file is edited and read again: what was ranked by the old tables is not looked up in the new. */
static void rules_that_shrink(void **state)
{
	static const char small[] =
		"{\"strategies\": [\"step\"],\n"
		" \"questions\": [{\"id\": \"mood\", \"asks\": \"?\", \"options\": [\"fine\"]}],\n"
		" \"rules\": [{\"id\": \"one\", \"source\": \"guide\", \"when\": {\"mood\": \"fine\"},\n"
		"  \"recommend\": [\"step\"], \"because\": \"so\"}]}\n";
	struct scope *scope = open_scope();
	char path[100];

	(void)state;
	use_rules(scope, own_rules, path);
	must(scope, "answer mood fine");
	must(scope, "page wizard");
	assert_true(scope->wizard.advice.count > 1);
	use_rules(scope, small, path);
	for (int k = 0; k < scope->wizard.advice.count; k++)
		assert_in_range(scope->wizard.advice.list[k].strategy, 0, 0);
	assert_true(scope->wizard.advice.count <= 1);
	unlink(path);
	close_scope(scope);
}

/* A study whose rules are gone opens; the wizard says what is wrong. */
static void rules_that_are_gone(void **state)
{
	struct scope *scope = open_scope();
	struct error error = {.kind = ERROR_NONE};
	char path[100], line[200];
	struct study study;
	struct text text;

	(void)state;
	use_rules(scope, own_rules, path);
	snprintf(line, sizeof line, "rules %s", path); /* a name alone, too */
	must(scope, line);
	text_init(&text);
	write_study(scope, &text);
	unlink(path);
	close_scope(scope);
	scope = open_scope();
	assert_true(saved_read(&study, text.bytes, text.length, "x", NULL, &error));
	assert_true(scope_replace(scope, &study, &error));
	must(scope, "page wizard");
	scope_refresh(scope);
	assert_non_null(strstr(scope->wizard.why.text, path));
	assert_null(scope_favourite_name(scope));
	must_not(scope, "answer scale small", path);
	must_not(scope, "apply", path);
	must(scope, "rules default");
	must(scope, "answer scale small");
	text_done(&text);
	close_scope(scope);
}

/* ---- completion ---- */

static bool offers(const struct scope *scope, const char *line, const char *word)
{
	bool files, found = false;
	int start, k;
	char **words = scope_complete(scope, line, (int)strlen(line), &start, &files);

	for (k = 0; words != NULL && words[k] != NULL; k++)
		found |= strcmp(words[k], word) == 0;
	completion_free(words);
	return found;
}

static void completion_knows_the_rules(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	assert_true(offers(scope, "answer ", "scale"));
	assert_true(offers(scope, "answer ", "next"));
	assert_true(offers(scope, "answer scale ", "small"));
	assert_true(offers(scope, "answer scale u", "unknown"));
	assert_false(offers(scope, "answer model ", "small"));
	assert_true(offers(scope, "decisive l", "loss"));
	assert_true(offers(scope, "length s", "samples"));
	assert_true(offers(scope, "length samples ", "none"));
	assert_true(offers(scope, "apply o", "onecycle"));
	assert_true(offers(scope, "rules d", "default"));
	assert_true(offers(scope, "race ", "stop"));
	assert_true(offers(scope, "page w", "wizard"));
	assert_true(offers(scope, "favourite ", "first"));
	close_scope(scope);
}

/* What the page calls a question is understood; an id comes first, and of two with a label none is taken. */
static void labels_stand_for_ids(void **state)
{
	static const char twins[] =
		"{\"strategies\": [\"step\"], \"questions\": ["
		"{\"id\": \"a\", \"label\": \"twin\", \"asks\": \"?\", \"options\": [\"yes\"]},"
		"{\"id\": \"b\", \"label\": \"twin\", \"asks\": \"?\", \"options\": [\"yes\"]},"
		"{\"id\": \"c\", \"label\": \"a\", \"asks\": \"?\", \"options\": [\"no\"]}],"
		"\"rules\": [{\"id\": \"one\", \"source\": \"table\", \"row\": \"r\","
		" \"when\": {\"a\": \"yes\", \"b\": \"yes\", \"c\": \"no\"}, \"recommend\": [\"step\"]}]}";
	struct scope *scope = open_scope();
	char path[100];

	(void)state;
	must(scope, "answer data large");
	assert_string_equal(scope->study.told.answers[0].question, "scale");
	must(scope, "answer task 'time series'");
	assert_string_equal(study_answer_to(&scope->study, "task")->option, "timeseries");
	must(scope, "answer task language");
	assert_string_equal(study_answer_to(&scope->study, "task")->option, "nlp");
	must(scope, "question rate");
	assert_string_equal(scope->viewpoint.question, "sensitivity");
	must(scope, "decisive data");
	assert_true(scope->study.told.answers[0].decisive);
	assert_true(offers(scope, "answer d", "data"));
	assert_true(offers(scope, "answer data ", "large"));
	use_rules(scope, twins, path);
	must_not(scope, "answer twin yes", "several questions");
	assert_false(offers(scope, "answer twin ", "yes"));
	must(scope, "answer a yes");
	must_not(scope, "answer a no", "unknown answer");
	close_scope(scope);
	remove(path);
}

/* ---- the race ---- */

static void race_to_the_end(struct scope *scope, int64_t slice)
{
	while (scope_work(scope, slice))
		;
	assert_int_equal(scope->race.state, RACE_DONE);
}

static void a_race_in_slices_is_the_same(void **state)
{
	struct scope *whole = open_scope(), *sliced = open_scope();
	const struct racer *racer;
	int s;

	(void)state;
	must(whole, "set epochs 3");
	must(sliced, "set epochs 3");
	must(sliced, "set lr 0.02"); /* the race has peaks of its own */
	must(whole, "race");
	must(sliced, "race");
	race_to_the_end(whole, 1 << 30);
	race_to_the_end(sliced, 77);
	assert_int_equal(whole->race.done, whole->race.total);
	for (s = 0; s < STRATEGY_COUNT; s++) {
		racer = &whole->race.racers[s];
		assert_memory_equal(racer->excess, sliced->race.racers[s].excess,
				    sizeof racer->excess);
		assert_memory_equal(racer->loss, sliced->race.racers[s].loss, sizeof racer->loss);
		assert_in_range(racer->rank, 1, STRATEGY_COUNT);
		assert_true(racer->best_excess.low <= racer->best_excess.median);
		assert_true(racer->best_excess.median <= racer->best_excess.high);
	}
	close_scope(whole);
	close_scope(sliced);
}

/* One run of the race is the run that the explorer shows for these settings. */
static void a_race_runs_what_the_explorer_runs(void **state)
{
	struct scope *scope = open_scope();
	const struct race *race = &scope->race;
	char line[100];
	int k;

	(void)state;
	must(scope, "set epochs 5");
	must(scope, "race");
	race_to_the_end(scope, 100000);
	for (k = 0; k < RACE_RATES; k += 4) {
		snprintf(line, sizeof line, "set lr %.17g", race->rates[k]);
		must(scope, line);
		must(scope, "apply onecycle");
		finish(scope);
		assert_same(scope->results.now.record.final_excess,
			    race->racers[STRATEGY_ONECYCLE].excess[k][0]);
		assert_int_equal(race->state, RACE_DONE); /* the peak is not its business */
	}
	close_scope(scope);
}

static void a_race_follows_the_study(void **state)
{
	struct scope *scope = open_scope();

	(void)state;
	must(scope, "set epochs 3");
	must(scope, "race");
	for (int i = 0; i < 3; i++) /* the run, the ghost, the race */
		scope_work(scope, 30000);
	must(scope, "race stop");
	assert_int_equal(scope->race.state, RACE_STOPPED);
	assert_in_range(scope->race.done, 1, scope->race.total - 1);
	finish(scope);
	assert_int_equal(scope->race.state, RACE_STOPPED);
	must(scope, "race");
	assert_int_equal(scope->race.state, RACE_RUNNING);
	assert_true(scope->race.done > 0); /* went on */
	must(scope, "answer scale small");
	assert_true(scope->race.done > 0);
	must(scope, "set batch 32");
	assert_int_equal(scope->race.state, RACE_RUNNING);
	assert_int_equal(scope->race.done, 0); /* begun again */
	race_to_the_end(scope, 100000);
	must(scope, "data diabetes");
	assert_int_equal(scope->race.state, RACE_NONE);
	must(scope, "race");
	race_to_the_end(scope, 100000);
	must_not(scope, "race on", "unknown word of the race");
	close_scope(scope);
}

/* A study that cannot be raced: its only other target is held out. */
static void a_race_that_cannot_follow_says_why(void **state)
{
	struct scope *scope = open_scope();
	char path[] = "lrscope-race-XXXXXX.csv", line[60];
	int seed = 0;

	(void)state;
	must_open_table(scope, path, "a,y\n1,0\n2,0\n3,0\n4,0\n5,0\n6,1\n");
	unlink(path);
	for (int times = 0; times < 2; times++) { /* until it can be raced, and until it cannot */
		do {
			snprintf(line, sizeof line, "set seed %d", seed++);
			must(scope, line);
		} while ((times == 0) != (scope->results.now.state != LANE_REFUSED) && seed < 100);
		if (times == 0)
			must(scope, "race");
	}
	assert_int_equal(scope->race.state, RACE_NONE);
	assert_int_equal(scope->results.now.state, LANE_REFUSED);
	assert_non_null(strstr(scope->viewpoint.message, "the race is over: "));
	assert_non_null(strstr(scope->viewpoint.message, "constant"));
	close_scope(scope);
}

static void a_race_without_limit_or_validation(void **state)
{
	struct scope *scope = open_scope();
	struct text text;

	(void)state;
	must(scope, "set epochs 2");
	must(scope, "set optimizer adam");
	must(scope, "set validation 0");
	must(scope, "race");
	race_to_the_end(scope, 100000);
	assert_false(scope->race.has_limit);
	assert_same(scope->race.rates[0], 1e-3);
	assert_true(isnan(scope->race.racers[STRATEGY_COSINE].best_loss.median));
	wizard_follow(&scope->wizard, &scope->study);
	text_init(&text);
	race_words(&scope->race, &scope->wizard, &text);
	assert_non_null(strstr(text.bytes, "evidence about the toy"));
	assert_non_null(strstr(text.bytes, "No question is answered"));
	assert_null(strstr(text.bytes, "nan"));
	must(scope, "answer loss steady");
	text_clear(&text);
	race_words(&scope->race, &scope->wizard, &text);
	assert_true(strstr(text.bytes, "agrees") != NULL);
	text_done(&text);
	close_scope(scope);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_come_and_go),
		cmocka_unit_test(answers_turn),
		cmocka_unit_test(decisive_answers),
		cmocka_unit_test(the_length_line),
		cmocka_unit_test(undo_takes_answers_back),
		cmocka_unit_test(dials_and_scenes_keep_answers),
		cmocka_unit_test(apply_fits_the_run),
		cmocka_unit_test(apply_tells_runs_apart),
		cmocka_unit_test(apply_leaves_momentum),
		cmocka_unit_test(apply_is_one_step),
		cmocka_unit_test(apply_takes_what_is_in_hand),
		cmocka_unit_test(pages_lead_back),
		cmocka_unit_test(saved_round_trip),
		cmocka_unit_test(saved_reads_strictly),
		cmocka_unit_test(labels_stand_for_ids),
		cmocka_unit_test(rules_of_ones_own),
		cmocka_unit_test(rules_that_shrink),
		cmocka_unit_test(rules_that_are_gone),
		cmocka_unit_test(completion_knows_the_rules),
		cmocka_unit_test(a_race_in_slices_is_the_same),
		cmocka_unit_test(a_race_runs_what_the_explorer_runs),
		cmocka_unit_test(a_race_follows_the_study),
		cmocka_unit_test(a_race_that_cannot_follow_says_why),
		cmocka_unit_test(a_race_without_limit_or_validation),
	};

	return cmocka_run_group_tests_name("wizard", tests, NULL, NULL);
}
