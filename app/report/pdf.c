/* pdf.c: the report on pages of A4. The pages are drawn twice: the first time
 * to nowhere, to know how many there are. */
#include "app/charts/pen.h"
#include "app/charts/save.h"
#include "app/charts/wording.h"
#include "app/report/content-private.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* In points. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define MARGIN 48.0
#define TOP 46.0
#define BOTTOM 60.0
#define WIDTH (PAGE_WIDTH - 2 * MARGIN)
#define GAP 18.0
#define CHART_MOST 440.0 /* high */
#define HALF_MOST 190.0
#define MISSES_A_LINE 5
#define MISS_GAP 8.0
#define MISS_HEIGHT 68.0

typedef struct {
  cairo_t *cr;
  cairo_surface_t *surface;
  const HfReportContent *content;
  HfChartTheme small, large, huge;
  HfPen body, heading, title;
  double y;
  int page;    /* from 1 */
  int n_pages; /* 0 while they are counted */
} Writer;

static void
draw_footer (const Writer *self)
{
  const HfPen *pen = &self->body;
  double y = PAGE_HEIGHT - BOTTOM + 22;
  g_autofree char *left = g_strdup_printf (
      _("%s \xc2\xb7 report of %s \xc2\xb7 %s"), self->content->title,
         self->content->date, self->content->generator);
  g_autofree char *right =
      g_strdup_printf (_("page %d of %d"), self->page, self->n_pages);

  hf_pen_hairline (pen, MARGIN, y - 5, MARGIN + WIDTH, y - 5, 0.3);
  hf_pen_text (pen, HF_TEXT_QUIET, MARGIN, y, WIDTH - 80, 0, left);
  hf_pen_text (pen, HF_TEXT_QUIET, MARGIN + WIDTH - 78, y, 78, 1, right);
}

static void
turn_page (Writer *self)
{
  draw_footer (self);
  cairo_show_page (self->cr);
  self->page++;
  self->y = TOP;
}

/* Turns the page unless @height fits what is left of it. */
static void
need (Writer *self, double height)
{
  if (self->y + height > PAGE_HEIGHT - BOTTOM && self->y > TOP + 1)
    turn_page (self);
}

static void
draw_title (Writer *self)
{
  hf_pen_text (&self->body, HF_TEXT_QUIET, MARGIN, self->y, WIDTH, 0,
               _("Inspection report"));
  self->y += self->body.line + 1;
  hf_pen_text (&self->title, HF_TEXT_BOLD, MARGIN, self->y, WIDTH, 0,
               self->content->title);
  self->y += self->title.line + 2;
  hf_pen_text (&self->body, HF_TEXT_QUIET, MARGIN, self->y, WIDTH, 0,
               self->content->date);
  hf_pen_text (&self->body, HF_TEXT_QUIET, MARGIN, self->y, WIDTH, 1,
               self->content->generator);
  self->y += self->body.line + 6;
  hf_pen_hairline (&self->body, MARGIN, self->y, MARGIN + WIDTH, self->y, 0.7);
  self->y += 4;
}

static double measure_start (const Writer *self, const HfPiece *piece);

static double
measure_text (const Writer *self, const HfPiece *piece)
{
  double indent = piece->kind == HF_PIECE_WARNING ? 14 : 0;

  return hf_pen_paragraph (&self->body, HF_TEXT_PLAIN, 0, 0, WIDTH - indent,
                           PAGE_HEIGHT - TOP - BOTTOM, 0, piece->text, FALSE);
}

static void
draw_text (Writer *self, const HfPiece *piece, const HfPiece *next)
{
  double height = measure_text (self, piece);
  double indent = piece->kind == HF_PIECE_WARNING ? 14 : 0;

  /* What introduces a table or pictures stands with them. */
  need (self, height + (next != NULL && (next->kind == HF_PIECE_TABLE ||
                                         next->kind == HF_PIECE_MISSES)
                            ? measure_start (self, next)
                            : 0));
  if (piece->kind == HF_PIECE_WARNING)
    hf_pen_text (&self->body, HF_TEXT_WRONG, MARGIN, self->y, 12, 0,
                 "\xe2\x9a\xa0");
  hf_pen_paragraph (&self->body, HF_TEXT_PLAIN, MARGIN + indent, self->y,
                    WIDTH - indent, PAGE_HEIGHT, 0, piece->text, TRUE);
  self->y += height + 6;
}

