/* probe-tensors.c: a trained probe as named tensors, and back. What each means
 * stands in docs/formats.md. */
#include "probe/probe-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define FORMAT "1"
/* Far beyond any probe, and small enough that what predicting a block of rows
 * takes in memory stays below 1 GiB. */
#define MAX_CLASSES 4096
#define MAX_OUTPUTS (1 << 17)
#define MAX_TILES 4096
#define MAX_DIM (1 << 16)
#define MAX_TILES_DIM (1 << 24)
#define MAX_SUPPORT (1 << 18)
#define MAX_VECTORS 77
#define MAX_STEPS 100000

/* Metadata "text_pull" of a probe whose pull was not chosen. */
#define GIVEN "given"

static const char *const form_names[] = {"classes", "pairs", "rbf"};

/* The bytes of all tensors, which the file keeps. */
typedef struct {
  HfTensorFile *file;
  GPtrArray *blobs;
} Writer;

static void
add (Writer *self, const char *name, HfDtype dtype, int n_dims,
     const gint64 *shape, const void *data)
{
  HfTensor tensor = {.dtype = dtype, .n_dims = n_dims};
  gsize bytes = hf_dtype_get_size (dtype);
  gint64 stride = 1;
  guint8 *copy;

  for (int d = n_dims - 1; d >= 0; d--) {
    tensor.shape[d] = shape[d];
    tensor.strides[d] = stride;
    stride *= shape[d];
  }
  bytes *= (gsize) stride;
  copy = g_malloc (MAX (bytes, 1));
  if (bytes > 0)
    memcpy (copy, data, bytes);
  g_ptr_array_add (self->blobs, copy);
  tensor.data = copy;
  hf_tensor_file_add (self->file, name, &tensor);
}

static void
add_vector (Writer *self, const char *name, const float *data, gsize n)
{
  add (self, name, HF_DTYPE_F32, 1, (gint64[]){(gint64) n}, data);
}

static void
add_matrix (Writer *self, const char *name, const float *data, gsize rows,
            gsize columns)
{
  add (self, name, HF_DTYPE_F32, 2, (gint64[]){(gint64) rows, (gint64) columns},
       data);
}

static void
add_doubles (Writer *self, const char *name, const double *data, gsize n)
{
  add (self, name, HF_DTYPE_F64, 1, (gint64[]){(gint64) n}, data);
}

static void
add_kinds (Writer *self, const HfProbe *probe)
{
  g_autofree gint32 *kinds = g_new (gint32, probe->n_classes);

  for (int c = 0; c < probe->n_classes; c++)
    kinds[c] = GINT32_TO_LE ((gint32) probe->kinds[c]);
  add (self, "kinds", HF_DTYPE_I32, 1, (gint64[]){probe->n_classes}, kinds);
}

static void
add_metadata (Writer *self, const HfProbe *probe)
{
  g_autofree char *blocks =
      g_strdup_printf ("%s", hf_blocks_get_name (probe->joint->blocks));
  g_autofree char *n_tiles =
      g_strdup_printf ("%" G_GSIZE_FORMAT, probe->n_tiles);
  g_autofree char *n_calibration =
      g_strdup_printf ("%" G_GSIZE_FORMAT, probe->n_calibration);
  g_autofree char *seed =
      g_strdup_printf ("%" G_GUINT64_FORMAT, probe->spec.seed);
  HfTensorFile *file = self->file;

  hf_tensor_file_set_metadata (file, "format", "handful-probe " FORMAT);
  hf_tensor_file_set_metadata (file, "probe",
                               hf_probe_kind_get_name (probe->spec.kind));
  hf_tensor_file_set_metadata (file, "form", form_names[probe->scorer->form]);
  hf_tensor_file_set_metadata (file, "blocks", blocks);
  hf_tensor_file_set_metadata (file, "n_tiles", n_tiles);
  hf_tensor_file_set_metadata (file, "n_calibration", n_calibration);
  hf_tensor_file_set_metadata (file, "balanced",
                               probe->spec.unbalanced ? "no" : "yes");
  hf_tensor_file_set_metadata (file, "seed", seed);
  hf_tensor_file_set_metadata (file, "reason", probe->reason);
  if (probe->has_given_pull)
    hf_tensor_file_set_metadata (file, "text_pull", GIVEN);
  if (probe->spec.kind == HF_PROBE_PROMPT) {
    g_autofree char *n_steps = g_strdup_printf ("%d", probe->spec.n_steps);

    hf_tensor_file_set_metadata (file, "n_steps", n_steps);
  }
}

