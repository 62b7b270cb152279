/* The first row: what is trained on what. */
#include <stdio.h>
#include "base/language.h"
#include "base/number.h"
#include "view/panel.h"

#include <string.h>

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void add_data(const struct scope *scope, struct pieces *pieces, bool wide)
{
	const struct plan *plan = &scope->results.now.plan;
	const char *name = file_name(scope->study.now.training.data);

	if (!*name)
		name = scope->results.dataset.name;
	if (wide && lane_has_curve(&scope->results.now))
		pieces_add(pieces, 80, ROLE_TEXT, _("%s %lld+%lld rows"), name,
			   (long long)plan->training_rows, (long long)plan->validation_rows);
	else
		pieces_add(pieces, 80, ROLE_TEXT, "%s", name);
}

static void add_optimizer(const struct scope *scope, struct pieces *pieces, bool wide)
{
	const struct training *training = &scope->study.now.training;
	int index = (int)training_number(training, TRAINING_OPTIMIZER);
	double momentum = training_number(training, TRAINING_MOMENTUM);
	double batch = training_number(training, TRAINING_BATCH);
	char number[NUMBER_SIZE], drive[64] = "", rows[64];

	if (index < 0 || index >= OPTIMIZER_COUNT)
		index = 0;
	if (wide && index == OPTIMIZER_SGD && momentum != 0)
		snprintf(drive, sizeof drive, _(" momentum %s"), number_short(number, momentum, 3, 6));
	if (lane_has_curve(&scope->results.now) && scope->results.now.plan.full_batch)
		snprintf(rows, sizeof rows, _("full batch"));
	else
		snprintf(rows, sizeof rows, _("batch %s"), number_short(number, batch, 6, 8));
	pieces_add(pieces, 70, ROLE_TEXT, "%s%s %s", optimizer_names[index], drive, rows);
}

static void add_length(const struct scope *scope, struct pieces *pieces)
{
	const struct plan *plan = &scope->results.now.plan;
	double epochs = training_number(&scope->study.now.training, TRAINING_EPOCHS);
	const char *unit = n_("epoch", "epochs", epochs);
	char number[NUMBER_SIZE];

	if (lane_has_curve(&scope->results.now))
		pieces_add(pieces, 75, ROLE_TEXT, _("%lld %s x %lld = %lld %s"),
			   (long long)plan->epochs, unit, (long long)plan->batches,
			   (long long)plan->updates, n_("step", "steps", plan->updates));
	else
		pieces_add(pieces, 75, ROLE_TEXT, "%s %s", number_short(number, epochs, 6, 9), unit);
}

void draw_header(const struct scope *scope, struct canvas *canvas, struct area area)
{
	struct pieces pieces;
	bool wide = area.columns >= 100;
	char number[NUMBER_SIZE];
	int gap = wide ? 3 : 2;

	pieces.count = 0;
	pieces_add(&pieces, 60, ROLE_TITLE, "lrscope");
	add_data(scope, &pieces, wide);
	add_optimizer(scope, &pieces, wide);
	add_length(scope, &pieces);
	pieces_add(&pieces, 50, ROLE_TEXT, _("seed %s"),
		   number_short(number, training_number(&scope->study.now.training, TRAINING_SEED),
				9, 9));
	if (scope->path[0])
		pieces_add(&pieces, 40, ROLE_TEXT, scope->changed ? _("%s, changed") : "%s",
			   file_name(scope->path));
	pieces_choose(&pieces, area.columns - 2, gap);
	pieces_draw(&pieces, canvas, area.x + 1, area.y, area.columns - 2, gap);
}
