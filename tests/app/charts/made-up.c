#include "made-up.h"

#include "base/rng.h"

#include <math.h>

const char *const made_up_names[20] = {
    "good",      "rusty",   "cracked",  "dented",  "scratched",
    "oily",      "bent",    "chipped",  "pitted",  "stained",
    "burred",    "worn",    "porous",   "folded",  "overheated",
    "misplaced", "missing", "deformed", "unclean", "other"};

const char *const made_up_nasty_names[20] = {
    "einwandfrei ohne Befund nach Pruefvorschrift 7.4.2",
    "Oberfl\xc3\xa4"
    "chenbesch\xc3\xa4"
    "digungserscheinungen",
    "\xe8\xbd\xb4\xe6\x89\xbf\xe5\xa5\x97\xe5\x9c\x88\xe8\xa1\xa8\xe9\x9d\xa2"
    "\xe4\xb8\xa5\xe9\x87\x8d\xe9\x94\x88\xe8\x9a\x80\xe4\xb8\x8e\xe7\xa0\xb4"
    "\xe6\x8d\x9f",
    "<b>bold & \"quoted\"</b>",
    "bytes \xff\xfe here",
    "\xd8\xb3\xd8\xb7\xd8\xad \xd9\x85\xd8\xaa\xd8\xb5\xd8\xaf\xd8\xb9",
    "a",
    "two\nlines, and a comma",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "\xf0\x9f\x94\xa7 wrench",
    "=1+1",
    " ",
    "c12",
    "c13",
    "c14",
    "c15",
    "c16",
    "c17",
    "c18",
    "c19"};

/* Standard normal by the sum of twelve: good enough for pictures. */
static double
draw_normal (HfRng *rng)
{
  double sum = -6;

  for (int i = 0; i < 12; i++)
    sum += hf_rng_next_double (rng);
  return sum;
}

static void
draw_row (HfRng *rng, int truth, int n_classes, double skill, double *row)
{
  double sum = 0;

  for (int c = 0; c < n_classes; c++) {
    row[c] = exp (draw_normal (rng) + (c == truth ? skill * 1.6 : 0));
    sum += row[c];
  }
  for (int c = 0; c < n_classes; c++)
    row[c] /= sum;
}

HfProbeEvaluation *
made_up_probe (const MadeUp *self, const char *name)
{
  HfRng rng;
  g_autofree int *truth = g_new (int, self->n + 1);
  g_autofree int *group = g_new (int, self->n + 1);
  g_autofree double *rows =
      g_new0 (double, self->n *(gsize) self->n_classes + 1);
  g_autofree HfClassKind *kinds = g_new (HfClassKind, self->n_classes + 1);

  hf_rng_init (&rng, self->seed);
  for (int c = 0; c < self->n_classes; c++)
    kinds[c] = !self->good ? HF_CLASS_OTHER
               : c == 0    ? HF_CLASS_GOOD
                           : HF_CLASS_DEFECT;
  for (gsize i = 0; i < self->n; i++) {
    truth[i] = hf_rng_next_double (&rng) < 0.5
                   ? 0
                   : (int) (hf_rng_next_double (&rng) * self->n_classes);
    group[i] = (int) (i / (gsize) MAX (1, self->lot));
    draw_row (&rng, truth[i], self->n_classes, self->skill,
              rows + i * (gsize) self->n_classes);
  }
  return hf_probe_evaluation_new (name, truth, group, rows, NULL, INFINITY,
                                  NULL, self->n, kinds, self->n_classes, 5,
                                  NULL);
}

void
made_up_learning (HfProbeEvaluation *probe, int n_points)
{
  g_clear_pointer (&probe->learning, g_array_unref);
  probe->learning = g_array_new (FALSE, FALSE, sizeof (HfLearningPoint));
  for (int i = 0; i < n_points; i++) {
    HfLearningPoint point = {.n_labels = 1 << MIN (i, 14), .n_repeats = 5};

    point.accuracy = 0.96 - 0.4 / (1 + i);
    point.accuracy_low = point.accuracy - 0.12 / (1 + i);
    point.accuracy_high = MIN (1, point.accuracy + 0.1 / (1 + i));
    g_array_append_val (probe->learning, point);
  }
}

HfEvaluation *
made_up_evaluation (const MadeUp *self, const char *const *names,
                    guint n_probes)
{
  HfEvaluation *evaluation = g_new0 (HfEvaluation, 1);
  HfRng rng;

  hf_rng_init (&rng, self->seed);
  evaluation->n_classes = self->n_classes;
  evaluation->n_rows = evaluation->n_tested = self->n;
  evaluation->n_groups = (int) (self->n / (gsize) MAX (1, self->lot));
  evaluation->folds = g_new0 (HfFolds, 1);
  evaluation->folds->n_folds = 5;
  evaluation->folds->fold = g_new (int, self->n + 1);
  evaluation->tested = g_new (gsize, self->n + 1);
  evaluation->truth = g_new (int, self->n + 1);
  evaluation->left_out = g_ptr_array_new ();
  evaluation->probes = g_ptr_array_new_with_free_func (
      (GDestroyNotify) hf_probe_evaluation_free);
  for (gsize i = 0; i < self->n; i++) {
    evaluation->folds->fold[i] = (int) (i % 5);
    evaluation->tested[i] = i;
    /* As made_up_probe draws it. */
    evaluation->truth[i] =
        hf_rng_next_double (&rng) < 0.5
            ? 0
            : (int) (hf_rng_next_double (&rng) * self->n_classes);
    for (int c = 0; c < 12 * self->n_classes; c++)
      hf_rng_next_double (&rng);
  }
  for (guint p = 0; p < n_probes; p++) {
    MadeUp weaker = *self;
    HfProbeEvaluation *probe;

    weaker.skill = self->skill * (1 - 0.12 * p);
    probe = made_up_probe (&weaker, names[p]);
    probe->spec.blocks = HF_BLOCKS_BOTH;
    probe->seconds = 0.1 + 1.3 * p;
    g_ptr_array_add (evaluation->probes, probe);
  }
  return evaluation;
}

void
made_up_free (HfEvaluation *evaluation)
{
  hf_folds_free (evaluation->folds);
  g_free (evaluation->tested);
  g_free (evaluation->truth);
  g_ptr_array_unref (evaluation->left_out);
  g_ptr_array_unref (evaluation->probes);
  g_free (evaluation);
}
