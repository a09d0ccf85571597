/* rows-tensors.c: rows as the tensors of training.safetensors, and back.
 * What a reader finds there is checked: the file may come from anybody. */
#include "app/study/rows.h"

#include "base/json.h"
#include "features/extractor.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define SHA256_BYTES 32
#define MAX_ROWS 10000000

static void
add_tensor (HfTensorFile *file, const char *name, HfDtype dtype, int n_dims,
            const gint64 *shape, const void *data)
{
  HfTensor tensor = {.dtype = dtype, .n_dims = n_dims, .data = data};
  gint64 stride = 1;

  for (int d = n_dims; d-- > 0;) {
    tensor.shape[d] = shape[d];
    tensor.strides[d] = stride;
    stride *= shape[d];
  }
  hf_tensor_file_add (file, name, &tensor);
}

static void
set_json (HfTensorFile *file, const char *key, HfJson *json)
{
  const int flags = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;

  hf_tensor_file_set_metadata (file, key,
                               json_object_to_json_string_ext (json, flags));
}

static void
set_names (const HfRows *self, HfTensorFile *file)
{
  g_autoptr (HfJson) classes = json_object_new_array ();
  g_autoptr (HfJson) groups = json_object_new_array ();
  char scale[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint c = 0; c < self->classes->len; c++) {
    const HfSampleClass *class = self->classes->pdata[c];
    HfJson *json = json_object_new_object ();

    json_object_object_add (json, "name", hf_json_new_string (class->name));
    json_object_object_add (
        json, "kind",
        json_object_new_string (hf_class_kind_get_name (class->kind)));
    json_object_array_add (classes, json);
  }
  for (gsize i = 0; i < self->n; i++)
    json_object_array_add (groups,
                           self->group_name[i] != NULL
                               ? hf_json_new_string (self->group_name[i])
                               : NULL);
  set_json (file, "classes", classes);
  set_json (file, "groups", groups);
  g_ascii_dtostr (scale, sizeof scale, self->logit_scale);
  hf_tensor_file_set_metadata (file, "logit_scale", scale);
}

/* uint8[n][32] (caller frees). */
static guint8 *
dup_hashes (const HfRows *self)
{
  guint8 *bytes = g_new0 (guint8, (self->n + 1) * SHA256_BYTES);

  for (gsize i = 0; i < self->n; i++)
    for (gsize b = 0; b < SHA256_BYTES && self->sha256[i][2 * b] != '\0'; b++)
      bytes[i * SHA256_BYTES + b] =
          (guint8) (g_ascii_xdigit_value (self->sha256[i][2 * b]) * 16 +
                    g_ascii_xdigit_value (self->sha256[i][2 * b + 1]));
  return bytes;
}

HfTensorFile *
hf_rows_dup_tensors (const HfRows *self)
{
  const gint64 n = (gint64) self->n, tiles = (gint64) self->n_tiles;
  const gint64 clip[] = {n, tiles, (gint64) self->clip_dim};
  const gint64 classic[] = {n, tiles, (gint64) self->classic_dim};
  const gint64 look[] = {n, HF_LOOK_PX, HF_LOOK_PX};
  const gint64 text[] = {self->classes->len, (gint64) self->clip_dim};
  const gint64 hash[] = {n, SHA256_BYTES};
  guint8 *hashes = dup_hashes (self);
  HfTensorFile *file = hf_tensor_file_new (hashes, g_free);

  if (self->clip != NULL)
    add_tensor (file, "clip", HF_DTYPE_F32, 3, clip, self->clip);
  if (self->classic != NULL)
    add_tensor (file, "classic", HF_DTYPE_F32, 3, classic, self->classic);
  if (self->text != NULL)
    add_tensor (file, "text", HF_DTYPE_F32, 2, text, self->text);
  add_tensor (file, "label", HF_DTYPE_I32, 1, &n, self->label);
  add_tensor (file, "audited", HF_DTYPE_I32, 1, &n, self->audited);
  add_tensor (file, "look", HF_DTYPE_U8, 3, look, self->looks);
  add_tensor (file, "sha256", HF_DTYPE_U8, 2, hash, hashes);
  set_names (self, file);
  return file;
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, HF_ROWS_ERROR, HF_ROWS_ERROR_FORMAT,
               _("The training rows are damaged: %s."), what);
  return FALSE;
}

