/* counts.c: see the header. A bar a class, parted by lots; neighbouring parts
 * are plain and hatched by turns, and named where there is room. */
#include "app/charts/counts.h"

#include "app/charts/chart-private.h"
#include "app/charts/wording.h"
#include "base/json.h"

#include <glib/gi18n-lib.h>

typedef struct {
  int n_classes, n_groups;
  char **classes, **groups; /* groups: NULL without a name */
  gint64 *counts;           /* [n_classes][n_groups] */
  gint64 *totals;           /* [n_classes] */
  int *n_lots;              /* [n_classes] groups with a name and a picture */
} Counts;

static void
free_counts (gpointer data)
{
  Counts *self = data;

  for (int c = 0; c < self->n_classes; c++)
    g_free (self->classes[c]);
  for (int g = 0; g < self->n_groups; g++)
    g_free (self->groups[g]);
  g_free (self->classes);
  g_free (self->groups);
  g_free (self->counts);
  g_free (self->totals);
  g_free (self->n_lots);
  g_free (self);
}

static char *
dup_lots (const Counts *self, int c)
{
  if (self->n_lots[c] == 0)
    return g_strdup ("");
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d lot", "%d lots",
                                       (gulong) self->n_lots[c]),
                          self->n_lots[c]);
}

static void
draw_bar (const Counts *self, const HfPen *pen, int c, double x, double y,
          double width, double height)
{
  double gap = MIN (hf_pen_px (pen, 2), width / (3.0 * self->n_groups));
  double at = x;
  int turn = 0;

  for (int g = 0; g < self->n_groups; g++) {
    gint64 count = self->counts[c * self->n_groups + g];
    double wide = width * (double) count / (double) self->totals[c];
    const char *name = self->groups[g];

    if (count == 0)
      continue;
    hf_pen_box (pen, at, y, MAX (wide - gap, wide * 0.7), height,
                &pen->theme->accent, pen->theme->band_alpha + 0.16);
    if (turn++ % 2 == 1)
      hf_pen_hatch (pen, at, y, MAX (wide - gap, wide * 0.7), height,
                    &pen->theme->accent, 0.28);
    if (name != NULL && height >= pen->line &&
        hf_pen_measure (pen, HF_TEXT_PLAIN, name) <
            wide - gap - hf_pen_px (pen, 6))
      hf_pen_text (pen, HF_TEXT_PLAIN, at, y + (height - pen->line) / 2,
                   wide - gap, 0.5, name);
    at += wide;
  }
}

static double
get_row (const HfPen *pen)
{
  return pen->line * 1.75;
}

static void
draw_row (const Counts *self, const HfPen *pen, int c, double y, double row,
          double label, double count, double lots, double width, gint64 most)
{
  double gap = hf_pen_px (pen, 10);
  double text = y + (row - pen->line) / 2;
  double x = label + count + 2 * gap;
  double wide = MAX (0, width - x - lots - gap);
  g_autofree char *total = hf_wording_dup_number (self->totals[c]);
  g_autofree char *n_lots = dup_lots (self, c);
  double bar = MIN (row * 0.78, pen->line * 1.4);

  hf_pen_text (pen, HF_TEXT_PLAIN, 0, text, label, 0, self->classes[c]);
  hf_pen_text (pen, HF_TEXT_BOLD, label + gap, text, count, 1, total);
  if (self->totals[c] > 0)
    draw_bar (self, pen, c, x, y + (row - bar) / 2,
              wide * (double) self->totals[c] / (double) most, bar);
  hf_pen_text (pen, HF_TEXT_QUIET, width - lots, text, lots, 1, n_lots);
}

