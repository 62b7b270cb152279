#include "trainer/random.h"

static uint64_t split_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

void random_start(struct random *random, uint64_t seed, enum random_purpose purpose,
		  uint64_t number)
{
	uint64_t state = seed;

	state = split_next(&state) ^ (uint64_t)purpose;
	state = split_next(&state) ^ number;
	for (int i = 0; i < 4; i++)
		random->s[i] = split_next(&state);
}

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

uint64_t random_next(struct random *random)
{
	uint64_t *s = random->s;
	uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

uint64_t random_below(struct random *random, uint64_t bound)
{
	unsigned __int128 product = (unsigned __int128)random_next(random) * bound;

	if ((uint64_t)product < bound) {
		uint64_t least = -bound % bound; /* 2^64 mod bound */

		while ((uint64_t)product < least)
			product = (unsigned __int128)random_next(random) * bound;
	}
	return (uint64_t)(product >> 64);
}

void random_shuffle(struct random *random, uint32_t *items, size_t count)
{
	struct random state = *random; /* in registers */

	for (size_t i = count; i > 1; i--) {
		size_t j = random_below(&state, i);
		uint32_t item = items[i - 1];

		items[i - 1] = items[j];
		items[j] = item;
	}
	*random = state;
}
