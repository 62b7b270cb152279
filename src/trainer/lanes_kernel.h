/* The kernels of lanes.c, written once: the including file defines NAME(x) (a name for this copy),
 * TARGET (its attributes) and PAIRS(a, b): a0+a1, b0+b1, a2+a3, b2+b3; they are undefined here. */
#define INLINE static inline __attribute__((always_inline)) TARGET

INLINE double NAME(sum)(const lanes *v)
{
	const half both = __builtin_shufflevector(*v, *v, 0, 1) + __builtin_shufflevector(*v, *v, 2, 3);

	return both[0] + both[1];
}

/* Prediction minus target of four rows with `vectors` vectors of features. */
INLINE void NAME(residuals)(const double *const row[LANES], size_t vectors, const lanes *weights,
			    double bias, lanes *r)
{
	lanes p[LANES], low, high;

	for (int k = 0; k < LANES; k++)
		p[k] = ((const lanes *)row[k])[0] * weights[0];
	for (size_t v = 1; v < vectors; v++)
		for (int k = 0; k < LANES; k++)
			p[k] += ((const lanes *)row[k])[v] * weights[v];
	low = PAIRS(p[0], p[1]);
	high = PAIRS(p[2], p[3]);
	*r = __builtin_shufflevector(low, high, 0, 1, 4, 5) +
	     __builtin_shufflevector(low, high, 2, 3, 6, 7) + bias;
	vectors *= LANES; /* the target's place */
	*r -= (lanes){row[0][vectors], row[1][vectors], row[2][vectors], row[3][vectors]};
}

/* The first `count` lanes; 0 in the others. */
INLINE void NAME(keep)(size_t count, lanes *r)
{
	const mask kept = {-(count > 0), -(count > 1), -(count > 2), -(count > 3)};

	*r = (lanes)((mask)*r & kept);
}

INLINE double NAME(loss_of)(const double *rows, size_t count, size_t vectors, const lanes *weights,
			    double bias)
{
	size_t size = vectors * LANES + 1, rest = count % LANES;
	const double *end = rows + (count - rest) * size;
	lanes sum = {0}, r;

	for (;; rows += LANES * size) {
		const double *const row[] = {rows, rows + size, rows + 2 * size, rows + 3 * size};

		if (rows == end && !rest)
			break;
		NAME(residuals)(row, vectors, weights, bias, &r);
		if (rows == end)
			NAME(keep)(rest, &r);
		sum += r * r;
		if (rows == end)
			break;
	}
	return NAME(sum)(&sum) / (double)(ptrdiff_t)count;
}

#define EACH(r, k) __builtin_shufflevector(r, r, k, k, k, k)

/* Adds the rows, each times its lane of r. */
INLINE void NAME(add_rows)(const double *const row[LANES], size_t vectors, const lanes *r, lanes *to)
{
	const lanes each[LANES] = {EACH(*r, 0), EACH(*r, 1), EACH(*r, 2), EACH(*r, 3)};

	for (size_t v = 0; v < vectors; v++)
		to[v] += (((const lanes *)row[0])[v] * each[0] + ((const lanes *)row[1])[v] * each[1]) +
			 (((const lanes *)row[2])[v] * each[2] + ((const lanes *)row[3])[v] * each[3]);
}

struct NAME(sums) {
	lanes scale, squares, bias;
};

/* Adds the first `count` of four rows. */
INLINE void NAME(add_group)(const double *rows, const uint32_t *order, size_t count, size_t vectors,
			    const lanes *weights, double bias, lanes *gradient,
			    struct NAME(sums) *sums)
{
	const double *const row[] = {rows + order[0], rows + order[1], rows + order[2],
				     rows + order[3]};
	lanes r;

	NAME(residuals)(row, vectors, weights, bias, &r);
	if (count < LANES)
		NAME(keep)(count, &r);
	sums->squares += r * r;
	r *= sums->scale; /* here, as PyTorch does: overflow comes no sooner */
	sums->bias += r;
	__asm__("" : : : "memory"); /* read the rows again: there are no registers to keep them in */
	NAME(add_rows)(row, vectors, &r, gradient);
}

INLINE double NAME(gradient_of)(const double *rows, const uint32_t *order, size_t count,
				size_t vectors, const lanes *weights, double bias, lanes *gradient,
				double *bias_gradient)
{
	const double all = (double)(ptrdiff_t)count;
	struct NAME(sums) sums = {(lanes){0} + 2 / all, {0}, {0}};
	const uint32_t *end = order + count / LANES * LANES;

	for (; order < end; order += LANES)
		NAME(add_group)(rows, order, LANES, vectors, weights, bias, gradient, &sums);
	if (count % LANES)
		NAME(add_group)(rows, order, count % LANES, vectors, weights, bias, gradient, &sums);
	*bias_gradient = NAME(sum)(&sums.bias);
	return NAME(sum)(&sums.squares) / all;
}

