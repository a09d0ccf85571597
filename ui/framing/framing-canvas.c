/* framing-canvas.c: see the header. */
#include "ui/framing/framing-canvas.h"

#include "ui/framing/region.h"

#include <math.h>

#define MARGIN_PX 12
#define HANDLE_PX 10
#define REACH_PX 12
#define LINE_PX 2
#define STEP 0.01
#define LONG_STEP 0.1
#define DARKENED 0.55f

struct _HfFramingCanvas {
  GtkWidget parent_instance;

  HfLevels *levels;
  HfFraming framing;

  HfGrip grip;       /* what is held while a drag lasts */
  HfFraming dragged; /* as it was when the drag began */
  double x0, y0;     /* where it began, fractions of the picture */
};

enum { REGION_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfFramingCanvas, hf_framing_canvas, GTK_TYPE_WIDGET)

gboolean
hf_framing_canvas_get_place (HfFramingCanvas *self, graphene_rect_t *place)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double scale;

  if (self->levels == NULL || width <= 2 * MARGIN_PX || height <= 2 * MARGIN_PX)
    return FALSE;
  scale = MIN ((width - 2 * MARGIN_PX) / self->levels->width,
               (height - 2 * MARGIN_PX) / self->levels->height);
  graphene_rect_init (place,
                      (float) ((width - self->levels->width * scale) / 2),
                      (float) ((height - self->levels->height * scale) / 2),
                      (float) (self->levels->width * scale),
                      (float) (self->levels->height * scale));
  return TRUE;
}

/* What of the picture is seen with @framing, in the widget. */
static graphene_rect_t
get_area (HfFramingCanvas *self, const HfFraming *framing,
          const graphene_rect_t *place)
{
  const double scale = place->size.width / self->levels->width;
  double area[4];

  hf_framing_get_area (framing, self->levels->width, self->levels->height,
                       area);
  return GRAPHENE_RECT_INIT (place->origin.x + (float) (area[0] * scale),
                             place->origin.y + (float) (area[1] * scale),
                             (float) (area[2] * scale),
                             (float) (area[3] * scale));
}

static graphene_rect_t
get_region (HfFramingCanvas *self, const graphene_rect_t *place)
{
  const HfFraming *f = &self->framing;

  return GRAPHENE_RECT_INIT (
      place->origin.x + (float) (f->x * place->size.width),
      place->origin.y + (float) (f->y * place->size.height),
      (float) (f->width * place->size.width),
      (float) (f->height * place->size.height));
}

/* Everything of @place but @area. */
static void
append_shade (GtkSnapshot *snapshot, const graphene_rect_t *place,
              const graphene_rect_t *area)
{
  const GdkRGBA shade = {0, 0, 0, DARKENED};
  const float left = place->origin.x, top = place->origin.y;
  const float right = left + place->size.width;
  const float bottom = top + place->size.height;
  const float x0 = CLAMP (area->origin.x, left, right);
  const float y0 = CLAMP (area->origin.y, top, bottom);
  const float x1 = CLAMP (area->origin.x + area->size.width, left, right);
  const float y1 = CLAMP (area->origin.y + area->size.height, top, bottom);
  const graphene_rect_t parts[] = {
      GRAPHENE_RECT_INIT (left, top, right - left, y0 - top),
      GRAPHENE_RECT_INIT (left, y1, right - left, bottom - y1),
      GRAPHENE_RECT_INIT (left, y0, x0 - left, y1 - y0),
      GRAPHENE_RECT_INIT (x1, y0, right - x1, y1 - y0)};

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].size.width > 0 && parts[i].size.height > 0)
      gtk_snapshot_append_color (snapshot, &shade, &parts[i]);
}

