/* goldens.c: see the header. Tensors, n pictures in the order of "names":
 * clip F32 [n][n_tiles][clip_dim], classic F32 [n][n_tiles][classic_dim],
 * probabilities F64 [n][n_classes]. */
#include "bundle/goldens.h"

#include "image/classic/classic.h"
#include "tensor/safetensors.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_GOLDENS 256

void
hf_golden_free (gpointer data)
{
  HfGolden *golden = data;

  g_free (golden->name);
  g_clear_pointer (&golden->bytes, g_bytes_unref);
  g_clear_pointer (&golden->clip, g_bytes_unref);
  g_clear_pointer (&golden->classic, g_bytes_unref);
  g_clear_pointer (&golden->probabilities, g_bytes_unref);
  g_free (golden);
}

typedef enum { CLIP, CLASSIC, PROBABILITIES } Which;

static const char *const tensor_names[] = {"clip", "classic", "probabilities"};

static GBytes **
get_field (HfGolden *golden, Which which)
{
  return which == CLIP      ? &golden->clip
         : which == CLASSIC ? &golden->classic
                            : &golden->probabilities;
}

static gsize
get_row_bytes (const GPtrArray *goldens, Which which)
{
  GBytes *first =
      goldens->len > 0 ? *get_field (goldens->pdata[0], which) : NULL;

  return first != NULL ? g_bytes_get_size (first) : 0;
}

/* Appends the rows of one kind to @data; FALSE if they differ in size. */
static gboolean
append_rows (GByteArray *data, const GPtrArray *goldens, Which which)
{
  gsize row_bytes = get_row_bytes (goldens, which);

  for (guint i = 0; i < goldens->len; i++) {
    GBytes *row = *get_field (goldens->pdata[i], which);
    gsize size_bytes = row != NULL ? g_bytes_get_size (row) : 0;

    if (size_bytes != row_bytes)
      return FALSE;
    if (size_bytes > 0)
      g_byte_array_append (data, g_bytes_get_data (row, NULL),
                           (guint) size_bytes);
  }
  return TRUE;
}

static void
add_tensor (HfTensorFile *file, Which which, gint64 n, gint64 n_tiles,
            gsize row_bytes, const guint8 *data)
{
  HfTensor tensor = {.data = data};

  if (which == PROBABILITIES) {
    gint64 n_classes = (gint64) (row_bytes / sizeof (double));

    tensor.dtype = HF_DTYPE_F64;
    tensor.n_dims = 2;
    tensor.shape[0] = n;
    tensor.shape[1] = tensor.strides[0] = n_classes;
    tensor.strides[1] = 1;
  } else {
    gint64 dim = (gint64) (row_bytes / sizeof (float)) / n_tiles;

    tensor.dtype = HF_DTYPE_F32;
    tensor.n_dims = 3;
    tensor.shape[0] = n;
    tensor.shape[1] = n_tiles;
    tensor.shape[2] = tensor.strides[1] = dim;
    tensor.strides[0] = n_tiles * dim;
    tensor.strides[2] = 1;
  }
  hf_tensor_file_add (file, tensor_names[which], &tensor);
}

/* How features are made, as texts that verify compares by name. */
typedef struct {
  char *model, *precision, *framing, *views, *background, *classic;
} Making;

static void
making_init (Making *self, const HfBundleContent *content)
{
  self->model = g_strdup (
      content->model_identity != NULL ? content->model_identity : "none");
  self->precision = g_strdup (hf_precision_get_name (content->precision));
  self->framing = hf_framing_dup_name (&content->framing);
  self->views = g_strdup_printf ("%d", content->n_views);
  self->background = content->background != NULL
                         ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256,
                                                         content->background)
                         : g_strdup ("none");
  self->classic = hf_probe_get_spec (content->probe)->blocks & HF_BLOCK_CLASSIC
                      ? g_strdup_printf ("%d", HF_CLASSIC_VERSION)
                      : g_strdup ("none");
}

