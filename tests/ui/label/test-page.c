/* The Label page over projects of its own, with real keys: xdotool presses
 * them. */
#include "bench.h"
#include "stage.h"

#include "ui/gallery/gallery.h"
#include "ui/label/reserved-keys.h"
#include "ui/label/sidebar/class-edits.h"
#include "ui/workspace/items-private.h"

#include <string.h>

static const char *const three[] = {"good", "rusty", "cracked"};

typedef struct {
  LabelBench bench;
  char *folder;
} Setting;

static void
open_page (Setting *self, guint n_pictures, const char *const *classes,
           guint n_classes, int width, int height)
{
  self->folder = label_bench_make_files (n_pictures);
  label_bench_open (&self->bench, self->folder, classes, n_classes);
  label_bench_show (&self->bench, width, height);
  stage_settle (self->bench.window);
}

static void
set_up (Setting *self, gconstpointer unused)
{
  open_page (self, 9, three, 3, 1300, 800);
}

static void
tear_down (Setting *self, gconstpointer unused)
{
  label_bench_close (&self->bench);
  label_bench_delete (self->folder);
  g_free (self->folder);
}

static GtkWidget *
find (Setting *self, const char *name)
{
  GtkWidget *widget =
      stage_find (GTK_WIDGET (self->bench.page), GTK_TYPE_WIDGET, name);

  g_assert_nonnull (widget);
  return widget;
}

static HfGallery *
get_gallery (Setting *self)
{
  return HF_GALLERY (find (self, "gallery"));
}

static gboolean
press (Setting *self, const char *keys)
{
  return label_bench_press (&self->bench, keys);
}

static void
go_to (Setting *self, guint i)
{
  g_assert_true (hf_gallery_go_to (get_gallery (self),
                                   label_bench_get_picture (&self->bench, i)));
  stage_settle (self->bench.window);
}

static HfPicture *
get_selected (Setting *self)
{
  g_autoptr (GPtrArray) selected =
      hf_gallery_dup_selection (get_gallery (self));

  return selected->len == 1 ? selected->pdata[0] : NULL;
}

static void
activate (Setting *self, const char *action)
{
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (self->bench.page), action, NULL));
  stage_settle (self->bench.window);
}

static void
test_keys (Setting *self, gconstpointer unused)
{
  go_to (self, 0);
  if (!press (self, "1 2 3 0"))
    return;
  label_bench_wait_labels (&self->bench, "good rusty cracked - -");
  g_assert_true (get_selected (self) ==
                 label_bench_get_picture (&self->bench, 4));
  press (self, "KP_2");
  label_bench_wait_labels (&self->bench, "good rusty cracked - rusty -");
}

/* Other pages ask the workspace what is selected. */
static void
test_selection_is_told (Setting *self, gconstpointer unused)
{
  HfWorkspace *workspace = self->bench.workspace;
  g_autoptr (GPtrArray) two = g_ptr_array_new ();
  GPtrArray *told;

  for (guint i = 2; i < 4; i++)
    g_ptr_array_add (two, label_bench_get_picture (&self->bench, i));
  hf_gallery_select (get_gallery (self), two);
  told = hf_workspace_get_selection (workspace);
  g_assert_cmpuint (told->len, ==, 2);
  g_assert_true (told->pdata[0] == two->pdata[0]);
  g_assert_true (told->pdata[1] == two->pdata[1]);
  g_ptr_array_set_size (two, 0);
  hf_gallery_select (get_gallery (self), two);
  g_assert_cmpuint (hf_workspace_get_selection (workspace)->len, ==, 0);
}

/* From the first moment, before anything was clicked. */
static void
test_first_key (Setting *self, gconstpointer unused)
{
  if (!press (self, "2"))
    return;
  label_bench_wait_labels (&self->bench, "rusty -");
}

static void
test_several (Setting *self, gconstpointer unused)
{
  go_to (self, 2);
  if (!press (self, "shift+Right shift+Right 2"))
    return;
  label_bench_wait_labels (&self->bench, "- - rusty rusty rusty -");
  g_assert_true (get_selected (self) ==
                 label_bench_get_picture (&self->bench, 5));
  hf_workspace_undo (self->bench.workspace);
  label_bench_wait_labels (&self->bench, "- - - - - -");
  hf_workspace_redo (self->bench.workspace);
  label_bench_wait_labels (&self->bench, "- - rusty rusty rusty -");
}

