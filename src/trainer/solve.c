/* Reference least squares.
 *
 * Columns are scaled by powers of two (exact), then QR with column pivoting (GSL), then iterative
 * refinement of the augmented system  r + A x = b, A' r = 0  with r, x and what is left over of both
 * equations as pairs of doubles, 106 bits (Bjorck, Iterative refinement of linear least squares
 * solutions I, BIT 7, 1967; Dekker, A floating-point technique for extending the available
 * precision, Numerische Mathematik 18, 1971). */
#include "trainer/solve.h"

#include <float.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trainer/problem.h"
#include "trainer/tile.h"

/* A pivot below this share of the first is rounding: unit columns carry errors of DBL_EPSILON. */
#define RANK_SHARE (20 * DBL_EPSILON)
#define ROUNDS 12   /* of refinement; 2 are used unless the problem is ill-conditioned */
#define ENOUGH 1e-24 /* expected error, in parts of the largest number of the scaled solution */

struct pair {
	double high, low; /* their sum; low is at most half a unit in the last place of high */
};

static struct pair pair_sum(double a, double b)
{
	double high = a + b, part = high - a;

	return (struct pair){high, (a - (high - part)) + (b - part)};
}

static struct pair pair_add(struct pair a, struct pair b)
{
	struct pair sum = pair_sum(a.high, b.high);
	double low = sum.low + (a.low + b.low), high = sum.high + low;

	return (struct pair){high, low - (high - sum.high)};
}

/* a * b for a pair and a double; halves of 26 bits multiply without rounding. */
static struct pair pair_times(struct pair a, double b)
{
	double split = 134217729 * a.high, ah = split - (split - a.high), al = a.high - ah;
	double bh = 134217729 * b, bl, high = a.high * b, low;

	bh = bh - (bh - b);
	bl = b - bh;
	low = ((ah * bh - high) + ah * bl + al * bh) + al * bl + a.low * b;
	return (struct pair){high, low};
}

struct solver {
	const double *a, *b;
	size_t rows, columns, rank;
	void *memory;
	double *scale;      /* a(i, j) * scale[j] is what is decomposed */
	gsl_matrix_view qr; /* rows x columns */
	gsl_vector_view tau, norms;
	gsl_permutation pivots; /* column pivots.data[k] came to place k */
	gsl_vector_view work;   /* rows */
	double *step;       /* columns */
	struct pair *x, *r, *left; /* scaled solution by place, residuals, -A'r */
};

static bool solver_init(struct solver *s, struct error *error)
{
	size_t m = s->rows, n = s->columns, least = m < n ? m : n;
	struct pair *wide;
	double *at;

	if (m > SIZE_MAX / 64 / (n + 4))
		return error_memory(error);
	s->memory = calloc(1, (2 * n + m) * sizeof *wide + (m * n + m + 3 * n + least) * sizeof *at +
			   n * sizeof *s->pivots.data);
	if (!s->memory)
		return error_memory(error);
	wide = s->memory;
	s->x = wide;
	s->left = wide + n;
	s->r = wide + 2 * n;
	at = (double *)(wide + 2 * n + m);
	s->qr = gsl_matrix_view_array(at, m, n);
	s->work = gsl_vector_view_array(at += m * n, m);
	s->tau = gsl_vector_view_array(at += m, least);
	s->norms = gsl_vector_view_array(at += least, n);
	s->scale = at += n;
	s->step = at += n;
	s->pivots.size = n;
	s->pivots.data = (size_t *)(at + n);
	return true;
}

static double decomposed(const struct solver *s, size_t i, size_t j)
{
	return gsl_matrix_get(&s->qr.matrix, i, j);
}

static void scale_columns(struct solver *s)
{
	size_t n = s->columns;

	for (size_t i = 0; i < s->rows; i++)
		for (size_t j = 0; j < n; j++)
			s->scale[j] = fmax(s->scale[j], fabs(s->a[i * n + j]));
	for (size_t j = 0; j < n; j++) {
		int exponent = 0;

		frexp(s->scale[j], &exponent);
		s->scale[j] = ldexp(1, exponent > -1000 ? -exponent : 1000);
	}
	for (size_t i = 0; i < s->rows; i++)
		for (size_t j = 0; j < n; j++)
			gsl_matrix_set(&s->qr.matrix, i, j, s->a[i * n + j] * s->scale[j]);
}

static void decompose(struct solver *s)
{
	size_t least = s->rows < s->columns ? s->rows : s->columns;
	int sign;

	scale_columns(s);
	gsl_linalg_QRPT_decomp(&s->qr.matrix, &s->tau.vector, &s->pivots, &sign, &s->norms.vector);
	while (s->rank < least && fabs(decomposed(s, s->rank, s->rank)) >
				  RANK_SHARE * fabs(decomposed(s, 0, 0)))
		s->rank++;
}

/* The entry of the scaled matrix in row i whose column came to place k. */
static double scaled(const struct solver *s, size_t i, size_t k)
{
	size_t j = s->pivots.data[k];

	return s->a[i * s->columns + j] * s->scale[j];
}

