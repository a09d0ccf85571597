/* fuzz-image.c: any bytes as a picture, by both ways, and as a framing. */
#include "image/decode/decoder-private.h"
#include "image/pixels-private.h"

#include <string.h>

#define SIDE 32

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_pixels (const guint8 *data, gsize size, const char *text)
{
  guint8 pixels[SIDE * SIDE * 3];
  g_autoptr (GError) error = NULL;
  HfFraming framing;
  gboolean is_made;

  g_assert_true (hf_framing_parse (text, &framing, NULL));
  is_made = hf_pixels_decode_bytes (data, size, &framing, SIDE, pixels, &error);
  g_assert_true (is_made == (error == NULL));
}

static void
check_framing (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, MIN (size, 80));
  g_autofree char *name = NULL;
  HfFraming framing, again;

  if (!hf_framing_parse (text, &framing, NULL))
    return;
  name = hf_framing_dup_name (&framing);
  g_assert_true (hf_framing_parse (name, &again, NULL));
  g_assert_true (framing.x == again.x && framing.width == again.width);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_auto (HfClaim) claim = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (HfImage) image =
      hf_image_decode_bytes (data, size, &claim, &error);

  g_assert_true ((image != NULL) == (error == NULL));
  if (image != NULL)
    /* The last byte is there. */
    g_assert_cmpint (image->rgb[(gsize) image->width * image->height * 3 - 1],
                     >=, 0);
  hf_claim_clear (&claim);
  check_pixels (data, size, "crop");
  check_pixels (data, size, "region:0.3,0.9,0.5,0.1:whole");
  check_framing (data, size);
  return 0;
}