static void
test_stays (Setting *self, gconstpointer unused)
{
  g_object_set (self->bench.page, "step-on", FALSE, NULL);
  go_to (self, 1);
  if (!press (self, "3 1"))
    return;
  label_bench_wait_labels (&self->bench, "- good -");
  g_assert_true (get_selected (self) ==
                 label_bench_get_picture (&self->bench, 1));
  g_object_set (self->bench.page, "step-on", TRUE, NULL);
}

/* What is labelled leaves the view; the next one takes its place. */
static void
test_view_empties (Setting *self, gconstpointer unused)
{
  GtkStack *content = GTK_STACK (find (self, "content"));

  hf_label_page_show (self->bench.page, "unlabelled");
  stage_settle (self->bench.window);
  go_to (self, 0);
  if (!press (self, "1 1 1 1 1 1 1 1 1"))
    return;
  label_bench_wait_labels (&self->bench,
                           "good good good good good good good good good");
  g_assert_cmpstr (gtk_stack_get_visible_child_name (content), ==, "empty");
  g_assert_cmpstr (adw_status_page_get_title (
                       ADW_STATUS_PAGE (gtk_stack_get_visible_child (content))),
                   ==, "All Labelled");
}

static void
test_typing (Setting *self, gconstpointer unused)
{
  go_to (self, 0);
  if (!press (self, "slash 1 2 f e"))
    return;
  label_bench_wait_labels (&self->bench, "- - -");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find (self, "search"))),
                   ==, "12fe");
  press (self, "Escape");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find (self, "search"))),
                   ==, "");
}

/* Its buttons are no place to label from, and Escape ends it from any. */
static void
test_form_keys (Setting *self, gconstpointer unused)
{
  GtkWidget *revealer = find (self, "add_revealer");
  GtkWidget *kind = stage_find (revealer, GTK_TYPE_TOGGLE_BUTTON, "other");

  go_to (self, 0);
  g_signal_emit_by_name (gtk_widget_get_prev_sibling (revealer), "clicked");
  stage_settle (self->bench.window);
  g_assert_true (gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)));
  g_assert_true (gtk_widget_grab_focus (kind));
  if (!press (self, "1 f"))
    return;
  label_bench_wait_labels (&self->bench, "- - -");
  g_assert_true (gtk_window_get_focus (self->bench.window) == kind);
  press (self, "Escape");
  g_assert_false (gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)));
}

static gboolean
has_unreadable (gpointer workspace)
{
  guint n;

  g_object_get (workspace, "n-unreadable", &n, NULL);
  return n > 0;
}

static void
set_up_broken (Setting *self, gconstpointer unused)
{
  g_autofree char *broken = NULL;

  self->folder = label_bench_make_files (2);
  broken = g_build_filename (self->folder, "zz.png", NULL);
  g_assert_true (g_file_set_contents (broken, "no picture", -1, NULL));
  label_bench_open (&self->bench, self->folder, three, 3);
  label_bench_show (&self->bench, 1300, 800);
  stage_wait (has_unreadable, self->bench.workspace);
}

static void
text_cb (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  char **text = data;
  g_autoptr (GError) error = NULL;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result,
                                          &error);
  g_assert_no_error (error);
}

static void
test_copy_list (Setting *self, gconstpointer unused)
{
  g_autofree char *start = g_strdup_printf ("%s/zz.png\t", self->folder);
  g_autofree char *text = NULL;

  g_assert_false (gtk_widget_get_visible (find (self, "copy_list")));
  hf_label_page_show (self->bench.page, "unreadable");
  g_assert_true (gtk_widget_get_visible (find (self, "copy_list")));
  activate (self, "label.copy-list");
  gdk_clipboard_read_text_async (
      gtk_widget_get_clipboard (GTK_WIDGET (self->bench.page)), NULL, text_cb,
      &text);
  patience_until (text != NULL);
  g_assert_true (g_str_has_prefix (text, start));
  g_assert_cmpuint (strlen (text), >, strlen (start) + 10);
  g_assert_cmpint (text[strlen (text) - 1], ==, '\n');
  hf_label_page_show (self->bench.page, "all");
  g_assert_false (gtk_widget_get_visible (find (self, "copy_list")));
}

