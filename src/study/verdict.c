/* One sentence on the present run: the weightiest of a handful of rules. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "study/evidence.h"

/* A rate below this share of the peak counts as 0. */
#define NO_RATE 1e-3
/* A rate above this share of the peak at the end is high. */
#define HIGH_RATE 0.2
/* Shares of the changes in the last fifth that are up (evidence_rises): hardly any; few; else it is noise. */
#define STEADY 0.1
#define FEW 0.2
/* Over a fifth of the run the excess falls by this factor at least, or by less and steadily. */
#define FALLING 2.5
/* An excess above this share of what it began with is high. */
#define SLOW 0.3

const char *const verdict_marks[] = {
	[VERDICT_OPEN] = "..", [VERDICT_OK] = "ok", [VERDICT_NOTE] = "!", [VERDICT_ALARM] = "!!",
};

/* A run whose excess ends above so many times what it began with is lost. */
#define LOST 10

/* Numbers as a sentence wants them. */
static const char *number(char out[NUMBER_SIZE], double value)
{
	return number_short(out, value, 2, 8);
}

static struct verdict say(enum verdict_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static struct verdict say(enum verdict_level level, const char *format, ...)
{
	struct verdict verdict;
	char draft[1024];
	va_list arguments;

	memset(&verdict, 0, sizeof verdict);
	verdict.level = level;
	va_start(arguments, format);
	vsnprintf(draft, sizeof draft, format, arguments);
	va_end(arguments);
	if (strlen(draft) < sizeof verdict.text) {
		text_safe(verdict.text, sizeof verdict.text, draft, false);
	} else { /* a long reason: say that it goes on */
		text_safe(verdict.text, sizeof verdict.text - 9, draft, false);
		strcat(verdict.text, "...");
	}
	return verdict;
}

/* The limit is exact, and the rate stays between 0 and it. */
static bool stays_under(const struct evidence *look)
{
	return look->has_limit && !look->lane->limit.approximate && look->above_from < 0 &&
	       look->lowest >= 0;
}

/* The updates above the limit. */
static const char *span(char out[NUMBER_SIZE * 3], const struct evidence *look)
{
	long long from = (long long)look->above_from, to = (long long)look->above_to;

	if (from == to)
		snprintf(out, NUMBER_SIZE * 3, _("step %lld"), from);
	else
		snprintf(out, NUMBER_SIZE * 3, _("steps %lld-%lld"), from, to);
	return out;
}

/* ---- rules: each answers, or returns false ---- */

static struct verdict noise(const struct evidence *look, const char *top)
{
	char share[NUMBER_SIZE];

	number(share, 100 * look->peak / look->lane->limit.lr);
	return say(VERDICT_NOTE,
		   look->lane->plan.batches > 1
			? _("%s%% of the limit: noise throws the excess up to %s; lower the rate")
			: _("%s%% of the limit: it overshoots, up to %s; lower the rate"), share, top);
}

/* Sentences of this width are whole at 80 columns. */
#define WHOLE 75

/* The dial alone makes the rate too high, and how far it may go is known. */
static bool dial_decides(const struct evidence *look)
{
	static const char *const floors[] = {"base_lr", "eta_min", "min_lr"};

	for (int k = 0; k < 3; k++)
		if (evidence_parameter(look, floors[k]) > look->lane->limit.lr)
			return false;
	return !look->lane->limit.approximate && look->lowest >= 0 &&
	       look->peak <= schedule_peak(&look->lane->scheduler.schedule) * (1 + 1e-9);
}

/* Above the limit: how it ended, and what to try. */
static struct verdict above(const struct evidence *look, const char *top, const char *end)
{
	char ends[NUMBER_SIZE * 2], try[NUMBER_SIZE], hint[NUMBER_SIZE * 2] = "", steps[NUMBER_SIZE * 3];
	struct verdict verdict;

	if (!(look->end <= LOST * look->begin))
		snprintf(ends, sizeof ends, "%s", _("lost"));
	else if (look->end > look->begin)
		snprintf(ends, sizeof ends, _("ends at %s"), end);
	else
		snprintf(ends, sizeof ends, "%s", _("recovered"));
	if (dial_decides(look))
		snprintf(hint, sizeof hint, _(". Try %s"), number(try, evidence_advice(look)));
	if (evidence_crosses(look))
		verdict = say(VERDICT_ALARM, _("above the limit at times, %lld-%lld: excess rose to %s; %s%s"),
			      (long long)look->above_from, (long long)look->above_to, top, ends, hint);
	else
		verdict = say(VERDICT_ALARM, _("above the limit %s: excess rose to %s; %s%s"),
			      span(steps, look), top, ends, hint);
	if (text_width(verdict.text) <= WHOLE)
		return verdict;
	return say(VERDICT_ALARM, _("above the limit at times: excess rose to %s; %s%s"), top, ends, hint);
}

/* Momentum that no rate is small enough for, whether the schedule drives it or not. */
static bool unstable(const struct evidence *look, const char *top, struct verdict *out)
{
	const struct plan *plan = &look->lane->plan;
	char shown[NUMBER_SIZE];

	if (plan->optimizer != OPTIMIZER_SGD)
		return false;
	if (look->most_momentum >= 1)
		*out = say(VERDICT_ALARM, _("momentum comes to %s: from 1 on no rate is stable; excess rose to %s"),
			   number(shown, look->most_momentum), top);
	else if (look->most_momentum > 0 && plan->dampening > 1)
		*out = say(VERDICT_ALARM, _("above a dampening of 1 no rate is stable: excess rose to %s"), top);
	else
		return false;
	return true;
}

static bool rule_lost(const struct evidence *look, struct verdict *out)
{
	const struct record *record = &look->lane->record;
	char top[NUMBER_SIZE], end[NUMBER_SIZE], low[NUMBER_SIZE];
	bool infinite = record->first_nonfinite >= 0 || !isfinite(look->end);

	if (!evidence_risen(look))
		return false;
	number(top, infinite ? INFINITY : record->highest_excess);
	number(end, look->end);
	if (unstable(look, top, out))
		return true;
	if (look->above_from >= 0)
		*out = above(look, top, end);
	else if (look->lowest < 0)
		*out = say(VERDICT_ALARM, _("the rate goes down to %s: below 0 it climbs; excess rose to %s"),
			   number(low, look->lowest), top);
	else if (stays_under(look) && !infinite)
		*out = noise(look, top);
	else if (isnan(look->end))
		*out = say(VERDICT_ALARM, _("the run is lost: excess rose to %s; lower the rate"), top);
	else
		*out = say(VERDICT_ALARM,
			   look->end > look->begin
				? _("the run diverges: excess rose to %s, ends at %s; lower the rate")
				: _("excess rose to %s, recovered to %s; lower the rate"), top, end);
	return true;
}

static bool rule_stopped(const struct evidence *look, struct verdict *out)
{
	const struct lane *lane = look->lane;

	if (!lane->run.stopped)
		return false;
	if (evidence_strategy(look) == STRATEGY_ONECYCLE)
		*out = say(VERDICT_ALARM, /* PyTorch takes one step beyond the end, and raises at the next */
			   lane->plan.scheduler_steps - lane->scheduler.length > 1
				? _("total_steps %.0f is too short: ends at %lld of %lld; PyTorch raises")
				: _("total_steps %.0f is too short: ends at %lld of %lld"),
			   evidence_parameter(look, "total_steps"),
			   (long long)lane->run.update, (long long)lane->plan.updates);
	else
		*out = say(VERDICT_ALARM, _("stops after update %lld: %s"),
			   (long long)lane->run.update, lane->run.why.text);
	return true;
}

/* What follows is told in parts of the peak. */
static bool rule_still(const struct evidence *look, struct verdict *out)
{
	if (look->peak > 0)
		return false;
	*out = say(VERDICT_ALARM, "%s", _("the rate is never above 0: nothing is learnt"));
	return true;
}

static bool rule_negative(const struct evidence *look, struct verdict *out)
{
	char low[NUMBER_SIZE];

	if (!(look->lowest < 0))
		return false;
	*out = say(VERDICT_NOTE, _("the rate goes down to %s: below 0 each step climbs"),
		   number(low, look->lowest));
	return true;
}

static bool rule_momentum(const struct evidence *look, struct verdict *out)
{
	const struct lane *lane = look->lane;
	double own = lane->plan.momentum;
	char shown[NUMBER_SIZE];

	if (!lane->scheduler.drives_momentum || lane->plan.optimizer != OPTIMIZER_SGD ||
	    (own >= look->least_momentum && own <= look->most_momentum))
		return false;
	number(shown, own);
	if (own > look->most_momentum)
		*out = say(VERDICT_NOTE,
			   _("cycle_momentum overwrites momentum %s: steps up to %.0f times shorter"),
			   shown, (1 - look->least_momentum) / (1 - own));
	else
		*out = say(VERDICT_NOTE,
			   _("cycle_momentum overwrites momentum %s: steps up to %.0f times longer"),
			   shown, (1 - own) / (1 - look->most_momentum));
	return true;
}

static bool rule_clock(const struct evidence *look, struct verdict *out)
{
	const struct lane *lane = look->lane;
	enum strategy_id id = evidence_strategy(look);
	int64_t frozen;

	if (lane->plan.per_batch == strategy_steps_per_batch(id) || lane->plan.batches == 1 ||
	    id == STRATEGY_CONSTANT || lane->plan.epochs < 2)
		return false;
	if (!lane->plan.per_batch && lane->scheduler.length < INT64_MAX &&
	    lane->scheduler.length > lane->plan.scheduler_steps) {
		*out = say(VERDICT_ALARM,
			   _("stepped per epoch: %lld of the cycle's %lld steps. Set step_per batch"),
			   (long long)lane->plan.scheduler_steps, (long long)lane->scheduler.length);
		return true;
	}
	if (!lane->plan.per_batch) {
		*out = say(VERDICT_NOTE,
			   _("stepped per epoch, %lld steps in all. Set step_per batch"),
			   (long long)lane->plan.scheduler_steps);
		return true;
	}
	if (id != STRATEGY_STEP && id != STRATEGY_EXPONENTIAL)
		return false;
	frozen = evidence_falls_below(lane, NO_RATE * look->peak);
	if (frozen < 0 || frozen > lane->plan.updates / 2)
		return false;
	*out = say(VERDICT_ALARM,
		   _("stepped per batch: frozen at 0 from step %lld. Set step_per epoch"),
		   (long long)frozen);
	return true;
}

static const char *clock_unit(const struct evidence *look)
{
	const struct plan *plan = &look->lane->plan;

	return plan->per_batch ? n_("batch", "batches", plan->scheduler_steps)
			       : n_("epoch", "epochs", plan->scheduler_steps);
}

static bool rule_cosine(const struct evidence *look, struct verdict *out)
{
	double length = evidence_parameter(look, "T_max");
	double steps = (double)look->lane->plan.scheduler_steps;
	char share[NUMBER_SIZE], shown[NUMBER_SIZE];

	if (evidence_strategy(look) != STRATEGY_COSINE || !(length > 0))
		return false;
	number_short(shown, length, 6, 10);
	if (length < 0.95 * steps - 1) {
		*out = say(VERDICT_NOTE,
			   _("T_max %s ends before the run's %.0f %s: the rate rises again"),
			   shown, steps, clock_unit(look));
		return true;
	}
	if (length <= 1.05 * steps + 1)
		return false;
	number(share, 100 * look->last / look->peak);
	*out = say(VERDICT_NOTE,
		   _("T_max %s is longer than the run's %.0f %s: ends at %s%% of peak"),
		   shown, steps, clock_unit(look), share);
	return true;
}

static bool rule_length(const struct evidence *look, struct verdict *out)
{
	double length = evidence_parameter(look, "total_steps");
	double steps = (double)look->lane->plan.scheduler_steps;
	char share[NUMBER_SIZE];

	if (evidence_strategy(look) != STRATEGY_ONECYCLE || !(look->lane->scheduler.length < INT64_MAX))
		return false;
	if (!(length > 0))
		length = (double)look->lane->scheduler.length;
	if (length <= 1.02 * steps + 1)
		return false;
	number(share, 100 * look->last / look->peak);
	*out = say(VERDICT_NOTE,
		   _("total_steps %.0f is longer than the run's %.0f: ends at %s%% of peak"),
		   length, steps, share);
	return true;
}

static bool rule_cycles(const struct evidence *look, struct verdict *out)
{
	double up = evidence_parameter(look, "step_size_up"), down = evidence_parameter(look, "step_size_down");
	double cycles;
	char count[NUMBER_SIZE], share[NUMBER_SIZE];

	if (evidence_strategy(look) != STRATEGY_CYCLIC || !(up > 0))
		return false;
	cycles = (double)look->lane->plan.scheduler_steps / (up + (isnan(down) ? up : down));
	if (look->last < 0.5 * look->peak || (cycles > 0.9 && fabs(cycles - round(cycles)) < 0.05))
		return false;
	number(count, cycles);
	number(share, 100 * look->last / look->peak);
	if ((double)look->lane->plan.scheduler_steps <= up)
		*out = say(VERDICT_NOTE, _("%s cycles: the run ends before max_lr; whole cycles end low"),
			   count);
	else
		*out = say(VERDICT_NOTE,
			   _("%s cycles: the run ends at %s%% of the peak; whole cycles end low"),
			   count, share);
	return true;
}

static bool rule_above(const struct evidence *look, struct verdict *out)
{
	char limit[NUMBER_SIZE], steps[NUMBER_SIZE * 3];

	if (look->above_from < 0 || look->lane->limit.approximate ||
	    look->lane->scheduler.drives_momentum)
		return false;
	number_short(limit, look->lane->limit.lr, 3, 8);
	*out = say(VERDICT_NOTE,
		   evidence_crosses(look)
			? _("above the limit %s at times, %s: too short to blow up")
			: _("above the limit %s at %s: not for long enough to blow up"),
		   limit, span(steps, look));
	return true;
}

/* Where the gradient of the loss and weight_decay balance, the excess is half of decay * w (w* - w). */
static bool decay_keeps(const struct evidence *look)
{
	const struct lane *lane = look->lane;
	double sum = 0;

	if (lane->plan.optimizer == OPTIMIZER_ADAMW || lane->plan.weight_decay == 0 || lane->problem->far)
		return false;
	for (size_t i = 0; i < lane->problem->size; i++)
		sum += lane->run.weights[i] * (lane->problem->solution[i] - lane->run.weights[i]);
	return lane->plan.weight_decay * sum / 2 > 0.5 * evidence_smooth(look, LOOKS - 1);
}

/* What a run wants that has not come far enough. */
static const char *more(const struct evidence *look)
{
	return look->has_limit && look->peak > 0.5 * look->lane->limit.lr ? _("train longer")
									  : _("train longer or raise the rate");
}

static bool is_short(const struct evidence *look)
{
	return look->lane->plan.updates < 10; /* too few to tell a slope */
}

static bool rule_worse(const struct evidence *look, struct verdict *out)
{
	double level = is_short(look) ? look->end : evidence_smooth(look, LOOKS - 1);
	char from[NUMBER_SIZE], to[NUMBER_SIZE];

	if (!(level > look->begin) || look->lane->plan.updates < 2)
		return false;
	number(from, look->begin);
	number(to, level);
	*out = say(VERDICT_NOTE, _("ends at an excess of %s, above the %s it began with: lower the rate"), to, from);
	return true;
}

/* Hardly anything has been gained, and not because of noise. */
static bool rule_slow(const struct evidence *look, struct verdict *out)
{
	double level = evidence_smooth(look, LOOKS - 1);
	char from[NUMBER_SIZE], to[NUMBER_SIZE];
	struct rate low, high;

	lane_rates(look->lane, look->lane->plan.updates / 2, look->lane->plan.updates, &low, &high);
	if (!(level > SLOW * look->begin) || evidence_rises(look) > FEW || decay_keeps(look) ||
	    is_short(look) || high.lr < 0.05 * look->peak) /* too early, that is */
		return false;
	number(from, look->begin);
	number(to, level);
	*out = say(VERDICT_NOTE, _("excess fell only from %s to %s: %s"), from, to, more(look));
	return true;
}

static bool rule_flat(const struct evidence *look, struct verdict *out)
{
	const struct plan *plan = &look->lane->plan;
	int from = evidence_flat_from(look);
	int64_t at = plan->updates * from / LOOKS;
	long long epoch = (long long)(((int64_t)from * plan->epochs + LOOKS - 1) / LOOKS);
	char level[NUMBER_SIZE];
	struct rate low, high;

	if (from > LOOKS / 2 || is_short(look))
		return false;
	if (epoch < 1)
		epoch = 1;
	number(level, evidence_smooth(look, LOOKS - 1));
	if (evidence_smooth(look, LOOKS - 1) < 1e-12 * look->begin) {
		*out = say(VERDICT_OK, _("solved to the last digits since epoch %lld"), epoch);
		return true;
	}
	if (decay_keeps(look)) {
		*out = say(VERDICT_NOTE,
			   _("flat since epoch %lld at excess %s: weight_decay keeps it there"), epoch,
			   level);
		return true;
	}
	/* The flat part may begin before the rate has fallen. */
	lane_rates(look->lane, at + (plan->updates - at) / 2, plan->updates, &low, &high);
	if (high.lr < 0.05 * look->peak)
		*out = say(VERDICT_NOTE,
			   _("flat since epoch %lld at excess %s: the rate fell too early"), epoch,
			   level);
	else if (look->last > HIGH_RATE * look->peak && plan->batches > 1 &&
		 evidence_rises(look) > FEW)
		*out = say(VERDICT_NOTE,
			   _("flat since epoch %lld at excess %s: noise at this rate; let it fall"),
			   epoch, level);
	else
		*out = say(VERDICT_NOTE,
			   _("flat since epoch %lld at excess %s: %s"), epoch, level, more(look));
	return true;
}

static bool rule_falling(const struct evidence *look, struct verdict *out)
{
	double before = evidence_smooth(look, LOOKS * 4 / 5), end = evidence_smooth(look, LOOKS - 1);
	int64_t updates = look->lane->plan.updates;
	struct rate low, high;
	char share[NUMBER_SIZE];

	lane_rates(look->lane, updates * 4 / 5, updates, &low, &high);
	/* Where the rate itself falls, the excess has to. */
	if (look->last < 0.05 * look->peak || high.lr > 1.2 * low.lr || is_short(look))
		return false;
	if (!(before > FALLING * end && evidence_rises(look) <= FEW) &&
	    !(before > 1.1 * end && evidence_rises(look) <= STEADY))
		return false;
	number(share, before / end);
	*out = say(VERDICT_NOTE, _("still falling, %s times in the last tenth: %s"), share, more(look));
	return true;
}

/* Over the second half of the run, noise and all. */
static bool is_falling(const struct evidence *look)
{
	double middle = evidence_smooth(look, LOOKS / 2), late = evidence_smooth(look, LOOKS * 4 / 5);

	return middle > 1.1 * late && late > 1.05 * evidence_smooth(look, LOOKS - 1);
}

static bool rule_high(const struct evidence *look, struct verdict *out)
{
	char share[NUMBER_SIZE], level[NUMBER_SIZE];

	if (look->last < HIGH_RATE * look->peak || look->lane->plan.batches == 1)
		return false;
	number(share, 100 * look->last / look->peak);
	number(level, is_falling(look) ? look->end : evidence_smooth(look, LOOKS - 1));
	*out = say(VERDICT_NOTE,
		   is_falling(look) ? _("the rate ends high, at %s%% of the peak: excess %s, and falling")
				    : _("the rate ends high, at %s%% of the peak: noise keeps the excess "
					"near %s"), share, level);
	return true;
}

static bool rule_data(const struct evidence *look, struct verdict *out)
{
	const struct problem *problem = look->lane->problem;

	if (problem->constant_features == 0)
		return false;
	if (problem->constant_features == 1)
		*out = say(VERDICT_NOTE, _("feature \"%s\" is constant in the training rows: "
					   "it counts as 0"), problem->constant_name);
	else
		*out = say(VERDICT_NOTE, _("%u features are constant in the training rows, \"%s\" "
					   "first: they count as 0"), problem->constant_features,
			   problem->constant_name);
	return true;
}

static struct verdict all_well(const struct evidence *look)
{
	enum strategy_id id = evidence_strategy(look);
	const char *fits = id == STRATEGY_COSINE || id == STRATEGY_ONECYCLE ? _(", length fits") : "";
	bool under = stays_under(look);
	const char *stays = under ? _(", stays under the limit") : "";
	char share[NUMBER_SIZE];

	if (look->last == look->peak && look->lowest < 0.5 * look->peak)
		return say(VERDICT_OK, _("the rate rises to its end%s"), stays);
	if (look->last == look->peak)
		return say(VERDICT_OK, "%s", under ? _("the rate stays under the limit")
						   : _("the rate stays"));
	/* A cosine's next step would be 0. */
	if (look->last <= (id == STRATEGY_COSINE && !(evidence_parameter(look, "eta_min") > 0) ? 5 : 0.1) *
			  NO_RATE * look->peak)
		return say(VERDICT_OK, _("rate falls to 0%s%s"), fits, stays);
	number(share, 100 * look->last / look->peak);
	return say(VERDICT_OK, _("rate falls to %s%% of the peak%s%s"), share, fits, stays);
}

static struct verdict unfinished(const struct lane *lane)
{
	if (lane->state == LANE_REFUSED)
		return say(VERDICT_ALARM, "%s", lane->why.text);
	if (lane->state == LANE_RUNNING)
		return say(VERDICT_OPEN, _("computing: %lld of %lld steps"),
			   (long long)lane->record.updates, (long long)lane->plan.updates);
	return say(VERDICT_OPEN, "%s", "");
}

struct verdict results_verdict(struct results *results)
{
	static bool (*const rules[])(const struct evidence *, struct verdict *) = {
		rule_lost, rule_stopped, rule_still, rule_negative, rule_worse, rule_momentum, rule_clock,
		rule_cosine, rule_length, rule_cycles, rule_above, rule_data, rule_slow, rule_flat,
		rule_falling, rule_high,
	};
	struct verdict verdict;
	struct evidence seen;
	size_t k;

	if (results->now.state != LANE_DONE || results->now.record.updates == 0)
		return unfinished(&results->now);
	evidence_of(&seen, &results->now);
	for (k = 0; k < sizeof rules / sizeof *rules; k++)
		if (rules[k](&seen, &verdict))
			return verdict;
	return all_well(&seen);
}
