#include "bench.h"

#include "app/project/prompts.h"
#include "stage.h"
#include "ui/prompts/preview.h"
#include "ui/prompts/template-row.h"

#include <glib/gstdio.h>

char *
prompts_bench_run (const char *const *arguments)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  char *out = NULL;
  int status;

  g_ptr_array_add (argv, (gpointer) g_getenv ("HANDFUL_CLI"));
  while (*arguments != NULL)
    g_ptr_array_add (argv, (gpointer) *arguments++);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL,
                &out, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return out;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PromptsBench *self = data;
  g_autoptr (GError) error = NULL;

  self->workspace = hf_workspace_open_finish (result, &error);
  g_assert_no_error (error);
}

static gboolean
is_open (gpointer data)
{
  return ((PromptsBench *) data)->workspace != NULL;
}

static gboolean
is_fresh (gpointer data)
{
  PromptsBench *self = data;

  return hf_workspace_get_numbers (self->workspace) != NULL &&
         !hf_workspace_get_refreshing (self->workspace) &&
         hf_prompts_page_is_fresh (self->page);
}

void
prompts_bench_settle (PromptsBench *self)
{
  stage_wait (is_fresh, self);
  stage_settle (self->window);
  stage_wait (is_fresh, self);
}

/* A picture that had no row yet is asked about again with the next numbers. */
static gboolean
has_answers (PromptsBench *self)
{
  HfPreview *preview =
      HF_PREVIEW (prompts_bench_find (self, HF_TYPE_PREVIEW, 0));

  for (guint i = 0; i < hf_preview_get_n (preview); i++)
    if (hf_preview_get_best (preview, i) < 0)
      return FALSE;
  return TRUE;
}

static gboolean
is_embedded (gpointer data)
{
  HfWorkspace *workspace = ((PromptsBench *) data)->workspace;
  guint n_pictures, n_ready;

  g_object_get (workspace, "n-pictures", &n_pictures, "n-ready", &n_ready,
                NULL);
  return n_pictures > 0 && n_ready == n_pictures && is_fresh (data) &&
         has_answers (data);
}

void
prompts_bench_embed (PromptsBench *self)
{
  stage_wait (is_embedded, self);
  stage_settle (self->window);
  stage_wait (is_embedded, self);
}

void
prompts_bench_open (PromptsBench *self, const char *source, int width,
                    int height)
{
  g_autofree char *made = NULL;
  g_autofree char *labelled = NULL;

  self->folder = g_dir_make_tmp ("handful-prompts-XXXXXX", NULL);
  self->project = g_build_filename (self->folder, "rings.handful", NULL);
  made = prompts_bench_run (
      (const char *const[]){"project", "new", self->project, source, NULL});
  labelled = prompts_bench_run (
      (const char *const[]){"label", "import", "-P", self->project, "--good",
                            "good", "--groups", "^(.*)__", source, NULL});
  hf_workspace_open_async (self->project, NULL, NULL, opened_cb, self);
  stage_wait (is_open, self);
  self->page = g_object_ref_sink (
      g_object_new (HF_TYPE_PROMPTS_PAGE, "workspace", self->workspace, NULL));
  self->window = stage_show (GTK_WIDGET (self->page), width, height);
}

void
prompts_bench_close (PromptsBench *self)
{
  HfPromptsPage *page = self->page;

  g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &page);
  gtk_window_destroy (self->window);
  g_clear_object (&self->page);
  hf_workspace_close (self->workspace);
  patience_until (page == NULL);
  g_assert_finalize_object (self->workspace);
  g_unlink (self->project);
  g_rmdir (self->folder);
  g_free (self->project);
  g_free (self->folder);
}

static void
edited_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  g_assert_no_error (error);
}

static gboolean
is_idle (gpointer data)
{
  return *(gboolean *) data;
}

typedef struct {
  HfWorkspaceFunc func;
  gpointer data;
  gboolean *done;
} Edit;

static gboolean
apply (HfProject *project, gpointer data, GError **error)
{
  const Edit *edit = data;

  return edit->func (project, edit->data, error);
}

static void
edit_free (gpointer data)
{
  Edit *edit = data;

  *edit->done = TRUE;
  g_free (edit);
}

void
prompts_bench_edit (PromptsBench *self, HfWorkspaceFunc func, gpointer data)
{
  gboolean done = FALSE;
  Edit *edit = g_new0 (Edit, 1);

  *edit = (Edit){func, data, &done};
  hf_workspace_edit (self->workspace, NULL, apply, edited_cb, edit, edit_free);
  stage_wait (is_idle, &done);
}

typedef struct {
  GType type;
  guint n_before;
} Nth;

static gboolean
is_nth (GtkWidget *widget, gpointer data)
{
  Nth *nth = data;

  return G_TYPE_CHECK_INSTANCE_TYPE (widget, nth->type) && nth->n_before-- == 0;
}

GtkWidget *
prompts_bench_find (PromptsBench *self, GType type, guint i)
{
  Nth nth = {type, i};

  return stage_find_that (GTK_WIDGET (self->page), is_nth, &nth);
}

char *
prompts_bench_dup_templates (PromptsBench *self)
{
  g_autoptr (GString) all = g_string_new (NULL);
  GtkWidget *row;

  for (guint i = 0;
       (row = prompts_bench_find (self, HF_TYPE_TEMPLATE_ROW, i)) != NULL; i++)
    g_string_append_printf (
        all, "%s%s%s", i > 0 ? "|" : "",
        hf_template_row_get_enabled (HF_TEMPLATE_ROW (row)) ? "+" : "-",
        hf_template_row_get_text (HF_TEMPLATE_ROW (row)));
  return g_strdup (all->str);
}

char *
prompts_bench_dup_stored (PromptsBench *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_open (self->project, &error);
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (GPtrArray) templates = NULL;

  g_assert_no_error (error);
  templates = hf_project_dup_all_templates (project, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < templates->len; i++) {
    const HfPromptTemplate *template = templates->pdata[i];

    g_string_append_printf (all, "%s%s%s", i > 0 ? "|" : "",
                            template->enabled ? "+" : "-", template->text);
  }
  return g_strdup (all->str);
}
