/* prompts-page.c: see the header. How the page comes and goes; what it does is
 * in page-edits.c, page-draft.c and page-effects.c. */
#include "ui/application.h"
#include "ui/charts/masonry.h"
#include "ui/prompts/prompts-page-private.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/wheel.h"

#include <glib/gi18n.h>

/* After the last keystroke. */
#define DRAFT_MS 150
/* px where text is 9 pt on a screen of 96 dpi. */
#define NARROW 640

G_DEFINE_FINAL_TYPE (HfPromptsPage, hf_prompts_page, ADW_TYPE_BIN)

enum { PROP_WORKSPACE = 1, N_PROPERTIES };

static GParamSpec *properties[N_PROPERTIES];

/* What the project says. */

typedef struct {
  HfPromptsPage *page; /* touched in the main thread only */
  HfPromptsFacts *facts;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *self = data;

  g_object_unref (self->page);
  hf_prompts_facts_free (self->facts);
  g_free (self);
}

static gboolean
read_facts (HfProject *project, gpointer data, GError **error)
{
  Reading *reading = data;

  reading->facts = hf_prompts_facts_new (project, error);
  return reading->facts != NULL;
}

static void
facts_read_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  Reading *reading = data;
  HfPromptsPage *self = reading->page;
  g_autoptr (HfPromptsFacts) old = NULL;

  if (workspace != self->workspace)
    return;
  self->n_edits--;
  if (error != NULL) {
    gtk_widget_activate_action (GTK_WIDGET (self), "win.complain", "(ss)",
                                _("Prompts could not be read"),
                                   error->message);
    return;
  }
  /* The table looks at the old ones until it is shown the new. */
  old = g_steal_pointer (&self->facts);
  self->facts = g_steal_pointer (&reading->facts);
  hf_template_list_show (self->templates, self->facts);
  hf_prompts_page_show_draft (self);
  hf_prompts_page_measure (self);
}

