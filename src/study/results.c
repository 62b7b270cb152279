/* Results follow the study: what differs is made again, in slices; what does not is kept. */
#include "study/results.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "study/private.h"

/* What is in the two places of tables and problems at present. */
struct results_source {
	bool table[2], problem[2];
	struct training training[2];
	struct dataset_stream stream; /* that was read: it cannot be read again */
	char reread[TRAINING_PATH];   /* data whose table counts as not there; "" */
};

static void lane_init(struct lane *lane)
{
	memset(lane, 0, sizeof *lane);
	run_init(&lane->run);
	record_init(&lane->record);
	checkpoints_init(&lane->checkpoints);
}

static void lane_done(struct lane *lane)
{
	run_done(&lane->run);
	record_done(&lane->record);
	checkpoints_done(&lane->checkpoints);
}

static void clear_reach(struct results *results, bool refused)
{
	for (int s = 0; s < STRATEGY_COUNT; s++)
		results->reach[s] = (struct reach){.median = NAN, .before = NAN, .refused = refused};
}

void results_init(struct results *results)
{
	memset(results, 0, sizeof *results);
	dataset_init(&results->dataset);
	dataset_init(&results->ghost_dataset);
	problem_init(&results->problem);
	problem_init(&results->ghost_problem);
	lane_init(&results->now);
	lane_init(&results->ghost);
	clear_reach(results, false);
}

void results_done(struct results *results)
{
	strip_done(results);
	lane_done(&results->now);
	lane_done(&results->ghost);
	problem_done(&results->problem);
	problem_done(&results->ghost_problem);
	dataset_done(&results->dataset);
	dataset_done(&results->ghost_dataset);
	if (results->source != NULL)
		dataset_stream_done(&results->source->stream);
	free(results->source);
	results->source = NULL;
}

/* ---- what a table and a problem are made from ---- */

static bool same_table(const struct training *a, const struct training *b)
{
	return memcmp(a->data, b->data, sizeof a->data) == 0 &&
	       memcmp(a->target, b->target, sizeof a->target) == 0;
}

static bool same_value(const struct training *a, const struct training *b, enum training_id id)
{
	return memcmp(&a->values[id], &b->values[id], sizeof a->values[id]) == 0;
}

static bool same_problem(const struct training *a, const struct training *b)
{
	return same_table(a, b) && same_value(a, b, TRAINING_STANDARDIZE) &&
	       same_value(a, b, TRAINING_VALIDATION) && same_value(a, b, TRAINING_SPLIT) &&
	       same_value(a, b, TRAINING_SEED);
}

static struct dataset *table_of(struct results *results, int place)
{
	return place == 0 ? &results->dataset : &results->ghost_dataset;
}

static struct problem *problem_of(struct results *results, int place)
{
	return place == 0 ? &results->problem : &results->ghost_problem;
}

#define SWAP(type, a, b)                                                                          \
	do {                                                                                      \
		type swap_ = (a);                                                                 \
		(a) = (b);                                                                        \
		(b) = swap_;                                                                      \
	} while (0)

static void move_lane(struct results *results, struct lane *lane)
{
	if (lane->problem == NULL)
		return;
	lane->problem = lane->problem == &results->problem ? &results->ghost_problem
							   : &results->problem;
	lane->run.problem = lane->problem;
}

/* Exchanges both places, so that a swap of study and ghost costs no reading; lanes go along. */
static void swap_places(struct results *results)
{
	struct results_source *source = results->source;

	SWAP(struct dataset, results->dataset, results->ghost_dataset);
	SWAP(struct problem, results->problem, results->ghost_problem);
	SWAP(bool, source->table[0], source->table[1]);
	SWAP(bool, source->problem[0], source->problem[1]);
	SWAP(struct training, source->training[0], source->training[1]);
	move_lane(results, &results->now);
	move_lane(results, &results->ghost);
	strip_leave(results, &results->problem);
	strip_leave(results, &results->ghost_problem);
}

static void forget_lane(struct lane *lane)
{
	lane->state = LANE_EMPTY;
	lane->problem = NULL;
}

/* Lanes whose problem lies in `place` have to start again. */
static void forget_place(struct results *results, int place)
{
	struct problem *problem = problem_of(results, place);

	if (results->now.problem == problem)
		forget_lane(&results->now);
	if (results->ghost.problem == problem)
		forget_lane(&results->ghost);
	strip_leave(results, problem);
	results->source->problem[place] = false;
}

/* A table that is not in use is not kept: its file is read again when it is wanted. */
static void drop_place(struct results *results, int place)
{
	struct results_source *source = results->source;

	if (!source->table[place])
		return;
	forget_place(results, place);
	problem_done(problem_of(results, place));
	problem_init(problem_of(results, place));
	dataset_done(table_of(results, place));
	dataset_init(table_of(results, place));
	source->table[place] = false;
}

static bool has_table(const struct results_source *source, int place,
		      const struct training *training)
{
	return source->table[place] && same_table(&source->training[place], training) &&
	       strcmp(training->data, source->reread) != 0;
}

