/* kill-stage.c: a window in which somebody labels as fast as it goes, for
 * test-kills.py, which kills it:
 *
 *   kill-stage PROJECT SEED
 *
 *   have 1.jpg=good 2.jpg=-    the labels that it shows once it is open
 *   ask 2.jpg=rusty            what is labelled next
 *   stored                     the first ask that was not told of is on disk
 *
 * Each line is written at once. */
#include "compute/device.h"
#include "sitting.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Labels that wait for the disk at the same time. */
#define MOST_WAITING 4

typedef struct {
  HfWorkspace *workspace;
  GRand *rand;
  int n_waiting;
} Labeller;

static void
tell (const char *line)
{
  gsize n = strlen (line);

  if (write (STDOUT_FILENO, line, n) != (gssize) n)
    exit (1);
}

static void
tell_labels (HfWorkspace *workspace)
{
  GListModel *pictures = hf_workspace_get_pictures (workspace);
  g_autoptr (GString) line = g_string_new ("have");

  for (guint i = 0; i < g_list_model_get_n_items (pictures); i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (pictures, i);
    const HfPictureInfo *info = hf_picture_get_info (picture);
    HfClassItem *item = hf_workspace_find_class (workspace, info->class_id);

    g_string_append_printf (line, " %s=%s", info->name,
                            item != NULL ? hf_class_item_get_name (item) : "-");
  }
  g_string_append_c (line, '\n');
  tell (line->str);
}

static void
labelled_cb (HfWorkspace *workspace, guint n_changed, gint64 class_id,
             Labeller *self)
{
  self->n_waiting--;
  tell ("stored\n");
}

/* Another class than the one that is shown, so that each is a step. */
static gboolean
label_cb (gpointer data)
{
  Labeller *self = data;
  GListModel *pictures = hf_workspace_get_pictures (self->workspace);
  GListModel *classes = hf_workspace_get_classes (self->workspace);
  int n = (int) g_list_model_get_n_items (pictures);
  g_autoptr (HfPicture) picture = g_list_model_get_item (
      pictures, (guint) g_rand_int_range (self->rand, 0, n));
  g_autoptr (HfClassItem) item = g_list_model_get_item (
      classes, (guint) g_rand_int_range (
                   self->rand, 0, (int) g_list_model_get_n_items (classes)));
  const HfPictureInfo *info = hf_picture_get_info (picture);
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  g_autofree char *line = NULL;

  if (self->n_waiting >= MOST_WAITING ||
      info->class_id == hf_class_item_get_id (item))
    return G_SOURCE_CONTINUE;
  line = g_strdup_printf ("ask %s=%s\n", info->name,
                          hf_class_item_get_name (item));
  tell (line);
  self->n_waiting++;
  g_ptr_array_add (one, picture);
  hf_workspace_label (self->workspace, one, hf_class_item_get_id (item));
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  Desk desk = {0};
  Labeller labeller = {0};
  g_autofree char *folder = NULL, *name = NULL;

  g_assert_cmpint (argc, ==, 3);
  hf_device_prepare_environment (0);
  folder = g_path_get_dirname (argv[1]);
  desk_set_up_at (&desk, folder);
  name = g_path_get_basename (argv[1]);
  labeller.workspace = desk_open_project (&desk, desk_new_window (&desk), name);
  labeller.rand = g_rand_new_with_seed ((guint32) atoi (argv[2]));
  g_signal_connect (labeller.workspace, "labelled", G_CALLBACK (labelled_cb),
                    &labeller);
  tell_labels (labeller.workspace);
  g_timeout_add (2, label_cb, &labeller);
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}
