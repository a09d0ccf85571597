/* Scrolls through a large folder and prints one line of JSON: the time from
 * giving the list to the grid to the last picture in sight, the longest stalls
 * of the main loop (by the clock, and at work) while scrolling evenly, in leaps
 * and while changing filter and tile size, and memory. Pictures by
 * tests/bench/make-pictures.py:
 *
 *   with-display.py bench-gallery FOLDER
 */
#include "pictures.h"
#include "stage.h"
#include "ui/gallery/gallery.h"
#include "ui/label/list/shown-pictures.h"
#include "ui/latency.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  GtkWidget *gallery;
  GtkAdjustment *down;
  int n_left;
  double leap_px; /* per frame; 0: anywhere */
  guint32 seed;
  int n_stalls;
  double longest_ms, busiest_ms;
} Bench;

static void
stall_cb (double ms, double busy_ms, gpointer data)
{
  Bench *bench = data;

  bench->n_stalls += ms > HF_LATENCY_LIMIT_MS;
  bench->longest_ms = MAX (bench->longest_ms, ms);
  bench->busiest_ms = MAX (bench->busiest_ms, busy_ms);
}

static gboolean
is_complete (gpointer gallery)
{
  return hf_gallery_count_tiles (HF_GALLERY (gallery)) > 0 &&
         hf_gallery_count_waiting (HF_GALLERY (gallery)) == 0;
}

static gboolean
scroll_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Bench *bench = data;
  double end = gtk_adjustment_get_upper (bench->down) -
               gtk_adjustment_get_page_size (bench->down);

  bench->seed = bench->seed * 1664525u + 1013904223u;
  gtk_adjustment_set_value (
      bench->down, bench->leap_px > 0
                       ? gtk_adjustment_get_value (bench->down) + bench->leap_px
                       : end * (bench->seed / 4294967296.0));
  return --bench->n_left > 0;
}

static gboolean
has_scrolled (gpointer data)
{
  return ((Bench *) data)->n_left == 0;
}

static void
scroll_far (Bench *bench, double leap_px, int n_frames, const char *name)
{
  gint64 since = g_get_monotonic_time ();

  bench->leap_px = leap_px;
  bench->n_left = n_frames;
  bench->n_stalls = 0;
  bench->longest_ms = bench->busiest_ms = 0;
  gtk_widget_add_tick_callback (bench->gallery, scroll_cb, bench, NULL);
  stage_wait (has_scrolled, bench);
  printf ("\"%s_longest_ms\": %.1f, \"%s_busiest_ms\": %.1f, "
          "\"%s_stalls\": %d, \"%s_fps\": %.0f, ",
          name, bench->longest_ms, name, bench->busiest_ms, name,
          bench->n_stalls, name,
          n_frames * 1e6 / (double) (g_get_monotonic_time () - since));
}

static double
get_status_mib (const char *key)
{
  g_autofree char *text = NULL;
  const char *at;
  long kib = 0;

  if (g_file_get_contents ("/proc/self/status", &text, NULL, NULL) &&
      (at = strstr (text, key)) != NULL)
    sscanf (at + strlen (key), "%ld", &kib);
  return (double) kib / 1024;
}

static void
settle (Bench *bench, GtkWindow *window)
{
  stage_settle (window);
  stage_settle (window);
  stage_wait (is_complete, bench->gallery);
}

/* Changes of the whole filter, each from the one before. */
static void
ask (Bench *bench, GtkWindow *window, HfShownPictures *shown)
{
  static const struct {
    const char *name;
    HfPictureQuery query;
  } questions[] = {
      {"class", {.view = HF_VIEW_ALL, .class_id = 1, .order = HF_ORDER_NAME}},
      {"unlabelled", {.view = HF_VIEW_UNLABELLED, .order = HF_ORDER_NAME}},
      {"words", {.view = HF_VIEW_ALL, .words = "7", .order = HF_ORDER_NAME}},
      {"all", {.view = HF_VIEW_ALL, .order = HF_ORDER_NAME}},
      {"surest", {.view = HF_VIEW_ALL, .order = HF_ORDER_SUREST}},
      {"sure_unlabelled",
       {.view = HF_VIEW_UNLABELLED, .order = HF_ORDER_SUREST}},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++) {
    bench->longest_ms = bench->busiest_ms = 0;
    hf_shown_pictures_set_query (shown, &questions[i].query);
    settle (bench, window);
    printf ("\"%s_pictures\": %u, \"%s_longest_ms\": %.1f, "
            "\"%s_busiest_ms\": %.1f, ",
            questions[i].name, g_list_model_get_n_items (G_LIST_MODEL (shown)),
            questions[i].name, bench->longest_ms, questions[i].name,
            bench->busiest_ms);
  }
}

int
main (int argc, char **argv)
{
  Bench bench = {.seed = 7};
  g_autoptr (GListStore) classes = NULL;
  g_autoptr (GListStore) list = NULL;
  g_autoptr (HfShownPictures) shown = NULL;
  GtkWindow *window;
  gint64 since;
  guint n;

  stage_init ();
  classes = pictures_new_classes ();
  list = pictures_new_list (argv + 1, 1);
  n = g_list_model_get_n_items (G_LIST_MODEL (list));
  for (guint i = 0; i < n; i++) {
    g_autoptr (HfPicture) picture =
        g_list_model_get_item (G_LIST_MODEL (list), i);

    pictures_vary (picture, (int) i);
  }
  shown = hf_shown_pictures_new ();
  hf_shown_pictures_set_model (shown, G_LIST_MODEL (list));
  bench.gallery = hf_gallery_new ();
  hf_gallery_set_classes (HF_GALLERY (bench.gallery), G_LIST_MODEL (classes));
  window = stage_show (bench.gallery, 834, 860);
  hf_latency_watch (NULL, 0, stall_cb, &bench);
  since = g_get_monotonic_time ();
  hf_gallery_set_model (HF_GALLERY (bench.gallery), G_LIST_MODEL (shown));
  settle (&bench, window);
  printf ("{\"pictures\": %u, \"first_ms\": %.0f, \"open_longest_ms\": %.1f, "
          "\"open_busiest_ms\": %.1f, ",
          n, (double) (g_get_monotonic_time () - since) / 1000,
          bench.longest_ms, bench.busiest_ms);
  bench.down = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (
      stage_find (bench.gallery, GTK_TYPE_SCROLLED_WINDOW, NULL)));
  scroll_far (&bench, 60, 300, "even");
  scroll_far (&bench, 900, 200, "page");
  scroll_far (&bench, 0, 150, "leap");
  settle (&bench, window);
  ask (&bench, window, shown);
  bench.longest_ms = bench.busiest_ms = 0;
  for (int size = HF_TILE_MIN_PX; size <= HF_TILE_MAX_PX; size += 32) {
    hf_gallery_set_tile_size (HF_GALLERY (bench.gallery), size);
    settle (&bench, window);
  }
  printf ("\"zoom_longest_ms\": %.1f, \"zoom_busiest_ms\": %.1f, "
          "\"resident_mib\": %.0f, "
          "\"peak_mib\": %.0f, \"tiles\": %u}\n",
          bench.longest_ms, bench.busiest_ms, get_status_mib ("VmRSS:"),
          get_status_mib ("VmHWM:"),
          hf_gallery_count_tiles (HF_GALLERY (bench.gallery)));
  stage_close (window, NULL);
  return 0;
}
