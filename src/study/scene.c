/* Scenes: short command scripts, compiled in from data/scenes. The first one is the start. */
#include <string.h>

#include "base/language.h"
#include "base/number.h"
#include "study/private.h"

bool command_nudge(const struct command_words *words, int *steps, enum nudge *nudge,
		   struct error *error)
{
	static const char *const known[] = {"fine", "coarse"};
	int64_t number;

	if (!number_parse_integer(words->steps, &number) || number < -1000000 || number > 1000000)
		return error_request(error, _("\"%s\" is not a number of steps"), words->steps);
	*steps = (int)number;
	*nudge = NUDGE_NATURAL;
	if (words->how == NULL)
		return true;
	if (strcmp(words->how, "fine") == 0)
		*nudge = NUDGE_FINE;
	else if (strcmp(words->how, "coarse") == 0)
		*nudge = NUDGE_COARSE;
	else
		return error_unknown(error, _("size of a step"), words->how, known, 2);
	return true;
}

bool study_command(struct study *study, enum command_id id, int count, char *const *argument,
		   struct error *error)
{
	struct command_words words;
	enum nudge nudge;
	int steps;

	switch (id) {
	case COMMAND_SET:
		return study_set(study, argument[0], argument[1], error);
	case COMMAND_RESET:
		return study_reset(study, count > 0 ? argument[0] : "all", error);
	case COMMAND_NUDGE:
		words.steps = argument[1];
		words.how = count > 2 ? argument[2] : NULL;
		return command_nudge(&words, &steps, &nudge, error) &&
		       study_nudge(study, argument[0], steps, nudge, error);
	case COMMAND_STRATEGY:
		return study_strategy(study, argument[0], error);
	case COMMAND_DATA:
		return study_data(study, argument[0], count > 1 ? argument[1] : NULL, error);
	case COMMAND_GHOST:
		return study_ghost(study, argument[0], error);
	case COMMAND_SWAP:
		return study_swap(study, error);
	default:
		return error_request(error, _("\"%s\" does not change a study"),
				     command_rows[id].name);
	}
}

int scene_find(const char *name)
{
	int k;

	for (k = 0; k < scene_count; k++)
		if (strcmp(scenes[k].name, name) == 0)
			return k;
	return -1;
}

bool scene_each(const struct scene *scene, scene_act *act, void *context, struct error *error)
{
	struct command command;
	struct error why;
	const char *at = scene->text;
	char line[COMMAND_LINE];
	bool done = true;

	while (done && *at != '\0') {
		size_t length = strcspn(at, "\n");

		if (length < sizeof line) {
			memcpy(line, at, length);
			line[length] = '\0';
			if (command_parse(&command, line, &why))
				done = act(context, &command, error);
			else if (why.kind != ERROR_NONE)
				done = error_request(error, "%s", why.text);
			if (!done)
				error_prefix(error, _("scene %s"), scene->name);
		}
		at += length;
		at += *at == '\n';
	}
	return done;
}

static bool act_study(void *context, const struct command *command, struct error *error)
{
	if (command_rows[command->id].room != ROOM_STUDY)
		return true;
	return study_command(context, command->id, command->count, command->argument, error);
}

/* Every study begins as the first scene leaves it. */
static bool begin(struct study *study, struct error *error)
{
	study_plain(study);
	return scene_each(&scenes[0], act_study, study, error);
}

bool study_scene(struct study *study, const struct scene *scene, struct error *error)
{
	struct study next;

	if (!begin(&next, error))
		return false;
	if (scene != &scenes[0] && !scene_each(scene, act_study, &next, error))
		return false;
	memset(next.touched, 0, sizeof next.touched);
	memcpy(study, &next, sizeof *study);
	return true;
}

void study_init(struct study *study)
{
	if (!begin(study, NULL))
		study_plain(study);
	memset(study->touched, 0, sizeof study->touched);
}
