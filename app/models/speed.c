/* speed.c: see the header. What was measured is remembered in a key file of
 * the cache folder: it can be measured again. A group for each model folder,
 * by size and time of its files, so that another model under the same name is
 * not taken for it. */
#include "app/models/speed.h"

#include "app/jobs/bench.h"
#include "app/places.h"
#include "base/file.h"
#include "base/lock.h"
#include "features/session.h"

#include <glib/gstdio.h>

#define BATCH 8
#define SECONDS 1.0
#define LAST "last"
#define RIGHT "right"

static char *
dup_store_path (void)
{
  g_autofree char *cache = hf_places_dup_cache ();

  return g_build_filename (cache, "speeds.ini", NULL);
}

/* Path, size and time of change (caller frees). */
static char *
dup_group (const char *model_path)
{
  GStatBuf info = {0};

  g_stat (model_path, &info);
  return g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                          model_path, (gint64) info.st_size,
                          (gint64) info.st_mtime);
}

/* Group and key names hold any bytes but these. */
static char *
dup_safe (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return g_strdelimit (g_steal_pointer (&valid), "[]=\n\r\t", '_');
}

static GKeyFile *
load (void)
{
  g_autofree char *path = dup_store_path ();
  GKeyFile *file = g_key_file_new ();

  /* None, or a damaged one: nothing is known. */
  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  return file;
}

static char *
dup_key (const char *device, HfPrecision precision)
{
  g_autofree char *safe = dup_safe (device);

  return g_strdup_printf ("%s %s", hf_precision_get_name (precision), safe);
}

double
hf_speed_recall (const char *model_path, const char *device,
                 HfPrecision precision)
{
  g_autoptr (GKeyFile) file = load ();
  g_autofree char *raw = dup_group (model_path);
  g_autofree char *group = dup_safe (raw);
  g_autofree char *key = dup_key (device != NULL ? device : LAST, precision);
  double ms = g_key_file_get_double (file, group, key, NULL);

  return ms > 0 ? ms : 0;
}

#define LOCK_PATIENCE_MS 5000

/* The file to be changed and written: meanwhile nobody else does, in this
 * program or another. A folder that cannot be written, or a program that keeps
 * the file, only costs the next measurement. */
typedef struct {
  gboolean is_taken;
  int lock;
  char *path;
  GKeyFile *file;
} Change;

static Change
begin (void)
{
  Change self = {.path = dup_store_path ()};
  g_autofree char *folder = g_path_get_dirname (self.path);

  g_mkdir_with_parents (folder, 0777);
  self.is_taken = hf_lock_take (self.path, LOCK_PATIENCE_MS, &self.lock, NULL);
  self.file = load ();
  return self;
}

static void
end (Change *self)
{
  gsize length = 0;
  g_autofree char *text = g_key_file_to_data (self->file, &length, NULL);

  if (self->is_taken) {
    hf_file_write_whole (self->path, text, length, NULL);
    hf_lock_give (self->lock);
  }
  g_key_file_unref (self->file);
  g_free (self->path);
}

static void
remember (const char *model_path, const char *device, HfPrecision precision,
          double ms)
{
  g_autofree char *raw = dup_group (model_path);
  g_autofree char *group = dup_safe (raw);
  g_autofree char *key = dup_key (device, precision);
  g_autofree char *last = dup_key (LAST, precision);
  Change change = begin ();

  g_key_file_set_double (change.file, group, key, ms);
  g_key_file_set_double (change.file, group, last, ms);
  end (&change);
}

void
hf_speed_remember_right (const char *model_path, HfPrecision precision,
                         int right, int n)
{
  g_autofree char *raw = dup_group (model_path);
  g_autofree char *group = dup_safe (raw);
  g_autofree char *key = dup_key (RIGHT, precision);
  int counts[2] = {right, n};
  Change change = begin ();

  g_key_file_set_integer_list (change.file, group, key, counts, 2);
  end (&change);
}

void
hf_speed_forget_right (const char *model_path)
{
  g_autofree char *raw = dup_group (model_path);
  g_autofree char *group = dup_safe (raw);
  Change change = begin ();

  for (int p = 0; p < HF_N_PRECISIONS; p++) {
    g_autofree char *key = dup_key (RIGHT, (HfPrecision) p);

    g_key_file_remove_key (change.file, group, key, NULL);
  }
  end (&change);
}

gboolean
hf_speed_recall_right (const char *model_path, HfPrecision precision,
                       int *right, int *n)
{
  g_autoptr (GKeyFile) file = load ();
  g_autofree char *raw = dup_group (model_path);
  g_autofree char *group = dup_safe (raw);
  g_autofree char *key = dup_key (RIGHT, precision);
  gsize length = 0;
  g_autofree int *counts =
      g_key_file_get_integer_list (file, group, key, &length, NULL);

  if (counts == NULL || length != 2 || counts[0] < 0 || counts[1] < counts[0] ||
      counts[1] == 0)
    return FALSE;
  *right = counts[0];
  *n = counts[1];
  return TRUE;
}

gboolean
hf_speed_measure (const char *model_path, const char *wanted,
                  HfPrecision precision, HfProgress *progress, double *ms,
                  char **device, GError **error)
{
  const HfSessionOptions options = {.model_path = model_path,
                                    .device = wanted,
                                    .precision = precision,
                                    .towers = HF_CLIP_IMAGES};
  g_autoptr (HfSession) session = hf_session_open (&options, progress, error);
  HfBenchRate rate;
  const char *name;

  if (session == NULL || !hf_bench_run (session, HF_BENCH_IMAGES, BATCH,
                                        SECONDS, progress, &rate, error))
    return FALSE;
  name = hf_device_get_info (hf_session_get_device (session))->name;
  *ms = 1000 / rate.median;
  remember (model_path, name, precision, *ms);
  if (device != NULL)
    *device = g_strdup (name);
  return TRUE;
}
