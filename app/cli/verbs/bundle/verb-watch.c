/* verb-watch.c: handful-cli watch.
 *
 * A picture's way: complete (watcher), judged (inspector), in the journal,
 * moved if that was asked for, printed, taken by the reader, settled in the
 * journal. Whatever ends the program in between, the next start goes on from
 * the last of these that is on disk. */
#include "app/cli/output.h"
#include "app/cli/verbs/bundle/answer.h"
#include "app/cli/verbs/bundle/bundle-options.h"
#include "app/cli/verbs/bundle/delivery.h"
#include "app/places.h"
#include "app/watch/filing.h"
#include "app/watch/journal.h"
#include "app/watch/watcher.h"
#include "image/image.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Pictures judged in one go. Each is printed when it is ready, and one that
 * comes meanwhile would wait for those before it anyway; but between two goes
 * nothing is decoded ahead. */
#define BATCH 512
/* Verdicts that are ready within this time go to disk together. */
#define HOLD_US (50 * 1000)
/* How long nothing needs to be looked at, and while a reader is being waited
 * for. */
#define IDLE_MS 200
#define READING_MS 5
/* A damaged picture may be one whose writer comes back. */
#define DAMAGED_US (3 * G_USEC_PER_SEC)
#define DAMAGED_RETRY_MS 500
/* How long the reader may take at the end. */
#define DRAIN_MS 500
#define PRUNE_DAYS 30

/* A verdict that is in the journal, and not yet printed. */
typedef struct {
  gint64 id;
  char *path, *line, *folder;
  gboolean moved; /* or never to be */
} Held;

typedef struct {
  const char *folder;
  gboolean json, move;
  HfTask *task;
  HfInspector *inspector;
  HfJournal *journal;
  HfWatcher *watcher;
  HfDelivery *delivery;
  GPtrArray *files; /* HfWatcherFile, at work */
  GPtrArray *held;  /* Held */
  gint64 held_since_us;
  GHashTable *damaged;   /* path to when it was first seen so, gint64 */
  GHashTable *unsettled; /* verdict whose file could not be moved, gint64 */
} Watch;

static void
held_free (gpointer data)
{
  Held *held = data;

  g_free (held->path);
  g_free (held->line);
  g_free (held->folder);
  g_free (held);
}

static void
watch_clear (Watch *self)
{
  g_clear_pointer (&self->watcher, hf_watcher_free);
  g_clear_pointer (&self->journal, hf_journal_close);
  g_clear_pointer (&self->delivery, hf_delivery_free);
  g_clear_pointer (&self->inspector, hf_inspector_free);
  g_ptr_array_unref (self->held);
  g_hash_table_unref (self->damaged);
  g_hash_table_unref (self->unsettled);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

static char *
dup_full (const Watch *self, const char *path)
{
  return g_build_filename (self->folder, path, NULL);
}

/* I3: the first name that is free, written down before it is taken. */
static gboolean
reserve (Watch *self, const Held *held, int *attempt, char **target,
         GError **error)
{
  for (;; ++*attempt) {
    g_autofree char *full = NULL;

    g_free (*target);
    *target = hf_filing_dup_target (held->folder, held->path, *attempt);
    full = dup_full (self, *target);
    if (!g_file_test (full, G_FILE_TEST_EXISTS))
      break;
  }
  return hf_journal_set_target (self->journal, held->id, *target, error) &&
         hf_journal_commit (self->journal, error);
}

/* Moves a file where its verdict says. What cannot be moved stays, with a
 * sentence, and is tried again at the next start; an error is one of the
 * journal. */
static gboolean
move_file (Watch *self, Held *held, GError **error)
{
  g_autofree char *target = NULL;
  int attempt = 0;

  for (;;) {
    g_autoptr (GError) local = NULL;

    if (!reserve (self, held, &attempt, &target, error))
      return FALSE;
    held->moved = hf_filing_move (self->folder, held->path, target, &local);
    if (held->moved)
      return TRUE;
    if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_EXIST))
      continue;
    /* One that was deleted needs no place. */
    held->moved = g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    if (!held->moved)
      hf_complain ("%s", local->message);
    return hf_journal_set_target (self->journal, held->id, NULL, error);
  }
}

