/* ui/latency.h: how long a main loop stands still: a watchdog that measures the
 * time each turn of the loop spends on what was ready, without timers and
 * without cost while nothing happens. HANDFUL_DEBUG=latency turns it on. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From here on a hand that moves a list sees it stop. */
#define HF_LATENCY_LIMIT_MS 50

/* Called in the loop's thread after each turn longer than the limit, @ms by the
 * clock; of these the thread computed for @busy_ms, and else waited for a disk,
 * a lock or a free core. */
typedef void (*HfLatencyFunc) (double ms, double busy_ms, gpointer data);

/* Watches @context (NULL: the main one); g_source_remove ends it. */
guint hf_latency_watch (GMainContext *context, double limit_ms,
                        HfLatencyFunc func, gpointer data);

/* Watches the main loop and writes each stall to standard error, if
 * HANDFUL_DEBUG asks for "latency". */
void hf_latency_watch_if_asked (void);

G_END_DECLS
