#include "made-up-numbers.h"

#include "app/desk/numbers-private.h"
#include "ui/workspace/items-private.h"

#include <string.h>

static const char *const colours[] = {"#009e73", "#e69f00", "#56b4e9",
                                      "#f0e442", "#0072b2", "#d55e00",
                                      "#cc79a7"};

GListModel *
made_up_classes (int n_classes, const char *const *names)
{
  GListStore *list = g_list_store_new (HF_TYPE_CLASS_ITEM);

  for (int c = 0; c < n_classes; c++) {
    const char key[] = {c < 9 ? (char) ('1' + c) : (char) ('a' + c - 9), '\0'};
    HfProjectClass class = {.id = 100 + c,
                            .name = (char *) names[c],
                            .kind = c == 0 ? HF_CLASS_GOOD : HF_CLASS_DEFECT,
                            .key = (char *) key};
    g_autoptr (HfClassItem) item = NULL;

    g_strlcpy (class.colour, colours[c % (int) G_N_ELEMENTS (colours)],
               sizeof class.colour);
    item = hf_class_item_new (&class);
    g_list_store_append (list, item);
  }
  return G_LIST_MODEL (list);
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_pictures (const char *folder)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".jpg"))
      g_ptr_array_add (files, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (files, compare_paths);
  return files;
}

static HfSamples *
new_samples (const MadeUp *data, const char *const *names, const char *folder)
{
  HfSamples *samples = hf_samples_new ();
  g_autoptr (GPtrArray) files = list_pictures (folder);

  for (int c = 0; c < data->n_classes; c++) {
    int index = hf_samples_add_class (samples, names[c],
                                      !data->good ? HF_CLASS_OTHER
                                      : c == 0    ? HF_CLASS_GOOD
                                                  : HF_CLASS_DEFECT);

    ((HfSampleClass *) samples->classes->pdata[index])->id = 100 + c;
  }
  for (gsize i = 0; i < data->n; i++) {
    g_autofree char *made_up = g_strdup_printf ("/photos/%04d.jpg", (int) i);
    const char *path = files->len > 0 ? files->pdata[i % files->len] : made_up;

    hf_samples_add (samples, path, 0, NULL)->image_id = (gint64) i + 1;
  }
  return samples;
}

static HfRows *
new_rows (const MadeUp *data, const HfEvaluation *evaluation,
          HfSamples *samples)
{
  HfRows *rows = hf_rows_new (data->n, 1, 0, 0, NULL);

  for (gsize i = 0; i < data->n; i++) {
    rows->label[i] = evaluation->truth[i];
    rows->sha256[i] = g_strdup_printf ("%064d", (int) i);
    if (data->lot > 1)
      rows->group_name[i] =
          g_strdup_printf ("lot%d", (int) (i / (gsize) data->lot));
  }
  for (guint c = 0; c < samples->classes->len; c++)
    g_ptr_array_add (rows->classes,
                     hf_sample_class_dup (samples->classes->pdata[c]));
  hf_rows_finish (rows);
  return rows;
}

static void
add_misses (HfNumbers *numbers)
{
  const HfEvaluation *evaluation = numbers->evaluation;
  const HfProbeEvaluation *probe = evaluation->probes->pdata[0];

  for (gsize i = 0; i < evaluation->n_tested; i++) {
    HfNumbersMiss *miss;

    if (probe->predicted[i] == evaluation->truth[i])
      continue;
    miss = g_new0 (HfNumbersMiss, 1);
    miss->image_id = (gint64) i + 1;
    miss->class_id = 100 + probe->predicted[i];
    miss->probability = probe->probabilities[i * (gsize) evaluation->n_classes +
                                             (gsize) probe->predicted[i]];
    g_ptr_array_add (numbers->misses, miss);
  }
}

HfNumbers *
made_up_numbers (const MadeUp *data, const char *const *names,
                 const char *folder)
{
  const char *const probes[] = {"gda", "zero-shot"};
  HfNumbers *numbers = hf_numbers_new (1, new_samples (data, names, folder));
  HfProbeEvaluation *zero_shot;

  numbers->evaluation = made_up_evaluation (data, probes, 2);
  zero_shot = numbers->evaluation->probes->pdata[1];
  zero_shot->spec.kind = HF_PROBE_ZERO_SHOT;
  ((HfProbeEvaluation *) numbers->evaluation->probes->pdata[0])->spec.kind =
      HF_PROBE_GDA;
  numbers->rows = new_rows (data, numbers->evaluation, numbers->samples);
  numbers->image_ids = g_new0 (gint64, data->n + 1);
  numbers->class_ids = g_new0 (gint64, (gsize) data->n_classes + 1);
  for (gsize i = 0; i < data->n; i++)
    numbers->image_ids[i] = (gint64) i + 1;
  for (int c = 0; c < data->n_classes; c++)
    numbers->class_ids[c] = 100 + c;
  add_misses (numbers);
  return numbers;
}

HfEvaluation *
made_up_full (const MadeUp *data)
{
  const char *const names[] = {"gda", "linear", "svm", "svm both", "zero-shot"};
  const HfProbeKind kinds[] = {HF_PROBE_GDA, HF_PROBE_LINEAR, HF_PROBE_SVM,
                               HF_PROBE_SVM, HF_PROBE_ZERO_SHOT};
  const HfBlocks blocks[] = {HF_BLOCK_CLIP, HF_BLOCKS_BOTH, HF_BLOCK_CLIP,
                             HF_BLOCKS_BOTH, HF_BLOCK_CLIP};
  HfEvaluation *full = made_up_evaluation (data, names, G_N_ELEMENTS (names));

  for (guint i = 0; i < full->probes->len; i++) {
    HfProbeEvaluation *probe = full->probes->pdata[i];

    probe->spec.kind = kinds[i];
    probe->spec.blocks = blocks[i];
  }
  made_up_learning (full->probes->pdata[0], data->n > 10 ? 6 : 0);
  if (data->lot > 1) {
    full->leak_random =
        ((HfProbeEvaluation *) full->probes->pdata[0])->accuracy;
    full->leak_grouped =
        ((HfProbeEvaluation *) full->probes->pdata[4])->accuracy;
  }
  return full;
}
