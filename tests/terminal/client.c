/* A small program for the tests of the terminal room: shows what it is given.
 *
 *	client [--ascii] [--color=always|never] [--mouse] [--history=FILE] [--work=SLICES]
 *	       [--lead=TEXT]
 *
 * Row 0 names the last event, row 1 the size and how many keys and resizes there were; then
 * come the prompt, a box, every role, wide characters, a list with the real cursor, and what was
 * pasted. q quits, L fills the screen, : opens the prompt, j moves in the list, C-l paints anew,
 * M-s works for 50 slices; M-1 to M-6 crash in six ways, M-7 writes to stderr, M-8 lets allocation
 * fail. */
#include <assert.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "terminal/loop.h"
#include "terminal/prompt.h"
#include "terminal/rescue.h"
#include "terminal/screen.h"

#define LIST_ROW 10
#define LIST_LENGTH 5

struct client {
	struct canvas canvas;
	struct loop loop;
	struct screen_options screen;
	const char *history, *lead;
	char last[64], said[256];
	int keys, resizes, frames, selected;
	int work; /* slices left */
	size_t pasted, pasted_lines;
	bool changed, full;
};

/* ---- allocation that fails when told to ---- */

static bool no_memory;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
	return no_memory ? NULL : __real_malloc(size);
}

void *__real_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size)
{
	return no_memory ? NULL : __real_realloc(memory, size);
}

/* ---- drawing ---- */

static void draw_prompt(struct client *client)
{
	struct canvas *canvas = &client->canvas;
	int column, x;
	if (!prompt_is_open()) {
		canvas_textf(canvas, 0, 2, canvas->columns, ROLE_TEXT, "said [%s]", client->said);
		return;
	}
	size_t from = prompt_view(canvas->columns, &column);
	x = canvas_text(canvas, 0, 2, canvas->columns, ROLE_KEY, prompt_lead());
	canvas_text(canvas, x, 2, canvas->columns - x, ROLE_TEXT, prompt_text() + from);
	canvas->cursor_x = column;
	canvas->cursor_y = 2;
	x = 0;
	for (int i = 0; i < prompt_candidate_count(); i++)
		x += 1 + canvas_text(canvas, x, 3, 20, ROLE_DIM, prompt_candidate(i));
}

static void draw(struct client *client)
{
	struct canvas *canvas = &client->canvas;
	int columns, rows;
	screen_size(&columns, &rows);
	if (!canvas_resize(canvas, columns, rows, NULL))
		return;
	canvas_clear(canvas);
	canvas_textf(canvas, 0, 0, columns, ROLE_TITLE, "last <%s>", client->last);
	if (!prompt_is_open())
		canvas_textf(canvas, 0, 1, columns, ROLE_TEXT, "%dx%d keys %d resizes %d slices %d",
			     columns, rows, client->keys, client->resizes, client->work);
	canvas_box(canvas, (struct area){0, 4, 20, 3}, ROLE_FRAME);
	for (int role = 0; role < ROLE_COUNT; role++)
		canvas_put(canvas, role, 8, (uint32_t)('a' + role), role);
	canvas_text(canvas, 0, 9, columns, ROLE_TEXT, "é学b\xcc\x81⠿ end");
	for (int i = 0; i < LIST_LENGTH; i++) {
		bool here = i == client->selected;
		canvas_textf(canvas, 0, LIST_ROW + i, columns, here ? ROLE_SELECTED : ROLE_TEXT,
			     "%c row %d", here ? '>' : ' ', i);
	}
	canvas_textf(canvas, 0, 16, columns, ROLE_TEXT, "pasted %zu bytes, %zu lines",
		     client->pasted, client->pasted_lines);
	for (int y = 17; client->full && y < rows - 1; y++)
		for (int x = 0; x < columns; x++)
			canvas_put(canvas, x, y, (uint32_t)('a' + (x + y) % 26), ROLE_TEXT);
	canvas_textf(canvas, 0, rows - 1, columns, ROLE_DIM, "%*s", columns, "corner");
	canvas->cursor_x = 0;
	canvas->cursor_y = LIST_ROW + client->selected;
	draw_prompt(client);
	screen_show(canvas);
	client->frames++;
}

/* ---- ways to end ---- */

static int overflow(volatile char *above)
{
	volatile char here[4096];
	here[0] = *above;
	return *above ? overflow(here) + here[0] : 0;
}

static void crash(int way)
{
	volatile int *nowhere = NULL;
	volatile int zero = 0;
	char start = 1;
	switch (way) {
	case 1: *nowhere = 1; break;
	case 2: assert(!"a broken promise"); break;
	case 3: zero = 1 / zero; raise(SIGFPE); break;
	case 4: exit(overflow(&start)); break;
	case 5: raise(SIGBUS); break;
	case 6: __builtin_trap(); break;
	}
}

/* ---- events ---- */

static void complete(void *context, const char *line, size_t start, size_t end,
		     struct candidates *candidates)
{
	(void)context;
	(void)line;
	(void)end;
	if (start > 0) {
		candidates_add(candidates, "0.1");
		candidates->append = 0;
		return;
	}
	candidates_add(candidates, "strategy");
	candidates_add(candidates, "step");
	candidates_add(candidates, "quit");
}

