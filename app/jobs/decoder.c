/* decoder.c: see the header. */
#include "app/jobs/decoder.h"

#include "base/ahead.h"
#include "image/pixels.h"

#include <string.h>

/* What a thread made of a picture. */
typedef struct {
  GError *refused; /* why the picture is refused, or NULL */
  guint8 pixels[]; /* [side_px][side_px][3] */
} Decoded;

struct _HfDecoder {
  const char *const *paths;
  gsize n;
  HfFraming framing;
  int side_px;
  HfAhead *ahead;
};

static gsize
get_square_bytes (const HfDecoder *self)
{
  return (gsize) self->side_px * (gsize) self->side_px * 3;
}

static void
decoded_free (gpointer data)
{
  Decoded *self = data;

  g_clear_error (&self->refused);
  g_free (self);
}

static gpointer
decode (gsize i, gpointer data)
{
  const HfDecoder *self = data;
  Decoded *decoded = g_malloc (sizeof (Decoded) + get_square_bytes (self));

  decoded->refused = NULL;
  hf_pixels_load (self->paths[i], &self->framing, self->side_px,
                  decoded->pixels, &decoded->refused);
  return decoded;
}

HfDecoder *
hf_decoder_new (const char *const *paths, gsize n, const HfFraming *framing,
                int side_px, gsize n_ahead, int n_threads)
{
  HfDecoder *self = g_new0 (HfDecoder, 1);

  self->paths = paths;
  self->n = n;
  self->framing = *framing;
  self->side_px = side_px;
  self->ahead =
      hf_ahead_new (n, n_ahead, n_threads, decode, self, decoded_free);
  return self;
}

void
hf_decoder_free (HfDecoder *self)
{
  if (self == NULL)
    return;
  hf_ahead_free (self->ahead);
  g_free (self);
}

gboolean
hf_decoder_take (HfDecoder *self, guint8 *out, GError **error)
{
  Decoded *decoded = hf_ahead_take (self->ahead);
  GError *refused = g_steal_pointer (&decoded->refused);

  if (refused == NULL)
    memcpy (out, decoded->pixels, get_square_bytes (self));
  decoded_free (decoded);
  if (refused == NULL)
    return TRUE;
  g_propagate_error (error, refused);
  return FALSE;
}

gsize
hf_decoder_get_n (const HfDecoder *self)
{
  return self->n;
}

int
hf_decoder_get_side_px (const HfDecoder *self)
{
  return self->side_px;
}
