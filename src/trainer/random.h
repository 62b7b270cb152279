/* Reproducible randomness: one stream a (seed, purpose, number), never shared.
 *
 * Generator: xoshiro256** (Blackman and Vigna 2018). SplitMix64 (Steele, Lea and Flood 2014)
 * fills its state: with next(x) = { x += 0x9e3779b97f4a7c15; return mix(x); },
 *     x = seed;  x = next(x) ^ purpose;  x = next(x) ^ number;  s[0..3] = next(x) four times,
 * so that neighbouring seeds, purposes and numbers share nothing that can be seen.
 * Test vectors, computed by an independent program: tests/unit/random.c. */
#ifndef LRSCOPE_TRAINER_RANDOM_H
#define LRSCOPE_TRAINER_RANDOM_H

#include <stddef.h>
#include <stdint.h>

enum random_purpose { RANDOM_SPLIT = 1, RANDOM_SHUFFLE = 2 };

struct random {
	uint64_t s[4];
};

/* `number` is the epoch for RANDOM_SHUFFLE, else 0. */
void random_start(struct random *random, uint64_t seed, enum random_purpose purpose,
		  uint64_t number);
uint64_t random_next(struct random *random);
/* Uniform in 0..bound-1 without bias: the high half of next() * bound, drawn again while the low
 * half is below 2^64 mod bound (Lemire 2019). `bound` is above 0. */
uint64_t random_below(struct random *random, uint64_t bound);
/* Fisher-Yates from the last index down: for i = count-1 .. 1 swap items i and below(i + 1). */
void random_shuffle(struct random *random, uint32_t *items, size_t count);

#endif