/* Three rates side by side: what everybody looks at first. */
static void
draw_figures (Writer *self, const HfPiece *piece)
{
  int n = (int) hf_table_get_n_rows (piece->table);
  double width = (WIDTH - (n - 1) * GAP) / n;
  double height = 2.3 * self->body.line + self->heading.line * 1.4;

  need (self, height);
  for (int i = 0; i < n; i++) {
    double x = MARGIN + i * (width + GAP), y = self->y;
    double name = hf_pen_measure (&self->body, HF_TEXT_BOLD,
                                  hf_table_get (piece->table, i, 0)) +
                  5;

    hf_pen_text (&self->body, HF_TEXT_BOLD, x, y, width, 0,
                 hf_table_get (piece->table, i, 0));
    hf_pen_text (&self->body, HF_TEXT_QUIET, x + name, y, width - name, 0,
                 hf_table_get (piece->table, i, 1));
    y += self->body.line + 2;
    hf_pen_text (&self->heading, HF_TEXT_BOLD, x, y, width, 0,
                 hf_table_get (piece->table, i, 2));
    y += self->heading.line + 1;
    hf_pen_text (&self->body, HF_TEXT_PLAIN, x, y, width, 0,
                 hf_table_get (piece->table, i, 3));
  }
  self->y += height + 8;
}

static double
sum_widths (const double *widths, int n)
{
  double sum = 0;

  for (int c = 0; c < n; c++)
    sum += widths[c];
  return sum;
}

/* Widths of the columns of a table: those of their texts, but the widest gives
 * way, down to an equal share, until all fit. */
static void
find_columns (const Writer *self, const HfTable *table, double *widths)
{
  int n = table->n_columns;
  int n_rows = (int) hf_table_get_n_rows (table);
  double total = 0, most = WIDTH * 0.62;

  for (int c = 0; c < n; c++) {
    widths[c] = 0;
    for (int r = -1; r < n_rows; r++)
      widths[c] = MAX (widths[c], hf_pen_measure (&self->body, HF_TEXT_PLAIN,
                                                  hf_table_get (table, r, c)));
    widths[c] = MIN (widths[c], most) + 12;
    total += widths[c];
  }
  for (; total > WIDTH + 0.5; total = sum_widths (widths, n)) {
    int widest = 0;

    for (int c = 1; c < n; c++)
      if (widths[c] > widths[widest])
        widest = c;
    widths[widest] = MAX (WIDTH / n, widths[widest] - (total - WIDTH));
  }
}

static double
measure_row (const Writer *self, const HfTable *table, int row,
             const double *widths)
{
  double height = self->body.line;

  for (int c = 0; c < table->n_columns; c++)
    height =
        MAX (height, hf_pen_paragraph (&self->body, HF_TEXT_PLAIN, 0, 0,
                                       widths[c] - 10, PAGE_HEIGHT / 2, 0,
                                       hf_table_get (table, row, c), FALSE));
  return height;
}

static void
draw_row (Writer *self, const HfTable *table, int row, const double *widths,
          gboolean facts)
{
  double x = MARGIN, height = measure_row (self, table, row, widths);

  for (int c = 0; c < table->n_columns; c++) {
    gboolean quiet = row < 0 || (facts && c == 0);

    hf_pen_paragraph (&self->body, quiet ? HF_TEXT_QUIET : HF_TEXT_PLAIN, x,
                      self->y, widths[c] - 10, PAGE_HEIGHT / 2, 0,
                      hf_table_get (table, row, c), TRUE);
    x += widths[c];
  }
  self->y += height + 2;
  if (row < 0 || !facts) {
    hf_pen_hairline (&self->body, MARGIN, self->y, MARGIN + WIDTH, self->y,
                     row < 0 ? 0.5 : 0.14);
    self->y += 2;
  }
}