static void
test_viewer (Setting *self, gconstpointer unused)
{
  gboolean open;

  go_to (self, 3);
  if (!press (self, "f"))
    return;
  g_object_get (self->bench.page, "viewer-open", &open, NULL);
  g_assert_true (open);
  press (self, "2");
  label_bench_wait_labels (&self->bench, "- - - rusty -");
  press (self, "1");
  label_bench_wait_labels (&self->bench, "- - - rusty good -");
  press (self, "Escape");
  g_object_get (self->bench.page, "viewer-open", &open, NULL);
  g_assert_false (open);
}

/* What broke: keys in the viewer labelled all that had been selected before, of
 * which one was seen, and not the one that had the keyboard. */
static void
test_viewer_of_several (Setting *self, gconstpointer unused)
{
  go_to (self, 2);
  if (!press (self, "shift+Right f 2"))
    return;
  label_bench_wait_labels (&self->bench, "- - - rusty -");
}

static void
assert_count (Setting *self, const char *name, const char *count)
{
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (find (self, name))), ==,
                   count);
}

static void
test_counts (Setting *self, gconstpointer unused)
{
  assert_count (self, "n_all", "9");
  assert_count (self, "n_unlabelled", "9");
  label_bench_label (&self->bench, 0, 4, 1);
  label_bench_wait_labels (&self->bench, "rusty rusty rusty rusty -");
  stage_settle (self->bench.window);
  assert_count (self, "n_labelled", "4");
  hf_workspace_undo (self->bench.workspace);
  label_bench_wait_labels (&self->bench, "- - - -");
  stage_settle (self->bench.window);
  assert_count (self, "n_labelled", "0");
}

static void
test_shows (Setting *self, gconstpointer unused)
{
  g_autofree char *class = g_strdup_printf (
      "class:%" G_GINT64_FORMAT, label_bench_get_class (&self->bench, 1));
  GListModel *shown = hf_gallery_get_model (get_gallery (self));

  label_bench_label (&self->bench, 2, 3, 1);
  hf_label_page_show (self->bench.page, class);
  g_assert_cmpuint (g_list_model_get_n_items (shown), ==, 3);
  hf_label_page_show (self->bench.page, "missed:1:2");
  g_assert_cmpuint (g_list_model_get_n_items (shown), ==, 0);
  hf_label_page_show (self->bench.page, "no such view");
  g_assert_cmpuint (g_list_model_get_n_items (shown), ==, 9);
}

/* Panes fold one after the other, and unfold again. */
static void
test_folding (Setting *self, gconstpointer unused)
{
  AdwFlap *inner = ADW_FLAP (find (self, "inner"));
  AdwFlap *outer = ADW_FLAP (find (self, "outer"));
  const struct {
    int width;
    gboolean pane, sidebar, tools;
  } steps[] = {{1300, TRUE, TRUE, TRUE},  {1000, FALSE, TRUE, TRUE},
               {700, FALSE, FALSE, TRUE}, {360, FALSE, FALSE, FALSE},
               {1000, FALSE, TRUE, TRUE}, {1300, TRUE, TRUE, TRUE}};

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    gtk_window_set_default_size (self->bench.window, steps[i].width, 720);
    stage_settle (self->bench.window);
    stage_settle (self->bench.window);
    g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (self->bench.window)), ==,
                     steps[i].width);
    g_assert_cmpint (!adw_flap_get_folded (inner), ==, steps[i].pane);
    g_assert_cmpint (!adw_flap_get_folded (outer), ==, steps[i].sidebar);
    g_assert_cmpint (gtk_widget_get_visible (find (self, "wide_tools")), ==,
                     steps[i].tools);
    g_assert_cmpint (gtk_widget_get_mapped (find (self, "live_strip")), ==,
                     !steps[i].pane);
  }
}

