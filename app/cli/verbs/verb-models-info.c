/* verb-models-info.c: handful-cli models info. Any container of tensors can be
 * described; what makes it a CLIP model is said where it is one. */
#include "app/cli/verbs/verb-models-info.h"

#include "app/cli/options.h"
#include "app/cli/output.h"
#include "app/cli/task.h"
#include "app/models/store.h"
#include "model/model-file.h"

#include <string.h>

typedef struct {
  char *path;
  HfTensorFile *tensors;
  HfModelFile *model; /* NULL if it is no CLIP that Handful computes */
  char *why_not;      /* then the reason */
  char *identity;     /* or NULL: not asked for */
} Info;

static void
info_clear (Info *self)
{
  g_free (self->path);
  g_clear_pointer (&self->tensors, hf_tensor_file_unref);
  g_clear_pointer (&self->model, hf_model_file_free);
  g_free (self->why_not);
  g_free (self->identity);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Info, info_clear)

static const char *
get_activation_name (HfActivation activation)
{
  return activation == HF_ACTIVATION_QUICK_GELU ? "quick_gelu" : "gelu";
}

static void
add_int (HfJson *json, const char *name, int value)
{
  json_object_object_add (json, name, json_object_new_int (value));
}

static void
add_vision (HfJson *json, const HfClipConfig *config)
{
  gboolean is_vit = config->vision == HF_VISION_VIT;

  json_object_object_add (json, "vision",
                          json_object_new_string (is_vit ? "vit" : "resnet"));
  add_int (json, "image_px", config->image_px);
  add_int (json, "vision_width", config->vision_width);
  add_int (json, "vision_heads", config->vision_heads);
  if (is_vit) {
    add_int (json, "patch_px", config->patch_px);
    add_int (json, "vision_layers", config->vision_layers[0]);
    add_int (json, "vision_mlp", config->vision_mlp);
  } else {
    HfJson *layers = json_object_new_array ();

    for (int i = 0; i < 4; i++)
      json_object_array_add (layers,
                             json_object_new_int (config->vision_layers[i]));
    json_object_object_add (json, "vision_layers", layers);
  }
  json_object_object_add (
      json, "vision_activation",
      json_object_new_string (get_activation_name (config->vision_activation)));
}

static HfJson *
new_config (const HfClipConfig *config)
{
  HfJson *json = json_object_new_object ();

  add_int (json, "embed_dim", config->embed_dim);
  add_vision (json, config);
  add_int (json, "context_length", config->context_length);
  add_int (json, "vocab_size", config->vocab_size);
  add_int (json, "text_width", config->text_width);
  add_int (json, "text_heads", config->text_heads);
  add_int (json, "text_layers", config->text_layers);
  add_int (json, "text_mlp", config->text_mlp);
  json_object_object_add (
      json, "text_activation",
      json_object_new_string (get_activation_name (config->text_activation)));
  return json;
}

static gint64
count_parameters (const HfTensorFile *tensors)
{
  gint64 sum = 0;

  for (guint i = 0; i < hf_tensor_file_get_n_tensors (tensors); i++)
    sum += hf_tensor_get_n_elements (hf_tensor_file_get_nth (tensors, i));
  return sum;
}

static void
print_json (const Info *self)
{
  g_autoptr (HfJson) json = json_object_new_object ();

  add_int (json, "tensors", (int) hf_tensor_file_get_n_tensors (self->tensors));
  json_object_object_add (
      json, "elements",
      json_object_new_int64 (count_parameters (self->tensors)));
  json_object_object_add (json, "path", hf_output_new_string (self->path));
  json_object_object_add (json, "clip",
                          json_object_new_boolean (self->model != NULL));
  if (self->model != NULL) {
    json_object_object_add (
        json, "format",
        json_object_new_string (hf_model_file_get_format (self->model)));
    json_object_object_add (
        json, "config", new_config (hf_model_file_get_config (self->model)));
    json_object_object_add (
        json, "guessed",
        json_object_new_boolean (hf_model_file_is_guessed (self->model)));
  } else {
    json_object_object_add (json, "why_not",
                            hf_output_new_string (self->why_not));
  }
  if (self->identity != NULL)
    json_object_object_add (json, "identity",
                            json_object_new_string (self->identity));
  hf_output_json (json);
}

static void
print_plain (const Info *self)
{
  g_autofree char *path = hf_output_dup_printable (self->path);
  const guint n_tensors = hf_tensor_file_get_n_tensors (self->tensors);
  const HfClipConfig *config;

  hf_output_printf ("%s\n  %u %s, %.2f million numbers\n", path, n_tensors,
                    hf_output_get_noun (n_tensors, "tensor", "tensors"),
                    (double) count_parameters (self->tensors) / 1e6);
  if (self->model == NULL) {
    g_autofree char *why = hf_output_dup_printable (self->why_not);

    hf_output_printf ("  no CLIP model: %s\n", why);
    return;
  }
  config = hf_model_file_get_config (self->model);
  hf_output_printf ("  %s; %s, %d px, %d numbers a picture\n",
                    hf_model_file_get_format (self->model),
                    config->vision == HF_VISION_VIT ? "vision transformer"
                                                    : "ResNet",
                    config->image_px, config->embed_dim);
  hf_output_printf (
      "  text of up to %d tokens, %d %s of width %d; %s\n",
      config->context_length, config->text_layers,
      hf_output_get_noun ((guint64) config->text_layers, "layer", "layers"),
      config->text_width, get_activation_name (config->text_activation));
  if (hf_model_file_is_guessed (self->model))
    hf_output_text ("  no configuration beside it: taken as OpenAI's\n");
  if (self->identity != NULL)
    hf_output_printf ("  identity %s\n", self->identity);
}

/* An installed model's folder and a folder as such are read by their weights
 * file; a file as it is. */
static gboolean
load (Info *self, const char *name, gboolean with_identity, HfTask *task,
      GError **error)
{
  g_autoptr (GError) no_clip = NULL;

  self->path = hf_store_dup_path (name, error);
  if (self->path == NULL)
    return FALSE;
  self->model = hf_model_file_open (self->path, &no_clip);
  if (self->model != NULL) {
    g_free (self->path);
    self->path = g_strdup (hf_model_file_get_path (self->model));
  } else if (g_file_test (self->path, G_FILE_TEST_IS_DIR)) {
    g_propagate_error (error, g_steal_pointer (&no_clip));
    return FALSE;
  } else {
    self->why_not = g_strdup (no_clip->message);
  }
  self->tensors = hf_model_file_load_tensors (self->path, error);
  if (self->tensors == NULL)
    return FALSE;
  if (self->model == NULL || !with_identity)
    return TRUE;
  self->identity = hf_model_file_dup_identity (
      self->model, hf_task_get_progress (task), error);
  return self->identity != NULL;
}

int
hf_verb_models_info (const HfVerb *verb, int argc, char **argv)
{
  gboolean json = FALSE, with_identity = FALSE;
  g_auto (GStrv) names = NULL;
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL},
      {"identity", 0, 0, G_OPTION_ARG_NONE, &with_identity,
       "Also the identity: a SHA-256 over all weights", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &names, NULL,
       NULL},
      {NULL},
  };
  g_auto (Info) info = {0};
  g_autoptr (HfTask) task = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (names == NULL || g_strv_length (names) != 1)
    return hf_options_refuse (verb, "Name one model, file or folder.");
  task = hf_task_start (0);
  if (!load (&info, names[0], with_identity, task, &error))
    return hf_task_fail (task, error);
  if (json)
    print_json (&info);
  else
    print_plain (&info);
  return HF_EXIT_DONE;
}
