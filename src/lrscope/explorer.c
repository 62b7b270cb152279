/* The explorer: events become commands, commands change the scope, the scope is drawn.
 *
 * Nothing here blocks but loop_next(): runs go on in slices between events, frames are left out
 * while keys are queued or the terminal takes no output. */
#include "lrscope/explorer.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/language.h"
#include "lrscope/editing.h"
#include "lrscope/program.h"
#include "study/lesson.h"
#include "study/saved.h"
#include "study/scope.h"
#include "terminal/loop.h"
#include "terminal/prompt.h"
#include "terminal/rescue.h"
#include "view/view.h"

#define SLICE 2000000        /* ns of work between looks at the keyboard */
#define REST 30              /* ms without input before the strip is worked on: a held key does not
				meet a slice of it */
#define FRAME_WORK 6000000   /* ns that a frame may wait for the runs to be whole */
#define PROGRESS 100000000   /* ns between frames that only show progress */
#define KEY_FRAME 50000000   /* ns after which a frame is drawn although keys are queued */
#define TICK 66              /* ms between frames while playing: 15 Hz */
#define STEP_WORK 2e6        /* multiplications between looks at the clock: 1 ms or so */

struct explorer {
	struct canvas canvas;
	struct loop loop;
	struct screen_options screen;
	struct editing editing;
	struct text shown; /* what PAGE_SHOWN shows */
	bool changed; /* the screen is not what the scope says */
	bool quit;
	bool rested; /* nothing has come in for a while */
	bool unkept; /* the last command was to quit, and the study could not be kept */
	int64_t drawn, ticked; /* when, by the loop's clock */
	struct scope scope;    /* large, and cleared by its own init as far as it needs to be */
};

/* Drawing makes it safe, and one line of it. */
static void say(struct explorer *explorer, bool is_error, const char *text)
{
	struct viewpoint *viewpoint = &explorer->scope.viewpoint;

	snprintf(viewpoint->message, sizeof(viewpoint->message), "%.*s",
		 (int)sizeof(viewpoint->message) - 1, text);
	viewpoint->message_is_error = is_error;
	explorer->changed = true;
}

/* Whether the folder of `path`, or the nearest above it that exists, can be written into. */
static bool has_place(const char *path)
{
	char folder[TRAINING_PATH];
	char *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	while ((slash = strrchr(folder, '/')) != NULL && slash != folder) {
		*slash = '\0';
		if (access(folder, F_OK) == 0)
			return access(folder, W_OK | X_OK) == 0;
		if (errno != ENOENT)
			return false;
	}
	return access("/", W_OK) == 0;
}

/* The study of a session that ended without saving is kept as "last", if there is a place for it. */
static bool keep_last(struct explorer *explorer, struct error *error)
{
	char path[TRAINING_PATH];
	bool changed;
	const struct study *study = lesson_own(&explorer->scope, &changed);

	return !changed || !saved_path(path, sizeof(path), "last", error) || !has_place(path) ||
	       saved_save(study, path, FILE_REGULAR, error);
}

/* What cannot be kept is not lost by one key. */
static void quit(struct explorer *explorer)
{
	struct error error = {0};
	char text[sizeof(error.text) + 100];

	if (keep_last(explorer, &error) || explorer->unkept) {
		explorer->quit = true;
		return;
	}
	explorer->unkept = true;
	snprintf(text, sizeof(text), _("quit again to lose the study: %s"), error.text);
	say(explorer, true, text);
}

static void run_line(struct explorer *explorer, const char *line);

/* ---- program commands ---- */

static void take_choice(struct explorer *explorer)
{
	char line[COMMAND_LINE];

	if (editing_choice(&explorer->scope, line, sizeof(line))) {
		struct viewpoint *viewpoint = &explorer->scope.viewpoint;
		viewpoint->page = PAGE_MAIN;
		viewpoint->scroll = viewpoint->choice = 0;
		run_line(explorer, line);
	}
}

static void suspend(struct explorer *explorer)
{
	raise(SIGTSTP);
	explorer->changed = true;
}

