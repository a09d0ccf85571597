#include "fixture.h"

static void
try_unfold (HfOps *ops, int images, int side, int size, int stride, int pad)
{
  HfUnfold unfold = {
      side, size, stride, pad, {0.5f, 0.4f, 0.2f}, {0.25f, 0.3f, 1.f}};
  const int out = hf_unfold_get_n (&unfold);
  gsize n_in = (gsize) images * side * side * 3;
  gsize n_out = (gsize) images * out * out * size * size * 3;
  g_autofree guint8 *pixels = g_new (guint8, n_in);
  g_autofree double *wanted = g_new0 (double, n_out);
  g_autoptr (HfBuffer) in = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfBuffer) y =
      hf_buffer_new (hf_ops_get_device (ops), n_out * sizeof (float), &error);

  for (gsize i = 0; i < n_in; i++)
    pixels[i] = (guint8) (i * 31 + i / 7);
  for (gsize at = 0; at < n_out; at++) {
    int c = (int) (at % 3), dx = (int) (at / 3 % size);
    int dy = (int) (at / 3 / size % size);
    gsize patch = at / 3 / size / size;
    int x = (int) (patch % out) * stride - pad + dx;
    int y_px = (int) (patch / out % out) * stride - pad + dy;
    gsize image = patch / out / out;

    if (x >= 0 && x < side && y_px >= 0 && y_px < side)
      wanted[at] = (pixels[((image * side + y_px) * side + x) * 3 + c] / 255.0 -
                    unfold.mean[c]) /
                   unfold.std[c];
  }
  in = upload (ops, pixels, n_in);
  hf_ops_unfold (ops, &unfold, in, y, images, &error);
  g_assert_no_error (error);
  assert_close (y, wanted, n_out, 1e-6);
}

static void
test_unfold (HfOps *ops, HfPrecision precision)
{
  try_unfold (ops, 1, 4, 4, 4, 0);
  try_unfold (ops, 2, 98, 14, 14, 0);
  try_unfold (ops, 3, 64, 16, 16, 0);
  /* The rest behind the last patch is left out. */
  try_unfold (ops, 1, 50, 16, 16, 0);
  /* The stem of a residual network. */
  try_unfold (ops, 2, 9, 3, 2, 1);
  try_unfold (ops, 2, 10, 3, 2, 1);
}

static void
try_pool (HfOps *ops, int images, int height, int width, int channels, int size)
{
  const int out_height = height / size, out_width = width / size;
  gsize n_in = (gsize) images * height * width * channels;
  gsize n_out = (gsize) images * out_height * out_width * channels;
  g_autofree float *x = new_numbers (n_in, 1);
  g_autofree double *wanted = g_new0 (double, n_out);
  g_autoptr (HfBuffer) in = upload (ops, x, n_in * sizeof (float));
  g_autoptr (GError) error = NULL;
  g_autoptr (HfBuffer) y =
      hf_buffer_new (hf_ops_get_device (ops), n_out * sizeof (float), &error);

  for (gsize at = 0; at < n_out; at++) {
    int c = (int) (at % channels), px = (int) (at / channels % out_width);
    int py = (int) (at / channels / out_width % out_height);
    gsize image = at / channels / out_width / out_height;

    for (int d = 0; d < size * size; d++)
      wanted[at] += x[((image * height + py * size + d / size) * width +
                       px * size + d % size) *
                          channels +
                      c] /
                    (double) (size * size);
  }
  hf_ops_average_pool (ops, in, y, images, height, width, channels, size,
                       &error);
  g_assert_no_error (error);
  assert_close (y, wanted, n_out, 1e-6);
}

static void
test_pool (HfOps *ops, HfPrecision precision)
{
  try_pool (ops, 1, 2, 2, 1, 2);
  try_pool (ops, 3, 7, 9, 5, 2);
  try_pool (ops, 2, 8, 8, 64, 2);
  try_pool (ops, 1, 9, 9, 33, 3);
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  add_ops_test ("/compute/unfold/patches-and-stem", test_unfold);
  add_ops_test ("/compute/average-pool/any-size", test_pool);
  return g_test_run ();
}
