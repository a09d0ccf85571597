/* canvas.c: see the header. Units of the view are those of the widget; a screen
 * of double density has two device pixels in each. */
#include "ui/gallery/viewer/canvas.h"

#include "ui/gallery/viewer/edges.h"
#include "ui/gallery/viewer/view.h"

#include <math.h>

/* From here on pixels are squares, not blurs. */
#define SHARP_SCALE 2.0
#define ZOOM_STEP 1.25
#define PAN_STEP_PX 40
#define LOOK_STEP 0.2 /* of the frame */
#define DARKENED 0.6f
#define BRACKET_PX 24
#define BRACKET_WIDTH_PX 2
#define BRACKET_EDGE_PX 1

struct _HfCanvas {
  GtkWidget parent_instance;

  HfView view;
  GdkTexture *preview;
  HfLevels *levels;

  HfFraming framing;
  gboolean has_framing;

  gboolean shows_edges;
  GdkTexture *edges; /* of level edges_of */
  int edges_of;
  GCancellable *finding; /* edges, or NULL */

  double pointer_x, pointer_y;
  double pinched_scale; /* when the fingers came down */
  double dragged_x, dragged_y;
  guint tell_id; /* idle, or 0 */
};

enum { VIEW_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfCanvas, hf_canvas, GTK_TYPE_WIDGET)

/* Of a task that finds edges. */
typedef struct {
  HfLevels *levels;
  int level;
} EdgesJob;

static void
edges_job_free (gpointer data)
{
  EdgesJob *job = data;

  hf_levels_unref (job->levels);
  g_free (job);
}

static void
edges_thread (GTask *task, gpointer source, gpointer data,
              GCancellable *cancellable)
{
  const EdgesJob *job = data;
  GdkTexture *texture = job->levels->textures[job->level];

  if (g_task_return_error_if_cancelled (task))
    return;
  g_task_return_pointer (
      task,
      hf_edges_new_texture (job->levels->pixels[job->level],
                            gdk_texture_get_width (texture),
                            gdk_texture_get_height (texture)),
      g_object_unref);
}

static void want_edges (HfCanvas *self);

static void
edges_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GdkTexture *edges = g_task_propagate_pointer (G_TASK (result), NULL);
  const EdgesJob *job = g_task_get_task_data (G_TASK (result));
  HfCanvas *self = data;

  if (edges == NULL)
    return;
  g_clear_object (&self->finding);
  g_clear_object (&self->edges);
  self->edges = edges;
  self->edges_of = job->level;
  want_edges (self); /* the zoom may be another by now */
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drop_edges (HfCanvas *self)
{
  if (self->finding != NULL)
    g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  g_clear_object (&self->edges);
}