static void
draw_table (Writer *self, const HfPiece *piece)
{
  const HfTable *table = piece->table;
  gboolean facts = piece->kind == HF_PIECE_FACTS;
  g_autofree double *widths = g_new (double, table->n_columns);
  int n_rows = (int) hf_table_get_n_rows (table);

  find_columns (self, table, widths);
  if (!facts && table->caption != NULL) {
    need (self, 5 * self->body.line);
    hf_pen_text (&self->body, HF_TEXT_BOLD, MARGIN, self->y, WIDTH, 0,
                 table->caption);
    self->y += self->body.line + 3;
  }
  if (facts)
    widths[1] = WIDTH - widths[0] + 10;
  for (int r = facts ? 0 : -1; r < n_rows; r++) {
    double height = measure_row (self, table, r, widths) + 4;
    int page = self->page;

    /* A heading never stands alone at the foot of a page. */
    need (self, r < 0 ? 3 * height : height);
    if (r >= 0 && self->page != page && !facts)
      draw_row (self, table, -1, widths, facts);
    draw_row (self, table, r, widths, facts);
  }
  self->y += 6;
}

/* What stands around the charts of a piece. */
typedef struct {
  double width; /* of each */
  double title, chart, caption;
} ChartBox;

static double
measure_caption (const Writer *self, const HfChart *chart, double width)
{
  if (chart == NULL || hf_chart_get_reason (chart) != NULL)
    return 0;
  return 4 + hf_pen_paragraph (&self->body, HF_TEXT_QUIET, 0, 0, width,
                               6 * self->body.line, 0,
                               hf_chart_get_summary (chart), FALSE);
}

static ChartBox
measure_box (const Writer *self, const HfPiece *piece)
{
  gboolean half = piece->second != NULL;
  ChartBox box = {.width = half ? (WIDTH - 1.5 * GAP) / 2 : WIDTH};

  box.title = piece->bare ? 0 : self->body.line + 4;
  box.chart = hf_chart_measure (piece->chart, box.width, &self->small);
  if (half)
    box.chart = MAX (box.chart,
                     hf_chart_measure (piece->second, box.width, &self->small));
  box.chart = MIN (box.chart, half || piece->caption ? HALF_MOST : CHART_MOST);
  if (piece->caption)
    box.caption = MAX (measure_caption (self, piece->chart, box.width),
                       measure_caption (self, piece->second, box.width));
  return box;
}

static double
measure_charts (const Writer *self, const HfPiece *piece)
{
  ChartBox box = measure_box (self, piece);

  return box.title + box.chart + box.caption;
}

static void
draw_chart (const Writer *self, const HfChart *chart, double x,
            const ChartBox *box)
{
  if (box->title > 0)
    hf_pen_text (&self->body, HF_TEXT_BOLD, x, self->y, box->width, 0,
                 hf_chart_get_title (chart));
  cairo_save (self->cr);
  cairo_translate (self->cr, x, self->y + box->title);
  hf_chart_draw (chart, self->cr, box->width, box->chart, &self->small);
  cairo_restore (self->cr);
  if (box->caption > 0 && hf_chart_get_reason (chart) == NULL)
    hf_pen_paragraph (
        &self->body, HF_TEXT_QUIET, x, self->y + box->title + box->chart + 4,
        box->width, 6 * self->body.line, 0, hf_chart_get_summary (chart), TRUE);
}

static void
draw_charts (Writer *self, const HfPiece *piece)
{
  ChartBox box = measure_box (self, piece);
  double rest = box.title + box.caption;
  double left = PAGE_HEIGHT - BOTTOM - self->y - rest;

  /* A tall chart rather gives way a little than leave half a page blank. */
  if (box.chart > HALF_MOST && left < box.chart && left > 0.7 * box.chart)
    box.chart = left;
  need (self, rest + box.chart);
  draw_chart (self, piece->chart, MARGIN, &box);
  if (piece->second != NULL)
    draw_chart (self, piece->second, MARGIN + box.width + 1.5 * GAP, &box);
  self->y += rest + box.chart + 12;
}

/* The picture as a surface that carries its JPEG: Cairo puts that into the PDF
 * as it is. */
static cairo_surface_t *
new_picture (const HfMiss *miss)
{
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, miss->width, miss->height);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  guint8 *pixels = cairo_image_surface_get_data (surface);

  for (int y = 0; pixels != NULL && y < miss->height; y++)
    for (int x = 0; x < miss->width; x++) {
      const guint8 *rgb =
          miss->rgb + ((gsize) y * (gsize) miss->width + (gsize) x) * 3;
      guint32 *out = (guint32 *) (pixels + (gsize) y * stride) + x;

      *out = (guint32) rgb[0] << 16 | (guint32) rgb[1] << 8 | rgb[2];
    }
  cairo_surface_mark_dirty (surface);
  cairo_surface_set_mime_data (
      surface, CAIRO_MIME_TYPE_JPEG, g_bytes_get_data (miss->jpeg, NULL),
      g_bytes_get_size (miss->jpeg), (cairo_destroy_func_t) g_bytes_unref,
      g_bytes_ref (miss->jpeg));
  return surface;
}

