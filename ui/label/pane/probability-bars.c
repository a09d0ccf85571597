/* probability-bars.c: see the header. */
#include "ui/label/pane/probability-bars.h"

#include "ui/gallery/words.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/drawing.h"

#include <glib/gi18n.h>
#include <math.h>

/* px at text of 11 pt */
#define ROW 30
#define BAR 9
#define NAME_SHARE 0.28
#define GAP 9

typedef struct {
  HfClassItem *item; /* owned */
  double probability;
} Bar;

struct _HfProbabilityBars {
  GtkWidget parent_instance;
  GArray *bars;  /* Bar, the most probable first */
  double needed; /* NAN: no line */
};

G_DEFINE_FINAL_TYPE (HfProbabilityBars, hf_probability_bars, GTK_TYPE_WIDGET)

static float
scale (HfProbabilityBars *self, int px)
{
  return (float) hf_badge_scale (GTK_WIDGET (self), px);
}

static void
hf_probability_bars_measure (GtkWidget *widget, GtkOrientation orientation,
                             int for_size, int *minimum, int *natural,
                             int *minimum_baseline, int *natural_baseline)
{
  HfProbabilityBars *self = HF_PROBABILITY_BARS (widget);
  int lines = (int) self->bars->len + isfinite (self->needed);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = (int) scale (self, 120);
  else
    *minimum = *natural = lines * (int) scale (self, ROW);
}

static void
draw_text (HfProbabilityBars *self, GtkSnapshot *snapshot, const char *text,
           float x, float y, float width, float align, gboolean bold)
{
  g_autoptr (PangoLayout) layout =
      gtk_widget_create_pango_layout (GTK_WIDGET (self), text);

  if (bold) {
    PangoAttrList *attributes = pango_attr_list_new ();

    pango_attr_list_insert (attributes,
                            pango_attr_weight_new (PANGO_WEIGHT_BOLD));
    pango_layout_set_attributes (layout, attributes);
    pango_attr_list_unref (attributes);
  }
  hf_draw_line (GTK_WIDGET (self), snapshot, layout, x, y, width, align);
}

typedef struct {
  float names, bar_x, bar_width, figures, width;
} Columns;

static void
draw_bar (HfProbabilityBars *self, GtkSnapshot *snapshot,
          const Columns *columns, guint i)
{
  const Bar *bar = &g_array_index (self->bars, Bar, i);
  g_autofree char *figure = hf_words_dup_percent (bar->probability);
  float y = scale (self, ROW) * ((float) i + 0.5f);
  float height = scale (self, BAR);
  GdkRGBA fill = {0.5f, 0.5f, 0.5f, 1}, track;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)),
                               &track);
  track.alpha = 0.12f;
  gdk_rgba_parse (&fill, hf_class_item_get_colour (bar->item));
  draw_text (self, snapshot, hf_class_item_get_name (bar->item), 0, y,
             columns->names, 0, FALSE);
  hf_draw_bar (snapshot, columns->bar_x, y - height / 2, columns->bar_width,
               height, &track);
  hf_draw_bar (snapshot, columns->bar_x, y - height / 2,
               MAX (height, columns->bar_width * (float) bar->probability),
               height, &fill);
  draw_text (self, snapshot, figure, columns->width - columns->figures, y,
             columns->figures, 1, i == 0);
}

static void
draw_needed (HfProbabilityBars *self, GtkSnapshot *snapshot,
             const Columns *columns)
{
  g_autofree char *figure = hf_words_dup_percent (self->needed);
  /* Translators: the good class must have this probability in percent. */
  g_autofree char *text = g_strdup_printf (_ ("needs %s to decide"), figure);
  float x = columns->bar_x + columns->bar_width * (float) self->needed;
  float bottom = scale (self, ROW) * (float) self->bars->len;
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)),
                               &colour);
  for (float y = 3; y + 3 < bottom; y += 6)
    gtk_snapshot_append_color (snapshot, &colour,
                               &GRAPHENE_RECT_INIT (floorf (x), y, 1, 3));
  draw_text (self, snapshot, text, 0, bottom + scale (self, ROW) / 2,
             columns->width, 1, FALSE);
}

static void
hf_probability_bars_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfProbabilityBars *self = HF_PROBABILITY_BARS (widget);
  float width = (float) gtk_widget_get_width (widget);
  float gap = scale (self, GAP);
  Columns columns = {
      .width = width, .names = width * NAME_SHARE, .figures = scale (self, 30)};

  columns.bar_x = columns.names + gap;
  columns.bar_width = MAX (1, width - columns.bar_x - columns.figures - gap);
  for (guint i = 0; i < self->bars->len; i++)
    draw_bar (self, snapshot, &columns, i);
  if (isfinite (self->needed) && self->bars->len > 0)
    draw_needed (self, snapshot, &columns);
}

static void
hf_probability_bars_finalize (GObject *object)
{
  g_array_unref (HF_PROBABILITY_BARS (object)->bars);
  G_OBJECT_CLASS (hf_probability_bars_parent_class)->finalize (object);
}

static void
hf_probability_bars_class_init (HfProbabilityBarsClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = hf_probability_bars_finalize;
  widget_class->measure = hf_probability_bars_measure;
  widget_class->snapshot = hf_probability_bars_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bar_clear (gpointer data)
{
  g_object_unref (((Bar *) data)->item);
}

static void
hf_probability_bars_init (HfProbabilityBars *self)
{
  self->bars = g_array_new (FALSE, FALSE, sizeof (Bar));
  g_array_set_clear_func (self->bars, bar_clear);
  self->needed = NAN;
}

static int
compare_bars (gconstpointer a, gconstpointer b)
{
  const Bar *left = a, *right = b;

  return (left->probability < right->probability) -
         (left->probability > right->probability);
}

static void
describe (HfProbabilityBars *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->bars->len; i++) {
    const Bar *bar = &g_array_index (self->bars, Bar, i);
    g_autofree char *figure = hf_words_dup_percent (bar->probability);

    g_string_append_printf (text, "%s%s %s %%", i > 0 ? ", " : "",
                            hf_class_item_get_name (bar->item), figure);
  }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text->str, -1);
}

void
hf_probability_bars_set (HfProbabilityBars *self, HfWorkspace *workspace,
                         const HfLook *look)
{
  g_array_set_size (self->bars, 0);
  self->needed = look != NULL ? look->thresholds.pass : NAN;
  for (guint c = 0; look != NULL && c < look->n_classes; c++) {
    HfClassItem *item = hf_workspace_find_class (workspace, look->class_ids[c]);
    const Bar bar = {item, look->probabilities[c]};

    if (item == NULL)
      continue;
    g_object_ref (item);
    g_array_append_val (self->bars, bar);
  }
  g_array_sort (self->bars, compare_bars);
  describe (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