/* White within black: seen on any picture. */
static void
append_outline (GtkSnapshot *snapshot, const graphene_rect_t *area)
{
  const GdkRGBA black = {0, 0, 0, 0.75f}, white = {1, 1, 1, 1};
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, area, 0);
  gsk_rounded_rect_shrink (&outline, -1, -1, -1, -1);
  gtk_snapshot_append_border (
      snapshot, &outline,
      (float[4]){LINE_PX + 2, LINE_PX + 2, LINE_PX + 2, LINE_PX + 2},
      (GdkRGBA[4]){black, black, black, black});
  gsk_rounded_rect_shrink (&outline, 1, 1, 1, 1);
  gtk_snapshot_append_border (snapshot, &outline,
                              (float[4]){LINE_PX, LINE_PX, LINE_PX, LINE_PX},
                              (GdkRGBA[4]){white, white, white, white});
}

static void
append_handles (GtkSnapshot *snapshot, const graphene_rect_t *region)
{
  const GdkRGBA black = {0, 0, 0, 0.75f}, white = {1, 1, 1, 1};

  for (int i = 0; i < 9; i++) {
    float x = region->origin.x + region->size.width * (float) (i % 3) / 2;
    float y = region->origin.y + region->size.height * (float) (i / 3) / 2;
    const float half = HANDLE_PX / 2.f;

    if (i == 4)
      continue;
    gtk_snapshot_append_color (snapshot, &black,
                               &GRAPHENE_RECT_INIT (x - half - 1, y - half - 1,
                                                    HANDLE_PX + 2,
                                                    HANDLE_PX + 2));
    gtk_snapshot_append_color (
        snapshot, &white,
        &GRAPHENE_RECT_INIT (x - half, y - half, HANDLE_PX, HANDLE_PX));
  }
}

static void
append_framing (HfFramingCanvas *self, GtkSnapshot *snapshot,
                const graphene_rect_t *place)
{
  const int n = hf_framing_get_n_tiles (&self->framing);
  graphene_rect_t area;

  for (int i = 0; n > 1 && i < n; i++) {
    HfFraming tile = hf_framing_get_tile (&self->framing, i);

    area = get_area (self, &tile, place);
    append_outline (snapshot, &area);
  }
  if (n > 1)
    return;
  area = get_area (self, &self->framing, place);
  append_shade (snapshot, place, &area);
  append_outline (snapshot, &area);
  if (self->framing.kind != HF_FRAMING_REGION)
    return;
  area = get_region (self, place);
  append_handles (snapshot, &area);
}

static void
hf_framing_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfFramingCanvas *self = HF_FRAMING_CANVAS (widget);
  graphene_rect_t place;
  double scale;

  if (!hf_framing_canvas_get_place (self, &place))
    return;
  scale = place.size.width / self->levels->width *
          gtk_widget_get_scale_factor (widget);
  gtk_snapshot_append_texture (
      snapshot, self->levels->textures[hf_levels_pick (self->levels, scale)],
      &place);
  append_framing (self, snapshot, &place);
}

static void
set_region (HfFramingCanvas *self, const HfFraming *region)
{
  self->framing = *region;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[REGION_CHANGED], 0);
}

/* Fractions of the picture at a place of the widget, and what can be held
 * there. */
static HfGrip
look_up (HfFramingCanvas *self, const graphene_rect_t *place, double x,
         double y, double *at_x, double *at_y)
{
  *at_x = (x - place->origin.x) / place->size.width;
  *at_y = (y - place->origin.y) / place->size.height;
  return hf_region_find_grip (&self->framing, *at_x, *at_y,
                              REACH_PX / place->size.width,
                              REACH_PX / place->size.height);
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y,
               HfFramingCanvas *self)
{
  graphene_rect_t place;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->framing.kind != HF_FRAMING_REGION ||
      !hf_framing_canvas_get_place (self, &place)) {
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
    return;
  }
  self->grip = look_up (self, &place, x, y, &self->x0, &self->y0);
  self->dragged = self->framing;
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy,
                HfFramingCanvas *self)
{
  HfFraming region = self->dragged;
  graphene_rect_t place;

  if (!hf_framing_canvas_get_place (self, &place))
    return;
  dx /= place.size.width;
  dy /= place.size.height;
  if (self->grip == HF_GRIP_NONE)
    hf_region_span (&region, self->x0, self->y0, self->x0 + dx, self->y0 + dy);
  else
    hf_region_pull (&region, self->grip, dx, dy);
  set_region (self, &region);
}

