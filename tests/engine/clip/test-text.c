/* The steps of cleaning, one by one. Expectations are Python's (str.lower,
 * unicodedata, html.unescape) and ftfy's. */
#include "clip/text/clean.h"
#include "clip/text/entities.h"
#include "clip/text/unicode.h"

#include <string.h>

typedef struct {
  const char *text;
  const char *want;
} Case;

static void
check_cases (char *(*step) (const char *text), const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *got = step (cases[i].text);

    g_assert_cmpstr (got, ==, cases[i].want);
  }
}

static void
test_lower (void)
{
  static const Case cases[] = {
      {"", ""},
      {"AÄÉ", "aäé"},
      {"Σ", "σ"},
      {"ΟΔΟΣ", "οδος"},
      {"ΟΔΟΣ ΟΔΟΣ", "οδος οδος"},
      {"ΟΔΟΣ. Α", "οδος. α"},
      {"ΟΔΟΣ.Α", "οδοσ.α"},
      {"ΑΣ\u0301Β", "ασ\u0301β"},
      {"Α\u0301Σ", "α\u0301ς"},
      {"1Σ", "1σ"},
      {"Α1Σ", "α1σ"},
      {"ΑΣΣ", "ασς"},
      {"ⅷΣ", "ⅷς"},
      {"ªΣ", "ªς"},
      {"\U0001f130Σ", "\U0001f130ς"},
      {"İI", "i\u0307i"},
      {"ⅠⅯⅰ", "ⅰⅿⅰ"},
      {"ⒶⓏⓐ", "ⓐⓩⓐ"},
      {"ǅẞΩ", "ǆßω"},
  };

  check_cases (hf_unicode_lower, cases, G_N_ELEMENTS (cases));
}

static void
assert_composed (const char *text)
{
  g_autofree char *got = hf_unicode_compose (text);
  g_autofree char *want = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);

  g_assert_cmpstr (got, ==, want);
}

/* GLib's own normalization of the whole text is the twin. Characters that
 * change place or compose stand close together in the lists. */
