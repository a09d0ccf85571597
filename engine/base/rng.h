/* base/rng.h: random numbers that are the same everywhere for a seed:
 * xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64. A plain struct;
 * one thread at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint64 state[4];
} HfRng;

void hf_rng_init (HfRng *self, guint64 seed);

guint64 hf_rng_next (HfRng *self);

/* Uniform in [0, 1), 53 bits. */
double hf_rng_next_double (HfRng *self);

/* Uniform in [0, @n), without bias; @n > 0. */
guint64 hf_rng_next_below (HfRng *self, guint64 n);

/* Shuffles @items[@n] in place (Fisher and Yates). */
void hf_rng_shuffle (HfRng *self, gsize *items, gsize n);

G_END_DECLS
