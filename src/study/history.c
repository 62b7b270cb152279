/* Undo and redo. A change is kept as the runs of bytes that differ, each as
 * offset, length (both 16 bit) and the exclusive or of old and new: the same bytes lead both ways. */
#include "study/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/language.h"

struct past_change {
	unsigned char *bytes;
	size_t size;
};

_Static_assert(sizeof(struct study) < 65536, "offsets of changes have 16 bits");

#define RUN_HEAD 4
/* A gap of equal bytes up to this length costs less than a new head. */
#define RUN_GAP 4

void history_init(struct history *history)
{
	memset(history, 0, sizeof *history);
}

static struct past_change *change_at(const struct history *history, int index)
{
	return &history->changes[(history->first + index) % HISTORY_CHANGES];
}

static void forget(struct history *history, int index)
{
	struct past_change *change = change_at(history, index);

	history->bytes -= change->size;
	free(change->bytes);
	change->bytes = NULL;
	change->size = 0;
}

void history_done(struct history *history)
{
	while (history->count > 0)
		forget(history, --history->count);
	free(history->changes);
	history_init(history);
}

/* Length of the run of differing bytes at `from`, bridging short gaps. */
static size_t run_length(const unsigned char *a, const unsigned char *b, size_t from)
{
	size_t last = from, k;

	for (k = from; k < sizeof(struct study) && k <= last + RUN_GAP; k++)
		if (a[k] != b[k])
			last = k;
	return last + 1 - from;
}

/* Writes the change into `out` unless it is NULL; returns its size. */
static size_t encode(const struct study *before, const struct study *after, unsigned char *out)
{
	const unsigned char *a = (const unsigned char *)before, *b = (const unsigned char *)after;
	size_t size = 0, k = 0, i, length;

	while (k < sizeof *before) {
		if (a[k] == b[k]) {
			k++;
			continue;
		}
		length = run_length(a, b, k);
		if (out != NULL) {
			out[size] = (unsigned char)(k & 255);
			out[size + 1] = (unsigned char)(k >> 8);
			out[size + 2] = (unsigned char)(length & 255);
			out[size + 3] = (unsigned char)(length >> 8);
			for (i = 0; i < length; i++)
				out[size + RUN_HEAD + i] = a[k + i] ^ b[k + i];
		}
		size += RUN_HEAD + length;
		k += length;
	}
	return size;
}

static void apply(const struct past_change *change, struct study *study)
{
	unsigned char *bytes = (unsigned char *)study;
	const unsigned char *at = change->bytes, *end = at + change->size;

	while (at < end) {
		size_t offset = at[0] | (size_t)at[1] << 8, length = at[2] | (size_t)at[3] << 8, i;

		for (i = 0; i < length; i++)
			bytes[offset + i] ^= at[RUN_HEAD + i];
		at += RUN_HEAD + length;
	}
}

bool history_add(struct history *history, const struct study *before, const struct study *after,
		 struct error *error)
{
	size_t size = encode(before, after, NULL);
	struct past_change change;

	if (size == 0)
		return true;
	if (history->changes == NULL) {
		history->changes = calloc(HISTORY_CHANGES, sizeof *history->changes);
		if (history->changes == NULL)
			return error_memory(error);
	}
	change.size = size;
	change.bytes = malloc(size);
	if (change.bytes == NULL)
		return error_memory(error);
	encode(before, after, change.bytes);
	while (history->count > history->position)
		forget(history, --history->count);
	if (history->count == HISTORY_CHANGES) {
		forget(history, 0);
		history->first = (history->first + 1) % HISTORY_CHANGES;
		history->count--;
	}
	*change_at(history, history->count++) = change;
	history->position = history->count;
	history->bytes += size;
	return true;
}

bool history_undo(struct history *history, struct study *study, struct error *error)
{
	if (history->position == 0)
		return error_request(error, _("nothing to undo"));
	apply(change_at(history, --history->position), study);
	return true;
}

bool history_redo(struct history *history, struct study *study, struct error *error)
{
	if (history->position == history->count)
		return error_request(error, _("nothing to do again"));
	apply(change_at(history, history->position++), study);
	return true;
}
