#include "terminal/frame.h"

#include <limits.h>
#include <string.h>
#include <wchar.h>

#define DOWN_MOST 4 /* rows that are gone down one by one */
#define ERASE_FROM 4 /* blanks from which on the rest of a row is erased */

void frame_init(struct frame *frame)
{
	memset(frame, 0, sizeof *frame);
	canvas_init(&frame->shown);
	text_init(&frame->out);
	frame->all = true;
}

void frame_done(struct frame *frame)
{
	canvas_done(&frame->shown);
	text_done(&frame->out);
}

/* ---- cells ---- */

static bool same(const struct cell *a, const struct cell *b)
{
	return memcmp(a, b, sizeof *a) == 0; /* a cell has no bits between its fields */
}

static bool is_blank(const struct cell *cell)
{
	return cell->code == ' ' && !cell->mark && !cell->flags;
}

static bool looks_alike(const struct frame_terminal *terminal, int a, int b)
{
	return a == b || strcmp(terminal->on[a], terminal->on[b]) == 0;
}

/* Whether a terminal and we may count its columns in different ways. */
static bool is_foreign(const struct cell *cell)
{
	return cell->mark || (cell->code >= 0x7f && !(cell->code >= 0x2500 && cell->code <= 0x28ff));
}

/* ---- moves ---- */

static int digits(int number)
{
	return number < 10 ? 1 : number < 100 ? 2 : number < 1000 ? 3 : 4;
}

static int step_length(int by)
{
	return by == 1 ? 3 : 3 + digits(by);
}

static int across_length(int from, int to)
{
	int back = from - to, whole = to == 0 ? 1 : 1 + step_length(to);

	if (back <= 0)
		return back == 0 ? 0 : step_length(-back);
	return back < whole ? back : whole;
}

static char *write_number(char *at, int number)
{
	char digit[8];
	int count = 0;

	do
		digit[count++] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	while (count > 0)
		*at++ = digit[--count];
	return at;
}

/* ESC [ first ; second FINAL; numbers of 0 are left out. */
static void add_sequence(struct text *out, int first, int second, char final)
{
	char bytes[24] = "\033[", *at = bytes + 2;

	if (first > 0)
		at = write_number(at, first);
	if (second > 0) {
		*at++ = ';';
		at = write_number(at, second);
	}
	*at++ = final;
	text_add_bytes(out, bytes, (size_t)(at - bytes));
}

/* Forward 'C' or up 'A'. */
static void add_step(struct text *out, int by, char final)
{
	add_sequence(out, by > 1 ? by : 0, 0, final);
}

/* Along a row, by backspaces, by a carriage return, or forward. */
static void add_across(struct text *out, int from, int to)
{
	int back = from - to, whole = to == 0 ? 1 : 1 + step_length(to);

	if (back < 0) {
		add_step(out, -back, 'C');
	} else if (back < whole) {
		for (int i = 0; i < back; i++)
			text_add_char(out, '\b');
	} else {
		text_add_char(out, '\r');
		if (to > 0)
			add_step(out, to, 'C');
	}
}

/* Over unchanged cells by writing them again, where that is shorter than any move. */
static bool write_over(struct frame *frame, const struct frame_terminal *terminal, int x, int length)
{
	const struct cell *row = frame->shown.cells + (size_t)frame->y * (size_t)frame->shown.columns;
	size_t bytes = 0;
	char code[4];

	if (x - frame->x > length) /* a byte each at least */
		return false;
	for (int i = frame->x; i < x; i++) {
		bool colored = !is_blank(&row[i]) || frame->flags;

		if (is_foreign(&row[i]) || row[i].flags != frame->flags ||
		    (colored && !looks_alike(terminal, row[i].role, frame->role)))
			return false;
		bytes += utf8_encode(row[i].code, code);
	}
	if (bytes > (size_t)length)
		return false;
	for (int i = frame->x; i < x; i++)
		text_add_code(&frame->out, row[i].code);
	return true;
}

