/* One at a time, and nobody waits without end. */
#include "base/lock.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->folder = g_dir_make_tmp ("handful-test-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "file", NULL);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  g_autofree char *lock = g_strconcat (self->path, ".lock", NULL);

  g_unlink (lock);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
}

static int
take (const Fixture *self)
{
  g_autoptr (GError) error = NULL;
  int lock = -2;

  hf_lock_take (self->path, 0, &lock, &error);
  g_assert_no_error (error);
  return lock;
}

/* Says what is said of a lock that is kept; caller frees. */
static char *
dup_refusal (const Fixture *self, int patience_ms)
{
  const gint64 begin_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  int lock = -2;

  g_assert_false (hf_lock_take (self->path, patience_ms, &lock, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpint (lock, ==, -2);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, >=, patience_ms * 1000);
  return g_strdup (error->message);
}

/* Whether the kernel lists the locks of this process: the only one is ours. */
static gboolean
is_listed (void)
{
  g_autofree char *own = g_strdup_printf (" %d ", (int) getpid ());
  g_autofree char *text = NULL;

  return g_file_get_contents ("/proc/locks", &text, NULL, NULL) &&
         strstr (text, own) != NULL;
}

/* Who has it is named. */
static void
test_kept (Fixture *fixture, gconstpointer unused)
{
  int lock = take (fixture);
  g_autofree char *refusal = dup_refusal (fixture, 30);
  g_autofree char *who =
      is_listed () ? g_strdup_printf (", process %d,", (int) getpid ())
                   : g_strdup (",");
  g_autofree char *wanted =
      g_strdup_printf ("%s is kept by another program%s", fixture->path, who);

  g_assert_cmpint (lock, >=, 0);
  g_assert_true (g_str_has_prefix (refusal, wanted));
  hf_lock_give (lock);
  lock = take (fixture);
  g_assert_cmpint (lock, >=, 0);
  hf_lock_give (lock);
}

static gpointer
wait_thread (gpointer data)
{
  const Fixture *self = data;
  int lock = -2;

  g_assert_true (hf_lock_take (self->path, G_MAXINT, &lock, NULL));
  hf_lock_give (lock);
  return GINT_TO_POINTER (lock);
}

/* The next one has it when it is given back. */
static void
test_waits (Fixture *fixture, gconstpointer unused)
{
  int lock = take (fixture);
  GThread *thread = g_thread_new ("waits", wait_thread, fixture);

  g_free (dup_refusal (fixture, 20));
  hf_lock_give (lock);
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), >=, 0);
}

static void
test_nowhere (void)
{
  g_autoptr (GError) error = NULL;
  int lock = -2;

  g_assert_true (hf_lock_take ("/nowhere/file", 0, &lock, &error));
  g_assert_no_error (error);
  g_assert_cmpint (lock, ==, -1);
  hf_lock_give (lock);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) \
  g_test_add ("/base/lock/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("who-keeps-it-is-named", test_kept);
  ADD ("the-next-has-it-when-it-is-given", test_waits);
#undef ADD
  g_test_add_func ("/base/lock/where-there-can-be-none-nobody-waits",
                   test_nowhere);
  return g_test_run ();
}
