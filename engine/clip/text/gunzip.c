/* clip/text/gunzip.c: gzip by GIO's converter. libarchive's gzip filter skips
 * the checksum and the length at the end of a member; zlib, which is behind the
 * converter, checks both. */
#include "clip/text/gunzip.h"

#include "clip/tokenizer.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#define FIRST_BYTES ((gsize) 4 << 20)

/* What is unpacked so far, in a buffer that doubles up to the limit. */
typedef struct {
  const guint8 *in;
  gsize n_in; /* bytes not yet read */
  GByteArray *out;
  gsize n_out; /* bytes written, at most out->len */
  gsize max_bytes;
} Stream;

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error (error, HF_TOKENIZER_ERROR, HF_TOKENIZER_ERROR_FORMAT,
               _("the gzip data %s"), reason);
  return FALSE;
}

/* Makes room behind what is written. One byte over the limit is allowed for,
 * so that data of just the limit can come to their end. */
static gboolean
grow (Stream *self, GError **error)
{
  gsize size = self->out->len == 0 ? FIRST_BYTES : (gsize) self->out->len * 2;

  if (self->n_out > self->max_bytes)
    return refuse (error, _("unpack to more than the limit"));
  if (self->n_out == self->out->len)
    g_byte_array_set_size (self->out, (guint) MIN (size, self->max_bytes + 1));
  return TRUE;
}

static gboolean
unpack_member (Stream *self, GConverter *gzip, GError **error)
{
  GConverterResult result = G_CONVERTER_CONVERTED;

  while (result != G_CONVERTER_FINISHED) {
    g_autoptr (GError) local = NULL;
    gsize n_read = 0, n_written = 0;

    if (!grow (self, error))
      return FALSE;
    result = g_converter_convert (
        gzip, self->in, self->n_in, self->out->data + self->n_out,
        self->out->len - self->n_out, G_CONVERTER_INPUT_AT_END, &n_read,
        &n_written, &local);
    if (result == G_CONVERTER_ERROR)
      return refuse (
          error, g_error_matches (local, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT)
          ? _("end early")
          : _("are damaged"));
    self->in += n_read;
    self->n_in -= n_read;
    self->n_out += n_written;
  }
  return self->n_out <= self->max_bytes || grow (self, error);
}

GByteArray *
hf_gunzip (const guint8 *data, gsize size, gsize max_bytes, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  Stream stream = {
      .in = data, .n_in = size, .out = out, .max_bytes = max_bytes};
  g_autoptr (GZlibDecompressor) gzip =
      g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);

  do {
    g_converter_reset (G_CONVERTER (gzip));
    if (!unpack_member (&stream, G_CONVERTER (gzip), error))
      return NULL;
  } while (stream.n_in > 0);
  g_byte_array_set_size (out, (guint) stream.n_out);
  return g_steal_pointer (&out);
}
