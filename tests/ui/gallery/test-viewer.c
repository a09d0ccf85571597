#include "pictures.h"
#include "stage.h"
#include "ui/gallery/viewer/canvas.h"
#include "ui/gallery/viewer/edges.h"
#include "ui/gallery/viewer/film-strip.h"
#include "ui/gallery/viewer/view.h"
#include "ui/gallery/viewer/viewer.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void
assert_origin (const HfView *view, double x, double y)
{
  double at_x, at_y;

  hf_view_get_origin (view, &at_x, &at_y);
  g_assert_cmpfloat_with_epsilon (at_x, x, 1e-6);
  g_assert_cmpfloat_with_epsilon (at_y, y, 1e-6);
}

static void
test_fits (void)
{
  HfView view = {.is_fitted = TRUE};

  hf_view_set_picture (&view, 400, 200);
  hf_view_resize (&view, 800, 800);
  g_assert_cmpfloat (view.scale, ==, 2);
  assert_origin (&view, 0, 200);
  hf_view_resize (&view, 200, 800);
  g_assert_cmpfloat (view.scale, ==, 0.5);
  /* Not larger than what can be reached by hand. */
  hf_view_set_picture (&view, 2, 2);
  g_assert_cmpfloat (view.scale, ==, HF_VIEW_MAX_SCALE);
}

/* What lies under the pointer stays there. */
static void
test_zooms_about_the_pointer (void)
{
  HfView view = {.is_fitted = TRUE};

  hf_view_set_picture (&view, 1000, 1000);
  hf_view_resize (&view, 500, 500);
  hf_view_zoom (&view, 2, 100, 400);
  /* At scale 0.5 that was pixel (200, 800). */
  assert_origin (&view, 100 - 200 * 2, 400 - 800 * 2);
  hf_view_zoom (&view, 1e9, 100, 400);
  g_assert_cmpfloat (view.scale, ==, HF_VIEW_MAX_SCALE);
  hf_view_zoom (&view, 0, 100, 400);
  g_assert_cmpfloat (view.scale, ==, HF_VIEW_MIN_SCALE);
  /* Smaller than the frame, it lies in the middle. */
  assert_origin (&view, 240, 240);
}

static void
test_edges_stay_outside (void)
{
  HfView view = {.is_fitted = TRUE};

  hf_view_set_picture (&view, 1000, 1000);
  hf_view_resize (&view, 500, 500);
  hf_view_zoom (&view, 1, 250, 250);
  assert_origin (&view, -250, -250);
  hf_view_pan (&view, 10000, -10000);
  assert_origin (&view, 0, -500);
  hf_view_resize (&view, 1200, 500);
  assert_origin (&view, 100, -500);
}

/* The definition, in doubles, with the border repeated. */
static double
twin_magnitude (const guint8 *grey, int width, int height, int x, int y)
{
  static const int weights[3] = {1, 2, 1};
  double across = 0, down = 0;

  for (int i = -1; i <= 1; i++)
    for (int j = -1; j <= 1; j++) {
      int v = grey[CLAMP (y + i, 0, height - 1) * width +
                   CLAMP (x + j, 0, width - 1)];

      across += v * j * weights[i + 1];
      down += v * i * weights[j + 1];
    }
  return sqrt (across * across + down * down);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

static void
check_edges (const guint8 *grey, int width, int height)
{
  gsize n = (gsize) width * height;
  g_autofree guint8 *out = g_malloc (n);
  g_autofree double *twin = g_new (double, n);
  g_autofree double *sorted = NULL;
  double strongest;

  hf_edges_find (grey, width, height, out);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      twin[y * width + x] = floor (twin_magnitude (grey, width, height, x, y));
  sorted = g_memdup2 (twin, n * sizeof (double));
  qsort (sorted, n, sizeof (double), compare_doubles);
  strongest = MAX (sorted[n - 1 - n / 100], 96);
  for (gsize i = 0; i < n; i++) {
    double expected = floor (MIN (twin[i], strongest) * 255 / strongest);

    /* Float and double may fall on two sides of a whole number. */
    g_assert_cmpfloat (fabs (out[i] - expected), <=, 1);
  }
}

static void
test_edges_are_sobel (void)
{
  static const int sizes[][2] = {{1, 1}, {1, 9}, {17, 1}, {2, 2}, {63, 41}};
  GRand *random = g_rand_new_with_seed (7);

  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++) {
    gsize n = (gsize) sizes[s][0] * sizes[s][1];
    g_autofree guint8 *grey = g_malloc (n);

    for (gsize i = 0; i < n; i++)
      grey[i] = (guint8) g_rand_int_range (random, 0, 256);
    check_edges (grey, sizes[s][0], sizes[s][1]);
    memset (grey, 200, n);
    check_edges (grey, sizes[s][0], sizes[s][1]);
  }
  g_rand_free (random);
}

