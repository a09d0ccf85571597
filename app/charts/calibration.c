/* calibration.c: see the header. */
#include "app/charts/calibration.h"

#include "app/charts/axes-private.h"
#include "app/charts/chart-private.h"
#include "app/charts/wording.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct {
  HfCalibrationBin bins[HF_CALIBRATION_BINS];
  gint64 n;
} Calibration;

/* Boxes that are taken: those of the points and of the numbers so far. */
typedef struct {
  int n;
  double box[2 * HF_CALIBRATION_BINS][4]; /* left, top, right, bottom */
} Taken;

static gboolean
is_free (const Taken *self, const double box[4])
{
  for (int i = 0; i < self->n; i++)
    if (box[0] < self->box[i][2] && self->box[i][0] < box[2] &&
        box[1] < self->box[i][3] && self->box[i][1] < box[3])
      return FALSE;
  return TRUE;
}

static void
take (Taken *self, const double box[4])
{
  memcpy (self->box[self->n++], box, 4 * sizeof (double));
}

static void
draw_bin (const HfCalibrationBin *bin, const HfPen *pen, const HfAxes *axes,
          Taken *taken)
{
  double x = hf_axes_get_x (axes, bin->mean_probability);
  double y = hf_axes_get_y (axes, bin->right.rate);
  double r = hf_pen_px (pen, 6);

  if (isfinite (bin->right.low) && isfinite (bin->right.high))
    hf_pen_whisker (pen, x, hf_axes_get_y (axes, bin->right.high), x,
                    hf_axes_get_y (axes, bin->right.low));
  hf_pen_mark (pen, HF_MARK_DISC, x, y);
  take (taken, (const double[]){x - r, y - r, x + r, y + r});
}

/* The number of pictures: above the whisker, below it, or beside the point,
 * where it touches no other. Where there is no room, the table still has it. */
static void
draw_count (const HfCalibrationBin *bin, const HfPen *pen, const HfAxes *axes,
            Taken *taken)
{
  double x = hf_axes_get_x (axes, bin->mean_probability);
  double y = hf_axes_get_y (axes, bin->right.rate), r = hf_pen_px (pen, 6);
  gboolean known = isfinite (bin->right.low) && isfinite (bin->right.high);
  double top = known ? hf_axes_get_y (axes, bin->right.high) : y;
  double bottom = known ? hf_axes_get_y (axes, bin->right.low) : y;
  g_autofree char *count = hf_wording_dup_number (bin->n);
  double wide = hf_pen_measure (pen, HF_TEXT_QUIET, count);
  const double at[4][2] = {{x - wide / 2, MIN (top, y - r) - pen->line},
                           {x - wide / 2, MAX (bottom, y + r)},
                           {x + r, y - pen->line / 2},
                           {x - r - wide, y - pen->line / 2}};

  for (int i = 0; i < 4; i++) {
    const double box[4] = {at[i][0], at[i][1], at[i][0] + wide,
                           at[i][1] + pen->line};

    if (box[0] < axes->x || box[2] > axes->x + axes->width + wide / 2 ||
        box[1] < axes->y - pen->line / 2 ||
        box[3] > axes->y + axes->height + pen->line / 2 ||
        !is_free (taken, box))
      continue;
    hf_pen_text (pen, HF_TEXT_QUIET, box[0], box[1], wide, 0.5, count);
    take (taken, box);
    return;
  }
}

static void
draw_calibration (gconstpointer data, const HfPen *pen, double width,
                  double height)
{
  const Calibration *self = data;
  HfAxes axes = {0};
  Taken taken = {0};

  hf_ticks_init_share (&axes.across, 0, 1, hf_axes_find_n_across (pen, width));
  hf_ticks_init_share (&axes.up, 0, 1, hf_axes_find_n_up (pen, height));
  hf_axes_place (&axes, pen, 0, 0, width, height, 0);
  hf_axes_draw (&axes, pen, _("right"), _("stated probability"));
  hf_pen_dashes (pen, axes.x, axes.y + axes.height, axes.x + axes.width, axes.y,
                 0.55);
  for (int b = 0; b < HF_CALIBRATION_BINS; b++)
    if (self->bins[b].n > 0)
      draw_bin (&self->bins[b], pen, &axes, &taken);
  for (int b = 0; b < HF_CALIBRATION_BINS; b++)
    if (self->bins[b].n > 0)
      draw_count (&self->bins[b], pen, &axes, &taken);
  hf_axes_note (&axes, pen,
                _("right"), _("numbers: pictures; dashed: as stated"));
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
  HfTable *table = hf_table_new (_("Stated probability against how often it "
                                   "was right"),
      _("from"), _("to"), _("pictures"),
                               _("stated"),
                                  _("right"), _("rate"), _("low"),
                                                              _("high"), NULL);

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
  g_autofree char *error = NULL, *expected = NULL;

  if (!isfinite (probe->ece))
    return g_strdup_printf (
        _("Too few pictures for one figure of calibration: "
                              "%d. From 200 on it is given."),
           (int) n);
  error = hf_wording_dup_decimal (probe->ece, 3);
  expected = hf_wording_dup_decimal (probe->ece_expected, 3);
  return g_strdup_printf (
      _("Expected calibration error %s; a perfectly calibrated probe would "
        "show about %s at %d pictures."),
         error, expected, (int) n);
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
      &calibration_kind,
      _("Probabilities"), self, new_table (self),
         self->n == 0 ? g_strdup (_("No picture was tested, so no probability "
                                    "can be checked."))
                                  : NULL,
                                  dup_summary (probe, self->n));
}
