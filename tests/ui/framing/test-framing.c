/* Tests of ui/framing: the rectangle by its numbers; the window over a project
 * with real pointer and keys, which xdotool moves and presses. */
#include "desk.h"
#include "stage.h"

#include "image/pixels.h"
#include "image/views.h"
#include "ui/framing/cost.h"
#include "ui/framing/framing-form.h"
#include "ui/framing/framing-window.h"
#include "ui/framing/region.h"

#include <gdk/x11/gdkx.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define NEAR 0.011

/* --- Region ------------------------------------------------------------ */

static void
assert_region (const HfFraming *f, double x, double y, double width,
               double height)
{
  g_assert_cmpfloat (fabs (f->x - x), <, 1e-9);
  g_assert_cmpfloat (fabs (f->y - y), <, 1e-9);
  g_assert_cmpfloat (fabs (f->width - width), <, 1e-9);
  g_assert_cmpfloat (fabs (f->height - height), <, 1e-9);
}

static void
test_grips (void)
{
  const HfFraming f = {.x = 0.2, .y = 0.3, .width = 0.4, .height = 0.4};

  g_assert_cmpint (hf_region_find_grip (&f, 0.4, 0.5, 0.02, 0.02), ==,
                   HF_GRIP_ALL);
  g_assert_cmpint (hf_region_find_grip (&f, 0.21, 0.5, 0.02, 0.02), ==,
                   HF_GRIP_LEFT);
  g_assert_cmpint (hf_region_find_grip (&f, 0.61, 0.71, 0.02, 0.02), ==,
                   HF_GRIP_RIGHT | HF_GRIP_BOTTOM);
  g_assert_cmpint (hf_region_find_grip (&f, 0.4, 0.29, 0.02, 0.02), ==,
                   HF_GRIP_TOP);
  g_assert_cmpint (hf_region_find_grip (&f, 0.7, 0.5, 0.02, 0.02), ==,
                   HF_GRIP_NONE);
}

static void
test_pulls (void)
{
  HfFraming f = {.x = 0.2, .y = 0.3, .width = 0.4, .height = 0.4};

  hf_region_pull (&f, HF_GRIP_ALL, -0.5, 0.1);
  assert_region (&f, 0, 0.4, 0.4, 0.4);
  hf_region_pull (&f, HF_GRIP_RIGHT | HF_GRIP_BOTTOM, 0.1, 0.9);
  assert_region (&f, 0, 0.4, 0.5, 0.6);
  hf_region_pull (&f, HF_GRIP_LEFT, 0.9, 0);
  assert_region (&f, 0.5 - HF_REGION_LEAST, 0.4, HF_REGION_LEAST, 0.6);
  hf_region_span (&f, 0.9, 0.7, 0.4, 1.3);
  assert_region (&f, 0.4, 0.7, 0.5, 0.3);
  hf_region_span (&f, 1, 1, 1, 1);
  assert_region (&f, 1 - HF_REGION_LEAST, 1 - HF_REGION_LEAST, HF_REGION_LEAST,
                 HF_REGION_LEAST);
}

static void
test_cost (void)
{
  HfSetup setup = {.framing = HF_FRAMING_INIT, .n_views = 4};
  g_autofree char *unknown = hf_cost_dup_text (&setup, 48);
  g_autofree char *none = hf_cost_dup_text (&setup, 0);
  g_autofree char *known = NULL;

  setup.ms = 250;
  known = hf_cost_dup_text (&setup, 48);
  g_assert_cmpstr (none, ==, "");
  g_assert_true (g_str_has_prefix (unknown, "48 pictures are looked at anew."));
  g_assert_nonnull (strstr (known, "about 48 seconds"));
}

/* --- The window -------------------------------------------------------- */

typedef struct {
  Desk desk;
  HfWindow *window;
  HfFramingWindow *framing;
} Fixture;

static gboolean
has_framing (gpointer data)
{
  Fixture *self = data;

  self->framing =
      (HfFramingWindow *) stage_find_window (HF_TYPE_FRAMING_WINDOW);
  return self->framing != NULL;
}

