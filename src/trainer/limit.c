/* The largest rate under which a run stays bounded.
 *
 * Full batch: the error along an eigenvector with eigenvalue h of the Hessian H is multiplied by
 * 1 - lr h each update, so lr < 2 / h; with momentum the root of a quadratic takes its place.
 *
 * Mini-batches, plain SGD: the second moments S = E[(w - w*)(w - w*)'] go to
 *     S - lr (H S + S H) + lr^2 E[H_B S H_B] = S - lr L(S) + lr^2 Q(S)  (plus the noise at w*),
 * which stays bounded below lr = 1 / rho(inv(L) Q). For B of n rows drawn without replacement, with
 * H_B = 2/B sum x x', G = H / 2 and A(S) = 1/n sum (x'S x) x x' over all rows,
 *     E[H_B S H_B] = 4 [ 1/B (1 - (B-1)/(n-1)) A(S) + (B-1)/B n/(n-1) G S G ].
 * Weight decay w adds w I to H and H_B: w (H S + S H) + w^2 S to Q.
 *
 * In the eigenbasis of H, with coordinates S_kk and sqrt(2) S_kl, L is diagonal (h_k + h_l + 2 w)
 * and A is the symmetric matrix 1/n sum f f' of f = (z_k^2, sqrt(2) z_k z_l), z = V'x. So rho is the
 * largest eigenvalue of L^-1/2 Q L^-1/2, which the Lanczos method finds. */
#include "trainer/limit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trainer/lanes.h"
#include "trainer/problem.h"

#define STEPS 60 /* most Lanczos steps; 10 to 30 are used */
/* Directions with a smaller part of the largest eigenvalue move rho by less than this part. */
#define SMALL_EIGENVALUE 1e-12
#define MATRIX_ORDER 400  /* up to here A is stored as a matrix, above it is applied row by row */
#define MATRIX_WORK 1e9   /* most multiplications to make that matrix */
#define ROWS_WORK 1e7     /* most rows x order for applying it row by row */

struct limit_cache {
	size_t rows, r, order, stride; /* r directions, order = r (r + 1) / 2 */
	double *h;       /* r eigenvalues */
	double *z;       /* rows x r: the rows in these directions */
	double *moments; /* order x stride: n A, or NULL */
	double *f;       /* stride: scratch */
	double *numbers; /* STEPS + 5 vectors of `order` for the Lanczos method */
	bool too_big;
	int64_t batch;   /* the last answer and what it was for; 0: none */
	double weight_decay, lr;
};

void limit_cache_free(struct limit_cache *cache)
{
	free(cache);
}

/* f of row i. */
static void features_of(struct limit_cache *cache, size_t i)
{
	const double *z = cache->z + i * cache->r;
	double *f = cache->f;

	for (size_t k = 0; k < cache->r; k++) {
		*f++ = z[k] * z[k];
		for (size_t l = k + 1; l < cache->r; l++)
			*f++ = M_SQRT2 * z[k] * z[l];
	}
}

/* z = V'[x 1] for the eigenvectors from `first` on. */
static void rotate_rows(struct limit_cache *cache, const struct problem *problem, size_t first)
{
	size_t d = problem->features, size = problem->size;

	for (size_t i = 0; i < cache->rows; i++) {
		double *z = cache->z + i * cache->r;
		const double *x = problem->rows + i * row_size(d), *v = problem->eigenvectors + first;

		memcpy(z, v + d * size, cache->r * sizeof *z);
		for (size_t j = 0; j < d; j++, v += size)
			for (size_t k = 0; k < cache->r; k++)
				z[k] += x[j] * v[k];
	}
}

static void add_moments(struct limit_cache *cache)
{
	size_t order = cache->order, stride = cache->stride;

	for (size_t i = 0; i < cache->rows; i++) {
		features_of(cache, i);
		lanes_add_outer(cache->moments, order, cache->f);
	}
	for (size_t j = 0; j < order; j++)
		for (size_t i = 0; i < j; i++)
			cache->moments[j * stride + i] = cache->moments[i * stride + j];
}

