#include "pictures.h"
#include "stage.h"
#include "ui/gallery/gallery.h"
#include "ui/gallery/selection.h"
#include "ui/gallery/thumbnailer.h"
#include "ui/gallery/words.h"

typedef struct {
  char *folder;
  GListStore *list, *classes;
  GtkWidget *gallery;
  GtkWindow *window;
} Fixture;

static gboolean
is_complete (gpointer gallery)
{
  return hf_gallery_count_tiles (HF_GALLERY (gallery)) > 0 &&
         hf_gallery_count_waiting (HF_GALLERY (gallery)) == 0;
}

/* data: how many pictures. */
static void
set_up (Fixture *f, gconstpointer data)
{
  f->list = pictures_make (GPOINTER_TO_INT (data), &f->folder);
  f->classes = pictures_new_classes ();
  f->gallery = g_object_ref_sink (hf_gallery_new ());
  hf_gallery_set_classes (HF_GALLERY (f->gallery), G_LIST_MODEL (f->classes));
  hf_gallery_set_model (HF_GALLERY (f->gallery), G_LIST_MODEL (f->list));
  f->window = stage_show (f->gallery, 834, 700);
  stage_settle (f->window);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  stage_close (f->window, f->gallery);
  g_object_unref (f->list);
  g_object_unref (f->classes);
  pictures_remove (f->folder);
}

static HfPicture *
get_picture (Fixture *f, guint i)
{
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (G_LIST_MODEL (f->list), i);

  return picture; /* which the list holds */
}

static gint64
get_id (HfPicture *picture)
{
  return picture != NULL ? hf_picture_get_info (picture)->id : 0;
}

/* The ids of what is selected, "1 2 3" (caller frees). */
static char *
dup_selected (Fixture *f)
{
  g_autoptr (GPtrArray) pictures =
      hf_gallery_dup_selection (HF_GALLERY (f->gallery));
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < pictures->len; i++)
    g_string_append_printf (text, "%s%d", i > 0 ? " " : "",
                            (int) get_id (pictures->pdata[i]));
  return g_string_free (text, FALSE);
}

static void
assert_selected (Fixture *f, const char *ids)
{
  g_autofree char *selected = dup_selected (f);

  g_assert_cmpstr (selected, ==, ids);
}

static void
select_ids (Fixture *f, const guint *places, guint n)
{
  g_autoptr (GPtrArray) pictures = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (pictures, get_picture (f, places[i]));
  hf_gallery_select (HF_GALLERY (f->gallery), pictures);
}

static void
test_shows_pictures (Fixture *f, gconstpointer data)
{
  stage_wait (is_complete, f->gallery);
  g_assert_true (is_complete (f->gallery));
}

/* However many pictures there are, tiles are only made near the visible. */
static void
test_few_tiles (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (hf_gallery_count_tiles (HF_GALLERY (f->gallery)), <, 260);
}

static void
test_steps (Fixture *f, gconstpointer data)
{
  HfGallery *gallery = HF_GALLERY (f->gallery);

  g_assert_true (hf_gallery_go_to (gallery, get_picture (f, 0)));
  g_assert_cmpint (get_id (hf_gallery_get_focused (gallery)), ==, 1);
  assert_selected (f, "1");
  /* Far outside of what is shown. */
  g_assert_true (hf_gallery_go_to (gallery, get_picture (f, 380)));
  g_assert_cmpint (get_id (hf_gallery_get_focused (gallery)), ==, 381);
  assert_selected (f, "381");
}

static void
count_cb (gpointer object, gpointer data)
{
  ++*(int *) data;
}

static void
count_swapped_cb (int *n)
{
  ++*n;
}

