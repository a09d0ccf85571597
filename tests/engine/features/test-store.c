/* The feature cache: what it holds is right or not there, whoever else uses it,
 * dies while using it, or scribbles on it. The program calls itself as another
 * process. */
#include "features/store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

enum { DIM = 300, ROW_BYTES = DIM * sizeof (float) };

static const char *self_path; /* of this program */

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("handful-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "features.db", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  GDir *dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);

    g_remove (path);
  }
  g_dir_close (dir);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
}

static char *
dup_sha256 (int i)
{
  g_autofree char *text = g_strdup_printf ("picture %d", i);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/* The only right row of picture @i under @key. */
static void
fill_row (const char *key, int i, float *row)
{
  for (int d = 0; d < DIM; d++)
    row[d] = (float) (i * 1000 + d) + (float) g_str_hash (key) * 1e-3f;
}

static HfFeatureStore *
open_store (const char *path, guint64 max_bytes)
{
  g_autoptr (GError) error = NULL;
  HfFeatureStore *store = hf_feature_store_open (path, max_bytes, &error);

  g_assert_no_error (error);
  g_assert_nonnull (store);
  return store;
}

/* Rows @from .. @from + @n - 1, in one transaction. */
static void
put (HfFeatureStore *store, const char *key, int from, int n)
{
  g_autofree float *rows = g_new (float, (gsize) n *DIM);
  g_autoptr (GPtrArray) sha256 = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < n; i++) {
    fill_row (key, from + i, rows + (gsize) i * DIM);
    g_ptr_array_add (sha256, dup_sha256 (from + i));
  }
  hf_feature_store_put (store, key, (const char *const *) sha256->pdata,
                        (gsize) n, rows, ROW_BYTES);
}

/* Whether row @i is there; it must be right then. */
static gboolean
has_row (HfFeatureStore *store, const char *key, int i)
{
  g_autofree char *sha256 = dup_sha256 (i);
  const char *all[] = {sha256};
  g_autoptr (GBytes) found = NULL;
  float wanted[DIM];

  hf_feature_store_get (store, key, all, 1, &found);
  if (found == NULL)
    return FALSE;
  fill_row (key, i, wanted);
  g_assert_cmpmem (g_bytes_get_data (found, NULL), g_bytes_get_size (found),
                   wanted, ROW_BYTES);
  return TRUE;
}

static int
count_rows (HfFeatureStore *store, const char *key, int n)
{
  int count = 0;

  for (int i = 0; i < n; i++)
    count += has_row (store, key, i);
  return count;
}

/* Meddles with the file behind the store's back. */
static void
run_sql (const char *path, const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* The sanitizer refused it once: `embed` without a text asks for none. */
static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  HfFeatureStore *store = open_store (fixture->path, G_MAXINT64);

  hf_feature_store_get (store, "a", NULL, 0, NULL);
  put (store, "a", 0, 1);
  g_assert_true (has_row (store, "a", 0));
  hf_feature_store_close (store);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  HfFeatureStore *store = open_store (fixture->path, G_MAXINT64);
  const char *odd[] = {NULL, "", "xyz", "0123456789"};
  GBytes *found[4];

  put (store, "a", 0, 100);
  put (store, "b", 50, 100);
  for (int round = 0; round < 2; round++) {
    g_assert_cmpint (count_rows (store, "a", 300), ==, 100);
    g_assert_cmpint (count_rows (store, "b", 300), ==, 100);
    g_assert_cmpint (count_rows (store, "c", 300), ==, 0);
    g_assert_cmpuint (hf_feature_store_get_size (store), ==, 200 * ROW_BYTES);
    /* The same again is the same. */
    put (store, "b", 50, 100);
    hf_feature_store_close (store);
    store = open_store (fixture->path, G_MAXINT64);
  }
  hf_feature_store_put (store, "a", odd, 4, fixture, 1);
  hf_feature_store_get (store, "a", odd, 4, found);
  for (int i = 0; i < 4; i++)
    g_assert_null (found[i]);
  hf_feature_store_close (store);
}

static void
test_notes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HfFeatureStore) store = open_store (fixture->path, G_MAXINT64);
  g_autofree char *none = hf_feature_store_dup_note (store, "model");
  g_autofree char *first = NULL, *second = NULL;

  g_assert_null (none);
  hf_feature_store_set_note (store, "model", "1 2 3");
  first = hf_feature_store_dup_note (store, "model");
  g_assert_cmpstr (first, ==, "1 2 3");
  hf_feature_store_set_note (store, "model", "4");
  second = hf_feature_store_dup_note (store, "model");
  g_assert_cmpstr (second, ==, "4");
}

