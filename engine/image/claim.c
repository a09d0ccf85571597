/* claim.c: see the header. The state is the process's, as its memory is. */
#include "image/claim-private.h"

static GMutex lock;
static GCond changed;
static gsize n_claimed;           /* bytes */
static guint64 n_asked, n_served; /* claims: numbers that are called up */

static gboolean
has_room (gsize bytes)
{
  return n_claimed == 0 ||
         (bytes <= HF_CLAIM_LIMIT && n_claimed <= HF_CLAIM_LIMIT - bytes);
}

void
hf_claim_take (HfClaim *self, gsize bytes)
{
  guint64 number;

  hf_claim_clear (self);
  g_mutex_lock (&lock);
  number = n_asked++;
  while (number != n_served || !has_room (bytes))
    g_cond_wait (&changed, &lock);
  n_served++;
  n_claimed += bytes;
  self->bytes = bytes;
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
}

void
hf_claim_clear (HfClaim *self)
{
  if (self->bytes == 0)
    return;
  g_mutex_lock (&lock);
  n_claimed -= self->bytes;
  self->bytes = 0;
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
}
