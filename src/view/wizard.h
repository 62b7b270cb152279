/* What the files that draw the wizard share. */
#ifndef LRSCOPE_VIEW_WIZARD_H
#define LRSCOPE_VIEW_WIZARD_H

#include "view/panel.h"

#define WIZARD_LABEL 48 /* bytes of a label that is measured */

/* A label of a rules file as it is measured: safe, cut to WIZARD_LABEL bytes at a character. */
const char *wizard_safe(char out[WIZARD_LABEL], const char *label);
/* "loss fluctuating -> plateau 3/5", the change of that index; may hold what the file holds. */
void wizard_change(const struct scope *scope, int index, char *out, size_t size);
/* Rules that name a strategy, by the answers that lead there. */
void write_leads(const struct advisor *advisor, const char *strategy, struct pager *pager);

panel_draw draw_reasons;
/* Lines that it has to show, seen or not. */
int reasons_lines(const struct scope *scope, struct area area);

#endif
