/* ui/label/lots/lots-preview.h: which lots a rule would make of pictures.
 * Main thread only. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What @rule (as in hf_group_rule_new) finds in @pictures (of HfPicture), the
 * largest lots first: "3 lots: lot07 (16), lot11 (16), lot12 (16)." (caller
 * frees). NULL with @error set for a rule that is none. */
char *hf_lots_dup_preview (const char *rule, GListModel *pictures,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A pattern that makes several lots of several pictures out of the names, of a
 * few that are usual; constant, the first of them where none does. */
const char *hf_lots_guess_pattern (GListModel *pictures);

G_END_DECLS
