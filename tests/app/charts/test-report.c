/* Reports of evaluations that never were: equal bytes, whole pages, escaped
 * text, the numbers that were given. */
#include "made-up.h"

#include "app/charts/wording.h"
#include "base/json.h"

#include <glib/gstdio.h>
#include <string.h>

static const MadeUp usual = {78, 3, 1, TRUE, 2, 1};
static const MadeUp nasty = {300, 20, 1, TRUE, 1, 4};
static const MadeUp lots = {200, 3, 20, TRUE, 1.6, 2};
static const MadeUp empty = {0, 2, 1, TRUE, 1, 7};
static const MadeUp no_good = {60, 6, 1, FALSE, 1, 5};

static GBytes *
new_report (const MadeUp *data, const char *const *names, const char *folder,
            HfReportFormat format)
{
  g_autoptr (GError) error = NULL;
  MadeUpReport made;
  GBytes *bytes;

  made_up_report_init (&made, data, names, folder);
  bytes = hf_report_new (&made.input, format, NULL, &error);
  g_assert_no_error (error);
  made_up_report_clear (&made);
  return bytes;
}

static char *
dup_text (GBytes *bytes)
{
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* How often @what is in @bytes, which may hold zeros. */
static int
count (GBytes *bytes, const char *what)
{
  const char *at = g_bytes_get_data (bytes, NULL);
  const char *end = at + g_bytes_get_size (bytes);
  int n = 0;

  while ((at = memmem (at, (gsize) (end - at), what, strlen (what))) != NULL) {
    at += strlen (what);
    n++;
  }
  return n;
}

static void
test_same_bytes (void)
{
  const MadeUp *all[] = {&usual, &nasty, &lots, &empty, &no_good};

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    for (int format = HF_REPORT_PDF; format <= HF_REPORT_JSON; format++) {
      g_autoptr (GBytes) first = new_report (all[i], made_up_nasty_names, NULL,
                                             (HfReportFormat) format);
      g_autoptr (GBytes) second = new_report (all[i], made_up_nasty_names, NULL,
                                              (HfReportFormat) format);

      g_assert_true (g_bytes_equal (first, second));
    }
}

/* The day is in the report; another day gives other bytes. */
static void
test_time_is_given (void)
{
  MadeUpReport made;

  made_up_report_init (&made, &usual, made_up_names, NULL);
  for (int format = HF_REPORT_PDF; format <= HF_REPORT_JSON; format++) {
    g_autoptr (GBytes) first = NULL, second = NULL;

    made.input.time_utc = 1795780800;
    first = hf_report_new (&made.input, (HfReportFormat) format, NULL, NULL);
    made.input.time_utc += 86400;
    second = hf_report_new (&made.input, (HfReportFormat) format, NULL, NULL);
    g_assert_false (g_bytes_equal (first, second));
  }
  made_up_report_clear (&made);
}

static int
count_pages (GBytes *pdf)
{
  return count (pdf, "/Type /Page") - count (pdf, "/Type /Pages");
}

static void
test_pdf_pages (void)
{
  g_autoptr (GBytes) pdf =
      new_report (&lots, made_up_names, NULL, HF_REPORT_PDF);
  const char *bytes = g_bytes_get_data (pdf, NULL);

  g_assert_cmpint (strncmp (bytes, "%PDF-1.", 7), ==, 0);
  g_assert_cmpint (count_pages (pdf), ==, 3);
  /* The given time and no other. */
  g_assert_cmpint (count (pdf, "/CreationDate (20261127120000"), ==, 1);
  g_assert_cmpint (count (pdf, "/ModDate (20261127120000"), ==, 1);
  g_assert_cmpint (count (pdf, "/Title (Bearings, line 2)"), ==, 1);
  g_assert_cmpint (count (pdf, "/Creator (Handful 0.1.0)"), ==, 1);
  g_assert_cmpint (count (pdf, "/Outlines"), >=, 1);
}

/* Pages of a report that has much to say are still few. */
static void
test_pdf_many_classes (void)
{
  g_autoptr (GBytes) pdf =
      new_report (&nasty, made_up_nasty_names, NULL, HF_REPORT_PDF);

  g_assert_cmpint (count_pages (pdf), >=, 3);
  g_assert_cmpint (count_pages (pdf), <=, 6);
}

static void
test_pictures (void)
{
  g_autofree char *folder =
      g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"), "tests", "pictures",
                        "rings", "rusty", NULL);
  g_autoptr (GBytes) pdf =
      new_report (&lots, made_up_names, folder, HF_REPORT_PDF);
  g_autoptr (GBytes) html =
      new_report (&lots, made_up_names, folder, HF_REPORT_HTML);
  g_autoptr (GBytes) without =
      new_report (&lots, made_up_names, NULL, HF_REPORT_HTML);

  /* As JPEG, not as pixels. */
  g_assert_cmpint (count (pdf, "/Filter /DCTDecode"), >=, 8);
  g_assert_cmpint (count (html, "src=\"data:image/jpeg;base64,/9j/"), ==, 10);
  g_assert_cmpint (count (html, "cannot be read"), ==, 0);
  g_assert_cmpint (count (without, "data:image/jpeg"), ==, 0);
  g_assert_cmpint (count (without, "cannot be read"), ==, 10);
}

