/* published.c: see the header. */
#include "app/models/published.h"

#include "app/jobs/texts.h"
#include "app/places.h"
#include "base/json.h"

#include <math.h>

/* The published values were printed with 4 to 9 digits; the loosest source
 * states 1e-4, and features have a length of about 11. */
#define TOLERANCE 1e-4

/* The prompts of one entry as NULL-terminated list; borrowed strings. */
static const char **
dup_prompts (HfJson *entry)
{
  HfJson *list = hf_json_get (entry, "prompts");
  gsize n = json_object_is_type (list, json_type_array)
                ? json_object_array_length (list)
                : 0;
  const char **prompts = g_new0 (const char *, n + 1);

  for (gsize i = 0; i < n; i++)
    prompts[i] = json_object_get_string (json_object_array_get_idx (list, i));
  return prompts;
}

/* @row is float[dim]; @part has "first" and "values". Fits the one factor
 * between them by least squares and notes the largest difference. */
static void
compare_part (HfJson *part, const float *row, gsize dim, HfPublishedCheck *out)
{
  HfJson *values = hf_json_get (part, "values");
  gsize first = (gsize) json_object_get_int (hf_json_get (part, "first"));
  gsize n = json_object_is_type (values, json_type_array)
                ? json_object_array_length (values)
                : 0;
  double cross = 0, square = 0, factor;

  if (first > dim || n > dim - first)
    return;
  for (gsize i = 0; i < n; i++) {
    double ours = row[first + i];

    cross +=
        ours * json_object_get_double (json_object_array_get_idx (values, i));
    square += ours * ours;
  }
  factor = square > 0 ? cross / square : 0;
  for (gsize i = 0; i < n; i++) {
    double wanted =
        json_object_get_double (json_object_array_get_idx (values, i));
    double difference = fabs (wanted - factor * row[first + i]);

    out->largest_difference = MAX (out->largest_difference, difference);
  }
  /* A negative factor would be the opposite of what was published. */
  if (factor <= 0)
    out->largest_difference = INFINITY;
  out->n_values += (int) n;
}

static gboolean
check_entry (HfSession *session, HfJson *entry, HfPublishedCheck *out,
             GError **error)
{
  const HfClipConfig *config =
      hf_model_file_get_config (hf_session_get_model (session));
  gsize dim = (gsize) config->embed_dim;
  HfJson *parts = hf_json_get (entry, "parts");
  const HfTokenizer *tokenizer = hf_session_get_tokenizer (session, error);
  g_autofree const char **prompts = dup_prompts (entry);
  g_autoptr (HfTexts) texts = NULL;
  g_autofree float *rows = NULL;

  if (tokenizer == NULL)
    return FALSE;
  texts = hf_texts_new (tokenizer, prompts, (gsize) config->context_length);
  rows = g_new0 (float, hf_texts_get_n (texts) * dim);
  if (!hf_session_encode_texts (session, hf_texts_get_ids (texts),
                                hf_texts_get_n_ids (texts),
                                hf_texts_get_n (texts), rows, error))
    return FALSE;
  for (gsize i = 0; i < json_object_array_length (parts); i++) {
    HfJson *part = json_object_array_get_idx (parts, i);
    gsize row = (gsize) json_object_get_int (hf_json_get (part, "row"));

    if (row < hf_texts_get_n (texts))
      compare_part (part, rows + row * dim, dim, out);
  }
  return TRUE;
}

static gboolean
is_wanted (HfJson *entry, const char *name)
{
  const char *model = json_object_get_string (hf_json_get (entry, "model"));

  return g_strcmp0 (model, name) == 0 &&
         json_object_is_type (hf_json_get (entry, "parts"), json_type_array);
}

static HfJson *
load_numbers (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize size_bytes = 0;
  HfJson *json;

  if (!g_file_get_contents (path, &text, &size_bytes, error))
    return NULL;
  json = hf_json_parse (text, size_bytes, error);
  if (json == NULL)
    g_prefix_error (error, "%s: ", path);
  return json;
}

gboolean
hf_published_check (HfSession *session, const char *name,
                    const char *numbers_path, HfPublishedCheck *out,
                    GError **error)
{
  g_autofree char *path =
      numbers_path != NULL
          ? g_strdup (numbers_path)
          : hf_places_dup_data ("openai_published_numbers.json");
  g_autoptr (HfJson) json = load_numbers (path, error);
  HfPublishedCheck check = {0};
  HfJson *numbers;

  if (json == NULL)
    return FALSE;
  numbers = hf_json_get (json, "numbers");
  if (!json_object_is_type (numbers, json_type_array)) {
    g_set_error (error, HF_JSON_ERROR, HF_JSON_ERROR_TYPE,
                 "%s: \"numbers\" is missing or no list.", path);
    return FALSE;
  }
  for (gsize i = 0; i < json_object_array_length (numbers); i++) {
    HfJson *entry = json_object_array_get_idx (numbers, i);

    if (is_wanted (entry, name) && !check_entry (session, entry, &check, error))
      return FALSE;
  }
  check.agrees = check.n_values > 0 && check.largest_difference <= TOLERANCE;
  *out = check;
  return TRUE;
}
