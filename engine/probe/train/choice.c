/* choice.c: see the header. */
#include "probe/train/choice.h"

#include <math.h>

void
hf_choice_init (HfChoice *self, const HfTraining *training,
                const gboolean *is_held, const double *loss)
{
  gsize n = 0;

  for (gsize i = 0; i < training->n; i++)
    n += is_held[i] ? 1 : 0;
  self->training = training;
  self->is_held = g_memdup2 (is_held, training->n * sizeof *is_held);
  self->first = g_memdup2 (loss, n * sizeof *loss);
  self->best = 0;
}

void
hf_choice_clear (HfChoice *self)
{
  g_clear_pointer (&self->first, g_free);
  g_clear_pointer (&self->is_held, g_free);
}

gboolean
hf_choice_offer (HfChoice *self, const double *loss)
{
  const HfTraining *training = self->training;
  gsize n_groups = training->members->n_groups, used = 0;
  g_autofree gsize *place = g_new (gsize, MAX (training->n, 1));
  g_autofree double *difference = g_new0 (double, MAX (n_groups, 1));
  g_autofree double *weight = g_new0 (double, MAX (n_groups, 1));
  double sum = 0, total = 0, square = 0, mean;

  for (gsize i = 0, k = 0; i < training->n; i++)
    if (self->is_held[i])
      place[i] = k++;
  for (gsize g = 0; g < n_groups; g++) {
    for (gsize k = training->members->first[g];
         k < training->members->first[g + 1]; k++) {
      gsize i = training->members->row[k];

      if (!self->is_held[i])
        continue;
      weight[g] += training->weight[i];
      difference[g] +=
          training->weight[i] * (loss[place[i]] - self->first[place[i]]);
    }
    sum += difference[g];
    total += weight[g];
    used += weight[g] > 0 ? 1 : 0;
  }
  if (used < 2)
    return FALSE;
  mean = sum / total;
  for (gsize g = 0; g < n_groups; g++) {
    double off = difference[g] - mean * weight[g];

    square += off * off;
  }
  mean += sqrt ((double) used / ((double) used - 1) * square) / total;
  if (!(mean < self->best))
    return FALSE;
  self->best = mean;
  return TRUE;
}