static void
test_selection_stays (Fixture *f, gconstpointer data)
{
  const guint places[] = {3, 7, 350};
  int n_changes = 0;

  g_signal_connect (f->gallery, "selection-changed", G_CALLBACK (count_cb),
                    &n_changes);
  select_ids (f, places, 3);
  assert_selected (f, "4 8 351");
  g_assert_cmpint (n_changes, ==, 1);
  /* Places move, pictures stay. */
  g_list_store_remove (f->list, 0);
  assert_selected (f, "4 8 351");
  g_list_store_remove (f->list, 2);
  assert_selected (f, "8 351");
  g_assert_cmpuint (hf_gallery_count_selected (HF_GALLERY (f->gallery)), ==, 2);
  g_assert_cmpint (n_changes, ==, 3);
}

static gboolean
is_odd (gpointer item, gpointer data)
{
  return get_id (item) % 2 == 1;
}

static gboolean
is_any (gpointer item, gpointer data)
{
  return TRUE;
}

/* What the filter takes away is not labelled by the next key. */
static void
test_filter (Fixture *f, gconstpointer data)
{
  HfGallery *gallery = HF_GALLERY (f->gallery);
  const guint places[] = {10, 11, 12};
  GtkCustomFilter *filter = gtk_custom_filter_new (is_any, NULL, NULL);
  GtkFilterListModel *filtered = gtk_filter_list_model_new (
      g_object_ref (G_LIST_MODEL (f->list)), GTK_FILTER (filter));

  hf_gallery_set_model (gallery, G_LIST_MODEL (filtered));
  stage_settle (f->window);
  hf_gallery_go_to (gallery, get_picture (f, 10));
  select_ids (f, places, 3);
  gtk_custom_filter_set_filter_func (filter, is_odd, NULL, NULL);
  stage_settle (f->window);
  assert_selected (f, "11 13");
  g_assert_cmpint (get_id (hf_gallery_get_focused (gallery)), ==, 11);
  gtk_custom_filter_set_filter_func (filter, is_any, NULL, NULL);
  stage_settle (f->window);
  assert_selected (f, "11 13");
  g_assert_cmpint (get_id (hf_gallery_get_focused (gallery)), ==, 11);
  g_object_unref (filtered);
}

/* As when the workspace has read the folder again. */
static void
test_replaced (Fixture *f, gconstpointer data)
{
  HfGallery *gallery = HF_GALLERY (f->gallery);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  const guint places[] = {200, 205};
  guint n = g_list_model_get_n_items (G_LIST_MODEL (f->list));

  hf_gallery_go_to (gallery, get_picture (f, 205));
  select_ids (f, places, 2);
  for (guint i = 5; i < n; i++)
    g_ptr_array_add (all, g_object_ref (get_picture (f, i)));
  g_list_store_splice (f->list, 0, n, all->pdata, all->len);
  stage_settle (f->window);
  assert_selected (f, "201 206");
  g_assert_cmpint (get_id (hf_gallery_get_focused (gallery)), ==, 206);
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  HfGallery *gallery = HF_GALLERY (f->gallery);
  g_autoptr (HfPicture) first = g_object_ref (get_picture (f, 0));

  g_list_store_remove_all (f->list);
  g_assert_false (hf_gallery_go_to (gallery, first));
  assert_selected (f, "");
  hf_gallery_set_model (gallery, NULL);
  g_assert_false (hf_gallery_go_to (gallery, first));
  assert_selected (f, "");
}

typedef struct {
  GPtrArray *pictures;
  HfPicture *wanted; /* among them, in the end */
} Seen;

static void
seen_cb (HfGallery *gallery, GPtrArray *pictures, Seen *seen)
{
  g_clear_pointer (&seen->pictures, g_ptr_array_unref);
  seen->pictures = g_ptr_array_ref (pictures);
}

/* Before the scroll what was seen until then may still be told. */
static gboolean
has_come (gpointer data)
{
  const Seen *seen = data;

  return seen->pictures != NULL &&
         g_ptr_array_find (seen->pictures, seen->wanted, NULL);
}

