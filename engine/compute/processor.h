/* compute/processor.h: what the processor of this machine has that the compiler
 * of its OpenCL driver does not know. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Products of 8 bits in vectors of @n_lanes words: 16 (AVX-512 VNNI) or 8
 * (AVX-VNNI). */
gboolean hf_processor_has_vnni (int n_lanes);

/* Products of bfloat16 in vectors of 16 words (AVX-512 BF16). */
gboolean hf_processor_has_bf16 (int n_lanes);

/* Whether this process may use the matrix unit (Intel AMX) for products of 8
 * bits and of bfloat16, which the kernel is asked for: threads that begin later
 * may, too. */
gboolean hf_processor_take_amx (void);

G_END_DECLS
