#include "lrscope/program.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/language.h"
#include "base/number.h"
#include "export/pytorch.h"
#include "export/words.h"
#include "study/lesson.h"
#include "study/saved.h"
#include "view/view.h"

#define SLICE 1000000       /* updates of a call of results_work */
#define STRIP_MOST 20000000 /* updates that are spent on the strip before it is read */

bool program_finish(struct scope *scope, struct error *error)
{
	struct results *results = &scope->results;
	while (results_lanes_busy(results))
		results_work(results, SLICE);
	while (scope->race.state == RACE_RUNNING)
		race_work(&scope->race, SLICE);
	for (int64_t spent = 0; spent < STRIP_MOST && results_work(results, SLICE); spent += SLICE)
		continue;
	scope_refresh(scope);
	return !results_starved(results) || error_memory(error);
}

/* The runs at their end. At the screen, where only files are opened, nobody waits for that: what is
 * there is told, and that there is more to come. */
static bool finish(struct scope *scope, struct text *out, struct error *error)
{
	if (scope->results.files == FILE_ANY)
		return program_finish(scope, error);
	scope_refresh(scope);
	if (scope_busy(scope))
		text_add(out, _("not all computed yet: "));
	return true;
}

/* "saved to demo.json": a name may hold anything. */
static const char *shown(char safe[2 * TRAINING_PATH], const char *path)
{
	return text_safe(safe, 2 * TRAINING_PATH, path, false);
}

/* Puts `text` (taken over) into a file or, without a name, into `out`. */
static bool deliver(const struct scope *scope, struct text *text, const char *path,
		    const char *what, struct text *out, struct error *error)
{
	char safe[2 * TRAINING_PATH];
	bool ok = !text->failed || error_memory(error);
	if (ok && path) {
		ok = file_write_of(path, text->bytes, text->length, scope->results.files, error);
		if (ok)
			text_addf(out, _("%s written to %s\n"), what, shown(safe, path));
	} else if (ok) {
		text_add_bytes(out, text->bytes, text->length);
	}
	text_done(text);
	return ok;
}

static const char *first(const struct command *command)
{
	return command->count ? command->argument[0] : NULL;
}

static bool save(struct scope *scope, const char *word, struct text *out, struct error *error)
{
	char path[TRAINING_PATH], safe[2 * TRAINING_PATH];
	if (!word && !*scope->path)
		return error_request(error, _("save needs a file name: this study has none yet"));
	if (!word)
		memcpy(path, scope->path, sizeof path);
	else if (!saved_path(path, sizeof path, word, error))
		return false;
	if (!saved_save(&scope->study, path, scope->results.files, error))
		return false;
	memcpy(scope->path, path, sizeof path);
	scope->changed = false;
	text_addf(out, _("saved to %s\n"), shown(safe, path));
	return true;
}

bool program_open(struct scope *scope, const char *word, struct error *error)
{
	bool is_stream = !strcmp(word, "-");
	char path[TRAINING_PATH] = "-";
	struct study study;
	if (!is_stream && !saved_path(path, sizeof path, word, error))
		return false;
	memcpy(&study, &scope->study, sizeof study);
	if (!saved_open(&study, path, scope->results.files, error) || !scope_replace(scope, &study, error))
		return false;
	memset(scope->path, 0, sizeof scope->path);
	if (!is_stream)
		memcpy(scope->path, path, sizeof path);
	scope->changed = is_stream;
	return true;
}

static bool open_study(struct scope *scope, const char *word, struct text *out, struct error *error)
{
	char safe[2 * TRAINING_PATH];
	if (!program_open(scope, word, error))
		return false;
	text_addf(out, _("opened %s\n"),
		  *scope->path ? shown(safe, scope->path) : _("standard input"));
	return true;
}

static bool code(struct scope *scope, const char *path, struct text *out, struct error *error)
{
	struct text text;
	text_init(&text);
	if (!export_pytorch_shown(scope, &text, error)) {
		text_done(&text);
		return false;
	}
	return deliver(scope, &text, path, _("code"), out, error);
}

static bool dump(struct scope *scope, const char *path, struct text *out, bool ascii, int columns,
		 int rows, struct error *error)
{
	struct canvas canvas;
	struct text text;
	if (!finish(scope, out, error))
		return false;
	canvas_init(&canvas);
	canvas.ascii = ascii;
	if (!canvas_resize(&canvas, columns, rows, error)) {
		canvas_done(&canvas);
		return false;
	}
	text_init(&text);
	view_draw(scope, &canvas);
	canvas_dump(&canvas, &text, 0);
	canvas_done(&canvas);
	return deliver(scope, &text, path, _("screen"), out, error);
}

