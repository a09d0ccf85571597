/* model-row.c: see the header. */
#include "ui/models/model-row.h"

#include "app/models/estimate.h"
#include "ui/application.h"

#include <glib/gi18n.h>

struct _HfModelRow {
  AdwActionRow parent_instance;

  GtkWidget *coming, *in_use, *use, *get, *more;
  GtkProgressBar *bar;
  GtkToggleButton *pause;
  GtkSpinner *spinner;

  HfModelItem *item;
  HfJob *job; /* that the bar shows */
  gboolean is_used, can_use, is_brief;
};

G_DEFINE_FINAL_TYPE (HfModelRow, hf_model_row, ADW_TYPE_ACTION_ROW)

enum { FETCH, USE, REMOVE, MEASURE, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
add_measured (GPtrArray *facts, const HfModelInfo *info, HfPrecision precision)
{
  g_autofree char *time = hf_estimate_dup_time (info->ms[precision], 3);

  g_ptr_array_add (facts,
                   /* Translators: a time as "39 ms", and a precision as
                    * "f16". */
                   g_strdup_printf (_("%s a picture here in %s"), time,
                                       hf_precision_get_name (precision)));
}

/* Two digits are more than an estimate can promise. */
static void
add_estimate (GPtrArray *facts, const HfModelInfo *info)
{
  g_autofree char *time = hf_estimate_dup_time (info->about_ms, 2);

  /* Translators: a time as "39 ms", reckoned and not measured. */
  g_ptr_array_add (facts,
                   g_strdup_printf (_("about %s a picture here"), time));
}

static void
add_need (GPtrArray *facts, const HfModelInfo *info)
{
  g_autofree char *size = g_format_size (info->needs_bytes);

  g_ptr_array_add (facts,
                   /* Translators: %s is a size, "1.6 GB". */
                   g_strdup_printf (_("needs about %s of memory, more than "
                                      "this device has"),
                                       size));
}

/* What each precision cost on the user's labels (caller frees); NULL where they
 * were not compared. */
static char *
dup_right (const HfModelInfo *info)
{
  g_autoptr (GPtrArray) counts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;

  for (int p = 0; p < HF_N_PRECISIONS; p++)
    if (info->counts[p].n > 0)
      g_ptr_array_add (
          counts,
          /* Translators: right answers, pictures, a precision as "f16". */
          g_strdup_printf (_("%d of %d in %s"), info->counts[p].right,
                              info->counts[p].n,
                              hf_precision_get_name ((HfPrecision) p)));
  if (counts->len == 0)
    return NULL;
  g_ptr_array_add (counts, NULL);
  list = g_strjoinv (", ", (char **) counts->pdata);
  /* Translators: %s is a list as "212 of 256 in f16, 211 of 256 in int8". */
  return g_strdup_printf (_("Right when models were last compared: %s"), list);
}

/* "302.1 MB · 224 px · 39 ms a picture here in f16 · verified as OpenAI's
 * ViT-B/32" (caller frees). */
static char *
dup_facts (const HfModelInfo *info, gboolean is_brief)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (facts, g_format_size (info->size_bytes));
  if (info->input_px > 0)
    /* Translators: the side of the square of pixels that a model sees. */
    g_ptr_array_add (facts, g_strdup_printf (_("%d px"), info->input_px));
  for (int p = 0; !is_brief && p < HF_N_PRECISIONS; p++)
    if (info->ms[p] > 0)
      add_measured (facts, info, (HfPrecision) p);
  if (info->about_ms > 0)
    add_estimate (facts, info);
  if (info->built_in)
    g_ptr_array_add (facts, g_strdup (_("comes with Handful")));
  if (info->verified_as != NULL)
    /* Translators: %s is the name of a model, "ViT-B/32". */
    g_ptr_array_add (facts, g_strdup_printf (_("verified as OpenAI’s %s"),
                                                info->verified_as));
  else if (info->state == HF_MODEL_INSTALLED && !info->built_in)
    g_ptr_array_add (facts, g_strdup (_("not verified")));
  if (info->needs_bytes > 0)
    add_need (facts, info);
  g_ptr_array_add (facts, NULL);
  return g_strjoinv (" · ", (char **) facts->pdata);
}

/* (caller frees) */
static char *
dup_subtitle (const HfModelInfo *info, gboolean is_brief)
{
  g_autofree char *facts = dup_facts (info, is_brief);
  g_autofree char *right = is_brief ? NULL : dup_right (info);
  g_autofree char *come = NULL;

  if (info->state == HF_MODEL_COMING && info->job != NULL)
    return g_strdup (hf_job_get_detail (info->job));
  if (info->not_verified != NULL)
    return g_strdup_printf ("%s\n%s", facts, info->not_verified);
  if (right != NULL)
    return g_strdup_printf ("%s\n%s", facts, right);
  if (info->state != HF_MODEL_AVAILABLE || info->come_bytes == 0)
    return g_steal_pointer (&facts);
  come = g_format_size (info->come_bytes);
  /* Translators: of a download; %s are facts and a size. */
  return g_strdup_printf (_("%s · %s have come"), facts, come);
}

