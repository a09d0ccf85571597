/* tuning/layout.h: where the rows of a pass lie. Texts often begin alike, and
 * as no row sees those behind it, what they share is computed once:
 *
 *   wide    start a photo rusty end | start a photo good end     for attention
 *   narrow  start a photo | rusty end | good end                 for all else
 *
 * A plain struct of the host's numbers and the device's copies; read-only once
 * made. */
#pragma once

#include "compute/ops.h"

G_BEGIN_DECLS

typedef struct {
  int n_texts, n_shared;
  int n_narrow, n_wide; /* rows */
  int *narrow;          /* [n_wide]: the narrow row of each wide one */

  HfRuns *runs;        /* the wide rows, text by text, causal */
  HfBuffer *to_wide;   /* int[n_wide]: narrow */
  HfBuffer *to_narrow; /* int[n_narrow]: the first wide row that each one is */
  HfBuffer
      *first_of; /* int[n_wide]: the narrow row whose first one it is; -1 */
  HfBuffer *sum_first, *sum_index; /* the wide rows of each narrow one, for
                                      hf_ops_sum_rows */
  HfBuffer *ends;   /* int[n_texts]: the narrow row of each text's last */
  HfBuffer *end_of; /* int[n_narrow]: the text whose last row it is; -1 */
} HfLayout;

/* @n_shared is less than any of @lengths. After a failure the layout holds what
 * was made: clear it all the same. */
gboolean hf_layout_init (HfLayout *self, HfOps *ops, const int *lengths, int n,
                         int n_shared, GError **error);
void hf_layout_clear (HfLayout *self);

G_END_DECLS