/* A plain surface with a little noise has no edges to speak of. */
static void
test_noise_is_no_edge (void)
{
  guint8 grey[64 * 64], out[64 * 64];
  GRand *random = g_rand_new_with_seed (1);

  for (gsize i = 0; i < sizeof (grey); i++)
    grey[i] = (guint8) g_rand_int_range (random, 100, 103);
  hf_edges_find (grey, 64, 64, out);
  for (gsize i = 0; i < sizeof (out); i++)
    g_assert_cmpint (out[i], <, 32);
  g_rand_free (random);
}

static void
test_levels (void)
{
  g_autofree char *folder = g_dir_make_tmp ("handful-levels-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.png", NULL);
  g_autoptr (GdkPixbuf) pixbuf =
      gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 2100, 1000);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HfLevels) levels = NULL;

  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "png", NULL, NULL));
  levels = hf_levels_load (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (levels->n, ==, 3);
  g_assert_cmpint (levels->width, ==, 2100);
  g_assert_cmpint (gdk_texture_get_width (levels->textures[1]), ==, 1050);
  g_assert_cmpint (gdk_texture_get_height (levels->textures[2]), ==, 250);
  g_assert_cmphex (
      *(const guint32 *) g_bytes_get_data (levels->pixels[2], NULL), ==,
      0xff336699);
  g_assert_cmpint (hf_levels_pick (levels, 16), ==, 0);
  g_assert_cmpint (hf_levels_pick (levels, 0.51), ==, 0);
  g_assert_cmpint (hf_levels_pick (levels, 0.5), ==, 1);
  g_assert_cmpint (hf_levels_pick (levels, 0.01), ==, 2);
  g_cancellable_cancel (cancellable);
  g_assert_null (hf_levels_load (path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  remove (path);
  pictures_remove (g_steal_pointer (&folder));
}

typedef struct {
  char *folder;
  GListStore *list;
  GtkWidget *viewer;
  GtkWindow *window;
} Fixture;

static gboolean
is_complete (gpointer viewer)
{
  return !hf_viewer_is_loading (HF_VIEWER (viewer));
}

static HfPicture *
get_picture (Fixture *f, guint i)
{
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (G_LIST_MODEL (f->list), i);

  return picture; /* which the list holds */
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->list = pictures_make (GPOINTER_TO_INT (data), &f->folder);
  f->viewer = g_object_ref_sink (hf_viewer_new ());
  hf_viewer_set_model (HF_VIEWER (f->viewer), G_LIST_MODEL (f->list));
  hf_viewer_set_picture (HF_VIEWER (f->viewer), get_picture (f, 3));
  f->window = stage_show (f->viewer, 800, 600);
  stage_wait (is_complete, f->viewer);
  stage_settle (f->window);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  stage_wait (is_complete, f->viewer);
  stage_close (f->window, f->viewer);
  g_object_unref (f->list);
  pictures_remove (f->folder);
}

static HfCanvas *
get_canvas (Fixture *f)
{
  return HF_CANVAS (stage_find (f->viewer, HF_TYPE_CANVAS, NULL));
}

static void
test_shows_in_full (Fixture *f, gconstpointer data)
{
  GtkWidget *title = stage_find (f->viewer, GTK_TYPE_LABEL, NULL);

  g_assert_true (hf_canvas_has_levels (get_canvas (f)));
  g_assert_true (hf_canvas_is_fitted (get_canvas (f)));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (title)), ==, "part 0003.png");
}

static void
count_cb (gpointer object, gpointer data)
{
  ++*(int *) data;
}

static void
test_viewer_steps (Fixture *f, gconstpointer data)
{
  HfViewer *viewer = HF_VIEWER (f->viewer);
  int n_changes = 0;

  g_signal_connect (viewer, "picture-changed", G_CALLBACK (count_cb),
                    &n_changes);
  g_assert_true (gtk_widget_activate_action (f->viewer, "viewer.next", NULL));
  g_assert_true (hf_viewer_get_picture (viewer) == get_picture (f, 4));
  g_assert_true (hf_viewer_step (viewer, -4));
  g_assert_true (hf_viewer_get_picture (viewer) == get_picture (f, 0));
  g_assert_false (hf_viewer_step (viewer, -1));
  g_assert_cmpint (n_changes, ==, 2);
  /* Labelled under a filter, it goes; the next one has its place now. */
  g_list_store_remove (f->list, 0);
  g_assert_true (hf_viewer_step (viewer, 1));
  g_assert_true (hf_viewer_get_picture (viewer) == get_picture (f, 0));
  g_list_store_remove_all (f->list);
  g_assert_false (hf_viewer_step (viewer, 1));
  g_assert_false (hf_viewer_step (viewer, -1));
}

