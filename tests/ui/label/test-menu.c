/* The menu on a picture, with real keys and a real pointer. Other programs are
 * ours: a file manager on the bus of the test, and a script that the desktop
 * has for all pictures and folders. */
#include "bench.h"
#include "stage.h"

#include "ui/gallery/gallery.h"
#include "ui/gallery/viewer/viewer.h"

#include <glib/gstdio.h>

#define N_PICTURES 6
#define PLAIN "LOT0__00000.png"
#define SPACED "teil 锈 é.png"
#define BROKEN "b\377.png"

#define ALL_BUT_LABEL \
  "Open in Viewer|Open with Other Program|Show in Folder|Copy Path|"
#define ALL                                                         \
  "Open in Viewer|Take Label Away|Open with Other Program|Show in " \
  "Folder|Copy Path|"

static const char *const classes[] = {"good", "rusty"};

typedef struct {
  LabelBench bench;
  char *folder;
  GDBusConnection *bus; /* with a file manager on it, or NULL */
  guint owner_id, object_id;
  gboolean refuses;
  gboolean is_owned;
  char *asked;   /* the files it was asked for */
  char *message; /* what was complained about */
} Setting;

/* --- The page ---------------------------------------------------------- */

static void
copy_first (Setting *self, const char *name)
{
  g_autofree char *from = g_build_filename (self->folder, PLAIN, NULL);
  g_autofree char *to = g_build_filename (self->folder, name, NULL);
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) error = NULL;

  g_file_copy (source, target, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* An item that opens under the pointer would have the focus. */
static void
put_pointer_away (void)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");
  const char *argv[] = {xdotool, "mousemove", "0", "0", NULL};
  g_autoptr (GError) error = NULL;

  if (xdotool == NULL)
    return;
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL,
                NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Setting *self, gconstpointer unused)
{
  put_pointer_away ();
  self->folder = label_bench_make_files (N_PICTURES);
  copy_first (self, SPACED);
  copy_first (self, BROKEN);
  label_bench_open (&self->bench, self->folder, classes, 2);
  label_bench_show (&self->bench, 1300, 800);
  stage_settle (self->bench.window);
}

static HfGallery *
get_gallery (Setting *self)
{
  return HF_GALLERY (
      stage_find (GTK_WIDGET (self->bench.page), HF_TYPE_GALLERY, NULL));
}

static GtkWidget *
get_viewer (Setting *self)
{
  return stage_find (GTK_WIDGET (self->bench.page), HF_TYPE_VIEWER, NULL);
}

static char *
dup_path (Setting *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static HfPicture *
get_named (Setting *self, const char *name)
{
  g_autofree char *path = dup_path (self, name);

  for (guint i = 0; i < N_PICTURES + 2; i++) {
    HfPicture *picture = label_bench_get_picture (&self->bench, i);

    if (g_str_equal (hf_picture_get_info (picture)->path, path))
      return picture;
  }
  g_assert_not_reached ();
}

/* In the order in which they are shown. */
static HfPicture *
get_picture (Setting *self, guint i)
{
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (hf_gallery_get_model (get_gallery (self)), i);

  return picture; /* which the list holds */
}

static gboolean
is_tile_of (GtkWidget *widget, gpointer picture)
{
  return HF_IS_TILE (widget) &&
         hf_tile_get_picture (HF_TILE (widget)) == picture;
}

static GtkWidget *
get_tile (Setting *self, HfPicture *picture)
{
  GtkWidget *tile =
      stage_find_that (GTK_WIDGET (self->bench.page), is_tile_of, picture);

  g_assert_nonnull (tile);
  return tile;
}

static void
go_to (Setting *self, HfPicture *picture)
{
  g_assert_true (hf_gallery_go_to (get_gallery (self), picture));
  stage_settle (self->bench.window);
}

static void
select_pictures (Setting *self, HfPicture *first, HfPicture *second)
{
  g_autoptr (GPtrArray) pictures = g_ptr_array_new ();

  g_ptr_array_add (pictures, first);
  g_ptr_array_add (pictures, second);
  hf_gallery_select (get_gallery (self), pictures);
}

static void
assert_selected (Setting *self, HfPicture *first, HfPicture *second)
{
  g_autoptr (GPtrArray) selected =
      hf_gallery_dup_selection (get_gallery (self));

  g_assert_cmpuint (hf_gallery_count_selected (get_gallery (self)), ==,
                    second != NULL ? 2 : 1);
  g_assert_true (g_ptr_array_find (selected, first, NULL));
  g_assert_true (second == NULL || g_ptr_array_find (selected, second, NULL));
}

/* --- The menu ---------------------------------------------------------- */

static gboolean
is_open_menu (GtkWidget *widget, gpointer unused)
{
  return GTK_IS_POPOVER_MENU (widget) && gtk_widget_get_mapped (widget);
}

static GtkWidget *
get_menu (Setting *self)
{
  return stage_find_that (GTK_WIDGET (self->bench.page), is_open_menu, NULL);
}

static gboolean
has_menu (gpointer self)
{
  return get_menu (self) != NULL;
}

static gboolean
has_no_menu (gpointer self)
{
  return get_menu (self) == NULL;
}

/* Left open it would keep the pointer from the next window. */
static void
tear_down (Setting *self, gconstpointer unused)
{
  if (get_menu (self) != NULL)
    gtk_popover_popdown (GTK_POPOVER (get_menu (self)));
  stage_settle (self->bench.window);
  label_bench_close (&self->bench);
  label_bench_delete (self->folder);
  g_free (self->folder);
  if (self->bus != NULL) {
    g_bus_unown_name (self->owner_id);
    g_dbus_connection_unregister_object (self->bus, self->object_id);
    g_object_unref (self->bus);
  }
  g_free (self->asked);
  g_free (self->message);
}

static void
add_labels (GMenuModel *menu, GPtrArray *labels)
{
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++) {
    g_autoptr (GMenuModel) section =
        g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);
    char *label;

    if (section != NULL)
      add_labels (section, labels);
    else if (g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL,
                                              "s", &label))
      g_ptr_array_add (labels, label);
  }
}