static void
making_clear (Making *self)
{
  g_free (self->model);
  g_free (self->precision);
  g_free (self->framing);
  g_free (self->views);
  g_free (self->background);
  g_free (self->classic);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Making, making_clear)

static void
set_metadata (HfTensorFile *file, const HfBundleContent *content,
              const GPtrArray *goldens)
{
  g_autoptr (HfJson) names = json_object_new_array ();
  g_auto (Making) making = {0};

  making_init (&making, content);
  for (guint i = 0; i < goldens->len; i++)
    json_object_array_add (
        names,
        hf_json_new_string (((const HfGolden *) goldens->pdata[i])->name));
  hf_tensor_file_set_metadata (
      file, "names",
      json_object_to_json_string_ext (
          names, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
  hf_tensor_file_set_metadata (file, "model", making.model);
  hf_tensor_file_set_metadata (file, "precision", making.precision);
  hf_tensor_file_set_metadata (file, "framing", making.framing);
  hf_tensor_file_set_metadata (file, "views", making.views);
  hf_tensor_file_set_metadata (file, "background", making.background);
  hf_tensor_file_set_metadata (file, "classic", making.classic);
}

GBytes *
hf_goldens_dup_bytes (const HfBundleContent *content, const GPtrArray *goldens,
                      GError **error)
{
  gint64 n_tiles = (gint64) hf_probe_get_n_tiles (content->probe);
  g_autoptr (HfTensorFile) file = hf_tensor_file_new (NULL, NULL);
  GByteArray *data[] = {g_byte_array_new (), g_byte_array_new (),
                        g_byte_array_new ()};
  GBytes *bytes = NULL;
  gboolean alike = TRUE;

  for (Which which = CLIP; which <= PROBABILITIES; which++) {
    gsize row_bytes = get_row_bytes (goldens, which);

    alike = alike && append_rows (data[which], goldens, which);
    if (alike && row_bytes > 0)
      add_tensor (file, which, goldens->len, n_tiles, row_bytes,
                  data[which]->data);
  }
  set_metadata (file, content, goldens);
  if (alike && goldens->len <= MAX_GOLDENS)
    bytes = hf_safetensors_dup_bytes (file, error);
  else
    g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_FORMAT,
                 _("The golden pictures of a bundle must be at most %d and "
                   "have features of one size."),
                    MAX_GOLDENS);
  for (Which which = CLIP; which <= PROBABILITIES; which++)
    g_byte_array_unref (data[which]);
  return bytes;
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_FORMAT,
               _("has a member, golden.safetensors, %s"), what);
  return FALSE;
}

static gboolean
read_names (const HfTensorFile *file, GPtrArray *goldens, GError **error)
{
  const char *text = hf_tensor_file_get_metadata (file, "names");
  g_autoptr (HfJson) list =
      text != NULL ? hf_json_parse (text, strlen (text), NULL) : NULL;

  if (!json_object_is_type (list, json_type_array) ||
      json_object_array_length (list) > MAX_GOLDENS)
    return refuse (error, _("without a list of its pictures"));
  for (gsize i = 0; i < json_object_array_length (list); i++) {
    HfJson *item = json_object_array_get_idx (list, i);
    HfGolden *golden;

    if (!json_object_is_type (item, json_type_string))
      return refuse (error, _("without a list of its pictures"));
    golden = g_new0 (HfGolden, 1);
    golden->name = g_strdup (json_object_get_string (item));
    g_ptr_array_add (goldens, golden);
  }
  return TRUE;
}

/* Whether @tensor has the shape that the probe wants of @which. */
static gboolean
has_shape (const HfTensor *tensor, Which which, const HfProbe *probe, gsize n)
{
  gint64 n_tiles = (gint64) hf_probe_get_n_tiles (probe);
  gsize dim = which == CLIP ? hf_probe_get_clip_dim (probe)
                            : hf_probe_get_classic_dim (probe);

  if (!hf_tensor_is_dense (tensor) || tensor->shape[0] != (gint64) n)
    return FALSE;
  if (which == PROBABILITIES)
    return tensor->dtype == HF_DTYPE_F64 && tensor->n_dims == 2 &&
           tensor->shape[1] == hf_probe_get_n_classes (probe);
  return tensor->dtype == HF_DTYPE_F32 && tensor->n_dims == 3 &&
         tensor->shape[1] == n_tiles && tensor->shape[2] > 0 &&
         (dim == 0 || tensor->shape[2] == (gint64) dim);
}

