/* app/desk/numbers-private.h: how numbers are made. */
#pragma once

#include "app/desk/numbers.h"

G_BEGIN_DECLS

/* Takes @samples; all else is empty. */
HfNumbers *hf_numbers_new (guint64 serial,
                           HfSamples *samples) G_GNUC_WARN_UNUSED_RESULT;

/* The numbers of @base with @next (HfNumbersNext), taken, in the place of what
 * it has. */
HfNumbers *hf_numbers_new_with_next (HfNumbers *base,
                                     GPtrArray *next) G_GNUC_WARN_UNUSED_RESULT;

/* An empty list of them. */
GPtrArray *hf_numbers_next_list (void) G_GNUC_WARN_UNUSED_RESULT;
void hf_numbers_next_add (GPtrArray *list, gint64 image_id, HfSuggestedWhy why,
                          char *reason);

/* Fills in class_ids and image_ids of @rows, which become its own;
 * @image_ids[rows->n] too. */
void hf_numbers_take_rows (HfNumbers *self, HfRows *rows, gint64 *image_ids);

/* Fills in misses by the first probe of the evaluation. */
void hf_numbers_find_misses (HfNumbers *self);

/* Fills in the reason: which classes want labels. */
void hf_numbers_find_missing (HfNumbers *self);

G_END_DECLS
