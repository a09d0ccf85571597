/* ops.c: programs and kernels of a device, and the one place that launches. A
 * kernel object holds its arguments, so one thread at a time uses an HfOps. */
#include "compute/ops/ops-private.h"

#include "compute/pocl-cache.h"
#include "compute/program.h"

#include <string.h>

typedef struct {
  HfProgramId program;
  const char *name;
} KernelEntry;

static const KernelEntry kernel_table[HF_N_KERNELS] = {
    [HF_KERNEL_GEMM_64] = {HF_PROGRAM_GEMM_64, "gemm"},
    [HF_KERNEL_GEMM_32] = {HF_PROGRAM_GEMM_32, "gemm"},
    [HF_KERNEL_GEMM_16] = {HF_PROGRAM_GEMM_16, "gemm"},
    [HF_KERNEL_CONV3X3_64] = {HF_PROGRAM_CONV_64, "conv3x3"},
    [HF_KERNEL_CONV3X3_32] = {HF_PROGRAM_CONV_32, "conv3x3"},
    [HF_KERNEL_CONV3X3_16] = {HF_PROGRAM_CONV_16, "conv3x3"},
    [HF_KERNEL_LAYER_NORM] = {HF_PROGRAM_ROWS, "layer_norm"},
    [HF_KERNEL_NORMALIZE] = {HF_PROGRAM_ROWS, "normalize_rows"},
    [HF_KERNEL_GATHER] = {HF_PROGRAM_ROWS, "gather"},
    [HF_KERNEL_ADD_POSITIONS] = {HF_PROGRAM_ROWS, "add_positions"},
    [HF_KERNEL_ATTENTION] = {HF_PROGRAM_ROWS, "attention"},
    [HF_KERNEL_UNFOLD] = {HF_PROGRAM_ROWS, "unfold"},
    [HF_KERNEL_AVERAGE_POOL] = {HF_PROGRAM_ROWS, "average_pool"},
};

static const char *const cpu_gemm[] = {"cpu/vector.cl", "cpu/tile.cl",
                                       "cpu/gemm.cl", NULL};
static const char *const cpu_conv[] = {"cpu/vector.cl", "cpu/tile.cl",
                                       "cpu/conv.cl", NULL};
static const char *const cpu_rows[] = {
    "cpu/vector.cl", "cpu/rows.cl", "cpu/pixels.cl", "cpu/attention.cl", NULL};

typedef struct {
  const char *const *sources;
  int panel_width;
} ProgramEntry;

/* Small programs: a driver compiles all kernels of one, needed or not. */
static const ProgramEntry program_table[HF_N_PROGRAMS] = {
    [HF_PROGRAM_GEMM_64] = {cpu_gemm, 64},
    [HF_PROGRAM_GEMM_32] = {cpu_gemm, 32},
    [HF_PROGRAM_GEMM_16] = {cpu_gemm, 16},
    [HF_PROGRAM_CONV_64] = {cpu_conv, 64},
    [HF_PROGRAM_CONV_32] = {cpu_conv, 32},
    [HF_PROGRAM_CONV_16] = {cpu_conv, 16},
    [HF_PROGRAM_ROWS] = {cpu_rows, 64},
};

static const char *const *
get_sources (const HfOps *self, HfProgramId id)
{
  return program_table[id].sources;
}

static char *
dup_options (const HfOps *self, HfProgramId id)
{
  return g_strdup_printf (
      "-cl-std=CL1.2 -Werror -DVW=%d -DPW=%d%s", self->device->vector_width,
      program_table[id].panel_width,
      self->precision == HF_PRECISION_F16 ? " -DWEIGHT_F16" : "");
}

static gboolean
ensure_program (HfOps *self, HfProgramId id, GError **error)
{
  g_autofree char *options = NULL;

  if (self->programs[id] != NULL)
    return TRUE;
  options = dup_options (self, id);
  self->programs[id] =
      hf_program_build (self->device, get_sources (self, id), options, error);
  return self->programs[id] != NULL;
}

static cl_kernel
ensure_kernel (HfOps *self, HfKernelId id, GError **error)
{
  const KernelEntry *entry = &kernel_table[id];
  HfKernel *kernel = &self->kernels[id];
  cl_int code = CL_SUCCESS;

  if (kernel->kernel != NULL)
    return kernel->kernel;
  if (!ensure_program (self, entry->program, error))
    return NULL;
  kernel->kernel =
      clCreateKernel (self->programs[entry->program], entry->name, &code);
  if (!hf_device_check (code, "make a kernel", error))
    kernel->kernel = NULL;
  self->has_new_kernels = TRUE;
  return kernel->kernel;
}

