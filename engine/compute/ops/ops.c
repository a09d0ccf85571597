/* ops.c: programs and kernels of a device, and the one place that launches. A
 * kernel object holds its arguments, so one thread at a time uses an HfOps. */
#include "compute/ops/grid.h"

#include "compute/driver-use.h"
#include "compute/pocl-cache.h"
#include "compute/program.h"
#include "compute/self-test.h"

#include <glib/gi18n-lib.h>

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (cl_kernel, clReleaseKernel, NULL)

typedef struct {
  HfProgramId program;
  const char *name;
} KernelEntry;

static const KernelEntry kernel_table[HF_N_KERNELS] = {
    [HF_KERNEL_GEMM_A] = {HF_PROGRAM_GEMM_A, "gemm"},
    [HF_KERNEL_GEMM_B] = {HF_PROGRAM_GEMM_B, "gemm"},
    [HF_KERNEL_GEMM_C] = {HF_PROGRAM_GEMM_C, "gemm"},
    [HF_KERNEL_CONV3X3_A] = {HF_PROGRAM_CONV_A, "conv3x3"},
    [HF_KERNEL_CONV3X3_B] = {HF_PROGRAM_CONV_B, "conv3x3"},
    [HF_KERNEL_CONV3X3_C] = {HF_PROGRAM_CONV_C, "conv3x3"},
    [HF_KERNEL_WINOGRAD_B] = {HF_PROGRAM_WINOGRAD_B, "winograd"},
    [HF_KERNEL_WINOGRAD_C] = {HF_PROGRAM_WINOGRAD_C, "winograd"},
    [HF_KERNEL_WINOGRAD_HALVES] = {HF_PROGRAM_WINOGRAD_HALVES, "winograd"},
    [HF_KERNEL_QUANTIZE] = {HF_PROGRAM_INT8, "quantize_rows"},
    [HF_KERNEL_GEMM_INT8] = {HF_PROGRAM_INT8, "gemm_int8"},
    [HF_KERNEL_GEMM_INT8_AMX] = {HF_PROGRAM_INT8_AMX, "gemm_amx"},
    [HF_KERNEL_GEMM_BF16] = {HF_PROGRAM_BF16, "gemm_bf16"},
    [HF_KERNEL_GEMM_BF16_AMX] = {HF_PROGRAM_BF16_AMX, "gemm_bf16"},
    [HF_KERNEL_STEM_PLANES] = {HF_PROGRAM_PLANES, "stem_planes"},
    [HF_KERNEL_STEM_PLANES_AMX] = {HF_PROGRAM_PLANES_AMX, "stem_planes"},
    [HF_KERNEL_BOTTLENECK_PLANES] = {HF_PROGRAM_PLANES, "bottleneck_planes"},
    [HF_KERNEL_BOTTLENECK_PLANES_AMX] = {HF_PROGRAM_PLANES_AMX,
                                         "bottleneck_planes"},
    [HF_KERNEL_WIDEN_PLANES] = {HF_PROGRAM_PLANES, "widen_planes"},
    [HF_KERNEL_LAYER_NORM] = {HF_PROGRAM_ROWS, "layer_norm"},
    [HF_KERNEL_NORMALIZE] = {HF_PROGRAM_ROWS, "normalize_rows"},
    [HF_KERNEL_GATHER] = {HF_PROGRAM_ROWS, "gather"},
    [HF_KERNEL_ADD_POSITIONS] = {HF_PROGRAM_ROWS, "add_positions"},
    [HF_KERNEL_ATTENTION] = {HF_PROGRAM_ROWS, "attention"},
    [HF_KERNEL_ATTENTION_BF16] = {HF_PROGRAM_ATTENTION_BF16, "attention_bf16"},
    [HF_KERNEL_ATTENTION_AMX] = {HF_PROGRAM_ATTENTION_AMX, "attention_bf16"},
    [HF_KERNEL_UNFOLD] = {HF_PROGRAM_ROWS, "unfold"},
    [HF_KERNEL_AVERAGE_POOL] = {HF_PROGRAM_ROWS, "average_pool"},
    [HF_KERNEL_ACTIVATE] = {HF_PROGRAM_BACKWARD, "activate"},
    [HF_KERNEL_ACTIVATE_BACKWARD] = {HF_PROGRAM_BACKWARD, "activate_backward"},
    [HF_KERNEL_LAYER_NORM_BACKWARD] = {HF_PROGRAM_BACKWARD,
                                       "layer_norm_backward"},
    [HF_KERNEL_SUM_ROWS] = {HF_PROGRAM_BACKWARD, "sum_rows"},
    [HF_KERNEL_ATTENTION_BACKWARD_QUERIES] = {HF_PROGRAM_BACKWARD,
                                              "attention_backward_queries"},
    [HF_KERNEL_ATTENTION_BACKWARD_KEYS] = {HF_PROGRAM_BACKWARD,
                                           "attention_backward_keys"},
};

