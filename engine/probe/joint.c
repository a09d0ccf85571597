/* joint.c: see the header. */
#include "probe/joint.h"

#include <math.h>
#include <string.h>

#include "probe/row.h"

/* A block whose rows differ by less than this part of their length does not
 * move: floats hold 6e-8 of it. */
#define CONSTANT 1e-6

static HfJoint *
joint_alloc (HfBlocks blocks, gsize clip_dim, gsize classic_dim)
{
  HfJoint *self = g_new0 (HfJoint, 1);

  self->blocks = blocks;
  self->clip_dim = blocks & HF_BLOCK_CLIP ? clip_dim : 0;
  self->classic_dim = blocks & HF_BLOCK_CLASSIC ? classic_dim : 0;
  self->dim = self->clip_dim + self->classic_dim;
  self->mean = g_new0 (float, self->dim);
  self->factor = g_new0 (float, self->dim);
  return self;
}

/* A picture's numbers as they came, the mean over its tiles: double[dim]. */
static void
average_tiles (const HfJoint *self, const HfDataset *data, gsize row,
               double *out)
{
  gsize n_tiles = data->n_tiles;

  for (gsize j = 0; j < self->dim; j++)
    out[j] = 0;
  for (gsize t = 0; t < n_tiles; t++) {
    gsize tile = row * n_tiles + t;

    for (gsize j = 0; j < self->clip_dim; j++)
      out[j] += data->clip[tile * data->clip_dim + j];
    for (gsize j = 0; j < self->classic_dim; j++)
      out[self->clip_dim + j] += data->classic[tile * data->classic_dim + j];
  }
  for (gsize j = 0; j < self->dim; j++)
    out[j] /= (double) n_tiles;
}

static double *
dup_raw (const HfJoint *self, const HfDataset *data, const gsize *rows,
         gsize n_rows)
{
  double *raw = g_new (double, n_rows * self->dim);

  for (gsize i = 0; i < n_rows; i++)
    average_tiles (self, data, rows[i], raw + i * self->dim);
  return raw;
}

/* Standard deviations of columns [@first, @first + @n) of the @centred rows,
 * as factors that undo them. */
static void
standardise (HfJoint *self, const double *centred, gsize n_rows, gsize first,
             gsize n)
{
  g_autofree double *square = g_new0 (double, n);
  double sum = 0, whole;

  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = 0; j < n; j++) {
      double v = centred[i * self->dim + first + j];

      square[j] += v * v;
    }
  /* The deviation of the block as a whole counts the spread of its means. */
  for (gsize j = 0; j < n; j++)
    sum += self->mean[first + j];
  sum /= (double) n;
  whole = 0;
  for (gsize j = 0; j < n; j++) {
    double off = self->mean[first + j] - sum;

    whole += square[j] / (double) n_rows + off * off;
  }
  whole = sqrt (whole / (double) n);
  for (gsize j = 0; j < n; j++)
    self->factor[first + j] = (float) (1 / (sqrt (square[j] / (double) n_rows) +
                                            1e-2 * whole + 1e-6));
}

/* Whether columns [@first, @first + @n) of the @centred rows never move: what
 * is left of them is rounding, which no scale may blow up. */
static gboolean
is_constant (const HfJoint *self, const double *centred, gsize n_rows,
             gsize first, gsize n)
{
  double moves = 0, size = 0;

  for (gsize j = first; j < first + n; j++)
    size += (double) self->mean[j] * self->mean[j];
  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = first; j < first + n; j++) {
      double v = centred[i * self->dim + j];

      moves += v * v;
    }
  return moves / (double) n_rows <= CONSTANT * CONSTANT * size;
}

/* Scales columns [@first, @first + @n) to a mean square norm of 1. */
static void
scale_block (HfJoint *self, const double *centred, gsize n_rows, gsize first,
             gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = first; j < first + n; j++) {
      double v = centred[i * self->dim + j] * self->factor[j];

      sum += v * v;
    }
  sum = sqrt (sum / (double) n_rows);
  for (gsize j = first; j < first + n; j++)
    self->factor[j] = (float) (self->factor[j] / sum);
}