/* Ctrl and arrows move an enlarged picture, as dragging does. */
static void
test_looks_around (Fixture *f, gconstpointer data)
{
  HfCanvas *canvas = get_canvas (f);
  double x, y, right, down;

  gtk_widget_grab_focus (f->viewer);
  hf_canvas_zoom (canvas, 8);
  stage_settle (f->window);
  hf_canvas_get_middle (canvas, &x, &y);
  if (!stage_press (f->window, "ctrl+Right ctrl+Down"))
    return;
  hf_canvas_get_middle (canvas, &right, &down);
  g_assert_cmpfloat (right, >, x);
  g_assert_cmpfloat (down, >, y);
  g_assert_true (hf_viewer_get_picture (HF_VIEWER (f->viewer)) ==
                 get_picture (f, 3));
  stage_press (f->window, "ctrl+Up ctrl+Left");
  hf_canvas_get_middle (canvas, &right, &down);
  g_assert_cmpfloat_with_epsilon (right, x, 1e-6);
  g_assert_cmpfloat_with_epsilon (down, y, 1e-6);
  stage_press (f->window, "ctrl+0");
  g_assert_true (hf_canvas_is_fitted (canvas));
}

static gboolean
has_edges (gpointer canvas)
{
  return hf_canvas_has_edges (HF_CANVAS (canvas));
}

static void
test_shows_edges (Fixture *f, gconstpointer data)
{
  g_assert_false (hf_canvas_has_edges (get_canvas (f)));
  gtk_widget_activate_action (f->viewer, "viewer.edges", NULL);
  stage_wait (has_edges, get_canvas (f));
  /* They go with their picture. */
  hf_viewer_step (HF_VIEWER (f->viewer), 1);
  g_assert_false (hf_canvas_has_edges (get_canvas (f)));
  stage_wait (has_edges, get_canvas (f));
  gtk_widget_activate_action (f->viewer, "viewer.edges", NULL);
  g_assert_false (hf_canvas_has_edges (get_canvas (f)));
}

static void
test_unreadable (Fixture *f, gconstpointer data)
{
  HfViewer *viewer = HF_VIEWER (f->viewer);
  GtkWidget *page = stage_find (f->viewer, ADW_TYPE_STATUS_PAGE, NULL);
  const char *path = hf_picture_get_info (get_picture (f, 4))->path;

  g_assert_true (g_file_set_contents (path, "no picture", -1, NULL));
  hf_viewer_step (viewer, 1);
  stage_wait (is_complete, viewer);
  g_assert_true (gtk_widget_get_mapped (page));
  g_assert_nonnull (
      strstr (adw_status_page_get_description (ADW_STATUS_PAGE (page)),
              "part 0004.png"));
  hf_viewer_step (viewer, 1);
  stage_wait (is_complete, viewer);
  g_assert_false (gtk_widget_get_mapped (page));
}

/* Resident memory in bytes. */
static gsize
get_resident (void)
{
  g_autofree char *text = NULL;
  unsigned long size = 0, resident = 0;

  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    sscanf (text, "%lu %lu", &size, &resident);
  return resident * 4096;
}

static void
step_round (Fixture *f, int n)
{
  HfViewer *viewer = HF_VIEWER (f->viewer);
  int by = 1;

  for (int i = 0; i < n; i++) {
    if (!hf_viewer_step (viewer, by)) {
      by = -by;
      hf_viewer_step (viewer, by);
    }
    /* Every third one is left before it is there. */
    if (i % 3 != 0)
      stage_wait (is_complete, viewer);
  }
  stage_wait (is_complete, viewer);
}

static void
test_flat_memory (Fixture *f, gconstpointer data)
{
  gsize before, after;

#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("a sanitizer keeps what is freed; it looks for leaks itself");
  return;
#endif
  step_round (f, 200);
  before = get_resident ();
  step_round (f, 1000);
  after = get_resident ();
  g_test_message ("%.1f MiB before, %.1f MiB after 1,000 switches",
                  (double) before / 1048576, (double) after / 1048576);
  /* A picture here is 0.3 MiB: a thousand that stay would be 300. */
  g_assert_cmpuint (after, <, before + (16u << 20));
}

#define ADD(name, func)                                                        \
  g_test_add ("/ui/viewer/" name, Fixture, GINT_TO_POINTER (40), set_up, func, \
              tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add_func ("/ui/viewer/view/fits", test_fits);
  g_test_add_func ("/ui/viewer/view/zooms-about-the-pointer",
                   test_zooms_about_the_pointer);
  g_test_add_func ("/ui/viewer/view/edges-stay-outside",
                   test_edges_stay_outside);
  g_test_add_func ("/ui/viewer/edges/are-sobel-s", test_edges_are_sobel);
  g_test_add_func ("/ui/viewer/edges/noise-is-none", test_noise_is_no_edge);
  g_test_add_func ("/ui/viewer/levels/halve", test_levels);
  ADD ("shows-a-picture-in-full", test_shows_in_full);
  ADD ("steps-through-the-list", test_viewer_steps);
  ADD ("looks-around-by-keys", test_looks_around);
  ADD ("shows-edges", test_shows_edges);
  ADD ("says-why-a-picture-cannot-be-read", test_unreadable);
  ADD ("a-thousand-switches-take-no-memory", test_flat_memory);
  return g_test_run ();
}