/* ---- show ---- */

static void show_dial(const struct scope *scope, const struct dial *dial, struct text *out)
{
	struct text value;
	text_init(&value);
	study_write_dial(&scope->study, dial, &value);
	text_add_safe(out, *value.bytes ? value.bytes : "-");
	double number = scope_resolved(scope, dial);
	if (!strcmp(value.bytes, "auto") && !isnan(number)) {
		text_add(out, " (");
		text_add_number(out, number);
		text_add_char(out, ')');
	}
	out->failed |= value.failed;
	text_done(&value);
}

static void show_study(const struct scope *scope, struct text *out)
{
	struct dial dials[STUDY_DIALS];
	unsigned count = study_dials(&scope->study, dials);
	text_addf(out, "strategy %s\n", strategy_name(scope->study.now.schedule.node[0].strategy));
	for (unsigned i = 0; i < count; i++) {
		text_addf(out, "%s ", dials[i].parameter->name);
		show_dial(scope, &dials[i], out);
		text_add_char(out, '\n');
	}
}

static void show_number(struct text *out, const char *name, double number)
{
	text_addf(out, "%s ", name);
	text_add_number(out, number);
	text_add_char(out, '\n');
}

/* A figure that is not there at this update: no rate is in force at the end. */
static void show_figure(struct text *out, const char *name, double number)
{
	if (isnan(number))
		text_addf(out, "%s -\n", name);
	else
		show_number(out, name, number);
}

/* The same of a loss behind the curtain, and of a batch after the last; one that is `lost` is told. */
static void show_loss(struct text *out, const char *name, double number, bool lost)
{
	if (lost && isnan(number))
		show_number(out, name, number);
	else
		show_figure(out, name, number);
}

static bool show_reading(struct scope *scope, struct text *out, struct error *error)
{
	finish(scope, out, NULL);
	if (!scope->has_reading && lane_refused(&scope->results.now, error))
		return false;
	if (!scope->has_reading)
		return error_request(error, _("there is no reading: the run is empty here"));
	const struct reading *reading = &scope->reading;
	const struct lane *lane = &scope->results.now;
	text_addf(out, "update %lld\nepoch %lld\n", (long long)reading->update,
		  (long long)reading->epoch);
	show_figure(out, "lr", reading->rate.lr);
	show_figure(out, "momentum", reading->rate.momentum);
	show_figure(out, "limit_share", reading->limit_share);
	show_figure(out, "effective_lr", reading->effective_lr);
	show_loss(out, "excess", reading->excess, reading->lost);
	show_loss(out, "batch_loss", reading->batch_loss,
		  reading->lost && reading->update < lane->plan.updates);
	show_loss(out, "train_loss", reading->training_loss, reading->lost);
	show_loss(out, "val_loss", reading->validation_loss,
		  reading->lost && lane->plan.validation_rows > 0);
	if (!reading->has_plateau)
		return true;
	show_number(out, "best", reading->plateau.best);
	show_number(out, "bad_epochs", reading->plateau.bad_epochs);
	show_number(out, "cooldown", reading->plateau.cooldown);
	show_number(out, "next_lr", reading->plateau.next_lr);
	return true;
}

static bool show_reach(struct scope *scope, struct text *out, struct error *error)
{
	if (!finish(scope, out, error))
		return false;
	for (unsigned i = 0; i < STRATEGY_COUNT; i++) {
		const struct reach *reach = &scope->results.reach[i];
		enum strategy_id id = (enum strategy_id)i;
		if (scope_hides_reach(scope, id))
			show_figure(out, strategy_name(id), NAN);
		else if (reach->refused)
			text_addf(out, "%s refused\n", strategy_name(id));
		else
			show_figure(out, strategy_name(id), reach->median);
	}
	return true;
}

static void show_part(struct text *out, const char *lead, const char *part)
{
	if (*part)
		text_addf(out, "%s%s\n", lead, part);
}

