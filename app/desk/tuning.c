/* tuning.c: a tuner for what lies on a desk. */
#include "app/desk/desk-private.h"

#include <glib/gi18n-lib.h>

HfTuner *
hf_desk_open_tuner (HfDesk *self, const HfRows *rows, HfProgress *progress,
                    GError **error)
{
  g_autoptr (HfProjectSettings) settings = hf_desk_dup_settings (self);
  const GPtrArray *classes = rows->classes;
  g_autofree const char **first = g_new0 (const char *, classes->len + 1);
  HfTunerOptions options = {.model_path = self->model_path,
                            .device = self->device,
                            .precision = self->precision};

  for (guint c = 0; c < classes->len; c++) {
    const HfSampleClass *class = classes->pdata[c];
    char *const *prompts =
        hf_project_settings_get_prompts (settings, class->name);

    if (prompts == NULL) {
      g_set_error (error, HF_PROBE_ERROR, HF_PROBE_ERROR_NO_TEXT,
                   _("The class \"%s\" has no prompt to be tuned."),
                      class->name);
      return NULL;
    }
    first[c] = prompts[0];
  }
  return hf_tuner_open (&options, first, (int) classes->len, progress, error);
}