static void
add_novelty (Writer *self, const HfNovelty *novelty)
{
  gsize n_classes = (gsize) novelty->n_classes;

  add_matrix (self, "novelty.mean", novelty->rows, n_classes, novelty->dim);
  add_matrix (self, "novelty.axes", novelty->rows + n_classes * novelty->dim,
              novelty->n_axes, novelty->dim);
  add_vector (self, "novelty.axis_weight", novelty->axis_weight,
              novelty->n_axes);
  add_doubles (self, "novelty.rest", &novelty->rest, 1);
  add_doubles (self, "novelty.limit",
               (double[]){novelty->limit, novelty->false_alarms}, 2);
}

static void
add_words (Writer *self, const HfWords *words)
{
  gint64 shape[3] = {(gint64) words->n_sets, (gint64) words->n_vectors,
                     (gint64) words->width};
  g_autofree char *nearest = g_strjoinv ("\n", words->nearest);

  add (self, "words", HF_DTYPE_F32, 3, shape, words->vectors);
  hf_tensor_file_set_metadata (self->file, "nearest_words", nearest);
}

static void
free_blobs (gpointer blobs)
{
  g_ptr_array_unref (blobs);
}

HfTensorFile *
hf_probe_dup_tensors (const HfProbe *self)
{
  GPtrArray *blobs = g_ptr_array_new_with_free_func (g_free);
  Writer writer = {hf_tensor_file_new (blobs, free_blobs), blobs};
  const HfScorer *scorer = self->scorer;
  const HfJoint *joint = self->joint;

  add_metadata (&writer, self);
  add_kinds (&writer, self);
  add_vector (&writer, "joint.mean", joint->mean, joint->dim);
  add_vector (&writer, "joint.factor", joint->factor, joint->dim);
  add (&writer, "joint.dims", HF_DTYPE_I64, 1, (gint64[]){2},
       (gint64[]){GINT64_TO_LE ((gint64) joint->clip_dim),
                  GINT64_TO_LE ((gint64) joint->classic_dim)});
  add_matrix (&writer, "weights", scorer->weights, scorer->n_out,
              scorer->width);
  add_doubles (&writer, "bias", scorer->bias, scorer->n_out);
  if (scorer->form == HF_SCORER_RBF) {
    add_matrix (&writer, "support", scorer->support, scorer->n_support,
                scorer->dim);
    add_doubles (&writer, "gamma", &scorer->gamma, 1);
  }
  add_doubles (
      &writer, "calibration",
      (double[]){self->calibration.temperature, self->calibration.offset}, 2);
  add_doubles (&writer, "strengths",
               (double[]){self->spec.c, self->spec.gamma,
                          (double) self->spec.kernel, self->spec.text_pull,
                          self->spec.lambda, self->spec.alpha},
               6);
  if (self->novelty)
    add_novelty (&writer, self->novelty);
  if (self->text) {
    add_matrix (&writer, "text", self->text, (gsize) self->n_classes,
                self->text_dim);
    add_doubles (&writer, "logit_scale", &self->logit_scale, 1);
  }
  if (self->words)
    add_words (&writer, self->words);
  return writer.file;
}

static gboolean
refuse (GError **error, const char *name, const char *what)
{
  g_set_error (
      error, HF_PROBE_ERROR, HF_PROBE_ERROR_FORMAT,
      _("The probe's %s %s. It was damaged or not written by Handful; export "
        "it again."),
         name, what);
  return FALSE;
}

