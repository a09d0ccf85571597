/* app/watch/lookout.h: what becomes of the pictures of a folder, and of all
 * below it, while somebody works with them: which come, change and go. Files
 * are told of once they are complete, as by HfWatcher. One thread. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

typedef struct _HfLookout HfLookout;

/* Lists of paths of files (char *, owned). */
typedef struct {
  GPtrArray *came, *changed, *gone;
} HfLookoutNews;

void hf_lookout_news_init (HfLookoutNews *self);
void hf_lookout_news_clear (HfLookoutNews *self);

/* @since_us is when somebody began to read the files, as g_get_real_time: those
 * written later count as changed. @progress, which may be NULL, outlives it;
 * once cancelled, a look ends early and says nothing. GFileError if @folder
 * cannot be read. */
HfLookout *hf_lookout_new (const char *folder, gint64 since_us,
                           HfProgress *progress,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_lookout_free (HfLookout *self);

/* Appends to @news what happened since the last look, without waiting. With the
 * first look begins what is known: what is there then is nothing new.
 * GFileError if the folder is gone. */
gboolean hf_lookout_look (HfLookout *self, HfLookoutNews *news, GError **error);

/* The next look goes through the whole folder, events or not. */
void hf_lookout_look_again (HfLookout *self);

/* Whether the file @path was in the folder at the last look. */
gboolean hf_lookout_has (const HfLookout *self, const char *path);

/* All files that were there at the last look: paths below the folder (const
 * char *, borrowed; caller frees the array). */
const char **hf_lookout_list (const HfLookout *self,
                              guint *n) G_GNUC_WARN_UNUSED_RESULT;

/* Links to folders that were passed over. */
guint hf_lookout_get_n_links (const HfLookout *self);

/* Whether events do not tell of everything: then the folder is looked through
 * every few seconds. */
gboolean hf_lookout_is_deaf (const HfLookout *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfLookoutNews, hf_lookout_news_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfLookout, hf_lookout_free)
G_END_DECLS
