/* confusion.c: see the header. Right answers lie on the diagonal and are plain;
 * wrong ones are hatched, and named where there is room. */
#include "app/charts/confusion.h"

#include "app/charts/chart-private.h"
#include "app/charts/wording.h"
#include "base/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define LABELLED _("labelled \xe2\x86\x93")
#define CALLED _("called \xe2\x86\x92")

typedef struct {
  int n;
  char **names;       /* [n] */
  HfClassKind *kinds; /* [n] */
  gint64 *counts;     /* [n][n] */
  gint64 *totals;     /* [n] of the rows */
} Confusion;

/* Where the cells lie. */
typedef struct {
  double left, top, column, row; /* the first cell and the cells' size */
  gboolean one_line;             /* both words of the corner in one line */
  gboolean upright;              /* names over the columns read upwards */
  gboolean row_names;            /* else every few rows have a number */
} Grid;

static void
free_confusion (gpointer data)
{
  Confusion *self = data;

  for (int c = 0; c < self->n; c++)
    g_free (self->names[c]);
  g_free (self->names);
  g_free (self->kinds);
  g_free (self->counts);
  g_free (self->totals);
  g_free (self);
}

static double
get_widest (const Confusion *self, const HfPen *pen)
{
  double widest = 0;

  for (int c = 0; c < self->n; c++)
    widest = MAX (widest, hf_pen_measure (pen, HF_TEXT_PLAIN, self->names[c]));
  return widest;
}

static void
lay_out (const Confusion *self, const HfPen *pen, double width, double height,
         Grid *grid)
{
  double gap = hf_pen_px (pen, 8);
  double widest = get_widest (self, pen);
  double labelled = hf_pen_measure (pen, HF_TEXT_QUIET, LABELLED);
  double called = hf_pen_measure (pen, HF_TEXT_QUIET, CALLED);
  double corner = MAX (labelled, called);
  double both = labelled + gap + called;
  double names =
      MIN (MAX (widest, corner), (self->n > 8 ? 0.26 : 0.32) * width) + gap;

  if (both < 0.2 * width)
    names = MAX (names, both + gap);
  grid->column = (width - names) / self->n;
  grid->upright = grid->column < MIN (widest, hf_pen_px (pen, 60));
  grid->one_line = !grid->upright && both + gap <= names;
  grid->top = grid->upright    ? MIN (widest + gap, 0.34 * height)
              : grid->one_line ? 1.4 * pen->line
                               : 2.4 * pen->line;
  grid->top = MAX (grid->top, grid->one_line ? 0 : 2.4 * pen->line);
  grid->row = (height - grid->top) / self->n;
  grid->row_names = grid->row >= pen->line;
  if (!grid->row_names || (grid->upright && grid->column < pen->line)) {
    /* Names have no room: numbers at every few rows and columns. */
    grid->row_names = grid->upright = grid->one_line = FALSE;
    grid->top = 2.4 * pen->line;
    names = corner + gap;
    grid->column = (width - names) / self->n;
    grid->row = (height - grid->top) / self->n;
  }
  /* Flat cells stay near the names: a matrix is no banner. */
  grid->column = MIN (grid->column, MAX (hf_pen_px (pen, 170), grid->row * 3));
  grid->row = MIN (grid->row, hf_pen_px (pen, 78));
  grid->left = names;
}

static const char *
get_fault (const Confusion *self, int truth, int predicted)
{
  if (truth == predicted)
    return NULL;
  if (self->kinds[truth] == HF_CLASS_DEFECT &&
      self->kinds[predicted] == HF_CLASS_GOOD)
    return _("escape");
  if (self->kinds[truth] == HF_CLASS_GOOD &&
      self->kinds[predicted] != HF_CLASS_GOOD)
    return _("overkill");
  return NULL;
}