static void
draw_counts (gconstpointer data, const HfPen *pen, double width, double height)
{
  const Counts *self = data;
  double row = MIN (get_row (pen), MAX (pen->line, height / self->n_classes));
  int n_drawn = MIN (self->n_classes, MAX (1, (int) (height / row + 0.01)));
  double label = 0, count = 0, lots = 0;
  gint64 most = 1;

  if (n_drawn < self->n_classes && n_drawn > 1)
    n_drawn--;
  for (int c = 0; c < self->n_classes; c++) {
    g_autofree char *total = hf_wording_dup_number (self->totals[c]);
    g_autofree char *n_lots = dup_lots (self, c);

    label = MAX (label, hf_pen_measure (pen, HF_TEXT_PLAIN, self->classes[c]));
    count = MAX (count, hf_pen_measure (pen, HF_TEXT_BOLD, total));
    if (*n_lots != '\0')
      lots = MAX (lots, hf_pen_measure (pen, HF_TEXT_QUIET, n_lots));
    most = MAX (most, self->totals[c]);
  }
  label = MIN (label, 0.34 * width);
  for (int c = 0; c < n_drawn; c++)
    draw_row (self, pen, c, c * row, row, label, count, lots, width, most);
  if (n_drawn < self->n_classes) {
    g_autofree char *more =
        g_strdup_printf (_("and %d more"), self->n_classes - n_drawn);

    hf_pen_text (pen, HF_TEXT_QUIET, 0, n_drawn * row, width, 0, more);
  }
}

static double
measure_counts (gconstpointer data, const HfPen *pen, double width)
{
  return get_row (pen) * ((const Counts *) data)->n_classes;
}

static const HfChartKind counts_kind = {draw_counts, measure_counts,
                                        free_counts};

static HfTable *
new_table (const Counts *self)
{
  HfTable *table = hf_table_new (_("Labels by class and lot"),
                                    _("class"), _("labels"), NULL);

  for (int g = 0; g < self->n_groups; g++)
    hf_table_add_heading (table, self->groups[g] != NULL ? self->groups[g]
                                                         : _("without a lot"));
  for (int c = 0; c < self->n_classes; c++) {
    hf_table_add_text (table, self->classes[c]);
    hf_table_add_int (table, self->totals[c]);
    for (int g = 0; g < self->n_groups; g++)
      hf_table_add_int (table, self->counts[c * self->n_groups + g]);
  }
  return table;
}

static char *
dup_summary (const Counts *self)
{
  GString *text = g_string_new (NULL);

  for (int c = 0; c < self->n_classes; c++) {
    g_autofree char *lots = dup_lots (self, c);

    g_string_append_printf (
        text, "%s%" G_GINT64_FORMAT " %s%s%s", c > 0 ? ", " : "",
        self->totals[c], self->classes[c], *lots != '\0' ? " from " : "", lots);
  }
  g_string_append_c (text, '.');
  return g_string_free (text, FALSE);
}

HfChart *
hf_chart_new_counts (const char *const *classes, int n_classes,
                     const char *const *groups, int n_groups,
                     const gint64 *counts)
{
  Counts *self = g_new0 (Counts, 1);
  gint64 n = 0;

  self->n_classes = n_classes;
  self->n_groups = n_groups;
  self->classes = g_new0 (char *, (gsize) n_classes + 1);
  self->groups = g_new0 (char *, (gsize) n_groups + 1);
  self->totals = g_new0 (gint64, (gsize) n_classes + 1);
  self->n_lots = g_new0 (int, (gsize) n_classes + 1);
  self->counts =
      g_memdup2 (counts, (gsize) n_classes * (gsize) n_groups * sizeof *counts);
  for (int g = 0; g < n_groups; g++)
    self->groups[g] = groups[g] != NULL ? hf_json_dup_shown (groups[g]) : NULL;
  for (int c = 0; c < n_classes; c++) {
    self->classes[c] = hf_json_dup_shown (classes[c]);
    for (int g = 0; g < n_groups; g++) {
      gint64 count = counts[c * n_groups + g];

      self->totals[c] += count;
      self->n_lots[c] += count > 0 && groups[g] != NULL;
    }
    n += self->totals[c];
  }
  return hf_chart_new (&counts_kind,
                       _("Labels"), self, new_table (self),
                          n == 0
                          ? g_strdup (_("Nothing is labelled yet.")) : NULL,
                                      dup_summary (self));
}
