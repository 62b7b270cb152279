/* The batch commands, a function each. Each checks all that can fail before it prints. */
#ifndef LRSCOPE_LRSCOPE_BATCH_H
#define LRSCOPE_LRSCOPE_BATCH_H

#include "lrscope/options.h"
#include "study/study.h"

bool batch_trace(const struct request *request, struct error *error);
bool batch_train(const struct request *request, struct error *error);
bool batch_plot(const struct request *request, struct error *error);
bool batch_advise(const struct request *request, struct error *error);
bool batch_race(const struct request *request, struct error *error);
bool batch_list(const struct request *request, struct error *error);
bool batch_show(const struct request *request, struct error *error);
bool batch_export(const struct request *request, struct error *error);
bool batch_run(const struct request *request, struct error *error);
bool batch_run_words(const struct request *request, struct error *error); /* -c */

/* Reads the strategy `word` and the request's name=value words into `setting`. With `training` the
 * training words are taken too, and a name that is both (epochs) is the training's; without it,
 * for a bare trace, only `optimizer` is. */
bool batch_setting(const struct request *request, const char *word, bool training,
		   struct setting *setting, struct error *error);

/* --ascii, LRSCOPE_ASCII or a locale that is not UTF-8. */
bool batch_ascii(const struct request *request);
/* --size WxH, 80x24 unless given; refused where the panels do not fit. */
bool batch_size(const struct request *request, int *columns, int *rows, struct error *error);

extern const char *const color_choices[]; /* auto always never */

#endif
