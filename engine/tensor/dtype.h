/* tensor/dtype.h: element types of stored tensors, and their numbers. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  HF_DTYPE_F32,
  HF_DTYPE_F16,
  HF_DTYPE_BF16,
  HF_DTYPE_F64,
  HF_DTYPE_I64,
  HF_DTYPE_I32,
  HF_DTYPE_I16,
  HF_DTYPE_I8,
  HF_DTYPE_U8,
  HF_DTYPE_BOOL,
} HfDtype;

/* Bytes of one element. */
gsize hf_dtype_get_size (HfDtype dtype);

/* The name safetensors uses: "F32", "BF16", "I64" ... */
const char *hf_dtype_get_name (HfDtype dtype);

/* The dtype of such a name; FALSE for a name Handful does not read. */
gboolean hf_dtype_from_name (const char *name, HfDtype *dtype);

/* Converts @n elements at @src, at any alignment, to float. Integers are
 * rounded to the nearest float; NaN and infinities are kept. */
void hf_dtype_to_f32 (HfDtype dtype, const void *src, float *dst, gsize n);

/* Rounds to the nearest half, ties to even; too large becomes infinite. */
guint16 hf_f16_from_f32 (float value);
float hf_f16_to_f32 (guint16 half);
void hf_f16_from_f32_n (const float *src, guint16 *dst, gsize n);

G_END_DECLS
