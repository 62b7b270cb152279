/* Stands in for libFuzzer: gives a target its saved inputs and a fixed number of mutations of them,
 * the same on every run. A TAP line each way; a crash is the program's end.
 *
 *	NAME [FILE ...]      without files: tests/fuzz/corpus/NAME/ below $top_srcdir */
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#include <dirent.h>
#include <libgen.h>
#include <unistd.h>

#include "base/file.h"
#include "fuzz/fuzz.h"

#define MOST 500      /* files */
#define BYTES 65536   /* of a file */
#define MUTATIONS 600 /* in all */

static char names[MOST][300];

static int compare(const void *left, const void *right)
{
	return strcmp(left, right);
}

static int list(const char *folder)
{
	DIR *stream = opendir(folder);
	struct dirent *entry;
	int count = 0;

	if (!stream)
		return 0;
	while ((entry = readdir(stream)) && count < MOST)
		if (entry->d_name[0] != '.')
			snprintf(names[count++], sizeof *names, "%.40s/%.200s", folder,
				 entry->d_name);
	closedir(stream);
	qsort(names, (size_t)count, sizeof *names, compare);
	return count;
}

/* xorshift64 (Marsaglia 2003). */
static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* One to four bytes changed, taken out or put in, from `bytes` into `out`. */
static size_t mutate(const struct text *bytes, uint8_t *out, uint64_t *state)
{
	size_t length = bytes->length < BYTES - 8 ? bytes->length : BYTES - 8;

	memcpy(out, bytes->bytes, length);
	for (uint64_t k = random_next(state) % 4 + 1; k > 0; k--) {
		size_t at = length ? random_next(state) % length : 0;
		uint8_t byte = (uint8_t)(random_next(state) >> 24);

		switch (random_next(state) % 3) {
		case 0:
			if (length > 0)
				out[at] = byte;
			break;
		case 1:
			if (length > 0)
				memmove(out + at, out + at + 1, --length - at);
			break;
		default:
			memmove(out + at + 1, out + at, length - at);
			out[at] = byte;
			length++;
		}
	}
	return length;
}

/* An allocation of the very size, so that reading beyond it is seen. */
static void give(const void *bytes, size_t length)
{
	uint8_t *copy = malloc(length ? length : 1);

	if (!copy)
		abort();
	memcpy(copy, bytes, length);
	LLVMFuzzerTestOneInput(copy, length);
	free(copy);
}

static bool replay(const char *path, int number, int mutations)
{
	static uint8_t changed[BYTES];
	uint64_t state = 88172645463325252u + (uint64_t)number;
	struct error error = {.kind = ERROR_NONE};
	struct text text;
	bool done;

	text_init(&text);
	done = file_read(&text, path, BYTES, &error);
	if (done)
		give(text.bytes, text.length);
	for (int i = 0; done && i < mutations; i++)
		give(changed, mutate(&text, changed, &state));
	printf("%sok %d - %s%s%s\n", done ? "" : "not ", number, path, done ? "" : ": ",
	       done ? "" : error.text);
	fflush(stdout);
	text_done(&text);
	return done;
}

int main(int count, char **words)
{
	const char *top = getenv("top_srcdir");
	char folder[4096];
	int files = count - 1, failed = 0;

	if (files == 0) {
		snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus", top ? top : ".");
		if (chdir(folder) != 0) {
			perror(folder);
			return 1;
		}
		files = list(basename(words[0]));
	}
	printf("1..%d\n", files > 0 ? files : 1);
	if (files == 0)
		printf("not ok 1 - no saved inputs\n");
	for (int i = 0; i < files; i++)
		failed += !replay(count > 1 ? words[i + 1] : names[i], i + 1,
				  count > 1 ? 0 : MUTATIONS / files + 1);
	return failed > 0 || files == 0;
}
#else
extern int replay_is_not_used;
#endif
