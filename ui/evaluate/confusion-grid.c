/* confusion-grid.c: see the header. A layout of its own: the column of names
 * takes what it needs up to a third, the cells share the rest alike.
 *
 *     corner  | column headings   <- these and the cells scroll sideways where
 *     --------+-----------------     they have no room, the names beside them
 *     names   | cells                stay
 */
#include "ui/evaluate/confusion-grid.h"

#include "app/charts/confusion.h"
#include "ui/evaluate/confusion-cell.h"
#include "ui/evaluate/confusion-heads.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/wheel.h"

#include <glib/gi18n.h>

#define GAP 6
#define HEADING_GAP 9
#define MIN_CELL 24
/* px; below, a cell shows no words. */
#define NARROW_CELL 104
/* px that padding and words take from a cell, and a picture with its gap. */
#define WORDS 78
#define WORDS_PADDING 22
#define NARROW_WORDS 32
#define THUMB 43
/* px that padding takes from a word in a cell. */
#define CELL_PADDING 14

struct _HfConfusionGrid {
  GtkWidget parent_instance;

  int n_classes;
  GtkWidget *corner;
  GtkWidget *scrolled; /* around the inner widget */
  GtkWidget *inner;    /* parent of the columns and the cells */
  GPtrArray *columns;  /* GtkWidget *, headings, not owned */
  GPtrArray *rows;     /* the same of the rows */
  GPtrArray *cells;    /* GtkWidget * [n_classes][n_classes] */
  char *key;           /* of what the widgets were made for */
  gboolean narrow;     /* cells have no room for words */
  gboolean named;      /* columns have room for their names */
  guint n_thumbs;      /* that fit into a cell */
  int cell_width;      /* px, as it was given out last */
  guint fit_id;        /* cells are about to be fitted to it, 0: they are not */
};

G_DEFINE_FINAL_TYPE (HfConfusionGrid, hf_confusion_grid, GTK_TYPE_WIDGET)

/* --- Layout ------------------------------------------------------------ */

static HfConfusionGrid *
get_grid (GtkWidget *inner)
{
  return HF_CONFUSION_GRID (
      gtk_widget_get_ancestor (inner, HF_TYPE_CONFUSION_GRID));
}

static void
measure (GtkWidget *widget, GtkOrientation orientation, int *minimum,
         int *natural)
{
  gtk_widget_measure (widget, orientation, -1, minimum, natural, NULL, NULL);
}

static int
find_largest (GPtrArray *widgets, GtkOrientation orientation, gboolean natural)
{
  int largest = 0;

  for (guint i = 0; i < widgets->len; i++) {
    int least, wish;

    measure (widgets->pdata[i], orientation, &least, &wish);
    largest = MAX (largest, natural ? wish : least);
  }
  return largest;
}

static int
get_names_width (HfConfusionGrid *self, int width)
{
  int least = find_largest (self->rows, GTK_ORIENTATION_HORIZONTAL, FALSE);
  int wish = find_largest (self->rows, GTK_ORIENTATION_HORIZONTAL, TRUE);

  return CLAMP (wish, least, MAX (least, width / 3));
}

static int
get_cell_height (HfConfusionGrid *self)
{
  return MAX (find_largest (self->cells, GTK_ORIENTATION_VERTICAL, TRUE),
              find_largest (self->rows, GTK_ORIENTATION_VERTICAL, TRUE));
}

/* Room for the scroll bar of many classes, which is always seen. */
static int
get_bar_height (HfConfusionGrid *self)
{
  int height = 0;

  if (self->n_classes >= HF_CONFUSION_MANY)
    measure (gtk_scrolled_window_get_hscrollbar (
                 GTK_SCROLLED_WINDOW (self->scrolled)),
             GTK_ORIENTATION_VERTICAL, &height, NULL);
  return height;
}

