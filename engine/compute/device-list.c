/* device-list.c: which devices there are and which one to take. What a
 * self-test found is remembered for the device, its driver and these kernels,
 * so that a start need not run it again. */
#include "compute/device-list.h"

#include "base/file.h"
#include "base/lock.h"
#include "compute/device-private.h"
#include "compute/driver-use.h"
#include "compute/program.h"
#include "compute/self-test.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_PLATFORMS 32
#define MAX_DEVICES 64

/* What is not remembered is tested once more. */
#define LOCK_PATIENCE_MS 2000

typedef struct {
  cl_device_id id;
  HfDeviceInfo *info;
  HfDevice *device; /* open since its self-test, or NULL */
} Candidate;

static void
candidate_free (Candidate *self)
{
  hf_device_info_free (self->info);
  hf_device_close (self->device);
  g_free (self);
}

/* PoCL 3.1 shows a second thread its devices before it has filled them in, and
 * then falls over a name that is not there yet. */
static GMutex look_lock;

static GPtrArray *
find_candidates (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&look_lock);
  g_autoptr (HfDriverUse) use = hf_driver_use ();
  GPtrArray *found =
      g_ptr_array_new_with_free_func ((GDestroyNotify) candidate_free);
  cl_platform_id platforms[MAX_PLATFORMS];
  cl_uint n_platforms = 0;

  if (clGetPlatformIDs (MAX_PLATFORMS, platforms, &n_platforms) != CL_SUCCESS)
    return found;
  for (cl_uint p = 0; p < MIN (n_platforms, MAX_PLATFORMS); p++) {
    cl_device_id devices[MAX_DEVICES];
    cl_uint n_devices = 0;

    if (clGetDeviceIDs (platforms[p], CL_DEVICE_TYPE_ALL, MAX_DEVICES, devices,
                        &n_devices) != CL_SUCCESS)
      continue;
    for (cl_uint d = 0; d < MIN (n_devices, MAX_DEVICES); d++) {
      Candidate *candidate = g_new0 (Candidate, 1);

      candidate->id = devices[d];
      candidate->info = hf_device_info_new (devices[d], (int) p, (int) d);
      g_ptr_array_add (found, candidate);
    }
  }
  hf_driver_use_stay_ahead ();
  return found;
}

static GPtrArray *
require_candidates (GError **error)
{
  g_autoptr (GPtrArray) found = find_candidates ();

  if (found->len > 0)
    return g_steal_pointer (&found);
  g_set_error_literal (
      error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NONE_FOUND,
      _("There is no OpenCL device. Install your graphics card's OpenCL "
        "driver, or pocl-opencl-icd to compute on the processor."));
  return NULL;
}

/* Everything a self-test's result depends on, as a name of a group. */
static char *
dup_memory_key (const HfDeviceInfo *info)
{
  g_autofree char *kernels = hf_program_dup_sources_hash ();
  g_autofree char *settings = hf_device_dup_kernel_settings ();
  g_autofree char *all =
      g_strjoin ("\n", info->name, info->platform, info->version, info->driver,
                 kernels, settings, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, all, -1);
}

static char *
dup_memory_path (void)
{
  g_autofree char *folder = hf_device_dup_cache_folder ("kernels");

  return folder == NULL ? NULL
                        : g_build_filename (folder, "self-tests.ini", NULL);
}

static gboolean
recall (HfDeviceInfo *info)
{
  g_autofree char *path = dup_memory_path ();
  g_autofree char *key = dup_memory_key (info);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree double *tiles = NULL;
  gsize n_tiles = 0;

  if (path == NULL || !g_key_file_load_from_file (file, path, 0, NULL))
    return FALSE;
  info->gflops = g_key_file_get_double (file, key, "gflops", NULL);
  tiles = g_key_file_get_double_list (file, key, "tile_ns", &n_tiles, NULL);
  if (n_tiles == G_N_ELEMENTS (info->tile_ns))
    memcpy (info->tile_ns, tiles, sizeof info->tile_ns);
  info->usable = info->gflops > 0;
  return info->usable;
}

