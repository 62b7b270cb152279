/* What the files of the advisor share. */
#ifndef LRSCOPE_ADVISOR_PRIVATE_H
#define LRSCOPE_ADVISOR_PRIVATE_H

#include "advisor/advisor.h"

extern const char rules_json[]; /* data/rules.json */

/* All questions that matter to a rule are answered as it wants. */
bool rule_fires(const struct advisor *advisor, const struct advisor_rule *rule,
		const struct answers *answers);
/* Length of the rule's list if the strategy is in it, else 0. */
int rule_names(const struct advisor_rule *rule, int strategy);

#endif