static void run_program(struct explorer *explorer, const struct command *command)
{
	struct scope *scope = &explorer->scope;
	struct error error = {0};
	struct text out;

	switch (command->id) {
	case COMMAND_QUIT:
		quit(explorer);
		return;
	case COMMAND_REDRAW:
		screen_repaint();
		explorer->changed = true;
		return;
	case COMMAND_SUSPEND:
		suspend(explorer);
		return;
	case COMMAND_PROMPT:
		if (!editing_load_history(&explorer->editing, &error))
			say(explorer, true, error.text); /* and it is left alone */
		if (!editing_prompt(&explorer->editing, scope,
				    command->count > 0 ? command->argument[0] : NULL, &error))
			say(explorer, true, error.text);
		return;
	case COMMAND_EDIT:
		if (scope->viewpoint.page != PAGE_MAIN)
			take_choice(explorer);
		else if (!editing_dial(&explorer->editing, scope, NULL, &error))
			say(explorer, true, error.text);
		return;
	case COMMAND_CODE:
		if (command->count == 0) {
			run_line(explorer, "page code");
			return;
		}
		break;
	case COMMAND_DUMP:
		if (command->count == 0) {
			say(explorer, true, _("dump: name the file that the screen is written to"));
			return;
		}
		break;
	default:
		break;
	}
	text_init(&out);
	if (!program_command(scope, command, &out, explorer->canvas.ascii,
			     explorer->canvas.columns, explorer->canvas.rows, &error))
		say(explorer, true, error.text);
	else if (command->id == COMMAND_SHOW && out.length > 0 && strchr(out.bytes, '\n') != out.bytes + out.length - 1) {
		text_done(&explorer->shown);
		explorer->shown = out;
		scope_show(scope, out.bytes);
		return;
	} else if (out.length > 0)
		say(explorer, false, out.bytes);
	text_done(&out);
}

/* ---- the one way in ---- */

/* The way back is no longer than the page. */
static void stop_at_the_end(struct explorer *explorer)
{
	int most = view_scroll_most(&explorer->scope, explorer->canvas.columns,
				    explorer->canvas.rows);

	if (explorer->scope.viewpoint.scroll > most)
		explorer->scope.viewpoint.scroll = most;
}

static bool run_command(struct explorer *explorer, const char *line)
{
	struct command command;
	struct error error = {0};

	if (!command_parse(&command, line, &error)) {
		if (error.kind == ERROR_NONE)
			return true;
		say(explorer, true, error.text);
		return false;
	}
	explorer->unkept &= command.id == COMMAND_QUIT;
	if (command_rows[command.id].room == ROOM_PROGRAM) {
		run_program(explorer, &command);
		return !explorer->scope.viewpoint.message_is_error;
	}
	if (!scope_command(&explorer->scope, &command, &error)) {
		say(explorer, true, error.text);
		return false;
	}
	if (command.id == COMMAND_SCROLL)
		stop_at_the_end(explorer);
	return true;
}

/* Commands separated by ';': the first that is refused ends the line. */
static void run_line(struct explorer *explorer, const char *line)
{
	char part[COMMAND_LINE];

	explorer->changed = true;
	explorer->scope.viewpoint.message[0] = '\0';
	explorer->scope.viewpoint.message_is_error = false;
	while (*line && !explorer->quit) {
		size_t length = text_command_length(line);

		if (length >= sizeof(part)) {
			say(explorer, true, _("the line is too long"));
			return;
		}
		memcpy(part, line, length);
		part[length] = '\0';
		if (!run_command(explorer, part))
			return;
		line += length;
		if (*line == ';')
			line++;
	}
}

static void act_on_prompt(struct explorer *explorer, const struct event *event)
{
	char line[COMMAND_LINE];
	struct error error = {0};
	struct editing *editing = &explorer->editing;
	enum prompt_result result = prompt_key(event);

	explorer->changed = true;
	if (result == PROMPT_EDITING)
		return;
	if (result == PROMPT_CANCELLED) {
		explorer->scope.viewpoint.message[0] = '\0';
		return;
	}
	if (!editing_line(editing, line, sizeof(line))) {
		say(explorer, true, _("the line is too long"));
		return;
	}
	run_line(explorer, line);
	/* A refused value comes back to be mended. */
	if (explorer->scope.viewpoint.message_is_error && !prompt_is_open())
		editing_again(editing, &explorer->scope, &error);
}

/* What only paints the screen anew takes nothing from it: the message stays. */
static bool is_painting(const struct key_row *row)
{
	return strcmp(row->command, "redraw") == 0 || strcmp(row->command, "suspend") == 0;
}