static void
remember_unsettled (Watch *self, gint64 id)
{
  g_hash_table_add (self->unsettled, g_memdup2 (&id, sizeof id));
}

/* Held verdicts to the journal's disk (I1), their files to their places, their
 * lines to the reader. */
static gboolean
flush (Watch *self, GError **error)
{
  if (!hf_journal_commit (self->journal, error))
    return FALSE;
  for (guint i = 0; i < self->held->len; i++) {
    Held *held = self->held->pdata[i];

    if (!held->moved && !move_file (self, held, error))
      return FALSE;
    if (!held->moved)
      remember_unsettled (self, held->id);
  }
  if (!hf_journal_commit (self->journal, error))
    return FALSE;
  while (self->held->len > 0) {
    Held *held = self->held->pdata[0];

    if (held->line != NULL &&
        !hf_delivery_write (self->delivery, held->id, held->line, error))
      return FALSE;
    g_ptr_array_remove_index (self->held, 0);
  }
  return TRUE;
}

/* I2: what the reader took is marked so. */
static gboolean
settle (Watch *self, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) gone = NULL;
  gboolean ok = hf_delivery_collect (self->delivery, ids, &gone);

  for (guint i = 0; i < ids->len; i++) {
    gint64 id = g_array_index (ids, gint64, i);
    gboolean marked = g_hash_table_contains (self->unsettled, &id)
                          ? hf_journal_set_told (self->journal, id, error)
                          : hf_journal_settle (self->journal, id, error);

    if (!marked)
      return FALSE;
  }
  if (!hf_journal_commit (self->journal, error))
    return FALSE;
  if (!ok)
    g_propagate_error (error, g_steal_pointer (&gone));
  return ok;
}

static void
hold (Watch *self, gint64 id, const char *path, const char *line,
      const char *folder)
{
  Held *held = g_new0 (Held, 1);

  held->id = id;
  held->path = g_strdup (path);
  held->line = g_strdup (line);
  held->folder = g_strdup (folder);
  held->moved = folder == NULL;
  if (self->held->len == 0)
    self->held_since_us = g_get_monotonic_time ();
  g_ptr_array_add (self->held, held);
}

static HfJournalFile
as_journal_file (const HfWatcherFile *file)
{
  return (HfJournalFile){.path = file->path,
                         .size_bytes = file->size_bytes,
                         .changed_ns = file->changed_ns};
}

/* A picture that cannot be read. Half a picture looks damaged, so that one is
 * given time to change before it is refused for good. */
static gboolean
refuse (Watch *self, const HfWatcherFile *file, const GError *refused,
        GError **error)
{
  gint64 now = g_get_monotonic_time ();
  HfJournalFile known = as_journal_file (file);
  gint64 *since = g_hash_table_lookup (self->damaged, file->path);
  gboolean may_heal =
      g_error_matches (refused, HF_IMAGE_ERROR, HF_IMAGE_ERROR_DAMAGED) ||
      g_error_matches (refused, HF_IMAGE_ERROR, HF_IMAGE_ERROR_FORMAT);

  if (may_heal && since == NULL) {
    since = g_memdup2 (&now, sizeof now);
    g_hash_table_insert (self->damaged, g_strdup (file->path), since);
  }
  if (may_heal && now - *since < DAMAGED_US) {
    hf_watcher_put_back (self->watcher, file, DAMAGED_RETRY_MS);
    return TRUE;
  }
  g_hash_table_remove (self->damaged, file->path);
  hf_complain ("%s", refused->message);
  return hf_journal_add_refused (self->journal, &known, error);
}

