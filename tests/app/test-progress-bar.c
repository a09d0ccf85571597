/* The line that a terminal shows. */
#include "app/cli/progress-bar.h"

static void
check_line (HfUnit unit, gint64 done, gint64 total, double per_second,
            int columns, const char *wanted)
{
  g_autofree char *line = hf_progress_bar_dup_line ("Embedding", unit, done,
                                                    total, per_second, columns);

  g_assert_cmpstr (line, ==, wanted);
  g_assert_cmpuint (strlen (line), <, columns);
}

static void
test_pictures (void)
{
  check_line (HF_UNIT_PICTURES, 0, 80, 0, 80,
              "Embedding [..............................] 0 of 80");
  check_line (HF_UNIT_PICTURES, 40, 80, 20, 80,
              "Embedding [###############...............] 40 of 80, 20/s, "
              "0:02 left");
  check_line (HF_UNIT_PICTURES, 80, 80, 0.5, 80,
              "Embedding [##############################] 80 of 80, 0.5/s, "
              "0:00 left");
}

static void
test_bytes (void)
{
  check_line (HF_UNIT_BYTES, 1500000, 0, 1e6, 80, "Embedding 1.5 MB, 1.0 MB/s");
  check_line (HF_UNIT_BYTES, 0, 7200000000, 1e6, 100,
              "Embedding [..............................] 0.0 MB of 7200.0 "
              "MB, 1.0 MB/s, 2:00:00 left");
}

static void
test_narrow (void)
{
  check_line (HF_UNIT_PICTURES, 40, 80, 20, 50,
              "Embedding [######.....] 40 of 80, 20/s, 0:02 left");
  check_line (HF_UNIT_PICTURES, 40, 80, 20, 20, "Embedding 40 of 80,");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/progress-bar/pictures", test_pictures);
  g_test_add_func ("/progress-bar/bytes", test_bytes);
  g_test_add_func ("/progress-bar/narrow-terminals", test_narrow);
  return g_test_run ();
}
