/* views.c: see the header. */
#include "image/views.h"

#include <string.h>

gboolean
hf_views_is_valid (int n_views)
{
  return n_views == 1 || n_views == 4 || n_views == 8;
}

void
hf_views_apply (const guint8 *square, int side_px, int view, guint8 *out)
{
  g_return_if_fail (view >= 0 && view < HF_VIEWS_MAX);

  if (view == 0) {
    memcpy (out, square, (gsize) side_px * (gsize) side_px * 3);
    return;
  }
  for (int y = 0; y < side_px; y++)
    for (int x = 0; x < side_px; x++) {
      int from_x = view & 1 ? side_px - 1 - x : x;
      int from_y = view & 2 ? side_px - 1 - y : y;
      gsize from = view & 4 ? (gsize) from_x * side_px + from_y
                            : (gsize) from_y * side_px + from_x;

      for (int c = 0; c < 3; c++)
        *out++ = square[from * 3 + c];
    }
}
