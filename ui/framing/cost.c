/* cost.c: see the header. */
#include "ui/framing/cost.h"

#include "app/charts/wording.h"
#include "app/models/estimate.h"

#include <glib/gi18n.h>

char *
hf_cost_dup_text (const HfSetup *setup, guint n_pictures)
{
  const double squares =
      (double) hf_framing_get_n_tiles (&setup->framing) * setup->n_views;
  g_autofree char *n = hf_wording_dup_number (n_pictures);
  g_autofree char *time = NULL;

  if (n_pictures == 0)
    return g_strdup ("");
  if (setup->ms <= 0)
    return g_strdup_printf (
        /* Translators: %s is a number. */
        g_dngettext (NULL,
                     "%s picture is looked at anew. What was seen this way "
                     "before is remembered.",
                     "%s pictures are looked at anew. What was seen this way "
                     "before is remembered.",
                     n_pictures),
        n);
  time = hf_estimate_dup_duration (n_pictures * squares * setup->ms / 1000);
  return g_strdup_printf (
      /* Translators: a number, then "about 20 seconds". */
      g_dngettext (NULL,
                   "%s picture is looked at anew, which takes %s. What was "
                   "seen this way before is remembered.",
                   "%s pictures are looked at anew, which takes %s. What was "
                   "seen this way before is remembered.",
                   n_pictures),
      n, time);
}
