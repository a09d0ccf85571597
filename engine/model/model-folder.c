/* model-folder.c: see the header. Files are looked for by name only; links
 * and special files are the business of whoever opens them. */
#include "model/model-folder.h"

#include "base/file.h"
#include "model/shards.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The largest configuration that is read; real ones have a few kilobytes. */
#define MAX_CONFIG_BYTES (1 << 20)

/* In the order of preference: those first whose names carry no doubt. Each may
 * also lie in several files. */
static const char *const weights_names[] = {
    "open_clip_model.safetensors", "model.safetensors",
    "open_clip_pytorch_model.bin", "pytorch_model.bin"};

static const char *const weights_endings[] = {".safetensors", ".pt", ".pth",
                                              ".bin"};

/* What the model computes, and what is done to pictures in front of it. */
static const char *const config_names[] = {
    "open_clip_config.json", "config.json", "preprocessor_config.json",
    "processor_config.json", NULL};

const char *const *
hf_model_folder_get_config_names (void)
{
  return config_names;
}

/* Whether @name may be a whole model: parts are found through their index. */
static gboolean
is_weights (const char *name)
{
  if (name[0] == '.' || hf_shards_is_part (name))
    return FALSE;
  if (hf_shards_is_index (name))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (weights_endings); i++)
    if (g_str_has_suffix (name, weights_endings[i]))
      return TRUE;
  return FALSE;
}

/* Where only a part of a model's files was fetched, another may be whole. */
static gboolean
is_whole (const char *index)
{
  g_autoptr (GPtrArray) shards = NULL;

  if (!g_file_test (index, G_FILE_TEST_EXISTS))
    return FALSE;
  shards = hf_shards_read (index, NULL);
  return shards != NULL;
}

static char *
dup_known (const char *folder)
{
  for (gsize i = 0; i < G_N_ELEMENTS (weights_names); i++) {
    g_autofree char *path = g_build_filename (folder, weights_names[i], NULL);
    g_autofree char *index = g_strconcat (path, HF_SHARDS_ENDING, NULL);

    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
    if (is_whole (index))
      return g_steal_pointer (&index);
  }
  return NULL;
}

/* What a folder holds that may be a model. */
typedef struct {
  int n_found, n_indices, n_parts;
  char *first; /* of what was found, by name; owned */
} Found;

static void
found_clear (Found *self)
{
  g_free (self->first);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Found, found_clear)

static void
look_around (GDir *dir, const char *folder, Found *found)
{
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    found->n_parts += hf_shards_is_part (name);
    found->n_indices += hf_shards_is_index (name);
    if (!is_weights (name))
      continue;
    found->n_found++;
    if (found->first != NULL && strcmp (found->first, path) < 0)
      continue;
    g_free (found->first);
    found->first = g_steal_pointer (&path);
  }
}

static char *
dup_in_folder (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  g_autofree char *shown = g_filename_display_name (folder);
  g_auto (Found) found = {0};
  char *path;

  if (dir == NULL)
    return NULL;
  path = dup_known (folder);
  if (path != NULL)
    return path;
  look_around (dir, folder, &found);
  /* Of indices alone none is whole, and opening one says why. */
  if (found.n_found == 1 ||
      (found.n_found > 0 && found.n_found == found.n_indices))
    return g_steal_pointer (&found.first);
  if (found.n_found > 1)
    g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
                 _("The folder %s holds %d model files. Name the one to use."),
                    shown, found.n_found);
  else if (found.n_parts > 0)
    g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
                 _("The folder %s holds parts of a model and no index that "
                   "names them. Put the file that ends in .index.json beside "
                   "them."),
                    shown);
  else
    g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
                 _("The folder %s holds no model: there is no file "
                   ".safetensors, .pt, .pth or .bin in it. Name the folder or "
                   "file of a model."),
                    shown);
  return NULL;
}

char *
hf_model_folder_dup_weights (const char *path, GError **error)
{
  g_autofree char *index = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *shown_index = NULL;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return dup_in_folder (path, error);
  if (!hf_shards_is_part (path))
    return g_strdup (path);
  /* Who names one of several means them all. */
  index = hf_shards_dup_index (path);
  if (g_file_test (index, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&index);
  shown = g_filename_display_name (path);
  shown_index = g_filename_display_basename (index);
  g_set_error (
      error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
      _("The file %s is one part of a model, and the index that names "
                 "the others is missing. Put %s beside it."),
         shown, shown_index);
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
  gboolean is_hugging_face = naming == HF_NAMING_HUGGING_FACE;
  gboolean has_preprocessor = FALSE;
  int which = 0;

  *found = FALSE;
  for (int i = 0; i < 2 && !*found; i++) {
    which = is_hugging_face ? 1 - i : i;
    if (!read_beside (weights, config_names[which], hf_clip_config_parse,
                      config, found, error))
      return FALSE;
  }
  /* open_clip's says itself what is done to pictures. */
  if (!*found || (which == 0 && !is_hugging_face))
    return TRUE;
  /* The newer one, if it says anything of pictures, rules. */
  for (int i = 2; config_names[i] != NULL; i++)
    if (!read_beside (weights, config_names[i],
                      hf_clip_config_parse_preprocessor, config,
                      &has_preprocessor, error))
      return FALSE;
  return TRUE;
}
