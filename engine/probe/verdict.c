/* verdict.c: see the header. */
#include "probe/verdict.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const char *const names[] = {"pass", "reject", "class", "unsure",
                                    "unknown"};

const char *
hf_verdict_get_name (HfVerdict self)
{
  return names[self];
}

gboolean
hf_thresholds_are_set (const HfThresholds *self)
{
  return !isnan (self->reject) && !isnan (self->pass);
}

/* The fewest digits that are read back as the same number. */
static void
append_number (GString *text, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  for (int n = 1; n <= 17; n++) {
    char format[8];

    g_snprintf (format, sizeof format, "%%.%dg", n);
    g_ascii_formatd (digits, sizeof digits, format, value);
    if (g_ascii_strtod (digits, NULL) == value)
      break;
  }
  g_string_append (text, digits);
}

char *
hf_thresholds_dup_name (const HfThresholds *self)
{
  GString *text = g_string_new (NULL);

  if (hf_thresholds_are_set (self)) {
    append_number (text, self->reject);
    if (self->pass != self->reject) {
      g_string_append_c (text, ',');
      append_number (text, self->pass);
    }
  }
  return g_string_free (text, FALSE);
}

/* A number from 0 to 1 that is all of @text. */
static gboolean
read_share (const char *text, double *out)
{
  char *end;

  *out = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && *out >= 0 && *out <= 1;
}

gboolean
hf_thresholds_parse (const char *text, HfThresholds *out, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", 3);
  guint n = g_strv_length (parts);
  HfThresholds read;

  if ((n == 1 || n == 2) && read_share (parts[0], &read.reject) &&
      read_share (parts[n - 1], &read.pass) && read.reject <= read.pass) {
    *out = read;
    return TRUE;
  }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("Thresholds are two numbers from 0 to 1, the smaller first, "
                 "as 0.4,0.6, or one for both, not \"%s\"."),
                  text);
  return FALSE;
}

int
hf_verdict_find_class (const double *probabilities, int n_classes)
{
  int best = 0;

  for (int c = 1; c < n_classes; c++)
    if (probabilities[c] > probabilities[best])
      best = c;
  return best;
}

HfVerdict
hf_verdict_decide (const double *probabilities, const HfClassKind *kinds,
                   int n_classes, double distance, double unknown_limit,
                   const HfThresholds *thresholds)
{
  gboolean has_good = FALSE;
  double good = 0;

  if (distance > unknown_limit)
    return HF_VERDICT_UNKNOWN;
  for (int c = 0; c < n_classes; c++)
    if (kinds[c] == HF_CLASS_GOOD) {
      has_good = TRUE;
      good += probabilities[c];
    }
  if (!has_good)
    return HF_VERDICT_CLASS;
  if (!hf_thresholds_are_set (thresholds))
    return kinds[hf_verdict_find_class (probabilities, n_classes)] ==
                   HF_CLASS_GOOD
               ? HF_VERDICT_PASS
               : HF_VERDICT_REJECT;
  return good < thresholds->reject ? HF_VERDICT_REJECT
         : good < thresholds->pass ? HF_VERDICT_UNSURE
                                   : HF_VERDICT_PASS;
}
