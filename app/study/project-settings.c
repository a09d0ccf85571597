/* project-settings.c: see the header. A setting that was not made has the value
 * that the command line has without an option. */
#include "app/study/project-settings.h"

#include "app/models/precision.h"
#include "app/models/store.h"
#include "app/project/prompts.h"

#include <glib/gi18n-lib.h>

static gboolean
parse_views (const char *text, int *n_views, GError **error)
{
  static const char *const known[] = {"1", "4", "8"};

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (text, known[i])) {
      *n_views = known[i][0] - '0';
      return TRUE;
    }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("There are 1, 4 or 8 views, not %s."), text);
  return FALSE;
}

gboolean
hf_settings_parse_seed (const char *text, guint64 *seed, GError **error)
{
  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, seed, NULL))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("The seed \"%s\" is no whole number from 0 on."), text);
  return FALSE;
}

static gboolean
read_features (HfProjectSettings *self, HfProject *project, GError **error)
{
  g_autofree char *precision = hf_project_dup_setting (project, "precision");
  g_autofree char *framing = hf_project_dup_setting (project, "framing");
  g_autofree char *views = hf_project_dup_setting (project, "views");
  g_autofree char *blocks = hf_project_dup_setting (project, "blocks");

  self->background = hf_project_dup_setting (project, "background");
  self->model_name = hf_project_dup_setting (project, "model");
  if (self->model_name == NULL)
    self->model_name = g_strdup (HF_STORE_STARTER);
  self->precision = HF_PRECISION_F16;
  self->framing = (HfFraming) HF_FRAMING_INIT;
  self->n_views = 1;
  return (precision == NULL ||
          hf_precision_read (precision, &self->precision, error)) &&
         (framing == NULL ||
          hf_framing_parse (framing, &self->framing, error)) &&
         (views == NULL || parse_views (views, &self->n_views, error)) &&
         (blocks == NULL || hf_blocks_parse (blocks, &self->blocks, error));
}

static gboolean
read_probe (HfProjectSettings *self, HfProject *project, GError **error)
{
  g_autofree char *probe = hf_project_dup_setting (project, "probe");
  g_autofree char *seed = hf_project_dup_setting (project, "seed");
  g_autofree char *thresholds = hf_project_dup_setting (project, "thresholds");

  self->thresholds = (HfThresholds) HF_THRESHOLDS_NONE;
  self->spec = (HfProbeSpec) HF_PROBE_SPEC_INIT;
  self->spec.blocks = self->blocks;
  return (probe == NULL ||
          hf_probe_kind_parse (probe, &self->spec.kind, error)) &&
         (seed == NULL ||
          hf_settings_parse_seed (seed, &self->spec.seed, error)) &&
         (thresholds == NULL ||
          hf_thresholds_parse (thresholds, &self->thresholds, error));
}

static gboolean
read_prompts (HfProjectSettings *self, HfProject *project, GError **error)
{
  g_autoptr (HfPromptSet) set =
      hf_project_dup_prompt_set (project, NULL, error);

  if (set == NULL)
    return FALSE;
  self->class_names = g_ptr_array_new_with_free_func (g_free);
  self->prompts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  for (guint c = 0; c < hf_prompt_set_get_n_classes (set); c++) {
    char **prompts = hf_prompt_set_dup_class (set, c, error);

    if (prompts == NULL)
      return FALSE;
    g_ptr_array_add (self->class_names,
                     g_strdup (hf_prompt_set_get_class (set, c)));
    g_ptr_array_add (self->prompts, prompts);
  }
  return TRUE;
}

/* A line for everything: prompts are one line each, and those of a class are
 * counted. */
static void
write_keys (HfProjectSettings *self)
{
  g_autofree char *framing = hf_framing_dup_name (&self->framing);
  g_autofree char *thresholds = hf_thresholds_dup_name (&self->thresholds);
  GString *key = g_string_new (NULL);

  self->features_key =
      g_strdup_printf ("%s\n%s\n%s\n%d\n%s\n%s", self->model_name,
                       hf_precision_get_name (self->precision), framing,
                       self->n_views, hf_blocks_get_name (self->blocks),
                       self->background != NULL ? self->background : "");
  g_string_append_printf (
      key, "%s\n%s\n%" G_GUINT64_FORMAT "\n%s\n", self->features_key,
      hf_probe_kind_get_name (self->spec.kind), self->spec.seed, thresholds);
  for (guint c = 0; c < self->prompts->len; c++) {
    g_autofree char *joined = g_strjoinv ("\n", self->prompts->pdata[c]);

    g_string_append_printf (key, "%s\n%u %s\n",
                            (const char *) self->class_names->pdata[c],
                            g_strv_length (self->prompts->pdata[c]), joined);
  }
  self->key = g_string_free (key, FALSE);
}

HfProjectSettings *
hf_project_settings_new (HfProject *project, GError **error)
{
  g_autoptr (HfProjectSettings) self = g_atomic_rc_box_new0 (HfProjectSettings);

  if (!read_features (self, project, error) ||
      !read_probe (self, project, error) ||
      !read_prompts (self, project, error))
    return NULL;
  write_keys (self);
  return g_steal_pointer (&self);
}

HfProjectSettings *
hf_project_settings_ref (HfProjectSettings *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_settings (gpointer data)
{
  HfProjectSettings *self = data;

  g_free (self->model_name);
  g_free (self->background);
  g_clear_pointer (&self->class_names, g_ptr_array_unref);
  g_clear_pointer (&self->prompts, g_ptr_array_unref);
  g_free (self->features_key);
  g_free (self->key);
}

void
hf_project_settings_unref (HfProjectSettings *self)
{
  g_atomic_rc_box_release_full (self, clear_settings);
}

char *const *
hf_project_settings_get_prompts (const HfProjectSettings *self,
                                 const char *class_name)
{
  for (guint c = 0; c < self->class_names->len; c++)
    if (g_str_equal (self->class_names->pdata[c], class_name))
      return self->prompts->pdata[c];
  return NULL;
}
