#include "tensor/tensor-file.h"

/* Tensors over the numbers 0, 1, 2 ... as int16, so that a value tells its
 * place. */
static HfTensor
make (const gint16 *data, int n_dims, const gint64 *shape,
      const gint64 *strides)
{
  HfTensor tensor = {
      .dtype = HF_DTYPE_I16, .n_dims = n_dims, .data = (const guint8 *) data};

  for (int d = 0; d < n_dims; d++) {
    tensor.shape[d] = shape[d];
    tensor.strides[d] = strides[d];
  }
  return tensor;
}

/* The definition: element [i0][i1]... lies at the sum of index times stride. */
static void
read_naive (const HfTensor *self, float *out)
{
  gint64 n = hf_tensor_get_n_elements (self);

  for (gint64 i = 0; i < n; i++) {
    gint64 left = i, offset = 0;

    for (int d = self->n_dims - 1; d >= 0; d--) {
      offset += left % self->shape[d] * self->strides[d];
      left /= self->shape[d];
    }
    out[i] = ((const gint16 *) (gconstpointer) self->data)[offset];
  }
}

static void
assert_reads (const HfTensor *tensor)
{
  gsize n = (gsize) hf_tensor_get_n_elements (tensor);
  gint64 n_rows = tensor->n_dims > 0 ? tensor->shape[0] : 1;
  gsize n_columns = n_rows > 0 ? n / (gsize) n_rows : 0;
  g_autofree float *want = g_new0 (float, n + 1);
  g_autofree float *got = g_new0 (float, n + 1);

  read_naive (tensor, want);
  hf_tensor_read (tensor, got);
  g_assert_cmpmem (got, n * 4, want, n * 4);
  /* All rows but the first and the last, where there are such. */
  if (n_rows < 3)
    return;
  got[(gsize) (n_rows - 2) * n_columns] = -1;
  hf_tensor_read_rows (tensor, 1, n_rows - 2, got);
  g_assert_cmpmem (got, (gsize) (n_rows - 2) * n_columns * 4, want + n_columns,
                   (gsize) (n_rows - 2) * n_columns * 4);
}

static void
test_matrices (void)
{
  static const gint64 sizes[] = {1, 2, 63, 64, 65, 131};
  g_autofree gint16 *data = g_new (gint16, 131 * 140);

  for (int i = 0; i < 131 * 140; i++)
    data[i] = (gint16) i;
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (sizes); j++) {
      gint64 shape[2] = {sizes[i], sizes[j]};
      gint64 dense[2] = {sizes[j], 1}, turned[2] = {1, sizes[i]};
      gint64 padded[2] = {sizes[j] + 3, 1}, wide[2] = {1, sizes[i] + 5};
      gint64 spread[2] = {0, 2};
      HfTensor tensors[] = {
          make (data, 2, shape, dense), make (data, 2, shape, turned),
          make (data, 2, shape, padded), make (data, 2, shape, wide),
          make (data, 2, shape, spread)};
      HfTensor back;

      for (gsize k = 0; k < G_N_ELEMENTS (tensors); k++)
        assert_reads (&tensors[k]);
      g_assert_true (hf_tensor_is_dense (&tensors[0]));
      back = hf_tensor_view_transposed (&tensors[1]);
      g_assert_true (hf_tensor_is_dense (&back));
    }
}

static void
test_other_ranks (void)
{
  gint16 data[400];
  gint64 shape4[] = {3, 2, 4, 5}, dense4[] = {40, 20, 5, 1};
  gint64 mixed4[] = {5, 60, 15, 1}, mixed4b[] = {1, 60, 3, 12};
  gint64 shape3[] = {4, 0, 3}, strides3[] = {3, 3, 1};
  gint64 shape1[] = {7}, strides1[] = {3};
  HfTensor tensors[] = {
      make (data, 0, NULL, NULL),       make (data, 4, shape4, dense4),
      make (data, 4, shape4, mixed4),   make (data, 4, shape4, mixed4b),
      make (data, 3, shape3, strides3), make (data, 1, shape1, strides1),
  };

  for (int i = 0; i < 400; i++)
    data[i] = (gint16) i;
  for (gsize k = 0; k < G_N_ELEMENTS (tensors); k++)
    assert_reads (&tensors[k]);
}

static void
test_views (void)
{
  gint16 data[24];
  gint64 shape[] = {4, 6}, strides[] = {6, 1};
  gint64 turned_shape[] = {6, 4}, part_shape[] = {2, 4};
  HfTensor whole, turned, part;
  float got[8];

  for (int i = 0; i < 24; i++)
    data[i] = (gint16) i;
  whole = make (data, 2, shape, strides);
  turned = hf_tensor_view_transposed (&whole);
  part = hf_tensor_view_rows (&turned, 1, 2);
  g_assert_true (hf_tensor_has_shape (&turned, 2, turned_shape));
  g_assert_true (hf_tensor_has_shape (&part, 2, part_shape));
  g_assert_false (hf_tensor_has_shape (&part, 1, part_shape));
  g_assert_null (part.name);
  hf_tensor_read (&part, got);
  for (int r = 0; r < 2; r++)
    for (int c = 0; c < 4; c++)
      g_assert_cmpfloat (got[r * 4 + c], ==, c * 6 + r + 1);
}

static void
test_file (void)
{
  gint16 data[2] = {5, 6};
  gboolean *freed = g_new0 (gboolean, 1);
  g_autoptr (HfTensorFile) file = hf_tensor_file_new (freed, g_free);
  HfTensor scalar = make (data, 0, NULL, NULL);

  g_assert_true (hf_tensor_file_add (file, "b", &scalar));
  g_assert_true (hf_tensor_file_add (file, "a", &scalar));
  g_assert_false (hf_tensor_file_add (file, "b", &scalar));
  g_assert_cmpuint (hf_tensor_file_get_n_tensors (file), ==, 2);
  g_assert_cmpstr (hf_tensor_file_get_nth (file, 0)->name, ==, "b");
  g_assert_true (hf_tensor_file_get (file, "a") ==
                 hf_tensor_file_get_nth (file, 1));
  g_assert_null (hf_tensor_file_get (file, "c"));
  hf_tensor_file_set_metadata (file, "k", "1");
  hf_tensor_file_set_metadata (file, "k", "2");
  g_assert_cmpstr (hf_tensor_file_get_metadata (file, "k"), ==, "2");
  g_assert_null (hf_tensor_file_get_metadata (file, "other"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tensor/read/matrices-of-any-strides", test_matrices);
  g_test_add_func ("/tensor/read/other-ranks", test_other_ranks);
  g_test_add_func ("/tensor/views-see-the-same-numbers", test_views);
  g_test_add_func ("/tensor/file/names-and-order-are-kept", test_file);
  return g_test_run ();
}