/* Finds @name of this type and shape; a size < 0 is free and written back.
 * NULL with @error set. */
static const HfTensor *
find (const HfTensorFile *file, const char *name, HfDtype dtype, int n_dims,
      gint64 *shape, GError **error)
{
  const HfTensor *tensor = hf_tensor_file_get (file, name);

  if (tensor == NULL) {
    refuse (error, name, _("is missing"));
    return NULL;
  }
  if (tensor->dtype != dtype || tensor->n_dims != n_dims ||
      !hf_tensor_is_dense (tensor)) {
    refuse (error, name, _("is of a wrong type"));
    return NULL;
  }
  for (int d = 0; d < n_dims; d++)
    if (shape[d] >= 0 && tensor->shape[d] != shape[d]) {
      refuse (error, name, _("is of a wrong shape"));
      return NULL;
    }
  for (int d = 0; d < n_dims; d++)
    shape[d] = tensor->shape[d];
  return tensor;
}

/* Floats of a tensor already found; NULL with @error set unless all are
 * finite. */
static float *
dup_floats (const HfTensor *tensor, GError **error)
{
  gint64 n = hf_tensor_get_n_elements (tensor);
  g_autofree float *out = g_try_new (float, MAX ((gsize) n, 1));

  if (out == NULL) {
    refuse (error, tensor->name, _("is too large"));
    return NULL;
  }
  hf_tensor_read (tensor, out);
  for (gint64 i = 0; i < n; i++)
    if (!isfinite (out[i])) {
      refuse (error, tensor->name, _("holds a number that is not finite"));
      return NULL;
    }
  return g_steal_pointer (&out);
}

static float *
read_floats (const HfTensorFile *file, const char *name, int n_dims,
             gint64 *shape, GError **error)
{
  const HfTensor *tensor =
      find (file, name, HF_DTYPE_F32, n_dims, shape, error);

  return tensor ? dup_floats (tensor, error) : NULL;
}

/* Exactly @n doubles; NaN and infinity only where @may_be_odd. */
static gboolean
read_doubles (const HfTensorFile *file, const char *name, gsize n,
              gboolean may_be_odd, double *out, GError **error)
{
  const HfTensor *tensor =
      find (file, name, HF_DTYPE_F64, 1, (gint64[]){(gint64) n}, error);

  if (tensor == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    guint64 bits;

    memcpy (&bits, tensor->data + 8 * i, sizeof bits);
    bits = GUINT64_FROM_LE (bits);
    memcpy (out + i, &bits, sizeof bits);
    if (!may_be_odd && !isfinite (out[i]))
      return refuse (error, name, _("holds a number that is not finite"));
  }
  return TRUE;
}

static gboolean
read_count (const HfTensorFile *file, const char *key, guint64 least,
            guint64 greatest, guint64 *out, GError **error)
{
  const char *text = hf_tensor_file_get_metadata (file, key);

  if (text && g_ascii_string_to_unsigned (text, 10, least, greatest, out, NULL))
    return TRUE;
  return refuse (error, key, _("is no number that makes sense"));
}

static gboolean
read_metadata (HfProbe *self, const HfTensorFile *file, GError **error)
{
  const char *format = hf_tensor_file_get_metadata (file, "format");
  const char *kind = hf_tensor_file_get_metadata (file, "probe");
  const char *reason = hf_tensor_file_get_metadata (file, "reason");
  const char *balanced = hf_tensor_file_get_metadata (file, "balanced");
  guint64 n_tiles, n_calibration;

  if (g_strcmp0 (format, "handful-probe " FORMAT) != 0)
    return refuse (error, "format", _("is not that of a probe"));
  if (kind == NULL || !hf_probe_kind_parse (kind, &self->spec.kind, NULL) ||
      self->spec.kind == HF_PROBE_AUTO)
    return refuse (error, "kind", _("is unknown"));
  if (balanced == NULL || reason == NULL)
    return refuse (error, "metadata", _("is missing"));
  if (!read_count (file, "n_tiles", 1, MAX_TILES, &n_tiles, error) ||
      !read_count (file, "n_calibration", 0, G_MAXINT64, &n_calibration,
                   error) ||
      !read_count (file, "seed", 0, G_MAXUINT64, &self->spec.seed, error))
    return FALSE;
  self->spec.unbalanced = !g_str_equal (balanced, "yes");
  self->has_given_pull =
      g_strcmp0 (hf_tensor_file_get_metadata (file, "text_pull"), GIVEN) == 0;
  self->n_tiles = n_tiles;
  self->n_calibration = n_calibration;
  self->reason = g_strdup (reason);
  return TRUE;
}