static void
test_checksum (Fixture *fixture, gconstpointer data)
{
  HfFeatureStore *store = open_store (fixture->path, G_MAXINT64);

  put (store, "a", 0, 10);
  hf_feature_store_close (store);
  run_sql (fixture->path,
           "UPDATE rows SET value = zeroblob (1200) WHERE id = 3;"
           "UPDATE rows SET value = substr (value, 2) WHERE id = 5;"
           "UPDATE rows SET checksum = checksum + 1 WHERE id = 7;");
  store = open_store (fixture->path, G_MAXINT64);
  g_assert_cmpint (count_rows (store, "a", 10), ==, 7);
  g_assert_false (has_row (store, "a", 2));
  /* Computed anew, they are there again. */
  put (store, "a", 0, 10);
  g_assert_cmpint (count_rows (store, "a", 10), ==, 10);
  g_assert_cmpuint (hf_feature_store_get_size (store), ==, 10 * ROW_BYTES);
  hf_feature_store_close (store);
}

/* A row that was swapped with another's place is none. */
static void
test_swapped (Fixture *fixture, gconstpointer data)
{
  HfFeatureStore *store = open_store (fixture->path, G_MAXINT64);

  put (store, "a", 0, 2);
  hf_feature_store_close (store);
  run_sql (fixture->path,
           "CREATE TEMP TABLE t AS SELECT id, value, checksum FROM rows;"
           "UPDATE rows SET value = (SELECT value FROM t WHERE t.id ="
           " 3 - rows.id), checksum = (SELECT checksum FROM t WHERE t.id ="
           " 3 - rows.id);");
  store = open_store (fixture->path, G_MAXINT64);
  g_assert_cmpint (count_rows (store, "a", 2), ==, 0);
  hf_feature_store_close (store);
}

static void
test_eviction (Fixture *fixture, gconstpointer data)
{
  const guint64 most = 50 * ROW_BYTES;
  HfFeatureStore *store = open_store (fixture->path, most);

  for (int i = 0; i < 200; i += 10) {
    put (store, "a", i, 10);
    g_assert_cmpuint (hf_feature_store_get_size (store), <=, most);
    g_assert_true (has_row (store, "a", i + 9));
  }
  g_assert_cmpint (count_rows (store, "a", 200), >=, 40);
  g_assert_false (has_row (store, "a", 0));
  hf_feature_store_close (store);
}

/* Of rows that are a day old the one that was read stays. */
static void
test_least_used (Fixture *fixture, gconstpointer data)
{
  HfFeatureStore *store = open_store (fixture->path, G_MAXINT64);

  put (store, "a", 0, 40);
  hf_feature_store_close (store);
  run_sql (fixture->path, "UPDATE rows SET used = used - 86400");
  store = open_store (fixture->path, G_MAXINT64);
  g_assert_true (has_row (store, "a", 3));
  hf_feature_store_close (store);
  store = open_store (fixture->path, 40 * ROW_BYTES);
  put (store, "a", 100, 20);
  g_assert_true (has_row (store, "a", 3));
  g_assert_false (has_row (store, "a", 2));
  g_assert_false (has_row (store, "a", 4));
  g_assert_true (has_row (store, "a", 119));
  hf_feature_store_close (store);
}

static void
check_replaced (const char *path)
{
  HfFeatureStore *store = open_store (path, G_MAXINT64);

  g_assert_cmpint (count_rows (store, "a", 20), ==, 0);
  put (store, "a", 0, 20);
  hf_feature_store_close (store);
  store = open_store (path, G_MAXINT64);
  g_assert_cmpint (count_rows (store, "a", 20), ==, 20);
  hf_feature_store_close (store);
}

static void
test_foreign (Fixture *fixture, gconstpointer data)
{
  const char *text = "This is a letter and no database, and it is long enough "
                     "that SQLite reads a whole header's worth of bytes in it.";

  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  check_replaced (fixture->path);
  g_unlink (fixture->path);
  run_sql (fixture->path, "CREATE TABLE rows (id INTEGER PRIMARY KEY, x)");
  check_replaced (fixture->path);
  /* Of a version that is yet to come. */
  run_sql (fixture->path, "PRAGMA user_version = 99");
  check_replaced (fixture->path);
  run_sql (fixture->path, "DROP TABLE totals");
  check_replaced (fixture->path);
}

