/* model-facts.c: see the header. A model is the weights file and every JSON
 * file beside it: whichever of them is its configuration, a change shows. */
#include "features/model-facts.h"

#include "model/model-file.h"
#include "model/model-folder.h"
#include "model/shards.h"

#include <locale.h>
#include <math.h>
#include <string.h>

/* Stands before each note. Another order of its parts is another number, and so
 * is another reading of the same configuration: rows computed by the one would
 * pass for those of the other. */
#define NOTE_FORMAT "3"

/* Digits of an identity. */
#define IDENTITY_LENGTH 64

void
hf_model_facts_clear (HfModelFacts *self)
{
  g_free (self->identity);
  g_free (self->config_tag);
  *self = (HfModelFacts){0};
}

static void
append_numbers (GString *text, const float *numbers, int n)
{
  for (int i = 0; i < n; i++)
    g_string_append_printf (text, "%a ", numbers[i]);
}

char *
hf_model_facts_dup_tag (const HfClipConfig *c)
{
  enum { TAG_LETTERS = 16 };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *sum = NULL;

  g_string_printf (
      text,
      "%d %d %d %d %d %d %d %d %d %d %d %d %d %a %d %d %d %d %d %d %d "
      "%a %d ",
      c->embed_dim, (int) c->vision, c->image_px, c->vision_width,
      c->vision_heads, c->vision_layers[0], c->vision_layers[1],
      c->vision_layers[2], c->vision_layers[3], c->vision_mlp, c->patch_px,
      c->patch_bias, (int) c->vision_activation, c->vision_eps,
      c->context_length, c->vocab_size, c->text_width, c->text_heads,
      c->text_layers, c->text_mlp, (int) c->text_activation, c->text_eps,
      c->eos_id);
  append_numbers (text, c->mean, 3);
  append_numbers (text, c->std, 3);
  /* Only where it is: others keep the tags they have had. */
  if (c->pool != HF_POOL_TOKEN)
    g_string_append_printf (text, "pool %d ", (int) c->pool);
  /* One tag in every language of the window, and handful-cli's: %a writes the
   * locale's decimal mark. */
  g_string_replace (text, localeconv ()->decimal_point, ".", 0);
  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, -1);
  return g_strndup (sum, TAG_LETTERS);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* The files that an index names, if @weights is one. */
static void
add_parts (GPtrArray *files, const char *weights)
{
  g_autoptr (GPtrArray) shards =
      hf_shards_is_index (weights) ? hf_shards_read (weights, NULL) : NULL;

  for (guint i = 0; shards != NULL && i < shards->len; i++)
    g_ptr_array_add (files,
                     g_strdup (((const HfShard *) shards->pdata[i])->path));
}

/* The weights and what lies beside them; (element-type filename). */
static GPtrArray *
list_files (const char *weights)
{
  g_autofree char *folder = g_path_get_dirname (weights);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".json"))
      g_ptr_array_add (files, g_build_filename (folder, name, NULL));
  g_clear_pointer (&dir, g_dir_close);
  add_parts (files, weights);
  g_ptr_array_sort (files, compare_names);
  g_ptr_array_insert (files, 0, g_strdup (weights));
  return files;
}

/* The name of the note on the model in its present state (caller frees), or
 * NULL if there is no such file; that is reported by who opens it. @newest is
 * when the last of its files changed. */
static char *
dup_note_name (const char *path, gint64 *newest_ns)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *weights = hf_model_folder_dup_weights (absolute, NULL);
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  HfFileStamp stamp;

  *newest_ns = 0;
  if (weights == NULL || !hf_file_stamp_read (weights, &stamp))
    return NULL;
  files = list_files (weights);
  for (guint i = 0; i < files->len; i++) {
    const char *name = files->pdata[i];

    if (!hf_file_stamp_read (name, &stamp))
      continue;
    g_checksum_update (sum, (const guint8 *) name, (gssize) strlen (name) + 1);
    g_checksum_update (sum, (const guint8 *) &stamp, sizeof stamp);
    *newest_ns = MAX (*newest_ns, MAX (stamp.modified_ns, stamp.changed_ns));
  }
  return g_strconcat ("model ", g_checksum_get_string (sum), NULL);
}

static gboolean
parse_note (const char *note, HfModelFacts *out)
{
  g_auto (GStrv) parts = g_strsplit (note, " ", -1);
  HfModelFacts facts;

  if (g_strv_length (parts) != 7 || !g_str_equal (parts[0], NOTE_FORMAT) ||
      strlen (parts[1]) != IDENTITY_LENGTH)
    return FALSE;
  facts = (HfModelFacts){
      .identity = parts[1],
      .config_tag = parts[2],
      .clip_dim = (int) g_ascii_strtoll (parts[3], NULL, 10),
      .image_px = (int) g_ascii_strtoll (parts[4], NULL, 10),
      .context_length = (int) g_ascii_strtoll (parts[5], NULL, 10),
      .logit_scale = g_ascii_strtod (parts[6], NULL),
  };
  if (facts.clip_dim <= 0 || facts.image_px <= 0 || facts.context_length <= 0)
    return FALSE;
  *out = facts;
  out->identity = g_strdup (facts.identity);
  out->config_tag = g_strdup (facts.config_tag);
  return TRUE;
}

static char *
dup_note (const HfModelFacts *facts)
{
  char scale[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup_printf (
      NOTE_FORMAT " %s %s %d %d %d %s", facts->identity, facts->config_tag,
      facts->clip_dim, facts->image_px, facts->context_length,
      g_ascii_dtostr (scale, sizeof scale, facts->logit_scale));
}

static gboolean
read_model (const char *path, HfProgress *progress, HfModelFacts *out,
            GError **error)
{
  g_autoptr (HfModelFile) model = hf_model_file_open (path, error);
  const HfClipConfig *config;
  char *identity;
  float scale;

  if (model == NULL)
    return FALSE;
  identity = hf_model_file_dup_identity (model, progress, error);
  if (identity == NULL)
    return FALSE;
  config = hf_model_file_get_config (model);
  hf_tensor_read (hf_model_file_get (model, "logit_scale"), &scale);
  *out = (HfModelFacts){.identity = identity,
                        .config_tag = hf_model_facts_dup_tag (config),
                        .clip_dim = config->embed_dim,
                        .image_px = config->image_px,
                        .context_length = config->context_length,
                        .logit_scale = exp (scale)};
  return TRUE;
}

gboolean
hf_model_facts_read (const char *path, HfFeatureStore *store,
                     HfProgress *progress, HfModelFacts *out, GError **error)
{
  gint64 newest_ns = 0;
  g_autofree char *name =
      store != NULL ? dup_note_name (path, &newest_ns) : NULL;
  g_autofree char *note =
      name != NULL ? hf_feature_store_dup_note (store, name) : NULL;
  g_autofree char *name_after = NULL;

  if (note != NULL && parse_note (note, out))
    return TRUE;
  if (!read_model (path, progress, out, error))
    return FALSE;
  if (name == NULL)
    return TRUE;
  /* Not where a file changed meanwhile, or so lately that another change might
   * bear the same time. */
  name_after = dup_note_name (path, &newest_ns);
  if (g_strcmp0 (name, name_after) == 0 &&
      hf_file_time_is_settled (newest_ns)) {
    g_autofree char *value = dup_note (out);

    hf_feature_store_set_note (store, name, value);
  }
  return TRUE;
}
