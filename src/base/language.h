/* Strings that people read are marked for gettext. */
#ifndef LRSCOPE_BASE_LANGUAGE_H
#define LRSCOPE_BASE_LANGUAGE_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) (text) /* marked here, translated where it is used */

/* One of two, by how many there are. */
#define n_(one, several, count) \
	ngettext(one, several, (count) < 1e9 ? (unsigned long)(count) : 1000000000UL)

/* The language of messages as the environment names it ("zh_CN.UTF-8", "en:de"), in gettext's order:
 * for texts of data/ that are keyed by language. "en" where none is set. */
const char *language_wanted(void);

#endif
