/* text-scores.c: see the header. */
#include "probe/train/text-scores.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "probe/blas.h"
#include "probe/probe.h"

gboolean
hf_text_is_there (const HfDataset *data)
{
  return data->text != NULL && data->clip_dim > 0;
}

double *
hf_text_dup_scores (const HfTraining *training)
{
  const HfDataset *data = training->data;
  gsize dim = data->clip_dim, k = (gsize) data->n_classes;
  double *score = g_new (double, MAX (training->n, 1) * data->n_tiles * k);
  double *to = score;

  for (gsize i = 0; i < training->n; i++)
    for (gsize t = 0; t < data->n_tiles; t++)
      for (gsize c = 0; c < k; c++) {
        const float *x =
            data->clip + (training->row[i] * data->n_tiles + t) * dim;
        double sum = 0;

        for (gsize j = 0; j < dim; j++)
          sum += (double) x[j] * data->text[c * dim + j];
        *to++ = data->logit_scale * sum;
      }
  return score;
}

void
hf_text_centre (const HfTraining *training, double *score)
{
  gsize k = (gsize) training->data->n_classes;
  gsize n = training->n * training->data->n_tiles;

  for (gsize c = 0; c < k; c++) {
    double sum = 0;

    for (gsize i = 0; i < n; i++)
      sum += score[i * k + c];
    for (gsize i = 0; i < n; i++)
      score[i * k + c] -= sum / (double) n;
  }
}

void
hf_text_add_weights (const HfDataset *data, const HfJoint *joint,
                     gboolean is_centred, double *weights)
{
  gsize dim = data->clip_dim;

  /* x = z / factor + mean, so T.x = (T / factor).z + T.mean. */
  for (int c = 0; c < data->n_classes; c++) {
    double *w = weights + (gsize) c * (joint->dim + 1);

    for (gsize j = 0; j < dim; j++) {
      double t = data->logit_scale * data->text[(gsize) c * dim + j];

      w[j] += t / joint->factor[j];
      if (!is_centred)
        w[joint->dim] += t * joint->mean[j];
    }
  }
}

HfFit *
hf_zero_shot_fit (const HfTraining *training, const HfProbeSpec *spec,
                  GError **error)
{
  const HfDataset *data = training->data;
  g_autoptr (HfFit) fit = g_new0 (HfFit, 1);
  g_autofree double *weights = NULL, *tiles = NULL;
  gsize k = (gsize) data->n_classes;

  if (!hf_text_is_there (data)) {
    g_set_error (
        error, HF_PROBE_ERROR, HF_PROBE_ERROR_NO_TEXT,
        _("Zero-shot needs the text rows of the classes and the CLIP rows of "
          "the pictures. Give prompts, or use another probe."));
    return NULL;
  }
  fit->spec = *spec;
  fit->spec.kind = HF_PROBE_ZERO_SHOT;
  fit->spec.blocks = HF_BLOCK_CLIP;
  fit->joint = hf_joint_new_plain (data->clip_dim);
  weights = g_new0 (double, k *(data->clip_dim + 1));
  hf_text_add_weights (data, fit->joint, FALSE, weights);
  fit->scorer = hf_scorer_new (HF_SCORER_CLASSES, weights, data->n_classes,
                               data->clip_dim);
  tiles = hf_text_dup_scores (training);
  fit->held = g_new (double, MAX (training->n, 1) * k);
  fit->is_held = g_new (gboolean, MAX (training->n, 1));
  hf_calibration_join_tiles (tiles, training->n, data->n_tiles, data->kinds,
                             data->n_classes, fit->held);
  for (gsize i = 0; i < training->n; i++)
    fit->is_held[i] = TRUE;
  /* Until labels say otherwise the model's own scale stands. */
  fit->spread =
      hf_calibration_find_spread (fit->held, training->n, data->n_classes);
  fit->prior = fit->spread;
  fit->reason = g_strdup ("zero-shot: the text rows alone");
  return g_steal_pointer (&fit);
}
