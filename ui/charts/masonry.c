/* masonry.c: see the header. */
#include "ui/charts/masonry.h"

#define GAP 18
/* px; two of these and a gap are the least width for two columns. */
#define MIN_COLUMN 440
#define MAX_COLUMNS 2

struct _HfMasonryLayout {
  GtkLayoutManager parent_instance;

  GHashTable *columns; /* GtkWidget *, not owned -> its column + 1, where there
                          are two */
};

G_DEFINE_FINAL_TYPE (HfMasonryLayout, hf_masonry_layout,
                     GTK_TYPE_LAYOUT_MANAGER)

struct _HfMasonry {
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (HfMasonry, hf_masonry, GTK_TYPE_WIDGET)

static GtkSizeRequestMode
hf_masonry_layout_get_request_mode (GtkLayoutManager *manager,
                                    GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Cards whose text is large need wider columns; @least is what one needs. */
static int
find_n_columns (int width, int least)
{
  int column = MAX (MIN_COLUMN, least);

  return width >= MAX_COLUMNS * column + GAP ? MAX_COLUMNS : 1;
}

static int
get_column_width (int width, int n_columns)
{
  return (width - (n_columns - 1) * GAP) / n_columns;
}

/* Children that are gone or hidden may come back to another column. */
static void
forget_hidden (HfMasonryLayout *self, GtkWidget *widget)
{
  GHashTableIter iter;
  gpointer child;

  g_hash_table_iter_init (&iter, self->columns);
  while (g_hash_table_iter_next (&iter, &child, NULL)) {
    GtkWidget *at = gtk_widget_get_first_child (widget);

    while (at != NULL && at != child)
      at = gtk_widget_get_next_sibling (at);
    if (at == NULL || !gtk_widget_should_layout (at))
      g_hash_table_iter_remove (&iter);
  }
}

static int
find_shortest (const int *heights, int n_columns)
{
  int shortest = 0;

  for (int c = 1; c < n_columns; c++)
    if (heights[c] < heights[shortest])
      shortest = c;
  return shortest;
}

/* The column of @child by now, or where it is put: below the shortest. */
static int
choose_column (HfMasonryLayout *self, GtkWidget *child, const int *heights,
               int n_columns)
{
  int known = GPOINTER_TO_INT (g_hash_table_lookup (self->columns, child));

  if (n_columns == 1)
    return 0;
  if (known == 0) {
    known = find_shortest (heights, n_columns) + 1;
    g_hash_table_insert (self->columns, child, GINT_TO_POINTER (known));
  }
  return known - 1;
}

/* One column is always enough. */
static void
measure_width (GtkWidget *widget, int *minimum, int *natural)
{
  int widest = 0, wish = MIN_COLUMN;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int child_minimum, child_natural;

    if (!gtk_widget_should_layout (child))
      continue;
    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum,
                        &child_natural, NULL, NULL);
    widest = MAX (widest, child_minimum);
    wish = MAX (wish, child_natural);
  }
  *minimum = widest;
  *natural = MAX (widest, MAX_COLUMNS * wish + (MAX_COLUMNS - 1) * GAP);
}

/* Walks through the children as they lie at @width; @place gives them their
 * places, else they are only measured. Returns the height of the longest
 * column. */
static int
lay_out (HfMasonryLayout *self, GtkWidget *widget, int width, gboolean place)
{
  int least, wish, n_columns, column_width;
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int heights[MAX_COLUMNS] = {0}, longest = 0;

  measure_width (widget, &least, &wish);
  n_columns = find_n_columns (width, least);
  column_width = get_column_width (width, n_columns);
  forget_hidden (self, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int column, height, x;

    if (!gtk_widget_should_layout (child))
      continue;
    gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, column_width, NULL,
                        &height, NULL, NULL);
    column = choose_column (self, child, heights, n_columns);
    x = column * (column_width + GAP);
    if (place)
      gtk_widget_size_allocate (
          child,
          &(GtkAllocation){mirrored ? width - x - column_width : x,
                           heights[column], column_width, height},
          -1);
    longest = MAX (longest, heights[column] + height);
    heights[column] += height + GAP;
  }
  return longest;
}

static void
hf_masonry_layout_measure (GtkLayoutManager *manager, GtkWidget *widget,
                           GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline,
                           int *natural_baseline)
{
  HfMasonryLayout *self = HF_MASONRY_LAYOUT (manager);
  int least, wish;

  measure_width (widget, &least, &wish);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = least;
    *natural = wish;
    return;
  }
  *minimum = *natural = lay_out (
      self, widget, for_size < 0 ? wish : MAX (for_size, least), FALSE);
}

static void
hf_masonry_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget,
                            int width, int height, int baseline)
{
  lay_out (HF_MASONRY_LAYOUT (manager), widget, width, TRUE);
}

static void
hf_masonry_layout_finalize (GObject *object)
{
  HfMasonryLayout *self = HF_MASONRY_LAYOUT (object);

  g_hash_table_unref (self->columns);
  G_OBJECT_CLASS (hf_masonry_layout_parent_class)->finalize (object);
}

static void
hf_masonry_layout_class_init (HfMasonryLayoutClass *class)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = hf_masonry_layout_finalize;
  manager_class->get_request_mode = hf_masonry_layout_get_request_mode;
  manager_class->measure = hf_masonry_layout_measure;
  manager_class->allocate = hf_masonry_layout_allocate;
}

static void
hf_masonry_layout_init (HfMasonryLayout *self)
{
  self->columns = g_hash_table_new (NULL, NULL);
}

static GtkWidget *
get_next (GtkWidget *self, GtkWidget *child, gboolean forward)
{
  if (child == NULL)
    return forward ? gtk_widget_get_first_child (self)
                   : gtk_widget_get_last_child (self);
  return forward ? gtk_widget_get_next_sibling (child)
                 : gtk_widget_get_prev_sibling (child);
}

/* The stock order of Tab is by place, which would zigzag between columns. */
static gboolean
hf_masonry_focus (GtkWidget *widget, GtkDirectionType direction)
{
  gboolean forward = direction == GTK_DIR_TAB_FORWARD;
  GtkWidget *child = gtk_widget_get_focus_child (widget);

  if (!forward && direction != GTK_DIR_TAB_BACKWARD)
    return GTK_WIDGET_CLASS (hf_masonry_parent_class)
        ->focus (widget, direction);
  if (child != NULL && gtk_widget_child_focus (child, direction))
    return TRUE;
  for (child = get_next (widget, child, forward); child != NULL;
       child = get_next (widget, child, forward))
    if (gtk_widget_get_mapped (child) &&
        gtk_widget_child_focus (child, direction))
      return TRUE;
  return FALSE;
}

static void
hf_masonry_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (hf_masonry_parent_class)->dispose (object);
}

static void
hf_masonry_class_init (HfMasonryClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_masonry_dispose;
  widget_class->focus = hf_masonry_focus;
  gtk_widget_class_set_css_name (widget_class, "masonry");
  gtk_widget_class_set_layout_manager_type (widget_class,
                                            HF_TYPE_MASONRY_LAYOUT);
}

static void
hf_masonry_init (HfMasonry *self)
{
}

GtkWidget *
hf_masonry_new (void)
{
  return g_object_new (HF_TYPE_MASONRY, NULL);
}

void
hf_masonry_append (HfMasonry *self, GtkWidget *child)
{
  gtk_widget_insert_before (child, GTK_WIDGET (self), NULL);
}

void
hf_masonry_rearrange (HfMasonry *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  g_hash_table_remove_all (HF_MASONRY_LAYOUT (layout)->columns);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
