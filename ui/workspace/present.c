/* present.c: from numbers to what each picture shows. */
#include "ui/workspace/workspace-private.h"

static HfPicture *
find (HfWorkspace *self, gint64 image_id)
{
  return hf_workspace_find_picture (self, image_id);
}

/* Predictions and the index of pictures are both by number. */
static void
present_predictions (HfWorkspace *self, GHashTable *changed)
{
  const HfNumbers *numbers = self->numbers;
  const HfInventory *inventory = self->inventory;
  gsize n = inventory->images != NULL ? inventory->images->n : 0;
  gsize at = 0;

  for (gsize i = 0; i < n; i++) {
    HfPicture *picture = inventory->pictures->pdata[inventory->by_id[i]];
    HfPictureInfo *info = hf_picture_edit (picture);
    HfPrediction one = {0};

    while (at < numbers->n_predictions &&
           numbers->predictions[at].image_id < info->id)
      at++;
    if (at < numbers->n_predictions &&
        numbers->predictions[at].image_id == info->id)
      one = numbers->predictions[at];
    if (info->predicted_id == one.class_id &&
        info->probability == (float) one.probability &&
        info->verdict == one.verdict)
      continue;
    info->predicted_id = one.class_id;
    info->probability = (float) one.probability;
    info->verdict = one.verdict;
    g_hash_table_add (changed, picture);
  }
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

  present_predictions (self, changed);
  clear_marks (self, changed);
  present_marks (self, changed);
  g_hash_table_iter_init (&iter, changed);
  while (g_hash_table_iter_next (&iter, &picture, NULL))
    hf_picture_changed (picture);
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
