/* app/places.h: the folders Handful reads and writes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Path of a file of ours (caller frees), as "catalogue.json": in the folder
 * HANDFUL_DATA_DIR if that is set, in the source tree if the program runs from
 * its build folder, else where it was installed. The file need not exist. */
char *hf_places_dup_data (const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* The folder of the user's models, $XDG_DATA_HOME/handful/models (caller
 * frees). It need not exist. */
char *hf_places_dup_models (void) G_GNUC_WARN_UNUSED_RESULT;

/* $XDG_CACHE_HOME/handful (caller frees). It need not exist. */
char *hf_places_dup_cache (void) G_GNUC_WARN_UNUSED_RESULT;

/* $XDG_STATE_HOME/handful (caller frees): what must outlive a run but is no
 * work of the user's. It need not exist. */
char *hf_places_dup_state (void) G_GNUC_WARN_UNUSED_RESULT;

/* The folder of translations (caller frees). It need not exist. */
char *hf_places_dup_locale (void) G_GNUC_WARN_UNUSED_RESULT;

/* Path of a page of the documentation (caller frees), as "tour.md", from the
 * source tree or where it was installed. The file need not exist. */
char *hf_places_dup_docs (const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* The folder of the compiled settings schemas, for a program that runs from its
 * build folder (caller frees); NULL once installed: the system knows them. */
char *hf_places_dup_build_schemas (void) G_GNUC_WARN_UNUSED_RESULT;

/* "0.1.0". */
const char *hf_places_get_version (void);

G_END_DECLS
