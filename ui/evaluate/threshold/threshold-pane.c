/* threshold-pane.c: see the header. Everything that is moved ends in take_band,
 * which evaluates once and shows the result everywhere. */
#include "ui/evaluate/threshold/threshold-pane.h"

#include "app/charts/curves.h"
#include "app/charts/wording.h"
#include "ui/charts/chart-style.h"
#include "ui/charts/chart-view.h"
#include "ui/evaluate/threshold/score-strip.h"
#include "ui/widgets/badge.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

/* px; below, the buttons take two rows. */
#define NARROW 430

struct _HfThresholdPane {
  GtkWidget parent_instance;

  GtkWidget *box, *trying;
  HfChartView *roc;
  HfScoreStrip *strip;
  GtkLabel *sentence, *marked;
  GtkBox *buttons, *choices;
  GtkButton *use_button;
  GtkWidget *clear_button;
  gboolean narrow;
  guint narrow_id; /* the buttons are about to move, 0: they are not */

  HfTrial *trial;
  HfProbeEvaluation *in_use; /* by the verdicts in use, NULL before the first */
  HfThresholds used;
  HfBand band;
  double drag_x, drag_y; /* where a drag on the curve began */
};

enum { USE, CHART_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfThresholdPane, hf_threshold_pane, GTK_TYPE_WIDGET)

/* Without thresholds a part passes if its most probable class is good: of two
 * classes that is the same as one half. */
static const HfBand half = {0.5, 0.5};

static gboolean
is_in_use (HfThresholdPane *self)
{
  HfThresholds tried = hf_band_to_thresholds (&self->band);

  return hf_thresholds_are_set (&self->used) &&
         tried.reject == self->used.reject && tried.pass == self->used.pass;
}

static void
update_actions (HfThresholdPane *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean can_try = self->trial != NULL && hf_trial_has_both (self->trial);
  gboolean is_set = hf_thresholds_are_set (&self->used);

  gtk_widget_action_set_enabled (widget, "threshold.use",
                                 can_try && !is_in_use (self));
  gtk_widget_action_set_enabled (widget, "threshold.fewest-escapes", can_try);
  gtk_widget_action_set_enabled (widget, "threshold.balanced", can_try);
  gtk_widget_action_set_enabled (widget, "threshold.clear", is_set);
  gtk_widget_set_visible (self->clear_button, is_set);
  gtk_widget_set_visible (self->trying, can_try);
}

/* "At 0.44: 1 of 38 escapes, 4 of 40 overkill, 6 pictures go to a person." */
static char *
dup_sentence (HfThresholdPane *self, const HfProbeEvaluation *tried)
{
  g_autofree char *at = hf_band_dup_number (hf_band_get_middle (&self->band));
  g_autofree char *escapes = hf_wording_dup_count (&tried->escape_rate);
  g_autofree char *overkill = hf_wording_dup_count (&tried->overkill);
  gint64 n = tried->unsure.k;

  if (n == 0)
    /* Translators: a threshold, "1 of 38", "4 of 40". */
    return g_strdup_printf (
        _("At <b>%s</b>: <b>%s</b> escapes, <b>%s</b> overkill."), at, escapes,
           overkill);
  return g_strdup_printf (
      g_dngettext (NULL,
                   /* Translators: a threshold, "1 of 38", "4 of 40", a number
                      of pictures. */
                   "At <b>%s</b>: <b>%s</b> escapes, <b>%s</b> overkill, "
                   "<b>%d</b> picture goes to a person.",
                   "At <b>%s</b>: <b>%s</b> escapes, <b>%s</b> overkill, "
                   "<b>%d</b> pictures go to a person.",
                   (gulong) n),
      at, escapes, overkill, (int) n);
}

static void
show_use (HfThresholdPane *self)
{
  g_autofree char *at = hf_band_dup_number (hf_band_get_middle (&self->band));
  /* Translators: %s is a threshold, as 0.44. */
  g_autofree char *label = g_strdup_printf (_("Use %s"), at);

  gtk_button_set_label (self->use_button, label);
  if (is_in_use (self))
    gtk_label_set_text (self->marked,
                        _("In use. Threshold chosen on these images."));
  else if (hf_thresholds_are_set (&self->used))
    gtk_label_set_text (self->marked, _("Threshold chosen on these images."));
  else
    gtk_label_set_text (
        self->marked, _("Threshold chosen on these images. In use: none, the "
                          "most probable class decides."));
}

static void
show_tried (HfThresholdPane *self)
{
  HfProbeEvaluation *tried = hf_trial_evaluate (self->trial, &self->band);
  g_autofree char *sentence = dup_sentence (self, tried);
  HfChart *chart = is_in_use (self)
                       ? hf_chart_new_roc (tried)
                       : hf_chart_new_roc_tried (self->in_use, tried);

  hf_chart_view_set_chart (self->roc, chart);
  gtk_label_set_markup (self->sentence, sentence);
  show_use (self);
  update_actions (self);
  hf_chart_unref (chart);
  hf_probe_evaluation_free (tried);
  g_signal_emit (self, signals[CHART_CHANGED], 0);
}

