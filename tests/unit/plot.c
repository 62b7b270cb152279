/* Scales, ticks and dots, with drawings; hostile numbers. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "view/plot.h"

static struct canvas canvas;
static struct text dumped;
static struct point points[PLOT_COLUMNS];

static int setup(void **state)
{
	(void)state;
	canvas_init(&canvas);
	text_init(&dumped);
	return !canvas_resize(&canvas, 8, 4, NULL);
}

static int teardown(void **state)
{
	(void)state;
	canvas_done(&canvas);
	text_done(&dumped);
	return 0;
}

static void shows(const char *wanted)
{
	text_clear(&dumped);
	canvas_dump(&canvas, &dumped, 0);
	assert_string_equal(dumped.bytes, wanted);
}

static struct plot whole(void)
{
	return (struct plot){&canvas, {0, 0, canvas.columns, canvas.rows}};
}

static void set_points(const double *values, int count)
{
	for (int i = 0; i < PLOT_COLUMNS; i++)
		points[i] = i < count ? (struct point){values[i], values[i]}
				      : (struct point){NAN, NAN};
}

static const struct pen curve = {ROLE_CURVE, PLOT_SOLID, '#'};
static const struct pen ghost = {ROLE_GHOST, PLOT_DOTTED, '.'};

static void a_curve_is_joined(void **state)
{
	static const double stairs[] = {3, 3, 0, 0, NAN, 0, 1, 3};
	struct scale scale = scale_of(0, 3, false);
	struct plot plot = whole();

	(void)state;
	canvas.ascii = true;
	set_points(stairs, 8);
	plot_curve(&plot, &scale, points, &curve);
	shows("##     #\n"
	      "  #    #\n"
	      "  #   #\n"
	      "  ## #\n");
}

static void dots_fill_cells(void **state)
{
	static const double rise[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
	struct scale scale = scale_of(0, 15, false);
	struct plot plot = whole();

	(void)state;
	set_points(rise, 16);
	plot_curve(&plot, &scale, points, &curve);
	shows("      \u2860\u280a\n"
	      "    \u2860\u280a\n"
	      "  \u2860\u280a\n"
	      "\u2860\u280a\n");
}

static void the_ghost_is_dotted(void **state)
{
	static const double flat[] = {0, 0, 0, 0, 0, 0};
	struct scale scale = scale_of(0, 15, false);
	struct plot plot = whole();

	(void)state;
	set_points(flat, 6);
	plot_curve(&plot, &scale, points, &ghost);
	shows("\n\n\n\u2840\u2840\u2840\n");
	plot_curve(&plot, &scale, points, &curve);
	shows("\n\n\n\u28c0\u28c0\u28c0\n");
	assert_int_equal(canvas_at(&canvas, 0, 3)->role, ROLE_CURVE);
}

static void what_is_off_the_scale_is_marked(void **state)
{
	static const double wild[] = {5, -5, INFINITY, -INFINITY, 1, DBL_MAX, 0, 1e-300};
	struct scale scale = scale_of(0, 3, false);
	struct plot plot = whole();

	(void)state;
	canvas.ascii = true;
	set_points(wild, 8);
	plot_curve(&plot, &scale, points, &curve);
	assert_int_equal(canvas_at(&canvas, 0, 0)->code, '^');
	assert_int_equal(canvas_at(&canvas, 1, 3)->code, 'v');
	assert_int_equal(canvas_at(&canvas, 2, 0)->code, '^');
	assert_int_equal(canvas_at(&canvas, 3, 3)->code, 'v');
	assert_int_equal(canvas_at(&canvas, 5, 0)->code, '^');
	assert_int_equal(canvas_at(&canvas, 6, 3)->code, '#');
	canvas.ascii = false;
	canvas_clear(&canvas);
	plot_curve(&plot, &scale, points, &curve);
	assert_int_equal(canvas_at(&canvas, 0, 0)->code, '^');
}

static void levels_and_uprights(void **state)
{
	struct scale scale = scale_of(0, 3, false);
	struct plot plot = whole();

	(void)state;
	canvas.ascii = true;
	assert_true(plot_level(&plot, &scale, 2, ROLE_LIMIT));
	assert_false(plot_level(&plot, &scale, 4, ROLE_LIMIT));
	assert_false(plot_level(&plot, &scale, NAN, ROLE_LIMIT));
	assert_false(plot_level(&plot, &scale, INFINITY, ROLE_LIMIT));
	plot_upright(&plot, 1, ROLE_CURSOR);
	plot_upright(&plot, -1, ROLE_CURSOR);
	plot_upright(&plot, 8, ROLE_CURSOR);
	shows(" |\n"
	      "-|- - -\n"
	      " |\n"
	      " |\n");
}

/* Labels of the ticks, from the top down: "row:label ...". */
static const char *ticks_of(struct scale scale, int rows)
{
	static char line[1024];
	struct tick ticks[PLOT_TICKS];
	int count = scale_ticks(&scale, rows, 5, ticks);

	line[0] = '\0';
	for (int i = 0; i < count; i++)
		snprintf(line + strlen(line), sizeof line - strlen(line), "%s%d:%s", i ? " " : "",
			 ticks[i].row, ticks[i].label);
	return line;
}