static void act_on_key(struct explorer *explorer, const struct event *event)
{
	const struct key_row *row;
	const char *why;
	struct viewpoint *viewpoint = &explorer->scope.viewpoint;

	/* What is not seen takes no keys, but for those that the main page has for leaving. */
	bool fits = view_fits(explorer->canvas.columns, explorer->canvas.rows);
	row = key_find(event->key, fits ? viewpoint->page : PAGE_MAIN);
	if (row && is_painting(row)) {
		explorer->changed = true;
		run_command(explorer, row->command);
		return;
	}
	if (!fits && !(row && strcmp(row->command, "quit") == 0))
		return;
	if (!row) {
		char text[100];
		snprintf(text, sizeof(text), strcmp(event->key, "C-c") == 0
				 ? _("%s does nothing here; q leaves, ? lists the keys")
				 : _("%s does nothing here; ? lists the keys"), event->key);
		say(explorer, false, text);
		return;
	}
	why = key_why_off(&explorer->scope, row);
	if (why) {
		say(explorer, false, why);
		return;
	}
	run_line(explorer, row->command);
}

static void act_on_mouse(struct explorer *explorer, const struct event *event)
{
	char line[COMMAND_LINE];

	if (event->mouse == MOUSE_RELEASE || prompt_is_open())
		return;
	if (event->mouse == MOUSE_WHEEL_UP || event->mouse == MOUSE_WHEEL_DOWN) {
		bool up = event->mouse == MOUSE_WHEEL_UP;
		if (explorer->scope.viewpoint.page == PAGE_MAIN)
			run_line(explorer, up ? "turn 1" : "turn -1");
		else
			run_line(explorer, up ? "scroll -1" : "scroll 1");
	} else if (view_click(&explorer->scope, explorer->canvas.columns, explorer->canvas.rows,
			      event->x, event->y, line, sizeof(line))) {
		run_line(explorer, line);
	}
}

static void end_by_signal(struct explorer *explorer, int signal)
{
	struct error ignored;

	keep_last(explorer, &ignored);
	editing_save_history(&explorer->editing, &ignored);
	screen_close();
	rescue_die(signal);
}

static void act(struct explorer *explorer, const struct event *event)
{
	struct scope *scope = &explorer->scope;
	bool fits = view_fits(explorer->canvas.columns, explorer->canvas.rows);
	int64_t now;

	if (event->kind == EVENT_KEY || event->kind == EVENT_MOUSE || event->kind == EVENT_PASTE) {
		explorer->rested = false;
		if (!scope->viewpoint.playing)
			loop_disarm(&explorer->loop); /* the rest begins anew */
	}
	switch (event->kind) {
	case EVENT_NONE:
		break;
	case EVENT_KEY: /* what is not seen takes no keys; painting anew is for any time */
		if (prompt_is_open() && fits && strcmp(event->key, "C-l") != 0)
			act_on_prompt(explorer, event);
		else
			act_on_key(explorer, event);
		break;
	case EVENT_PASTE: /* panels ignore it: a paste is text, not keys */
		if (prompt_is_open() && fits)
			act_on_prompt(explorer, event);
		break;
	case EVENT_MOUSE:
		act_on_mouse(explorer, event);
		break;
	case EVENT_TICK:
		explorer->rested = true;
		if (!scope->viewpoint.playing)
			break;
		now = loop_now(&explorer->loop);
		scope_tick(scope, (double)(now - explorer->ticked) * 1e-9);
		explorer->ticked = now;
		if (!explorer->loop.resizing) /* a burst of resizes has its own frames */
			explorer->changed = true;
		break;
	case EVENT_CONTINUED: /* time that was spent stopped is not played */
		explorer->ticked = loop_now(&explorer->loop);
		explorer->changed = true;
		break;
	case EVENT_RESIZE:
	case EVENT_OUTPUT:
		explorer->changed = true;
		break;
	case EVENT_SIGNAL:
		end_by_signal(explorer, event->signal);
		break;
	case EVENT_END:
		end_by_signal(explorer, SIGHUP);
		break;
	}
}

/* ---- the one way out ---- */

static void draw(struct explorer *explorer)
{
	struct scope *scope = &explorer->scope;
	struct error error;
	int columns, rows;

	screen_size(&columns, &rows);
	if (columns != explorer->canvas.columns || rows != explorer->canvas.rows)
		canvas_resize(&explorer->canvas, columns, rows, &error);
	editing_show(&explorer->editing, &scope->viewpoint, columns);
	scope_refresh(scope);
	view_draw(scope, &explorer->canvas);
	screen_show(&explorer->canvas);
	explorer->drawn = loop_now(&explorer->loop);
	explorer->changed = false;
}

/* Nothing is left but the strip, which waits for the keyboard to rest. */
static bool strip_waits(const struct explorer *explorer)
{
	const struct scope *scope = &explorer->scope;

	return !explorer->rested && !scope->viewpoint.playing && scope->race.state != RACE_RUNNING &&
	       !results_lanes_busy(&scope->results) && scope_busy(scope);
}