/* A dense tensor of that type and shape; -1 in @shape: any size up to the
 * limit, which is written there. NULL with an error, or without one if it is
 * not there and not @needed. */
static const HfTensor *
find_tensor (const HfTensorFile *file, const char *name, HfDtype dtype,
             int n_dims, gint64 *shape, gboolean needed, GError **error)
{
  const HfTensor *tensor = hf_tensor_file_get (file, name);
  g_autofree char *what = NULL;
  gboolean fits;

  if (tensor == NULL && !needed)
    return NULL;
  fits = tensor != NULL && tensor->dtype == dtype && tensor->n_dims == n_dims &&
         hf_tensor_is_dense (tensor);
  for (int d = 0; fits && d < n_dims; d++) {
    if (shape[d] < 0 && tensor->shape[d] <= MAX_ROWS)
      shape[d] = tensor->shape[d];
    fits = tensor->shape[d] == shape[d];
  }
  if (fits)
    return tensor;
  what = g_strdup_printf (
      _("the tensor \"%s\" is missing or of a wrong shape"), name);
  refuse (error, what);
  return NULL;
}

typedef struct {
  const HfTensor *clip, *classic, *text, *label, *audited, *look, *hash;
  gint64 n, tiles, clip_dim, classic_dim, n_classes;
} Tensors;

