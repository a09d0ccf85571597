/* model-identity.c: hashes block by block, so that no tensor is ever whole in
 * memory. */
#include "model/model-identity.h"

#include "base/sha256.h"

#include <string.h>

#define BLOCK_ELEMENTS (1 << 16)

static void
update_u64 (HfSha256 *sum, guint64 value)
{
  guint64 bytes = GUINT64_TO_LE (value);

  hf_sha256_update (sum, &bytes, sizeof (bytes));
}

static void
update_floats (HfSha256 *sum, float *values, gsize n)
{
#if G_BYTE_ORDER == G_BIG_ENDIAN
  guint32 *words = (guint32 *) (gpointer) values;

  for (gsize i = 0; i < n; i++)
    words[i] = GUINT32_TO_LE (words[i]);
#endif
  hf_sha256_update (sum, values, n * 4);
}

static gboolean
update_values (HfSha256 *sum, const HfTensor *tensor, gint64 *done,
               gint64 total, HfProgress *progress, GError **error)
{
  gint64 n_rows = tensor->n_dims > 0 ? tensor->shape[0] : 1;
  gint64 n_columns =
      n_rows > 0 ? hf_tensor_get_n_elements (tensor) / n_rows : 0;
  gint64 step = MAX (1, BLOCK_ELEMENTS / MAX (1, n_columns));
  g_autofree float *block =
      g_new (float, MIN (step, MAX (1, n_rows)) * MAX (1, n_columns));

  for (gint64 r = 0; r < n_rows; r += step) {
    gint64 n = MIN (step, n_rows - r);

    if (!hf_progress_check (progress, error))
      return FALSE;
    hf_tensor_read_rows (tensor, r, n, block);
    update_floats (sum, block, (gsize) (n * n_columns));
    *done += n * n_columns * 4;
    hf_progress_report (progress, *done, total);
  }
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const HfTensor *x = *(const HfTensor *const *) a;
  const HfTensor *y = *(const HfTensor *const *) b;

  return g_strcmp0 (x->name, y->name);
}

char *
hf_model_identity_new (const HfTensorFile *tensors, HfProgress *progress,
                       GError **error)
{
  g_autoptr (HfSha256) sum = hf_sha256_new ();
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  gint64 done = 0, total = 0;

  for (guint i = 0; i < hf_tensor_file_get_n_tensors (tensors); i++) {
    const HfTensor *tensor = hf_tensor_file_get_nth (tensors, i);

    g_ptr_array_add (sorted, (gpointer) tensor);
    total += hf_tensor_get_n_elements (tensor) * 4;
  }
  g_ptr_array_sort (sorted, compare_names);
  for (guint i = 0; i < sorted->len; i++) {
    const HfTensor *tensor = g_ptr_array_index (sorted, i);

    hf_sha256_update (sum, tensor->name, strlen (tensor->name) + 1);
    update_u64 (sum, (guint64) tensor->n_dims);
    for (int d = 0; d < tensor->n_dims; d++)
      update_u64 (sum, (guint64) tensor->shape[d]);
    if (!update_values (sum, tensor, &done, total, progress, error))
      return NULL;
  }
  return hf_sha256_finish (sum);
}