/* The sentence against a class of @name, @key; caller frees. */
static char *
dup_fault (Setting *self, const char *name, const char *key)
{
  const HfClassWish wish = {
      .name = name, .kind = HF_CLASS_DEFECT, .colour = "#e69f00", .key = key};

  return hf_class_wish_dup_fault (&wish, self->bench.workspace);
}

static void
test_class_faults (Setting *self, gconstpointer unused)
{
  const struct {
    const char *name, *key, *words;
  } faults[] = {
      {"", "4", "needs a name"},        {"Rusty", "4", "already"},
      {"dented", "2", "is the key of"}, {"dented", "f", "opens the viewer"},
      {"dented", "0", "labels away"},   {"dented", "?", "one letter"},
  };
  g_autofree char *long_name = g_strnfill (40, 'x');
  g_autofree char *fine = dup_fault (self, long_name, "d");
  g_autofree char *chinese = dup_fault (self, "生锈", "");

  g_assert_null (fine);
  g_assert_null (chinese);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *fault = dup_fault (self, faults[i].name, faults[i].key);

    g_assert_nonnull (fault);
    g_assert_nonnull (strstr (fault, faults[i].words));
  }
}

typedef struct {
  HfWorkspace *workspace;
  guint n;
  const char *first;
} Classes;

static gboolean
has_classes (gpointer data)
{
  const Classes *wanted = data;
  GListModel *classes = hf_workspace_get_classes (wanted->workspace);
  g_autoptr (HfClassItem) item = g_list_model_get_item (classes, 0);

  return g_list_model_get_n_items (classes) == wanted->n &&
         (wanted->first == NULL ||
          g_str_equal (hf_class_item_get_name (item), wanted->first));
}

static void
test_class_edits (Setting *self, gconstpointer unused)
{
  HfWorkspace *workspace = self->bench.workspace;
  Classes wanted = {workspace, 4, NULL};
  HfClassWish wish = {.name = "Kratzer ü 锈 of forty characters and more than "
                              "that",
                      .kind = HF_CLASS_DEFECT,
                      .colour = "#0072b2",
                      .key = "K"};
  g_autofree char *fault = NULL;
  HfClassItem *item;

  hf_class_wish_grant (&wish, workspace, NULL, NULL, NULL);
  stage_wait (has_classes, &wanted);
  /* The same name in capitals, and its accent behind the letter. */
  fault = dup_fault (self,
                     "KRATZER U\314\210 锈 OF FORTY CHARACTERS AND MORE THAN "
                     "THAT",
                     "");
  g_assert_nonnull (fault);
  g_assert_nonnull (strstr (fault, "already"));
  item = hf_workspace_find_key (workspace, "k");
  g_assert_nonnull (item);
  g_assert_cmpstr (hf_class_item_get_colour (item), ==, "#0072b2");
  wish = (HfClassWish){.id = label_bench_get_class (&self->bench, 0),
                       .name = "fine",
                       .kind = HF_CLASS_GOOD,
                       .colour = "#009e73",
                       .key = ""};
  hf_class_wish_grant (&wish, workspace, NULL, NULL, NULL);
  wanted.first = "fine";
  stage_wait (has_classes, &wanted);
  g_assert_null (hf_workspace_find_key (workspace, "1"));
  label_bench_label (&self->bench, 0, 3, 3);
  hf_class_merge (workspace, label_bench_get_class (&self->bench, 3),
                  label_bench_get_class (&self->bench, 1), NULL, NULL, NULL);
  wanted.n = 3;
  stage_wait (has_classes, &wanted);
  label_bench_wait_labels (&self->bench, "rusty rusty rusty -");
}

