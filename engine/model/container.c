/* container.c: tells the formats apart by their first bytes; a name says
 * nothing about what a download really is. */
#include "model/container.h"

#include "model/torch/legacy.h"
#include "model/torch/zip.h"
#include "tensor/safetensors.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
hf_container_clear (HfContainer *self)
{
  g_clear_pointer (&self->tensors, hf_tensor_file_unref);
  if (self->bytes != NULL)
    close (self->fd);
  g_clear_pointer (&self->bytes, g_bytes_unref);
}

void
hf_container_explain (const char *path, GError *fact, GError **error)
{
  g_autoptr (GError) inner = fact;
  g_autofree char *shown = g_filename_display_name (path);
  const char *form = _("The model file %s is damaged or no model file: it %s. "
                       "Copy or download it again.");

  if (inner->domain == HF_MODEL_ERROR) {
    if (inner->code == HF_MODEL_ERROR_UNSAFE)
      form = _("The model file %s is refused: it %s. A model needs no such "
               "thing; get it from a source you trust.");
    else if (inner->code == HF_MODEL_ERROR_CONFIG)
      form = _("The configuration of %s cannot be used: it %s. Get the "
               "configuration that belongs to the model.");
    else if (inner->code == HF_MODEL_ERROR_MISMATCH)
      form = _("The model %s does not fit its configuration: it %s. Get "
               "weights and configuration from the same place.");
    else if (inner->code == HF_MODEL_ERROR_UNSUPPORTED)
      form =
          _("Handful cannot compute the model %s: it %s. Use another model; "
            "OpenAI's and most of open_clip's work.");
  } else if (inner->domain != HF_TENSOR_ERROR) {
    g_propagate_error (error, g_steal_pointer (&inner));
    return;
  }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, inner->domain, inner->code, form, shown, inner->message);
#pragma GCC diagnostic pop
}

static gboolean
starts_with (const guint8 *data, gsize size, gsize at, const char *wanted)
{
  gsize n = strlen (wanted);

  return size >= at + n && memcmp (data + at, wanted, n) == 0;
}

static HfTensorFile *
read_any (HfContainer *self, const char *path, GError **error)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (self->bytes, &size);

  if (starts_with (data, size, 8, "{") ||
      g_str_has_suffix (path, ".safetensors")) {
    self->format = "safetensors";
    return hf_safetensors_parse (self->bytes, error);
  }
  if (size > 0 && data[0] == 0x80) {
    self->format = "PyTorch before 1.6";
    return hf_torch_legacy_parse (self->bytes, error);
  }
  if (starts_with (data, size, 0, "PK\003\004")) {
    HfTensorFile *tensors =
        hf_torch_zip_parse (self->bytes, &self->is_script, error);

    self->format = self->is_script ? "TorchScript" : "PyTorch";
    return tensors;
  }
  g_set_error_literal (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
                       size == 0 ? _("is empty")
                                 : _("is neither safetensors nor written by "
                                     "PyTorch"));
  return NULL;
}

gboolean
hf_container_open (const char *path, HfContainer *self, GError **error)
{
  g_auto (HfContainer) opened = {0};
  g_autoptr (GMappedFile) mapped = hf_file_map_open (path, &opened.fd, error);
  GError *fact = NULL;

  if (mapped == NULL)
    return FALSE;
  opened.bytes = g_mapped_file_get_bytes (mapped);
  opened.tensors = read_any (&opened, path, &fact);
  if (opened.tensors == NULL) {
    hf_container_explain (path, fact, error);
    return FALSE;
  }
  *self = opened;
  memset (&opened, 0, sizeof (opened));
  return TRUE;
}

gboolean
hf_container_is_whole (const HfContainer *self)
{
  struct stat info;

  return fstat (self->fd, &info) == 0 &&
         info.st_size >= (off_t) g_bytes_get_size (self->bytes);
}
