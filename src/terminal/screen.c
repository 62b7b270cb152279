/* curses, and nothing of it outside this file: it decodes keys, sets modes, and reads terminfo. What
 * the screen shows it is not told (see frame.h): to it, the screen is one line (filter()). */
#include "terminal/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
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
#include "terminal/frame.h"
#include "terminal/inside.h"
#include "terminal/rescue.h"

#define ESCAPE_MS 25 /* how long what follows an Esc may take; ESCDELAY wins */
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_OFF "\033[?1000l\033[?1002l\033[?1003l\033[?1006l"

static struct {
	bool open;
	SCREEN *curses;
	TERMINAL *checked; /* what terminfo said before curses started */
	WINDOW *keys; /* a pad: reading a key from it never paints */
	FILE *input;  /* /dev/tty where stdin is no terminal, else stdin */
	bool paste, mouse;
	bool left; /* the terminal is the shell's: nothing may be written */
	bool returns; /* the terminal has an alternate screen */
	int columns, rows;
	struct frame_terminal terminal;
	char cup[FRAME_STRING];   /* as terminfo has it */
	char whole[FRAME_STRING]; /* makes the whole screen the scrolling region; goes home */
	struct frame frame;
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

bool screen_check(struct error *error)
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
	size_t end = at;
	while (string && *string) {
		if (string[0] == '$' && string[1] == '<' && strchr(string, '>'))
			string = strchr(string, '>') + 1;
		else if (end + 1 < size)
			out[end++] = *string++;
		else
			return at; /* half a sequence would do anything */
	}
	return end;
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
	at = add_plain(bytes, at, sizeof bytes, screen.whole);
	if (screen.returns) {
		at = add_plain(bytes, at, sizeof bytes, screen_capability("rmcup"));
	} else { /* the shell goes on below the last row, wherever that will be then */
		int columns, rows;
		screen_size(&columns, &rows);
		at = add_plain(bytes, at, sizeof bytes, screen.terminal.ansi
				       ? "\033[999H" : tiparm(screen.cup, rows - 1, 0));
		at = add_plain(bytes, at, sizeof bytes, "\r\n");
	}
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

static int best_color(int colors, int of_256, int of_16, int of_8)
{
	if (colors > 256)
		return of_256 < 0 ? -1 : direct_color(of_256);
	return colors == 256 ? of_256 : colors >= 16 ? of_16 : of_8;
}

static void copy_plain(char out[FRAME_STRING], const char *string)
{
	out[add_plain(out, 0, FRAME_STRING, string)] = '\0';
}

static void copy_capability(char out[FRAME_STRING], const char *name)
{
	copy_plain(out, screen_capability(name));
}

static void append_plain(char out[FRAME_STRING], const char *string)
{
	out[add_plain(out, strlen(out), FRAME_STRING, string)] = '\0';
}

static void append_capability(char out[FRAME_STRING], const char *name)
{
	append_plain(out, screen_capability(name));
}

static void set_roles(enum screen_color wish)
{
	static const struct {
		int of_256, of_16, of_8;
		bool bold;
	} roles[ROLE_COUNT] = {
#define ROLE(NAME, C256, C16, C8, BOLD) {C256, C16, C8, BOLD},
#include "view/roles.def"
#undef ROLE
	};
	const char *no = getenv("NO_COLOR"), *set = screen_capability("setaf");
	int number = tigetnum("colors");
	bool colors = wish == SCREEN_COLOR_ALWAYS ||
		      (wish == SCREEN_COLOR_AUTO && !(no && *no));
	/* Without a way back to the terminal's own foreground rather none. */
	colors = colors && set && number >= 8 && screen_capability("op");
	for (int role = 0; role < ROLE_COUNT; role++) {
		int color = best_color(number, roles[role].of_256, roles[role].of_16,
				       roles[role].of_8);
		screen.terminal.on[role][0] = '\0';
		if (colors && color >= 0)
			copy_plain(screen.terminal.on[role], tiparm(set, color));
		else if (roles[role].bold) /* see roles.def */
			copy_capability(screen.terminal.on[role], "bold");
	}
}

static void go(struct text *out, int x, int y)
{
	char move[FRAME_STRING];
	copy_plain(move, tiparm(screen.cup, y, x));
	text_add(out, move);
}

/* What frames need of terminfo: before newterm(), which takes the moves away from curses. */
static void read_terminal(enum screen_color wish)
{
	struct frame_terminal *terminal = &screen.terminal;
	const char *set = screen_capability("setaf");
	char cuf[FRAME_STRING], hpa[FRAME_STRING], rest[FRAME_STRING];
	memset(terminal, 0, sizeof *terminal);
	terminal->go = go;
	copy_capability(screen.cup, "cup");
	copy_capability(cuf, "cuf");
	copy_capability(hpa, "hpa");
	terminal->ansi = strcmp(screen.cup, "\033[%i%p1%d;%p2%dH") == 0 &&
			 strcmp(cuf, "\033[%p1%dC") == 0;
	terminal->has_cha = strcmp(hpa, "\033[%i%p1%dG") == 0;
	terminal->last_cell = tigetflag("am") <= 0 || tigetflag("xenl") > 0;
	/* curses makes its one line the scrolling region. */
	if (screen_capability("csr"))
		copy_plain(screen.whole, terminal->ansi ? "\033[r" : NULL);
	/* Whatever another program has left: a region, a character set, attributes. */
	copy_plain(terminal->clear, screen.whole);
	append_capability(terminal->clear, "rmacs");
	append_capability(terminal->clear, "sgr0");
	if (terminal->ansi)
		append_plain(terminal->clear, "\017");
	append_capability(terminal->clear, "clear");
	copy_capability(terminal->erase, "el");
	copy_capability(terminal->reverse, "rev");
	copy_capability(terminal->underline, "smul");
	copy_capability(terminal->hide, "civis");
	copy_capability(terminal->show, "cnorm");
	copy_capability(terminal->plain, "sgr0");
	/* No other character set is ever chosen, so there is none to leave; and SGR 0 ends colours too. */
	copy_plain(rest, strncmp(terminal->plain, "\033(B", 3) == 0 ? terminal->plain + 3 : NULL);
	if (rest[0])
		copy_plain(terminal->plain, rest);
	set_roles(wish);
	if (set && strncmp(set, "\033[", 2) != 0)
		append_capability(terminal->plain, "op");
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

/* What curses makes of a press and its release that come together is a press, too. */
#define PRESSED(N) \
	(BUTTON##N##_PRESSED | BUTTON##N##_CLICKED | BUTTON##N##_DOUBLE_CLICKED | BUTTON##N##_TRIPLE_CLICKED)

static const struct mouse_row {
	mmask_t bits;
	enum event_mouse mouse;
	int button;
} mouse_rows[] = {
	{PRESSED(1), MOUSE_PRESS, 1}, {BUTTON1_RELEASED, MOUSE_RELEASE, 1},
	{PRESSED(2), MOUSE_PRESS, 2}, {PRESSED(3), MOUSE_PRESS, 3},
	{BUTTON4_PRESSED, MOUSE_WHEEL_UP, 0}, {BUTTON5_PRESSED, MOUSE_WHEEL_DOWN, 0},
};

static void set_mouse(void)
{
	if (!screen.mouse) {
		/* A report that comes unasked is swallowed like any sequence, not left half read. */
		screen_define(screen_capability("kmous"), 0);
		return;
	}
	mmask_t wanted = 0;
	for (size_t i = 0; i < sizeof mouse_rows / sizeof mouse_rows[0]; i++)
		wanted |= mouse_rows[i].bits;
	mousemask(wanted, NULL);
	mouseinterval(0);
}

static bool start_curses(struct error *error)
{
	FILE *file = output_open(STDOUT_FILENO);
	if (!file)
		return error_memory(error);
	filter();
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
	keys_define();
	set_mouse();
	if (screen.paste)
		write_mode(PASTE_ON);
	return true;
}

/* Where no other screen comes back the shell goes on below the last row. */
static void leave_curses(void)
{
	struct text last;
	write_mode(screen.whole);
	endwin();
	if (screen.returns)
		return;
	text_init(&last);
	text_add(&last, screen.whole); /* endwin() may have narrowed it once more */
	go(&last, 0, screen.rows - 1);
	text_add(&last, "\r\n");
	write_mode(last.bytes);
	text_done(&last);
}

bool screen_open(const struct screen_options *options, struct error *error)
{
	if (!open_input(error))
		return false;
	/* Whoever sends a mouse also knows bracketed paste; a terminal that knows neither
	 * might print the request. */
	screen.paste = screen_capability("BE") || screen_capability("kmous");
	screen.mouse = options->mouse;
	screen.returns = screen_capability("rmcup") != NULL;
	frame_init(&screen.frame);
	read_terminal(options->color);
	if (!reach_foreground())
		error_request(error, _("the explorer was started in the background"));
	else if (arm(error)) {
		/* newterm() reads its own. del_curterm() is left out as delscreen() is. */
		screen.checked = cur_term;
		screen.open = true;
		if (start_curses(error)) {
			screen_adopt_size();
			return true;
		}
		screen_close();
		return false;
	}
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
			leave_curses();
		}
		if (screen.keys)
			delwin(screen.keys);
		/* delscreen() is left out: without memory it ends in a null pointer, and there is
		 * one screen in the life of the program. */
	}
	output_close();
	screen.curses = NULL;
	screen.keys = NULL;
	if (screen.input != stdin)
		fclose(screen.input);
	frame_done(&screen.frame);
	rescue_disarm();
}

void screen_leave(void)
{
	rescue_busy(true);
	output_finish(-1);
	if (screen.paste)
		write_mode(PASTE_OFF);
	leave_curses();
	screen.left = true;
	rescue_pause(true);
	rescue_busy(false);
}

void screen_return(void)
{
	rescue_busy(true);
	rescue_pause(false);
	screen.left = false;
	refresh(); /* enters the alternate screen again */
	keypad(screen.keys, TRUE);
	screen_adopt_size();
	if (screen.paste)
		write_mode(PASTE_ON);
	rescue_busy(false);
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
	screen_size(&screen.columns, &screen.rows);
	if (screen.columns > CANVAS_MOST)
		screen.columns = CANVAS_MOST;
	if (screen.rows > CANVAS_MOST)
		screen.rows = CANVAS_MOST;
	screen_repaint(); /* what terminals do with old text differs */
}

void screen_repaint(void)
{
	screen.frame.all = true;
}

void screen_show(const struct canvas *canvas)
{
	rescue_busy(true);
	output_finish(-1); /* nothing is left unless loop_can_draw() was not asked */
	if (frame_write(&screen.frame, &screen.terminal, canvas, screen.columns, screen.rows))
		output_send(screen.frame.out.bytes, screen.frame.out.length);
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
	MEVENT report;
	if (getmouse(&report) != OK)
		return false;
	for (size_t i = 0; i < sizeof mouse_rows / sizeof mouse_rows[0]; i++)
		if (report.bstate & mouse_rows[i].bits) {
			event->kind = EVENT_MOUSE;
			event->x = report.x;
			event->y = report.y;
			event->mouse = mouse_rows[i].mouse;
			event->button = mouse_rows[i].button;
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

bool screen_has_more(void)
{
	struct pollfd input = {screen_input(), POLLIN, 0};
	return poll(&input, 1, get_escdelay()) > 0;
}