static void
test_html_escapes (void)
{
  g_autoptr (GBytes) html =
      new_report (&nasty, made_up_nasty_names, NULL, HF_REPORT_HTML);
  g_autofree char *text = dup_text (html);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_null (strstr (text, "<b>bold"));
  g_assert_null (strstr (text, "<cut>"));
  g_assert_nonnull (strstr (text, "&lt;b&gt;bold &amp; &quot;quoted&quot;"));
  g_assert_nonnull (strstr (text, "broken &amp; &lt;cut&gt;.jpg"));
  g_assert_nonnull (strstr (text, "bytes \\xff\\xfe here"));
}

/* Nothing is fetched, run, or linked to. */
static void
test_html_alone (void)
{
  g_autoptr (GBytes) html =
      new_report (&lots, made_up_names, NULL, HF_REPORT_HTML);
  const char *const absent[] = {"http:", "https:", "<script", "<link",
                                "url(",  "file:",  "@import"};

  for (gsize i = 0; i < G_N_ELEMENTS (absent); i++)
    g_assert_cmpint (count (html, absent[i]), ==, 0);
  g_assert_cmpint (count (html, "alt=\""), ==, count (html, "<img"));
  g_assert_cmpint (count (html, "alt=\"\""), ==, 0);
}

/* One drawing of each chart for every reader; paper's is light, and wide where
 * there is a wide one. */
static void
test_html_drawings (void)
{
  g_autoptr (GBytes) html =
      new_report (&lots, made_up_names, NULL, HF_REPORT_HTML);
  int n_wide = count (html, "<img class=\"light wide\"");

  g_assert_cmpint (n_wide, >=, 3);
  g_assert_cmpint (count (html, "<img class=\"light small\""), ==, n_wide);
  g_assert_cmpint (count (html, "<img class=\"dark wide\""), ==, n_wide);
  g_assert_cmpint (count (html, "<img class=\"dark small\""), ==, n_wide);
  g_assert_cmpint (count (html, "<img class=\"light\""), ==,
                   count (html, "<img class=\"dark\""));
  g_assert_cmpint (count (html, "<figure>"), ==,
                   n_wide + count (html, "<img class=\"light\""));
  g_assert_cmpint (count (html, "@media not screen and (prefers-color-scheme:"
                                "dark){.dark{display:none}}"),
                   ==, 1);
  g_assert_cmpint (
      count (html,
             "@media not screen and (max-width:40em){.small{display:none}}"),
      ==, 1);
}

/* A column of numbers stands at its right and is never broken. */
static void
test_html_numbers (void)
{
  g_autoptr (GBytes) html =
      new_report (&lots, made_up_names, NULL, HF_REPORT_HTML);

  g_assert_cmpint (count (html, "<th scope=\"col\" class=\"number\">n</th>"),
                   >=, 1);
  g_assert_cmpint (count (html, "<td class=\"number\">200</td>"), >=, 1);
  g_assert_cmpint (count (html, "<td class=\"number\">good"), ==, 0);
}

/* A name that is written from the right leaves the rest of its line alone. */
static void
test_html_turned_names (void)
{
#define SCRATCHED "\xd9\x85\xd8\xae\xd8\xaf\xd9\x88\xd8\xb4"
  const char *const names[] = {"good", SCRATCHED, "rusty"};
  g_autoptr (GBytes) html = new_report (&lots, names, NULL, HF_REPORT_HTML);

  g_assert_cmpint (
      count (html, "called \xe2\x81\xa8" SCRATCHED "\xe2\x81\xa9 "), >=, 1);
  g_assert_cmpint (count (html, "<b>is \xe2\x81\xa8" SCRATCHED "\xe2\x81\xa9"),
                   >=, 1);
  g_assert_cmpint (count (html, "<b>is " SCRATCHED), ==, 0);
  g_assert_cmpint (count (html, "<b>is good</b>"), >=, 1);
#undef SCRATCHED
}

typedef struct {
  int n_charts, n_tables;
} Reading;

