/* published.c: see the header. An entry states parts of feature rows before
 * normalising, or logits; "inputs" are numbers that each fill a normalised
 * picture. What else entries state stays unchecked: states within the towers
 * (hidden and end-token rows, tokens after the last block, ln_post), since the
 * engine computes its last block for the wanted rows alone and gives none of
 * them away; sums and norms of rows, most of which the factor would swallow. */
#include "app/models/published.h"

#include "app/jobs/texts.h"
#include "app/places.h"
#include "base/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* The published features were printed with 4 to 9 digits; the loosest source
 * states 1e-4, and features have a length of about 11. */
#define TOLERANCE 1e-4

/* What f32 may do to a cosine, beside the tolerance of the source. Each tower's
 * unit rows of a ViT-B/32 with random weights are at most 1.4e-6 from
 * PyTorch's, in f32 and f64, so the cosine at most 2.8e-6; trained activations
 * are larger. */
#define COSINE_ROUNDING 5e-6

/* Unit rows of what one entry names. */
typedef struct {
  gsize dim, n_images, n_texts;
  float *images; /* [n_images][dim] */
  float *texts;  /* [n_texts][dim] */
} Rows;

static void
rows_clear (Rows *self)
{
  g_free (self->images);
  g_free (self->texts);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

/* 0 if @list is none. */
static gsize
get_length (HfJson *list)
{
  return json_object_is_type (list, json_type_array)
             ? json_object_array_length (list)
             : 0;
}

static double
get_number (HfJson *list, gsize i)
{
  return json_object_get_double (json_object_array_get_idx (list, i));
}

static void
note_difference (HfPublishedCheck *out, double difference, double tolerance)
{
  out->n_values++;
  out->largest_difference = MAX (out->largest_difference, difference);
  if (!(difference <= tolerance))
    out->agrees = FALSE;
}

/* The prompts of one entry as NULL-terminated list; borrowed strings. */
static const char **
dup_prompts (HfJson *entry)
{
  HfJson *list = hf_json_get (entry, "prompts");
  gsize n = get_length (list);
  const char **prompts = g_new0 (const char *, n + 1);

  for (gsize i = 0; i < n; i++)
    prompts[i] = json_object_get_string (json_object_array_get_idx (list, i));
  return prompts;
}

static gboolean
encode_prompts (HfSession *session, HfJson *entry, Rows *rows, GError **error)
{
  const HfClipConfig *config =
      hf_model_file_get_config (hf_session_get_model (session));
  const HfTokenizer *tokenizer = hf_session_get_tokenizer (session, error);
  g_autofree const char **prompts = dup_prompts (entry);
  g_autoptr (HfTexts) texts = NULL;

  if (tokenizer == NULL)
    return FALSE;
  texts = hf_texts_new (tokenizer, prompts, (gsize) config->context_length);
  rows->n_texts = hf_texts_get_n (texts);
  if (rows->n_texts == 0)
    return TRUE;
  rows->texts = g_new0 (float, rows->n_texts * rows->dim);
  return hf_session_encode_texts (session, hf_texts_get_ids (texts),
                                  hf_texts_get_n_ids (texts), rows->n_texts,
                                  rows->texts, error);
}

/* @row: float[embed_dim] of a normalised picture that is @value everywhere. */
static gboolean
encode_constant (HfClip *clip, const HfClipConfig *config, float value,
                 float *row, GError **error)
{
  const float mean[3] = {-value, -value, -value}, std[3] = {1, 1, 1};
  gsize side = (gsize) config->image_px;
  g_autofree guint8 *black = g_new0 (guint8, side * side * 3);
  gboolean ok;

  hf_clip_set_pixel_scale (clip, mean, std);
  ok = hf_clip_encode_images (clip, black, 1, row, error);
  hf_clip_set_pixel_scale (clip, config->mean, config->std);
  return ok;
}

static gboolean
encode_inputs (HfSession *session, HfJson *entry, Rows *rows, GError **error)
{
  const HfClipConfig *config =
      hf_model_file_get_config (hf_session_get_model (session));
  HfJson *inputs = hf_json_get (entry, "inputs");
  HfClip *clip;

  rows->n_images = get_length (inputs);
  if (rows->n_images == 0)
    return TRUE;
  /* Not through the session: another device would not know the scale. */
  clip = hf_session_get_clip (session, error);
  if (clip == NULL)
    return FALSE;
  rows->images = g_new0 (float, rows->n_images * rows->dim);
  for (gsize i = 0; i < rows->n_images; i++)
    if (!encode_constant (clip, config, (float) get_number (inputs, i),
                          rows->images + i * rows->dim, error))
      return FALSE;
  return TRUE;
}

/* @row is float[dim]; @part has "first" and "values". Fits the one factor
 * between them by least squares and notes the differences. */
static void
compare_part (HfJson *part, const float *row, gsize dim, HfPublishedCheck *out)
{
  HfJson *values = hf_json_get (part, "values");
  gsize first = (gsize) json_object_get_int (hf_json_get (part, "first"));
  gsize n = get_length (values);
  double cross = 0, square = 0, factor;

  if (first > dim || n > dim - first)
    return;
  for (gsize i = 0; i < n; i++) {
    double ours = row[first + i];

    cross += ours * get_number (values, i);
    square += ours * ours;
  }
  /* A negative factor would be the opposite of what was published. */
  factor = square > 0 ? MAX (cross / square, 0) : 0;
  for (gsize i = 0; i < n; i++)
    note_difference (out,
                     fabs (get_number (values, i) - factor * row[first + i]),
                     TOLERANCE);
  if (!(factor > 0))
    out->agrees = FALSE;
}

/* "parts" speak of the inputs' rows where an entry has inputs. */
static void
compare_parts (HfJson *entry, const Rows *rows, HfPublishedCheck *out)
{
  HfJson *parts = hf_json_get (entry, "parts");
  const float *features = rows->n_images > 0 ? rows->images : rows->texts;
  gsize n = rows->n_images > 0 ? rows->n_images : rows->n_texts;

  for (gsize i = 0; i < get_length (parts); i++) {
    HfJson *part = json_object_array_get_idx (parts, i);
    gsize row = (gsize) json_object_get_int (hf_json_get (part, "row"));

    if (row < n)
      compare_part (part, features + row * rows->dim, rows->dim, out);
  }
}

/* "logits_per_image": [n_images][n_texts], with the model's own scale. */
static void
compare_logits (HfJson *entry, const Rows *rows, double scale,
                HfPublishedCheck *out)
{
  HfJson *logits = hf_json_get (entry, "logits_per_image");
  double tolerance = json_object_get_double (hf_json_get (
                         hf_json_get (entry, "tolerance"), "atol")) +
                     scale * COSINE_ROUNDING;

  for (gsize i = 0; i < MIN (get_length (logits), rows->n_images); i++) {
    HfJson *line = json_object_array_get_idx (logits, i);

    for (gsize j = 0; j < MIN (get_length (line), rows->n_texts); j++) {
      double cosine = 0;

      for (gsize k = 0; k < rows->dim; k++)
        cosine += (double) rows->images[i * rows->dim + k] *
                  rows->texts[j * rows->dim + k];
      note_difference (out, fabs (get_number (line, j) - scale * cosine),
                       tolerance);
    }
  }
}

static gboolean
check_entry (HfSession *session, HfJson *entry, HfPublishedCheck *out,
             GError **error)
{
  HfModelFile *model = hf_session_get_model (session);
  g_auto (Rows) rows = {
      .dim = (gsize) hf_model_file_get_config (model)->embed_dim};
  HfClip *clip;

  if (!encode_prompts (session, entry, &rows, error) ||
      !encode_inputs (session, entry, &rows, error))
    return FALSE;
  clip = hf_session_get_clip (session, error);
  if (clip == NULL)
    return FALSE;
  compare_parts (entry, &rows, out);
  compare_logits (entry, &rows, hf_clip_get_logit_scale (clip), out);
  return TRUE;
}

static gboolean
is_wanted (HfJson *entry, const char *name)
{
  const char *model = json_object_get_string (hf_json_get (entry, "model"));

  return g_strcmp0 (model, name) == 0 &&
         (get_length (hf_json_get (entry, "parts")) > 0 ||
          get_length (hf_json_get (entry, "logits_per_image")) > 0);
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
  HfPublishedCheck check = {.agrees = TRUE};
  HfJson *numbers;

  if (json == NULL)
    return FALSE;
  numbers = hf_json_get (json, "numbers");
  if (!json_object_is_type (numbers, json_type_array)) {
    g_set_error (error, HF_JSON_ERROR, HF_JSON_ERROR_TYPE,
                 _("%s: \"numbers\" is missing or no list."), path);
    return FALSE;
  }
  for (gsize i = 0; i < json_object_array_length (numbers); i++) {
    HfJson *entry = json_object_array_get_idx (numbers, i);

    if (is_wanted (entry, name) && !check_entry (session, entry, &check, error))
      return FALSE;
  }
  check.agrees = check.agrees && check.n_values > 0;
  *out = check;
  return TRUE;
}
