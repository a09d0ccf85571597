/* app/study/counting.h: which labelled pictures count: identical ones once,
 * those with several labels not at all. */
#pragma once

#include "app/study/rows.h"

G_BEGIN_DECLS

/* A picture that does not count; both are rows as they were given. */
typedef struct {
  gsize row;
  gsize twin;        /* the first with the same bytes */
  gboolean conflict; /* these bytes have several labels: none counts, the first
                        picture is listed too */
} HfCountedCopy;

typedef struct {
  HfRows *rows;   /* those that count, in their order, with clusters; classes
                     without a row are not among its classes */
  gsize *given;   /* [rows->n] which row each was */
  GArray *copies; /* HfCountedCopy */
  gsize n_near;   /* rows given that have a near-copy with other bytes */
} HfCounted;

/* @given has everything but clusters, its labels are indices of @classes (of
 * HfSampleClass). The rows want text and hf_rows_finish. HF_ROWS_ERROR_MEMORY;
 * G_IO_ERROR_CANCELLED. */
HfCounted *hf_counted_new (const HfRows *given, const GPtrArray *classes,
                           HfProgress *progress,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_counted_free (HfCounted *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfCounted, hf_counted_free)
G_END_DECLS