static void
draw_cell (const Confusion *self, const HfPen *pen, const Grid *grid, int truth,
           int predicted)
{
  double gap = MIN (hf_pen_px (pen, 4), 0.12 * MIN (grid->column, grid->row));
  double x = grid->left + predicted * grid->column + gap / 2;
  double y = grid->top + truth * grid->row + gap / 2;
  double width = grid->column - gap, height = grid->row - gap;
  gint64 count = self->counts[truth * self->n + predicted];
  double share = self->totals[truth] > 0
                     ? (double) count / (double) self->totals[truth]
                     : 0;
  const HfColour *colour =
      truth == predicted ? &pen->theme->right : &pen->theme->wrong;
  const char *fault = get_fault (self, truth, predicted);
  g_autofree char *text = hf_wording_dup_number (count);
  HfTextStyle style = HF_TEXT_BOLD;

  if (hf_pen_measure (pen, style, text) > width)
    style = HF_TEXT_PLAIN;
  if (count > 0 &&
      (height < pen->line || hf_pen_measure (pen, style, text) > width + 1)) {
    /* No room for the number: a mark in its colour. */
    hf_pen_box (pen, x, y, width, height, colour, 0.35 + 0.45 * share);
    return;
  }
  if (count == 0) {
    hf_pen_box (pen, x, y, width, height, &pen->theme->ink, 0.045);
    g_free (text);
    text = g_strdup ("\xe2\x80\x93");
    style = HF_TEXT_QUIET;
  } else {
    hf_pen_box (pen, x, y, width, height, colour,
                truth == predicted ? 0.10 + 0.14 * share : 0.14 + 0.2 * share);
    if (truth != predicted)
      hf_pen_hatch (pen, x, y, width, height, colour, 0.22);
  }
  if (height < pen->line)
    return;
  if (fault != NULL && count > 0 && height >= 2.1 * pen->line &&
      hf_pen_measure (pen, HF_TEXT_PLAIN, fault) <= width) {
    y += (height - 2 * pen->line) / 2;
    hf_pen_text (pen, style, x, y, width, 0.5, text);
    hf_pen_text (pen, HF_TEXT_PLAIN, x, y + pen->line, width, 0.5, fault);
    return;
  }
  hf_pen_text (pen, style, x, y + (height - pen->line) / 2, width, 0.5, text);
}

/* Every so many of @n rows that their numbers do not touch. */
static int
find_stride (double step, double needed, int n)
{
  int stride = 1;

  while (stride < n && stride * step < needed)
    stride = stride == 1 ? 2 : stride == 2 ? 5 : stride * 2;
  return stride;
}

static void
draw_names (const Confusion *self, const HfPen *pen, const Grid *grid)
{
  double gap = hf_pen_px (pen, 8);

  for (int c = 0; c < self->n; c++) {
    double x = grid->left + c * grid->column;
    double y = grid->top + c * grid->row + (grid->row - pen->line) / 2;

    hf_pen_text (pen, HF_TEXT_PLAIN, 0, y, grid->left - gap, 0, self->names[c]);
    if (grid->upright)
      hf_pen_text_upright (pen, HF_TEXT_PLAIN, x + grid->column / 2,
                           grid->top - hf_pen_px (pen, 4),
                           grid->top - hf_pen_px (pen, 4), self->names[c]);
    else
      hf_pen_text (pen, HF_TEXT_PLAIN, x + hf_pen_px (pen, 2),
                   grid->top - pen->line - hf_pen_px (pen, 2),
                   grid->column - hf_pen_px (pen, 4), 0.5, self->names[c]);
  }
}

static void
draw_numbers (const Confusion *self, const HfPen *pen, const Grid *grid)
{
  double wide = hf_pen_measure (pen, HF_TEXT_QUIET, "00");
  double right = grid->left + self->n * grid->column;
  double bottom = grid->top + self->n * grid->row;
  int rows = find_stride (grid->row, pen->line, self->n);
  int columns = find_stride (grid->column, wide + hf_pen_px (pen, 4), self->n);

  for (int c = 0; c < self->n; c++) {
    char number[12];
    double x = grid->left + (c + 0.5) * grid->column;
    double y = grid->top + (c + 0.5) * grid->row;

    g_snprintf (number, sizeof number, "%d", c + 1);
    if ((c == 0 || (c + 1) % rows == 0) && y - pen->line / 2 > grid->top)
      hf_pen_text (pen, HF_TEXT_QUIET, 0,
                   MIN (y - pen->line / 2, bottom - pen->line),
                   grid->left - hf_pen_px (pen, 6), 1, number);
    if (c == 0 || (c + 1) % columns == 0)
      hf_pen_text (pen, HF_TEXT_QUIET, MIN (x - wide / 2, right - wide),
                   grid->top - pen->line, wide, 0.5, number);
  }
}

