/* ui/label/swatch.h: a colour to choose, as large as a badge. Its name is its
 * parent's tooltip. Main thread only. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_SWATCH (hf_swatch_get_type ())
G_DECLARE_FINAL_TYPE (HfSwatch, hf_swatch, HF, SWATCH, GtkWidget)

/* "#rrggbb" */
GtkWidget *hf_swatch_new (const char *colour) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
