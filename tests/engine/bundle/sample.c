/* sample.c: see the header. */
#include "sample.h"

#include "bundle/goldens.h"

#include <string.h>

enum { DIM = 4 };

static const float weight[2][DIM] = {{1, -1, 0.5f, 0}, {-1, 1, 0, 2}};
static const gint32 labels[2] = {0, 1};

static void
add_tensor (HfTensorFile *file, const char *name, HfDtype dtype, gint64 n,
            gint64 dim, const void *data)
{
  HfTensor tensor = {.dtype = dtype,
                     .n_dims = 2,
                     .shape = {n, dim},
                     .strides = {dim, 1},
                     .data = data};

  hf_tensor_file_add (file, name, &tensor);
}

static HfGolden *
golden_new (const HfProbe *probe, const char *name, float first)
{
  HfGolden *golden = g_new0 (HfGolden, 1);
  float row[DIM] = {first, 0.5f, 0.25f, 0.125f};
  double probabilities[2];

  hf_probe_predict (probe, row, NULL, 1, probabilities, NULL);
  golden->name = g_strdup (name);
  golden->bytes = g_bytes_new (name, strlen (name));
  golden->clip = g_bytes_new (row, sizeof row);
  golden->probabilities = g_bytes_new (probabilities, sizeof probabilities);
  return golden;
}

void
sample_fill (HfBundleContent *content)
{
  g_autoptr (HfTensorFile) tensors = hf_tensor_file_new (NULL, NULL);

  memset (content, 0, sizeof *content);
  add_tensor (tensors, "weight", HF_DTYPE_F32, 2, DIM, weight);
  content->probe = hf_probe_new_from_tensors (tensors, NULL);
  content->classes = g_strsplit ("good|rusty \"R\"", "|", -1);
  content->kinds = g_new0 (HfClassKind, 2);
  content->kinds[1] = HF_CLASS_DEFECT;
  content->model_identity = g_strnfill (64, 'a');
  content->model_name = g_strdup ("starter");
  content->precision = HF_PRECISION_F16;
  content->framing = (HfFraming) HF_FRAMING_INIT;
  content->n_views = 4;
  content->thresholds = (HfThresholds){0.25, 0.9};
  content->label_log_sha256 = g_strnfill (64, 'b');
  content->evaluation =
      hf_json_parse ("{\"accuracy\":{\"k\":9,\"n\":10}}", 28, NULL);
  content->counts = hf_json_parse ("{\"images\":2}", 12, NULL);
  content->warnings = g_strsplit ("Few labels.", "|", -1);
  content->goldens = g_ptr_array_new_with_free_func (hf_golden_free);
  g_ptr_array_add (content->goldens,
                   golden_new (content->probe, "golden/rusty_001.jpg", 1));
  g_ptr_array_add (content->goldens,
                   golden_new (content->probe, "golden/good_000.jpg", -1));
  g_ptr_array_add (content->goldens,
                   golden_new (content->probe, "golden/good_002.jpg", 0));
  content->training = hf_tensor_file_new (NULL, NULL);
  add_tensor (content->training, "label", HF_DTYPE_I32, 2, 1, labels);
}