static void ticks(void **state)
{
	(void)state;
	assert_string_equal(ticks_of(scale_of(0, 0.1, false), 11), "0:0.1 2:0.08 4:0.06 6:0.04 "
			    "8:0.02 10:0");
	assert_string_equal(ticks_of(scale_of(0, 0.45, false), 6), "0:0.45 3:0.2 5:0");
	assert_string_equal(ticks_of(scale_of(0, 0.06, false), 6), "0:0.06 2:0.04 3:0.02 5:0");
	/* 1.5e-4 has no room: no label says another number. */
	assert_string_equal(ticks_of(scale_of(0, 3e-4, false), 13), "0:3e-4 4:2e-4 8:1e-4 12:0");
	assert_string_equal(ticks_of(scale_of(0, 0.0015, false), 7), "2:0.001 6:0");
	assert_string_equal(ticks_of(scale_of(1e-5, 1, true), 11), "0:1 2:0.1 4:0.01 6:0.001 8:1e-4 "
			    "10:1e-5");
	assert_string_equal(ticks_of(scale_of(1e-300, 1, true), 5), "0:1 2:1e-160");
}

static void check_scale(double low, double high, bool log)
{
	struct scale scale = scale_of(low, high, log);
	struct tick found[PLOT_TICKS];

	assert_true(scale.low < scale.high);
	assert_true(isfinite(scale.low) && isfinite(scale.high));
	assert_true(!log || scale.low > 0);
	for (int rows = -1; rows < 40; rows++) {
		int count = scale_ticks(&scale, rows, 5, found);

		assert_true(count >= (rows > 0) && count <= PLOT_TICKS);
		for (int i = 0; i < count; i++) {
			assert_in_range(found[i].row, 0, rows - 1);
			/* Two rows apart; of a scale of whole steps one in places. */
			assert_true(i == 0 || found[i].row >= found[i - 1].row + (log ? 2 : 1));
			assert_true(i < 2 || found[i].row >= found[i - 2].row + 3);
			assert_null(strstr(found[i].label, "nan"));
			assert_null(strstr(found[i].label, "inf"));
		}
	}
}

static const double hostile[] = {0, -0.0, 1, -1, 0.1, 1e-5, 1e300, -1e300, DBL_MAX, -DBL_MAX, DBL_MIN,
				 DBL_TRUE_MIN, -DBL_TRUE_MIN, 1e-310, INFINITY, -INFINITY, NAN, 3,
				 1 + DBL_EPSILON, 1e17, 1e17 + 16};
enum { HOSTILE = sizeof hostile / sizeof *hostile };

static void any_scale_is_usable(void **state)
{
	(void)state;
	for (int i = 0; i < HOSTILE; i++)
		for (int k = 0; k < HOSTILE; k++) {
			check_scale(hostile[i], hostile[k], false);
			check_scale(hostile[i], hostile[k], true);
		}
}

/* Every size and number: nothing outside the plot's area is touched. */
static void any_number_stays_inside(void **state)
{
	struct pen pens[] = {curve, ghost, {ROLE_BAND, PLOT_FILL, ':'},
			     {ROLE_CURVE, PLOT_HEAVY, '#'}, {ROLE_MOMENTUM, PLOT_DASHED, '~'}};
	struct plot plot = {&canvas, {0, 0, 0, 0}};
	unsigned seed = 7;

	(void)state;
	canvas_resize(&canvas, 14, 9, NULL);
	for (int round = 0; round < 4000; round++) {
		struct scale scale = scale_of(hostile[rand_r(&seed) % HOSTILE],
					      hostile[rand_r(&seed) % HOSTILE], round & 1);

		canvas.ascii = round & 2;
		canvas_clear(&canvas);
		plot.area = (struct area){2, 2, rand_r(&seed) % 11, rand_r(&seed) % 6};
		for (int i = 0; i < PLOT_COLUMNS && i < 40; i++) {
			points[i].low = hostile[rand_r(&seed) % HOSTILE];
			points[i].high = hostile[rand_r(&seed) % HOSTILE];
		}
		plot_curve(&plot, &scale, points, &pens[round % 5]);
		plot_level(&plot, &scale, points[0].low, ROLE_LIMIT);
		plot_upright(&plot, round % 30 - 4, ROLE_CURSOR);
		for (int y = 0; y < canvas.rows; y++)
			for (int x = 0; x < canvas.columns; x++)
				if (x < 2 || y < 2 || x >= 2 + plot.area.columns ||
				    y >= 2 + plot.area.rows)
					assert_int_equal(canvas_at(&canvas, x, y)->code, ' ');
				else
					assert_true(!canvas.ascii ||
						    canvas_at(&canvas, x, y)->code < 0x7f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_curve_is_joined, setup, teardown),
		cmocka_unit_test_setup_teardown(dots_fill_cells, setup, teardown),
		cmocka_unit_test_setup_teardown(the_ghost_is_dotted, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_off_the_scale_is_marked, setup, teardown),
		cmocka_unit_test_setup_teardown(levels_and_uprights, setup, teardown),
		cmocka_unit_test_setup_teardown(ticks, setup, teardown),
		cmocka_unit_test_setup_teardown(any_scale_is_usable, setup, teardown),
		cmocka_unit_test_setup_teardown(any_number_stays_inside, setup, teardown),
	};

	return cmocka_run_group_tests_name("plot", tests, NULL, NULL);
}
