/* shards.c: see the header. An index is data from outside: it names files of
 * its own folder and nothing else. */
#include "model/shards.h"

#include "base/file.h"
#include "base/json.h"
#include "model/container.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Those of models with thousands of tensors have some hundred kilobytes. */
#define MAX_INDEX_BYTES (16 << 20)

/* "-00001-of-00002" */
#define PART_LETTERS 15

static void
free_shard (gpointer data)
{
  HfShard *shard = data;

  g_free (shard->path);
  g_ptr_array_unref (shard->tensors);
  g_free (shard);
}

gboolean
hf_shards_is_index (const char *path)
{
  return g_str_has_suffix (path, ".safetensors" HF_SHARDS_ENDING) ||
         g_str_has_suffix (path, ".bin" HF_SHARDS_ENDING);
}

/* Where "-00001-of-00002" begins in front of the ending of @path, or NULL. */
static const char *
find_number (const char *path)
{
  static const char pattern[] = "-00000-of-00000";
  const char *dot = strrchr (path, '.');
  const char *at = dot != NULL ? dot - PART_LETTERS : path;

  if (at <= path || strchr (at, '/') != NULL)
    return NULL;
  for (int i = 0; i < PART_LETTERS; i++)
    if (pattern[i] == '0' ? !g_ascii_isdigit (at[i]) : at[i] != pattern[i])
      return NULL;
  return at;
}

gboolean
hf_shards_is_part (const char *path)
{
  const char *number = find_number (path);

  /* One of one is whole. */
  return number != NULL &&
         strncmp (number + strlen ("-00000-of-"), "00001", 5) != 0;
}

char *
hf_shards_dup_index (const char *path)
{
  const char *number = find_number (path);
  g_autofree char *stem = g_strndup (path, (gsize) (number - path));

  return g_strconcat (stem, number + PART_LETTERS, HF_SHARDS_ENDING, NULL);
}

static gboolean refuse (const char *path, GError **error, const char *format,
                        ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (const char *path, GError **error, const char *format, ...)
{
  va_list args;
  GError *fact;

  va_start (args, format);
  fact =
      g_error_new_valist (HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT, format, args);
  va_end (args);
  hf_container_explain (path, fact, error);
  return FALSE;
}

/* The part @base of the index @path, made when it is first named. */
static HfShard *
find_shard (GHashTable *shards, const char *path, const char *base)
{
  HfShard *shard = g_hash_table_lookup (shards, base);
  g_autofree char *folder = NULL;

  if (shard != NULL)
    return shard;
  folder = g_path_get_dirname (path);
  shard = g_new0 (HfShard, 1);
  shard->path = g_build_filename (folder, base, NULL);
  shard->tensors = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_insert (shards, g_strdup (base), shard);
  return shard;
}

static gboolean
is_plain_name (const char *base)
{
  return base[0] != '\0' && base[0] != '.' && strchr (base, '/') == NULL &&
         !hf_shards_is_index (base);
}

static char *
dup_cut (const char *text)
{
  return g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, 400), 80));
}

static gboolean
read_map (GHashTable *shards, const char *path, HfJson *map, GError **error)
{
  if (!json_object_is_type (map, json_type_object) ||
      json_object_object_length (map) == 0)
    return refuse (path, error, _("has no \"weight_map\" of tensors"));
  json_object_object_foreach (map, name, value)
  {
    const char *base = json_object_is_type (value, json_type_string)
                           ? json_object_get_string (value)
                           : "";

    if (!is_plain_name (base)) {
      g_autofree char *shown_name = dup_cut (name);
      g_autofree char *shown_base = dup_cut (base);

      return refuse (path, error,
                     _("says that the tensor %s is in \"%s\", which is no "
                       "file beside it"),
                        shown_name, shown_base);
    }
    g_ptr_array_add (find_shard (shards, path, base)->tensors, g_strdup (name));
  }
  return TRUE;
}

static int
compare_shards (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(HfShard *const *) a)->path, (*(HfShard *const *) b)->path);
}

static gboolean
check_all_there (GPtrArray *shards, const char *path, GError **error)
{
  for (guint i = 0; i < shards->len; i++) {
    const HfShard *shard = shards->pdata[i];
    g_autofree char *shown = g_filename_display_name (path);
    g_autofree char *base = g_filename_display_basename (shard->path);

    if (g_file_test (shard->path, G_FILE_TEST_EXISTS))
      continue;
    g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
                 _("The model %s is not whole: of its %u parts %s is missing. "
                   "Put all of them into one folder."),
                    shown, shards->len, base);
    return FALSE;
  }
  return TRUE;
}

GPtrArray *
hf_shards_parse (const char *path, const char *text, gsize size_bytes,
                 GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (HfJson) json = hf_json_parse (text, size_bytes, &fault);
  g_autoptr (GHashTable) by_name =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) shards = g_ptr_array_new_with_free_func (free_shard);
  gboolean is_read =
      json != NULL
          ? read_map (by_name, path, hf_json_get (json, "weight_map"), error)
          : refuse (path, error, "%s", fault->message);
  GHashTableIter iter;
  gpointer shard;

  g_hash_table_iter_init (&iter, by_name);
  while (g_hash_table_iter_next (&iter, NULL, &shard))
    g_ptr_array_add (shards, shard);
  g_ptr_array_sort (shards, compare_shards);
  return is_read ? g_steal_pointer (&shards) : NULL;
}

GPtrArray *
hf_shards_read (const char *path, GError **error)
{
  g_autoptr (GMappedFile) mapped = hf_file_map (path, error);
  g_autoptr (GPtrArray) shards = NULL;
  const char *text;

  if (mapped == NULL)
    return NULL;
  if (g_mapped_file_get_length (mapped) > MAX_INDEX_BYTES) {
    refuse (path, error, _("is larger than any index"));
    return NULL;
  }
  text = g_mapped_file_get_contents (mapped);
  shards = hf_shards_parse (path, text != NULL ? text : "",
                            g_mapped_file_get_length (mapped), error);
  if (shards == NULL || !check_all_there (shards, path, error))
    return NULL;
  return g_steal_pointer (&shards);
}
