/* update.c: see the header. */
#include "app/study/update.h"

#include "base/file.h"

#include <glib/gi18n-lib.h>

struct _HfUpdate {
  char *path;
  HfBundle *bundle;
  HfRows *rows;
};

HfUpdate *
hf_update_open (const char *path, HfProgress *progress, GError **error)
{
  g_autoptr (HfUpdate) self = g_new0 (HfUpdate, 1);
  const HfBundleContent *content;

  self->path = g_strdup (path);
  self->bundle = hf_bundle_open (path, progress, error);
  if (self->bundle == NULL)
    return NULL;
  content = hf_bundle_get_content (self->bundle);
  if (content->training == NULL) {
    g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_MISMATCH,
                 _("The bundle %s carries no training rows, so that it cannot "
                   "be trained further. Train anew from all labels."),
                    path);
    return NULL;
  }
  self->rows = hf_rows_new_from_tensors (content->training, error);
  if (self->rows != NULL)
    return g_steal_pointer (&self);
  g_prefix_error (error, "%s: ", path);
  return NULL;
}

void
hf_update_free (HfUpdate *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->rows, hf_rows_free);
  g_clear_pointer (&self->bundle, hf_bundle_free);
  g_free (self->path);
  g_free (self);
}

const HfBundle *
hf_update_get_bundle (const HfUpdate *self)
{
  return self->bundle;
}

const HfRows *
hf_update_get_rows (const HfUpdate *self)
{
  return self->rows;
}

const HfBundleContent *
hf_update_get_content (const HfUpdate *self)
{
  return hf_bundle_get_content (self->bundle);
}

/* What the old probe says of the classes of which nothing was said. */
static void
take_old_kinds (const GPtrArray *old, const GPtrArray *fresh)
{
  HfClassKind added =
      hf_sample_classes_have_good (old) ? HF_CLASS_DEFECT : HF_CLASS_OTHER;

  for (guint c = 0; c < fresh->len; c++) {
    HfSampleClass *class = fresh->pdata[c];
    const HfSampleClass *known = hf_sample_classes_find (old, class->name);

    if (class->kind == HF_CLASS_OTHER)
      class->kind = known != NULL ? known->kind : added;
  }
}

gboolean
hf_update_set_kinds (HfUpdate *self, HfSamples *fresh, const char *good,
                     GError **error)
{
  const GPtrArray *old = self->rows->classes;
  const HfSampleClass *known =
      good != NULL ? hf_sample_classes_find (old, good) : NULL;

  if (hf_sample_classes_have_good (fresh->classes))
    return TRUE;
  if (good == NULL || (known != NULL && known->kind == HF_CLASS_GOOD)) {
    take_old_kinds (old, fresh->classes);
    return TRUE;
  }
  if (!hf_sample_classes_set_good (fresh->classes, good, old, error) ||
      !hf_sample_classes_set_good (old, good, fresh->classes, error))
    return FALSE;
  hf_rows_finish (self->rows);
  return TRUE;
}

HfBlocks
hf_update_get_blocks (const HfUpdate *self)
{
  if (self->rows->clip == NULL)
    return HF_BLOCK_CLASSIC;
  return self->rows->classic == NULL ? HF_BLOCK_CLIP : HF_BLOCKS_AUTO;
}

/* Sets the error if the two differ. */
static gboolean
check_same (const HfUpdate *self, const char *what, const char *old,
            const char *fresh, GError **error)
{
  if (g_strcmp0 (old, fresh) == 0)
    return TRUE;
  g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_MISMATCH,
               _("The probe %s was trained with the %s %s, and the new labels "
                 "come with %s. Use the old one, or train anew from all "
                 "labels."),
                  self->path, what,
                  old != NULL
                      ? old
                      : _("(none)"), fresh != NULL ? fresh : _("(none)"));
  return FALSE;
}

static gboolean
check_background (const HfUpdate *self, const char *path, GError **error)
{
  const HfBundleContent *old = hf_update_get_content (self);
  g_autofree char *was =
      old->background != NULL
          ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, old->background)
          : NULL;
  g_autofree char *is = NULL;
  g_autoptr (GBytes) bytes = NULL;
  GMappedFile *file;

  if (path != NULL) {
    file = hf_file_map (path, error);
    if (file == NULL)
      return FALSE;
    bytes = g_mapped_file_get_bytes (file);
    g_mapped_file_unref (file);
    is = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  }
  return check_same (self, _("background picture (SHA-256)"), was, is, error);
}

gboolean
hf_update_check (const HfUpdate *self, const HfStudy *study,
                 const HfExtractorOptions *features, GError **error)
{
  const HfBundleContent *old = hf_update_get_content (self);
  const char *identity =
      hf_extractor_get_identity (hf_study_get_extractor (study));
  g_autofree char *framing = hf_framing_dup_name (&features->framing);
  g_autofree char *old_framing = hf_framing_dup_name (&old->framing);
  g_autofree char *views = g_strdup_printf ("%d", features->n_views);
  g_autofree char *old_views = g_strdup_printf ("%d", old->n_views);

  if (old->model_identity != NULL &&
      !check_same (self, _("model"), old->model_identity, identity, error))
    return FALSE;
  return check_same (
      self, _("framing"), old_framing, framing, error) &&
      check_same (self, _("number of views"), old_views, views, error) &&
                  check_same (
                      self,
                      _("precision"), hf_precision_get_name (old->precision),
                         hf_precision_get_name (features->precision), error) &&
                      check_background (self, features->background, error);
}
