/* confusion-grid.c: see the header. A layout of its own: the column of names
 * takes what it needs up to a third, the cells share the rest alike. */
#include "ui/evaluate/confusion-grid.h"

#include "app/charts/confusion.h"
#include "ui/evaluate/thumb-strip.h"
#include "ui/widgets/badge.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define GAP 6
#define HEADING_GAP 9
#define MIN_CELL 24
/* px; below, a cell shows no words. */
#define NARROW_CELL 104
/* px that padding and words take from a cell, and a picture with its gap. */
#define WORDS 78
#define NARROW_WORDS 32
#define THUMB 43
#define MAX_THUMBS 3
/* From so many classes on a cell has room for its count alone. */
#define MANY_CLASSES 7

struct _HfConfusionGrid {
  GtkWidget parent_instance;

  int n_classes;
  GtkWidget *corner;
  GPtrArray *columns; /* GtkWidget *, headings, not owned */
  GPtrArray *rows;    /* the same of the rows */
  GPtrArray *cells;   /* GtkWidget * [n_classes][n_classes] */
  char *key;          /* of what the widgets were made for */
  gboolean narrow;    /* cells have no room for words */
  guint n_thumbs;     /* that fit into a cell */
  int cell_width;     /* px, as it was given out last */
  guint fit_id;       /* cells are about to be fitted to it, 0: they are not */
};

G_DEFINE_FINAL_TYPE (HfConfusionGrid, hf_confusion_grid, GTK_TYPE_WIDGET)

/* --- Layout ------------------------------------------------------------ */

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

static int
get_heading_height (HfConfusionGrid *self)
{
  int corner;

  measure (self->corner, GTK_ORIENTATION_VERTICAL, NULL, &corner);
  return MAX (corner,
              find_largest (self->columns, GTK_ORIENTATION_VERTICAL, TRUE));
}

