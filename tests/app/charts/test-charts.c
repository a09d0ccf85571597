/* Charts: ticks, words and tables by value; drawings by what must hold of
 * every one, at any size and with any data. */
#include "app/charts/calibration.h"
#include "app/charts/confusion.h"
#include "app/charts/counts.h"
#include "app/charts/curves.h"
#include "app/charts/forest.h"
#include "app/charts/learning.h"
#include "app/charts/save.h"
#include "app/charts/ticks.h"
#include "app/charts/wording.h"
#include "made-up.h"

#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>
#include <math.h>
#include <string.h>

/* Ticks are what they say, ascending, within the axis, and evenly apart. */
static void
check_ticks (double low, double high, int n_max)
{
  HfTicks ticks;

  hf_ticks_init (&ticks, low, high, n_max);
  g_assert_cmpint (ticks.n, >=, 1);
  g_assert_cmpint (ticks.n, <=, n_max);
  for (int i = 0; i < ticks.n; i++) {
    double slack = 1e-9 * (high - low);

    g_assert_cmpfloat (ticks.at[i], >=, low - slack);
    g_assert_cmpfloat (ticks.at[i], <=, high + slack);
    g_assert_cmpfloat_with_epsilon (g_ascii_strtod (ticks.text[i], NULL),
                                    ticks.at[i], slack + 1e-6);
    if (i > 1)
      g_assert_cmpfloat_with_epsilon (ticks.at[i] - ticks.at[i - 1],
                                      ticks.at[1] - ticks.at[0], slack);
  }
}

static void
test_ticks_spans (void)
{
  const double spans[][2] = {{0, 1},     {0, 100},   {0.5, 1}, {-3, 17},
                             {0, 0.003}, {0, 80000}, {-1, 0},  {99, 101}};

  for (gsize s = 0; s < G_N_ELEMENTS (spans); s++)
    for (int n = 2; n <= HF_TICKS_MAX; n++)
      check_ticks (spans[s][0], spans[s][1], n);
}

static void
test_ticks_nasty (void)
{
  const double ends[] = {NAN, INFINITY, -INFINITY, 0, 1e300, 5};
  HfTicks ticks;

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
    hf_ticks_init (&ticks, ends[i], ends[i], 5);
    g_assert_cmpfloat (ticks.low, ==, 0);
    g_assert_cmpfloat (ticks.high, ==, 1);
    g_assert_cmpint (ticks.n, >=, 2);
  }
  hf_ticks_init (&ticks, 7, 3, 5);
  g_assert_cmpfloat (ticks.high, ==, 1);
}

typedef void (*InitTicks) (HfTicks *ticks, double low, double high, int n_max);

static void
check_texts (InitTicks init, double low, double high, int n_max,
             const char *wanted)
{
  g_autoptr (GString) text = g_string_new (NULL);
  HfTicks ticks;

  init (&ticks, low, high, n_max);
  for (int i = 0; i < ticks.n; i++)
    g_string_append_printf (text, "%s|", ticks.text[i]);
  g_assert_cmpstr (text->str, ==, wanted);
}

static void
test_ticks_share (void)
{
  check_texts (hf_ticks_init_share, 0, 1, 3, "0|50|100\xc2\xa0%|");
  check_texts (hf_ticks_init_share, 0, 0.3, 4, "0|10|20|30\xc2\xa0%|");
  check_texts (hf_ticks_init_share, 0, 0.05, 6, "0|1|2|3|4|5\xc2\xa0%|");
  check_texts (hf_ticks_init_share, 0.9, 1, 3, "90|95|100\xc2\xa0%|");
  g_assert_cmpfloat (hf_ticks_find_top (0.0501), ==, 0.1);
  g_assert_cmpfloat (hf_ticks_find_top (0.5), ==, 0.5);
  g_assert_cmpfloat (hf_ticks_find_top (0.51), ==, 1);
  g_assert_cmpfloat (hf_ticks_find_bottom (0.79), ==, 0.7);
  g_assert_cmpfloat (hf_ticks_find_bottom (0.19), ==, 0);
}

