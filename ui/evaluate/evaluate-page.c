/* evaluate-page.c: see the header.
 *
 * What is shown:  no workspace, or no rate yet  -> "empty" (a sentence why)
 *                 no rate, and no way to one    -> "empty" (what to do)
 *                 no numbers yet                -> "working"
 *                 numbers with rates            -> "cards"
 * Cheap cards follow "numbers"; dear ones are computed while the page is
 * mapped, and show the old ones dimmed until then. */
#include "app/charts/forest.h"
#include "app/desk/learning.h"
#include "app/models/store.h"
#include "compute/device.h"
#include "model/clip-config.h"
#include "ui/charts/chart-view.h"
#include "ui/evaluate/chart-cards.h"
#include "ui/evaluate/evaluate-page-private.h"
#include "ui/workspace/source-item.h"

#include <glib/gi18n.h>
#include <string.h>

/* After the last change, before the long work begins. */
#define QUIET_MS 400
/* px; below, paddings are small. */
#define NARROW 600

enum { PROP_WORKSPACE = 1, PROP_CAN_REPORT, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfEvaluatePage, hf_evaluate_page, GTK_TYPE_WIDGET)

/* --- Cards ------------------------------------------------------------- */

static void
show_confusion (HfEvaluatePage *self, const HfFindings *findings)
{
  HfChart *chart = hf_confusion_grid_new_chart (findings);

  hf_confusion_grid_show (self->confusion, findings);
  hf_card_set_chart (self->confusion_card, chart);
  hf_card_set_caption (self->confusion_card,
                       _("Called by the probe while the picture was held out. "
                         "Open a cell to see its pictures."));
  hf_chart_unref (chart);
}

static void
show_misses (HfEvaluatePage *self, const HfFindings *findings)
{
  HfTable *table = hf_misses_grid_new_table (findings);
  guint n = hf_misses_grid_show (self->misses, findings);

  hf_card_set_table (self->misses_card, table);
  hf_card_set_caption (self->misses_card,
                       n == 0 ? _("No picture was called wrong while it was "
                                  "held out.")
                              : NULL);
  hf_table_free (table);
}

/* Whether the acceptance set was judged by another probe than that of
 * @numbers. */
static gboolean
is_acceptance_stale (HfEvaluatePage *self, const HfNumbers *numbers)
{
  const HfNumbers *of = self->acceptance_of;

  if (self->acceptance == NULL || of == NULL || of == numbers)
    return FALSE;
  return !hf_desk_learns_alike (of, numbers) ||
         memcmp (&of->thresholds, &numbers->thresholds,
                 sizeof of->thresholds) != 0;
}

static void
show_rates (HfEvaluatePage *self, const HfFindings *findings)
{
  const HfJudgedSet acceptance = {
      .evaluation = self->acceptance,
      .note = self->acceptance_note,
      .n_openings = self->n_openings,
      .is_stale = is_acceptance_stale (self, findings->numbers)};

  hf_rates_card_fill (self->rates_card, findings, &acceptance);
}

static void
show_cards (HfEvaluatePage *self, const HfFindings *findings)
{
  show_rates (self, findings);
  show_confusion (self, findings);
  hf_threshold_pane_show (self->threshold, findings);
  hf_card_set_chart (self->threshold_card,
                     hf_threshold_pane_get_chart (self->threshold));
  hf_probabilities_card_fill (self->probabilities_card, findings);
  show_misses (self, findings);
}

static void
show_full (HfEvaluatePage *self, const HfFindings *findings,
           const HfEvaluation *full)
{
  g_autofree char *sentence =
      hf_compare_list_dup_sentence (full, findings->numbers->rows->group);
  g_autofree char *markup =
      sentence != NULL ? g_markup_escape_text (sentence, -1) : NULL;

  HfChart *chart = hf_chart_new_comparison (full, 0, TRUE);

  hf_compare_list_show (self->compare, full);
  hf_card_set_chart (self->compare_card, chart);
  hf_chart_unref (chart);
  hf_card_set_sentence (self->compare_card, markup);
  hf_learning_card_fill (self->learning_card, findings, full);
  hf_lots_card_fill (self->lots_card, findings, full);
  if (!self->is_arranged)
    hf_masonry_rearrange (self->masonry);
  self->is_arranged = TRUE;
}

