/* score-strip.c: see the header.
 *
 *     good parts            in use 0.62
 *       . ..  . .    |#####o#####| :  .
 *     ----------------------------------
 *                    |#####|#####| : . ....
 *     0   called good   0.36 0.44 0.52   called bad   1
 *
 * As in every chart 0 is at the left, whichever way the language is written. */
#include "ui/evaluate/threshold/score-strip.h"

#include "app/charts/pen.h"
#include "ui/charts/chart-style.h"
#include "ui/evaluate/threshold/strip-handle.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* px of the design, where text is 12. */
#define MARGIN 12
#define HALF 44 /* of the field of dots */
#define DOT 3.0 /* radius */
#define MIN_DOT 1.0
#define SPACE 0.5 /* between dots */
#define MIN_WIDTH 160
#define NATURAL_WIDTH 440
/* Digits that a drag goes to. */
#define DRAG_STEPS 100

typedef enum { LOW, MIDDLE, HIGH, N_HANDLES } Place;

struct _HfScoreStrip {
  GtkWidget parent_instance;

  GtkWidget *handles[N_HANDLES];
  HfTrialDot *dots;
  gsize n_dots;
  HfBand band;
  HfBand in_use;
  gboolean has_in_use;

  Place dragged;
  double drag_from; /* x of the handle when the drag began */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfScoreStrip, hf_score_strip, GTK_TYPE_WIDGET)

/* Where things lie, in px of the screen. */
typedef struct {
  double px; /* a px of the design */
  double line;
  double left, width;
  double top, axis, bottom; /* of the field */
} Places;

static void
find_places (HfScoreStrip *self, Places *out)
{
  HfChartTheme theme;

  hf_chart_style_read (GTK_WIDGET (self), &theme);
  out->px = theme.text_px / 12;
  out->line = ceil (theme.text_px * 1.35);
  out->left = MARGIN * out->px;
  out->width =
      MAX (1, gtk_widget_get_width (GTK_WIDGET (self)) - 2 * out->left);
  out->top = out->line + 3 * out->px;
  out->axis = out->top + HALF * out->px;
  out->bottom = out->axis + HALF * out->px;
}

static double
get_x (const Places *places, double share)
{
  return places->left + places->width * share;
}

static double
get_share (const Places *places, double x)
{
  return CLAMP ((x - places->left) / places->width, 0, 1);
}

/* --- Drawing ----------------------------------------------------------- */

/* Dots of one kind stand on each other in columns of equal width, from the
 * line outwards; they get smaller where a column would leave the field. */
static void
draw_dots (HfScoreStrip *self, const HfPen *pen, const Places *places,
           gboolean good)
{
  double radius = DOT * places->px, room = HALF * places->px;
  double step = 2 * radius + SPACE * places->px;
  int n_columns = MAX (1, (int) (places->width / step) + 1), highest = 0;
  g_autofree int *heights = g_new0 (int, n_columns);
  const HfColour *colour = good ? &pen->theme->classes[0] : &pen->theme->wrong;
  HfColour seen = hf_chart_style_outline (pen->theme, colour);
  double rise;

  for (gsize i = 0; i < self->n_dots; i++) {
    int column = (int) (self->dots[i].bad * places->width / step);

    if ((self->dots[i].kind == HF_CLASS_GOOD) == good)
      highest = MAX (highest, ++heights[column]);
  }
  rise = MIN (step, (room - 2 * radius) / MAX (1, highest));
  radius = MAX (MIN_DOT, MIN (radius, rise / 2 + radius / 2));
  memset (heights, 0, (gsize) n_columns * sizeof (int));
  hf_pen_set (pen, &seen, 1);
  for (gsize i = 0; i < self->n_dots; i++) {
    int column = (int) (self->dots[i].bad * places->width / step);
    double x, y;

    if ((self->dots[i].kind == HF_CLASS_GOOD) != good)
      continue;
    x = get_x (places, column * step / places->width);
    y = 1.5 * radius + rise * heights[column]++;
    cairo_new_path (pen->cr);
    cairo_arc (pen->cr, x, good ? places->axis - y : places->axis + y, radius,
               0, 2 * G_PI);
    if (self->dots[i].kind == HF_CLASS_OTHER) {
      cairo_set_line_width (pen->cr, 1);
      cairo_stroke (pen->cr);
    } else {
      cairo_fill (pen->cr);
    }
  }
}

