/* What the files of the advisor share. */
#ifndef LRSCOPE_ADVISOR_PRIVATE_H
#define LRSCOPE_ADVISOR_PRIVATE_H

#include "advisor/advisor.h"

extern const char rules_json[]; /* data/rules.json */

/* One step of a way into a JSON text: a member of an object, or an item of an array (key NULL). */
struct place_step {
	const char *key;
	size_t index;
};

/* Line and column (both from 1, columns in characters) of what the steps lead to in the valid JSON
 * text `json`: a member's key, an item's start. As far as the way goes; else the text's start. */
void place_find(const char *json, size_t length, const struct place_step *steps, int count,
		int *line, int *column);

/* All questions that matter to a rule are answered as it wants. */
bool rule_fires(const struct advisor *advisor, const struct advisor_rule *rule,
		const struct answers *answers);
/* Length of the rule's list if the strategy is in it, else 0. */
int rule_names(const struct advisor_rule *rule, int strategy);

#endif
