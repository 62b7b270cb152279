/* Reproducible randomness: one stream a (seed, purpose, number), never shared.
 * Generator: xoshiro256** (Blackman and Vigna 2018), its state filled by SplitMix64 from
 * seed, purpose and number as random_start says. Test vectors: tests/unit/random.c. */
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
/* Uniform in 0..bound-1 without bias (Lemire's multiplication with rejection). */
uint64_t random_below(struct random *random, uint64_t bound);
/* Fisher-Yates from the last index down. */
void random_shuffle(struct random *random, uint32_t *items, size_t count);

#endif
