/* manifest-read.c: the reading half of manifest.h: every field is looked at by
 * itself, and one that is not known is refused. */
#include "bundle/manifest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_CLASSES 10000
#define MAX_TEXT_BYTES 10000
#define SHA256_LETTERS 64

static const char *const fields[] = {
    "format",    "format_version",   "classes",  "probe",      "model",
    "precision", "framing",          "views",    "thresholds", "evaluation",
    "counts",    "label_log_sha256", "warnings", "members",    NULL};

void
hf_manifest_member_free (gpointer data)
{
  HfManifestMember *member = data;

  g_free (member->name);
  g_free (member->sha256);
  g_free (member);
}

static gboolean
refuse (GError **error, const char *name, const char *what)
{
  g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_FORMAT,
               _("has a member, %s, whose \"%s\" %s"), HF_MANIFEST_NAME, name,
                  what);
  return FALSE;
}

/* A text without a NUL in it, of a sensible length; borrowed. */
static const char *
get_text (HfJson *value)
{
  const char *text;
  gsize n;

  if (!json_object_is_type (value, json_type_string))
    return NULL;
  text = json_object_get_string (value);
  n = (gsize) json_object_get_string_len (value);
  return n == strlen (text) && n <= MAX_TEXT_BYTES ? text : NULL;
}

/* Copies the text @name to @out; NULL where it may be missing and is. */
static gboolean
read_text (HfJson *json, const char *name, gboolean needed, char **out,
           GError **error)
{
  HfJson *value = hf_json_get (json, name);
  const char *text = get_text (value);

  if (text == NULL && (needed || value != NULL))
    return refuse (error, name, _("is missing or no text"));
  *out = g_strdup (text);
  return TRUE;
}

static gboolean
is_sha256 (const char *text)
{
  return text != NULL && strlen (text) == SHA256_LETTERS &&
         strspn (text, "0123456789abcdef") == SHA256_LETTERS;
}

static gboolean
read_version (HfJson *json, GError **error)
{
  const char *format = get_text (hf_json_get (json, "format"));
  gint64 version = 0;

  if (g_strcmp0 (format, HF_MANIFEST_FORMAT) != 0)
    return refuse (error, "format", _("is not that of a bundle"));
  if (!hf_json_read_int (json, "format_version", 1, G_MAXINT32, &version,
                         NULL) ||
      version < 1)
    return refuse (error, "format_version", _("is missing or no version"));
  if (version <= HF_MANIFEST_VERSION)
    return TRUE;
  g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_VERSION,
               _("has the format version %d (in its %s), and this program "
                 "reads up to %d; use a newer Handful"),
                  (int) version, HF_MANIFEST_NAME, HF_MANIFEST_VERSION);
  return FALSE;
}

static gboolean
check_fields (HfJson *json, GError **error)
{
  json_object_object_foreach (json, name, value)
  {
    (void) value;
    if (!g_strv_contains (fields, name))
      return refuse (error, name, _("is a field that no bundle has"));
  }
  return TRUE;
}

static gboolean
read_class (HfJson *item, GHashTable *names, char **name, HfClassKind *kind)
{
  const char *text = get_text (hf_json_get (item, "name"));
  const char *word = get_text (hf_json_get (item, "kind"));

  if (text == NULL || *text == '\0' || word == NULL ||
      !hf_class_kind_parse (word, kind, NULL))
    return FALSE;
  *name = g_strdup (text);
  return g_hash_table_add (names, *name);
}

static gboolean
read_classes (HfJson *json, HfBundleContent *content, GError **error)
{
  HfJson *list = hf_json_get (json, "classes");
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  gsize n = json_object_is_type (list, json_type_array)
                ? json_object_array_length (list)
                : 0;

  if (n < 1 || n > MAX_CLASSES)
    return refuse (error, "classes", _("are missing or too many"));
  content->classes = g_new0 (char *, n + 1);
  content->kinds = g_new0 (HfClassKind, n);
  for (gsize c = 0; c < n; c++)
    if (!read_class (json_object_array_get_idx (list, c), names,
                     &content->classes[c], &content->kinds[c]))
      return refuse (error, "classes",
                     _("hold one without a name, without a kind, or twice"));
  return TRUE;
}

static gboolean
read_model (HfJson *json, HfBundleContent *content, GError **error)
{
  HfJson *model = hf_json_get (json, "model");

  if (model == NULL)
    return TRUE;
  if (!read_text (model, "identity", TRUE, &content->model_identity, error) ||
      !read_text (model, "name", FALSE, &content->model_name, error) ||
      !read_text (model, "source", FALSE, &content->model_source, error))
    return FALSE;
  return is_sha256 (content->model_identity) ||
         refuse (error, "identity", _("is no SHA-256"));
}

/* How features are made. */
static gboolean
read_features (HfJson *json, HfBundleContent *content, GError **error)
{
  const char *precision = get_text (hf_json_get (json, "precision"));
  const char *framing = get_text (hf_json_get (json, "framing"));
  gint64 views = 0;

  if (precision == NULL || !hf_precision_parse (precision, &content->precision))
    return refuse (error, "precision", _("is none that is known"));
  if (framing == NULL || !hf_framing_parse (framing, &content->framing, NULL))
    return refuse (error, "framing", _("is none that is known"));
  if (!hf_json_read_int (json, "views", 1, 8, &views, NULL) ||
      (views != 1 && views != 4 && views != 8))
    return refuse (error, "views", _("are not 1, 4 or 8"));
  content->n_views = (int) views;
  return TRUE;
}