static void
test_ticks_count (void)
{
  check_texts (hf_ticks_init_count, 0, 1, 10, "0|1|");
  check_texts (hf_ticks_init_count, 0, 2, 10, "0|1|2|");
  check_texts (hf_ticks_init_count, 1, 6, 10, "1|2|3|4|5|6|");
  check_texts (hf_ticks_init_count, 0, 20, 4, "0|10|20|");
}

/* Pictures that stand alone, as an acceptance set has them. */
static HfRate
new_rate (gint64 k, gint64 n)
{
  g_autofree gboolean *hit = g_new0 (gboolean, n + 1);
  g_autofree int *group = g_new0 (int, n + 1);

  for (gint64 i = 0; i < n; i++) {
    hit[i] = i < k;
    group[i] = (int) i;
  }
  return hf_rate_new (hit, group, (gsize) n, 0);
}

static void
check_sentence (gint64 k, gint64 n, const char *wanted)
{
  HfRate rate = new_rate (k, n);
  g_autofree char *text = hf_wording_dup_sentence (&rate);
  /* Blanks that do not break are blanks to the reader. */
  g_auto (GStrv) parts = g_strsplit (text, "\xc2\xa0", -1);
  g_autofree char *plain = g_strjoinv (" ", parts);

  g_assert_cmpstr (plain, ==, wanted);
}

/* The numbers are those of the vectors of evaluate/rate.h. */
static void
test_wording_rates (void)
{
  check_sentence (0, 0, "no picture to count");
  check_sentence (0, 60, "0 of 60, below 4.9 %");
  check_sentence (2, 60,
                  "2 of 60, 3 % (0.92\xe2\x80\x93"
                  "11 %)");
  check_sentence (58, 60,
                  "58 of 60, 97 % (89\xe2\x80\x93"
                  "99 %)");
  check_sentence (29, 1000,
                  "29 of 1,000, 2.9 % (2.0\xe2\x80\x93"
                  "4.1 %)");
  check_sentence (10, 10,
                  "10 of 10, 100 % (72\xe2\x80\x93"
                  "100 %)");
}

static void
test_wording_never_all (void)
{
  HfRate rate = new_rate (999, 1000);
  g_autofree char *all = hf_wording_dup_percent (0.99996, 2);
  g_autofree char *none = hf_wording_dup_percent (0.00004, 2);
  g_autofree char *text = NULL;

  rate.rate = 0.9997;
  text = hf_wording_dup_rate (&rate);
  g_assert_cmpstr (text, ==, "99.97\xc2\xa0%");
  g_assert_cmpstr (all, ==, "99.996");
  g_assert_cmpstr (none, ==, "0.004");
}

static void
test_wording_one_lot (void)
{
  HfRate rate = {.k = 3,
                 .n = 40,
                 .rate = 0.075,
                 .low = NAN,
                 .high = NAN,
                 .n_eff = NAN,
                 .n_groups = 1,
                 .grouped = TRUE,
                 .upper = NAN};
  g_autofree char *text = hf_wording_dup_sentence (&rate);

  g_assert_cmpstr (text, ==, "3 of 40 from 1 lot, 8\xc2\xa0% (no interval)");
}

static void
test_table_csv (void)
{
  g_autoptr (HfTable) table =
      hf_table_new ("Caption", "plain", "with, comma", "q\"uote", NULL);
  g_autofree char *csv = NULL;
  g_autofree char *text = NULL;

  hf_table_add_text (table, "two\nlines");
  hf_table_add_int (table, -3);
  hf_table_add_number (table, NAN);
  hf_table_add_text (table, NULL);
  hf_table_add_number (table, 1.0 / 3);
  hf_table_add_text (table, "\xff");
  csv = hf_table_dup_csv (table);
  g_assert_cmpstr (csv, ==,
                   "plain,\"with, comma\",\"q\"\"uote\"\r\n"
                   "\"two\nlines\",-3,\r\n"
                   ",0.333333,\\xff\r\n");
  g_assert_false (hf_table_is_numeric (table, 0));
  g_assert_true (hf_table_is_numeric (table, 1));
  g_assert_false (hf_table_is_numeric (table, 2));
  text = hf_table_dup_text (table);
  g_assert_cmpstr (text, ==,
                   "Caption\nplain: two\nlines, with, comma: -3\n"
                   "with, comma: 0.333333, q\"uote: \\xff\n");
}

