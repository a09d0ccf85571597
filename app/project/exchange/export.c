/* export.c: see the header. A folder is a scratch folder until it is complete,
 * so that nothing is left of one whose program was killed. */
#include "app/project/exchange/export.h"

#include "app/jobs/pictures.h"
#include "app/study/csv.h"
#include "base/file.h"
#include "base/path.h"
#include "base/scratch.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PREFIX ".handful-export-"

static const char *
get_class_name (const HfSamples *samples, const HfSample *sample)
{
  return ((const HfSampleClass *) samples->classes->pdata[sample->label])->name;
}

/* The pictures to be written (element-type HfSample, borrowed). */
static GPtrArray *
list_wanted (const HfProject *self, const HfSamples *samples,
             gboolean with_sealed, GError **error)
{
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  const GPtrArray *lost = samples->refusals;

  for (guint i = 0; i < samples->samples->len; i++) {
    HfSample *sample = samples->samples->pdata[i];

    if (sample->label >= 0 && (with_sealed || !sample->sealed))
      g_ptr_array_add (wanted, sample);
  }
  if (wanted->len > 0)
    return g_steal_pointer (&wanted);
  /* A folder that is gone is why there is nothing. */
  if (lost->len > 0)
    g_set_error_literal (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_EMPTY,
                         ((const HfRefusal *) lost->pdata[0])->reason);
  else
    g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_EMPTY,
                 _("The project %s has no labelled pictures to write."),
                    hf_project_get_path (self));
  return NULL;
}

static gboolean
write_list (const HfSamples *samples, const GPtrArray *wanted, const char *path,
            GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (absolute);
  g_autoptr (GString) text = g_string_new ("path,label,group\n");

  for (guint i = 0; i < wanted->len; i++) {
    const HfSample *sample = wanted->pdata[i];
    const char *below = hf_path_get_below (sample->path, folder);

    hf_csv_append (text, below != NULL ? below : sample->path);
    g_string_append_c (text, ',');
    hf_csv_append (text, get_class_name (samples, sample));
    g_string_append_c (text, ',');
    hf_csv_append (text, sample->group != NULL ? sample->group : "");
    g_string_append_c (text, '\n');
  }
  return hf_file_write_whole (path, text->str, text->len, error);
}

/* Whether @name can be a folder that hf_samples_load looks into. */
static gboolean
check_class_name (const char *name, GError **error)
{
  if (name[0] != '.' && strchr (name, '/') == NULL && strlen (name) <= 255)
    return TRUE;
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
               _("The class \"%s\" cannot be the name of a folder. Rename it, "
                 "or write a list: -o labels.csv."),
                  name);
  return FALSE;
}

/* A name in the class's folder that is free (caller frees): that of the
 * picture, numbered where another one has it. What stands at its beginning, by
 * which lots are told, stays. */
static char *
dup_free_name (const char *folder, const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  const char *dot = strrchr (base, '.');
  int n_stem = dot != NULL ? (int) (dot - base) : (int) strlen (base);
  char *target = g_build_filename (folder, base, NULL);

  for (int i = 2; g_file_test (target, G_FILE_TEST_EXISTS) ||
                  g_file_test (target, G_FILE_TEST_IS_SYMLINK);
       i++) {
    g_autofree char *name =
        g_strdup_printf ("%.*s-%d%s", n_stem, base, i, dot != NULL ? dot : "");

    g_free (target);
    target = g_build_filename (folder, name, NULL);
  }
  return target;
}

static gboolean
place_picture (const char *path, const char *target, HfExportForm form,
               GError **error)
{
  g_autoptr (GFile) from = NULL;
  g_autoptr (GFile) to = NULL;

  if (form == HF_EXPORT_COPIES) {
    from = g_file_new_for_path (path);
    to = g_file_new_for_path (target);
    return g_file_copy (from, to, G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL,
                        NULL, error);
  }
  if (g_access (path, F_OK) == 0 && symlink (path, target) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s",
               g_strerror (errno));
  return FALSE;
}

/* One picture that is gone is left out, and this is why, with a place for its
 * path; NULL for what ends it
 * all, a full disk say. */
static const char *
get_own_reason (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return _("%s is not there and was left out.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return _("%s may not be read and was left out.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_RECURSE) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    return _("%s is not a regular file and was left out.");
  return NULL;
}

