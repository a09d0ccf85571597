/* app/charts/ticks.h: where an axis is marked, and with which numbers. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HF_TICKS_MAX 12

/* A small struct, passed by const pointer. */
typedef struct {
  double low, high; /* what the axis spans */
  int n;
  double at[HF_TICKS_MAX]; /* ascending, within the span */
  char text[HF_TICKS_MAX][16];
} HfTicks;

/* At most @n_max (2 .. HF_TICKS_MAX) ticks at 1, 2 or 5 times a power of ten
 * within [@low, @high], which is the axis's span as it is. Anything not finite
 * or empty counts as 0 to 1. */
void hf_ticks_init (HfTicks *self, double low, double high, int n_max);

/* The same for what is counted: never between two whole numbers. */
void hf_ticks_init_count (HfTicks *self, double low, double high, int n_max);

/* The same for shares, 0 to 1: "0", "5", "10 %"; the last tick has the unit. */
void hf_ticks_init_share (HfTicks *self, double low, double high, int n_max);

/* The first span that holds @share of [0, 1]: up to 5, 10, 20, 30, 50 or 100
 * percent. */
double hf_ticks_find_top (double share);

/* The highest start of an axis up to 1 that @share is not below: 0, 20, 40,
 * 50, 60, 70, 80 or 90 percent. */
double hf_ticks_find_bottom (double share);

G_END_DECLS
