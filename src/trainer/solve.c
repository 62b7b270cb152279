/* Reference least squares.
 *
 * Columns are scaled by powers of two (exact), then Householder's QR with column pivoting (Golub,
 * Numerical methods for solving linear least squares problems, Numerische Mathematik 7, 1965), then
 * iterative refinement of the augmented system  r + A x = b, A' r = 0  with r, x and what is left
 * over of both equations as pairs of doubles, 106 bits (Bjorck, Iterative refinement of linear least
 * squares solutions I, BIT 7, 1967). */
#include "trainer/solve.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trainer/lanes.h"
#include "trainer/problem.h"

/* A pivot below this share of the first is rounding: unit columns carry errors of DBL_EPSILON. */
#define RANK_SHARE (20 * DBL_EPSILON)
#define ROUNDS 12   /* of refinement; 2 are used unless the problem is ill-conditioned */
#define ENOUGH 1e-24 /* expected error, in parts of the largest number of the scaled solution */

/* ---- QR ---- */

/* Column place[k] of `columns` becomes v of the reflection 1 - factor[k] v v', zeros above row k;
 * r + j * r_stride is column j of the triangle, its rows in the order of the reflections. */
struct qr {
	size_t rows, count, stride, r_stride;
	double *columns, *factor, *r;
	double *left, *whole; /* squared length of the rest of a column: now, and when last added up */
	size_t *place;
};

static double *column(const struct qr *qr, size_t k)
{
	return qr->columns + qr->place[k] * qr->stride;
}

/* Row k of the triangle, in the column that came to place l. */
static double *entry(const struct qr *qr, size_t k, size_t l)
{
	return qr->r + qr->place[l] * qr->r_stride + k;
}

/* The longest rest of a column to place k. */
static void choose_pivot(struct qr *qr, size_t k)
{
	size_t best = k, pivot;

	for (size_t l = k + 1; l < qr->count; l++)
		if (qr->left[qr->place[l]] > qr->left[qr->place[best]])
			best = l;
	pivot = qr->place[best];
	qr->place[best] = qr->place[k];
	qr->place[k] = pivot;
}

/* Takes the square of what went into the triangle off the rest; added up anew where that cancels. */
static void shrink(struct qr *qr, size_t j, double out)
{
	const double *rest = qr->columns + j * qr->stride;

	qr->left[j] -= out * out;
	if (qr->left[j] <= 1e-6 * qr->whole[j])
		qr->left[j] = qr->whole[j] = lanes_dot(rest, rest, qr->stride);
}

static void reflect(struct qr *qr, size_t k)
{
	double *v = column(qr, k), length = sqrt(lanes_dot(v, v, qr->stride));

	if (length == 0)
		return; /* factor and triangle stay 0 */
	*entry(qr, k, k) = v[k] > 0 ? -length : length;
	v[k] -= *entry(qr, k, k);
	qr->factor[k] = -1 / (*entry(qr, k, k) * v[k]);
	for (size_t l = k + 1; l < qr->count; l++) {
		double *to = column(qr, l);

		lanes_add(to, v, -qr->factor[k] * lanes_dot(v, to, qr->stride), qr->stride);
		*entry(qr, k, l) = to[k];
		to[k] = 0;
		shrink(qr, qr->place[l], *entry(qr, k, l));
	}
}

static void decompose(struct qr *qr, bool pivoting)
{
	for (size_t j = 0; j < qr->count; j++) {
		const double *whole = qr->columns + j * qr->stride;

		qr->place[j] = j;
		qr->left[j] = qr->whole[j] = lanes_dot(whole, whole, qr->stride);
	}
	for (size_t k = 0; k < qr->count && k < qr->rows; k++) {
		if (pivoting)
			choose_pivot(qr, k);
		reflect(qr, k);
	}
}

/* f = Q f, or Q'f: all reflections, the last or the first one first. */
static void apply(const struct qr *qr, bool transposed, double *f)
{
	size_t count = qr->count < qr->rows ? qr->count : qr->rows;

	for (size_t i = 0; i < count; i++) {
		size_t k = transposed ? i : count - 1 - i;
		const double *v = column(qr, k);

		lanes_add(f, v, -qr->factor[k] * lanes_dot(v, f, qr->stride), qr->stride);
	}
}

/* ---- refinement ---- */

struct solver {
	size_t rows, count, stride, rank;
	void *memory;
	double *a, *b;      /* the scaled matrix by columns of `stride` numbers; right-hand side */
	double *scale;      /* of each column */
	struct qr qr;
	double *step;       /* count */
	struct pair *x;     /* scaled solution by place */
	double *r, *r_low, *f, *f_low; /* residuals and what is left of the first equation, as pairs */
};

