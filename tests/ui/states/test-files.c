/* Pictures that come, go and change in the folder of an open project. */
#include "sitting.h"
#include "stage.h"

#include "app/project/sources.h"
#include "ui/gallery/gallery.h"
#include "ui/gallery/thumbnailer.h"
#include "ui/gallery/viewer/viewer.h"
#include "ui/label/list/shown-pictures.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { N_BEFORE = 60, N_BURST = 300 };

static HfPicture *
get_picture (HfWindow *window, guint i)
{
  HfWorkspace *workspace = hf_window_get_workspace (window);
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (hf_workspace_get_pictures (workspace), i);

  return picture; /* which the list holds */
}

typedef struct {
  HfWindow *window;
  const char *states;
} Wait;

/* Of each picture by path: r(eady), w(aiting), u(nreadable), g(one). */
static gboolean
has_states (gpointer data)
{
  const Wait *wait = data;
  HfWorkspace *workspace = hf_window_get_workspace (wait->window);
  guint n = g_list_model_get_n_items (hf_workspace_get_pictures (workspace));

  if (n != strlen (wait->states))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    const HfPictureInfo *info =
        hf_picture_get_info (get_picture (wait->window, i));
    char state = info->gone ? 'g' : "wru"[info->state];

    if (state != wait->states[i])
      return FALSE;
  }
  return TRUE;
}

static void
wait_states (HfWindow *window, const char *states)
{
  Wait wait = {window, states};

  desk_wait (has_states, &wait);
}

