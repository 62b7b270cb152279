/* `race`: all strategies on one problem, each at its best rate, for people or as JSON. */
#include "study/race.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "export/table.h"
#include "lrscope/batch.h"
#include "lrscope/print.h"
#include "lrscope/prose.h"

#define SLICE 1000000 /* updates of a call of race_work */

struct racing {
	struct study study;
	struct dataset dataset;
	struct wizard wizard;
	struct race race;
	struct text text; /* what is printed */
};

/* ---- for people ---- */

static const char *figure(char out[NUMBER_SIZE], double number, int digits)
{
	if (isinf(number))
		return _("lost");
	return isnan(number) ? "-" : number_short(out, number, digits, 7);
}

static void add_spread(struct text *text, const struct spread *spread, int digits)
{
	char median[NUMBER_SIZE], low[NUMBER_SIZE], high[NUMBER_SIZE];

	text_addf(text, "%8s %8s %8s ", figure(median, spread->median, digits),
		  figure(low, spread->low, digits), figure(high, spread->high, digits));
}

/* The wizard's rank: "=1" where it is joint, "-" where there is none. */
static void add_rules(const struct racing *racing, enum strategy_id id, struct text *text)
{
	const struct advice *advice = &racing->wizard.advice;
	int place = race_place(&racing->wizard, id);
	char rank[16];

	text_addf(text, "%5s ", place < 0 ? "-" : advice_rank(advice, place, rank));
}

static void add_row(struct racing *racing, enum strategy_id id)
{
	const struct racer *racer = &racing->race.racers[id];
	struct text *text = &racing->text;
	char number[NUMBER_SIZE];
	bool ends = racer->best == 0 || racer->best == RACE_RATES - 1;

	if (racer->refused)
		text_add(text, "   - ");
	else
		text_addf(text, "%4d ", racer->rank);
	add_rules(racing, id, text);
	text_addf(text, " %-11s", strategy_name(id));
	if (racer->refused) {
		text_addf(text, " %s\n", racer->why);
		return;
	}
	add_spread(text, &racer->best_excess, 2);
	add_spread(text, &racer->best_loss, 3);
	text_addf(text, "%s%s\n", number_short(number, racing->race.rates[racer->best], 2, 6),
		  ends ? "*" : "");
}

static void write_text(struct racing *racing)
{
	const struct race *race = &racing->race;
	enum strategy_id order[STRATEGY_COUNT];
	int count = race_order(race, order);
	struct text *text = &racing->text, words;

	text_addf(text, n_("%d runs of %lld update: median, lowest and highest of %d seeds at the best "
			   "of %d rates\n\n",
			   "%d runs of %lld updates: median, lowest and highest of %d seeds at the best "
			   "of %d rates\n\n", race->updates),
		  race->total, (long long)race->updates, RACE_SEEDS, RACE_RATES);
	text_add(text, _("race rules  strategy    excess   lowest  highest      val   lowest  highest "
			 "rate\n"));
	for (int k = 0; k < count; k++)
		add_row(racing, order[k]);
	text_add_char(text, '\n');
	text_init(&words);
	race_words(race, &racing->wizard, &words);
	for (const char *at = words.bytes; *at; at += *at == '\n') {
		struct text line;
		size_t length = strcspn(at, "\n");

		text_init(&line);
		text_add_bytes(&line, at, length);
		prose_wrap(text, "", 0, line.bytes);
		text->failed |= line.failed;
		text_done(&line);
		at += length;
	}
	text->failed |= words.failed;
	text_done(&words);
}

/* ---- JSON ---- */

static void json_spread(struct text *text, const char *name, const struct spread *spread)
{
	text_addf(text, ",\"%s\":", name);
	if (isnan(spread->median)) {
		text_add(text, "null");
		return;
	}
	text_add(text, "{\"median\":");
	json_number(text, spread->median);
	text_add(text, ",\"lowest\":");
	json_number(text, spread->low);
	text_add(text, ",\"highest\":");
	json_number(text, spread->high);
	text_add_char(text, '}');
}

static void json_racer(struct racing *racing, enum strategy_id id)
{
	const struct racer *racer = &racing->race.racers[id];
	const struct advice *advice = &racing->wizard.advice;
	struct text *text = &racing->text;
	int place = race_place(&racing->wizard, id);

	text_addf(text, "{\"strategy\":\"%s\",\"rank\":", strategy_name(id));
	if (racer->refused) {
		text_add(text, "null,\"refused\":");
		text_add_json(text, racer->why);
	} else {
		text_addf(text, "%d", racer->rank);
		json_spread(text, "excess", &racer->best_excess);
		json_spread(text, "val_loss", &racer->best_loss);
		text_add(text, ",\"lr\":");
		json_number(text, racing->race.rates[racer->best]);
	}
	text_add(text, ",\"rules\":");
	if (place < 0)
		text_add(text, "null");
	else
		text_addf(text, "{\"rank\":%d,\"support\":%d,\"of\":%d}", advice->list[place].rank,
			  advice->list[place].support, advice->of);
	text_add_char(text, '}');
}

