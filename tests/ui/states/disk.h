/* Disks that are full, read-only or gone: small file systems in memory, mounted
 * where only this process and its children see them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes mounting possible, where the machine allows it; the reason why not is
 * said by disk_skip. Before any thread, so first of all. */
void disk_begin (void);

/* TRUE, with the test skipped, where nothing can be mounted. */
gboolean disk_skip (void);

/* An empty disk of @kib KiB on the folder @path, and away again, also while
 * files on it are open. */
void disk_mount (const char *path, int kib);
void disk_unmount (const char *path);

/* Nothing more fits, not even the name of a file; or again as before. */
void disk_fill (const char *path);
void disk_empty (const char *path);

/* The disk can be read only, as one whose switch was moved. */
void disk_set_read_only (const char *path, gboolean read_only);

G_END_DECLS
