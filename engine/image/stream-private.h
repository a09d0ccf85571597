/* image/stream-private.h: a large JPEG through the resize while it is decoded,
 * so that the whole of it is never in memory. */
#pragma once

#include "image/decode/jpeg-private.h"
#include "image/plan-private.h"

G_BEGIN_DECLS

/* Decodes the opened @jpeg, resizes along its two stored axes and returns the
 * picture of @x->count x @y->count pixels, as stored. @size_bytes is of the
 * file. At full scale each value is within 1/255 of hf_filter_resize's. */
HfImage *hf_stream_resize (HfJpeg *jpeg, const HfAxis *x, const HfAxis *y,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
