#include "stage.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/mark.h"
#include "ui/widgets/wheel.h"
#include "ui/workspace/items-private.h"

#define ICONS "/io/github/handful_app/Handful/icons/scalable"

static HfClassItem *
new_item (const char *name, const char *colour, const char *key)
{
  HfProjectClass class = {1, (char *) name, HF_CLASS_GOOD, "", (char *) key, 3};

  g_strlcpy (class.colour, colour, sizeof (class.colour));
  return hf_class_item_new (&class);
}

/* The pixel at (@x, @y) of what @widget draws, as "#rrggbb" of its colour over
 * white (caller frees). */
static char *
dup_pixel (GtkWidget *widget, int x, int y)
{
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autofree guint8 *data = g_malloc0 ((gsize) width * height * 4);
  GskRenderer *renderer =
      gtk_native_get_renderer (gtk_widget_get_native (widget));
  GskRenderNode *node;
  GdkTexture *texture;
  const guint8 *p;

  gtk_snapshot_append_color (
      snapshot, &(GdkRGBA){1, 1, 1, 1},
      &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (
      renderer, node,
      &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gdk_texture_download (texture, data, (gsize) width * 4);
  g_object_unref (texture);
  gsk_render_node_unref (node);
  p = data + ((gsize) y * width + x) * 4;
  return g_strdup_printf ("#%02x%02x%02x", p[2], p[1], p[0]);
}

static void
test_badge_shows_colour (void)
{
  g_autoptr (HfClassItem) item = new_item ("rusty", "#e69f00", "2");
  GtkWidget *badge = g_object_ref_sink (hf_badge_new ());
  GtkWindow *window;
  g_autofree char *solid = NULL, *hollow = NULL;

  hf_badge_set_item (HF_BADGE (badge), item);
  window = stage_show (badge, 200, 100);
  g_assert_cmpint (gtk_widget_get_width (badge), ==, 18);
  solid = dup_pixel (badge, 9, 1);
  g_assert_cmpstr (solid, ==, "#e69f00");
  hf_badge_set_hollow (HF_BADGE (badge), TRUE);
  stage_settle (window);
  hollow = dup_pixel (badge, 9, 9);
  /* The ring is empty: the middle is the ground. */
  g_assert_cmpstr (hollow, ==, "#ffffff");
  stage_close (window, badge);
}

static char *
dup_label (GtkWidget *widget)
{
  return gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget),
                                             GTK_ACCESSIBLE_PROPERTY_LABEL, "");
}

static void
assert_label (GtkWidget *widget, const char *label)
{
  g_autofree char *other = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label);

  g_assert_cmpstr (other, ==, NULL);
}

static void
test_badge_follows_class (void)
{
  g_autoptr (HfClassItem) item = new_item ("rusty", "#e69f00", "2");
  HfProjectClass renamed = {
      1, (char *) "rust", HF_CLASS_DEFECT, "#0072b2", NULL, 3};
  GtkWidget *badge = g_object_ref_sink (hf_badge_new ());
  GtkWindow *window;
  g_autofree char *colour = NULL, *nothing = NULL;

  assert_label (badge, "Unknown class");
  hf_badge_set_item (HF_BADGE (badge), item);
  window = stage_show (badge, 200, 100);
  assert_label (badge, "rusty, key 2");
  hf_class_item_update (item, &renamed);
  assert_label (badge, "rust");
  stage_settle (window);
  colour = dup_pixel (badge, 9, 9);
  g_assert_cmpstr (colour, ==, "#0072b2");
  /* A class may go before its badge, and a badge before its class. */
  hf_badge_set_item (HF_BADGE (badge), NULL);
  hf_class_item_update (item, &renamed);
  nothing = dup_label (badge);
  g_assert_nonnull (nothing);
  hf_badge_set_item (HF_BADGE (badge), item);
  stage_close (window, badge);
}

static void
test_badge_grows_with_text (void)
{
  GtkSettings *settings = gtk_settings_get_default ();
  GtkWidget *badge = g_object_ref_sink (hf_badge_new ());
  GtkWindow *window;
  int dpi, size;

  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  g_object_set (settings, "gtk-xft-dpi", 2 * 96 * 1024, NULL);
  window = stage_show (badge, 200, 100);
  size = gtk_widget_get_width (badge);
  g_object_set (settings, "gtk-xft-dpi", dpi, NULL);
  g_assert_cmpint (size, ==, 36);
  stage_close (window, badge);
}