static gboolean
read_kinds (HfProbe *self, const HfTensorFile *file, GError **error)
{
  gint64 shape[1] = {-1};
  const HfTensor *tensor = find (file, "kinds", HF_DTYPE_I32, 1, shape, error);

  if (tensor == NULL)
    return FALSE;
  if (shape[0] < 2 || shape[0] > MAX_CLASSES)
    return refuse (error, "kinds", _("are of a wrong number"));
  self->n_classes = (int) shape[0];
  self->kinds = g_new0 (HfClassKind, self->n_classes);
  for (int c = 0; c < self->n_classes; c++) {
    guint32 kind;

    memcpy (&kind, tensor->data + 4 * c, sizeof kind);
    kind = GUINT32_FROM_LE (kind);
    if (kind > HF_CLASS_OTHER)
      return refuse (error, "kinds", _("hold an unknown one"));
    self->kinds[c] = (HfClassKind) kind;
  }
  return TRUE;
}

static gboolean
read_dims (HfJoint *joint, gsize n_tiles, const HfTensorFile *file,
           GError **error)
{
  const HfTensor *tensor =
      find (file, "joint.dims", HF_DTYPE_I64, 1, (gint64[]){2}, error);
  guint64 dims[2];

  if (tensor == NULL)
    return FALSE;
  memcpy (dims, tensor->data, sizeof dims);
  for (int d = 0; d < 2; d++) {
    dims[d] = GUINT64_FROM_LE (dims[d]);
    if (dims[d] > MAX_DIM)
      return refuse (error, "joint.dims", _("make no sense"));
  }
  joint->clip_dim = dims[0];
  joint->classic_dim = dims[1];
  joint->dim = dims[0] + dims[1];
  return (joint->dim > 0 && joint->dim <= MAX_TILES_DIM / n_tiles) ||
         refuse (error, "joint.dims", _("make no sense"));
}

static gboolean
read_joint (HfProbe *self, const HfTensorFile *file, GError **error)
{
  const char *blocks = hf_tensor_file_get_metadata (file, "blocks");
  HfJoint *joint = self->joint = g_new0 (HfJoint, 1);
  gint64 shape[1];

  if (!read_dims (joint, self->n_tiles, file, error))
    return FALSE;
  if (blocks == NULL || !hf_blocks_parse (blocks, &joint->blocks, NULL) ||
      ((joint->blocks & HF_BLOCK_CLIP) != 0) != (joint->clip_dim > 0) ||
      ((joint->blocks & HF_BLOCK_CLASSIC) != 0) != (joint->classic_dim > 0))
    return refuse (error, "blocks", _("do not fit joint.dims"));
  self->spec.blocks = joint->blocks;
  shape[0] = (gint64) joint->dim;
  joint->mean = read_floats (file, "joint.mean", 1, shape, error);
  if (joint->mean == NULL)
    return FALSE;
  joint->factor = read_floats (file, "joint.factor", 1, shape, error);
  return joint->factor != NULL;
}

static gboolean
read_form (HfScorer *scorer, const HfTensorFile *file, GError **error)
{
  const char *form = hf_tensor_file_get_metadata (file, "form");

  for (guint i = 0; form && i < G_N_ELEMENTS (form_names); i++)
    if (g_str_equal (form, form_names[i])) {
      scorer->form = (HfScorerForm) i;
      return TRUE;
    }
  return refuse (error, "form", _("is unknown"));
}