static void
take_away (Desk *desk, const char *name)
{
  g_autofree char *path = desk_dup_path (desk, name);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
put_text (Desk *desk, const char *name, const char *text)
{
  g_autofree char *path = desk_dup_path (desk, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_come (Desk *desk, gconstpointer unused)
{
  HfWindow *window = sitting_open_three (desk);
  GtkWidget *gallery = stage_find (GTK_WIDGET (window), HF_TYPE_GALLERY, NULL);
  HfPicture *second = get_picture (window, 1);
  g_autoptr (GPtrArray) selected = NULL;

  sitting_label (window, 0, "1");
  sitting_wait_labels (window, "good - -");
  g_assert_true (hf_gallery_go_to (HF_GALLERY (gallery), second));
  desk_put (desk, "good/lot07__03.jpg", "parts/0.jpg");
  desk_put (desk, "good/lot07__04.jpg", "parts/lot/4.jpg");
  wait_states (window, "rrrrr");
  sitting_wait_labels (window, "- good - - -");
  selected = hf_gallery_dup_selection (HF_GALLERY (gallery));
  g_assert_cmpuint (selected->len, ==, 1);
  g_assert_true (selected->pdata[0] == second);
  g_assert_true (hf_gallery_get_focused (HF_GALLERY (gallery)) == second);
  sitting_undo (window);
  sitting_wait_labels (window, "- - - - -");
  sitting_wait_notice (window, NULL);
}

/* Nothing is lost: neither the label, nor the place of the picture. */
static void
test_go (Desk *desk, gconstpointer unused)
{
  HfWindow *window = sitting_open_three (desk);
  HfWorkspace *workspace = hf_window_get_workspace (window);

  sitting_label (window, 0, "1");
  sitting_wait_labels (window, "good - -");
  take_away (desk, "parts/1.jpg");
  take_away (desk, "parts/2.jpg");
  wait_states (window, "ggr");
  sitting_save (window, "files-gone");
  sitting_wait_labels (window, "good - -");
  g_assert_cmpuint (desk_get_uint (workspace, "n-unreadable"), ==, 2);
  g_assert_cmpuint (desk_get_uint (workspace, "n-ready"), ==, 1);
  /* Other settings do not try them again, and the eldest step is still there.
   */
  hf_workspace_reload (workspace);
  wait_states (window, "ggr");
  sitting_undo (window);
  sitting_wait_labels (window, "- - -");
  sitting_label (window, 0, "2");
  sitting_wait_labels (window, "rusty - -");
  desk_put (desk, "good/lot07__01.jpg", "parts/1.jpg");
  wait_states (window, "rgr");
  sitting_wait_stored (desk, "p.handful", "rusty - -");
  gtk_window_close (GTK_WINDOW (window));
  desk_wait_closed (desk);
  /* The next day it is still gone, and said so. */
  window = sitting_open (desk, "p.handful");
  wait_states (window, "rgr");
}

/* The side of the thumbnail that is held of @path, 0: none. */
static int
get_thumb_width (GtkWidget *widget, const char *path)
{
  HfThumbnailer *thumbnailer = hf_thumbnailer_get (widget);

  for (int side = HF_THUMBNAILER_STEP_PX; side <= 1024;
       side += HF_THUMBNAILER_STEP_PX) {
    g_autoptr (HfThumb) thumb =
        hf_thumbnailer_dup_ready (thumbnailer, path, side);

    if (thumb != NULL)
      return thumb->width;
  }
  return 0;
}

typedef struct {
  GtkWidget *widget;
  const char *path;
  int width;
} Thumb;

static gboolean
has_thumb (gpointer data)
{
  const Thumb *thumb = data;

  return get_thumb_width (thumb->widget, thumb->path) == thumb->width;
}

static gboolean
is_shown (gpointer viewer)
{
  return !hf_viewer_is_loading (viewer);
}

static void
save_plain (const char *path, int width, int height)
{
  g_autoptr (GdkPixbuf) pixbuf =
      gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (pixbuf, 0x4080c000);
  gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
  g_assert_no_error (error);
}

static void
test_change (Desk *desk, gconstpointer unused)
{
  HfWindow *window = sitting_open_three (desk);
  g_autofree char *path = desk_dup_path (desk, "parts/2.jpg");
  Thumb thumb = {GTK_WIDGET (window), path, 320};

  sitting_label (window, 1, "1");
  sitting_wait_labels (window, "- good -");
  put_text (desk, "parts/2.jpg", "no picture");
  wait_states (window, "rur");
  save_plain (path, 320, 160);
  wait_states (window, "rrr");
  desk_wait (has_thumb, &thumb);
  save_plain (path, 160, 320);
  thumb.width = 160;
  desk_wait (has_thumb, &thumb);
  wait_states (window, "rrr");
  sitting_wait_stored (desk, "p.handful", "- good -");
}

/* The picture on the screen is another one. */
static void
test_viewed (Desk *desk, gconstpointer unused)
{
  HfWindow *window = sitting_open_three (desk);
  GtkWidget *viewer = stage_find (GTK_WIDGET (window), HF_TYPE_VIEWER, NULL);
  g_autofree char *path = desk_dup_path (desk, "parts/1.jpg");
  Thumb thumb = {GTK_WIDGET (window), path, 320};

  hf_viewer_set_picture (HF_VIEWER (viewer), get_picture (window, 0));
  desk_wait (is_shown, viewer);
  save_plain (path, 320, 160);
  desk_wait (has_thumb, &thumb);
  desk_wait (is_shown, viewer);
  wait_states (window, "rrr");
}

/* Written in two halves, with the file closed between them: it was refused, and
 * then it is whole. */
static void
test_half_written (Desk *desk, gconstpointer unused)
{
  HfWindow *window = sitting_open_three (desk);
  g_autofree char *whole = desk_dup_path (desk, "parts/1.jpg");
  g_autofree char *path = desk_dup_path (desk, "parts/4.jpg");
  g_autofree char *bytes = NULL;
  gsize n;
  int fd;

  g_assert_true (g_file_get_contents (whole, &bytes, &n, NULL));
  fd = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (write (fd, bytes, n / 3), ==, (gssize) (n / 3));
  /* Open for writing, it is not taken; what comes later is. */
  desk_put (desk, "good/lot07__03.jpg", "parts/5.jpg");
  wait_states (window, "rrrr");
  close (fd);
  wait_states (window, "rrrur");
  fd = g_open (path, O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  g_assert_cmpint (write (fd, bytes + n / 3, n - n / 3), ==,
                   (gssize) (n - n / 3));
  close (fd);
  wait_states (window, "rrrrr");
}

/* What the window does by itself, but seconds after a label. */
static void
fill_hashes (Desk *desk)
{
  g_autofree char *path = desk_dup_path (desk, "p.handful");
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_open (path, &error);

  g_assert_no_error (error);
  hf_project_fill_hashes (project, FALSE, NULL, &error);
  g_assert_no_error (error);
}

static void
rename_picture (Desk *desk, const char *from, const char *to)
{
  g_autofree char *old = desk_dup_path (desk, from);
  g_autofree char *new = desk_dup_path (desk, to);

  g_assert_cmpint (g_rename (old, new), ==, 0);
}

/* A labelled picture that gets another name, or another folder, is the same
 * one: it is known by its content. */
static void
test_renamed (Desk *desk, gconstpointer unused)
{
  HfWindow *window = sitting_open_three (desk);

  sitting_label (window, 0, "1");
  sitting_wait_stored (desk, "p.handful", "good - -");
  fill_hashes (desk);
  rename_picture (desk, "parts/1.jpg", "parts/9.jpg");
  sitting_wait_labels (window, "- - good");
  wait_states (window, "rrr");
}

static void
write_again (Desk *desk, const char *name)
{
  g_autofree char *path = desk_dup_path (desk, name);
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) n, NULL));
}

static void
replace_picture (Desk *desk, const char *name)
{
  g_autofree char *path = desk_dup_path (desk, name);

  save_plain (path, 320, 160);
}

/* One that was written again as it was is not asked about; the others are, all
 * at once, and what they are now is what they are known by. */
static void
test_questioned (Desk *desk, gconstpointer unused)
{
  HfWindow *window = sitting_open_three (desk);
  HfWorkspace *workspace = hf_window_get_workspace (window);
  GPtrArray *selected;

  sitting_label (window, 0, "1");
  sitting_label (window, 1, "1");
  sitting_label (window, 2, "2");
  sitting_wait_stored (desk, "p.handful", "good good rusty");
  fill_hashes (desk);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s",
                              "export");
  write_again (desk, "parts/1.jpg");
  replace_picture (desk, "parts/2.jpg");
  sitting_wait_toast (window, "1 labelled picture has changed");
  replace_picture (desk, "parts/3.jpg");
  sitting_wait_toast (window, "2 labelled pictures have changed");
  sitting_save (window, "files-questioned");
  sitting_press_toast (window);
  selected = hf_workspace_get_selection (workspace);
  g_assert_cmpuint (selected->len, ==, 2);
  g_assert_true (selected->pdata[0] == get_picture (window, 1));
  g_assert_true (selected->pdata[1] == get_picture (window, 2));
  sitting_wait_toast (window, NULL);
  wait_states (window, "rrr");
  rename_picture (desk, "parts/2.jpg", "parts/9.jpg");
  sitting_wait_labels (window, "good rusty good");
  wait_states (window, "rrr");
}