static gboolean
accept (Watch *self, const HfWatcherFile *file, const HfJudgement *judgement,
        GError **error)
{
  HfJournalFile known = as_journal_file (file);
  g_autofree char *full = dup_full (self, file->path);
  g_autofree char *text =
      hf_answer_dup_line (HF_ANSWER_TEXT, self->inspector, full, judgement);
  g_autofree char *json =
      hf_answer_dup_line (HF_ANSWER_JSON, self->inspector, full, judgement);
  g_autofree char *folder =
      self->move
          ? hf_filing_dup_folder (hf_inspector_get_content (self->inspector),
                                  judgement->verdict, judgement->class_id)
          : NULL;
  gint64 id = hf_journal_add (self->journal, &known, text, json, folder, error);

  if (id < 0)
    return FALSE;
  g_hash_table_remove (self->damaged, file->path);
  hold (self, id, file->path, self->json ? json : text, folder);
  return TRUE;
}

static gboolean
judged_cb (gsize index, const HfJudgement *judgement, const GError *refused,
           gpointer data, GError **error)
{
  Watch *self = data;
  const HfWatcherFile *file = self->files->pdata[index];
  gboolean same = hf_watcher_is_same (self->watcher, file);

  /* One that changed meanwhile is another one, and is looked at anew; so is
   * one that is gone, which is then forgotten. */
  if (!same)
    hf_watcher_put_back (self->watcher, file, 0);
  else if (judgement == NULL ? !refuse (self, file, refused, error)
                             : !accept (self, file, judgement, error))
    return FALSE;
  if (self->held->len > 0 &&
      g_get_monotonic_time () - self->held_since_us >= HOLD_US)
    return flush (self, error) && settle (self, error);
  return TRUE;
}

static gboolean
judge (Watch *self, GPtrArray *files, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  gboolean ok;

  for (guint i = 0; i < files->len; i++)
    g_ptr_array_add (
        paths, dup_full (self, ((HfWatcherFile *) files->pdata[i])->path));
  self->files = files;
  ok = hf_inspector_judge (self->inspector, (const char *const *) paths->pdata,
                           paths->len, judged_cb, self,
                           hf_task_get_progress (self->task), error);
  self->files = NULL;
  /* What was judged before it ended is judged. */
  return flush (self, ok ? error : NULL) && ok;
}

/* What the last run owes. */
static gboolean
pay_debts (Watch *self, GError **error)
{
  g_autoptr (GPtrArray) debts = hf_journal_dup_debts (self->journal, error);

  if (debts == NULL)
    return FALSE;
  for (guint i = 0; i < debts->len; i++) {
    const HfJournalDebt *debt = debts->pdata[i];
    HfWatcherFile file = {debt->path, debt->size_bytes, debt->changed_ns};
    gboolean to_move = self->move && debt->folder != NULL &&
                       hf_watcher_is_same (self->watcher, &file);

    hold (self, debt->id, debt->path,
          debt->told   ? NULL
          : self->json ? debt->json
                       : debt->text,
          to_move ? debt->folder : NULL);
    if (!flush (self, error))
      return FALSE;
    if (debt->told && !g_hash_table_contains (self->unsettled, &debt->id) &&
        !hf_journal_settle (self->journal, debt->id, error))
      return FALSE;
  }
  return hf_journal_commit (self->journal, error);
}

static gboolean
is_known (const HfJournalFile *file, gpointer data)
{
  return hf_journal_knows (((Watch *) data)->journal, file);
}

static gboolean
watch (Watch *self, GError **error)
{
  HfProgress *progress = hf_task_get_progress (self->task);

  if (!pay_debts (self, error))
    return FALSE;
  while (hf_progress_check (progress, error)) {
    guint n_waiting = hf_delivery_get_n_waiting (self->delivery);
    g_autoptr (GPtrArray) files = hf_watcher_take (
        self->watcher, n_waiting > 0 ? READING_MS : IDLE_MS, BATCH, error);

    if (files == NULL || (files->len > 0 && !judge (self, files, error)) ||
        !settle (self, error))
      return FALSE;
  }
  return FALSE;
}

