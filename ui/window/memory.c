/* memory.c: what is remembered of an open project: for the list of recent ones,
 * and for the next time it is opened. */
#include "ui/window/window-private.h"

#include "ui/workspace/source-item.h"

/* Until the first numbers come nothing is known. */
static void
describe_numbers (HfRecent *recent, HfWorkspace *workspace)
{
  HfNumbers *numbers = hf_workspace_get_numbers (workspace);
  const HfProbeEvaluation *probe =
      numbers != NULL ? hf_numbers_get_probe (numbers) : NULL;

  if (numbers == NULL)
    return;
  recent->n_escapes = probe != NULL ? probe->escape_rate.k : 0;
  recent->n_defects = probe != NULL ? probe->escape_rate.n : 0;
}

static HfRecent *
describe (HfWorkspace *workspace)
{
  HfRecent *recent = hf_recent_new (hf_workspace_get_path (workspace));
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (hf_workspace_get_pictures (workspace), 0);
  g_autoptr (HfSourceItem) source =
      g_list_model_get_item (hf_workspace_get_sources (workspace), 0);
  guint n_labelled = 0;

  g_object_get (workspace, "n-labelled", &n_labelled, NULL);
  recent->n_labels = n_labelled;
  if (picture != NULL)
    recent->picture = g_strdup (hf_picture_get_info (picture)->path);
  if (source != NULL)
    recent->folder = g_strdup (hf_source_item_get_folder (source));
  describe_numbers (recent, workspace);
  return recent;
}

/* --- What a page is at -------------------------------------------------- */

/* Properties of pages that are remembered by project. A page has those that it
 * has. */
static const char *const kept_notes[] = {"filter", "order"};

typedef void (*PageFunc) (HfWindow *self, GObject *page, const char *property);

static void
each_page (HfWindow *self, const char *property, PageFunc func)
{
  g_autoptr (GListModel) pages =
      G_LIST_MODEL (adw_view_stack_get_pages (self->pages));

  for (guint i = 0; i < g_list_model_get_n_items (pages); i++) {
    g_autoptr (AdwViewStackPage) page = g_list_model_get_item (pages, i);
    GObject *child = G_OBJECT (adw_view_stack_page_get_child (page));

    if (g_object_class_find_property (G_OBJECT_GET_CLASS (child), property))
      func (self, child, property);
  }
}

static void
save_note (HfWindow *self, GObject *page, const char *property)
{
  g_autofree char *value = NULL;

  g_object_get (page, property, &value, NULL);
  if (value != NULL)
    hf_recent_set_note (hf_workspace_get_path (self->workspace), property,
                        value, NULL);
}

static void
load_note (HfWindow *self, GObject *page, const char *property)
{
  g_autofree char *value =
      hf_recent_dup_note (hf_workspace_get_path (self->workspace), property);

  if (value != NULL)
    g_object_set (page, property, value, NULL);
}

/* --- The project -------------------------------------------------------- */

/* At once, since the program may end with this window. */
void
hf_window_remember_project (HfWindow *self)
{
  const char *page = adw_view_stack_get_visible_child_name (self->pages);
  const char *path = hf_workspace_get_path (self->workspace);
  g_autoptr (HfRecent) recent = describe (self->workspace);

  /* What fails once fails with the rest, too. */
  if (hf_recent_remember (recent, NULL)) {
    if (page != NULL)
      hf_recent_set_note (path, "page", page, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (kept_notes); i++)
      each_page (self, kept_notes[i], save_note);
  }
  hf_recents_reload (self->recents);
}

void
hf_window_recall_project (HfWindow *self)
{
  const char *path = hf_workspace_get_path (self->workspace);
  g_autofree char *page = hf_recent_dup_note (path, "page");

  for (gsize i = 0; i < G_N_ELEMENTS (kept_notes); i++)
    each_page (self, kept_notes[i], load_note);
  if (page != NULL &&
      adw_view_stack_get_child_by_name (self->pages, page) != NULL)
    adw_view_stack_set_visible_child_name (self->pages, page);
}
