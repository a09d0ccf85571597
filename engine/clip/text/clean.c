/* clip/text/clean.c: what ftfy's fix_text does to text that was decoded
 * rightly, and the steps after it (see clean.h).
 *
 * fix_text takes a line at a time and repeats its steps until nothing changes:
 * references (only up to the first line with a "<", since from there on the
 * text may be HTML itself), characters one by one, terminal escapes and control
 * characters, normalization form C. */
#include "clip/text/clean.h"

#include "clip/text/entities.h"
#include "clip/text/unicode.h"

#include <string.h>

/* A reference nested a million deep is resolved one level a round; a prompt
 * never comes near this bound on the bytes that all rounds may read. */
#define MAX_ROUND_BYTES ((gsize) 16 << 20)

typedef struct {
  gunichar c;
  const char *plain;
} Ligature;

/* Curly quotes, apostrophes among them, to straight ones. */
static gunichar
straight_quote (gunichar c)
{
  if (c == 0x2bc || (c >= 0x2018 && c <= 0x201b))
    return '\'';
  return c >= 0x201c && c <= 0x201f ? '"' : c;
}

static const char *
ligature (gunichar c)
{
  static const Ligature ligatures[] = {
      {0x132, "IJ"},  {0x133, "ij"},  {0x149, "'n"},   {0x1c4, "DŽ"},
      {0x1c5, "Dž"},  {0x1c6, "dž"},  {0x1c7, "LJ"},   {0x1c8, "Lj"},
      {0x1c9, "lj"},  {0x1ca, "NJ"},  {0x1cb, "Nj"},   {0x1cc, "nj"},
      {0x1f1, "DZ"},  {0x1f2, "Dz"},  {0x1f3, "dz"},   {0xfb00, "ff"},
      {0xfb01, "fi"}, {0xfb02, "fl"}, {0xfb03, "ffi"}, {0xfb04, "ffl"},
      {0xfb05, "ſt"}, {0xfb06, "st"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ligatures); i++)
    if (ligatures[i].c == c)
      return ligatures[i].plain;
  return NULL;
}

/* Full-width Latin, half-width Katakana and Hangul to their common forms,
 * which are their compatibility forms. */
static void
append_common_width (GString *out, gunichar c)
{
  char utf8[6];
  gssize size = g_unichar_to_utf8 (c, utf8);
  g_autofree char *common = g_utf8_normalize (utf8, size, G_NORMALIZE_NFKC);

  g_string_append (out, common);
}

/* The steps that look at one character; "\r\n" is one line break. */
static char *
plain_characters (const char *text)
{
  GString *out = g_string_sized_new (strlen (text) + 1);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = hf_unicode_from_windows (g_utf8_get_char (p));
    const char *plain = ligature (c);

    if (plain != NULL)
      g_string_append (out, plain);
    else if (c >= 0xff01 && c <= 0xffef)
      append_common_width (out, c);
    else if (c == 0x3000)
      g_string_append_c (out, ' ');
    else if (c == 0x2028 || c == 0x2029 || (c == '\r' && p[1] != '\n'))
      g_string_append_c (out, '\n');
    else if (c != '\r')
      g_string_append_unichar (out, straight_quote (c));
  }
  return g_string_free (out, FALSE);
}

/* Bytes of the terminal escape "ESC [ 1;31 m" at @p, or 0. */
static gsize
escape_size (const char *p)
{
  const char *end = p + 2;

  if (p[0] != '\033' || p[1] != '[')
    return 0;
  while (*end == ';' || g_unichar_isdigit (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  return g_ascii_isalpha (*end) ? (gsize) (end + 1 - p) : 0;
}

/* Controls with no place in a text; those that are white space stay, and so do
 * joiners and direction marks, which change how it looks. */
static gboolean
is_control (gunichar c)
{
  if (c < 0x20)
    return strchr ("\t\n\f\r", (int) c) == NULL;
  return c == 0x7f || (c >= 0x206a && c <= 0x206f) || c == 0xfeff ||
         (c >= 0xfff9 && c <= 0xfffc);
}

static char *
remove_controls (const char *text)
{
  GString *out = g_string_sized_new (strlen (text) + 1);
  const char *p = text;

  while (*p != '\0') {
    gsize size = escape_size (p);
    const char *next = size > 0 ? p + size : g_utf8_next_char (p);

    if (size == 0 && !is_control (g_utf8_get_char (p)))
      g_string_append_len (out, p, next - p);
    p = next;
  }
  return g_string_free (out, FALSE);
}

static char *
fix_once (const char *line, gboolean references)
{
  g_autofree char *unescaped =
      references ? hf_entities_unescape_strict (line) : g_strdup (line);
  g_autofree char *plain = plain_characters (unescaped);
  g_autofree char *clean = remove_controls (plain);

  return hf_unicode_compose (clean);
}

static char *
fix_line (const char *line, gboolean references)
{
  char *fixed = g_strdup (line);
  gsize n_read = 0;
  gboolean changed = TRUE;

  while (changed && n_read < MAX_ROUND_BYTES) {
    char *again = fix_once (fixed, references);

    n_read += strlen (fixed);
    changed = strcmp (fixed, again) != 0;
    g_free (fixed);
    fixed = again;
  }
  return fixed;
}

static char *
fix_text (const char *text)
{
  GString *out = g_string_sized_new (strlen (text) + 1);
  gboolean references = TRUE;

  while (*text != '\0') {
    const char *newline = strchr (text, '\n');
    gsize size = newline != NULL ? (gsize) (newline + 1 - text) : strlen (text);
    g_autofree char *line = g_strndup (text, size);
    g_autofree char *fixed = NULL;

    references = references && strchr (line, '<') == NULL;
    fixed = fix_line (line, references);
    g_string_append (out, fixed);
    text += size;
  }
  return g_string_free (out, FALSE);
}

/* White space to single blanks, none at the ends. */
static char *
collapse (const char *text)
{
  GString *out = g_string_sized_new (strlen (text) + 1);
  gboolean pending = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (hf_unicode_is_space (c)) {
      pending = out->len > 0;
      continue;
    }
    if (pending)
      g_string_append_c (out, ' ');
    pending = FALSE;
    g_string_append_unichar (out, c);
  }
  return g_string_free (out, FALSE);
}

char *
hf_text_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *fixed = fix_text (valid);
  g_autofree char *once = hf_entities_unescape (fixed);
  g_autofree char *twice = hf_entities_unescape (once);
  g_autofree char *collapsed = collapse (twice);

  return hf_unicode_lower (collapsed);
}
