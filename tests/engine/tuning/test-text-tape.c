/* The starter's text tower, forward and back, against what PyTorch's autograd
 * says (tests/golden/tuning), and against the tower that encodes texts. */
#include "clip/towers/text-tower.h"
#include "tensor/safetensors.h"
#include "tuning/text-tape.h"

#include "../compute/fixture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define N_TEXTS 4
#define N_LONG 39
#define MAX_WIDTH 512
#define MODEL_FILE "open_clip_model.safetensors"
#define CONFIG_FILE "open_clip_config.json"

static const int start[][12] = {
    {49406, 320, 1125, 539, 320, 5567, 49407},
    {49406, 320, 12953, 5567, 49407},
    {49406, 320, 1125, 539, 320, 736, 320, 12953, 4040, 5567, 269, 49407},
};
static const int lengths[N_TEXTS] = {7, 5, 12, N_LONG};

typedef struct {
  HfOps *ops;
  HfModelFile *model;
  HfTextTape *tape;
  int ids[N_TEXTS][N_LONG];
  int n_rows, width, embed_dim;
  float *rows;                   /* [n_rows][width] */
  float *out, *wanted_out;       /* [N_TEXTS][embed_dim] */
  float *d_rows, *wanted_d_rows; /* [n_rows][width] */
} Fixture;

static char *
dup_starter (void)
{
  return g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"), "data", "models",
                           "starter", NULL);
}

/* A folder with the starter's configuration, in which @from is @to. */
static char *
make_folder (const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("handful-XXXXXX", &error);
  g_autofree char *starter = dup_starter ();
  g_autofree char *config = g_build_filename (starter, CONFIG_FILE, NULL);
  g_autofree char *changed = g_build_filename (folder, CONFIG_FILE, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) edited = NULL;

  g_assert_no_error (error);
  g_file_get_contents (config, &text, NULL, &error);
  g_assert_no_error (error);
  edited = g_string_new (text);
  g_assert_cmpuint (g_string_replace (edited, from, to, 0), ==, 1);
  g_file_set_contents (changed, edited->str, -1, &error);
  g_assert_no_error (error);
  return folder;
}

/* Opens the model in @folder, which goes at once. */
static HfModelFile *
open_and_remove (const char *folder)
{
  g_autofree char *weights = g_build_filename (folder, MODEL_FILE, NULL);
  g_autofree char *config = g_build_filename (folder, CONFIG_FILE, NULL);
  g_autoptr (GError) error = NULL;
  HfModelFile *model = hf_model_file_open (folder, &error);

  g_assert_no_error (error);
  g_unlink (config);
  g_unlink (weights);
  g_rmdir (folder);
  return model;
}

/* The starter with the exact GELU: the same weights under another
 * configuration. */
static HfModelFile *
open_with_gelu (void)
{
  g_autofree char *starter = dup_starter ();
  g_autofree char *weights = g_build_filename (starter, MODEL_FILE, NULL);
  g_autofree char *folder =
      make_folder ("\"quick_gelu\": true", "\"quick_gelu\": false");
  g_autofree char *link = g_build_filename (folder, MODEL_FILE, NULL);

  g_assert_cmpint (symlink (weights, link), ==, 0);
  return open_and_remove (folder);
}

/* Adds twice the numbers of @tensor, which @kept owns. */
static void
add_doubled (HfTensorFile *to, const HfTensor *tensor, GPtrArray *kept)
{
  gint64 n = hf_tensor_get_n_elements (tensor), stride = 1;
  float *values = g_new (float, n);
  HfTensor doubled = *tensor;

  hf_tensor_read (tensor, values);
  for (gint64 i = 0; i < n; i++)
    values[i] *= 2;
  for (int d = tensor->n_dims - 1; d >= 0; stride *= tensor->shape[d--])
    doubled.strides[d] = stride;
  doubled.dtype = HF_DTYPE_F32;
  doubled.data = (const guint8 *) values;
  g_ptr_array_add (kept, values);
  g_assert_true (hf_tensor_file_add (to, tensor->name, &doubled));
}

/* The starter once more: its text tower's branches end in twice their layer and
 * a LayerScale of a half. */
