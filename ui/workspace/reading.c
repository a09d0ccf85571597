/* reading.c: see the header. Pictures that are new are made here, in the
 * store's thread: of 100,000 the main thread would stand still. */
#include "ui/workspace/reading-private.h"

#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/sources.h"
#include "app/project/suggestions.h"
#include "ui/workspace/items-private.h"

#include <string.h>

HfInventory *
hf_inventory_new (void)
{
  HfInventory *self = g_atomic_rc_box_new0 (HfInventory);

  self->pictures = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

HfInventory *
hf_inventory_ref (HfInventory *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_inventory (gpointer data)
{
  HfInventory *self = data;

  g_ptr_array_unref (self->pictures);
  g_clear_pointer (&self->images, hf_image_list_unref);
  g_free (self->by_id);
}

void
hf_inventory_unref (HfInventory *self)
{
  g_atomic_rc_box_release_full (self, clear_inventory);
}

gssize
hf_inventory_find (const HfInventory *self, gint64 image_id)
{
  gsize low = 0, high = self->images != NULL ? self->images->n : 0;

  while (low < high) {
    gsize middle = low + (high - low) / 2;
    gint64 id = self->images->images[self->by_id[middle]].id;

    if (id == image_id)
      return (gssize) self->by_id[middle];
    if (id < image_id)
      low = middle + 1;
    else
      high = middle;
  }
  return -1;
}

static int
compare_ids (gconstpointer a, gconstpointer b, gpointer data)
{
  const HfImageList *images = data;
  gint64 left = images->images[*(const guint *) a].id;
  gint64 right = images->images[*(const guint *) b].id;

  return (left > right) - (left < right);
}

static HfInventory *
read_inventory (HfProject *project, const HfInventory *old, GError **error)
{
  g_autoptr (HfInventory) self = hf_inventory_new ();
  HfImageList *images = hf_project_dup_images (project, error);

  if (images == NULL)
    return NULL;
  self->images = images;
  self->by_id = g_new (guint, images->n + 1);
  for (gsize i = 0; i < images->n; i++)
    self->by_id[i] = (guint) i;
  g_qsort_with_data (self->by_id, (int) images->n, sizeof (guint), compare_ids,
                     images);
  g_ptr_array_set_size (self->pictures, (int) images->n);
  for (gsize i = 0; i < images->n; i++) {
    gssize known =
        old != NULL ? hf_inventory_find (old, images->images[i].id) : -1;

    self->pictures->pdata[i] = known >= 0
                                   ? g_object_ref (old->pictures->pdata[known])
                                   : hf_picture_new (images->images[i].id);
  }
  return g_steal_pointer (&self);
}

static gboolean
read_labels (HfReading *self, HfProject *project, GError **error)
{
  self->labels = hf_project_dup_labels (project, error);
  if (self->labels == NULL)
    return FALSE;
  self->due = hf_project_dup_due_audits (project, &self->n_shown, error);
  return self->due != NULL &&
         hf_project_count_steps (project, &self->n_undo, &self->n_redo, error);
}

HfReading *
hf_reading_new (HfProject *project, HfReadWhat what, const HfInventory *old,
                GError **error)
{
  g_autoptr (HfReading) self = g_new0 (HfReading, 1);

  /* Labels come last: what is labelled is among the pictures and classes. */
  if (what == HF_READ_ALL) {
    self->inventory = read_inventory (project, old, error);
    if (self->inventory == NULL)
      return NULL;
    self->sources = hf_project_dup_sources (project, error);
    if (self->sources == NULL)
      return NULL;
    self->classes = hf_project_dup_classes (project, error);
    if (self->classes == NULL)
      return NULL;
    self->settings = hf_project_settings_new (project, &self->unusable);
  }
  if (what != HF_READ_NOTHING && !read_labels (self, project, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
hf_reading_free (HfReading *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->inventory, hf_inventory_unref);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->classes, g_ptr_array_unref);
  g_clear_pointer (&self->settings, hf_project_settings_unref);
  g_clear_error (&self->unusable);
  g_clear_pointer (&self->labels, g_array_unref);
  g_clear_pointer (&self->due, g_array_unref);
  g_free (self);
}

const HfProjectLabel *
hf_labels_find (const GArray *labels, gint64 image_id)
{
  guint low = 0, high = labels != NULL ? labels->len : 0;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    const HfProjectLabel *label =
        &g_array_index (labels, HfProjectLabel, middle);

    if (label->image_id == image_id)
      return label;
    if (label->image_id < image_id)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}
