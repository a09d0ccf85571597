/* Pictures come in order, refused ones with their reason, whatever the
 * number of threads and the room for waiting ones. */
#include "app/jobs/decoder.h"

#include "image/pixels.h"

#include <glib/gstdio.h>

enum { SIDE = 24, SQUARE = SIDE * SIDE * 3, N = 40 };

/* N paths: every third does not exist, the others are the golden pictures in
 * turn. */
static char **
dup_paths (void)
{
  const char *names[] = {"grey8.png", "rgba.png", "exif6.jpg", "tall.png"};
  char **paths = g_new0 (char *, N + 1);

  for (int i = 0; i < N; i++)
    paths[i] = i % 3 == 2 ? g_strdup_printf ("/nowhere/%d.png", i)
                          : g_build_filename (g_getenv ("HANDFUL_TEST_DATA"),
                                              "preprocess", names[i % 4], NULL);
  return paths;
}

static void
check_order (gsize n_ahead, int n_threads)
{
  const HfFraming framing = HF_FRAMING_INIT;
  g_auto (GStrv) paths = dup_paths ();
  g_autoptr (HfDecoder) decoder = hf_decoder_new (
      (const char *const *) paths, N, &framing, SIDE, n_ahead, n_threads);
  guint8 got[SQUARE], wanted[SQUARE];

  for (int i = 0; i < N; i++) {
    g_autoptr (GError) error = NULL;
    gboolean ok = hf_decoder_take (decoder, got, &error);

    if (i % 3 == 2) {
      g_assert_false (ok);
      g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
      g_assert_nonnull (strstr (error->message, paths[i]));
      continue;
    }
    g_assert_no_error (error);
    g_assert_true (hf_pixels_load (paths[i], &framing, SIDE, wanted, NULL));
    g_assert_cmpmem (got, SQUARE, wanted, SQUARE);
  }
}

static void
test_order (void)
{
  check_order (1, 1);
  check_order (1, 4);
  check_order (3, 2);
  check_order (100, 5);
}

/* Freed while threads wait for room, and while they work. */
static void
test_stop (void)
{
  const HfFraming framing = HF_FRAMING_INIT;
  g_auto (GStrv) paths = dup_paths ();

  for (int taken = 0; taken < 5; taken++) {
    g_autoptr (HfDecoder) decoder =
        hf_decoder_new ((const char *const *) paths, N, &framing, SIDE, 2, 3);
    guint8 square[SQUARE];

    for (int i = 0; i < taken; i++)
      g_assert_true (hf_decoder_take (decoder, square, NULL) == (i % 3 != 2));
  }
}

static void
test_none (void)
{
  const HfFraming framing = HF_FRAMING_INIT;
  g_autoptr (HfDecoder) decoder =
      hf_decoder_new (NULL, 0, &framing, SIDE, 4, 4);

  g_assert_cmpuint (hf_decoder_get_n (decoder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decoder/keeps-the-order", test_order);
  g_test_add_func ("/decoder/stops-early", test_stop);
  g_test_add_func ("/decoder/no-pictures", test_none);
  return g_test_run ();
}