static void
set_full_busy (HfEvaluatePage *self, gboolean busy)
{
  hf_card_set_busy (self->compare_card, busy);
  hf_card_set_busy (self->learning_card, busy);
  hf_card_set_busy (self->lots_card, busy);
}

static void
set_live_busy (HfEvaluatePage *self, gboolean busy)
{
  hf_card_set_busy (self->rates_card, busy);
  hf_card_set_busy (self->confusion_card, busy);
  hf_card_set_busy (self->probabilities_card, busy);
  hf_card_set_busy (self->misses_card, busy);
}

static void
show_empty (HfEvaluatePage *self, const char *title, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_status_page_set_title (self->empty, title);
  adw_status_page_set_description (self->empty, markup);
  gtk_widget_set_visible (self->label_button, self->workspace != NULL);
  gtk_widget_set_visible (self->manage_button, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "empty");
}

/* Whether labels wait for the rows of their pictures: then it is too early to
 * ask for more of them. */
static gboolean
has_waiting_labels (HfEvaluatePage *self)
{
  GListModel *pictures;

  if (self->workspace == NULL)
    return FALSE;
  pictures = hf_workspace_get_pictures (self->workspace);
  for (guint i = 0; i < g_list_model_get_n_items (pictures); i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (pictures, i);
    const HfPictureInfo *info = hf_picture_get_info (picture);

    if (info->class_id != 0 && info->state == HF_PICTURE_WAITING)
      return TRUE;
  }
  return FALSE;
}

/* The folder of a source that is not there (caller frees), or NULL. */
static char *
dup_lost_folder (HfEvaluatePage *self)
{
  GListModel *sources = hf_workspace_get_sources (self->workspace);

  for (guint i = 0; i < g_list_model_get_n_items (sources); i++) {
    g_autoptr (HfSourceItem) item = g_list_model_get_item (sources, i);

    if (!hf_source_item_get_found (item))
      return g_filename_display_name (hf_source_item_get_folder (item));
  }
  return NULL;
}

/* What is missing; the sentence says more. */
static const char *
get_trouble_title (const GError *trouble)
{
  if (trouble->domain == HF_STORE_ERROR || trouble->domain == HF_MODEL_ERROR ||
      trouble->domain == G_FILE_ERROR)
    return _("No Numbers Without the Model");
  if (trouble->domain == HF_DEVICE_ERROR)
    return _("No Numbers Without a Device");
  return _("Nothing Is Calculated");
}

/* Numbers that will not come by themselves: says why, and what to do. FALSE if
 * nothing stands in their way. */
static gboolean
show_trouble (HfEvaluatePage *self)
{
  const GError *trouble = hf_workspace_get_desk_trouble (self->workspace);
  g_autofree char *folder = dup_lost_folder (self);
  g_autofree char *text = NULL;

  if (trouble != NULL) {
    show_empty (self, get_trouble_title (trouble), trouble->message);
    gtk_widget_set_visible (self->label_button, FALSE);
    gtk_widget_set_visible (self->manage_button, TRUE);
    return TRUE;
  }
  if (folder == NULL)
    return FALSE;
  text = g_strdup_printf (
      /* Translators: %s is a folder. */
      _("The folder %s is not there. If it has moved, relink it on the Label "
        "page, in the sidebar."),
         folder);
  show_empty (self, _("No Numbers Without the Pictures"), text);
  return TRUE;
}

void
hf_evaluate_page_show (HfEvaluatePage *self, HfNumbers *numbers,
                       GListModel *classes)
{
  g_autoptr (HfFindings) findings = NULL;
  gboolean any = numbers != NULL && numbers->evaluation != NULL;

  if (!any && self->workspace != NULL && show_trouble (self))
    return;
  if (numbers == NULL ||
      (numbers->evaluation == NULL && has_waiting_labels (self))) {
    gtk_stack_set_visible_child_name (self->stack, "working");
    return;
  }
  if (numbers->evaluation == NULL) {
    show_empty (self,
                _("No Numbers Yet"),
                   numbers->reason != NULL
                       ? numbers->reason
                       : _("Label 2 of each class to see the first numbers."));
    return;
  }
  findings = hf_findings_new (numbers, classes);
  show_cards (self, findings);
  gtk_stack_set_visible_child_name (self->stack, "cards");
}

