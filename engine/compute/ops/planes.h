/* compute/ops/planes.h: feature maps in bf16, as kernels/cpu/bf16-planes.cl
 * lays them out: the operators of compute/maps.h for them. Matrices are of
 * hf_bf16_matrix_new. */
#pragma once

#include "compute/maps.h"
#include "compute/ops/ops-private.h"

G_BEGIN_DECLS

gsize hf_planes_get_bytes (int n, int height, int width, int channels);

/* Both set the size of @y. */
gboolean hf_planes_stem (HfOps *self, const HfUnfold *unfold,
                         HfMatrix *const matrices[3], const HfBuffer *pixels,
                         int n, HfMaps *y, GError **error);
gboolean hf_planes_bottleneck (HfOps *self, const HfBottleneck *block,
                               const HfMaps *x, HfMaps *y, GError **error);

/* @rows: float[n][height][width][channels]. */
gboolean hf_planes_widen (HfOps *self, const HfMaps *x, HfBuffer *rows,
                          GError **error);

G_END_DECLS
