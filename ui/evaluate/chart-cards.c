/* chart-cards.c: see the header. */
#include "ui/evaluate/chart-cards.h"

#include "app/charts/calibration.h"
#include "app/charts/forest.h"
#include "app/charts/learning.h"
#include "app/charts/wording.h"

#include <glib/gi18n.h>
#include <math.h>

/* What a line is to reach, as everywhere in Handful. */
#define GOAL 0.05
#define N_MORE 10
/* Below, one number for the error of probabilities would only be noise. */
#define MIN_FOR_ECE 200

/* --- Rates ------------------------------------------------------------- */

typedef struct {
  HfForestRow rows[9];
  gsize n;
} Rates;

static void
add_rates (Rates *self, const char *section, const char *note,
           const HfRate *escapes, const HfRate *overkill)
{
  self->rows[self->n++] =
      (HfForestRow){.section = section,
                    .section_note = note,
                    .label = _("Escapes"), .rate = *escapes};
  self->rows[self->n++] =
      (HfForestRow){.label = _("Overkill"), .rate = *overkill};
}

static char *
dup_worth (const HfRate *accuracy)
{
  return g_strdup_printf (g_dngettext (NULL,
                                       /* Translators: pictures, and how many
                                          independent ones they are worth. */
                                       "%d picture, worth %d",
                                       "%d pictures, worth %d",
                                       (gulong) accuracy->n),
                          (int) accuracy->n, (int) round (accuracy->n_eff));
}

/* "Right: 75 of 78, 96 % (89-99 %). Zero-shot: 55 of 78." */
static char *
dup_right (const HfFindings *findings)
{
  g_autofree char *right = hf_wording_dup_sentence (&findings->probe->accuracy);
  g_autofree char *zero_shot = NULL;

  if (findings->zero_shot == NULL || findings->zero_shot == findings->probe)
    return g_markup_printf_escaped (_("Right: <b>%s</b>."), right);
  zero_shot = hf_wording_dup_count (&findings->zero_shot->accuracy);
  /* Translators: "75 of 78, 96 % (89-99 %)", "55 of 78". */
  return g_markup_printf_escaped (_("Right: <b>%s</b>. Zero-shot: %s."), right,
                                     zero_shot);
}

static char *
dup_rates_caption (const HfFindings *findings, const HfJudgedSet *acceptance)
{
  GString *caption = g_string_new (
      hf_findings_have_good (findings)
      ? _("Escapes: bad parts called good. Overkill: good parts called bad.")
      : _("No class is the good one, so there are neither escapes nor "
              "overkill."));

  if (acceptance->note != NULL) {
    g_string_append_c (caption, ' ');
    /* Translators: %s is one or more sentences. */
    g_string_append_printf (caption, _("Acceptance set: %s"),
                                        acceptance->note);
  }
  if (acceptance->is_stale) {
    g_string_append_c (caption, ' ');
    g_string_append (caption, _("Labels or settings are newer than the acceptance set's rates: those "
          "are of the probe from before."));
  }
  return g_string_free (caption, FALSE);
}

/* "12 pictures, opened 2 times". */
static char *
dup_opened (gsize n, gsize n_openings)
{
  g_autofree char *times = g_strdup_printf (
      ngettext ("opened %zu time", "opened %zu times", n_openings), n_openings);

  return g_strdup_printf (ngettext ("%zu picture, %s", "%zu pictures, %s", n),
                          n, times);
}

void
hf_rates_card_fill (HfCard *card, const HfFindings *findings,
                    const HfJudgedSet *acceptance)
{
  const HfProbeEvaluation *judged = acceptance->evaluation;
  const HfProbeEvaluation *probe = findings->probe;
  g_autofree char *all = dup_worth (&probe->accuracy);
  g_autofree char *audited = NULL, *opened = NULL;
  g_autofree char *right = dup_right (findings);
  g_autofree char *caption = NULL;
  HfChart *chart;
  Rates rates = {0};

  if (hf_findings_have_good (findings)) {
    add_rates (&rates, _("All labelled"), all, &probe->escape_rate,
                          &probe->overkill);
    if (probe->audited_accuracy.n > 0) {
      audited = g_strdup_printf (ngettext ("%d picture, chosen at random",
                                           "%d pictures, chosen at random",
                                           (gulong) probe->audited_accuracy.n),
                                 (int) probe->audited_accuracy.n);
      add_rates (&rates, _("Audited only"), audited,
                            &probe->audited_escape_rate,
                            &probe->audited_overkill);
    }
    if (judged != NULL) {
      opened = dup_opened ((gsize) judged->accuracy.n, acceptance->n_openings);
      add_rates (&rates, _("Acceptance set"), opened, &judged->escape_rate,
                            &judged->overkill);
    }
  } else {
    rates.rows[rates.n++] = (HfForestRow){
        .section = _("All labelled"), .section_note = all,
                      .label = _("Right"), .rate = probe->accuracy};
  }
  chart = hf_chart_new_rates (_("Rates"), rates.rows, rates.n,
                                 hf_findings_have_good (findings) ? GOAL : NAN);
  hf_card_set_chart (card, chart);
  hf_card_set_sentence (card, right);
  caption = dup_rates_caption (findings, acceptance);
  hf_card_set_caption (card, caption);
  hf_chart_unref (chart);
}