static void
draw_picture (const Writer *self, const HfMiss *miss, double x, double width)
{
  double scale = MIN (width / miss->width, MISS_HEIGHT / miss->height);
  cairo_surface_t *surface = new_picture (miss);

  cairo_save (self->cr);
  cairo_translate (self->cr, x,
                   self->y + (MISS_HEIGHT - miss->height * scale) / 2);
  cairo_scale (self->cr, scale, scale);
  cairo_set_source_surface (self->cr, surface, 0, 0);
  cairo_rectangle (self->cr, 0, 0, miss->width, miss->height);
  cairo_fill (self->cr);
  cairo_restore (self->cr);
  cairo_surface_destroy (surface);
}

static void
draw_miss (const Writer *self, const HfMiss *miss, double x, double width)
{
  const HfPen *pen = &self->body;
  double y = self->y + MISS_HEIGHT + 3;
  g_autofree char *probability = hf_wording_dup_decimal (miss->probability, 2);
  g_autofree char *called = NULL, *labelled = NULL;

  labelled = g_strdup_printf (_("is %s"), miss->truth);
  called = g_strdup_printf (_("called %s %s"), miss->predicted, probability);
  if (miss->jpeg != NULL)
    draw_picture (self, miss, x, width);
  else {
    hf_pen_box (pen, x, self->y, width, MISS_HEIGHT, &pen->theme->ink, 0.06);
    hf_pen_paragraph (pen, HF_TEXT_QUIET, x + 4, self->y + 4, width - 8,
                      MISS_HEIGHT - 8, 0,
                      _("The picture cannot be read."), TRUE);
  }
  hf_pen_text (pen, HF_TEXT_WRONG, x, y, width, 0, _(miss->fault));
  hf_pen_text (pen, HF_TEXT_BOLD, x, y + pen->line, width, 0, labelled);
  hf_pen_text (pen, HF_TEXT_PLAIN, x, y + 2 * pen->line, width, 0, called);
  hf_pen_text (pen, HF_TEXT_QUIET, x, y + 3 * pen->line, width, 0, miss->name);
}

static double
measure_misses (const Writer *self)
{
  return MISS_HEIGHT + 3 + 4 * self->body.line;
}

static void
draw_misses (Writer *self, const HfPiece *piece)
{
  double width = (WIDTH - (MISSES_A_LINE - 1) * MISS_GAP) / MISSES_A_LINE;

  for (guint i = 0; i < piece->misses->len; i += MISSES_A_LINE) {
    need (self, measure_misses (self));
    for (guint j = 0; j < MISSES_A_LINE && i + j < piece->misses->len; j++)
      draw_miss (self, piece->misses->pdata[i + j],
                 MARGIN + j * (width + MISS_GAP), width);
    self->y += measure_misses (self) + 8;
  }
}

/* How much of @piece must be on the page of the heading before it. */
static double
measure_start (const Writer *self, const HfPiece *piece)
{
  switch (piece->kind) {
  case HF_PIECE_TEXT:
  case HF_PIECE_WARNING:
    return measure_text (self, piece);
  case HF_PIECE_CHART:
    return measure_charts (self, piece);
  case HF_PIECE_MISSES:
    return measure_misses (self);
  case HF_PIECE_HEADING:
  case HF_PIECE_FIGURES:
  case HF_PIECE_FACTS:
  case HF_PIECE_TABLE:
    break;
  }
  return 5 * self->body.line;
}

