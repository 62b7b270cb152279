/* `train`: a training run as rows, an epoch or an update each. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "export/table.h"
#include "lrscope/batch.h"
#include "lrscope/print.h"
#include "trainer/run.h"

#define PLAIN_COLUMNS 8
#define NAME_SIZE (DATASET_NAME + 2) /* "w_" before a feature's name */

struct training_job {
	struct setting setting;
	struct dataset dataset;
	struct plan plan;
	struct problem problem;
	struct run run;
	bool every_step, weights;
	const char **names;             /* of the columns */
	char (*weight_names)[NAME_SIZE];
	unsigned columns;
	struct {
		double training_loss, validation_loss, excess, *weights;
	} state;                        /* before the row's first update */
	struct table table;
	struct text text;
};

static void job_init(struct training_job *job)
{
	memset(job, 0, sizeof *job);
	dataset_init(&job->dataset);
	problem_init(&job->problem);
	run_init(&job->run);
	text_init(&job->text);
}

static void job_done(struct training_job *job)
{
	free(job->names);
	free(job->weight_names);
	free(job->state.weights);
	text_done(&job->text);
	run_done(&job->run);
	problem_done(&job->problem);
	dataset_done(&job->dataset);
}

static bool prepare(struct training_job *job, const struct request *request, struct error *error)
{
	const struct training *training = &job->setting.training;
	job->every_step = request_choice(request, "--every", 0) == 1;
	job->weights = request_option(request, "--weights") != NULL;
	if (!batch_setting(request, request->words[0], true, &job->setting, error) ||
	    !dataset_open(&job->dataset, training->data, training->target, error))
		return false;
	enum strategy_id id = job->setting.schedule.node[0].strategy;
	return plan_make(&job->plan, training, id, job->dataset.rows, error) &&
	       problem_make(&job->problem, &job->dataset, &job->plan, error) &&
	       run_start(&job->run, &job->problem, &job->plan, training, &job->setting.schedule, false,
			 error) &&
	       /* What the schedule refuses on the way is told before any output. */
	       run_reaches(&job->plan, &job->run.scheduler, error);
}

static bool name_columns(struct training_job *job, struct error *error)
{
	static const char *const plain[PLAIN_COLUMNS] = {
		"step", "epoch", "lr", "lr_last", "momentum", "train_loss", "val_loss", "excess",
	};
	size_t features = job->problem.features;
	job->names = calloc(PLAIN_COLUMNS + features + 1, sizeof *job->names);
	job->weight_names = calloc(features + 1, sizeof *job->weight_names);
	job->state.weights = calloc(job->problem.size, sizeof *job->state.weights);
	if (!job->names || !job->weight_names || !job->state.weights)
		return error_memory(error);
	for (unsigned i = !job->every_step; i < PLAIN_COLUMNS; i++)
		job->names[job->columns++] = plain[i];
	if (!job->weights)
		return true;
	for (size_t i = 0; i < features; i++) {
		snprintf(job->weight_names[i], NAME_SIZE, "w_%s", job->problem.columns[i]);
		job->names[job->columns++] = job->weight_names[i];
	}
	job->names[job->columns++] = "bias";
	return true;
}

/* Notes losses and weights as they are now: a row is printed when its epoch is over and the rate of
 * its last update is known. */
static void take_state(struct training_job *job)
{
	const double *weights = job->run.weights;
	job->state.training_loss = problem_training_loss(&job->problem, weights);
	job->state.validation_loss = problem_validation_loss(&job->problem, weights);
	job->state.excess = problem_excess(&job->problem, weights);
	if (job->weights)
		memcpy(job->state.weights, weights, job->problem.size * sizeof *weights);
}

static void put_state(struct training_job *job)
{
	struct table *table = &job->table;
	table_number(table, job->state.training_loss);
	if (job->problem.validation_rows)
		table_number(table, job->state.validation_loss);
	else
		table_empty(table);
	table_number(table, job->state.excess);
	for (size_t i = 0; job->weights && i < job->problem.size; i++)
		table_number(table, job->state.weights[i]);
}

static void put_rates(struct training_job *job, struct rate first, double last)
{
	table_number(&job->table, first.lr);
	table_number(&job->table, last);
	table_number(&job->table, first.momentum);
}

static bool stopped(const struct training_job *job, struct error *error)
{
	if (job->run.stopped && error)
		*error = job->run.why;
	return job->run.stopped;
}

static bool print_steps(struct training_job *job, struct error *error)
{
	for (int64_t update = 0; update < job->plan.updates; update++) {
		struct rate rate = run_rate(&job->run);
		table_integer(&job->table, update);
		table_integer(&job->table, update / job->plan.batches);
		put_rates(job, rate, rate.lr);
		take_state(job);
		put_state(job);
		run_update(&job->run, NULL);
		if (stopped(job, error) || !print_pass(&job->text, error))
			return false;
	}
	return true;
}

static bool print_epochs(struct training_job *job, struct error *error)
{
	for (int64_t epoch = 0; epoch < job->plan.epochs; epoch++) {
		struct rate rate = run_rate(&job->run);
		struct update last = {.lr = rate.lr};
		take_state(job);
		for (int64_t i = 0; i < job->plan.batches; i++)
			run_update(&job->run, &last);
		table_integer(&job->table, epoch);
		put_rates(job, rate, last.lr);
		put_state(job);
		if (stopped(job, error) || !print_pass(&job->text, error))
			return false;
	}
	return true;
}

static bool print_last(struct training_job *job, struct error *error)
{
	if (job->every_step)
		table_integer(&job->table, job->plan.updates);
	table_integer(&job->table, job->plan.epochs);
	for (int i = 0; i < 3; i++)
		table_empty(&job->table);
	take_state(job);
	put_state(job);
	table_end(&job->table);
	return print_text(&job->text, error);
}

/* Not an error, but worth a line beside the rows. */
static void report_constants(const struct problem *problem)
{
	char name[4 * DATASET_NAME];
	if (!problem->constant_features)
		return;
	text_safe(name, sizeof name, problem->constant_name, !print_is_utf8());
	if (problem->constant_features == 1)
		fprintf(stderr, _("lrscope: note: feature '%s' is constant in the training rows and "
				  "became 0\n"), name);
	else
		fprintf(stderr, _("lrscope: note: %u features are constant in the training rows and "
				  "became 0, '%s' first\n"), problem->constant_features, name);
}

static bool work(struct training_job *job, const struct request *request, struct error *error)
{
	if (!prepare(job, request, error) || !name_columns(job, error))
		return false;
	enum table_format format = (enum table_format)request_choice(request, "--format", TABLE_CSV);
	table_start(&job->table, format, &job->text, job->names, job->columns);
	if (!(job->every_step ? print_steps(job, error) : print_epochs(job, error)) ||
	    !print_last(job, error))
		return false;
	report_constants(&job->problem); /* at last: an error is the only line where there is one */
	return true;
}

bool batch_train(const struct request *request, struct error *error)
{
	struct training_job job;
	job_init(&job);
	bool ok = work(&job, request, error);
	job_done(&job);
	return ok;
}
