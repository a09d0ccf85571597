/* Any bytes are a safetensors file: read, or refused with a reason; what is
 * read can be read to its last number. */
#include "tensor/safetensors.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfTensorFile) file = hf_safetensors_parse (bytes, &error);

  g_assert_true ((file == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  for (guint i = 0; file != NULL && i < hf_tensor_file_get_n_tensors (file);
       i++) {
    const HfTensor *tensor = hf_tensor_file_get_nth (file, i);
    g_autofree float *values =
        g_new (float, (gsize) hf_tensor_get_n_elements (tensor) + 1);

    hf_tensor_read (tensor, values);
  }
  return 0;
}
