/* compute/maps.h: the operators of a residual network. Between them lie feature
 * maps, pictures of any number of channels; how, and in what digits, is a
 * matter of the precision: as dense floats, channels last, or in bf16, and in
 * int8 where there is a matrix unit, as planes with zeros around them
 * (kernels/cpu/bf16-planes.cl). Errors are HfDeviceError. */
#pragma once

#include "compute/ops.h"

G_BEGIN_DECLS

typedef struct {
  HfBuffer *buffer; /* not owned */
  int n, height, width, channels;
} HfMaps;

/* Each operator takes room[0] to room[0], whose size it sets, and writes to the
 * others what it likes; they may change places. */
#define HF_MAPS_ROOM 4

/* What maps are made of here: f32, or bf16, in which case all matrices have to
 * be, too (hf_matrix_new, not _narrow). */
HfPrecision hf_maps_get_precision (const HfOps *ops);

/* How many of the room need a buffer, the first ones. */
int hf_maps_count_room (HfPrecision precision);

/* What a buffer for such maps needs. */
gsize hf_maps_get_bytes (HfPrecision precision, int n, int height, int width,
                         int channels);

/* What stands in front of the blocks: convolutions of 3 x 3 pixels, the first
 * of every second one (@unfold), each with a ReLU, and a pool of 2. Matrices 1
 * and 2 are of hf_matrix_new_conv3x3; @zeros as for hf_ops_conv3x3. */
gboolean hf_maps_stem (HfOps *ops, const HfUnfold *unfold,
                       HfMatrix *const matrices[3], const HfBuffer *pixels,
                       int n, const HfBuffer *zeros, HfMaps *room,
                       GError **error);

/* relu (conv3 (pool (conv2 (conv1 (x)))) + shortcut (pool (x))), conv1 and
 * conv2 with a ReLU; conv2 is of hf_matrix_new_conv3x3, the others of
 * hf_matrix_new. He et al. 2016. */
typedef struct {
  HfMatrix *conv1, *conv2, *conv3;
  HfMatrix *shortcut; /* NULL: x itself */
  int stride;         /* the pool's; 1 for none */
} HfBottleneck;

gboolean hf_maps_bottleneck (HfOps *ops, const HfBottleneck *block,
                             const HfBuffer *zeros, HfMaps *room,
                             GError **error);

/* room[0] as dense floats, [n][height][width][channels]. NULL on error. */
const HfBuffer *hf_maps_get_rows (HfOps *ops, HfMaps *room, GError **error);

G_END_DECLS
