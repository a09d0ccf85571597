/* A window of another process over a project, which does what it is told, for
 * test-two-programs.c:
 *
 *   second-window PROJECT
 *
 *   label 2 KEY    the third picture gets the class of that key
 *   burst 2 N      the third picture gets the classes 1 and 2 in turn, N times
 *   undo
 *   await good -   until these labels are shown
 *
 * Each line of stdin is answered with "done" once it is; so is the opening. */
#include "compute/device.h"
#include "sitting.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
tell_done (void)
{
  if (write (STDOUT_FILENO, "done\n", 5) != 5)
    exit (1);
}

static void
burst (HfWindow *window, guint picture, int n)
{
  for (int i = 0; i < n; i++) {
    sitting_label (window, picture, i % 2 == 0 ? "1" : "2");
    while (g_main_context_iteration (NULL, FALSE))
      continue;
    g_usleep (G_USEC_PER_SEC / 100);
  }
}

static void
obey (HfWindow *window, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);

  if (g_str_equal (words[0], "label")) {
    sitting_label (window, (guint) atoi (words[1]), words[2]);
  } else if (g_str_equal (words[0], "burst")) {
    burst (window, (guint) atoi (words[1]), atoi (words[2]));
  } else if (g_str_equal (words[0], "undo")) {
    sitting_undo (window);
  } else if (g_str_equal (words[0], "await")) {
    sitting_wait_labels (window, line + strlen ("await "));
  }
}

typedef struct {
  HfWindow *window;
  gboolean over; /* nothing more will be said */
} Orders;

static gboolean
line_cb (GIOChannel *channel, GIOCondition condition, gpointer data)
{
  Orders *self = data;
  g_autofree char *line = NULL;
  gsize end;

  if (g_io_channel_read_line (channel, &line, NULL, &end, NULL) !=
      G_IO_STATUS_NORMAL) {
    self->over = TRUE;
    return G_SOURCE_REMOVE;
  }
  line[end] = '\0';
  obey (self->window, line);
  tell_done ();
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  Desk desk = {0};
  g_autofree char *folder = NULL, *name = NULL;
  GIOChannel *channel;
  Orders orders = {0};

  g_assert_cmpint (argc, ==, 2);
  hf_device_prepare_environment (0);
  folder = g_path_get_dirname (argv[1]);
  desk_set_up_at (&desk, folder);
  name = g_path_get_basename (argv[1]);
  orders.window = sitting_open (&desk, name);
  channel = g_io_channel_unix_new (STDIN_FILENO);
  g_io_add_watch (channel, G_IO_IN | G_IO_HUP, line_cb, &orders);
  tell_done ();
  while (!orders.over)
    g_main_context_iteration (NULL, TRUE);
  /* Closing waits for what is still to be written. */
  gtk_window_close (GTK_WINDOW (orders.window));
  desk_wait_closed (&desk);
  return 0;
}