/* Noise over parts of the file, while it is closed: whatever is left is right,
 * and new rows are remembered. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (int round = 0; round < 60; round++) {
    HfFeatureStore *store = open_store (fixture->path, G_MAXINT64);
    g_autofree char *bytes = NULL;
    gsize size = 0, at, length;

    put (store, "a", 0, 100);
    hf_feature_store_close (store);
    g_assert_true (g_file_get_contents (fixture->path, &bytes, &size, NULL));
    at = (gsize) g_rand_int_range (rand, 0, (gint32) size);
    length = MIN (size - at, (gsize) g_rand_int_range (rand, 1, 20000));
    for (gsize i = at; i < at + length; i++)
      bytes[i] = (char) g_rand_int (rand);
    if (round % 3 == 0)
      size = at;
    g_assert_true (
        g_file_set_contents (fixture->path, bytes, (gssize) size, NULL));
    store = open_store (fixture->path, G_MAXINT64);
    count_rows (store, "a", 100);
    put (store, "a", 100, 100);
    count_rows (store, "a", 200);
    put (store, "a", 200, 100);
    for (int i = 200; i < 300; i++)
      g_assert_true (has_row (store, "a", i));
    hf_feature_store_close (store);
    g_unlink (fixture->path);
  }
}

/* The file vanishes under a running program: it goes on. */
static void
test_removed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HfFeatureStore) store = open_store (fixture->path, G_MAXINT64);

  put (store, "a", 0, 10);
  g_unlink (fixture->path);
  g_assert_cmpint (count_rows (store, "a", 10), ==, 10);
  put (store, "a", 10, 10);
}

static void
test_no_place (Fixture *fixture, gconstpointer data)
{
  g_autofree char *in_file = NULL;
  g_autoptr (GError) first = NULL, second = NULL;

  g_assert_null (hf_feature_store_open (fixture->folder, G_MAXINT64, &first));
  g_assert_error (first, HF_FEATURE_STORE_ERROR, HF_FEATURE_STORE_ERROR_OPEN);
  g_assert_true (g_file_test (fixture->folder, G_FILE_TEST_IS_DIR));
  g_assert_true (g_file_set_contents (fixture->path, "x", -1, NULL));
  in_file = g_build_filename (fixture->path, "features.db", NULL);
  g_assert_null (hf_feature_store_open (in_file, G_MAXINT64, &second));
  g_assert_error (second, HF_FEATURE_STORE_ERROR, HF_FEATURE_STORE_ERROR_OPEN);
  g_assert_nonnull (strstr (second->message, in_file));
}

/* This program as another process; its output comes through a pipe, unless
 * @out is NULL. */
static GPid
spawn (const char *what, const char *path, int from, int *out)
{
  g_autofree char *number = g_strdup_printf ("%d", from);
  char *argv[] = {(char *) self_path, (char *) what, (char *) path, number,
                  NULL};
  GPid pid = 0;

  g_assert_true (g_spawn_async_with_pipes (
      NULL, argv, NULL,
      G_SPAWN_DO_NOT_REAP_CHILD |
          (out == NULL ? G_SPAWN_STDOUT_TO_DEV_NULL : 0),
      NULL, NULL, &pid, NULL, out, NULL, NULL));
  return pid;
}

static void
wait_for_success (GPid pid)
{
  int status = 0;

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

enum { N_BY_CHILD = 400, AT_A_TIME = 20 };

/* The other process: rows by twenties; after each it says how many there are.
 */
static int
child_write (const char *path, int from)
{
  g_autoptr (HfFeatureStore) store = open_store (path, G_MAXINT64);

  for (int i = 0; i < N_BY_CHILD; i += AT_A_TIME) {
    const guint8 done = (guint8) (i / AT_A_TIME + 1);

    put (store, "a", from + i, AT_A_TIME);
    if (write (STDOUT_FILENO, &done, 1) != 1)
      return 1;
  }
  return 0;
}

static void
test_two_processes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HfFeatureStore) store = NULL;
  GPid children[3];

  for (int i = 0; i < 3; i++)
    children[i] = spawn ("--write", fixture->path, i * N_BY_CHILD, NULL);
  store = open_store (fixture->path, G_MAXINT64);
  for (int i = 3; i < 40; i++)
    put (store, "a", i * N_BY_CHILD, 10);
  for (int i = 0; i < 3; i++)
    wait_for_success (children[i]);
  g_assert_cmpint (count_rows (store, "a", 3 * N_BY_CHILD), ==, 3 * N_BY_CHILD);
  g_assert_true (has_row (store, "a", 39 * N_BY_CHILD + 9));
}