static int
get_heading_height (HfConfusionGrid *self)
{
  int corner;

  measure (self->corner, GTK_ORIENTATION_VERTICAL, NULL, &corner);
  return MAX (corner,
              find_largest (self->columns, GTK_ORIENTATION_VERTICAL, TRUE));
}

static int
get_height (HfConfusionGrid *self)
{
  return get_heading_height (self) + HEADING_GAP - GAP +
         self->n_classes * (get_cell_height (self) + GAP);
}

static void
measure_inner (GtkWidget *inner, GtkOrientation orientation, int for_size,
               int *minimum, int *natural, int *minimum_baseline,
               int *natural_baseline)
{
  HfConfusionGrid *self = get_grid (inner);
  int n = self->n_classes;

  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    int least = find_largest (self->cells, orientation, FALSE);
    int wish = find_largest (self->cells, orientation, TRUE);

    *minimum = n * (MAX (least, MIN_CELL) + GAP);
    *natural = MAX (*minimum, n * (wish + GAP));
  } else {
    *minimum = *natural = n > 0 ? get_height (self) : 0;
  }
}

static void
hf_confusion_grid_measure (GtkWidget *widget, GtkOrientation orientation,
                           int for_size, int *minimum, int *natural,
                           int *minimum_baseline, int *natural_baseline)
{
  HfConfusionGrid *self = HF_CONFUSION_GRID (widget);

  *minimum = *natural = 0;
  if (self->n_classes == 0)
    return;
  measure (self->scrolled, orientation, minimum, natural);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum += find_largest (self->rows, orientation, FALSE);
    *natural += find_largest (self->rows, orientation, TRUE);
  } else {
    *minimum = *natural = get_height (self) + get_bar_height (self);
  }
}

typedef struct {
  gboolean mirrored;
  int width;
} Frame;

static void
place (GtkWidget *child, const Frame *frame, int x, int y, int width,
       int height)
{
  gtk_widget_size_allocate (
      child,
      &(GtkAllocation){frame->mirrored ? frame->width - x - width : x, y, width,
                       height},
      -1);
}

/* px of the longest of the words in cells, in this language and size of text.
 */
static int
get_fault_width (HfConfusionGrid *self)
{
  int widest = 0;

  for (guint i = 0; i < self->cells->len; i++) {
    GtkWidget *fault = hf_confusion_cell_get_fault (self->cells->pdata[i]);
    g_autoptr (PangoLayout) layout = NULL;
    int width;

    if (fault == NULL)
      continue;
    layout = gtk_widget_create_pango_layout (
        fault, gtk_label_get_text (GTK_LABEL (fault)));
    pango_layout_get_pixel_size (layout, &width, NULL);
    widest = MAX (widest, width);
  }
  return widest;
}

static gboolean
is_narrow (HfConfusionGrid *self, int cell_width)
{
  return cell_width < MAX (hf_badge_scale (GTK_WIDGET (self), NARROW_CELL),
                           get_fault_width (self) + CELL_PADDING);
}

/* How many pictures stand beside a count in a cell so wide. */
static guint
find_n_thumbs (HfConfusionGrid *self, int cell_width)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int words = is_narrow (self, cell_width)
                  ? hf_badge_scale (widget, NARROW_WORDS)
                  : MAX (hf_badge_scale (widget, WORDS),
                         get_fault_width (self) + WORDS_PADDING);
  int room = cell_width - words;

  if (self->n_classes >= HF_CONFUSION_MANY)
    return 0;
  return (guint) CLAMP (room / THUMB, 0, HF_CONFUSION_THUMBS);
}

/* All columns have their names, or none: one badge among names would be taken
 * for a class without a name. */
static gboolean
has_room_for_names (HfConfusionGrid *self, int cell_width)
{
  int widest = 0;

  if (self->n_classes >= HF_CONFUSION_MANY)
    return FALSE;
  for (int c = 0; c < self->n_classes; c++)
    widest = MAX (widest, hf_column_head_get_width (self->columns->pdata[c]));
  return widest <= cell_width;
}

