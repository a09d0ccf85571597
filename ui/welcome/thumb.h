/* ui/welcome/thumb.h: a small square of a picture, 40 px with round corners,
 * loaded in a thread; a quiet icon until then, and where it cannot be. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_THUMB (hf_thumb_get_type ())
G_DECLARE_FINAL_TYPE (HfThumb, hf_thumb, HF, THUMB, GtkWidget)

/* @path may be NULL. */
GtkWidget *hf_thumb_new (const char *path);
void hf_thumb_set_path (HfThumb *self, const char *path);

G_END_DECLS
