/* A CSV of rows: parsed, made into a problem, and trained on for a few updates.
 * First byte: how (seed, split, optimizer); second: which column is the target. */
#include <math.h>

#include "fuzz/fuzz.h"
#include "trainer/dataset.h"
#include "trainer/problem.h"
#include "trainer/record.h"
#include "trainer/run.h"

static void train(struct problem *problem, const struct plan *plan, const struct training *training,
		  enum strategy_id id)
{
	struct error error = {.kind = ERROR_NONE};
	struct schedule schedule = schedule_of(id);
	struct record record;
	struct update seen;
	struct run run;
	struct limit limit = problem_limit(problem, plan, plan->momentum);

	CLAIM(limit.kind == LIMIT_NONE || limit.lr >= 0, "limit %g", limit.lr);
	run_init(&run);
	record_init(&record);
	if (!run_start(&run, problem, plan, training, &schedule, true, &error) ||
	    !record_start(&record, plan, &error)) {
		claim_sentence(&error);
	} else {
		record_advance(&record, &run, 50);
		CLAIM(run_start(&run, problem, plan, training, &schedule, true, &error),
		      "starts once: %s", error.text);
		for (int i = 0; i < 5 && run_update(&run, &seen); i++)
			CLAIM(!(seen.excess < 0), "excess %g", seen.excess);
	}
	record_done(&record);
	run_done(&run);
}

static void make(const struct dataset *dataset, unsigned how)
{
	static const char *const optimizers[] = {"sgd", "adam", "adamw", "sgd"};
	struct error error = {.kind = ERROR_NONE};
	struct training training = training_default();
	struct problem problem;
	struct plan plan;

	training_set(&training, "optimizer", optimizers[how & 3], NULL);
	training_set(&training, "standardize", how & 4 ? "no" : "yes", NULL);
	training_set(&training, "split", how & 8 ? "tail" : "random", NULL);
	training_set(&training, "batch", how & 16 ? "full" : "3", NULL);
	training_set(&training, "validation", how & 32 ? "0" : "0.3", NULL);
	training_set(&training, "shuffle", how & 64 ? "no" : "yes", NULL);
	problem_init(&problem);
	if (!plan_make(&plan, &training, STRATEGY_COSINE, dataset->rows, &error) ||
	    !problem_make(&problem, dataset, &plan, &error)) {
		claim_sentence(&error);
	} else {
		CLAIM(problem.rank <= problem.size, "rank %zu of %zu", problem.rank, problem.size);
		CLAIM(!(problem.floor < 0), "floor %g", problem.floor);
		train(&problem, &plan, &training, how & 128 ? STRATEGY_PLATEAU : STRATEGY_COSINE);
	}
	problem_done(&problem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = {.kind = ERROR_NONE};
	struct input input = {data, size};
	struct dataset dataset;
	unsigned how = take_byte(&input), which = take_byte(&input);
	const char *target = which % 4 == 0 ? "a" : which % 4 == 1 ? "y" : NULL;

	dataset_init(&dataset);
	if (!dataset_parse(&dataset, (const char *)input.at, input.left, "folder/\x9b" "31m.csv",
			   target, &error)) {
		claim_sentence(&error);
	} else {
		CLAIM(dataset.rows > 0 && dataset.features > 0, "empty");
		for (size_t i = 0; i < dataset.rows * (dataset.features + 1); i++)
			CLAIM(isfinite(dataset.values[i]), "%zu: %g", i, dataset.values[i]);
		if (dataset.rows < 500 && dataset.features < 20)
			make(&dataset, how);
	}
	dataset_done(&dataset);
	return 0;
}
