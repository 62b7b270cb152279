/* Prompt lines: each is completed at every place, then carried out and drawn. */
#include "explorer/check.h"
#include "explorer/drive.h"
#include "fuzz/fuzz.h"

static void complete(const struct scope *scope, const char *line)
{
	int length = (int)strlen(line);

	for (int cursor = 0; cursor <= length; cursor += length / 8 + 1) {
		int start = -1;
		bool files;
		char **found = scope_complete(scope, line, cursor, &start, &files);

		CLAIM(start >= 0 && start <= cursor, "completion starts at %d of %d", start, cursor);
		for (int k = 0; found && found[k] && found[k + 1]; k++)
			CLAIM(strcmp(found[k], found[k + 1]) < 0, "candidates are not sorted");
		completion_free(found);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct drive drive;
	struct input input = {data, size};
	struct error error;
	struct study before;
	struct why why;
	char line[5000];

	CLAIM(drive_open(&drive, 80, 24, &error), "%s", error.text);
	while (input.left > 0 && !drive.quit) {
		take_line(&input, line, sizeof line);
		complete(&drive.scope, line);
		before = drive.scope.study;
		if (!drive_line(&drive, line)) {
			claim_sentence(&drive.error);
			CLAIM(strchr(line, ';') ||
			      memcmp(&before, &drive.scope.study, sizeof before) == 0,
			      "refused, and changed: %s", line);
		}
		CLAIM(!scope_wrong(&drive.scope, &why), "%s: %s", line, why.text);
		drive_work(&drive, 40);
	}
	drive_draw(&drive);
	CLAIM(!refreshed_wrong(&drive.scope, &why), "%s", why.text);
	CLAIM(!canvas_wrong(&drive.canvas, &why), "%s", why.text);
	CLAIM(!study_unlike_its_file(&drive.scope.study, &why), "%s", why.text);
	drive_close(&drive);
	return 0;
}
