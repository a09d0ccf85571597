/* setup.c: see the header. */
#include "ui/framing/setup.h"

#include "app/models/speed.h"
#include "app/models/store.h"
#include "app/study/project-settings.h"
#include "model/model-file.h"

typedef struct {
  GObject *owner; /* touched in the main thread only */
  HfSetupFunc done;
  HfSetup *wanted; /* NULL: only read */
  HfSetup *held;
} Errand;

HfSetup *
hf_setup_copy (const HfSetup *self)
{
  HfSetup *copy = g_memdup2 (self, sizeof *self);

  copy->background = g_strdup (self->background);
  copy->model_name = g_strdup (self->model_name);
  return copy;
}

void
hf_setup_free (HfSetup *self)
{
  if (self == NULL)
    return;
  g_free (self->background);
  g_free (self->model_name);
  g_free (self);
}

gboolean
hf_setup_equal (const HfSetup *a, const HfSetup *b)
{
  g_autofree char *x = hf_framing_dup_name (&a->framing);
  g_autofree char *y = hf_framing_dup_name (&b->framing);

  return g_str_equal (x, y) && a->n_views == b->n_views &&
         g_strcmp0 (a->background, b->background) == 0;
}

/* A model that is gone leaves its facts at 0: the setup can be seen all the
 * same. */
static void
read_model (HfSetup *self, HfPrecision precision)
{
  g_autofree char *path = hf_store_dup_path (self->model_name, NULL);
  g_autoptr (HfModelFile) model =
      path != NULL ? hf_model_file_open (path, NULL) : NULL;

  if (model == NULL)
    return;
  self->side_px = hf_model_file_get_config (model)->image_px;
  self->ms = hf_speed_recall (path, NULL, precision);
}

static gboolean
read_setup (HfProject *project, gpointer data, GError **error)
{
  Errand *errand = data;
  g_autoptr (HfProjectSettings) settings =
      hf_project_settings_new (project, error);
  HfSetup *setup;

  if (settings == NULL)
    return FALSE;
  setup = errand->held = g_new0 (HfSetup, 1);
  setup->framing = settings->framing;
  setup->n_views = settings->n_views;
  setup->background = g_strdup (settings->background);
  setup->model_name = g_strdup (settings->model_name);
  read_model (setup, settings->precision);
  return TRUE;
}

static gboolean
write_setup (HfProject *project, gpointer data, GError **error)
{
  Errand *errand = data;
  const HfSetup *wanted = errand->wanted;
  g_autofree char *framing = hf_framing_dup_name (&wanted->framing);
  g_autofree char *views = g_strdup_printf ("%d", wanted->n_views);

  return read_setup (project, data, error) &&
         hf_project_set_setting (project, "framing", framing, error) &&
         hf_project_set_setting (project, "views", views, error) &&
         hf_project_set_setting (project, "background", wanted->background,
                                 error);
}

static void
done_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  Errand *errand = data;

  errand->done (errand->owner,
                error == NULL ? g_steal_pointer (&errand->held) : NULL, error);
}

static void
errand_free (gpointer data)
{
  Errand *errand = data;

  g_object_unref (errand->owner);
  hf_setup_free (errand->wanted);
  hf_setup_free (errand->held);
  g_free (errand);
}

static Errand *
errand_new (GObject *owner, HfSetupFunc done)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->owner = g_object_ref (owner);
  errand->done = done;
  return errand;
}

void
hf_setup_read (HfWorkspace *workspace, GObject *owner, HfSetupFunc done)
{
  hf_workspace_read (workspace, read_setup, done_cb, errand_new (owner, done),
                     errand_free);
}

void
hf_setup_write (HfWorkspace *workspace, const HfSetup *setup, GObject *owner,
                HfSetupFunc done)
{
  Errand *errand = errand_new (owner, done);

  errand->wanted = hf_setup_copy (setup);
  hf_workspace_edit (workspace, NULL, write_setup, done_cb, errand,
                     errand_free);
}
