/* tuning/text-tape.h: the text tower run forward with all that its gradient
 * needs kept, and run back: from the gradient of the texts' rows to that of the
 * rows that went in. The weights are frozen; they lie on the device twice, for
 * the way back transposed.
 *
 * Texts of any lengths are packed one behind the other, each costs its own
 * length; rows that all texts begin with are computed once, since no row sees
 * those behind it. What is kept is bounded: see hf_text_tape_new. One thread at
 * a time; errors are HfDeviceError. */
#pragma once

#include "clip/towers/weights.h"

G_BEGIN_DECLS

/* What is kept of a pass, at most, unless a single text needs more: 546 rows of
 * ViT-B/32's tower, some fifty prompts. */
#define HF_TEXT_TAPE_BYTES ((gsize) 128 << 20)

typedef struct _HfTextTape HfTextTape;

/* Room for @n_rows rows of all texts together, or for texts of which
 * HF_TEXT_TAPE_BYTES hold what is kept (hf_text_tape_fit). Keeps the weights'
 * model for its token table. @progress counts blocks. */
HfTextTape *hf_text_tape_new (const HfWeights *weights,
                              const HfClipConfig *config, int n_rows,
                              HfProgress *progress,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_text_tape_free (HfTextTape *self);

/* How many of the texts from @lengths on, which share their first @n_shared
 * rows, fit one pass; at least 1. */
int hf_text_tape_fit (const HfTextTape *self, const int *lengths, int n,
                      int n_shared);

/* @rows: float[sum of lengths][width], token rows without positions, text by
 * text; the last row of each is its end token. The first @n_shared rows, fewer
 * than any text has, are the same in all. Writes float[n][embed_dim], not of
 * unit length. */
gboolean hf_text_tape_forward (HfTextTape *self, const float *rows,
                               const int *lengths, int n, int n_shared,
                               float *out, GError **error);

/* Takes the gradient @d_out, float[n][embed_dim], of the last pass's result to
 * that of its @rows, float[sum of lengths][width]. What all texts say of their
 * shared rows stands in the first text's, and zeros in the others'. Once for
 * each pass. */
gboolean hf_text_tape_backward (HfTextTape *self, const float *d_out,
                                float *d_rows, GError **error);

int hf_text_tape_get_width (const HfTextTape *self);

/* The row of token @id, which is below the table's length, to @row[width]. */
void hf_text_tape_read_token (const HfTextTape *self, int id, float *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTextTape, hf_text_tape_free)
G_END_DECLS
