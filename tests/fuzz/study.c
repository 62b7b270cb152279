/* A saved study: read, checked, written and read again. */
#include "explorer/check.h"
#include "fuzz/fuzz.h"
#include "study/saved.h"
#include "study/study.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = {.kind = ERROR_NONE};
	struct study study, before;
	struct why why;

	study_init(&study);
	before = study;
	if (!saved_read(&study, (const char *)data, size, "a\x1b[31m.json",
			size % 2 ? "/tmp" : NULL, &error)) {
		claim_sentence(&error);
		CLAIM(memcmp(&study, &before, sizeof study) == 0, "refused, and changed");
		return 0;
	}
	CLAIM(!study_wrong(&study, &why), "%s", why.text);
	CLAIM(!study_unlike_its_file(&study, &why), "%s", why.text);
	return 0;
}