/* The weights without the bias, filled up with zeros. */
INLINE void NAME(fill)(const double *weights, size_t features, size_t vectors, lanes *to)
{
	for (size_t v = 0; v < vectors; v++)
		to[v] = ((const lanes *)weights)[v];
	if (features < vectors * LANES)
		NAME(keep)(features + LANES - vectors * LANES, &to[vectors - 1]);
}

static TARGET double NAME(loss)(const double *rows, size_t features, size_t count,
				const double *weights)
{
	size_t vectors = lanes_of(features) / LANES;
	lanes w[MOST_VECTORS];

	NAME(fill)(weights, features, vectors, w);
	if (vectors == 2)
		return NAME(loss_of)(rows, count, 2, w, weights[features]);
	return NAME(loss_of)(rows, count, vectors, w, weights[features]);
}

INLINE double NAME(gradient_with)(const double *rows, size_t features, const uint32_t *order,
				  size_t count, size_t vectors, const double *weights, lanes *w,
				  lanes *sums, double *gradient)
{
	double bias, loss;

	NAME(fill)(weights, features, vectors, w);
	for (size_t v = 0; v < vectors; v++)
		sums[v] = (lanes){0};
	loss = NAME(gradient_of)(rows, order, count, vectors, w, weights[features], sums, &bias);
	if (features < vectors * LANES) /* residuals may be infinite, and times 0 not a number */
		NAME(keep)(features + LANES - vectors * LANES, &sums[vectors - 1]);
	else
		((lanes *)gradient)[vectors] = (lanes){0};
	for (size_t v = 0; v < vectors; v++)
		((lanes *)gradient)[v] = sums[v];
	gradient[features] = bias;
	return loss;
}

static TARGET double NAME(wide_gradient)(const double *rows, size_t features, const uint32_t *order,
					 size_t count, const double *weights, double *gradient)
{
	lanes w[MOST_VECTORS], sums[MOST_VECTORS];

	return NAME(gradient_with)(rows, features, order, count, lanes_of(features) / LANES, weights,
				   w, sums, gradient);
}

/* 5 to 8 features keep their weights and sums in registers. */
static TARGET double NAME(gradient)(const double *rows, size_t features, const uint32_t *order,
				    size_t count, const double *weights, double *gradient)
{
	lanes w[2], sums[2];

	if (lanes_of(features) != 2 * LANES)
		return NAME(wide_gradient)(rows, features, order, count, weights, gradient);
	return NAME(gradient_with)(rows, features, order, count, 2, weights, w, sums, gradient);
}

/* Rows i to i + 4 parts - 1 of M d. Of a triangle only the columns from i on, and of the first
 * ones only the part above the diagonal; else two chains, of even and odd columns, so that
 * additions wait less for each other. */
INLINE void NAME(product)(const double *matrix, size_t columns, const double *d, size_t i,
			  size_t parts, bool triangle, lanes *v)
{
	size_t stride = lanes_of(columns), j = 0;
	const double *from = matrix + i;
	lanes odd[MOST_PARTS] = {{0}};

	for (size_t k = 0; k < parts; k++)
		v[k] = (lanes){0};
	if (triangle) {
		from += i * stride;
		j = i;
		for (size_t part = 1; part < parts; part++)
			for (int c = 0; c < LANES; c++, j++, from += stride)
				for (size_t k = 0; k < part; k++)
					v[k] += ((const lanes *)from)[k] * d[j];
	}
	for (; j + 1 < columns; j += 2, from += 2 * stride)
		for (size_t k = 0; k < parts; k++) {
			v[k] += ((const lanes *)from)[k] * d[j];
			odd[k] += ((const lanes *)(from + stride))[k] * d[j + 1];
		}
	for (size_t k = 0; k < parts; k++) {
		if (j < columns)
			v[k] += ((const lanes *)from)[k] * d[j];
		v[k] += odd[k];
	}
}

INLINE void NAME(difference)(const double *a, const double *b, size_t columns, double *d)
{
	for (size_t i = 0; i < columns; i += LANES)
		*(lanes *)(d + i) = *(const lanes *)(a + i) - *(const lanes *)(b + i);
}

INLINE void NAME(add_squares)(const double *root, size_t columns, const double *d, size_t i,
			      size_t parts, lanes *sum)
{
	lanes v[MOST_PARTS];

	NAME(product)(root, columns, d, i, parts, true, v);
	for (size_t k = 0; k < parts; k++)
		*sum += v[k] * v[k];
}

static TARGET double NAME(norm2)(const double *root, size_t columns, const double *a,
				 const double *b)
{
	double d[MOST_VECTORS * LANES];
	lanes sum = {0};
	size_t i = 0;

	NAME(difference)(a, b, columns, d);
	for (; i + 2 * LANES < columns; i += 3 * LANES)
		NAME(add_squares)(root, columns, d, i, 3, &sum);
	for (; i < columns; i += LANES)
		NAME(add_squares)(root, columns, d, i, 1, &sum);
	return NAME(sum)(&sum);
}

