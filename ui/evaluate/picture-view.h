/* ui/evaluate/picture-view.h: a picture made small, filling a box of 7 to 6
 * with round corners, loaded in a thread; a quiet ground until then, and where
 * it cannot be. Main thread only. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_PICTURE_VIEW (hf_picture_view_get_type ())
G_DECLARE_FINAL_TYPE (HfPictureView, hf_picture_view, HF, PICTURE_VIEW,
                      GtkWidget)

/* @path may be NULL. */
GtkWidget *hf_picture_view_new (const char *path);

G_END_DECLS
