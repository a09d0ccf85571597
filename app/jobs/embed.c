/* embed.c: see the header.
 *
 *   decoding threads -> ring of squares -> batch -> tower -> rows in order
 *
 * While the tower computes one batch the threads fill the ring for the next. */
#include "app/jobs/embed.h"

/* Decoded pictures that wait: two of the usual batches. */
enum { N_AHEAD = 16 };

/* Pictures taken from the decoder and not yet handed out: good ones have a
 * square in @pixels, refused ones an error. */
typedef struct {
  HfSession *session;
  HfRowFunc func;
  gpointer data;
  gsize dim, square_bytes;
  gsize capacity;    /* good pictures that fit */
  guint8 *pixels;    /* [capacity][px][px][3] */
  float *rows;       /* [capacity][dim] */
  GPtrArray *errors; /* GError *, NULL for a good picture */
  gsize n_good;
  gsize n_handed_out;
} Batch;

static void
free_error (gpointer error)
{
  if (error != NULL)
    g_error_free (error);
}

static void
batch_clear (Batch *self)
{
  g_free (self->pixels);
  g_free (self->rows);
  g_clear_pointer (&self->errors, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Batch, batch_clear)

static gboolean
batch_init (Batch *self, HfSession *session, GError **error)
{
  const HfClipConfig *config =
      hf_model_file_get_config (hf_session_get_model (session));
  HfClip *clip = hf_session_get_clip (session, error);

  if (clip == NULL)
    return FALSE;
  self->session = session;
  self->dim = (gsize) config->embed_dim;
  self->square_bytes = (gsize) config->image_px * (gsize) config->image_px * 3;
  self->capacity = MAX (hf_clip_get_batch (clip), 1);
  self->pixels = g_malloc_n (self->capacity, self->square_bytes);
  self->rows = g_new (float, self->capacity * self->dim);
  self->errors = g_ptr_array_new_with_free_func (free_error);
  return TRUE;
}

static void
batch_take (Batch *self, HfDecoder *decoder)
{
  GError *refused = NULL;

  if (hf_decoder_take (
          decoder, self->pixels + self->n_good * self->square_bytes, &refused))
    self->n_good++;
  g_ptr_array_add (self->errors, refused);
}

static gboolean
batch_flush (Batch *self, GError **error)
{
  gsize good = 0;

  if (self->n_good > 0 &&
      !hf_session_encode_images (self->session, self->pixels, self->n_good,
                                 self->rows, error))
    return FALSE;
  for (guint i = 0; i < self->errors->len; i++) {
    const GError *refused = self->errors->pdata[i];
    const float *row = refused == NULL ? self->rows + good++ * self->dim : NULL;

    if (!self->func (self->n_handed_out++, row, refused, self->data, error))
      return FALSE;
  }
  g_ptr_array_set_size (self->errors, 0);
  self->n_good = 0;
  return TRUE;
}

HfDecoder *
hf_embed_start_decoder (HfSession *session, const char *const *paths, gsize n,
                        const HfFraming *framing)
{
  const HfClipConfig *config =
      hf_model_file_get_config (hf_session_get_model (session));

  return hf_decoder_new (paths, n, framing, config->image_px, N_AHEAD, 0);
}

gboolean
hf_embed_pictures (HfSession *session, HfDecoder *decoder, HfRowFunc func,
                   gpointer data, HfProgress *progress, GError **error)
{
  gsize n = hf_decoder_get_n (decoder);
  g_auto (Batch) batch = {.func = func, .data = data};

  if (n == 0)
    return TRUE;
  if (!batch_init (&batch, session, error))
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    if (!hf_progress_check (progress, error))
      return FALSE;
    batch_take (&batch, decoder);
    if (batch.n_good < batch.capacity && i + 1 < n)
      continue;
    if (!batch_flush (&batch, error))
      return FALSE;
    hf_progress_report (progress, (gint64) i + 1, (gint64) n);
  }
  return TRUE;
}