INLINE void NAME(add_part)(const double *matrix, size_t columns, const double *d, const double *g,
			   double *gradient, size_t i, size_t parts, lanes *sum)
{
	lanes v[MOST_PARTS];

	NAME(product)(matrix, columns, d, i, parts, false, v);
	for (size_t k = 0; k < parts; k++, i += LANES) {
		const lanes at = *(const lanes *)(g + i), to = v[k] + at;

		*(lanes *)(gradient + i) = to;
		*sum += (at + to) * *(const lanes *)(d + i);
	}
}

static TARGET double NAME(quadratic)(const double *matrix, size_t columns, const double *a,
				     const double *b, const double *g, double *gradient)
{
	double d[MOST_VECTORS * LANES];
	lanes sum = {0};
	size_t i = 0;

	NAME(difference)(a, b, columns, d);
	for (; i + 2 * LANES < columns; i += 3 * LANES)
		NAME(add_part)(matrix, columns, d, g, gradient, i, 3, &sum);
	for (; i < columns; i += LANES)
		NAME(add_part)(matrix, columns, d, g, gradient, i, 1, &sum);
	return NAME(sum)(&sum) / 2; /* (g'd + (g + M d)'d) / 2 = g'd + d'M d / 2 */
}

static TARGET void NAME(outer)(double *matrix, size_t columns, const double *v)
{
	size_t stride = lanes_of(columns);

	for (size_t j = 0; j < columns; j++)
		for (size_t i = j / LANES * LANES; i < stride; i += LANES)
			*(lanes *)(matrix + j * stride + i) += *(const lanes *)(v + i) * v[j];
}

/* Four chains, so that additions wait less for each other. */
static TARGET double NAME(dot)(const double *a, const double *b, size_t count)
{
	const lanes *x = (const lanes *)a, *y = (const lanes *)b;
	lanes sum[4] = {{0}};
	size_t i = 0;

	count /= LANES;
	for (; i + 4 <= count; i += 4)
		for (size_t k = 0; k < 4; k++)
			sum[k] += x[i + k] * y[i + k];
	for (; i < count; i++)
		sum[0] += x[i] * y[i];
	sum[0] = (sum[0] + sum[2]) + (sum[1] + sum[3]);
	return NAME(sum)(&sum[0]);
}

static TARGET void NAME(add)(double *to, const double *from, double factor, size_t count)
{
	const lanes *x = (const lanes *)from;
	lanes *y = (lanes *)to;
	size_t i = 0;

	count /= LANES;
	for (; i + 4 <= count; i += 4)
		for (size_t k = 0; k < 4; k++)
			y[i + k] += x[i + k] * factor;
	for (; i < count; i++)
		y[i] += x[i] * factor;
}

struct NAME(pair) {
	lanes high, low;
};

/* As pair_add. */
INLINE struct NAME(pair) NAME(pair_add)(struct NAME(pair) a, struct NAME(pair) b)
{
	lanes sum = a.high + b.high, part = sum - a.high;
	lanes low = ((a.high - (sum - part)) + (b.high - part)) + (a.low + b.low), high = sum + low;

	return (struct NAME(pair)){high, low - (high - sum)};
}

/* The upper 26 bits: halves multiply without rounding. */
INLINE lanes NAME(upper)(lanes a)
{
	lanes split = 134217729 * a;

	return split - (split - a);
}

/* a * b for a pair and a double, whose upper halves are given. */
INLINE struct NAME(pair) NAME(pair_times)(struct NAME(pair) a, lanes a_upper, lanes b, lanes b_upper)
{
	lanes a_lower = a.high - a_upper, b_lower = b - b_upper, high = a.high * b;

	return (struct NAME(pair)){high, ((a_upper * b_upper - high) + a_upper * b_lower +
					  a_lower * b_upper) + a_lower * b_lower + a.low * b};
}

static TARGET double NAME(pairs)(const double *a, struct pair x, const double *r,
				 const double *r_low, double *f, double *f_low, size_t count)
{
	const struct NAME(pair) minus = {(lanes){0} - x.high, (lanes){0} - x.low};
	const lanes minus_upper = NAME(upper)(minus.high);
	struct NAME(pair) sum = {{0}, {0}};
	struct pair total = {0, 0};

	for (size_t i = 0; i < count; i += LANES) {
		const lanes b = *(const lanes *)(a + i), b_upper = NAME(upper)(b);
		lanes *high = (lanes *)(f + i), *low = (lanes *)(f_low + i);
		struct NAME(pair) at = {*high, *low};
		const struct NAME(pair) s = {*(const lanes *)(r + i), *(const lanes *)(r_low + i)};

		at = NAME(pair_add)(at, NAME(pair_times)(minus, minus_upper, b, b_upper));
		*high = at.high;
		*low = at.low;
		sum = NAME(pair_add)(sum, NAME(pair_times)(s, NAME(upper)(s.high), b, b_upper));
	}
	for (size_t k = 0; k < LANES; k++)
		total = pair_add(total, (struct pair){sum.high[k], sum.low[k]});
	return total.high;
}

#undef EACH
#undef INLINE
#undef NAME
#undef TARGET
#undef PAIRS
