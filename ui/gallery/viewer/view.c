/* view.c: see the header. */
#include "ui/gallery/viewer/view.h"

/* A picture that is smaller than the frame lies in its middle; of a larger one
 * no edge is inside the frame. */
static void
keep_inside (double *middle, double length, double frame, double scale)
{
  double half = frame / scale / 2;

  if (length <= 2 * half)
    *middle = length / 2;
  else
    *middle = CLAMP (*middle, half, length - half);
}

static void
settle (HfView *self)
{
  keep_inside (&self->x, self->width, self->frame_width, self->scale);
  keep_inside (&self->y, self->height, self->frame_height, self->scale);
}

void
hf_view_fit (HfView *self)
{
  self->is_fitted = TRUE;
  if (self->width <= 0 || self->height <= 0 || self->frame_width <= 0 ||
      self->frame_height <= 0) {
    self->scale = 1;
    return;
  }
  self->scale =
      MIN (self->frame_width / self->width, self->frame_height / self->height);
  self->scale = MIN (self->scale, HF_VIEW_MAX_SCALE);
  settle (self);
}

static void
update (HfView *self)
{
  if (self->is_fitted)
    hf_view_fit (self);
  else
    settle (self);
}

void
hf_view_resize (HfView *self, double frame_width, double frame_height)
{
  self->frame_width = frame_width;
  self->frame_height = frame_height;
  update (self);
}

void
hf_view_set_picture (HfView *self, double width, double height)
{
  self->width = width;
  self->height = height;
  update (self);
}

void
hf_view_get_origin (const HfView *self, double *x, double *y)
{
  *x = self->frame_width / 2 - self->x * self->scale;
  *y = self->frame_height / 2 - self->y * self->scale;
}

void
hf_view_zoom (HfView *self, double scale, double at_x, double at_y)
{
  double x, y, pixel_x, pixel_y;

  if (self->width <= 0)
    return;
  hf_view_get_origin (self, &x, &y);
  pixel_x = (at_x - x) / self->scale;
  pixel_y = (at_y - y) / self->scale;
  self->is_fitted = FALSE;
  self->scale = CLAMP (scale, HF_VIEW_MIN_SCALE, HF_VIEW_MAX_SCALE);
  self->x = pixel_x + (self->frame_width / 2 - at_x) / self->scale;
  self->y = pixel_y + (self->frame_height / 2 - at_y) / self->scale;
  settle (self);
}

void
hf_view_pan (HfView *self, double dx, double dy)
{
  self->x -= dx / self->scale;
  self->y -= dy / self->scale;
  settle (self);
}
