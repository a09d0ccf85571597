/* html.c: the report as one page without a script or a link to anything else.
 * Charts are there for light and for dark, and those of the whole width for
 * small screens too, as SVG; each has its data as a table below. On paper they
 * are light and wide. Every text is escaped: names can be anything. */
#include "app/charts/save.h"
#include "app/charts/wording.h"
#include "app/report/content-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define FULL_PX 760.0
#define HALF_PX 368.0

/* Of several drawings of a chart one is shown; paper takes neither of these. */
#define DARK "screen and (prefers-color-scheme:dark)"
#define SMALL "screen and (max-width:40em)"

static const char style[] =
    ":root{--ink:#2a2a2a;--quiet:#63636a;"
    "--ground:#fff;--line:#d4d4d6;--wrong:#b01825}\n"
    "@media screen{:root{color-scheme:light dark}}\n"
    "@media " DARK "{:root{--ink:#f6f6f6;--quiet:#c4c4c4;"
    "--ground:#363636;--line:#5c5c5e;--wrong:#ff9a86}.light{display:none}}\n"
    "@media not " DARK "{.dark{display:none}}\n"
    "@media " SMALL "{.wide{display:none}}\n"
    "@media not " SMALL "{.small{display:none}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--ground);color:var(--ink);"
    "font:15px/1.45 Cantarell,\"DejaVu Sans\",system-ui,sans-serif;"
    "font-variant-numeric:tabular-nums}\n"
    "main{max-width:50rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}\n"
    "header{border-bottom:1px solid var(--ink);padding-bottom:.5rem}\n"
    "h1{font-size:1.9rem;line-height:1.15;margin:.1rem 0 .3rem;"
    "overflow-wrap:anywhere}\n"
    "h2{font-size:1.15rem;margin:2rem 0 .5rem}\n"
    "p{margin:.5rem 0;max-width:44rem;overflow-wrap:anywhere}\n"
    ".quiet,th,figcaption,summary{color:var(--quiet)}\n"
    ".warning{border-left:4px solid var(--wrong);padding-left:.75rem}\n"
    ".figures{display:flex;flex-wrap:wrap;gap:1rem 2.5rem;margin:1rem 0}\n"
    ".figures dl,.figures dd{margin:0}\n"
    ".figures dt{font-weight:bold}\n"
    ".figures dt span{font-weight:normal;color:var(--quiet)}\n"
    ".count{font-size:1.5rem;font-weight:bold}\n"
    "table{border-collapse:collapse;margin:.5rem 0;font-size:.92rem}\n"
    "caption{text-align:left;font-weight:bold;padding-bottom:.25rem}\n"
    "th,td{text-align:left;vertical-align:top;padding:.2rem 1rem .2rem 0;"
    "border-bottom:1px solid var(--line);overflow-wrap:break-word}\n"
    "th{font-weight:normal}\n"
    "thead th{border-color:var(--quiet);vertical-align:bottom}\n"
    ".table{overflow-x:auto;margin-top:1rem}\n"
    /* A name without a space is broken there; a number never. */
    ".table th,.table td{max-width:min(14rem,26vw)}\n"
    ".number{text-align:right}\n"
    "td.number{white-space:nowrap}\n"
    ".facts th,.facts td{border:0}\n"
    ".facts td{overflow-wrap:anywhere}\n"
    "@media not " SMALL "{.facts th{white-space:nowrap}}\n"
    ".charts{display:flex;flex-wrap:wrap;gap:1.5rem}\n"
    "figure{margin:1rem 0 0;max-width:100%}\n"
    "figure p{font-size:.92rem;max-width:23rem}\n"
    "figure img{display:block;max-width:100%;height:auto}\n"
    "figcaption{font-weight:bold;color:var(--ink);margin-bottom:.4rem}\n"
    "details{font-size:.9rem;margin-top:.4rem}\n"
    ".misses{display:grid;grid-template-columns:repeat(auto-fill,"
    "minmax(8.5rem,1fr));gap:1rem;list-style:none;padding:0}\n"
    ".misses img{display:block;width:100%;height:7rem;object-fit:contain;"
    "object-position:left}\n"
    ".misses li{font-size:.92rem;overflow-wrap:anywhere}\n"
    ".fault{color:var(--wrong);font-weight:bold}\n"
    /* Two charts share a line of paper, too, and what belongs together is on
     * one page. */
    "@media print{:root{--ink:#000;--quiet:#444;--line:#bbb;font-size:14px}"
    "body{font-size:13px}main{max-width:none;padding:0}"
    "details{display:none}"
    ".charts{flex-wrap:nowrap}.charts figure{flex:1 1 0;min-width:0}"
    "h2,figcaption,caption{break-after:avoid}"
    "figure,tr,.figures,.warning,.facts,.misses li{break-inside:avoid}"
    ".table{overflow:visible}}\n";

