/* app/project/classes.h: what pictures of a project can be. */
#pragma once

#include "app/project/project.h"

G_BEGIN_DECLS

typedef struct {
  gint64 id;
  char *name; /* any bytes */
  HfClassKind kind;
  char colour[8]; /* "#rrggbb" */
  char *key;      /* one character that sets it in the window, or NULL */
  gsize n_labels;
} HfProjectClass;

/* Whether a class may be called so: HF_PROJECT_ERROR_NAME if @name is empty or
 * has control characters, as a line break, which lists cannot show. */
gboolean hf_class_check_name (const char *name, GError **error);

/* Whether two names differ, but in nothing except upper and lower case, blanks
 * at the ends, and whether an accent is stored with its letter or after it. */
gboolean hf_class_is_similar (const char *name, const char *other);
/* What similar names share; caller frees. */
char *hf_class_dup_plain_name (const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* All that were not merged away or removed (element-type HfProjectClass; caller
 * unrefs), in the order they were made. */
GPtrArray *hf_project_dup_classes (HfProject *self,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes a class, with the next colour and key. HF_PROJECT_ERROR_NAME if there
 * is one of this name, and as hf_class_check_name. 0 on errors. */
gint64 hf_project_add_class (HfProject *self, const char *name,
                             HfClassKind kind, GError **error);

/* The class of this name; HF_PROJECT_ERROR_NAME, with 0, if there is none. */
gint64 hf_project_find_class (HfProject *self, const char *name,
                              GError **error);

gboolean hf_project_set_class_kind (HfProject *self, gint64 class_id,
                                    HfClassKind kind, GError **error);
/* "#rrggbb"; G_OPTION_ERROR_BAD_VALUE. */
gboolean hf_project_set_class_colour (HfProject *self, gint64 class_id,
                                      const char *colour, GError **error);
/* One character, or NULL; HF_PROJECT_ERROR_NAME if another class has it. */
gboolean hf_project_set_class_key (HfProject *self, gint64 class_id,
                                   const char *key, GError **error);

/* Renames a class. If there is another one called @new_name, the two become
 * one instead: every picture labelled @name gets it, as one step of the log
 * that can be undone, and @name is listed no more. *@n_moved (may be NULL) is
 * how many. HF_PROJECT_ERROR_NAME, also as hf_class_check_name. */
gboolean hf_project_relabel (HfProject *self, const char *name,
                             const char *new_name, gboolean *merged,
                             gsize *n_moved, GError **error);

/* Takes the label away from every picture of the class, as one step of the log
 * that can be undone, and lists it no more; *@n_cleared (may be NULL) is from
 * how many. An undo brings back the class and its labels. */
gboolean hf_project_remove_class (HfProject *self, gint64 class_id,
                                  gsize *n_cleared, GError **error);
/* Lists a class again that was merged away or removed; of one that had no
 * labels the log has no step to undo. */
gboolean hf_project_restore_class (HfProject *self, gint64 class_id,
                                   GError **error);

G_END_DECLS