static bool solver_init(struct solver *s, const struct equations *e, struct error *error)
{
	size_t m = lanes_of(e->rows), n = e->columns, wide = lanes_of(n);
	double *at;

	s->rows = e->rows;
	s->count = n;
	s->stride = m;
	if (m > SIZE_MAX / 128 / (n + 4))
		return error_memory(error);
	s->memory = calloc(1, (2 * m * n + 5 * m + n * wide + 5 * n) * sizeof *at +
			   n * sizeof *s->x + n * sizeof *s->qr.place);
	if (!s->memory)
		return error_memory(error);
	s->a = at = s->memory;
	s->b = at += m * n;
	s->r = at += m;
	s->r_low = at += m;
	s->f = at += m;
	s->f_low = at += m;
	s->qr = (struct qr){.rows = e->rows, .count = n, .stride = m, .r_stride = wide};
	s->qr.columns = at += m;
	s->qr.r = at += m * n;
	s->qr.factor = at += n * wide;
	s->qr.left = at += n;
	s->qr.whole = at += n;
	s->scale = at += n;
	s->step = at += n;
	s->x = (struct pair *)(at + n);
	s->qr.place = (size_t *)(s->x + n);
	return true;
}

/* Copies column j and scales it to numbers of at most 1. */
static void copy_column(struct solver *s, const struct equations *e, size_t j)
{
	const double *from = e->a + j;
	double *to = s->a + j * s->stride, largest = 0;
	int exponent = 0;

	if (e->bias && j + 1 == e->columns) {
		for (size_t i = 0; i < s->rows; i++)
			to[i] = largest = 1;
	} else {
#pragma GCC unroll 4
		for (size_t i = 0; i < s->rows; i++) {
			double number = from[i * e->stride], size = fabs(number);

			to[i] = number;
			largest = size > largest ? size : largest;
		}
	}
	frexp(largest, &exponent);
	s->scale[j] = ldexp(1, exponent > -1000 ? -exponent : 1000);
	lanes_add(s->qr.columns + j * s->stride, to, s->scale[j], s->stride); /* to zeros */
	memcpy(to, s->qr.columns + j * s->stride, s->stride * sizeof *to);
}

static void start(struct solver *s, const struct equations *e)
{
	size_t least = s->rows < s->count ? s->rows : s->count;

	for (size_t j = 0; j < s->count; j++)
		copy_column(s, e, j);
	for (size_t i = 0; i < s->rows; i++)
		s->b[i] = e->b[i * e->b_stride];
	decompose(&s->qr, true);
	while (s->rank < least && fabs(*entry(&s->qr, s->rank, s->rank)) >
				  RANK_SHARE * fabs(*entry(&s->qr, 0, 0)))
		s->rank++;
}

/* f = b - r - A x, and g = -A' r into step, of the columns in the rank. */
static void residuals(struct solver *s)
{
	for (size_t i = 0; i < s->stride; i++) {
		struct pair f = pair_add((struct pair){s->b[i], 0}, (struct pair){-s->r[i], -s->r_low[i]});

		s->f[i] = f.high;
		s->f_low[i] = f.low;
	}
	for (size_t k = 0; k < s->rank; k++)
		s->step[k] = -lanes_residuals(s->a + s->qr.place[k] * s->stride, s->x[k], s->r, s->r_low,
					      s->f, s->f_low, s->stride);
}

/* One round: with h = Q'f and R'w = g, the corrections are R dx = h1 - w and dr = Q [w; h2].
 * Returns the largest correction of x in parts of the largest x. */
static double refine(struct solver *s)
{
	double *h = s->f, largest = 0, correction = 0;

	apply(&s->qr, true, h);
	for (size_t k = 0; k < s->rank; k++) {
		double w = s->step[k], first = h[k];

		for (size_t i = 0; i < k; i++)
			w -= *entry(&s->qr, i, k) * h[i];
		h[k] = w / *entry(&s->qr, k, k);
		s->step[k] = first - h[k];
	}
	apply(&s->qr, false, h);
	for (size_t i = 0; i < s->rows; i++) {
		struct pair r = pair_add((struct pair){s->r[i], s->r_low[i]}, (struct pair){h[i], 0});

		s->r[i] = r.high;
		s->r_low[i] = r.low;
	}
	for (size_t k = s->rank; k-- > 0;) {
		for (size_t j = k + 1; j < s->rank; j++)
			s->step[k] -= *entry(&s->qr, k, j) * s->step[j];
		s->step[k] /= *entry(&s->qr, k, k);
		s->x[k] = pair_add(s->x[k], (struct pair){s->step[k], 0});
		largest = fmax(largest, fabs(s->x[k].high));
		correction = fmax(correction, fabs(s->step[k]));
	}
	return largest > 0 ? correction / largest : 0;
}

