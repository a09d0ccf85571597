/* manifest-write.c: the writing half of manifest.h. Members stand in a fixed
 * order, numbers are written so that they read back exactly. */
#include "bundle/manifest.h"

#include "base/sha256.h"

#include <math.h>
#include <string.h>

#define EXACT_DIGITS 17

static void
add_string (HfJson *json, const char *name, const char *text)
{
  json_object_object_add (json, name,
                          text != NULL ? hf_json_new_string (text) : NULL);
}

static void
add_number (HfJson *json, const char *name, double value)
{
  json_object_object_add (json, name, hf_json_new_number (value, EXACT_DIGITS));
}

static HfJson *
new_classes (const HfBundleContent *content)
{
  HfJson *list = json_object_new_array ();

  for (guint c = 0; content->classes[c] != NULL; c++) {
    HfJson *one = json_object_new_object ();

    add_string (one, "name", content->classes[c]);
    add_string (one, "kind", hf_class_kind_get_name (content->kinds[c]));
    json_object_array_add (list, one);
  }
  return list;
}

static HfJson *
new_model (const HfBundleContent *content)
{
  HfJson *json;

  if (content->model_identity == NULL)
    return NULL;
  json = json_object_new_object ();
  add_string (json, "identity", content->model_identity);
  add_string (json, "name", content->model_name);
  add_string (json, "source", content->model_source);
  return json;
}

static const char *
get_kernel_name (const HfProbeSpec *spec)
{
  if (spec->kind != HF_PROBE_SVM)
    return NULL;
  return spec->kernel == HF_KERNEL_RBF ? "rbf" : "linear";
}

/* For people and scripts; what computes stands in probe.safetensors. */
static HfJson *
new_probe (const HfProbe *probe)
{
  const HfProbeSpec *spec = hf_probe_get_spec (probe);
  const HfWords *words = hf_probe_get_words (probe);
  HfJson *json = json_object_new_object ();
  double false_alarms = 0;
  double limit = hf_probe_get_unknown_limit (probe, &false_alarms);

  add_string (json, "kind", hf_probe_kind_get_name (spec->kind));
  add_string (json, "features", hf_blocks_get_name (spec->blocks));
  add_string (json, "kernel", get_kernel_name (spec));
  add_number (json, "c", spec->c);
  add_number (json, "gamma", spec->gamma);
  add_number (json, "text_pull", spec->text_pull);
  add_number (json, "lambda", spec->lambda);
  add_number (json, "alpha", spec->alpha);
  add_number (json, "temperature", hf_probe_get_temperature (probe));
  json_object_object_add (
      json, "calibrated_on",
      json_object_new_int64 ((gint64) hf_probe_get_n_calibration (probe)));
  add_number (json, "unknown_limit", limit);
  add_number (json, "unknown_false_alarms",
              isfinite (limit) ? false_alarms : NAN);
  add_string (json, "reason", hf_probe_get_reason (probe));
  if (words != NULL) {
    g_autofree char *hint = hf_words_dup_hint (words);

    add_string (json, "nearest_words", hint);
  }
  return json;
}

static HfJson *
new_thresholds (const HfThresholds *thresholds)
{
  HfJson *json;

  if (isnan (thresholds->reject) || isnan (thresholds->pass))
    return NULL;
  json = json_object_new_object ();
  add_number (json, "reject", thresholds->reject);
  add_number (json, "pass", thresholds->pass);
  return json;
}

static HfJson *
new_warnings (char *const *warnings)
{
  HfJson *list = json_object_new_array ();

  for (; warnings != NULL && *warnings != NULL; warnings++)
    json_object_array_add (list, hf_json_new_string (*warnings));
  return list;
}

static HfJson *
new_members (const HfZipMember *members, gsize n)
{
  HfJson *list = json_object_new_array ();

  for (gsize i = 0; i < n; i++) {
    HfJson *one = json_object_new_object ();
    g_autofree char *sum = hf_sha256_dup_for_bytes (members[i].bytes);

    add_string (one, "name", members[i].name);
    json_object_object_add (
        one, "size_bytes",
        json_object_new_int64 ((gint64) g_bytes_get_size (members[i].bytes)));
    add_string (one, "sha256", sum);
    json_object_array_add (list, one);
  }
  return list;
}

GBytes *
hf_manifest_dup_text (const HfBundleContent *content,
                      const HfZipMember *members, gsize n)
{
  const int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE;
  g_autoptr (HfJson) json = json_object_new_object ();
  g_autofree char *framing = hf_framing_dup_name (&content->framing);
  const char *text;

  add_string (json, "format", HF_MANIFEST_FORMAT);
  json_object_object_add (json, "format_version",
                          json_object_new_int (HF_MANIFEST_VERSION));
  json_object_object_add (json, "classes", new_classes (content));
  json_object_object_add (json, "probe", new_probe (content->probe));
  json_object_object_add (json, "model", new_model (content));
  add_string (json, "precision", hf_precision_get_name (content->precision));
  add_string (json, "framing", framing);
  json_object_object_add (json, "views",
                          json_object_new_int (content->n_views));
  json_object_object_add (json, "thresholds",
                          new_thresholds (&content->thresholds));
  json_object_object_add (json, "evaluation",
                          json_object_get (content->evaluation));
  json_object_object_add (json, "counts", json_object_get (content->counts));
  add_string (json, "label_log_sha256", content->label_log_sha256);
  json_object_object_add (json, "warnings", new_warnings (content->warnings));
  json_object_object_add (json, "members", new_members (members, n));
  text = json_object_to_json_string_ext (json, flags);
  return g_bytes_new (text, strlen (text));
}
