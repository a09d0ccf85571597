/* clip/text/unicode.c: GLib's tables, and what GLib leaves to do.
 *
 * g_utf8_strdown follows the locale and leaves final sigmas, Roman numerals and
 * circled letters; so lower case is made here, character by character.
 * g_utf8_normalize takes quadratic time on long runs of marks and on long texts
 * with much to compose; so it is given short pieces in the right order. */
#include "clip/text/unicode.h"

#include <string.h>

#define CAPITAL_SIGMA 0x3a3
#define FINAL_SIGMA 0x3c2
#define SHORT_PIECE_BYTES 64

gboolean
hf_unicode_is_space (gunichar c)
{
  if (c < 0x80)
    return c == ' ' || (c >= '\t' && c <= '\r');
  return c == 0x85 || g_unichar_isspace (c);
}

gboolean
hf_unicode_is_letter (gunichar c)
{
  switch (g_unichar_type (c)) {
  case G_UNICODE_UPPERCASE_LETTER:
  case G_UNICODE_LOWERCASE_LETTER:
  case G_UNICODE_TITLECASE_LETTER:
  case G_UNICODE_MODIFIER_LETTER:
  case G_UNICODE_OTHER_LETTER:
    return TRUE;
  default:
    return FALSE;
  }
}

gboolean
hf_unicode_is_number (gunichar c)
{
  switch (g_unichar_type (c)) {
  case G_UNICODE_DECIMAL_NUMBER:
  case G_UNICODE_LETTER_NUMBER:
  case G_UNICODE_OTHER_NUMBER:
    return TRUE;
  default:
    return FALSE;
  }
}

gunichar
hf_unicode_from_windows (gunichar c)
{
  static const guint16 windows[32] = {
      0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
      0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
      0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
      0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178,
  };

  return c >= 0x80 && c <= 0x9f ? windows[c - 0x80] : c;
}

/* The property Case_Ignorable: marks, modifiers and the points within words
 * (word break MidLetter, MidNumLet and Single_Quote). */