static void
test_compose (void)
{
  static const gunichar marks[] = {
      'a',    'e',    0x300,  0x301,  0x316,   0x323,   0x327,  0x344,
      0x345,  0x3b1,  0xe9,   0x9c7,  0x9be,   0x9d7,   0xf71,  0xf72,
      0xf73,  0xf74,  0xf75,  0xf81,  0xf40,   0x1100,  0x1161, 0x11a7,
      0x11a8, 0x11c2, 0xac00, 0x1160, 0x3099,  0x304b,  0xb47,  0xb3e,
      0xb56,  0xcc6,  0xcc2,  0xcd5,  0xdd9,   0xdcf,   0xdca,  0x1025,
      0x102e, 0x1ea5, 0x212b, 0xfb1d, 0x11131, 0x11127,
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  for (gunichar c = 1; c < 0x110000; c++) {
    char text[16] = "e\u0301";
    int size = 3;

    if (c >= 0xd800 && c <= 0xdfff)
      continue;
    size += g_unichar_to_utf8 (c, text + size);
    memcpy (text + size, "\u0301", 3);
    assert_composed (text);
  }
  for (int k = 0; k < 20000; k++) {
    g_autoptr (GString) text = g_string_new (NULL);
    int n = g_rand_int_range (random, 1, k < 19900 ? 12 : 500);
    /* Every third text is of marks almost alone, so that pieces get long. */
    int from = k % 3 == 0 ? 2 : 0, to = k % 3 == 0 ? 9 : G_N_ELEMENTS (marks);

    for (int i = 0; i < n; i++)
      g_string_append_unichar (text,
                               marks[g_rand_int_range (random, from, to)]);
    assert_composed (text->str);
  }
}

static void
test_entities (void)
{
  static const Case cases[] = {
      {"a & b && c&", "a & b && c&"},
      {"&amp;&lt&gt;", "&<>"},
      {"&amp;amp;", "&amp;"},
      {"&notit;", "¬it;"},
      {"&notin;", "∉"},
      {"&NotEqualTilde;", "≂̸"},
      {"&EACUTE;", "&EACUTE;"},
      {"&CounterClockwiseContourIntegral;", "∳"},
      {"&CounterClockwiseContourIntegralx;",
       "&CounterClockwiseContourIntegralx;"},
      {"&a;", "&a;"},
      {"&#65;&#65&#x41;&#X41x", "AAAAx"},
      {"&#;&#x;&#xg;", "&#;&#x;&#xg;"},
      {"&#0;&#xd800;&#x110000;&#99999999999999999999;", "����"},
      {"&#128;&#x99;&#x81;", "€™\302\201"},
      {"&#1;&#11;&#127;&#xfdd0;&#x1ffff;.", "."},
      {"&#9;&#10;&#12;&#13;", "\t\n\f\r"},
      {"&eacut\u00e9;", "&eacut\u00e9;"},
  };
  static const Case strict[] = {
      {"&amp;&lt&gt;", "&&lt>"},
      {"&notit;", "&notit;"},
      {"&EACUTE;&SZLIG;&AMPER;", "ÉSS&AMPER;"},
      {"&CounterClockwiseContourIntegral;",
       "&CounterClockwiseContourIntegral;"},
      {"&#65;&#65&#x41;&#12ab;", "A&#65A&#12ab;"},
      {"&#59;", "&#59;"},
      {"&#000000000000000000000065;", "A"},
      {"&#0000000000000000000000065;", "&#0000000000000000000000065;"},
      {"&;&#;", "&;&#;"},
  };

  check_cases (hf_entities_unescape, cases, G_N_ELEMENTS (cases));
  check_cases (hf_entities_unescape_strict, strict, G_N_ELEMENTS (strict));
}

/* Bisection must find every line of the table. */
static void
test_every_entity (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"), "data", "vocabulary",
                        "entities.txt", NULL);
  g_autofree char *table = NULL;
  g_auto (GStrv) lines = NULL;
  gsize n_names = 0;

  g_assert_true (g_file_get_contents (path, &table, NULL, NULL));
  lines = g_strsplit (table, "\n", -1);
  for (char **line = lines; **line != '\0'; line++) {
    g_auto (GStrv) fields = g_strsplit (*line, "\t", -1);
    g_auto (GStrv) codes = g_strsplit (fields[1], " ", -1);
    g_autofree char *text = g_strconcat ("&", fields[0], NULL);
    g_autofree char *got = NULL;
    g_autoptr (GString) want = g_string_new (NULL);

    for (char **code = codes; *code != NULL; code++)
      g_string_append_unichar (want,
                               (gunichar) g_ascii_strtoull (*code, NULL, 16));
    got = fields[2] != NULL ? hf_entities_unescape_strict (text)
                            : hf_entities_unescape (text);
    /* Strict references are of 24 characters at most. */
    if (fields[2] == NULL || strlen (fields[0]) <= 25)
      g_assert_cmpstr (got, ==, want->str);
    n_names++;
  }
  /* The standard has 2231 names. */
  g_assert_cmpuint (n_names, >, 2231);
}

static void
test_clean (void)
{
  static const Case cases[] = {
      {"  A\tb\n\nC\r\nd\re ", "a b c d e"},
      {"‘a’ ‚b‛ “c” „d‟ ʼe", "'a' 'b' \"c\" \"d\" 'e"},
      {"ﬁ ﬆ ﬅ Ĳ ŉ ǅ æ", "fi st ſt ij 'n dž æ"},
      {"ＡＢＣ！　１２", "abc! 12"},
      {"ｶﾞｷ", "ガキ"},
      {"a\001b\013c\033[31mred\033[0m\033[x\177\ufeff\ufffcd", "abcredd"},
      {"a\302\205b\302\222c", "a…b'c"},
      {"a\u2028b\u2029c", "a b c"},
      {"e\u0301 Å", "é å"},
      {"x\u200dy", "x\u200dy"},
      {"&amp;lt;b&amp;gt;", "<b>"},
      /* Each round of fix_text reads one level, and two more come after. */
      {"&amp;amp;amp;amp;lt;", "<"},
      {"< &amp;amp;amp;amp;lt;", "< &amp;amp;lt;"},
      {"&amp;amp;amp;lt;\n<\n&amp;amp;amp;lt;", "< < &amp;lt;"},
      {"&rsquo;", "'"},
      {"&rsquo;<", "’<"},
      {"\u00a0 a \u3000\u2003b", "a b"},
  };

  check_cases (hf_text_clean, cases, G_N_ELEMENTS (cases));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clip/text/lower-case-is-full", test_lower);
  g_test_add_func ("/clip/text/composition-equals-glib-piece-by-piece",
                   test_compose);
  g_test_add_func ("/clip/text/references-are-read-like-a-browser",
                   test_entities);
  g_test_add_func ("/clip/text/every-reference-is-found", test_every_entity);
  g_test_add_func ("/clip/text/cleaning-is-ftfys", test_clean);
  return g_test_run ();
}
