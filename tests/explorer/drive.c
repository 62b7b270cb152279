#include "explorer/drive.h"

#include <stdio.h>
#include <string.h>

#include "lrscope/program.h"
#include "study/lesson.h"
#include "view/view.h"

bool drive_open(struct drive *drive, int columns, int rows, struct error *error)
{
	memset(drive, 0, sizeof *drive);
	scope_init(&drive->scope);
	canvas_init(&drive->canvas);
	return scope_start(&drive->scope, error) &&
	       canvas_resize(&drive->canvas, columns, rows, error);
}

void drive_close(struct drive *drive)
{
	canvas_done(&drive->canvas);
	scope_done(&drive->scope);
}

static void say(struct drive *drive, bool is_error, const char *text)
{
	struct viewpoint *view = &drive->scope.viewpoint;

	text_safe(view->message, sizeof view->message, text, drive->canvas.ascii);
	view->message_is_error = is_error;
}

/* ---- commands of the program ---- */

static bool selected(const struct scope *scope, struct dial *dial)
{
	struct dial dials[STUDY_DIALS];
	unsigned count = study_dials(&scope->study, dials);

	for (unsigned k = 0; k < count; k++)
		if (strcmp(dials[k].parameter->name, scope->viewpoint.selected) == 0) {
			*dial = dials[k];
			return true;
		}
	return false;
}

/* Enter: takes the row of a list, or opens one; the prompt for a number is drive_type's. */
static bool edit(struct drive *drive)
{
	struct viewpoint *view = &drive->scope.viewpoint;
	char line[COMMAND_LINE] = "";
	const char *word;
	struct dial dial;

	if (!selected(&drive->scope, &dial))
		return true;
	if (view->page == PAGE_MAIN) {
		if (scope_choice(&drive->scope, 0)) {
			view->page = PAGE_CHOICES;
			view->choice = scope_choice_now(&drive->scope);
		}
		return true;
	}
	if (view->page == PAGE_SCENES && view->choice < scene_count)
		snprintf(line, sizeof line, "scene %s", scenes[view->choice].name);
	if (view->page == PAGE_LESSONS && view->choice < lesson_file_count)
		snprintf(line, sizeof line, "lesson %s", lesson_files[view->choice].name);
	word = scope_choice(&drive->scope, view->choice);
	if (view->page == PAGE_CHOICES && word)
		snprintf(line, sizeof line, "set %s %s", dial.parameter->name, word);
	if (!line[0])
		return true;
	view->page = PAGE_MAIN;
	view->scroll = view->choice = 0;
	return drive_line(drive, line);
}

static bool run_program(struct drive *drive, const struct command *command, struct error *error)
{
	bool touches = command->id == COMMAND_OPEN || command->id == COMMAND_SAVE ||
		       (command->count && (command->id == COMMAND_CODE ||
					   command->id == COMMAND_DUMP));
	struct text out;
	bool done;

	if (command->id == COMMAND_EDIT)
		return edit(drive);
	if (command->id == COMMAND_QUIT)
		drive->quit = true;
	if (command->id == COMMAND_QUIT || command->id == COMMAND_REDRAW ||
	    command->id == COMMAND_SUSPEND || command->id == COMMAND_PROMPT)
		return true;
	if (command->id == COMMAND_CODE && command->count == 0)
		return drive_line(drive, "page code");
	/* These carry runs to their end, however long. */
	if (!drive->files && (touches || command->id == COMMAND_DUMP || command->id == COMMAND_SHOW))
		return true;
	text_init(&out);
	done = program_command(&drive->scope, command, &out, drive->canvas.ascii,
			       drive->canvas.columns, drive->canvas.rows, error);
	if (done && out.length > 0)
		say(drive, false, out.bytes);
	text_done(&out);
	return done;
}

/* A word that may name a file: any file of this machine, or a terminal. */
static bool names_a_file(const struct command *command)
{
	bool reads = command->id == COMMAND_DATA || command->id == COMMAND_RULES ||
		     command->id == COMMAND_LESSON;
	int k = reads ? 0 : command->id == COMMAND_SET ? 1 : -1;

	if (k < 0 || (k == 1 && strcmp(command->argument[0], "data") != 0))
		return false;
	return strchr(command->argument[k], '/') || strcmp(command->argument[k], "-") == 0;
}

static bool run_command(struct drive *drive, const char *line, struct error *error)
{
	struct command command;

	if (!command_parse(&command, line, error))
		return error->kind == ERROR_NONE;
	if (command_rows[command.id].room == ROOM_PROGRAM)
		return run_program(drive, &command, error);
	if (names_a_file(&command) && !drive->files)
		return true;
	return scope_command(&drive->scope, &command, error);
}

bool drive_line(struct drive *drive, const char *line)
{
	char part[COMMAND_LINE];
	struct error *error = &drive->error;

	say(drive, false, "");
	*error = (struct error){.kind = ERROR_NONE};
	while (*line && !drive->quit) {
		size_t length = text_command_length(line);

		if (length >= sizeof part) {
			error_request(error, "the line is too long");
			say(drive, true, error->text);
			return false;
		}
		memcpy(part, line, length);
		part[length] = '\0';
		if (!run_command(drive, part, error)) {
			say(drive, true, error->text);
			return false;
		}
		line += length + (line[length] == ';');
	}
	return true;
}

bool drive_key(struct drive *drive, const char *key)
{
	const struct key_row *row = key_find(key, drive->scope.viewpoint.page);
	const char *why;

	if (drive->quit || !row)
		return false;
	if (!view_fits(drive->canvas.columns, drive->canvas.rows) &&
	    strcmp(row->command, "quit") != 0 && strcmp(row->command, "redraw") != 0)
		return false;
	why = key_why_off(&drive->scope, row);
	if (why) {
		say(drive, false, why);
		return false;
	}
	drive_line(drive, row->command);
	return true;
}

void drive_click(struct drive *drive, int x, int y)
{
	char line[COMMAND_LINE];

	if (view_click(&drive->scope, drive->canvas.columns, drive->canvas.rows, x, y, line,
		       sizeof line))
		drive_line(drive, line);
}

void drive_type(struct drive *drive, const char *text)
{
	struct viewpoint *view = &drive->scope.viewpoint;
	int start = 0;
	bool files = false;
	char **candidates = scope_complete(&drive->scope, text, (int)strlen(text), &start, &files);

	view->prompting = true;
	snprintf(view->prompt_lead, sizeof view->prompt_lead, ":");
	text_safe(view->prompt_text, sizeof view->prompt_text, text, drive->canvas.ascii);
	view->prompt_cursor = 1 + text_width(view->prompt_text);
	view->candidates = (const char *const *)candidates;
	drive_draw(drive);
	view->prompting = false;
	view->candidates = NULL;
	completion_free(candidates);
}

bool drive_resize(struct drive *drive, int columns, int rows)
{
	return canvas_resize(&drive->canvas, columns, rows, NULL);
}

void drive_work(struct drive *drive, int64_t updates)
{
	scope_work(&drive->scope, updates);
}

void drive_draw(struct drive *drive)
{
	scope_refresh(&drive->scope);
	view_draw(&drive->scope, &drive->canvas);
}
