/* thumb-strip.c: see the header. */
#include "ui/evaluate/thumb-strip.h"

#include "ui/welcome/thumb.h"

#define GAP 3

struct _HfThumbStrip {
  GtkWidget parent_instance;

  GPtrArray *paths; /* char * */
  guint max;
};

G_DEFINE_FINAL_TYPE (HfThumbStrip, hf_thumb_strip, GTK_TYPE_WIDGET)

static void
measure_thumb (GtkWidget *thumb, int *side)
{
  gtk_widget_measure (thumb, GTK_ORIENTATION_HORIZONTAL, -1, NULL, side, NULL,
                      NULL);
}

static void
hf_thumb_strip_measure (GtkWidget *widget, GtkOrientation orientation,
                        int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  int sum = 0, highest = 0, side;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (!gtk_widget_should_layout (child))
      continue;
    measure_thumb (child, &side);
    sum += side + (sum > 0 ? GAP : 0);
    highest = MAX (highest, side);
  }
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 0 : highest;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? sum : highest;
}

static void
hf_thumb_strip_size_allocate (GtkWidget *widget, int width, int height,
                              int baseline)
{
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int x = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int side;

    if (!gtk_widget_should_layout (child))
      continue;
    measure_thumb (child, &side);
    gtk_widget_set_child_visible (child, x + side <= width);
    gtk_widget_size_allocate (child,
                              &(GtkAllocation){mirrored ? width - x - side : x,
                                               (height - side) / 2, side, side},
                              -1);
    x += side + GAP;
  }
}

static void
remove_thumbs (HfThumbStrip *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}

static void
hf_thumb_strip_dispose (GObject *object)
{
  HfThumbStrip *self = HF_THUMB_STRIP (object);

  remove_thumbs (self);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
  G_OBJECT_CLASS (hf_thumb_strip_parent_class)->dispose (object);
}

static void
hf_thumb_strip_class_init (HfThumbStripClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_thumb_strip_dispose;
  widget_class->measure = hf_thumb_strip_measure;
  widget_class->size_allocate = hf_thumb_strip_size_allocate;
}

static void
hf_thumb_strip_init (HfThumbStrip *self)
{
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->max = G_MAXUINT;
}

GtkWidget *
hf_thumb_strip_new (void)
{
  return g_object_new (HF_TYPE_THUMB_STRIP, NULL);
}

/* Without a picture it takes no room, not even a gap. */
static void
show_first (HfThumbStrip *self)
{
  guint i = 0;

  gtk_widget_set_visible (GTK_WIDGET (self),
                          self->max > 0 && self->paths->len > 0);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));
       child != NULL; child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_visible (child, i++ < self->max);
}

void
hf_thumb_strip_set_max (HfThumbStrip *self, guint n)
{
  self->max = n;
  show_first (self);
}

static gboolean
is_shown (HfThumbStrip *self, GPtrArray *paths)
{
  if (paths->len != self->paths->len)
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    if (!g_str_equal (paths->pdata[i], self->paths->pdata[i]))
      return FALSE;
  return TRUE;
}

void
hf_thumb_strip_set_paths (HfThumbStrip *self, GPtrArray *paths)
{
  if (is_shown (self, paths))
    return;
  remove_thumbs (self);
  g_ptr_array_set_size (self->paths, 0);
  for (guint i = 0; i < paths->len; i++) {
    g_ptr_array_add (self->paths, g_strdup (paths->pdata[i]));
    gtk_widget_set_parent (hf_thumb_new (paths->pdata[i]), GTK_WIDGET (self));
  }
  show_first (self);
}