static gboolean
has_seen (gpointer data)
{
  return hf_framing_window_get_seen (((Fixture *) data)->framing) != NULL;
}

static gboolean
has_place (gpointer data)
{
  graphene_rect_t place;

  return hf_framing_canvas_get_place (
      hf_framing_window_get_canvas (((Fixture *) data)->framing), &place);
}

/* A picture that is no square. */
static void
put (Fixture *self, const char *name)
{
  g_autofree char *from = g_build_filename (g_getenv ("HANDFUL_TEST_DATA"),
                                            "published/franz-kafka.jpg", NULL);
  g_autofree char *to =
      g_build_filename (self->desk.folder, "parts", name, NULL);
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) error = NULL;

  g_file_copy (source, target, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer pictures)
{
  g_autofree char *folder = NULL;

  self->framing = NULL;
  desk_set_up (&self->desk, NULL);
  folder = desk_dup_path (&self->desk, "parts");
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  if (pictures != NULL) {
    put (self, "a.jpg");
    put (self, "b.jpg");
  }
  self->window = desk_new_window (&self->desk);
  desk_open_project (&self->desk, self->window, "parts");
}

static gboolean
has_pictures (gpointer window)
{
  HfWorkspace *workspace = hf_window_get_workspace (window);

  return g_list_model_get_n_items (hf_workspace_get_pictures (workspace)) > 0;
}

static void
open_framing (Fixture *self)
{
  desk_wait (has_pictures, self->window);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.framing", NULL);
  desk_wait (has_framing, self);
  desk_wait (has_seen, self);
  desk_wait (has_place, self);
  stage_settle (GTK_WINDOW (self->framing));
}

static void
tear_down (Fixture *self, gconstpointer pictures)
{
  desk_tear_down (&self->desk, NULL);
}

static gpointer
get_child (Fixture *self, const char *name)
{
  return gtk_widget_get_template_child (GTK_WIDGET (self->framing),
                                        HF_TYPE_FRAMING_WINDOW, name);
}

static gpointer
get_control (Fixture *self, const char *name)
{
  return gtk_widget_get_template_child (get_child (self, "form"),
                                        HF_TYPE_FRAMING_FORM, name);
}

static const HfFraming *
get_framing (Fixture *self)
{
  return hf_framing_canvas_get_framing (
      hf_framing_window_get_canvas (self->framing));
}

static void
choose (Fixture *self, const char *button)
{
  gtk_check_button_set_active (get_control (self, button), TRUE);
  desk_wait (has_seen, self);
  stage_settle (GTK_WINDOW (self->framing));
}

/* What the project holds. */
typedef struct {
  char *framing, *views;
  gboolean is_read;
} Stored;

static gboolean
read_stored (HfProject *project, gpointer data, GError **error)
{
  Stored *stored = data;

  stored->framing = hf_project_dup_setting (project, "framing");
  stored->views = hf_project_dup_setting (project, "views");
  return TRUE;
}

static void
stored_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  ((Stored *) data)->is_read = TRUE;
}

static gboolean
is_read (gpointer data)
{
  return ((Stored *) data)->is_read;
}

static void
assert_stored (Fixture *self, const char *framing, const char *views)
{
  Stored stored = {NULL, NULL, FALSE};

  hf_workspace_read (hf_window_get_workspace (self->window), read_stored,
                     stored_cb, &stored, NULL);
  desk_wait (is_read, &stored);
  g_assert_cmpstr (stored.framing, ==, framing);
  g_assert_cmpstr (stored.views, ==, views);
  g_free (stored.framing);
  g_free (stored.views);
}

