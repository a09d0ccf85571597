/* verb-embed.c: handful-cli embed. */
#include "app/cli/output.h"
#include "app/cli/picture-options.h"
#include "app/cli/task.h"
#include "app/jobs/embed.h"
#include "tensor/safetensors.h"

#include <string.h>

/* Rows as they come, and which pictures they are of. */
typedef struct {
  HfPictures *pictures;
  gsize dim;
  GArray *rows;     /* float[n][dim] */
  HfJson *paths;    /* JSON list of the embedded paths, in order */
  float *text_rows; /* float[n_texts][dim], or NULL */
  HfTexts *texts;   /* or NULL */
} Embedding;

static void
embedding_clear (Embedding *self)
{
  g_array_unref (self->rows);
  json_object_put (self->paths);
  g_free (self->text_rows);
  g_clear_pointer (&self->texts, hf_texts_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Embedding, embedding_clear)

static gboolean
add_row_cb (gsize index, const float *row, const GError *refused, gpointer data,
            GError **error)
{
  Embedding *self = data;
  const char *path = hf_pictures_get (self->pictures, index);

  if (row == NULL) {
    hf_pictures_refuse (self->pictures, path, refused->message);
    return TRUE;
  }
  g_array_append_vals (self->rows, row, (guint) self->dim);
  json_object_array_add (self->paths, hf_output_new_string (path));
  return TRUE;
}

static void
add_matrix (HfTensorFile *file, const char *name, const float *rows, gsize n,
            gsize dim)
{
  HfTensor tensor = {.dtype = HF_DTYPE_F32,
                     .n_dims = 2,
                     .shape = {(gint64) n, (gint64) dim},
                     .strides = {(gint64) dim, 1},
                     .data = (const guint8 *) rows};

  hf_tensor_file_add (file, name, &tensor);
}

static HfJson *
new_text_list (const HfTexts *texts)
{
  HfJson *list = json_object_new_array ();

  for (gsize i = 0; texts != NULL && i < hf_texts_get_n (texts); i++)
    json_object_array_add (list,
                           hf_output_new_string (hf_texts_get (texts, i)));
  return list;
}

static void
set_json (HfTensorFile *file, const char *key, HfJson *json)
{
  const int flags = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;

  hf_tensor_file_set_metadata (file, key,
                               json_object_to_json_string_ext (json, flags));
}

static gboolean
save (const Embedding *self, const HfPictureOptions *options, const char *path,
      GError **error)
{
  g_autoptr (HfTensorFile) file = hf_tensor_file_new (NULL, NULL);
  g_autoptr (HfJson) texts = new_text_list (self->texts);
  g_autofree char *framing = hf_framing_dup_name (&options->framing);
  g_autofree char *views = g_strdup_printf ("%d", options->n_views);
  g_autofree char *model = hf_output_dup_shown (
      options->model_name != NULL ? options->model_name : "starter");

  set_json (file, "paths", self->paths);
  set_json (file, "texts", texts);
  hf_tensor_file_set_metadata (file, "model", model);
  hf_tensor_file_set_metadata (file, "precision",
                               hf_precision_get_name (options->precision));
  hf_tensor_file_set_metadata (file, "framing", framing);
  hf_tensor_file_set_metadata (file, "views", views);
  if (options->paths != NULL)
    add_matrix (file, "image_features", (const float *) self->rows->data,
                self->rows->len / self->dim, self->dim);
  if (self->texts != NULL)
    add_matrix (file, "text_features", self->text_rows,
                hf_texts_get_n (self->texts), self->dim);
  return hf_safetensors_save (file, path, error);
}

/* Both towers: the rows of the texts, then those of the pictures. */
static gboolean
compute (Embedding *self, HfExtractor *extractor, HfProgress *progress,
         GError **error)
{
  gsize n = self->texts != NULL ? hf_texts_get_n (self->texts) : 0;
  g_autofree const char **texts = g_new0 (const char *, n + 1);

  for (gsize i = 0; i < n; i++)
    texts[i] = hf_texts_get (self->texts, i);
  self->text_rows = g_new (float, n * self->dim + 1);
  return hf_extractor_encode_texts (extractor, texts, n, self->text_rows, NULL,
                                    error) &&
         hf_embed_pictures (extractor, hf_pictures_get_paths (self->pictures),
                            hf_pictures_get_n (self->pictures), add_row_cb,
                            self, progress, error);
}

/* Opens the model and looks at the texts, before the device is needed. */
static gboolean
prepare (Embedding *self, const HfPictureOptions *options, char **written,
         HfPictureTools *tools, HfTask *task, int *status)
{
  g_autoptr (GError) error = NULL;
  gboolean too_long = FALSE;

  *status = HF_EXIT_USAGE;
  if (hf_picture_options_open (options,
                               written != NULL && options->paths != NULL, tools,
                               hf_task_get_progress (task), &error)) {
    self->dim = hf_extractor_get_clip_dim (tools->extractor);
    if (written == NULL)
      return TRUE;
    self->texts = hf_picture_options_read_texts (
        options, tools, (const char *const *) written, &too_long, &error);
    if (self->texts != NULL)
      return !too_long;
  }
  *status = hf_task_fail (task, error);
  return FALSE;
}

static int
embed (HfPictureOptions *options, char **written, const char *out, HfTask *task)
{
  HfProgress *progress = hf_task_get_progress (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfPictures) pictures =
      hf_picture_options_collect (options, progress, &error);
  g_auto (HfPictureTools) tools = {0};
  g_auto (Embedding) work = {.pictures = pictures,
                             .rows = g_array_new (FALSE, FALSE, sizeof (float)),
                             .paths = json_object_new_array ()};
  int status;

  if (pictures == NULL)
    return hf_task_fail (task, error);
  if (hf_pictures_get_n (pictures) == 0 && written == NULL)
    return hf_options_end (hf_pictures_get_refusals (pictures));
  if (!prepare (&work, options, written, &tools, task, &status))
    return status;
  hf_task_show_bar (task, "Embedding", HF_UNIT_PICTURES);
  if (!compute (&work, tools.extractor, progress, &error))
    return hf_task_fail (task, error);
  hf_task_show_bar (task, NULL, HF_UNIT_PICTURES);
  /* Nothing could be done, so nothing is written. */
  if ((work.rows->len > 0 || work.texts != NULL) &&
      !save (&work, options, out, &error))
    return hf_task_fail (task, error);
  return hf_options_end (hf_pictures_get_refusals (pictures));
}

/* What would fail only after the last of many pictures fails at once. */
static gboolean
check_output (const char *out)
{
  g_autofree char *folder = g_path_get_dirname (out);

  if (g_file_test (out, G_FILE_TEST_IS_DIR))
    hf_complain ("The output %s is a folder; name a file in it.", out);
  else if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    hf_complain ("There is no folder %s for the output; create it first.",
                 folder);
  else
    return TRUE;
  return FALSE;
}

int
hf_verb_embed (const HfVerb *verb, int argc, char **argv)
{
  g_autofree char *out = NULL;
  g_auto (GStrv) texts = NULL;
  const GOptionEntry own[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &out,
       "The safetensors file to write", "OUT"},
      {"text", 't', 0, G_OPTION_ARG_FILENAME_ARRAY, &texts,
       "A text to embed; may be repeated", "T"},
      {NULL},
  };
  g_auto (HfPictureOptions) options = HF_PICTURE_OPTIONS_INIT;
  g_autofree GOptionEntry *entries =
      hf_picture_options_dup_entries (&options, own);
  g_autoptr (HfTask) task = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (out == NULL || *out == '\0')
    return hf_options_refuse (verb, "The output file is missing: -o OUT.");
  if (texts == NULL && options.paths == NULL)
    return hf_options_refuse (verb, "There is nothing to embed.");
  if (!hf_picture_options_resolve (&options, verb, &status))
    return status;
  if (!check_output (out))
    return HF_EXIT_FAILED;
  task = hf_task_start (0);
  if (!hf_options_check_device (verb, options.device))
    return HF_EXIT_USAGE;
  return embed (&options, texts, out, task);
}
