/* compute/ops/ops-private.h: what the operators share. */
#pragma once

#include "compute/device-private.h"
#include "compute/ops.h"

G_BEGIN_DECLS

/* gemm, conv and winograd are built three times. CPU class: for panels of 64,
 * 32 and 16 columns, in which a matrix's weights lie (kernels/cpu/tile.cl). GPU
 * class, whose panels are all of 64: for a tall, a middle and a short tile,
 * which are chosen for each launch (ops/grid.c). */
typedef enum {
  HF_TILE_A,
  HF_TILE_B,
  HF_TILE_C,
  HF_N_TILES,
} HfTile;

typedef enum {
  HF_PROGRAM_GEMM_A, /* in the order of HfTile */
  HF_PROGRAM_GEMM_B,
  HF_PROGRAM_GEMM_C,
  HF_PROGRAM_CONV_A,
  HF_PROGRAM_CONV_B,
  HF_PROGRAM_CONV_C,
  HF_PROGRAM_WINOGRAD_B, /* CPU class only */
  HF_PROGRAM_WINOGRAD_C,
  HF_PROGRAM_WINOGRAD_HALVES, /* of HF_TILE_B; the others read floats */
  HF_PROGRAM_INT8,            /* CPU class only, as is */
  HF_PROGRAM_INT8_AMX,
  HF_PROGRAM_BF16,
  HF_PROGRAM_BF16_AMX,
  HF_PROGRAM_PLANES,
  HF_PROGRAM_PLANES_AMX,
  HF_PROGRAM_ATTENTION_BF16,
  HF_PROGRAM_ATTENTION_AMX,
  HF_PROGRAM_ROWS,     /* everything else that goes forward */
  HF_PROGRAM_BACKWARD, /* gradients: few need them */
  HF_N_PROGRAMS,
} HfProgramId;

typedef enum {
  HF_KERNEL_GEMM_A, /* in the order of HfTile */
  HF_KERNEL_GEMM_B,
  HF_KERNEL_GEMM_C,
  HF_KERNEL_CONV3X3_A,
  HF_KERNEL_CONV3X3_B,
  HF_KERNEL_CONV3X3_C,
  HF_KERNEL_WINOGRAD_B,
  HF_KERNEL_WINOGRAD_C,
  HF_KERNEL_WINOGRAD_HALVES,
  HF_KERNEL_QUANTIZE,
  HF_KERNEL_GEMM_INT8,
  HF_KERNEL_GEMM_INT8_AMX,
  HF_KERNEL_GEMM_BF16,
  HF_KERNEL_GEMM_BF16_AMX,
  HF_KERNEL_STEM_PLANES,
  HF_KERNEL_STEM_PLANES_AMX,
  HF_KERNEL_BOTTLENECK_PLANES,
  HF_KERNEL_BOTTLENECK_PLANES_AMX,
  HF_KERNEL_WIDEN_PLANES,
  HF_KERNEL_LAYER_NORM,
  HF_KERNEL_NORMALIZE,
  HF_KERNEL_GATHER,
  HF_KERNEL_ADD_POSITIONS,
  HF_KERNEL_ATTENTION,
  HF_KERNEL_ATTENTION_BF16,
  HF_KERNEL_ATTENTION_AMX,
  HF_KERNEL_UNFOLD,
  HF_KERNEL_AVERAGE_POOL,
  HF_KERNEL_ACTIVATE,
  HF_KERNEL_ACTIVATE_BACKWARD,
  HF_KERNEL_LAYER_NORM_BACKWARD,
  HF_KERNEL_SUM_ROWS,
  HF_KERNEL_ATTENTION_BACKWARD_QUERIES,
  HF_KERNEL_ATTENTION_BACKWARD_KEYS,
  HF_N_KERNELS,
} HfKernelId;

typedef struct {
  cl_kernel kernel;
  int n_launches;
  double seconds;
} HfKernel;

struct _HfOps {
  HfDevice *device;
  HfPrecision precision;
  cl_program programs[HF_N_PROGRAMS]; /* NULL until needed */
  HfKernel kernels[HF_N_KERNELS];
  HfTile forced_tile;        /* GPU class, for tests; HF_N_TILES: the best */
  HfBuffer *codes, *steps;   /* int8: the rows of the product under way */
  HfBuffer *points;          /* of the Winograd convolution under way */
  HfBuffer *narrow;          /* bf16: the rows of the product under way */
  gboolean has_new_kernels;  /* since the caches were last written */
  gboolean proved_attention; /* in bfloat16, here */
  gboolean profiling;
};

struct _HfMatrix {
  HfBuffer *weights; /* [n_panels][k][width]; int8: [ceil (k / 4)]
                      * [width][4] in a panel; bf16: ops/bf16.c */
  HfBuffer *affine;  /* [n_panels][2][width]: scales, biases */
  HfBuffer *sums;    /* int8: [n_panels][width], of the weights; else NULL */
  HfBuffer *shrink;  /* int8: [k], what the rows are multiplied by */
  HfPrecision precision;
  int n, k;
  int n_groups; /* equal runs of columns, each of k numbers of its own */
  int n_taps;   /* bf16: 1, or 9 of a 3x3 convolution */
  gboolean is_winograd; /* of points, not of taps: ops/winograd.c */
  gboolean is_tiled;    /* int8: for the processor's matrix unit */
  HfTile tile;          /* CPU class: the one for panels of that width */
  int width;            /* columns of a panel */
  int n_panels;
};

