/* apply.c: from what was read to what is shown: pictures, classes and sources
 * change in place, and only what is another now is told of. */
#include "ui/workspace/workspace-private.h"

#include "app/project/sources.h"

#include <glib/gi18n.h>
#include <string.h>

static void
count_label (HfWorkspace *self, gint64 class_id, int by)
{
  HfClassItem *item =
      class_id != 0 ? hf_workspace_find_class (self, class_id) : NULL;

  if (class_id == 0)
    return;
  self->n_labelled = (guint) ((int) self->n_labelled + by);
  if (item != NULL)
    hf_class_item_set_n_labels (
        item, (guint) ((int) hf_class_item_get_n_labels (item) + by));
}

void
hf_workspace_show_label (HfWorkspace *self, HfPicture *picture, gint64 class_id,
                         gint64 entry)
{
  HfPictureInfo *info = hf_picture_edit (picture);
  guint64 labelled = class_id != 0 ? (guint64) entry : 0;
  gboolean was_labelled = info->class_id != 0;

  if (info->class_id == class_id) {
    info->labelled = labelled;
    return;
  }
  count_label (self, info->class_id, -1);
  count_label (self, class_id, 1);
  info->class_id = class_id;
  info->labelled = labelled;
  if (was_labelled != (class_id != 0))
    hf_workspace_notify (self, HF_WORKSPACE_N_LABELLED);
  hf_picture_changed (picture);
}

void
hf_workspace_settle (HfWorkspace *self, gint64 image_id)
{
  HfPicture *picture = hf_workspace_find_picture (self, image_id);
  const HfProjectLabel *label = hf_labels_find (self->labels, image_id);

  if (picture == NULL || g_hash_table_contains (self->pending, &image_id))
    return;
  hf_workspace_show_label (self, picture, label != NULL ? label->class_id : 0,
                           label != NULL ? label->entry : 0);
}

void
hf_workspace_show_state (HfWorkspace *self, HfPicture *picture,
                         HfPictureState state, const char *reason)
{
  HfPictureInfo *info = hf_picture_edit (picture);
  HfPictureState was = info->state;

  if (was == state && g_strcmp0 (info->reason, reason) == 0)
    return;
  self->n_ready += (state == HF_PICTURE_READY);
  self->n_ready -= (was == HF_PICTURE_READY);
  self->n_unreadable += (state == HF_PICTURE_UNREADABLE);
  self->n_unreadable -= (was == HF_PICTURE_UNREADABLE);
  info->state = state;
  hf_picture_set_reason (picture, reason);
  if ((was == HF_PICTURE_READY) != (state == HF_PICTURE_READY))
    hf_workspace_notify (self, HF_WORKSPACE_N_READY);
  if ((was == HF_PICTURE_UNREADABLE) != (state == HF_PICTURE_UNREADABLE))
    hf_workspace_notify (self, HF_WORKSPACE_N_UNREADABLE);
  hf_picture_changed (picture);
}

void
hf_workspace_show_gone (HfWorkspace *self, HfPicture *picture, gboolean gone)
{
  hf_picture_edit (picture)->gone = gone;
  if (gone)
    hf_workspace_show_state (
        self, picture, HF_PICTURE_UNREADABLE,
        _("The file is not in its folder any more. The picture counts again "
          "when it is back."));
  else
    hf_workspace_show_state (self, picture, HF_PICTURE_WAITING, NULL);
}

/* The last part of a path, valid UTF-8. */
static const char *
get_shown_name (const char *path)
{
  const char *slash = strrchr (path, '/');
  const char *name = slash != NULL ? slash + 1 : path;
  g_autofree char *valid = NULL;

  if (g_utf8_validate (name, -1, NULL))
    return name;
  valid = g_utf8_make_valid (name, -1);
  return g_intern_string (valid);
}

/* Strings are the inventory's, which lives as long as it is shown. TRUE if
 * anything is another now. */
static gboolean
place_picture (HfPicture *picture, const HfProjectImage *image)
{
  HfPictureInfo *info = hf_picture_edit (picture);
  gboolean changed =
      info->path == NULL || strcmp (info->path, image->path) != 0 ||
      g_strcmp0 (info->group, image->group) != 0 ||
      info->source_id != image->source_id || info->sealed != image->sealed;

  info->name = get_shown_name (image->path);
  info->path = image->path;
  info->group = image->group;
  info->source_id = image->source_id;
  info->sealed = image->sealed;
  return changed;
}