static GPtrArray *
dup_labels (Setting *self)
{
  GPtrArray *labels = g_ptr_array_new_with_free_func (g_free);

  stage_wait (has_menu, self);
  add_labels (
      gtk_popover_menu_get_menu_model (GTK_POPOVER_MENU (get_menu (self))),
      labels);
  return labels;
}

static void
assert_items (Setting *self, const char *expected)
{
  g_autoptr (GPtrArray) labels = dup_labels (self);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < labels->len; i++)
    g_string_append_printf (text, "%s|", (char *) labels->pdata[i]);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
find_items (GtkWidget *widget, GPtrArray *items)
{
  if (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) ==
      GTK_ACCESSIBLE_ROLE_MENU_ITEM)
    g_ptr_array_add (items, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    find_items (child, items);
}

/* As a screen reader finds it. */
static GtkWidget *
get_item (Setting *self, const char *label)
{
  g_autoptr (GPtrArray) labels = dup_labels (self);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  guint place;

  find_items (get_menu (self), items);
  g_assert_cmpuint (items->len, ==, labels->len);
  g_assert_true (
      g_ptr_array_find_with_equal_func (labels, label, g_str_equal, &place));
  return items->pdata[place];
}

static void
choose (Setting *self, const char *label)
{
  g_assert_true (gtk_widget_activate (get_item (self, label)));
  stage_wait (has_no_menu, self);
}

static gboolean
press (Setting *self, const char *keys)
{
  return label_bench_press (&self->bench, keys);
}

/* With the secondary button. */
static gboolean
click (GtkWidget *widget)
{
  return stage_click (widget, gtk_widget_get_width (widget) / 2.0,
                      gtk_widget_get_height (widget) / 3.0,
                      GDK_BUTTON_SECONDARY);
}

static void
assert_focus (Setting *self, HfPicture *picture)
{
  GtkWidget *focus = gtk_window_get_focus (self->bench.window);

  g_assert_true (focus == gtk_widget_get_parent (get_tile (self, picture)));
}

static void
test_keys (Setting *self, gconstpointer unused)
{
  HfPicture *picture = get_picture (self, 2);

  go_to (self, picture);
  if (!press (self, "Menu"))
    return;
  assert_items (self, ALL_BUT_LABEL);
  assert_selected (self, picture, NULL);
  press (self, "Escape");
  stage_wait (has_no_menu, self);
  assert_focus (self, picture);
  press (self, "shift+F10");
  assert_items (self, ALL_BUT_LABEL);
  /* The first is chosen, keys are not for the pictures now. */
  press (self, "2 Return");
  stage_wait (has_no_menu, self);
  g_assert_true (hf_viewer_get_picture (HF_VIEWER (get_viewer (self))) ==
                 picture);
  label_bench_wait_labels (&self->bench, "- - - - - - - -");
}

