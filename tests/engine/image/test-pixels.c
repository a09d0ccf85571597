#include "image/pixels.h"

#include "npy.h"

#define SIDE 64
#define N_BYTES (SIDE * SIDE * 3)

static void
check_golden (const char *picture)
{
  const HfFraming crop = HF_FRAMING_INIT;
  g_autofree char *npy = g_strconcat (picture, ".npy", NULL);
  g_autofree guint8 *wanted = npy_load ("preprocess", npy, N_BYTES);
  g_autofree char *path = golden_dup_path ("preprocess", picture);
  g_autofree guint8 *loaded = g_malloc (N_BYTES);
  g_autofree guint8 *made = g_malloc (N_BYTES);
  g_autoptr (HfImage) image = NULL;
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", picture);
  g_assert_true (hf_pixels_load (path, &crop, SIDE, loaded, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (loaded, N_BYTES, wanted, N_BYTES);
  image = hf_image_load (path, &error);
  g_assert_no_error (error);
  hf_pixels_from_image (image, &crop, SIDE, made);
  g_assert_cmpmem (made, N_BYTES, wanted, N_BYTES);
}

static void
test_goldens (void)
{
  g_autofree char *folder = golden_dup_path ("preprocess", "");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  int n_checked = 0;

  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    if (g_str_has_suffix (name, ".png") || g_str_has_suffix (name, ".jpg")) {
      check_golden (name);
      n_checked++;
    }
  g_assert_cmpint (n_checked, ==, 22);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/pixels/crops-equal-pillow-byte-for-byte",
                   test_goldens);
  return g_test_run ();
}
