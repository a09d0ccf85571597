/* Any bytes are a probe.safetensors: a probe, or refused with a reason; a probe
 * that is read predicts without harm and is written as it was read. */
#include "probe/probe.h"
#include "tensor/safetensors.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
predict (const HfProbe *probe)
{
  gsize n_tiles = hf_probe_get_n_tiles (probe);
  gsize n_classes = (gsize) hf_probe_get_n_classes (probe);
  g_autofree float *clip =
      g_new0 (float, hf_probe_get_clip_dim (probe) * n_tiles + 1);
  g_autofree float *classic =
      g_new0 (float, hf_probe_get_classic_dim (probe) * n_tiles + 1);
  g_autofree double *p = g_new (double, n_classes *n_tiles);
  double distance;

  hf_probe_predict (probe, clip, classic, 1, p, &distance);
  hf_probe_predict_tiles (probe, clip, classic, 1, p);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (HfTensorFile) file = hf_safetensors_parse (bytes, NULL);
  g_autoptr (HfTensorFile) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProbe) probe = NULL, same = NULL;

  if (file == NULL)
    return 0;
  probe = hf_probe_new_from_tensors (file, &error);
  g_assert_true ((probe == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (probe == NULL)
    return 0;
  predict (probe);
  again = hf_probe_dup_tensors (probe);
  same = hf_probe_new_from_tensors (again, &error);
  g_assert_no_error (error);
  return 0;
}