/* What people read has the mark of the locale, what programs read a point. */
static void
check_german (void)
{
  HfRate rate = new_rate (29, 1000);
  g_autofree char *sentence = hf_wording_dup_sentence (&rate);
  g_autofree char *all = hf_wording_dup_percent (0.99996, 2);
  g_autofree char *number = hf_wording_dup_number (1234567);
  g_autoptr (HfTable) table = hf_table_new (NULL, "share", NULL);
  g_autofree char *csv = NULL, *text = NULL;
  HfTicks ticks;

  g_assert_cmpstr (sentence, ==,
                   "29 of 1.000, 2,9\xc2\xa0% (2,0\xe2\x80\x93"
                   "4,1\xc2\xa0%)");
  g_assert_cmpstr (all, ==, "99,996");
  g_assert_cmpstr (number, ==, "1.234.567");
  hf_ticks_init (&ticks, 0, 1, 6);
  g_assert_cmpstr (ticks.text[1], ==, "0,2");
  hf_table_add_number (table, 0.25);
  csv = hf_table_dup_csv (table);
  text = hf_table_dup_text (table);
  g_assert_cmpstr (csv, ==, "share\r\n0.25\r\n");
  g_assert_cmpstr (text, ==, "share: 0,25\n");
  g_assert_true (hf_table_is_numeric (table, 0));
}

static void
test_wording_german (void)
{
  locale_t german = newlocale (LC_ALL_MASK, "de_DE.UTF-8", (locale_t) 0);
  locale_t before;

  if (german == (locale_t) 0) {
    g_test_skip ("there is no German locale");
    return;
  }
  before = uselocale (german);
  check_german ();
  uselocale (before);
  freelocale (german);
}

/* A catalogue that knows one word, in Arabic. */
static void
write_catalogue (const char *path)
{
  const char head[] = "Content-Type: text/plain; charset=UTF-8\n";
  const char none[] = "\xd9\x84\xd8\xa7";
  const guint32 texts_at = 28 + 4 * 8;
  /* Magic, version, two strings, where their tables are, no hash table; then
   * length and place of "" and "none", and of what they become. */
  const guint32 words[] = {0x950412de,
                           0,
                           2,
                           28,
                           44,
                           0,
                           0,
                           0,
                           texts_at,
                           4,
                           texts_at + 1,
                           sizeof head - 1,
                           texts_at + 6,
                           sizeof none - 1,
                           texts_at + 6 + sizeof head};
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autofree char *folder = g_path_get_dirname (path);

  g_byte_array_append (file, (const guint8 *) words, sizeof words);
  g_byte_array_append (file, (const guint8 *) "\0none", 6);
  g_byte_array_append (file, (const guint8 *) head, sizeof head);
  g_byte_array_append (file, (const guint8 *) none, sizeof none);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, (const char *) file->data,
                                      (gssize) file->len, NULL));
}

static void
check_from_right (void)
{
  HfRate rate = new_rate (29, 1000);
  g_autofree char *percent = hf_wording_dup_rate (&rate);
  g_autofree char *interval = hf_wording_dup_interval (&rate);
  g_autofree char *less = hf_wording_dup_signed (-2, FALSE);

  g_assert_cmpstr (percent, ==,
                   "\u2066"
                   "2,9\u00a0%\u2069");
  g_assert_cmpstr (interval, ==,
                   "\u2066"
                   "2,0\u2013"
                   "4,1\u00a0%\u2069");
  g_assert_cmpstr (less, ==,
                   "\u2066\u2212"
                   "2\u2069");
}