static const char *
get_cursor (HfGrip grip)
{
  switch ((int) grip) {
  case HF_GRIP_NONE:
    return "crosshair";
  case HF_GRIP_LEFT:
  case HF_GRIP_RIGHT:
    return "ew-resize";
  case HF_GRIP_TOP:
  case HF_GRIP_BOTTOM:
    return "ns-resize";
  case HF_GRIP_LEFT | HF_GRIP_TOP:
  case HF_GRIP_RIGHT | HF_GRIP_BOTTOM:
    return "nwse-resize";
  case HF_GRIP_RIGHT | HF_GRIP_TOP:
  case HF_GRIP_LEFT | HF_GRIP_BOTTOM:
    return "nesw-resize";
  default:
    return "move";
  }
}

static void
motion_cb (GtkEventControllerMotion *motion, double x, double y,
           HfFramingCanvas *self)
{
  graphene_rect_t place;
  double at_x, at_y;

  if (self->framing.kind == HF_FRAMING_REGION &&
      hf_framing_canvas_get_place (self, &place))
    gtk_widget_set_cursor_from_name (
        GTK_WIDGET (self),
        get_cursor (look_up (self, &place, x, y, &at_x, &at_y)));
  else
    gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code,
        GdkModifierType modifiers, HfFramingCanvas *self)
{
  const double step = modifiers & GDK_SHIFT_MASK ? LONG_STEP : STEP;
  HfGrip grip = modifiers & GDK_CONTROL_MASK
                    ? (HfGrip) (HF_GRIP_RIGHT | HF_GRIP_BOTTOM)
                    : HF_GRIP_ALL;
  HfFraming region = self->framing;
  double dx = 0, dy = 0;

  if (self->framing.kind != HF_FRAMING_REGION)
    return GDK_EVENT_PROPAGATE;
  switch (key) {
  case GDK_KEY_Left:
    dx = -step;
    break;
  case GDK_KEY_Right:
    dx = step;
    break;
  case GDK_KEY_Up:
    dy = -step;
    break;
  case GDK_KEY_Down:
    dy = step;
    break;
  default:
    return GDK_EVENT_PROPAGATE;
  }
  hf_region_pull (&region, grip, dx, dy);
  set_region (self, &region);
  return GDK_EVENT_STOP;
}

static void
hf_framing_canvas_dispose (GObject *object)
{
  g_clear_pointer (&HF_FRAMING_CANVAS (object)->levels, hf_levels_unref);
  G_OBJECT_CLASS (hf_framing_canvas_parent_class)->dispose (object);
}

static void
hf_framing_canvas_class_init (HfFramingCanvasClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_framing_canvas_dispose;
  widget_class->snapshot = hf_framing_canvas_snapshot;
  signals[REGION_CHANGED] =
      g_signal_new ("region-changed", HF_TYPE_FRAMING_CANVAS, G_SIGNAL_RUN_LAST,
                    0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
hf_framing_canvas_init (HfFramingCanvas *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->framing = (HfFraming) HF_FRAMING_INIT;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

void
hf_framing_canvas_set_levels (HfFramingCanvas *self, HfLevels *levels)
{
  g_clear_pointer (&self->levels, hf_levels_unref);
  if (levels != NULL)
    self->levels = hf_levels_ref (levels);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
hf_framing_canvas_set_framing (HfFramingCanvas *self, const HfFraming *framing)
{
  self->framing = *framing;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const HfFraming *
hf_framing_canvas_get_framing (HfFramingCanvas *self)
{
  return &self->framing;
}
