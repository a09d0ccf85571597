/* ui/widgets/drawing.h: what widgets that draw all of themselves draw alike.
 * Main thread only. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One line of text from @x on, its middle at @y, cut with an ellipsis to
 * @width, in @widget's colour. @align: 0 left, 0.5 in the middle, 1 right. */
void hf_draw_line (GtkWidget *widget, GtkSnapshot *snapshot, PangoLayout *line,
                   float x, float y, float width, float align);

/* A bar with round ends; nothing where it is narrower than a pixel. */
void hf_draw_bar (GtkSnapshot *snapshot, float x, float y, float width,
                  float height, const GdkRGBA *colour);

G_END_DECLS
