/* contest.c: see the header. */
#include "probe/train/contest.h"

#include <math.h>
#include <string.h>

/* Ridge of the distance that says unknown; gda's own default. */
#define NOVELTY_LAMBDA 0.3

/* Whether every class has a row outside fold @f. */
static gboolean
is_complete_without (const HfContest *self, int f)
{
  const HfTraining *training = self->training;
  g_autofree gboolean *is_there = g_new0 (gboolean, training->data->n_classes);

  for (gsize i = 0; i < training->n; i++)
    if (self->fold[i] != f)
      is_there[training->label[i]] = TRUE;
  for (int c = 0; c < training->data->n_classes; c++)
    if (!is_there[c])
      return FALSE;
  return TRUE;
}

void
hf_contest_init (HfContest *self, const HfTraining *training, guint64 seed)
{
  *self = (HfContest){.training = training,
                      .can_choose = hf_training_can_choose (training)};
  self->fold = g_new0 (int, training->n);
  self->is_held = g_new0 (gboolean, training->n);
  if (training->rarest_groups < 2)
    return;
  self->n_folds = (int) MIN (training->rarest_groups, HF_TRAINING_FOLDS);
  hf_members_assign_folds (training->members, training->label,
                           training->data->n_classes, self->n_folds, seed,
                           self->fold);
  for (int f = 0; f < self->n_folds; f++) {
    gboolean is_complete = is_complete_without (self, f);

    for (gsize i = 0; i < training->n; i++)
      if (self->fold[i] == f)
        self->is_held[i] = is_complete;
  }
}

void
hf_contest_clear (HfContest *self)
{
  g_free (self->fold);
  g_free (self->is_held);
  g_free (self->score);
  hf_choice_clear (&self->choice);
}

void
hf_contest_offer (HfContest *self, const HfProbeSpec *setting,
                  const double *score)
{
  gsize size = self->training->n * (gsize) self->training->data->n_classes;
  g_auto (HfHeld) held = {0};
  g_autofree double *loss = NULL;

  hf_held_init (&held, self->training, score, self->is_held);
  loss = g_new (double, MAX (held.scores.n, 1));
  if (held.scores.n > 0)
    hf_calibration_judge (&held.scores, loss);
  if (self->n_settings++ == 0)
    hf_choice_init (&self->choice, self->training, self->is_held, loss);
  else if (!hf_choice_offer (&self->choice, loss))
    return;
  self->best = *setting;
  g_free (self->score);
  self->score = g_memdup2 (score, size * sizeof *score);
}

void
hf_contest_offer_strengths (HfContest *self, const HfProbeSpec *setting,
                            const double *c, int n_c, double usual,
                            const double *score)
{
  gsize size = self->training->n * (gsize) self->training->data->n_classes;
  HfProbeSpec offered = *setting;

  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < n_c; i++)
      if ((c[i] == usual) == (pass == 0)) {
        offered.c = c[i];
        hf_contest_offer (self, &offered, score + (gsize) i * size);
      }
}

static void
append_number (GString *text, const char *name, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    return;
  g_ascii_formatd (number, sizeof number, "%.3g", value);
  g_string_append_printf (text, ", %s %s", name, number);
}

/* "linear on clip, C 10, of 12 settings by 40 held-out labels". */
static char *
dup_reason (const HfContest *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const HfProbeSpec *best = &self->best;
  gsize n_held = 0;

  for (gsize i = 0; i < self->training->n; i++)
    n_held += self->is_held[i] ? 1 : 0;
  g_string_append_printf (text, "%s on %s", hf_probe_kind_get_name (best->kind),
                          hf_blocks_get_name (best->blocks));
  if (best->kind == HF_PROBE_SVM)
    g_string_append (text, best->kernel == HF_KERNEL_RBF ? ", RBF"
                                                         : ", linear kernel");
  append_number (text, "C", best->c);
  append_number (text, "gamma", best->gamma);
  append_number (text, "text pull", best->text_pull);
  if (best->kind == HF_PROBE_PROMPT)
    g_string_append_printf (text, ", %d steps", best->n_steps);
  if (self->n_settings > 1)
    g_string_append_printf (
        text, ", of %u settings by %" G_GSIZE_FORMAT " held-out labels%s",
        self->n_settings, n_held,
        self->choice.best == 0
            ? ", none of which was clearly better than the default"
            : "");
  else
    g_string_append (text, self->can_choose
                               ? ", as given"
                               : ", without a choice: under 3 labels (groups) "
                                 "of a class");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The distance that says unknown; FALSE if cancelled. */
static gboolean
add_novelty (HfFit *fit, const HfTraining *training, const double *joined,
             HfProgress *progress, GError **error)
{
  static const double lambda = NOVELTY_LAMBDA;
  g_autoptr (HfScatter) scatter =
      hf_scatter_new (joined, training->label, training->n, fit->joint->dim,
                      training->data->n_classes);
  g_autoptr (HfHoldOut) held = hf_hold_out_new (
      scatter, training->group, NULL, 1, &lambda, 1, FALSE, progress, error);

  if (held == NULL)
    return FALSE;
  fit->novelty = hf_novelty_new (
      &(HfNoveltySource){.scatter = scatter,
                         .held = held,
                         .group = training->group,
                         .lambda = lambda,
                         .first_standardised = fit->joint->clip_dim});
  return TRUE;
}

HfFit *
hf_contest_make_fit (const HfContest *self, HfJoint *joint,
                     const double *joined, HfScorer *scorer,
                     HfProgress *progress, GError **error)
{
  const HfTraining *training = self->training;
  gsize k = (gsize) training->data->n_classes;
  g_autoptr (HfFit) fit = g_new0 (HfFit, 1);

  fit->spec = self->best;
  fit->joint = joint;
  fit->scorer = scorer;
  fit->held = g_new0 (double, training->n *k);
  if (self->score)
    memcpy (fit->held, self->score, training->n * k * sizeof *fit->held);
  fit->is_held = g_memdup2 (self->is_held, training->n * sizeof *fit->is_held);
  fit->prior = 1;
  fit->reason = dup_reason (self);
  hf_fit_find_spread (fit, training);
  if (!add_novelty (fit, training, joined, progress, error))
    return NULL;
  return g_steal_pointer (&fit);
}