void
hf_evaluate_page_show_rates (HfEvaluatePage *self)
{
  HfNumbers *numbers = hf_workspace_get_numbers (self->workspace);
  g_autoptr (HfFindings) findings = NULL;

  if (numbers == NULL || numbers->evaluation == NULL)
    return;
  findings =
      hf_findings_new (numbers, hf_workspace_get_classes (self->workspace));
  show_rates (self, findings);
}

void
hf_evaluate_page_show_full (HfEvaluatePage *self, HfNumbers *numbers,
                            GListModel *classes, const HfEvaluation *full)
{
  g_autoptr (HfFindings) findings = hf_findings_new (numbers, classes);

  show_full (self, findings, full);
}

/* --- What takes long --------------------------------------------------- */

static gboolean
is_full_stale (HfEvaluatePage *self)
{
  HfNumbers *numbers = hf_workspace_get_numbers (self->workspace);

  return numbers != NULL && numbers->evaluation != NULL &&
         hf_full_evaluation_get_numbers (self->full) != numbers;
}

static gboolean
start_cb (gpointer data)
{
  HfEvaluatePage *self = data;

  self->quiet_id = 0;
  if (self->workspace != NULL && is_full_stale (self))
    hf_full_evaluation_start (self->full, self->workspace);
  return G_SOURCE_REMOVE;
}

/* Only what is looked at is worth the work. */
static void
plan_full (HfEvaluatePage *self)
{
  g_clear_handle_id (&self->quiet_id, g_source_remove);
  if (self->workspace == NULL || !is_full_stale (self))
    return;
  hf_full_evaluation_cancel (self->full);
  set_full_busy (self, TRUE);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->quiet_id = g_timeout_add (QUIET_MS, start_cb, self);
}

static void
full_changed_cb (HfEvaluatePage *self)
{
  const HfEvaluation *full = hf_full_evaluation_get (self->full);
  const char *error = hf_full_evaluation_get_error (self->full);

  set_full_busy (self, hf_full_evaluation_is_running (self->full) ||
                           self->quiet_id != 0);
  if (full != NULL && self->workspace != NULL)
    hf_evaluate_page_show_full (
        self, hf_full_evaluation_get_numbers (self->full),
        hf_workspace_get_classes (self->workspace), full);
  hf_card_set_caption (self->compare_card, error);
  hf_evaluate_work_update (self);
}

/* --- The workspace ----------------------------------------------------- */

static void
numbers_cb (HfEvaluatePage *self)
{
  hf_evaluate_page_show (self, hf_workspace_get_numbers (self->workspace),
                         hf_workspace_get_classes (self->workspace));
  hf_evaluate_work_update (self);
  plan_full (self);
}

static void
refreshing_cb (HfEvaluatePage *self)
{
  set_live_busy (self, hf_workspace_get_refreshing (self->workspace));
}

static void
use_threshold_cb (HfEvaluatePage *self, const char *text)
{
  const char *const pairs[] = {"thresholds", text != NULL ? text : "", NULL};

  hf_evaluate_page_change_settings (self, pairs,
                                    _("The thresholds were changed"));
}

static void
use_probe_cb (HfEvaluatePage *self, int kind, int blocks)
{
  const char *const pairs[] = {
      "probe", hf_probe_kind_get_name ((HfProbeKind) kind), "blocks",
      hf_blocks_get_name ((HfBlocks) blocks), NULL};
  /* Translators: a probe, its features. */
  g_autofree char *done = g_strdup_printf (
      _("In use now: %s, %s"), hf_findings_get_probe_name ((HfProbeKind) kind),
         hf_findings_get_blocks_name ((HfBlocks) blocks));

  hf_evaluate_page_change_settings (self, pairs, done);
}

static void
chart_changed_cb (HfEvaluatePage *self)
{
  hf_card_set_chart (self->threshold_card,
                     hf_threshold_pane_get_chart (self->threshold));
}

