/* app/project/project-private.h: the store under a project: statements,
 * transactions, and the one border to SQLite. */
#pragma once

#include "app/project/project.h"

#include <sqlite3.h>

G_BEGIN_DECLS

struct _HfProject {
  sqlite3 *db;
  char *path;   /* absolute */
  char *folder; /* that of @path */
  gint64 version_seen;
  int last_step;   /* what SQLite said to the last hf_project_next */
  gint64 n_before; /* the last entry of the label log when it was opened */
  GArray *own;     /* gint64, the steps that were made over this connection */
  gint64 new_step; /* the one that is committed next, or 0 */
  guint64 device, inode;     /* of the file when it was opened */
  gint64 busy_since_us;      /* another connection has it: since when we wait */
  gint64 begun_us, ended_us; /* the last transaction of this one */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

/* Opens @path, which must be there, with @flags of SQLite, and sets up the
 * connection. Says nothing about what is in it. */
HfProject *hf_project_connect (const char *path, int flags,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives each the connection of the other; all else stays. No statement of
 * either may be left. */
void hf_project_swap_connections (HfProject *self, HfProject *other);

/* Turns what SQLite said into a sentence; always FALSE. */
gboolean hf_project_fail (const HfProject *self, int code, GError **error);

/* A statement with its arguments bound, one letter each in @types: i gint64,
 * r gint64 of which 0 is NULL, s text (char *, may be NULL), b bytes that end
 * with a NUL (char *, may be NULL), z bytes (const void *, int). Bytes are
 * copied. NULL with @error set. */
sqlite3_stmt *hf_project_query (HfProject *self, const char *sql,
                                GError **error, const char *types,
                                ...) G_GNUC_WARN_UNUSED_RESULT;

/* Binds the arguments of a statement that is used again. */
gboolean hf_project_bind (HfProject *self, sqlite3_stmt *statement,
                          GError **error, const char *types, ...);

/* Whether there is a next row. Once there is none, hf_project_ended tells the
 * end from an error. */
gboolean hf_project_next (HfProject *self, sqlite3_stmt *statement);
gboolean hf_project_ended (const HfProject *self, GError **error);

/* A statement without rows, run once: FALSE only on errors. */
gboolean hf_project_finish (HfProject *self, sqlite3_stmt *statement,
                            GError **error);
gboolean hf_project_run (HfProject *self, const char *sql, GError **error,
                         const char *types, ...);

/* The first column of the first row of @sql, or @fallback. */
gboolean hf_project_get_number (HfProject *self, const char *sql,
                                gint64 fallback, gint64 *out, GError **error);

/* A column of bytes as a string (caller frees), NULL if it is NULL. */
char *hf_column_dup (sqlite3_stmt *statement,
                     int column) G_GNUC_WARN_UNUSED_RESULT;

/* A transaction that writes; undone unless committed. */
typedef HfProject HfTransaction;

HfTransaction *hf_project_begin (HfProject *self,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean hf_project_commit (HfTransaction *self, GError **error);
void hf_project_roll_back (HfTransaction *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTransaction, hf_project_roll_back)

/* The first 63 bits of the SHA-256 over @text: what a row of images or labels
 * is checked with. */
gint64 hf_row_sum (const char *text, gsize size_bytes);

/* hf_project_add_class within a transaction. */
gint64 hf_class_insert (HfProject *self, const char *name, HfClassKind kind,
                        GError **error);

/* Microseconds since 1970. */
gint64 hf_project_now (void);

G_END_DECLS
