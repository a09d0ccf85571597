/* features/schema-private.h: the file of the feature cache: opened, checked,
 * made, and replaced where it is damaged. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef sqlite3 HfSqlite;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfSqlite, sqlite3_close_v2)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

/* Opens the cache @path, which is made or replaced as needed. @damaged_inode,
 * if not 0, is of a file that proved damaged while it was used: if it is still
 * there, it is replaced. Sets @inode. NULL with a HfFeatureStoreError. */
HfSqlite *hf_schema_open (const char *path, guint64 damaged_inode,
                          guint64 *inode,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a result of SQLite says that the file is no database any more. */
gboolean hf_schema_is_damage (int code);

G_END_DECLS
