/* The other kernels of lanes.c, written once: the including file defines INLINE, NAME(x) (a name for
 * this copy), TARGET (its attributes) and TIMES(a, b): the product of the lower 32 bits, those of b
 * being all; they are undefined here. */

/* The squares of rows i to i + 4 parts - 1 of R d: of the first columns only what is above the
 * diagonal. */
INLINE void NAME(add_squares)(const double *root, size_t columns, size_t stride, const double *d,
			      size_t i, size_t parts, lanes *sum)
{
	const double *from = root + i * stride + i, *end = d + columns;
	lanes v[MOST_PARTS] = {{0}};

	d += i;
	for (size_t part = 1; part < parts; part++)
		for (int column = 0; column < LANES; column++, from += stride, d++)
			for (size_t k = 0; k < part; k++)
				v[k] += ((const lanes *)from)[k] * *d;
	for (; d < end; d++, from += stride)
		for (size_t k = 0; k < parts; k++)
			v[k] += ((const lanes *)from)[k] * *d;
	for (size_t k = 0; k < parts; k++)
		*sum += v[k] * v[k];
}

INLINE double NAME(norm2_of)(const double *root, size_t columns, size_t stride, const double *a,
			     const double *b)
{
	double d[MOST_VECTORS * LANES];
	lanes sum = {0};
	size_t i = 0;

	for (; i + LANES < stride; i += LANES)
		*(lanes *)(d + i) = *(const lanes *)(a + i) - *(const lanes *)(b + i);
	for (; i < columns; i++)
		d[i] = a[i] - b[i];
	for (i = 0; i + MOST_PARTS * LANES <= stride; i += MOST_PARTS * LANES)
		NAME(add_squares)(root, columns, stride, d, i, MOST_PARTS, &sum);
	for (; i < stride; i += LANES)
		NAME(add_squares)(root, columns, stride, d, i, 1, &sum);
	return NAME(sum)(&sum);
}

static TARGET ALONE double NAME(wide_norm2)(const double *root, size_t columns, const double *a,
					    const double *b)
{
	return NAME(norm2_of)(root, columns, lanes_of(columns), a, b);
}

static TARGET double NAME(norm2)(const double *root, size_t columns, const double *a,
				 const double *b)
{
	if (lanes_of(columns) != 3 * LANES)
		return NAME(wide_norm2)(root, columns, a, b);
	return NAME(norm2_of)(root, columns, 3 * LANES, a, b);
}

/* Rows i to i + 4 parts - 1 of M d + g, and their share of the form. Two chains, of even and odd
 * columns, so that additions wait less for each other. */
INLINE void NAME(add_part)(const double *matrix, size_t columns, size_t stride, const double *d,
			   const double *g, double *gradient, size_t i, size_t parts, lanes *sum)
{
	lanes v[MOST_PARTS] = {{0}}, odd[MOST_PARTS] = {{0}};
	const double *from = matrix + i;
	size_t j = 0;

	for (; j + 1 < columns; j += 2, from += 2 * stride)
		for (size_t k = 0; k < parts; k++) {
			v[k] += ((const lanes *)from)[k] * d[j];
			odd[k] += ((const lanes *)(from + stride))[k] * d[j + 1];
		}
	for (size_t k = 0; k < parts; k++, i += LANES) {
		const lanes at = *(const lanes *)(g + i);
		lanes to;

		if (j < columns)
			v[k] += ((const lanes *)from)[k] * d[j];
		to = (v[k] + odd[k]) + at;
		*(lanes *)(gradient + i) = to;
		*sum += (at + to) * *(const lanes *)(d + i);
	}
}

INLINE double NAME(quadratic_of)(const double *matrix, size_t columns, size_t stride,
				 const double *a, const double *b, const double *g, double *gradient)
{
	double d[MOST_VECTORS * LANES];
	lanes sum = {0};
	size_t i = 0;

	for (; i < stride; i += LANES)
		*(lanes *)(d + i) = *(const lanes *)(a + i) - *(const lanes *)(b + i);
	for (i = 0; i + MOST_PARTS * LANES <= stride; i += MOST_PARTS * LANES)
		NAME(add_part)(matrix, columns, stride, d, g, gradient, i, MOST_PARTS, &sum);
	for (; i < stride; i += LANES)
		NAME(add_part)(matrix, columns, stride, d, g, gradient, i, 1, &sum);
	return NAME(sum)(&sum) / 2; /* (g'd + (g + M d)'d) / 2 = g'd + d'M d / 2 */
}

static TARGET ALONE double NAME(wide_quadratic)(const double *matrix, size_t columns,
						const double *a, const double *b, const double *g,
						double *gradient)
{
	return NAME(quadratic_of)(matrix, columns, lanes_of(columns), a, b, g, gradient);
}

