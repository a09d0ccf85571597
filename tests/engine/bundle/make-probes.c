/* make-probes.c: `make-probes FOLDER` trains each kind of probe on made-up rows
 * and writes it as a bundle whose goldens are such rows: what a reader in
 * another language is compared with. For each golden a line of JSON on stdout
 * has its distance and verdict. */
#include "base/rng.h"
#include "bundle/bundle.h"
#include "bundle/goldens.h"

#include <math.h>
#include <string.h>

enum {
  CLIP_DIM = 24,
  CLASSIC_DIM = 10,
  PER_CLASS = 12,
  GOLDENS = 8,
  MAX_CLASSES = 4,
  MAX_TILES = 6
};

typedef struct {
  const char *name;
  HfProbeKind kind;
  HfBlocks blocks;
  HfKernel kernel;
  int n_classes, n_columns, n_rows;
  HfThresholds thresholds;
  gboolean no_good;
} Case;

static const Case cases[] = {
    {"zero-shot", HF_PROBE_ZERO_SHOT, HF_BLOCK_CLIP, 0, 4, 1, 1, {NAN, NAN}},
    {"linear", HF_PROBE_LINEAR, HF_BLOCKS_BOTH, 0, 4, 1, 1, {NAN, NAN}},
    {"linear-two", HF_PROBE_LINEAR, HF_BLOCK_CLIP, 0, 2, 1, 1, {0.3, 0.7}},
    {"svm-linear",
     HF_PROBE_SVM,
     HF_BLOCKS_BOTH,
     HF_KERNEL_LINEAR,
     4,
     1,
     1,
     {NAN, NAN}},
    {"svm-rbf",
     HF_PROBE_SVM,
     HF_BLOCKS_BOTH,
     HF_KERNEL_RBF,
     4,
     1,
     1,
     {NAN, NAN},
     TRUE},
    {"svm-two",
     HF_PROBE_SVM,
     HF_BLOCK_CLASSIC,
     HF_KERNEL_RBF,
     2,
     1,
     1,
     {NAN, NAN}},
    {"gda", HF_PROBE_GDA, HF_BLOCKS_BOTH, 0, 4, 1, 1, {0.2, 0.8}},
    {"gda-clip", HF_PROBE_GDA, HF_BLOCK_CLIP, 0, 3, 1, 1, {NAN, NAN}},
    {"gda-classic", HF_PROBE_GDA, HF_BLOCK_CLASSIC, 0, 3, 1, 1, {NAN, NAN}},
    {"gda-tiles", HF_PROBE_GDA, HF_BLOCKS_BOTH, 0, 3, 3, 2, {NAN, NAN}},
};

/* Rows around a place for each class; the last two goldens lie far away. */
typedef struct {
  float clip[MAX_CLASSES * PER_CLASS * MAX_TILES * CLIP_DIM];
  float classic[MAX_CLASSES * PER_CLASS * MAX_TILES * CLASSIC_DIM];
  float text[MAX_CLASSES * CLIP_DIM];
  int label[MAX_CLASSES * PER_CLASS], group[MAX_CLASSES * PER_CLASS];
  HfClassKind kinds[MAX_CLASSES];
  HfDataset data;
} Rows;

static float
draw (HfRng *rng)
{
  return (float) (2 * hf_rng_next_double (rng) - 1);
}

/* A row near place @c, made a unit row if @unit. */
static void
fill_row (HfRng *rng, float *row, int dim, int c, float noise, gboolean unit)
{
  HfRng place;
  double sum = 0;

  hf_rng_init (&place, (guint64) c + 100);
  for (int d = 0; d < dim; d++) {
    row[d] = draw (&place) + noise * draw (rng);
    sum += (double) row[d] * row[d];
  }
  for (int d = 0; unit && d < dim; d++)
    row[d] = (float) (row[d] / sqrt (sum));
}