/* Every square on the screen is what hf_pixels_load gives the model. */
static void
assert_seen (Fixture *self, const char *picture, int n_views)
{
  const GPtrArray *seen = hf_framing_window_get_seen (self->framing);
  g_autofree char *path = desk_dup_path (&self->desk, picture);
  const int n_tiles = hf_framing_get_n_tiles (get_framing (self));

  g_assert_cmpuint (seen->len, ==, n_tiles * n_views);
  for (guint i = 0; i < seen->len; i++) {
    GdkTexture *texture = seen->pdata[i];
    const int side = gdk_texture_get_width (texture);
    const gsize n = (gsize) side * (gsize) side;
    HfFraming tile =
        hf_framing_get_tile (get_framing (self), (int) i / n_views);
    g_autofree guint8 *square = g_malloc (n * 3), *view = g_malloc (n * 3);
    g_autofree guint32 *shown = g_new (guint32, n);
    g_autoptr (GError) error = NULL;

    hf_pixels_load (path, &tile, side, square, &error);
    g_assert_no_error (error);
    hf_views_apply (square, side, (int) i % n_views, view);
    gdk_texture_download (texture, (guchar *) shown, (gsize) side * 4);
    for (gsize p = 0; p < n; p++)
      g_assert_cmphex (shown[p] & 0xffffff, ==,
                       (guint32) view[3 * p] << 16 |
                           (guint32) view[3 * p + 1] << 8 | view[3 * p + 2]);
  }
}

static void
test_seen (Fixture *self, gconstpointer pictures)
{
  open_framing (self);
  assert_seen (self, "parts/a.jpg", 1);
  choose (self, "whole");
  assert_seen (self, "parts/a.jpg", 1);
  choose (self, "tiles");
  assert_seen (self, "parts/a.jpg", 1);
  choose (self, "crop");
  adw_combo_row_set_selected (get_control (self, "views"), 2);
  desk_wait (has_seen, self);
  assert_seen (self, "parts/a.jpg", 8);
  gtk_widget_activate_action (GTK_WIDGET (self->framing), "framing.next", NULL);
  desk_wait (has_seen, self);
  assert_seen (self, "parts/b.jpg", 8);
}

static void
run_xdotool (Fixture *self, const char *arguments)
{
  g_autofree char *line = g_strconcat ("xdotool ", arguments, NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autoptr (GError) error = NULL;

  process = g_subprocess_newv ((const char *const *) argv,
                               G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
  stage_settle (GTK_WINDOW (self->framing));
}

/* Where a place of the picture lies on the window's surface. */
static void
find_point (Fixture *self, double x, double y, int *at_x, int *at_y)
{
  HfFramingCanvas *canvas = hf_framing_window_get_canvas (self->framing);
  double surface_x = 0, surface_y = 0, dx = 0, dy = 0;
  graphene_rect_t place;

  g_assert_true (hf_framing_canvas_get_place (canvas, &place));
  gtk_widget_translate_coordinates (
      GTK_WIDGET (canvas), GTK_WIDGET (self->framing),
      place.origin.x + x * place.size.width,
      place.origin.y + y * place.size.height, &dx, &dy);
  gtk_native_get_surface_transform (GTK_NATIVE (self->framing), &surface_x,
                                    &surface_y);
  *at_x = (int) round (dx + surface_x);
  *at_y = (int) round (dy + surface_y);
}

/* Pulls from one place of the picture to another, in two moves. */
static void
drag (Fixture *self, double x0, double y0, double x1, double y1)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self->framing));
  const gulong id = gdk_x11_surface_get_xid (surface);
  g_autofree char *start = NULL, *move = NULL, *end = NULL;
  int ax, ay, bx, by;

  find_point (self, x0, y0, &ax, &ay);
  find_point (self, x1, y1, &bx, &by);
  start =
      g_strdup_printf ("mousemove --window %lu %d %d mousedown 1", id, ax, ay);
  move = g_strdup_printf ("mousemove --window %lu %d %d", id, (ax + bx) / 2,
                          (ay + by) / 2);
  end = g_strdup_printf ("mousemove --window %lu %d %d mouseup 1", id, bx, by);
  run_xdotool (self, start);
  run_xdotool (self, move);
  run_xdotool (self, end);
}

static void
assert_near (const HfFraming *f, double x, double y, double width,
             double height)
{
  g_assert_cmpfloat (fabs (f->x - x), <, NEAR);
  g_assert_cmpfloat (fabs (f->y - y), <, NEAR);
  g_assert_cmpfloat (fabs (f->width - width), <, NEAR);
  g_assert_cmpfloat (fabs (f->height - height), <, NEAR);
}

static gboolean
skip_without_xdotool (void)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  if (xdotool == NULL)
    g_test_skip ("xdotool is not installed");
  return xdotool == NULL;
}

