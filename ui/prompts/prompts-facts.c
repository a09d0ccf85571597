/* prompts-facts.c: see the header. */
#include "ui/prompts/prompts-facts.h"

#include "app/models/store.h"
#include "app/project/classes.h"
#include "app/study/project-settings.h"
#include "clip/prompts.h"

#include <string.h>

static gboolean
read_classes (HfPromptsFacts *self, HfProject *project, GError **error)
{
  g_autoptr (GPtrArray) classes = hf_project_dup_classes (project, error);

  if (classes == NULL)
    return FALSE;
  self->n_classes = classes->len;
  self->class_names = g_new0 (char *, classes->len + 1);
  self->class_ids = g_new0 (gint64, classes->len + 1);
  for (guint c = 0; c < classes->len; c++) {
    const HfProjectClass *class = classes->pdata[c];

    self->class_names[c] = g_strdup (class->name);
    self->class_ids[c] = class->id;
  }
  return TRUE;
}

/* Without a model nothing is said of tokens; that is no error here. */
static char *
dup_model_path (HfProject *project)
{
  g_autoptr (HfProjectSettings) settings =
      hf_project_settings_new (project, NULL);

  if (settings == NULL || settings->blocks == HF_BLOCK_CLASSIC)
    return NULL;
  return hf_store_dup_path (settings->model_name, NULL);
}

HfPromptsFacts *
hf_prompts_facts_new (HfProject *project, GError **error)
{
  g_autoptr (HfPromptsFacts) self = g_new0 (HfPromptsFacts, 1);

  if (!read_classes (self, project, error))
    return NULL;
  self->templates = hf_project_dup_all_templates (project, error);
  if (self->templates == NULL)
    return NULL;
  self->fillings = hf_project_dup_fillings (project, error);
  if (self->fillings == NULL)
    return NULL;
  self->model_path = dup_model_path (project);
  return g_steal_pointer (&self);
}

void
hf_prompts_facts_free (HfPromptsFacts *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->templates, g_ptr_array_unref);
  g_clear_pointer (&self->fillings, g_ptr_array_unref);
  g_strfreev (self->class_names);
  g_free (self->class_ids);
  g_free (self->model_path);
  g_free (self);
}

char *
hf_prompts_facts_dup_values (const HfPromptsFacts *self, const char *place,
                             const char *class_name)
{
  g_autoptr (GString) text = NULL;

  for (guint i = 0; i < self->fillings->len; i++) {
    const HfPromptFilling *filling = self->fillings->pdata[i];

    if (!g_str_equal (filling->place, place) ||
        g_strcmp0 (filling->class_name, class_name) != 0)
      continue;
    if (text == NULL)
      text = g_string_new (filling->text);
    else
      g_string_append_printf (text, ", %s", filling->text);
  }
  return text != NULL ? g_utf8_make_valid (text->str, -1) : NULL;
}

gboolean
hf_prompts_facts_is_by_class (const HfPromptsFacts *self, const char *place)
{
  for (guint i = 0; i < self->fillings->len; i++) {
    const HfPromptFilling *filling = self->fillings->pdata[i];

    if (filling->class_name != NULL && g_str_equal (filling->place, place))
      return TRUE;
  }
  return FALSE;
}

char **
hf_prompts_split_values (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  g_autoptr (GStrvBuilder) values = g_strv_builder_new ();
  gboolean any = FALSE;

  for (guint i = 0; parts[i] != NULL; i++)
    any = any || *g_strstrip (parts[i]) != '\0';
  for (guint i = 0; any && parts[i] != NULL; i++)
    if (*parts[i] != '\0' || i == 0)
      g_strv_builder_add (values, parts[i]);
  return g_strv_builder_end (values);
}

static void
add_place (GPtrArray *places, const char *place)
{
  if (!g_ptr_array_find_with_equal_func (places, place, g_str_equal, NULL))
    g_ptr_array_add (places, g_strdup (place));
}

char **
hf_prompts_facts_dup_places (const HfPromptsFacts *self,
                             const char *const *templates)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new ();

  add_place (places, "class");
  for (; *templates != NULL; templates++) {
    g_auto (GStrv) own = hf_prompt_dup_places (*templates, NULL);

    for (char **place = own; place != NULL && *place != NULL; place++)
      add_place (places, *place);
  }
  for (guint i = 0; i < self->fillings->len; i++)
    add_place (places, ((HfPromptFilling *) self->fillings->pdata[i])->place);
  g_ptr_array_add (places, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&places), FALSE);
}
