/* Any bytes are a pickle, bare or within the layout before PyTorch 1.6: read,
 * or refused with a reason. Every storage has the same few numbers. */
#include "model/torch/legacy.h"
#include "model/torch/state.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gboolean
find (gpointer data, HfPickleStorage *storage, GError **error)
{
  static const guint8 numbers[1024];

  if (storage->n_elements >
      (gint64) (sizeof (numbers) / hf_dtype_get_size (storage->dtype))) {
    g_set_error_literal (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT, "long");
    return FALSE;
  }
  storage->data = numbers;
  return TRUE;
}

static void
read_all (const HfTensorFile *file)
{
  for (guint i = 0; i < hf_tensor_file_get_n_tensors (file); i++) {
    const HfTensor *tensor = hf_tensor_file_get_nth (file, i);
    g_autofree float *values =
        g_new (float, (gsize) hf_tensor_get_n_elements (tensor) + 1);

    hf_tensor_read (tensor, values);
  }
}

static void
try_bare (const uint8_t *data, size_t size)
{
  gsize n_read = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfPickle) pickle = hf_pickle_read (data, size, &n_read, &error);
  g_autoptr (HfTorchState) state = NULL;
  g_autoptr (HfTensorFile) file = hf_tensor_file_new (NULL, NULL);

  g_assert_true ((pickle == NULL) == (error != NULL));
  if (pickle == NULL) {
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    return;
  }
  g_assert_true (n_read > 0 && n_read <= size);
  state = hf_torch_state_new (hf_pickle_get_top (pickle), &error);
  if (state != NULL &&
      hf_torch_state_find_storages (state, find, NULL, &error) &&
      hf_torch_state_add_to (state, file, &error))
    read_all (file);
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (HfTensorFile) file = hf_torch_legacy_parse (bytes, NULL);

  if (file != NULL)
    read_all (file);
  try_bare (data, size);
  return 0;
}