/* Reads the table of `training`, or copies it from one that is there. */
static bool read_table(struct results *results, const struct training *training,
		       struct dataset *fresh, struct error *error)
{
	int place;

	for (place = 0; place < 2; place++)
		if (has_table(results->source, place, training))
			return dataset_copy(fresh, table_of(results, place), error);
	return dataset_open_of(fresh, training->data, training->target, results->files,
			       &results->source->stream, error);
}

/* Takes `fresh` over. What was made from the table before, or refused because of it, is made again. */
static void put_table(struct results *results, int place, const struct training *training,
		      const struct dataset *fresh)
{
	forget_place(results, place);
	if (results->now.state == LANE_REFUSED)
		forget_lane(&results->now);
	if (results->ghost.state == LANE_REFUSED)
		forget_lane(&results->ghost);
	dataset_done(table_of(results, place));
	*table_of(results, place) = *fresh;
	results->source->table[place] = true;
	results->source->training[place] = *training;
	if (place == 0)
		strip_restart(results);
}

/* Makes the problem of `training` in `place` unless it is there; its table is. */
static bool make_problem(struct results *results, int place, const struct training *training,
			 const struct plan *plan, struct error *error)
{
	struct results_source *source = results->source;
	struct problem fresh;

	if (source->problem[place] && same_problem(&source->training[place], training))
		return true;
	problem_init(&fresh);
	if (!problem_make(&fresh, table_of(results, place), plan, error)) {
		problem_done(&fresh);
		return false;
	}
	forget_place(results, place);
	problem_done(problem_of(results, place));
	*problem_of(results, place) = fresh;
	source->problem[place] = true;
	source->training[place] = *training;
	return true;
}

/* ---- lanes ---- */

static bool refuse(struct lane *lane, struct error *why)
{
	lane->state = LANE_REFUSED;
	lane->problem = NULL;
	lane->why = *why;
	return why->kind != ERROR_MEMORY;
}

bool lane_has_run(const struct lane *lane)
{
	return lane->state == LANE_RUNNING || lane->state == LANE_DONE;
}

bool lane_refused(const struct lane *lane, struct error *error)
{
	if (lane->state == LANE_REFUSED && error != NULL)
		*error = lane->why;
	return lane->state == LANE_REFUSED;
}

/* False without memory: another limit would stay as long as the lane. */
static bool find_limit(struct lane *lane, struct problem *problem, struct error *error)
{
	double momentum = run_rate(&lane->run).momentum;

	lane->limit = problem_limit(problem, &lane->plan,
				    lane->plan.optimizer == OPTIMIZER_SGD ? momentum : 0);
	return !lane->limit.no_memory || error_memory(error);
}

/* Begins a lane. False only without memory: what is wrong with the setting stays in the lane. */
static bool start_lane(struct results *results, struct lane *lane, const struct setting *setting,
		       int place, struct error *error)
{
	struct error why = {.kind = ERROR_NONE};
	bool done;

	memcpy(&lane->setting, setting, sizeof *setting);
	checkpoints_forget(&lane->checkpoints);
	results->generation++;
	done = plan_make(&lane->plan, &setting->training, setting->schedule.node[0].strategy,
			 table_of(results, place)->rows, &why) &&
	       make_problem(results, place, &setting->training, &lane->plan, &why) &&
	       run_start(&lane->run, problem_of(results, place), &lane->plan, &setting->training,
			 &setting->schedule, true, &why) &&
	       record_start(&lane->record, &lane->plan, &why) &&
	       find_limit(lane, problem_of(results, place), &why);
	if (!done) {
		if (refuse(lane, &why))
			return true;
		if (error != NULL)
			*error = why;
		return false;
	}
	lane->state = LANE_RUNNING;
	lane->problem = problem_of(results, place);
	lane->scheduler = lane->run.scheduler;
	return true;
}

void results_lose(struct results *results, const struct error *why)
{
	struct lane *lanes[] = {&results->now, &results->ghost};

	for (int k = 0; k < 2; k++) {
		if (lanes[k]->state == LANE_EMPTY)
			continue;
		forget_lane(lanes[k]);
		memset(&lanes[k]->setting, 0, sizeof lanes[k]->setting); /* nobody's */
		lanes[k]->state = LANE_REFUSED;
		lanes[k]->why = *why;
	}
	clear_reach(results, true);
	strip_restart(results);
	results->generation++;
}

static bool is_same(const struct lane *lane, const struct setting *setting)
{
	return lane->state != LANE_EMPTY &&
	       !(lane->state == LANE_REFUSED && lane->why.kind == ERROR_MEMORY) &&
	       memcmp(&lane->setting, setting, sizeof *setting) == 0;
}

/* Exchanges the two lanes where that spares work: after `swap`, and when the ghost takes over
 * what was in front. */
static void exchange_lanes(struct results *results, const struct study *study)
{
	bool ghost_was_now = study->ghost_kind != GHOST_OFF && results->now.state != LANE_EMPTY &&
			     !is_same(&results->ghost, &study->ghost) &&
			     is_same(&results->now, &study->ghost);
	bool now_was_ghost = !is_same(&results->now, &study->now) &&
			     is_same(&results->ghost, &study->now);

	if (is_same(&results->now, &study->now) || (!ghost_was_now && !now_was_ghost))
		return;
	SWAP(struct lane, results->now, results->ghost);
	results->generation++;
}