static void
draw_band (HfScoreStrip *self, const HfPen *pen, const Places *places)
{
  double low = get_x (places, self->band.low);
  double high = get_x (places, self->band.high);
  double middle = get_x (places, hf_band_get_middle (&self->band));

  hf_pen_box (pen, MIN (low, high), places->top, fabs (high - low),
              places->bottom - places->top, &pen->theme->ink, 0.08);
  hf_pen_set (pen, &pen->theme->accent, 1);
  cairo_set_line_width (pen->cr, 2);
  cairo_move_to (pen->cr, middle, places->top);
  cairo_line_to (pen->cr, middle, places->bottom);
  cairo_stroke (pen->cr);
}

static void
draw_above (HfScoreStrip *self, const HfPen *pen, const Places *places)
{
  double good = hf_pen_measure (pen, HF_TEXT_QUIET, _("good parts"));
  g_autofree char *number = NULL, *text = NULL;
  double x, wide, left;

  hf_pen_text (pen, HF_TEXT_QUIET, places->left, 0, places->width, 0,
               _("good parts"));
  hf_pen_text (pen, HF_TEXT_QUIET, places->left, places->bottom - places->line,
               places->width / 2, 0, _("bad parts"));
  if (!self->has_in_use)
    return;
  number = hf_band_dup_number (hf_band_get_middle (&self->in_use));
  /* Translators: %s is the threshold that is in use, as 0.62. */
  text = g_strdup_printf (_("in use %s"), number);
  x = get_x (places, hf_band_get_middle (&self->in_use));
  wide = hf_pen_measure (pen, HF_TEXT_QUIET, text);
  left =
      CLAMP (x - wide / 2, places->left, places->left + places->width - wide);
  hf_pen_dashes (pen, x, places->top, x, places->bottom, 0.6);
  if (left < places->left + good + 6 * places->px)
    left = places->left + good + 6 * places->px;
  hf_pen_text (pen, HF_TEXT_QUIET, left, 0, wide, 0, text);
}

/* The number of an end, if it does not touch the threshold's, from @taken[0] to
 * @taken[1]. Returns its two ends. */
static void
draw_number (const HfPen *pen, const Places *places, double share,
             HfTextStyle style, const double *avoid, double taken[2])
{
  g_autofree char *text = hf_band_dup_number (share);
  double wide = hf_pen_measure (pen, style, text);
  double left = CLAMP (get_x (places, share) - wide / 2, 0,
                       places->left * 2 + places->width - wide);

  taken[0] = left;
  taken[1] = left + wide;
  if (avoid != NULL && taken[0] < avoid[1] + 6 * places->px &&
      avoid[0] < taken[1] + 6 * places->px) {
    taken[0] = avoid[0];
    taken[1] = avoid[1];
    return;
  }
  hf_pen_text (pen, style, left, places->bottom + 3 * places->px, wide, 0,
               text);
}

/* A word between two numbers, if there is room for it. */
static void
draw_word (const HfPen *pen, const Places *places, double from, double to,
           const char *word)
{
  double wide = hf_pen_measure (pen, HF_TEXT_QUIET, word);

  if (to - from >= wide + 16 * places->px)
    hf_pen_text (pen, HF_TEXT_QUIET, from, places->bottom + 3 * places->px,
                 to - from, 0.5, word);
}

static void
draw_below (HfScoreStrip *self, const HfPen *pen, const Places *places)
{
  double middle[2], low[2], high[2];
  double zero = hf_pen_measure (pen, HF_TEXT_QUIET, "0");
  double right = places->left + places->width;
  double first, last;

  draw_number (pen, places, hf_band_get_middle (&self->band), HF_TEXT_BOLD,
               NULL, middle);
  memcpy (low, middle, sizeof low);
  memcpy (high, middle, sizeof high);
  if (self->band.high > self->band.low) {
    draw_number (pen, places, self->band.low, HF_TEXT_PLAIN, middle, low);
    draw_number (pen, places, self->band.high, HF_TEXT_PLAIN, middle, high);
  }
  first = MIN (low[0], high[0]);
  last = MAX (low[1], high[1]);
  if (first > places->left + zero)
    hf_pen_text (pen, HF_TEXT_QUIET, places->left,
                 places->bottom + 3 * places->px, zero, 0, "0");
  if (last < right - zero)
    hf_pen_text (pen, HF_TEXT_QUIET, right - zero,
                 places->bottom + 3 * places->px, zero, 1, "1");
  draw_word (pen, places, places->left + zero, first, _("called good"));
  draw_word (pen, places, last, right - zero, _("called bad"));
}