static void
append (GString *html, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (html, escaped);
}

/* @attributes begin with a space, if there are any. */
static void
append_with (GString *html, const char *element, const char *attributes,
             const char *text)
{
  g_string_append_printf (html, "<%s%s>", element, attributes);
  append (html, text);
  g_string_append_printf (html, "</%s>", element);
}

static void
append_element (GString *html, const char *element, const char *text)
{
  append_with (html, element, "", text);
}

static void
append_heading (GString *html, const HfTable *table, const gboolean *numeric)
{
  g_string_append (html, "<thead><tr>");
  for (int c = 0; c < table->n_columns; c++)
    append_with (html, "th",
                 numeric[c] ? " scope=\"col\" class=\"number\""
                            : " scope=\"col\"",
                 hf_table_get (table, -1, c));
  g_string_append (html, "</tr></thead>\n");
}

static void
append_rows (GString *html, const HfTable *table, const gboolean *numeric)
{
  guint n_rows = hf_table_get_n_rows (table);

  g_string_append (html, "<tbody>\n");
  for (guint r = 0; r < n_rows; r++) {
    g_string_append (html, "<tr>");
    for (int c = 0; c < table->n_columns; c++)
      append_with (html, "td", numeric[c] ? " class=\"number\"" : "",
                   hf_table_get (table, (int) r, c));
    g_string_append (html, "</tr>\n");
  }
  g_string_append (html, "</tbody>");
}

/* In a box that is scrolled where the table is too wide. */
static void
append_table (GString *html, const HfTable *table)
{
  g_autofree gboolean *numeric = g_new (gboolean, table->n_columns);

  for (int c = 0; c < table->n_columns; c++)
    numeric[c] = hf_table_is_numeric (table, c);
  g_string_append (html, "<div class=\"table\"><table>");
  if (table->caption != NULL)
    append_element (html, "caption", table->caption);
  append_heading (html, table, numeric);
  append_rows (html, table, numeric);
  g_string_append (html, "</table></div>\n");
}

static void
append_facts (GString *html, const HfTable *table)
{
  guint n_rows = hf_table_get_n_rows (table);

  g_string_append (html, "<table class=\"facts\"><tbody>\n");
  for (guint r = 0; r < n_rows; r++) {
    g_string_append (html, "<tr>");
    append_with (html, "th", " scope=\"row\"",
                 hf_table_get (table, (int) r, 0));
    append_element (html, "td", hf_table_get (table, (int) r, 1));
    g_string_append (html, "</tr>\n");
  }
  g_string_append (html, "</tbody></table>\n");
}

static void
append_figures (GString *html, const HfTable *table)
{
  g_string_append (html, "<div class=\"figures\">\n");
  for (int r = 0; r < (int) hf_table_get_n_rows (table); r++) {
    g_string_append (html, "<dl><dt>");
    append (html, hf_table_get (table, r, 0));
    g_string_append (html, " <span>");
    append (html, hf_table_get (table, r, 1));
    g_string_append (html, "</span></dt><dd class=\"count\">");
    append (html, hf_table_get (table, r, 2));
    g_string_append (html, "</dd><dd>");
    append (html, hf_table_get (table, r, 3));
    g_string_append (html, "</dd></dl>\n");
  }
  g_string_append (html, "</div>\n");
}