/* Finds all of them and sees that their shapes agree. */
static gboolean
find_tensors (const HfTensorFile *file, Tensors *t, GError **error)
{
  gint64 clip[] = {-1, -1, -1}, classic[] = {-1, -1, -1}, text[] = {-1, -1};
  gint64 n = -1, look[] = {-1, HF_LOOK_PX, HF_LOOK_PX};
  gint64 hash[] = {-1, SHA256_BYTES};
  g_autoptr (GError) local = NULL;

  t->label = find_tensor (file, "label", HF_DTYPE_I32, 1, &n, TRUE, &local);
  clip[0] = classic[0] = look[0] = hash[0] = n;
  if (local == NULL)
    t->clip = find_tensor (file, "clip", HF_DTYPE_F32, 3, clip, FALSE, &local);
  if (t->clip != NULL)
    classic[1] = clip[1];
  if (local == NULL)
    t->classic =
        find_tensor (file, "classic", HF_DTYPE_F32, 3, classic, FALSE, &local);
  text[1] = clip[2];
  if (local == NULL && t->clip != NULL)
    t->text = find_tensor (file, "text", HF_DTYPE_F32, 2, text, TRUE, &local);
  if (local == NULL)
    t->audited =
        find_tensor (file, "audited", HF_DTYPE_I32, 1, &n, TRUE, &local);
  if (local == NULL)
    t->look = find_tensor (file, "look", HF_DTYPE_U8, 3, look, TRUE, &local);
  if (local == NULL)
    t->hash = find_tensor (file, "sha256", HF_DTYPE_U8, 2, hash, TRUE, &local);
  if (local != NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (t->clip == NULL && t->classic == NULL)
    return refuse (error, _("there are no features"));
  t->n = n;
  t->tiles = t->clip != NULL ? clip[1] : classic[1];
  t->clip_dim = t->clip != NULL ? clip[2] : 0;
  t->classic_dim = t->classic != NULL ? classic[2] : 0;
  t->n_classes = t->text != NULL ? text[0] : -1;
  return t->tiles > 0 || refuse (error, _("a picture has no tile"));
}

static gboolean
read_classes (HfRows *self, HfJson *json, gint64 n_wanted, GError **error)
{
  gsize n = json_object_is_type (json, json_type_array)
                ? json_object_array_length (json)
                : 0;
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  if (n < 1 || n > MAX_ROWS || (n_wanted >= 0 && (gint64) n != n_wanted))
    return refuse (error,
                   _("the classes are missing or not as many as text rows"));
  for (gsize c = 0; c < n; c++) {
    HfJson *item = json_object_array_get_idx (json, c);
    const char *name = json_object_get_string (hf_json_get (item, "name"));
    const char *kind = json_object_get_string (hf_json_get (item, "kind"));
    HfSampleClass *class;
    HfClassKind parsed;

    if (name == NULL || kind == NULL ||
        !hf_class_kind_parse (kind, &parsed, NULL))
      return refuse (error, _("a class has no name or no kind"));
    if (!g_hash_table_add (names, (char *) name))
      return refuse (error, _("two classes have one name"));
    class = g_new0 (HfSampleClass, 1);
    class->name = g_strdup (name);
    class->kind = parsed;
    g_ptr_array_add (self->classes, class);
  }
  return TRUE;
}

static gboolean
read_groups (HfRows *self, HfJson *json, GError **error)
{
  if (!json_object_is_type (json, json_type_array) ||
      json_object_array_length (json) != self->n)
    return refuse (error, _("there is not one group for each row"));
  for (gsize i = 0; i < self->n; i++)
    self->group_name[i] =
        g_strdup (json_object_get_string (json_object_array_get_idx (json, i)));
  return TRUE;
}

static HfJson *
parse_metadata (const HfTensorFile *file, const char *key, GError **error)
{
  const char *text = hf_tensor_file_get_metadata (file, key);
  HfJson *json =
      text != NULL ? hf_json_parse (text, strlen (text), NULL) : NULL;
  g_autofree char *what = g_strdup_printf (_("its \"%s\" are no list"), key);

  if (json == NULL)
    refuse (error, what);
  return json;
}

static gboolean
read_names (HfRows *self, const HfTensorFile *file, gint64 n_classes,
            GError **error)
{
  const char *scale = hf_tensor_file_get_metadata (file, "logit_scale");
  g_autoptr (HfJson) classes = parse_metadata (file, "classes", error);
  g_autoptr (HfJson) groups = NULL;

  if (classes == NULL || !read_classes (self, classes, n_classes, error))
    return FALSE;
  groups = parse_metadata (file, "groups", error);
  if (groups == NULL || !read_groups (self, groups, error))
    return FALSE;
  self->logit_scale = scale != NULL ? g_ascii_strtod (scale, NULL) : NAN;
  return (self->logit_scale > 0 && isfinite (self->logit_scale)) ||
         refuse (error, _("the logit scale is missing"));
}

/* Integers that must lie in [0, @limit). */
static gboolean
read_ints (const HfTensor *tensor, int *out, gsize n, int limit, GError **error)
{
  memcpy (out, tensor->data, n * sizeof (int));
  for (gsize i = 0; i < n; i++)
    if (out[i] < 0 || out[i] >= limit)
      return refuse (error, _("a label is out of range"));
  return TRUE;
}

static gboolean
read_floats (const HfTensor *tensor, float *out, GError **error)
{
  gsize n;

  if (tensor == NULL || out == NULL)
    return TRUE;
  hf_tensor_read (tensor, out);
  n = (gsize) hf_tensor_get_n_elements (tensor);
  for (gsize i = 0; i < n; i++)
    if (!isfinite (out[i]))
      return refuse (error, _("a feature is not a finite number"));
  return TRUE;
}

static void
read_hashes (HfRows *self, const guint8 *bytes)
{
  for (gsize i = 0; i < self->n; i++) {
    GString *hex = g_string_new (NULL);

    for (gsize b = 0; b < SHA256_BYTES; b++)
      g_string_append_printf (hex, "%02x", bytes[i * SHA256_BYTES + b]);
    self->sha256[i] = g_string_free (hex, FALSE);
  }
}

HfRows *
hf_rows_new_from_tensors (const HfTensorFile *tensors, GError **error)
{
  Tensors t = {0};
  g_autoptr (HfRows) self = NULL;
  int n_classes;

  if (!find_tensors (tensors, &t, error))
    return NULL;
  self = hf_rows_new ((gsize) t.n, (gsize) t.tiles, (gsize) t.clip_dim,
                      (gsize) t.classic_dim, error);
  if (self == NULL || !read_names (self, tensors, t.n_classes, error))
    return NULL;
  n_classes = (int) self->classes->len;
  if (t.text != NULL)
    self->text = g_new0 (float, (gsize) n_classes * self->clip_dim);
  if (!read_ints (t.label, self->label, self->n, n_classes, error) ||
      !read_ints (t.audited, self->audited, self->n, 2, error) ||
      !read_floats (t.clip, self->clip, error) ||
      !read_floats (t.classic, self->classic, error) ||
      !read_floats (t.text, self->text, error))
    return NULL;
  memcpy (self->looks, t.look->data, self->n * HF_LOOK_PX * HF_LOOK_PX);
  read_hashes (self, t.hash->data);
  if (!hf_rows_find_near_copies (self, NULL, error))
    return NULL;
  hf_rows_finish (self);
  return g_steal_pointer (&self);
}
