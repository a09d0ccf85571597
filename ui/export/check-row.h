/* ui/export/check-row.h: one thing that was looked at before a bundle is
 * saved: a mark, what it is, and a sentence on how it stands. */
#pragma once

#include "ui/widgets/mark.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_CHECK_ROW (hf_check_row_get_type ())
G_DECLARE_FINAL_TYPE (HfCheckRow, hf_check_row, HF, CHECK_ROW, AdwActionRow)

void hf_check_row_set (HfCheckRow *self, HfMarkKind kind, const char *title,
                       const char *sentence);
/* Takes @sentence. */
void hf_check_row_take (HfCheckRow *self, HfMarkKind kind, const char *title,
                        char *sentence);

G_END_DECLS
