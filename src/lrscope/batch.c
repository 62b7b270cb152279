#include "lrscope/batch.h"

#include <string.h>

#include "base/language.h"
#include "export/table.h"

const char *const color_choices[] = {"auto", "always", "never", NULL};
static const char *const form_choices[] = {"recursive", "closed", NULL};
static const char *const every_choices[] = {"epoch", "step", NULL};
static const char *const text_formats[] = {"text", "json", NULL};

#define END {NULL, NULL, NULL, NULL}
#define FORMAT {"--format", "csv|json", table_formats, N_("CSV, or an array of objects")}
#define TEXT_FORMAT {"--format", "text|json", text_formats, N_("for people, or an array of objects")}
#define SIZE {"--size", "WxH", NULL, N_("columns and rows; 80x24 unless given")}
#define ASCII {"--ascii", NULL, NULL, N_("only characters of ASCII")}
#define COLOR {"--color", "auto|always|never", color_choices, \
	       N_("auto: on a terminal, unless NO_COLOR is set")}

static const struct option_row no_options[] = {END};
static const struct option_row trace_options[] = {
	{"--steps", "N", NULL, N_("rows to print")},
	{"--metrics", "FILE", NULL, N_("what plateau is given after each row")},
	{"--form", "recursive|closed", form_choices, N_("PyTorch's chainable arithmetic, or its closed form")},
	FORMAT,
	END,
};
static const struct option_row train_options[] = {
	{"--every", "epoch|step", every_choices, N_("a row an epoch, or an update")},
	{"--weights", NULL, NULL, N_("columns with the weights and the bias")},
	FORMAT,
	END,
};
static const struct option_row plot_options[] = {SIZE, ASCII, COLOR, END};
static const struct option_row advise_options[] = {
	{"--ask", NULL, NULL, N_("asks the questions, a line an answer")},
	{"--decisive", "QUESTIONS", NULL, N_("answers that must be met, comma-separated")},
	{"--rules", "FILE", NULL, N_("rules of your own, in place of the guide's")},
	{"--format", "text|json", text_formats, N_("for people, or one object")},
	END,
};
static const struct option_row race_options[] = {
	{"--rules", "FILE", NULL, N_("a rules file of your own")},
	{"--format", "text|json", text_formats, N_("for people, or an object")},
	END,
};
static const struct option_row list_options[] = {TEXT_FORMAT, END};
static const struct option_row run_options[] = {SIZE, ASCII, END};

const struct option_row explorer_option_rows[] = {
	ASCII,
	COLOR,
	{"--mouse", NULL, NULL, N_("clicks and the wheel turn dials")},
	END,
};

#define SETTINGS "STRATEGY [name=value ...]"

