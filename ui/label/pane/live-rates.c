/* live-rates.c: see the header. */
#include "ui/label/pane/live-rates.h"

#include "ui/widgets/whisker.h"

static guint
count_rarest (const HfRows *rows)
{
  g_autofree guint *n = NULL;
  guint rarest = G_MAXUINT;

  if (rows == NULL || rows->classes->len == 0)
    return 0;
  n = g_new0 (guint, rows->classes->len);
  for (gsize i = 0; i < rows->n; i++)
    n[rows->label[i]]++;
  for (guint c = 0; c < rows->classes->len; c++)
    rarest = MIN (rarest, n[c]);
  return rarest;
}

void
hf_live_rates_init (HfLiveRates *self, const HfNumbers *numbers,
                    const HfGoals *goals)
{
  *self = (HfLiveRates){.top = 0.2};
  if (numbers == NULL)
    return;
  self->n_rarest = count_rarest (numbers->rows);
  self->probe = hf_numbers_get_probe (numbers);
  if (self->probe == NULL)
    return;
  self->zero_shot = hf_numbers_get_zero_shot (numbers);
  if (self->zero_shot == self->probe)
    self->zero_shot = NULL;
  self->escapes = &self->probe->escape_rate;
  self->overkill = &self->probe->overkill;
  self->right = &self->probe->accuracy;
  self->top = hf_whisker_find_top (
      (const HfRate *const[]){self->escapes, self->overkill}, 2,
      MAX (goals->escapes, goals->overkill));
}
