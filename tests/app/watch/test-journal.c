/* What a journal knows, owes and refuses. */
#include "app/watch/journal.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N_PROGRAMS = 2, N_ROUNDS = 20 };

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->folder = g_dir_make_tmp ("handful-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "j.db", NULL);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->path);
}

static HfJournal *
open_journal (const Fixture *self)
{
  g_autoptr (GError) error = NULL;
  HfJournal *journal = hf_journal_open (self->path, &error);

  g_assert_no_error (error);
  return journal;
}

static void
test_life (Fixture *self, gconstpointer unused)
{
  const HfJournalFile a = {"a\xff.jpg", 10, 100}, b = {"b.jpg", 20, 200};
  const HfJournalFile newer = {"b.jpg", 20, 201},
                      moved = {"pass/b.jpg", 20, 200};
  g_autoptr (HfJournal) journal = open_journal (self);
  g_autoptr (GPtrArray) debts = NULL;
  const HfJournalDebt *debt;
  gint64 first, second;

  g_assert_false (hf_journal_knows (journal, &a));
  first = hf_journal_add (journal, &a, "text\n", "{}\n", NULL, NULL);
  second = hf_journal_add (journal, &b, "other\n", "[]\n", "pass", NULL);
  g_assert_true (hf_journal_set_target (journal, second, "pass/b.jpg", NULL));
  g_assert_true (hf_journal_commit (journal, NULL));
  hf_journal_close (journal);

  journal = open_journal (self);
  g_assert_true (hf_journal_knows (journal, &a));
  g_assert_true (hf_journal_knows (journal, &moved));
  g_assert_false (hf_journal_knows (journal, &newer));
  debts = hf_journal_dup_debts (journal, NULL);
  g_assert_cmpuint (debts->len, ==, 2);
  debt = debts->pdata[1];
  g_assert_cmpint (debt->id, ==, second);
  g_assert_cmpstr (debt->path, ==, "b.jpg");
  g_assert_cmpstr (debt->json, ==, "[]\n");
  g_assert_cmpstr (debt->text, ==, "other\n");
  g_assert_cmpstr (debt->folder, ==, "pass");
  g_assert_cmpstr (debt->target, ==, "pass/b.jpg");
  g_assert_false (debt->told);
  g_assert_true (hf_journal_set_told (journal, second, NULL));
  g_assert_true (hf_journal_settle (journal, first, NULL));
  g_assert_true (hf_journal_commit (journal, NULL));
  g_clear_pointer (&debts, g_ptr_array_unref);
  debts = hf_journal_dup_debts (journal, NULL);
  g_assert_cmpuint (debts->len, ==, 1);
  g_assert_true (((HfJournalDebt *) debts->pdata[0])->told);
  g_assert_true (hf_journal_knows (journal, &a));
}

static void
test_prune (Fixture *self, gconstpointer unused)
{
  const HfJournalFile here = {"j.db", 1, 1}, gone = {"gone.jpg", 1, 1},
                      owed = {"owed.jpg", 1, 1};
  g_autoptr (HfJournal) journal = open_journal (self);
  gint64 future = g_get_real_time () / G_USEC_PER_SEC + 100;

  g_assert_true (hf_journal_add_refused (journal, &here, NULL));
  g_assert_true (hf_journal_add_refused (journal, &gone, NULL));
  g_assert_cmpint (hf_journal_add (journal, &owed, "", "", NULL, NULL), >, 0);
  g_assert_true (hf_journal_prune (journal, self->folder, 0, NULL));
  g_assert_true (hf_journal_knows (journal, &gone));
  g_assert_true (hf_journal_prune (journal, self->folder, future, NULL));
  g_assert_true (hf_journal_knows (journal, &here));
  g_assert_false (hf_journal_knows (journal, &gone));
  g_assert_true (hf_journal_knows (journal, &owed));
}

static void
test_one_at_a_time (Fixture *self, gconstpointer unused)
{
  g_autoptr (HfJournal) first = open_journal (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfJournal) second = hf_journal_open (self->path, &error);

  g_assert_null (second);
  g_assert_error (error, HF_JOURNAL_ERROR, HF_JOURNAL_ERROR_BUSY);
}

/* In a process of its own: opens at a moment that all have agreed on, since to
 * be woken takes longer than to open. Says how that went, and keeps the journal
 * until @end is closed. */