const struct batch_command batch_commands[] = {
	{"trace", SETTINGS, N_("the learning rate in force for scheduler steps 0 to N-1"),
	 N_("Row 0 is before any scheduler step. Columns: step, lr and, where the schedule drives it,\n"
	    "momentum (SGD's, or beta1 of optimizer=adam and adamw). Without --steps: 30 rows, cosine\n"
	    "T_max+1, cyclic 10000, onecycle its length, plateau one more than the metrics.\n"
	    "plateau needs --metrics: one number a line, or a CSV with a column `metric`, whose value in\n"
	    "row t is what the scheduler is given after row t; an empty cell in the last row ends it."),
	 trace_options, 1, 1, true, batch_trace},
	{"train", SETTINGS, N_("trains a linear model under the schedule and prints what the loss did"),
	 N_("Columns: epoch, lr, lr_last, momentum, train_loss, val_loss, excess. Row e is the state\n"
	    "before epoch e: lr and momentum of its first update, lr_last of its last, losses over all\n"
	    "rows, excess = train_loss above the least-squares floor. The last row is the end. With\n"
	    "--every step a column `step` comes first and a row is the state before that update; lr_last\n"
	    "equals lr. `lrscope list words` and `lrscope list parameters STRATEGY` tell the names."),
	 train_options, 1, 1, true, batch_train},
	{"plot", SETTINGS, N_("the explorer's panels as text, after the whole run"),
	 N_("Takes the words of train; total_steps, T_max and step_size follow the run unless given."),
	 plot_options, 1, 1, true, batch_plot},
	{"advise", "[question=option ...]", N_("which strategy to choose, and why"),
	 N_("Ranks the strategies by how many of your answers speak for each; question=unknown is the\n"
	    "same as leaving it out. Without any answer the questions are printed. With --ask a line is\n"
	    "an option's number, its id or the beginning of it, with ! behind it for a decisive answer;\n"
	    "an empty line or ? where you do not know."),
	 advise_options, 0, 0, true, batch_advise},
	{"race", "[training word=value ...] [question=option ...]",
	 N_("all strategies on one problem, each at its best rate"),
	 N_("For each strategy the peak rate is tuned on a grid, with the same budget and five seeds, and\n"
	    "ranked by the excess it reaches; beside it the rank that the wizard gives it for the answers.\n"
	    "A toy regression is evidence about the toy."),
	 race_options, 0, 0, true, batch_race},
	{"list", "[strategies|datasets|optimizers|commands|keys|words|parameters STRATEGY]",
	 N_("what there is"),
	 N_("commands are those of the command line and of the explorer, words those of the training."),
	 list_options, 0, 2, false, batch_list},
	{"show", "STRATEGY", N_("principle, formula, parameters and a PyTorch snippet of a strategy"),
	 "", no_options, 1, 1, false, batch_show},
	{"export", "pytorch " SETTINGS, N_("Python that trains with exactly these values"),
	 N_("Takes the words of train. The code runs as printed under torch 1.13 and newer, on random\n"
	    "rows in place of your data."),
	 no_options, 2, 2, true, batch_export},
	{"run", "SCRIPT", N_("the explorer's own commands, without a screen"),
	 N_("A line a command, or several with ';' between them; '#' begins a comment. The script is read\n"
	    "whole before its first command runs; a command that fails ends it, and nothing is printed."),
	 run_options, 1, 1, false, batch_run},
	{"-c", "'COMMAND; COMMAND'", N_("the same from the command line"), "", run_options, 1, 1, false,
	 batch_run_words},
};

const unsigned batch_command_count = sizeof batch_commands / sizeof *batch_commands;

const struct batch_command *batch_find(const char *name)
{
	for (unsigned i = 0; i < batch_command_count; i++)
		if (!strcmp(batch_commands[i].name, name))
			return &batch_commands[i];
	return NULL;
}

bool batch_unknown(const char *name, struct error *error)
{
	const char *known[sizeof batch_commands / sizeof *batch_commands];
	for (unsigned i = 0; i < batch_command_count; i++)
		known[i] = batch_commands[i].name;
	return error_unknown(error, _("command"), name, known, batch_command_count);
}

/* ---- name=value words ---- */

static bool unknown_word(enum strategy_id id, bool training, const char *name, struct error *error)
{
	const char *known[STRATEGY_PARAMETERS + TRAINING_COUNT + 2];
	const struct parameter *rows;
	unsigned rows_count = strategy_parameters(id, &rows), count = 0;
	char what[64] = "";

	known[count++] = schedule_lr.name;
	for (unsigned i = 0; i < rows_count; i++)
		if (!training || training_find(rows[i].name) < 0)
			known[count++] = rows[i].name;
	for (unsigned i = 0; training && i < TRAINING_COUNT; i++)
		known[count++] = training_parameters[i].name;
	if (!training)
		known[count++] = "optimizer";
	strncat(what, strategy_name(id), 20);
	strncat(what, " ", 2);
	strncat(what, _("word"), 40);
	return error_unknown(error, what, name, known, count);
}

static bool set_word(struct setting *setting, const struct setting_word *word, bool training,
		     struct error *error)
{
	enum strategy_id id = setting->schedule.node[0].strategy;
	bool trains = training_find(word->name) >= 0 && (training || !strcmp(word->name, "optimizer"));
	bool schedules = !strcmp(word->name, schedule_lr.name) ||
			 strategy_parameter(id, word->name) >= 0 ||
			 !strcmp(word->name, "scale_fn") || !strcmp(word->name, "last_epoch");
	if (trains)
		return training_set(&setting->training, word->name, word->value, error);
	if (schedules)
		return schedule_set(&setting->schedule, word->name, word->value, error);
	return unknown_word(id, training, word->name, error);
}

bool batch_setting(const struct request *request, const char *word, bool training,
		   struct setting *setting, struct error *error)
{
	enum strategy_id id;
	if (!strategy_find(word, &id, error))
		return false;
	setting->schedule = schedule_of(id);
	setting->training = training_default();
	for (unsigned i = 0; i < request->setting_count; i++)
		if (!set_word(setting, &request->settings[i], training, error))
			return false;
	return true;
}