static gboolean
read_support (HfScorer *scorer, const HfTensorFile *file, GError **error)
{
  gint64 shape[2] = {-1, (gint64) scorer->dim};

  scorer->support = read_floats (file, "support", 2, shape, error);
  if (scorer->support == NULL ||
      !read_doubles (file, "gamma", 1, FALSE, &scorer->gamma, error))
    return FALSE;
  if (shape[0] > MAX_SUPPORT || scorer->gamma < 0)
    return refuse (error, "support", _("makes no sense"));
  scorer->n_support = scorer->width = (gsize) shape[0];
  return TRUE;
}

static gboolean
read_scorer (HfProbe *self, const HfTensorFile *file, GError **error)
{
  HfScorer *scorer = self->scorer = g_new0 (HfScorer, 1);
  gint64 shape[2];

  if (!read_form (scorer, file, error))
    return FALSE;
  scorer->n_classes = self->n_classes;
  scorer->dim = scorer->width = self->joint->dim;
  scorer->n_out = hf_scorer_get_n_out (scorer->form, self->n_classes);
  if (scorer->n_out > MAX_OUTPUTS)
    return refuse (error, "kinds", _("are too many for pairs"));
  if (scorer->form == HF_SCORER_RBF && !read_support (scorer, file, error))
    return FALSE;
  shape[0] = (gint64) scorer->n_out;
  shape[1] = (gint64) scorer->width;
  scorer->weights = read_floats (file, "weights", 2, shape, error);
  if (scorer->weights == NULL)
    return FALSE;
  scorer->bias = g_new (double, scorer->n_out);
  return read_doubles (file, "bias", scorer->n_out, FALSE, scorer->bias, error);
}

static gboolean
read_numbers (HfProbe *self, const HfTensorFile *file, GError **error)
{
  double calibration[2], strengths[6];

  if (!read_doubles (file, "calibration", 2, FALSE, calibration, error) ||
      !read_doubles (file, "strengths", 6, TRUE, strengths, error))
    return FALSE;
  if (!(calibration[0] > 0))
    return refuse (error, "calibration", _("has a temperature below 0"));
  self->calibration = (HfCalibration){calibration[0], calibration[1]};
  self->spec.c = strengths[0];
  self->spec.gamma = strengths[1];
  if (strengths[2] != HF_KERNEL_AUTO && strengths[2] != HF_KERNEL_LINEAR &&
      strengths[2] != HF_KERNEL_RBF)
    return refuse (error, "strengths", _("name an unknown kernel"));
  self->spec.kernel = (HfKernel) strengths[2];
  self->spec.text_pull = strengths[3];
  /* A pull that nobody can have asked for is chosen anew. */
  self->has_given_pull =
      self->has_given_pull && isfinite (strengths[3]) && strengths[3] >= 0;
  self->spec.lambda = strengths[4];
  self->spec.alpha = strengths[5];
  return TRUE;
}

static gboolean
read_novelty (HfProbe *self, const HfTensorFile *file, GError **error)
{
  HfNovelty *novelty;
  gint64 dim = (gint64) self->joint->dim;
  gint64 means[2] = {self->n_classes, dim}, axes[2] = {-1, dim};
  g_autofree float *kept = NULL;
  gsize n_means, n_kept;
  double limit[2];

  if (hf_tensor_file_get (file, "novelty.mean") == NULL)
    return TRUE;
  self->novelty = novelty = g_new0 (HfNovelty, 1);
  novelty->n_classes = self->n_classes;
  novelty->dim = self->joint->dim;
  novelty->rows = read_floats (file, "novelty.mean", 2, means, error);
  if (novelty->rows == NULL)
    return FALSE;
  kept = read_floats (file, "novelty.axes", 2, axes, error);
  if (kept == NULL)
    return FALSE;
  if (axes[0] > dim)
    return refuse (error, "novelty.axes", _("are of a wrong number"));
  novelty->n_axes = (gsize) axes[0];
  n_means = (gsize) (means[0] * dim);
  n_kept = (gsize) (axes[0] * dim);
  novelty->rows = g_renew (float, novelty->rows, n_means + n_kept);
  memcpy (novelty->rows + n_means, kept, n_kept * sizeof *kept);
  novelty->axis_weight =
      read_floats (file, "novelty.axis_weight", 1, axes, error);
  if (novelty->axis_weight == NULL ||
      !read_doubles (file, "novelty.rest", 1, FALSE, &novelty->rest, error) ||
      !read_doubles (file, "novelty.limit", 2, TRUE, limit, error))
    return FALSE;
  novelty->limit = limit[0];
  novelty->false_alarms = limit[1];
  if (!(limit[0] >= 0) || !(limit[1] >= 0 && limit[1] <= 1))
    return refuse (error, "novelty.limit", _("makes no sense"));
  hf_novelty_prepare (novelty);
  return TRUE;
}