/* The page is well-formed enough to be read as XML, but for its void elements,
 * which are closed here first. */
static char *
dup_closed (const char *html)
{
  g_autoptr (GRegex) voids =
      g_regex_new ("<(meta|img|source|br)((?:\\s[^<>]*)?)>", 0, 0, NULL);
  const char *body = strstr (html, "<html");

  return g_regex_replace (voids, body, -1, 0, "<\\1\\2/>", 0, NULL);
}

static void
start_cb (GMarkupParseContext *context, const char *element, const char **names,
          const char **values, gpointer data, GError **error)
{
  Reading *reading = data;

  reading->n_charts += g_str_equal (element, "figure");
  reading->n_tables += g_str_equal (element, "table");
}

static void
test_html_well_formed (void)
{
  const MadeUp *all[] = {&usual, &nasty, &lots, &empty, &no_good};
  const GMarkupParser parser = {.start_element = start_cb};

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    g_autoptr (GBytes) html =
        new_report (all[i], made_up_nasty_names, NULL, HF_REPORT_HTML);
    g_autofree char *text = dup_text (html);
    g_autofree char *closed = dup_closed (text);
    g_autoptr (GError) error = NULL;
    Reading reading = {0};
    g_autoptr (GMarkupParseContext) context =
        g_markup_parse_context_new (&parser, 0, &reading, NULL);

    g_assert_true (g_markup_parse_context_parse (context, closed, -1, &error));
    g_assert_no_error (error);
    g_assert_true (g_markup_parse_context_end_parse (context, &error));
    /* Each chart has its table. */
    g_assert_cmpint (reading.n_charts, >=, 5);
    g_assert_cmpint (reading.n_tables, >=, reading.n_charts);
  }
}

/* What the probe's rates are, count first, in all three. */
static void
test_numbers (void)
{
  g_autoptr (GBytes) html =
      new_report (&lots, made_up_names, NULL, HF_REPORT_HTML);
  HfProbeEvaluation *probe = made_up_probe (&lots, "gda");
  g_autofree char *escapes = hf_wording_dup_count (&probe->escape_rate);
  g_autofree char *interval = hf_wording_dup_interval (&probe->overkill);
  g_autofree char *cell =
      g_strdup_printf ("<dd class=\"count\">%s</dd>", escapes);

  g_assert_cmpint (count (html, cell), ==, 1);
  g_assert_cmpint (count (html, interval), >=, 1);
  hf_probe_evaluation_free (probe);
}

static HfJson *
get (HfJson *json, const char *first, const char *second)
{
  HfJson *member = hf_json_get (json, first);

  g_assert_nonnull (member);
  return second != NULL ? get (member, second, NULL) : member;
}

static void
test_json (void)
{
  g_autoptr (GBytes) bytes =
      new_report (&lots, made_up_names, NULL, HF_REPORT_JSON);
  g_autoptr (HfJson) json = hf_json_parse (g_bytes_get_data (bytes, NULL),
                                           g_bytes_get_size (bytes), NULL);
  HfProbeEvaluation *probe = made_up_probe (&lots, "gda");
  HfJson *gda;

  g_assert_nonnull (json);
  gda = get (json, "probes", "gda");
  g_assert_cmpstr (json_object_get_string (get (json, "project", NULL)), ==,
                   "Bearings, line 2");
  g_assert_cmpstr (json_object_get_string (get (json, "time", NULL)), ==,
                   "2026-11-27T12:00:00Z");
  g_assert_cmpint (json_object_get_int (get (json, "pictures", "labelled")), ==,
                   200);
  g_assert_cmpint (json_object_get_int (get (json, "pictures", "sealed")), ==,
                   40);
  g_assert_cmpint (json_object_get_int (get (gda, "escape_rate", "k")), ==,
                   probe->escape_rate.k);
  g_assert_cmpuint (json_object_array_length (get (gda, "predictions", NULL)),
                    ==, 200);
  g_assert_cmpuint (
      json_object_array_length (get (json, "acceptance", "openings")), ==, 2);
  g_assert_cmpuint (
      json_object_array_length (get (json, "pictures", "left_out")), ==, 2);
  hf_probe_evaluation_free (probe);
}

/* Labels, but no rates yet. */
static void
test_without_evaluation (void)
{
  MadeUpReport made;

  made_up_report_init (&made, &usual, made_up_names, NULL);
  made.input.evaluation = NULL;
  made.input.rows = NULL;
  made.input.acceptance = NULL;
  for (int format = HF_REPORT_PDF; format <= HF_REPORT_JSON; format++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes =
        hf_report_new (&made.input, (HfReportFormat) format, NULL, &error);

    g_assert_no_error (error);
    if (format == HF_REPORT_HTML)
      g_assert_cmpint (count (bytes, "No rate can be given"), >=, 1);
  }
  made_up_report_clear (&made);
}

