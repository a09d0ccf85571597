/* test-precision.c: precisions as a user reads and writes them. */
#include "app/models/precision.h"

#include <string.h>

static void
test_list (void)
{
  const gboolean some[HF_N_PRECISIONS] = {
      [HF_PRECISION_F32] = TRUE,
      [HF_PRECISION_F16] = TRUE,
      [HF_PRECISION_INT8] = TRUE,
  };
  const gboolean none[HF_N_PRECISIONS] = {FALSE};
  g_autofree char *all = hf_precision_dup_list (NULL);
  g_autofree char *listed = hf_precision_dup_list (some);
  g_autofree char *empty = hf_precision_dup_list (none);

  g_assert_cmpstr (all, ==, "f32, f16, bf16, int8");
  g_assert_cmpstr (listed, ==, "f32, f16, int8");
  g_assert_cmpstr (empty, ==, "");
}

static void
test_every_name (void)
{
  for (int p = 0; p < HF_N_PRECISIONS; p++) {
    HfPrecision precision = HF_N_PRECISIONS;
    g_autoptr (GError) error = NULL;

    g_assert_true (hf_precision_read (hf_precision_get_name ((HfPrecision) p),
                                      &precision, &error));
    g_assert_no_error (error);
    g_assert_cmpint (precision, ==, p);
  }
}

/* By which a person knows it again elsewhere. */
static void
test_titles (void)
{
  for (int p = 0; p < HF_N_PRECISIONS; p++) {
    g_autofree char *name =
        g_strdup_printf ("(%s)", hf_precision_get_name ((HfPrecision) p));

    g_assert_true (
        g_str_has_suffix (hf_precision_get_title ((HfPrecision) p), name));
  }
}

static void
test_no_name (void)
{
  /* Numbers are none: what stands in a file is the name. */
  static const char *const names[] = {"", "f64", "F16", "bf", "2"};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    HfPrecision precision;
    g_autoptr (GError) error = NULL;

    g_assert_false (hf_precision_read (names[i], &precision, &error));
    g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
    g_assert_nonnull (strstr (error->message, "f32, f16, bf16, int8"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/precision/list", test_list);
  g_test_add_func ("/precision/every-name", test_every_name);
  g_test_add_func ("/precision/titles-end-in-names", test_titles);
  g_test_add_func ("/precision/no-name", test_no_name);
  return g_test_run ();
}
