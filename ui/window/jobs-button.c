/* jobs-button.c: see the header. */
#include "ui/window/jobs-button.h"

#include "ui/application.h"
#include "ui/window/job-row.h"
#include "ui/window/ring.h"

struct _HfJobsButton {
  GtkWidget parent_instance;

  GtkWidget *button;
  HfRing *ring;
  GtkListBox *list;

  GListModel *jobs;
  GPtrArray *watched; /* HfJob *, whose fractions are listened to */
};

enum { PROP_JOBS = 1, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfJobsButton, hf_jobs_button, GTK_TYPE_WIDGET)

static void
fraction_cb (HfJobsButton *self)
{
  hf_ring_set_fraction (self->ring, hf_jobs_button_get_fraction (self));
}

static void
unwatch (HfJobsButton *self)
{
  for (guint i = 0; i < self->watched->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->watched, i),
                                          self);
  g_ptr_array_set_size (self->watched, 0);
}

static void
items_changed_cb (HfJobsButton *self)
{
  guint n = self->jobs != NULL ? g_list_model_get_n_items (self->jobs) : 0;

  unwatch (self);
  for (guint i = 0; i < n; i++) {
    HfJob *job = g_list_model_get_item (self->jobs, i);

    g_signal_connect_swapped (job, "notify::fraction", G_CALLBACK (fraction_cb),
                              self);
    g_ptr_array_add (self->watched, job);
  }
  if (n == 0)
    gtk_menu_button_popdown (GTK_MENU_BUTTON (self->button));
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  fraction_cb (self);
}

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  return hf_job_row_new (HF_JOB (item));
}

static void
hf_jobs_button_get_property (GObject *object, guint id, GValue *value,
                             GParamSpec *pspec)
{
  g_value_set_object (value, HF_JOBS_BUTTON (object)->jobs);
}

static void
hf_jobs_button_set_property (GObject *object, guint id, const GValue *value,
                             GParamSpec *pspec)
{
  hf_jobs_button_set_jobs (HF_JOBS_BUTTON (object), g_value_get_object (value));
}

static void
hf_jobs_button_dispose (GObject *object)
{
  HfJobsButton *self = HF_JOBS_BUTTON (object);

  if (self->button != NULL)
    hf_jobs_button_set_jobs (self, NULL);
  g_clear_pointer (&self->button, gtk_widget_unparent);
  G_OBJECT_CLASS (hf_jobs_button_parent_class)->dispose (object);
}

static void
hf_jobs_button_finalize (GObject *object)
{
  g_ptr_array_unref (HF_JOBS_BUTTON (object)->watched);
  G_OBJECT_CLASS (hf_jobs_button_parent_class)->finalize (object);
}

static void
hf_jobs_button_class_init (HfJobsButtonClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = hf_jobs_button_get_property;
  object_class->set_property = hf_jobs_button_set_property;
  object_class->dispose = hf_jobs_button_dispose;
  object_class->finalize = hf_jobs_button_finalize;
  props[PROP_JOBS] = g_param_spec_object (
      "jobs", NULL, NULL, G_TYPE_LIST_MODEL,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_type_ensure (HF_TYPE_RING);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/window/jobs-button.ui");
  gtk_widget_class_bind_template_child (widget_class, HfJobsButton, button);
  gtk_widget_class_bind_template_child (widget_class, HfJobsButton, ring);
  gtk_widget_class_bind_template_child (widget_class, HfJobsButton, list);
}

static void
hf_jobs_button_init (HfJobsButton *self)
{
  self->watched = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
hf_jobs_button_set_jobs (HfJobsButton *self, GListModel *jobs)
{
  if (self->jobs == jobs)
    return;
  if (self->jobs != NULL)
    g_signal_handlers_disconnect_by_data (self->jobs, self);
  g_set_object (&self->jobs, jobs);
  gtk_list_box_bind_model (self->list, jobs, create_row, NULL, NULL);
  if (jobs != NULL)
    g_signal_connect_swapped (jobs, "items-changed",
                              G_CALLBACK (items_changed_cb), self);
  items_changed_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_JOBS]);
}

double
hf_jobs_button_get_fraction (HfJobsButton *self)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < self->watched->len; i++) {
    double fraction =
        hf_job_get_fraction (g_ptr_array_index (self->watched, i));

    if (fraction < 0)
      continue;
    sum += fraction;
    n++;
  }
  return n > 0 ? CLAMP (sum / n, 0, 1) : -1;
}