/* In either case of the letter. */
static void
test_letters (Setting *self, gconstpointer unused)
{
  Classes wanted = {self->bench.workspace, 4, NULL};
  const HfClassWish wish = {.name = "dented",
                            .kind = HF_CLASS_DEFECT,
                            .colour = "#0072b2",
                            .key = "D"};

  /* As app/project/classes.c has them. */
  for (const char *key = "123456789abcdghijklmnopqrstuvwxyz"; *key != '\0';
       key++)
    g_assert_null (hf_reserved_keys_find ((gunichar) *key));
  hf_class_wish_grant (&wish, self->bench.workspace, NULL, NULL, NULL);
  stage_wait (has_classes, &wanted);
  go_to (self, 0);
  if (!press (self, "d 2 shift+d"))
    return;
  label_bench_wait_labels (&self->bench, "dented rusty dented -");
}

static GtkWidget *
get_class_row (Setting *self, int i)
{
  GtkWidget *list =
      stage_find (GTK_WIDGET (self->bench.page), GTK_TYPE_LIST_BOX, "classes");

  return GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), i));
}

/* The row goes with its class, and the keyboard to the one in its place. */
static void
test_merge_focus (Setting *self, gconstpointer unused)
{
  Classes wanted = {self->bench.workspace, 2, NULL};
  GtkWidget *row = get_class_row (self, 1);
  GtkWidget *last = get_class_row (self, 2);

  g_assert_true (gtk_widget_grab_focus (row));
  g_assert_true (gtk_widget_activate_action (
      row, "class.merge", "x", label_bench_get_class (&self->bench, 0)));
  stage_wait (has_classes, &wanted);
  stage_settle (self->bench.window);
  g_assert_true (get_class_row (self, 1) == last);
  g_assert_true (gtk_root_get_focus (GTK_ROOT (self->bench.window)) == last);
  /* One more, and the last. */
  wanted.n = 1;
  g_assert_true (gtk_widget_activate_action (
      last, "class.merge", "x", label_bench_get_class (&self->bench, 0)));
  stage_wait (has_classes, &wanted);
  stage_settle (self->bench.window);
  g_assert_true (gtk_root_get_focus (GTK_ROOT (self->bench.window)) ==
                 get_class_row (self, 0));
}

static void
press_undo (Setting *self)
{
  GtkWidget *undo;

  patience_until ((undo = stage_find_button (GTK_WIDGET (self->bench.window),
                                             "_Undo")) != NULL);
  g_signal_emit_by_name (undo, "clicked");
  stage_settle (self->bench.window);
}

/* With its labels, and back with a key; an empty one leaves no step. */
static void
test_remove_class (Setting *self, gconstpointer unused)
{
  HfWorkspace *workspace = self->bench.workspace;
  Classes wanted = {workspace, 2, NULL};
  const gint64 rusty = label_bench_get_class (&self->bench, 1);

  label_bench_label (&self->bench, 0, 1, 0);
  label_bench_label (&self->bench, 1, 2, 1);
  label_bench_wait_labels (&self->bench, "good rusty rusty -");
  gtk_widget_activate_action (get_class_row (self, 2), "class.remove", NULL);
  stage_wait (has_classes, &wanted);
  label_bench_wait_labels (&self->bench, "good rusty rusty -");
  wanted.n = 3;
  press_undo (self);
  stage_wait (has_classes, &wanted);
  g_assert_nonnull (hf_workspace_find_key (workspace, "3"));
  label_bench_wait_labels (&self->bench, "good rusty rusty -");
  wanted.n = 2;
  gtk_widget_activate_action (get_class_row (self, 1), "class.remove", NULL);
  stage_wait (has_classes, &wanted);
  label_bench_wait_labels (&self->bench, "good - - -");
  g_assert_null (hf_workspace_find_class (workspace, rusty));
  wanted.n = 3;
  hf_workspace_undo (workspace);
  stage_wait (has_classes, &wanted);
  label_bench_wait_labels (&self->bench, "good rusty rusty -");
  g_assert_true (hf_workspace_find_key (workspace, "2") ==
                 hf_workspace_find_class (workspace, rusty));
}

/* Renaming over a class that another program made would make the two one. */
static void
granted_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  *(char **) data = g_strdup (error != NULL ? error->message : "granted");
}

static gboolean
is_told (gpointer data)
{
  return *(char **) data != NULL;
}