double
hf_canvas_get_scale (HfCanvas *self)
{
  return self->view.scale * gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

/* Edges are those of what is seen: of the level that is drawn. */
static void
want_edges (HfCanvas *self)
{
  g_autoptr (GTask) task = NULL;
  EdgesJob *job;
  int level;

  if (!self->shows_edges || self->levels == NULL || self->finding != NULL)
    return;
  level = hf_levels_pick (self->levels, hf_canvas_get_scale (self));
  if (self->edges != NULL && self->edges_of == level)
    return;
  job = g_new0 (EdgesJob, 1);
  job->levels = hf_levels_ref (self->levels);
  job->level = level;
  self->finding = g_cancellable_new ();
  task = g_task_new (NULL, self->finding, edges_done_cb, self);
  g_task_set_task_data (task, job, edges_job_free);
  g_task_run_in_thread (task, edges_thread);
}

static gboolean
tell_cb (gpointer data)
{
  HfCanvas *self = data;

  self->tell_id = 0;
  g_signal_emit (self, signals[VIEW_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* Told later: what shows the zoom must not change while sizes are given. */
static void
view_changed (HfCanvas *self)
{
  want_edges (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (self->tell_id == 0)
    self->tell_id = g_idle_add (tell_cb, self);
}

static graphene_rect_t
get_place (HfCanvas *self)
{
  graphene_rect_t place;
  double x, y;

  hf_view_get_origin (&self->view, &x, &y);
  graphene_rect_init (&place, (float) x, (float) y,
                      (float) (self->view.width * self->view.scale),
                      (float) (self->view.height * self->view.scale));
  return place;
}

/* Every pixel as a square: what the toolkit's textures cannot do at 4.8. */
static void
append_sharp (HfCanvas *self, GtkSnapshot *snapshot,
              const graphene_rect_t *place)
{
  GdkTexture *texture = self->levels->textures[0];
  int width = gdk_texture_get_width (texture);
  int height = gdk_texture_get_height (texture);
  gconstpointer pixels = g_bytes_get_data (self->levels->pixels[0], NULL);
  graphene_rect_t frame = GRAPHENE_RECT_INIT (
      0, 0, (float) self->view.frame_width, (float) self->view.frame_height);
  cairo_surface_t *surface;
  cairo_t *cr;

  if (!graphene_rect_intersection (&frame, place, &frame))
    return;
  surface = cairo_image_surface_create_for_data (
      (guchar *) pixels, CAIRO_FORMAT_RGB24, width, height, width * 4);
  cr = gtk_snapshot_append_cairo (snapshot, &frame);
  cairo_translate (cr, place->origin.x, place->origin.y);
  cairo_scale (cr, place->size.width / width, place->size.height / height);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
append_picture (HfCanvas *self, GtkSnapshot *snapshot,
                const graphene_rect_t *place)
{
  double scale = hf_canvas_get_scale (self);

  if (self->levels == NULL)
    gtk_snapshot_append_texture (snapshot, self->preview, place);
  else if (scale > SHARP_SCALE)
    append_sharp (self, snapshot, place);
  else
    gtk_snapshot_append_texture (
        snapshot, self->levels->textures[hf_levels_pick (self->levels, scale)],
        place);
}

static void
append_bar (GtkSnapshot *snapshot, float x, float y, float width, float height,
            const GdkRGBA *colour)
{
  gtk_snapshot_append_color (snapshot, colour,
                             &GRAPHENE_RECT_INIT (x, y, width, height));
}

/* The corner at (@x, @y); its arms go to the right and down, or with -1 the
 * other way. @grow is added all around. */
static void
append_corner (GtkSnapshot *snapshot, float x, float y, float across,
               float down, float length, float grow, const GdkRGBA *colour)
{
  const float width = BRACKET_WIDTH_PX;
  float left = across > 0 ? x : x - length;
  float top = down > 0 ? y : y - length;

  append_bar (snapshot, left - grow, (down > 0 ? y : y - width) - grow,
              length + 2 * grow, width + 2 * grow, colour);
  append_bar (snapshot, (across > 0 ? x : x - width) - grow, top - grow,
              width + 2 * grow, length + 2 * grow, colour);
}

static void
append_brackets (GtkSnapshot *snapshot, const graphene_rect_t *area)
{
  const GdkRGBA black = {0, 0, 0, 0.75f}, white = {1, 1, 1, 1};
  float left = roundf (area->origin.x), top = roundf (area->origin.y);
  float right = roundf (area->origin.x + area->size.width);
  float bottom = roundf (area->origin.y + area->size.height);
  float length = MIN (BRACKET_PX, MIN (right - left, bottom - top) / 3);

  /* White over black: seen on any picture. */
  for (int pass = 0; pass < 2; pass++) {
    float grow = pass == 0 ? BRACKET_EDGE_PX : 0;
    const GdkRGBA *colour = pass == 0 ? &black : &white;

    append_corner (snapshot, left, top, 1, 1, length, grow, colour);
    append_corner (snapshot, right, top, -1, 1, length, grow, colour);
    append_corner (snapshot, left, bottom, 1, -1, length, grow, colour);
    append_corner (snapshot, right, bottom, -1, -1, length, grow, colour);
  }
}

static void
append_framing (HfCanvas *self, GtkSnapshot *snapshot,
                const graphene_rect_t *place)
{
  const float scale = (float) self->view.scale;

  for (int i = 0; i < hf_framing_get_n_tiles (&self->framing); i++) {
    HfFraming tile = hf_framing_get_tile (&self->framing, i);
    double area[4];

    hf_framing_get_area (&tile, (int) self->view.width, (int) self->view.height,
                         area);
    append_brackets (
        snapshot,
        &GRAPHENE_RECT_INIT (place->origin.x + (float) area[0] * scale,
                             place->origin.y + (float) area[1] * scale,
                             (float) area[2] * scale, (float) area[3] * scale));
  }
}

static void
hf_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfCanvas *self = HF_CANVAS (widget);
  graphene_rect_t place = get_place (self);

  if (self->levels == NULL && self->preview == NULL)
    return;
  append_picture (self, snapshot, &place);
  if (self->shows_edges && self->edges != NULL) {
    gtk_snapshot_append_color (snapshot, &(GdkRGBA){0, 0, 0, DARKENED}, &place);
    gtk_snapshot_append_texture (snapshot, self->edges, &place);
  }
  if (self->has_framing)
    append_framing (self, snapshot, &place);
}

static void
hf_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  HfCanvas *self = HF_CANVAS (widget);

  hf_view_resize (&self->view, width, height);
  view_changed (self);
}

static void
moved_cb (GtkEventControllerMotion *controller, double x, double y,
          HfCanvas *self)
{
  self->pointer_x = x;
  self->pointer_y = y;
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy,
           HfCanvas *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (
      GTK_EVENT_CONTROLLER (controller));

  if ((state & GDK_CONTROL_MASK) != 0)
    hf_view_zoom (&self->view, self->view.scale * pow (ZOOM_STEP, -dy),
                  self->pointer_x, self->pointer_y);
  else
    hf_view_pan (&self->view, -dx * PAN_STEP_PX, -dy * PAN_STEP_PX);
  view_changed (self);
  return GDK_EVENT_STOP;
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, HfCanvas *self)
{
  self->dragged_x = self->dragged_y = 0;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grabbing");
}

static void
drag_update_cb (GtkGestureDrag *gesture, double x, double y, HfCanvas *self)
{
  hf_view_pan (&self->view, x - self->dragged_x, y - self->dragged_y);
  self->dragged_x = x;
  self->dragged_y = y;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_end_cb (GtkGestureDrag *gesture, double x, double y, HfCanvas *self)
{
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grab");
}

static void
pinch_begin_cb (GtkGesture *gesture, GdkEventSequence *sequence, HfCanvas *self)
{
  self->pinched_scale = self->view.scale;
}

static void
pinch_cb (GtkGestureZoom *gesture, double factor, HfCanvas *self)
{
  double x = self->view.frame_width / 2, y = self->view.frame_height / 2;

  gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y);
  hf_view_zoom (&self->view, self->pinched_scale * factor, x, y);
  view_changed (self);
}

/* Twice: what is fitted to 100 %, all else fitted. */
static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y,
            HfCanvas *self)
{
  if (n_press != 2)
    return;
  if (self->view.is_fitted)
    hf_view_zoom (&self->view,
                  1.0 / gtk_widget_get_scale_factor (GTK_WIDGET (self)), x, y);
  else
    hf_view_fit (&self->view);
  view_changed (self);
}

static void
hf_canvas_dispose (GObject *object)
{
  HfCanvas *self = HF_CANVAS (object);

  g_clear_handle_id (&self->tell_id, g_source_remove);
  drop_edges (self);
  g_clear_object (&self->preview);
  g_clear_pointer (&self->levels, hf_levels_unref);
  G_OBJECT_CLASS (hf_canvas_parent_class)->dispose (object);
}

static void
hf_canvas_class_init (HfCanvasClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_canvas_dispose;
  widget_class->snapshot = hf_canvas_snapshot;
  widget_class->size_allocate = hf_canvas_size_allocate;
  signals[VIEW_CHANGED] =
      g_signal_new ("view-changed", HF_TYPE_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
add_gesture (HfCanvas *self, gpointer gesture, const char *begin,
             GCallback begin_cb, const char *change, GCallback change_cb)
{
  if (begin != NULL)
    g_signal_connect (gesture, begin, begin_cb, self);
  g_signal_connect (gesture, change, change_cb, self);
  gtk_widget_add_controller (GTK_WIDGET (self), gesture);
}

static void
hf_canvas_init (HfCanvas *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->view.is_fitted = TRUE;
  self->view.scale = 1;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grab");
  add_gesture (self, gtk_event_controller_motion_new (), NULL, NULL, "motion",
               G_CALLBACK (moved_cb));
  add_gesture (
      self,
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES),
      NULL, NULL, "scroll", G_CALLBACK (scroll_cb));
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  add_gesture (self, drag, "drag-begin", G_CALLBACK (drag_begin_cb),
               "drag-update", G_CALLBACK (drag_update_cb));
  add_gesture (self, gtk_gesture_zoom_new (), "begin",
               G_CALLBACK (pinch_begin_cb), "scale-changed",
               G_CALLBACK (pinch_cb));
  add_gesture (self, gtk_gesture_click_new (), NULL, NULL, "pressed",
               G_CALLBACK (pressed_cb));
}

static void
set_size (HfCanvas *self, int width, int height)
{
  gboolean is_same = self->view.width == width && self->view.height == height;

  if (!is_same)
    self->view.is_fitted = TRUE;
  hf_view_set_picture (&self->view, width, height);
  view_changed (self);
}

void
hf_canvas_set_preview (HfCanvas *self, GdkTexture *texture, int width,
                       int height)
{
  drop_edges (self);
  g_clear_pointer (&self->levels, hf_levels_unref);
  g_set_object (&self->preview, texture);
  if (texture == NULL) {
    gtk_widget_queue_draw (GTK_WIDGET (self));
    return;
  }
  if (width < 1 || height < 1) {
    width = gdk_texture_get_width (texture);
    height = gdk_texture_get_height (texture);
  }
  set_size (self, width, height);
}

void
hf_canvas_set_levels (HfCanvas *self, HfLevels *levels)
{
  drop_edges (self);
  g_clear_pointer (&self->levels, hf_levels_unref);
  self->levels = hf_levels_ref (levels);
  set_size (self, levels->width, levels->height);
}

gboolean
hf_canvas_has_levels (HfCanvas *self)
{
  return self->levels != NULL;
}

void
hf_canvas_set_framing (HfCanvas *self, const HfFraming *framing)
{
  self->has_framing = framing != NULL;
  if (framing != NULL)
    self->framing = *framing;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
hf_canvas_set_edges (HfCanvas *self, gboolean shows_edges)
{
  if (self->shows_edges == shows_edges)
    return;
  self->shows_edges = shows_edges;
  if (!shows_edges)
    drop_edges (self);
  want_edges (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
hf_canvas_has_edges (HfCanvas *self)
{
  return self->shows_edges && self->edges != NULL;
}

void
hf_canvas_zoom (HfCanvas *self, double factor)
{
  hf_view_zoom (&self->view, self->view.scale * factor,
                self->view.frame_width / 2, self->view.frame_height / 2);
  view_changed (self);
}

void
hf_canvas_look (HfCanvas *self, int across, int down)
{
  hf_view_pan (&self->view, -across * LOOK_STEP * self->view.frame_width,
               -down * LOOK_STEP * self->view.frame_height);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
hf_canvas_get_middle (HfCanvas *self, double *x, double *y)
{
  *x = self->view.x;
  *y = self->view.y;
}

void
hf_canvas_fit (HfCanvas *self)
{
  hf_view_fit (&self->view);
  view_changed (self);
}

gboolean
hf_canvas_is_fitted (HfCanvas *self)
{
  return self->view.is_fitted;
}