static TARGET double NAME(quadratic)(const double *matrix, size_t columns, const double *a,
				     const double *b, const double *g, double *gradient)
{
	if (lanes_of(columns) != 3 * LANES)
		return NAME(wide_quadratic)(matrix, columns, a, b, g, gradient);
	return NAME(quadratic_of)(matrix, columns, 3 * LANES, a, b, g, gradient);
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

static TARGET void NAME(sgd)(double *weights, const double *gradient, double *buffer,
			     const struct sgd *sgd, size_t count)
{
	const double momentum = sgd->momentum, decay = sgd->weight_decay, keep = 1 - sgd->dampening;
	const double minus = -sgd->lr;
	const bool first = sgd->first, nesterov = sgd->nesterov;

	for (size_t i = 0; i < count; i += LANES) {
		lanes *w = (lanes *)(weights + i), *b = (lanes *)(buffer + i);
		lanes g = *(const lanes *)(gradient + i);

		if (decay != 0)
			g += *w * decay;
		if (momentum != 0) {
			lanes moving = g;

			if (!first)
				moving = *b * momentum + g * keep;
			*b = moving;
			if (nesterov)
				moving = g + moving * momentum;
			g = moving;
		}
		*w += g * minus;
	}
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

/* ---- shuffles ---- */

INLINE words NAME(rotate)(words x, int by)
{
	return x << by | x >> (64 - by);
}

/* As random.c; the high half of a 64 x 32 bit product from two of 32 x 32 bits. */
static TARGET bool NAME(shuffle)(uint64_t s[4][LANES], uint32_t *items, size_t apart, size_t count)
{
	words a = *(words *)s[0], b = *(words *)s[1], c = *(words *)s[2], d = *(words *)s[3];
	words bound = (words){0} + count, again = {0};

	for (size_t i = count; i-- > 1; bound -= 1) {
		words next = NAME(rotate)(b + (b << 2), 7), shifted = b << 17, product;
		uint64_t j[LANES];

		next += next << 3;
		c ^= a;
		d ^= b;
		b ^= c;
		a ^= d;
		c ^= shifted;
		d = NAME(rotate)(d, 45);
		product = TIMES(next >> 32, bound) + (TIMES(next, bound) >> 32);
		again |= (words)(product << 32 == 0); /* the low half may be below the bound */
		*(words *)j = product >> 32;
		for (size_t k = 0; k < LANES; k++) {
			uint32_t *of = items + k * apart, item = of[i];

			of[i] = of[j[k]];
			of[j[k]] = item;
		}
	}
	return !(again[0] | again[1] | again[2] | again[3]);
}

/* ---- products ---- */

/* The parts of a group, into registers. */
INLINE void NAME(load)(const double *from, lanes *parts)
{
	for (size_t i = 0; i < PARTS; i++)
		parts[i] = ((const lanes *)from)[i];
}

static TARGET void NAME(products)(const double *rows, size_t features, size_t count,
				  const double *basis, size_t r, double *products)
{
	double x[(DATASET_FEATURES + 1) * GROUP], z[(DATASET_FEATURES + 1) * GROUP];
	size_t size = row_size(features);
	lanes *to = (lanes *)products;

	for (size_t i = 0; count < GROUP && i < (features + 1) * GROUP; i++)
		x[i] = 0;
	for (size_t i = 0; i < count; i++, rows += size) {
		for (size_t j = 0; j < features; j++)
			x[j * GROUP + i] = rows[j];
		x[features * GROUP + i] = 1;
	}
	for (size_t k = 0; k < r; k++) {
		lanes sum[PARTS] = {{0}};

		for (size_t j = 0; j <= features; j++)
			for (size_t part = 0; part < PARTS; part++)
				sum[part] += ((const lanes *)(x + j * GROUP))[part] * basis[j * r + k];
		for (size_t part = 0; part < PARTS; part++)
			((lanes *)(z + k * GROUP))[part] = sum[part];
	}
	for (size_t k = 0; k < r; k++) {
		lanes part[PARTS];

		NAME(load)(z + k * GROUP, part);
		for (size_t l = k; l < r; l++, to += PARTS)
			for (size_t i = 0; i < PARTS; i++)
				to[i] = part[i] * ((const lanes *)(z + l * GROUP))[i];
	}
}

/* a'b over the parts of a group. */
INLINE lanes NAME(group)(const lanes *a, const lanes *b)
{
	return ((a[0] * b[0] + a[1] * b[1]) + (a[2] * b[2] + a[3] * b[3])) +
	       ((a[4] * b[4] + a[5] * b[5]) + (a[6] * b[6] + a[7] * b[7]));
}

static TARGET void NAME(moments)(const double *products, size_t r, double *sums)
{
	const lanes *ab = (const lanes *)products, *end = ab + r * (r + 1) / 2 * PARTS;
	lanes *to = (lanes *)sums;

	for (size_t a = 0; a < r; a++) {
		const lanes *from = ab; /* the products of b and what follows */

		for (size_t b = a; b < r; from += (r - b++) * PARTS, ab += PARTS) {
			lanes p[PARTS];

			NAME(load)((const double *)ab, p);
#pragma GCC unroll 4
			for (const lanes *cd = from; cd < end; cd += PARTS)
				*to++ += NAME(group)(p, cd);
		}
	}
}

static TARGET void NAME(apply)(const double *products, size_t order, const double *from, double *to)
{
	const lanes *p = (const lanes *)products;
	lanes v[PARTS] = {{0}};

	for (size_t i = 0; i < order; i++)
		for (size_t part = 0; part < PARTS; part++)
			v[part] += p[i * PARTS + part] * from[i];
	for (size_t i = 0; i < order; i++, p += PARTS) {
		lanes sum = NAME(group)(p, v);

		to[i] += NAME(sum)(&sum);
	}
}

#undef NAME
#undef TARGET
#undef PAIRS
#undef TIMES
