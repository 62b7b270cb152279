/* What limit.c remembers of a problem, so that the next limit is cheap. */
#ifndef LRSCOPE_TRAINER_LIMIT_H
#define LRSCOPE_TRAINER_LIMIT_H

struct limit_cache;
void limit_cache_free(struct limit_cache *cache); /* NULL is fine */

#endif