static gboolean
is_finite (const HfTensor *tensor)
{
  gsize n = (gsize) hf_tensor_get_n_elements (tensor);
  g_autofree float *values = g_try_new (float, MAX (n, 1));

  if (values == NULL)
    return FALSE;
  hf_tensor_read (tensor, values);
  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return FALSE;
  return TRUE;
}

static gboolean
read_tensor (const HfTensorFile *file, Which which,
             const HfBundleContent *content, GError **error)
{
  const HfProbe *probe = content->probe;
  const HfTensor *tensor = hf_tensor_file_get (file, tensor_names[which]);
  gsize n = content->goldens->len;
  gboolean needed = which == CLIP      ? hf_probe_get_clip_dim (probe) > 0
                    : which == CLASSIC ? hf_probe_get_classic_dim (probe) > 0
                                       : TRUE;
  gsize row_bytes;

  if (n == 0 || (tensor == NULL && !needed))
    return TRUE;
  if (tensor == NULL || !has_shape (tensor, which, probe, n) ||
      !is_finite (tensor)) {
    g_autofree char *what = g_strdup_printf (
        _("whose tensor \"%s\" is missing, of a wrong shape or not finite"),
           tensor_names[which]);

    return refuse (error, what);
  }
  row_bytes = (gsize) hf_tensor_get_n_elements (tensor) / n *
              hf_dtype_get_size (tensor->dtype);
  /* Copies: the archive keeps its members at any alignment. */
  for (gsize i = 0; i < n; i++)
    *get_field (content->goldens->pdata[i], which) =
        g_bytes_new (tensor->data + i * row_bytes, row_bytes);
  return TRUE;
}

static gboolean
check_same (const HfTensorFile *file, const char *name, const char *wanted,
            GError **error)
{
  const char *made = hf_tensor_file_get_metadata (file, name);

  if (g_strcmp0 (made, wanted) == 0)
    return TRUE;
  g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_MISMATCH,
               _("names the %s %s in its manifest.json, but its golden "
                 "features were made with %s"),
                  name, wanted, made != NULL ? made : _("(nothing)"));
  return FALSE;
}

/* Classic descriptors are computed by this program, of any version. */
static gboolean
check_classic (const HfTensorFile *file, const char *wanted, GError **error)
{
  const char *made = hf_tensor_file_get_metadata (file, "classic");

  if (g_strcmp0 (made, wanted) == 0)
    return TRUE;
  g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_MISMATCH,
               _("was trained on classic features of version %s, and this "
                 "program computes version %s; train it again"),
                  made != NULL ? made : _("(unknown)"), wanted);
  return FALSE;
}

static gboolean
check_making (const HfTensorFile *file, const HfBundleContent *content,
              GError **error)
{
  g_auto (Making) making = {0};

  making_init (&making, content);
  return check_same (file, "model", making.model, error) &&
         check_same (file, "precision", making.precision, error) &&
         check_same (file, "framing", making.framing, error) &&
         check_same (file, "views", making.views, error) &&
         check_same (file, "background", making.background, error) &&
         check_classic (file, making.classic, error);
}

gboolean
hf_goldens_parse (GBytes *bytes, HfBundleContent *content, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (HfTensorFile) file = hf_safetensors_parse (bytes, &local);

  if (file == NULL) {
    g_autofree char *what = g_strconcat ("which ", local->message, NULL);

    return refuse (error, what);
  }
  content->goldens = g_ptr_array_new_with_free_func (hf_golden_free);
  if (!check_making (file, content, error) ||
      !read_names (file, content->goldens, error))
    return FALSE;
  for (Which which = CLIP; which <= PROBABILITIES; which++)
    if (!read_tensor (file, which, content, error))
      return FALSE;
  return TRUE;
}
