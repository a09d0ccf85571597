/* compute/ops/ops-private.h: what the operators share. */
#pragma once

#include "compute/device-private.h"
#include "compute/ops.h"

G_BEGIN_DECLS

/* Weights lie in panels of that many columns (kernels/cpu/tile.cl). */
typedef enum {
  HF_PANEL_64,
  HF_PANEL_32,
  HF_PANEL_16,
  HF_N_PANELS,
} HfPanel;

typedef enum {
  HF_PROGRAM_GEMM_64, /* one for each panel width */
  HF_PROGRAM_GEMM_32,
  HF_PROGRAM_GEMM_16,
  HF_PROGRAM_CONV_64,
  HF_PROGRAM_CONV_32,
  HF_PROGRAM_CONV_16,
  HF_PROGRAM_ROWS, /* everything else */
  HF_N_PROGRAMS,
} HfProgramId;

typedef enum {
  HF_KERNEL_GEMM_64,
  HF_KERNEL_GEMM_32,
  HF_KERNEL_GEMM_16,
  HF_KERNEL_CONV3X3_64,
  HF_KERNEL_CONV3X3_32,
  HF_KERNEL_CONV3X3_16,
  HF_KERNEL_LAYER_NORM,
  HF_KERNEL_NORMALIZE,
  HF_KERNEL_GATHER,
  HF_KERNEL_ADD_POSITIONS,
  HF_KERNEL_ATTENTION,
  HF_KERNEL_UNFOLD,
  HF_KERNEL_AVERAGE_POOL,
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
  gboolean has_new_kernels; /* since the caches were last written */
  gboolean profiling;
};

struct _HfMatrix {
  HfBuffer *weights; /* [ceil (n / width)][k][width] */
  HfBuffer *bias;    /* float[n rounded up to width] */
  int n, k;
  HfPanel panel;
  int width; /* columns of a panel */
  int n_panels;
};

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

/* CPU class: one work-item a group, @n_columns groups beside each other,
 * repeated for blocks of rows. Chooses the rows of a block so that the compute
 * units, each of which gets one contiguous share of the groups, are done at the
 * same time. */
HfGrid hf_grid_cpu (const HfOps *ops, int n_columns, int n_rows,
                    int *rows_per_item);

/* Whether @buffer holds at least @n_rows x @dim floats. */
gboolean hf_buffer_holds (const HfBuffer *buffer, gint64 n_rows, gint64 dim);

G_END_DECLS
