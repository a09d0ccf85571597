/* inspector.c: opens a bundle for work; see the header. */
#include "app/inspect/inspector-private.h"

#include "app/inspect/model-finder.h"
#include "app/jobs/cache.h"
#include "base/file.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (hf_inspector_error_quark, hf_inspector_error)

void
hf_inspector_free (HfInspector *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->extractor, hf_extractor_free);
  g_clear_pointer (&self->store, hf_feature_store_close);
  g_clear_pointer (&self->bundle, hf_bundle_free);
  g_clear_pointer (&self->scratch, hf_scratch_free);
  g_ptr_array_unref (self->scratch_files);
  g_free (self->model_words);
  g_free (self->path);
  g_free (self);
}

const char *
hf_inspector_write_scratch (HfInspector *self, const char *name, GBytes *bytes,
                            GError **error)
{
  gsize size_bytes;
  const void *data = g_bytes_get_data (bytes, &size_bytes);
  char *path;

  if (self->scratch == NULL) {
    self->scratch =
        hf_scratch_new (g_get_tmp_dir (), ".handful-bundle-", 0700, error);
    if (self->scratch == NULL)
      return NULL;
  }
  path = g_build_filename (hf_scratch_get_path (self->scratch), name, NULL);
  g_ptr_array_add (self->scratch_files, path);
  return hf_file_write_whole (path, data, size_bytes, error) ? path : NULL;
}

static gboolean
refuse_model (const HfInspector *self, const char *wanted, const char *found,
              GError **error)
{
  g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_MISMATCH,
               _("The probe %s was trained with the model of identity %s, and "
                 "%s has %s. Use the model that it was trained with."),
                  self->path, wanted, self->model_words, found);
  return FALSE;
}

/* Whether rows of the extractor are rows of the probe. */
static gboolean
check_rows (const HfInspector *self, GError **error)
{
  const HfBundleContent *content = hf_inspector_get_content (self);
  const HfProbe *probe = content->probe;
  const char *identity = hf_extractor_get_identity (self->extractor);
  gsize clip_dim = hf_probe_get_clip_dim (probe);
  gsize classic_dim = hf_probe_get_classic_dim (probe);

  if (clip_dim > 0 && g_strcmp0 (identity, content->model_identity) != 0)
    return refuse_model (self, content->model_identity, identity, error);
  if ((clip_dim == 0 ||
       clip_dim == hf_extractor_get_clip_dim (self->extractor)) &&
      (classic_dim == 0 ||
       classic_dim == hf_extractor_get_classic_dim (self->extractor)) &&
      hf_probe_get_n_tiles (probe) ==
          hf_extractor_get_n_tiles (self->extractor))
    return TRUE;
  g_set_error (
      error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_MISMATCH,
      _("The probe %s wants rows of %zu + %zu numbers (tiles: %zu), and its "
        "model, features and framing give others. Train it again with this "
        "version of Handful."),
         self->path, clip_dim, classic_dim, hf_probe_get_n_tiles (probe));
  return FALSE;
}

static gboolean
open_extractor (HfInspector *self, const HfInspectorOptions *options,
                HfProgress *progress, GError **error)
{
  const HfBundleContent *content = hf_inspector_get_content (self);
  HfExtractorOptions features = {
      .device = options->device,
      .precision = content->precision,
      .framing = content->framing,
      .n_views = content->n_views,
      .blocks = hf_probe_get_spec (content->probe)->blocks,
      .no_look = TRUE,
      .log = options->log,
      .log_data = options->log_data,
  };
  g_autofree char *model_path = NULL;

  if (features.blocks & HF_BLOCK_CLIP) {
    model_path =
        hf_model_finder_dup_path (self->bundle, options->model, self->store,
                                  &self->model_words, progress, error);
    if (model_path == NULL)
      return FALSE;
  }
  if (content->background != NULL) {
    /* No golden picture's name begins with a dot. */
    features.background = hf_inspector_write_scratch (
        self, ".background", content->background, error);
    if (features.background == NULL)
      return FALSE;
  }
  features.model_path = model_path;
  self->extractor = hf_extractor_open (&features, self->store, progress, error);
  return self->extractor != NULL && check_rows (self, error);
}

HfInspector *
hf_inspector_open (const char *path, const HfInspectorOptions *options,
                   HfProgress *progress, GError **error)
{
  g_autoptr (HfInspector) self = g_new0 (HfInspector, 1);

  self->path = g_filename_display_name (path);
  self->scratch_files = g_ptr_array_new_with_free_func (g_free);
  self->bundle = hf_bundle_open (path, progress, error);
  if (self->bundle == NULL)
    return NULL;
  self->store =
      hf_cache_open (options->cache_path, options->log, options->log_data);
  if (!open_extractor (self, options, progress, error))
    return NULL;
  return g_steal_pointer (&self);
}

const HfBundle *
hf_inspector_get_bundle (const HfInspector *self)
{
  return self->bundle;
}

const HfBundleContent *
hf_inspector_get_content (const HfInspector *self)
{
  return hf_bundle_get_content (self->bundle);
}

const char *
hf_inspector_get_model (const HfInspector *self)
{
  return self->model_words;
}