static gboolean
is_case_ignorable (gunichar c)
{
  static const gunichar points[] = {
      '\'',   '.',    ':',    0xb7,   0x387,  0x55f,  0x5f4,  0x2018, 0x2019,
      0x2024, 0x2027, 0xfe13, 0xfe52, 0xfe55, 0xff07, 0xff0e, 0xff1a,
  };

  switch (g_unichar_type (c)) {
  case G_UNICODE_NON_SPACING_MARK:
  case G_UNICODE_ENCLOSING_MARK:
  case G_UNICODE_FORMAT:
  case G_UNICODE_MODIFIER_LETTER:
  case G_UNICODE_MODIFIER_SYMBOL:
    return TRUE;
  default:
    break;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
    if (points[i] == c)
      return TRUE;
  return FALSE;
}

/* The property Cased, of what is not case-ignorable: letters with a case, the
 * ordinal indicators, Roman numerals, circled, squared and negative letters. */
static gboolean
is_cased (gunichar c)
{
  switch (g_unichar_type (c)) {
  case G_UNICODE_UPPERCASE_LETTER:
  case G_UNICODE_LOWERCASE_LETTER:
  case G_UNICODE_TITLECASE_LETTER:
    return TRUE;
  default:
    return c == 0xaa || c == 0xba || (c >= 0x2160 && c <= 0x217f) ||
           (c >= 0x24b6 && c <= 0x24e9) || (c >= 0x1f130 && c <= 0x1f149) ||
           (c >= 0x1f150 && c <= 0x1f169) || (c >= 0x1f170 && c <= 0x1f189);
  }
}

/* Whether the first character of @text that is not case-ignorable is cased. */
static gboolean
cased_follows (const char *text)
{
  while (*text != '\0' && is_case_ignorable (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  return *text != '\0' && is_cased (g_utf8_get_char (text));
}

static gunichar
lower_one (gunichar c)
{
  if (c >= 0x2160 && c <= 0x216f)
    return c + 16; /* Roman numerals */
  if (c >= 0x24b6 && c <= 0x24cf)
    return c + 26; /* circled letters */
  return g_unichar_tolower (c);
}

/* A capital sigma is final where a cased character stands before it and none
 * after it, case-ignorable ones not counted. A run of ignorable characters is
 * looked through at most once, for the sigma right before it. */
char *
hf_unicode_lower (const char *text)
{
  GString *out = g_string_sized_new (strlen (text) + 1);
  gboolean after_cased = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (c == CAPITAL_SIGMA && after_cased &&
        !cased_follows (g_utf8_next_char (p)))
      g_string_append_unichar (out, FINAL_SIGMA);
    else if (c == 0x130)
      g_string_append (out, "i\xcc\x87");
    else
      g_string_append_unichar (out, lower_one (c));
    if (!is_case_ignorable (c))
      after_cased = is_cased (c);
  }
  return g_string_free (out, FALSE);
}

/* Whether a piece may begin with @c: nothing of it can compose or change places
 * with what stands before. */
static gboolean
starts_piece (gunichar c)
{
  /* Of combining class 0, but the second half of a composition, or made of
   * marks (Tibetan); from UnicodeData.txt. */
  static const gunichar halves[] = {
      0x9be,   0x9d7,   0xb3e,   0xb56,   0xb57,   0xbbe,   0xbd7,
      0xcc2,   0xcd5,   0xcd6,   0xd3e,   0xd57,   0xdcf,   0xddf,
      0xf73,   0xf75,   0xf81,   0x102e,  0x1b35,  0x11127, 0x1133e,
      0x11357, 0x114b0, 0x114ba, 0x114bd, 0x115af, 0x11930,
  };

  if (c < 0x300)
    return TRUE;
  /* Medial and final Hangul jamo are halves, too. */
  if (g_unichar_combining_class (c) != 0 || (c >= 0x1161 && c <= 0x11c2))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (halves); i++)
    if (halves[i] == c)
      return FALSE;
  return TRUE;
}

/* Sorts a run of marks by combining class, equal ones left in order (canonical
 * ordering, The Unicode Standard, 3.11), by counting. */
static void
order_run (gunichar *run, guint n)
{
  g_autofree gunichar *sorted = g_new (gunichar, n);
  guint place[257] = {0}; /* where the next mark of each class belongs */

  for (guint i = 0; i < n; i++)
    place[g_unichar_combining_class (run[i]) + 1]++;
  for (int i = 1; i <= 256; i++)
    place[i] += place[i - 1];
  for (guint i = 0; i < n; i++)
    sorted[place[g_unichar_combining_class (run[i])]++] = run[i];
  memcpy (run, sorted, n * sizeof *run);
}

static char *
order_marks (const char *text, gsize size)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gunichar));
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
  gunichar *c;
  guint start = 0;

  for (const char *p = text; p < text + size; p = g_utf8_next_char (p)) {
    gsize n = g_unichar_fully_decompose (g_utf8_get_char (p), FALSE, parts,
                                         G_N_ELEMENTS (parts));
    g_array_append_vals (all, parts, (guint) n);
  }
  c = (gunichar *) (void *) all->data;
  for (guint i = 0; i < all->len; i++) {
    if (g_unichar_combining_class (c[i]) != 0)
      continue;
    if (i - start > 1)
      order_run (c + start, i - start);
    start = i + 1;
  }
  if (all->len - start > 1)
    order_run (c + start, all->len - start);
  return g_ucs4_to_utf8 (c, all->len, NULL, NULL, NULL);
}

static void
append_composed (GString *out, const char *piece, gsize size)
{
  g_autofree char *ordered = NULL;
  g_autofree char *composed = NULL;

  if (size == 1) {
    g_string_append_c (out, *piece);
    return;
  }
  if (size > SHORT_PIECE_BYTES)
    ordered = order_marks (piece, size);
  composed = ordered ? g_utf8_normalize (ordered, -1, G_NORMALIZE_NFC)
                     : g_utf8_normalize (piece, (gssize) size, G_NORMALIZE_NFC);
  g_string_append (out, composed);
}

char *
hf_unicode_compose (const char *text)
{
  GString *out = g_string_sized_new (strlen (text) + 1);
  const char *piece = text;

  while (*piece != '\0') {
    const char *end = g_utf8_next_char (piece);

    while (*end != '\0' && !starts_piece (g_utf8_get_char (end)))
      end = g_utf8_next_char (end);
    append_composed (out, piece, (gsize) (end - piece));
    piece = end;
  }
  return g_string_free (out, FALSE);
}
