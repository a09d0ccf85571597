/* evaluation-text.c: see the header. */
#include "app/cli/verbs/study/evaluation-text.h"

#include "app/charts/wording.h"
#include "app/cli/output.h"
#include "app/jobs/pictures.h"

#include <math.h>

/* Left-out pictures are many where a whole class is: the first tell why. */
#define MOST_LISTED 10

static const char *
get_name (const GPtrArray *classes, guint c)
{
  return ((const HfSampleClass *) classes->pdata[c])->name;
}

static void
print_rate (const char *what, const HfRate *rate)
{
  g_autofree char *text = hf_wording_dup_sentence (rate);

  hf_output_printf ("  %-14s %s\n", what, text);
}

static void
print_number (const char *what, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    return;
  g_ascii_formatd (text, sizeof text, "%.3f", value);
  hf_output_printf ("  %-14s %s\n", what, text);
}

void
hf_evaluation_print_rates (const HfProbeEvaluation *probe,
                           const GPtrArray *classes)
{
  hf_output_printf ("%s\n", probe->name);
  print_rate ("accuracy", &probe->accuracy);
  if (hf_sample_classes_have_good (classes)) {
    print_rate ("escape rate", &probe->escape_rate);
    print_rate ("overkill", &probe->overkill);
  }
  if (probe->unsure.n > 0)
    print_rate ("called unsure", &probe->unsure);
  if (probe->unknown.n > 0)
    print_rate ("called unknown", &probe->unknown);
  if (probe->audited_accuracy.n > 0) {
    hf_output_text ("  of the pictures not picked by hand:\n");
    print_rate ("accuracy", &probe->audited_accuracy);
    if (hf_sample_classes_have_good (classes)) {
      print_rate ("escape rate", &probe->audited_escape_rate);
      print_rate ("overkill", &probe->audited_overkill);
    }
  }
  print_number ("AUC", probe->auc);
  print_number ("ECE", probe->ece);
  if (probe->reason != NULL)
    hf_output_printf ("  %-14s %s\n", "chosen", probe->reason);
}

/* Rows are what the pictures show, columns what the probe says. */
static void
print_confusion (const HfProbeEvaluation *probe, const GPtrArray *classes)
{
  int width = (int) sizeof "what it shows" - 1;

  for (guint c = 0; c < classes->len; c++)
    width = MAX (width, hf_output_get_width (get_name (classes, c)));
  hf_output_printf ("%-*s", width, "what it shows");
  for (guint c = 0; c < classes->len; c++) {
    g_autofree char *name = hf_output_dup_printable (get_name (classes, c));

    hf_output_printf ("  %6s", name);
  }
  hf_output_text ("\n");
  for (guint r = 0; r < classes->len; r++) {
    g_autofree char *name = hf_output_dup_padded (get_name (classes, r), width);

    hf_output_text (name);
    for (guint c = 0; c < classes->len; c++)
      hf_output_printf ("  %*" G_GINT64_FORMAT,
                        MAX (hf_output_get_width (get_name (classes, c)), 6),
                        probe->confusion[r * classes->len + c]);
    hf_output_text ("\n");
  }
}

static void
print_classes (const HfProbeEvaluation *probe, const GPtrArray *classes)
{
  for (guint c = 0; c < classes->len; c++) {
    g_autofree char *recall = hf_wording_dup_sentence (&probe->recall[c]);
    g_autofree char *precision = hf_wording_dup_sentence (&probe->precision[c]);
    g_autofree char *name = hf_output_dup_printable (get_name (classes, c));

    hf_output_printf ("%s\n  %-14s %s\n  %-14s %s\n", name, "found", recall,
                      "right if said", precision);
  }
}

static void
print_learning (const HfProbeEvaluation *probe)
{
  for (guint i = 0; probe->learning != NULL && i < probe->learning->len; i++) {
    const HfLearningPoint *point =
        &g_array_index (probe->learning, HfLearningPoint, i);
    g_autofree char *mean = hf_wording_dup_percent (point->accuracy, 2);
    g_autofree char *low = hf_wording_dup_percent (point->accuracy_low, 2);
    g_autofree char *high = hf_wording_dup_percent (point->accuracy_high, 2);

    if (i == 0)
      hf_output_printf ("\nLearning curve of %s, balanced accuracy, mean and "
                        "spread:\n",
                        probe->name);
    hf_output_printf ("  %3d %-6s a class  %s %% (%s to %s %%, %d %s)\n",
                      point->n_labels,
                      hf_output_get_noun (point->n_labels, "label", "labels"),
                      mean, low, high, point->n_repeats,
                      hf_output_get_noun (point->n_repeats, "draw", "draws"));
  }
}

static void
print_leak (const HfEvaluation *evaluation)
{
  const HfProbeEvaluation *first = evaluation->probes->pdata[0];
  g_autofree char *grouped =
      hf_wording_dup_sentence (&evaluation->leak_grouped);
  g_autofree char *random = hf_wording_dup_sentence (&evaluation->leak_random);

  if (evaluation->leak_random.n == 0)
    return;
  hf_output_printf ("\nThe leak (%s): a split that tears lots apart would "
                    "show\n  %s\ninstead of\n  %s\n",
                    first->name, random, grouped);
}

