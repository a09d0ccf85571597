/* compute/program.h: OpenCL programs from the sources in this room, and the
 * cache of what a driver made of them. */
#pragma once

#include "compute/device-private.h"

G_BEGIN_DECLS

/* Builds the concatenation of the resources @names (NULL-terminated, paths
 * below kernels/) with @options. A binary of the same sources, options, device
 * and driver is taken from the cache; one that is damaged or refused is
 * removed and built anew. HF_DEVICE_ERROR_BUILD with the compiler's log. */
cl_program hf_program_build (HfDevice *device, const char *const *names,
                             const char *options, GError **error);

/* Stores the driver's binary of @program in the cache, if it is not there.
 * Never fails: a cache that cannot be written costs time, nothing else. */
void hf_program_store (HfDevice *device, cl_program program,
                       const char *const *names, const char *options);

/* SHA-256 over all kernel sources: results remembered for other kernels are
 * void. Caller frees. */
char *hf_program_dup_sources_hash (void);

G_END_DECLS