static void
add_outline (const Writer *self, const char *text)
{
  g_autofree char *where = NULL;

  if (self->n_pages == 0)
    return;
  where = g_strdup_printf ("page=%d pos=[%d %d]", self->page, (int) MARGIN,
                           (int) self->y);
  cairo_pdf_surface_add_outline (self->surface, CAIRO_PDF_OUTLINE_ROOT, text,
                                 where, CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

static void
draw_heading (Writer *self, const HfPiece *piece, const HfPiece *next)
{
  self->y += 8;
  need (self, self->heading.line + 6 +
                  (next != NULL ? measure_start (self, next) : 0));
  add_outline (self, piece->text);
  hf_pen_text (&self->heading, HF_TEXT_BOLD, MARGIN, self->y, WIDTH, 0,
               piece->text);
  self->y += self->heading.line + 5;
}

static void
draw_piece (Writer *self, guint i)
{
  const GPtrArray *pieces = self->content->pieces;
  const HfPiece *piece = pieces->pdata[i];
  const HfPiece *next = i + 1 < pieces->len ? pieces->pdata[i + 1] : NULL;

  switch (piece->kind) {
  case HF_PIECE_HEADING:
    draw_heading (self, piece, next);
    break;
  case HF_PIECE_TEXT:
  case HF_PIECE_WARNING:
    draw_text (self, piece, next);
    break;
  case HF_PIECE_FIGURES:
    draw_figures (self, piece);
    break;
  case HF_PIECE_FACTS:
  case HF_PIECE_TABLE:
    draw_table (self, piece);
    break;
  case HF_PIECE_CHART:
    draw_charts (self, piece);
    break;
  case HF_PIECE_MISSES:
    draw_misses (self, piece);
    break;
  }
}

/* Draws all pages and returns how many. */
static int
draw_pages (cairo_surface_t *surface, const HfReportContent *content,
            int n_pages)
{
  Writer self = {.surface = surface,
                 .content = content,
                 .y = TOP,
                 .page = 1,
                 .n_pages = n_pages};

  self.cr = cairo_create (surface);
  hf_chart_theme_init (&self.small, HF_CHART_PAPER);
  self.large = self.huge = self.small;
  self.large.text_px = 12;
  self.huge.text_px = 20;
  hf_pen_init (&self.body, self.cr, &self.small);
  hf_pen_init (&self.heading, self.cr, &self.large);
  hf_pen_init (&self.title, self.cr, &self.huge);
  draw_title (&self);
  for (guint i = 0; i < content->pieces->len; i++)
    draw_piece (&self, i);
  draw_footer (&self);
  cairo_show_page (self.cr);
  hf_pen_clear (&self.title);
  hf_pen_clear (&self.heading);
  hf_pen_clear (&self.body);
  cairo_destroy (self.cr);
  return self.page;
}

static void
set_metadata (cairo_surface_t *surface, const HfReportContent *content)
{
  const struct {
    cairo_pdf_metadata_t key;
    const char *value;
  } entries[] = {
      {CAIRO_PDF_METADATA_TITLE, content->title},
      {CAIRO_PDF_METADATA_SUBJECT, content->summary},
      {CAIRO_PDF_METADATA_KEYWORDS, _("inspection, escapes, overkill")},
       {CAIRO_PDF_METADATA_CREATOR, content->generator},
       {CAIRO_PDF_METADATA_CREATE_DATE, content->date_iso},
       {CAIRO_PDF_METADATA_MOD_DATE, content->date_iso},
      };

  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    cairo_pdf_surface_set_metadata (surface, entries[i].key, entries[i].value);
}

static cairo_status_t
write_cb (void *closure, const unsigned char *data, unsigned int length)
{
  if (closure != NULL)
    g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* An archive's oldest viewer reads 1.4, and what it holds can be searched as it
 * is: later versions of Cairo pack the objects of later versions. */
static cairo_surface_t *
new_surface (GByteArray *bytes)
{
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (
      write_cb, bytes, PAGE_WIDTH, PAGE_HEIGHT);

  cairo_pdf_surface_restrict_to_version (surface, CAIRO_PDF_VERSION_1_4);
  return surface;
}

static int
count_pages (const HfReportContent *content)
{
  cairo_surface_t *surface = new_surface (NULL);
  int n = draw_pages (surface, content, 0);

  cairo_surface_destroy (surface);
  return n;
}

GBytes *
hf_report_write_pdf (const HfReportContent *content, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  int n_pages = count_pages (content);
  cairo_surface_t *surface = new_surface (bytes);
  cairo_status_t status;

  set_metadata (surface, content);
  draw_pages (surface, content, n_pages);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (!hf_cairo_check (status, _("The report"), error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
