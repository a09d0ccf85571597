/* save.c: see the header. */
#include "app/charts/save.h"

#include "app/charts/pen.h"
#include "base/file.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define PNG_SCALE 2

gboolean
hf_cairo_check (int status, const char *what, GError **error)
{
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _("%s could not be drawn: %s"), what,
                  cairo_status_to_string ((cairo_status_t) status));
  return FALSE;
}

static gboolean
parse_format (const char *path, HfChartFormat *out, GError **error)
{
  const struct {
    const char *end;
    HfChartFormat format;
  } known[] = {
      {".png", HF_CHART_PNG}, {".svg", HF_CHART_SVG}, {".pdf", HF_CHART_PDF}};
  g_autofree char *small = g_ascii_strdown (path, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_has_suffix (small, known[i].end)) {
      *out = known[i].format;
      return TRUE;
    }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("%s: a chart is saved as .png, .svg or .pdf. Name it so."),
                  path);
  return FALSE;
}

static cairo_status_t
write_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
new_surface (HfChartFormat format, GByteArray *bytes, double width,
             double height)
{
  if (format == HF_CHART_PNG)
    return cairo_image_surface_create (CAIRO_FORMAT_RGB24,
                                       (int) ceil (width * PNG_SCALE),
                                       (int) ceil (height * PNG_SCALE));
  if (format == HF_CHART_SVG)
    return cairo_svg_surface_create_for_stream (write_cb, bytes, width, height);
  return cairo_pdf_surface_create_for_stream (write_cb, bytes, width, height);
}

/* Cairo numbers its surfaces through the whole process, and writes these
 * numbers as `id="surface12"`: nothing refers to the outermost. Groups within
 * are referred to, so that all are renumbered by their first appearance. */
static char *
dup_renumbered (const char *svg)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GString *text = g_string_new (NULL);
  const char *from = svg, *at;

  while ((at = strstr (from, "surface")) != NULL) {
    const char *end = at + strlen ("surface");
    g_autofree char *number = NULL;
    gpointer known;

    g_string_append_len (text, from, end - from);
    from = end;
    while (g_ascii_isdigit (*end))
      end++;
    if (end == from)
      continue;
    number = g_strndup (from, (gsize) (end - from));
    if (!g_hash_table_lookup_extended (seen, number, NULL, &known)) {
      known = GUINT_TO_POINTER (g_hash_table_size (seen) + 1);
      g_hash_table_insert (seen, g_strdup (number), known);
    }
    g_string_append_printf (text, "%u", GPOINTER_TO_UINT (known));
    from = end;
  }
  g_string_append (text, from);
  return g_string_free (text, FALSE);
}

/* Puts what the chart says behind the opening tag: letters are shapes in the
 * SVGs of Cairo, which nobody can search or hear. */
static GBytes *
finish_svg (const HfChart *chart, GByteArray *bytes)
{
  g_autofree char *svg = g_strndup ((const char *) bytes->data, bytes->len);
  g_autofree char *plain = dup_renumbered (svg);
  g_autofree char *table = hf_chart_dup_text (chart);
  g_autofree char *title =
      g_markup_escape_text (hf_chart_get_title (chart), -1);
  g_autofree char *text = g_markup_escape_text (table, -1);
  const char *tag = strstr (plain, "<svg");
  const char *end = tag != NULL ? strchr (tag, '>') : NULL;
  GString *out;

  if (end == NULL)
    return g_bytes_new (plain, strlen (plain));
  out = g_string_new_len (plain, end - plain);
  g_string_append_printf (out,
                          " role=\"img\">\n<title>%s</title>\n"
                          "<desc>%s</desc>",
                          title, text);
  g_string_append (out, end + 1);
  return g_string_free_to_bytes (out);
}

typedef struct {
  const HfChart *chart;
  HfChartFormat format;
  double width, height; /* of the whole */
  double margin, top;   /* around the chart, and what the title takes */
  gboolean ground;
  const HfChartTheme *theme;
} Sheet;

static void
draw_sheet (const Sheet *self, cairo_t *cr)
{
  HfPen pen;

  if (self->format == HF_CHART_PNG)
    cairo_scale (cr, PNG_SCALE, PNG_SCALE);
  if (self->ground) {
    const HfColour *ground = &self->theme->ground;

    cairo_set_source_rgb (cr, ground->r, ground->g, ground->b);
    cairo_paint (cr);
    hf_pen_init (&pen, cr, self->theme);
    hf_pen_text (&pen, HF_TEXT_BOLD, self->margin, self->margin,
                 self->width - 2 * self->margin, 0,
                 hf_chart_get_title (self->chart));
    hf_pen_clear (&pen);
  }
  cairo_translate (cr, self->margin, self->margin + self->top);
  hf_chart_draw (self->chart, cr, self->width - 2 * self->margin,
                 self->height - 2 * self->margin - self->top, self->theme);
}

/* A chart without a date: its bytes shall not depend on the day. */
static void
set_metadata (cairo_surface_t *surface, const HfChart *chart)
{
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE,
                                  hf_chart_get_title (chart));
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT,
                                  hf_chart_get_summary (chart));
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR,
                                  "Handful");
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                  "1980-01-01T00:00:00Z");
}

static GBytes *
write_sheet (const Sheet *self, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface =
      new_surface (self->format, bytes, self->width, self->height);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  if (self->format == HF_CHART_PDF)
    set_metadata (surface, self->chart);
  draw_sheet (self, cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS && self->format == HF_CHART_PNG)
    status = cairo_surface_write_to_png_stream (surface, write_cb, bytes);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (!hf_cairo_check (status, hf_chart_get_title (self->chart), error))
    return NULL;
  if (self->format == HF_CHART_SVG)
    return finish_svg (self->chart, bytes);
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

GBytes *
hf_chart_to_bytes (const HfChart *self, HfChartFormat format, double width,
                   double height, const HfChartTheme *theme, GError **error)
{
  HfChartTheme exact = *theme;
  Sheet sheet = {
      .chart = self,
      .format = format,
      .width = width,
      .height = height,
      .margin = theme->text_px * 1.5,
      .top = theme->text_px * 2.2,
      .ground = TRUE,
      .theme = &exact,
  };

  /* Files are looked at enlarged: glyphs lie where they belong. */
  exact.exact = TRUE;
  if (height <= 0)
    sheet.height = hf_chart_measure (self, width - 2 * sheet.margin, &exact) +
                   2 * sheet.margin + sheet.top;
  return write_sheet (&sheet, error);
}

gboolean
hf_chart_save (const HfChart *self, const char *path, double width,
               double height, const HfChartTheme *theme, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  HfChartFormat format;

  if (!parse_format (path, &format, error))
    return FALSE;
  bytes = hf_chart_to_bytes (self, format, width, height, theme, error);
  if (bytes == NULL)
    return FALSE;
  return hf_file_write_whole (path, g_bytes_get_data (bytes, NULL),
                              g_bytes_get_size (bytes), error);
}

GBytes *
hf_chart_to_svg (const HfChart *self, double width, double height,
                 const HfChartTheme *theme, GError **error)
{
  Sheet sheet = {
      .chart = self,
      .format = HF_CHART_SVG,
      .width = width,
      .height = height,
      .theme = theme,
  };

  return write_sheet (&sheet, error);
}
