#include "export/pytorch.h"

#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "export/words.h"
#include "trainer/run.h"

#define LINE 96 /* columns before a call is broken over lines */

/* What the pieces of the program are written from. */
struct script {
	struct text *text;
	const struct setting *setting;
	const struct plan *plan;
	const struct scheduler *scheduler;
	enum strategy_id strategy;
	size_t features;
};

/* ---- calls: name(a, b=1, ...), broken when long ---- */

static void add_argument(struct text *call, const char *name, const char *value)
{
	size_t start = call->length, width = strlen(name) + strlen(value) + 4;
	while (start > 0 && call->bytes[start - 1] != '\n')
		start--;
	text_add(call, call->length - start + width > LINE ? ",\n    " : ", ");
	text_addf(call, "%s=%s", name, value);
}

#define FLOAT_SIZE (NUMBER_SIZE + 2)

/* As Python's float, also where it is whole: PyTorch asks for floats in places, and powers of whole
 * numbers are other ones. */
static char *python_float(char out[FLOAT_SIZE], double number)
{
	number_format(out, number);
	return strpbrk(out, ".e") ? out : strcat(out, ".0");
}

static void add_float(struct text *call, const char *name, double number)
{
	char shown[FLOAT_SIZE];
	add_argument(call, name, python_float(shown, number));
}

static void add_value(struct text *call, const struct parameter *parameter, struct value value)
{
	char quoted[64], shown[NUMBER_SIZE];
	if (value.how == VALUE_NONE) {
		add_argument(call, parameter->name, "None");
	} else if (parameter->type == PARAMETER_SWITCH) {
		add_argument(call, parameter->name, value.number != 0 ? "True" : "False");
	} else if (parameter->type == PARAMETER_CHOICE) {
		snprintf(quoted, sizeof quoted, "\"%s\"", parameter->choices[(int)value.number]);
		add_argument(call, parameter->name, quoted);
	} else if (parameter->scale == DIAL_COUNT) {
		add_argument(call, parameter->name, number_format(shown, value.number));
	} else {
		add_float(call, parameter->name, value.number);
	}
}

/* ---- optimizer ---- */

static void add_optimizer(struct script *script)
{
	static const char *const classes[OPTIMIZER_COUNT] = {"SGD", "Adam", "AdamW"};
	const struct plan *plan = script->plan;
	struct text *text = script->text;
	double usual_decay = plan->optimizer == OPTIMIZER_ADAMW ? 0.01 : 0;

	text_addf(text, "optimizer = torch.optim.%s(model.parameters()", classes[plan->optimizer]);
	/* No optimizer is made with a negative rate. Where the peak can be one, PyTorch overwrites lr. */
	if (schedule_peak(&script->scheduler->schedule) < 0)
		add_float(text, "lr", script->scheduler->schedule.lr.number);
	else
		add_argument(text, "lr", "PEAK_LR");
	if (plan->optimizer == OPTIMIZER_SGD) {
		if (plan->momentum != 0)
			add_float(text, "momentum", plan->momentum);
		if (plan->dampening != 0)
			add_float(text, "dampening", plan->dampening);
	} else {
		if (plan->beta1 != 0.9 || plan->beta2 != 0.999) {
			char betas[2 * FLOAT_SIZE + 8], first[FLOAT_SIZE], second[FLOAT_SIZE];
			snprintf(betas, sizeof betas, "(%s, %s)", python_float(first, plan->beta1),
				 python_float(second, plan->beta2));
			add_argument(text, "betas", betas);
		}
		if (plan->adam_eps != 1e-8)
			add_float(text, "eps", plan->adam_eps);
	}
	if (plan->weight_decay != usual_decay)
		add_float(text, "weight_decay", plan->weight_decay);
	if (plan->nesterov && plan->optimizer == OPTIMIZER_SGD)
		add_argument(text, "nesterov", "True");
	if (plan->amsgrad && plan->optimizer != OPTIMIZER_SGD)
		add_argument(text, "amsgrad", "True");
	text_add(text, ")\n");
}

/* ---- scheduler ---- */

/* torch 1.13 has CyclicLR refuse cycle_momentum on Adam, later ones cycle its beta1. */
static bool cycles_beta1(const struct script *script)
{
	return script->strategy == STRATEGY_CYCLIC && script->scheduler->drives_momentum &&
	       script->plan->optimizer != OPTIMIZER_SGD;
}

/* Arguments that PyTorch has no default for, or whose default is worth seeing. */
static bool is_needed(enum strategy_id id, const char *name)
{
	static const char *const needed[] = {
		"step_size", "T_max", "base_lr", "max_lr", "total_steps", "step_size_up", "factor",
		"patience", NULL,
	};
	for (unsigned i = 0; needed[i]; i++)
		if (!strcmp(name, needed[i]))
			return true;
	return !strcmp(name, "gamma") && (id == STRATEGY_STEP || id == STRATEGY_EXPONENTIAL);
}

static bool is_standard(const struct parameter *row, struct value value)
{
	return value.how == VALUE_UNSET ||
	       (value.how == row->standard.how &&
		(value.how != VALUE_GIVEN || value.number == row->standard.number));
}