static void
hf_score_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfScoreStrip *self = HF_SCORE_STRIP (widget);
  HfChartTheme theme;
  Places places;
  cairo_t *cr;
  HfPen pen;

  find_places (self, &places);
  hf_chart_style_read (widget, &theme);
  cr = gtk_snapshot_append_cairo (
      snapshot,
      &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                           (float) gtk_widget_get_height (widget)));
  hf_pen_init (&pen, cr, &theme);
  draw_band (self, &pen, &places);
  hf_pen_hairline (&pen, places.left, places.axis, places.left + places.width,
                   places.axis, 0.5);
  draw_dots (self, &pen, &places, TRUE);
  draw_dots (self, &pen, &places, FALSE);
  draw_above (self, &pen, &places);
  draw_below (self, &pen, &places);
  hf_pen_clear (&pen);
  cairo_destroy (cr);
  for (int i = 0; i < N_HANDLES; i++)
    gtk_widget_snapshot_child (widget, self->handles[i], snapshot);
}

/* --- Layout ------------------------------------------------------------ */

static GtkSizeRequestMode
hf_score_strip_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
hf_score_strip_measure (GtkWidget *widget, GtkOrientation orientation,
                        int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  Places places;

  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MIN_WIDTH;
    *natural = NATURAL_WIDTH;
    return;
  }
  find_places (HF_SCORE_STRIP (widget), &places);
  *minimum = *natural =
      (int) ceil (places.bottom + places.line + 4 * places.px);
}

/* The grips of a closed band lie beside the threshold, to be taken hold of. */
static double
get_handle_x (HfScoreStrip *self, const Places *places, Place place)
{
  double middle = get_x (places, hf_band_get_middle (&self->band));
  double apart = 15 * places->px;
  double x;

  if (place == MIDDLE)
    return middle;
  x = get_x (places, place == LOW ? self->band.low : self->band.high);
  if (place == LOW)
    return MIN (x, middle - apart);
  return MAX (x, middle + apart);
}

static void
hf_score_strip_size_allocate (GtkWidget *widget, int width, int height,
                              int baseline)
{
  HfScoreStrip *self = HF_SCORE_STRIP (widget);
  Places places;

  find_places (self, &places);
  for (int i = 0; i < N_HANDLES; i++) {
    int wide, high;
    double x = get_handle_x (self, &places, (Place) i);

    gtk_widget_measure (self->handles[i], GTK_ORIENTATION_HORIZONTAL, -1, NULL,
                        &wide, NULL, NULL);
    gtk_widget_measure (self->handles[i], GTK_ORIENTATION_VERTICAL, -1, NULL,
                        &high, NULL, NULL);
    gtk_widget_size_allocate (
        self->handles[i],
        &(GtkAllocation){(int) round (x - wide / 2.0),
                         (int) round (places.axis - high / 2.0), wide, high},
        -1);
  }
}

/* --- Moving ------------------------------------------------------------ */