static gboolean
is_full (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ||
         g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
}

static gboolean
write_picture (const HfSamples *samples, const HfSample *sample,
               const char *root, HfExportForm form, GPtrArray *refusals,
               gsize *n_written, GError **error)
{
  g_autofree char *folder =
      g_build_filename (root, get_class_name (samples, sample), NULL);
  g_autofree char *target = NULL;
  g_autofree char *reason = NULL;
  g_autoptr (GError) local = NULL;

  if (g_mkdir (folder, 0777) != 0 && errno != EEXIST) {
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                 _("The folder of class \"%s\" cannot be made: %s.%s"),
                    get_class_name (samples, sample), g_strerror (errno),
                    hf_file_get_advice (errno));
    return FALSE;
  }
  target = dup_free_name (folder, sample->path);
  if (place_picture (sample->path, target, form, &local)) {
    ++*n_written;
    return TRUE;
  }
  if (get_own_reason (local) != NULL) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    reason = g_strdup_printf (get_own_reason (local), sample->path);
#pragma GCC diagnostic pop
    hf_refusals_add (refusals, sample->path, reason);
    return TRUE;
  }
  /* GIO's sentence names no file, and the target's name is a hidden one. */
  g_set_error (error, local->domain, local->code,
               _("The copy of %s cannot be written: %s.%s"), sample->path,
                  is_full (local) ? g_strerror (ENOSPC) : local->message,
                  is_full (local) ? hf_file_get_advice (ENOSPC) : "");
  return FALSE;
}

static gboolean
fill_folder (const HfSamples *samples, const GPtrArray *wanted,
             const char *root, HfExportForm form, GPtrArray *refusals,
             gsize *n_written, HfProgress *progress, GError **error)
{
  for (guint i = 0; i < wanted->len; i++) {
    const HfSample *sample = wanted->pdata[i];

    if (!hf_progress_check (progress, error) ||
        !check_class_name (get_class_name (samples, sample), error) ||
        !write_picture (samples, sample, root, form, refusals, n_written,
                        error))
      return FALSE;
    hf_progress_report (progress, i + 1, wanted->len);
  }
  return TRUE;
}

static gboolean
write_folder (const HfSamples *samples, const GPtrArray *wanted,
              const char *path, HfExportForm form, GPtrArray *refusals,
              gsize *n_written, HfProgress *progress, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *parent = g_path_get_dirname (absolute);
  g_autoptr (HfScratch) folder = NULL;

  if (g_file_test (absolute, G_FILE_TEST_EXISTS)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                 _("The folder %s cannot be made: %s.%s"), path,
                    g_strerror (EEXIST), "");
    return FALSE;
  }
  folder = hf_scratch_new (parent, PREFIX, 0777, error);
  if (folder == NULL)
    return FALSE;
  if (fill_folder (samples, wanted, hf_scratch_get_path (folder), form,
                   refusals, n_written, progress, error))
    return hf_scratch_move (folder, absolute, error);
  g_prefix_error (error, _("The folder %s is not made. "), path);
  return FALSE;
}

gboolean
hf_project_export (HfProject *self, const char *path, HfExportForm form,
                   gboolean with_sealed, GPtrArray *refusals, gsize *n_written,
                   HfProgress *progress, GError **error)
{
  g_autoptr (HfSamples) samples = hf_project_dup_samples (self, error);
  g_autoptr (GPtrArray) wanted = NULL;
  gsize n = 0;

  if (samples == NULL)
    return FALSE;
  for (guint i = 0; i < samples->refusals->len; i++) {
    const HfRefusal *refusal = samples->refusals->pdata[i];

    hf_refusals_add (refusals, refusal->path, refusal->reason);
  }
  wanted = list_wanted (self, samples, with_sealed, error);
  if (wanted == NULL)
    return FALSE;
  if (form == HF_EXPORT_LIST) {
    n = wanted->len;
    if (!write_list (samples, wanted, path, error))
      return FALSE;
  } else if (!write_folder (samples, wanted, path, form, refusals, &n, progress,
                            error)) {
    return FALSE;
  }
  if (n_written != NULL)
    *n_written = n;
  return TRUE;
}