/* The reader may still take what was written. */
static void
drain (Watch *self)
{
  gint64 end = g_get_monotonic_time () + DRAIN_MS * 1000;

  while (settle (self, NULL) &&
         hf_delivery_get_n_waiting (self->delivery) > 0 &&
         g_get_monotonic_time () < end)
    g_usleep (READING_MS * 1000);
}

/* A journal for each folder, by what it really is. */
static char *
dup_journal_path (const char *folder)
{
  g_autofree char *state = hf_places_dup_state ();
  g_autofree char *sum =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, folder, -1);
  g_autofree char *name = g_strdup_printf ("%.32s.db", sum);

  return g_build_filename (state, "watch", name, NULL);
}

static gboolean
open_all (Watch *self, const HfBundleOptions *options, GError **error)
{
  g_autofree char *real = realpath (self->folder, NULL);
  g_autofree char *journal_path = NULL;
  g_auto (GStrv) skip = NULL;
  gint64 before = g_get_real_time () / G_USEC_PER_SEC - PRUNE_DAYS * 86400;

  if (real == NULL || !g_file_test (real, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR,
                 "There is no folder %s to watch.", self->folder);
    return FALSE;
  }
  journal_path = dup_journal_path (real);
  self->journal = hf_journal_open (journal_path, error);
  if (self->journal == NULL ||
      !hf_journal_prune (self->journal, real, before, error))
    return FALSE;
  self->inspector = hf_bundle_options_open (
      options, TRUE, hf_task_get_progress (self->task), error);
  if (self->inspector == NULL)
    return FALSE;
  if (self->move)
    skip = hf_filing_dup_folders (hf_inspector_get_content (self->inspector));
  self->watcher = hf_watcher_new (
      self->folder,
      &(HfWatcherOptions){.skip = skip, .known = is_known, .data = self},
      error);
  if (self->watcher == NULL)
    return FALSE;
  if (hf_watcher_is_deaf (self->watcher)) {
    g_autofree char *sentence = g_strdup_printf (
        "The system does not tell of new files in all of %s, so it is looked "
        "through again and again.",
        self->folder);

    hf_task_log (sentence, NULL);
  }
  return TRUE;
}

static int
run (const HfBundleOptions *options, gboolean json, gboolean move, HfTask *task)
{
  g_auto (Watch) self = {.folder = options->arguments[1],
                         .json = json,
                         .move = move,
                         .task = task};
  g_autoptr (GError) error = NULL;

  self.held = g_ptr_array_new_with_free_func (held_free);
  self.damaged =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self.unsettled =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self.delivery = hf_delivery_new (STDOUT_FILENO);
  /* A reader that goes away is an error like others: see delivery.h. */
  signal (SIGPIPE, SIG_IGN);
  if (open_all (&self, options, &error))
    watch (&self, &error);
  if (self.journal != NULL)
    drain (&self);
  return hf_task_fail (task, error);
}

int
hf_verb_watch (const HfVerb *verb, int argc, char **argv)
{
  gboolean json = FALSE, move = FALSE;
  const GOptionEntry own[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON line a picture",
       NULL},
      {"move", 0, 0, G_OPTION_ARG_NONE, &move,
       "Move each picture into a folder of its verdict, or class", NULL},
      {NULL},
  };
  g_auto (HfBundleOptions) options = {0};
  g_autofree GOptionEntry *entries =
      hf_bundle_options_dup_entries (&options, own);
  g_autoptr (HfTask) task = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (hf_bundle_options_get_n (&options) < 2)
    return hf_options_refuse (verb, "The bundle and the folder are missing.");
  if (hf_bundle_options_get_n (&options) > 2)
    return hf_options_refuse (verb, "The argument \"%s\" is one too many.",
                              options.arguments[2]);
  task = hf_task_start (0);
  if (!hf_options_check_device (verb, options.device))
    return HF_EXIT_USAGE;
  return run (&options, json, move, task);
}
