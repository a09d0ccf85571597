/* model-folder.c: see the header. Files are looked for by name only; links
 * and special files are the business of whoever opens them. */
#include "model/model-folder.h"

#include "base/file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The largest configuration that is read; real ones have a few kilobytes. */
#define MAX_CONFIG_BYTES (1 << 20)

/* In the order of preference: those first whose names carry no doubt. */
static const char *const weights_names[] = {
    "open_clip_model.safetensors", "model.safetensors",
    "open_clip_pytorch_model.bin", "pytorch_model.bin"};

static const char *const weights_endings[] = {".safetensors", ".pt", ".pth",
                                              ".bin"};

static gboolean
is_weights (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (weights_endings); i++)
    if (g_str_has_suffix (name, weights_endings[i]) && name[0] != '.')
      return TRUE;
  return FALSE;
}

static char *
dup_known (const char *folder)
{
  for (gsize i = 0; i < G_N_ELEMENTS (weights_names); i++) {
    g_autofree char *path = g_build_filename (folder, weights_names[i], NULL);

    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
  }
  return NULL;
}

/* The only weights file of @folder; NULL, with how many there are. */
static char *
dup_only (GDir *dir, const char *folder, int *n_found)
{
  g_autofree char *found = NULL;
  const char *name;

  *n_found = 0;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (is_weights (name)) {
      g_free (found);
      found = g_build_filename (folder, name, NULL);
      (*n_found)++;
    }
  return *n_found == 1 ? g_steal_pointer (&found) : NULL;
}

char *
hf_model_folder_dup_weights (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  g_autofree char *shown = g_filename_display_name (folder);
  g_autofree char *index =
      g_build_filename (folder, "model.safetensors.index.json", NULL);
  char *path;
  int n_found = 0;

  if (dir == NULL)
    return NULL;
  path = dup_known (folder);
  if (path == NULL && !g_file_test (index, G_FILE_TEST_EXISTS))
    path = dup_only (dir, folder, &n_found);
  if (path != NULL)
    return path;
  if (g_file_test (index, G_FILE_TEST_EXISTS))
    g_set_error (
        error, HF_MODEL_ERROR, HF_MODEL_ERROR_UNSUPPORTED,
        _("The model in %s is split over several files, which Handful "
          "does not read. Get it as one model.safetensors."),
           shown);
  else if (n_found == 0)
    g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
                 _("The folder %s holds no model: there is no file "
                   ".safetensors, .pt, .pth or .bin in it. Name the folder or "
                   "file of a model."),
                    shown);
  else
    g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
                 _("The folder %s holds %d model files. Name the one to use."),
                    shown, n_found);
  return NULL;
}

static void
explain (const char *path, GError *fact, GError **error)
{
  g_autoptr (GError) inner = fact;
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (
      error, inner->domain, inner->code,
      inner->code == HF_MODEL_ERROR_UNSUPPORTED
      ? _("Handful cannot compute the model that %s describes: it %s. Use "
          "another model; OpenAI's and most of open_clip's work.")
      : _("The configuration %s cannot be used: it %s. Get the one that "
          "belongs to the model."),
           shown, inner->message);
}

typedef gboolean (*ParseFunc) (const char *text, gsize size_bytes,
                               HfClipConfig *config, GError **error);

/* Reads @name beside @weights, if it is there. */
static gboolean
read_beside (const char *weights, const char *name, ParseFunc parse,
             HfClipConfig *config, gboolean *found, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (weights);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GMappedFile) mapped = NULL;
  GError *fact = NULL;

  *found = g_file_test (path, G_FILE_TEST_EXISTS);
  if (!*found)
    return TRUE;
  mapped = hf_file_map (path, error);
  if (mapped == NULL)
    return FALSE;
  if (g_mapped_file_get_length (mapped) > MAX_CONFIG_BYTES)
    g_set_error_literal (&fact, HF_MODEL_ERROR, HF_MODEL_ERROR_CONFIG,
                         _("is larger than any configuration"));
  else if (parse (g_mapped_file_get_contents (mapped) != NULL
                      ? g_mapped_file_get_contents (mapped)
                      : "",
                  g_mapped_file_get_length (mapped), config, &fact))
    return TRUE;
  explain (path, fact, error);
  return FALSE;
}

gboolean
hf_model_folder_read_config (const char *weights, HfNaming naming,
                             HfClipConfig *config, gboolean *found,
                             GError **error)
{
  static const char *const names[] = {"open_clip_config.json", "config.json"};
  gboolean is_hugging_face = naming == HF_NAMING_HUGGING_FACE;
  gboolean has_preprocessor = FALSE;

  *found = FALSE;
  for (int i = 0; i < 2 && !*found; i++)
    if (!read_beside (weights, names[is_hugging_face ? 1 - i : i],
                      hf_clip_config_parse, config, found, error))
      return FALSE;
  if (!*found || !is_hugging_face)
    return TRUE;
  return read_beside (weights, "preprocessor_config.json",
                      hf_clip_config_parse_preprocessor, config,
                      &has_preprocessor, error);
}
