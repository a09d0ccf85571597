/* stream.c: vertically first. Decoded rows are collected in batches of
 * HF_SIMD_ROWS; a batch is added, weighted, to the few output rows that it
 * touches. A finished output row of sums is filtered horizontally and its place
 * taken by a later one.
 *
 * sums: float[n_live][length][3], output row i at i % n_live.
 * rows: uint8[HF_SIMD_ROWS][length][3], the batch.
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
  int n_live;   /* output rows that one batch may touch */
  int done;     /* output rows finished */
  int left;     /* first source pixel of a row that is used, */
  gsize n_sums; /* and how many values from there on */
  float *sums;
  guint8 *rows;
  float **live; /* [n_live] the sums that a batch is added to, */
  float (*weights)[HF_SIMD_ROWS]; /* and its weights there */
  HfImage *image;
} Stream;

static void
stream_clear (Stream *self)
{
  hf_filter_free (self->x);
  hf_filter_free (self->y);
  g_free (self->sums);
  g_free (self->rows);
  g_free (self->live);
  g_free (self->weights);
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

static int
get_end (const HfFilter *y, int i)
{
  return y->first[i] + y->count[i];
}

/* The most output rows that a batch, wherever it begins, can touch. */
static int
count_live (const HfFilter *y)
{
  int n_live = 1;

  for (int i = 0, oldest = 0; i < y->n_out; i++) {
    while (get_end (y, oldest) + HF_SIMD_ROWS - 1 <= y->first[i])
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
  self->sums = g_new0 (float, n_values);
  self->rows = g_new0 (guint8, HF_SIMD_ROWS * self->n_sums);
  self->live = g_new (float *, self->n_live);
  self->weights = g_malloc_n (self->n_live, sizeof (*self->weights));
  self->image =
      hf_image_new (self->x->n_out, self->y->n_out,
                    (gsize) self->x->n_out * self->y->n_out * 3, error);
  /* Filters count from the first value that is kept. */
  for (int i = 0; i < self->x->n_out; i++)
    self->x->first[i] -= self->left;
  return self->image != NULL;
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

/* Adds the batch that begins with source row @base. */
static void
add_batch (Stream *self, int base)
{
  const HfFilter *y = self->y;
  int end = base + HF_SIMD_ROWS;
  int n = 0;

  for (int i = self->done; i < y->n_out && y->first[i] < end; i++, n++) {
    self->live[n] = self->sums + (i % self->n_live) * self->n_sums;
    for (int r = 0; r < HF_SIMD_ROWS; r++) {
      int tap = base + r - y->first[i];

      self->weights[n][r] = tap >= 0 && tap < y->count[i]
                                ? y->real[(gsize) i * y->n_taps + tap]
                                : 0;
    }
  }
  hf_simd_add_rows (self->live, self->weights, n, self->rows, self->n_sums);
  while (self->done < y->n_out && get_end (y, self->done) <= end)
    finish_row (self);
}

/* Rows of an unfinished last batch are those of an earlier one; no output has
 * a weight for them. */
static void
add_row (Stream *self, const guint8 *rgb, int row, gboolean is_last)
{
  int slot = row % HF_SIMD_ROWS;

  memcpy (self->rows + slot * self->n_sums, rgb + (gsize) self->left * 3,
          self->n_sums);
  if (slot == HF_SIMD_ROWS - 1 || is_last)
    add_batch (self, row - slot);
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
    add_row (&self, rgb, row, row == height - 1);
  }
  if (!hf_jpeg_finish (jpeg, error))
    return NULL;
  return g_steal_pointer (&self.image);
}