/* The same on a picture that is focused and not selected. */
static void
test_click_selects (Setting *self, gconstpointer unused)
{
  HfPicture *picture = get_picture (self, 3);

  go_to (self, get_picture (self, 0));
  select_pictures (self, get_picture (self, 0), get_picture (self, 1));
  if (!click (get_tile (self, picture)))
    return;
  assert_items (self, ALL_BUT_LABEL);
  assert_selected (self, picture, NULL);
  press (self, "Escape");
  stage_wait (has_no_menu, self);
  assert_focus (self, picture);
  press (self, "ctrl+Right Menu");
  stage_wait (has_menu, self);
  assert_selected (self, get_picture (self, 4), NULL);
}

static void
test_click_keeps (Setting *self, gconstpointer unused)
{
  HfPicture *first = get_picture (self, 1), *second = get_picture (self, 4);

  go_to (self, first);
  select_pictures (self, first, second);
  if (!click (get_tile (self, second)))
    return;
  stage_wait (has_menu, self);
  assert_selected (self, first, second);
  /* Which of the two should another program open? */
  g_assert_false (
      gtk_widget_is_sensitive (get_item (self, "Open with Other Program")));
  g_assert_true (gtk_widget_is_sensitive (get_item (self, "Show in Folder")));
  choose (self, "Open in Viewer");
  g_assert_true (hf_viewer_get_picture (HF_VIEWER (get_viewer (self))) ==
                 second);
  /* What is seen is what keys are for. */
  assert_selected (self, second, NULL);
}

static void
test_no_menu_on_nothing (Setting *self, gconstpointer unused)
{
  GtkWidget *gallery = GTK_WIDGET (get_gallery (self));

  go_to (self, get_picture (self, 0));
  if (!stage_click (gallery, gtk_widget_get_width (gallery) / 2.0,
                    gtk_widget_get_height (gallery) - 5.0,
                    GDK_BUTTON_SECONDARY))
    return;
  stage_settle (self->bench.window);
  g_assert_null (get_menu (self));
}

static void
test_long_press (Setting *self, gconstpointer unused)
{
  GtkWidget *gallery = GTK_WIDGET (get_gallery (self));
  HfPicture *picture = get_picture (self, 3);
  GtkWidget *tile = get_tile (self, picture);
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (gallery);
  double x, y;

  gtk_widget_translate_coordinates (tile, gallery, 20, 20, &x, &y);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

    if (GTK_IS_GESTURE_LONG_PRESS (controller))
      g_signal_emit_by_name (controller, "pressed", x, y);
  }
  assert_items (self, ALL_BUT_LABEL);
  assert_selected (self, picture, NULL);
}

static void
test_viewer (Setting *self, gconstpointer unused)
{
  GtkWidget *viewer = get_viewer (self);

  label_bench_label (&self->bench, 0, N_PICTURES + 2, 1);
  label_bench_wait_labels (&self->bench, "rusty rusty rusty");
  go_to (self, get_picture (self, 3));
  if (!press (self, "f Menu"))
    return;
  assert_items (self, "Take Label Away|Open with Other Program|Show in "
                      "Folder|Copy Path|");
  press (self, "Escape");
  stage_wait (has_no_menu, self);
  g_assert_true (gtk_window_get_focus (self->bench.window) == viewer);
  click (stage_find (viewer, GTK_TYPE_STACK, NULL));
  stage_wait (has_menu, self);
  choose (self, "Take Label Away");
  patience_until (hf_picture_get_info (get_picture (self, 3))->class_id == 0);
  /* The strip has no menu: it is of other pictures. */
  stage_click (viewer, 30, gtk_widget_get_height (viewer) - 30.0,
               GDK_BUTTON_SECONDARY);
  stage_settle (self->bench.window);
  g_assert_null (get_menu (self));
}

static void
test_label (Setting *self, gconstpointer unused)
{
  HfPicture *picture = label_bench_get_picture (&self->bench, 1);

  g_object_set (self->bench.page, "step-on", FALSE, NULL);
  label_bench_label (&self->bench, 0, 2, 1);
  label_bench_wait_labels (&self->bench, "rusty rusty -");
  go_to (self, picture);
  if (!press (self, "Menu"))
    return;
  assert_items (self, ALL);
  choose (self, "Take Label Away");
  label_bench_wait_labels (&self->bench, "rusty - -");
  assert_focus (self, picture);
  g_object_set (self->bench.page, "step-on", TRUE, NULL);
}

/* Rows have theirs from the same place. */
static void
test_class_row (Setting *self, gconstpointer unused)
{
  GtkWidget *list =
      stage_find (GTK_WIDGET (self->bench.page), GTK_TYPE_LIST_BOX, "classes");
  GtkWidget *row =
      GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 1));

  g_assert_true (gtk_widget_grab_focus (row));
  if (!press (self, "Menu"))
    return;
  assert_items (self, "Show Its Pictures|Rename…|Change Kind To|Change Key…|"
                      "Change Colour…|Merge Into|Remove|");
  press (self, "Escape");
  stage_wait (has_no_menu, self);
  g_assert_true (gtk_window_get_focus (self->bench.window) == row);
  click (row);
  stage_wait (has_menu, self);
}

