/* The list of values that the selected dial can have by name. */
#include <string.h>

#include "study/private.h"

static const char *const switches[] = {"no", "yes", NULL};

static const char *const *names_of(const struct dial *dial)
{
	if (dial->parameter->type == PARAMETER_SWITCH)
		return switches;
	if (dial->parameter->choices != NULL)
		return dial->parameter->choices;
	return strcmp(dial->parameter->name, "data") == 0 ? shipped_names() : NULL;
}

const char *scope_choice(const struct scope *scope, int row)
{
	const char *const *names;
	struct dial dial;
	int k = 0;

	if (row < 0 || !study_find(&scope->study, scope->viewpoint.selected, &dial, NULL))
		return NULL;
	names = names_of(&dial);
	if (names == NULL)
		return NULL;
	while (k < row && names[k] != NULL)
		k++;
	return names[k];
}

int scope_choice_now(const struct scope *scope)
{
	const char *word;
	struct dial dial;
	double number;
	int k;

	if (!study_find(&scope->study, scope->viewpoint.selected, &dial, NULL))
		return 0;
	number = scope_resolved(scope, &dial);
	if (dial.parameter->type == PARAMETER_SWITCH)
		return number != 0;
	if (dial.parameter->type == PARAMETER_CHOICE)
		return number >= 0 && number < 1000 ? (int)number : 0;
	for (k = 0; (word = scope_choice(scope, k)) != NULL; k++)
		if (strcmp(word, scope->study.now.training.data) == 0)
			return k;
	return 0;
}