static void
take_band (HfScoreStrip *self, double low, double high)
{
  self->band = (HfBand){CLAMP (low, 0, 1), CLAMP (high, 0, 1)};
  hf_strip_handle_set_value (HF_STRIP_HANDLE (self->handles[LOW]),
                             self->band.low);
  hf_strip_handle_set_value (HF_STRIP_HANDLE (self->handles[MIDDLE]),
                             hf_band_get_middle (&self->band));
  hf_strip_handle_set_value (HF_STRIP_HANDLE (self->handles[HIGH]),
                             self->band.high);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The threshold takes the band with it, which gets narrower at the ends of the
 * scale; an end of the band pushes the other before it. */
static void
moved_cb (HfStripHandle *handle, double value, gpointer data)
{
  HfScoreStrip *self = data;
  double half = (self->band.high - self->band.low) / 2;

  if ((GtkWidget *) handle == self->handles[MIDDLE]) {
    half = MIN (half, MIN (value, 1 - value));
    take_band (self, value - half, value + half);
  } else if ((GtkWidget *) handle == self->handles[LOW]) {
    take_band (self, value, MAX (value, self->band.high));
  } else {
    take_band (self, MIN (value, self->band.low), value);
  }
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The handle that a press at @x, @y means: the one under it, else the
 * threshold, which comes there. */
static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, gpointer data)
{
  HfScoreStrip *self = data;
  GtkWidget *picked =
      gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  Places places;

  find_places (self, &places);
  self->dragged = MIDDLE;
  for (int i = 0; i < N_HANDLES; i++)
    if (picked == self->handles[i])
      self->dragged = (Place) i;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (self->handles[self->dragged]);
  /* Where its value is: the grips of a closed band lie beside that. */
  self->drag_from = get_x (&places, hf_strip_handle_get_value (HF_STRIP_HANDLE (
                                        self->handles[self->dragged])));
  if (picked == self->handles[self->dragged])
    return;
  self->drag_from = x;
  hf_strip_handle_move (HF_STRIP_HANDLE (self->handles[MIDDLE]),
                        round (get_share (&places, x) * DRAG_STEPS) /
                            DRAG_STEPS);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  HfScoreStrip *self = data;
  Places places;

  find_places (self, &places);
  hf_strip_handle_move (
      HF_STRIP_HANDLE (self->handles[self->dragged]),
      round (get_share (&places, self->drag_from + dx) * DRAG_STEPS) /
          DRAG_STEPS);
}

static void
style_changed_cb (HfScoreStrip *self)
{
  gtk_widget_queue_resize (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
hf_score_strip_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (hf_score_strip_parent_class)->css_changed (widget, change);
  gtk_widget_queue_draw (widget);
}

static void
hf_score_strip_dispose (GObject *object)
{
  HfScoreStrip *self = HF_SCORE_STRIP (object);

  for (int i = 0; i < N_HANDLES; i++)
    g_clear_pointer (&self->handles[i], gtk_widget_unparent);
  G_OBJECT_CLASS (hf_score_strip_parent_class)->dispose (object);
}

static void
hf_score_strip_finalize (GObject *object)
{
  g_free (HF_SCORE_STRIP (object)->dots);
  G_OBJECT_CLASS (hf_score_strip_parent_class)->finalize (object);
}

static void
hf_score_strip_class_init (HfScoreStripClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_score_strip_dispose;
  G_OBJECT_CLASS (class)->finalize = hf_score_strip_finalize;
  widget_class->get_request_mode = hf_score_strip_get_request_mode;
  widget_class->measure = hf_score_strip_measure;
  widget_class->size_allocate = hf_score_strip_size_allocate;
  widget_class->snapshot = hf_score_strip_snapshot;
  widget_class->css_changed = hf_score_strip_css_changed;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_GROUP);
  signals[CHANGED] =
      g_signal_new ("changed", HF_TYPE_SCORE_STRIP, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
}

static void
add_handles (HfScoreStrip *self)
{
  const char *const names[N_HANDLES] = {
      _("Lower end of unsure"), _("Threshold"), _("Upper end of unsure")};
  /* The threshold is the last and lies on top. */
  const Place order[N_HANDLES] = {LOW, HIGH, MIDDLE};

  for (int i = 0; i < N_HANDLES; i++) {
    GtkWidget *handle =
        hf_strip_handle_new (names[order[i]], order[i] == MIDDLE);

    self->handles[order[i]] = handle;
    g_signal_connect (handle, "moved", G_CALLBACK (moved_cb), self);
    gtk_widget_set_parent (handle, GTK_WIDGET (self));
  }
}

static void
hf_score_strip_init (HfScoreStrip *self)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->band = (HfBand){0.5, 0.5};
  add_handles (self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect_object (style, "notify::dark", G_CALLBACK (style_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::high-contrast",
                           G_CALLBACK (style_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Scores of the labelled pictures"), -1);
}

void
hf_score_strip_set_dots (HfScoreStrip *self, const HfTrialDot *dots, gsize n)
{
  g_free (self->dots);
  self->dots = g_memdup2 (dots, n * sizeof (HfTrialDot));
  self->n_dots = n;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
hf_score_strip_set_band (HfScoreStrip *self, const HfBand *band)
{
  take_band (self, band->low, band->high);
}

void
hf_score_strip_get_band (HfScoreStrip *self, HfBand *out)
{
  *out = self->band;
}

void
hf_score_strip_set_in_use (HfScoreStrip *self, const HfBand *band)
{
  self->has_in_use = band != NULL;
  if (band != NULL)
    self->in_use = *band;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
