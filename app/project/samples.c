/* samples.c: a project as training sees it, and the name of its label log. */
#include "app/project/labels-private.h"
#include "app/project/sources-private.h"

#include "app/jobs/pictures.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static int
compare_samples (gconstpointer a, gconstpointer b)
{
  const HfSample *const *left = a, *const *right = b;

  return strcmp ((*left)->path, (*right)->path);
}

/* The classes in their order; *@indices maps a number to an index. */
static gboolean
add_classes (HfProject *self, HfSamples *samples, GHashTable *indices,
             GError **error)
{
  g_autoptr (sqlite3_stmt) rows =
      hf_project_query (self,
                        "SELECT id, name, kind FROM class WHERE NOT removed "
                        "ORDER BY position, id",
                        error, "");

  if (rows == NULL)
    return FALSE;
  while (hf_project_next (self, rows)) {
    g_autofree char *name = hf_column_dup (rows, 1);
    HfClassKind kind = HF_CLASS_OTHER;
    gint64 *id = g_new (gint64, 1);
    int index;

    *id = sqlite3_column_int64 (rows, 0);
    (void) hf_class_kind_parse ((const char *) sqlite3_column_text (rows, 2),
                                &kind, NULL);
    index = hf_samples_add_class (samples, name, kind);
    ((HfSampleClass *) samples->classes->pdata[index])->id = *id;
    g_hash_table_insert (indices, id, GINT_TO_POINTER (index));
  }
  return hf_project_ended (self, error);
}

static void
add_sample (HfSamples *samples, const HfSource *source, sqlite3_stmt *row,
            GHashTable *indices)
{
  g_autofree char *inside = hf_column_dup (row, 2);
  g_autofree char *group = hf_column_dup (row, 3);
  g_autofree char *path = g_build_filename (source->folder, inside, NULL);
  gint64 class_id = sqlite3_column_int64 (row, 5);
  gpointer index = NULL;
  HfSample *sample;
  int label = -1;

  if (class_id != 0 &&
      g_hash_table_lookup_extended (indices, &class_id, NULL, &index))
    label = GPOINTER_TO_INT (index);
  sample = hf_samples_add (samples, path, label, group);
  sample->image_id = sqlite3_column_int64 (row, 0);
  sample->sealed = sqlite3_column_int (row, 4) != 0;
  sample->audited =
      label >= 0 && g_strcmp0 ((const char *) sqlite3_column_text (row, 6),
                               hf_shown_get_name (HF_SHOWN_AUDIT)) == 0;
}

static gboolean
add_samples (HfProject *self, HfSamples *samples, const HfSourceMap *map,
             GHashTable *indices, GError **error)
{
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self,
      "SELECT image.id, source, path, lot, sealed IS NOT NULL, class, shown"
      " FROM image LEFT JOIN current ON current.image = image.id",
      error, "");

  if (rows == NULL)
    return FALSE;
  while (hf_project_next (self, rows)) {
    const HfSource *source =
        hf_source_map_get (map, sqlite3_column_int64 (rows, 1));

    if (source != NULL && source->found)
      add_sample (samples, source, rows, indices);
  }
  return hf_project_ended (self, error);
}

/* One refusal for a folder that is gone, instead of one for each picture. */
static void
refuse_lost (HfSamples *samples, const GPtrArray *sources)
{
  for (guint i = 0; i < sources->len; i++) {
    const HfSource *source = sources->pdata[i];
    g_autofree char *reason = NULL;

    if (source->found || source->n_images == 0)
      continue;
    reason = g_strdup_printf (
        _("The folder %s is not there (pictures in it: %zu, labelled: %zu). "
          "If it has moved: handful-cli project add-source PROJECT "
          "NEW-FOLDER."),
           source->folder, source->n_images, source->n_labelled);
    hf_refusals_add (samples->refusals, source->folder, reason);
  }
}

/* One view of the project, whatever others write meanwhile. */
static gboolean
read_all (HfProject *self, HfSamples *samples, GError **error)
{
  g_autoptr (GHashTable) indices =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (HfSourceMap) map = hf_source_map_new (self, error);
  g_autoptr (GPtrArray) sources = NULL;

  if (map == NULL)
    return FALSE;
  sources = hf_project_dup_sources (self, error);
  if (sources == NULL || !add_classes (self, samples, indices, error) ||
      !add_samples (self, samples, map, indices, error))
    return FALSE;
  refuse_lost (samples, sources);
  return TRUE;
}

HfSamples *
hf_project_dup_samples (HfProject *self, GError **error)
{
  g_autoptr (HfSamples) samples = hf_samples_new ();
  g_autoptr (HfTransaction) transaction = NULL;
  int rc = sqlite3_exec (self->db, "BEGIN", NULL, NULL, NULL);

  if (rc != SQLITE_OK) {
    hf_project_fail (self, rc, error);
    return NULL;
  }
  transaction = self;
  if (!read_all (self, samples, error))
    return NULL;
  g_ptr_array_sort (samples->samples, compare_samples);
  return g_steal_pointer (&samples);
}

/* Every field ends with a NUL, which is in none of them. */
static void
add_field (GChecksum *checksum, const char *text)
{
  g_checksum_update (checksum, (const guchar *) text,
                     (gssize) strlen (text) + 1);
}

static void
add_number (GChecksum *checksum, gint64 number)
{
  char text[32];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, number);
  add_field (checksum, text);
}

static gboolean
add_entry (const HfLabelEntry *entry, gpointer data, GError **error)
{
  GChecksum *checksum = data;

  add_number (checksum, entry->id);
  add_number (checksum, entry->time_us);
  add_number (checksum, entry->batch);
  add_number (checksum, entry->undoes);
  add_number (checksum, entry->source_id);
  add_field (checksum, entry->path);
  add_field (checksum, entry->class_name != NULL ? entry->class_name : "");
  add_field (checksum, hf_label_by_get_name (entry->by));
  add_field (checksum, hf_shown_get_name (entry->shown));
  return TRUE;
}

char *
hf_project_dup_log_sha256 (HfProject *self, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  if (!hf_project_read_log (self, 0, add_entry, checksum, error))
    return NULL;
  return g_strdup (g_checksum_get_string (checksum));
}