/* The step in hand for those who do not see the screen, and what its figures come to. */
static bool show_lesson(struct scope *scope, struct text *out, struct error *error)
{
	const struct lesson_step *step = lesson_step_now(scope);
	if (!step)
		return error_request(error, _("no lesson is open"));
	finish(scope, out, NULL);
	text_addf(out, _("%s, step %d of %d: %s\n"), scope->play->lesson.title,
		  scope->play->step + 1, scope->play->lesson.count, step->title);
	show_part(out, "", step->text);
	show_part(out, "? ", step->question);
	if (lesson_asks(scope))
		return true;
	show_part(out, "> ", step->answer);
	show_part(out, scope->play->reached ? _("done: ") : "! ", step->task);
	for (int i = 0; i < step->figure_count; i++) {
		const struct lesson_figure *figure = &step->figures[i];
		double value = figure_value(scope, &figure->figure);
		char number[NUMBER_SIZE];
		bool holds = fabs(value - figure->number) <= figure->within;
		text_addf(out, "= %s %s %s %s\n", figure->name, figure->word,
			  holds ? _("is") : _("IS NOT"), number_short(number, value, 6, 12));
	}
	return true;
}

static void show_verdict(struct scope *scope, struct text *out)
{
	finish(scope, out, NULL);
	text_addf(out, "%s %s\n", verdict_marks[scope->verdict.level], scope->verdict.text);
}

static void add_known(const char *known[], unsigned *count, const char *name)
{
	for (unsigned i = 0; i < *count; i++)
		if (!strcmp(known[i], name))
			return;
	known[(*count)++] = name;
}

static bool show_named(const struct scope *scope, const char *name, struct text *out,
		       struct error *error)
{
	enum { WORDS = 6 };
	const char *known[STUDY_DIALS + WORDS + STRATEGY_PARAMETERS + TRAINING_COUNT] = {
		"study", "reading", "verdict", "reach", "lesson", "strategy"};
	enum strategy_id id = scope->study.now.schedule.node[0].strategy;
	const struct parameter *rows;
	struct dial dials[STUDY_DIALS], found;
	unsigned count = WORDS, shown, parameters;
	if (!strcmp(name, "strategy")) {
		text_addf(out, "%s\n", strategy_name(id));
		return true;
	}
	if (study_find(&scope->study, name, &found, NULL)) {
		show_dial(scope, &found, out);
		text_add_char(out, '\n');
		return true;
	}
	/* Those that are seen first, then those that have no use at present. */
	shown = study_dials(&scope->study, dials);
	for (unsigned i = 0; i < shown; i++)
		add_known(known, &count, dials[i].parameter->name);
	parameters = strategy_parameters(id, &rows);
	for (unsigned i = 0; i < parameters; i++)
		add_known(known, &count, rows[i].name);
	for (int i = 0; i < TRAINING_COUNT; i++)
		add_known(known, &count, training_parameters[i].name);
	return error_unknown(error, _("value"), name, known, count);
}

static bool show(struct scope *scope, const char *what, struct text *out, struct error *error)
{
	if (!what || !strcmp(what, "study"))
		show_study(scope, out);
	else if (!strcmp(what, "reading"))
		return show_reading(scope, out, error);
	else if (!strcmp(what, "verdict"))
		show_verdict(scope, out);
	else if (!strcmp(what, "lesson"))
		return show_lesson(scope, out, error);
	else if (!strcmp(what, "reach"))
		return show_reach(scope, out, error);
	else
		return show_named(scope, what, out, error);
	return true;
}

bool program_command(struct scope *scope, const struct command *command, struct text *out,
		     bool ascii, int columns, int rows, struct error *error)
{
	if ((command->id == COMMAND_SAVE || command->id == COMMAND_CODE || command->id == COMMAND_DUMP) &&
	    command->count && !strcmp(command->argument[0], "-"))
		return error_request(error, _("'-' is standard input; %s wants the name of a file"),
				     command_rows[command->id].name);
	switch (command->id) {
	case COMMAND_OPEN:
		return open_study(scope, first(command), out, error);
	case COMMAND_SAVE:
		return save(scope, first(command), out, error);
	case COMMAND_CODE:
		return code(scope, first(command), out, error);
	case COMMAND_DUMP:
		return dump(scope, first(command), out, ascii, columns, rows, error);
	case COMMAND_SHOW:
		return show(scope, first(command), out, error);
	default:
		return error_request(error, _("'%s' needs the explorer's screen"),
				     command_rows[command->id].name);
	}
}
