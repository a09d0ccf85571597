/* library.c: see the header. */
#include "app/prompts/library.h"

#include "app/places.h"
#include "base/json.h"
#include "clip/prompts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
template_free (gpointer data)
{
  HfLibraryTemplate *template = data;

  g_free (template->text);
  g_strfreev (template->places);
  g_free (template);
}

static void
place_free (gpointer data)
{
  HfLibraryPlace *place = data;

  g_free (place->place);
  g_free (place->meaning);
  g_strfreev (place->values);
  g_free (place);
}

static void
group_free (gpointer data)
{
  HfLibraryGroup *group = data;

  g_free (group->name);
  g_free (group->title);
  g_free (group->advice);
  g_ptr_array_unref (group->templates);
  g_ptr_array_unref (group->places);
  g_free (group);
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, HF_JSON_ERROR, HF_JSON_ERROR_TYPE, "%s.", what);
  return FALSE;
}

static gboolean
read_string (HfJson *json, const char *name, char **out, GError **error)
{
  HfJson *value = hf_json_get (json, name);
  g_autofree char *what =
      g_strdup_printf (_("\"%s\" is missing or no text"), name);

  if (!json_object_is_type (value, json_type_string))
    return fail (error, what);
  *out = g_strdup (json_object_get_string (value));
  return TRUE;
}

/* A member that is a list, borrowed. */
static HfJson *
get_list (HfJson *json, const char *name, GError **error)
{
  HfJson *list = hf_json_get (json, name);
  g_autofree char *what =
      g_strdup_printf (_("\"%s\" is missing, empty or no list"), name);

  if (json_object_is_type (list, json_type_array) &&
      json_object_array_length (list) > 0)
    return list;
  fail (error, what);
  return NULL;
}

static char **
dup_strings (HfJson *json, const char *name, GError **error)
{
  HfJson *list = get_list (json, name, error);
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();

  if (list == NULL)
    return NULL;
  for (gsize i = 0; i < json_object_array_length (list); i++) {
    HfJson *text = json_object_array_get_idx (list, i);

    if (!json_object_is_type (text, json_type_string)) {
      fail (error, _("a list holds something that is no text"));
      return NULL;
    }
    g_strv_builder_add (texts, json_object_get_string (text));
  }
  return g_strv_builder_end (texts);
}

/* The placeholders of @text that are not {class}. */
static char **
dup_places (const char *text, GError **error)
{
  g_auto (GStrv) all = hf_prompt_dup_places (text, error);
  g_autoptr (GStrvBuilder) places = g_strv_builder_new ();

  for (char **place = all; place != NULL && *place != NULL; place++)
    if (!g_str_equal (*place, "class"))
      g_strv_builder_add (places, *place);
  return all != NULL ? g_strv_builder_end (places) : NULL;
}

static gboolean
read_places (HfJson *json, HfLibraryGroup *group, GError **error)
{
  HfJson *list = get_list (json, "placeholders", error);

  if (list == NULL)
    return FALSE;
  for (gsize i = 0; i < json_object_array_length (list); i++) {
    HfJson *one = json_object_array_get_idx (list, i);
    HfLibraryPlace *place = g_new0 (HfLibraryPlace, 1);

    g_ptr_array_add (group->places, place);
    if (!read_string (one, "name", &place->place, error) ||
        !read_string (one, "meaning", &place->meaning, error))
      return FALSE;
    place->values = dup_strings (one, "values", error);
    if (place->values == NULL)
      return FALSE;
  }
  return TRUE;
}

/* Every placeholder has values in its group, so that a template can be used as
 * soon as it is chosen. */
static gboolean
read_template (const char *text, HfLibraryGroup *group, GError **error)
{
  HfLibraryTemplate *template = g_new0 (HfLibraryTemplate, 1);

  g_ptr_array_add (group->templates, template);
  template->text = g_strdup (text);
  template->places = dup_places (text, error);
  if (template->places == NULL)
    return FALSE;
  for (char **place = template->places; *place != NULL; place++) {
    g_autofree char *what =
        g_strdup_printf (_("the placeholder {%s} has no values"), *place);

    if (hf_library_group_find_place (group, *place) == NULL)
      return fail (error, what);
  }
  return TRUE;
}

static gboolean
read_group (HfJson *json, GPtrArray *groups, GError **error)
{
  HfLibraryGroup *group = g_new0 (HfLibraryGroup, 1);
  g_auto (GStrv) texts = NULL;

  group->templates = g_ptr_array_new_with_free_func (template_free);
  group->places = g_ptr_array_new_with_free_func (place_free);
  g_ptr_array_add (groups, group);
  if (!read_string (json, "name", &group->name, error) ||
      !read_string (json, "title", &group->title, error) ||
      !read_string (json, "advice", &group->advice, error) ||
      !read_places (json, group, error))
    return FALSE;
  texts = dup_strings (json, "templates", error);
  if (texts == NULL)
    return FALSE;
  for (char **text = texts; *text != NULL; text++)
    if (!read_template (*text, group, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_groups (const char *text, gsize size_bytes, GPtrArray *groups,
             GError **error)
{
  g_autoptr (HfJson) json = hf_json_parse (text, size_bytes, error);
  HfJson *list = json != NULL ? get_list (json, "groups", error) : NULL;

  if (list == NULL)
    return FALSE;
  for (gsize i = 0; i < json_object_array_length (list); i++)
    if (!read_group (json_object_array_get_idx (list, i), groups, error))
      return FALSE;
  return TRUE;
}

GPtrArray *
hf_library_load (GError **error)
{
  g_autofree char *path = hf_places_dup_data ("templates.json");
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (group_free);
  gsize size_bytes = 0;

  if (!g_file_get_contents (path, &text, &size_bytes, error)) {
    g_prefix_error (error, _("The library of templates is missing; install "
                             "Handful again, or set HANDFUL_DATA_DIR to its "
                             "data: "));
    return NULL;
  }
  if (!read_groups (text, size_bytes, groups, error)) {
    g_prefix_error (error, _("The library of templates %s is damaged: "),
                              path);
    return NULL;
  }
  return g_steal_pointer (&groups);
}

const HfLibraryGroup *
hf_library_find (const GPtrArray *groups, const char *name)
{
  for (guint i = 0; i < groups->len; i++) {
    const HfLibraryGroup *group = groups->pdata[i];

    if (g_str_equal (group->name, name))
      return group;
  }
  return NULL;
}

const HfLibraryPlace *
hf_library_group_find_place (const HfLibraryGroup *self, const char *place)
{
  for (guint i = 0; i < self->places->len; i++) {
    const HfLibraryPlace *one = self->places->pdata[i];

    if (g_str_equal (one->place, place))
      return one;
  }
  return NULL;
}
