/* writes.c: rows on their way to the cache: a transaction for many costs hardly
 * more than one for a single row, and what a killed program loses is half a
 * second of work. */
#include "features/extractor-private.h"

enum { MOST_ROWS = 256, LONGEST_US = G_USEC_PER_SEC / 2 };

void
hf_writes_init (HfWrites *self)
{
  for (int k = 0; k < HF_N_ROWS; k++) {
    self->sha256[k] = g_ptr_array_new_with_free_func (g_free);
    self->rows[k] = g_byte_array_new ();
  }
  self->since_us = 0;
}

void
hf_writes_clear (HfWrites *self)
{
  for (int k = 0; k < HF_N_ROWS; k++) {
    g_clear_pointer (&self->sha256[k], g_ptr_array_unref);
    g_clear_pointer (&self->rows[k], g_byte_array_unref);
  }
}

void
hf_writes_flush (HfWrites *self, const HfRecipe *recipe)
{
  for (int k = 0; k < HF_N_ROWS; k++) {
    if (self->sha256[k]->len > 0)
      hf_feature_store_put (recipe->store, recipe->keys[k],
                            (const char *const *) self->sha256[k]->pdata,
                            self->sha256[k]->len, self->rows[k]->data,
                            recipe->row_bytes[k]);
    g_ptr_array_set_size (self->sha256[k], 0);
    g_byte_array_set_size (self->rows[k], 0);
  }
  self->since_us = 0;
}

void
hf_writes_add (HfWrites *self, const HfRecipe *recipe,
               const HfPictureRows *picture)
{
  gboolean is_full = FALSE;

  if (recipe->store == NULL)
    return;
  for (int k = 0; k < HF_N_ROWS; k++) {
    if (!picture->fresh[k])
      continue;
    g_ptr_array_add (self->sha256[k], g_strdup (picture->sha256));
    g_byte_array_append (self->rows[k],
                         g_bytes_get_data (picture->rows[k], NULL),
                         (guint) recipe->row_bytes[k]);
    is_full = is_full || self->sha256[k]->len >= MOST_ROWS;
  }
  if (self->since_us == 0)
    self->since_us = g_get_monotonic_time ();
  if (is_full || g_get_monotonic_time () - self->since_us > LONGEST_US)
    hf_writes_flush (self, recipe);
}
