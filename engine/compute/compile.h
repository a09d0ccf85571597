/* compute/compile.h: kernels compiled before they are wanted.
 *
 * PoCL compiles one kernel at a time in a process, for seconds when there are
 * none yet, but processes that share its folder compile side by side. So the
 * first start of all begins helpers, which take kernels that its own start will
 * only come to later. Both may compile the same one; that costs time only. */
#pragma once

#include "compute/device.h"

G_BEGIN_DECLS

/* Compiles what a tower in f16 needs on PoCL's processor: of every @n_parts
 * kernels number @part. Nothing where there is no such device. Errors are
 * HfDeviceError. */
gboolean hf_compile_kernels (int part, int n_parts, GError **error);

/* For a helper: from here on the process gives way to others, and ends when its
 * stdin does, so that it does not outlive the program that began it. */
void hf_compile_become_helper (void);

typedef struct _HfCompileAhead HfCompileAhead;

/* Begins the helpers: one for each core but the own, at most three, each of
 * which is the handful-cli beside the running program. NULL where there can be
 * none. */
HfCompileAhead *hf_compile_ahead_start (void);

/* Ends those that are still at it, and seals what they have made. */
void hf_compile_ahead_stop (HfCompileAhead *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfCompileAhead, hf_compile_ahead_stop)
G_END_DECLS
