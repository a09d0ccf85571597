/* Tests of SHA-256 (base/sha256.c), beside GLib's. */
#include "base/sha256.h"

#include "base/rng.h"

#include <string.h>

/* The examples of FIPS 180-2, appendix B. */
static void
test_published (void)
{
  static const char *const texts[] = {
      "", "abc", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"};
  static const char *const sums[] = {
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"};

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *sum = hf_sha256_dup (texts[i], strlen (texts[i]));

    g_assert_cmpstr (sum, ==, sums[i]);
  }
}

static void
test_lengths (void)
{
  HfRng rng;
  guint8 data[700];

  hf_rng_init (&rng, 3);
  for (gsize i = 0; i < sizeof data; i++)
    data[i] = (guint8) hf_rng_next_below (&rng, 256);
  for (gsize n = 0; n <= sizeof data; n++) {
    g_autofree char *ours = hf_sha256_dup (data, n);
    g_autofree char *theirs =
        g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, n);

    g_assert_cmpstr (ours, ==, theirs);
  }
}

/* Cut anywhere, also into nothing. */
static void
test_cuts (void)
{
  HfRng rng;
  guint8 data[1000];

  hf_rng_init (&rng, 5);
  for (gsize i = 0; i < sizeof data; i++)
    data[i] = (guint8) hf_rng_next_below (&rng, 256);
  for (int round = 0; round < 300; round++) {
    g_autoptr (HfSha256) sum = hf_sha256_new ();
    g_autofree char *ours = NULL;
    g_autofree char *theirs =
        g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, sizeof data);
    gsize at = 0;

    while (at < sizeof data) {
      gsize n = hf_rng_next_below (&rng, 150);

      n = MIN (n, sizeof data - at);
      hf_sha256_update (sum, data + at, n);
      at += n;
    }
    ours = hf_sha256_finish (sum);
    g_assert_cmpstr (ours, ==, theirs);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/sha256/published-examples", test_published);
  g_test_add_func ("/base/sha256/any-length", test_lengths);
  g_test_add_func ("/base/sha256/cut-anywhere", test_cuts);
  return g_test_run ();
}
