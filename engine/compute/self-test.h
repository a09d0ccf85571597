/* compute/self-test.h: does a device compute what C computes? */
#pragma once

#include "compute/ops.h"

G_BEGIN_DECLS

/* Runs small products, norms and attentions with f16 weights on @device and
 * compares them with the definitions in double; then measures its speed, which
 * goes into gflops and tile_ns of its info. HF_DEVICE_ERROR_SELF_TEST with the
 * operator that went wrong. */
gboolean hf_self_test (HfDevice *device, GError **error);

/* A product in bf16 or in 8 bits, for operators of that precision, which few
 * programs want: they are not part of the test of a device. */
gboolean hf_self_test_bf16 (HfOps *ops, GError **error);

/* Attention in bfloat16, by itself: most of what it costs is compiling, and
 * residual networks never want it. */
gboolean hf_self_test_narrow_attention (HfOps *ops, GError **error);
gboolean hf_self_test_int8 (HfOps *ops, GError **error);

G_END_DECLS
