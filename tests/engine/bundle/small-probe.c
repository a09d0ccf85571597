/* small-probe.c: a probe of one weight row a class, in the place of the trained
 * ones: bundles are tested without knowing how probes are stored. */
#include "probe/probe.h"

#include <string.h>

struct _HfProbe {
  int n_references;
  HfProbeSpec spec;
  int n_classes;
  gsize dim;
  float *weight; /* [n_classes][dim] */
};

G_DEFINE_QUARK (hf_probe_error_quark, hf_probe_error)

HfProbe *
hf_probe_ref (HfProbe *self)
{
  self->n_references++;
  return self;
}

void
hf_probe_unref (HfProbe *self)
{
  if (--self->n_references > 0)
    return;
  g_free (self->weight);
  g_free (self);
}

HfProbe *
hf_probe_new_from_tensors (const HfTensorFile *tensors, GError **error)
{
  const HfTensor *weight = hf_tensor_file_get (tensors, "weight");
  HfProbe *self;

  if (weight == NULL || weight->n_dims != 2 || weight->shape[0] < 1) {
    g_set_error_literal (error, HF_PROBE_ERROR, HF_PROBE_ERROR_FORMAT,
                         "the tensor \"weight\" is missing or of a wrong "
                         "shape");
    return NULL;
  }
  self = g_new0 (HfProbe, 1);
  self->n_references = 1;
  self->spec = (HfProbeSpec) HF_PROBE_SPEC_INIT;
  self->spec.kind = HF_PROBE_LINEAR;
  self->spec.blocks = HF_BLOCK_CLIP;
  self->spec.c = 10;
  self->n_classes = (int) weight->shape[0];
  self->dim = (gsize) weight->shape[1];
  self->weight = g_new (float, (gsize) self->n_classes * self->dim + 1);
  hf_tensor_read (weight, self->weight);
  return self;
}

HfTensorFile *
hf_probe_dup_tensors (const HfProbe *self)
{
  HfTensorFile *file = hf_tensor_file_new (NULL, NULL);
  HfTensor weight = {.dtype = HF_DTYPE_F32,
                     .n_dims = 2,
                     .shape = {self->n_classes, (gint64) self->dim},
                     .strides = {(gint64) self->dim, 1},
                     .data = (const guint8 *) self->weight};

  hf_tensor_file_add (file, "weight", &weight);
  return file;
}

void
hf_probe_predict (const HfProbe *self, const float *clip, const float *classic,
                  gsize n, double *probabilities, double *distances)
{
  for (gsize i = 0; i < n; i++) {
    double *row = probabilities + i * (gsize) self->n_classes, sum = 0;

    for (int c = 0; c < self->n_classes; c++) {
      row[c] = 0;
      for (gsize d = 0; d < self->dim; d++)
        row[c] +=
            clip[i * self->dim + d] * self->weight[(gsize) c * self->dim + d];
      row[c] = exp (row[c]);
      sum += row[c];
    }
    for (int c = 0; c < self->n_classes; c++)
      row[c] /= sum;
    if (distances != NULL)
      distances[i] = 0;
  }
}

const HfProbeSpec *
hf_probe_get_spec (const HfProbe *self)
{
  return &self->spec;
}

int
hf_probe_get_n_classes (const HfProbe *self)
{
  return self->n_classes;
}

gsize
hf_probe_get_n_tiles (const HfProbe *self)
{
  return 1;
}

gsize
hf_probe_get_clip_dim (const HfProbe *self)
{
  return self->dim;
}

gsize
hf_probe_get_classic_dim (const HfProbe *self)
{
  return 0;
}

double
hf_probe_get_temperature (const HfProbe *self)
{
  return 0.1;
}

gsize
hf_probe_get_n_calibration (const HfProbe *self)
{
  return 20;
}

double
hf_probe_get_unknown_limit (const HfProbe *self, double *false_alarms)
{
  *false_alarms = 1;
  return INFINITY;
}

const HfWords *
hf_probe_get_words (const HfProbe *self)
{
  return NULL;
}

const char *
hf_probe_get_reason (const HfProbe *self)
{
  return "C by 18 of 20 held-out labels";
}
