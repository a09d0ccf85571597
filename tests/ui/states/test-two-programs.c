/* A window at work on one project with handful-cli, or with a window of another
 * process. */
#include "sitting.h"

#include <glib/gstdio.h>
#include <string.h>

/* A key that is held down comes again so soon. */
enum { N_TOGETHER = 12, KEY_US = 33000 };

typedef struct {
  Desk *desk;
  HfWindow *window;
  char *project;
} Together;

static Together
open_project (Desk *desk)
{
  Together self = {.desk = desk, .project = desk_dup_path (desk, "p.handful")};

  self.window = sitting_open_three (desk);
  return self;
}

/* handful-cli label @verb --project ... @class (may be NULL) @picture (may be
 * NULL). */
static GSubprocess *
start_cli (const Together *self, const char *verb, const char *class_name,
           const char *picture)
{
  g_autofree char *path =
      picture != NULL ? desk_dup_path (self->desk, picture) : NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  const char *const words[] = {g_getenv ("HANDFUL_CLI"), "label", verb,
                               "--project", self->project};
  GSubprocess *process;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    g_ptr_array_add (argv, (gpointer) words[i]);
  if (class_name != NULL)
    g_ptr_array_add (argv, (gpointer) class_name);
  if (path != NULL)
    g_ptr_array_add (argv, path);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata,
                               G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  g_assert_no_error (error);
  return process;
}

static void
end_cli (GSubprocess *process)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (process);
}

static void
test_shown (Desk *desk, gconstpointer unused)
{
  Together self = open_project (desk);

  end_cli (start_cli (&self, "set", "rusty", "parts/2.jpg"));
  sitting_wait_labels (self.window, "- rusty -");
  end_cli (start_cli (&self, "set", "dented", "parts/3.jpg"));
  sitting_wait_labels (self.window, "- rusty dented");
  sitting_label (self.window, 0, "1");
  sitting_wait_labels (self.window, "good rusty dented");
  sitting_wait_stored (desk, "p.handful", "good rusty dented");
  g_free (self.project);
}

/* What the user of the window did, and not what came in between. */
static void
test_undo (Desk *desk, gconstpointer unused)
{
  Together self = open_project (desk);

  sitting_label (self.window, 0, "1");
  sitting_wait_labels (self.window, "good - -");
  end_cli (start_cli (&self, "set", "rusty", "parts/2.jpg"));
  sitting_wait_labels (self.window, "good rusty -");
  sitting_undo (self.window);
  sitting_wait_labels (self.window, "- rusty -");
  sitting_wait_stored (desk, "p.handful", "- rusty -");
  gtk_widget_activate_action (GTK_WIDGET (self.window), "win.redo", NULL);
  sitting_wait_labels (self.window, "good rusty -");
  g_free (self.project);
}

static gboolean
has_exited (gpointer process)
{
  return g_subprocess_get_identifier (process) == NULL;
}

/* Both write at once, each on its own picture. */
static void
test_together (Desk *desk, gconstpointer unused)
{
  Together self = open_project (desk);
  guint n_keys = 0;

  for (int i = 0; i < N_TOGETHER; i++) {
    GSubprocess *process =
        start_cli (&self, "set", i % 2 == 0 ? "good" : "rusty", "parts/2.jpg");

    while (!has_exited (process)) {
      sitting_label (self.window, 0, n_keys++ % 2 == 0 ? "1" : "2");
      while (g_main_context_iteration (NULL, FALSE))
        continue;
      g_usleep (KEY_US);
    }
    end_cli (process);
  }
  sitting_label (self.window, 0, "1");
  sitting_wait_labels (self.window, "good rusty -");
  sitting_wait_notice (self.window, NULL);
  gtk_window_close (GTK_WINDOW (self.window));
  desk_wait_closed (desk);
  sitting_wait_stored (desk, "p.handful", "good rusty -");
  g_free (self.project);
}

/* The window of another process. */
typedef struct {
  GSubprocess *process;
  GDataInputStream *answers;
  gboolean answered;
} Second;

static void
answer_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Second *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line_finish (
      G_DATA_INPUT_STREAM (source), result, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (line, ==, "done");
  self->answered = TRUE;
}

static gboolean
has_answered (gpointer data)
{
  return ((Second *) data)->answered;
}

static void
listen (Second *self)
{
  self->answered = FALSE;
  g_data_input_stream_read_line_async (self->answers, G_PRIORITY_DEFAULT, NULL,
                                       answer_cb, self);
}

static void
say (Second *self, const char *line)
{
  g_autofree char *text = g_strconcat (line, "\n", NULL);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->process), text,
                             strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
  listen (self);
}

static void
tell (Second *self, const char *line)
{
  say (self, line);
  desk_wait (has_answered, self);
}

static void
start_second (Second *self, const char *project)
{
  const char *const argv[] = {g_getenv ("HANDFUL_SECOND"), project, NULL};
  g_autoptr (GError) error = NULL;

  self->process = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
      &error);
  g_assert_no_error (error);
  self->answers =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  listen (self);
  desk_wait (has_answered, self);
}

static void
end_second (Second *self)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL,
                         NULL);
  g_subprocess_wait_check (self->process, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (self->answers);
  g_object_unref (self->process);
}

/* Each shows what the other does, and takes back its own. */
static void
test_windows (Desk *desk, gconstpointer unused)
{
  Together self = open_project (desk);
  Second second = {0};

  start_second (&second, self.project);
  sitting_label (self.window, 0, "1");
  tell (&second, "await good - -");
  tell (&second, "label 1 2");
  sitting_wait_labels (self.window, "good rusty -");
  sitting_label (self.window, 2, "1");
  tell (&second, "await good rusty good");
  tell (&second, "undo");
  sitting_wait_labels (self.window, "good - good");
  tell (&second, "label 0 2");
  sitting_wait_labels (self.window, "rusty - good");
  sitting_undo (self.window);
  tell (&second, "await rusty - -");
  sitting_wait_labels (self.window, "rusty - -");
  end_second (&second);
  sitting_wait_stored (desk, "p.handful", "rusty - -");
  g_free (self.project);
}

static void
test_windows_together (Desk *desk, gconstpointer unused)
{
  Together self = open_project (desk);
  Second second = {0};

  start_second (&second, self.project);
  say (&second, "burst 1 100");
  for (int i = 0; i < 100; i++) {
    sitting_label (self.window, 0, i % 2 == 0 ? "1" : "2");
    while (g_main_context_iteration (NULL, FALSE))
      continue;
    g_usleep (G_USEC_PER_SEC / 100);
  }
  desk_wait (has_answered, &second);
  tell (&second, "await rusty rusty -");
  sitting_wait_labels (self.window, "rusty rusty -");
  sitting_wait_notice (self.window, NULL);
  end_second (&second);
  sitting_wait_stored (desk, "p.handful", "rusty rusty -");
  g_free (self.project);
}

int
main (int argc, char **argv)
{
  desk_begin (&argc, &argv);
  desk_add ("/two-programs/the-window-shows-what-the-other-labels", test_shown);
  desk_add ("/two-programs/undo-takes-back-the-own-step", test_undo);
  desk_add ("/two-programs/both-at-once-lose-nothing", test_together);
  desk_add ("/two-programs/two-windows-show-and-undo-what-is-theirs",
            test_windows);
  desk_add ("/two-programs/two-windows-at-once-lose-nothing",
            test_windows_together);
  return g_test_run ();
}
