/* curses, and nothing of it outside this file. */
#include "terminal/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>
#undef columns /* term.h takes these words; the capabilities are asked for by name */
#undef lines

#include "base/language.h"
#include "terminal/inside.h"
#include "terminal/rescue.h"

#define ESCAPE_MS 25 /* how long what follows an Esc may take; ESCDELAY wins */
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_OFF "\033[?1000l\033[?1002l\033[?1003l\033[?1006l"

static struct {
	bool open;
	SCREEN *curses;
	WINDOW *keys; /* a pad: reading a key from it never paints */
	FILE *input;  /* /dev/tty where stdin is no terminal, else stdin */
	bool paste, mouse;
	bool left; /* the terminal is the shell's: nothing may be written */
	attr_t attributes[ROLE_COUNT];
	short pairs[ROLE_COUNT];
	struct canvas shown; /* what stdscr has */
	bool all;            /* stdscr has to be written anew */
} screen;

/* ---- before ---- */

bool screen_is_ascii(const struct screen_options *options)
{
	const char *wish = getenv("LRSCOPE_ASCII");
	if ((options && options->ascii) || (wish && *wish && strcmp(wish, "0") != 0))
		return true;
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

void screen_size(int *columns, int *rows)
{
	struct winsize size = {0};
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		size.ws_col = size.ws_row = 0;
	int wide = size.ws_col, high = size.ws_row;
	if ((wide <= 0 || high <= 0) && screen.open) {
		wide = wide > 0 ? wide : tigetnum("cols");
		high = high > 0 ? high : tigetnum("lines");
	}
	*columns = wide > 0 ? wide : 80;
	*rows = high > 0 ? high : 24;
}

bool screen_in_foreground(void)
{
	pid_t group = tcgetpgrp(STDOUT_FILENO);
	return group < 0 || group == getpgrp(); /* not our controlling terminal: nobody minds */
}

/* Stopped until a shell brings us to the foreground; false where there is no shell to do so. */
static bool reach_foreground(void)
{
	for (int tries = 0; tries < 3 && !screen_in_foreground(); tries++)
		kill(0, SIGTTOU);
	return screen_in_foreground();
}

/* Nothing may be changed or written before all of this holds. */
static bool check(struct error *error)
{
	const char *batch = _("`lrscope plot STRATEGY` prints the same picture as text");
	if (!isatty(STDOUT_FILENO))
		return error_request(error, _("the explorer needs a terminal on standard output; %s"),
				     batch);
	const char *name = getenv("TERM");
	if (!name || !*name)
		return error_request(error, _("TERM is not set, so the explorer does not know the "
					      "terminal; %s"), batch);
	int found = 0;
	use_env(FALSE); /* LINES and COLUMNS do not count, */
	use_tioctl(TRUE); /* the driver does */
	errno = 0;
	bool known = setupterm(name, STDOUT_FILENO, &found) == OK;
	if (!known && errno == ENOMEM)
		return error_memory(error);
	if (!known)
		return error_request(error, found == 0 ?
				     _("TERM=%s is not a terminal that terminfo knows, such as xterm; "
				       "%s") :
				     _("TERM=%s: no terminfo entry can be read; %s"), name, batch);
	bool able = screen_capability("cup") != NULL;
	if (!able || tigetflag("hc") > 0) {
		del_curterm(cur_term);
		return error_request(error, _("TERM=%s cannot place its cursor, which the explorer "
					      "needs; %s"), name, batch);
	}
	return true;
}

static bool open_input(struct error *error)
{
	screen.input = stdin;
	if (isatty(STDIN_FILENO))
		return true;
	screen.input = fopen("/dev/tty", "r+e");
	if (!screen.input)
		return error_request(error, _("standard input is no terminal, and there is no other to "
					      "take keys from; `lrscope run -` reads commands"));
	return true;
}

/* ---- what restores the terminal without curses ---- */

/* Adds a terminfo string without its padding ("$<5>"). */
static size_t add_plain(char *out, size_t at, size_t size, const char *string)
{
	while (string && *string && at + 1 < size) {
		if (string[0] == '$' && string[1] == '<' && strchr(string, '>'))
			string = strchr(string, '>') + 1;
		else
			out[at++] = *string++;
	}
	return at;
}

static bool arm(struct error *error)
{
	char bytes[512];
	size_t at = 0;
	struct termios modes;
	if (tcgetattr(STDOUT_FILENO, &modes) != 0)
		return error_request(error, _("cannot read the terminal's modes: %s"),
				     strerror(errno));
	if (screen.paste)
		at = add_plain(bytes, at, sizeof bytes, PASTE_OFF);
	if (screen.mouse)
		at = add_plain(bytes, at, sizeof bytes, MOUSE_OFF);
	at = add_plain(bytes, at, sizeof bytes, screen_capability("rmkx"));
	at = add_plain(bytes, at, sizeof bytes, screen_capability("rmacs"));
	at = add_plain(bytes, at, sizeof bytes, screen_capability("sgr0"));
	at = add_plain(bytes, at, sizeof bytes, screen_capability("op"));
	at = add_plain(bytes, at, sizeof bytes, screen_capability("cnorm"));
	if (screen_capability("rmcup"))
		at = add_plain(bytes, at, sizeof bytes, screen_capability("rmcup"));
	else
		at = add_plain(bytes, at, sizeof bytes, "\r\n");
	return rescue_arm(STDOUT_FILENO, &modes, bytes, at, error);
}

/* ---- colours ---- */

/* A direct-colour terminal takes 0xRRGGBB: the colour that `index` has in the 256 palette
 * (6x6x6 cube of 0 95 135 175 215 255 from 16 on, 24 greys from 232 on). */
static int direct_color(int index)
{
	static const int level[6] = {0, 95, 135, 175, 215, 255};
	if (index < 16)
		return index;
	if (index >= 232)
		return (8 + (index - 232) * 10) * 0x010101;
	index -= 16;
	return level[index / 36] << 16 | level[index / 6 % 6] << 8 | level[index % 6];
}

static int best_color(int of_256, int of_16, int of_8)
{
	if (COLORS > 256)
		return of_256 < 0 ? -1 : direct_color(of_256);
	return COLORS == 256 ? of_256 : COLORS >= 16 ? of_16 : of_8;
}

static void set_roles(enum screen_color wish)
{
	static const struct {
		short of_256, of_16, of_8;
		bool bold;
	} roles[ROLE_COUNT] = {
#define ROLE(NAME, C256, C16, C8, BOLD) {C256, C16, C8, BOLD},
#include "view/roles.def"
#undef ROLE
	};
	const char *no = getenv("NO_COLOR");
	bool colors = wish == SCREEN_COLOR_ALWAYS ||
		      (wish == SCREEN_COLOR_AUTO && !(no && *no));
	/* Without the terminal's own foreground and background a pair would bring a black
	 * or white background with it: rather none. */
	colors = colors && has_colors() && start_color() == OK && use_default_colors() == OK &&
		 COLORS >= 8 && COLOR_PAIRS > ROLE_COUNT;
	for (int role = 0; role < ROLE_COUNT; role++) {
		screen.attributes[role] = roles[role].bold ? A_BOLD : A_NORMAL;
		screen.pairs[role] = 0;
		if (!colors)
			continue;
		int color = best_color(roles[role].of_256, roles[role].of_16, roles[role].of_8);
		if (color < 0 || init_extended_pair(role + 1, color, -1) != OK)
			continue;
		screen.pairs[role] = (short)(role + 1);
		screen.attributes[role] = A_NORMAL; /* see roles.def */
	}
}

/* ---- open and close ---- */

static void write_mode(const char *string)
{
	(void)!write(STDOUT_FILENO, string, strlen(string)); /* curses has flushed its own */
}

static int escape_delay(void)
{
	const char *wish = getenv("ESCDELAY");
	char *end = NULL;
	long delay = wish ? strtol(wish, &end, 10) : ESCAPE_MS;
	return wish && (*wish < '0' || *wish > '9' || *end || delay > 30000) ? ESCAPE_MS : (int)delay;
}

static void set_mouse(void)
{
	if (!screen.mouse)
		return;
	mousemask(BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON2_PRESSED | BUTTON3_PRESSED |
			  BUTTON4_PRESSED | BUTTON5_PRESSED,
		  NULL);
	mouseinterval(0);
}

static bool start_curses(const struct screen_options *options, struct error *error)
{
	FILE *file = output_open(STDOUT_FILENO);
	if (!file)
		return error_memory(error);
	screen.curses = newterm(NULL, file, screen.input);
	if (!screen.curses) /* the terminal is known and able: what is left is memory */
		return error_memory(error);
	raw();
	noecho();
	nonl();
	typeahead(-1); /* a frame is shown whole, whatever is typed */
	set_escdelay(escape_delay());
	screen.keys = newpad(1, 1);
	if (!screen.keys)
		return error_memory(error);
	keypad(screen.keys, TRUE);
	nodelay(screen.keys, TRUE);
	set_roles(options->color);
	keys_define();
	set_mouse();
	if (screen.paste)
		write_mode(PASTE_ON);
	return true;
}

bool screen_open(const struct screen_options *options, struct error *error)
{
	if (!check(error))
		return false;
	if (!open_input(error)) {
		del_curterm(cur_term);
		return false;
	}
	/* Whoever sends a mouse also knows bracketed paste; a terminal that knows neither
	 * might print the request. */
	screen.paste = screen_capability("BE") || screen_capability("kmous");
	screen.mouse = options->mouse;
	screen.all = true;
	canvas_init(&screen.shown);
	if (!reach_foreground())
		error_request(error, _("the explorer was started in the background"));
	else if (arm(error)) {
		del_curterm(cur_term); /* newterm() reads its own */
		screen.open = true;
		if (start_curses(options, error)) {
			screen_adopt_size();
			return true;
		}
		screen_close();
		return false;
	}
	del_curterm(cur_term);
	if (screen.input != stdin)
		fclose(screen.input);
	return false;
}

void screen_close(void)
{
	if (!screen.open)
		return;
	rescue_busy(true);
	screen.open = false;
	if (screen.curses) {
		/* One that was asked to end does not wait for a terminal that is stopped. */
		if (rescue_take_end() && !output_finish(RESCUE_PATIENCE)) {
			rescue_restore();
		} else if (!screen.left && screen_in_foreground()) {
			output_finish(-1);
			if (screen.paste)
				write_mode(PASTE_OFF);
			if (screen.mouse)
				mousemask(0, NULL);
			endwin();
		}
		if (screen.keys)
			delwin(screen.keys);
		delscreen(screen.curses);
	}
	output_close();
	screen.curses = NULL;
	screen.keys = NULL;
	if (screen.input != stdin)
		fclose(screen.input);
	canvas_done(&screen.shown);
	rescue_disarm();
}

void screen_leave(void)
{
	rescue_busy(true);
	output_finish(-1);
	if (screen.paste)
		write_mode(PASTE_OFF);
	endwin();
	screen.left = true;
	rescue_pause(true);
	rescue_busy(false);
}

void screen_return(void)
{
	rescue_busy(true);
	rescue_pause(false);
	screen.left = false;
	reset_prog_mode();
	keypad(screen.keys, TRUE);
	screen_adopt_size();
	if (screen.paste)
		write_mode(PASTE_ON);
	rescue_busy(false); /* the next refresh() enters the alternate screen again */
}

int screen_input(void)
{
	return fileno(screen.input);
}

int screen_output(void)
{
	return STDOUT_FILENO;
}

/* ---- show ---- */

void screen_adopt_size(void)
{
	int columns, rows;
	screen_size(&columns, &rows);
	if (columns > CANVAS_MOST)
		columns = CANVAS_MOST;
	if (rows > CANVAS_MOST)
		rows = CANVAS_MOST;
	if (columns != COLS || rows != LINES)
		resize_term(rows, columns);
	screen_repaint(); /* what terminals do with old text differs */
}

void screen_repaint(void)
{
	screen.all = true;
	clearok(curscr, TRUE);
}

static void put_cell(int x, int y, const struct cell *cell, bool wide)
{
	cchar_t out;
	wchar_t text[CCHARW_MAX + 1] = {(wchar_t)cell->code, (wchar_t)cell->mark, 0};
	attr_t attributes = screen.attributes[cell->role];
	if (cell->flags & CELL_REVERSE)
		attributes |= A_REVERSE;
	if (cell->flags & CELL_UNDERLINE)
		attributes |= A_UNDERLINE;
	/* Where the C library counts columns in another way curses would misplace the rest. */
	bool strange = cell->code >= 0x7f && wcwidth(text[0]) != (wide ? 2 : 1);
	if (strange)
		wcscpy(text, L"?");
	else if (text[0] == 0)
		wcscpy(text, L" ");
	else if (cell->mark && wcwidth(text[1]) != 0)
		text[1] = 0;
	setcchar(&out, text, attributes, screen.pairs[cell->role], NULL);
	mvadd_wch(y, x, &out);
	if (strange && wide) {
		setcchar(&out, L" ", attributes, screen.pairs[cell->role], NULL);
		mvadd_wch(y, x + 1, &out);
	}
}

static bool same(const struct cell *a, const struct cell *b)
{
	return a->code == b->code && a->mark == b->mark && a->role == b->role &&
	       a->flags == b->flags;
}

/* A blank keeps the colour of the curve that it wipes out: it shows no difference, and a curve that
 * moves costs no change of colours and back for every cell that it leaves. */
static struct cell to_show(const struct cell *cell, const struct cell *old)
{
	struct cell shown = *cell;
	bool curve = old->role == ROLE_GHOST || old->role == ROLE_BAND;
	if (curve && cell->role == ROLE_TEXT && cell->code == ' ' && !cell->mark && !cell->flags)
		shown.role = old->role;
	return shown;
}

static bool looks_alike(int a, int b)
{
	return screen.attributes[a] == screen.attributes[b] && screen.pairs[a] == screen.pairs[b];
}

static bool is_plain(const struct cell *cell)
{
	return looks_alike(cell->role, ROLE_TEXT) && cell->flags == 0;
}

/* What curses is told up to now goes out. It would write a few unchanged cells again rather than jump
 * over them, and is wrong about what they cost: three bytes each, colours not counted. So it gets one
 * stretch of a row at a time, except where all is written. */
static void send_stretch(void)
{
	if (screen.all)
		return;
	wnoutrefresh(stdscr);
	doupdate();
}

/* Unchanged plain cells that cost no more to write again than to jump over. */
#define GAP 2
#define BRIDGE 5

/* Blanks between two stretches of a role take its colour, where they are few: so the colour stays. */
static bool bridge(const struct cell *row, struct cell *old, int y, int from, int to, int role)
{
	if (to - from > BRIDGE)
		return false;
	for (int x = from; x < to; x++)
		if (row[x].code != ' ' || row[x].mark || row[x].flags || !same(&row[x], &old[x]))
			return false;
	for (int x = from; x < to; x++) {
		old[x].role = (uint8_t)role;
		put_cell(x, y, &old[x], false);
	}
	return true;
}

/* Changed cells of row `y` that are plain, or those of one role; `others`: bits of the roles that wait
 * for their turn. */
static void put_row(const struct canvas *canvas, int y, int columns, int role, unsigned *others)
{
	const struct cell *row = canvas->cells + (size_t)y * (size_t)canvas->columns;
	struct cell *old = screen.shown.cells + (size_t)y * (size_t)screen.shown.columns;
	int sent = -1; /* end of the stretch that is not sent */
	if (memcmp(row, old, (size_t)columns * sizeof *row) == 0)
		return;
	for (int x = 0; x < columns; x++) {
		struct cell cell = to_show(&row[x], &old[x]);
		if (same(&cell, &old[x]))
			continue;
		if (role < 0 ? !is_plain(&cell) : !looks_alike(cell.role, role)) {
			*others |= 1u << cell.role;
			continue;
		}
		if (sent >= 0 && (role < 0 ? x - sent > GAP : !bridge(row, old, y, sent, x, role)))
			send_stretch();
		sent = x + 1;
		bool wide = x + 1 < columns && (row[x + 1].flags & CELL_TAIL);
		if (!(cell.flags & CELL_TAIL))
			put_cell(x, y, &cell, wide);
		old[x] = cell;
	}
	if (sent >= 0 && role < 0)
		send_stretch();
}

/* Plain cells first, then a role after the other, so that colours change as rarely as can be. */
static void put_rows(const struct canvas *canvas, int rows, int columns)
{
	unsigned waiting = 0, none = 0;
	for (int y = 0; y < rows; y++)
		put_row(canvas, y, columns, -1, &waiting);
	wnoutrefresh(stdscr);
	doupdate();
	screen.all = false;
	for (int role = 0; role < ROLE_COUNT; role++) {
		for (int y = 0; y < rows && (waiting & 1u << role); y++)
			put_row(canvas, y, columns, role, &none);
		send_stretch();
	}
}

void screen_show(const struct canvas *canvas)
{
	int columns = canvas->columns < COLS ? canvas->columns : COLS;
	int rows = canvas->rows < LINES ? canvas->rows : LINES;
	if (screen.shown.columns != COLS || screen.shown.rows != LINES) {
		if (!canvas_resize(&screen.shown, COLS, LINES, NULL))
			return; /* no memory for it: the old frame stays */
		screen.all = true;
	}
	if (screen.all) {
		werase(stdscr);
		canvas_clear(&screen.shown);
	}
	bool cursor = canvas->cursor_x >= 0 && canvas->cursor_x < COLS && canvas->cursor_y >= 0 &&
		      canvas->cursor_y < LINES;
	rescue_busy(true);
	output_finish(-1); /* nothing is left unless loop_can_draw() was not asked */
	output_gather();
	leaveok(stdscr, TRUE);
	put_rows(canvas, rows, columns);
	leaveok(stdscr, FALSE);
	if (cursor)
		move(canvas->cursor_y, canvas->cursor_x);
	curs_set(cursor ? 1 : 0);
	refresh();
	output_send(STDOUT_FILENO);
	rescue_busy(false);
}

/* ---- keys ---- */

const char *screen_capability(const char *name)
{
	const char *string = tigetstr(name);
	return string == (char *)-1 || !string || !*string ? NULL : string;
}

void screen_define(const char *sequence, int code)
{
	if (sequence)
		define_key(sequence, code);
}

static bool take_mouse(struct event *event)
{
	static const struct {
		mmask_t bit;
		enum event_mouse mouse;
		int button;
	} rows[] = {
		{BUTTON1_PRESSED, MOUSE_PRESS, 1}, {BUTTON1_RELEASED, MOUSE_RELEASE, 1},
		{BUTTON2_PRESSED, MOUSE_PRESS, 2}, {BUTTON3_PRESSED, MOUSE_PRESS, 3},
		{BUTTON4_PRESSED, MOUSE_WHEEL_UP, 0}, {BUTTON5_PRESSED, MOUSE_WHEEL_DOWN, 0},
	};
	MEVENT report;
	if (getmouse(&report) != OK)
		return false;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (report.bstate & rows[i].bit) {
			event->kind = EVENT_MOUSE;
			event->x = report.x;
			event->y = report.y;
			event->mouse = rows[i].mouse;
			event->button = rows[i].button;
			return true;
		}
	return false;
}

enum screen_input_kind screen_take(int *code, struct event *event)
{
	*code = wgetch(screen.keys);
	if (*code == ERR)
		return INPUT_NOTHING;
	if (*code >= 0 && *code <= 0xff)
		return INPUT_BYTE;
	if (*code >= SCREEN_CODE)
		return INPUT_KEY;
	return *code == KEY_MOUSE && take_mouse(event) ? INPUT_MOUSE : INPUT_UNKNOWN;
}

void screen_untake(int code)
{
	ungetch(code);
}
