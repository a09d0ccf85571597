/* image/plan-private.h: the geometry of a framing, one axis at a time.
 *
 *   source pixels   |----[start ........ end)----|
 *   resized                [0 .... out_size)
 *   of it computed            [first, +count)
 *   lands in the square       [offset, +count)
 */
#pragma once

#include "image/framing.h"

G_BEGIN_DECLS

typedef struct {
  int start, end;    /* the framed part of the source, pixels */
  gint64 out_size;   /* its length after the resize; may be millions */
  gint64 first;      /* the first resized pixel that the square shows */
  int count, offset; /* how many, and where in the square */
} HfAxis;

/* Both axes for an oriented picture of @width x @height pixels. */
void hf_plan_axes (const HfFraming *framing, int width, int height, int side_px,
                   HfAxis *x, HfAxis *y);

/* The same axis of the mirrored picture of @length pixels. @offset stays. */
HfAxis hf_plan_mirror (const HfAxis *axis, int length);

G_END_DECLS
