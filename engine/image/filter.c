/* filter.c: see the header for the definition. Sums are whole numbers, so the
 * order of summation changes nothing and the inner loops may be vectors. */
#include "image/filter-private.h"

#include "image/simd-private.h"

#include <math.h>

#define BICUBIC_A (-0.5)
#define BICUBIC_SUPPORT 2.0

static double
bicubic (double x)
{
  x = fabs (x);
  if (x < 1)
    return ((BICUBIC_A + 2) * x - (BICUBIC_A + 3)) * x * x + 1;
  if (x < 2)
    return (((x - 5) * x + 8) * x - 4) * BICUBIC_A;
  return 0;
}

/* Half away from zero. */
static gint32
to_fixed (double weight)
{
  double scaled = weight * (1 << HF_FILTER_BITS);

  return (gint32) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

/* Weights of output @i, whose centre is @centre in a source of @length. */
static void
fill_output (HfFilter *self, int i, double centre, double stretch, int length)
{
  double support = BICUBIC_SUPPORT * stretch;
  int first = MAX ((int) (centre - support + 0.5), 0);
  int end = MIN ((int) (centre + support + 0.5), length);
  gint32 *fixed = self->fixed + (gsize) i * self->n_taps;
  float *real = self->real + (gsize) i * self->n_taps;
  double sum = 0;

  for (int j = first; j < end; j++)
    sum += bicubic ((j - centre + 0.5) * (1 / stretch));
  for (int j = first; j < end; j++) {
    double weight = bicubic ((j - centre + 0.5) * (1 / stretch)) / sum;

    fixed[j - first] = to_fixed (weight);
    real[j - first] = (float) weight;
  }
  self->first[i] = first;
  self->count[i] = end - first;
}

HfFilter *
hf_filter_new (const HfAxis *axis, int length, int shrink)
{
  HfFilter *self = g_new0 (HfFilter, 1);
  /* Coordinates count from the whole source pixel where the part begins, so
   * that a cut-out part is resized exactly as a picture of its own. */
  int start = axis->start / shrink;
  int end = MIN ((axis->end + shrink - 1) / shrink, length);
  double origin = (double) axis->start / shrink - start;
  double scale =
      (double) (axis->end - axis->start) / shrink / (double) axis->out_size;
  double stretch = MAX (scale, 1);
  gsize n_weights;

  self->n_out = axis->count;
  self->n_taps = (int) ceil (BICUBIC_SUPPORT * stretch) * 2 + 1;
  n_weights = (gsize) self->n_out * self->n_taps;
  self->first = g_new (int, self->n_out);
  self->count = g_new (int, self->n_out);
  self->fixed = g_new0 (gint32, n_weights);
  self->real = g_new0 (float, n_weights);
  for (int i = 0; i < self->n_out; i++) {
    double centre = origin + ((double) (axis->first + i) + 0.5) * scale;

    fill_output (self, i, centre, stretch, end - start);
    self->first[i] += start;
  }
  return self;
}

void
hf_filter_free (HfFilter *self)
{
  if (self == NULL)
    return;
  g_free (self->first);
  g_free (self->count);
  g_free (self->fixed);
  g_free (self->real);
  g_free (self);
}

int
hf_filter_get_end (const HfFilter *self)
{
  return self->first[self->n_out - 1] + self->count[self->n_out - 1];
}

void
hf_filter_resize (const guint8 *rgb, int width, const HfFilter *x,
                  const HfFilter *y, guint8 *out)
{
  int top = y->first[0], left = x->first[0];
  int n_rows = hf_filter_get_end (y) - top;
  int n_blocks = (n_rows + HF_SIMD_ROWS - 1) / HF_SIMD_ROWS;
  gsize n_used = (gsize) (hf_filter_get_end (x) - left) * 3;
  gsize stride = (gsize) width * 3 + 1;
  gsize row_bytes = (gsize) x->n_out * 3;
  g_autofree gint32 *wide = g_new0 (gint32, stride * HF_SIMD_ROWS);
  g_autofree guint8 *rows = g_malloc (n_blocks * HF_SIMD_ROWS * row_bytes);

  for (int r = 0; r < n_rows; r++) {
    int slot = r % HF_SIMD_ROWS;

    hf_simd_widen (rgb + (((gsize) top + r) * width + left) * 3, n_used,
                   wide + slot * stride + (gsize) left * 3);
    /* The last block may be filled up with rows that nobody reads. */
    if (slot == HF_SIMD_ROWS - 1 || r == n_rows - 1)
      hf_simd_filter_rows (wide, stride, x->first, x->count, x->fixed,
                           x->n_taps, x->n_out,
                           rows + (gsize) (r - slot) * row_bytes);
  }
  for (int i = 0; i < y->n_out; i++)
    hf_simd_sum_rows (rows + (y->first[i] - top) * row_bytes, row_bytes,
                      y->fixed + (gsize) i * y->n_taps, y->count[i],
                      out + i * row_bytes);
}