static void open_prompt(struct client *client, const char *initial)
{
	struct prompt_options options = {.lead = client->lead, .initial = initial,
					 .complete = complete, .history = true,
					 .ascii = client->canvas.ascii};
	struct error error;
	if (!prompt_open(&options, &error))
		snprintf(client->said, sizeof client->said, "%.200s", error.text);
}

static void give_prompt(struct client *client, const struct event *event)
{
	switch (prompt_key(event)) {
	case PROMPT_EDITING: break;
	case PROMPT_ACCEPTED:
		snprintf(client->said, sizeof client->said, "%.200s", prompt_text());
		break;
	case PROMPT_CANCELLED:
		snprintf(client->said, sizeof client->said, "cancelled");
		break;
	}
}

/* False to quit. */
static bool key(struct client *client, const char *name)
{
	if (strcmp(name, "q") == 0)
		return false;
	if (strcmp(name, ":") == 0)
		open_prompt(client, NULL);
	else if (strcmp(name, "M-:") == 0)
		open_prompt(client, "initial");
	else if (strcmp(name, "j") == 0)
		client->selected = (client->selected + 1) % LIST_LENGTH;
	else if (strcmp(name, "L") == 0)
		client->full = !client->full;
	else if (strcmp(name, "C-l") == 0)
		screen_repaint();
	else if (strcmp(name, "M-s") == 0)
		client->work = 50;
	else if (strcmp(name, "M-7") == 0)
		fputs("noise \033[31m of a library\n"
		      "nor \302\2335m nor \342\200\256olleh nor \377 but \303\251\n", stderr);
	else if (strcmp(name, "M-8") == 0)
		no_memory = true;
	else if (strncmp(name, "M-", 2) == 0 && name[2] >= '1' && name[2] <= '6')
		crash(name[2] - '0');
	return true;
}

static bool act(struct client *client, const struct event *event)
{
	client->changed = true;
	if (prompt_is_open() && (event->kind == EVENT_KEY || event->kind == EVENT_PASTE)) {
		give_prompt(client, event);
		return true;
	}
	switch (event->kind) {
	case EVENT_KEY:
		client->keys++;
		snprintf(client->last, sizeof client->last, "%s", event->key);
		return key(client, event->key);
	case EVENT_PASTE:
		snprintf(client->last, sizeof client->last, "paste");
		client->pasted += event->length;
		for (size_t i = 0; i < event->length; i++)
			client->pasted_lines += event->text[i] == '\n' || event->text[i] == '\r';
		break;
	case EVENT_MOUSE:
		snprintf(client->last, sizeof client->last, "mouse %d,%d %d button %d", event->x,
			 event->y, (int)event->mouse, event->button);
		break;
	case EVENT_RESIZE: client->resizes++; break;
	case EVENT_SIGNAL:
		screen_close();
		rescue_die(event->signal);
	case EVENT_END: return false;
	case EVENT_CONTINUED: snprintf(client->last, sizeof client->last, "continued"); break;
	case EVENT_TICK:
	case EVENT_OUTPUT:
	case EVENT_NONE: break;
	}
	return true;
}

static void run(struct client *client)
{
	struct event event;
	bool go_on = true;
	client->changed = true;
	while (go_on) {
		if (client->changed && loop_can_draw(&client->loop)) {
			draw(client);
			client->changed = false;
			loop_frame_shown(&client->loop, client->work > 0);
		}
		if (loop_next(&client->loop, client->work > 0, &event)) {
			go_on = act(client, &event);
		} else if (client->work > 0) {
			client->work--;
			client->changed = true;
		}
	}
}

static const char *value_of(const char *word, const char *name)
{
	size_t length = strlen(name);
	return strncmp(word, name, length) == 0 ? word + length : NULL;
}

int main(int argc, char **argv)
{
	struct client client = {.lead = ":"};
	struct error error = {0};
	setlocale(LC_ALL, "");
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		client.screen.ascii |= strcmp(word, "--ascii") == 0;
		client.screen.mouse |= strcmp(word, "--mouse") == 0;
		if (strcmp(word, "--color=always") == 0)
			client.screen.color = SCREEN_COLOR_ALWAYS;
		if (strcmp(word, "--color=never") == 0)
			client.screen.color = SCREEN_COLOR_NEVER;
		if (value_of(word, "--history="))
			client.history = value_of(word, "--history=");
		if (value_of(word, "--work="))
			client.work = atoi(value_of(word, "--work="));
		if (value_of(word, "--lead="))
			client.lead = value_of(word, "--lead=");
	}
	canvas_init(&client.canvas);
	client.canvas.ascii = screen_is_ascii(&client.screen);
	if (!screen_check(&error) || !screen_open(&client.screen, &error)) {
		fprintf(stderr, "client: %s\n", error.text);
		return 2;
	}
	if (client.history && !prompt_history_load(client.history, &error))
		snprintf(client.said, sizeof client.said, "%.200s", error.text);
	loop_open(&client.loop, NULL, NULL, &error);
	run(&client);
	loop_close(&client.loop);
	screen_close();
	error.text[0] = '\0';
	if (client.history && !prompt_history_save(client.history, &error))
		printf("history: %s\n", error.text);
	printf("frames %d keys %d lines %s columns %s\n", client.frames, client.keys,
	       getenv("LINES") ? getenv("LINES") : "unset",
	       getenv("COLUMNS") ? getenv("COLUMNS") : "unset");
	prompt_done();
	canvas_done(&client.canvas);
	return 0;
}
