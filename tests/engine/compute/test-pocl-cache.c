/* Several programs over one common folder. No driver is asked: a user is a
 * forked process that prepares, says which folder it was given, and then holds
 * on until it is told to end. The test holds the locks itself where an order of
 * events matters, so that nothing here is left to chance. */
#include "compute/pocl-cache.h"

#include "base/scratch.h"
#include "compute/device.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_USERS 8
#define N_ROUNDS 20
#define N_SEALS 3

typedef struct {
  char *root;   /* XDG_CACHE_HOME */
  char *folder; /* the common one */
} Fixture;

typedef struct {
  pid_t pid;
  int orders; /* closed: end */
  int answers;
} User;

/* In the place of the C library's, for the whole program: the disks of the
 * paths that begin with HANDFUL_TEST_FULL are full, all others are empty. */
int
statvfs (const char *path, struct statvfs *info)
{
  const char *full = g_getenv ("HANDFUL_TEST_FULL");

  memset (info, 0, sizeof *info);
  info->f_frsize = 4096;
  info->f_bavail =
      full != NULL && g_str_has_prefix (path, full) ? 256 : 1u << 20;
  return 0;
}

static char *
dup_path (const Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->root, "handful", name, NULL);
}

/* What PoCL would leave: a compiled file, not listed yet. */
static char *
compile (const char *folder, const char *name)
{
  g_autofree char *sub = g_build_filename (folder, name, NULL);
  char *path = g_build_filename (sub, "program.bc", NULL);

  g_assert_cmpint (g_mkdir_with_parents (sub, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, name, -1, NULL));
  return path;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_strdup (g_get_user_cache_dir ());
  fixture->folder = dup_path (fixture, "pocl");
  g_assert_cmpint (g_mkdir_with_parents (fixture->folder, 0700), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const char *arguments[] = {"rm", "-r", NULL, NULL};
  g_autofree char *ours = dup_path (fixture, "");

  arguments[2] = ours;
  g_assert_true (g_spawn_sync (NULL, (char **) arguments, NULL,
                               G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                               NULL, NULL));
  g_free (fixture->folder);
  g_free (fixture->root);
}

/* A process that is forked while this is held holds it too, so users that are
 * not to hold it are started before. */
static int
hold (const Fixture *fixture, const char *name, int how)
{
  g_autofree char *path = dup_path (fixture, name);
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (flock (fd, how | LOCK_NB), ==, 0);
  return fd;
}

static gboolean
is_in_use (const Fixture *fixture)
{
  g_autofree char *path = dup_path (fixture, "pocl.lock");
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  gboolean refused = flock (fd, LOCK_EX | LOCK_NB) < 0;

  close (fd);
  return refused;
}

/* In the forked process. One byte says where it works; 'l' and 'c' say that it
 * is the common folder, with a list and without. */
static void
use (const Fixture *fixture, int orders, int answers, gboolean seal)
{
  gboolean listed;
  const char *given;
  char order = 0;
  char answer;

  while (read (orders, &order, 1) < 0 && errno == EINTR)
    ;
  listed = hf_pocl_cache_prepare ();
  given = g_getenv ("POCL_CACHE_DIR");
  answer = g_strcmp0 (given, fixture->folder) != 0 ? 'p' : listed ? 'l' : 'c';
  if (write (answers, &answer, 1) != 1)
    _exit (1);
  while (read (orders, &order, 1) < 0 && errno == EINTR)
    ;
  if (seal)
    hf_pocl_cache_seal ();
  _exit (answer == 'p' && g_rmdir (given) < 0 ? 1 : 0);
}

static User
start_user (const Fixture *fixture, gboolean seal)
{
  int orders[2], answers[2];
  User user;

  g_assert_cmpint (pipe2 (orders, O_CLOEXEC), ==, 0);
  g_assert_cmpint (pipe2 (answers, O_CLOEXEC), ==, 0);
  user.pid = fork ();
  g_assert_cmpint (user.pid, >=, 0);
  if (user.pid == 0) {
    close (orders[1]);
    use (fixture, orders[0], answers[1], seal);
  }
  close (orders[0]);
  close (answers[1]);
  user.orders = orders[1];
  user.answers = answers[0];
  return user;
}

static void
let_prepare (const User *user)
{
  g_assert_cmpint (write (user->orders, "x", 1), ==, 1);
}

static char
wait_prepared (const User *user)
{
  char answer = 0;

  g_assert_cmpint (read (user->answers, &answer, 1), ==, 1);
  return answer;
}

static void
end_user (const User *user)
{
  int status;

  if (write (user->orders, "x", 1) != 1)
    g_assert_not_reached ();
  close (user->orders);
  close (user->answers);
  g_assert_cmpint (waitpid (user->pid, &status, 0), ==, user->pid);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

static void
run_user (const Fixture *fixture, gboolean seal, char expected)
{
  User user = start_user (fixture, seal);

  let_prepare (&user);
  g_assert_cmpint (wait_prepared (&user), ==, expected);
  end_user (&user);
}

/* Begins one that will seal the folder, and what it compiles: its path. */
static char *
start_compiling (const Fixture *fixture, User *user)
{
  *user = start_user (fixture, TRUE);
  let_prepare (user);
  g_assert_cmpint (wait_prepared (user), ==, 'c');
  return compile (fixture->folder, "made");
}

/* What broke: the second user tried to have the folder alone, failed, and had
 * lost its shared lock with that. */
static void
test_lock_kept (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = compile (fixture->folder, "unlisted");
  User user = start_user (fixture, FALSE);
  int other = hold (fixture, "pocl.lock", LOCK_SH);

  let_prepare (&user);
  g_assert_cmpint (wait_prepared (&user), ==, 'c');
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  close (other);
  g_assert_true (is_in_use (fixture));
  /* The first has gone: a third one must not empty it under the second. */
  run_user (fixture, FALSE, 'c');
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  end_user (&user);
  g_assert_false (is_in_use (fixture));
}

/* Nobody uses it: whoever left these files may have crashed with the machine.
 */
static void
test_left_behind (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = compile (fixture->folder, "unlisted");

  run_user (fixture, FALSE, 'c');
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_sealed (Fixture *fixture, gconstpointer data)
{
  User user;
  g_autofree char *path = start_compiling (fixture, &user);

  end_user (&user);
  run_user (fixture, FALSE, 'l');
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  /* Broken, and in use: nobody may come in, and nobody may empty it. */
  user = start_user (fixture, FALSE);
  let_prepare (&user);
  g_assert_cmpint (wait_prepared (&user), ==, 'l');
  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  run_user (fixture, FALSE, 'p');
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  end_user (&user);
  run_user (fixture, FALSE, 'c');
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* What broke: a seal that was made while another program compiled named a file
 * that PoCL was about to rename, and was broken from then on. */
static void
test_unfinished (Fixture *fixture, gconstpointer data)
{
  g_autofree char *unfinished =
      g_build_filename (fixture->folder, "tempfile_Ab1Cd2.so", NULL);
  User user;
  g_autofree char *path = start_compiling (fixture, &user);

  g_assert_true (g_file_set_contents (unfinished, "x", 1, NULL));
  run_user (fixture, FALSE, 'c');
  g_assert_true (g_file_test (unfinished, G_FILE_TEST_EXISTS));
  end_user (&user);
  g_assert_cmpint (g_unlink (unfinished), ==, 0);
  run_user (fixture, FALSE, 'l');
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  /* One that was killed will not finish it. */
  g_assert_true (g_file_set_contents (unfinished, "x", 1, NULL));
  run_user (fixture, FALSE, 'l');
  g_assert_false (g_file_test (unfinished, G_FILE_TEST_EXISTS));
}

/* What broke: two compiled the same kernel, the first sealed its own, and the
 * second put another over it. */
static void
test_sealed_anew (Fixture *fixture, gconstpointer data)
{
  User user;
  g_autofree char *path = start_compiling (fixture, &user);

  run_user (fixture, TRUE, 'c');
  g_assert_true (g_file_set_contents (path, "made again", -1, NULL));
  end_user (&user);
  run_user (fixture, FALSE, 'l');
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void G_GNUC_NORETURN
compile_and_seal (const Fixture *fixture, int number)
{
  hf_pocl_cache_prepare ();
  for (int i = 0; i < N_SEALS; i++) {
    g_autofree char *name = g_strdup_printf ("%d-%d", number, i);

    g_free (compile (fixture->folder, name));
    hf_pocl_cache_seal ();
  }
  _exit (0);
}

/* What broke: the list of one that had begun before another replaced the
 * other's, which was the whole one. */
static void
test_sealed_at_once (Fixture *fixture, gconstpointer data)
{
  for (int round = 0; round < N_ROUNDS; round++) {
    g_autofree char *made = g_build_filename (fixture->folder, "0-0", NULL);
    pid_t pids[N_USERS];

    for (int i = 0; i < N_USERS; i++) {
      pids[i] = fork ();
      g_assert_cmpint (pids[i], >=, 0);
      if (pids[i] == 0)
        compile_and_seal (fixture, i);
    }
    for (int i = 0; i < N_USERS; i++)
      g_assert_cmpint (waitpid (pids[i], NULL, 0), ==, pids[i]);
    run_user (fixture, FALSE, 'l');
    g_assert_true (g_file_test (made, G_FILE_TEST_EXISTS));
    hf_folder_empty (fixture->folder);
  }
}

/* Between exclusive and shared there is a moment without a lock, so nobody may
 * take the lock without the gate: all wait for it. */
static void
test_gate (Fixture *fixture, gconstpointer data)
{
  User user = start_user (fixture, FALSE);
  int gate = hold (fixture, "pocl.gate", LOCK_EX);

  let_prepare (&user);
  g_usleep (50 * 1000);
  g_assert_false (is_in_use (fixture));
  close (gate);
  g_assert_cmpint (wait_prepared (&user), ==, 'c');
  g_assert_true (is_in_use (fixture));
  end_user (&user);
}

/* A program that was stopped behind the gate stops no other one. */
static void
test_gate_stays_shut (Fixture *fixture, gconstpointer data)
{
  User user = start_user (fixture, FALSE);
  int gate = hold (fixture, "pocl.gate", LOCK_EX);

  let_prepare (&user);
  g_assert_cmpint (wait_prepared (&user), ==, 'p');
  close (gate);
  end_user (&user);
}

/* All start at once over a folder with files that nobody vouches for: the first
 * empties it, and from then on nothing vanishes. */
static void
test_at_once (Fixture *fixture, gconstpointer data)
{
  for (int round = 0; round < N_ROUNDS; round++) {
    g_autofree char *old = compile (fixture->folder, "unlisted");
    g_autofree char *made = NULL;
    User users[N_USERS];

    for (int i = 0; i < N_USERS; i++)
      users[i] = start_user (fixture, FALSE);
    for (int i = 0; i < N_USERS; i++)
      let_prepare (&users[i]);
    g_assert_cmpint (wait_prepared (&users[0]), ==, 'c');
    g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
    made = compile (fixture->folder, "made");
    for (int i = 1; i < N_USERS; i++)
      g_assert_cmpint (wait_prepared (&users[i]), ==, 'c');
    g_assert_true (g_file_test (made, G_FILE_TEST_EXISTS));
    for (int i = 0; i < N_USERS; i++)
      end_user (&users[i]);
  }
}

/* A full cache disk: the temporary folder serves. */
static void
test_full_cache (Fixture *fixture, gconstpointer data)
{
  g_setenv ("HANDFUL_TEST_FULL", fixture->root, TRUE);
  run_user (fixture, FALSE, 'p');
  g_unsetenv ("HANDFUL_TEST_FULL");
  g_assert_false (is_in_use (fixture));
}

/* Private folders of two that live, and one whose owner was killed. */
static void
test_private (Fixture *fixture, gconstpointer data)
{
  g_autofree char *left =
      g_build_filename (g_get_tmp_dir (), ".handful-pocl-left", NULL);
  g_autofree char *made = compile (left, "made");
  User users[2];

  g_setenv ("HANDFUL_TEST_FULL", fixture->root, TRUE);
  for (int i = 0; i < 2; i++)
    users[i] = start_user (fixture, FALSE);
  for (int i = 0; i < 2; i++) {
    let_prepare (&users[i]);
    g_assert_cmpint (wait_prepared (&users[i]), ==, 'p');
    g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  }
  /* Each ends with an error where its folder is not there any more. */
  for (int i = 0; i < 2; i++)
    end_user (&users[i]);
  g_unsetenv ("HANDFUL_TEST_FULL");
}

static void
test_check_room (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_setenv ("POCL_CACHE_DIR", fixture->folder, TRUE);
  g_assert_true (hf_pocl_cache_check_room (&error));
  g_assert_no_error (error);
  g_setenv ("HANDFUL_TEST_FULL", fixture->root, TRUE);
  g_assert_false (hf_pocl_cache_check_room (&error));
  g_assert_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_BUILD);
  g_assert_nonnull (strstr (error->message, "only 1.0 MiB are free in"));
  g_assert_nonnull (strstr (error->message, fixture->folder));
  g_unsetenv ("HANDFUL_TEST_FULL");
  g_unsetenv ("POCL_CACHE_DIR");
  g_assert_true (hf_pocl_cache_check_room (NULL));
}

int
main (int argc, char **argv)
{
  g_autofree char *root = g_dir_make_tmp ("handful-pocl-cache-XXXXXX", NULL);
  int result;

  g_setenv ("XDG_CACHE_HOME", root, TRUE);
  g_unsetenv ("POCL_CACHE_DIR");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                 \
  g_test_add ("/compute/pocl-cache/" name, Fixture, NULL, set_up, function, \
              tear_down)
  ADD ("the-lock-outlives-a-failed-try", test_lock_kept);
  ADD ("what-nobody-vouches-for-is-removed", test_left_behind);
  ADD ("a-broken-seal-in-use-is-left-alone", test_sealed);
  ADD ("what-is-not-finished-is-not-sealed", test_unfinished);
  ADD ("what-came-twice-is-sealed-anew", test_sealed_anew);
  ADD ("many-seals-at-once-are-whole", test_sealed_at_once);
  ADD ("nobody-passes-a-shut-gate", test_gate);
  ADD ("a-gate-that-stays-shut-stops-nobody", test_gate_stays_shut);
  ADD ("many-at-once-lose-nothing", test_at_once);
  ADD ("a-full-disk-is-not-used", test_full_cache);
  ADD ("private-folders-last-as-long-as-their-owners", test_private);
  ADD ("no-room-is-a-sentence", test_check_room);
#undef ADD
  result = g_test_run ();
  g_rmdir (root);
  return result;
}