/* f = b - r - A x into work, and g = -A' r into step, of the columns in the rank. */
static void residuals(struct solver *s)
{
	memset(s->left, 0, s->rank * sizeof *s->left);
	for (size_t i = 0; i < s->rows; i++) {
		struct pair minus = {-s->r[i].high, -s->r[i].low};
		struct pair f = pair_add((struct pair){s->b[i], 0}, minus);

		for (size_t k = 0; k < s->rank; k++) {
			double a = scaled(s, i, k);

			s->left[k] = pair_add(s->left[k], pair_times(minus, a));
			f = pair_add(f, pair_times(s->x[k], -a));
		}
		gsl_vector_set(&s->work.vector, i, f.high);
	}
	for (size_t k = 0; k < s->rank; k++)
		s->step[k] = s->left[k].high;
}

/* One round: with h = Q'f and R'w = g, the corrections are R dx = h1 - w and dr = Q [w; h2].
 * Returns the largest correction of x in parts of the largest x. */
static double refine(struct solver *s)
{
	double *h = s->work.vector.data, largest = 0, correction = 0;

	residuals(s);
	gsl_linalg_QR_QTvec(&s->qr.matrix, &s->tau.vector, &s->work.vector);
	for (size_t k = 0; k < s->rank; k++) {
		double w = s->step[k], first = h[k];

		for (size_t i = 0; i < k; i++)
			w -= decomposed(s, i, k) * h[i];
		h[k] = w / decomposed(s, k, k);
		s->step[k] = first - h[k];
	}
	gsl_linalg_QR_Qvec(&s->qr.matrix, &s->tau.vector, &s->work.vector);
	for (size_t i = 0; i < s->rows; i++)
		s->r[i] = pair_add(s->r[i], (struct pair){h[i], 0});
	for (size_t k = s->rank; k-- > 0;) {
		for (size_t j = k + 1; j < s->rank; j++)
			s->step[k] -= decomposed(s, k, j) * s->step[j];
		s->step[k] /= decomposed(s, k, k);
		s->x[k] = pair_add(s->x[k], (struct pair){s->step[k], 0});
		largest = fmax(largest, fabs(s->x[k].high));
		correction = fmax(correction, fabs(s->step[k]));
	}
	return largest > 0 ? correction / largest : 0;
}

/* Takes out of x what lies in the null space, whose basis is the columns of P [-inv(R1) R2; I]:
 * what is left is the solution of least length. */
static bool shorten(struct solver *s, double *x, struct error *error)
{
	size_t n = s->columns, free_columns = n - s->rank, rank;
	double *basis = calloc(n * free_columns + free_columns, sizeof *basis), rss;
	double *part = basis + n * free_columns;
	bool done;

	if (!basis)
		return error_memory(error);
	for (size_t c = 0; c < free_columns; c++) {
		for (size_t k = s->rank; k-- > 0;) {
			double sum = -decomposed(s, k, s->rank + c);

			for (size_t j = k + 1; j < s->rank; j++)
				sum -= decomposed(s, k, j) * s->step[j];
			s->step[k] = sum / decomposed(s, k, k);
		}
		for (size_t k = 0; k < s->rank; k++)
			basis[s->pivots.data[k] * free_columns + c] =
				s->step[k] * s->scale[s->pivots.data[k]];
		basis[s->pivots.data[s->rank + c] * free_columns + c] =
			s->scale[s->pivots.data[s->rank + c]];
	}
	done = solve(basis, x, n, free_columns, part, &rss, &rank, NULL, error);
	for (size_t j = 0; done && j < n; j++)
		for (size_t c = 0; c < free_columns; c++)
			x[j] -= basis[j * free_columns + c] * part[c];
	free(basis);
	return done;
}

static void copy_root(const struct solver *s, double *root)
{
	size_t stride = lanes_of(s->columns);

	for (size_t k = 0; k < s->columns; k++) {
		size_t j = s->pivots.data[k];

		for (size_t i = 0; i <= k && i < s->rows; i++)
			root[j * stride + i] = decomposed(s, i, k) / s->scale[j];
	}
}

bool solve(const double *a, const double *b, size_t rows, size_t columns, double *x,
	   double *residual_sum_of_squares, size_t *rank, double *root, struct error *error)
{
	struct solver s = {.a = a, .b = b, .rows = rows, .columns = columns};
	double before = 1, now = 1, sum = 0;
	bool done = true;

	if (!solver_init(&s, error))
		return false;
	gsl_set_error_handler_off(); /* what cannot fail is not reported by abort() either */
	decompose(&s);
	/* Each round shrinks the error by the same factor, about that between its corrections. */
	for (int round = 0; round < ROUNDS && now * now > ENOUGH * before; round++) {
		before = now;
		now = refine(&s);
		if (round && !(now < before / 2))
			break;
	}
	for (size_t i = 0; i < rows; i++)
		sum += s.r[i].high * s.r[i].high;
	*residual_sum_of_squares = sum;
	*rank = s.rank;
	for (size_t k = 0; k < columns; k++)
		x[s.pivots.data[k]] = s.x[k].high * s.scale[s.pivots.data[k]];
	if (root)
		copy_root(&s, root);
	if (s.rank < columns)
		done = shorten(&s, x, error);
	free(s.memory);
	return done;
}

bool least_squares(const double *a, const double *b, size_t rows, size_t columns, double *x,
		   double *residual_sum_of_squares, size_t *rank, struct error *error)
{
	return solve(a, b, rows, columns, x, residual_sum_of_squares, rank, NULL, error);
}
