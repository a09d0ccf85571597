/* app/project/sources-private.h: from paths to pictures and back, for the
 * files of this folder. */
#pragma once

#include "app/project/project-private.h"
#include "app/project/groups.h"
#include "app/project/sources.h"

G_BEGIN_DECLS

/* The sources with their places, as they are at one moment. */
typedef struct {
  GPtrArray *sources; /* HfSource *; their folders are where they are now */
} HfSourceMap;

HfSourceMap *hf_source_map_new (HfProject *self,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_source_map_free (HfSourceMap *self);

/* The source that @path (absolute) lies in, the innermost one, and its path in
 * there (caller frees); NULL: in none. Links in the way are followed. */
const HfSource *hf_source_map_find (const HfSourceMap *self, const char *path,
                                    char **inside);
const HfSource *hf_source_map_get (const HfSourceMap *self, gint64 id);
/* Whether both have the same sources in the same places. */
gboolean hf_source_map_is_equal (const HfSourceMap *self,
                                 const HfSourceMap *other);

/* Adds a source, or gives one that is there another folder, within a
 * transaction. The number of the new one, 0 on errors. */
gint64 hf_source_insert (HfProject *self, const char *folder, GError **error);
gboolean hf_source_move (HfProject *self, gint64 id, const char *folder,
                         GError **error);

/* Adds pictures within a transaction. */
typedef struct {
  HfProject *project;
  sqlite3_stmt *find, *insert;
  HfGroupRule *rule;
  gint64 next_id;
} HfImageAdder;

gboolean hf_image_adder_init (HfImageAdder *self, HfProject *project,
                              GError **error);
void hf_image_adder_clear (HfImageAdder *self);

/* Finds the number of a picture, adding it if it is new; with @only_known
 * nothing is added, and *@id may be 0. */
gboolean hf_image_adder_find (HfImageAdder *self, const HfSource *source,
                              const char *inside, gboolean only_known,
                              gint64 *id, gboolean *is_new, GError **error);

/* What the sum of a picture's row is made of. */
gint64 hf_image_sum (gint64 id, gint64 source_id, const char *inside);

/* The group of a picture, by the name of its source and its path in there. */
char *hf_image_dup_group (const HfGroupRule *rule, const HfSource *source,
                          const char *inside) G_GNUC_WARN_UNUSED_RESULT;

/* Writes a setting that was checked, within a transaction; "groups" gives every
 * picture its group anew. */
gboolean hf_setting_write (HfProject *self, const char *key, const char *value,
                           GError **error);

/* SHA-256 and size of a file. GFileError. */
gboolean hf_image_hash (const char *path, guint8 digest[32], gint64 *size_bytes,
                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfSourceMap, hf_source_map_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfImageAdder, hf_image_adder_clear)
G_END_DECLS
