/* Blocks of a drawn curve: see fill.h. */
#include "schedule/fill.h"

#include <math.h>
#include <string.h>

#include "schedule/strategy.h"

/* The inner loops, once more for processors with 32-byte vectors; same operations, same
 * bits. The choice is made when the program is loaded, before a sanitizer is ready. */
#if defined __x86_64__ && defined __GLIBC__ && !defined __clang__ && \
	!defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

void fill_blocks(const struct scheduler *scheduler, fill_block *block, void *memory,
		 int64_t from, size_t count, double *lr)
{
	double whole[BLOCK];

	while (count > 0) {
		size_t skipped = (size_t)(from % BLOCK);
		size_t taken = count < BLOCK - skipped ? count : BLOCK - skipped;

		if (taken == BLOCK) {
			block(scheduler, memory, from, lr);
		} else {
			block(scheduler, memory, from - (int64_t)skipped, whole);
			memcpy(lr, whole + skipped, taken * sizeof *lr);
		}
		from += (int64_t)taken;
		count -= taken;
		lr += taken;
	}
}

void fill_each(const struct scheduler *scheduler, int64_t first, double *lr)
{
	for (int j = 0; j < BLOCK; j++) {
		lr[j] = scheduler_at(scheduler, first + j).lr;
	}
}

/* cos and sin of the angle of so many steps; sin has the period 4 half. */
static void turn(double half, int steps, double *cosine, double *sine)
{
	double angle = M_PI_2 * (fmod(steps, 4 * half) / half);

	*cosine = cos(angle);
	*sine = sin(angle);
}

void wave_init(struct wave *wave, double half, double height)
{
	wave->size = sqrt(fabs(height));
	wave->sign = height < 0 ? -1 : 1;
	wave->group = -1;
	for (int j = 0; j < BLOCK; j++) {
		turn(half, j, &wave->cosines[j], &wave->sines[j]);
	}
	for (int j = 0; j < GROUP / BLOCK; j++) {
		turn(half, j * BLOCK, &wave->far_cosines[j], &wave->far_sines[j]);
	}
}

void wave_anchor(struct wave *wave, int64_t group, double left)
{
	wave->group = group;
	wave->sine = sin(M_PI_2 * left);
	wave->cosine = cos(M_PI_2 * left);
}

/* to + sign * (sine cos b - cosine sin b)^2 for each b; sign is 1 or -1. */
WIDE static void squares(double *restrict lr, const double *restrict cosines,
		    const double *restrict sines, double sine, double cosine, double to,
		    double sign)
{
	for (int j = 0; j < BLOCK; j++) {
		double root = sine * cosines[j] - cosine * sines[j];

		lr[j] = to + sign * (root * root);
	}
}

/* sin(a - b) = sin a cos b - cos a sin b, first a group's a to the block's, then to each step's.
 * Squared, so no rate comes out beyond the foot of the wave. */
void wave_block(const struct wave *wave, int64_t first, double foot, double *lr)
{
	int far = (int)((first - wave->group) / BLOCK);
	double sine = wave->sine * wave->far_cosines[far] - wave->cosine * wave->far_sines[far];
	double cosine = wave->cosine * wave->far_cosines[far] + wave->sine * wave->far_sines[far];

	squares(lr, wave->cosines, wave->sines, wave->size * sine, wave->size * cosine, foot,
		wave->sign);
}

WIDE void line_block(double from, double slope, double *lr)
{
	for (int j = 0; j < BLOCK; j++) {
		lr[j] = from + slope * j;
	}
}

WIDE static void scale(double *restrict lr, const double *restrict powers, double base, double from,
		  double slope)
{
	for (int j = 0; j < BLOCK; j++) {
		lr[j] = base + (from + slope * j) * powers[j];
	}
}

void scaled_block(double base, double from, double slope, const double *powers, double *lr)
{
	scale(lr, powers, base, from, slope);
}
