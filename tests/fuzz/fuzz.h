/* What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput: libFuzzer calls it
 * where the build is configured with --enable-fuzzing, replay.c with the saved inputs else. */
#ifndef LRSCOPE_TESTS_FUZZ_H
#define LRSCOPE_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program where the claim does not hold. */
#define CLAIM(claim, ...)                                                                          \
	do {                                                                                       \
		if (!(claim)) {                                                                    \
			fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                            \
			fprintf(stderr, __VA_ARGS__);                                              \
			fputc('\n', stderr);                                                       \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* An error has a sentence that a terminal can be shown. */
static inline void claim_sentence(const struct error *error)
{
	const char *at = error->text;
	uint32_t code;

	CLAIM(error->kind != ERROR_NONE && *at, "refused without a sentence");
	while (*at) {
		at += utf8_decode(at, strlen(at), &code);
		CLAIM(code != UTF8_BAD && !code_is_unsafe(code), "unsafe sentence: %s",
		      error->text);
	}
}

/* Input that is used up from its start; zeros after its end. */
struct input {
	const uint8_t *at;
	size_t left;
};

static inline unsigned take_byte(struct input *input)
{
	if (input->left == 0)
		return 0;
	input->left--;
	return *input->at++;
}

static inline void take(struct input *input, void *out, size_t size)
{
	uint8_t *bytes = out;

	while (size-- > 0)
		*bytes++ = (uint8_t)take_byte(input);
}

static inline double take_double(struct input *input)
{
	double number;

	take(input, &number, sizeof number);
	return number;
}

/* Bytes up to a NUL or `size` - 1 of them, terminated. */
static inline void take_line(struct input *input, char *out, size_t size)
{
	size_t length = 0;

	while (input->left > 0) {
		unsigned byte = take_byte(input);

		if (byte == 0)
			break;
		if (length + 1 < size)
			out[length++] = (char)byte;
	}
	out[length] = '\0';
}

#endif
