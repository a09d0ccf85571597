/* compute/maps.h: the operators of a residual network. Between them lie feature
 * maps, pictures of any number of channels; how, and in what digits, is a
 * matter of the precision: as dense floats, channels last, or in bf16 as planes
 * with zeros around them (kernels/cpu/bf16-planes.cl). Each operator says of
 * what size its result is. Errors are HfDeviceError. */
#pragma once

#include "compute/ops.h"

G_BEGIN_DECLS

typedef struct {
  HfBuffer *buffer; /* not owned */
  int n, height, width, channels;
} HfMaps;

/* What a buffer for such maps needs. */
gsize hf_maps_get_bytes (HfPrecision precision, int n, int height, int width,
                         int channels);

/* hf_ops_unfold for a first convolution of 3 x 3 pixels, every second one, as
 * maps of 27 channels. */
gboolean hf_maps_unfold (HfOps *ops, const HfUnfold *unfold,
                         const HfBuffer *pixels, int n, HfMaps *y,
                         GError **error);

/* y = act (x W' * scale + bias + residual) for each pixel, W of hf_matrix_new;
 * @residual NULL for none, and may be @y. @act: none or HF_ACT_RELU. */
gboolean hf_maps_conv1x1 (HfOps *ops, const HfMatrix *w, const HfMaps *x,
                          const HfMaps *residual, HfMaps *y, HfAct act,
                          GError **error);

/* The same for the pixels around each, W of hf_matrix_new_conv3x3; @zeros as
 * for hf_ops_conv3x3. */
gboolean hf_maps_conv3x3 (HfOps *ops, const HfMatrix *w, const HfMaps *x,
                          const HfBuffer *zeros, HfMaps *y, HfAct act,
                          GError **error);

/* Means of size x size pixels. */
gboolean hf_maps_pool (HfOps *ops, const HfMaps *x, int size, HfMaps *y,
                       GError **error);

/* Dense floats, [n][height][width][channels]: @x itself where that is what it
 * holds, else written to @rows. NULL on error. */
const HfBuffer *hf_maps_get_rows (HfOps *ops, const HfMaps *x, HfBuffer *rows,
                                  GError **error);

G_END_DECLS