/* What broke: "-2" became "2-" among words written from the right. */
static void
test_wording_from_right (void)
{
  locale_t german = newlocale (LC_ALL_MASK, "de_DE.UTF-8", (locale_t) 0);
  g_autofree char *folder = g_dir_make_tmp ("handful-words-XXXXXX", NULL);
  g_autofree char *path =
      g_build_filename (folder, "de", "LC_MESSAGES", "handful.mo", NULL);
  g_autofree char *domain = g_strdup (bindtextdomain ("handful", NULL));
  locale_t before;

  if (german == (locale_t) 0) {
    g_test_skip ("there is no German locale to stand for another");
    return;
  }
  write_catalogue (path);
  g_unsetenv ("LANGUAGE");
  bindtextdomain ("handful", folder);
  bind_textdomain_codeset ("handful", "UTF-8");
  before = uselocale (german);
  check_from_right ();
  uselocale (before);
  bindtextdomain ("handful", domain);
  freelocale (german);
}

static void
test_wording_signed (void)
{
  g_autofree char *less = hf_wording_dup_signed (-2, FALSE);
  g_autofree char *more = hf_wording_dup_signed (2, TRUE);
  g_autofree char *none = hf_wording_dup_signed (0, TRUE);

  g_assert_cmpstr (less, ==,
                   "\u2212"
                   "2");
  g_assert_cmpstr (more, ==, "+2");
  g_assert_cmpstr (none, ==, "0");
}

static void
test_theme_contrast (void)
{
  for (int look = HF_CHART_LIGHT; look <= HF_CHART_PAPER; look++) {
    HfChartTheme theme;

    hf_chart_theme_init (&theme, (HfChartLook) look);
    g_assert_cmpfloat (hf_colour_get_contrast (&theme.ink, &theme.ground), >=,
                       7);
    g_assert_cmpfloat (hf_colour_get_contrast (&theme.quiet, &theme.ground), >=,
                       4.5);
    g_assert_cmpfloat (hf_colour_get_contrast (&theme.accent, &theme.ground),
                       >=, 4.5);
    g_assert_cmpfloat (
        hf_colour_get_contrast (&theme.wrong_text, &theme.ground), >=, 4.5);
  }
}

/* All charts of one evaluation, in a NULL-terminated array. */
static HfChart **
new_charts (const MadeUp *data, const char *const *names, int n_learning)
{
  const char *const probes[] = {"gda", "zero-shot"};
  HfEvaluation *evaluation = made_up_evaluation (data, probes, 2);
  HfProbeEvaluation *probe = evaluation->probes->pdata[0];
  g_autofree HfClassKind *kinds = g_new0 (HfClassKind, data->n_classes);
  const HfForestRow rows[] = {{"All", "Escapes", NULL, probe->escape_rate},
                              {NULL, "Overkill", "note", probe->overkill}};
  HfChart **charts = g_new0 (HfChart *, 10);
  int n = 0;

  for (int c = 1; c < data->n_classes; c++)
    kinds[c] = HF_CLASS_DEFECT;
  made_up_learning (probe, n_learning);
  charts[n++] =
      hf_chart_new_confusion (names, kinds, data->n_classes, probe->confusion);
  charts[n++] = hf_chart_new_roc (probe);
  charts[n++] = hf_chart_new_precision_recall (probe);
  charts[n++] = hf_chart_new_calibration (probe);
  charts[n++] = hf_chart_new_learning (probe->name, probe->learning,
                                       evaluation->probes->pdata[1]);
  charts[n++] = hf_chart_new_rates ("Rates", rows, 2, 0.05);
  charts[n++] = hf_chart_new_per_class (names, data->n_classes, probe);
  charts[n++] = hf_chart_new_comparison (evaluation, 0, TRUE);
  charts[n++] = hf_chart_new_counts (names, data->n_classes, names,
                                     data->n_classes, probe->confusion);
  made_up_free (evaluation);
  return charts;
}