static void
test_marks_have_names (void)
{
  for (int kind = HF_MARK_PASS; kind <= HF_MARK_BROKEN; kind++) {
    GtkWidget *mark = g_object_ref_sink (hf_mark_new ((HfMarkKind) kind));
    GtkWindow *window = stage_show (mark, 100, 100);

    g_assert_cmpstr (hf_mark_get_name ((HfMarkKind) kind), !=, "");
    assert_label (mark, hf_mark_get_name ((HfMarkKind) kind));
    stage_close (window, mark);
  }
  g_assert_cmpint (hf_mark_of_verdict (HF_VERDICT_PASS), ==, HF_MARK_PASS);
  g_assert_cmpint (hf_mark_of_verdict (HF_VERDICT_REJECT), ==, HF_MARK_WRONG);
  g_assert_cmpint (hf_mark_of_verdict (HF_VERDICT_CLASS), ==, HF_MARK_NONE);
  g_assert_cmpint (hf_mark_of_verdict (HF_VERDICT_UNSURE), ==, HF_MARK_UNSURE);
  g_assert_cmpint (hf_mark_of_verdict (HF_VERDICT_UNKNOWN), ==,
                   HF_MARK_UNKNOWN);
}

/* Shape alone must tell: the disc is red, the cross in it is the ground. */
static void
test_marks_are_cut_out (void)
{
  GtkWidget *mark = g_object_ref_sink (hf_mark_new (HF_MARK_WRONG));
  GtkWindow *window = stage_show (mark, 100, 100);
  g_autofree char *middle = NULL, *disc = NULL;

  middle = dup_pixel (mark, 8, 8);
  disc = dup_pixel (mark, 8, 3);
  g_assert_cmpstr (middle, ==, "#ffffff");
  g_assert_cmpstr (disc, !=, "#ffffff");
  stage_close (window, mark);
}

/* One controller of @widget in @phase. */
static GtkEventController *
find_scroll (GtkWidget *widget, GtkPropagationPhase phase)
{
  g_autoptr (GListModel) all = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (all); i++) {
    g_autoptr (GtkEventController) one = g_list_model_get_item (all, i);

    if (GTK_IS_EVENT_CONTROLLER_SCROLL (one) &&
        gtk_event_controller_get_propagation_phase (one) == phase)
      return one;
  }
  g_assert_not_reached ();
}

static void
check_axes (GtkWidget *area, GtkWindow *window, int width, int height,
            GtkEventControllerScrollFlags wanted)
{
  GtkWidget *inside = stage_find (area, GTK_TYPE_DRAWING_AREA, NULL);
  GtkEventController *own = find_scroll (area, GTK_PHASE_BUBBLE);
  gboolean stopped = TRUE;

  gtk_widget_set_size_request (inside, width, height);
  stage_settle (window);
  g_signal_emit_by_name (find_scroll (area, GTK_PHASE_CAPTURE), "scroll", 0.0,
                         1.0, &stopped);
  g_assert_false (stopped);
  g_assert_cmpint (gtk_event_controller_scroll_get_flags (
                       GTK_EVENT_CONTROLLER_SCROLL (own)) &
                       GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES,
                   ==, wanted);
}

static void
test_wheel_goes_on (void)
{
  GtkWidget *area = g_object_ref_sink (gtk_scrolled_window_new ());
  GtkWindow *window;

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (area),
                                 gtk_drawing_area_new ());
  hf_wheel_pass_on (GTK_SCROLLED_WINDOW (area));
  window = stage_show (area, 200, 200);
  check_axes (area, window, 50, 50, GTK_EVENT_CONTROLLER_SCROLL_NONE);
  check_axes (area, window, 900, 50, GTK_EVENT_CONTROLLER_SCROLL_HORIZONTAL);
  check_axes (area, window, 50, 900, GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  check_axes (area, window, 900, 900, GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  stage_close (window, area);
}

/* Without librsvg's loader GTK shows the icon of a broken picture instead. */
static void
check_icons_drawn (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = g_resources_enumerate_children (
      folder, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (names), >, 0);
  for (gsize i = 0; names[i] != NULL; i++) {
    g_autofree char *path = g_build_path ("/", folder, names[i], NULL);
    g_autoptr (GdkPixbuf) pixbuf =
        gdk_pixbuf_new_from_resource_at_scale (path, 32, 32, TRUE, &error);

    g_assert_no_error (error);
    g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), ==, 32);
  }
}

static void
test_icons_drawn (void)
{
  check_icons_drawn (ICONS "/actions");
  check_icons_drawn (ICONS "/apps");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add_func ("/ui/widgets/badge/shows-the-colour-of-its-class",
                   test_badge_shows_colour);
  g_test_add_func ("/ui/widgets/badge/follows-its-class",
                   test_badge_follows_class);
  g_test_add_func ("/ui/widgets/badge/grows-with-the-text",
                   test_badge_grows_with_text);
  g_test_add_func ("/ui/widgets/mark/each-has-a-name", test_marks_have_names);
  g_test_add_func ("/ui/widgets/mark/what-is-inside-is-cut-out",
                   test_marks_are_cut_out);
  g_test_add_func ("/ui/widgets/wheel/an-area-takes-only-what-it-can-show",
                   test_wheel_goes_on);
  g_test_add_func ("/ui/widgets/icons/each-can-be-drawn", test_icons_drawn);
  return g_test_run ();
}
