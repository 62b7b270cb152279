/* `plot`: the explorer's panels as text, after the whole run. */
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "lrscope/batch.h"
#include "lrscope/print.h"
#include "lrscope/program.h"
#include "terminal/screen.h"
#include "view/view.h"

/* A study of this setting, the other strategies as the explorer starts with them: the strip tells what
 * they reach. In a study `lr` stands for the peak of every strategy, and cyclic's base_lr follows it;
 * here it is the number that the command line means. */
static void study_of(struct study *study, const struct study *start, const struct setting *setting)
{
	enum strategy_id id = setting->schedule.node[0].strategy;
	struct value peak = VALUE_NUMBER(schedule_peak(&setting->schedule));
	int base = strategy_parameter(id, "base_lr");

	memset(study, 0, sizeof *study);
	study->now = *setting;
	study->ghost_kind = GHOST_OFF;
	memcpy(study->shelf, start->shelf, sizeof study->shelf);
	study->now.schedule.lr = peak;
	memcpy(study->shelf[id], setting->schedule.node[0].values, sizeof study->shelf[id]);
	if (base >= 0 && study->shelf[id][base].how == VALUE_UNSET)
		study->shelf[id][base] = schedule_value(&setting->schedule, (unsigned)base);
	for (unsigned i = 0; i < STRATEGY_COUNT; i++) {
		const char *name = strategy_peak((enum strategy_id)i);
		if (name)
			study->shelf[i][strategy_parameter((enum strategy_id)i, name)] = peak;
	}
	study->now.schedule = study_schedule_of(study, id);
}

/* cyclic and onecycle take a max_lr below 0, an optimizer no lr; the strip has both at one peak. */
static bool check_peak(const struct schedule *schedule, struct error *error)
{
	double peak = schedule_peak(schedule);
	const char *name = strategy_peak(schedule->node[0].strategy);
	char number[NUMBER_SIZE];
	return !(peak < 0) ||
	       error_request(error, _("%s=%s: the panels have all strategies at one peak rate, which is 0 "
				      "or more"), name ? name : "lr", number_format(number, peak));
}

/* The explorer draws a cycle that ends before the run; a request for it is refused. */
static bool check(const struct scope *scope, const struct setting *setting, struct error *error)
{
	const struct lane *lane = &scope->results.now;
	struct scheduler scheduler;
	struct plan plan;
	enum strategy_id id = setting->schedule.node[0].strategy;
	if (!plan_make(&plan, &setting->training, id, scope->results.dataset.rows, error))
		return false;
	struct clock clock = plan_clock(&plan);
	return scheduler_bind(&scheduler, &setting->schedule, &clock, error) &&
	       run_reaches(&plan, &scheduler, error) && !lane_refused(lane, error);
}

bool batch_ascii(const struct request *request)
{
	struct screen_options options = {.ascii = request_option(request, "--ascii") != NULL};
	return screen_is_ascii(&options);
}

bool batch_size(const struct request *request, int *columns, int *rows, struct error *error)
{
	int least_columns, least_rows;
	*columns = 80;
	*rows = 24;
	if (!request_size(request, columns, rows, error))
		return false;
	view_least(&least_columns, &least_rows);
	return view_fits(*columns, *rows) ||
	       error_request(error, _("--size %dx%d is too small: the panels need %dx%d"), *columns,
			     *rows, least_columns, least_rows);
}

static bool draw(struct scope *scope, const struct request *request, struct error *error)
{
	struct canvas canvas;
	struct text text;
	int columns, rows;
	bool ascii = batch_ascii(request);

	if (!batch_size(request, &columns, &rows, error))
		return false;
	if (!program_finish(scope, error))
		return false;
	canvas_init(&canvas);
	canvas.ascii = ascii;
	text_init(&text);
	bool ok = canvas_resize(&canvas, columns, rows, error);
	if (ok) {
		view_draw(scope, &canvas);
		canvas_dump(&canvas, &text, print_colors(request_choice(request, "--color", 0)));
	}
	canvas_done(&canvas);
	ok = ok && print_text(&text, error);
	text_done(&text);
	return ok;
}

bool batch_plot(const struct request *request, struct error *error)
{
	struct setting setting;
	struct study study;
	struct scope scope;
	if (!batch_setting(request, request->words[0], true, &setting, error) ||
	    !check_peak(&setting.schedule, error))
		return false;
	scope_init(&scope);
	bool ok = scope_start(&scope, error);
	if (ok) {
		study_of(&study, &scope.study, &setting);
		ok = scope_replace(&scope, &study, error) && check(&scope, &setting, error) &&
		     draw(&scope, request, error);
	}
	scope_done(&scope);
	return ok;
}
