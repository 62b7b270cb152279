/* The kernels of lanes.c for mini-batches, written once: the including file defines INLINE, NAME(x) (a
 * name for this copy), TARGET (its attributes) and PAIRS(a, b): a0+a1, b0+b1, a2+a3, b2+b3. */

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
	const double *row[] = {rows + order[0], rows + order[1], rows + order[2], rows + order[3]};
	lanes r;

	NAME(residuals)(row, vectors, weights, bias, &r);
	if (count < LANES)
		NAME(keep)(count, &r);
	sums->squares += r * r;
	r *= sums->scale; /* here, as PyTorch does: overflow comes no sooner */
	sums->bias += r;
	/* the rows are read again: there are no registers to keep them in */
	__asm__("" : "+r"(row[0]), "+r"(row[1]), "+r"(row[2]), "+r"(row[3]));
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
	size_t whole = features / LANES;

	for (size_t v = 0; v < whole; v++)
		to[v] = ((const lanes *)weights)[v];
	if (whole < vectors)
		to[whole] = (lanes){0};
	for (size_t j = whole * LANES; j < features; j++)
		to[whole][j % LANES] = weights[j];
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

static TARGET ALONE double NAME(wide_gradient)(const double *rows, size_t features,
					       const uint32_t *order, size_t count,
					       const double *weights, double *gradient)
{
	lanes w[MOST_VECTORS], sums[MOST_VECTORS];

	return NAME(gradient_with)(rows, features, order, count, lanes_of(features) / LANES, weights,
				   w, sums, gradient);
}

/* 5 to 8 features keep their weights and sums in registers; and here and below sizes that are known
 * when this is compiled spare most of the work around the numbers. */
static TARGET double NAME(gradient)(const double *rows, size_t features, const uint32_t *order,
				    size_t count, const double *weights, double *gradient)
{
	lanes w[2], sums[2];

	if (lanes_of(features) != 2 * LANES)
		return NAME(wide_gradient)(rows, features, order, count, weights, gradient);
	return NAME(gradient_with)(rows, features, order, count, 2, weights, w, sums, gradient);
}

#undef EACH
