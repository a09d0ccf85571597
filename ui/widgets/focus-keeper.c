/* focus-keeper.c: see the header. The way from the focused widget up to its
 * window is remembered, at each step with the place among its siblings: what
 * has gone is looked for where it was. */
#include "ui/widgets/focus-keeper.h"

/* One widget of the way up; a child of the window comes last. */
typedef struct {
  GWeakRef widget, parent;
  int place; /* among the children of its parent */
} Step;

typedef struct {
  GtkWindow *window; /* owns this */
  GPtrArray *trail;  /* Step *, the focused widget first */
  GSignalGroup *focused;
  guint idle_id;
} Keeper;

static void
step_free (gpointer data)
{
  Step *self = data;

  g_weak_ref_clear (&self->widget);
  g_weak_ref_clear (&self->parent);
  g_free (self);
}

static void
keeper_free (gpointer data)
{
  Keeper *self = data;

  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_ptr_array_unref (self->trail);
  g_object_unref (self->focused);
  g_free (self);
}

static int
find_place (GtkWidget *widget)
{
  int place = 0;

  while ((widget = gtk_widget_get_prev_sibling (widget)) != NULL)
    place++;
  return place;
}

static void
remember (Keeper *self, GtkWidget *focus)
{
  g_ptr_array_set_size (self->trail, 0);
  for (GtkWidget *widget = focus; gtk_widget_get_parent (widget) != NULL;
       widget = gtk_widget_get_parent (widget)) {
    Step *step = g_new0 (Step, 1);

    g_weak_ref_init (&step->widget, widget);
    g_weak_ref_init (&step->parent, gtk_widget_get_parent (widget));
    step->place = find_place (widget);
    g_ptr_array_add (self->trail, step);
  }
}

static gboolean
take (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_get_mapped (widget) &&
         gtk_widget_child_focus (widget, direction);
}

/* The child that is at @place now, the last one if there are fewer. */
static GtkWidget *
find_child (GtkWidget *parent, int place)
{
  GtkWidget *child = gtk_widget_get_first_child (parent);

  for (int i = 0; child != NULL && i < place; i++)
    if (gtk_widget_get_next_sibling (child) != NULL)
      child = gtk_widget_get_next_sibling (child);
  return child;
}

/* What follows among the siblings, then what comes before. */
static gboolean
take_near (const Step *step, GtkWidget *parent, GtkWidget *widget)
{
  GtkWidget *from = widget != NULL && gtk_widget_get_parent (widget) == parent
                        ? widget
                        : find_child (parent, step->place);

  for (GtkWidget *next = from; next != NULL;
       next = gtk_widget_get_next_sibling (next))
    if (take (next, GTK_DIR_TAB_FORWARD))
      return TRUE;
  for (GtkWidget *prev = from; prev != NULL;
       prev = gtk_widget_get_prev_sibling (prev))
    if (take (prev, GTK_DIR_TAB_BACKWARD))
      return TRUE;
  return FALSE;
}

static gboolean
has_focus (Keeper *self)
{
  GtkWidget *focus = gtk_window_get_focus (self->window);

  return focus != NULL && gtk_widget_get_mapped (focus);
}

static gboolean
keep_cb (gpointer data)
{
  Keeper *self = data;
  gboolean found = has_focus (self);

  self->idle_id = 0;
  for (guint i = 0; !found && i < self->trail->len; i++) {
    Step *step = self->trail->pdata[i];
    g_autoptr (GtkWidget) widget = g_weak_ref_get (&step->widget);
    g_autoptr (GtkWidget) parent = g_weak_ref_get (&step->parent);

    found = parent != NULL && gtk_widget_get_mapped (parent) &&
            gtk_widget_get_root (parent) == GTK_ROOT (self->window) &&
            take_near (step, parent, widget);
  }
  return G_SOURCE_REMOVE;
}

/* Later, when what is changed has been changed: a list may be filled anew, or
 * Tab be on its way round. */
static void
lost_cb (Keeper *self)
{
  if (self->idle_id == 0 && self->trail->len > 0)
    self->idle_id = g_idle_add (keep_cb, self);
}

static void
focus_cb (GtkWindow *window, GParamSpec *spec, gpointer data)
{
  Keeper *self = data;
  GtkWidget *focus = gtk_window_get_focus (window);

  g_signal_group_set_target (self->focused, focus);
  if (focus != NULL)
    remember (self, focus);
  else
    lost_cb (self);
}

void
hf_focus_keep (GtkWindow *window)
{
  Keeper *self = g_new0 (Keeper, 1);

  self->window = window;
  self->trail = g_ptr_array_new_with_free_func (step_free);
  /* Of one that is hidden GTK may say that it has the focus. */
  self->focused = g_signal_group_new (GTK_TYPE_WIDGET);
  g_signal_group_connect_swapped (self->focused, "unmap", G_CALLBACK (lost_cb),
                                  self);
  g_signal_connect (window, "notify::focus-widget", G_CALLBACK (focus_cb),
                    self);
  g_object_set_data_full (G_OBJECT (window), "focus-keeper", self, keeper_free);
}