static void
free_charts (HfChart **charts)
{
  for (int i = 0; charts[i] != NULL; i++)
    hf_chart_unref (charts[i]);
  g_free (charts);
}

/* Draws into the middle of a larger picture: nothing may be painted outside,
 * and something must be painted inside. */
static void
check_drawing (const HfChart *chart, int width, int height,
               const HfChartTheme *theme)
{
  const int pad = 16;
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_ARGB32, width + 2 * pad, height + 2 * pad);
  cairo_t *cr = cairo_create (surface);
  const guint8 *pixels;
  int n_painted = 0;

  cairo_translate (cr, pad, pad);
  hf_chart_draw (chart, cr, width, height, theme);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  pixels = cairo_image_surface_get_data (surface);
  for (int y = 0; y < height + 2 * pad; y++)
    for (int x = 0; x < width + 2 * pad; x++) {
      gboolean inside =
          x >= pad && x < pad + width && y >= pad && y < pad + height;
      const guint8 *pixel =
          pixels + y * cairo_image_surface_get_stride (surface) + 4 * x;

      if (pixel[3] == 0)
        continue;
      g_assert_true (inside);
      n_painted++;
    }
  if (width >= 40 && height >= 40)
    g_assert_cmpint (n_painted, >, 40);
  cairo_surface_destroy (surface);
}

static const struct {
  MadeUp data;
  const char *const *names;
  int n_learning;
} cases[] = {
    {{78, 3, 1, TRUE, 2, 1}, made_up_names, 5},
    {{200, 3, 20, TRUE, 1.6, 2}, made_up_names, 6},
    {{12, 2, 1, TRUE, 3, 3}, made_up_names, 1},
    {{1000, 20, 1, TRUE, 1.3, 4}, made_up_nasty_names, 13},
    {{300, 6, 1, FALSE, 1, 5}, made_up_nasty_names, 3},
    {{40, 3, 40, TRUE, 1, 6}, made_up_names, 2},
    {{1, 2, 1, TRUE, 1, 8}, made_up_names, 1},
    {{0, 3, 1, TRUE, 1, 7}, made_up_names, 0},
};

static void
test_draw_any_size (void)
{
  const int sizes[][2] = {{560, 300}, {260, 160}, {100, 60}, {40, 400},
                          {400, 20},  {3, 3},     {1, 1}};

  for (gsize c = 0; c < G_N_ELEMENTS (cases); c++) {
    HfChart **charts =
        new_charts (&cases[c].data, cases[c].names, cases[c].n_learning);

    for (int i = 0; charts[i] != NULL; i++)
      for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++) {
        HfChartTheme theme;

        hf_chart_theme_init (&theme,
                             s % 2 == 0 ? HF_CHART_DARK : HF_CHART_CONTRAST);
        check_drawing (charts[i], sizes[s][0], sizes[s][1], &theme);
        g_assert_cmpfloat (hf_chart_measure (charts[i], sizes[s][0], &theme), >,
                           0);
      }
    free_charts (charts);
  }
}

/* Twice the text: everything grows with it, and the height asked for too. */
static void
test_draw_large_text (void)
{
  PangoFontDescription *font = pango_font_description_from_string ("Sans 18");
  HfChart **charts = new_charts (&cases[0].data, made_up_names, 5);
  HfChartTheme theme, plain;

  hf_chart_theme_init (&plain, HF_CHART_LIGHT);
  theme = plain;
  hf_chart_theme_set_font (&theme, font, 96);
  g_assert_cmpfloat_with_epsilon (theme.text_px, 24, 1e-9);
  for (int i = 0; charts[i] != NULL; i++) {
    check_drawing (charts[i], 560, 400, &theme);
    g_assert_cmpfloat (hf_chart_measure (charts[i], 560, &theme), >=,
                       hf_chart_measure (charts[i], 560, &plain));
  }
  free_charts (charts);
  pango_font_description_free (font);
}