static HfModelFile *
open_scaled (void)
{
  static const char *const ends[] = {"attn.out_proj.weight",
                                     "attn.out_proj.bias", "mlp.c_proj.weight",
                                     "mlp.c_proj.bias"};
  g_autofree char *starter = dup_starter ();
  g_autofree char *weights = g_build_filename (starter, MODEL_FILE, NULL);
  g_autofree char *folder =
      make_folder ("\"text_cfg\": {", "\"text_cfg\": {\"ls_init_value\": 1,");
  g_autofree char *path = g_build_filename (folder, MODEL_FILE, NULL);
  g_autoptr (HfTensorFile) from = hf_safetensors_load (weights, NULL);
  g_autoptr (HfTensorFile) to = hf_tensor_file_new (NULL, NULL);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  float *halves = g_new (float, MAX_WIDTH);

  g_ptr_array_add (kept, halves);
  for (int i = 0; i < MAX_WIDTH; i++)
    halves[i] = 0.5f;
  for (guint i = 0; i < hf_tensor_file_get_n_tensors (from); i++) {
    const HfTensor *tensor = hf_tensor_file_get_nth (from, i);
    int end = 0;

    while (end < 4 && !g_str_has_suffix (tensor->name, ends[end]))
      end++;
    if (end == 4 || !g_str_has_prefix (tensor->name, "transformer.")) {
      g_assert_true (hf_tensor_file_add (to, tensor->name, tensor));
      continue;
    }
    add_doubled (to, tensor, kept);
    if (end % 2 == 1) {
      g_autofree char *block =
          g_strndup (tensor->name, strlen (tensor->name) - strlen (ends[end]));
      g_autofree char *name =
          g_strconcat (block, end == 1 ? "ls_1" : "ls_2", ".gamma", NULL);
      HfTensor gamma = {.n_dims = 1,
                        .shape = {tensor->shape[0]},
                        .strides = {1},
                        .data = (const guint8 *) halves};

      g_assert_cmpint (tensor->shape[0], <=, MAX_WIDTH);
      g_assert_true (hf_tensor_file_add (to, name, &gamma));
    }
  }
  g_assert_true (hf_safetensors_save (to, path, NULL));
  return open_and_remove (folder);
}

static HfModelFile *
open_starter (void)
{
  g_autofree char *path = dup_starter ();
  g_autoptr (GError) error = NULL;
  HfModelFile *model = hf_model_file_open (path, &error);

  g_assert_no_error (error);
  return model;
}

