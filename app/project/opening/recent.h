/* app/project/opening/recent.h: the projects that were opened last, with what a
 * list of them shows, and what a window remembers of each.
 *
 * A key file in the state folder. Reading and writing are for any thread and
 * process: each change is read, made and written under a lock. Where another
 * program keeps that, nothing is changed: a quarter of a second is all that is
 * waited, and G_IO_ERROR_BUSY names it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *path;    /* of the project */
  char *folder;  /* of its first pictures, or NULL */
  char *picture; /* one of them, or NULL */
  gint64 opened; /* seconds since 1970 */
  gint64 n_labels;
  gint64 n_escapes;  /* of @n_defects */
  gint64 n_defects;  /* 0: too few labels yet; < 0: not known */
  gboolean is_found; /* whether the project is there; not written down */
} HfRecent;

HfRecent *hf_recent_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;
void hf_recent_free (HfRecent *self);

/* (element-type HfRecent; caller unrefs), opened last first, 20 at most. */
GPtrArray *hf_recent_list (void) G_GNUC_WARN_UNUSED_RESULT;

/* Writes down what @recent says; notes stay, and so do escapes where it knows
 * none. GFileError. */
gboolean hf_recent_remember (const HfRecent *recent, GError **error);
gboolean hf_recent_forget (const char *path, GError **error);

/* What a window was at with project @path: "page", "filter" (caller frees);
 * NULL if nothing is known. */
char *hf_recent_dup_note (const char *path,
                          const char *key) G_GNUC_WARN_UNUSED_RESULT;
gboolean hf_recent_set_note (const char *path, const char *key,
                             const char *value, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfRecent, hf_recent_free)
G_END_DECLS