/* Bytes of a move from where the cursor is, row by row and then across; INT_MAX where that is not known
 * to be short. */
static int relative_length(const struct frame *frame, int x, int y)
{
	int down = y - frame->y;

	if (!frame->placed || down > DOWN_MOST)
		return INT_MAX;
	return (down < 0 ? step_length(-down) : down) + across_length(frame->x, x);
}

static void add_relative(struct frame *frame, int x, int y)
{
	int down = y - frame->y;

	if (down < 0)
		add_step(&frame->out, -down, 'A');
	for (int i = 0; i < down; i++)
		text_add_char(&frame->out, '\n');
	add_across(&frame->out, frame->x, x);
}

static void move_to(struct frame *frame, const struct frame_terminal *terminal, int x, int y)
{
	bool along = frame->placed && frame->y == y;
	bool by_column = along && terminal->has_cha;
	int direct, relative;

	direct = by_column ? 3 + digits(x + 1) : 4 + digits(y + 1) + digits(x + 1);
	relative = relative_length(frame, x, y);
	if (along && x > frame->x &&
	    write_over(frame, terminal, x, relative < direct ? relative : direct))
		;
	else if (!terminal->ansi)
		terminal->go(&frame->out, x, y);
	else if (relative < direct)
		add_relative(frame, x, y);
	else if (by_column)
		add_sequence(&frame->out, x + 1, 0, 'G');
	else
		add_sequence(&frame->out, y + 1, x + 1, 'H');
	frame->placed = true;
	frame->x = x;
	frame->y = y;
}

static void go(struct frame *frame, const struct frame_terminal *terminal, int x, int y)
{
	if (!frame->placed || frame->x != x || frame->y != y)
		move_to(frame, terminal, x, y);
}

/* ---- what is written ---- */

static void change_pen(struct frame *frame, const struct frame_terminal *terminal, uint8_t role,
		       uint8_t flags)
{
	if (flags == frame->flags && looks_alike(terminal, role, frame->role))
		return;
	if (frame->flags || terminal->on[frame->role][0])
		text_add(&frame->out, terminal->plain);
	text_add(&frame->out, terminal->on[role]);
	if (flags & CELL_REVERSE)
		text_add(&frame->out, terminal->reverse);
	if (flags & CELL_UNDERLINE)
		text_add(&frame->out, terminal->underline);
	frame->role = role;
	frame->flags = flags;
}

static void take_pen(struct frame *frame, const struct frame_terminal *terminal, uint8_t role,
		     uint8_t flags)
{
	flags &= CELL_REVERSE | CELL_UNDERLINE;
	if (role != frame->role || flags != frame->flags)
		change_pen(frame, terminal, role, flags);
}

/* A character that the C library measures in another way than we do would misplace what follows. */
static bool is_strange(const struct cell *cell, bool wide)
{
	return is_foreign(cell) && wcwidth((wchar_t)cell->code) != (wide ? 2 : 1);
}

static void write_cell(struct frame *frame, const struct frame_terminal *terminal, int x, int y,
		       const struct cell *cell, bool wide)
{
	bool strange = is_strange(cell, wide);

	go(frame, terminal, x, y);
	take_pen(frame, terminal, cell->role, cell->flags);
	if (strange) {
		text_add(&frame->out, wide ? "? " : "?");
	} else if (cell->code < 0x80 && !cell->mark) {
		text_add_char(&frame->out, (char)cell->code);
	} else {
		text_add_code(&frame->out, cell->code);
		if (cell->mark && wcwidth((wchar_t)cell->mark) == 0)
			text_add_code(&frame->out, cell->mark);
	}
	frame->x += wide ? 2 : 1;
	/* After the last column terminals wait to wrap, each in its way. */
	frame->placed = frame->x < frame->shown.columns && !is_foreign(cell);
}

/* A blank keeps the colour of the curve that it wipes out: it shows no difference, and a curve that
 * moves costs no change of colours and back for every cell that it leaves. */