static void json_answers(struct racing *racing)
{
	const struct advisor *advisor = &racing->wizard.advisor;
	const char *comma = "";

	text_add(&racing->text, "{\"answers\":{");
	for (int q = 0; q < advisor->question_count; q++) {
		int o = racing->wizard.answers.option[q];

		if (o < 0)
			continue;
		text_addf(&racing->text, "%s\"%s\":\"%s\"", comma, advisor->questions[q].id,
			  advisor->questions[q].options[o].id);
		comma = ",";
	}
	text_add(&racing->text, "}");
}

static void write_json(struct racing *racing)
{
	const struct race *race = &racing->race;
	enum strategy_id order[STRATEGY_COUNT];
	int count = race_order(race, order);
	struct text *text = &racing->text, words;

	json_answers(racing);
	text_addf(text, ",\"runs\":%d,\"updates\":%lld,\"seeds\":%d,\"limit\":", race->total,
		  (long long)race->updates, RACE_SEEDS);
	if (race->has_limit)
		json_number(text, race->limit);
	else
		text_add(text, "null");
	text_add(text, ",\"rates\":[");
	for (int k = 0; k < RACE_RATES; k++) {
		text_add(text, k ? "," : "");
		json_number(text, race->rates[k]);
	}
	text_add(text, "],\"strategies\":[");
	for (int k = 0; k < count; k++) {
		text_add(text, k ? ",\n" : "\n");
		json_racer(racing, order[k]);
	}
	text_init(&words);
	race_words(race, &racing->wizard, &words);
	text_add(text, "],\n\"words\":");
	text_add_json(text, words.bytes);
	text_add(text, "}\n");
	text->failed |= words.failed;
	text_done(&words);
}

/* ---- the command ---- */

static bool unknown_word(const struct advisor *advisor, const char *name, struct error *error)
{
	const char *known[TRAINING_COUNT + ADVISOR_QUESTIONS];
	unsigned count = 0;

	for (unsigned k = 0; k < TRAINING_COUNT; k++)
		known[count++] = training_parameters[k].name;
	for (int q = 0; q < advisor->question_count; q++)
		known[count++] = advisor->questions[q].id;
	return error_unknown(error, _("training word or question"), name, known, count);
}

/* Training words, and answers to the wizard's questions. */
static bool read_words(struct racing *racing, const struct request *request, struct error *error)
{
	struct wizard *wizard = &racing->wizard;
	const char *rules = request_option(request, "--rules");

	if (rules && !*rules) /* to the wizard these are the guide's */
		return error_file(error, _("cannot open '%s': %s"), rules, strerror(ENOENT));
	for (unsigned k = 0; rules && !strcmp(rules, "-") && k < request->setting_count; k++)
		if (!strcmp(request->settings[k].name, "data") && !strcmp(request->settings[k].value, "-"))
			return error_request(error, _("--rules '-' is refused with data=-: standard input is read once"));
	if (!wizard_read(wizard, rules ? rules : "", error))
		return false;
	answers_init(&wizard->answers);
	study_init(&racing->study);
	racing->study.now.training = training_default();
	for (unsigned k = 0; k < request->setting_count; k++) {
		const struct setting_word *word = &request->settings[k];
		bool done;

		if (training_find(word->name) >= 0)
			done = training_set(&racing->study.now.training, word->name, word->value, error);
		else if (advisor_question(&wizard->advisor, word->name) >= 0)
			done = answers_set(&wizard->advisor, &wizard->answers, word->name,
					   word->value, error);
		else
			done = unknown_word(&wizard->advisor, word->name, error);
		if (!done)
			return false;
	}
	advise(&wizard->advisor, &wizard->answers, &wizard->advice);
	return true;
}

static bool run(struct racing *racing, struct error *error)
{
	const struct training *training = &racing->study.now.training;

	if (!dataset_open(&racing->dataset, training->data, training->target, error) ||
	    !race_start(&racing->race, &racing->study, &racing->dataset, error))
		return false;
	while (race_work(&racing->race, SLICE))
		continue;
	if (racing->race.state != RACE_DONE)
		*error = racing->race.why;
	return racing->race.state == RACE_DONE;
}

bool batch_race(const struct request *request, struct error *error)
{
	struct racing racing;
	bool ok;

	dataset_init(&racing.dataset);
	wizard_init(&racing.wizard);
	race_init(&racing.race);
	text_init(&racing.text);
	ok = read_words(&racing, request, error) && run(&racing, error);
	if (ok && request_choice(request, "--format", 0) == 1)
		write_json(&racing);
	else if (ok)
		write_text(&racing);
	ok = ok && print_text(&racing.text, error);
	text_done(&racing.text);
	race_done(&racing.race);
	wizard_done(&racing.wizard);
	dataset_done(&racing.dataset);
	return ok;
}