static void
test_rename_over (Setting *self, gconstpointer unused)
{
  g_autofree char *told = NULL;
  const HfClassWish wish = {.id = label_bench_get_class (&self->bench, 0),
                            .name = "rusty",
                            .kind = HF_CLASS_GOOD,
                            .colour = "#009e73",
                            .key = "1"};

  hf_class_wish_grant (&wish, self->bench.workspace, granted_cb, &told, NULL);
  stage_wait (is_told, &told);
  g_assert_nonnull (strstr (told, "already"));
  g_assert_cmpuint (g_list_model_get_n_items (
                        hf_workspace_get_classes (self->bench.workspace)),
                    ==, 3);
}

static void
test_pane_slides (Setting *self, gconstpointer unused)
{
  gboolean shown;

  gtk_window_set_default_size (self->bench.window, 360, 720);
  stage_settle (self->bench.window);
  stage_settle (self->bench.window);
  g_object_get (self->bench.page, "show-pane", &shown, NULL);
  g_assert_false (shown);
  activate (self, "label.pane");
  g_object_get (self->bench.page, "show-pane", &shown, NULL);
  g_assert_true (shown);
  activate (self, "label.leave");
  g_object_get (self->bench.page, "show-pane", &shown, NULL);
  g_assert_false (shown);
}

/* Pages over little or much of everything are drawn without a complaint. */
static void
test_states (void)
{
  const char *const many[] = {
      "a",    "b",
      "c",    "d",
      "e",    "f",
      "g",    "h",
      "i",    "a very long name of a class that has more than forty characters",
      "锈蚀", "<b>&amp;"};
  const struct {
    guint n_pictures, n_classes;
    int width;
  } states[] = {
      {0, 0, 1300}, {1, 1, 1300}, {1, 0, 360}, {3, 12, 360}, {3, 12, 1300}};

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++) {
    Setting setting = {0};

    open_page (&setting, states[i].n_pictures, many, states[i].n_classes,
               states[i].width, 720);
    g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (setting.bench.window)),
                     ==, states[i].width);
    if (states[i].n_pictures > 0 && states[i].n_classes > 0) {
      guint last = states[i].n_classes - 1;

      label_bench_label (&setting.bench, 0, 1, last);
      label_bench_wait_labels (&setting.bench, many[last]);
    }
    tear_down (&setting, NULL);
  }
}

static gboolean
take_model_away (HfProject *project, gpointer data, GError **error)
{
  return hf_project_set_setting (project, "model", "none-of-that-name", error);
}

static gboolean
names_lost_model (gpointer data)
{
  GtkLabel *missing = GTK_LABEL (
      stage_find (find (data, "live_pane"), GTK_TYPE_LABEL, "missing"));

  return strstr (gtk_label_get_text (missing), "none-of-that-name") != NULL;
}

/* What broke: with labels enough the pane said for ever that numbers follow. */
static void
test_lost_model (Setting *self, gconstpointer unused)
{
  hf_workspace_edit (self->bench.workspace, NULL, take_model_away, NULL, NULL,
                     NULL);
  for (guint class = 0; class < 3; class ++)
    label_bench_label (&self->bench, 2 * class, 2, class);
  label_bench_wait_labels (&self->bench,
                           "good good rusty rusty cracked cracked -");
  stage_wait (names_lost_model, self);
}

static gboolean
has_lasting (gpointer workspace)
{
  return hf_workspace_get_lasting (workspace) != NULL;
}

/* Without a model nobody but the test says what is predicted and suggested;
 * what was until then is taken back. */
static void
lose_model (Setting *self)
{
  GListModel *pictures = hf_workspace_get_pictures (self->bench.workspace);

  hf_workspace_edit (self->bench.workspace, NULL, take_model_away, NULL, NULL,
                     NULL);
  stage_wait (has_lasting, self->bench.workspace);
  stage_settle (self->bench.window);
  for (guint i = 0; i < g_list_model_get_n_items (pictures); i++) {
    HfPictureInfo *info =
        hf_picture_edit (label_bench_get_picture (&self->bench, i));

    info->next = 0;
    info->predicted_id = 0;
  }
}

