/* calibration.c: see the header. */
#include "app/charts/calibration.h"

#include "app/charts/axes-private.h"
#include "app/charts/chart-private.h"
#include "app/charts/wording.h"

#include <math.h>

typedef struct {
  HfCalibrationBin bins[HF_CALIBRATION_BINS];
  gint64 n;
} Calibration;

/* The number of pictures stands above its whisker, below where that is at the
 * top. Beside a neighbour that is too near it is left out: the table has it. */
static void
draw_bin (const HfCalibrationBin *bin, const HfPen *pen, const HfAxes *axes,
          double *free_from)
{
  double x = hf_axes_get_x (axes, bin->mean_probability);
  double y = hf_axes_get_y (axes, bin->right.rate);
  gboolean known = isfinite (bin->right.low) && isfinite (bin->right.high);
  double top = known ? hf_axes_get_y (axes, bin->right.high) : y;
  double bottom = known ? hf_axes_get_y (axes, bin->right.low) : y;
  double pad = hf_pen_px (pen, known ? 2 : 7);
  g_autofree char *count = hf_wording_dup_number (bin->n);
  double wide = hf_pen_measure (pen, HF_TEXT_QUIET, count);
  double at = MIN (top, y - hf_pen_px (pen, 5)) - pad - pen->line;

  if (known)
    hf_pen_whisker (pen, x, top, x, bottom);
  hf_pen_mark (pen, HF_MARK_DISC, x, y);
  if (at < axes->y)
    at = MAX (bottom, y + hf_pen_px (pen, 5)) + pad;
  if (x - wide / 2 < *free_from || at + pen->line > axes->y + axes->height)
    return;
  hf_pen_text (pen, HF_TEXT_QUIET, x - wide / 2, at, wide, 0.5, count);
  *free_from = x + wide / 2 + hf_pen_px (pen, 3);
}

static void
draw_calibration (gconstpointer data, const HfPen *pen, double width,
                  double height)
{
  const Calibration *self = data;
  HfAxes axes = {0};
  double free_from = -INFINITY;
  const char *name = "stated probability";

  hf_ticks_init_share (&axes.across, 0, 1, hf_axes_find_n_across (pen, width));
  hf_ticks_init_share (&axes.up, 0, 1, hf_axes_find_n_up (pen, height));
  hf_axes_place (&axes, pen, 0, 0, width, height - pen->line, 0);
  hf_axes_draw (&axes, pen, "right", NULL);
  hf_pen_text (pen, HF_TEXT_QUIET, axes.x,
               axes.y + axes.height + pen->line + hf_pen_px (pen, 3),
               axes.width, 0.5, name);
  hf_pen_dashes (pen, axes.x, axes.y + axes.height, axes.x + axes.width, axes.y,
                 0.55);
  if (axes.width > hf_pen_px (pen, 260))
    hf_pen_text (pen, HF_TEXT_QUIET, hf_axes_get_x (&axes, 0.17),
                 hf_axes_get_y (&axes, 0.17) + hf_pen_px (pen, 3),
                 axes.width / 3, 0, "as stated");
  for (int b = 0; b < HF_CALIBRATION_BINS; b++)
    if (self->bins[b].n > 0)
      draw_bin (&self->bins[b], pen, &axes, &free_from);
}

static double
measure_calibration (gconstpointer data, const HfPen *pen, double width)
{
  return CLAMP (width * 0.5, hf_pen_px (pen, 160), hf_pen_px (pen, 300));
}

static const HfChartKind calibration_kind = {draw_calibration,
                                             measure_calibration, g_free};

static HfTable *
new_table (const Calibration *self)
{
  HfTable *table = hf_table_new ("Stated probability against how often it was "
                                 "right",
                                 "from", "to", "pictures", "stated", "right",
                                 "rate", "low", "high", NULL);

  for (int b = 0; b < HF_CALIBRATION_BINS; b++) {
    const HfCalibrationBin *bin = &self->bins[b];
    gboolean any = bin->n > 0;

    hf_table_add_number (table, b / (double) HF_CALIBRATION_BINS);
    hf_table_add_number (table, (b + 1) / (double) HF_CALIBRATION_BINS);
    hf_table_add_int (table, bin->n);
    hf_table_add_number (table, any ? bin->mean_probability : NAN);
    hf_table_add_int (table, bin->right.k);
    hf_table_add_number (table, any ? bin->right.rate : NAN);
    hf_table_add_number (table, any ? bin->right.low : NAN);
    hf_table_add_number (table, any ? bin->right.high : NAN);
  }
  return table;
}

static char *
dup_summary (const HfProbeEvaluation *probe, gint64 n)
{
  char error[G_ASCII_DTOSTR_BUF_SIZE], expected[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (probe->ece))
    return g_strdup_printf ("%" G_GINT64_FORMAT
                            " pictures are too few for one figure of "
                            "calibration; from 200 on it is given.",
                            n);
  g_ascii_formatd (error, sizeof error, "%.3f", probe->ece);
  g_ascii_formatd (expected, sizeof expected, "%.3f", probe->ece_expected);
  return g_strdup_printf (
      "Expected calibration error %s; a perfectly "
      "calibrated probe would show about %s at %" G_GINT64_FORMAT " pictures.",
      error, expected, n);
}

HfChart *
hf_chart_new_calibration (const HfProbeEvaluation *probe)
{
  Calibration *self = g_new0 (Calibration, 1);

  for (int b = 0; b < HF_CALIBRATION_BINS; b++) {
    self->bins[b] = probe->calibration[b];
    self->n += probe->calibration[b].n;
  }
  return hf_chart_new (
      &calibration_kind, "Probabilities", self, new_table (self),
      self->n == 0 ? g_strdup ("No picture was tested, so no probability can "
                               "be checked.")
                   : NULL,
      dup_summary (probe, self->n));
}
