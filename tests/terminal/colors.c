/* Dark and light backgrounds: the program never sets a background, writes no black and no white, never
 * changes the palette, and every colour that it uses is readable on black and on white. Without
 * colours the screen says the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "pty.h"

#define ENTER "\r"
#define ESC "\033"
#define DOWN "\033[B"
#define RATIO 3.0 /* WCAG 2.1, 1.4.11: what is needed to understand a drawing */

static const struct {
	const char *name;
	int of_256, of_16, of_8;
} roles[] = {
#define ROLE(NAME, C256, C16, C8, BOLD) {#NAME, C256, C16, C8},
#include "view/roles.def"
#undef ROLE
};
enum { ROLES = sizeof roles / sizeof *roles };

/* ---- contrast ---- */

/* The first 16 colours as xterm has them; the others are fixed: a cube and greys. */
static uint32_t rgb_of(int index)
{
	static const uint32_t first[16] = {
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	};
	static const uint32_t level[6] = {0, 95, 135, 175, 215, 255};

	if (index < 16)
		return first[index];
	if (index >= 232)
		return (uint32_t)(8 + (index - 232) * 10) * 0x010101;
	index -= 16;
	return level[index / 36] << 16 | level[index / 6 % 6] << 8 | level[index % 6];
}

/* Relative luminance of WCAG 2.1. */
static double luminance(uint32_t rgb)
{
	static const double weight[3] = {0.0722, 0.7152, 0.2126}; /* blue, green, red */
	double sum = 0;

	for (int k = 0; k < 3; k++) {
		double part = (double)(rgb >> 8 * k & 0xff) / 255;

		sum += weight[k] * (part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
	}
	return sum;
}

/* The smaller of the contrasts with black and with white. */
static double contrast(uint32_t rgb)
{
	double own = luminance(rgb) + 0.05, on_black = own / 0.05, on_white = 1.05 / own;

	return on_black < on_white ? on_black : on_white;
}

static void test_contrast(void **state)
{
	(void)state;
	assert_true(fabs(contrast(0x767676) - 4.54) < 0.01); /* the grey of WCAG's examples */
	assert_true(contrast(0xffffff) == 1 && contrast(0x000000) == 1);
	assert_true(contrast(0xcdcd00) < RATIO);
	for (int role = 0; role < ROLES; role++) {
		const int colors[3] = {roles[role].of_256, roles[role].of_16, roles[role].of_8};

		for (int k = 0; k < 3; k++) {
			double ratio = colors[k] < 0 ? 21 : contrast(rgb_of(colors[k]));

			if (ratio < RATIO)
				fail_msg("%s: colour %d has %.2f", roles[role].name, colors[k], ratio);
		}
	}
}

/* ---- what is written ---- */

struct written {
	bool foreground[256]; /* colours of the palette */
	bool direct;          /* and others */
	int count;
};

static void add_foreground(struct written *written, int color)
{
	written->count++;
	if (color < 0 || color > 255)
		fail_msg("colour %d", color);
	written->foreground[color] = true;
}

/* One sequence `ESC [ numbers m`; both ';' and ':' separate. */
static void read_colors(const int *numbers, int count, struct written *written)
{
	for (int k = 0; k < count; k++) {
		int n = numbers[k];

		if ((n >= 40 && n <= 48) || (n >= 100 && n <= 107))
			fail_msg("a background: %d", n);
		if (n == 38 && k + 2 < count && numbers[k + 1] == 5) {
			add_foreground(written, numbers[k + 2]);
			k += 2;
		} else if (n == 38) { /* 38:2::red:green:blue */
			int at = count - 3;

			assert_true(at > k && numbers[k + 1] == 2);
			uint32_t rgb = (uint32_t)(numbers[at] << 16 | numbers[at + 1] << 8 |
						  numbers[at + 2]);

			if (contrast(rgb) < RATIO)
				fail_msg("#%06x has %.2f", (unsigned)rgb, contrast(rgb));
			written->count++;
			written->direct = true;
			return;
		} else if (n >= 30 && n <= 37) {
			add_foreground(written, n - 30);
		} else if (n >= 90 && n <= 97) {
			add_foreground(written, n - 90 + 8);
		}
	}
}

/* All colours of the log; fails at a background, and at whatever sets one up. */
static void read_log(struct pty *pty, struct written *written)
{
	int numbers[32], count = 0;

	memset(written, 0, sizeof *written);
	/* OSC (4: a colour, 10 and 11: defaults, 104: back), the console's palette. */
	assert_int_equal(pty_written(pty, "\033]"), 0);
	for (size_t at = 0; at + 1 < pty->log_length; at++) {
		if (pty->log[at] != '\033' || pty->log[at + 1] != '[')
			continue;
		memset(numbers, 0, sizeof numbers);
		for (count = 0, at += 2; at < pty->log_length; at++) {
			char c = pty->log[at];

			if (c >= '0' && c <= '9') {
				numbers[count] = numbers[count] * 10 + c - '0';
			} else if (c == ';' || c == ':') {
				assert_in_range(++count, 0, 31);
			} else if (c < '<' || c > '?') { /* private sequences begin with these */
				if (c == 'm')
					read_colors(numbers, count + 1, written);
				break;
			}
		}
	}
}

static void check_cells(struct pty *pty)
{
	for (int y = 0; y < pty->rows; y++)
		for (int x = 0; x < pty->columns; x++) {
			VTermScreenCell cell = pty_cell(pty, x, y);

			if (!VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
				fail_msg("cell %d,%d has a background", x, y);
		}
}

/* Every page, a curve that diverges, a refused line, candidates, a cursor, momentum, a curtain. */
static const char *const walk[] = {
	"3", DOWN, "m", "]", ESC, "x", "x", "x", "z", "a", ":set momentum 0.9" ENTER, ":bogus" ENTER,
	ESC, ":set lr 5" ENTER, "u", ":strategy c\t\t", ESC, "c", "c", "?", ESC, "i", ESC, "y", ESC,
	"s", DOWN, ESC, "w", "\033[C", DOWN, "!", ESC, "e", ENTER, "t", ESC, "n", "E", "P", "P",
	":data hald_cement" ENTER, ":race" ENTER, "x", ESC, ESC, "\303\251",
};

static void take_walk(struct pty *pty, const char *term, const char *const *env,
		      struct written *written)
{
	static const char *const argv[] = {"src/lrscope/lrscope", NULL};

	pty_start(pty, &(struct pty_options){.argv = argv, .term = term, .env = env});
	pty_wait(pty, 'i');
	check_cells(pty);
	for (size_t k = 0; k < sizeof walk / sizeof *walk; k++) {
		pty_type(pty, walk[k]);
		check_cells(pty);
	}
	read_log(pty, written);
	pty_kill(pty, 9); /* nothing is kept of this */
	pty_end(pty);
	pty_done(pty);
}

static int color_of(int role, int depth)
{
	return depth == 256 ? roles[role].of_256 : depth == 16 ? roles[role].of_16 : roles[role].of_8;
}

/* Nothing but the colours of the roles, which have the contrast; and these are really seen. */
static void check_colors(const struct written *written, int depth)
{
	bool own[256] = {false};
	int seen = 0;

	for (int role = 0; role < ROLES; role++)
		if (color_of(role, depth) >= 0)
			own[color_of(role, depth)] = true;
	for (int color = 0; color < 256; color++) {
		if (written->foreground[color] && !own[color])
			fail_msg("colour %d of %d is no role's", color, depth);
		seen += written->foreground[color];
	}
	assert_in_range(seen, depth > 8 ? 3 : 2, 15);
	/* Black, white and what is nearly so. */
	assert_false(written->foreground[0] || written->foreground[7] || written->foreground[15] ||
		     written->foreground[16] || written->foreground[231]);
}

static const char home[] = "HOME=/dev/null/none", *const plain[] = {home, NULL};

static void test_terminals(void **state)
{
	static const struct {
		const char *term;
		int depth; /* colours; 1: others than a palette's */
	} terms[] = {
		{"xterm-256color", 256}, {"xterm-16color", 16}, {"xterm", 8}, {"vt100", 0},
		{"xterm-direct", 1},
	};
	struct written written;
	struct pty pty;

	(void)state;
	for (size_t k = 0; k < sizeof terms / sizeof *terms; k++) {
		take_walk(&pty, terms[k].term, plain, &written);
		assert_int_equal(written.direct, terms[k].depth == 1);
		if (terms[k].depth > 1)
			check_colors(&written, terms[k].depth);
		else
			assert_int_equal(written.count > 0, terms[k].depth);
	}
}

/* ---- without colours ---- */

/* The row whose dial has the '>'; there is one. */
static int selected_row(struct pty *pty)
{
	int found = -1;

	for (int y = 0; y < pty->rows; y++)
		if (pty_cell(pty, 1, y).chars[0] == '>') {
			assert_int_equal(found, -1);
			found = y;
		}
	assert_true(found >= 0);
	return found;
}

struct dots {
	uint8_t cell[24][80]; /* bits of Braille */
};

static void take_dots(struct pty *pty, struct dots *dots)
{
	for (int y = 0; y < 24; y++)
		for (int x = 0; x < 80; x++) {
			uint32_t code = pty_cell(pty, x, y).chars[0];

			dots->cell[y][x] = code >= 0x2800 && code <= 0x28ff ? (uint8_t)code : 0;
		}
}

#define LEFT_DOTS 0x47 /* of a cell's two columns */

/* A line goes through both columns of its cells; a row of dots leaves every second column out. */
static void check_curves(const struct dots *alone, const struct dots *both, int from, int to)
{
	int line = 0, whole = 0, dotted = 0;

	for (int y = from; y < to; y++)
		for (int x = 26; x < 79; x++) {
			uint8_t curve = alone->cell[y][x], added = both->cell[y][x] & ~curve;

			line += curve != 0;
			whole += (curve & LEFT_DOTS) && (curve & ~LEFT_DOTS);
			if (!curve && added) {
				dotted++;
				if (added & ~LEFT_DOTS)
					fail_msg("the ghost has a line at %d,%d", x, y);
			}
		}
	assert_in_range(line, 20, 1000);
	assert_in_range(dotted, 8, 1000);
	if (2 * whole < line)
		fail_msg("of %d cells of the curve only %d are a line", line, whole);
}

static void test_no_color(void **state)
{
	static const char *const argv[] = {"src/lrscope/lrscope", NULL};
	static const char *const env[] = {home, "NO_COLOR=1", NULL};
	static struct dots alone, both;
	struct written written;
	struct pty pty;
	int row, from, to;

	(void)state;
	take_walk(&pty, "xterm-256color", env, &written);
	assert_int_equal(written.count, 0);

	pty_start(&pty, &(struct pty_options){.argv = argv, .env = env});
	pty_wait(&pty, 'i');
	row = selected_row(&pty);
	pty_type(&pty, DOWN);
	assert_int_equal(selected_row(&pty), row + 1);

	from = pty_row_of(&pty, "\342\224\200 rate ") + 1; /* a line of the frame before it */
	to = pty_row_of(&pty, "\342\224\200 excess");
	assert_true(strstr(pty_row(&pty, to), "\342\240\222\342\240\222\342\240\222 now"));
	assert_true(strstr(pty_row(&pty, to), "\342\240\202\342\240\202\342\240\202 cosine"));
	take_dots(&pty, &both);
	pty_type(&pty, ":ghost off" ENTER);
	take_dots(&pty, &alone);
	check_curves(&alone, &both, from, to);
	pty_kill(&pty, 9);
	pty_end(&pty);
	pty_done(&pty);
}

/* A dumb terminal would show the sequences as they are. */
static void test_plot(void **state)
{
	static const char *const argv[] = {"src/lrscope/lrscope", "plot", "constant", "data=cars",
					   "epochs=1", NULL};
	static const char *const terms[] = {"dumb", "", "xterm"};
	struct pty pty;

	(void)state;
	for (size_t k = 0; k < sizeof terms / sizeof *terms; k++) {
		pty_start(&pty, &(struct pty_options){.argv = argv, .env = plain, .term = terms[k]});
		assert_int_equal(pty_end(&pty), 0);
		assert_non_null(memmem(pty.log, pty.log_length, "excess", 6));
		assert_int_equal(memchr(pty.log, ESC[0], pty.log_length) != NULL, k == 2);
		pty_done(&pty);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contrast), cmocka_unit_test(test_terminals),
		cmocka_unit_test(test_no_color), cmocka_unit_test(test_plot),
	};

	return cmocka_run_group_tests_name("colors", tests, NULL, NULL);
}