static void
hf_confusion_grid_measure (GtkWidget *widget, GtkOrientation orientation,
                           int for_size, int *minimum, int *natural,
                           int *minimum_baseline, int *natural_baseline)
{
  HfConfusionGrid *self = HF_CONFUSION_GRID (widget);
  int n = self->n_classes;

  if (n == 0) {
    *minimum = *natural = 0;
  } else if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    int least = find_largest (self->cells, orientation, FALSE);

    *minimum = find_largest (self->rows, orientation, FALSE) +
               n * (MAX (least, MIN_CELL) + GAP);
    *natural =
        MAX (*minimum,
             find_largest (self->rows, orientation, TRUE) +
                 n * (find_largest (self->cells, orientation, TRUE) + GAP));
  } else {
    *minimum = *natural = get_heading_height (self) + HEADING_GAP - GAP +
                          n * (get_cell_height (self) + GAP);
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

static gboolean
is_narrow (HfConfusionGrid *self, int cell_width)
{
  return cell_width < hf_badge_scale (GTK_WIDGET (self), NARROW_CELL);
}

/* How many pictures stand beside a count in a cell so wide. */
static guint
find_n_thumbs (HfConfusionGrid *self, int cell_width)
{
  int words = is_narrow (self, cell_width) ? NARROW_WORDS : WORDS;
  int room = cell_width - hf_badge_scale (GTK_WIDGET (self), words);

  if (self->n_classes >= MANY_CLASSES)
    return 0;
  return (guint) CLAMP (room / THUMB, 0, MAX_THUMBS);
}

/* Words and pictures come and go with the room for them. */
static void
show_what_fits (HfConfusionGrid *self)
{
  for (guint i = 0; i < self->cells->len; i++) {
    GtkWidget *cell = self->cells->pdata[i];
    GtkWidget *fault = g_object_get_data (G_OBJECT (cell), "fault");

    if (fault != NULL)
      gtk_widget_set_visible (fault,
                              !self->narrow && gtk_widget_get_sensitive (cell));
    hf_thumb_strip_set_max (g_object_get_data (G_OBJECT (cell), "thumbs"),
                            self->n_thumbs);
  }
}

static gboolean
fit_cb (gpointer data)
{
  HfConfusionGrid *self = data;

  self->fit_id = 0;
  self->narrow = is_narrow (self, self->cell_width);
  self->n_thumbs = find_n_thumbs (self, self->cell_width);
  show_what_fits (self);
  return G_SOURCE_REMOVE;
}

/* Nothing can come or go while sizes are given out. */
static void
plan_fit (HfConfusionGrid *self, int cell_width)
{
  gboolean narrow = is_narrow (self, cell_width);

  self->cell_width = cell_width;
  if (self->fit_id == 0 && (narrow != self->narrow ||
                            find_n_thumbs (self, cell_width) != self->n_thumbs))
    self->fit_id = g_idle_add (fit_cb, self);
}

static void
hf_confusion_grid_size_allocate (GtkWidget *widget, int width, int height,
                                 int baseline)
{
  HfConfusionGrid *self = HF_CONFUSION_GRID (widget);
  const Frame frame = {gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL,
                       width};
  int n = self->n_classes, names, heading, top, cell_height;

  if (n == 0)
    return;
  names = get_names_width (self, width);
  heading = get_heading_height (self);
  top = heading + HEADING_GAP;
  cell_height = get_cell_height (self);
  plan_fit (self, (width - names) / n - GAP);
  place (self->corner, &frame, 0, 0, names, heading);
  for (int r = 0; r < n; r++)
    place (self->rows->pdata[r], &frame, 0, top + r * (cell_height + GAP),
           names, cell_height);
  for (int c = 0; c < n; c++) {
    /* Whole pixels, so that columns lie exactly beneath each other. */
    int from = names + GAP + (width - names) * c / n;
    int to = names + (width - names) * (c + 1) / n;

    place (self->columns->pdata[c], &frame, from, 0, MAX (1, to - from),
           heading);
    for (int r = 0; r < n; r++)
      place (self->cells->pdata[r * n + c], &frame, from,
             top + r * (cell_height + GAP), MAX (1, to - from), cell_height);
  }
}

/* --- Cells ------------------------------------------------------------- */

static void
clicked_cb (GtkButton *button, gpointer data)
{
  const char *what = g_object_get_data (G_OBJECT (button), "what");

  gtk_widget_activate_action (GTK_WIDGET (button), "win.filter", "s", what);
  gtk_widget_activate_action (GTK_WIDGET (button), "win.show-page", "s",
                              "label");
}

/* What goes wrong if a part of the kind @truth is called @called; NULL: nothing
 * that has a name. */
static const char *
get_fault (HfClassKind truth, HfClassKind called)
{
  if (truth == HF_CLASS_DEFECT && called == HF_CLASS_GOOD)
    return _("escape");
  if (truth == HF_CLASS_GOOD && called != HF_CLASS_GOOD)
    return _("overkill");
  return NULL;
}

static GtkWidget *
new_badge (HfClassItem *item)
{
  GtkWidget *badge = hf_badge_new ();

  hf_badge_set_item (HF_BADGE (badge), item);
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  return badge;
}

static GtkWidget *
new_name (const char *name, int width_chars)
{
  GtkWidget *label = gtk_label_new (name);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), width_chars);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "caption-heading");
  return label;
}

static GtkWidget *
new_row_heading (const HfFindings *findings, int c)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  int n_chars = (int) g_utf8_strlen (findings->names[c], -1);

  gtk_box_append (GTK_BOX (box), new_badge (findings->items[c]));
  gtk_box_append (GTK_BOX (box),
                  new_name (findings->names[c], MIN (n_chars, 6)));
  gtk_widget_set_tooltip_text (box, findings->names[c]);
  return box;
}

