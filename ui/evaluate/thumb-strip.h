/* ui/evaluate/thumb-strip.h: a few small pictures side by side, as many as
 * there is room for. Main thread only; loaded in threads. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_THUMB_STRIP (hf_thumb_strip_get_type ())
G_DECLARE_FINAL_TYPE (HfThumbStrip, hf_thumb_strip, HF, THUMB_STRIP, GtkWidget)

GtkWidget *hf_thumb_strip_new (void);

/* No more than @n are shown. */
void hf_thumb_strip_set_max (HfThumbStrip *self, guint n);

/* @paths are files (element-type char *); what is shown already is not loaded
 * again. */
void hf_thumb_strip_set_paths (HfThumbStrip *self, GPtrArray *paths);

G_END_DECLS