/* Centring is done: the scales of both blocks. */
static void
find_factors (HfJoint *self, const double *centred, gsize n_rows)
{
  gsize first = self->clip_dim, n = self->classic_dim;

  for (gsize j = 0; j < self->dim; j++)
    self->factor[j] = 1;
  if (!is_constant (self, centred, n_rows, 0, self->clip_dim))
    scale_block (self, centred, n_rows, 0, self->clip_dim);
  if (n > 0 && !is_constant (self, centred, n_rows, first, n)) {
    standardise (self, centred, n_rows, first, n);
    scale_block (self, centred, n_rows, first, n);
  }
}

HfJoint *
hf_joint_new (const HfDataset *data, const gsize *rows, gsize n_rows,
              HfBlocks blocks)
{
  HfJoint *self = joint_alloc (blocks, data->clip_dim, data->classic_dim);
  g_autofree double *x = dup_raw (self, data, rows, n_rows);
  g_autofree double *sum = g_new0 (double, self->dim);

  g_return_val_if_fail (n_rows > 0 && self->dim > 0, self);
  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = 0; j < self->dim; j++)
      sum[j] += x[i * self->dim + j];
  for (gsize j = 0; j < self->dim; j++)
    self->mean[j] = (float) (sum[j] / (double) n_rows);
  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = 0; j < self->dim; j++)
      x[i * self->dim + j] -= self->mean[j];
  find_factors (self, x, n_rows);
  return self;
}

HfJoint *
hf_joint_new_part (const HfJoint *whole, HfBlocks blocks)
{
  HfJoint *self = joint_alloc (blocks, whole->clip_dim, whole->classic_dim);
  gsize first = blocks & HF_BLOCK_CLIP ? 0 : whole->clip_dim;

  g_return_val_if_fail (((int) blocks & ~(int) whole->blocks) == 0, self);
  memcpy (self->mean, whole->mean + first, self->dim * sizeof *self->mean);
  memcpy (self->factor, whole->factor + first,
          self->dim * sizeof *self->factor);
  return self;
}

HfJoint *
hf_joint_new_plain (gsize clip_dim)
{
  HfJoint *self = joint_alloc (HF_BLOCK_CLIP, clip_dim, 0);

  for (gsize j = 0; j < self->dim; j++)
    self->factor[j] = 1;
  return self;
}

void
hf_joint_free (HfJoint *self)
{
  if (self == NULL)
    return;
  g_free (self->mean);
  g_free (self->factor);
  g_free (self);
}

double *
hf_joint_dup_rows (const HfJoint *self, const HfDataset *data,
                   const gsize *rows, gsize n_rows)
{
  double *x = dup_raw (self, data, rows, n_rows);

  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = 0; j < self->dim; j++)
      x[i * self->dim + j] =
          (x[i * self->dim + j] - self->mean[j]) * self->factor[j];
  return x;
}

double *
hf_joint_dup_tiles (const HfJoint *self, const HfDataset *data,
                    const gsize *rows, gsize n_rows)
{
  gsize n_tiles = data->n_tiles;
  double *x = g_new (double, n_rows *n_tiles * self->dim);

  for (gsize i = 0; i < n_rows; i++)
    for (gsize t = 0; t < n_tiles; t++) {
      gsize tile = rows[i] * n_tiles + t;
      double *to = x + (i * n_tiles + t) * self->dim;

      for (gsize j = 0; j < self->clip_dim; j++)
        to[j] = data->clip[tile * data->clip_dim + j];
      for (gsize j = 0; j < self->classic_dim; j++)
        to[self->clip_dim + j] = data->classic[tile * data->classic_dim + j];
      for (gsize j = 0; j < self->dim; j++)
        to[j] = (to[j] - self->mean[j]) * self->factor[j];
    }
  return x;
}

void
hf_joint_transform (const HfJoint *self, const float *clip,
                    const float *classic, gsize n, float *out)
{
  gsize n_clip = self->clip_dim, n_classic = self->classic_dim;

  for (gsize i = 0; i < n; i++, out += self->dim) {
    if (n_clip > 0)
      hf_row_standardise (clip + i * n_clip, self->mean, self->factor, n_clip,
                          out);
    if (n_classic > 0)
      hf_row_standardise (classic + i * n_classic, self->mean + n_clip,
                          self->factor + n_clip, n_classic, out + n_clip);
  }
}
