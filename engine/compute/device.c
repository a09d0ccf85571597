/* device.c: one OpenCL device: what its driver says, opened and closed, and the
 * border where OpenCL's codes become sentences. */
#include "compute/device-private.h"

#include "compute/driver-use.h"
#include "compute/pocl-cache.h"
#include "compute/processor.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK (hf_device_error_quark, hf_device_error)

static const char *const precision_names[] = {"f32", "f16", "bf16", "int8"};

const char *
hf_precision_get_name (HfPrecision precision)
{
  return precision_names[precision];
}

gboolean
hf_precision_parse (const char *name, HfPrecision *precision)
{
  for (gsize i = 0; i < G_N_ELEMENTS (precision_names); i++)
    if (g_str_equal (name, precision_names[i])) {
      *precision = (HfPrecision) i;
      return TRUE;
    }
  return FALSE;
}

gboolean
hf_device_check (cl_int code, const char *what, GError **error)
{
  switch (code) {
  case CL_SUCCESS:
    return TRUE;
  case CL_MEM_OBJECT_ALLOCATION_FAILURE:
  case CL_OUT_OF_RESOURCES:
  case CL_OUT_OF_HOST_MEMORY:
  case CL_INVALID_BUFFER_SIZE:
    g_set_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_MEMORY,
                 _("The device could not %s: it is out of memory (OpenCL %d). "
                   "Choose a smaller model, precision f16 or another device."),
                    _(what), code);
    return FALSE;
  default:
    g_set_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_LOST,
                 _("The device could not %s (OpenCL %d). Choose another "
                   "device, or look for a newer driver."),
                    _(what), code);
    return FALSE;
  }
}

static char *
dup_device_string (cl_device_id id, cl_device_info what)
{
  gsize size_bytes = 0;
  char *text;

  clGetDeviceInfo (id, what, 0, NULL, &size_bytes);
  text = g_malloc0 (size_bytes + 1);
  clGetDeviceInfo (id, what, size_bytes, text, NULL);
  return g_strstrip (text);
}

static char *
dup_platform_name (cl_device_id id)
{
  cl_platform_id platform = NULL;
  gsize size_bytes = 0;
  char *text;

  clGetDeviceInfo (id, CL_DEVICE_PLATFORM, sizeof platform, &platform, NULL);
  clGetPlatformInfo (platform, CL_PLATFORM_NAME, 0, NULL, &size_bytes);
  text = g_malloc0 (size_bytes + 1);
  clGetPlatformInfo (platform, CL_PLATFORM_NAME, size_bytes, text, NULL);
  return g_strstrip (text);
}

/* PoCL puts its own words and LLVM's in front of the processor's name:
 * "pthread-skylake-avx512-AMD EPYC", where its version ends with
 * "-gnu-skylake-avx512". */
static void
tidy_name (HfDeviceInfo *info)
{
  const char *llvm_name = g_strrstr (info->version, "-gnu-");
  const char *at;
  char *tidied;

  if (llvm_name == NULL)
    return;
  llvm_name += strlen ("-gnu-");
  at = strstr (info->name, llvm_name);
  if (at == NULL || strlen (at) <= strlen (llvm_name) + 1)
    return;
  tidied = g_strdup (at + strlen (llvm_name) + 1);
  g_free (info->name);
  info->name = g_strstrip (tidied);
}

HfDeviceInfo *
hf_device_info_new (cl_device_id id, int platform_number, int device_number)
{
  HfDeviceInfo *info = g_new0 (HfDeviceInfo, 1);
  cl_device_type type = 0;
  cl_ulong memory_bytes = 0;
  cl_uint units = 1;

  clGetDeviceInfo (id, CL_DEVICE_TYPE, sizeof type, &type, NULL);
  clGetDeviceInfo (id, CL_DEVICE_GLOBAL_MEM_SIZE, sizeof memory_bytes,
                   &memory_bytes, NULL);
  clGetDeviceInfo (id, CL_DEVICE_MAX_COMPUTE_UNITS, sizeof units, &units, NULL);
  info->id = g_strdup_printf ("%d:%d", platform_number, device_number);
  info->name = dup_device_string (id, CL_DEVICE_NAME);
  info->platform = dup_platform_name (id);
  info->driver = dup_device_string (id, CL_DRIVER_VERSION);
  info->version = dup_device_string (id, CL_DEVICE_VERSION);
  info->type = (type & CL_DEVICE_TYPE_CPU)   ? "cpu"
               : (type & CL_DEVICE_TYPE_GPU) ? "gpu"
                                             : "accelerator";
  tidy_name (info);
  info->memory_bytes = memory_bytes;
  info->compute_units = (int) units;
  return info;
}

