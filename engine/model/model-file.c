/* model-file.c: container, names, configuration, shapes: in this order, each
 * step a view of the one before. */
#include "model/model-file.h"

#include "model/canonical.h"
#include "model/container.h"
#include "model/model-folder.h"
#include "model/model-identity.h"
#include "model/names.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _HfModelFile {
  char *path;
  HfContainer container;
  HfTensorFile *tensors; /* canonical */
  HfClipConfig config;
  gboolean guessed;
};

void
hf_model_file_free (HfModelFile *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->tensors, hf_tensor_file_unref);
  hf_container_clear (&self->container);
  g_free (self->path);
  g_free (self);
}

/* Only what may be OpenAI's: of all others the shapes do not tell enough. */
static gboolean
infer_config (HfModelFile *self, HfTensorFile *named, HfNaming naming,
              GError **error)
{
  if (naming == HF_NAMING_OPEN_CLIP) {
    g_set_error_literal (error, HF_MODEL_ERROR, HF_MODEL_ERROR_CONFIG,
                         _("is missing, and the tensors are none of OpenAI's "
                           "but open_clip's"));
    return FALSE;
  }
  return hf_clip_config_infer (named, &self->config, error);
}

/* OpenAI's own files mean what their shapes say, whatever lies beside them. */
static gboolean
read_config (HfModelFile *self, HfTensorFile *named, HfNaming naming,
             GError **error)
{
  gboolean found = FALSE;
  GError *fact = NULL;

  if (!self->container.is_script &&
      !hf_model_folder_read_config (self->path, naming, &self->config, &found,
                                    error))
    return FALSE;
  if (!found && !infer_config (self, named, naming, &fact)) {
    hf_container_explain (self->path, fact, error);
    return FALSE;
  }
  self->guessed = !found && !self->container.is_script;
  self->config.patch_bias =
      self->config.vision == HF_VISION_VIT &&
      hf_tensor_file_get (named, "visual.conv1.bias") != NULL;
  return TRUE;
}

/* Of another kind of model its configuration says more than its names do. */
static void
explain_names (HfModelFile *self, GError *fact, GError **error)
{
  g_autoptr (GError) refusal = NULL;
  gboolean found = FALSE;

  if (!hf_model_folder_read_config (self->path, HF_NAMING_OPENAI, &self->config,
                                    &found, &refusal) &&
      g_error_matches (refusal, HF_MODEL_ERROR, HF_MODEL_ERROR_UNSUPPORTED)) {
    g_error_free (fact);
    g_propagate_error (error, g_steal_pointer (&refusal));
    return;
  }
  hf_container_explain (self->path, fact, error);
}

/* The one number that is no business of a tower, so nobody else looks at it:
 * with a NaN in it all probabilities would be NaN. */
static gboolean
check_logit_scale (HfModelFile *self, GError **error)
{
  float scale;

  hf_tensor_read (hf_model_file_get (self, "logit_scale"), &scale);
  if (isfinite (exp (scale)))
    return TRUE;
  hf_container_explain (self->path,
                        g_error_new (HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
                                     _("has a logit_scale of %g"), scale),
                                     error);
  return FALSE;
}

HfModelFile *
hf_model_file_open (const char *path, GError **error)
{
  g_autoptr (HfModelFile) self = g_new0 (HfModelFile, 1);
  g_autoptr (HfTensorFile) named = NULL;
  HfNaming naming = HF_NAMING_OPENAI;
  GError *fact = NULL;

  self->path = hf_model_folder_dup_weights (path, error);
  if (self->path == NULL ||
      !hf_container_open (self->path, &self->container, error))
    return NULL;
  named = hf_names_canonicalise (self->container.tensors, &naming, &fact);
  if (named == NULL) {
    explain_names (self, fact, error);
    return NULL;
  }
  if (!read_config (self, named, naming, error))
    return NULL;
  self->tensors = hf_canonical_select (named, &self->config, &fact);
  if (self->tensors == NULL) {
    hf_container_explain (self->path, fact, error);
    return NULL;
  }
  if (!check_logit_scale (self, error))
    return NULL;
  /* Looking for the members of an archive has touched pages all over it. */
  hf_model_file_release_pages (self);
  return g_steal_pointer (&self);
}

const HfClipConfig *
hf_model_file_get_config (const HfModelFile *self)
{
  return &self->config;
}

gboolean
hf_model_file_is_guessed (const HfModelFile *self)
{
  return self->guessed;
}

const char *
hf_model_file_get_path (const HfModelFile *self)
{
  return self->path;
}

GPtrArray *
hf_model_file_dup_paths (const HfModelFile *self)
{
  return hf_container_dup_paths (&self->container, self->path);
}

const HfTensor *
hf_model_file_get (const HfModelFile *self, const char *name)
{
  const HfTensor *tensor = hf_tensor_file_get (self->tensors, name);

  g_assert (tensor != NULL);
  return tensor;
}

const HfTensor *
hf_model_file_find (const HfModelFile *self, const char *name)
{
  return hf_tensor_file_get (self->tensors, name);
}

gboolean
hf_model_file_check_whole (const HfModelFile *self, GError **error)
{
  g_autofree char *shown = NULL;

  if (hf_container_is_whole (&self->container))
    return TRUE;
  shown = g_filename_display_name (self->path);
  g_set_error (
      error, HF_MODEL_ERROR, HF_MODEL_ERROR_MISMATCH,
      _("The model file %s was cut short while it was in use. Copy or "
                 "download it again."),
         shown);
  return FALSE;
}

const char *
hf_model_file_get_format (const HfModelFile *self)
{
  return self->container.format;
}

void
hf_model_file_release_pages (HfModelFile *self)
{
  hf_container_release_pages (&self->container);
}

char *
hf_model_file_dup_identity (const HfModelFile *self, HfProgress *progress,
                            GError **error)
{
  return hf_model_file_check_whole (self, error)
             ? hf_model_identity_new (self->tensors, progress, error)
             : NULL;
}

HfTensorFile *
hf_model_file_load_tensors (const char *path, GError **error)
{
  g_auto (HfContainer) container = {0};

  if (!hf_container_open (path, &container, error))
    return NULL;
  return g_steal_pointer (&container.tensors);
}
