/* content.c: what a bundle says, freed. */
#include "bundle/bundle.h"

G_DEFINE_QUARK (hf_bundle_error_quark, hf_bundle_error)

void
hf_bundle_content_clear (HfBundleContent *self)
{
  g_strfreev (self->classes);
  g_free (self->kinds);
  g_free (self->model_identity);
  g_free (self->model_name);
  g_free (self->model_source);
  g_clear_pointer (&self->background, g_bytes_unref);
  g_free (self->label_log_sha256);
  g_clear_pointer (&self->evaluation, json_object_put);
  g_clear_pointer (&self->counts, json_object_put);
  g_strfreev (self->warnings);
  g_clear_pointer (&self->probe, hf_probe_unref);
  g_clear_pointer (&self->goldens, g_ptr_array_unref);
  g_clear_pointer (&self->training, hf_tensor_file_unref);
  g_free (self->model_folder);
}