/* Whether what int8 does not reach, or all, is bf16: in that precision, and
 * beside int8 where a matrix unit makes it faster than f16. */
gboolean hf_ops_uses_bf16 (const HfOps *self);

/* The panels in which a matrix with @n columns is least work. */
HfTile hf_matrix_choose_tile (const HfOps *ops, int n);

/* hf_matrix_new_grouped for panels of @tile, stored in @precision, f32 or f16.
 */
HfMatrix *hf_matrix_new_stored (HfOps *ops, int n, int k, int n_groups,
                                HfTile tile, HfPrecision precision,
                                HfMatrixRows rows, gpointer data,
                                const float *scale, const float *bias,
                                GError **error);

/* A matrix without contents, in panels for @tile, and its scales and biases. No
 * panel holds columns of two groups. */
HfMatrix *hf_matrix_new_frame (int n, int k, int n_groups, HfTile tile);
gboolean hf_matrix_set_affine (HfMatrix *self, HfOps *ops, const float *scale,
                               const float *bias, GError **error);

/* Calls @func for every panel, from several threads, with its rows,
 * float[width][k], zeros behind the last one; @rows gets @rows_data. */
typedef void (*HfPanelFunc) (const HfMatrix *matrix, int panel,
                             const float *rows, gpointer data);
void hf_matrix_each_panel (const HfMatrix *self, HfMatrixRows rows,
                           gpointer rows_data, HfPanelFunc func, gpointer data);

/* Takes @size_bytes for the weights, has @pack write them, which gets them as
 * its data, and sets scales and biases. */
gboolean hf_matrix_fill (HfMatrix *self, HfOps *ops, gsize size_bytes,
                         HfMatrixRows rows, gpointer data, HfPanelFunc pack,
                         const float *scale, const float *bias, GError **error);

/* What is done to rows on their way to fewer digits. */
typedef struct {
  const HfBuffer *gain, *bias; /* of a norm, or NULL */
  float eps;
  HfAct act;
} HfBefore;

/* hf_ops_gemm with a matrix that is stored in int8. */
gboolean hf_int8_gemm (HfOps *self, const HfMatrix *w, const HfBuffer *a,
                       const HfBefore *before, HfBuffer *c,
                       const HfBuffer *residual, int n_rows, HfAct act,
                       GError **error);

/* hf_matrix_new in bf16; with @n_taps 9 for a 3x3 convolution, whose k is 9 *
 * channels. */
HfMatrix *hf_bf16_matrix_new (HfOps *ops, int n, int k, int n_taps,
                              HfMatrixRows rows, gpointer data,
                              const float *scale, const float *bias,
                              GError **error);

/* hf_ops_gemm with such a matrix of one tap. Of @before a norm is done, if
 * there is one. */
gboolean hf_bf16_gemm (HfOps *self, const HfMatrix *w, const HfBuffer *a,
                       const HfBefore *before, HfBuffer *c,
                       const HfBuffer *residual, int n_rows, HfAct act,
                       GError **error);

/* hf_ops_mlp with two such matrices; the rows between them stay in bf16 where
 * @hidden has room for them. */
gboolean hf_bf16_mlp (HfOps *self, const HfMatrix *w, const HfMatrix *v,
                      const HfBefore *before, HfBuffer *x, HfBuffer *hidden,
                      int n_rows, HfAct act, GError **error);

/* Numbers of a row that products in bf16 take at a time. */
#define HF_BF16_STEP 32
int hf_bf16_get_steps (int n);

/* What hf_ops_unfold makes of a colour: v * scale + shift. */
void hf_unfold_get_scale (const HfUnfold *unfold, cl_float4 *scale,
                          cl_float4 *shift);

/* Points of a Winograd tile, 4 x 4. */
#define HF_WINOGRAD_POINTS 16

/* hf_ops_conv3x3 with a matrix of points. */
gboolean hf_winograd_conv3x3 (HfOps *self, const HfMatrix *w, const HfBuffer *x,
                              HfBuffer *c, int n_images, int height, int width,
                              HfAct act, GError **error);

/* A buffer of at least @size_bytes at @slot; its contents are lost. */
gboolean hf_ops_ensure_scratch (HfOps *self, HfBuffer **slot, gsize size_bytes,
                                GError **error);

/* An argument of a kernel, by position. */
typedef struct {
  gsize size_bytes;
  const void *value;
} HfArg;

#define HF_ARG(v)    \
  (HfArg)            \
  {                  \
    sizeof (v), &(v) \
  }
#define HF_MEM(buffer) HF_ARG ((buffer)->mem)

typedef struct {
  guint n_dims;
  gsize global[3], local[3];
} HfGrid;

/* Queues one kernel with the arguments in the order of its list. */
#define hf_ops_launch(ops, id, grid, error, ...)                              \
  hf_ops_launch_args (ops, id, grid, (const HfArg[]){__VA_ARGS__},            \
                      sizeof ((const HfArg[]){__VA_ARGS__}) / sizeof (HfArg), \
                      error)
gboolean hf_ops_launch_args (HfOps *self, HfKernelId id, const HfGrid *grid,
                             const HfArg *args, guint n_args, GError **error);

/* Whether @buffer holds at least @n_rows x @dim floats. */
gboolean hf_buffer_holds (const HfBuffer *buffer, gint64 n_rows, gint64 dim);

G_END_DECLS
