/* app/project/images.h: all pictures of a project at one moment, and their
 * labels: what a window lists. */
#pragma once

#include "app/project/project.h"

G_BEGIN_DECLS

typedef struct {
  gint64 id, source_id;
  const char *path;  /* of the file, any bytes; also where its folder is gone */
  const char *group; /* NULL: stands alone */
  gboolean sealed;
} HfProjectImage;

/* Read-only once made: any number of threads. */
typedef struct {
  HfProjectImage *images; /* [n] by path in byte order */
  gsize n;
  GStringChunk *strings; /* what they point to */
} HfImageList;

HfImageList *hf_project_dup_images (HfProject *self,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
HfImageList *hf_image_list_ref (HfImageList *self);
void hf_image_list_unref (HfImageList *self);

typedef struct {
  gint64 image_id, class_id;
  gint64 entry;     /* of the label log: the newest label has the largest */
  gboolean audited; /* labelled after an audit draw */
} HfProjectLabel;

/* The labels as they are (element-type HfProjectLabel; caller unrefs), by
 * picture. Costs as much as the log is long, whatever the pictures are. */
GArray *hf_project_dup_labels (HfProject *self,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfImageList, hf_image_list_unref)
G_END_DECLS