/* Another picture in a file of the same length. */
static void
alter_picture (Desk *desk, const char *name)
{
  g_autofree char *path = desk_dup_path (desk, name);
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  bytes[n / 2] ^= 1;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) n, NULL));
}

/* Nobody was there to see it change. */
static void
test_questioned_later (Desk *desk, gconstpointer unused)
{
  GPtrArray *selected;
  HfWindow *window;

  desk_put (desk, "good/lot07__02.jpg", "parts/4.jpg");
  window = sitting_open_three (desk);
  sitting_label (window, 0, "1");
  sitting_label (window, 1, "2");
  sitting_label (window, 3, "1");
  sitting_wait_stored (desk, "p.handful", "good rusty - good");
  fill_hashes (desk);
  gtk_window_close (GTK_WINDOW (window));
  desk_wait_closed (desk);
  write_again (desk, "parts/1.jpg");
  replace_picture (desk, "parts/2.jpg");
  replace_picture (desk, "parts/3.jpg");
  alter_picture (desk, "parts/4.jpg");
  window = sitting_open (desk, "p.handful");
  sitting_wait_toast (window, "2 labelled pictures have changed");
  sitting_press_toast (window);
  selected = hf_workspace_get_selection (hf_window_get_workspace (window));
  g_assert_cmpuint (selected->len, ==, 2);
  g_assert_true (selected->pdata[0] == get_picture (window, 1));
  g_assert_true (selected->pdata[1] == get_picture (window, 3));
  sitting_wait_labels (window, "good rusty - good");
}

