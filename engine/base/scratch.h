/* base/scratch.h: folders that are gone with the program that made them, unless
 * it gives them a name.
 *
 * Each is PARENT/PREFIXabcdef with a lock on it (flock) that ends with its
 * process, however that ends. Whoever makes one removes those beside it that
 * nobody locks, so the prefix begins with a dot and is nobody else's. A process
 * number in the name would not tell: programs in containers have the same ones,
 * and do not see each other's. Where the file system knows no such locks, as
 * over NFS, what was left stays. Any number of threads; one folder, one thread.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _HfScratch HfScratch;

/* Makes a folder in @parent, which must be there, with the permissions @mode
 * less the umask, after hf_scratch_sweep. GFileError. */
HfScratch *hf_scratch_new (const char *parent, const char *prefix, int mode,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes a scratch folder of @folder, which loses its name by that and nothing
 * of what is in it: also on a full disk. GFileError. */
HfScratch *hf_scratch_take (const char *folder, const char *prefix,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes the folder and all in it, unless it was moved. */
void hf_scratch_free (HfScratch *self);

/* Gives the folder its name, from when on it is the caller's.
 * G_FILE_ERROR_EXIST where something has that name. */
gboolean hf_scratch_move (HfScratch *self, const char *path, GError **error);

/* Frees @self and returns its path (caller frees). The folder stays, and with
 * it its lock until the process ends. */
char *hf_scratch_free_to_path (HfScratch *self) G_GNUC_WARN_UNUSED_RESULT;

const char *hf_scratch_get_path (const HfScratch *self);

/* Removes the folders of this user in @parent that begin with @prefix and whose
 * programs have ended. */
void hf_scratch_sweep (const char *parent, const char *prefix);

/* Removes what is in @folder, as far as that can be; of links, the links
 * themselves. */
void hf_folder_empty (const char *folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfScratch, hf_scratch_free)
G_END_DECLS