static gboolean
reads_halves (const HfOps *self, HfProgramId id)
{
  return self->precision != HF_PRECISION_F32 &&
         (id < HF_PROGRAM_WINOGRAD_B || id > HF_PROGRAM_WINOGRAD_C);
}

static char *
dup_options (const HfOps *self, HfProgramId id)
{
  g_autofree char *sizes = hf_grid_dup_options (self, id);

  return g_strconcat ("-cl-std=CL1.2 ", sizes,
                      reads_halves (self, id) ? " -DWEIGHT_F16" : "", NULL);
}

static gboolean
ensure_program (HfOps *self, HfProgramId id, GError **error)
{
  g_autofree char *options = NULL;

  if (self->programs[id] != NULL)
    return TRUE;
  options = dup_options (self, id);
  self->programs[id] = hf_program_build (
      self->device, hf_grid_get_sources (self, id), options, error);
  return self->programs[id] != NULL;
}

/* What the compiler made of the kernel may need more registers or local
 * memory than a group of that size has. */
static gboolean
check_group (const HfOps *self, const KernelEntry *entry, cl_kernel kernel,
             const HfGrid *grid, GError **error)
{
  const HfDevice *device = self->device;
  const gsize wanted = grid->local[0];
  gsize most = 0;
  cl_ulong local_bytes = 0;

  clGetKernelWorkGroupInfo (kernel, device->id, CL_KERNEL_WORK_GROUP_SIZE,
                            sizeof most, &most, NULL);
  clGetKernelWorkGroupInfo (kernel, device->id, CL_KERNEL_LOCAL_MEM_SIZE,
                            sizeof local_bytes, &local_bytes, NULL);
  if (most >= wanted && local_bytes <= device->local_bytes)
    return TRUE;
  g_set_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_BUILD,
               _("The kernel %s wants groups of %zu work-items with %d kB of "
                 "local memory, but %s runs at most %zu with %d kB. Choose "
                 "another device."),
                  entry->name, wanted, (int) (local_bytes >> 10),
                  device->info->name, most, (int) (device->local_bytes >> 10));
  return FALSE;
}

static cl_kernel
ensure_kernel (HfOps *self, HfKernelId id, const HfGrid *grid, GError **error)
{
  const KernelEntry *entry = &kernel_table[id];
  HfKernel *slot = &self->kernels[id];
  g_auto (cl_kernel) kernel = NULL;
  cl_int code = CL_SUCCESS;

  if (slot->kernel != NULL)
    return slot->kernel;
  if (!ensure_program (self, entry->program, error))
    return NULL;
  kernel = clCreateKernel (self->programs[entry->program], entry->name, &code);
  if (!hf_device_check (code, N_("make a kernel"), error))
    return NULL;
  if (!check_group (self, entry, kernel, grid, error))
    return NULL;
  self->has_new_kernels = TRUE;
  return slot->kernel = g_steal_pointer (&kernel);
}