/* A badge alone where the name has no room. */
static GtkWidget *
new_column_heading (const HfFindings *findings, int c)
{
  GtkWidget *squeezer = adw_squeezer_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  int n_chars = (int) g_utf8_strlen (findings->names[c], -1);

  gtk_box_append (GTK_BOX (box), new_badge (findings->items[c]));
  gtk_box_append (GTK_BOX (box),
                  new_name (findings->names[c], MIN (n_chars, 8)));
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  adw_squeezer_add (ADW_SQUEEZER (squeezer), box);
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_box_append (GTK_BOX (box), new_badge (findings->items[c]));
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  adw_squeezer_add (ADW_SQUEEZER (squeezer), box);
  adw_squeezer_set_homogeneous (ADW_SQUEEZER (squeezer), FALSE);
  gtk_widget_set_tooltip_text (squeezer, findings->names[c]);
  return squeezer;
}

static GtkWidget *
new_fault (const char *fault)
{
  GtkWidget *label = gtk_label_new (fault);

  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_visible (label, FALSE);
  return label;
}

static GtkWidget *
new_cell (const HfFindings *findings, int r, int c)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *thumbs = hf_thumb_strip_new (), *count = gtk_label_new (NULL);
  const char *fault = get_fault (findings->kinds[r], findings->kinds[c]);

  gtk_widget_add_css_class (count, "count");
  gtk_widget_add_css_class (count, "numeric");
  gtk_box_append (GTK_BOX (words), count);
  if (fault != NULL && findings->n_classes < MANY_CLASSES) {
    GtkWidget *label = new_fault (fault);

    gtk_box_append (GTK_BOX (words), label);
    g_object_set_data (G_OBJECT (button), "fault", label);
  }
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (thumbs, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), thumbs);
  gtk_box_append (GTK_BOX (box), words);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "cell");
  gtk_widget_add_css_class (button, r == c ? "right" : "wrong");
  g_object_set_data (G_OBJECT (button), "thumbs", thumbs);
  g_object_set_data (G_OBJECT (button), "count", count);
  g_signal_connect (button, "clicked", G_CALLBACK (clicked_cb), NULL);
  return button;
}

/* Files of the pictures of a cell, at most three. */
static GPtrArray *
find_paths (const HfFindings *findings, int r, int c)
{
  GPtrArray *paths = g_ptr_array_new ();
  const HfEvaluation *evaluation = findings->evaluation;

  for (gsize i = 0; i < evaluation->n_tested && paths->len < MAX_THUMBS; i++) {
    const char *path;

    if (evaluation->truth[i] != r || findings->probe->predicted[i] != c)
      continue;
    path = hf_findings_get_path (findings, hf_findings_get_image (findings, i));
    if (path != NULL)
      g_ptr_array_add (paths, (gpointer) path);
  }
  return paths;
}

static char *
dup_what (const HfFindings *findings, int r, int c)
{
  const gint64 *ids = findings->numbers->class_ids;

  if (ids == NULL)
    return NULL;
  if (r == c)
    return g_strdup_printf ("class:%" G_GINT64_FORMAT, ids[r]);
  return g_strdup_printf ("missed:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT,
                          ids[r], ids[c]);
}

static void
name_cell (GtkWidget *cell, const HfFindings *findings, int r, int c, gint64 n)
{
  const char *fault = get_fault (findings->kinds[r], findings->kinds[c]);
  g_autofree char *label = g_strdup_printf (
      g_dngettext (NULL,
                   /* Translators: names of classes, a number of pictures. */
                   "Labelled %s, called %s: %d picture",
                   "Labelled %s, called %s: %d pictures", (gulong) n),
      findings->names[r], findings->names[c], (int) n);
  g_autofree char *whole = fault != NULL && n > 0
                               ? g_strdup_printf ("%s, %s", label, fault)
                               : g_strdup (label);

  gtk_widget_set_tooltip_text (cell, whole);
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, whole, -1);
}

