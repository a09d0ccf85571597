/* import.c: see the header. The list is read before the transaction begins. */
#include "app/project/exchange/import.h"

#include "app/project/classes.h"
#include "app/project/labels-private.h"
#include "app/project/sources-private.h"

#include "app/jobs/pictures.h"
#include "app/study/alike.h"
#include "base/path.h"

#include <glib/gi18n-lib.h>

typedef struct {
  HfProject *project;
  HfSamples *samples;
  const char *root;    /* of the folder or list, absolute */
  gboolean take_kinds; /* they were asked for */
  gboolean take_lots;  /* the groups of the list are those of the pictures */
  HfSourceMap *map;
  gint64 *class_ids;    /* [n_classes] */
  GHashTable *labelled; /* id of a picture to the HfSample that labels it */
  GPtrArray *notes; /* of names that mean another class, of links, or NULL */
  HfImport result;
} Import;

static void
import_clear (Import *self)
{
  g_clear_pointer (&self->map, hf_source_map_free);
  g_clear_pointer (&self->class_ids, g_free);
  g_clear_pointer (&self->labelled, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, import_clear)

/* A project that has both names keeps both. */
static gboolean
join_classes (Import *self, GError **error)
{
  g_autoptr (GPtrArray) classes = hf_project_dup_classes (self->project, error);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  if (classes == NULL)
    return FALSE;
  for (guint i = 0; i < classes->len; i++)
    g_ptr_array_add (known, ((HfProjectClass *) classes->pdata[i])->name);
  hf_samples_join_alike (self->samples, known, self->notes);
  return TRUE;
}

static gboolean
make_classes (Import *self, GError **error)
{
  const GPtrArray *classes = self->samples->classes;

  self->class_ids = g_new0 (gint64, classes->len + 1);
  for (guint i = 0; i < classes->len; i++) {
    const HfSampleClass *class = classes->pdata[i];
    gint64 id = hf_project_find_class (self->project, class->name, NULL);

    if (id == 0) {
      id = hf_class_insert (self->project, class->name, class->kind, error);
      self->result.n_new_classes++;
    } else if (self->take_kinds && !hf_project_set_class_kind (
                                       self->project, id, class->kind, error)) {
      return FALSE;
    }
    if (id == 0)
      return FALSE;
    self->class_ids[i] = id;
  }
  return TRUE;
}

/* The source of a picture; its folder, or that of the whole import if it lies
 * below, becomes one where there is none. */
static const HfSource *
find_source (Import *self, const char *path, char **inside, GError **error)
{
  const HfSource *source = hf_source_map_find (self->map, path, inside);
  g_autofree char *folder = NULL;

  if (source != NULL)
    return source;
  folder = hf_path_get_below (path, self->root) != NULL
               ? g_strdup (self->root)
               : g_path_get_dirname (path);
  if (hf_source_insert (self->project, folder, error) == 0)
    return NULL;
  hf_source_map_free (self->map);
  self->map = hf_source_map_new (self->project, error);
  return self->map != NULL ? hf_source_map_find (self->map, path, inside)
                           : NULL;
}

static gboolean
set_lot (Import *self, gint64 id, const char *group, GError **error)
{
  return hf_project_run (self->project, "UPDATE image SET lot = ? WHERE id = ?",
                         error, "bi", group, id);
}

/* Paths differ where one of them goes through a link; the picture is one, and
 * its second label would silently replace the first. */
static gboolean
check_other_name (Import *self, gint64 id, const HfSample *sample,
                  GError **error)
{
  const HfSample *first = g_hash_table_lookup (self->labelled, &id);

  if (first == NULL) {
    g_hash_table_insert (self->labelled, g_memdup2 (&id, sizeof id),
                         (gpointer) sample);
    return TRUE;
  }
  if (first->label == sample->label)
    return TRUE;
  g_set_error (
      error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_FORMAT,
      _("%s and %s are one picture and have different labels; nothing was "
        "imported. Leave one of them out."),
         first->path, sample->path);
  return FALSE;
}

static gboolean
import_sample (Import *self, HfImageAdder *adder, HfLabelStep *step,
               const HfSample *sample, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (sample->path, NULL);
  g_autofree char *inside = NULL;
  const HfSource *source = find_source (self, path, &inside, error);
  gsize n_before = step->n;
  gboolean is_new;
  gint64 id;

  if (source == NULL ||
      !hf_image_adder_find (adder, source, inside, FALSE, &id, &is_new, error))
    return FALSE;
  self->result.n_new_images += is_new ? 1 : 0;
  if (self->take_lots && !set_lot (self, id, sample->group, error))
    return FALSE;
  if (sample->label < 0)
    return TRUE;
  if (!check_other_name (self, id, sample, error) ||
      !hf_label_step_set (step, id, self->class_ids[sample->label],
                          HF_SHOWN_BROWSE, error))
    return FALSE;
  self->result.n_labelled += step->n - n_before;
  self->result.n_unchanged += step->n == n_before ? 1 : 0;
  return TRUE;
}

static gboolean
import_samples (Import *self, GError **error)
{
  g_auto (HfImageAdder) adder = {0};
  g_auto (HfLabelStep) step = {0};

  if (!hf_image_adder_init (&adder, self->project, error) ||
      !hf_label_step_init (&step, self->project, HF_LABEL_BY_IMPORT, 0, error))
    return FALSE;
  for (guint i = 0; i < self->samples->samples->len; i++)
    if (!import_sample (self, &adder, &step, self->samples->samples->pdata[i],
                        error))
      return FALSE;
  return hf_label_step_finish (&step, error);
}

static gboolean
have_groups (const HfSamples *samples)
{
  for (guint i = 0; i < samples->samples->len; i++)
    if (((const HfSample *) samples->samples->pdata[i])->group != NULL)
      return TRUE;
  return FALSE;
}

/* Decides whose groups count, and writes a new rule down. */
static gboolean
settle_groups (Import *self, const char *groups, GError **error)
{
  g_autofree char *rule = hf_project_dup_setting (self->project, "groups");
  gboolean of_list = groups == NULL || g_str_equal (groups, "csv");

  self->take_lots =
      of_list && have_groups (self->samples) &&
      (groups != NULL || rule == NULL || g_str_equal (rule, "csv"));
  if (groups == NULL && self->take_lots)
    groups = "csv";
  return groups == NULL || g_strcmp0 (groups, rule) == 0 ||
         hf_setting_write (self->project, "groups", groups, error);
}

static gboolean
import_all (Import *self, const char *groups, GError **error)
{
  g_autoptr (HfTransaction) transaction =
      hf_project_begin (self->project, error);

  if (transaction == NULL)
    return FALSE;
  self->labelled =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->map = hf_source_map_new (self->project, error);
  return self->map != NULL && settle_groups (self, groups, error) &&
         join_classes (self, error) && make_classes (self, error) &&
         import_samples (self, error) &&
         hf_project_commit (g_steal_pointer (&transaction), error);
}

gboolean
hf_project_import (HfProject *self, const char *path, const char *groups,
                   const char *good, GPtrArray *refusals, GPtrArray *notes,
                   HfImport *result, GError **error)
{
  g_autoptr (HfSamples) samples = hf_samples_load (path, groups, good, error);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_file_test (absolute, G_FILE_TEST_IS_DIR)
                                ? g_strdup (absolute)
                                : g_path_get_dirname (absolute);
  g_auto (Import) import = {.project = self,
                            .samples = samples,
                            .root = folder,
                            .notes = notes,
                            .take_kinds = good != NULL};

  if (samples == NULL)
    return FALSE;
  for (guint i = 0; i < samples->refusals->len; i++) {
    const HfRefusal *refusal = samples->refusals->pdata[i];

    hf_refusals_add (refusals, refusal->path, refusal->reason);
  }
  if (notes != NULL)
    hf_samples_note_links (samples, notes);
  if (!import_all (&import, groups, error))
    return FALSE;
  *result = import.result;
  return TRUE;
}
