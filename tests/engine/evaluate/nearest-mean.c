/* nearest-mean.c: a small probe behind probe/probe.h, for tests of what is done
 * with probes: the nearest class mean of the clip rows, softmax over squared
 * distances. */
#include "probe/probe.h"

#include <math.h>

struct _HfProbe {
  gsize dim;
  int n_classes;
  double *means; /* [n_classes][dim] */
  gsize n_rows;
};

G_DEFINE_QUARK (hf - probe - error - quark, hf_probe_error)

HfProbe *
hf_probe_train (const HfDataset *data, const gsize *rows, gsize n_rows,
                const HfProbeSpec *spec, HfProgress *progress, GError **error)
{
  HfProbe *self;
  g_autofree double *counts = g_new0 (double, data->n_classes);

  if (spec->kind == HF_PROBE_ZERO_SHOT && data->text == NULL) {
    g_set_error_literal (error, HF_PROBE_ERROR, HF_PROBE_ERROR_NO_TEXT,
                         "There are no texts.");
    return NULL;
  }
  self = g_new0 (HfProbe, 1);
  self->dim = data->clip_dim;
  self->n_classes = data->n_classes;
  self->n_rows = n_rows;
  self->means = g_new0 (double, self->dim *(gsize) self->n_classes);
  for (gsize i = 0; i < n_rows; i++) {
    gsize c = (gsize) data->label[rows[i]];

    counts[c]++;
    for (gsize k = 0; k < self->dim; k++)
      self->means[c * self->dim + k] +=
          (double) data->clip[rows[i] * self->dim + k];
  }
  for (gsize c = 0; c < (gsize) self->n_classes; c++) {
    g_assert_cmpfloat (counts[c], >, 0);
    for (gsize k = 0; k < self->dim; k++)
      self->means[c * self->dim + k] /= counts[c];
  }
  return self;
}

void
hf_probe_unref (HfProbe *self)
{
  g_free (self->means);
  g_free (self);
}

void
hf_probe_predict (const HfProbe *self, const float *clip, const float *classic,
                  gsize n, double *probabilities, double *distances)
{
  gsize n_classes = (gsize) self->n_classes;

  for (gsize i = 0; i < n; i++) {
    double *p = probabilities + i * n_classes, sum = 0;

    distances[i] = INFINITY;
    for (gsize c = 0; c < n_classes; c++) {
      double square = 0;

      for (gsize k = 0; k < self->dim; k++) {
        double away =
            (double) clip[i * self->dim + k] - self->means[c * self->dim + k];

        square += away * away;
      }
      distances[i] = MIN (distances[i], square);
      sum += p[c] = exp (-5 * square);
    }
    for (gsize c = 0; c < n_classes; c++)
      p[c] /= sum;
  }
}

double
hf_probe_get_unknown_limit (const HfProbe *self, double *false_alarms)
{
  return self->n_rows < 20 ? INFINITY : 1.5;
}