/* Works until `end` by the loop's clock, on the lanes alone if told so. Whether work is left. */
static bool work_until(struct explorer *explorer, int64_t end, bool lanes_only)
{
	struct scope *scope = &explorer->scope;

	while (lanes_only ? results_lanes_busy(&scope->results)
			  : scope_busy(scope) && !strip_waits(explorer)) {
		scope_work(scope, results_updates(&scope->results, STEP_WORK));
		if (loop_now(&explorer->loop) >= end)
			break;
	}
	return scope_busy(scope);
}

static void frame(struct explorer *explorer)
{
	bool left = scope_busy(&explorer->scope);

	/* An update of large data alone may take longer than a frame waits. */
	if (results_updates(&explorer->scope.results, STEP_WORK) > 1)
		left = work_until(explorer, loop_now(&explorer->loop) + FRAME_WORK, true);
	draw(explorer);
	loop_frame_shown(&explorer->loop, left);
}

/* A slice of work; what it finished is shown when it is whole, or now and then. */
static void slice(struct explorer *explorer)
{
	struct results *results = &explorer->scope.results;
	bool lanes = results_lanes_busy(results);
	int64_t now = loop_now(&explorer->loop);
	bool left = work_until(explorer, now + SLICE, false);

	if ((lanes && !results_lanes_busy(results)) || !left ||
	    now - explorer->drawn > PROGRESS)
		explorer->changed = true;
}

/* The one timer: ticks of a run that is played, or the rest that the strip waits for. */
static void watch_timer(struct explorer *explorer)
{
	bool playing = explorer->scope.viewpoint.playing;

	if ((playing || strip_waits(explorer)) && !explorer->loop.armed) {
		explorer->ticked = loop_now(&explorer->loop);
		loop_arm(&explorer->loop, playing ? TICK : REST);
	} else if (!playing && !strip_waits(explorer) && explorer->loop.armed) {
		loop_disarm(&explorer->loop);
	}
}

static void explore(struct explorer *explorer)
{
	struct event event;

	explorer->changed = true;
	while (!explorer->quit) {
		bool busy = scope_busy(&explorer->scope) && !strip_waits(explorer);
		bool due = explorer->changed && loop_can_draw(&explorer->loop);

		watch_timer(explorer);
		/* Queued input first, so that a burst of keys is one frame. */
		if (loop_next(&explorer->loop, busy || due, &event)) {
			act(explorer, &event);
			if (!due || loop_now(&explorer->loop) - explorer->drawn < KEY_FRAME)
				continue;
		}
		if (explorer->quit)
			break;
		if (due)
			frame(explorer);
		else if (busy)
			slice(explorer);
	}
}

/* ---- start and end ---- */

static bool start(struct explorer *explorer, const struct explorer_options *options,
		  struct error *error)
{
	int columns, rows;

	/* A file may be a pipe that keeps us waiting, and for nothing. */
	if (!screen_check(error) || !scope_start(&explorer->scope, error))
		return false;
	if (options->file && !program_open(&explorer->scope, options->file, error))
		return false;
	if (!screen_open(&options->screen, error))
		return false;
	scope_files(&explorer->scope, FILE_REGULAR);
	explorer->canvas.ascii = screen_is_ascii(&options->screen);
	screen_size(&columns, &rows); /* keys may be there before the first frame */
	if (!canvas_resize(&explorer->canvas, columns, rows, error))
		return false;
	if (!loop_open(&explorer->loop, NULL, NULL, error))
		return false;
	return true;
}

int explorer_run(const struct explorer_options *options)
{
	struct explorer *explorer = malloc(sizeof(*explorer));
	struct error error = {0};
	int status = 0;
	bool done;

	if (!explorer) {
		error_memory(&error);
		program_complain(&error);
		return 1;
	}
	memset(explorer, 0, offsetof(struct explorer, scope));
	scope_init(&explorer->scope);
	canvas_init(&explorer->canvas);
	text_init(&explorer->shown);
	done = start(explorer, options, &error);
	if (done) {
		explore(explorer);
		done = editing_save_history(&explorer->editing, &error);
		loop_close(&explorer->loop);
	}
	screen_close();
	if (!done)
		status = program_complain(&error);
	prompt_done();
	canvas_done(&explorer->canvas);
	text_done(&explorer->shown);
	scope_done(&explorer->scope);
	free(explorer);
	return status;
}
