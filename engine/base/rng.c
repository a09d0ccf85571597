/* rng.c: see the header. */
#include "base/rng.h"

static guint64
rotate_left (guint64 x, int bits)
{
  return (x << bits) | (x >> (64 - bits));
}

void
hf_rng_init (HfRng *self, guint64 seed)
{
  for (int i = 0; i < 4; i++) {
    guint64 z = (seed += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
    self->state[i] = z ^ (z >> 31);
  }
}

guint64
hf_rng_next (HfRng *self)
{
  guint64 *s = self->state;
  guint64 result = rotate_left (s[1] * 5, 7) * 9;
  guint64 shifted = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate_left (s[3], 45);
  return result;
}

double
hf_rng_next_double (HfRng *self)
{
  return (double) (hf_rng_next (self) >> 11) * 0x1p-53;
}

guint64
hf_rng_next_below (HfRng *self, guint64 n)
{
  /* Values from here on would favour the small remainders. */
  guint64 end = G_MAXUINT64 - G_MAXUINT64 % n;
  guint64 value;

  g_return_val_if_fail (n > 0, 0);
  do
    value = hf_rng_next (self);
  while (value >= end);
  return value % n;
}

void
hf_rng_shuffle (HfRng *self, gsize *items, gsize n)
{
  for (gsize i = n; i > 1; i--) {
    gsize j = (gsize) hf_rng_next_below (self, i);
    gsize held = items[i - 1];

    items[i - 1] = items[j];
    items[j] = held;
  }
}
