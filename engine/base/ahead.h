/* base/ahead.h: work done ahead on several threads, its results handed out in
 * order. The number of results that wait is bounded. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _HfAhead HfAhead;

/* Makes the result of item @i, from any of the threads, several at a time. */
typedef gpointer (*HfAheadFunc) (gsize i, gpointer data);

/* Starts at once on the items 0 .. @n - 1. At most @n_ahead results are in work
 * or wait; @n_threads 0 means one for each core. Results that nobody took are
 * freed with @free_result. */
HfAhead *hf_ahead_new (gsize n, gsize n_ahead, int n_threads, HfAheadFunc func,
                       gpointer data,
                       GDestroyNotify free_result) G_GNUC_WARN_UNUSED_RESULT;

/* Stops and waits for the items in work. */
void hf_ahead_free (HfAhead *self);

/* Waits for the next result in order and hands it over. At most n calls, from
 * one thread. */
gpointer hf_ahead_take (HfAhead *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfAhead, hf_ahead_free)
G_END_DECLS
