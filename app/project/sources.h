/* app/project/sources.h: the folders that a project's pictures lie in, and the
 * pictures. A picture is known by its path inside its source, and once it has
 * a label also by the SHA-256 of its file. Pictures are never forgotten. */
#pragma once

#include "app/project/project.h"
#include "features/store.h"

G_BEGIN_DECLS

typedef struct {
  gint64 id;
  char *folder;   /* where it is, or was */
  gboolean found; /* whether it is there now */
  gsize n_images, n_labelled;
} HfSource;

/* (element-type HfSource; caller unrefs), in the order they were added. */
GPtrArray *hf_project_dup_sources (HfProject *self,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What was seen when a folder was looked through. */
typedef struct {
  gint64 source_id;
  gsize n_added;
  gsize n_known;   /* in the project already */
  gsize n_found;   /* elsewhere than before, known by their SHA-256 */
  gsize n_missing; /* in the project, and no longer in the folder */
  gsize n_links;   /* to folders, which were passed over */
  char *was;       /* where the source was before, if it has moved; else NULL */
} HfScan;

void hf_scan_clear (HfScan *self);

/* Looks through @folder for pictures and adds those that are new. A folder that
 * is in the project, or inside one that is, is looked through again. If the
 * pictures of a source that is gone are found in it, or @moved_from names that
 * source, it is that source and has moved; labels stay with their pictures.
 * @refusals (element-type HfRefusal) takes what could not be read, and pictures
 * that are others now than those labelled under their name. Nothing is changed
 * if it fails. HF_PROJECT_ERROR_NAME if there is no source @moved_from or its
 * pictures are not in @folder; G_IO_ERROR_CANCELLED. */
gboolean hf_project_add_source (HfProject *self, const char *folder,
                                const char *moved_from, GPtrArray *refusals,
                                HfScan *scan, HfProgress *progress,
                                GError **error);

/* The numbers of the pictures @paths (gint64[n], caller frees): 0 for one that
 * lies in no source, or is not there and never was in the project. New ones are
 * added. */
gint64 *hf_project_dup_image_ids (HfProject *self, const char *const *paths,
                                  gsize n,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The pictures of a group (element-type gint64; caller unrefs); with NULL, all
 * that stand alone. */
GArray *hf_project_dup_group_ids (HfProject *self, const char *group,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many pictures have no group, and how many groups there are. */
gboolean hf_project_count_groups (HfProject *self, gsize *n_alone,
                                  gsize *n_groups, GError **error);

/* The path of a picture (caller frees). HF_PROJECT_ERROR_NAME. */
char *hf_project_dup_image_path (HfProject *self, gint64 image_id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Computes the SHA-256 of pictures that have a label or are sealed and have
 * none yet, or of all that have none (@all). Those that cannot be read are left
 * for the next time. G_IO_ERROR_CANCELLED; what was computed stays. */
gboolean hf_project_fill_hashes (HfProject *self, gboolean all,
                                 HfProgress *progress, GError **error);

/* Of the pictures @ids[@n] whose files were written again, computes the SHA-256
 * anew where there is one, or is one to be. Returns those that are not the
 * pictures that the project knew (element-type gint64, each once; caller
 * unrefs): without a SHA-256 so far that cannot be told. Those that cannot be
 * read stay as they are. Nothing is changed if it fails. G_IO_ERROR_CANCELLED.
 */
GArray *hf_project_renew_hashes (HfProject *self, const gint64 *ids, gsize n,
                                 HfProgress *progress,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The labelled pictures whose files may have been written anew while nobody
 * looked (element-type gint64; caller unrefs): they are longer or shorter than
 * when their SHA-256 was computed, or @store, which knows files by their times
 * of change, does not know them with it. Without @store (NULL) the length alone
 * tells. Those that are not there are left out. */
GArray *hf_project_find_rewritten (HfProject *self, HfFeatureStore *store,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Of the pictures @ids[@n] whose files have the SHA-256 @sha256[@n] (hex),
 * those that the project knows with another (element-type gint64; caller
 * unrefs). Changes nothing. */
GArray *hf_project_find_others (HfProject *self, const gint64 *ids,
                                const char *const *sha256, gsize n,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfScan, hf_scan_clear)
G_END_DECLS
