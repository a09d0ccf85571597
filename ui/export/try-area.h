/* ui/export/try-area.h: a picture dropped here is judged by a bundle's file,
 * as the line will judge it. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_TRY_AREA (hf_try_area_get_type ())
G_DECLARE_FINAL_TYPE (HfTryArea, hf_try_area, HF, TRY_AREA, GtkWidget)

/* The bundle to ask; NULL: none yet. What was answered before is cleared. */
void hf_try_area_set_bundle (HfTryArea *self, const char *path,
                             const char *device);

/* Judges the picture @path, in a thread. */
void hf_try_area_try (HfTryArea *self, const char *path);

/* What is said of the last picture, in words; NULL: nothing yet. Borrowed. */
const char *hf_try_area_get_answer (HfTryArea *self);

G_END_DECLS