static void
fill (Rows *rows, const Case *one)
{
  int n_tiles = one->n_columns * one->n_rows;
  int n = one->n_classes * PER_CLASS;
  HfRng rng;

  hf_rng_init (&rng, 7);
  for (int c = 0; c < one->n_classes; c++) {
    rows->kinds[c] = c == 0 ? HF_CLASS_GOOD : HF_CLASS_DEFECT;
    if (one->no_good)
      rows->kinds[c] = HF_CLASS_OTHER;
    fill_row (&rng, rows->text + c * CLIP_DIM, CLIP_DIM, c, 0.8f, TRUE);
  }
  for (int i = 0; i < n; i++) {
    rows->label[i] = i % one->n_classes;
    rows->group[i] = i;
    for (int t = i * n_tiles; t < (i + 1) * n_tiles; t++) {
      fill_row (&rng, rows->clip + t * CLIP_DIM, CLIP_DIM, rows->label[i], 1.5f,
                TRUE);
      fill_row (&rng, rows->classic + t * CLASSIC_DIM, CLASSIC_DIM,
                rows->label[i], 1.5f, FALSE);
    }
  }
  rows->data = (HfDataset){.n_rows = (gsize) n,
                           .n_classes = one->n_classes,
                           .n_tiles = (gsize) n_tiles,
                           .clip_dim = CLIP_DIM,
                           .classic_dim = CLASSIC_DIM,
                           .clip = rows->clip,
                           .classic = rows->classic,
                           .label = rows->label,
                           .group = rows->group,
                           .kinds = rows->kinds,
                           .text = rows->text,
                           .logit_scale = 20};
}

static void
add_golden (HfBundleContent *content, const Rows *rows, const Case *one, int i)
{
  gsize n_tiles = rows->data.n_tiles;
  HfGolden *golden = g_new0 (HfGolden, 1);
  float clip[MAX_TILES * CLIP_DIM], classic[MAX_TILES * CLASSIC_DIM];
  double probabilities[MAX_CLASSES], distance, false_alarms;
  HfVerdict verdict;
  HfRng rng;

  hf_rng_init (&rng, (guint64) i);
  for (gsize t = 0; t < n_tiles; t++) {
    int place = i < GOLDENS - 2 ? i % one->n_classes : 50 + i;

    fill_row (&rng, clip + t * CLIP_DIM, CLIP_DIM, place, 1.5f, TRUE);
    fill_row (&rng, classic + t * CLASSIC_DIM, CLASSIC_DIM, place,
              i < GOLDENS - 2 ? 1.5f : 9.0f, FALSE);
  }
  hf_probe_predict (content->probe, clip, classic, 1, probabilities, &distance);
  verdict = hf_verdict_decide (
      probabilities, content->kinds, one->n_classes, distance,
      hf_probe_get_unknown_limit (content->probe, &false_alarms),
      &content->thresholds);
  golden->name = g_strdup_printf ("golden/%02d.jpg", i);
  golden->bytes = g_bytes_new_static ("", 0);
  golden->clip = g_bytes_new (clip, n_tiles * CLIP_DIM * sizeof *clip);
  golden->classic =
      g_bytes_new (classic, n_tiles * CLASSIC_DIM * sizeof *classic);
  golden->probabilities = g_bytes_new (
      probabilities, (gsize) one->n_classes * sizeof *probabilities);
  g_ptr_array_add (content->goldens, golden);
  g_print ("{\"bundle\": \"%s\", \"distance\": %.17g, \"verdict\": \"%s\"}\n",
           one->name, distance, hf_verdict_get_name (verdict));
}

static gboolean
write_case (const Case *one, const char *folder, GError **error)
{
  g_autofree Rows *rows = g_new0 (Rows, 1);
  g_autofree char *name = g_strconcat (one->name, ".probe", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *framing =
      one->n_columns > 1
          ? g_strdup_printf ("tiles:%dx%d", one->n_columns, one->n_rows)
          : g_strdup ("crop");
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  HfBundleContent content = {.n_views = 1, .thresholds = one->thresholds};
  gboolean ok;

  fill (rows, one);
  spec.kind = one->kind;
  spec.blocks = one->blocks;
  spec.kernel = one->kernel;
  content.probe = hf_probe_train (&rows->data, NULL, 0, &spec, NULL, error);
  if (content.probe == NULL ||
      !hf_framing_parse (framing, &content.framing, error))
    return FALSE;
  content.classes = g_new0 (char *, one->n_classes + 1);
  content.kinds = g_memdup2 (rows->kinds, sizeof rows->kinds);
  for (int c = 0; c < one->n_classes; c++)
    content.classes[c] = g_strdup_printf ("class %d", c);
  content.model_identity = g_strnfill (64, '0');
  content.goldens = g_ptr_array_new_with_free_func (hf_golden_free);
  for (int i = 0; i < GOLDENS; i++)
    add_golden (&content, rows, one, i);
  ok = hf_bundle_save (&content, path, NULL, error);
  hf_bundle_content_clear (&content);
  return ok;
}

int
main (int argc, char **argv)
{
  for (guint i = 0; argc == 2 && i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    if (!write_case (&cases[i], argv[1], &error)) {
      g_printerr ("%s: %s\n", cases[i].name, error->message);
      return 1;
    }
  }
  return argc == 2 ? 0 : 2;
}