static void
test_empty_says_why (void)
{
  HfChart **charts = new_charts (&cases[7].data, made_up_names, 0);
  HfChart **full = new_charts (&cases[0].data, made_up_names, 5);

  for (int i = 0; charts[i] != NULL; i++) {
    g_assert_nonnull (hf_chart_get_reason (charts[i]));
    g_assert_cmpint (hf_chart_get_reason (charts[i])[0], !=, '\0');
    g_assert_null (hf_chart_get_reason (full[i]));
    g_assert_cmpint (strlen (hf_chart_get_summary (full[i])), >, 10);
  }
  free_charts (charts);
  free_charts (full);
}

static void
test_confusion_csv (void)
{
  const char *const names[] = {"good", "a,b"};
  const HfClassKind kinds[] = {HF_CLASS_GOOD, HF_CLASS_DEFECT};
  const gint64 counts[] = {39, 1, 2, 36};
  g_autoptr (HfChart) chart = hf_chart_new_confusion (names, kinds, 2, counts);
  g_autofree char *csv = hf_table_dup_csv (hf_chart_get_table (chart));
  g_autofree char *text = hf_chart_dup_text (chart);

  g_assert_cmpstr (csv, ==,
                   "labelled,called good,\"called a,b\"\r\n"
                   "good,39,1\r\n\"a,b\",2,36\r\n");
  g_assert_nonnull (
      strstr (text, "labelled: good, called good: 39, called a,b: 1\n"));
  g_assert_cmpstr (hf_chart_get_summary (chart), ==,
                   "75 pictures of 78 were called what they are labelled.");
}

/* Escapes fall as overkill rises; the corners are all passed, all rejected. */
static void
test_roc_reads_escapes (void)
{
  HfProbeEvaluation *probe = made_up_probe (&cases[0].data, "gda");
  g_autoptr (HfChart) chart = hf_chart_new_roc (probe);
  const HfTable *table = hf_chart_get_table (chart);
  guint n = hf_table_get_n_rows (table);

  g_assert_cmpuint (n, >, 2);
  g_assert_cmpstr (hf_table_get (table, 0, 0), ==, "0");
  g_assert_cmpstr (hf_table_get (table, 0, 1), ==, "1");
  g_assert_cmpstr (hf_table_get (table, (int) n - 1, 0), ==, "1");
  g_assert_cmpstr (hf_table_get (table, (int) n - 1, 1), ==, "0");
  for (guint i = 1; i < n; i++)
    g_assert_cmpfloat (
        g_ascii_strtod (hf_table_get (table, (int) i, 1), NULL), <=,
        g_ascii_strtod (hf_table_get (table, (int) i - 1, 1), NULL));
  hf_probe_evaluation_free (probe);
}

static void
test_files_same_bytes (void)
{
  HfChart **charts = new_charts (&cases[3].data, made_up_nasty_names, 13);
  HfChartTheme theme;

  hf_chart_theme_init (&theme, HF_CHART_LIGHT);
  for (int i = 0; charts[i] != NULL; i++)
    for (int format = HF_CHART_PNG; format <= HF_CHART_PDF; format++) {
      g_autoptr (GBytes) first = hf_chart_to_bytes (
          charts[i], (HfChartFormat) format, 400, 0, &theme, NULL);
      g_autoptr (GBytes) second = hf_chart_to_bytes (
          charts[i], (HfChartFormat) format, 400, 0, &theme, NULL);

      g_assert_nonnull (first);
      g_assert_true (g_bytes_equal (first, second));
    }
  free_charts (charts);
}

