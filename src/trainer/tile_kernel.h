/* The kernels of tile.c, written once and compiled for vectors of WIDTH doubles: the including file
 * defines WIDTH, NAME(x) (a name for this width) and TARGET (its attribute), and undefines them.
 * An array of PARTS vectors is one row of TILE lanes, so the arithmetic is the same for each. */
#define PARTS (TILE / WIDTH)
#define FOR_PARTS for (int k = 0; k < PARTS; k++)

typedef double NAME(lanes) __attribute__((vector_size(WIDTH * sizeof(double)),
					  aligned(sizeof(double)), may_alias));
#define LANES NAME(lanes)

/* The fixed tree ((0+4)+(2+6)) + ((1+5)+(3+7)). */
static inline TARGET double NAME(sum)(const LANES s[PARTS])
{
	typedef double pair __attribute__((vector_size(16), aligned(8), may_alias));
	double all[TILE];
	const pair *p = (const pair *)all;
	pair sum;

	FOR_PARTS
		*(LANES *)(all + k * WIDTH) = s[k];
	sum = (p[0] + p[2]) + (p[1] + p[3]);
	return sum[0] + sum[1];
}

/* Prediction minus target in the lanes of tile t; 0 in those without a row. */
static inline TARGET void NAME(residuals)(const double *tiles, size_t features, size_t rows,
					  const double *weights, size_t t, LANES r[PARTS])
{
	const LANES *tile = (const LANES *)(tiles + t * tile_size(features));

	FOR_PARTS
		r[k] = (LANES){0} + weights[features];
	for (size_t j = 0; j < features; j++, tile += PARTS)
		FOR_PARTS
			r[k] += tile[k] * weights[j];
	FOR_PARTS
		r[k] -= tile[k];
	if (rows - t * TILE < TILE) {
		double all[TILE] = {0};

		FOR_PARTS
			*(LANES *)(all + k * WIDTH) = r[k];
		for (size_t lane = rows - t * TILE; lane < TILE; lane++)
			all[lane] = 0;
		FOR_PARTS
			r[k] = *(LANES *)(all + k * WIDTH);
	}
}

static TARGET double NAME(loss)(const double *tiles, size_t features, size_t rows,
				const double *weights)
{
	LANES sum[PARTS] = {{0}}, r[PARTS];

	for (size_t t = 0; t < tile_count(rows); t++) {
		NAME(residuals)(tiles, features, rows, weights, t, r);
		FOR_PARTS
			sum[k] += r[k] * r[k];
	}
	return NAME(sum)(sum) / (double)rows;
}

static TARGET double NAME(gradient)(const double *tiles, size_t features, size_t rows,
				    const double *weights, double *gradient, double *residuals)
{
	size_t count = tile_count(rows), size = tile_size(features);
	LANES sum[PARTS] = {{0}}, bias[PARTS] = {{0}}, r[PARTS];
	double scale = 2 / (double)rows;

	for (size_t t = 0; t < count; t++) {
		LANES *to = (LANES *)(residuals + t * TILE);

		NAME(residuals)(tiles, features, rows, weights, t, r);
		FOR_PARTS {
			sum[k] += r[k] * r[k];
			to[k] = r[k] * scale; /* here, as PyTorch does: overflow comes no sooner */
			bias[k] += to[k];
		}
	}
	for (size_t j = 0; j < features; j++) {
		const double *x = tiles + j * TILE;
		LANES g[PARTS] = {{0}};

		for (size_t t = 0; t < count; t++)
			FOR_PARTS
				g[k] += ((const LANES *)(residuals + t * TILE))[k] *
					((const LANES *)(x + t * size))[k];
		gradient[j] = NAME(sum)(g);
	}
	gradient[features] = NAME(sum)(bias);
	return NAME(sum)(sum) / (double)rows;
}

static TARGET double NAME(norm2)(const double *matrix, size_t columns, const double *a,
				 const double *b)
{
	size_t stride = lanes_of(columns);
	LANES sum[PARTS] = {{0}};

	for (size_t i = 0; i < stride; i += TILE) {
		LANES v[PARTS] = {{0}};

		for (size_t j = 0; j < columns; j++)
			FOR_PARTS
				v[k] += ((const LANES *)(matrix + j * stride + i))[k] *
					(a[j] - b[j]);
		FOR_PARTS
			sum[k] += v[k] * v[k];
	}
	return NAME(sum)(sum);
}

/* Two chains, of the even and the odd columns, so that additions wait less for each other. */
static TARGET double NAME(quadratic)(const double *matrix, size_t columns, const double *a,
				     const double *b, const double *g, double *gradient)
{
	size_t stride = lanes_of(columns);
	LANES sum[PARTS] = {{0}};

	for (size_t i = 0; i < stride; i += TILE) {
		const LANES *from = (const LANES *)(matrix + i), *d[2], *at = (const LANES *)(g + i);
		LANES even[PARTS] = {{0}}, odd[PARTS] = {{0}}, *to = (LANES *)(gradient + i);
		size_t j = 0, next = stride / WIDTH;

		d[0] = (const LANES *)(a + i);
		d[1] = (const LANES *)(b + i);
		for (; j + 1 < columns; j += 2, from += 2 * next)
			FOR_PARTS {
				even[k] += from[k] * (a[j] - b[j]);
				odd[k] += from[next + (size_t)k] * (a[j + 1] - b[j + 1]);
			}
		if (j < columns)
			FOR_PARTS
				even[k] += from[k] * (a[j] - b[j]);
		FOR_PARTS {
			to[k] = (even[k] + odd[k]) + at[k];
			sum[k] += (at[k] + to[k]) * (d[0][k] - d[1][k]);
		}
	}
	return NAME(sum)(sum) / 2; /* (g'd + (g + M d)'d) / 2 = g'd + d'M d / 2 */
}

static TARGET void NAME(outer)(double *matrix, size_t columns, const double *v)
{
	size_t stride = lanes_of(columns);

	for (size_t j = 0; j < columns; j++) {
		LANES *to = (LANES *)(matrix + j * stride);
		const LANES *from = (const LANES *)v;

		for (size_t i = j / TILE * PARTS; i < stride / WIDTH; i++)
			to[i] += from[i] * v[j];
	}
}

#undef LANES
#undef FOR_PARTS
#undef PARTS
#undef WIDTH
#undef NAME
#undef TARGET