/* Format 1 began without them. */
static gboolean
read_text (HfProbe *self, const HfTensorFile *file, GError **error)
{
  gint64 shape[2] = {self->n_classes, -1};

  if (hf_tensor_file_get (file, "text") == NULL)
    return TRUE;
  self->text = read_floats (file, "text", 2, shape, error);
  if (self->text == NULL)
    return FALSE;
  if (shape[1] < 1 || shape[1] > MAX_DIM)
    return refuse (error, "text", _("is of a wrong shape"));
  self->text_dim = (gsize) shape[1];
  return read_doubles (file, "logit_scale", 1, FALSE, &self->logit_scale,
                       error);
}

/* One line for each vector. */
static char **
read_nearest (const HfTensorFile *file, gsize n, GError **error)
{
  const char *text = hf_tensor_file_get_metadata (file, "nearest_words");
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

  if (g_strv_length (lines) == n)
    return g_steal_pointer (&lines);
  refuse (error, "nearest_words", _("are of a wrong number"));
  return NULL;
}

/* Only prompt tuning has them. */
static gboolean
read_words (HfProbe *self, const HfTensorFile *file, GError **error)
{
  gint64 shape[3] = {-1, -1, -1};
  const HfTensor *tensor;
  g_autofree float *vectors = NULL;
  guint64 n_steps;
  char **nearest;

  if (self->spec.kind != HF_PROBE_PROMPT)
    return TRUE;
  if (!read_count (file, "n_steps", 0, MAX_STEPS, &n_steps, error))
    return FALSE;
  tensor = find (file, "words", HF_DTYPE_F32, 3, shape, error);
  if (tensor == NULL)
    return FALSE;
  if ((shape[0] != 1 && shape[0] != self->n_classes) || shape[1] < 1 ||
      shape[1] > MAX_VECTORS || shape[2] < 1 || shape[2] > MAX_DIM)
    return refuse (error, "words", _("are of a wrong shape"));
  vectors = dup_floats (tensor, error);
  if (vectors == NULL)
    return FALSE;
  nearest = read_nearest (file, (gsize) (shape[0] * shape[1]), error);
  if (nearest == NULL)
    return FALSE;
  self->words =
      hf_words_new_take ((gsize) shape[0], (gsize) shape[1], (gsize) shape[2],
                         g_steal_pointer (&vectors), nearest);
  self->spec.n_steps = (int) n_steps;
  self->spec.n_vectors = (int) shape[1];
  self->spec.per_class = shape[0] > 1;
  return TRUE;
}

HfProbe *
hf_probe_new_from_tensors (const HfTensorFile *tensors, GError **error)
{
  g_autoptr (HfProbe) self = g_new0 (HfProbe, 1);

  self->ref_count = 1;
  if (!read_metadata (self, tensors, error) ||
      !read_kinds (self, tensors, error) ||
      !read_joint (self, tensors, error) ||
      !read_scorer (self, tensors, error) ||
      !read_numbers (self, tensors, error) ||
      !read_novelty (self, tensors, error) ||
      !read_text (self, tensors, error) || !read_words (self, tensors, error))
    return NULL;
  return g_steal_pointer (&self);
}