/* --- Other programs ---------------------------------------------------- */

static void
text_cb (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(char **) data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard),
                                                    result, &error);
  g_assert_no_error (error);
}

static void
assert_copied (Setting *self, const char *expected)
{
  g_autofree char *text = NULL;

  choose (self, "Copy Path");
  gdk_clipboard_read_text_async (
      gtk_widget_get_clipboard (GTK_WIDGET (self->bench.page)), NULL, text_cb,
      &text);
  patience_until (text != NULL);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_copy (Setting *self, gconstpointer unused)
{
  g_autofree char *spaced = dup_path (self, SPACED);
  g_autofree char *plain = dup_path (self, PLAIN);
  g_autofree char *broken = dup_path (self, "b\xef\xbf\xbd.png");
  g_autofree char *both = g_strdup_printf ("%s\n%s", plain, spaced);

  go_to (self, get_named (self, SPACED));
  if (!press (self, "Menu"))
    return;
  assert_copied (self, spaced);
  select_pictures (self, get_named (self, SPACED), get_named (self, PLAIN));
  press (self, "Menu");
  assert_copied (self, both);
  go_to (self, get_named (self, BROKEN));
  press (self, "Menu");
  assert_copied (self, broken);
}

static void
asked_cb (GDBusConnection *bus, const char *sender, const char *path,
          const char *interface, const char *method, GVariant *parameters,
          GDBusMethodInvocation *invocation, gpointer data)
{
  Setting *self = data;
  g_autofree const char **uris = NULL;

  g_assert_cmpstr (method, ==, "ShowItems");
  g_variant_get (parameters, "(^a&ss)", &uris, NULL);
  g_free (self->asked);
  self->asked = g_strjoinv ("\n", (char **) uris);
  if (self->refuses)
    g_dbus_method_invocation_return_dbus_error (
        invocation, "org.freedesktop.DBus.Error.ServiceUnknown", "No such");
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
owned_cb (GDBusConnection *bus, const char *name, gpointer data)
{
  ((Setting *) data)->is_owned = TRUE;
}

static void
start_file_manager (Setting *self)
{
  static const GDBusInterfaceVTable vtable = {asked_cb};
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (
      "<node><interface name='org.freedesktop.FileManager1'>"
      "<method name='ShowItems'><arg type='as' direction='in'/>"
      "<arg type='s' direction='in'/></method></interface></node>",
      &error);

  g_assert_no_error (error);
  self->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  self->object_id = g_dbus_connection_register_object (
      self->bus, "/org/freedesktop/FileManager1", node->interfaces[0], &vtable,
      self, NULL, &error);
  g_assert_no_error (error);
  self->owner_id = g_bus_own_name_on_connection (
      self->bus, "org.freedesktop.FileManager1", G_BUS_NAME_OWNER_FLAGS_NONE,
      owned_cb, NULL, self, NULL);
  patience_until (self->is_owned);
}

static char *
dup_uri (Setting *self, const char *name)
{
  g_autofree char *path = dup_path (self, name);

  return g_filename_to_uri (path, NULL, NULL);
}

static void
test_show (Setting *self, gconstpointer unused)
{
  g_autofree char *spaced = dup_uri (self, SPACED);
  g_autofree char *broken = dup_uri (self, BROKEN);
  g_autofree char *both = g_strdup_printf ("%s\n%s", broken, spaced);

  start_file_manager (self);
  go_to (self, get_named (self, SPACED));
  if (!press (self, "Menu"))
    return;
  choose (self, "Show in Folder");
  patience_until (self->asked != NULL);
  g_assert_cmpstr (self->asked, ==, spaced);
  g_clear_pointer (&self->asked, g_free);
  select_pictures (self, get_named (self, SPACED), get_named (self, BROKEN));
  press (self, "Menu");
  choose (self, "Show in Folder");
  patience_until (self->asked != NULL);
  g_assert_cmpstr (self->asked, ==, both);
}

/* What the script of make_desktop was asked to open, waited for. */
static char *
take_opened (void)
{
  g_autofree char *path =
      g_build_filename (g_get_user_data_dir (), "opened", NULL);
  char *opened = NULL;

  patience_until (g_file_get_contents (path, &opened, NULL, NULL));
  g_remove (path);
  return opened;
}

static void
test_show_without (Setting *self, gconstpointer unused)
{
  g_autofree char *opened = NULL;

  start_file_manager (self);
  self->refuses = TRUE;
  go_to (self, get_picture (self, 1));
  if (!press (self, "Menu"))
    return;
  choose (self, "Show in Folder");
  opened = take_opened ();
  g_assert_cmpstr (opened, ==, self->folder);
}

static void
test_open (Setting *self, gconstpointer unused)
{
  g_autofree char *path = dup_path (self, SPACED);
  g_autofree char *opened = NULL;

  go_to (self, get_named (self, SPACED));
  if (!press (self, "Menu"))
    return;
  choose (self, "Open with Other Program");
  opened = take_opened ();
  g_assert_cmpstr (opened, ==, path);
}

static void
complain_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_variant_get (parameter, "(ss)", &((Setting *) data)->message, NULL);
}

static gboolean
has_gone (gpointer picture)
{
  return hf_picture_get_info (picture)->gone;
}

static void
test_gone (Setting *self, gconstpointer unused)
{
  const GActionEntry entry = {"complain", complain_cb, "(ss)"};
  g_autoptr (GSimpleActionGroup) window = g_simple_action_group_new ();
  g_autofree char *path = dup_path (self, SPACED);
  HfPicture *picture = get_named (self, SPACED);

  g_action_map_add_action_entries (G_ACTION_MAP (window), &entry, 1, self);
  gtk_widget_insert_action_group (GTK_WIDGET (self->bench.window), "win",
                                  G_ACTION_GROUP (window));
  go_to (self, picture);
  g_assert_cmpint (g_remove (path), ==, 0);
  gtk_widget_activate_action (GTK_WIDGET (self->bench.page), "label.open-file",
                              NULL);
  patience_until (self->message != NULL);
  g_assert_cmpstr (self->message, ==, "The picture was not opened");
  hf_workspace_look_again (self->bench.workspace, TRUE);
  stage_wait (has_gone, picture);
  if (!press (self, "Menu"))
    return;
  g_assert_false (
      gtk_widget_is_sensitive (get_item (self, "Open with Other Program")));
  g_assert_false (gtk_widget_is_sensitive (get_item (self, "Show in Folder")));
  assert_copied (self, path);
}

/* --- The desktop ------------------------------------------------------- */

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (parent, 0700);
  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0700,
                            &error);
  g_assert_no_error (error);
}

