/* answer.c: see the header. docs/formats.md describes the JSON and the CSV. */
#include "app/cli/verbs/bundle/answer.h"

#include "app/cli/output.h"

#include <string.h>

/* As many digits as classify prints. */
#define DIGITS 9
/* Milliseconds to a thousandth. */
#define MS_FORMAT "%.3f"

/* The map of one class: a list of rows, each a list of columns. */
static HfJson *
new_map (const HfFraming *framing, const double *tiles, int n_classes, int c)
{
  HfJson *map = json_object_new_array ();

  for (int r = 0; r < framing->n_rows; r++) {
    HfJson *row = json_object_new_array ();

    for (int k = 0; k < framing->n_columns; k++) {
      int tile = r * framing->n_columns + k;

      json_object_array_add (
          row, hf_json_new_number (tiles[tile * n_classes + c], DIGITS));
    }
    json_object_array_add (map, row);
  }
  return map;
}

static HfJson *
new_tiles (const HfBundleContent *content, const double *tiles)
{
  int n_classes = (int) g_strv_length (content->classes);
  HfJson *json = json_object_new_object ();

  for (int c = 0; c < n_classes; c++)
    json_object_object_add (json, content->classes[c],
                            new_map (&content->framing, tiles, n_classes, c));
  return json;
}

static HfJson *
new_probabilities (const HfBundleContent *content, const double *probabilities)
{
  HfJson *json = json_object_new_object ();

  for (guint c = 0; content->classes[c] != NULL; c++)
    json_object_object_add (json, content->classes[c],
                            hf_json_new_number (probabilities[c], DIGITS));
  return json;
}

static char *
dup_json (const HfInspector *inspector, const char *path,
          const HfJudgement *judgement)
{
  const int flags = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;
  const HfBundleContent *content = hf_inspector_get_content (inspector);
  const char *bundle =
      hf_bundle_get_sha256 (hf_inspector_get_bundle (inspector));
  int c = judgement->class_id;
  g_autoptr (HfJson) json = json_object_new_object ();

  json_object_object_add (json, "path", hf_json_new_string (path));
  json_object_object_add (json, "class",
                          hf_json_new_string (content->classes[c]));
  json_object_object_add (
      json, "probability",
      hf_json_new_number (judgement->probabilities[c], DIGITS));
  json_object_object_add (
      json, "probabilities",
      new_probabilities (content, judgement->probabilities));
  json_object_object_add (
      json, "verdict",
      json_object_new_string (hf_verdict_get_name (judgement->verdict)));
  json_object_object_add (json, "bundle", json_object_new_string (bundle));
  json_object_object_add (json, "image_sha256",
                          json_object_new_string (judgement->sha256));
  json_object_object_add (json, "ms", hf_json_new_number (judgement->ms, 6));
  if (judgement->tiles != NULL)
    json_object_object_add (json, "tiles",
                            new_tiles (content, judgement->tiles));
  return g_strconcat (json_object_to_json_string_ext (json, flags), "\n", NULL);
}

/* A field of RFC 4180: in quotes where it holds what would end it. */
static void
append_field (GString *line, const char *bytes)
{
  g_autofree char *shown = hf_json_dup_shown (bytes);

  if (line->len > 0)
    g_string_append_c (line, ',');
  if (strpbrk (shown, ",\"\r\n") == NULL) {
    g_string_append (line, shown);
    return;
  }
  g_string_append_c (line, '"');
  for (const char *at = shown; *at != '\0'; at++)
    g_string_append_printf (line, *at == '"' ? "\"%c" : "%c", *at);
  g_string_append_c (line, '"');
}

static void
append_number (GString *line, const char *format, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  append_field (line, g_ascii_formatd (text, sizeof text, format, value));
}

static char *
dup_csv (const HfInspector *inspector, const char *path,
         const HfJudgement *judgement)
{
  const HfBundleContent *content = hf_inspector_get_content (inspector);
  g_autoptr (GString) line = g_string_new (NULL);

  append_field (line, path);
  append_field (line, content->classes[judgement->class_id]);
  append_number (line, "%.9g", judgement->probabilities[judgement->class_id]);
  append_field (line, hf_verdict_get_name (judgement->verdict));
  append_field (line,
                hf_bundle_get_sha256 (hf_inspector_get_bundle (inspector)));
  append_field (line, judgement->sha256);
  append_number (line, MS_FORMAT, judgement->ms);
  for (guint c = 0; content->classes[c] != NULL; c++)
    append_number (line, "%.9g", judgement->probabilities[c]);
  g_string_append_c (line, '\n');
  return g_string_free (g_steal_pointer (&line), FALSE);
}

/* The path stands last: it may have any length. */
static char *
dup_text (const HfInspector *inspector, const char *path,
          const HfJudgement *judgement)
{
  const HfBundleContent *content = hf_inspector_get_content (inspector);
  int c = judgement->class_id;
  g_autofree char *class = hf_output_dup_printable (content->classes[c]);
  g_autofree char *shown = hf_output_dup_printable (path);
  char percent[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (percent, sizeof percent, "%.1f",
                   100 * judgement->probabilities[c]);
  return g_strdup_printf ("%-7s  %5s %%  %-12s  %s\n",
                          hf_verdict_get_name (judgement->verdict), percent,
                          class, shown);
}

char *
hf_answer_dup_line (HfAnswerForm form, const HfInspector *inspector,
                    const char *path, const HfJudgement *judgement)
{
  switch (form) {
  case HF_ANSWER_JSON:
    return dup_json (inspector, path, judgement);
  case HF_ANSWER_CSV:
    return dup_csv (inspector, path, judgement);
  default:
    return dup_text (inspector, path, judgement);
  }
}

char *
hf_answer_dup_head (HfAnswerForm form, const HfInspector *inspector)
{
  const HfBundleContent *content = hf_inspector_get_content (inspector);
  g_autoptr (GString) line = NULL;

  if (form != HF_ANSWER_CSV)
    return NULL;
  line = g_string_new ("path,class,probability,verdict,bundle,image_sha256,ms");
  for (guint c = 0; content->classes[c] != NULL; c++) {
    g_autofree char *name =
        g_strconcat ("probability of ", content->classes[c], NULL);

    append_field (line, name);
  }
  g_string_append_c (line, '\n');
  return g_string_free (g_steal_pointer (&line), FALSE);
}