HfOps *
hf_ops_new (HfDevice *device, HfPrecision precision, GError **error)
{
  g_autoptr (HfOps) self = g_new0 (HfOps, 1);

  self->device = device;
  self->precision = precision;
  self->forced_tile = HF_N_TILES;
  if (!hf_device_supports (device, precision, error) ||
      !hf_grid_check (self, error))
    return NULL;
  if (hf_ops_uses_bf16 (self) && !hf_self_test_bf16 (self, error))
    return NULL;
  if (precision == HF_PRECISION_INT8 && !hf_self_test_int8 (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
store_programs (HfOps *self)
{
  for (int i = 0; i < HF_N_PROGRAMS; i++) {
    g_autofree char *options = dup_options (self, i);

    if (self->programs[i] != NULL)
      hf_program_store (self->device, self->programs[i],
                        hf_grid_get_sources (self, i), options);
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
  g_autoptr (HfDriverUse) use = hf_driver_use ();

  if (self == NULL)
    return;
  hf_ops_finish (self, NULL);
  hf_ops_settle (self);
  for (int i = 0; i < HF_N_KERNELS; i++)
    g_clear_pointer (&self->kernels[i].kernel, clReleaseKernel);
  for (int i = 0; i < HF_N_PROGRAMS; i++)
    g_clear_pointer (&self->programs[i], clReleaseProgram);
  hf_buffer_free (self->codes);
  hf_buffer_free (self->steps);
  hf_buffer_free (self->points);
  hf_buffer_free (self->narrow);
  g_free (self);
}

HfDevice *
hf_ops_get_device (const HfOps *self)
{
  return self->device;
}

gboolean
hf_ops_uses_bf16 (const HfOps *self)
{
  return self->precision == HF_PRECISION_BF16 ||
         (self->precision == HF_PRECISION_INT8 && self->device->has_amx &&
          self->device->has_bf16);
}

HfPrecision
hf_ops_get_precision (const HfOps *self)
{
  return self->precision;
}

const char *
hf_ops_get_range_hint (const HfOps *self)
{
  /* bf16 has the exponents of f32; of what int8 leaves some may be f16. */
  return self->precision == HF_PRECISION_F32 ||
                 self->precision == HF_PRECISION_BF16
             ? ""
             : _(", or too large for f16: try precision f32");
}

gboolean
hf_ops_finish (HfOps *self, GError **error)
{
  cl_int code;

  hf_device_mark_busy (self->device);
  code = clFinish (self->device->queue);
  hf_device_mark_idle (self->device);
  return hf_device_check (code, N_("finish its work"), error);
}

gboolean
hf_ops_launch_args (HfOps *self, HfKernelId id, const HfGrid *grid,
                    const HfArg *args, guint n_args, GError **error)
{
  cl_int code = CL_SUCCESS;
  cl_kernel kernel;
  gint64 start;

  hf_device_mark_busy (self->device);
  kernel = ensure_kernel (self, id, grid, error);
  if (kernel == NULL)
    return FALSE;
  for (guint i = 0; i < n_args && code == CL_SUCCESS; i++)
    code = clSetKernelArg (kernel, i, args[i].size_bytes, args[i].value);
  if (code != CL_SUCCESS)
    return hf_device_check (code, N_("take a kernel's arguments"), error);
  start = g_get_monotonic_time ();
  code =
      clEnqueueNDRangeKernel (self->device->queue, kernel, grid->n_dims, NULL,
                              grid->global, grid->local, 0, NULL, NULL);
  if (!hf_device_check (code, N_("run a kernel"), error))
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

gboolean
hf_ops_ensure_scratch (HfOps *self, HfBuffer **slot, gsize size_bytes,
                       GError **error)
{
  if (*slot != NULL && hf_buffer_get_size (*slot) >= size_bytes)
    return TRUE;
  /* What is under way may still read the old one. */
  if (*slot != NULL && !hf_ops_finish (self, error))
    return FALSE;
  g_clear_pointer (slot, hf_buffer_free);
  *slot = hf_buffer_new (self->device, size_bytes, error);
  return *slot != NULL;
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

/* The line of @name in @profile; a new one if there is none. */
static HfOpsProfile *
get_line (GArray *profile, const char *name)
{
  HfOpsProfile line = {.name = name};

  for (guint i = 0; i < profile->len; i++)
    if (g_str_equal (g_array_index (profile, HfOpsProfile, i).name, name))
      return &g_array_index (profile, HfOpsProfile, i);
  g_array_append_val (profile, line);
  return &g_array_index (profile, HfOpsProfile, profile->len - 1);
}

GArray *
hf_ops_dup_profile (const HfOps *self)
{
  GArray *profile = g_array_new (FALSE, FALSE, sizeof (HfOpsProfile));

  /* Builds of one kernel for several tiles are one line. */
  for (int i = 0; i < HF_N_KERNELS; i++) {
    HfOpsProfile *line;

    if (self->kernels[i].n_launches == 0)
      continue;
    line = get_line (profile, kernel_table[i].name);
    line->n_launches += self->kernels[i].n_launches;
    line->seconds += self->kernels[i].seconds;
  }
  g_array_sort (profile, compare_seconds);
  return profile;
}