/* A picture that is listed no more takes its counts with it. */
static void
drop_lost (HfWorkspace *self, const HfInventory *old)
{
  gboolean dropped = FALSE;

  for (guint i = 0; i < old->pictures->len; i++) {
    HfPicture *picture = old->pictures->pdata[i];
    HfPictureInfo *info = hf_picture_edit (picture);

    if (hf_inventory_find (self->inventory, info->id) >= 0)
      continue;
    count_label (self, info->class_id, -1);
    self->n_ready -= (info->state == HF_PICTURE_READY);
    self->n_unreadable -= (info->state == HF_PICTURE_UNREADABLE);
    info->path = info->name = "";
    info->group = NULL;
    dropped = TRUE;
  }
  if (!dropped)
    return;
  hf_workspace_notify (self, HF_WORKSPACE_N_LABELLED);
  hf_workspace_notify (self, HF_WORKSPACE_N_READY);
  hf_workspace_notify (self, HF_WORKSPACE_N_UNREADABLE);
}

/* Whether any picture is another, or somewhere else. */
static gboolean
apply_inventory (HfWorkspace *self, HfInventory *inventory)
{
  g_autoptr (HfInventory) old = g_steal_pointer (&self->inventory);
  const HfImageList *images = inventory->images;
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();

  self->inventory = hf_inventory_ref (inventory);
  drop_lost (self, old);
  for (gsize i = 0; i < images->n; i++) {
    HfPicture *picture = inventory->pictures->pdata[i];
    const HfPictureInfo *info = hf_picture_get_info (picture);
    const char *was = info->path;

    if (!place_picture (picture, &images->images[i]))
      continue;
    g_ptr_array_add (changed, picture);
    /* Under its new name it may be read. */
    if (info->state == HF_PICTURE_UNREADABLE && strcmp (was, info->path) != 0)
      hf_workspace_show_gone (self, picture, FALSE);
  }
  hf_picture_list_take (self->pictures, g_ptr_array_ref (inventory->pictures));
  self->cursor = 0;
  self->labels_embedded = FALSE;
  if (old->pictures->len != inventory->pictures->len)
    hf_workspace_notify (self, HF_WORKSPACE_N_PICTURES);
  for (guint i = 0; i < changed->len; i++)
    hf_picture_changed (changed->pdata[i]);
  return changed->len > 0 || old->pictures->len != inventory->pictures->len;
}

static gboolean
is_item (GListModel *list, guint i, gpointer item)
{
  g_autoptr (GObject) there = g_list_model_get_item (list, i);

  return there == item;
}

/* Tells of what differs, from the first such place to the last: whoever lists
 * the others keeps them. Whether anything does. */
static gboolean
splice_classes (GListStore *store, const GPtrArray *items)
{
  GListModel *list = G_LIST_MODEL (store);
  guint n = g_list_model_get_n_items (list);
  guint front = 0, back = 0;

  while (front < MIN (n, items->len) &&
         is_item (list, front, items->pdata[front]))
    front++;
  while (back < MIN (n, items->len) - front &&
         is_item (list, n - 1 - back, items->pdata[items->len - 1 - back]))
    back++;
  if (front + back == MAX (n, items->len))
    return FALSE;
  g_list_store_splice (store, front, n - front - back, items->pdata + front,
                       items->len - front - back);
  return TRUE;
}

/* Whether a class is another as training sees it. */
static gboolean
apply_classes (HfWorkspace *self, const GPtrArray *classes)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean changed = FALSE;

  for (guint i = 0; i < classes->len; i++) {
    const HfProjectClass *class = classes->pdata[i];
    HfClassItem *item = hf_workspace_find_class (self, class->id);

    item = item != NULL ? g_object_ref (item) : hf_class_item_new (class);
    if (hf_class_item_update (item, class))
      changed = TRUE;
    g_ptr_array_add (items, item);
  }
  return splice_classes (self->classes, items) || changed;
}

/* Of every class, by what the pictures show: a class may have come back. */
static void
count_classes (HfWorkspace *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->classes));
  g_autoptr (GHashTable) counts =
      g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < self->inventory->pictures->len; i++) {
    HfPictureInfo *info = hf_picture_edit (self->inventory->pictures->pdata[i]);
    guint count;

    if (info->class_id == 0)
      continue;
    count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, &info->class_id));
    g_hash_table_insert (counts, &info->class_id, GUINT_TO_POINTER (count + 1));
  }
  for (guint i = 0; i < n; i++) {
    g_autoptr (HfClassItem) item =
        g_list_model_get_item (G_LIST_MODEL (self->classes), i);
    gint64 id = hf_class_item_get_id (item);

    hf_class_item_set_n_labels (
        item, GPOINTER_TO_UINT (g_hash_table_lookup (counts, &id)));
  }
}

void
hf_workspace_retry (HfWorkspace *self)
{
  for (guint i = 0; i < self->inventory->pictures->len; i++) {
    HfPicture *picture = self->inventory->pictures->pdata[i];
    const HfPictureInfo *info = hf_picture_get_info (picture);

    if (info->state == HF_PICTURE_UNREADABLE && !info->gone)
      hf_workspace_show_state (self, picture, HF_PICTURE_WAITING, NULL);
  }
  self->cursor = 0;
  self->labels_embedded = FALSE;
  hf_workspace_embed (self);
}

