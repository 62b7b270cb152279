/* Strings that people read are marked for gettext. */
#ifndef LRSCOPE_BASE_LANGUAGE_H
#define LRSCOPE_BASE_LANGUAGE_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) (text) /* marked here, translated where it is used */

/* The language of messages as the environment names it ("zh_CN.UTF-8", "en:de"), in gettext's order:
 * for texts of data/ that are keyed by language. "en" where none is set. */
const char *language_wanted(void);

#endif