static void
append_base64 (GString *html, GBytes *bytes)
{
  g_autofree char *text = g_base64_encode (g_bytes_get_data (bytes, NULL),
                                           g_bytes_get_size (bytes));

  g_string_append (html, text);
}

/* @chart for readers of @kind, a class of the style. */
static gboolean
append_drawing (GString *html, const char *kind, const HfChart *chart,
                double width, HfChartLook look, GError **error)
{
  const char *reason = hf_chart_get_reason (chart);
  g_autoptr (GBytes) svg = NULL;
  HfChartTheme theme;
  double height;

  hf_chart_theme_init (&theme, look);
  theme.exact = TRUE;
  height = hf_chart_measure (chart, width, &theme);
  svg = hf_chart_to_svg (chart, width, height, &theme, error);
  if (svg == NULL)
    return FALSE;
  g_string_append_printf (html, "<img class=\"%s\" width=\"%d\" height=\"%d\"",
                          kind, (int) width, (int) height);
  g_string_append (html, " alt=\"");
  append (html, reason != NULL ? reason : hf_chart_get_summary (chart));
  g_string_append (html, "\" src=\"data:image/svg+xml;base64,");
  append_base64 (html, svg);
  g_string_append (html, "\">\n");
  return TRUE;
}

/* A narrow chart suits every screen. */
static gboolean
append_drawings (GString *html, const HfChart *chart, double width,
                 GError **error)
{
  if (width <= HALF_PX)
    return append_drawing (html, "light", chart, width, HF_CHART_LIGHT,
                           error) &&
           append_drawing (html, "dark", chart, width, HF_CHART_DARK, error);
  return append_drawing (html, "light wide", chart, width, HF_CHART_LIGHT,
                         error) &&
         append_drawing (html, "dark wide", chart, width, HF_CHART_DARK,
                         error) &&
         append_drawing (html, "light small", chart, HALF_PX, HF_CHART_LIGHT,
                         error) &&
         append_drawing (html, "dark small", chart, HALF_PX, HF_CHART_DARK,
                         error);
}

static gboolean
append_chart (GString *html, const HfChart *chart, double width, gboolean bare,
              gboolean caption, GError **error)
{
  g_string_append (html, "<figure>");
  if (!bare)
    append_element (html, "figcaption", hf_chart_get_title (chart));
  if (!append_drawings (html, chart, width, error))
    return FALSE;
  if (caption && hf_chart_get_reason (chart) == NULL)
    append_element (html, "p", hf_chart_get_summary (chart));
  g_string_append (html, "<details>");
  append_element (html, "summary", _("The numbers"));
  append_table (html, hf_chart_get_table (chart));
  g_string_append (html, "</details></figure>\n");
  return TRUE;
}

static gboolean
append_charts (GString *html, const HfPiece *piece, GError **error)
{
  double width = piece->second != NULL ? HALF_PX : FULL_PX;

  g_string_append (html, "<div class=\"charts\">\n");
  if (!append_chart (html, piece->chart, width, piece->bare, piece->caption,
                     error))
    return FALSE;
  if (piece->second != NULL &&
      !append_chart (html, piece->second, width, piece->bare, piece->caption,
                     error))
    return FALSE;
  g_string_append (html, "</div>\n");
  return TRUE;
}