void
hf_workspace_show_found (HfWorkspace *self, HfSourceItem *source,
                         gboolean found)
{
  gint64 id = hf_source_item_get_id (source);
  g_autofree char *reason = g_strdup_printf (
      _("The folder %s is not there."), hf_source_item_get_name (source));

  for (guint i = 0; i < self->inventory->pictures->len; i++) {
    HfPicture *picture = self->inventory->pictures->pdata[i];
    HfPictureInfo *info = hf_picture_edit (picture);

    if (info->source_id != id)
      continue;
    info->gone = FALSE;
    if (!found && info->state != HF_PICTURE_READY)
      hf_workspace_show_state (self, picture, HF_PICTURE_UNREADABLE, reason);
    else if (found && info->state == HF_PICTURE_UNREADABLE)
      hf_workspace_show_state (self, picture, HF_PICTURE_WAITING, NULL);
  }
  self->cursor = 0;
  self->labels_embedded = FALSE;
  hf_workspace_labels_changed (self);
  hf_workspace_embed (self);
}

static HfSourceItem *
dup_source (HfWorkspace *self, gint64 id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sources));

  for (guint i = 0; i < n; i++) {
    g_autoptr (HfSourceItem) item =
        g_list_model_get_item (G_LIST_MODEL (self->sources), i);

    if (hf_source_item_get_id (item) == id)
      return g_steal_pointer (&item);
  }
  return NULL;
}

/* Sources are never taken away, so new ones are the last. */
static void
apply_sources (HfWorkspace *self, const GPtrArray *sources)
{
  for (guint i = 0; i < sources->len; i++) {
    const HfSource *source = sources->pdata[i];
    g_autoptr (HfSourceItem) item = dup_source (self, source->id);
    gboolean is_new = item == NULL;
    gboolean was_found;

    if (is_new)
      item = hf_source_item_new (source->id);
    was_found = is_new || hf_source_item_get_found (item);
    hf_source_item_update (item, source->folder, source->found);
    if (is_new)
      g_list_store_append (self->sources, item);
    if (was_found != source->found)
      hf_workspace_show_found (self, item, source->found);
  }
}

/* Both are by picture: what is in one only, or differs, changes. With @anew
 * there are pictures that know nothing of labels read before. Returns whether
 * anything is another now. */
static gboolean
apply_labels (HfWorkspace *self, GArray *labels, gboolean anew)
{
  g_autoptr (GArray) old = g_steal_pointer (&self->labels);
  guint i = 0, j = 0;
  gboolean changed = FALSE;

  self->labels = g_array_ref (labels);
  while (i < old->len || j < labels->len) {
    const HfProjectLabel *left =
        i < old->len ? &g_array_index (old, HfProjectLabel, i) : NULL;
    const HfProjectLabel *right =
        j < labels->len ? &g_array_index (labels, HfProjectLabel, j) : NULL;
    gint64 id = MIN (left != NULL ? left->image_id : G_MAXINT64,
                     right != NULL ? right->image_id : G_MAXINT64);
    gboolean in_old = left != NULL && left->image_id == id;
    gboolean in_new = right != NULL && right->image_id == id;

    i += in_old;
    j += in_new;
    if (in_new)
      self->last_entry = MAX (self->last_entry, right->entry);
    if (!in_old || !in_new || left->entry != right->entry)
      changed = TRUE;
    else if (!anew)
      continue;
    hf_workspace_settle (self, id);
  }
  return changed;
}

static void
apply_steps (HfWorkspace *self, const HfReading *reading)
{
  gboolean can_undo = self->n_undo > 0, can_redo = self->n_redo > 0;

  g_array_unref (self->due);
  self->due = g_array_ref (reading->due);
  self->n_shown = reading->n_shown;
  self->n_undo = reading->n_undo;
  self->n_redo = reading->n_redo;
  if (can_undo != (self->n_undo > 0))
    hf_workspace_notify (self, HF_WORKSPACE_CAN_UNDO);
  if (can_redo != (self->n_redo > 0))
    hf_workspace_notify (self, HF_WORKSPACE_CAN_REDO);
}

void
hf_workspace_apply (HfWorkspace *self, HfReading *reading)
{
  gboolean all = reading->inventory != NULL, changed = FALSE;

  if (reading->labels == NULL)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  /* Classes first: a label shown is of a class that is there. */
  if (all) {
    changed = apply_classes (self, reading->classes);
    if (apply_inventory (self, reading->inventory))
      changed = TRUE;
    apply_sources (self, reading->sources);
  }
  if (apply_labels (self, reading->labels, all))
    changed = TRUE;
  apply_steps (self, reading);
  if (all)
    count_classes (self);
  if (all && reading->settings != NULL)
    hf_workspace_take_settings (self, reading->settings, FALSE);
  else if (all)
    hf_workspace_set_desk_trouble (self, reading->unusable);
  if (changed)
    hf_workspace_labels_changed (self);
  hf_workspace_embed (self);
  g_object_thaw_notify (G_OBJECT (self));
}