/* Words and pictures come and go with the room for them. */
static void
show_what_fits (HfConfusionGrid *self)
{
  for (int c = 0; c < self->n_classes && self->n_classes < HF_CONFUSION_MANY;
       c++)
    hf_column_head_set_named (self->columns->pdata[c], self->named);
  for (guint i = 0; i < self->cells->len; i++)
    hf_confusion_cell_fit (self->cells->pdata[i], self->narrow, self->n_thumbs);
}

static gboolean
fit_cb (gpointer data)
{
  HfConfusionGrid *self = data;

  self->fit_id = 0;
  self->narrow = is_narrow (self, self->cell_width);
  self->n_thumbs = find_n_thumbs (self, self->cell_width);
  self->named = has_room_for_names (self, self->cell_width);
  show_what_fits (self);
  return G_SOURCE_REMOVE;
}

/* Nothing can come or go while sizes are given out. */
static void
plan_fit (HfConfusionGrid *self, int cell_width)
{
  self->cell_width = cell_width;
  if (self->fit_id == 0 &&
      (is_narrow (self, cell_width) != self->narrow ||
       has_room_for_names (self, cell_width) != self->named ||
       find_n_thumbs (self, cell_width) != self->n_thumbs))
    self->fit_id = g_idle_add (fit_cb, self);
}

static void
allocate_inner (GtkWidget *inner, int width, int height, int baseline)
{
  HfConfusionGrid *self = get_grid (inner);
  const Frame frame = {gtk_widget_get_direction (inner) == GTK_TEXT_DIR_RTL,
                       width};
  int n = self->n_classes, heading, top, cell_height;

  if (n == 0)
    return;
  heading = get_heading_height (self);
  top = heading + HEADING_GAP;
  cell_height = get_cell_height (self);
  plan_fit (self, width / n - GAP);
  for (int c = 0; c < n; c++) {
    /* Whole pixels, so that columns lie exactly beneath each other. */
    int from = GAP + width * c / n, to = width * (c + 1) / n;

    place (self->columns->pdata[c], &frame, from, 0, MAX (1, to - from),
           heading);
    for (int r = 0; r < n; r++)
      place (self->cells->pdata[r * n + c], &frame, from,
             top + r * (cell_height + GAP), MAX (1, to - from), cell_height);
  }
}

static void
hf_confusion_grid_size_allocate (GtkWidget *widget, int width, int height,
                                 int baseline)
{
  HfConfusionGrid *self = HF_CONFUSION_GRID (widget);
  const Frame frame = {gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL,
                       width};
  int n = self->n_classes, names, heading, cell_height;

  if (n == 0)
    return;
  names = get_names_width (self, width);
  heading = get_heading_height (self);
  cell_height = get_cell_height (self);
  place (self->corner, &frame, 0, 0, names, heading);
  for (int r = 0; r < n; r++)
    place (self->rows->pdata[r], &frame, 0,
           heading + HEADING_GAP + r * (cell_height + GAP), names, cell_height);
  place (self->scrolled, &frame, names, 0, width - names, height);
}

/* --- Life -------------------------------------------------------------- */

static void
remove_children (GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    gtk_widget_unparent (list->pdata[i]);
  g_ptr_array_set_size (list, 0);
}

static void
remove_all (HfConfusionGrid *self)
{
  remove_children (self->columns);
  remove_children (self->rows);
  remove_children (self->cells);
  g_clear_pointer (&self->corner, gtk_widget_unparent);
  self->n_classes = 0;
}

/* In the order in which Tab goes through them. */
static void
adopt (GtkWidget *parent, GPtrArray *list, GtkWidget *child)
{
  gtk_widget_set_parent (child, parent);
  g_ptr_array_add (list, child);
}

