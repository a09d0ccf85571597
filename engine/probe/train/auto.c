/* auto.c: see the header. */
#include "probe/train/auto.h"

#include <math.h>

#include "probe/probe.h"
#include "probe/train/contest.h"
#include "probe/train/prompt-fit.h"
#include "probe/train/text-scores.h"
#include "probe/verdict.h"

/* What a probability costs at most. */
#define LEAST_PROBABILITY 1e-12

/* Of a fold, in the progress: only prompts report how far they are. */
#define FINE 1000

/* One that stands first, then in the order of the names. */
static const HfProbeKind candidates[] = {HF_PROBE_GDA, HF_PROBE_ZERO_SHOT,
                                         HF_PROBE_LINEAR, HF_PROBE_SVM,
                                         HF_PROBE_PROMPT};

/* The log-loss of row @i by @probe, and whether the label was named. */
static double
judge_row (const HfProbe *probe, const HfTraining *training, gsize i,
           gboolean *is_right)
{
  const HfDataset *data = training->data;
  gsize tile = training->row[i] * data->n_tiles;
  g_autofree double *p = g_new (double, data->n_classes);

  hf_probe_predict (
      probe, data->clip ? data->clip + tile * data->clip_dim : NULL,
      data->classic ? data->classic + tile * data->classic_dim : NULL, 1, p,
      NULL);
  *is_right = hf_verdict_find_class (p, data->n_classes) == training->label[i];
  return -log (MAX (p[training->label[i]], LEAST_PROBABILITY));
}

/* Log-losses of the rows that are held out, in order, by a kind. */
static gboolean
judge_kind (const HfContest *contest, const HfProbeSpec *spec,
            HfProgress *progress, double *loss, gsize *n_right, GError **error)
{
  const HfTraining *training = contest->training;
  g_autofree gsize *rows = g_new (gsize, training->n);
  g_autofree double *all = g_new0 (double, training->n);
  gsize n_held = 0;

  *n_right = 0;
  for (int f = 0; f < contest->n_folds; f++) {
    g_autoptr (HfProgress) part = NULL;
    g_autoptr (HfProbe) probe = NULL;
    gsize n_rows = 0;
    gboolean is_needed = FALSE;

    for (gsize i = 0; i < training->n; i++)
      if (contest->fold[i] != f)
        rows[n_rows++] = training->row[i];
      else
        is_needed = is_needed || contest->is_held[i];
    if (!is_needed)
      continue;
    part = hf_progress_new_stretch (progress, (gint64) f * FINE, FINE,
                                    (gint64) contest->n_folds * FINE);
    probe = hf_probe_train (training->data, rows, n_rows, spec, part, error);
    if (probe == NULL)
      return FALSE;
    for (gsize i = 0; i < training->n; i++) {
      gboolean is_right;

      if (contest->fold[i] != f || !contest->is_held[i])
        continue;
      all[i] = judge_row (probe, training, i, &is_right);
      *n_right += is_right ? 1 : 0;
    }
  }
  for (gsize i = 0; i < training->n; i++)
    if (contest->is_held[i])
      loss[n_held++] = all[i];
  return TRUE;
}

static gboolean
is_possible (const HfTraining *training, const HfProbeSpec *spec,
             HfProbeKind kind)
{
  gboolean has_text =
      hf_text_is_there (training->data) && spec->blocks != HF_BLOCK_CLASSIC;

  if (kind == HF_PROBE_PROMPT)
    return has_text && training->data->tuner != NULL;
  return kind != HF_PROBE_ZERO_SHOT || has_text;
}

gint64
hf_auto_count_steps (const HfTraining *training, const HfProbeSpec *spec)
{
  if (!hf_training_can_choose (training) ||
      !is_possible (training, spec, HF_PROBE_PROMPT))
    return 0;
  return (gint64) MIN (training->rarest_groups, HF_TRAINING_FOLDS) *
         hf_prompt_count_steps (training, spec);
}

gboolean
hf_auto_choose (const HfTraining *training, const HfProbeSpec *spec,
                HfProgress *progress, HfProbeKind *kind, char **reason,
                GError **error)
{
  g_auto (HfContest) contest = {0};
  g_auto (HfChoice) choice = {0};
  g_autofree double *loss = g_new0 (double, MAX (training->n, 1));
  g_autoptr (GString) text = g_string_new (NULL);
  gsize best = 0, n_held = 0, n_right;

  *kind = HF_PROBE_GDA;
  *reason = NULL;
  if (!hf_training_can_choose (training))
    return TRUE;
  hf_contest_init (&contest, training, spec->seed);
  for (gsize i = 0; i < training->n; i++)
    n_held += contest.is_held[i] ? 1 : 0;
  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++) {
    HfProbeSpec one = *spec;

    one.kind = candidates[i];
    if (!is_possible (training, spec, one.kind))
      continue;
    if (!judge_kind (&contest, &one, progress, loss, &n_right, error))
      return FALSE;
    g_string_append_printf (text, "%s%s %" G_GSIZE_FORMAT,
                            text->len > 0 ? ", " : "",
                            hf_probe_kind_get_name (one.kind), n_right);
    if (i == 0)
      hf_choice_init (&choice, training, contest.is_held, loss);
    else if (hf_choice_offer (&choice, loss))
      best = i;
  }
  *kind = candidates[best];
  *reason = g_strdup_printf (
      "%s%s (right of %" G_GSIZE_FORMAT " held-out labels: %s)",
      hf_probe_kind_get_name (*kind),
      best == 0 ? ", as no other was clearly more sure of the held-out labels"
                : ", the most sure of the held-out labels",
      n_held, text->str);
  return TRUE;
}
