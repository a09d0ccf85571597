/* driver-use.c: a door that shuts when the process leaves and the last user is
 * out. As long as somebody is inside others may come in, since what is inside
 * may need them (work in flight that needs one more program). The state is the
 * process's, as its end is. */
#include "compute/driver-use.h"

#include <stdlib.h>

static GMutex lock;
static GCond changed;
static int n_users;
static gboolean leaving;

void
hf_driver_use_shut (void)
{
  g_mutex_lock (&lock);
  leaving = TRUE;
  while (n_users > 0)
    g_cond_wait (&changed, &lock);
  g_mutex_unlock (&lock);
}

void
hf_driver_use_begin (void)
{
  g_mutex_lock (&lock);
  while (leaving && n_users == 0)
    g_cond_wait (&changed, &lock);
  n_users++;
  g_mutex_unlock (&lock);
}

void
hf_driver_use_end (void)
{
  g_mutex_lock (&lock);
  g_assert (n_users > 0);
  if (--n_users == 0)
    g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
}

void
hf_driver_use_stay_ahead (void)
{
  atexit (hf_driver_use_shut);
}
