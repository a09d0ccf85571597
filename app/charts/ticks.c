/* ticks.c: see the header. */
#include "app/charts/ticks.h"

#include "app/charts/wording.h"

#include <math.h>
#include <string.h>

/* 1, 2 or 5 times a power of ten: the smallest that gives at most @n_max
 * ticks within [@low, @high]. */
static double
find_step (double low, double high, int n_max)
{
  double power = pow (10, floor (log10 ((high - low) / n_max)) - 1);

  for (;; power *= 10) {
    const double factors[3] = {1, 2, 5};

    for (int f = 0; f < 3; f++) {
      double step = factors[f] * power;
      double n = floor (high / step + 1e-9) - ceil (low / step - 1e-9) + 1;

      if (n <= n_max)
        return step;
    }
  }
}

/* @scale is what a value is multiplied by before it is written. */
static void
init (HfTicks *self, double low, double high, int n_max, double scale)
{
  double step;
  gint64 first, last;
  int digits;

  memset (self, 0, sizeof *self);
  if (!isfinite (low) || !isfinite (high) || !(high - low > 1e-12)) {
    low = 0;
    high = 1;
  }
  n_max = CLAMP (n_max, 2, HF_TICKS_MAX);
  self->low = low;
  self->high = high;
  step = find_step (low, high, n_max);
  first = (gint64) ceil (low / step - 1e-9);
  last = (gint64) floor (high / step + 1e-9);
  digits = (int) MAX (0, -floor (log10 (step * scale) + 1e-9));
  for (gint64 i = first; i <= last && self->n < HF_TICKS_MAX; i++) {
    g_autofree char *text =
        hf_wording_dup_decimal (i == 0 ? 0 : i * step * scale, MIN (digits, 6));

    self->at[self->n] = i * step;
    g_strlcpy (self->text[self->n], text, sizeof self->text[0]);
    self->n++;
  }
}

void
hf_ticks_init (HfTicks *self, double low, double high, int n_max)
{
  init (self, low, high, n_max, 1);
}

void
hf_ticks_init_count (HfTicks *self, double low, double high, int n_max)
{
  init (self, low, high, (int) CLAMP (high - low + 1, 1, n_max), 1);
}

void
hf_ticks_init_share (HfTicks *self, double low, double high, int n_max)
{
  init (self, low, high, n_max, 100);
  /* A no-break space, so that the unit stays with its number. */
  if (self->n > 0)
    g_strlcat (self->text[self->n - 1], "\xc2\xa0%", sizeof self->text[0]);
}

double
hf_ticks_find_top (double share)
{
  const double tops[] = {0.05, 0.1, 0.2, 0.3, 0.5};

  for (gsize i = 0; i < G_N_ELEMENTS (tops); i++)
    if (share <= tops[i])
      return tops[i];
  return 1;
}

double
hf_ticks_find_bottom (double share)
{
  const double bottoms[] = {0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.2};

  for (gsize i = 0; i < G_N_ELEMENTS (bottoms); i++)
    if (share >= bottoms[i])
      return bottoms[i];
  return 0;
}
