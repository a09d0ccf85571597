/* compute/ops.h: the operators of a transformer and a residual network, on one
 * device.
 *
 * Everything is float, row-major and dense unless said otherwise; weights are
 * packed when they are loaded (HfMatrix) and stored in the precision of the
 * HfOps. Launches are queued in order and return at once; hf_buffer_read
 * waits. The host checks sizes against buffers (g_return_val_if_fail). Errors
 * are HfDeviceError. One thread at a time. */
#pragma once

#include "compute/buffer.h"

G_BEGIN_DECLS

typedef struct _HfOps HfOps;

/* @device must outlive it. Programs are built when they are first used, so that
 * any operator may fail with HF_DEVICE_ERROR_BUILD. Errors of
 * hf_device_supports. */
HfOps *hf_ops_new (HfDevice *device, HfPrecision precision,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Settles and waits for what was launched. */
void hf_ops_free (HfOps *self);
HfDevice *hf_ops_get_device (const HfOps *self);
HfPrecision hf_ops_get_precision (const HfOps *self);

/* Translated, to go behind "the weights are damaged" where numbers are not
 * finite: that they may be too large for the precision, or "" where they
 * cannot be. */
const char *hf_ops_get_range_hint (const HfOps *self);

/* Writes to the caches what the driver has compiled since the last time, if
 * anything: to be called when results are there. Never fails. */
void hf_ops_settle (HfOps *self);

/* Waits until all that was launched is done. */
gboolean hf_ops_finish (HfOps *self, GError **error);

/* Packed weights of y = x W' + b. */
typedef struct _HfMatrix HfMatrix;

/* Writes rows [@first, @first + @n_rows) of W, float[n_rows][k], into @out.
 * Called from several threads. */
typedef void (*HfMatrixRows) (gpointer data, int first, int n_rows, float *out);

/* Packs W, [n][k], for the device. @scale and @bias are float[n], or NULL for
 * ones and zeros; they stay f32 in every precision. */
HfMatrix *hf_matrix_new (HfOps *ops, int n, int k, HfMatrixRows rows,
                         gpointer data, const float *scale, const float *bias,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a product of @n_groups parts: rows of a are [n_groups][k], W is
 * [n_groups][n / n_groups][k], and part g of a row makes the g-th run of n /
 * n_groups columns of its result. */
HfMatrix *hf_matrix_new_grouped (HfOps *ops, int n, int k, int n_groups,
                                 HfMatrixRows rows, gpointer data,
                                 const float *scale, const float *bias,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Packs W in 8 bits where the precision is int8, else as hf_matrix_new.
 *
 * Weights are signed, with a step for each column of the result; rows are taken
 * as they come, unsigned, with a step and a zero of each. So that neither loses
 * all its digits to a few large ones, columns of the rows are divided by powers
 * of two by which those of W are multiplied (the square root of how much the
 * one is more spread out than the other: Xiao et al. 2023, but from the weights
 * alone). Where even so too much would be lost, W stays f16.
 *
 * @spread: float[k], how large the numbers in each column of the rows will be
 * beside those in the others; NULL where nothing is known. @spread_out: NULL,
 * or float[n] that receives the same of the result, without activation; only
 * with int8. */
HfMatrix *hf_matrix_new_narrow (HfOps *ops, int n, int k, HfMatrixRows rows,
                                gpointer data, const float *spread,
                                float *spread_out, const float *scale,
                                const float *bias,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Packs the weights of hf_ops_conv3x3: W is [n][9 * channels], tap by tap, row
 * by row. Where it is faster, for the device and for pictures of @side pixels,
 * they are kept as Winograd's 16 points for each 9 weights. */
HfMatrix *hf_matrix_new_conv3x3 (HfOps *ops, int n, int channels, int side,
                                 HfMatrixRows rows, gpointer data,
                                 const float *scale, const float *bias,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_matrix_free (HfMatrix *self);
/* What it is stored in. */
HfPrecision hf_matrix_get_precision (const HfMatrix *self);
int hf_matrix_get_n (const HfMatrix *self);
int hf_matrix_get_k (const HfMatrix *self);

typedef enum {
  HF_ACT_NONE,
  HF_ACT_QUICK_GELU, /* x / (1 + e^(-1.702 x)) */
  HF_ACT_GELU,       /* x (1 + erf (x / sqrt 2)) / 2 */
  HF_ACT_RELU,
} HfAct;

/* c = act (a W' * scale + bias + residual). a: [n_rows][k], or [n_rows]
 * [n_groups][k]; c: [n_rows][n];
 * @residual the same as c in shape, NULL for none, and may be @c itself. */
gboolean hf_ops_gemm (HfOps *self, const HfMatrix *w, const HfBuffer *a,
                      HfBuffer *c, const HfBuffer *residual, int n_rows,
                      HfAct act, GError **error);

/* c = act (y W' * scale + bias), y being hf_ops_layer_norm's of x, which goes
 * into @normed where it is not taken to 8 bits at once. */
gboolean hf_ops_norm_gemm (HfOps *self, const HfMatrix *w, const HfBuffer *x,
                           const HfBuffer *gain, const HfBuffer *bias,
                           float eps, HfBuffer *normed, HfBuffer *c, int n_rows,
                           HfAct act, GError **error);

/* Two layers after a norm: x = x + act (y W') V' with their scales and biases.
 * x: [n_rows][w's k], @hidden: [n_rows][w's n], @normed as above. */
gboolean hf_ops_mlp (HfOps *self, const HfMatrix *w, const HfMatrix *v,
                     const HfBuffer *gain, const HfBuffer *bias, float eps,
                     HfBuffer *x, HfBuffer *normed, HfBuffer *hidden,
                     int n_rows, HfAct act, GError **error);

/* y = (x - mean) / sqrt (variance + eps) * gain + bias for each row of x,
 * [n_rows][dim]; @y may be @x. */
gboolean hf_ops_layer_norm (HfOps *self, const HfBuffer *x, HfBuffer *y,
                            const HfBuffer *gain, const HfBuffer *bias,
                            int n_rows, int dim, float eps, GError **error);

/* Scales every row of x, [n_rows][dim], to unit length; zero stays zero. */
gboolean hf_ops_normalize (HfOps *self, HfBuffer *x, int n_rows, int dim,
                           GError **error);

/* y row i = x row index[i], zeros where that is below 0; index: int[n_rows]. */
gboolean hf_ops_gather (HfOps *self, const HfBuffer *x, const HfBuffer *index,
                        HfBuffer *y, int n_rows, int dim, GError **error);

/* x: [n_images][n_rows][dim] -> y: [n_images][1 + n_rows][dim]. In front of
 * each image's rows comes @token, [dim], or with NULL the mean of its rows;
 * positions, [1 + n_rows][dim], are added to all. */
gboolean hf_ops_add_positions (HfOps *self, const HfBuffer *x,
                               const HfBuffer *token, const HfBuffer *positions,
                               HfBuffer *y, int n_images, int n_rows, int dim,
                               GError **error);

/* Which rows attend to which: sequences of any lengths, packed one behind the
 * other. */
typedef struct _HfRuns HfRuns;

/* @lengths: int[n]; sequence i has @lengths[i] > 0 rows. All its rows are
 * queries; where @causal, each sees the keys up to its own. */
HfRuns *hf_runs_new (HfOps *ops, const int *lengths, int n, gboolean causal,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same keys, but @n_queries for each sequence: rows i * n_queries and on of
 * the query matrix for sequence i; they see all keys. */
HfRuns *hf_runs_new_pooled (HfOps *ops, const int *lengths, int n,
                            int n_queries,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_runs_free (HfRuns *self);

/* Where the heads lie: head h of a query row begins at column offset + h *
 * head_dim of @q, whose rows are @q_stride apart; keys and values likewise in
 * @kv. */
typedef struct {
  const HfBuffer *q, *kv;
  int q_offset, k_offset, v_offset;
  int q_stride, kv_stride;
  int n_heads, head_dim;
} HfHeads;

/* out = softmax (Q K' / sqrt (head_dim)) V, [query rows][n_heads * head_dim].
 */
gboolean hf_ops_attention (HfOps *self, const HfHeads *heads,
                           const HfRuns *runs, HfBuffer *out, GError **error);

/* How a picture is cut into patches. */
typedef struct {
  int side_px;           /* of the square pictures */
  int size_px;           /* of a patch */
  int stride_px;         /* from patch to patch */
  int pad_px;            /* the first patch begins that far outside */
  float mean[3], std[3]; /* v of 0..255 becomes (v / 255 - mean) / std */
} HfUnfold;

/* Patches a side. */
int hf_unfold_get_n (const HfUnfold *unfold);

/* pixels: guint8[n_images][side][side][3] -> y: [n_images * n * n][size * size
 * * 3], a patch row by row, red first; outside the picture y is 0. */
gboolean hf_ops_unfold (HfOps *self, const HfUnfold *unfold,
                        const HfBuffer *pixels, HfBuffer *y, int n_images,
                        GError **error);

/* 3x3 convolution, stride 1, one pixel of zeros around, channels last:
 * x: [n_images][height][width][channels] -> c: the same with w's n channels.
 * w is of hf_matrix_new_conv3x3, or of hf_matrix_new with a k of 9 * channels.
 * @zeros: [channels] of 0. */
gboolean hf_ops_conv3x3 (HfOps *self, const HfMatrix *w, const HfBuffer *x,
                         const HfBuffer *zeros, HfBuffer *c, int n_images,
                         int height, int width, HfAct act, GError **error);

/* Mean of size x size pixels, size apart: [n_images][height][width][channels]
 * -> [n_images][height / size][width / size][channels]. */
gboolean hf_ops_average_pool (HfOps *self, const HfBuffer *x, HfBuffer *y,
                              int n_images, int height, int width, int channels,
                              int size, GError **error);

/* Where the time goes: while profiling, every launch is waited for and timed.
 * Starts anew with each call of hf_ops_set_profiling. */
typedef struct {
  const char *name; /* of the kernel */
  int n_launches;
  double seconds;
} HfOpsProfile;

void hf_ops_set_profiling (HfOps *self, gboolean profiling);
/* (element-type HfOpsProfile), most seconds first; caller frees. */
GArray *hf_ops_dup_profile (const HfOps *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfOps, hf_ops_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfMatrix, hf_matrix_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfRuns, hf_runs_free)
G_END_DECLS
