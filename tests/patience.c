/* patience.c: see the header. */
#include "patience.h"

#ifdef __SANITIZE_ADDRESS__
#define LIMIT_S 1800
#else
#define LIMIT_S 240
#endif

gboolean
patience_lasts (gint64 *end_us)
{
  gint64 now_us = g_get_monotonic_time ();

  if (*end_us == 0)
    *end_us = now_us + (gint64) LIMIT_S * G_USEC_PER_SEC;
  if (now_us > *end_us)
    return FALSE;
  /* Not blocking: what is waited for may come from outside the loop. */
  if (!g_main_context_iteration (NULL, FALSE))
    g_usleep (1000);
  return TRUE;
}
