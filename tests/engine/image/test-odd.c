/* The odd, damaged and hostile pictures of tests/golden/oddimages, by their
 * manifest. */
#include "image/decode/decoder-private.h"
#include "image/pixels-private.h"

#include "npy.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Columns of the manifest. */
enum { PATH, EXPECTED, WIDTH, HEIGHT, RED, GREEN, BLUE, TOLERANCE, N_USED };

/* Of the processor, so that a busy machine is not the picture's fault. */
#define MAX_CLOCKS (10 * CLOCKS_PER_SEC)
#define MAX_KIB (1024 * 1024)
#define SIDE 64

/* The peak of resident memory so far. */
static long
get_peak_kib (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

static void
check_mean (const HfImage *image, char **row)
{
  double tolerance = g_ascii_strtod (row[TOLERANCE], NULL);
  gsize n = (gsize) image->width * image->height;

  g_assert_cmpint (image->width, ==, atoi (row[WIDTH]));
  g_assert_cmpint (image->height, ==, atoi (row[HEIGHT]));
  for (int c = 0; c < 3; c++) {
    double sum = 0;

    for (gsize i = 0; i < n; i++)
      sum += image->rgb[i * 3 + c];
    g_assert_cmpfloat_with_epsilon (
        sum / (double) n, g_ascii_strtod (row[RED + c], NULL), tolerance);
  }
}

/* An error is one sentence that names the file and gives a way out. */
static void
check_error (const GError *error, const char *path)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == HF_IMAGE_ERROR);
  g_assert_true (g_str_has_prefix (error->message, path));
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_null (strchr (error->message, '\n'));
}

static gboolean
check_image (char **row, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfImage) image = hf_image_load (path, &error);

  if (image == NULL)
    check_error (error, path);
  else if (g_str_equal (row[EXPECTED], "ok"))
    check_mean (image, row);
  return image != NULL;
}

static gboolean
check_pixels (const char *path)
{
  const HfFraming crop = HF_FRAMING_INIT;
  g_autofree guint8 *pixels = g_malloc (SIDE * SIDE * 3);
  g_autoptr (GError) error = NULL;
  gboolean is_made = hf_pixels_load (path, &crop, SIDE, pixels, &error);

  if (!is_made)
    check_error (error, path);
  return is_made;
}

static void
check_row (char **row)
{
  g_autofree char *path = golden_dup_path ("oddimages", row[PATH]);
  gboolean is_read;

  g_test_message ("%s", row[PATH]);
  is_read = check_image (row, path);
  g_assert_cmpint (check_pixels (path), ==, is_read);
  if (!g_str_equal (row[EXPECTED], "either"))
    g_assert_cmpint (is_read, ==, g_str_equal (row[EXPECTED], "ok"));
}

static void
test_manifest (void)
{
  g_autofree char *path = golden_dup_path ("oddimages", "manifest.tsv");
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  int n_rows = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (int i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++) {
    g_auto (GStrv) row = g_strsplit (lines[i], "\t", -1);
    clock_t start = clock ();

    g_assert_cmpint (g_strv_length (row), >, N_USED);
    check_row (row);
    /* Both ways together. */
    g_assert_cmpint (clock () - start, <, MAX_CLOCKS);
    g_assert_cmpint (get_peak_kib (), <, MAX_KIB);
    n_rows++;
  }
  g_assert_cmpint (n_rows, ==, 236);
}

/* The eight orientations show one picture; what JPEG loses differs. */
static void
test_orientations (void)
{
  const HfFraming crop = HF_FRAMING_INIT;
  guint8 pixels[8][SIDE * SIDE * 3];

  for (int i = 0; i < 8; i++) {
    g_autofree char *name = g_strdup_printf ("orient/exif-%d.jpg", i + 1);
    g_autofree char *path = golden_dup_path ("oddimages", name);
    double sum = 0;

    g_assert_true (hf_pixels_load (path, &crop, SIDE, pixels[i], NULL));
    for (int j = 0; j < SIDE * SIDE * 3; j++)
      sum += ABS (pixels[i][j] - pixels[0][j]);
    g_assert_cmpfloat (sum / (SIDE * SIDE * 3), <, 2);
  }
}

/* Names are bytes. The messages show them in a form that can be printed. */
static void
test_names (void)
{
  static const char *const names[] = {
      "-dash.png",
      ".hidden.png",
      "with space.png",
      "a#b?c&d.png",
      "back\\slash",
      "new\nline.png",
      "quo'te\".png",
      "\xd0\xb4.png",
      "e\xcc\x81.png",
      "bad-\xff\xfe.png",
      "$(touch HANDFUL_PWNED).png",
  };
  g_autofree char *source = golden_dup_path ("oddimages", "size/1x1.png");
  g_autofree char *folder = g_dir_make_tmp ("handful-names-XXXXXX", NULL);
  g_autofree char *data = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (source, &data, &size, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    g_autoptr (HfImage) image = NULL;
    g_autoptr (HfImage) half = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
    image = hf_image_load (path, &error);
    g_assert_no_error (error);
    g_assert_true (g_file_set_contents (path, data, (gssize) size / 2, NULL));
    half = hf_image_load (path, &error);
    g_assert_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_DAMAGED);
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    g_unlink (path);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_no_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("handful-none-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "none.png", NULL);
  g_autoptr (HfImage) image = NULL;
  g_autoptr (GError) error = NULL;

  image = hf_image_load (path, &error);
  g_assert_null (image);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  image = hf_image_load (folder, &error);
  g_assert_null (image);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_cmpint (truncate (path, ((off_t) 512 << 20) + 1), ==, 0);
  image = hf_image_load (path, &error);
  g_assert_null (image);
  g_assert_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_LIMIT);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/odd/read-or-refused-as-the-manifest-says",
                   test_manifest);
  g_test_add_func ("/image/odd/eight-orientations-show-one-picture",
                   test_orientations);
  g_test_add_func ("/image/odd/names-are-bytes", test_names);
  g_test_add_func ("/image/odd/no-picture-file-is-named", test_no_file);
  return g_test_run ();
}