/* Only what passed is remembered: a failing device may be mended. */
static void
remember (const HfDeviceInfo *info)
{
  g_autofree char *path = dup_memory_path ();
  g_autofree char *key = dup_memory_key (info);
  g_autofree char *text = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  double tiles[G_N_ELEMENTS (info->tile_ns)];
  gsize size_bytes = 0;
  int lock;

  if (path == NULL)
    return;
  /* Others remember what they found of other devices. */
  if (!hf_lock_take (path, LOCK_PATIENCE_MS, &lock, NULL))
    return;
  g_key_file_load_from_file (file, path, 0, NULL);
  memcpy (tiles, info->tile_ns, sizeof tiles);
  g_key_file_set_double (file, key, "gflops", info->gflops);
  g_key_file_set_double_list (file, key, "tile_ns", tiles,
                              G_N_ELEMENTS (tiles));
  text = g_key_file_to_data (file, &size_bytes, NULL);
  hf_file_write_whole (path, text, size_bytes, NULL);
  hf_lock_give (lock);
}

static HfDeviceInfo *
copy_info (const HfDeviceInfo *info)
{
  HfDeviceInfo *copy = g_memdup2 (info, sizeof *info);

  copy->id = g_strdup (info->id);
  copy->name = g_strdup (info->name);
  copy->platform = g_strdup (info->platform);
  copy->driver = g_strdup (info->driver);
  copy->version = g_strdup (info->version);
  copy->reason = g_strdup (info->reason);
  return copy;
}

/* What was tested is not closed and opened again: with its last context PoCL
 * gives up its compiler, which takes half a second to begin. */
static HfDevice *
open_candidate (Candidate *candidate, GError **error)
{
  if (candidate->device != NULL)
    return g_steal_pointer (&candidate->device);
  return hf_device_open_id (candidate->id, copy_info (candidate->info), error);
}

/* Runs the self-test and fills what it finds into the candidate's info. Where
 * no test of these kernels is remembered (@is_new) nothing is compiled, either.
 */
static void
test_candidate (Candidate *candidate, gboolean is_new)
{
  HfDeviceInfo *info = candidate->info;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfDevice) device = open_candidate (candidate, &error);

  if (is_new && device != NULL && hf_device_is_pocl (device))
    device->ahead = hf_compile_ahead_start ();
  info->usable = device != NULL && hf_self_test (device, &error);
  g_free (info->reason);
  info->reason = info->usable ? NULL : g_strdup (error->message);
  if (!info->usable) {
    info->gflops = 0;
    return;
  }
  info->gflops = device->info->gflops;
  memcpy (info->tile_ns, device->info->tile_ns, sizeof info->tile_ns);
  for (int p = 0; p < HF_N_PRECISIONS; p++)
    info->supports[p] = hf_device_supports (device, (HfPrecision) p, NULL);
  remember (info);
  device->info->usable = TRUE;
  memcpy (device->info->supports, info->supports, sizeof info->supports);
  candidate->device = g_steal_pointer (&device);
}

static int
compare_speed (gconstpointer a, gconstpointer b)
{
  const HfDeviceInfo *x = (*(Candidate *const *) a)->info;
  const HfDeviceInfo *y = (*(Candidate *const *) b)->info;

  if (x->usable != y->usable)
    return x->usable ? -1 : 1;
  return (y->gflops > x->gflops) - (y->gflops < x->gflops);
}

/* FALSE for a device whose id is @wanted or whose name holds it. */
static gboolean
is_other (const HfDeviceInfo *info, const char *wanted)
{
  g_autofree char *name = g_utf8_casefold (info->name, -1);
  g_autofree char *part = g_utf8_casefold (wanted, -1);

  return !g_str_equal (info->id, wanted) && strstr (name, part) == NULL;
}

static const char *
get_wanted (const char *wanted)
{
  if (wanted == NULL)
    wanted = g_getenv ("HANDFUL_DEVICE");
  return wanted != NULL && *wanted != '\0' ? wanted : NULL;
}