static void
draw_corner (const HfPen *pen, const Grid *grid)
{
  double y = grid->top - pen->line - hf_pen_px (pen, 2);
  double width = grid->left - hf_pen_px (pen, 8);
  double x = grid->one_line ? hf_pen_measure (pen, HF_TEXT_QUIET, LABELLED) +
                                  hf_pen_px (pen, 8)
                            : 0;

  hf_pen_text (pen, HF_TEXT_QUIET, 0, y, width, 0, LABELLED);
  hf_pen_text (pen, HF_TEXT_QUIET, x, grid->one_line ? y : y - pen->line,
               width - x, 0, CALLED);
}

static void
draw_confusion (gconstpointer data, const HfPen *pen, double width,
                double height)
{
  const Confusion *self = data;
  Grid grid;

  lay_out (self, pen, width, height, &grid);
  for (int truth = 0; truth < self->n; truth++)
    for (int predicted = 0; predicted < self->n; predicted++)
      draw_cell (self, pen, &grid, truth, predicted);
  if (grid.row_names)
    draw_names (self, pen, &grid);
  else
    draw_numbers (self, pen, &grid);
  draw_corner (pen, &grid);
}

static double
measure_confusion (gconstpointer data, const HfPen *pen, double width)
{
  const Confusion *self = data;
  double row = self->n <= 4    ? hf_pen_px (pen, 60)
               : self->n <= 8  ? hf_pen_px (pen, 40)
               : self->n <= 14 ? hf_pen_px (pen, 28)
                               : hf_pen_px (pen, 22);
  double widest = MIN (get_widest (self, pen), hf_pen_px (pen, 110));
  double column = width * 0.68 / self->n;
  gboolean upright = column < MIN (widest, hf_pen_px (pen, 60));

  return row * self->n + (upright ? widest + 2 * pen->line : 2.4 * pen->line);
}

static const HfChartKind confusion_kind = {draw_confusion, measure_confusion,
                                           free_confusion};

static HfTable *
new_table (const Confusion *self)
{
  HfTable *table = hf_table_new (_("Confusion: rows as labelled, columns as "
                                   "called"),
                                    _("labelled"), NULL);

  for (int c = 0; c < self->n; c++) {
    g_autofree char *heading =
        g_strdup_printf (_("called %s"), self->names[c]);

    hf_table_add_heading (table, heading);
  }
  for (int r = 0; r < self->n; r++) {
    hf_table_add_text (table, self->names[r]);
    for (int c = 0; c < self->n; c++)
      hf_table_add_int (table, self->counts[r * self->n + c]);
  }
  return table;
}

HfChart *
hf_chart_new_confusion (const char *const *classes, const HfClassKind *kinds,
                        int n_classes, const gint64 *counts)
{
  Confusion *self = g_new0 (Confusion, 1);
  gint64 n = 0, right = 0;
  gsize n_names = (gsize) MAX (n_classes, 0);

  self->n = (int) n_names;
  self->names = g_new0 (char *, n_names + 1);
  self->kinds = g_memdup2 (kinds, n_names * sizeof *kinds);
  self->counts = g_memdup2 (counts, n_names * n_names * sizeof *counts);
  self->totals = g_new0 (gint64, n_names + 1);
  for (int r = 0; r < self->n; r++) {
    self->names[r] = hf_json_dup_shown (classes[r]);
    for (int c = 0; c < self->n; c++)
      self->totals[r] += self->counts[r * self->n + c];
    n += self->totals[r];
    right += self->counts[r * self->n + r];
  }
  return hf_chart_new (
      &confusion_kind,
      _("Confusion"), self, new_table (self),
         n == 0
         ? g_strdup (_("No picture was tested, so none was confused.")) : NULL,
                     g_strdup_printf (
                         g_dngettext (GETTEXT_PACKAGE,
                                      "%d picture of %d was called what it is "
                                      "labelled.",
                                      "%d pictures of %d were called what they "
                                      "are labelled.",
                                      (gulong) right),
                         (int) right, (int) n));
}