void
hf_prompts_page_read_again (HfPromptsPage *self)
{
  Reading *reading;

  if (self->workspace == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  reading = g_new0 (Reading, 1);
  reading->page = g_object_ref (self);
  self->n_edits++;
  hf_workspace_read (self->workspace, read_facts, facts_read_cb, reading,
                     reading_free);
}

/* What the user does. */

static gboolean
draft_cb (gpointer data)
{
  HfPromptsPage *self = data;

  self->draft_id = 0;
  hf_prompts_page_show_draft (self);
  return G_SOURCE_REMOVE;
}

static void
edited_cb (HfPromptsPage *self)
{
  g_clear_handle_id (&self->draft_id, g_source_remove);
  self->draft_id = g_timeout_add (DRAFT_MS, draft_cb, self);
}

/* What goes on elsewhere. */

static void
numbers_cb (HfPromptsPage *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  hf_preview_refresh (self->preview);
  hf_prompts_page_measure (self);
}

/* Found to be no picture after the numbers came. */
static void
unreadable_cb (HfPromptsPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    hf_preview_refresh (self->preview);
}

static void
show_pictures (HfPromptsPage *self)
{
  GPtrArray *selected = hf_workspace_get_selection (self->workspace);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  gtk_label_set_text (self->preview_title,
                      selected->len > 0 ? _("Preview of the Selection")
                                        : _("Preview"));
  hf_preview_set_pictures (self->preview, selected);
}

static void
set_workspace (HfPromptsPage *self, HfWorkspace *workspace)
{
  if (self->workspace == workspace)
    return;
  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_data (self->workspace, self);
  g_set_object (&self->workspace, workspace);
  g_clear_handle_id (&self->draft_id, g_source_remove);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  hf_values_table_show (self->values, NULL, NULL, NULL);
  hf_template_list_show (self->templates, NULL);
  hf_template_list_answer (self->templates, NULL);
  hf_preview_set_workspace (self->preview, workspace);
  g_clear_pointer (&self->facts, hf_prompts_facts_free);
  self->measuring = self->stale = FALSE;
  self->n_edits = 0;
  if (workspace == NULL)
    return;
  g_signal_connect_swapped (workspace, "notify::numbers",
                            G_CALLBACK (numbers_cb), self);
  g_signal_connect_swapped (workspace, "lasting", G_CALLBACK (numbers_cb),
                            self);
  g_signal_connect_swapped (workspace, "notify::n-unreadable",
                            G_CALLBACK (unreadable_cb), self);
  g_signal_connect_swapped (workspace, "notify::selection",
                            G_CALLBACK (show_pictures), self);
  g_signal_connect_swapped (workspace, "settings-changed",
                            G_CALLBACK (hf_prompts_page_read_again), self);
  hf_prompts_page_read_again (self);
}

/* Size. */

static gboolean
narrow_cb (gpointer data)
{
  HfPromptsPage *self = data;

  self->narrow_id = 0;
  hf_template_list_set_narrow (self->templates, self->is_narrow);
  hf_values_table_set_narrow (self->values, self->is_narrow);
  if (self->is_narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  return G_SOURCE_REMOVE;
}

static GtkSizeRequestMode
hf_prompts_page_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* As a layout manager would; but a page with one is not told its size. */
static void
hf_prompts_page_measure_size (GtkWidget *widget, GtkOrientation orientation,
                              int for_size, int *minimum, int *natural,
                              int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (adw_bin_get_child (ADW_BIN (widget)), orientation,
                      for_size, minimum, natural, NULL, NULL);
}

/* Children cannot be changed while they are laid out. */
static void
hf_prompts_page_size_allocate (GtkWidget *widget, int width, int height,
                               int baseline)
{
  HfPromptsPage *self = HF_PROMPTS_PAGE (widget);
  gboolean is_narrow = width < hf_badge_scale (widget, NARROW);

  gtk_widget_size_allocate (adw_bin_get_child (ADW_BIN (widget)),
                            &(GtkAllocation){0, 0, width, height}, baseline);
  if (self->is_narrow == is_narrow)
    return;
  self->is_narrow = is_narrow;
  if (self->narrow_id == 0)
    self->narrow_id =
        g_idle_add_full (G_PRIORITY_HIGH_IDLE, narrow_cb, self, NULL);
}

/* The object. */

static void
hf_prompts_page_map (GtkWidget *widget)
{
  HfPromptsPage *self = HF_PROMPTS_PAGE (widget);

  GTK_WIDGET_CLASS (hf_prompts_page_parent_class)->map (widget);
  hf_prompts_page_read_again (self);
  if (self->workspace != NULL)
    show_pictures (self);
}

static void
hf_prompts_page_get_property (GObject *object, guint id, GValue *value,
                              GParamSpec *pspec)
{
  g_value_set_object (value, HF_PROMPTS_PAGE (object)->workspace);
}

static void
hf_prompts_page_set_property (GObject *object, guint id, const GValue *value,
                              GParamSpec *pspec)
{
  set_workspace (HF_PROMPTS_PAGE (object), g_value_get_object (value));
}

static void
hf_prompts_page_dispose (GObject *object)
{
  HfPromptsPage *self = HF_PROMPTS_PAGE (object);

  if (self->workspace != NULL)
    set_workspace (self, NULL);
  g_clear_handle_id (&self->narrow_id, g_source_remove);
  g_clear_pointer (&self->spectacles, hf_prompt_spectacles_unref);
  G_OBJECT_CLASS (hf_prompts_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *class)
{
#define BIND(child) \
  gtk_widget_class_bind_template_child (class, HfPromptsPage, child)
  BIND (unknown_row);
  BIND (templates);
  BIND (values);
  BIND (preview);
  BIND (preview_title);
  BIND (summary);
  BIND (summary_mark);
  BIND (unknown);
  BIND (hint);
  BIND (right);
  BIND (interval);
  BIND (expander);
  BIND (lines);
  BIND (lines_area);
#undef BIND
}

static void
hf_prompts_page_class_init (HfPromptsPageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = hf_prompts_page_get_property;
  object_class->set_property = hf_prompts_page_set_property;
  object_class->dispose = hf_prompts_page_dispose;
  widget_class->map = hf_prompts_page_map;
  widget_class->get_request_mode = hf_prompts_page_get_request_mode;
  widget_class->measure = hf_prompts_page_measure_size;
  widget_class->size_allocate = hf_prompts_page_size_allocate;
  properties[PROP_WORKSPACE] =
      g_param_spec_object ("workspace", NULL, NULL, HF_TYPE_WORKSPACE,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  g_type_ensure (HF_TYPE_MARK);
  g_type_ensure (HF_TYPE_MASONRY);
  g_type_ensure (HF_TYPE_PREVIEW);
  g_type_ensure (HF_TYPE_TEMPLATE_LIST);
  g_type_ensure (HF_TYPE_VALUES_TABLE);
  gtk_widget_class_set_css_name (widget_class, "promptspage");
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/prompts/prompts-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, hf_prompts_page_edit);
}

static void
hf_prompts_page_init (HfPromptsPage *self)
{
  self->spectacles = hf_prompt_spectacles_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
  hf_wheel_pass_on (self->lines_area);
}

gboolean
hf_prompts_page_is_fresh (HfPromptsPage *self)
{
  return self->facts != NULL && self->n_edits == 0 && self->draft_id == 0 &&
         self->reading == NULL && !self->measuring &&
         hf_preview_is_fresh (self->preview);
}
