/* stream.c: vertically first. Each decoded row is added, weighted, to the few
 * output rows that it touches; a finished output row of sums is filtered
 * horizontally and its place taken by a later one.
 *
 * sums: float[n_live][length][3], output row i at i % n_live.
 *
 * Against the resize of hf_filter_resize the passes change places and nothing
 * is rounded between them. */
#include "image/stream-private.h"

#include "image/decode/decoder-private.h"
#include "image/filter-private.h"
#include "image/simd-private.h"

#include <string.h>

/* Halving is allowed while this many decoded pixels remain for each pixel of
 * the result, along both axes; a quarter is the smallest scale. */
#define MIN_SHRUNK_RATIO 4
#define MAX_SHRINK 4

typedef struct {
  HfFilter *x, *y;
  int n_live;   /* output rows that one source row may touch */
  int done;     /* output rows finished */
  int left;     /* first source pixel of a row that is used, */
  gsize n_sums; /* and how many values from there on */
  float *sums;
  HfImage *image;
} Stream;

static void
stream_clear (Stream *self)
{
  hf_filter_free (self->x);
  hf_filter_free (self->y);
  g_free (self->sums);
  hf_image_free (self->image);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stream, stream_clear)

static gboolean
may_shrink (const HfAxis *axis, int shrink)
{
  return axis->end - axis->start >= axis->out_size * shrink * MIN_SHRUNK_RATIO;
}

static int
choose_shrink (const HfAxis *x, const HfAxis *y)
{
  int shrink = 1;

  while (shrink < MAX_SHRINK && may_shrink (x, shrink * 2) &&
         may_shrink (y, shrink * 2))
    shrink *= 2;
  return shrink;
}

/* The most output rows whose taps overlap in one source row. */
static int
count_live (const HfFilter *y)
{
  int n_live = 1;

  for (int i = 0, oldest = 0; i < y->n_out; i++) {
    while (y->first[oldest] + y->count[oldest] <= y->first[i])
      oldest++;
    n_live = MAX (n_live, i - oldest + 1);
  }
  return n_live;
}

static gboolean
prepare (Stream *self, GError **error)
{
  gsize n_values;

  self->n_live = count_live (self->y);
  self->left = self->x->first[0];
  self->n_sums = (gsize) (hf_filter_get_end (self->x) - self->left) * 3;
  n_values = self->n_live * self->n_sums + 1; /* one more is loaded */
  self->sums = g_try_new0 (float, n_values);
  self->image =
      hf_image_new (self->x->n_out, self->y->n_out,
                    (gsize) self->x->n_out * self->y->n_out * 3, error);
  /* Filters count from the first value that is kept. */
  for (int i = 0; i < self->x->n_out; i++)
    self->x->first[i] -= self->left;
  return self->sums != NULL && self->image != NULL;
}

static void
finish_row (Stream *self)
{
  int i = self->done++;
  float *sums = self->sums + (i % self->n_live) * self->n_sums;

  hf_simd_filter_sums (sums, self->x->first, self->x->count, self->x->real,
                       self->x->n_taps, self->x->n_out,
                       self->image->rgb + (gsize) i * self->x->n_out * 3);
  memset (sums, 0, self->n_sums * sizeof (float));
}

static void
add_row (Stream *self, const guint8 *rgb, int row)
{
  const HfFilter *y = self->y;

  for (int i = self->done; i < y->n_out && y->first[i] <= row; i++)
    hf_simd_add_row (self->sums + (i % self->n_live) * self->n_sums,
                     rgb + (gsize) self->left * 3,
                     y->real[(gsize) i * y->n_taps + row - y->first[i]],
                     self->n_sums);
  while (self->done < y->n_out &&
         y->first[self->done] + y->count[self->done] <= row + 1)
    finish_row (self);
}

HfImage *
hf_stream_resize (HfJpeg *jpeg, const HfAxis *x, const HfAxis *y,
                  GError **error)
{
  g_auto (Stream) self = {0};
  int shrink = choose_shrink (x, y);
  int width = (hf_jpeg_get_width (jpeg) + shrink - 1) / shrink;
  int height = (hf_jpeg_get_height (jpeg) + shrink - 1) / shrink;
  g_autofree guint8 *rgb = g_malloc ((gsize) width * 3);

  self.x = hf_filter_new (x, width, shrink);
  self.y = hf_filter_new (y, height, shrink);
  if (!prepare (&self, error) || !hf_jpeg_start (jpeg, shrink, 0, error))
    return NULL;
  for (int row = 0; row < height; row++) {
    if (!hf_jpeg_read (jpeg, rgb, 1, error))
      return NULL;
    add_row (&self, rgb, row);
  }
  if (!hf_jpeg_finish (jpeg, error))
    return NULL;
  return g_steal_pointer (&self.image);
}
