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
 * largest eigenvalue of L^-1/2 Q L^-1/2, which the Lanczos method finds. The sqrt(2) are left out of
 * the matrix: its entries, sums of z_a z_b z_c z_d, then depend on no order of a, b, c, d. */
#include "trainer/limit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trainer/lanes.h"
#include "trainer/problem.h"

#define STEPS 60       /* most Lanczos steps; 10 to 30 are used */
#define BEFORE_BASIS 5 /* vectors before those of the steps: zeros, and four of an operator */
/* Directions with a smaller part of the largest eigenvalue move rho by less than this part. */
#define SMALL_EIGENVALUE 1e-12
#define MATRIX_ORDER 400  /* up to here A is stored as a matrix, above it is applied row by row */
#define MATRIX_WORK 1e9   /* most multiplications to make that matrix */
#define ROWS_WORK 1e7     /* most rows x order for applying it row by row */

struct limit_cache {
	const struct problem *problem; /* set by each call: problems are moved */
	size_t r, order, stride; /* r directions, order = r (r + 1) / 2, in whole vectors */
	double *h;        /* r eigenvalues */
	double *basis;    /* size x r: of feature j and the bias, in these directions */
	double *products; /* order x GROUP: z_k z_l, l >= k, of a group of rows */
	double *moments;  /* order x stride: their products, summed over all rows; or NULL */
	double *root2;    /* order: 1 for squares, sqrt(2) for the others */
	double *numbers;  /* vectors of `stride` numbers: BEFORE_BASIS, then STEPS + 1 */
	bool too_big;
	int64_t batch;    /* the last answer and what it was for; 0: none */
	double weight_decay, lr;
};

void limit_cache_free(struct limit_cache *cache)
{
	free(cache);
}

/* The products of the rows from `row` on. */
static void make_products(struct limit_cache *cache, size_t row)
{
	const struct problem *problem = cache->problem;
	size_t d = problem->features, left = problem->training_rows - row;

	lanes_products(problem->rows + row * row_size(d), d, left < GROUP ? left : GROUP, cache->basis,
		       cache->r, cache->products);
}

/* Place of z_k z_l, k <= l, among the products. */
static size_t place(size_t r, size_t k, size_t l)
{
	return k * r - k * (k + 1) / 2 + l;
}

static void set_moment(struct limit_cache *cache, size_t i, size_t j, double value)
{
	cache->moments[i * cache->stride + j] = cache->moments[j * cache->stride + i] = value;
}

/* The sums of all z_a z_b z_c z_d with a <= b <= c <= d, each at the three places of the matrix that
 * have these four. */
static void spread_moments(struct limit_cache *cache, const double *sum)
{
	size_t r = cache->r;

	for (size_t i = 0; i < cache->order; i++)
		for (size_t j = cache->order; j < cache->stride; j++)
			cache->moments[i * cache->stride + j] = 0;
	for (size_t a = 0; a < r; a++)
		for (size_t b = a; b < r; b++)
			for (size_t c = b; c < r; c++)
				for (size_t d = c; d < r; d++, sum += LANES) {
					double all = (sum[0] + sum[2]) + (sum[1] + sum[3]);

					set_moment(cache, place(r, a, b), place(r, c, d), all);
					set_moment(cache, place(r, a, c), place(r, b, d), all);
					set_moment(cache, place(r, a, d), place(r, b, c), all);
				}
}

static bool make_moments(struct limit_cache *cache)
{
	size_t r = cache->r, count = r * (r + 1) * (r + 2) * (r + 3) / 24;
	double *sums = calloc(count, LANES * sizeof *sums);

	if (!sums)
		return false;
	for (size_t row = 0; row < cache->problem->training_rows; row += GROUP) {
		make_products(cache, row);
		lanes_add_moments(cache->products, r, sums);
	}
	spread_moments(cache, sums);
	free(sums);
	return true;
}

static size_t first_direction(const struct problem *problem)
{
	size_t first = problem->size - problem->rank;

	while (first + 1 < problem->size && problem->eigenvalues[first] <=
	       SMALL_EIGENVALUE * problem->eigenvalues[problem->size - 1])
		first++;
	return first;
}

static void make_basis(struct limit_cache *cache, size_t first)
{
	const struct problem *problem = cache->problem;
	double *root2 = cache->root2;

	memcpy(cache->h, problem->eigenvalues + first, cache->r * sizeof *cache->h);
	for (size_t j = 0; j < problem->size; j++)
		memcpy(cache->basis + j * cache->r, problem->eigenvectors + j * problem->size + first,
		       cache->r * sizeof *cache->basis);
	for (size_t k = 0; k < cache->r; k++)
		for (size_t l = k; l < cache->r; l++)
			*root2++ = k == l ? 1 : M_SQRT2;
}

/* One block: the struct, then its arrays. NULL without memory. */
static struct limit_cache *make_cache(const struct problem *problem)
{
	size_t first = first_direction(problem), r = problem->size - first;
	size_t order = r * (r + 1) / 2, stride = lanes_of(order);
	bool matrix = order <= MATRIX_ORDER;
	bool too_big = (double)problem->training_rows * (double)order *
		       (matrix ? (double)order / 2 / MATRIX_WORK : 1 / ROWS_WORK) > 1;
	size_t numbers = too_big ? 0 : order * GROUP + (matrix ? order * stride : 0) + r +
				       problem->size * r + order + (BEFORE_BASIS + STEPS + 1) * stride;
	struct limit_cache *cache = malloc(sizeof *cache + numbers * sizeof(double));