/* Each round shrinks the error by the same factor, about that between its corrections. */
static void find_solution(struct solver *s)
{
	double before = 1, now;

	memcpy(s->f, s->b, s->stride * sizeof *s->f); /* x and r are 0 */
	now = refine(s);
	for (int round = 1; round < ROUNDS && now * now > ENOUGH * before; round++) {
		before = now;
		residuals(s);
		now = refine(s);
		if (!(now < before / 2))
			break;
	}
}

/* ---- results ---- */

/* Takes out of x what lies in the null space, whose basis is the columns of P [-inv(R1) R2; I]:
 * what is left is the solution of least length. */
static bool shorten(struct solver *s, double *x, struct error *error)
{
	size_t n = s->count, free_columns = n - s->rank, rank;
	double *basis = calloc(n * free_columns + free_columns, sizeof *basis), rss;
	double *part = basis + n * free_columns;
	struct equations null = {basis, x, free_columns, 1, n, free_columns, false};
	bool done;

	if (!basis)
		return error_memory(error);
	for (size_t c = 0; c < free_columns; c++) {
		size_t last = s->qr.place[s->rank + c];

		for (size_t k = s->rank; k-- > 0;) {
			double sum = -*entry(&s->qr, k, s->rank + c);

			for (size_t j = k + 1; j < s->rank; j++)
				sum -= *entry(&s->qr, k, j) * s->step[j];
			s->step[k] = sum / *entry(&s->qr, k, k);
		}
		for (size_t k = 0; k < s->rank; k++)
			basis[s->qr.place[k] * free_columns + c] =
				s->step[k] * s->scale[s->qr.place[k]];
		basis[last * free_columns + c] = s->scale[last];
	}
	done = solve(&null, part, &rss, &rank, NULL, NULL, error);
	for (size_t j = 0; done && j < n; j++)
		for (size_t c = 0; c < free_columns; c++)
			x[j] -= basis[j * free_columns + c] * part[c];
	free(basis);
	return done;
}

/* In the order of the columns the matrix r is no triangle; another QR makes it one. The right-hand side goes
 * through both. */
static void make_root(struct solver *s, double *root, double *image)
{
	struct qr small = s->qr;
	size_t stride = s->qr.r_stride;
	double rest = 0;

	memcpy(s->f, s->b, s->stride * sizeof *s->f);
	apply(&s->qr, true, s->f);
	small.rows = s->count;
	small.stride = stride;
	small.columns = s->qr.r;
	small.r = root;
	memset(root, 0, s->count * stride * sizeof *root);
	memset(small.factor, 0, s->count * sizeof *small.factor);
	decompose(&small, false);
	for (size_t j = 0; j < s->count; j++) /* not before: squares of tiny columns are 0 */
		for (size_t i = 0; i <= j; i++)
			root[j * stride + i] /= s->scale[j];
	memset(image, 0, lanes_of(s->count + 1) * sizeof *image);
	memcpy(image, s->f, (s->rows < s->count ? s->rows : s->count) * sizeof *image);
	apply(&small, true, image);
	for (size_t i = s->count; i < s->rows; i++)
		rest += s->f[i] * s->f[i];
	image[s->count] = sqrt(rest);
}

bool solve(const struct equations *equations, double *x, double *residual_sum_of_squares,
	   size_t *rank, double *root, double *image, struct error *error)
{
	struct solver s = {0};
	bool done = true;

	if (!solver_init(&s, equations, error))
		return false;
	start(&s, equations);
	find_solution(&s);
	*residual_sum_of_squares = lanes_dot(s.r, s.r, s.stride);
	*rank = s.rank;
	for (size_t k = 0; k < s.count; k++)
		x[s.qr.place[k]] = s.x[k].high * s.scale[s.qr.place[k]];
	if (s.rank < s.count)
		done = shorten(&s, x, error);
	if (root)
		make_root(&s, root, image);
	free(s.memory);
	return done;
}

bool least_squares(const double *a, const double *b, size_t rows, size_t columns, double *x,
		   double *residual_sum_of_squares, size_t *rank, struct error *error)
{
	struct equations equations = {a, b, columns, 1, rows, columns, false};

	return solve(&equations, x, residual_sum_of_squares, rank, NULL, NULL, error);
}