void
hf_device_info_free (HfDeviceInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->id);
  g_free (info->name);
  g_free (info->platform);
  g_free (info->driver);
  g_free (info->version);
  g_free (info->reason);
  g_free (info);
}

static const char *
get_setting (const char *name)
{
  const char *value = g_getenv (name);

  return value == NULL ? "" : value;
}

char *
hf_device_dup_kernel_settings (void)
{
  return g_strconcat (get_setting ("HANDFUL_KERNELS"), "\n",
                      get_setting ("HANDFUL_VECTOR_WIDTH"), NULL);
}

static gboolean
choose_class (HfDevice *self, GError **error)
{
  const char *setting = get_setting ("HANDFUL_KERNELS");

  if (*setting == '\0')
    setting = g_str_equal (self->info->type, "cpu") ? "cpu" : "gpu";
  self->device_class =
      g_str_equal (setting, "cpu") ? HF_CLASS_CPU : HF_CLASS_GPU;
  if (self->device_class == HF_CLASS_CPU || g_str_equal (setting, "gpu"))
    return TRUE;
  g_set_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NOT_KNOWN,
               _("HANDFUL_KERNELS is \"%s\", but there are only cpu and gpu."),
                  setting);
  return FALSE;
}

/* The kernels' tiles want at least four lanes. */
static gboolean
choose_vector_width (HfDevice *self, GError **error)
{
  const char *setting = get_setting ("HANDFUL_VECTOR_WIDTH");
  cl_uint width = 0;

  clGetDeviceInfo (self->id, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT, sizeof width,
                   &width, NULL);
  self->vector_width = width >= 16 ? 16 : width >= 8 ? 8 : 4;
  if (*setting == '\0')
    return TRUE;
  for (self->vector_width = 4; self->vector_width <= 16;
       self->vector_width *= 2) {
    g_autofree char *name = g_strdup_printf ("%d", self->vector_width);

    if (g_str_equal (setting, name))
      return TRUE;
  }
  g_set_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NOT_KNOWN,
               _("HANDFUL_VECTOR_WIDTH is \"%s\", but there are only 4, 8 and "
                 "16."),
                  setting);
  return FALSE;
}

static void
read_limits (HfDevice *self)
{
  cl_ulong local_bytes = 0;
  cl_bool shares_memory = CL_FALSE;

  clGetDeviceInfo (self->id, CL_DEVICE_MAX_WORK_GROUP_SIZE,
                   sizeof self->max_group_items, &self->max_group_items, NULL);
  clGetDeviceInfo (self->id, CL_DEVICE_LOCAL_MEM_SIZE, sizeof local_bytes,
                   &local_bytes, NULL);
  clGetDeviceInfo (self->id, CL_DEVICE_HOST_UNIFIED_MEMORY,
                   sizeof shares_memory, &shares_memory, NULL);
  self->local_bytes = (gsize) local_bytes;
  self->shares_memory = shares_memory == CL_TRUE;
}

/* PoCL's processor is the one that this runs on. */
static void
ask_processor (HfDevice *self)
{
  if (self->device_class != HF_CLASS_CPU || !hf_device_is_pocl (self))
    return;
  self->has_vnni = hf_processor_has_vnni (self->vector_width);
  self->has_bf16 = hf_processor_has_bf16 (self->vector_width);
  self->has_amx =
      self->vector_width == 16 && self->has_vnni && hf_processor_take_amx ();
}

/* FALSE, with the way out, where the device @name is to have a precision and
 * does not. */
