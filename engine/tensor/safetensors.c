/* safetensors.c: the container around the header. Read: every tensor fills its
 * place, the places fill the data without hole or overlap, as the format
 * demands. Nothing is copied: tensors view the bytes. */
#include "tensor/safetensors.h"

#include "tensor/safetensors-header-private.h"
#include "tensor/tensor-file-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The limit of the reference implementation. */
#define MAX_HEADER_BYTES 100000000

static gboolean
refuse_tensor (const char *name, const char *what, GError **error)
{
  g_autofree char *shown =
      g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, 400), 80));

  g_set_error (error, HF_TENSOR_ERROR, HF_TENSOR_ERROR_FORMAT,
               _("has a tensor %s %s"), shown, what);
  return FALSE;
}

/* Sets dense row-major strides and the size in bytes; FALSE on overflow, also
 * one that a later size of 0 would hide from who multiplies in that order. */
static gboolean
lay_out (HfTensor *tensor, gsize *size_bytes)
{
  gsize n = 1, extent = 1;

  for (int d = tensor->n_dims - 1; d >= 0; d--) {
    gsize size = (gsize) tensor->shape[d];

    tensor->strides[d] = (gint64) n;
    if (!g_size_checked_mul (&extent, extent, MAX (size, 1)) ||
        extent > G_MAXINT64)
      return FALSE;
    n *= size;
  }
  return g_size_checked_mul (size_bytes, n, hf_dtype_get_size (tensor->dtype));
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const HfSafetensorsEntry *x = *(const HfSafetensorsEntry *const *) a;
  const HfSafetensorsEntry *y = *(const HfSafetensorsEntry *const *) b;

  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return x->end < y->end ? -1 : x->end > y->end;
}

/* Places sorted by their begin must follow one another from 0 to the end. */
static gboolean
check_places (GArray *entries, gsize data_bytes, GError **error)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_sized_new (entries->len);
  guint64 at = 0;

  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (sorted, &g_array_index (entries, HfSafetensorsEntry, i));
  g_ptr_array_sort (sorted, compare_places);
  for (guint i = 0; i < sorted->len; i++) {
    const HfSafetensorsEntry *entry = g_ptr_array_index (sorted, i);

    if (entry->begin < at)
      return refuse_tensor (entry->tensor.name, _("that overlaps another"),
                                                   error);
    if (entry->begin > at)
      return refuse_tensor (entry->tensor.name, _("with a hole before it"),
                                                   error);
    if (entry->end > data_bytes)
      return refuse_tensor (entry->tensor.name,
                            _("that reaches past the end of the file"), error);
    at = entry->end;
  }
  if (at == data_bytes)
    return TRUE;
  g_set_error (
      error, HF_TENSOR_ERROR, HF_TENSOR_ERROR_FORMAT,
      g_dngettext (GETTEXT_PACKAGE, "has %llu byte after its last tensor",
                   "has %llu bytes after its last tensor", data_bytes - at),
      (unsigned long long) (data_bytes - at));
  return FALSE;
}

static gboolean
add_tensors (HfTensorFile *file, GArray *entries, const guint8 *data,
             gsize data_bytes, GError **error)
{
  for (guint i = 0; i < entries->len; i++) {
    HfSafetensorsEntry *entry = &g_array_index (entries, HfSafetensorsEntry, i);
    gsize size_bytes = 0;

    if (entry->end < entry->begin || !lay_out (&entry->tensor, &size_bytes) ||
        entry->end - entry->begin != size_bytes)
      return refuse_tensor (entry->tensor.name,
                            _("whose shape and size do not agree"), error);
  }
  if (!check_places (entries, data_bytes, error))
    return FALSE;
  for (guint i = 0; i < entries->len; i++) {
    HfSafetensorsEntry *entry = &g_array_index (entries, HfSafetensorsEntry, i);

    entry->tensor.data = data + entry->begin;
    if (!hf_tensor_file_add (file, entry->tensor.name, &entry->tensor))
      return refuse_tensor (entry->tensor.name, "twice", error);
  }
  return TRUE;
}

HfTensorFile *
hf_safetensors_parse (GBytes *bytes, GError **error)
{
  g_autoptr (HfTensorFile) file = NULL;
  g_autoptr (GArray) entries =
      g_array_new (FALSE, FALSE, sizeof (HfSafetensorsEntry));
  gsize size_bytes = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size_bytes);
  guint64 header_bytes = 0;

  g_array_set_clear_func (entries, hf_safetensors_entry_clear);
  if (size_bytes >= 8) {
    memcpy (&header_bytes, data, 8);
    header_bytes = GUINT64_FROM_LE (header_bytes);
  }
  if (size_bytes < 8 || header_bytes > size_bytes - 8) {
    g_set_error_literal (error, HF_TENSOR_ERROR, HF_TENSOR_ERROR_FORMAT,
                         _("ends before its header does"));
    return NULL;
  }
  if (header_bytes > MAX_HEADER_BYTES) {
    g_set_error (error, HF_TENSOR_ERROR, HF_TENSOR_ERROR_LIMIT,
                 _("has a header of %llu bytes, where at most %d are read"),
                    (unsigned long long) header_bytes, MAX_HEADER_BYTES);
    return NULL;
  }
  file =
      hf_tensor_file_new (g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref);
  if (!hf_safetensors_header_parse ((const char *) data + 8,
                                    (gsize) header_bytes, file, entries,
                                    error) ||
      !add_tensors (file, entries, data + 8 + header_bytes,
                    size_bytes - 8 - (gsize) header_bytes, error))
    return NULL;
  return g_steal_pointer (&file);
}

HfTensorFile *
hf_safetensors_load (const char *path, GError **error)
{
  g_autoptr (GMappedFile) mapped = hf_file_map (path, error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) fact = NULL;
  HfTensorFile *file;

  if (mapped == NULL)
    return NULL;
  bytes = g_mapped_file_get_bytes (mapped);
  file = hf_safetensors_parse (bytes, &fact);
  if (file == NULL) {
    g_autofree char *shown = g_filename_display_name (path);

    g_set_error (error, fact->domain, fact->code,
                 _("%s is damaged or no safetensors file: it %s. Copy or "
                   "download it again."),
                    shown, fact->message);
  }
  return file;
}