static void
print_left_out (const HfEvaluation *evaluation, const HfStudy *study)
{
  const GArray *copies = hf_study_get_copies (study);
  guint n = evaluation->left_out->len;

  for (guint i = 0; i < MIN (n, MOST_LISTED); i++) {
    const HfLeftOut *out = evaluation->left_out->pdata[i];
    g_autofree char *path =
        hf_output_dup_printable (hf_study_get_sample (study, out->row)->path);

    hf_output_printf ("Left out: %s: %s\n", path, out->reason);
  }
  if (n > MOST_LISTED)
    hf_output_printf ("... and %u more (--json lists all).\n", n - MOST_LISTED);
  for (guint i = 0; i < copies->len; i++) {
    const HfStudyCopy *copy = &g_array_index (copies, HfStudyCopy, i);
    g_autofree char *path = hf_output_dup_printable (copy->sample->path);
    g_autofree char *twin = hf_output_dup_printable (copy->twin->path);

    if (copy->conflict)
      hf_output_printf ("Left out: %s: the same picture has several labels.\n",
                        path);
    else
      hf_output_printf ("Counted once: %s is %s.\n", path, twin);
  }
}

static void
print_head (const HfEvaluation *evaluation, const HfStudy *study)
{
  const HfRows *rows = hf_study_get_rows (study);
  gsize n_near = hf_study_get_n_near (study);

  hf_output_printf ("%" G_GSIZE_FORMAT " pictures of %u classes",
                    evaluation->n_tested, rows->classes->len);
  if (hf_rows_have_groups (rows))
    hf_output_printf (" from %d %s kept whole", evaluation->n_groups,
                      hf_output_get_noun (evaluation->n_groups,
                                          "lot, which was",
                                          "lots, which were"));
  hf_output_printf (", tested in %d folds.\n", evaluation->folds->n_folds);
  hf_output_text ("Shown are the rates, on new parts of lots like these, of "
                  "probes trained on the other\nfolds, with intervals of 95 "
                  "%.\n");
  if (n_near > 0)
    hf_output_printf (
        "%" G_GSIZE_FORMAT " %s a near-copy, which stays in the same fold.\n",
        n_near, hf_output_get_noun (n_near, "picture has", "pictures have"));
}

void
hf_evaluation_print (const HfEvaluation *evaluation, const HfStudy *study)
{
  const GPtrArray *classes = hf_study_get_rows (study)->classes;
  const HfProbeEvaluation *first = evaluation->probes->pdata[0];

  print_head (evaluation, study);
  print_left_out (evaluation, study);
  for (guint p = 0; p < evaluation->probes->len; p++) {
    hf_output_text ("\n");
    hf_evaluation_print_rates (evaluation->probes->pdata[p], classes);
  }
  hf_output_printf ("\nWhat %s said:\n", first->name);
  print_confusion (first, classes);
  hf_output_text ("\n");
  print_classes (first, classes);
  print_leak (evaluation);
  for (guint p = 0; p < evaluation->probes->len; p++)
    print_learning (evaluation->probes->pdata[p]);
}

void
hf_acceptance_print (const HfAcceptance *acceptance, const GPtrArray *classes,
                     HfProbeKind kind, gint64 n_openings)
{
  g_autofree char *note = hf_acceptance_dup_note (acceptance);

  hf_output_printf ("\nThe acceptance set, opened for the %" G_GINT64_FORMAT
                    ". time: rates of %s, trained on all labels.\n",
                    n_openings, hf_probe_kind_get_name (kind));
  hf_evaluation_print_rates (acceptance->evaluation, classes);
  if (note != NULL)
    hf_output_printf ("  %s\n", note);
  print_confusion (acceptance->evaluation, classes);
  for (guint i = 0; i < acceptance->left_out->len; i++) {
    const HfRefusal *out = acceptance->left_out->pdata[i];
    g_autofree char *path = hf_output_dup_printable (out->path);

    hf_output_printf ("Left out: %s: %s\n", path, out->reason);
  }
}

void
hf_notes_print (const GPtrArray *warnings)
{
  for (guint i = 0; i < warnings->len; i++)
    hf_output_printf ("%sNote: %s\n", i == 0 ? "\n" : "",
                      (const char *) warnings->pdata[i]);
}

/* "without it  30 of 40 ...; it gains 4 pictures and loses 1: +3 (-1 to 7)" */
static void
print_change (const HfTemplateEffect *effect)
{
  const HfPairedChange *change = &effect->change;
  double n = (double) change->n;
  g_autofree char *without = hf_wording_dup_sentence (&effect->without);
  g_autofree char *between =
      isfinite (change->low)
          ? g_strdup_printf (" (%ld to %ld)", lround (n * change->low),
                             lround (n * change->high))
          : g_strdup ("");

  hf_output_printf (
      "  %-14s %s; it gains %" G_GINT64_FORMAT " %s and loses %" G_GINT64_FORMAT
      ": %+" G_GINT64_FORMAT "%s\n",
      "without it", without, change->gained,
      hf_output_get_noun ((guint64) change->gained, "picture", "pictures"),
      change->lost, change->gained - change->lost, between);
}

void
hf_template_effects_print (const HfTemplateEffects *effects)
{
  g_autofree char *all = hf_wording_dup_sentence (&effects->all);

  hf_output_printf ("\nTemplates, for zero-shot on the labelled pictures; all "
                    "together: %s\n",
                    all);
  for (guint t = 0; t < effects->items->len; t++) {
    const HfTemplateEffect *effect = effects->items->pdata[t];
    g_autofree char *text = hf_output_dup_printable (effect->text);
    g_autofree char *alone = hf_wording_dup_sentence (&effect->alone);

    hf_output_printf ("\"%s\"%s\n  %-14s %s\n", text,
                      effect->enabled ? "" : "  (off)", "alone", alone);
    if (effect->without.n > 0)
      print_change (effect);
  }
}
