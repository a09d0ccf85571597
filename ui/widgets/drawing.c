/* drawing.c: see the header. */
#include "ui/widgets/drawing.h"

void
hf_draw_line (GtkWidget *widget, GtkSnapshot *snapshot, PangoLayout *line,
              float x, float y, float width, float align)
{
  GdkRGBA colour;
  int text_width, text_height;

  pango_layout_set_ellipsize (line, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (line, (int) (MAX (width, 1) * PANGO_SCALE));
  pango_layout_get_pixel_size (line, &text_width, &text_height);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT (x + align * (width - (float) text_width),
                                      y - (float) text_height / 2));
  gtk_snapshot_append_layout (snapshot, line, &colour);
  gtk_snapshot_restore (snapshot);
}

void
hf_draw_bar (GtkSnapshot *snapshot, float x, float y, float width, float height,
             const GdkRGBA *colour)
{
  GskRoundedRect bar;

  if (width < 1)
    return;
  gsk_rounded_rect_init_from_rect (
      &bar, &GRAPHENE_RECT_INIT (x, y, width, height), height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &bar);
  gtk_snapshot_append_color (snapshot, colour, &bar.bounds);
  gtk_snapshot_pop (snapshot);
}