/* The last number that came through the pipe, until it is closed. */
static int
read_last (int fd)
{
  int last = 0;
  guint8 done;

  while (read (fd, &done, 1) == 1)
    last = done;
  close (fd);
  return last;
}

/* Killed at any moment: what was said to be there is, whole. */
static void
test_killed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  int n_midway = 0;

  for (int round = 0; round < 40; round++) {
    HfFeatureStore *store;
    int out = -1, said;
    GPid pid = spawn ("--write", fixture->path, round * N_BY_CHILD, &out);

    g_usleep ((gulong) g_rand_int_range (rand, 0, 60000));
    kill (pid, SIGKILL);
    waitpid (pid, NULL, 0);
    said = read_last (out) * AT_A_TIME;
    n_midway += said > 0 && said < N_BY_CHILD;
    store = open_store (fixture->path, G_MAXINT64);
    for (int i = 0; i < N_BY_CHILD; i++)
      g_assert_true (has_row (store, "a", round * N_BY_CHILD + i) || i >= said);
    hf_feature_store_close (store);
  }
  g_test_message ("%d of 40 were killed midway", n_midway);
}

static gboolean
has_fault (HfFeatureStore *store)
{
  g_autofree char *fault = hf_feature_store_dup_fault (store);

  return fault != NULL && strstr (fault, "takes nothing new") != NULL;
}

/* The disk is full: no file may grow beyond a limit. */
static int
child_full (const char *path, int limit)
{
  const struct rlimit size = {(rlim_t) limit, (rlim_t) limit};
  g_autoptr (HfFeatureStore) store = open_store (path, G_MAXINT64);

  signal (SIGXFSZ, SIG_IGN);
  if (setrlimit (RLIMIT_FSIZE, &size) != 0)
    return 1;
  put (store, "a", 0, 10);
  if (has_fault (store))
    return 2;
  for (int i = 1000; i < 3000; i += 100)
    put (store, "a", i, 100);
  if (!has_fault (store))
    return 3;
  return has_row (store, "a", 2999) || count_rows (store, "a", 10) == 0;
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  HfFeatureStore *store;

  wait_for_success (spawn ("--full", fixture->path, 400000, NULL));
  store = open_store (fixture->path, G_MAXINT64);
  g_assert_cmpint (count_rows (store, "a", 10), ==, 10);
  /* With room again, it goes on. */
  put (store, "a", 2900, 100);
  g_assert_true (has_row (store, "a", 2999));
  hf_feature_store_close (store);
}

/* Once the reason was that the empty file which the failure had left is not a
 * database. */
static int
child_new_on_full (const char *path)
{
  const struct rlimit size = {0, 0};
  g_autoptr (HfFeatureStore) store = NULL;
  g_autoptr (GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  if (setrlimit (RLIMIT_FSIZE, &size) != 0)
    return 1;
  store = hf_feature_store_open (path, G_MAXINT64, &error);
  if (store != NULL || strstr (error->message, "not full") == NULL)
    return 2;
  return strstr (error->message, "not a database") != NULL ? 3 : 0;
}

static void
test_new_on_full (Fixture *fixture, gconstpointer data)
{
  wait_for_success (spawn ("--new-on-full", fixture->path, 0, NULL));
}

/* As somebody who may only read. */
static int
child_read (const char *path, int n)
{
  enum { NOBODY = 65534 };
  g_autoptr (HfFeatureStore) store = NULL;

  if (geteuid () == 0 && seteuid (NOBODY) != 0)
    return 1;
  store = hf_feature_store_open (path, G_MAXINT64, NULL);
  if (store == NULL || count_rows (store, "a", n) != n)
    return 2;
  put (store, "a", n, 10);
  if (!has_fault (store))
    return 3;
  return count_rows (store, "a", n + 10) != n;
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  HfFeatureStore *store = open_store (fixture->path, G_MAXINT64);

  put (store, "a", 0, 50);
  hf_feature_store_close (store);
  g_assert_cmpint (g_chmod (fixture->path, 0444), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0555), ==, 0);
  wait_for_success (spawn ("--read", fixture->path, 50, NULL));
  g_assert_cmpint (g_chmod (fixture->folder, 0700), ==, 0);
}

static gpointer
work_thread (gpointer data)
{
  HfFeatureStore *store = data;

  for (int i = 0; i < 300; i += 10) {
    put (store, "a", i, 10);
    g_assert_true (has_row (store, "a", i + 5));
  }
  return NULL;
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HfFeatureStore) store = open_store (fixture->path, G_MAXINT64);
  GThread *threads[4];

  for (int i = 0; i < 4; i++)
    threads[i] = g_thread_new ("work", work_thread, store);
  for (int i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (count_rows (store, "a", 300), ==, 300);
}

