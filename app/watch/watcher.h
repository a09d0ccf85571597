/* app/watch/watcher.h: the picture files of a folder, and of all below it, each
 * as soon as it is complete.
 *
 *   (event, scan) --> waiting --> complete --> taken
 *                        ^            |
 *                        +-- changed -+
 *
 * A file is complete when nobody has it open for writing, which the kernel
 * tells by a lease; on network file systems, and for other users' files, when
 * its writer closed it under our eyes or it did not change for half a second.
 * Hidden files, files that are no pictures by their name and links to folders
 * are passed over. One thread. */
#pragma once

#include "app/watch/journal.h"
#include "base/progress.h"

G_BEGIN_DECLS

typedef struct _HfWatcher HfWatcher;

/* Whether a file needs no more looking at. */
typedef gboolean (*HfWatcherKnown) (const HfJournalFile *file, gpointer data);

/* A picture that was there, or was written, is not there any more; @path is
 * below the folder. */
typedef void (*HfWatcherGone) (const char *path, gpointer data);

typedef struct {
  char *const *skip; /* folders directly in it not looked into, or NULL */
  HfWatcherKnown known;
  HfWatcherGone gone; /* NULL: nobody asks; one file, by events alone */
  gpointer data;      /* of both */
  int poll_ms; /* between two looks where no events come; 0: a quarter second */
  HfProgress *progress; /* a look ends early once it is cancelled, or NULL */
} HfWatcherOptions;

/* What is there already is found too. GFileError if @folder is none that can be
 * read. */
HfWatcher *hf_watcher_new (const char *folder, const HfWatcherOptions *options,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_watcher_free (HfWatcher *self);

/* A file that is complete. */
typedef struct {
  char *path; /* below the folder */
  gint64 size_bytes, changed_ns;
} HfWatcherFile;

/* Waits up to @timeout_ms for files to be complete and returns at most @most of
 * them, oldest change first (element-type HfWatcherFile; caller unrefs), none
 * if there is none. NULL with a GFileError if the folder is gone. */
GPtrArray *hf_watcher_take (HfWatcher *self, int timeout_ms, guint most,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Looks at a file that was taken again: at once if it has changed since, else
 * @after_ms from now. */
void hf_watcher_put_back (HfWatcher *self, const HfWatcherFile *file,
                          int after_ms);

/* With the next take the whole folder is looked through. */
void hf_watcher_look_again (HfWatcher *self);

/* How often it was looked through so far. */
guint hf_watcher_get_n_looks (const HfWatcher *self);

/* Links to folders that the last look passed over. */
guint hf_watcher_get_n_links (const HfWatcher *self);

/* Whether the system does not tell of everything, so that the folder has to be
 * looked through again and again. */
gboolean hf_watcher_is_deaf (const HfWatcher *self);

/* Whether @file is still what it was when it was taken. */
gboolean hf_watcher_is_same (const HfWatcher *self, const HfWatcherFile *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfWatcher, hf_watcher_free)
G_END_DECLS