/* Everything that may be NULL is. */
static void
test_barest (void)
{
  MadeUpReport made;
  HfReportInput bare = {0};

  made_up_report_init (&made, &usual, made_up_names, NULL);
  bare.samples = made.samples;
  bare.time_utc = G_MAXINT64;
  for (int format = HF_REPORT_PDF; format <= HF_REPORT_JSON; format++) {
    g_autoptr (GBytes) bytes =
        hf_report_new (&bare, (HfReportFormat) format, NULL, NULL);

    g_assert_nonnull (bytes);
  }
  made_up_report_clear (&made);
}

/* The numbers of an evaluation may leave out classes of the project. */
static void
test_fewer_classes (void)
{
  const char *const names[] = {"never", "good", "rusty"};
  g_autoptr (GPtrArray) tested = g_ptr_array_new ();
  g_autoptr (GBytes) html = NULL;
  MadeUpReport made;
  MadeUp two = usual;
  HfSampleClass first = {(char *) "never", HF_CLASS_OTHER};

  two.n_classes = 2;
  made_up_report_init (&made, &two, names + 1, NULL);
  for (guint c = 0; c < 2; c++)
    g_ptr_array_add (tested, made.samples->classes->pdata[c]);
  g_ptr_array_insert (made.samples->classes, 0,
                      g_memdup2 (&first, sizeof first));
  ((HfSampleClass *) made.samples->classes->pdata[0])->name =
      g_strdup ("never");
  for (guint i = 0; i < made.samples->samples->len; i++)
    ((HfSample *) made.samples->samples->pdata[i])->label++;
  made.input.classes = tested;
  html = hf_report_new (&made.input, HF_REPORT_HTML, NULL, NULL);
  g_assert_cmpint (count (html, "called never"), ==, 0);
  g_assert_cmpint (count (html, "called rusty"), >=, 1);
  made_up_report_clear (&made);
}

static void
test_save (void)
{
  g_autofree char *folder = g_dir_make_tmp ("handful-report-XXXXXX", NULL);
  const char *const ends[] = {"r.pdf", "r.HTML", "r.json", "r.htm"};
  MadeUpReport made;

  made_up_report_init (&made, &usual, made_up_names, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autofree char *path = g_build_filename (folder, ends[i], NULL);
    g_autoptr (GError) error = NULL;

    g_assert_true (hf_report_save (&made.input, path, NULL, &error));
    g_assert_no_error (error);
    g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
    g_remove (path);
  }
  made_up_report_clear (&made);
  g_rmdir (folder);
}

static void
test_refused (void)
{
  g_autoptr (GError) name = NULL, place = NULL, stopped = NULL;
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  MadeUpReport made;

  made_up_report_init (&made, &usual, made_up_names, NULL);
  g_assert_false (hf_report_save (&made.input, "report.docx", NULL, &name));
  g_assert_error (name, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
  g_assert_nonnull (strstr (name->message, "report.docx"));
  g_assert_false (
      hf_report_save (&made.input, "/nowhere/at/all.pdf", NULL, &place));
  g_assert_nonnull (place);
  hf_progress_cancel (progress);
  g_assert_null (
      hf_report_new (&made.input, HF_REPORT_PDF, progress, &stopped));
  g_assert_error (stopped, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  made_up_report_clear (&made);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/same-bytes", test_same_bytes);
  g_test_add_func ("/report/time-is-given", test_time_is_given);
  g_test_add_func ("/report/pdf/pages", test_pdf_pages);
  g_test_add_func ("/report/pdf/many-classes", test_pdf_many_classes);
  g_test_add_func ("/report/pictures", test_pictures);
  g_test_add_func ("/report/html/escapes", test_html_escapes);
  g_test_add_func ("/report/html/alone", test_html_alone);
  g_test_add_func ("/report/html/drawings", test_html_drawings);
  g_test_add_func ("/report/html/numbers", test_html_numbers);
  g_test_add_func ("/report/html/turned-names", test_html_turned_names);
  g_test_add_func ("/report/html/well-formed", test_html_well_formed);
  g_test_add_func ("/report/numbers", test_numbers);
  g_test_add_func ("/report/json", test_json);
  g_test_add_func ("/report/without-evaluation", test_without_evaluation);
  g_test_add_func ("/report/barest", test_barest);
  g_test_add_func ("/report/fewer-classes", test_fewer_classes);
  g_test_add_func ("/report/save", test_save);
  g_test_add_func ("/report/refused", test_refused);
  return g_test_run ();
}