static void
show_cell (HfConfusionGrid *self, const HfFindings *findings, int r, int c)
{
  GtkWidget *cell = self->cells->pdata[r * self->n_classes + c];
  GtkWidget *thumbs = g_object_get_data (G_OBJECT (cell), "thumbs");
  GtkWidget *count = g_object_get_data (G_OBJECT (cell), "count");
  gint64 n = findings->probe->confusion[r * self->n_classes + c];
  g_autoptr (GPtrArray) paths =
      r == c ? g_ptr_array_new () : find_paths (findings, r, c);
  g_autofree char *text =
      n > 0 ? g_strdup_printf ("%d", (int) n) : g_strdup ("\xe2\x80\x93");

  gtk_label_set_text (GTK_LABEL (count), text);
  hf_thumb_strip_set_paths (HF_THUMB_STRIP (thumbs), paths);
  gtk_widget_set_visible (thumbs,
                          paths->len > 0 && self->n_classes < MANY_CLASSES);
  if (n == 0)
    gtk_widget_add_css_class (cell, "none");
  else
    gtk_widget_remove_css_class (cell, "none");
  gtk_widget_set_sensitive (cell, n > 0);
  g_object_set_data_full (G_OBJECT (cell), "what", dup_what (findings, r, c),
                          g_free);
  name_cell (cell, findings, r, c, n);
}

/* --- Life -------------------------------------------------------------- */

static void
remove_all (HfConfusionGrid *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_ptr_array_set_size (self->columns, 0);
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->cells, 0);
  self->corner = NULL;
  self->n_classes = 0;
}

static void
adopt (HfConfusionGrid *self, GPtrArray *list, GtkWidget *child)
{
  gtk_widget_set_parent (child, GTK_WIDGET (self));
  if (list != NULL)
    g_ptr_array_add (list, child);
}

/* What rows and columns are, as far as there is room. */
static GtkWidget *
new_corner (void)
{
  /* Translators: heads a table: rows are labels, columns what was called. */
  const char *const texts[] = {_("labelled \xe2\x86\x93 called \xe2\x86\x92"),
                                  _("called \xe2\x86\x92")};
  GtkWidget *squeezer = adw_squeezer_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    GtkWidget *label = gtk_label_new (texts[i]);

    gtk_label_set_xalign (GTK_LABEL (label), 0);
    gtk_widget_add_css_class (label, "caption");
    gtk_widget_add_css_class (label, "quiet");
    adw_squeezer_add (ADW_SQUEEZER (squeezer), label);
  }
  adw_squeezer_set_homogeneous (ADW_SQUEEZER (squeezer), FALSE);
  adw_squeezer_set_allow_none (ADW_SQUEEZER (squeezer), TRUE);
  return squeezer;
}

static void
make_all (HfConfusionGrid *self, const HfFindings *findings)
{
  int n = findings->n_classes;

  remove_all (self);
  self->n_classes = n;
  if (n < MANY_CLASSES)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "many");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "many");
  self->corner = new_corner ();
  adopt (self, NULL, self->corner);
  for (int c = 0; c < n; c++)
    adopt (self, self->columns, new_column_heading (findings, c));
  for (int r = 0; r < n; r++) {
    adopt (self, self->rows, new_row_heading (findings, r));
    for (int c = 0; c < n; c++)
      adopt (self, self->cells, new_cell (findings, r, c));
  }
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
  remove_all (self);
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
  self->narrow = TRUE;
  self->n_thumbs = 1;
  self->columns = g_ptr_array_new ();
  self->rows = g_ptr_array_new ();
  self->cells = g_ptr_array_new ();
}

GtkWidget *
hf_confusion_grid_new (void)
{
  return g_object_new (HF_TYPE_CONFUSION_GRID, NULL);
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
      show_cell (self, findings, r, c);
  show_what_fits (self);
}

HfChart *
hf_confusion_grid_new_chart (const HfFindings *findings)
{
  return hf_chart_new_confusion ((const char *const *) findings->names,
                                 findings->kinds, findings->n_classes,
                                 findings->probe->confusion);
}
