/* ui/window/ring.h: a ring of 16 px that fills clockwise. Property: fraction
 * (0..1; below 0 while unknown: a quarter of it goes round). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_RING (hf_ring_get_type ())
G_DECLARE_FINAL_TYPE (HfRing, hf_ring, HF, RING, GtkWidget)

void hf_ring_set_fraction (HfRing *self, double fraction);

G_END_DECLS
