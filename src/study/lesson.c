/* Lesson files: read whole, checked whole. */
#include "study/lesson.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/language.h"
#include "base/number.h"
#include "study/private.h"

/* Where reading is. A step is the lines from `begin` to `end`, bytes of the file. */
struct reader {
	struct lesson *lesson;
	const char *text;
	size_t length;
	size_t at;        /* begin of the next line */
	const char *line; /* the present line, without its end */
	size_t size;
	int number;       /* of the present line, from 1 */
	char *store;      /* next free byte */
	struct study study;
	struct error *error;
};

/* ---- lines ---- */

static const char marks[] = "#:?>!*~=%";

/* "FILE: line N: " before what the error says. */
static bool fail_at(const struct reader *reader, int line)
{
	if (reader->error->kind == ERROR_MEMORY)
		return false;
	reader->error->kind = ERROR_FILE;
	return error_prefix(reader->error, _("%s: line %d"), reader->lesson->name, line);
}

static bool fail(const struct reader *reader, const char *why)
{
	error_file(reader->error, "%s", why);
	return fail_at(reader, reader->number);
}

static void rewind_to(struct reader *reader, size_t at, int number)
{
	reader->at = at;
	reader->number = number;
}

static bool next_line(struct reader *reader, size_t end)
{
	const char *feed;

	if (reader->at >= end)
		return false;
	reader->line = reader->text + reader->at;
	feed = memchr(reader->line, '\n', reader->length - reader->at);
	reader->size = feed != NULL ? (size_t)(feed - reader->line) : reader->length - reader->at;
	reader->at += reader->size + (feed != NULL);
	reader->number++;
	while (reader->size > 0 && memchr(" \t\r", reader->line[reader->size - 1], 3) != NULL)
		reader->size--;
	return true;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

/* What kind of line it is: its mark, 's' for a step, 0 for text. */
static char kind_of(const struct reader *reader)
{
	const char *line = reader->line;

	if (reader->size == 0 || strchr(marks, line[0]) == NULL)
		return 0;
	if (reader->size >= 2 && line[0] == '#' && line[1] == '#')
		return 's';
	return line[0];
}

/* Only text that a terminal can show, and marks that stand alone. */
static bool check_line(const struct reader *reader)
{
	size_t k = 0, head = kind_of(reader) == 's' ? 2 : 1;
	uint32_t code;
	char why[160];

	while (k < reader->size) {
		size_t length = utf8_decode(reader->line + k, reader->size - k, &code);

		if (code == UTF8_BAD)
			return fail(reader, _("is not UTF-8"));
		if (code_is_unsafe(code) && code != '\t') {
			snprintf(why, sizeof why, _("has the control character U+%04X"),
				 (unsigned)code);
			return fail(reader, why);
		}
		k += length;
	}
	if (kind_of(reader) == 0 || reader->size <= head || is_blank(reader->line[head]))
		return true;
	snprintf(why, sizeof why, _("a blank belongs after %.*s; text that begins with a mark has "
				    "a backslash before it"), (int)head, reader->line);
	return fail(reader, why);
}

static bool check_lines(struct reader *reader)
{
	rewind_to(reader, 0, 0);
	if (reader->length > LESSON_BYTES) {
		char why[80];

		snprintf(why, sizeof why, _("a lesson has at most %u bytes"), LESSON_BYTES);
		reader->number = 1;
		return fail(reader, why);
	}
	while (next_line(reader, reader->length))
		if (!check_line(reader))
			return false;
	return true;
}

/* ---- texts ---- */

static void keep(struct reader *reader, const char *bytes, size_t count)
{
	for (size_t k = 0; k < count; k++)
		*reader->store++ = bytes[k] == '\t' ? ' ' : bytes[k];
}

/* What stands after the mark. */
static const char *rest_of(const struct reader *reader, size_t *size)
{
	size_t head = 0;

	if (kind_of(reader) != 0)
		head = kind_of(reader) == 's' ? 2 : 1;
	else if (reader->size > 0 && reader->line[0] == '\\')
		head = 1;
	while (head > 0 && head < reader->size && is_blank(reader->line[head]))
		head++;
	*size = reader->size - head;
	return reader->line + head;
}

/* A question, an answer or a task goes on in lines without a mark, up to a blank one. */
static char part_of(const struct reader *reader, char before)
{
	char kind = kind_of(reader);

	if (reader->size == 0)
		return 0;
	return kind == 0 && before != 0 && strchr("?>!", before) != NULL ? before : kind;
}

/* All lines of one part as one text: lines joined by blanks, paragraphs by line feeds. */
static bool gather(struct reader *reader, size_t end, char wanted, const char **out)
{
	char *begin = reader->store, joint = '\0', part = 0, why[80];
	const char *rest;
	size_t size;

	while (next_line(reader, end)) {
		part = part_of(reader, part);
		rest = rest_of(reader, &size);
		if (part != wanted || size == 0) {
			joint = reader->store > begin ? '\n' : '\0';
			continue;
		}
		if (joint != '\0')
			*reader->store++ = joint;
		keep(reader, rest, size);
		joint = ' ';
		if (reader->store - begin > LESSON_TEXT) {
			snprintf(why, sizeof why, _("the text is longer than %d bytes"),
				 LESSON_TEXT);
			return fail(reader, why);
		}
	}
	*reader->store++ = '\0';
	*out = begin;
	return true;
}

/* The present line's rest. */
static const char *keep_line(struct reader *reader)
{
	char *begin = reader->store;
	size_t size;
	const char *rest = rest_of(reader, &size);

	keep(reader, rest, size);
	*reader->store++ = '\0';
	return begin;
}

static bool read_title(struct reader *reader, const char **title)
{
	char why[80];

	*title = keep_line(reader);
	if ((*title)[0] == '\0')
		return fail(reader, _("a title is missing after #"));
	if (text_width(*title) <= LESSON_TITLE)
		return true;
	snprintf(why, sizeof why, _("a title has at most %d columns"), LESSON_TITLE);
	return fail(reader, why);
}

/* ---- commands ---- */

static bool is_allowed(enum command_id id)
{
	static const enum command_id allowed[] = {
		COMMAND_SET,	 COMMAND_RESET,	  COMMAND_NUDGE,   COMMAND_STRATEGY,
		COMMAND_DATA,	 COMMAND_GHOST,	  COMMAND_SWAP,	   COMMAND_SCENE,
		COMMAND_SELECT,	 COMMAND_CURSOR,  COMMAND_ZOOM,	   COMMAND_PAN,
		COMMAND_VIEW,	 COMMAND_AXIS,	  COMMAND_FIT,	   COMMAND_OVERLAY,
		COMMAND_PLAY,	 COMMAND_PAUSE,	  COMMAND_ADVANCE, COMMAND_REWIND,
		COMMAND_CURTAIN,
	};

	for (size_t k = 0; k < sizeof allowed / sizeof *allowed; k++)
		if (allowed[k] == id)
			return true;
	return false;
}

bool lesson_change(struct study *study, const struct command *command, struct error *error)
{
	const char *known[64];
	int index, k;

	if (command->id != COMMAND_SCENE)
		return study_command(study, command->id, command->count, command->argument, error);
	index = scene_find(command->argument[0]);
	for (k = 0; k < scene_count && k < 64; k++)
		known[k] = scenes[k].name;
	if (index < 0)
		return error_unknown(error, _("scene"), command->argument[0], known, (unsigned)k);
	return study_scene(study, &scenes[index], error);
}

/* Study commands are carried out, so that a refused value is found now. */
static bool check_command(struct reader *reader, const char *line)
{
	struct command command;
	struct error *error = reader->error;

	if (!command_parse(&command, line, error)) {
		if (error->kind == ERROR_NONE)
			return fail(reader, _("a command is missing after the mark"));
		return fail_at(reader, reader->number);
	}
	if (!is_allowed(command.id)) {
		error_file(error, _("\"%s\" is no command for a lesson, which changes the study and "
				    "how it is looked at, and nothing else"),
			   command_rows[command.id].name);
		return fail_at(reader, reader->number);
	}
	if (command_rows[command.id].room == ROOM_STUDY &&
	    !lesson_change(&reader->study, &command, error))
		return fail_at(reader, reader->number);
	return true;
}

static bool read_command(struct reader *reader, struct lesson_command *list, int *count)
{
	struct lesson_command *command = &list[*count];

	command->line = reader->number;
	command->text = keep_line(reader);
	(*count)++;
	return check_command(reader, command->text);
}

/* ---- goals and figures ---- */

static int split(struct reader *reader, char *store, char *words[])
{
	char line[512];
	size_t size;
	const char *rest = rest_of(reader, &size);

	if (size >= sizeof line)
		return -1;
	memcpy(line, rest, size);
	line[size] = '\0';
	return text_words(line, store, words, 4);
}

static bool read_goal(struct reader *reader, struct lesson_step *step)
{
	struct lesson_goal *goal = &step->goals[step->goal_count];
	char store[512], *words[4];

	if (split(reader, store, words) != 3 || strlen(words[1]) != 1 ||
	    strchr("<>=", words[1][0]) == NULL)
		return fail(reader, _("a goal is a figure, one of < > = and a number, such as "
				      "\"excess < 1e-4\""));
	goal->line = reader->number;
	goal->relation = words[1][0];
	if (!figure_parse(&goal->figure, words[0], reader->error))
		return fail_at(reader, reader->number);
	step->goal_count++;
	if (goal->figure.kind != FIGURE_STRATEGY)
		return number_parse(words[2], &goal->number) ||
		       fail(reader, _("the goal's number cannot be read"));
	for (int s = 0; s < STRATEGY_COUNT; s++)
		if (strcmp(words[2], strategy_names()[s]) == 0) {
			goal->number = s;
			return goal->relation == '=' || fail(reader, _("strategy goes with ="));
		}
	error_unknown(reader->error, _("strategy"), words[2], strategy_names(), STRATEGY_COUNT);
	return fail_at(reader, reader->number);
}

/* Half a unit of the last digit that is written, and a hair for its rounding. */
static double precision(const char *word)
{
	const char *point = strchr(word, '.'), *exponent = strpbrk(word, "eE");
	double power = exponent != NULL ? strtol(exponent + 1, NULL, 10) : 0;

	if (point != NULL)
		power -= (double)strspn(point + 1, "0123456789");
	return 0.5 * pow(10, power) * (1 + 1e-9);
}

/* `word` stands in `text`, not as a part of a longer number. */
static bool names_number(const char *text, const char *word)
{
	static const char inside[] = "0123456789eE";
	size_t length = strlen(word);
	const char *at = text;

	while ((at = strstr(at, word)) != NULL) {
		char before = at > text ? at[-1] : ' ', after = at[length];
		bool point = after == '.' && at[length + 1] >= '0' && at[length + 1] <= '9';

		if (strchr("0123456789.", before) == NULL && !point &&
		    (after == '\0' || strchr(inside, after) == NULL))
			return true;
		at++;
	}
	return false;
}

static bool read_figure(struct reader *reader, struct lesson_step *step)
{
	struct lesson_figure *figure = &step->figures[step->figure_count];
	char store[512], *words[4], why[120];
	int count = split(reader, store, words);
	double share;
	size_t length;

	if (count != 2 && count != 3)
		return fail(reader, _("after = come a figure, its number and, if need be, a share, "
				      "such as \"excess 4.5e-5 2%\""));
	if (!figure_parse(&figure->figure, words[0], reader->error))
		return fail_at(reader, reader->number);
	if (!number_parse(words[1], &figure->number))
		return fail(reader, _("the figure's number cannot be read"));
	figure->within = precision(words[1]);
	if (count == 3) {
		length = strlen(words[2]);
		if (length < 2 || words[2][length - 1] != '%')
			return fail(reader, _("a figure's share ends in %"));
		words[2][length - 1] = '\0';
		if (!number_parse(words[2], &share) || !(share > 0) || share > 50)
			return fail(reader, _("a figure's share is above 0% and at most 50%"));
		figure->within = fabs(figure->number) * share / 100;
	}
	figure->line = reader->number;
	figure->name = reader->store;
	keep(reader, words[0], strlen(words[0]) + 1);
	figure->word = reader->store;
	keep(reader, words[1], strlen(words[1]) + 1);
	step->figure_count++;
	if (names_number(step->text, figure->word) || names_number(step->question, figure->word) ||
	    names_number(step->answer, figure->word) || names_number(step->task, figure->word))
		return true;
	snprintf(why, sizeof why, _("no text of this step names %s"), figure->word);
	return fail(reader, why);
}

/* ---- a step ---- */

static bool is_full(const struct reader *reader, int count)
{
	char why[80];

	if (count < LESSON_LINES)
		return false;
	snprintf(why, sizeof why, _("a step has at most %d lines of this kind"), LESSON_LINES);
	fail(reader, why);
	return true;
}

static bool read_lines(struct reader *reader, size_t end, struct lesson_step *step)
{
	while (next_line(reader, end)) {
		switch (kind_of(reader)) {
		case ':':
			if (is_full(reader, step->command_count) ||
			    !read_command(reader, step->commands, &step->command_count))
				return false;
			break;
		case '*':
			if (is_full(reader, step->goal_count) || !read_goal(reader, step))
				return false;
			break;
		case '=':
			if (is_full(reader, step->figure_count) || !read_figure(reader, step))
				return false;
			break;
		case '#':
			return fail(reader, _("a step's title begins with ##; # is the lesson's own, "
					      "at the top"));
		default:
			break;
		}
	}
	return true;
}

/* A way is tried on a copy: the next step goes on from what the commands made. */
static bool read_ways(struct reader *reader, size_t end, struct lesson_step *step)
{
	struct study before = reader->study;
	bool done = true;

	while (done && next_line(reader, end))
		if (kind_of(reader) == '~')
			done = !is_full(reader, step->way_count) &&
			       read_command(reader, step->ways, &step->way_count);
	reader->study = before;
	return done;
}

static bool check_parts(const struct reader *reader, const struct lesson_step *step)
{
	if (step->text[0] == '\0')
		return fail(reader, _("this step has no text"));
	if ((step->question[0] == '\0') != (step->answer[0] == '\0'))
		return fail(reader, _("a question (?) and its answer (>) belong together"));
	if (step->task[0] == '\0' && (step->goal_count > 0 || step->way_count > 0))
		return fail(reader, _("a goal (*) or a way (~) belongs to a task (!)"));
	return true;
}

/* Where the step after the present line begins: at the next title, or the end. */
static size_t step_end(struct reader *reader)
{
	size_t at = reader->at, end = reader->length;
	int number = reader->number;

	while (next_line(reader, reader->length))
		if (kind_of(reader) == 's') {
			end = (size_t)(reader->line - reader->text);
			break;
		}
	rewind_to(reader, at, number);
	return end;
}

/* From its title's line, which was read, to the next title. */
static bool read_step(struct reader *reader, struct lesson_step *step)
{
	struct {
		char kind;
		const char **text;
	} parts[] = {{0, &step->text}, {'?', &step->question}, {'>', &step->answer},
		     {'!', &step->task}};
	size_t from = reader->at, end;
	int line = reader->number;

	step->line = line;
	if (!read_title(reader, &step->title))
		return false;
	end = step_end(reader);
	for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
		rewind_to(reader, from, line);
		if (!gather(reader, end, parts[k].kind, parts[k].text))
			return false;
	}
	rewind_to(reader, from, line);
	if (!read_lines(reader, end, step))
		return false;
	rewind_to(reader, from, line);
	if (!read_ways(reader, end, step))
		return false;
	rewind_to(reader, from, line);
	memset(reader->study.touched, 0, sizeof reader->study.touched);
	return check_parts(reader, step);
}

