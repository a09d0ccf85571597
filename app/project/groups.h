/* app/project/groups.h: which pictures belong to one lot, by their names. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _HfGroupRule HfGroupRule;

/* @text is NULL (every picture alone), "folder" (the picture's own folder),
 * "csv" (given elsewhere; the rule itself says nothing), or a regular
 * expression over the file name whose first capture is the group.
 * G_REGEX_ERROR, or G_OPTION_ERROR_BAD_VALUE without a capture. */
HfGroupRule *hf_group_rule_new (const char *text,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_group_rule_free (HfGroupRule *self);

/* The group of @path (caller frees), or NULL: it stands alone. */
char *hf_group_rule_dup_group (const HfGroupRule *self,
                               const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfGroupRule, hf_group_rule_free)
G_END_DECLS
