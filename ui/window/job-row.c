/* job-row.c: see the header. */
#include "ui/window/job-row.h"

#include "ui/application.h"

#include <glib/gi18n.h>

struct _HfJobRow {
  GtkListBoxRow parent_instance;

  GtkLabel *title, *detail;
  GtkProgressBar *bar;
  GtkButton *pause_button;

  HfJob *job;
};

G_DEFINE_FINAL_TYPE (HfJobRow, hf_job_row, GTK_TYPE_LIST_BOX_ROW)

static void
pause_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfJobRow *self = HF_JOB_ROW (widget);

  hf_job_set_paused (self->job, !hf_job_get_paused (self->job));
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_job_cancel (HF_JOB_ROW (widget)->job);
}

static void
update_cb (HfJobRow *self)
{
  const double fraction = hf_job_get_fraction (self->job);
  const gboolean is_paused = hf_job_get_paused (self->job);
  const char *tip = is_paused ? _("Resume") : _("Pause");

  gtk_label_set_label (self->title, hf_job_get_title (self->job));
  gtk_label_set_label (self->detail, is_paused ? _("Paused")
                                               : hf_job_get_detail (self->job));
  if (fraction < 0)
    gtk_progress_bar_pulse (self->bar);
  else
    gtk_progress_bar_set_fraction (self->bar, MIN (fraction, 1));
  gtk_widget_set_visible (GTK_WIDGET (self->pause_button),
                          hf_job_get_can_pause (self->job));
  gtk_button_set_icon_name (self->pause_button,
                            is_paused ? "media-playback-start-symbolic"
                                      : "media-playback-pause-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->pause_button), tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pause_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
}

static void
hf_job_row_dispose (GObject *object)
{
  HfJobRow *self = HF_JOB_ROW (object);

  g_clear_object (&self->job);
  G_OBJECT_CLASS (hf_job_row_parent_class)->dispose (object);
}

static void
hf_job_row_class_init (HfJobRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_job_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/window/job-row.ui");
  gtk_widget_class_bind_template_child (widget_class, HfJobRow, title);
  gtk_widget_class_bind_template_child (widget_class, HfJobRow, detail);
  gtk_widget_class_bind_template_child (widget_class, HfJobRow, bar);
  gtk_widget_class_bind_template_child (widget_class, HfJobRow, pause_button);
  gtk_widget_class_install_action (widget_class, "job.pause", NULL,
                                   pause_action);
  gtk_widget_class_install_action (widget_class, "job.cancel", NULL,
                                   cancel_action);
}

static void
hf_job_row_init (HfJobRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
hf_job_row_new (HfJob *job)
{
  HfJobRow *self = g_object_new (HF_TYPE_JOB_ROW, NULL);

  self->job = g_object_ref (job);
  /* A row shows all of its job, whichever property says that it has changed. */
  g_signal_connect_object (job, "notify", G_CALLBACK (update_cb), self,
                           G_CONNECT_SWAPPED);
  update_cb (self);
  return GTK_WIDGET (self);
}
