/* compute/ops/planes.h: feature maps in bf16, as kernels/cpu/bf16-planes.cl
 * lays them out: the operators of compute/maps.h for them. */
#pragma once

#include "compute/ops/ops-private.h"
#include "compute/maps.h"

G_BEGIN_DECLS

gsize hf_planes_get_bytes (int n, int height, int width, int channels);
gboolean hf_planes_unfold (HfOps *self, const HfUnfold *unfold,
                           const HfBuffer *pixels, const HfMaps *y,
                           GError **error);

/* @w: of hf_bf16_matrix_new, of one tap or nine. */
gboolean hf_planes_conv (HfOps *self, const HfMatrix *w, const HfMaps *x,
                         const HfMaps *residual, const HfMaps *y, HfAct act,
                         GError **error);
gboolean hf_planes_pool (HfOps *self, const HfMaps *x, int size,
                         const HfMaps *y, GError **error);
/* @rows: float[n][height][width][channels]. */
gboolean hf_planes_widen (HfOps *self, const HfMaps *x, HfBuffer *rows,
                          GError **error);

G_END_DECLS