static void
load_golden (Fixture *self, gboolean is_gelu)
{
  g_autofree char *path = g_build_filename (g_getenv ("HANDFUL_TEST_DATA"),
                                            "tuning", "gradients.f32", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_out = (gsize) N_TEXTS * self->embed_dim;
  gsize n_in = (gsize) self->n_rows * self->width, size;
  const float *values;

  g_file_get_contents (path, &bytes, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (size, ==, 2 * (n_out + n_in) * sizeof (float));
  values = (const float *) bytes + (is_gelu ? n_out + n_in : 0);
  self->wanted_out = g_memdup2 (values, n_out * sizeof (float));
  self->wanted_d_rows = g_memdup2 (values + n_out, n_in * sizeof (float));
}

static void
fixture_init (Fixture *self, HfOps *ops, HfModelFile *model, gboolean is_gelu)
{
  g_autoptr (GError) error = NULL;
  HfWeights weights = {ops, NULL};
  float *row;

  *self = (Fixture){.ops = ops};
  weights.model = self->model = model;
  self->tape = hf_text_tape_new (
      &weights, hf_model_file_get_config (self->model), 100, NULL, &error);
  g_assert_no_error (error);
  self->width = hf_text_tape_get_width (self->tape);
  self->embed_dim = hf_model_file_get_config (self->model)->embed_dim;
  for (int i = 0; i < N_TEXTS; i++) {
    self->n_rows += lengths[i];
    for (int t = 0; t < lengths[i]; t++)
      self->ids[i][t] = i < 3 ? start[i][t] : ((t - 1) * 7919 + 13) % 49000;
  }
  self->ids[3][0] = 49406;
  self->ids[3][N_LONG - 1] = 49407;
  self->rows = row = g_new (float, (gsize) self->n_rows * self->width);
  for (int i = 0; i < N_TEXTS; i++)
    for (int t = 0; t < lengths[i]; t++, row += self->width)
      hf_text_tape_read_token (self->tape, self->ids[i][t], row);
  self->out = g_new (float, (gsize) N_TEXTS * self->embed_dim);
  self->d_rows = g_new (float, (gsize) self->n_rows * self->width);
  load_golden (self, is_gelu);
}

static void
fixture_clear (Fixture *self)
{
  hf_text_tape_free (self->tape);
  hf_model_file_free (self->model);
  g_free (self->rows);
  g_free (self->out);
  g_free (self->wanted_out);
  g_free (self->d_rows);
  g_free (self->wanted_d_rows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* |got - wanted| over |wanted|, of all numbers together. */
static double
find_distance (const float *got, const float *wanted, gsize n)
{
  double difference = 0, size = 0;

  for (gsize i = 0; i < n; i++) {
    g_assert_true (isfinite (got[i]));
    difference += ((double) got[i] - wanted[i]) * ((double) got[i] - wanted[i]);
    size += (double) wanted[i] * wanted[i];
  }
  return sqrt (difference / size);
}

/* Forward and back over the @n texts from @first on. */
static void
run (Fixture *self, int first, int n)
{
  gsize at = 0, n_out = (gsize) self->embed_dim;
  g_autofree float *upstream = new_numbers (N_TEXTS * n_out, 1);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < first; i++)
    at += (gsize) lengths[i] * self->width;
  hf_text_tape_forward (self->tape, self->rows + at, lengths + first, n, 0,
                        self->out + first * n_out, &error);
  g_assert_no_error (error);
  hf_text_tape_backward (self->tape, upstream + first * n_out,
                         self->d_rows + at, &error);
  g_assert_no_error (error);
}

static void
assert_is_golden (Fixture *self)
{
  gsize n_out = (gsize) N_TEXTS * self->embed_dim;
  gsize n_in = (gsize) self->n_rows * self->width;

  /* The weights are halves, so both precisions are exact; floats lose some
   * 1e-6 in three blocks. */
  g_assert_cmpfloat (find_distance (self->out, self->wanted_out, n_out), <,
                     3e-6);
  g_assert_cmpfloat (find_distance (self->d_rows, self->wanted_d_rows, n_in), <,
                     1e-5);
}

static void
try_golden (HfOps *ops, HfModelFile *model, gboolean is_gelu)
{
  g_auto (Fixture) self = {0};

  fixture_init (&self, ops, model, is_gelu);
  run (&self, 0, N_TEXTS);
  assert_is_golden (&self);
}

static void
test_quick_gelu (HfOps *ops, HfPrecision precision)
{
  try_golden (ops, open_starter (), FALSE);
}

static void
test_gelu (HfOps *ops, HfPrecision precision)
{
  try_golden (ops, open_with_gelu (), TRUE);
}

/* Twos and halves cancel exactly. */
static void
test_layer_scale (HfOps *ops, HfPrecision precision)
{
  try_golden (ops, open_scaled (), FALSE);
}

/* A text's gradient does not depend on what stands beside it, nor on what was
 * run before. */
static void
test_alone (HfOps *ops, HfPrecision precision)
{
  g_auto (Fixture) self = {0};

  fixture_init (&self, ops, open_starter (), FALSE);
  for (int i = N_TEXTS - 1; i >= 0; i--)
    run (&self, i, 1);
  assert_is_golden (&self);
}

static void
test_same_as_tower (HfOps *ops, HfPrecision precision)
{
  g_auto (Fixture) self = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (HfTextTower) tower = NULL;
  g_autofree float *wanted = NULL;
  const int *ids[N_TEXTS];
  HfWeights weights = {ops, NULL};
  HfBuffer *buffer;
  gsize n;

  fixture_init (&self, ops, open_starter (), FALSE);
  weights.model = self.model;
  n = (gsize) N_TEXTS * self.embed_dim;
  for (int i = 0; i < N_TEXTS; i++)
    ids[i] = self.ids[i];
  tower = hf_text_tower_new (&weights, hf_model_file_get_config (self.model),
                             NULL, &error);
  g_assert_no_error (error);
  buffer = hf_text_tower_run (tower, ids, lengths, N_TEXTS, &error);
  g_assert_no_error (error);
  wanted = g_new (float, n);
  hf_buffer_read (buffer, wanted, n * sizeof (float), &error);
  g_assert_no_error (error);
  run (&self, 0, N_TEXTS);
  g_assert_cmpfloat (find_distance (self.out, wanted, n), <, 1e-6);
}

/* Two texts that begin alike: what they share is computed once, and its
 * gradient is the sum of what both say. */
static void
test_shared (HfOps *ops, HfPrecision precision)
{
  static const int both[] = {7, 12}, at[] = {0, 12}; /* texts 0 and 2 */
  g_auto (Fixture) self = {0};
  g_autofree float *rows = NULL, *upstream = NULL;
  float *out[2], *d_rows[2];
  gsize width;

  fixture_init (&self, ops, open_starter (), FALSE);
  width = (gsize) self.width;
  rows = g_new (float, 19 * width);
  upstream = new_numbers (2 * (gsize) self.embed_dim, 4);
  for (int i = 0, row = 0; i < 2; row += both[i++])
    memcpy (rows + row * width, self.rows + at[i] * width,
            both[i] * width * sizeof (float));
  for (int shared = 0; shared < 2; shared++) {
    g_autoptr (GError) error = NULL;

    out[shared] = g_new (float, 2 * (gsize) self.embed_dim);
    d_rows[shared] = g_new (float, 19 * width);
    /* start, "a photo of a". */
    hf_text_tape_forward (self.tape, rows, both, 2, shared ? 5 : 0, out[shared],
                          &error);
    g_assert_no_error (error);
    hf_text_tape_backward (self.tape, upstream, d_rows[shared], &error);
    g_assert_no_error (error);
  }
  for (gsize j = 0; j < 5 * width; j++) {
    g_assert_cmpfloat (d_rows[1][7 * width + j], ==, 0);
    d_rows[0][j] += d_rows[0][7 * width + j];
    d_rows[0][7 * width + j] = 0;
  }
  g_assert_cmpfloat (find_distance (out[1], out[0], 2 * (gsize) self.embed_dim),
                     <, 1e-6);
  g_assert_cmpfloat (find_distance (d_rows[1], d_rows[0], 19 * width), <, 1e-5);
  for (int shared = 0; shared < 2; shared++) {
    g_free (out[shared]);
    g_free (d_rows[shared]);
  }
}

/* What a pass takes is bounded, but one text always fits. */
static void
test_room (HfOps *ops, HfPrecision precision)
{
  g_autoptr (GError) error = NULL;
  HfModelFile *model = open_starter ();
  HfWeights weights = {ops, model};
  g_autoptr (HfTextTape) tape = hf_text_tape_new (
      &weights, hf_model_file_get_config (model), 80, NULL, &error);
  const int many[] = {40, 40, 1};

  g_assert_no_error (error);
  g_assert_cmpint (hf_text_tape_fit (tape, many, 3, 0), ==, 2);
  g_assert_cmpint (hf_text_tape_fit (tape, many + 1, 2, 0), ==, 2);
  g_clear_pointer (&tape, hf_text_tape_free);
  hf_model_file_free (model);
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  add_ops_test ("/tuning/text-tape/is-autograds-with-quick-gelu",
                test_quick_gelu);
  add_ops_test ("/tuning/text-tape/is-autograds-with-gelu", test_gelu);
  add_ops_test ("/tuning/text-tape/is-autograds-with-layer-scale",
                test_layer_scale);
  add_ops_test ("/tuning/text-tape/a-text-is-the-same-alone", test_alone);
  add_ops_test ("/tuning/text-tape/encodes-as-the-tower-does",
                test_same_as_tower);
  add_ops_test ("/tuning/text-tape/what-is-shared-is-computed-once",
                test_shared);
  add_ops_test ("/tuning/text-tape/room-is-bounded", test_room);
  return g_test_run ();
}
