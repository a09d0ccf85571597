/* ui/gallery/viewer/view.h: where a picture lies in a frame: fitted, or at a
 * scale with one of its points in the middle. Plain numbers, no widget. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 1600 %, and the least. */
#define HF_VIEW_MAX_SCALE 16.0
#define HF_VIEW_MIN_SCALE 0.02

typedef struct {
  double width, height;             /* of the picture, pixels */
  double frame_width, frame_height; /* units of the frame */
  gboolean is_fitted;
  double scale; /* units of the frame for a pixel */
  double x, y;  /* the pixel in the middle of the frame */
} HfView;

/* All must be set before it is used: fits the picture anew if it was fitted,
 * else keeps the middle inside. */
void hf_view_resize (HfView *self, double frame_width, double frame_height);
void hf_view_set_picture (HfView *self, double width, double height);
void hf_view_fit (HfView *self);

/* Makes @scale the scale, and keeps what lies at (@at_x, @at_y) of the frame
 * there, as far as the picture's edges let it. */
void hf_view_zoom (HfView *self, double scale, double at_x, double at_y);

/* Moves the picture by units of the frame. */
void hf_view_pan (HfView *self, double dx, double dy);

/* Where the picture's upper left corner lies in the frame. */
void hf_view_get_origin (const HfView *self, double *x, double *y);

G_END_DECLS
