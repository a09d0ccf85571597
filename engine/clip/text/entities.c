/* clip/text/entities.c: HTML character references (see entities.h). */
#include "clip/text/entities.h"

#include "clip/text/builtin.h"
#include "clip/text/unicode.h"

#include <string.h>

#define MAX_NAME_CHARS 32
#define MAX_STRICT_CHARS 24

/* Lines "NAME <tab> CODES [<tab> ^]" in the order of their bytes; ^ marks names
 * that only hf_entities_unescape_strict knows. */
typedef struct {
  GBytes *bytes;
  const char *text;
  gsize size;
} Table;

static void
table_clear (Table *self)
{
  g_bytes_unref (self->bytes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Table, table_clear)

static void
table_init (Table *self)
{
  self->bytes = hf_builtin_dup ("entities.txt", NULL);
  g_assert (self->bytes != NULL);
  self->text = g_bytes_get_data (self->bytes, &self->size);
}

static int
compare (const char *a, gsize a_size, const char *b, gsize b_size)
{
  int order = memcmp (a, b, MIN (a_size, b_size));

  return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

/* The codes of @name, up to the end of their line, or NULL. */
static const char *
table_find (const Table *self, const char *name, gsize size)
{
  const char *low = self->text;
  const char *high = self->text + self->size;

  while (low < high) {
    const char *line = low + (high - low) / 2;
    const char *tab;
    int order;

    while (line > low && line[-1] != '\n')
      line--;
    tab = strchr (line, '\t');
    order = compare (name, size, line, (gsize) (tab - line));
    if (order == 0)
      return tab + 1;
    if (order < 0)
      high = line;
    else
      low = strchr (tab, '\n') + 1;
  }
  return NULL;
}

static gboolean
is_capitals_only (const char *codes)
{
  const char *end = strpbrk (codes, "^\n");

  return *end == '^';
}

static void
append_codes (GString *out, const char *codes)
{
  while (*codes != '\n' && *codes != '\t') {
    char *end = NULL;

    g_string_append_unichar (out,
                             (gunichar) g_ascii_strtoull (codes, &end, 16));
    codes = *end == ' ' ? end + 1 : end;
  }
}

/* What a numeric reference means: 0x80 .. 0x9F are taken for Windows-1252,
 * controls and noncharacters for nothing, other impossible numbers for the
 * replacement character. */
static void
append_number (GString *out, guint32 number)
{
  if (number == 0 || number > 0x10ffff ||
      (number >= 0xd800 && number <= 0xdfff))
    g_string_append_unichar (out, 0xfffd);
  else if (number >= 0x80 && number <= 0x9f)
    g_string_append_unichar (out, hf_unicode_from_windows (number));
  else if ((number < 0x20 && strchr ("\t\n\f\r", (int) number) == NULL) ||
           number == 0x7f || (number >= 0xfdd0 && number <= 0xfdef) ||
           (number & 0xfffe) == 0xfffe)
    return;
  else
    g_string_append_unichar (out, number);
}

/* Reads "#DIGITS" or "#xDIGITS" at @p into @number, capped over the largest
 * character. Returns the bytes read, without a semicolon, or 0. */
static gsize
read_number (const char *p, guint32 *number)
{
  gboolean hex = p[0] == '#' && (p[1] == 'x' || p[1] == 'X');
  const char *digits = p + (hex ? 2 : 1);
  const char *end = digits;
  guint32 value = 0;

  if (p[0] != '#')
    return 0;
  for (; hex ? g_ascii_isxdigit (*end) : g_ascii_isdigit (*end); end++)
    value =
        MIN (value * (hex ? 16 : 10) + (guint32) g_ascii_xdigit_value (*end),
             0x110000);
  if (end == digits)
    return 0;
  *number = value;
  return (gsize) (end - p);
}

/* Reads what a browser may take for a name at @p: up to 32 characters, and a
 * semicolon. Returns its bytes. */
static gsize
name_size (const char *p)
{
  const char *start = p;

  for (int n = 0; n < MAX_NAME_CHARS; n++) {
    if (*p == '\0' || strchr ("\t\n\f <&#;", *p) != NULL)
      break;
    p = g_utf8_next_char (p);
  }
  return (gsize) (p - start) + (p > start && *p == ';' ? 1 : 0);
}

/* Reads the reference behind the ampersand at @p and appends its meaning.
 * Returns the bytes read behind the ampersand, 0 if there is no reference. */
static gsize
unescape_one (const Table *table, const char *p, GString *out)
{
  guint32 number = 0;
  gsize size = read_number (p, &number);

  if (size > 0) {
    append_number (out, number);
    return size + (p[size] == ';' ? 1 : 0);
  }
  /* The whole name, or the longest beginning of it, of two letters or more. */
  for (size = name_size (p); size > 1; size--) {
    const char *codes = table_find (table, p, size);

    if (codes != NULL && !is_capitals_only (codes)) {
      append_codes (out, codes);
      return size;
    }
  }
  return 0;
}

static gsize
unescape_one_strict (const Table *table, const char *p, GString *out)
{
  const char *name = p + (*p == '#' ? 1 : 0);
  gsize size = 0;
  guint32 number = 0;
  const char *codes;

  while (size <= MAX_STRICT_CHARS && g_ascii_isalnum (name[size]))
    size++;
  if (size == 0 || size > MAX_STRICT_CHARS || name[size] != ';')
    return 0;
  size += (gsize) (name - p);
  if (*p == '#') {
    /* A reference to a semicolon looks unfinished to ftfy, which leaves it. */
    if (read_number (p, &number) != size || number == ';')
      return 0;
    append_number (out, number);
    return size + 1;
  }
  codes = table_find (table, p, size + 1);
  if (codes == NULL)
    return 0;
  append_codes (out, codes);
  return size + 1;
}

static char *
unescape (const char *text,
          gsize (*one) (const Table *table, const char *p, GString *out))
{
  g_auto (Table) table = {0};
  GString *out;
  const char *ampersand = strchr (text, '&');

  table_init (&table);
  out = g_string_sized_new (strlen (text) + 1);
  for (; ampersand != NULL; ampersand = strchr (text, '&')) {
    gsize size;

    g_string_append_len (out, text, ampersand - text);
    size = one (&table, ampersand + 1, out);
    if (size == 0)
      g_string_append_c (out, '&');
    text = ampersand + 1 + size;
  }
  g_string_append (out, text);
  return g_string_free (out, FALSE);
}

char *
hf_entities_unescape (const char *text)
{
  return unescape (text, unescape_one);
}

char *
hf_entities_unescape_strict (const char *text)
{
  return unescape (text, unescape_one_strict);
}
