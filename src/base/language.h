/* Strings that people read are marked for gettext. */
#ifndef LRSCOPE_BASE_LANGUAGE_H
#define LRSCOPE_BASE_LANGUAGE_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) (text) /* marked here, translated where it is used */

#endif