static void
take_band (HfThresholdPane *self, const HfBand *band)
{
  self->band = *band;
  hf_score_strip_set_band (self->strip, band);
  show_tried (self);
}

static void
strip_changed_cb (HfThresholdPane *self)
{
  HfBand band;

  if (self->trial == NULL)
    return;
  hf_score_strip_get_band (self->strip, &band);
  take_band (self, &band);
}

/* The band goes with the point, as far as it fits. */
static void
drag_to (HfThresholdPane *self, double x, double y)
{
  GtkWidget *roc = GTK_WIDGET (self->roc);
  HfChartTheme theme;
  double good, bad, wide;

  if (self->trial == NULL || !hf_trial_has_both (self->trial))
    return;
  hf_chart_style_read (roc, &theme);
  good = hf_chart_find_roc (hf_chart_view_get_chart (self->roc), x, y,
                            gtk_widget_get_width (roc),
                            gtk_widget_get_height (roc), &theme);
  if (!isfinite (good))
    return;
  bad = CLAMP (1 - good, 0, 1);
  wide = MIN ((self->band.high - self->band.low) / 2, MIN (bad, 1 - bad));
  take_band (self, &(HfBand){bad - wide, bad + wide});
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, gpointer data)
{
  HfThresholdPane *self = data;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  self->drag_x = x;
  self->drag_y = y;
  drag_to (self, x, y);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  HfThresholdPane *self = data;

  drag_to (self, self->drag_x + dx, self->drag_y + dy);
}

static void
use_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfThresholdPane *self = HF_THRESHOLD_PANE (widget);
  HfThresholds thresholds = hf_band_to_thresholds (&self->band);
  g_autofree char *text = hf_thresholds_dup_name (&thresholds);

  g_signal_emit (self, signals[USE], 0, text);
}

static void
clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[USE], 0, NULL);
}

static void
fewest_escapes_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfThresholdPane *self = HF_THRESHOLD_PANE (widget);
  HfBand band = hf_trial_find_fewest_escapes (self->trial);

  take_band (self, &band);
}

static void
balanced_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfThresholdPane *self = HF_THRESHOLD_PANE (widget);
  HfBand band = hf_trial_find_balanced (self->trial);

  take_band (self, &band);
}

/* Two rows of buttons where one has no room. */
static void
arrange_buttons (HfThresholdPane *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->buttons),
                                  self->narrow ? GTK_ORIENTATION_VERTICAL
                                               : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_homogeneous (self->choices, self->narrow);
  gtk_widget_set_hexpand (GTK_WIDGET (self->use_button), !self->narrow);
  gtk_widget_set_halign (GTK_WIDGET (self->use_button),
                         self->narrow ? GTK_ALIGN_FILL : GTK_ALIGN_END);
}

static gboolean
narrow_cb (gpointer data)
{
  HfThresholdPane *self = data;

  self->narrow_id = 0;
  self->narrow = gtk_widget_get_width (GTK_WIDGET (self)) <
                 hf_badge_scale (GTK_WIDGET (self), NARROW);
  arrange_buttons (self);
  return G_SOURCE_REMOVE;
}

/* Nothing can be moved while sizes are given out. */
static void
hf_threshold_pane_size_allocate (GtkWidget *widget, int width, int height,
                                 int baseline)
{
  HfThresholdPane *self = HF_THRESHOLD_PANE (widget);

  gtk_widget_size_allocate (self->box, &(GtkAllocation){0, 0, width, height},
                            baseline);
  if ((width < hf_badge_scale (widget, NARROW)) != self->narrow &&
      self->narrow_id == 0)
    self->narrow_id = g_idle_add (narrow_cb, self);
}

/* A page that is not seen must not keep the window wide. */
static void
hf_threshold_pane_unmap (GtkWidget *widget)
{
  HfThresholdPane *self = HF_THRESHOLD_PANE (widget);

  GTK_WIDGET_CLASS (hf_threshold_pane_parent_class)->unmap (widget);
  g_clear_handle_id (&self->narrow_id, g_source_remove);
  self->narrow = TRUE;
  arrange_buttons (self);
}

static GtkSizeRequestMode
hf_threshold_pane_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
hf_threshold_pane_measure (GtkWidget *widget, GtkOrientation orientation,
                           int for_size, int *minimum, int *natural,
                           int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (HF_THRESHOLD_PANE (widget)->box, orientation, for_size,
                      minimum, natural, minimum_baseline, natural_baseline);
}