/* A home of its own (caller frees), where one script opens everything. */
static char *
make_desktop (void)
{
  char *home = g_dir_make_tmp ("handful-desktop-XXXXXX", NULL);
  g_autofree char *entry =
      g_strdup_printf ("[Desktop Entry]\nType=Application\nName=Any\n"
                       "Exec=%s/open %%u\nMimeType=image/png;\n",
                       home);

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  write_file (home, "open",
              "#!/bin/sh\nprintf %s \"$1\" >\"$0.new\"\n"
              "mv \"$0.new\" \"${0}ed\"\n");
  write_file (home, "applications/any.desktop", entry);
  write_file (home, "mimeapps.list",
              "[Default Applications]\nimage/png=any.desktop\n"
              "inode/directory=any.desktop\n");
  return home;
}

int
main (int argc, char **argv)
{
  const struct {
    const char *name;
    void (*func) (Setting *self, gconstpointer unused);
  } tests[] = {
      {"keys-open-it-and-get-the-picture-back", test_keys},
      {"on-another-picture-it-selects-that-alone", test_click_selects},
      {"on-a-selected-picture-it-is-for-all-selected", test_click_keeps},
      {"there-is-none-where-no-picture-is", test_no_menu_on_nothing},
      {"a-long-press-opens-it", test_long_press},
      {"in-the-viewer-it-is-for-what-is-seen", test_viewer},
      {"it-takes-labels-away", test_label},
      {"the-row-of-a-class-has-its-own", test_class_row},
      {"copies-are-the-paths", test_copy},
      {"the-file-manager-shows-the-files", test_show},
      {"without-a-file-manager-the-folder-is-opened", test_show_without},
      {"another-program-opens-the-file", test_open},
      {"what-has-gone-is-not-offered-to-others", test_gone},
  };
  g_autofree char *home = make_desktop ();
  int status;

  g_test_init (&argc, &argv, NULL);
  stage_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path =
        g_strconcat ("/label/picture-menu/", tests[i].name, NULL);

    g_test_add (path, Setting, NULL, set_up, tests[i].func, tear_down);
  }
  status = g_test_run ();
  label_bench_delete (home);
  return status;
}