static void
set_workspace (HfEvaluatePage *self, HfWorkspace *workspace)
{
  if (workspace == self->workspace)
    return;
  g_clear_handle_id (&self->quiet_id, g_source_remove);
  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_data (self->workspace, self);
  g_set_object (&self->workspace, workspace);
  hf_full_evaluation_clear (self->full);
  hf_evaluate_work_clear (self);
  hf_card_set_chart (self->models_card, NULL);
  hf_card_set_sentence (self->models_card, NULL);
  self->is_arranged = FALSE;
  hf_evaluate_work_update (self);
  if (workspace == NULL) {
    show_empty (self, _("No Project"), _("Open a folder to evaluate it."));
    return;
  }
  g_signal_connect_swapped (workspace, "notify::numbers",
                            G_CALLBACK (numbers_cb), self);
  g_signal_connect_swapped (workspace, "lasting", G_CALLBACK (numbers_cb),
                            self);
  g_signal_connect_swapped (workspace, "notify::refreshing",
                            G_CALLBACK (refreshing_cb), self);
  /* Sealing is a setting of pictures; a label says that they may be others. */
  g_signal_connect_swapped (workspace, "settings-changed",
                            G_CALLBACK (hf_evaluate_work_read), self);
  hf_evaluate_work_read (self);
  numbers_cb (self);
}

/* --- Life -------------------------------------------------------------- */

static gboolean
narrow_cb (gpointer data)
{
  HfEvaluatePage *self = data;

  self->narrow_id = 0;
  if (gtk_widget_get_width (GTK_WIDGET (self)) < NARROW)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  return G_SOURCE_REMOVE;
}

/* A style cannot change while sizes are given out. */
static void
hf_evaluate_page_size_allocate (GtkWidget *widget, int width, int height,
                                int baseline)
{
  HfEvaluatePage *self = HF_EVALUATE_PAGE (widget);

  gtk_widget_size_allocate (GTK_WIDGET (self->stack),
                            &(GtkAllocation){0, 0, width, height}, baseline);
  if ((width < NARROW) != gtk_widget_has_css_class (widget, "narrow") &&
      self->narrow_id == 0)
    self->narrow_id = g_idle_add (narrow_cb, self);
}

static void
hf_evaluate_page_measure (GtkWidget *widget, GtkOrientation orientation,
                          int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (HF_EVALUATE_PAGE (widget)->stack),
                      orientation, for_size, minimum, natural, minimum_baseline,
                      natural_baseline);
}

static void
hf_evaluate_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (hf_evaluate_page_parent_class)->map (widget);
  plan_full (HF_EVALUATE_PAGE (widget));
}

static void
hf_evaluate_page_unmap (GtkWidget *widget)
{
  HfEvaluatePage *self = HF_EVALUATE_PAGE (widget);

  g_clear_handle_id (&self->quiet_id, g_source_remove);
  hf_full_evaluation_cancel (self->full);
  GTK_WIDGET_CLASS (hf_evaluate_page_parent_class)->unmap (widget);
  /* What is not seen must not keep the window wide. */
  g_clear_handle_id (&self->narrow_id, g_source_remove);
  gtk_widget_add_css_class (widget, "narrow");
}

static void
working_cb (HfEvaluatePage *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->stack);

  gtk_spinner_set_spinning (self->spinner, g_strcmp0 (name, "working") == 0);
}

static gboolean
can_report (HfEvaluatePage *self)
{
  HfNumbers *numbers = self->workspace != NULL
                           ? hf_workspace_get_numbers (self->workspace)
                           : NULL;

  return numbers != NULL && numbers->evaluation != NULL &&
         self->report_job == NULL;
}

void
hf_evaluate_page_notify_can_report (HfEvaluatePage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_REPORT]);
}

static void
hf_evaluate_page_get_property (GObject *object, guint id, GValue *value,
                               GParamSpec *spec)
{
  if (id == PROP_WORKSPACE)
    g_value_set_object (value, HF_EVALUATE_PAGE (object)->workspace);
  else
    g_value_set_boolean (value, can_report (HF_EVALUATE_PAGE (object)));
}

