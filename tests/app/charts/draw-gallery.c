/* Draws every chart and report, with fair data and nasty, into the folder that
 * is named: to be looked at. Misses show the JPEGs of a second folder. */
#include "app/charts/calibration.h"
#include "app/charts/confusion.h"
#include "app/charts/counts.h"
#include "app/charts/curves.h"
#include "app/charts/forest.h"
#include "app/charts/learning.h"
#include "app/charts/save.h"
#include "made-up.h"

#include <math.h>

/* The report on @data, as PDF and as a page. */
static void
report (const char *folder, const char *name, const MadeUp *data,
        const char *const *names, const char *pictures)
{
  MadeUpReport made;

  made_up_report_init (&made, data, names, pictures);
  for (int i = 0; i < 3; i++) {
    static const char *const ends[] = {"pdf", "html", "json"};
    g_autofree char *path =
        g_strdup_printf ("%s/%s-report.%s", folder, name, ends[i]);
    g_autoptr (GError) error = NULL;

    if (!hf_report_save (&made.input, path, NULL, &error))
      g_error ("%s", error->message);
  }
  made_up_report_clear (&made);
}

static const char *const probe_names[] = {"gda", "linear", "svm", "zero-shot"};

typedef struct {
  const char *folder;
  const char *name;
} Gallery;

static void
hang (const Gallery *self, const char *chart_name, HfChart *chart)
{
  const struct {
    const char *name;
    HfChartLook look;
    double width, height;
  } sheets[] = {{"light", HF_CHART_LIGHT, 560, 0},
                {"dark", HF_CHART_DARK, 560, 0},
                {"contrast", HF_CHART_CONTRAST_DARK, 420, 300},
                {"small", HF_CHART_LIGHT, 260, 160},
                {"large", HF_CHART_DARK, 1000, 620}};

  for (gsize s = 0; s < G_N_ELEMENTS (sheets); s++) {
    g_autofree char *path =
        g_strdup_printf ("%s/%s-%s-%s.png", self->folder, self->name,
                         chart_name, sheets[s].name);
    g_autoptr (GError) error = NULL;
    HfChartTheme theme;

    hf_chart_theme_init (&theme, sheets[s].look);
    if (!hf_chart_save (chart, path, sheets[s].width, sheets[s].height, &theme,
                        &error))
      g_error ("%s", error->message);
  }
  hf_chart_unref (chart);
}

static HfChart *
new_rates (const HfProbeEvaluation *probe)
{
  const HfForestRow rows[] = {
      {"All labelled", "Escapes", NULL, probe->escape_rate},
      {NULL, "Overkill", NULL, probe->overkill},
      {NULL,
       "Wrong",
       NULL,
       {probe->accuracy.n - probe->accuracy.k, probe->accuracy.n,
        1 - probe->accuracy.rate, 1 - probe->accuracy.high,
        1 - probe->accuracy.low, probe->accuracy.n_eff,
        probe->accuracy.n_groups, probe->accuracy.grouped, NAN}},
      {"Audited only", "Escapes", NULL, probe->audited_escape_rate},
      {NULL, "Overkill", NULL, probe->audited_overkill},
  };

  return hf_chart_new_rates ("Rates", rows, G_N_ELEMENTS (rows), 0.05);
}

static HfChart *
new_counts (const HfProbeEvaluation *probe, const char *const *names,
            int n_classes, int n_groups)
{
  g_autofree gint64 *counts =
      g_new0 (gint64, (gsize) n_classes * (gsize) n_groups);
  g_autofree char **groups = g_new0 (char *, (gsize) n_groups + 1);
  HfChart *chart;

  for (int g = 0; g < n_groups; g++)
    groups[g] = g == 0 ? NULL : g_strdup_printf ("LOT%d", g);
  for (int c = 0; c < n_classes; c++)
    for (int p = 0; p < n_classes; p++)
      counts[c * n_groups + p % n_groups] +=
          probe->confusion[c * n_classes + p];
  chart = hf_chart_new_counts (names, n_classes, (const char *const *) groups,
                               n_groups, counts);
  for (int g = 0; g < n_groups; g++)
    g_free (groups[g]);
  return chart;
}

static void
fill (const Gallery *self, const MadeUp *data, const char *const *names,
      int n_learning)
{
  HfEvaluation *evaluation = made_up_evaluation (data, probe_names, 4);
  HfProbeEvaluation *probe = evaluation->probes->pdata[0];
  g_autofree HfClassKind *kinds = g_new0 (HfClassKind, data->n_classes);

  for (int c = 0; c < data->n_classes; c++)
    kinds[c] = !data->good ? HF_CLASS_OTHER
               : c == 0    ? HF_CLASS_GOOD
                           : HF_CLASS_DEFECT;
  made_up_learning (probe, n_learning);
  hang (
      self, "confusion",
      hf_chart_new_confusion (names, kinds, data->n_classes, probe->confusion));
  hang (self, "roc", hf_chart_new_roc (probe));
  hang (self, "pr", hf_chart_new_precision_recall (probe));
  hang (self, "calibration", hf_chart_new_calibration (probe));
  hang (self, "learning",
        hf_chart_new_learning (probe->name, probe->learning,
                               evaluation->probes->pdata[3]));
  hang (self, "rates", new_rates (probe));
  hang (self, "per-class",
        hf_chart_new_per_class (names, data->n_classes, probe));
  hang (self, "comparison", hf_chart_new_comparison (evaluation, 0, TRUE));
  hang (self, "counts", new_counts (probe, names, data->n_classes, 4));
  made_up_free (evaluation);
}

int
main (int argc, char **argv)
{
  const struct {
    const char *name;
    MadeUp data;
    const char *const *names;
    int n_learning;
  } rooms[] = {
      {"usual", {78, 3, 1, TRUE, 2, 1}, made_up_names, 5},
      {"lots", {200, 3, 20, TRUE, 1.6, 2}, made_up_names, 6},
      {"two", {12, 2, 1, TRUE, 3, 3}, made_up_names, 1},
      {"many", {1000, 20, 1, TRUE, 1.3, 4}, made_up_nasty_names, 13},
      {"no-good", {300, 6, 1, FALSE, 1, 5}, made_up_nasty_names, 3},
      {"one-lot", {40, 3, 40, TRUE, 1, 6}, made_up_names, 2},
      {"empty", {0, 3, 1, TRUE, 1, 7}, made_up_names, 0},
  };

  if (argc != 2 && argc != 3)
    g_error ("Usage: draw-gallery FOLDER [PICTURES]");
  for (gsize r = 0; r < G_N_ELEMENTS (rooms); r++) {
    Gallery gallery = {argv[1], rooms[r].name};

    fill (&gallery, &rooms[r].data, rooms[r].names, rooms[r].n_learning);
    report (argv[1], rooms[r].name, &rooms[r].data, rooms[r].names, argv[2]);
  }
  return 0;
}
