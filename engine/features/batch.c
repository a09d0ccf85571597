/* batch.c: the squares of some pictures through the tower, tile by tile and
 * view by view. Square s is view s % n_views of tile s / n_views, counted
 * through all pictures. */
#include "features/extractor-private.h"
#include "image/views.h"

#include <math.h>
#include <string.h>

typedef struct {
  const HfRecipe *recipe;
  HfPictureRows *const *pictures;
  gsize n_squares, square_bytes;
  float *rows; /* [n_squares / n_views][clip_dim]; becomes unit rows */
} Work;

/* Writes square @s as the model shall see it. */
static void
fill (const Work *self, gsize s, guint8 *out)
{
  gsize n_tiles = (gsize) self->recipe->n_tiles;
  gsize tile = s / (gsize) self->recipe->n_views;
  const guint8 *square = self->pictures[tile / n_tiles]->squares +
                         tile % n_tiles * self->square_bytes;

  hf_views_apply (square, self->recipe->image_px,
                  (int) (s % (gsize) self->recipe->n_views), out);
}

static void
add_row (float *sum, const float *row, gsize dim)
{
  for (gsize i = 0; i < dim; i++)
    sum[i] += row[i];
}

static void
normalize (float *row, gsize dim)
{
  double square = 0;

  for (gsize i = 0; i < dim; i++)
    square += (double) row[i] * row[i];
  for (gsize i = 0; square > 0 && i < dim; i++)
    row[i] = (float) (row[i] / sqrt (square));
}

/* As many squares at a time as the device takes. */
static gboolean
encode_all (Work *self, HfSession *session, gsize capacity, GError **error)
{
  gsize dim = self->recipe->clip_dim;
  gsize n_views = (gsize) self->recipe->n_views;
  g_autofree guint8 *pixels = g_malloc_n (capacity, self->square_bytes);
  g_autofree float *rows = g_new (float, capacity *dim);

  for (gsize s = 0; s < self->n_squares; s += capacity) {
    gsize n = MIN (capacity, self->n_squares - s);

    for (gsize i = 0; i < n; i++)
      fill (self, s + i, pixels + i * self->square_bytes);
    if (!hf_session_encode_images (session, pixels, n, rows, error))
      return FALSE;
    for (gsize i = 0; i < n; i++)
      add_row (self->rows + (s + i) / n_views * dim, rows + i * dim, dim);
  }
  return TRUE;
}

gboolean
hf_batch_encode (const HfRecipe *recipe, HfSession *session,
                 HfPictureRows *const *pictures, gsize n, GError **error)
{
  gsize n_rows = n * (gsize) recipe->n_tiles;
  g_autofree float *rows = g_new0 (float, n_rows * recipe->clip_dim);
  Work work = {recipe, pictures, n_rows * (gsize) recipe->n_views,
               (gsize) recipe->image_px * (gsize) recipe->image_px * 3, rows};
  HfClip *clip = hf_session_get_clip (session, error);

  if (clip == NULL ||
      !encode_all (&work, session, MAX (hf_clip_get_batch (clip), 1), error))
    return FALSE;
  /* The row of one view is of unit length as it comes. */
  for (gsize r = 0; recipe->n_views > 1 && r < n_rows; r++)
    normalize (rows + r * recipe->clip_dim, recipe->clip_dim);
  for (gsize i = 0; i < n; i++) {
    gsize bytes = recipe->row_bytes[HF_ROW_CLIP];

    pictures[i]->rows[HF_ROW_CLIP] =
        g_bytes_new ((const guint8 *) rows + i * bytes, bytes);
    pictures[i]->fresh[HF_ROW_CLIP] = TRUE;
    g_clear_pointer (&pictures[i]->squares, g_free);
  }
  return TRUE;
}
