/* bundle/model-member.h: the weights inside a bundle, put where the engine can
 * map them. */
#pragma once

#include "bundle/zip.h"

G_BEGIN_DECLS

gboolean hf_model_member_is_there (const HfZip *zip);

/* Writes those members below model/ that are not in @folder/SHA256 yet, and
 * returns that path (caller frees). The name is a sum over their names and
 * contents, so that no bundle can put its weights in the place of another's;
 * the sums of the contents are those of @members (HfManifestMember), which were
 * checked: what is there already is not read. Processes may do so at once.
 * GFileError, G_IO_ERROR_CANCELLED. */
char *hf_model_member_extract (const HfZip *zip, const GPtrArray *members,
                               const char *folder, HfProgress *progress,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
