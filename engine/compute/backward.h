/* compute/backward.h: gradients of a transformer's operators, for their inputs
 * only: weights are frozen.
 *
 * The gradient of y = x W' is hf_ops_gemm with W packed transposed, and that of
 * a gather is a gather whose index is -1 where nothing was taken. As in ops.h
 * everything is float, row-major and dense, launches are queued in order, and
 * errors are HfDeviceError. */
#pragma once

#include "compute/ops.h"

G_BEGIN_DECLS

/* y = act (x), [n_rows][dim]: what hf_ops_gemm does in passing, for those who
 * need x later. @act is not HF_ACT_NONE. */
gboolean hf_ops_activate (HfOps *self, const HfBuffer *x, HfBuffer *y,
                          int n_rows, int dim, HfAct act, GError **error);

/* Multiplies @d, the gradient of act (x), by the slope at x: it becomes that of
 * x, [n_rows][dim]. */
gboolean hf_ops_activate_backward (HfOps *self, const HfBuffer *x, HfBuffer *d,
                                   int n_rows, int dim, HfAct act,
                                   GError **error);

/* d_x = residual + the gradient of x, where @d_y is that of hf_ops_layer_norm's
 * result, [n_rows][dim]. @residual may be NULL, or @d_x itself. */
gboolean hf_ops_layer_norm_backward (HfOps *self, const HfBuffer *x,
                                     const HfBuffer *gain, const HfBuffer *d_y,
                                     const HfBuffer *residual, HfBuffer *d_x,
                                     int n_rows, int dim, float eps,
                                     GError **error);

/* y row i = the sum of the rows index[first[i]] .. index[first[i + 1] - 1] of
 * @x: the gradient of a gather that took some rows several times. first:
 * int[n_rows + 1]. */
gboolean hf_ops_sum_rows (HfOps *self, const HfBuffer *x, const HfBuffer *first,
                          const HfBuffer *index, HfBuffer *y, int n_rows,
                          int dim, GError **error);

/* Floats of scratch that attention's gradient needs for a row. */
#define HF_ATTENTION_STATS(n_heads) (2 * (n_heads))

/* @heads as for hf_ops_attention, queries beside keys and values: q and kv are
 * one buffer of one stride. @runs is not pooled. From the result @out and its
 * gradient @d_out the gradient of queries, keys and values goes to @d_qkv, laid
 * out as they are; its other columns stay. @stats: scratch,
 * [rows][HF_ATTENTION_STATS]. */
gboolean hf_ops_attention_backward (HfOps *self, const HfHeads *heads,
                                    const HfRuns *runs, const HfBuffer *out,
                                    const HfBuffer *d_out, HfBuffer *stats,
                                    HfBuffer *d_qkv, GError **error);

G_END_DECLS