static void add_parameters(struct script *script)
{
	const struct value *values = script->scheduler->schedule.node[0].values;
	const char *peak = strategy_peak(script->strategy);
	const struct parameter *rows;
	unsigned count = strategy_parameters(script->strategy, &rows);

	for (unsigned i = 0; i < count; i++) {
		const char *name = rows[i].name;
		/* One cycle's length is in total_steps by now. */
		if (!strcmp(name, "epochs") || !strcmp(name, "steps_per_epoch"))
			continue;
		if (!strcmp(name, "cycle_momentum") && cycles_beta1(script))
			add_argument(script->text, name, "False");
		else if (peak && !strcmp(name, peak))
			add_argument(script->text, name, "PEAK_LR");
		else if (is_needed(script->strategy, name) || !is_standard(&rows[i], values[i]))
			add_value(script->text, &rows[i], values[i]);
	}
}

static double bound(const struct script *script, const char *name)
{
	int index = strategy_parameter(script->strategy, name);
	return script->scheduler->schedule.node[0].values[index].number;
}

static void add_beta1(struct script *script)
{
	const struct value *values = script->scheduler->schedule.node[0].values;
	int down = strategy_parameter(script->strategy, "step_size_down");
	double up = bound(script, "step_size_up");
	double fall = values[down].how == VALUE_GIVEN ? values[down].number : up;
	int mode = (int)bound(script, "mode"); /* triangular, triangular2, exp_range */
	struct text *text = script->text;
	char shown[FLOAT_SIZE];

	text_add(text, "\n# CyclicLR of torch 1.13 cannot cycle Adam's beta1; later ones do it so:\n"
		       "def set_beta1(t):\n    up, total = ");
	text_add_number(text, up);
	text_add(text, ", ");
	text_add_number(text, up + fall);
	text_add(text, "\n    cycle = math.floor(1 + t / total)\n"
		       "    x = 1 + t / total - cycle\n"
		       "    ratio = up / total\n"
		       "    scale = x / ratio if x <= ratio else (x - 1) / (ratio - 1)\n"
		       "    beta1 = ");
	text_add_number(text, bound(script, "max_momentum"));
	text_add(text, " - (");
	text_add_number(text, bound(script, "max_momentum"));
	text_add(text, " - ");
	text_add_number(text, bound(script, "base_momentum"));
	text_add(text, ") * scale");
	if (mode == 1)
		text_add(text, " / 2 ** (cycle - 1)");
	if (mode == 2)
		text_addf(text, " * (%s) ** t", python_float(shown, bound(script, "gamma")));
	text_add(text, "\n    for group in optimizer.param_groups:\n"
		       "        group[\"betas\"] = (beta1, group[\"betas\"][1])\n\n\n"
		       "set_beta1(0)\n");
}

static void add_scheduler(struct script *script)
{
	struct text *text = script->text;
	if (script->strategy == STRATEGY_CONSTANT) {
		text_add(text, "scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, "
			       "lambda t: 1.0)  # constant\n");
		return;
	}
	text_addf(text, "scheduler = torch.optim.lr_scheduler.%s(optimizer",
		  strategy_pytorch(script->strategy));
	add_parameters(script);
	text_add(text, ")\n");
	if (cycles_beta1(script))
		add_beta1(script);
}

/* ---- the rest of the program ---- */

static void add_comment(struct script *script)
{
	const char *class = strategy_pytorch(script->strategy);
	struct text command;
	text_init(&command);
	export_command(script->setting, "train", &command);
	text_addf(script->text, "# %s%s%s%s. Runs as it is under torch 1.13 and newer.\n# ",
		  strategy_title(script->strategy), *class ? " (" : "", class, *class ? ")" : "");
	/* The command may quote a file's name: nothing may end the comment or leave UTF-8, which
	 * Python reads. */
	text_add_safe(script->text, command.bytes);
	text_add_char(script->text, '\n');
	script->text->failed |= command.failed;
	text_done(&command);
}

static void add_rows(struct text *text, const char *suffix, int64_t rows, size_t features)
{
	text_addf(text, "x%s = torch.randn(%lld, %zu, dtype=torch.float64)\n", suffix,
		  (long long)rows, features);
	text_addf(text, "y%s = x%s.mean(dim=1) + 0.5 * torch.randn(%lld, dtype=torch.float64)\n",
		  suffix, suffix, (long long)rows);
}

