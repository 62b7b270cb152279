/* Which language a person reads. */
#include "base/language.h"

#include <stdlib.h>
#include <string.h>

/* LANGUAGE counts only where the locale is another than C, as in gettext. */
const char *language_wanted(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	const char *locale = NULL, *list = getenv("LANGUAGE");
	size_t k;

	for (k = 0; k < sizeof names / sizeof *names && (locale == NULL || *locale == '\0'); k++)
		locale = getenv(names[k]);
	if (locale == NULL || *locale == '\0' || strcmp(locale, "C") == 0 ||
	    strncmp(locale, "C.", 2) == 0 || strcmp(locale, "POSIX") == 0)
		return "en";
	return list != NULL && *list != '\0' ? list : locale;
}
