/* The numbers of an open project, by the starter model over the sample's rings:
 * what a window shows is what the command line says. */
#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/sources.h"
#include "app/jobs/pictures.h"
#include "app/study/evaluation-json.h"
#include "base/json.h"
#include "ui/workspace/workspace.h"

#include <glib/gstdio.h>
#include <string.h>

#define WAIT_S 120
#define N_LABELS 6 /* a class */

static const char *const class_names[] = {"good", "rusty", "cracked",
                                          "scratched"};

typedef struct {
  char *root, *path;
  HfWorkspace *workspace;
  gint64 classes[4];
} Setting;

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfWorkspace **out = data;
  g_autoptr (GError) error = NULL;

  *out = hf_workspace_open_finish (result, &error);
  g_assert_no_error (error);
}

static void
make_project (Setting *self, const char *blocks)
{
  g_autofree char *rings = g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"),
                                             "data", "sample", "rings", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_create (self->path, &error);
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_auto (HfScan) scan = {0};

  g_assert_no_error (error);
  hf_project_set_setting (project, "blocks", blocks, &error);
  g_assert_no_error (error);
  for (int c = 0; c < 4; c++)
    self->classes[c] =
        hf_project_add_class (project, class_names[c],
                              c == 0 ? HF_CLASS_GOOD : HF_CLASS_DEFECT, &error);
  g_assert_no_error (error);
  hf_project_add_source (project, rings, NULL, refusals, &scan, NULL, &error);
  g_assert_no_error (error);
}

static void
open_workspace (Setting *self)
{
  hf_workspace_open_async (self->path, NULL, opened_cb, &self->workspace);
  while (self->workspace == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (Setting *self, gconstpointer blocks)
{
  g_autoptr (GError) error = NULL;

  self->root = g_dir_make_tmp ("handful-numbers-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->root, "rings.handful", NULL);
  make_project (self, blocks);
  open_workspace (self);
}

static void
tear_down (Setting *self, gconstpointer blocks)
{
  g_autoptr (HfPicture) picture = NULL;

  picture =
      g_list_model_get_item (hf_workspace_get_pictures (self->workspace), 0);
  hf_workspace_close (self->workspace);
  g_assert_finalize_object (g_steal_pointer (&self->workspace));
  g_assert_finalize_object (g_steal_pointer (&picture));
  g_unlink (self->path);
  g_rmdir (self->root);
  g_free (self->path);
  g_free (self->root);
}

static gboolean
too_late_cb (gpointer data)
{
  g_error ("What was waited for did not come within %d s.", WAIT_S);
  return G_SOURCE_REMOVE;
}

typedef gboolean (*Question) (Setting *self);

static void
wait_until (Setting *self, Question question)
{
  guint id = g_timeout_add_seconds (WAIT_S, too_late_cb, NULL);

  while (!question (self))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

static guint
get_uint (Setting *self, const char *property)
{
  guint n;

  g_object_get (self->workspace, property, &n, NULL);
  return n;
}

static gboolean
is_embedded (Setting *self)
{
  return get_uint (self, "n-ready") == get_uint (self, "n-pictures");
}

/* Every picture is judged, and what to label next is known. */
static gboolean
is_settled (Setting *self)
{
  HfNumbers *numbers = hf_workspace_get_numbers (self->workspace);

  return is_embedded (self) && numbers != NULL &&
         !hf_workspace_get_refreshing (self->workspace) &&
         numbers->n_predictions == get_uint (self, "n-pictures") &&
         numbers->next->len > 0;
}

static GPtrArray *
dup_of_class (Setting *self, const char *name, guint n)
{
  GListModel *all = hf_workspace_get_pictures (self->workspace);
  GPtrArray *pictures = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *part = g_strdup_printf ("/%s/", name);

  for (guint i = 0; i < g_list_model_get_n_items (all) && pictures->len < n;
       i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (all, i);

    if (strstr (hf_picture_get_info (picture)->path, part) != NULL)
      g_ptr_array_add (pictures, g_steal_pointer (&picture));
  }
  return pictures;
}

static void
label_each (Setting *self, guint n)
{
  for (int c = 0; c < 4; c++) {
    g_autoptr (GPtrArray) pictures = dup_of_class (self, class_names[c], n);

    hf_workspace_label (self->workspace, pictures, self->classes[c]);
  }
}

static gboolean
has_evaluation (Setting *self)
{
  HfNumbers *numbers = hf_workspace_get_numbers (self->workspace);

  return is_settled (self) && numbers->evaluation != NULL &&
         numbers->rows->n == 4 * N_LABELS;
}

/* What handful-cli prints; free with json_object_put. */
static HfJson *
run_cli (Setting *self, const char *const *arguments)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *out = NULL;
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;
  HfJson *json;
  int status;

  g_ptr_array_add (argv, (char *) g_getenv ("HANDFUL_CLI"));
  for (; *arguments != NULL; arguments++)
    g_ptr_array_add (argv, (char *) *arguments);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (NULL, (char **) argv->pdata, NULL, 0, NULL, NULL, &out, &errors,
                &status, &error);
  g_assert_no_error (error);
  if (status != 0)
    g_error ("%s", errors);
  json = json_tokener_parse (out);
  g_assert_nonnull (json);
  return json;
}

static HfJson *
get (HfJson *json, const char *key)
{
  HfJson *value = NULL;

  if (!json_object_object_get_ex (json, key, &value))
    g_error ("There is no \"%s\" in %s", key,
             json_object_to_json_string (json));
  return value;
}

/* To the digit, but for the time it took. */
static void
assert_probe (HfJson *wanted, const HfNumbers *numbers,
              const HfProbeEvaluation *probe)
{
  HfJson *json = hf_probe_evaluation_to_json (probe, numbers->rows->classes);

  json_object_object_del (json, "seconds");
  /* The probe of all rows is not part of an evaluation there. */
  json_object_object_del (json, "reason");
  json_object_object_foreach (json, key, value)
  {
    g_assert_cmpstr (json_object_to_json_string (value), ==,
                     json_object_to_json_string (get (wanted, key)));
  }
  json_object_put (json);
}

static void
test_same_as_cli (Setting *self, gconstpointer blocks)
{
  gboolean has_clip = !g_str_equal (blocks, "classic");
  const char *const with_text[] = {"evaluate", "--json",    "--project",
                                   self->path, "--probe",   "gda",
                                   "--probe",  "zero-shot", NULL};
  const char *const without[] = {"evaluate", "--json", "--project", self->path,
                                 "--probe",  "gda",    NULL};
  HfNumbers *numbers;
  HfJson *json, *probes;

  wait_until (self, is_embedded);
  label_each (self, N_LABELS);
  wait_until (self, has_evaluation);
  numbers = hf_workspace_get_numbers (self->workspace);
  json = run_cli (self, has_clip ? with_text : without);
  probes = get (json, "probes");
  assert_probe (get (probes, "gda"), numbers, hf_numbers_get_probe (numbers));
  g_assert_true (has_clip == (hf_numbers_get_zero_shot (numbers) != NULL));
  if (has_clip)
    assert_probe (get (probes, "zero-shot"), numbers,
                  hf_numbers_get_zero_shot (numbers));
  json_object_put (json);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, blocks, test) \
  g_test_add (path, Setting, blocks, set_up, test, tear_down)
  ADD ("/ui/numbers/as-the-command-line-says/both", "auto", test_same_as_cli);
  ADD ("/ui/numbers/as-the-command-line-says/classic", "classic",
       test_same_as_cli);
#undef ADD
  return g_test_run ();
}
