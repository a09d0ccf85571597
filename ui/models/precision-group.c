/* precision-group.c: see the header. A radio button follows the state of the
 * action: a choice is seen once it is stored, and so is one that was made
 * elsewhere. */
#include "ui/models/precision-group.h"

#include "app/charts/wording.h"
#include "app/models/estimate.h"
#include "app/models/precision.h"
#include "ui/widgets/radio-row.h"

#include <glib/gi18n.h>

struct _HfPrecisionGroup {
  AdwPreferencesGroup parent_instance;

  GtkWidget *rows[HF_N_PRECISIONS];
  GtkWidget *measure;
};

G_DEFINE_FINAL_TYPE (HfPrecisionGroup, hf_precision_group,
                     ADW_TYPE_PREFERENCES_GROUP)

/* A picture may be several squares of the model. */
static double
get_ms (const HfPrecisionFacts *facts, HfPrecision precision)
{
  const HfProjectSettings *settings = facts->settings;

  if (facts->model == NULL)
    return 0;
  return facts->model->ms[precision] * settings->n_views *
         hf_framing_get_n_tiles (&settings->framing);
}

/* "16.7 ms a picture, about 20 seconds for all" (caller frees). */
static char *
dup_times (const HfPrecisionFacts *facts, HfPrecision precision)
{
  const double ms = get_ms (facts, precision);
  g_autofree char *one = NULL, *all = NULL;

  if (ms <= 0)
    return g_strdup (_("not measured yet"));
  one = hf_estimate_dup_time (ms, 3);
  if (facts->n_pictures == 0 || precision == facts->settings->precision)
    /* Translators: a time as "39 ms". */
    return g_strdup_printf (_("%s a picture"), one);
  all = hf_estimate_dup_duration (ms * facts->n_pictures / 1000);
  /* Translators: times as "39 ms" and "about 20 seconds". */
  return g_strdup_printf (_("%s a picture, %s for all"), one, all);
}

/* (caller frees) */
static char *
dup_subtitle (const HfPrecisionFacts *facts, HfPrecision precision)
{
  const HfModelInfo *model = facts->model;
  g_autofree char *times = dup_times (facts, precision), *right = NULL;
  g_autoptr (GError) lacking = NULL;

  if (facts->device != NULL &&
      !hf_device_info_supports (facts->device, precision, &lacking))
    return g_strdup (lacking->message);
  if (model == NULL || model->counts[precision].n == 0)
    return g_steal_pointer (&times);
  /* Translators: right answers, and pictures. */
  right = g_strdup_printf (_("%d of %d right when last compared"),
                              model->counts[precision].right,
                              model->counts[precision].n);
  return g_strdup_printf ("%s\n%s", times, right);
}

/* What another one costs (caller frees); NULL: nothing. */
static char *
dup_description (const HfPrecisionFacts *facts)
{
  g_autofree char *n = hf_wording_dup_number (facts->n_pictures);

  if (facts->n_pictures == 0)
    return NULL;
  return g_strdup_printf (
      /* Translators: %s is a number. */
      g_dngettext (NULL,
                   "In another precision %s picture is looked at anew. What "
                   "was seen in it before is remembered.",
                   "In another precision %s pictures are looked at anew. What "
                   "was seen in it before is remembered.",
                   facts->n_pictures),
      n);
}

/* Every device has the first two. */
static gboolean
is_offered (const HfPrecisionFacts *facts, HfPrecision precision)
{
  if (precision == facts->settings->precision)
    return TRUE;
  return facts->device != NULL
             ? facts->device->supports[precision]
             : precision == HF_PRECISION_F32 || precision == HF_PRECISION_F16;
}

static gboolean
lacks_time (const HfPrecisionFacts *facts, HfPrecision precision)
{
  return is_offered (facts, precision) && facts->model != NULL &&
         facts->model->ms[precision] <= 0 &&
         (facts->device == NULL || facts->device->supports[precision]);
}

gboolean
hf_precision_group_show (HfPrecisionGroup *self, const HfPrecisionFacts *facts)
{
  const gboolean has_choice =
      facts->settings != NULL && facts->settings->blocks != HF_BLOCK_CLASSIC;
  g_autofree char *description = has_choice ? dup_description (facts) : NULL;
  gboolean is_complete = TRUE;

  gtk_widget_set_visible (GTK_WIDGET (self), has_choice);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self),
                                         description);
  for (int p = 0; has_choice && p < HF_N_PRECISIONS; p++) {
    g_autofree char *subtitle = dup_subtitle (facts, (HfPrecision) p);

    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->rows[p]), subtitle);
    gtk_widget_set_visible (self->rows[p], is_offered (facts, (HfPrecision) p));
    is_complete = is_complete && !lacks_time (facts, (HfPrecision) p);
  }
  gtk_widget_set_visible (self->measure, !is_complete);
  return has_choice;
}

static GtkWidget *
new_row (HfPrecision precision)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *radio = gtk_check_button_new ();

  gtk_widget_set_valign (radio, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (radio), "s",
                                    hf_precision_get_name (precision));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (radio), "models.precision");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 hf_precision_get_title (precision));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), radio);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), radio);
  hf_radio_row_join (GTK_CHECK_BUTTON (radio));
  return row;
}

static void
hf_precision_group_class_init (HfPrecisionGroupClass *class)
{
}

static void
hf_precision_group_init (HfPrecisionGroup *self)
{
  self->measure = gtk_button_new_with_mnemonic (_("_Measure Speed"));
  gtk_widget_set_valign (self->measure, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->measure),
                                  "models.measure");
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self),
                                           self->measure);
  for (int p = 0; p < HF_N_PRECISIONS; p++) {
    self->rows[p] = new_row ((HfPrecision) p);
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->rows[p]);
  }
}