static size_t first_direction(const struct problem *problem)
{
	size_t first = problem->size - problem->rank;

	while (first + 1 < problem->size && problem->eigenvalues[first] <=
	       SMALL_EIGENVALUE * problem->eigenvalues[problem->size - 1])
		first++;
	return first;
}

/* One block: the struct, then its arrays. NULL without memory. */
static struct limit_cache *make_cache(const struct problem *problem)
{
	size_t first = first_direction(problem), r = problem->size - first;
	size_t order = r * (r + 1) / 2, stride = lanes_of(order), n = problem->training_rows;
	bool matrix = order <= MATRIX_ORDER;
	bool too_big = (double)n * (double)order *
		       (matrix ? (double)order / 2 / MATRIX_WORK : 1 / ROWS_WORK) > 1;
	size_t numbers = too_big ? 0 : r + n * r + (matrix ? order * stride : 0) + stride +
				       (STEPS + 5) * order;
	struct limit_cache *cache = calloc(1, sizeof *cache + numbers * sizeof(double));

	if (!cache)
		return NULL;
	cache->too_big = too_big;
	if (too_big)
		return cache;
	cache->rows = n;
	cache->r = r;
	cache->order = order;
	cache->stride = stride;
	cache->h = (double *)(cache + 1);
	cache->z = cache->h + r;
	cache->f = cache->z + n * r;
	cache->numbers = cache->f + stride;
	cache->moments = matrix ? cache->numbers + (STEPS + 5) * order : NULL;
	memcpy(cache->h, problem->eigenvalues + first, r * sizeof *cache->h);
	rotate_rows(cache, problem, first);
	if (matrix)
		add_moments(cache);
	return cache;
}

/* to = n A from. */
static void apply_moments(struct limit_cache *cache, const double *from, double *to)
{
	size_t order = cache->order;

	memset(to, 0, order * sizeof *to);
	if (cache->moments) {
		for (size_t j = 0; j < order; j++)
			for (size_t i = 0; i < order; i++)
				to[i] += cache->moments[j * cache->stride + i] * from[j];
		return;
	}
	for (size_t i = 0; i < cache->rows; i++) {
		double product = 0;

		features_of(cache, i);
		for (size_t j = 0; j < order; j++)
			product += cache->f[j] * from[j];
		for (size_t j = 0; j < order; j++)
			to[j] += cache->f[j] * product;
	}
}

/* What a batch size and a weight decay make of A: L^-1/2 Q L^-1/2 in parts. */
struct operator {
	struct limit_cache *cache;
	double of_moments; /* Q = of_moments n A + diagonal */
	double *diagonal, *root; /* order each; root = L^-1/2 */
	double *scratch;
};

static void operator_init(struct operator *op, struct limit_cache *cache, double batch,
			  double weight_decay)
{
	double n = (double)cache->rows, both = (batch - 1) / batch * n / (n - 1);
	size_t at = 0;

	op->cache = cache;
	op->diagonal = cache->numbers;
	op->root = op->diagonal + cache->order;
	op->scratch = op->root + cache->order;
	op->of_moments = 4 / batch * (1 - (batch - 1) / (n - 1)) / n;
	for (size_t k = 0; k < cache->r; k++)
		for (size_t l = k; l < cache->r; l++, at++) {
			double sum = cache->h[k] + cache->h[l];

			op->root[at] = 1 / sqrt(sum + 2 * weight_decay);
			op->diagonal[at] = both * cache->h[k] * cache->h[l] +
					   weight_decay * sum + weight_decay * weight_decay;
		}
}

static void operator_apply(struct operator *op, const double *from, double *to)
{
	size_t order = op->cache->order;

	for (size_t i = 0; i < order; i++)
		op->scratch[i] = op->root[i] * from[i];
	apply_moments(op->cache, op->scratch, to);
	for (size_t i = 0; i < order; i++)
		to[i] = op->root[i] * (op->of_moments * to[i] + op->diagonal[i] * op->scratch[i]);
}

/* Whether the tridiagonal matrix (a, b) of order m has an eigenvalue above x (Sturm sequence). */
static bool has_above(const double *a, const double *b, int m, double x)
{
	double pivot = 1;

	for (int i = 0; i < m; i++) {
		pivot = a[i] - x - (i ? b[i - 1] * b[i - 1] / pivot : 0);
		if (pivot > 0)
			return true;
		if (pivot == 0)
			pivot = -1e-300;
	}
	return false;
}

