/* ui/widgets/upright.h: a line of text that is read upwards, over a column too
 * narrow for it, and cut with an ellipsis where it is longer than the widget is
 * high. Main thread only. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_UPRIGHT (hf_upright_get_type ())
G_DECLARE_FINAL_TYPE (HfUpright, hf_upright, HF, UPRIGHT, GtkWidget)

/* As high as @text, and no higher than @max_chars letters of usual width. */
GtkWidget *hf_upright_new (const char *text,
                           int max_chars) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
