/* base/lock.h: one at a time reads a file, changes what it read and writes it.
 *
 * The lock is on the file PATH.lock beside it, since the one at PATH is
 * replaced by each that writes. It keeps out other programs and other threads,
 * and ends with the process however that ends. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Waits for the lock that belongs to @path and returns what hf_lock_give takes;
 * -1 where there can be none: whoever writes to that folder will say why. */
int hf_lock_take (const char *path) G_GNUC_WARN_UNUSED_RESULT;
void hf_lock_give (int lock);

G_END_DECLS
