/* A lesson file: read, its figures evaluated, its steps played. */
#include "fuzz/fuzz.h"
#include "study/lesson.h"

/* Commands that would read whatever file the input names. */
static bool names_a_file(const uint8_t *data, size_t size)
{
	return memchr(data, '/', size) || memmem(data, size, " -", 2);
}

static void claim_step(const struct lesson_step *step)
{
	CLAIM(step->title && step->text && step->question && step->answer && step->task,
	      "a text is missing");
	CLAIM(step->command_count <= LESSON_LINES && step->way_count <= LESSON_LINES &&
		      step->goal_count <= LESSON_LINES && step->figure_count <= LESSON_LINES,
	      "too many lines");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = {.kind = ERROR_NONE};
	struct lesson lesson;
	struct scope *scope;

	memset(&lesson, 0, sizeof lesson);
	if (!lesson_read(&lesson, (const char *)data, size, "\x1b[7m.lesson", &error)) {
		claim_sentence(&error);
		return 0;
	}
	CLAIM(lesson.count > 0 && lesson.count <= LESSON_STEPS, "%d steps", lesson.count);
	scope = malloc(sizeof *scope);
	CLAIM(scope, "no memory");
	scope_init(scope);
	CLAIM(scope_start(scope, &error), "%s", error.text);
	for (int k = 0; k < lesson.count; k++) {
		claim_step(&lesson.steps[k]);
		for (int i = 0; i < lesson.steps[k].figure_count; i++)
			figure_value(scope, &lesson.steps[k].figures[i].figure);
	}
	scope_done(scope);
	free(scope);
	if (!names_a_file(data, size) && !lesson_try(&lesson, FILE_ANY, &error))
		claim_sentence(&error);
	lesson_done(&lesson);
	return 0;
}