static gboolean
is_tile (GtkWidget *widget, gpointer picture)
{
  return HF_IS_TILE (widget) &&
         hf_tile_get_picture (HF_TILE (widget)) == picture;
}

/* Whether the tile of the picture lies within the gallery's visible part. */
static gboolean
is_in_sight (GtkWidget *gallery, HfPicture *picture)
{
  GtkWidget *tile = stage_find_that (gallery, is_tile, picture);
  graphene_rect_t bounds;

  return tile != NULL && gtk_widget_get_mapped (tile) &&
         gtk_widget_compute_bounds (tile, gallery, &bounds) &&
         bounds.origin.y > -bounds.size.height &&
         bounds.origin.y < (float) gtk_widget_get_height (gallery);
}

static gboolean
sees (gpointer data)
{
  return is_in_sight (((gpointer *) data)[0], ((gpointer *) data)[1]);
}

typedef struct {
  HfWorkspace *workspace;
  guint n;
} Count;

static gboolean
has_pictures (gpointer data)
{
  const Count *count = data;

  return desk_get_uint (count->workspace, "n-pictures") == count->n;
}

/* @n copies, of which every second one comes before all that is there. */
static void
put_many (Desk *desk, const char *folder, const char *stem, int n)
{
  for (int i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("%s/%s%s%04d.jpg", folder,
                                             i % 2 == 0 ? "a" : "z", stem, i);

    desk_put (desk, "good/lot07__01.jpg", name);
  }
}

/* Somebody scrolls, has selected, filters by name; a card is copied in. */
static void
test_burst (Desk *desk, gconstpointer unused)
{
  g_autoptr (GPtrArray) selected = NULL;
  HfPicture *middle;
  HfWindow *window;
  GtkWidget *gallery;
  Count count = {NULL, N_BEFORE + N_BURST};

  put_many (desk, "parts", "m", N_BEFORE);
  sitting_make_project (desk, "p.handful", "parts");
  window = sitting_open (desk, "p.handful");
  count.workspace = hf_window_get_workspace (window);
  gallery = stage_find (GTK_WIDGET (window), HF_TYPE_GALLERY, NULL);
  hf_gallery_set_tile_size (HF_GALLERY (gallery), HF_TILE_MAX_PX);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.filter", "s",
                              "unlabelled");
  middle = get_picture (window, N_BEFORE / 2);
  g_assert_true (hf_gallery_go_to (HF_GALLERY (gallery), middle));
  desk_wait (sees, (gpointer[]){gallery, middle});
  put_many (desk, "parts", "b", N_BURST);
  desk_wait (has_pictures, &count);
  stage_settle (GTK_WINDOW (window));
  g_assert_true (is_in_sight (gallery, middle));
  selected = hf_gallery_dup_selection (HF_GALLERY (gallery));
  g_assert_cmpuint (selected->len, ==, 1);
  g_assert_true (selected->pdata[0] == middle);
  g_assert_true (hf_gallery_get_focused (HF_GALLERY (gallery)) == middle);
  g_assert_cmpuint (
      g_list_model_get_n_items (hf_gallery_get_model (HF_GALLERY (gallery))),
      ==, N_BEFORE + N_BURST);
}

int
main (int argc, char **argv)
{
  desk_begin (&argc, &argv);
  desk_add ("/files/new-ones-appear-by-themselves", test_come);
  desk_add ("/files/one-that-is-gone-keeps-its-label-and-says-so", test_go);
  desk_add ("/files/one-that-changes-is-looked-at-again", test_change);
  desk_add ("/files/one-that-changes-in-the-viewer-is-shown-anew", test_viewed);
  desk_add ("/files/a-half-written-one-is-taken-when-it-is-whole",
            test_half_written);
  desk_add ("/files/a-labelled-one-keeps-its-label-under-another-name",
            test_renamed);
  desk_add ("/files/a-labelled-one-that-is-another-now-is-asked-about",
            test_questioned);
  desk_add ("/files/one-that-became-another-while-the-project-was-closed-too",
            test_questioned_later);
  desk_add ("/files/a-burst-moves-neither-selection-nor-sight", test_burst);
  return g_test_run ();
}