static void G_GNUC_NORETURN
compete (const char *path, gint64 moment_us, int answers, int end)
{
  HfJournal *journal;
  char byte;

  while (g_get_monotonic_time () < moment_us)
    ;
  journal = hf_journal_open (path, NULL);
  _exit (write (answers, journal != NULL ? "y" : "n", 1) == 1 &&
                 read (end, &byte, 1) == 0
             ? 0
             : 1);
}

/* How many of N_PROGRAMS that begin at once get the journal. */
static int
count_winners (const char *path)
{
  gint64 moment_us = g_get_monotonic_time () + 5000;
  int answers[2], end[2], n = 0;

  g_assert_cmpint (pipe (answers), ==, 0);
  g_assert_cmpint (pipe (end), ==, 0);
  for (int i = 0; i < N_PROGRAMS; i++)
    if (fork () == 0) {
      close (end[1]);
      compete (path, moment_us, answers[1], end[0]);
    }
  for (int i = 0; i < N_PROGRAMS; i++) {
    char answer = 0;

    g_assert_cmpint (read (answers[0], &answer, 1), ==, 1);
    n += answer == 'y';
  }
  close (end[1]);
  for (int i = 0; i < N_PROGRAMS; i++) {
    int status;

    g_assert_cmpint (wait (&status), >, 0);
    g_assert_cmpint (status, ==, 0);
  }
  close (answers[0]);
  close (answers[1]);
  close (end[0]);
  return n;
}

/* What broke: each of two held what the other waited for, and both gave up. */
static void
test_at_once (Fixture *self, gconstpointer unused)
{
  for (int i = 0; i < N_ROUNDS; i++) {
    g_autofree char *path = g_strdup_printf ("%s/%d.db", self->folder, i);

    /* A new one, and one whose program was ended in its midst. */
    g_assert_cmpint (count_winners (path), ==, 1);
    g_assert_cmpint (count_winners (path), ==, 1);
  }
}

static void
test_newer (Fixture *self, gconstpointer unused)
{
  g_autoptr (HfJournal) journal = open_journal (self);
  g_autoptr (GError) error = NULL;
  sqlite3 *db = NULL;

  g_clear_pointer (&journal, hf_journal_close);
  g_assert_cmpint (sqlite3_open (self->path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, "PRAGMA user_version = 2", NULL, NULL, NULL);
  sqlite3_close (db);
  journal = hf_journal_open (self->path, &error);
  g_assert_null (journal);
  g_assert_error (error, HF_JOURNAL_ERROR, HF_JOURNAL_ERROR_VERSION);
  g_assert_nonnull (strstr (error->message, "version 2"));
}

static void
test_damaged (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfJournal) journal = NULL;

  g_assert_true (
      g_file_set_contents (self->path, "no database at all", -1, NULL));
  journal = hf_journal_open (self->path, &error);
  g_assert_null (journal);
  g_assert_error (error, HF_JOURNAL_ERROR, HF_JOURNAL_ERROR_WRITE);
}

/* The advice once named the folder of models, where no journal is. */
static void
test_read_only (Fixture *self, gconstpointer unused)
{
  uid_t user = geteuid ();
  g_autoptr (GError) error = NULL;

  hf_journal_close (open_journal (self));
  g_assert_cmpint (g_chmod (self->path, 0444), ==, 0);
  g_assert_cmpint (g_chmod (self->folder, 0555), ==, 0);
  /* What may not be written is nothing to root. */
  g_assert_true (user != 0 || seteuid (65534) == 0);
  g_assert_null (hf_journal_open (self->path, &error));
  g_assert_true (user != 0 || seteuid (0) == 0);
  g_assert_error (error, HF_JOURNAL_ERROR, HF_JOURNAL_ERROR_WRITE);
  g_assert_nonnull (strstr (error->message, "Let XDG_STATE_HOME name"));
  g_assert_cmpint (g_chmod (self->folder, 0755), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) \
  g_test_add ("/watch/journal/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("owes-what-nobody-took", test_life);
  ADD ("forgets-what-is-gone-and-settled", test_prune);
  ADD ("is-for-one-program-at-a-time", test_one_at_a_time);
  ADD ("is-for-one-of-many-that-begin-at-once", test_at_once);
  ADD ("of-a-newer-program-is-refused", test_newer);
  ADD ("that-is-none-is-refused", test_damaged);
  ADD ("that-can-only-be-read-says-where-another-may-be", test_read_only);
  return g_test_run ();
}
