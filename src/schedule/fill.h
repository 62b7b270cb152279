/* A stretch of a drawn curve, a block of steps at a time.
 *
 * Blocks start at multiples of BLOCK, whatever the call's first step, and each is computed whole:
 * so a step has the same bits in every call, and inner loops have a constant length, which lets a
 * compiler use vectors at -O2. */
#ifndef LRSCOPE_SCHEDULE_FILL_H
#define LRSCOPE_SCHEDULE_FILL_H

#include "schedule/schedule.h"

#define BLOCK 64

/* Writes the rates of steps first to first + BLOCK - 1. `memory`: what the strategy prepared. */
typedef void fill_block(const struct scheduler *scheduler, void *memory, int64_t first,
			double *lr);

void fill_blocks(const struct scheduler *scheduler, fill_block *block, void *memory,
		 int64_t from, size_t count, double *lr);

/* scheduler_at for each step: for blocks in which a curve turns. */
void fill_each(const struct scheduler *scheduler, int64_t first, double *lr);

#define GROUP (8 * BLOCK) /* steps that share one exact angle */

/* Half a cosine wave as sin^2(pi / 2 * left), left falling by 1 / half a step. */
struct wave {
	double size, sign; /* of the height: its root, 1 or -1 */
	int64_t group; /* the multiple of GROUP whose angle is known; -1: none */
	double sine, cosine;
	double cosines[BLOCK], sines[BLOCK];   /* of 0, 1, 2, ... steps */
	double far_cosines[GROUP / BLOCK], far_sines[GROUP / BLOCK]; /* of 0, 1, 2, ... blocks */
};

/* `half`: steps from crest to foot; `height`: of the crest over the foot. */
void wave_init(struct wave *wave, double half, double height);
/* The angle of step `group`, from what is left there. */
void wave_anchor(struct wave *wave, int64_t group, double left);
/* foot + height * sin^2 for the block at `first`, in the group of the anchor. */
void wave_block(const struct wave *wave, int64_t first, double foot, double *lr);

/* from + slope * j for j from 0. */
void line_block(double from, double slope, double *lr);
/* base + (from + slope * j) * powers[j]. */
void scaled_block(double base, double from, double slope, const double *powers, double *lr);

#endif
