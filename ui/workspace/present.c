/* present.c: from numbers to what each picture shows. Suggestions, misses and
 * what is visible change at once; of 100,000 predictions the rest follows in
 * slices, between which the main loop turns. */
#include "ui/workspace/workspace-private.h"

#define SLICE 4096

static HfPicture *
find (HfWorkspace *self, gint64 image_id)
{
  return hf_workspace_find_picture (self, image_id);
}

/* Whether the picture shows another prediction now. */
static gboolean
predict (HfWorkspace *self, HfPicture *picture)
{
  static const HfPrediction nothing = {0};
  HfPictureInfo *info = hf_picture_edit (picture);
  const HfPrediction *one =
      hf_numbers_find_prediction (self->numbers, info->id);

  if (one == NULL)
    one = &nothing;
  if (info->predicted_id == one->class_id &&
      info->probability == (float) one->probability &&
      info->verdict == one->verdict)
    return FALSE;
  info->predicted_id = one->class_id;
  info->probability = (float) one->probability;
  info->verdict = one->verdict;
  return TRUE;
}

static gboolean
slice_cb (gpointer data)
{
  HfWorkspace *self = data;
  /* Whoever hears of a change may ask for anything. */
  g_autoptr (HfInventory) inventory = hf_inventory_ref (self->inventory);
  guint end = MIN (inventory->pictures->len, self->presented + SLICE);

  while (self->presented < end && self->inventory == inventory) {
    HfPicture *picture = inventory->pictures->pdata[self->presented++];

    if (predict (self, picture))
      hf_picture_changed (picture);
  }
  if (self->presented < self->inventory->pictures->len)
    return G_SOURCE_CONTINUE;
  self->present_id = 0;
  return G_SOURCE_REMOVE;
}

static void
clear_marks (HfWorkspace *self, GHashTable *changed)
{
  for (guint i = 0; i < self->marked->len; i++) {
    HfPicture *picture = self->marked->pdata[i];
    HfPictureInfo *info = hf_picture_edit (picture);

    info->missed_id = 0;
    info->doubtful = FALSE;
    info->next = 0;
    hf_picture_set_why (picture, NULL);
    if (find (self, info->id) == picture)
      g_hash_table_add (changed, picture);
  }
  g_ptr_array_set_size (self->marked, 0);
}

static void
mark (HfWorkspace *self, HfPicture *picture, const char *why,
      GHashTable *changed)
{
  hf_picture_set_why (picture, why);
  g_ptr_array_add (self->marked, g_object_ref (picture));
  g_hash_table_add (changed, picture);
}

static void
present_marks (HfWorkspace *self, GHashTable *changed)
{
  const HfNumbers *numbers = self->numbers;

  for (guint i = 0; i < numbers->misses->len; i++) {
    const HfNumbersMiss *miss = numbers->misses->pdata[i];
    HfPicture *picture = find (self, miss->image_id);

    if (picture == NULL)
      continue;
    hf_picture_edit (picture)->missed_id = miss->class_id;
    hf_picture_edit (picture)->missed_probability = (float) miss->probability;
    hf_picture_edit (picture)->doubtful = miss->doubtful;
    mark (self, picture, miss->reason, changed);
  }
  for (guint i = 0; i < numbers->next->len; i++) {
    const HfNumbersNext *next = numbers->next->pdata[i];
    HfPicture *picture = find (self, next->image_id);

    if (picture == NULL)
      continue;
    hf_picture_edit (picture)->next = (int) i + 1;
    mark (self, picture, next->reason, changed);
  }
}

void
hf_workspace_present (HfWorkspace *self)
{
  g_autoptr (GHashTable) changed = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer picture;

  clear_marks (self, changed);
  present_marks (self, changed);
  for (guint i = 0; i < self->wanted->len; i++)
    if (predict (self, self->wanted->pdata[i]))
      g_hash_table_add (changed, self->wanted->pdata[i]);
  g_hash_table_iter_init (&iter, changed);
  while (g_hash_table_iter_next (&iter, &picture, NULL))
    hf_picture_changed (picture);
  self->presented = 0;
  if (self->present_id == 0 && slice_cb (self))
    self->present_id = g_idle_add (slice_cb, self);
}

void
hf_workspace_add_shown (HfWorkspace *self, gint64 image_id, GArray *shown)
{
  if (self->numbers == NULL)
    return;
  for (guint i = 0; i < self->numbers->next->len; i++) {
    const HfNumbersNext *next = self->numbers->next->pdata[i];
    const HfShownSuggestion one = {.image_id = image_id, .why = next->why};

    if (next->image_id == image_id &&
        !g_hash_table_contains (self->logged, &image_id))
      g_array_append_val (shown, one);
  }
}