static void
hf_threshold_pane_dispose (GObject *object)
{
  HfThresholdPane *self = HF_THRESHOLD_PANE (object);

  g_clear_handle_id (&self->narrow_id, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->trial, hf_trial_free);
  g_clear_pointer (&self->in_use, hf_probe_evaluation_free);
  G_OBJECT_CLASS (hf_threshold_pane_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *class)
{
  gtk_widget_class_set_template_from_resource (
      class,
      "/io/github/handful_app/Handful/evaluate/threshold/threshold-pane.ui");
  gtk_widget_class_bind_template_child (class, HfThresholdPane, box);
  gtk_widget_class_bind_template_child (class, HfThresholdPane, trying);
  gtk_widget_class_bind_template_child (class, HfThresholdPane, roc);
  gtk_widget_class_bind_template_child (class, HfThresholdPane, strip);
  gtk_widget_class_bind_template_child (class, HfThresholdPane, sentence);
  gtk_widget_class_bind_template_child (class, HfThresholdPane, marked);
  gtk_widget_class_bind_template_child (class, HfThresholdPane, buttons);
  gtk_widget_class_bind_template_child (class, HfThresholdPane, choices);
  gtk_widget_class_bind_template_child (class, HfThresholdPane, use_button);
  gtk_widget_class_bind_template_child (class, HfThresholdPane, clear_button);
}

static void
hf_threshold_pane_class_init (HfThresholdPaneClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_threshold_pane_dispose;
  widget_class->get_request_mode = hf_threshold_pane_get_request_mode;
  widget_class->measure = hf_threshold_pane_measure;
  widget_class->size_allocate = hf_threshold_pane_size_allocate;
  widget_class->unmap = hf_threshold_pane_unmap;
  signals[USE] =
      g_signal_new ("use", HF_TYPE_THRESHOLD_PANE, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CHART_CHANGED] =
      g_signal_new ("chart-changed", HF_TYPE_THRESHOLD_PANE, G_SIGNAL_RUN_LAST,
                    0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "threshold.use", NULL,
                                   use_action);
  gtk_widget_class_install_action (widget_class, "threshold.clear", NULL,
                                   clear_action);
  gtk_widget_class_install_action (widget_class, "threshold.fewest-escapes",
                                   NULL, fewest_escapes_action);
  gtk_widget_class_install_action (widget_class, "threshold.balanced", NULL,
                                   balanced_action);
}

static void
hf_threshold_pane_init (HfThresholdPane *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_type_ensure (HF_TYPE_CHART_VIEW);
  g_type_ensure (HF_TYPE_SCORE_STRIP);
  self->used = (HfThresholds) HF_THRESHOLDS_NONE;
  self->band = half;
  self->narrow = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->strip, "changed",
                            G_CALLBACK (strip_changed_cb), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->roc),
                             GTK_EVENT_CONTROLLER (drag));
  update_actions (self);
}

/* The probe as the page shows it everywhere else: by verdicts in use. */
static HfProbeEvaluation *
evaluate_in_use (const HfFindings *findings)
{
  const HfEvaluation *evaluation = findings->evaluation;
  const HfProbeEvaluation *probe = findings->probe;
  g_autofree int *group = g_new0 (int, evaluation->n_tested + 1);

  for (gsize i = 0; i < evaluation->n_tested; i++)
    group[i] = findings->numbers->rows->group[evaluation->tested[i]];
  return hf_probe_evaluation_new (
      probe->name, evaluation->truth, group, probe->probabilities, NULL,
      INFINITY, NULL, evaluation->n_tested, findings->kinds,
      evaluation->n_classes, evaluation->folds->n_folds,
      &findings->numbers->thresholds);
}

static gboolean
is_same (const HfThresholds *a, const HfThresholds *b)
{
  if (!hf_thresholds_are_set (a) || !hf_thresholds_are_set (b))
    return hf_thresholds_are_set (a) == hf_thresholds_are_set (b);
  return a->reject == b->reject && a->pass == b->pass;
}

void
hf_threshold_pane_show (HfThresholdPane *self, const HfFindings *findings)
{
  const HfThresholds *used = &findings->numbers->thresholds;
  gboolean is_set = hf_thresholds_are_set (used);
  gboolean stays = self->trial != NULL && is_same (used, &self->used);
  HfBand in_use = is_set ? hf_band_from_thresholds (used) : half, first;
  gsize n;
  const HfTrialDot *dots;

  g_clear_pointer (&self->trial, hf_trial_free);
  g_clear_pointer (&self->in_use, hf_probe_evaluation_free);
  self->trial = hf_trial_new (findings->evaluation, findings->probe,
                              findings->numbers->rows->group, findings->kinds);
  self->in_use = evaluate_in_use (findings);
  self->used = *used;
  dots = hf_trial_get_dots (self->trial, &n);
  hf_score_strip_set_dots (self->strip, dots, n);
  hf_score_strip_set_in_use (self->strip, is_set ? &in_use : NULL);
  /* Where nothing is in use something sensible is tried. */
  first = is_set ? in_use : hf_trial_find_balanced (self->trial);
  take_band (self, stays ? &self->band : &first);
}

void
hf_threshold_pane_try (HfThresholdPane *self, const HfBand *band)
{
  g_return_if_fail (self->trial != NULL);
  take_band (self, band);
}

void
hf_threshold_pane_get_band (HfThresholdPane *self, HfBand *out)
{
  *out = self->band;
}

HfChart *
hf_threshold_pane_get_chart (HfThresholdPane *self)
{
  return hf_chart_view_get_chart (self->roc);
}

const char *
hf_threshold_pane_get_sentence (HfThresholdPane *self)
{
  return gtk_label_get_label (self->sentence);
}
