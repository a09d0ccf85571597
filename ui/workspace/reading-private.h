/* ui/workspace/reading-private.h: what is read off a project at one moment, in
 * the store's thread, for the main thread to show. */
#pragma once

#include "app/project/images.h"
#include "app/study/project-settings.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  HF_READ_NOTHING,
  HF_READ_LABELS, /* what a label changes, and nothing that costs more */
  HF_READ_ALL,
} HfReadWhat;

/* All pictures. Made in a thread, then changed by nobody. */
typedef struct {
  HfImageList *images;
  GPtrArray *pictures; /* HfPicture *, [images->n] in their order */
  guint *by_id;        /* [images->n] their indices, by number */
} HfInventory;

HfInventory *hf_inventory_new (void) G_GNUC_WARN_UNUSED_RESULT;
HfInventory *hf_inventory_ref (HfInventory *self);
void hf_inventory_unref (HfInventory *self);
/* Index of a picture, or -1. */
gssize hf_inventory_find (const HfInventory *self, gint64 image_id);

typedef struct {
  /* HF_READ_LABELS */
  GArray *labels; /* HfProjectLabel, by picture */
  GArray *due;    /* gint64, audit draws without a label */
  guint64 n_shown;
  gsize n_undo, n_redo;
  /* HF_READ_ALL, else NULL */
  HfInventory *inventory;
  GPtrArray *sources; /* HfSource * */
  GPtrArray *classes; /* HfProjectClass * */
  HfProjectSettings
      *settings; /* NULL with @unusable: what is wrong with them */
  GError *unusable;
} HfReading;

/* @old is what is shown so far: its pictures are taken over. */
HfReading *hf_reading_new (HfProject *project, HfReadWhat what,
                           const HfInventory *old,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_reading_free (HfReading *self);

/* The label of a picture, or NULL. */
const HfProjectLabel *hf_labels_find (const GArray *labels, gint64 image_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfInventory, hf_inventory_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfReading, hf_reading_free)
G_END_DECLS