static void
test_files_svg_text (void)
{
  g_autoptr (GBytes) bytes = NULL;
  HfChart **charts = new_charts (&cases[3].data, made_up_nasty_names, 13);
  HfChartTheme theme;
  const char *svg;

  hf_chart_theme_init (&theme, HF_CHART_LIGHT);
  bytes = hf_chart_to_bytes (charts[0], HF_CHART_SVG, 600, 0, &theme, NULL);
  svg = g_bytes_get_data (bytes, NULL);
  g_assert_nonnull (
      g_strstr_len (svg, g_bytes_get_size (bytes), "<title>Confusion</title>"));
  g_assert_nonnull (g_strstr_len (svg, g_bytes_get_size (bytes),
                                  "called &lt;b&gt;bold &amp; &quot;quoted"));
  g_assert_null (g_strstr_len (svg, g_bytes_get_size (bytes), "<b>"));
  free_charts (charts);
}

static void
test_files_names (void)
{
  g_autofree char *folder = g_dir_make_tmp ("handful-charts-XXXXXX", NULL);
  const char *const ends[] = {"c.png", "c.SVG", "c.pdf"};
  const char *const starts[] = {"\x89PNG", "<?xml", "%PDF-1."};
  HfChart **charts = new_charts (&cases[0].data, made_up_names, 5);
  HfChartTheme theme;

  hf_chart_theme_init (&theme, HF_CHART_LIGHT);
  for (int i = 0; i < 3; i++) {
    g_autofree char *path = g_build_filename (folder, ends[i], NULL);
    g_autofree char *text = NULL;
    g_autoptr (GError) error = NULL;

    hf_chart_save (charts[1], path, 400, 0, &theme, &error);
    g_assert_no_error (error);
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    g_assert_true (g_str_has_prefix (text, starts[i]));
    g_remove (path);
  }
  free_charts (charts);
  g_rmdir (folder);
}

static void
test_files_refused (void)
{
  HfChart **charts = new_charts (&cases[0].data, made_up_names, 5);
  g_autoptr (GError) error = NULL, missing = NULL;
  HfChartTheme theme;

  hf_chart_theme_init (&theme, HF_CHART_LIGHT);
  g_assert_false (
      hf_chart_save (charts[0], "chart.gif", 400, 0, &theme, &error));
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
  g_assert_nonnull (strstr (error->message, "chart.gif"));
  g_assert_false (hf_chart_save (charts[0], "/nowhere/at/all.png", 400, 0,
                                 &theme, &missing));
  g_assert_nonnull (missing);
  free_charts (charts);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/charts/ticks/spans", test_ticks_spans);
  g_test_add_func ("/charts/ticks/nasty", test_ticks_nasty);
  g_test_add_func ("/charts/ticks/share", test_ticks_share);
  g_test_add_func ("/charts/ticks/count", test_ticks_count);
  g_test_add_func ("/charts/wording/rates", test_wording_rates);
  g_test_add_func ("/charts/wording/never-all", test_wording_never_all);
  g_test_add_func ("/charts/wording/one-lot", test_wording_one_lot);
  g_test_add_func ("/charts/table/csv", test_table_csv);
  g_test_add_func ("/charts/wording/german-has-commas-and-csv-points",
                   test_wording_german);
  g_test_add_func ("/charts/wording/signs-are-true", test_wording_signed);
  g_test_add_func ("/charts/wording/numbers-keep-their-order-from-the-right",
                   test_wording_from_right);
  g_test_add_func ("/charts/theme/contrast", test_theme_contrast);
  g_test_add_func ("/charts/draw/any-size", test_draw_any_size);
  g_test_add_func ("/charts/draw/large-text", test_draw_large_text);
  g_test_add_func ("/charts/empty-says-why", test_empty_says_why);
  g_test_add_func ("/charts/confusion/csv", test_confusion_csv);
  g_test_add_func ("/charts/roc/reads-escapes", test_roc_reads_escapes);
  g_test_add_func ("/charts/files/same-bytes", test_files_same_bytes);
  g_test_add_func ("/charts/files/svg-text", test_files_svg_text);
  g_test_add_func ("/charts/files/names", test_files_names);
  g_test_add_func ("/charts/files/refused", test_files_refused);
  return g_test_run ();
}