static gboolean
read_thresholds (HfJson *json, HfBundleContent *content, GError **error)
{
  HfJson *both = hf_json_get (json, "thresholds");
  HfThresholds *read = &content->thresholds;

  read->reject = read->pass = NAN;
  if (both == NULL)
    return TRUE;
  if (!hf_json_read_double (both, "reject", 0, 1, &read->reject, NULL) ||
      !hf_json_read_double (both, "pass", 0, 1, &read->pass, NULL) ||
      !(read->reject <= read->pass))
    return refuse (error, "thresholds", _("are not two numbers from 0 to 1"));
  return TRUE;
}

static gboolean
read_object (HfJson *json, const char *name, HfJson **out, GError **error)
{
  HfJson *value = hf_json_get (json, name);

  if (value != NULL && !json_object_is_type (value, json_type_object))
    return refuse (error, name, _("is no object"));
  *out = json_object_get (value);
  return TRUE;
}

static gboolean
read_warnings (HfJson *json, HfBundleContent *content, GError **error)
{
  HfJson *list = hf_json_get (json, "warnings");
  gsize n;

  if (!json_object_is_type (list, json_type_array))
    return refuse (error, "warnings", _("are no list"));
  n = json_object_array_length (list);
  content->warnings = g_new0 (char *, n + 1);
  for (gsize i = 0; i < n; i++) {
    const char *text = get_text (json_object_array_get_idx (list, i));

    if (text == NULL)
      return refuse (error, "warnings", _("hold one that is no text"));
    content->warnings[i] = g_strdup (text);
  }
  return TRUE;
}

static gboolean
read_member (HfJson *item, GPtrArray *members)
{
  const char *name = get_text (hf_json_get (item, "name"));
  const char *sum = get_text (hf_json_get (item, "sha256"));
  HfManifestMember *member;
  gint64 size_bytes = -1;

  if (name == NULL || !is_sha256 (sum) ||
      !hf_json_read_int (item, "size_bytes", 0, G_MAXUINT32, &size_bytes,
                         NULL) ||
      size_bytes < 0)
    return FALSE;
  member = g_new0 (HfManifestMember, 1);
  member->name = g_strdup (name);
  member->sha256 = g_strdup (sum);
  member->size_bytes = (guint64) size_bytes;
  g_ptr_array_add (members, member);
  return TRUE;
}

static gboolean
read_members (HfJson *json, GPtrArray *members, GError **error)
{
  HfJson *list = hf_json_get (json, "members");

  if (!json_object_is_type (list, json_type_array))
    return refuse (error, "members", _("are no list"));
  for (gsize i = 0; i < json_object_array_length (list); i++)
    if (!read_member (json_object_array_get_idx (list, i), members))
      return refuse (error, "members",
                     _("hold one without a name, a size or a SHA-256"));
  return TRUE;
}

static HfJson *
parse (GBytes *text, GError **error)
{
  gsize size_bytes;
  const char *data = g_bytes_get_data (text, &size_bytes);
  HfJson *json = hf_json_parse (data, size_bytes, error);

  if (json == NULL) {
    g_autofree char *why = g_strdup ((*error)->message);

    g_clear_error (error);
    g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_FORMAT,
                 _("has a member, %s, that %s"), HF_MANIFEST_NAME, why);
  }
  return json;
}

gboolean
hf_manifest_parse (GBytes *text, HfBundleContent *content, GPtrArray *members,
                   GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (HfJson) json = parse (text, &local);

  if (json == NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (!json_object_is_type (json, json_type_object))
    return refuse (error, "format", _("is missing"));
  return read_version (json, error) && check_fields (json, error) &&
         read_classes (json, content, error) &&
         read_model (json, content, error) &&
         read_features (json, content, error) &&
         read_thresholds (json, content, error) &&
         read_object (json, "evaluation", &content->evaluation, error) &&
         read_object (json, "counts", &content->counts, error) &&
         read_text (json, "label_log_sha256", FALSE, &content->label_log_sha256,
                    error) &&
         read_warnings (json, content, error) &&
         read_members (json, members, error);
}

gboolean
hf_manifest_check_probe (GBytes *text, const HfBundleContent *content,
                         GError **error)
{
  const HfProbeSpec *spec = hf_probe_get_spec (content->probe);
  g_autoptr (GError) local = NULL;
  g_autoptr (HfJson) json = parse (text, &local);
  HfJson *probe = hf_json_get (json, "probe");

  if (g_strcmp0 (get_text (hf_json_get (probe, "kind")),
                 hf_probe_kind_get_name (spec->kind)) == 0 &&
      g_strcmp0 (get_text (hf_json_get (probe, "features")),
                 hf_blocks_get_name (spec->blocks)) == 0)
    return TRUE;
  return refuse (error, "probe", _("is not the one in probe.safetensors"));
}