static void
write_file (const char *path, const char *text, gboolean is_old)
{
  const struct utimbuf time = {1000000000, 1000000000};

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  if (is_old)
    g_assert_cmpint (utime (path, &time), ==, 0);
}

static void
check_hash (HfFeatureStore *store, const char *path, const char *text)
{
  g_autofree char *wanted =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  g_autofree char *sha256 = hf_feature_store_dup_sha256 (store, path, NULL);

  g_assert_cmpstr (sha256, ==, wanted);
}

static gboolean
is_known (HfFeatureStore *store, const char *path)
{
  g_autofree char *sha256 = hf_feature_store_dup_known_sha256 (store, path);

  return sha256 != NULL;
}

/* Remembered only where a change must show; times are ours to set, those of a
 * change are not, so that a test has to wait. */
static void
test_hashes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "picture", NULL);
  HfFeatureStore *store = open_store (fixture->path, G_MAXINT64);
  g_autoptr (GError) error = NULL;

  write_file (path, "one", TRUE);
  check_hash (store, path, "one");
  hf_feature_store_close (store);
  store = open_store (fixture->path, G_MAXINT64);
  g_assert_false (is_known (store, path));
  g_usleep (2200000);
  check_hash (store, path, "one");
  hf_feature_store_close (store);
  store = open_store (fixture->path, G_MAXINT64);
  g_assert_true (is_known (store, path));
  /* The same size and time, another content. */
  write_file (path, "two", TRUE);
  g_assert_false (is_known (store, path));
  check_hash (store, path, "two");
  g_unlink (path);
  g_assert_false (is_known (store, path));
  g_assert_null (hf_feature_store_dup_sha256 (store, path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  hf_feature_store_close (store);
}

static void
test_large_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "picture", NULL);
  g_autoptr (HfFeatureStore) store = open_store (fixture->path, G_MAXINT64);
  g_autoptr (GError) error = NULL, other = NULL;

  write_file (path, "", FALSE);
  g_assert_cmpint (truncate (path, ((off_t) 512 << 20) + 1), ==, 0);
  g_assert_null (hf_feature_store_dup_sha256 (store, path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  g_assert_null (hf_feature_store_dup_sha256 (store, "/dev/zero", &other));
  g_assert_error (other, G_FILE_ERROR, G_FILE_ERROR_INVAL);
}

int
main (int argc, char **argv)
{
  const struct {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } all[] = {
      {"rows-come-back", test_round_trip},
      {"nothing-asked-is-nothing-found", test_nothing},
      {"notes-come-back", test_notes},
      {"a-wrong-checksum-is-no-row", test_checksum},
      {"a-row-in-anothers-place-is-none", test_swapped},
      {"stays-within-its-size", test_eviction},
      {"what-was-used-stays", test_least_used},
      {"a-foreign-file-is-replaced", test_foreign},
      {"a-damaged-file-is-replaced", test_damaged},
      {"a-removed-file-does-no-harm", test_removed},
      {"no-place-is-an-error", test_no_place},
      {"many-processes", test_two_processes},
      {"a-killed-writer-leaves-whole-rows", test_killed},
      {"a-full-disk-is-no-error", test_full},
      {"a-full-disk-is-named-as-the-reason", test_new_on_full},
      {"a-read-only-disk-is-read", test_read_only},
      {"many-threads", test_threads},
      {"hashes-are-remembered-by-state", test_hashes},
      {"a-file-that-is-too-large", test_large_file},
  };

  self_path = argv[0];
  if (argc == 4 && g_str_equal (argv[1], "--write"))
    return child_write (argv[2], atoi (argv[3]));
  if (argc == 4 && g_str_equal (argv[1], "--full"))
    return child_full (argv[2], atoi (argv[3]));
  if (argc == 4 && g_str_equal (argv[1], "--new-on-full"))
    return child_new_on_full (argv[2]);
  if (argc == 4 && g_str_equal (argv[1], "--read"))
    /* Without the checks of a sanitizer, which nobody has no right to. */
    _exit (child_read (argv[2], atoi (argv[3])));
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    g_autofree char *path = g_strconcat ("/store/", all[i].name, NULL);

    g_test_add (path, Fixture, NULL, set_up, all[i].test, tear_down);
  }
  return g_test_run ();
}