/* ---- the whole ---- */

static int count_steps(struct reader *reader)
{
	int count = 0;

	rewind_to(reader, 0, 0);
	while (next_line(reader, reader->length))
		count += kind_of(reader) == 's';
	return count;
}

/* The title, and text up to the first step. */
static bool read_head(struct reader *reader)
{
	size_t end, from;
	int line;

	do {
		if (!next_line(reader, reader->length)) {
			reader->number = 1;
			return fail(reader, _("a lesson begins with its title: # and a few words"));
		}
	} while (reader->size == 0 || kind_of(reader) == '%');
	if (kind_of(reader) != '#')
		return fail(reader, _("a lesson begins with its title: # and a few words"));
	if (!read_title(reader, &reader->lesson->title))
		return false;
	end = step_end(reader);
	from = reader->at;
	line = reader->number;
	while (next_line(reader, end))
		if (kind_of(reader) != 0 && kind_of(reader) != '%')
			return fail(reader, _("before the first step (##) there is only text"));
	rewind_to(reader, from, line);
	return gather(reader, end, 0, &reader->lesson->about);
}

static bool read_all(struct reader *reader)
{
	struct lesson *lesson = reader->lesson;
	int count;
	char why[80];

	if (!check_lines(reader))
		return false;
	count = count_steps(reader);
	if (count < 1 || count > LESSON_STEPS) {
		reader->number = 1;
		snprintf(why, sizeof why, _("a lesson has 1 to %d steps, each begun by ## and a "
					    "title"), LESSON_STEPS);
		return fail(reader, why);
	}
	/* Each line becomes at most one text, none longer than the line; four texts of a step may
	 * be empty, and a figure's name and number are kept apart. */
	lesson->store = malloc(2 * reader->length + 8 * (size_t)count + 16);
	lesson->steps = calloc((size_t)count, sizeof *lesson->steps);
	if (lesson->store == NULL || lesson->steps == NULL)
		return error_memory(reader->error);
	reader->store = lesson->store;
	rewind_to(reader, 0, 0);
	if (!read_head(reader))
		return false;
	rewind_to(reader, 0, 0);
	while (next_line(reader, reader->length))
		if (kind_of(reader) == 's' && !read_step(reader, &lesson->steps[lesson->count++]))
			return false;
	return true;
}

bool lesson_read(struct lesson *lesson, const char *text, size_t length, const char *name,
		 struct error *error)
{
	struct error own;
	struct reader reader = {.lesson = lesson, .text = text, .length = length,
				.error = error != NULL ? error : &own};

	memset(lesson, 0, sizeof *lesson);
	text_safe(lesson->name, sizeof lesson->name, name, false);
	study_init(&reader.study);
	if (read_all(&reader))
		return true;
	lesson_done(lesson);
	return false;
}

void lesson_done(struct lesson *lesson)
{
	free(lesson->steps);
	free(lesson->store);
	memset(lesson, 0, sizeof *lesson);
}
