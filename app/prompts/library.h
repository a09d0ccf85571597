/* app/prompts/library.h: templates to choose from, data/templates.json, by what
 * they are for. Loaded once, then read-only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *text;    /* "a photo of a {class} {product}" */
  char **places; /* its placeholders but {class}, NULL-terminated */
} HfLibraryTemplate;

/* What a placeholder may stand for, to begin with. */
typedef struct {
  char *place;   /* "degree", without braces */
  char *meaning; /* "how bad it is" */
  char **values; /* NULL-terminated, at least one */
} HfLibraryPlace;

typedef struct {
  char *name;           /* "defect-detection", for programs */
  char *title, *advice; /* for people, in English */
  GPtrArray *templates; /* HfLibraryTemplate *, the best first */
  GPtrArray *places;    /* HfLibraryPlace *, of all its templates */
} HfLibraryGroup;

/* All groups (element-type HfLibraryGroup; caller unrefs). GFileError or
 * HF_JSON_ERROR with the file's name. */
GPtrArray *hf_library_load (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Borrowed from @groups, or NULL. */
const HfLibraryGroup *hf_library_find (const GPtrArray *groups,
                                       const char *name);

/* The place of this name of @self, or NULL. */
const HfLibraryPlace *hf_library_group_find_place (const HfLibraryGroup *self,
                                                   const char *place);

G_END_DECLS