static void
test_drag (Fixture *self, gconstpointer pictures)
{
  if (skip_without_xdotool ())
    return;
  open_framing (self);
  choose (self, "region");
  assert_near (get_framing (self), 0.25, 0.25, 0.5, 0.5);
  drag (self, 0.5, 0.5, 0.4, 0.6);
  assert_near (get_framing (self), 0.15, 0.35, 0.5, 0.5);
  drag (self, 0.65, 0.85, 0.75, 0.75);
  assert_near (get_framing (self), 0.15, 0.35, 0.6, 0.4);
  drag (self, 0.9, 0.1, 0.8, 0.2);
  assert_near (get_framing (self), 0.8, 0.1, 0.1, 0.1);
  desk_wait (has_seen, self);
  assert_seen (self, "parts/a.jpg", 1);
}

static gboolean
is_applied (gpointer data)
{
  Fixture *self = data;

  return !gtk_widget_get_visible (get_child (self, "cost"));
}

static void
test_keys (Fixture *self, gconstpointer pictures)
{
  if (skip_without_xdotool ())
    return;
  open_framing (self);
  choose (self, "region");
  gtk_widget_grab_focus (
      GTK_WIDGET (hf_framing_window_get_canvas (self->framing)));
  stage_settle (GTK_WINDOW (self->framing));
  stage_press (GTK_WINDOW (self->framing),
               "Right shift+Down ctrl+Left ctrl+shift+Up");
  assert_region (get_framing (self), 0.26, 0.35, 0.49, 0.4);
  stage_press (GTK_WINDOW (self->framing), "ctrl+Return");
  desk_wait (is_applied, self);
  assert_stored (self, "region:0.26,0.35,0.49,0.4", "1");
  gtk_widget_activate_action (GTK_WIDGET (self->framing), "framing.undo", NULL);
  desk_wait (is_applied, self);
  assert_stored (self, "crop", "1");
}

/* What is drawn while the project is written is not in it. */
static void
test_changed_meanwhile (Fixture *self, gconstpointer pictures)
{
  GtkWidget *framing;

  open_framing (self);
  framing = GTK_WIDGET (self->framing);
  gtk_check_button_set_active (get_control (self, "whole"), TRUE);
  gtk_widget_activate_action (framing, "framing.apply", NULL);
  gtk_check_button_set_active (get_control (self, "tiles"), TRUE);
  assert_stored (self, "whole", "1");
  g_assert_false (is_applied (self));
  gtk_widget_activate_action (framing, "framing.apply", NULL);
  desk_wait (is_applied, self);
  assert_stored (self, "tiles:2x2", "1");
}

static GtkWidget *
get_row (Fixture *self, const char *name)
{
  return gtk_widget_get_ancestor (get_control (self, name),
                                  ADW_TYPE_ACTION_ROW);
}

/* Each choice is one stop of Tab, and Enter takes it. */
static void
test_choices (Fixture *self, gconstpointer pictures)
{
  const char *const names[] = {"crop", "whole", "region", "tiles"};
  GtkWidget *window;

  open_framing (self);
  window = GTK_WIDGET (self->framing);
  g_assert_true (gtk_widget_grab_focus (get_row (self, names[0])));
  for (int i = 1; i < 4; i++) {
    g_assert_true (gtk_widget_child_focus (window, GTK_DIR_TAB_FORWARD));
    g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) ==
                   get_row (self, names[i]));
  }
  g_assert_true (gtk_widget_activate (get_row (self, "whole")));
  g_assert_true (gtk_check_button_get_active (get_control (self, "whole")));
}

/* Numbers that do not fit beside each other are made to. */
static void
test_numbers (Fixture *self, gconstpointer pictures)
{
  open_framing (self);
  choose (self, "region");
  gtk_adjustment_set_value (get_control (self, "x"), 70);
  assert_region (get_framing (self), 0.7, 0.25, 0.3, 0.5);
  gtk_switch_set_active (get_control (self, "fit_whole"), TRUE);
  g_assert_cmpint (get_framing (self)->fit, ==, HF_FRAMING_WHOLE);
  choose (self, "tiles");
  gtk_adjustment_set_value (get_control (self, "columns"), 3);
  desk_wait (has_seen, self);
  g_assert_cmpuint (hf_framing_window_get_seen (self->framing)->len, ==, 6);
  choose (self, "crop");
  g_assert_true (is_applied (self));
}

