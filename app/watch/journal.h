/* app/watch/journal.h: what was judged in a watched folder and who has been
 * told: an SQLite database, so that a killed program knows at its next start
 * what it owes.
 *
 * I1  A verdict is on disk before anybody is told of it.
 * I2  It is marked told only after the reader took it; until then it is owed.
 * I3  Where a file will be moved is on disk before it is moved.
 * I4  One program at a time works with a journal.
 *
 * A file is known by its path below the folder, its size and its time of
 * change: one that is written anew is a new file. One thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HF_JOURNAL_ERROR (hf_journal_error_quark ())

typedef enum {
  HF_JOURNAL_ERROR_BUSY,    /* another program watches the folder */
  HF_JOURNAL_ERROR_VERSION, /* of a newer program */
  HF_JOURNAL_ERROR_WRITE,   /* no disk left, no right, damaged */
} HfJournalError;

GQuark hf_journal_error_quark (void);

typedef struct {
  const char *path; /* below the watched folder, any bytes */
  gint64 size_bytes;
  gint64 changed_ns; /* time of change of its content */
} HfJournalFile;

typedef struct _HfJournal HfJournal;

/* Opens or makes @path and its folder. */
HfJournal *hf_journal_open (const char *path,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_journal_close (HfJournal *self);

/* Whether the file was judged or refused, under its name or the one it was
 * moved to. */
gboolean hf_journal_knows (HfJournal *self, const HfJournalFile *file);

/* A verdict that is owed, as lines for a person and for a program; returns its
 * number, or -1. Call hf_journal_commit before anybody is told. */
gint64 hf_journal_add (HfJournal *self, const HfJournalFile *file,
                       const char *text, const char *json, const char *folder,
                       GError **error);

/* A file of which nobody has to be told any more: refused for good. */
gboolean hf_journal_add_refused (HfJournal *self, const HfJournalFile *file,
                                 GError **error);

/* Where verdict @id's file goes, below the watched folder. */
gboolean hf_journal_set_target (HfJournal *self, gint64 id, const char *target,
                                GError **error);

/* The reader took verdict @id. */
gboolean hf_journal_set_told (HfJournal *self, gint64 id, GError **error);

/* Puts on disk what was added and set since the last call. */
gboolean hf_journal_commit (HfJournal *self, GError **error);

/* A verdict that is owed, or whose file may still have to be moved. */
typedef struct {
  gint64 id;
  char *path;
  gint64 size_bytes, changed_ns;
  char *text, *json;
  char *folder; /* where it is to go, or NULL */
  char *target; /* I3: where it went, if it went */
  gboolean told;
} HfJournalDebt;

/* All of them, oldest first (element-type HfJournalDebt; caller unrefs). */
GPtrArray *hf_journal_dup_debts (HfJournal *self,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Verdict @id needs nothing more: told, and its file moved or gone. */
gboolean hf_journal_settle (HfJournal *self, gint64 id, GError **error);

/* Forgets told verdicts of before @before (seconds since 1970) whose files are
 * no longer below @folder. */
gboolean hf_journal_prune (HfJournal *self, const char *folder, gint64 before,
                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfJournal, hf_journal_close)
G_END_DECLS
