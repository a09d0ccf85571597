/* Draws cards with every chart into a PNG, to be looked at:
 * show-charts FILE.png WIDTH HEIGHT [N_CLASSES]. */
#include "app/charts/calibration.h"
#include "app/charts/confusion.h"
#include "app/charts/curves.h"
#include "app/charts/forest.h"
#include "app/charts/learning.h"
#include "made-up.h"
#include "stage.h"
#include "ui/charts/card.h"
#include "ui/charts/masonry.h"

#include <stdlib.h>

static void
add (HfMasonry *masonry, HfChart *chart)
{
  GtkWidget *card = hf_card_new (hf_chart_get_title (chart), NULL);

  hf_card_set_chart (HF_CARD (card), chart);
  hf_card_set_sentence (HF_CARD (card), hf_chart_get_summary (chart));
  hf_masonry_append (masonry, card);
  hf_chart_unref (chart);
}

int
main (int argc, char **argv)
{
  const char *const names[] = {"gda", "linear", "svm", "zero-shot"};
  int n_classes = argc > 4 ? atoi (argv[4]) : 3;
  const MadeUp data = {78, n_classes, 10, TRUE, 2, 7};
  HfEvaluation *evaluation = made_up_evaluation (&data, names, 4);
  HfProbeEvaluation *probe = evaluation->probes->pdata[0];
  const HfForestRow rows[] = {
      {"All labelled", "Escapes", NULL, probe->escape_rate},
      {NULL, "Overkill", NULL, probe->overkill},
  };
  g_autofree HfClassKind *kinds = g_new0 (HfClassKind, n_classes);
  GtkWidget *masonry, *scrolled;
  GtkWindow *window;

  stage_init ();
  for (int c = 1; c < n_classes; c++)
    kinds[c] = HF_CLASS_DEFECT;
  made_up_learning (probe, 6);
  masonry = hf_masonry_new ();
  gtk_widget_set_margin_start (masonry, 12);
  gtk_widget_set_margin_end (masonry, 12);
  gtk_widget_set_margin_top (masonry, 12);
  add (HF_MASONRY (masonry), hf_chart_new_rates ("Rates", rows, 2, 0.05));
  add (HF_MASONRY (masonry),
       hf_chart_new_confusion (made_up_nasty_names, kinds, n_classes,
                               probe->confusion));
  add (HF_MASONRY (masonry), hf_chart_new_roc (probe));
  add (HF_MASONRY (masonry),
       hf_chart_new_learning (probe->name, probe->learning,
                              evaluation->probes->pdata[3]));
  add (HF_MASONRY (masonry), hf_chart_new_calibration (probe));
  add (HF_MASONRY (masonry), hf_chart_new_comparison (evaluation, 0, TRUE));
  scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), masonry);
  window = stage_show (scrolled, atoi (argv[2]), atoi (argv[3]));
  stage_save (window, argv[1]);
  stage_close (window, NULL);
  made_up_free (evaluation);
  return 0;
}