static void
predict (Setting *self, guint i, guint class, HfVerdict verdict)
{
  HfPictureInfo *info =
      hf_picture_edit (label_bench_get_picture (&self->bench, i));

  info->predicted_id = label_bench_get_class (&self->bench, class);
  info->verdict = verdict;
}

/* What broke: a label was overruled by a prediction that nobody saw, and the
 * selection went on where nothing had been confirmed. */
static void
test_confirms (Setting *self, gconstpointer unused)
{
  lose_model (self);
  label_bench_label (&self->bench, 0, 1, 0);
  label_bench_wait_labels (&self->bench, "good -");
  predict (self, 0, 1, HF_VERDICT_REJECT);
  predict (self, 1, 1, HF_VERDICT_REJECT);
  predict (self, 2, 2, HF_VERDICT_UNSURE);
  predict (self, 3, 1, HF_VERDICT_UNKNOWN);
  go_to (self, 0);
  if (!press (self, "shift+Right shift+Right shift+Right shift+Right Return"))
    return;
  label_bench_wait_labels (&self->bench, "good rusty cracked - - -");
  g_assert_true (get_selected (self) ==
                 label_bench_get_picture (&self->bench, 5));
  hf_workspace_undo (self->bench.workspace);
  label_bench_wait_labels (&self->bench, "good - - - - -");
  go_to (self, 3);
  press (self, "Return");
  g_assert_true (get_selected (self) ==
                 label_bench_get_picture (&self->bench, 3));
  press (self, "2");
  label_bench_wait_labels (&self->bench, "good - - rusty - -");
}

/* By rank, and round again. */
static void
test_next_suggestion (Setting *self, gconstpointer unused)
{
  const guint places[] = {6, 2, 4};

  lose_model (self);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    hf_picture_edit (label_bench_get_picture (&self->bench, places[i]))->next =
        (int) i + 1;
  go_to (self, 0);
  for (guint i = 0; i < 4; i++) {
    if (!press (self, "space"))
      return;
    g_assert_true (get_selected (self) ==
                   label_bench_get_picture (&self->bench, places[i % 3]));
  }
}

int
main (int argc, char **argv)
{
  const struct {
    const char *name;
    void (*func) (Setting *self, gconstpointer unused);
  } tests[] = {
      {"keys-label-and-step-on", test_keys},
      {"letters-label-too", test_letters},
      {"enter-confirms-predictions-that-are-shown", test_confirms},
      {"space-goes-round-the-suggestions", test_next_suggestion},
      {"the-first-key-is-for-the-first-picture", test_first_key},
      {"the-workspace-knows-the-selection", test_selection_is_told},
      {"a-key-labels-all-selected-as-one-step", test_several},
      {"without-stepping-on-the-selection-stays", test_stays},
      {"a-view-that-empties-says-so", test_view_empties},
      {"keys-are-letters-while-typing", test_typing},
      {"a-form-has-the-keys-to-itself", test_form_keys},
      {"keys-label-in-the-viewer", test_viewer},
      {"the-viewer-shows-and-labels-one-of-several", test_viewer_of_several},
      {"counts-follow-labels-and-undo", test_counts},
      {"other-pages-choose-what-is-shown", test_shows},
      {"panes-fold-one-after-the-other", test_folding},
      {"the-pane-slides-over-and-escape-closes-it", test_pane_slides},
      {"a-class-that-cannot-be-is-refused-in-words", test_class_faults},
      {"classes-are-made-changed-and-merged", test_class_edits},
      {"merging-leaves-the-keyboard-a-place", test_merge_focus},
      {"a-class-goes-and-comes-back", test_remove_class},
      {"renaming-never-merges", test_rename_over},
      {"the-pane-names-a-lost-model", test_lost_model},
  };

  g_test_init (&argc, &argv, NULL);
  stage_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path = g_strconcat ("/label/page/", tests[i].name, NULL);

    g_test_add (path, Setting, NULL, set_up, tests[i].func, tear_down);
  }
  g_test_add_func ("/label/page/nothing-one-and-many", test_states);
  g_test_add ("/ui/label/unreadable-pictures-are-copied-with-reasons", Setting,
              NULL, set_up_broken, test_copy_list, tear_down);
  return g_test_run ();
}
