/* clip/towers/weights.h: tensors of a model file as operands of the kernels.
 * All names are canonical (model/model-file.h); errors are HfDeviceError. */
#pragma once

#include "compute/ops.h"
#include "model/model-file.h"

G_BEGIN_DECLS

typedef struct {
  HfOps *ops;
  HfModelFile *model;
} HfWeights;

/* The tensor as it is, float. */
HfBuffer *hf_weights_vector (const HfWeights *self, const char *name,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* float[@n] of a tensor (@n may be NULL); caller frees. */
float *hf_weights_dup (const HfWeights *self, const char *name, gsize *n);

/* How large the columns of a matrix of rows are beside each other, float[k],
 * and, to be filled, those of the result, float[n]: see hf_matrix_new_narrow.
 * Where a function below is given one, weights may be stored in int8. */
typedef struct {
  const float *in;
  float *out; /* or NULL */
} HfSpread;

/* @prefix.weight, [n][k], and with @has_bias @prefix.bias, [n]. */
HfMatrix *hf_weights_linear (const HfWeights *self, const char *prefix,
                             gboolean has_bias, const HfSpread *spread,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The tensor @name itself, [n][k], without a bias. */
HfMatrix *hf_weights_matrix (const HfWeights *self, const char *name,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Several linear layers of one k below each other: @parts (NULL-terminated)
 * are put behind @prefix. */
HfMatrix *hf_weights_stacked (const HfWeights *self, const char *prefix,
                              const char *const *parts, const HfSpread *spread,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @prefix's matrix and bias head by head: rows of [n_heads][k] times W,
 * [n_heads] [n / n_heads][k] (hf_matrix_new_grouped). */
HfMatrix *hf_weights_heads (const HfWeights *self, const char *prefix,
                            int n_heads,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same the other way, without the bias: from a row of [n_heads][n /
 * n_heads] to [n_heads][k], times @scale. */
HfMatrix *
hf_weights_heads_transposed (const HfWeights *self, const char *prefix,
                             int n_heads, float scale,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* hf_weights_stacked's matrix transposed, [k][n], without a bias: what takes
 * the gradient of its result to that of its input. With @parts NULL, the tensor
 * @prefix itself. */
HfMatrix *hf_weights_transposed (const HfWeights *self, const char *prefix,
                                 const char *const *parts,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @prefix.weight, [n][channels][size][size], for rows of size * size * channels
 * values, pixel by pixel; with @norm the batch norm of that name becomes the
 * scale and the bias of the result (Ioffe and Szegedy 2015; epsilon 1e-5), so
 * that weights stored in f16 stay exact; else with @has_bias @prefix.bias.
 * With @narrow it may be stored in int8, if rows are long enough. */
HfMatrix *hf_weights_conv (const HfWeights *self, const char *prefix,
                           const char *norm, gboolean has_bias, gboolean narrow,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same with @norm for hf_ops_conv3x3, [n][channels][3][3], on pictures of
 * @side pixels. */
HfMatrix *hf_weights_conv3x3 (const HfWeights *self, const char *prefix,
                              const char *norm, int side,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
