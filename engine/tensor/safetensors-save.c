/* safetensors-save.c: writes the container. The header is padded with blanks
 * so that the data begins at a multiple of 8 bytes; the data follows in the
 * order of the tensors, without holes. */
#include "tensor/safetensors.h"

#include "tensor/tensor-file-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Bytes gathered from a strided tensor before they are written. */
#define CHUNK_BYTES (1u << 20)

static gsize
get_size_bytes (const HfTensor *tensor)
{
  return (gsize) hf_tensor_get_n_elements (tensor) *
         hf_dtype_get_size (tensor->dtype);
}

/* @text as a JSON string. */
static void
append_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\')
      g_string_append_printf (out, "\\%c", *text);
    else if ((guchar) *text < 0x20)
      g_string_append_printf (out, "\\u%04x", *text);
    else
      g_string_append_c (out, *text);
  }
  g_string_append_c (out, '"');
}

static void
append_metadata (GString *out, const HfTensorFile *file)
{
  guint n = hf_tensor_file_get_n_metadata (file);

  if (n == 0)
    return;
  g_string_append (out, "\"__metadata__\":{");
  for (guint i = 0; i < n; i++) {
    const char *key = hf_tensor_file_get_nth_metadata_key (file, i);

    if (i > 0)
      g_string_append_c (out, ',');
    append_string (out, key);
    g_string_append_c (out, ':');
    append_string (out, hf_tensor_file_get_metadata (file, key));
  }
  g_string_append (out, hf_tensor_file_get_n_tensors (file) > 0 ? "}," : "}");
}

static void
append_tensor (GString *out, const HfTensor *tensor, gsize begin)
{
  append_string (out, tensor->name);
  g_string_append_printf (out, ":{\"dtype\":\"%s\",\"shape\":[",
                          hf_dtype_get_name (tensor->dtype));
  for (int d = 0; d < tensor->n_dims; d++)
    g_string_append_printf (out, "%s%" G_GINT64_FORMAT, d > 0 ? "," : "",
                            tensor->shape[d]);
  g_string_append_printf (
      out, "],\"data_offsets\":[%" G_GSIZE_FORMAT ",%" G_GSIZE_FORMAT "]}",
      begin, begin + get_size_bytes (tensor));
}

static GString *
make_header (const HfTensorFile *file)
{
  GString *out = g_string_new ("{");
  gsize at = 0;

  append_metadata (out, file);
  for (guint i = 0; i < hf_tensor_file_get_n_tensors (file); i++) {
    const HfTensor *tensor = hf_tensor_file_get_nth (file, i);

    if (i > 0)
      g_string_append_c (out, ',');
    append_tensor (out, tensor, at);
    at += get_size_bytes (tensor);
  }
  g_string_append_c (out, '}');
  while (out->len % 8 != 0)
    g_string_append_c (out, ' ');
  return out;
}

/* Element number @n, in row-major order, of a tensor of any strides. */
static const guint8 *
get_element (const HfTensor *tensor, gint64 n)
{
  gint64 offset = 0;

  for (int d = tensor->n_dims - 1; d >= 0; d--) {
    offset += n % tensor->shape[d] * tensor->strides[d];
    n /= tensor->shape[d];
  }
  return tensor->data + (gsize) offset * hf_dtype_get_size (tensor->dtype);
}

/* Where the bytes go, piece by piece. */
typedef gboolean (*Sink) (gpointer target, const void *data, gsize size_bytes,
                          GError **error);

static gboolean
write_tensor (const HfTensor *tensor, Sink sink, gpointer target,
              GError **error)
{
  gsize size = hf_dtype_get_size (tensor->dtype);
  gint64 n = hf_tensor_get_n_elements (tensor);
  g_autofree guint8 *chunk = NULL;

  if (n == 0)
    return TRUE;
  if (hf_tensor_is_dense (tensor))
    return sink (target, tensor->data, get_size_bytes (tensor), error);
  chunk = g_malloc (CHUNK_BYTES);
  for (gint64 done = 0; done < n;) {
    gint64 count = MIN (n - done, (gint64) (CHUNK_BYTES / size));

    for (gint64 i = 0; i < count; i++)
      memcpy (chunk + (gsize) i * size, get_element (tensor, done + i), size);
    if (!sink (target, chunk, (gsize) count * size, error))
      return FALSE;
    done += count;
  }
  return TRUE;
}

static gboolean
write_all (const HfTensorFile *file, const GString *header, Sink sink,
           gpointer target, GError **error)
{
  guint64 header_bytes = GUINT64_TO_LE ((guint64) header->len);

  if (!sink (target, &header_bytes, 8, error) ||
      !sink (target, header->str, header->len, error))
    return FALSE;
  for (guint i = 0; i < hf_tensor_file_get_n_tensors (file); i++)
    if (!write_tensor (hf_tensor_file_get_nth (file, i), sink, target, error))
      return FALSE;
  return TRUE;
}

static gboolean
write_to_file (gpointer target, const void *data, gsize size_bytes,
               GError **error)
{
  return hf_file_writer_write (target, data, size_bytes, error);
}

gboolean
hf_safetensors_save (const HfTensorFile *file, const char *path, GError **error)
{
  g_autoptr (HfFileWriter) writer = hf_file_writer_open (path, error);
  g_autoptr (GString) header = NULL;

  if (writer == NULL)
    return FALSE;
  header = make_header (file);
  return write_all (file, header, write_to_file, writer, error) &&
         hf_file_writer_commit (writer, error);
}

static gboolean
write_to_memory (gpointer target, const void *data, gsize size_bytes,
                 GError **error)
{
  guint8 **at = target;

  memcpy (*at, data, size_bytes);
  *at += size_bytes;
  return TRUE;
}

GBytes *
hf_safetensors_dup_bytes (const HfTensorFile *file, GError **error)
{
  g_autoptr (GString) header = make_header (file);
  gsize size_bytes = 8 + header->len;
  guint8 *bytes, *at;

  for (guint i = 0; i < hf_tensor_file_get_n_tensors (file); i++)
    size_bytes += get_size_bytes (hf_tensor_file_get_nth (file, i));
  bytes = g_try_malloc (size_bytes);
  if (bytes == NULL) {
    g_set_error (error, HF_TENSOR_ERROR, HF_TENSOR_ERROR_LIMIT,
                 _("There is no memory for tensors of %zu bytes."),
                    size_bytes);
    return NULL;
  }
  at = bytes;
  write_all (file, header, write_to_memory, &at, NULL);
  return g_bytes_new_take (bytes, size_bytes);
}
