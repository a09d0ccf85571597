/* container.c: tells the formats apart by their first bytes; a name says
 * nothing about what a download really is. */
#include "model/container.h"

#include "model/shards.h"
#include "model/torch/legacy.h"
#include "model/torch/zip.h"
#include "tensor/safetensors.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *path;
  GBytes *bytes; /* the mapped file */
  int fd;        /* of it */
} File;

static void
file_clear (gpointer data)
{
  File *file = data;

  g_free (file->path);
  g_bytes_unref (file->bytes);
  close (file->fd);
}

void
hf_container_clear (HfContainer *self)
{
  g_clear_pointer (&self->tensors, hf_tensor_file_unref);
  g_clear_pointer (&self->files, g_array_unref);
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
read_any (HfContainer *self, const char *path, GBytes *bytes, GError **error)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (starts_with (data, size, 8, "{") ||
      g_str_has_suffix (path, ".safetensors")) {
    self->format = "safetensors";
    return hf_safetensors_parse (bytes, error);
  }
  if (size > 0 && data[0] == 0x80) {
    self->format = "PyTorch before 1.6";
    return hf_torch_legacy_parse (bytes, error);
  }
  if (starts_with (data, size, 0, "PK\003\004")) {
    HfTensorFile *tensors = hf_torch_zip_parse (bytes, &self->is_script, error);

    self->format = self->is_script ? "TorchScript" : "PyTorch";
    return tensors;
  }
  g_set_error_literal (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
                       size == 0 ? _("is empty")
                                 : _("is neither safetensors nor written by "
                                     "PyTorch"));
  return NULL;
}

/* The tensors of the file @path, which joins those that are mapped. */
static HfTensorFile *
add_file (HfContainer *self, const char *path, GError **error)
{
  File file = {NULL, NULL, -1};
  g_autoptr (GMappedFile) mapped = hf_file_map_open (path, &file.fd, error);
  HfTensorFile *tensors;
  GError *fact = NULL;

  if (mapped == NULL)
    return NULL;
  file.path = g_strdup (path);
  file.bytes = g_mapped_file_get_bytes (mapped);
  g_array_append_val (self->files, file);
  tensors = read_any (self, path, file.bytes, &fact);
  if (tensors == NULL)
    hf_container_explain (path, fact, error);
  return tensors;
}

static gboolean
refuse_index (const char *path, GError **error, const char *format,
              const char *tensor, const char *part)
{
  g_autofree char *base = g_filename_display_basename (part);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  hf_container_explain (
      path,
      g_error_new (HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT, format, tensor, base),
      error);
#pragma GCC diagnostic pop
  return FALSE;
}

/* Adds the tensors of one part, which must be those of the index @path. */
static gboolean
add_part (HfContainer *self, const char *path, const HfShard *shard,
          HfTensorFile *part, GError **error)
{
  for (guint i = 0; i < shard->tensors->len; i++)
    if (hf_tensor_file_get (part, shard->tensors->pdata[i]) == NULL)
      return refuse_index (path, error,
                           _("asks for a tensor %s that its part %s lacks"),
                              shard->tensors->pdata[i], shard->path);
  for (guint i = 0; i < hf_tensor_file_get_n_tensors (part); i++) {
    const HfTensor *tensor = hf_tensor_file_get_nth (part, i);

    if (!hf_tensor_file_add (self->tensors, tensor->name, tensor))
      return refuse_index (path, error,
                           _("has a tensor %s that is in an earlier part and "
                             "again in %s"),
                              tensor->name, shard->path);
  }
  return TRUE;
}

static gboolean
open_parts (HfContainer *self, const char *path, GError **error)
{
  g_autoptr (GPtrArray) shards = hf_shards_read (path, error);
  GPtrArray *parts;

  if (shards == NULL)
    return FALSE;
  parts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) hf_tensor_file_unref);
  self->tensors =
      hf_tensor_file_new (parts, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < shards->len; i++) {
    const HfShard *shard = shards->pdata[i];
    HfTensorFile *part = add_file (self, shard->path, error);

    if (part == NULL)
      return FALSE;
    g_ptr_array_add (parts, part);
    if (!add_part (self, path, shard, part, error))
      return FALSE;
  }
  /* What the script in one of several files means, nobody knows. */
  self->is_script = FALSE;
  return TRUE;
}

gboolean
hf_container_open (const char *path, HfContainer *self, GError **error)
{
  g_auto (HfContainer) opened = {0};

  opened.files = g_array_new (FALSE, FALSE, sizeof (File));
  g_array_set_clear_func (opened.files, file_clear);
  if (hf_shards_is_index (path)) {
    if (!open_parts (&opened, path, error))
      return FALSE;
  } else {
    opened.tensors = add_file (&opened, path, error);
    if (opened.tensors == NULL)
      return FALSE;
  }
  *self = opened;
  memset (&opened, 0, sizeof (opened));
  return TRUE;
}

static const File *
get_file (const HfContainer *self, guint i)
{
  return &g_array_index (self->files, File, i);
}

GPtrArray *
hf_container_dup_paths (const HfContainer *self, const char *path)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (paths, g_strdup (path));
  for (guint i = 0; i < self->files->len; i++)
    if (!g_str_equal (get_file (self, i)->path, path))
      g_ptr_array_add (paths, g_strdup (get_file (self, i)->path));
  return paths;
}

gboolean
hf_container_is_whole (const HfContainer *self)
{
  for (guint i = 0; i < self->files->len; i++) {
    const File *file = get_file (self, i);
    struct stat info;

    if (fstat (file->fd, &info) != 0 ||
        info.st_size < (off_t) g_bytes_get_size (file->bytes))
      return FALSE;
  }
  return TRUE;
}

void
hf_container_release_pages (const HfContainer *self)
{
  const gsize page = (gsize) sysconf (_SC_PAGESIZE);

  for (guint i = 0; i < self->files->len; i++) {
    gsize size = 0;
    gconstpointer data = g_bytes_get_data (get_file (self, i)->bytes, &size);
    /* A mapping begins at a page; the last one may be cut. */
    gsize whole = (size + page - 1) / page * page;

    (void) madvise ((gpointer) data, whole, MADV_DONTNEED);
  }
}
