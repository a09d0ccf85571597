/* wording.c: see the header. */
#include "app/charts/wording.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <math.h>
#include <string.h>

#define NBSP "\xc2\xa0"
#define NARROW_NBSP "\xe2\x80\xaf"
#define MINUS "\xe2\x88\x92"
/* U+2066 and U+2069: what is between them is written from the left. */
#define ISOLATE "\xe2\x81\xa6"
#define END_OF_ISOLATE "\xe2\x81\xa9"
#define EN_DASH "\xe2\x80\x93"

/* Whether the words around a number are written from the right: those of the
 * catalogue in use say so, where there is one. */
static gboolean
is_from_right (void)
{
  switch (g_unichar_get_script (g_utf8_get_char (_("none")))) {
  case G_UNICODE_SCRIPT_ARABIC:
  case G_UNICODE_SCRIPT_HEBREW:
  case G_UNICODE_SCRIPT_NKO:
  case G_UNICODE_SCRIPT_SYRIAC:
  case G_UNICODE_SCRIPT_THAANA:
    return TRUE;
  default:
    return FALSE;
  }
}

/* Without isolates "4.9-48 %" would read "% 48-4.9" there, and "-2" "2-". Takes
 * @number. */
static char *
keep_order (char *number)
{
  char *isolated;

  if (!is_from_right ())
    return number;
  isolated = g_strconcat (ISOLATE, number, END_OF_ISOLATE, NULL);
  g_free (number);
  return isolated;
}

/* A locale with a decimal comma and nothing between thousands gets a narrow
 * blank there: a comma would be read as the decimal mark. */
static const char *
get_thousands_mark (void)
{
  /* In the encoding of the locale, which may be none that is written here. */
  const char *mark = nl_langinfo (THOUSEP);

  if (*mark != '\0' && g_utf8_validate (mark, -1, NULL))
    return mark;
  return g_str_equal (nl_langinfo (RADIXCHAR), ".") ? "," : NARROW_NBSP;
}

char *
hf_wording_dup_number (gint64 number)
{
  g_autofree char *plain = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  gsize length = strlen (plain);
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++) {
    if (i > 0 && g_ascii_isdigit (plain[i - 1]) && (length - i) % 3 == 0)
      g_string_append (text, get_thousands_mark ());
    g_string_append_c (text, plain[i]);
  }
  return g_string_free (text, FALSE);
}

char *
hf_wording_dup_count (const HfRate *rate)
{
  g_autofree char *k = NULL, *n = NULL;

  if (rate->n == 0)
    return g_strdup (_("none"));
  k = hf_wording_dup_number (rate->k);
  n = hf_wording_dup_number (rate->n);
  /* Translators: so many of so many pictures. */
  return g_strdup_printf (_("%s of %s"), k, n);
}

/* printf writes the decimal mark of the locale, and so do these two. */
char *
hf_wording_dup_decimal (double value, int digits)
{
  return g_strdup_printf ("%.*f", digits, value);
}

char *
hf_wording_dup_signed (gint64 number, gboolean plus)
{
  const char *sign = number < 0 ? MINUS : number > 0 && plus ? "+" : "";

  return keep_order (
      g_strdup_printf ("%s%" G_GINT64_FORMAT, sign, ABS (number)));
}

char *
hf_wording_dup_short (double value, int digits)
{
  return g_strdup_printf ("%.*g", digits, value);
}

/* @percent with @digits decimals; as many more, up to three, as it takes not
 * to write 0 or 100 for what is neither. */
static char *
dup_decimals (double percent, int digits)
{
  for (;; digits++) {
    g_autofree char *text = hf_wording_dup_decimal (percent, digits);
    double read = g_strtod (text, NULL);

    if (digits >= 3 ||
        ((read != 0 || percent == 0) && (read != 100 || percent == 100)))
      return g_steal_pointer (&text);
  }
}

char *
hf_wording_dup_percent (double share, int digits)
{
  double percent = 100 * share;
  int magnitude;

  if (!isfinite (share))
    return g_strdup ("?");
  if (fabs (percent) < 1e-9)
    return g_strdup ("0");
  magnitude = (int) floor (log10 (fabs (percent)));
  return dup_decimals (percent, CLAMP (digits - 1 - magnitude, 0, 3));
}

char *
hf_wording_dup_rate (const HfRate *rate)
{
  g_autofree char *percent = NULL;

  if (rate->n == 0 || !isfinite (rate->rate) ||
      (rate->k == 0 && isfinite (rate->upper)))
    return g_strdup ("");
  percent = dup_decimals (100 * rate->rate, rate->n >= 200 ? 1 : 0);
  return keep_order (g_strconcat (percent, NBSP "%", NULL));
}

char *
hf_wording_dup_interval (const HfRate *rate)
{
  g_autofree char *low = NULL, *high = NULL;

  if (rate->n == 0)
    return g_strdup ("");
  if (rate->k == 0 && isfinite (rate->upper)) {
    high = hf_wording_dup_percent (rate->upper, 2);
    /* Translators: a bound of a rate in percent; the spaces do not break. */
    return g_strdup_printf (_("below\xc2\xa0%s\xc2\xa0%%"), high);
  }
  if (!isfinite (rate->low) || !isfinite (rate->high))
    return g_strdup (_("no interval"));
  low = hf_wording_dup_percent (rate->low, 2);
  high = hf_wording_dup_percent (rate->high, 2);
  return keep_order (g_strdup_printf ("%s" EN_DASH "%s" NBSP "%%", low, high));
}

char *
hf_wording_dup_sentence (const HfRate *rate)
{
  g_autofree char *count = hf_wording_dup_count (rate);
  g_autofree char *share = hf_wording_dup_rate (rate);
  g_autofree char *interval = hf_wording_dup_interval (rate);
  g_autofree char *lots = NULL;

  if (rate->n == 0)
    return g_strdup (_("no picture to count"));
  lots = rate->grouped
             ? g_strdup_printf (
                   /* Translators: follows "0 of 60", hence the space. */
                   g_dngettext (GETTEXT_PACKAGE, " from %d lot",
                                " from %d lots", (gulong) rate->n_groups),
                   (int) rate->n_groups)
             : g_strdup ("");
  if (rate->k == 0 && isfinite (rate->upper))
    /* Translators: "0 of 60", " from 5 lots" or nothing, "below 45 %". */
    return g_strdup_printf (_("%s%s, %s"), count, lots, interval);
  /* Translators: "2 of 38", " from 5 lots" or nothing, "5 %", "1.3-19 %". */
  return g_strdup_printf (_("%s%s, %s (%s)"), count, lots, share, interval);
}