static void
hf_evaluate_page_set_property (GObject *object, guint id, const GValue *value,
                               GParamSpec *spec)
{
  set_workspace (HF_EVALUATE_PAGE (object), g_value_get_object (value));
}

static void
hf_evaluate_page_dispose (GObject *object)
{
  HfEvaluatePage *self = HF_EVALUATE_PAGE (object);

  if (self->full != NULL)
    g_signal_handlers_disconnect_by_data (self->full, self);
  hf_evaluate_work_clear (self);
  g_clear_handle_id (&self->quiet_id, g_source_remove);
  g_clear_handle_id (&self->narrow_id, g_source_remove);
  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_data (self->workspace, self);
  g_clear_object (&self->workspace);
  g_clear_object (&self->full);
  if (self->stack != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->stack));
  self->stack = NULL;
  G_OBJECT_CLASS (hf_evaluate_page_parent_class)->dispose (object);
}

#define BIND(name) \
  gtk_widget_class_bind_template_child (class, HfEvaluatePage, name)

static void
bind_template (GtkWidgetClass *class)
{
  gtk_widget_class_set_template_from_resource (
      class, "/io/github/handful_app/Handful/evaluate/evaluate-page.ui");
  BIND (stack);
  BIND (empty);
  BIND (label_button);
  BIND (manage_button);
  BIND (spinner);
  BIND (rates_card);
  BIND (confusion_card);
  BIND (threshold_card);
  BIND (compare_card);
  BIND (learning_card);
  BIND (probabilities_card);
  BIND (misses_card);
  BIND (lots_card);
  BIND (models_card);
  BIND (confusion);
  BIND (threshold);
  BIND (compare);
  BIND (misses);
  BIND (masonry);
  BIND (acceptance_button);
}

static void
hf_evaluate_page_class_init (HfEvaluatePageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = hf_evaluate_page_get_property;
  object_class->set_property = hf_evaluate_page_set_property;
  object_class->dispose = hf_evaluate_page_dispose;
  widget_class->measure = hf_evaluate_page_measure;
  widget_class->size_allocate = hf_evaluate_page_size_allocate;
  widget_class->map = hf_evaluate_page_map;
  widget_class->unmap = hf_evaluate_page_unmap;
  props[PROP_WORKSPACE] =
      g_param_spec_object ("workspace", NULL, NULL, HF_TYPE_WORKSPACE,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_CAN_REPORT] =
      g_param_spec_boolean ("can-report", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_css_name (widget_class, "evaluatepage");
  bind_template (widget_class);
  hf_evaluate_work_install (widget_class);
}

static void
hf_evaluate_page_init (HfEvaluatePage *self)
{
  g_type_ensure (HF_TYPE_CARD);
  g_type_ensure (HF_TYPE_CHART_VIEW);
  g_type_ensure (HF_TYPE_MASONRY);
  g_type_ensure (HF_TYPE_CONFUSION_GRID);
  g_type_ensure (HF_TYPE_THRESHOLD_PANE);
  g_type_ensure (HF_TYPE_COMPARE_LIST);
  g_type_ensure (HF_TYPE_MISSES_GRID);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* The first minimum decides how small the window can open. */
  gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  self->full = hf_full_evaluation_new ();
  g_signal_connect_swapped (self->full, "changed", G_CALLBACK (full_changed_cb),
                            self);
  g_signal_connect_swapped (self->stack, "notify::visible-child",
                            G_CALLBACK (working_cb), self);
  g_signal_connect_swapped (self->threshold, "use",
                            G_CALLBACK (use_threshold_cb), self);
  g_signal_connect_swapped (self->threshold, "chart-changed",
                            G_CALLBACK (chart_changed_cb), self);
  g_signal_connect_swapped (self->compare, "use", G_CALLBACK (use_probe_cb),
                            self);
  hf_card_set_caption (self->models_card,
                       _("Right answers of all installed models over the same "
                         "folds, by their embedding alone, and their time."));
  hf_evaluate_work_update (self);
  show_empty (self, _("No Project"), _("Open a folder to evaluate it."));
}

GtkWidget *
hf_evaluate_page_new (void)
{
  return g_object_new (HF_TYPE_EVALUATE_PAGE, NULL);
}