GPtrArray *
hf_device_list (GError **error)
{
  g_autoptr (GPtrArray) found = require_candidates (error);
  const char *wanted = get_wanted (NULL);
  GPtrArray *infos;
  gboolean chosen = FALSE;

  if (found == NULL)
    return NULL;
  for (guint i = 0; i < found->len; i++) {
    Candidate *candidate = found->pdata[i];

    test_candidate (candidate, !recall (candidate->info));
  }
  g_ptr_array_sort (found, compare_speed);
  infos = g_ptr_array_new_with_free_func ((GDestroyNotify) hf_device_info_free);
  for (guint i = 0; i < found->len; i++) {
    HfDeviceInfo *info =
        g_steal_pointer (&((Candidate *) found->pdata[i])->info);

    info->chosen =
        info->usable && !chosen && (wanted == NULL || !is_other (info, wanted));
    chosen = chosen || info->chosen;
    if (info->usable)
      info->reason = g_strdup (
          info->chosen ? (wanted != NULL ? _("HANDFUL_DEVICE asks for it.")
                                         : _("The fastest that passes the "
                                             "self-test."))
                       : wanted != NULL && is_other (info, wanted)
          ? _("HANDFUL_DEVICE asks for another.")
          : _("Another device is faster."));
    g_ptr_array_add (infos, info);
  }
  return infos;
}

static void
drop_others (GPtrArray *found, const char *wanted)
{
  for (guint i = found->len; i > 0; i--)
    if (is_other (((Candidate *) found->pdata[i - 1])->info, wanted))
      g_ptr_array_remove_index (found, i - 1);
}

static gboolean
is_known (const GPtrArray *found, const char *wanted, GError **error)
{
  if (found->len > 0)
    return TRUE;
  g_set_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NOT_KNOWN,
               _("There is no device \"%s\". The command \"handful-cli "
                 "devices\" lists them."),
                  wanted);
  return FALSE;
}

gboolean
hf_device_find (const char *wanted, GError **error)
{
  g_autoptr (GPtrArray) found = NULL;

  if (wanted == NULL || *wanted == '\0')
    return TRUE;
  found = find_candidates ();
  drop_others (found, wanted);
  return is_known (found, wanted, error);
}

HfDevice *
hf_device_open (const char *wanted, HfDeviceLog log, gpointer log_data,
                GError **error)
{
  g_autoptr (GPtrArray) found = require_candidates (error);
  g_autoptr (GString) reasons = g_string_new (NULL);

  if (found == NULL)
    return NULL;
  wanted = get_wanted (wanted);
  if (wanted != NULL)
    drop_others (found, wanted);
  if (!is_known (found, wanted, error))
    return NULL;
  for (guint i = 0; i < found->len; i++)
    if (!recall (((Candidate *) found->pdata[i])->info))
      test_candidate (found->pdata[i], TRUE);
  g_ptr_array_sort (found, compare_speed);
  for (guint i = 0; i < found->len; i++) {
    Candidate *candidate = found->pdata[i];
    g_autoptr (GError) why = NULL;
    HfDevice *device =
        candidate->info->usable ? open_candidate (candidate, &why) : NULL;
    g_autofree char *sentence = NULL;

    if (device != NULL)
      return device;
    sentence = g_strdup_printf (_("%s is not used. %s"), candidate->info->name,
                                   why != NULL ? why->message
                                               : candidate->info->reason);
    g_string_append_printf (reasons, " %s", sentence);
    if (log != NULL)
      log (sentence, log_data);
  }
  g_set_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NONE_USABLE,
               _("No OpenCL device can be used.%s"), reasons->str);
  return NULL;
}

HfDevice *
hf_device_open_pocl (void)
{
  g_autoptr (GPtrArray) found = find_candidates ();

  for (guint i = 0; i < found->len; i++) {
    Candidate *candidate = found->pdata[i];

    if (hf_device_info_is_pocl (candidate->info) &&
        g_str_equal (candidate->info->type, "cpu"))
      return open_candidate (candidate, NULL);
  }
  return NULL;
}

HfDeviceInfo *
hf_device_recall (const char *wanted)
{
  g_autoptr (GPtrArray) found = find_candidates ();

  wanted = get_wanted (wanted);
  if (wanted != NULL)
    drop_others (found, wanted);
  for (guint i = 0; i < found->len; i++)
    recall (((Candidate *) found->pdata[i])->info);
  g_ptr_array_sort (found, compare_speed);
  if (found->len == 0 || !((Candidate *) found->pdata[0])->info->usable)
    return NULL;
  return g_steal_pointer (&((Candidate *) found->pdata[0])->info);
}