static struct cell to_show(const struct frame *frame, const struct cell *cell, const struct cell *old)
{
	struct cell shown = *cell;

	if (is_blank(cell))
		shown.role = is_blank(old) ? old->role : frame->flags ? ROLE_TEXT : frame->role;
	return shown;
}

/* First column from which on the row is to be blank. */
static int blank_from(const struct cell *row, int columns)
{
	while (columns > 0 && is_blank(&row[columns - 1]))
		columns--;
	return columns;
}

static bool erase_rest(struct frame *frame, const struct frame_terminal *terminal, int x, int y)
{
	struct cell *old = frame->shown.cells + (size_t)y * (size_t)frame->shown.columns;
	int columns = frame->shown.columns, last = blank_from(old, columns);

	if (!terminal->erase[0] || last - x < ERASE_FROM)
		return false;
	go(frame, terminal, x, y);
	take_pen(frame, terminal, ROLE_TEXT, 0);
	text_add(&frame->out, terminal->erase);
	for (; x < columns; x++)
		old[x] = (struct cell){' ', 0, ROLE_TEXT, 0};
	return true;
}

static void write_row(struct frame *frame, const struct frame_terminal *terminal,
		      const struct cell *row, int y, int columns)
{
	struct cell *old = frame->shown.cells + (size_t)y * (size_t)frame->shown.columns;
	int rest = blank_from(row, columns), end = columns;

	if (memcmp(row, old, (size_t)columns * sizeof *row) == 0)
		return;
	if (!terminal->last_cell && y == frame->shown.rows - 1 && columns == frame->shown.columns)
		end--;
	for (int x = 0; x < end; x++) {
		struct cell cell;
		bool wide;

		if (same(&row[x], &old[x]))
			continue;
		cell = to_show(frame, &row[x], &old[x]);
		if (same(&cell, &old[x]))
			continue;
		if (x >= rest && erase_rest(frame, terminal, x, y))
			return;
		wide = x + 1 < columns && (row[x + 1].flags & CELL_TAIL);
		if (x + 1 + wide > end)
			break; /* of the last cell it would take more than there is */
		if (!(cell.flags & CELL_TAIL))
			write_cell(frame, terminal, x, y, &cell, wide);
		old[x] = cell;
	}
}

static void put_cursor(struct frame *frame, const struct frame_terminal *terminal,
		       const struct canvas *canvas)
{
	bool seen = canvas->cursor_x >= 0 && canvas->cursor_x < frame->shown.columns &&
		    canvas->cursor_y >= 0 && canvas->cursor_y < frame->shown.rows;

	take_pen(frame, terminal, ROLE_TEXT, 0);
	if (seen)
		go(frame, terminal, canvas->cursor_x, canvas->cursor_y);
	if (seen == frame->hidden || frame->all)
		text_add(&frame->out, seen ? terminal->show : terminal->hide);
	frame->hidden = !seen;
}

bool frame_write(struct frame *frame, const struct frame_terminal *terminal,
		 const struct canvas *canvas, int columns, int rows)
{
	text_clear(&frame->out);
	if (frame->shown.columns != columns || frame->shown.rows != rows) {
		if (!canvas_resize(&frame->shown, columns, rows, NULL))
			return false;
		frame->all = true;
	}
	if (frame->all) {
		canvas_clear(&frame->shown);
		text_add(&frame->out, terminal->plain);
		text_add(&frame->out, terminal->clear);
		frame->placed = false;
		frame->role = ROLE_TEXT;
		frame->flags = 0;
	}
	for (int y = 0; y < rows && y < canvas->rows; y++)
		write_row(frame, terminal, canvas->cells + (size_t)y * (size_t)canvas->columns, y,
			  canvas->columns < columns ? canvas->columns : columns);
	put_cursor(frame, terminal, canvas);
	frame->all = frame->out.failed;
	if (!frame->out.failed)
		return true;
	text_done(&frame->out);
	text_init(&frame->out);
	return false;
}
