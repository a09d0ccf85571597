/* A window and handful-cli at work on one project. */
#include "compute/device.h"
#include "sitting.h"

#include <glib/gstdio.h>

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

  sitting_put_three (desk, "parts");
  sitting_make_project (desk, "p.handful", "parts");
  self.window = sitting_open (desk, "p.handful");
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
                               G_SUBPROCESS_FLAGS_NONE, &error);
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
undo (const Together *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.undo", NULL);
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
  undo (&self);
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

int
main (int argc, char **argv)
{
  hf_device_prepare_environment (0);
  gtk_test_init (&argc, &argv);
  adw_init ();
#define ADD(name, func)                                             \
  g_test_add ("/two-programs/" name, Desk, NULL, desk_set_up, func, \
              desk_tear_down)
  ADD ("the-window-shows-what-the-other-labels", test_shown);
  ADD ("undo-takes-back-the-own-step", test_undo);
  ADD ("both-at-once-lose-nothing", test_together);
#undef ADD
  return g_test_run ();
}