static void add_head(struct script *script)
{
	const struct plan *plan = script->plan;
	struct text *text = script->text;
	char peak[FLOAT_SIZE];
	add_comment(script);
	text_add(text, cycles_beta1(script) ? "import math\n\n" : "");
	text_add(text, "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\n\n"
		       "# The peak rate: choose this one first, the largest at which the loss still "
		       "falls.\nPEAK_LR = ");
	text_add(text, python_float(peak, schedule_peak(&script->scheduler->schedule)));
	text_addf(text, "\nEPOCHS = %lld\nBATCH = %lld\n\ntorch.manual_seed(%llu)\n\n",
		  (long long)plan->epochs, (long long)plan->batch, (unsigned long long)plan->seed);
	text_add(text, "# Random rows: put your own inputs and targets here");
	text_addf(text, plan->per_batch ? ". Lengths count updates: %lld batches an epoch.\n" :
		  ".\n", (long long)plan->batches);
	add_rows(text, "", plan->training_rows, script->features);
	if (plan->validation_rows)
		add_rows(text, "_val", plan->validation_rows, script->features);
	text_addf(text, "loader = DataLoader(TensorDataset(x, y), batch_size=BATCH, shuffle=%s)\n\n",
		  plan->shuffle ? "True" : "False");
	text_addf(text, "# A linear model: put your own here.\n"
			"model = torch.nn.Linear(%zu, 1).double()\n"
			"loss_of = torch.nn.MSELoss()\n\n", script->features);
}

/* `pad` comes before each line. The scheduler steps between updates or epochs, so once less. */
static void add_step(struct script *script, const char *pad, const char *done, const char *all)
{
	struct text *text = script->text;
	text_addf(text, "%sif %s < %s:  # not after the last one\n%s    scheduler.step(", pad, done,
		  all, pad);
	if (script->scheduler->needs_metric) {
		text_add(text, "val_loss");
		if (script->plan->val_ripple != 0) {
			text_addf(text, " + (epoch %% %lld) * ",
				  (long long)script->plan->val_ripple_period);
			text_add_number(text, script->plan->val_ripple);
		}
	}
	text_add(text, ")\n");
	if (cycles_beta1(script))
		text_addf(text, "%s    set_beta1(%s)\n", pad, done);
}

static void add_loop(struct script *script)
{
	bool per_batch = script->plan->per_batch;
	const char *held = script->plan->validation_rows ? "_val" : "";
	struct text *text = script->text;
	text_add(text, per_batch ? "\nupdates = EPOCHS * len(loader)\nupdate = 0\n" : "\n");
	text_add(text, "for epoch in range(EPOCHS):\n    model.train()\n"
		       "    for inputs, targets in loader:\n"
		       "        optimizer.zero_grad()\n"
		       "        loss = loss_of(model(inputs).squeeze(1), targets)\n"
		       "        loss.backward()\n"
		       "        optimizer.step()\n");
	if (per_batch) {
		text_add(text, "        update += 1\n");
		add_step(script, "        ", "update", "updates");
	}
	text_add(text, "    model.eval()\n    with torch.no_grad():\n");
	text_addf(text, "        val_loss = loss_of(model(x%s).squeeze(1), y%s).item()%s\n", held, held,
		  *held ? "" : "  # no rows held out: the training loss");
	text_add(text, "    print(f\"epoch {epoch + 1}  lr {optimizer.param_groups[0]['lr']:.6g}  "
		       "val_loss {val_loss:.6g}\")\n");
	if (!per_batch)
		add_step(script, "    ", "epoch + 1", "EPOCHS");
}

bool export_pytorch_sized(const struct setting *setting, size_t rows, size_t features,
			  struct text *text, struct error *error)
{
	struct plan plan;
	struct scheduler scheduler;
	enum strategy_id id = setting->schedule.node[0].strategy;
	if (!plan_make(&plan, &setting->training, id, rows, error))
		return false;
	struct clock clock = plan_clock(&plan);
	if (!scheduler_bind(&scheduler, &setting->schedule, &clock, error) ||
	    !run_reaches(&plan, &scheduler, error))
		return false;
	struct script script = {text, setting, &plan, &scheduler, id, features};
	add_head(&script);
	add_optimizer(&script);
	add_scheduler(&script);
	add_loop(&script);
	return !text->failed || error_memory(error);
}

/* What sizes do not tell: the run starts on this table. */
static bool check_start(const struct setting *setting, const struct dataset *dataset,
			struct error *error)
{
	const struct training *training = &setting->training;
	enum strategy_id id = setting->schedule.node[0].strategy;
	struct problem problem;
	struct plan plan;
	struct run run;
	problem_init(&problem);
	run_init(&run);
	bool ok = plan_make(&plan, training, id, dataset->rows, error) &&
		  problem_make(&problem, dataset, &plan, error) &&
		  run_start(&run, &problem, &plan, training, &setting->schedule, false, error);
	run_done(&run);
	problem_done(&problem);
	return ok;
}

bool export_pytorch(const struct setting *setting, struct text *text, struct error *error)
{
	const struct training *training = &setting->training;
	struct dataset dataset;
	dataset_init(&dataset);
	bool ok = dataset_open(&dataset, training->data, training->target, error) &&
		  check_start(setting, &dataset, error) &&
		  export_pytorch_sized(setting, dataset.rows, dataset.features, text, error);
	dataset_done(&dataset);
	return ok;
}

bool export_pytorch_shown(const struct scope *scope, struct text *text, struct error *error)
{
	const struct dataset *dataset = &scope->results.dataset;
	return !lane_refused(&scope->results.now, error) &&
	       export_pytorch_sized(&scope->study.now, dataset->rows, dataset->features, text, error);
}
