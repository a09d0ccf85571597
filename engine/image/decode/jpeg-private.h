/* image/decode/jpeg-private.h: one JPEG, read row by row, at full scale or at
 * a half or a quarter. One thread at a time. */
#pragma once

#include "image/claim-private.h"
#include "image/image.h"

G_BEGIN_DECLS

typedef struct _HfJpeg HfJpeg;

/* Reads the header and checks the size; @data must outlive the reader, and so
 * must @claim, which hf_jpeg_start takes. */
HfJpeg *hf_jpeg_open (const guint8 *data, gsize size, HfClaim *claim,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_jpeg_free (HfJpeg *self);

/* As stored, at full scale, pixels. */
int hf_jpeg_get_width (const HfJpeg *self);
int hf_jpeg_get_height (const HfJpeg *self);
int hf_jpeg_get_orientation (const HfJpeg *self);

/* Starts decoding at 1 / @shrink (1, 2 or 4): rows then have
 * ceil (width / shrink) pixels, and there are ceil (height / shrink) of them.
 * @other_bytes is memory that the caller holds for this picture. */
gboolean hf_jpeg_start (HfJpeg *self, int shrink, gsize other_bytes,
                        GError **error);

/* Reads the next @n_rows rows, RGB, without gaps. */
gboolean hf_jpeg_read (HfJpeg *self, guint8 *rgb, int n_rows, GError **error);

/* After the last row: fails where the data were damaged or cut short. */
gboolean hf_jpeg_finish (HfJpeg *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfJpeg, hf_jpeg_free)
G_END_DECLS
