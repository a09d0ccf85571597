/* base/lock.h: one at a time reads a file, changes what it read and writes it.
 *
 * The lock is on the file PATH.lock beside it, since the one at PATH is
 * replaced by each that writes. It keeps out other programs and other threads,
 * and ends with the process however that ends. A program that was stopped keeps
 * it, so nobody waits without end. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Takes the lock that belongs to @path; *@lock is for hf_lock_give, -1 where
 * there can be none: whoever writes to that folder will say why. Waits at most
 * @patience_ms: then FALSE with G_IO_ERROR_BUSY, which names the program that
 * has it. */
gboolean hf_lock_take (const char *path, int patience_ms, int *lock,
                       GError **error);
void hf_lock_give (int lock);

G_END_DECLS