static double largest_eigenvalue(const double *a, const double *b, int m)
{
	double low = 0, high = 0;

	for (int i = 0; i < m; i++)
		high = fmax(high, a[i] + (i ? b[i - 1] : 0) + (i + 1 < m ? b[i] : 0));
	while (high - low > 1e-15 * high) {
		double middle = (low + high) / 2;

		if (middle <= low || middle >= high)
			break;
		if (has_above(a, b, m, middle))
			low = middle;
		else
			high = middle;
	}
	return high;
}

static double dot(const double *a, const double *b, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += a[i] * b[i];
	return sum;
}

/* Makes `v` orthogonal to the `count` vectors of `basis`, twice over for the sake of rounding, and
 * returns its length. */
static double orthogonalize(double *v, const double *basis, int count, size_t order)
{
	for (int k = 0; k < 2 * count; k++) {
		const double *other = basis + (size_t)(k % count) * order;
		double part = dot(v, other, order);

		for (size_t i = 0; i < order; i++)
			v[i] -= part * other[i];
	}
	return sqrt(dot(v, v, order));
}

/* Largest eigenvalue, from S = I onwards: Q keeps S positive, and so is the answer's S. */
static double spectral_radius(struct operator *op)
{
	size_t order = op->cache->order, at = 0;
	double *basis = op->scratch + order, a[STEPS], b[STEPS], before = 0, now = 0, length;
	int m = 0;

	memset(basis, 0, order * sizeof *basis);
	for (size_t k = 0; k < op->cache->r; at += op->cache->r - k++)
		basis[at] = 1 / op->root[at];
	length = sqrt(dot(basis, basis, order));
	for (size_t i = 0; i < order; i++)
		basis[i] /= length;
	while (m < STEPS) {
		double *v = basis + (size_t)m * order, *next = v + order;

		operator_apply(op, v, next);
		a[m] = dot(v, next, order);
		b[m] = orthogonalize(next, basis, m + 1, order);
		m++;
		if (m % 4 == 0 || b[m - 1] <= 1e-14 * a[0] || m == STEPS) {
			before = now;
			now = largest_eigenvalue(a, b, m);
			if (now - before <= 1e-14 * now || b[m - 1] <= 1e-14 * a[0])
				break;
		}
		for (size_t i = 0; i < order; i++)
			next[i] /= b[m - 1];
	}
	return now;
}

static struct limit full_batch(const struct problem *problem, const struct plan *plan,
			       double momentum)
{
	double h = problem->eigenvalues[problem->size - 1] + plan->weight_decay, lr = 2 / h;

	if (momentum >= 1)
		lr = 0; /* the energy never leaves */
	else if (momentum > 0 && plan->nesterov)
		lr = 2 * (1 + momentum) / ((1 + 2 * momentum) * h);
	else if (momentum > 0)
		lr = plan->dampening > 1 ? 0 : 2 * (1 + momentum) / ((1 - plan->dampening) * h);
	return (struct limit){LIMIT_FULL_BATCH, !plan->full_batch, lr};
}

struct limit problem_limit(struct problem *problem, const struct plan *plan, double momentum)
{
	struct limit_cache *cache;
	struct operator op;

	if (plan->optimizer != OPTIMIZER_SGD)
		return (struct limit){LIMIT_NONE, false, INFINITY};
	if (momentum != 0 || plan->full_batch)
		return full_batch(problem, plan, momentum);
	if (!problem->limits)
		problem->limits = make_cache(problem);
	cache = problem->limits;
	if (!cache || cache->too_big)
		return full_batch(problem, plan, momentum);
	if (cache->batch != plan->batch || cache->weight_decay != plan->weight_decay) {
		operator_init(&op, cache, (double)plan->batch, plan->weight_decay);
		cache->lr = 1 / spectral_radius(&op);
		cache->batch = plan->batch;
		cache->weight_decay = plan->weight_decay;
	}
	return (struct limit){LIMIT_MEAN_SQUARE, false, cache->lr};
}