static void
show_progress (HfModelRow *self)
{
  const HfModelInfo *info = hf_model_item_get_info (self->item);
  g_autofree char *subtitle = dup_subtitle (info, self->is_brief);
  double fraction = info->job != NULL ? hf_job_get_fraction (info->job) : 0;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->bar, fraction);
  else
    gtk_progress_bar_pulse (self->bar);
}

static void
follow_job (HfModelRow *self, HfJob *job)
{
  if (self->job == job)
    return;
  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_set_object (&self->job, job);
  if (job == NULL)
    return;
  gtk_toggle_button_set_active (self->pause, hf_job_get_paused (job));
  g_signal_connect_object (job, "notify", G_CALLBACK (show_progress), self,
                           G_CONNECT_SWAPPED);
}

static void
update (HfModelRow *self)
{
  const HfModelInfo *info = hf_model_item_get_info (self->item);
  gboolean installed = info->state == HF_MODEL_INSTALLED;

  follow_job (self, info->job);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), info->name);
  show_progress (self);
  gtk_widget_set_visible (self->coming, info->state == HF_MODEL_COMING);
  gtk_widget_set_visible (self->get, info->state == HF_MODEL_AVAILABLE);
  gtk_button_set_label (GTK_BUTTON (self->get),
                        info->come_bytes > 0 ? _("Go On") : _("Get"));
  gtk_widget_set_visible (self->in_use, installed && self->is_used);
  gtk_widget_set_visible (self->use,
                          installed && self->can_use && !self->is_used);
  gtk_widget_set_visible (self->more, installed);
  gtk_spinner_set_spinning (self->spinner, info->measuring);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "model.remove",
                                 installed && !info->built_in);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "model.measure",
                                 installed && !info->measuring);
}

static void
pause_toggled_cb (HfModelRow *self)
{
  if (self->job != NULL)
    hf_job_set_paused (self->job, gtk_toggle_button_get_active (self->pause));
}

static void
cancel_clicked_cb (HfModelRow *self)
{
  if (self->job != NULL)
    hf_job_cancel (self->job);
}

static void
get_clicked_cb (HfModelRow *self)
{
  g_signal_emit (self, signals[FETCH], 0);
}

static void
use_clicked_cb (HfModelRow *self)
{
  g_signal_emit (self, signals[USE], 0);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[REMOVE], 0);
}

static void
measure_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[MEASURE], 0);
}

static void
hf_model_row_dispose (GObject *object)
{
  HfModelRow *self = HF_MODEL_ROW (object);

  follow_job (self, NULL);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (hf_model_row_parent_class)->dispose (object);
}

static guint
add_signal (HfModelRowClass *class, const char *name)
{
  return g_signal_new (name, G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
hf_model_row_class_init (HfModelRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_model_row_dispose;
  signals[FETCH] = add_signal (class, "fetch");
  signals[USE] = add_signal (class, "use");
  signals[REMOVE] = add_signal (class, "remove");
  signals[MEASURE] = add_signal (class, "measure");
  gtk_widget_class_install_action (widget_class, "model.remove", NULL,
                                   remove_action);
  gtk_widget_class_install_action (widget_class, "model.measure", NULL,
                                   measure_action);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/models/model-row.ui");
  gtk_widget_class_bind_template_child (widget_class, HfModelRow, coming);
  gtk_widget_class_bind_template_child (widget_class, HfModelRow, in_use);
  gtk_widget_class_bind_template_child (widget_class, HfModelRow, use);
  gtk_widget_class_bind_template_child (widget_class, HfModelRow, get);
  gtk_widget_class_bind_template_child (widget_class, HfModelRow, more);
  gtk_widget_class_bind_template_child (widget_class, HfModelRow, bar);
  gtk_widget_class_bind_template_child (widget_class, HfModelRow, pause);
  gtk_widget_class_bind_template_child (widget_class, HfModelRow, spinner);
  gtk_widget_class_bind_template_callback (widget_class, pause_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, get_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_clicked_cb);
}

static void
hf_model_row_init (HfModelRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
hf_model_row_new (HfModelItem *item)
{
  HfModelRow *self = g_object_new (HF_TYPE_MODEL_ROW, NULL);

  self->item = g_object_ref (item);
  g_signal_connect_object (item, "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

HfModelItem *
hf_model_row_get_item (HfModelRow *self)
{
  return self->item;
}

void
hf_model_row_set_use (HfModelRow *self, gboolean in_use, gboolean can_use,
                      gboolean is_brief)
{
  self->is_used = in_use;
  self->can_use = can_use;
  self->is_brief = is_brief;
  update (self);
}
