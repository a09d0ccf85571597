/* tensor/dtype-private.h: the portable twins of the fast conversions, for the
 * test that compares them. They define the result, NaN payloads included. */
#pragma once

#include "tensor/dtype.h"

G_BEGIN_DECLS

void hf_f16_to_f32_n_portable (const void *src, float *dst, gsize n);
void hf_f16_from_f32_n_portable (const float *src, guint16 *dst, gsize n);

G_END_DECLS