static void
make_all (HfConfusionGrid *self, const HfFindings *findings)
{
  int n = findings->n_classes;

  remove_all (self);
  self->n_classes = n;
  if (n < HF_CONFUSION_MANY)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "many");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "many");
  self->corner = hf_corner_head_new ();
  gtk_widget_set_parent (self->corner, GTK_WIDGET (self));
  gtk_scrolled_window_set_overlay_scrolling (
      GTK_SCROLLED_WINDOW (self->scrolled), n < HF_CONFUSION_MANY);
  for (int c = 0; c < n; c++)
    adopt (self->inner, self->columns,
           n < HF_CONFUSION_MANY ? hf_column_head_new (findings, c)
                                 : hf_upright_head_new (findings, c));
  for (int r = 0; r < n; r++) {
    adopt (GTK_WIDGET (self), self->rows, hf_row_head_new (findings, r));
    for (int c = 0; c < n; c++)
      adopt (self->inner, self->cells, hf_confusion_cell_new (findings, r, c));
  }
  gtk_widget_queue_resize (self->inner);
}

/* Classes with their kinds: what the widgets depend on. */
static char *
dup_key (const HfFindings *findings)
{
  GString *key = g_string_new (NULL);

  for (int c = 0; c < findings->n_classes; c++)
    g_string_append_printf (key, "%s\n%d\n%p\n", findings->names[c],
                            (int) findings->kinds[c],
                            (gpointer) findings->items[c]);
  return g_string_free (key, FALSE);
}

static void
hf_confusion_grid_dispose (GObject *object)
{
  HfConfusionGrid *self = HF_CONFUSION_GRID (object);

  g_clear_handle_id (&self->fit_id, g_source_remove);
  if (self->scrolled != NULL)
    remove_all (self);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (hf_confusion_grid_parent_class)->dispose (object);
}

static void
hf_confusion_grid_finalize (GObject *object)
{
  HfConfusionGrid *self = HF_CONFUSION_GRID (object);

  g_ptr_array_unref (self->columns);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->cells);
  g_free (self->key);
  G_OBJECT_CLASS (hf_confusion_grid_parent_class)->finalize (object);
}

static void
hf_confusion_grid_class_init (HfConfusionGridClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_confusion_grid_dispose;
  G_OBJECT_CLASS (class)->finalize = hf_confusion_grid_finalize;
  widget_class->measure = hf_confusion_grid_measure;
  widget_class->size_allocate = hf_confusion_grid_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "confusion");
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
hf_confusion_grid_init (HfConfusionGrid *self)
{
  /* The columns and the cells are its children, and nothing else. */
  self->inner = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_layout_manager (
      self->inner, gtk_custom_layout_new (NULL, measure_inner, allocate_inner));
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled),
                                  GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width (
      GTK_SCROLLED_WINDOW (self->scrolled), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled),
                                 self->inner);
  hf_wheel_pass_on (GTK_SCROLLED_WINDOW (self->scrolled));
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
  self->narrow = TRUE;
  self->n_thumbs = 1;
  self->columns = g_ptr_array_new ();
  self->rows = g_ptr_array_new ();
  self->cells = g_ptr_array_new ();
}

void
hf_confusion_grid_show (HfConfusionGrid *self, const HfFindings *findings)
{
  g_autofree char *key = dup_key (findings);

  if (g_strcmp0 (key, self->key) != 0) {
    make_all (self, findings);
    g_free (self->key);
    self->key = g_steal_pointer (&key);
  }
  for (int r = 0; r < self->n_classes; r++)
    for (int c = 0; c < self->n_classes; c++)
      hf_confusion_cell_show (self->cells->pdata[r * self->n_classes + c],
                              findings, r, c);
  show_what_fits (self);
}

HfChart *
hf_confusion_grid_new_chart (const HfFindings *findings)
{
  return hf_chart_new_confusion ((const char *const *) findings->names,
                                 findings->kinds, findings->n_classes,
                                 findings->probe->confusion);
}
