#include "study/private.h"
#include <stdio.h>
struct verdict results_verdict(struct results *results)
{
	struct verdict verdict = {VERDICT_OK, ""};
	(void)results;
	return verdict;
}
