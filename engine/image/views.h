/* image/views.h: one square of pixels seen from several sides, for parts that
 * may lie any way round. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 1: as it lies; 4: mirrored across, down and both; 8: these turned, too. */
#define HF_VIEWS_MAX 8

gboolean hf_views_is_valid (int n_views);

/* Writes view @view, 0 (as it lies) to 7, of the square guint8[side_px]
 * [side_px][3] to @out, which is another one. Bit 0 mirrors across, bit 1 down,
 * and bit 2 swaps rows and columns before that. */
void hf_views_apply (const guint8 *square, int side_px, int view, guint8 *out);

G_END_DECLS
