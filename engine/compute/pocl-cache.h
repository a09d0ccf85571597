/* compute/pocl-cache.h: the folder where PoCL keeps what it compiled.
 *
 * PoCL trusts that folder blindly: a file in it that a crash or a full disk cut
 * short ends the whole process (SIGABRT, SIGBUS). So Handful gives PoCL a
 * folder of its own, seals it with a list of checksums when a device is closed,
 * and uses it again only if every file is the one that was sealed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sets POCL_CACHE_DIR, unless the user has: to the sealed folder, to that
 * folder emptied where it is damaged, or, where it cannot be written, has
 * no room, or is damaged and in use, to a private one. Must run before PoCL is
 * first called, with one thread. Returns whether kernels are there already. */
gboolean hf_pocl_cache_prepare (void);

/* Whether that folder can be written and has room for compiled kernels; asked
 * before each program is built, as PoCL without room fails without a reason, or
 * ends the process. HF_DEVICE_ERROR_BUILD if not. */
gboolean hf_pocl_cache_check_room (GError **error);

/* Writes the list, if files have come since. Never fails: without a list the
 * folder is only not used again. */
void hf_pocl_cache_seal (void);

G_END_DECLS
