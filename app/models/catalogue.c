/* catalogue.c: see the header. */
#include "app/models/catalogue.h"

#include "app/places.h"
#include "base/json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _HfCatalogue {
  GPtrArray *entries; /* HfCatalogueEntry * */
};

static void
entry_free (gpointer data)
{
  HfCatalogueEntry *entry = data;

  g_free (entry->name);
  g_free (entry->file);
  g_free (entry->url);
  g_free (entry->sha256);
  g_free (entry);
}

static gboolean
read_string (HfJson *json, const char *name, char **out, GError **error)
{
  HfJson *value = hf_json_get (json, name);

  if (value == NULL || !json_object_is_type (value, json_type_string)) {
    g_set_error (error, HF_JSON_ERROR, HF_JSON_ERROR_TYPE,
                 _("\"%s\" is missing or no string."), name);
    return FALSE;
  }
  *out = g_strdup (json_object_get_string (value));
  return TRUE;
}

static gboolean
read_int (HfJson *json, const char *name, int *out, GError **error)
{
  gint64 value = 0;

  if (!hf_json_read_int (json, name, 0, 1 << 20, &value, error))
    return FALSE;
  *out = (int) value;
  return TRUE;
}

/* A ViT has one number of layers, a ResNet a list of four. */
static gboolean
read_layers (HfJson *json, int layers[4], GError **error)
{
  HfJson *value = hf_json_get (json, "vision_layers");

  if (!json_object_is_type (value, json_type_array))
    return read_int (json, "vision_layers", &layers[0], error);
  for (gsize i = 0; i < MIN (json_object_array_length (value), 4); i++)
    layers[i] = json_object_get_int (json_object_array_get_idx (value, i));
  return TRUE;
}

static gboolean
read_entry (HfJson *json, HfCatalogueEntry *entry, GError **error)
{
  g_autofree char *vision = NULL;

  if (!read_string (json, "name", &entry->name, error) ||
      !read_string (json, "file", &entry->file, error) ||
      !read_string (json, "url", &entry->url, error) ||
      !read_string (json, "sha256", &entry->sha256, error) ||
      !read_string (json, "vision", &vision, error) ||
      !read_layers (json, entry->vision_layers, error))
    return FALSE;
  entry->is_vit = g_str_equal (vision, "vit");
  return hf_json_read_int (json, "about_bytes", 0, G_MAXINT64,
                           &entry->size_bytes, error) &&
         hf_json_read_int (json, "parameters", 0, G_MAXINT64,
                           &entry->n_parameters, error) &&
         hf_json_read_double (json, "zero_shot_percent", 0, 100,
                              &entry->zero_shot_percent, error) &&
         read_int (json, "input_px", &entry->input_px, error) &&
         read_int (json, "embed_dim", &entry->embed_dim, error) &&
         read_int (json, "vision_width", &entry->vision_width, error) &&
         read_int (json, "patch_px", &entry->patch_px, error) &&
         read_int (json, "text_width", &entry->text_width, error) &&
         read_int (json, "text_layers", &entry->text_layers, error);
}

static gboolean
read_entries (HfCatalogue *self, const char *text, gsize size_bytes,
              GError **error)
{
  g_autoptr (HfJson) json = hf_json_parse (text, size_bytes, error);
  HfJson *list;

  if (json == NULL)
    return FALSE;
  list = hf_json_get (json, "models");
  if (!json_object_is_type (list, json_type_array)) {
    g_set_error_literal (error, HF_JSON_ERROR, HF_JSON_ERROR_TYPE,
                         _("\"models\" is missing or no list."));
    return FALSE;
  }
  for (gsize i = 0; i < json_object_array_length (list); i++) {
    HfCatalogueEntry *entry = g_new0 (HfCatalogueEntry, 1);

    g_ptr_array_add (self->entries, entry);
    if (!read_entry (json_object_array_get_idx (list, i), entry, error))
      return FALSE;
  }
  return TRUE;
}

HfCatalogue *
hf_catalogue_load (GError **error)
{
  g_autofree char *path = hf_places_dup_data ("catalogue.json");
  g_autofree char *text = NULL;
  g_autoptr (HfCatalogue) self = g_new0 (HfCatalogue, 1);
  gsize size_bytes = 0;

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  if (!g_file_get_contents (path, &text, &size_bytes, error)) {
    g_prefix_error (error, _("The catalogue of models is missing; install "
                             "Handful again, or set HANDFUL_DATA_DIR to its "
                             "data: "));
    return NULL;
  }
  if (!read_entries (self, text, size_bytes, error)) {
    g_prefix_error (error, _("The catalogue %s is damaged: "), path);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
hf_catalogue_free (HfCatalogue *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->entries);
  g_free (self);
}

guint
hf_catalogue_get_n (const HfCatalogue *self)
{
  return self->entries->len;
}

const HfCatalogueEntry *
hf_catalogue_get (const HfCatalogue *self, guint i)
{
  g_return_val_if_fail (i < self->entries->len, NULL);
  return self->entries->pdata[i];
}

static char
fold (char letter)
{
  return strchr ("/@_ ", letter) != NULL && letter != '\0'
             ? '-'
             : g_ascii_tolower (letter);
}

gboolean
hf_model_names_equal (const char *a, const char *b)
{
  while (*a != '\0' && fold (*a) == fold (*b)) {
    a++;
    b++;
  }
  return *a == *b;
}

const HfCatalogueEntry *
hf_catalogue_find (const HfCatalogue *self, const char *name)
{
  for (guint i = 0; i < self->entries->len; i++) {
    const HfCatalogueEntry *entry = self->entries->pdata[i];

    if (hf_model_names_equal (entry->name, name))
      return entry;
  }
  return NULL;
}

const HfCatalogueEntry *
hf_catalogue_find_sha256 (const HfCatalogue *self, const char *sha256)
{
  for (guint i = 0; i < self->entries->len; i++) {
    const HfCatalogueEntry *entry = self->entries->pdata[i];

    if (g_ascii_strcasecmp (entry->sha256, sha256) == 0)
      return entry;
  }
  return NULL;
}

static gboolean
has_shape (const HfCatalogueEntry *entry, const HfClipConfig *config)
{
  int n_stages = entry->is_vit ? 1 : 4;

  if (entry->is_vit != (config->vision == HF_VISION_VIT) ||
      entry->input_px != config->image_px ||
      entry->embed_dim != config->embed_dim ||
      entry->vision_width != config->vision_width ||
      entry->text_width != config->text_width ||
      entry->text_layers != config->text_layers)
    return FALSE;
  for (int i = 0; i < n_stages; i++)
    if (entry->vision_layers[i] != config->vision_layers[i])
      return FALSE;
  return !entry->is_vit || entry->patch_px == config->patch_px;
}

const HfCatalogueEntry *
hf_catalogue_find_shape (const HfCatalogue *self, const HfClipConfig *config)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (has_shape (self->entries->pdata[i], config))
      return self->entries->pdata[i];
  return NULL;
}

char *
hf_catalogue_entry_dup_folder (const HfCatalogueEntry *entry)
{
  char *folder = g_strdup (entry->name);

  for (char *at = folder; *at != '\0'; at++)
    if (*at == '/' || *at == '@')
      *at = '-';
  return folder;
}