HfOps *
hf_ops_new (HfDevice *device, HfPrecision precision, GError **error)
{
  g_autoptr (HfOps) self = g_new0 (HfOps, 1);

  self->device = device;
  self->precision = precision;
  /* The others follow when the first matrix of their width is used. */
  if (!ensure_program (self, HF_PROGRAM_ROWS, error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
store_programs (HfOps *self)
{
  for (int i = 0; i < HF_N_PROGRAMS; i++) {
    g_autofree char *options = dup_options (self, i);

    if (self->programs[i] != NULL)
      hf_program_store (self->device, self->programs[i], get_sources (self, i),
                        options);
  }
}

void
hf_ops_settle (HfOps *self)
{
  if (!self->has_new_kernels)
    return;
  self->has_new_kernels = FALSE;
  if (hf_device_is_pocl (self->device))
    hf_pocl_cache_seal ();
  else
    store_programs (self);
}

void
hf_ops_free (HfOps *self)
{
  if (self == NULL)
    return;
  clFinish (self->device->queue);
  hf_ops_settle (self);
  for (int i = 0; i < HF_N_KERNELS; i++)
    g_clear_pointer (&self->kernels[i].kernel, clReleaseKernel);
  for (int i = 0; i < HF_N_PROGRAMS; i++)
    g_clear_pointer (&self->programs[i], clReleaseProgram);
  g_free (self);
}

HfDevice *
hf_ops_get_device (const HfOps *self)
{
  return self->device;
}

gboolean
hf_ops_finish (HfOps *self, GError **error)
{
  return hf_device_check (clFinish (self->device->queue), "finish its work",
                          error);
}

gboolean
hf_ops_launch_args (HfOps *self, HfKernelId id, const HfGrid *grid,
                    const HfArg *args, guint n_args, GError **error)
{
  cl_kernel kernel = ensure_kernel (self, id, error);
  cl_int code = CL_SUCCESS;
  gint64 start;

  if (kernel == NULL)
    return FALSE;
  for (guint i = 0; i < n_args && code == CL_SUCCESS; i++)
    code = clSetKernelArg (kernel, i, args[i].size_bytes, args[i].value);
  if (code != CL_SUCCESS)
    return hf_device_check (code, "take a kernel's arguments", error);
  start = g_get_monotonic_time ();
  code =
      clEnqueueNDRangeKernel (self->device->queue, kernel, grid->n_dims, NULL,
                              grid->global, grid->local, 0, NULL, NULL);
  if (!hf_device_check (code, "run a kernel", error))
    return FALSE;
  if (!self->profiling)
    return TRUE;
  if (!hf_ops_finish (self, error))
    return FALSE;
  self->kernels[id].seconds +=
      (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  self->kernels[id].n_launches++;
  return TRUE;
}

HfGrid
hf_grid_cpu (const HfOps *ops, int n_columns, int n_rows, int *rows_per_item)
{
  const int units = MAX (ops->device->info->compute_units, 1);
  const int fewest = (n_rows + 399) / 400;
  int best = 1;
  gint64 best_cost = G_MAXINT64;

  /* Up to units more blocks than needed; at least 12 rows in a block, or the
   * panel is loaded for too little. */
  for (int blocks = fewest;
       blocks <= fewest + units && (blocks == fewest || n_rows / blocks >= 12);
       blocks++) {
    gint64 rows = (n_rows + blocks - 1) / blocks;
    gint64 groups = (gint64) n_columns * ((n_rows + rows - 1) / rows);
    gint64 cost = (groups + units - 1) / units * rows;

    if (cost < best_cost) {
      best_cost = cost;
      best = blocks;
    }
  }
  *rows_per_item = (n_rows + best - 1) / best;
  return (HfGrid){
      .n_dims = 2,
      .global = {(gsize) n_columns,
                 (gsize) ((n_rows + *rows_per_item - 1) / *rows_per_item)},
      .local = {1, 1},
  };
}

gboolean
hf_buffer_holds (const HfBuffer *buffer, gint64 n_rows, gint64 dim)
{
  return (guint64) n_rows * (guint64) dim * sizeof (float) <=
         buffer->size_bytes;
}

void
hf_ops_set_profiling (HfOps *self, gboolean profiling)
{
  self->profiling = profiling;
  for (int i = 0; i < HF_N_KERNELS; i++) {
    self->kernels[i].n_launches = 0;
    self->kernels[i].seconds = 0;
  }
}

static int
compare_seconds (const void *a, const void *b)
{
  double x = ((const HfOpsProfile *) a)->seconds;
  double y = ((const HfOpsProfile *) b)->seconds;

  return (y > x) - (y < x);
}

GArray *
hf_ops_dup_profile (const HfOps *self)
{
  GArray *profile = g_array_new (FALSE, FALSE, sizeof (HfOpsProfile));

  for (int i = 0; i < HF_N_KERNELS; i++) {
    HfOpsProfile line = {kernel_table[i].name, self->kernels[i].n_launches,
                         self->kernels[i].seconds};

    if (line.n_launches > 0)
      g_array_append_val (profile, line);
  }
  g_array_sort (profile, compare_seconds);
  return profile;
}
