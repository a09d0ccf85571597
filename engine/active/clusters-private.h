/* active/clusters-private.h: which pictures look alike, for choosing one that
 * stands for many. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

typedef struct {
  int n_clusters;
  int *cluster;    /* [n] */
  float *nearness; /* [n] product with the centre of its cluster */
} HfClusters;

/* At most @n_wanted clusters of @rows (float[n][dim], unit rows, @n > 0), the
 * same for the same seed. NULL only with G_IO_ERROR_CANCELLED. */
HfClusters *hf_clusters_new (const float *rows, gsize n, gsize dim,
                             int n_wanted, guint64 seed, HfProgress *progress,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_clusters_free (HfClusters *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfClusters, hf_clusters_free)
G_END_DECLS