static gboolean
is_narrow (gpointer data)
{
  return gtk_orientable_get_orientation (get_child (data, "body")) ==
         GTK_ORIENTATION_VERTICAL;
}

static void
test_narrow (Fixture *self, gconstpointer pictures)
{
  open_framing (self);
  g_assert_false (is_narrow (self));
  gtk_window_set_default_size (GTK_WINDOW (self->framing), 360, 720);
  desk_wait (is_narrow, self);
}

static void
test_goes (Fixture *self, gconstpointer pictures)
{
  open_framing (self);
  g_object_add_weak_pointer (G_OBJECT (self->framing),
                             (gpointer *) &self->framing);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.close-project",
                              NULL);
  patience_until (self->framing == NULL);
}

static int
count_framings (void)
{
  GListModel *all = gtk_window_get_toplevels ();
  int n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (all); i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (all, i);

    n += HF_IS_FRAMING_WINDOW (window);
  }
  return n;
}

/* It begins with what is selected, and is there once. */
static void
test_selected (Fixture *self, gconstpointer pictures)
{
  HfWorkspace *workspace = hf_window_get_workspace (self->window);
  g_autoptr (GPtrArray) selection =
      g_ptr_array_new_with_free_func (g_object_unref);

  desk_wait (has_pictures, self->window);
  g_ptr_array_add (selection, g_list_model_get_item (
                                  hf_workspace_get_pictures (workspace), 1));
  hf_workspace_set_selection (workspace, selection);
  open_framing (self);
  g_assert_cmpstr (adw_window_title_get_subtitle (get_child (self, "title")),
                   ==, "b.jpg");
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.framing", NULL);
  stage_settle (GTK_WINDOW (self->framing));
  g_assert_cmpint (count_framings (), ==, 1);
}

static gboolean
says_nothing_there (gpointer data)
{
  Fixture *self = data;
  const char *page =
      gtk_stack_get_visible_child_name (get_child (self, "picture"));

  return g_strcmp0 (page, "none") == 0;
}

static void
test_no_pictures (Fixture *self, gconstpointer pictures)
{
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.framing", NULL);
  desk_wait (has_framing, self);
  desk_wait (says_nothing_there, self);
  gtk_check_button_set_active (get_control (self, "whole"), TRUE);
  gtk_widget_activate_action (GTK_WIDGET (self->framing), "framing.apply",
                              NULL);
  desk_wait (is_applied, self);
  assert_stored (self, "whole", "1");
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("handful-home-XXXXXX", NULL);

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  desk_begin (&argc, &argv);
  g_test_add_func ("/framing/region/is-held-by-edges-and-corners", test_grips);
  g_test_add_func ("/framing/region/stays-inside-the-picture", test_pulls);
  g_test_add_func ("/framing/cost/counts-pictures-and-seconds", test_cost);
#define ADD(path, func, pictures) \
  g_test_add (path, Fixture, pictures, set_up, func, tear_down)
  ADD ("/framing/window/shows-the-pixels-that-the-model-gets", test_seen, "");
  ADD ("/framing/window/a-region-is-drawn-and-pulled", test_drag, "");
  ADD ("/framing/window/keys-apply-undo", test_keys, "");
  ADD ("/framing/window/changed-while-it-is-applied", test_changed_meanwhile,
       "");
  ADD ("/framing/window/each-choice-is-one-stop-of-tab", test_choices, "");
  ADD ("/framing/window/numbers-are-made-to-fit", test_numbers, "");
  ADD ("/framing/window/becomes-narrow", test_narrow, "");
  ADD ("/framing/window/goes-with-the-project", test_goes, "");
  ADD ("/framing/window/begins-with-the-selection-and-is-one", test_selected,
       "");
  ADD ("/framing/window/works-without-pictures", test_no_pictures, NULL);
#undef ADD
  return g_test_run ();
}