static gboolean
check_precision (gboolean has, const char *name, HfPrecision precision,
                 GError **error)
{
  if (has)
    return TRUE;
  if (precision == HF_PRECISION_BF16)
    g_set_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_PRECISION,
                 _("Precision bf16 needs a processor with AVX-512 BF16 under "
                   "PoCL, which %s is not. Choose precision f16."),
                    name);
  else
    g_set_error (
        error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_PRECISION,
        _("Precision int8 needs a processor with VNNI (AVX-512 VNNI "
                   "or AVX-VNNI) under PoCL, which %s is not. Choose precision "
                   "f16."),
           name);
  return FALSE;
}

gboolean
hf_device_supports (const HfDevice *self, HfPrecision precision, GError **error)
{
  const gboolean has = precision == HF_PRECISION_BF16   ? self->has_bf16
                       : precision == HF_PRECISION_INT8 ? self->has_vnni
                                                        : TRUE;

  return check_precision (has, self->info->name, precision, error);
}

gboolean
hf_device_info_supports (const HfDeviceInfo *self, HfPrecision precision,
                         GError **error)
{
  return check_precision (self->supports[precision], self->name, precision,
                          error);
}

HfDevice *
hf_device_open_id (cl_device_id id, HfDeviceInfo *info, GError **error)
{
  g_autoptr (HfDriverUse) use = hf_driver_use ();
  g_autoptr (HfDevice) self = g_new0 (HfDevice, 1);
  cl_int code = CL_SUCCESS;

  self->info = info;
  self->id = id;
  if (!choose_class (self, error) || !choose_vector_width (self, error))
    return NULL;
  read_limits (self);
  ask_processor (self);
  self->context = clCreateContext (NULL, 1, &id, NULL, NULL, &code);
  if (!hf_device_check (code, N_("be opened"), error))
    return NULL;
  self->queue = clCreateCommandQueue (self->context, id, 0, &code);
  if (!hf_device_check (code, N_("be opened"), error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
hf_device_info_is_pocl (const HfDeviceInfo *info)
{
  return g_str_equal (info->platform, "Portable Computing Language");
}

gboolean
hf_device_is_pocl (const HfDevice *self)
{
  return hf_device_info_is_pocl (self->info);
}

void
hf_device_mark_busy (HfDevice *self)
{
  if (!self->in_flight)
    hf_driver_use_begin ();
  self->in_flight = TRUE;
}

void
hf_device_mark_idle (HfDevice *self)
{
  if (self->in_flight)
    hf_driver_use_end ();
  self->in_flight = FALSE;
}

void
hf_device_close (HfDevice *self)
{
  g_autoptr (HfDriverUse) use = hf_driver_use ();

  if (self == NULL)
    return;
  g_assert (g_atomic_int_get (&self->n_buffers) == 0);
  g_clear_pointer (&self->ahead, hf_compile_ahead_stop);
  if (self->queue != NULL)
    clFinish (self->queue);
  hf_device_mark_idle (self);
  g_clear_pointer (&self->queue, clReleaseCommandQueue);
  g_clear_pointer (&self->context, clReleaseContext);
  hf_device_info_free (self->info);
  g_free (self);
}

const HfDeviceInfo *
hf_device_get_info (const HfDevice *self)
{
  return self->info;
}

char *
hf_device_dup_cache_folder (const char *name)
{
  g_autofree char *folder =
      g_build_filename (g_get_user_cache_dir (), "handful", name, NULL);

  if (g_mkdir_with_parents (folder, 0700) < 0 || g_access (folder, W_OK) < 0)
    return NULL;
  return g_steal_pointer (&folder);
}

gboolean
hf_device_prepare_environment (int n_threads)
{
  /* Else every kernel is compiled a second time for small grids. */
  g_setenv ("POCL_WORK_GROUP_SPECIALIZATION", "0", FALSE);
  /* PoCL sets this itself when it looks at its devices, by then beside threads
   * that decode and ask for variables of their own. As the variable is there
   * already, the table of variables need not grow and move under them. */
  g_setenv ("HWLOC_PLUGINS_PATH", "/dev/null", FALSE);
  if (n_threads > 0) {
    g_autofree char *count = g_strdup_printf ("%d", n_threads);

    /* The first name is that of PoCL 3, the second that of later ones. */
    g_setenv ("POCL_MAX_PTHREAD_COUNT", count, FALSE);
    g_setenv ("POCL_CPU_MAX_CU_COUNT", count, FALSE);
  }
  return hf_pocl_cache_prepare ();
}