static void
test_tells_what_is_seen (Fixture *f, gconstpointer data)
{
  Seen seen = {NULL, get_picture (f, 300)};

  g_signal_connect (f->gallery, "seen", G_CALLBACK (seen_cb), &seen);
  hf_gallery_scroll_to (HF_GALLERY (f->gallery), seen.wanted);
  stage_wait (has_come, &seen);
  g_assert_cmpuint (seen.pictures->len, >=, 10);
  g_assert_cmpuint (seen.pictures->len, <=, 40);
  g_assert_false (g_ptr_array_find (seen.pictures, get_picture (f, 0), NULL));
  g_signal_handlers_disconnect_by_data (f->gallery, &seen);
  g_ptr_array_unref (seen.pictures);
}

static void
test_tile_size (Fixture *f, gconstpointer data)
{
  HfGallery *gallery = HF_GALLERY (f->gallery);
  int n_changes = 0;

  g_signal_connect_swapped (gallery, "notify::tile-size",
                            G_CALLBACK (count_swapped_cb), &n_changes);
  hf_gallery_set_tile_size (gallery, 5000);
  g_assert_cmpint (hf_gallery_get_tile_size (gallery), ==, HF_TILE_MAX_PX);
  hf_gallery_set_tile_size (gallery, 1);
  g_assert_cmpint (hf_gallery_get_tile_size (gallery), ==, HF_TILE_MIN_PX);
  g_assert_cmpint (n_changes, ==, 2);
  stage_settle (f->window);
  stage_settle (f->window);
  stage_wait (is_complete, gallery);
  g_assert_cmpuint (hf_gallery_count_waiting (gallery), ==, 0);
}