	if (!cache)
		return NULL;
	*cache = (struct limit_cache){.problem = problem, .r = r, .order = order, .stride = stride,
				      .too_big = too_big};
	if (too_big)
		return cache;
	cache->products = (double *)(cache + 1);
	cache->h = cache->products + order * GROUP;
	cache->basis = cache->h + r;
	cache->root2 = cache->basis + problem->size * r;
	cache->numbers = cache->root2 + order;
	cache->moments = matrix ? cache->numbers + (BEFORE_BASIS + STEPS + 1) * stride : NULL;
	memset(cache->numbers, 0, BEFORE_BASIS * stride * sizeof(double));
	make_basis(cache, first);
	if (matrix && !make_moments(cache)) {
		free(cache);
		return NULL;
	}
	return cache;
}

/* to = sum over the rows of p p' from, p their products. */
static void apply_moments(struct limit_cache *cache, const double *from, double *to)
{
	const double *zeros = cache->numbers;

	if (cache->moments) {
		lanes_gradient(cache->moments, cache->order, from, zeros, zeros, to);
		return;
	}
	memset(to, 0, cache->stride * sizeof *to);
	for (size_t row = 0; row < cache->problem->training_rows; row += GROUP) {
		make_products(cache, row);
		lanes_apply_products(cache->products, cache->order, from, to);
	}
}

/* What a batch size and a weight decay make of A: L^-1/2 Q L^-1/2 in parts. */
struct operator {
	struct limit_cache *cache;
	double of_moments; /* Q = of_moments n A + diagonal */
	double *diagonal, *root; /* order each; root = L^-1/2 */
	double *scaled;    /* L^-1/2 from */
	double *scratch;
};

static void operator_init(struct operator *op, struct limit_cache *cache, double batch,
			  double weight_decay)
{
	double n = (double)cache->problem->training_rows, both = (batch - 1) / batch * n / (n - 1);
	size_t at = 0;

	op->cache = cache;
	op->diagonal = cache->numbers + cache->stride; /* behind the zeros */
	op->root = op->diagonal + cache->stride;
	op->scaled = op->root + cache->stride;
	op->scratch = op->scaled + cache->stride;
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
	const double *root2 = op->cache->root2;
	size_t order = op->cache->order;

	for (size_t i = 0; i < order; i++) {
		op->scaled[i] = op->root[i] * from[i];
		op->scratch[i] = root2[i] * op->scaled[i];
	}
	apply_moments(op->cache, op->scratch, to);
	for (size_t i = 0; i < order; i++)
		to[i] = op->root[i] * (op->of_moments * root2[i] * to[i] +
				       op->diagonal[i] * op->scaled[i]);
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

/* Makes `v` orthogonal to the `count` vectors of `basis` and returns its length. The last two make up
 * nearly all that is to go: they come first, and once more with the others for the sake of rounding. */
static double orthogonalize(double *v, const double *basis, int count, size_t stride)
{
	for (int k = count > 2 ? -2 : -count; k < count; k++) {
		const double *other = basis + (size_t)(k < 0 ? count + k : k) * stride;

		lanes_add(v, other, -lanes_dot(v, other, stride), stride);
	}
	return sqrt(lanes_dot(v, v, stride));
}

/* Largest eigenvalue, from S = I onwards: Q keeps S positive, and so is the answer's S. */
static double spectral_radius(struct operator *op)
{
	size_t order = op->cache->order, stride = op->cache->stride, r = op->cache->r;
	double *basis = op->scratch + stride, a[STEPS], b[STEPS], now = 0, length;
	int m = 0;

	memset(basis, 0, stride * sizeof *basis);
	for (size_t k = 0; k < r; k++)
		basis[place(r, k, k)] = 1 / op->root[place(r, k, k)];
	length = sqrt(lanes_dot(basis, basis, stride));
	for (size_t i = 0; i < order; i++)
		basis[i] /= length;
	for (;;) {
		double *v = basis + (size_t)m * stride, *next = v + stride;

		operator_apply(op, v, next);
		a[m] = lanes_dot(v, next, stride);
		b[m] = orthogonalize(next, basis, m + 1, stride);
		m++;
		if (b[m - 1] <= 1e-14 * a[0] || m == STEPS)
			return largest_eigenvalue(a, b, m);
		if (m % 4 == 0) { /* it only grows */
			if (now > 0 && !has_above(a, b, m, now * (1 + 1e-14)))
				return now;
			now = largest_eigenvalue(a, b, m);
		}
		for (size_t i = 0; i < order; i++)
			next[i] /= b[m - 1];
	}
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
	return (struct limit){LIMIT_FULL_BATCH, !plan->full_batch, lr, false};
}

struct limit problem_limit(struct problem *problem, const struct plan *plan, double momentum)
{
	struct limit_cache *cache;
	struct operator op;
	struct limit limit;

	if (plan->optimizer != OPTIMIZER_SGD)
		return (struct limit){LIMIT_NONE, false, INFINITY, false};
	if (momentum != 0 || plan->full_batch)
		return full_batch(problem, plan, momentum);
	if (!problem->limits)
		problem->limits = make_cache(problem);
	cache = problem->limits;
	if (!cache || cache->too_big) {
		limit = full_batch(problem, plan, momentum);
		limit.no_memory = !cache;
		return limit;
	}
	cache->problem = problem;
	if (cache->batch != plan->batch || cache->weight_decay != plan->weight_decay) {
		operator_init(&op, cache, (double)plan->batch, plan->weight_decay);
		cache->lr = 1 / spectral_radius(&op);
		cache->batch = plan->batch;
		cache->weight_decay = plan->weight_decay;
	}
	return (struct limit){LIMIT_MEAN_SQUARE, false, cache->lr, false};
}