static void
append_miss (GString *html, const HfMiss *miss)
{
  g_autofree char *probability = hf_wording_dup_decimal (miss->probability, 2);
  g_autofree char *truth = NULL, *called = NULL, *lot = NULL;

  g_string_append (html, "<li>");
  if (miss->jpeg != NULL) {
    g_string_append (html, "<img alt=\"");
    append (html, miss->name);
    g_string_append (html, "\" src=\"data:image/jpeg;base64,");
    append_base64 (html, miss->jpeg);
    g_string_append (html, "\">");
  } else {
    g_string_append (html, "<p class=\"quiet\">");
    append (html, _("The picture cannot be read."));
    g_string_append (html, "</p>");
  }
  g_string_append (html, "<span class=\"fault\">");
  append (html, _(miss->fault));
  g_string_append (html, "</span><br>");
  truth = g_strdup_printf (_("is %s"), miss->truth);
  append_element (html, "b", truth);
  g_string_append (html, "<br>");
  called = g_strdup_printf (_("called %s %s"), miss->predicted, probability);
  append (html, called);
  g_string_append (html, "<br><span class=\"quiet\">");
  append (html, miss->name);
  if (miss->group != NULL) {
    lot = g_strdup_printf (_(", lot %s"), miss->group);
    append (html, lot);
  }
  g_string_append (html, "</span></li>\n");
}

static void
append_misses (GString *html, const GPtrArray *misses)
{
  g_string_append (html, "<ul class=\"misses\">\n");
  for (guint i = 0; i < misses->len; i++)
    append_miss (html, misses->pdata[i]);
  g_string_append (html, "</ul>\n");
}

static gboolean
append_piece (GString *html, const HfPiece *piece, GError **error)
{
  switch (piece->kind) {
  case HF_PIECE_HEADING:
    append_element (html, "h2", piece->text);
    break;
  case HF_PIECE_TEXT:
    append_element (html, "p", piece->text);
    break;
  case HF_PIECE_WARNING:
    g_string_append (html, "<p class=\"warning\">");
    append_element (html, "b", _("Warning:"));
    g_string_append_c (html, ' ');
    append (html, piece->text);
    g_string_append (html, "</p>");
    break;
  case HF_PIECE_FIGURES:
    append_figures (html, piece->table);
    break;
  case HF_PIECE_FACTS:
    append_facts (html, piece->table);
    break;
  case HF_PIECE_TABLE:
    append_table (html, piece->table);
    break;
  case HF_PIECE_CHART:
    return append_charts (html, piece, error);
  case HF_PIECE_MISSES:
    append_misses (html, piece->misses);
    break;
  }
  g_string_append_c (html, '\n');
  return TRUE;
}

static void
append_head (GString *html, const HfReportContent *content)
{
  g_string_append_printf (
      html, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n",
      /* Translators: the code of your language in HTML, as de or zh-Hans. */
      C_("language of a report", "en"));
  g_string_append (
      html,
      "<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; img-src data:; style-src 'unsafe-inline'\">\n"
      "<meta name=\"generator\" content=\"");
  append (html, content->generator);
  g_string_append (html, "\">\n<meta name=\"description\" content=\"");
  append (html, content->summary);
  g_string_append (html, "\">\n");
  append_element (html, "title", content->title);
  g_string_append_printf (html, "\n<style>\n%s</style>\n</head>\n", style);
}

GBytes *
hf_report_write_html (const HfReportContent *content, GError **error)
{
  g_autoptr (GString) html = g_string_new (NULL);

  append_head (html, content);
  g_string_append (html, "<body>\n<main>\n<header><div class=\"quiet\">");
  append (html, _("Inspection report"));
  g_string_append (html, "</div>");
  append_element (html, "h1", content->title);
  g_string_append_printf (html,
                          "<div class=\"quiet\"><time datetime=\"%s\">"
                          "%s</time> \xc2\xb7 ",
                          content->date_iso, content->date);
  append (html, content->generator);
  g_string_append (html, "</div></header>\n");
  for (guint i = 0; i < content->pieces->len; i++)
    if (!append_piece (html, content->pieces->pdata[i], error))
      return NULL;
  g_string_append (html, "</main>\n</body>\n</html>\n");
  return g_string_free_to_bytes (g_steal_pointer (&html));
}