static void
run (const char *line)
{
  g_autoptr (GError) error = NULL;

  g_spawn_command_line_sync (line, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* Turned again until the pointer has been seen over the grid. */
static void
test_wheel (Fixture *f, gconstpointer data)
{
  HfGallery *gallery = HF_GALLERY (f->gallery);
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");
  gint64 end_us = 0;

  if (xdotool == NULL) {
    g_test_skip ("xdotool is not installed");
    return;
  }
  hf_gallery_set_tile_size (gallery, HF_TILE_MIN_PX);
  patience_until (gtk_window_is_active (f->window));
  run ("xdotool getactivewindow mousemove --window %1 200 200");
  while (hf_gallery_get_tile_size (gallery) == HF_TILE_MIN_PX &&
         patience_lasts (&end_us))
    run ("xdotool keydown ctrl click 4 keyup ctrl");
  g_assert_cmpint (hf_gallery_get_tile_size (gallery), >, HF_TILE_MIN_PX);
}

static void
assert_label (HfPicture *picture, GListStore *classes, const char *expected)
{
  g_autofree char *label = hf_words_dup_label (hf_picture_get_info (picture),
                                               G_LIST_MODEL (classes));

  g_assert_cmpstr (label, ==, expected);
}

static void
test_words (void)
{
  g_autoptr (GListStore) classes = pictures_new_classes ();
  g_autoptr (HfPicture) picture = pictures_new (1, "/a/img_0412.jpg");
  HfPictureInfo *info = hf_picture_edit (picture);
  g_autofree char *tooltip = NULL, *least = NULL, *most = NULL;

  assert_label (picture, classes,
                "img_0412.jpg, not looked at by the model yet");
  info->state = HF_PICTURE_READY;
  assert_label (picture, classes, "img_0412.jpg, not labelled");
  info->predicted_id = 3;
  info->probability = 0.5449f;
  info->verdict = HF_VERDICT_REJECT;
  assert_label (picture, classes,
                "img_0412.jpg, predicted cracked, 54 percent");
  info->verdict = HF_VERDICT_UNSURE;
  assert_label (picture, classes,
                "img_0412.jpg, unsure, perhaps cracked, 54 percent");
  info->verdict = HF_VERDICT_UNKNOWN;
  assert_label (picture, classes, "img_0412.jpg, unlike everything labelled");
  info->class_id = 2;
  info->missed_id = 1;
  info->missed_probability = 0.708f;
  assert_label (picture, classes,
                "img_0412.jpg, labelled rusty, called good when held out, "
                "71 percent");
  info->group = "lot07";
  tooltip = hf_words_dup_tooltip (info, G_LIST_MODEL (classes), 448, 300, -1);
  g_assert_cmpstr (tooltip, ==,
                   "/a/img_0412.jpg\n448 × 300\nGroup: lot07\n"
                   "labelled rusty, called good when held out, 71 percent\n"
                   "unlike everything labelled");
  /* A class that was merged away in the meantime. */
  info->class_id = 9;
  info->predicted_id = 9;
  assert_label (picture, classes, "img_0412.jpg, not labelled");
  least = hf_words_dup_percent (0);
  most = hf_words_dup_percent (1);
  g_assert_cmpstr (least, ==, "0");
  g_assert_cmpstr (most, ==, "99");
}

/* What is asked of a thumbnailer: a GError or NULL for each picture, and which
 * picture each is of, in the order in which they came. */
typedef struct {
  GPtrArray *answers, *pictures;
  guint n;
} Wait;

typedef struct {
  Wait *wait;
  HfPicture *picture;
} Load;

static void
clear_answer (gpointer error)
{
  if (error != NULL)
    g_error_free (error);
}

static Wait
wait_make (guint n)
{
  return (Wait){g_ptr_array_new_with_free_func (clear_answer),
                g_ptr_array_new_with_free_func (g_object_unref), n};
}

static void
wait_clear (Wait *self)
{
  g_ptr_array_unref (self->answers);
  g_ptr_array_unref (self->pictures);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Load *load = data;
  GError *error = NULL;
  HfThumb *thumb = hf_thumbnailer_load_finish (result, &error);

  g_ptr_array_add (load->wait->answers, error);
  g_ptr_array_add (load->wait->pictures, load->picture);
  g_clear_pointer (&thumb, hf_thumb_unref);
}

static void
load (Wait *self, HfThumbnailer *thumbnailer, GListStore *list, guint i,
      GCancellable *cancellable)
{
  Load *load = g_new (Load, 1);

  *load = (Load){self, g_list_model_get_item (G_LIST_MODEL (list), i)};
  hf_thumbnailer_load_async (thumbnailer,
                             hf_picture_get_info (load->picture)->path, 128,
                             cancellable, loaded_cb, load);
}

static gboolean
has_answers (gpointer data)
{
  const Wait *wait = data;

  return wait->answers->len == wait->n;
}

static gboolean
is_ready (HfThumbnailer *thumbnailer, HfPicture *picture)
{
  HfThumb *thumb = hf_thumbnailer_dup_ready (
      thumbnailer, hf_picture_get_info (picture)->path, 128);
  const gboolean ready = thumb != NULL;

  g_clear_pointer (&thumb, hf_thumb_unref);
  return ready;
}

/* More than fits is made, and less is kept: what came last, whatever was asked
 * for last. */
static void
test_memory_is_bounded (void)
{
  char *folder;
  g_autoptr (GListStore) list = pictures_make (200, &folder);
  g_autofree char *cache = g_build_filename (folder, "thumbnails", NULL);
  HfThumbnailer *thumbnailer = hf_thumbnailer_new (cache, 1000000);
  Wait wait = wait_make (200);

  for (guint i = 0; i < 200; i++)
    load (&wait, thumbnailer, list, i, NULL);
  stage_wait (has_answers, &wait);
  for (guint i = 0; i < 200; i++)
    g_assert_null (wait.answers->pdata[i]);
  g_assert_cmpuint (hf_thumbnailer_get_held_bytes (thumbnailer), <=, 1000000);
  g_assert_cmpuint (hf_thumbnailer_get_held_bytes (thumbnailer), >, 900000);
  g_assert_true (is_ready (thumbnailer, wait.pictures->pdata[199]));
  g_assert_false (is_ready (thumbnailer, wait.pictures->pdata[0]));
  wait_clear (&wait);
  g_assert_finalize_object (thumbnailer);
  pictures_remove (folder);
}

static void
test_cancelled (void)
{
  char *folder;
  g_autoptr (GListStore) list = pictures_make (1, &folder);
  g_autofree char *cache = g_build_filename (folder, "thumbnails", NULL);
  HfThumbnailer *thumbnailer = hf_thumbnailer_new (cache, 1000000);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Wait wait = wait_make (1);

  load (&wait, thumbnailer, list, 0, cancellable);
  /* Even one that is being made is not handed out. */
  g_cancellable_cancel (cancellable);
  stage_wait (has_answers, &wait);
  g_assert_true (g_error_matches (wait.answers->pdata[0], G_IO_ERROR,
                                  G_IO_ERROR_CANCELLED));
  g_assert_cmpuint (hf_thumbnailer_get_held_bytes (thumbnailer), ==, 0);
  wait_clear (&wait);
  g_assert_finalize_object (thumbnailer);
  pictures_remove (folder);
}

#define ADD(name, n, func)                                                     \
  g_test_add ("/ui/gallery/" name, Fixture, GINT_TO_POINTER (n), set_up, func, \
              tear_down)

/* Keys must not have to go through all pictures to leave them. */
static void
test_tab_leaves (Fixture *f, gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *before = gtk_button_new_with_label ("before");
  GtkWidget *after = gtk_button_new_with_label ("after"), *overlay;
  GtkWindow *window = f->window;

  overlay = gtk_widget_get_parent (f->gallery);
  g_object_set (overlay, "child", NULL, NULL);
  gtk_box_append (GTK_BOX (box), before);
  gtk_box_append (GTK_BOX (box), f->gallery);
  gtk_box_append (GTK_BOX (box), after);
  g_object_set (overlay, "child", box, NULL);
  stage_settle (window);
  gtk_widget_grab_focus (before);
  gtk_widget_child_focus (GTK_WIDGET (window), GTK_DIR_TAB_FORWARD);
  g_assert_true (
      gtk_widget_is_ancestor (gtk_window_get_focus (window), f->gallery));
  gtk_widget_child_focus (GTK_WIDGET (window), GTK_DIR_TAB_FORWARD);
  g_assert_true (gtk_window_get_focus (window) == after);
  gtk_widget_child_focus (GTK_WIDGET (window), GTK_DIR_TAB_BACKWARD);
  g_assert_true (
      gtk_widget_is_ancestor (gtk_window_get_focus (window), f->gallery));
  gtk_widget_child_focus (GTK_WIDGET (window), GTK_DIR_TAB_BACKWARD);
  g_assert_true (gtk_window_get_focus (window) == before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add_func ("/ui/gallery/words-say-what-is-known", test_words);
  g_test_add_func ("/ui/gallery/thumbnails-stay-within-their-memory",
                   test_memory_is_bounded);
  g_test_add_func ("/ui/gallery/a-cancelled-thumbnail-does-not-come",
                   test_cancelled);
  ADD ("shows-its-pictures", 30, test_shows_pictures);
  ADD ("makes-tiles-only-for-what-is-near", 2000, test_few_tiles);
  ADD ("steps-from-picture-to-picture", 400, test_steps);
  ADD ("selection-is-of-pictures-not-of-places", 400, test_selection_stays);
  ADD ("a-filter-keeps-selection-and-focus", 400, test_filter);
  ADD ("a-list-read-again-keeps-selection-and-focus", 400, test_replaced);
  ADD ("tab-leaves-from-any-picture", 400, test_tab_leaves);
  ADD ("says-why-it-is-empty", 5, test_empty);
  ADD ("tells-what-is-seen", 400, test_tells_what_is_seen);
  ADD ("tiles-have-sizes-within-limits", 100, test_tile_size);
  ADD ("ctrl-and-the-wheel-make-tiles-larger", 100, test_wheel);
  return g_test_run ();
}