static bool follow_lanes(struct results *results, const struct study *study, int ghost_place,
			 struct error *error)
{
	if (!is_same(&results->now, &study->now) &&
	    !start_lane(results, &results->now, &study->now, 0, error))
		return false;
	if (study->ghost_kind == GHOST_OFF) {
		if (results->ghost.state != LANE_EMPTY)
			results->generation++;
		forget_lane(&results->ghost);
		return true;
	}
	return is_same(&results->ghost, &study->ghost) ||
	       start_lane(results, &results->ghost, &study->ghost, ghost_place, error);
}

/* The place that has the problem of `training`, or -1. */
static int place_with(const struct results *results, const struct training *training)
{
	const struct results_source *source = results->source;
	int place;

	for (place = 0; place < 2; place++)
		if (source->problem[place] && same_problem(&source->training[place], training))
			return place;
	return -1;
}

struct problem *results_problem(struct results *results, const struct training *training)
{
	int place = place_with(results, training);

	return place < 0 ? NULL : problem_of(results, place);
}

/* Puts the tables that the study needs into place 0 (now) and 1 (ghost, unless `shared`); first
 * exchanges the two where what is there already belongs into the other. On failure nothing changed. */
static bool follow_tables(struct results *results, const struct study *study, bool shared,
			  struct error *error)
{
	const struct training *now = &study->now.training, *ghost = &study->ghost.training;
	struct dataset first, second;
	bool has_first, has_second, done;

	if (place_with(results, now) == 1 ||
	    (!shared && place_with(results, now) < 0 && place_with(results, ghost) == 0))
		swap_places(results);
	has_first = has_table(results->source, 0, now);
	has_second = shared || has_table(results->source, 1, ghost);
	dataset_init(&first);
	dataset_init(&second);
	done = (has_first || read_table(results, now, &first, error)) &&
	       (has_second || (!has_first && same_table(now, ghost) ? dataset_copy(&second, &first, error)
							: read_table(results, ghost, &second, error)));
	if (!done) {
		dataset_done(&first);
		dataset_done(&second);
		return false;
	}
	if (!has_first)
		put_table(results, 0, now, &first);
	if (!has_second)
		put_table(results, 1, ghost, &second);
	if (shared)
		drop_place(results, 1);
	return true;
}

void results_reread(struct results *results, const char *data)
{
	if (results->source == NULL)
		return;
	snprintf(results->source->reread, sizeof results->source->reread, "%s",
		 shipped_find(data) != NULL ? "" : data);
}

bool results_follow(struct results *results, const struct study *study, struct error *error)
{
	bool shared = study->ghost_kind == GHOST_OFF ||
		      same_problem(&study->now.training, &study->ghost.training);

	if (results->source == NULL) {
		results->source = calloc(1, sizeof *results->source);
		if (results->source == NULL)
			return error_memory(error);
		dataset_stream_init(&results->source->stream);
	}
	if (!follow_tables(results, study, shared, error))
		return false;
	exchange_lanes(results, study);
	return follow_lanes(results, study, shared ? 0 : 1, error) &&
	       strip_follow(results, study, error);
}

/* ---- work ---- */

static bool work_lane(struct lane *lane, int64_t *budget)
{
	int64_t done;

	if (lane->state != LANE_RUNNING)
		return false;
	if (*budget > 0) {
		done = record_advance(&lane->record, &lane->run, *budget);
		*budget -= done > 0 ? done : 1;
	}
	if (record_is_done(&lane->record))
		lane->state = LANE_DONE;
	return lane->state == LANE_RUNNING;
}

bool results_lanes_busy(const struct results *results)
{
	return results->now.state == LANE_RUNNING || results->ghost.state == LANE_RUNNING;
}

bool results_busy(const struct results *results)
{
	return results_lanes_busy(results) || strip_busy(results);
}

/* Of an update: its rows, their loss once more at an epoch's end, the excess, and the rest. */
static double lane_work(const struct results *results, const struct lane *lane)
{
	double size = (double)results->dataset.features + 1;
	double batch = lane->plan.batch > 0 ? (double)lane->plan.batch : (double)results->dataset.rows;

	return 2 * batch * size + size * size + 500;
}

int64_t results_updates(const struct results *results, double work)
{
	double most = lane_work(results, &results->now);

	if (results->ghost.state == LANE_RUNNING)
		most = fmax(most, lane_work(results, &results->ghost));
	return work > most ? (int64_t)(work / most) : 1;
}

bool results_work(struct results *results, int64_t budget)
{
	struct lane *lane = results->now.state == LANE_RUNNING ? &results->now : &results->ghost;
	int64_t all = budget;

	if (results_lanes_busy(results)) { /* one of them: the caller may want to look at its clock */
		work_lane(lane, &budget);
		strip_age(results, &results->now.plan, all - budget);
		return results_busy(results);
	}
	return strip_work(results, &budget);
}