/* --- Learning ---------------------------------------------------------- */

static char *
dup_gain (const HfFindings *findings, const HfProbeEvaluation *probe)
{
  double n = (double) findings->evaluation->n_tested, gain, low, high;
  g_autofree char *more = NULL, *from = NULL, *to = NULL;

  if (!hf_learning_find_gain (probe->learning, findings->n_classes, N_MORE,
                              &gain, &low, &high))
    return NULL;
  if (round (gain * n) == 0 && round (high * n) == 0)
    return g_strdup_printf (_("%d more labels are likely to bring less than "
                              "one more right answer of %d."),
                               N_MORE, (int) n);
  more = hf_wording_dup_signed (lround (gain * n), TRUE);
  from = hf_wording_dup_signed (lround (low * n), FALSE);
  to = hf_wording_dup_signed (lround (high * n), FALSE);
  /* Translators: labels, right answers with their interval, pictures. */
  return g_strdup_printf (_("%d more labels are likely to bring <b>%s</b> "
                            "right answers of %d (%s to %s)."),
                             N_MORE, more, (int) n, from, to);
}

void
hf_learning_card_fill (HfCard *card, const HfFindings *findings,
                       const HfEvaluation *full)
{
  const HfProbeEvaluation *probe = full->probes->pdata[0];
  HfChart *chart = hf_chart_new_learning (
      probe->name, probe->learning,
      findings->zero_shot == findings->probe ? NULL : findings->zero_shot);
  g_autofree char *gain = dup_gain (findings, probe);

  hf_card_set_chart (card, chart);
  hf_card_set_sentence (card, gain);
  hf_chart_unref (chart);
}

/* --- Probabilities ----------------------------------------------------- */

static char *
dup_error (const HfProbeEvaluation *probe)
{
  if (!isfinite (probe->ece))
    return g_strdup_printf (
        g_dngettext (
            NULL,
            "%d picture is too few for one figure; from %d on it is shown.",
            "%d pictures are too few for one figure; from %d on it is shown.",
            (gulong) probe->accuracy.n),
        (int) probe->accuracy.n, MIN_FOR_ECE);
  return g_strdup_printf (
      _("Expected calibration error %.3f; a perfect probe would show %.3f on "
        "so few pictures."),
         probe->ece, probe->ece_expected);
}

void
hf_probabilities_card_fill (HfCard *card, const HfFindings *findings)
{
  HfChart *chart = hf_chart_new_calibration (findings->probe);
  g_autofree char *error = dup_error (findings->probe);

  hf_card_set_chart (card, chart);
  hf_card_set_caption (card, error);
  hf_chart_unref (chart);
}

/* --- Lots -------------------------------------------------------------- */

void
hf_lots_card_fill (HfCard *card, const HfFindings *findings,
                   const HfEvaluation *full)
{
  g_autofree char *by_lots = NULL, *grouped = NULL, *random = NULL;
  g_autofree char *sentence = NULL;
  const HfForestRow rows[] = {
      {.label = _("By lots"), .rate = full->leak_grouped},
       {.label = _("At random"), .rate = full->leak_random},
      };
  HfChart *chart;

  gtk_widget_set_visible (GTK_WIDGET (card), full->leak_random.n > 0);
  if (full->leak_random.n == 0)
    return;
  grouped = hf_wording_dup_percent (full->leak_grouped.rate, 2);
  random = hf_wording_dup_percent (full->leak_random.rate, 2);
  /* Translators: two shares of right answers, in percent. */
  sentence =
      g_strdup_printf (_("A random split would have shown %s\xc2\xa0%%; "
                                "by lots it is <b>%s\xc2\xa0%%</b>."),
                          random, grouped);
  by_lots = g_strdup_printf (
      g_dngettext (NULL,
                   "Right answers where %d lot is never in training and "
                   "test at once, and where pictures are drawn singly.",
                   "Right answers where each of %d lots is either in training "
                   "or in test, and where pictures are drawn singly.",
                   (gulong) full->n_groups),
      full->n_groups);
  chart = hf_chart_new_rates (_("Lots"), rows, G_N_ELEMENTS (rows), NAN);
  hf_card_set_chart (card, chart);
  hf_card_set_caption (card, by_lots);
  hf_card_set_sentence (card, sentence);
  hf_chart_unref (chart);
}
