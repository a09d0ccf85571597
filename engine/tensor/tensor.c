/* tensor.c: views and how they are read. The fast paths (dense rows, a
 * transposed matrix) and the general walk give the same floats. */
#include "tensor/tensor.h"

#include <string.h>

G_DEFINE_QUARK (hf_tensor_error_quark, hf_tensor_error)

/* Side of the blocks a transposed matrix is read in: 64 runs of 64 elements,
 * 16 KiB of floats, stay in the first cache while they are turned. */
#define TILE 64

gint64
hf_tensor_get_n_elements (const HfTensor *self)
{
  gint64 n = 1;

  for (int d = 0; d < self->n_dims; d++)
    n *= self->shape[d];
  return n;
}

/* Whether dimensions @from and on lie dense in row-major order. */
static gboolean
is_dense_from (const HfTensor *self, int from)
{
  gint64 stride = 1;

  for (int d = self->n_dims - 1; d >= from; d--) {
    if (self->shape[d] != 1 && self->strides[d] != stride)
      return FALSE;
    stride *= self->shape[d];
  }
  return TRUE;
}

gboolean
hf_tensor_is_dense (const HfTensor *self)
{
  return is_dense_from (self, 0);
}

gboolean
hf_tensor_has_shape (const HfTensor *self, int n_dims, const gint64 *shape)
{
  return self->n_dims == n_dims &&
         (n_dims == 0 ||
          memcmp (self->shape, shape, (gsize) n_dims * sizeof (*shape)) == 0);
}

static const guint8 *
element_at (const HfTensor *self, gint64 offset)
{
  return self->data + (gsize) offset * hf_dtype_get_size (self->dtype);
}

/* out[c * TILE + r] -> rows of the output. */
static void
turn_tile (const float *tile, gint64 n_rows, gint64 n_columns, float *out,
           gint64 out_stride)
{
  for (gint64 r = 0; r < n_rows; r++)
    for (gint64 c = 0; c < n_columns; c++)
      out[r * out_stride + c] = tile[c * TILE + r];
}

/* A matrix whose columns are runs in memory (strides[0] == 1). */
static void
read_transposed (const HfTensor *self, gint64 first, gint64 n_rows, float *out)
{
  float tile[TILE * TILE];
  gint64 n_columns = self->shape[1];

  for (gint64 r = 0; r < n_rows; r += TILE)
    for (gint64 c = 0; c < n_columns; c += TILE) {
      gint64 height = MIN (TILE, n_rows - r);
      gint64 width = MIN (TILE, n_columns - c);

      for (gint64 i = 0; i < width; i++)
        hf_dtype_to_f32 (
            self->dtype,
            element_at (self, first + r + (c + i) * self->strides[1]),
            tile + i * TILE, (gsize) height);
      turn_tile (tile, height, width, out + r * n_columns + c, n_columns);
    }
}

/* One run of the innermost dimension of any strided view. */
static void
read_run (const HfTensor *self, gint64 offset, gint64 n, gint64 stride,
          float *out)
{
  if (stride == 1 || n == 1) {
    hf_dtype_to_f32 (self->dtype, element_at (self, offset), out, (gsize) n);
    return;
  }
  for (gint64 i = 0; i < n; i++)
    hf_dtype_to_f32 (self->dtype, element_at (self, offset + i * stride),
                     out + i, 1);
}

/* Row @r of any strided view, by counting through its indices. */
static void
read_strided_row (const HfTensor *self, gint64 r, gint64 n_columns, float *out)
{
  gint64 index[HF_TENSOR_MAX_DIMS] = {0};
  int last = self->n_dims - 1;
  gint64 run = self->n_dims > 1 ? self->shape[last] : 1;
  gint64 stride = self->n_dims > 1 ? self->strides[last] : 1;

  for (gint64 done = 0; done < n_columns; done += run) {
    gint64 offset = r * self->strides[0];

    for (int d = 1; d < last; d++)
      offset += index[d] * self->strides[d];
    read_run (self, offset, run, stride, out + done);
    for (int d = last - 1; d > 0 && ++index[d] == self->shape[d]; d--)
      index[d] = 0;
  }
}

void
hf_tensor_read_rows (const HfTensor *self, gint64 first, gint64 n_rows,
                     float *out)
{
  gint64 n_columns = 1;

  g_assert (first >= 0 && n_rows >= 0 &&
            first + n_rows <= (self->n_dims > 0 ? self->shape[0] : 1));
  for (int d = 1; d < self->n_dims; d++)
    n_columns *= self->shape[d];
  if (n_rows == 0 || n_columns == 0)
    return;
  if (hf_tensor_is_dense (self))
    hf_dtype_to_f32 (self->dtype, element_at (self, first * n_columns), out,
                     (gsize) (n_rows * n_columns));
  else if (self->n_dims == 1)
    read_run (self, first * self->strides[0], n_rows, self->strides[0], out);
  else if (is_dense_from (self, 1))
    for (gint64 r = 0; r < n_rows; r++)
      hf_dtype_to_f32 (self->dtype,
                       element_at (self, (first + r) * self->strides[0]),
                       out + r * n_columns, (gsize) n_columns);
  else if (self->n_dims == 2 && self->strides[0] == 1)
    read_transposed (self, first, n_rows, out);
  else
    for (gint64 r = 0; r < n_rows; r++)
      read_strided_row (self, first + r, n_columns, out + r * n_columns);
}

void
hf_tensor_read (const HfTensor *self, float *out)
{
  hf_tensor_read_rows (self, 0, self->n_dims > 0 ? self->shape[0] : 1, out);
}

HfTensor
hf_tensor_view_rows (const HfTensor *self, gint64 first, gint64 n_rows)
{
  HfTensor view = *self;

  g_assert (self->n_dims > 0 && first >= 0 && n_rows >= 0 &&
            first + n_rows <= self->shape[0]);
  view.name = NULL;
  view.shape[0] = n_rows;
  view.data = element_at (self, first * self->strides[0]);
  return view;
}

HfTensor
hf_tensor_view_transposed (const HfTensor *self)
{
  HfTensor view = *self;

  g_assert (self->n_dims >= 2);
  view.name = NULL;
  view.shape[0] = self->shape[1];
  view.shape[1] = self->shape[0];
  view.strides[0] = self->strides[1];
  view.strides[1] = self->strides[0];
  return view;
}
