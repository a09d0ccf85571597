/* Threads that decode share a limit, and none of them is forgotten. */
#include "image/claim-private.h"

enum { N_THREADS = 8, N_ROUNDS = 400 };

typedef struct {
  GMutex lock;
  gsize held; /* bytes, by all threads */
  guint n_holders;
  gsize most_together; /* while there was more than one holder */
} Ledger;

typedef struct {
  Ledger *ledger;
  guint32 seed;
} Worker;

static void
write_down (Ledger *self, gsize bytes, gboolean is_taken)
{
  g_mutex_lock (&self->lock);
  self->held += is_taken ? bytes : -bytes;
  self->n_holders += is_taken ? 1 : -1;
  if (self->n_holders > 1)
    self->most_together = MAX (self->most_together, self->held);
  g_mutex_unlock (&self->lock);
}

/* What is taken is written down after, and what is given back, before. */
static gpointer
work_thread (gpointer data)
{
  Worker *self = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (self->seed);

  for (int i = 0; i < N_ROUNDS; i++) {
    /* One in ten is more than the limit by itself. */
    gsize bytes = (gsize) ((double) HF_CLAIM_LIMIT *
                           g_rand_double_range (random, 0.01, 1.1));
    g_auto (HfClaim) claim = {0};

    hf_claim_take (&claim, bytes);
    write_down (self->ledger, bytes, TRUE);
    g_thread_yield ();
    write_down (self->ledger, bytes, FALSE);
  }
  return NULL;
}

static void
test_limit (void)
{
  Ledger ledger = {0};
  Worker workers[N_THREADS];
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++) {
    workers[i] = (Worker){&ledger, i + 1};
    threads[i] = g_thread_new ("claim", work_thread, &workers[i]);
  }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (ledger.held, ==, 0);
  g_assert_cmpuint (ledger.most_together, <=, HF_CLAIM_LIMIT);
  /* They were not served one by one. */
  g_assert_cmpuint (ledger.most_together, >, 0);
}

static void
test_alone (void)
{
  g_auto (HfClaim) claim = {0};

  hf_claim_take (&claim, G_MAXSIZE);
  g_assert_cmpuint (claim.bytes, ==, G_MAXSIZE);
  /* What it has it gives back first. */
  hf_claim_take (&claim, 3 * HF_CLAIM_LIMIT);
  g_assert_cmpuint (claim.bytes, ==, 3 * HF_CLAIM_LIMIT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/claim/a-lone-picture-goes-ahead", test_alone);
  g_test_add_func ("/claim/threads-stay-within-the-limit", test_limit);
  return g_test_run ();
}
