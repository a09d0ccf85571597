/* ui/gallery/texture.h: decoded pictures as the toolkit draws them. */
#pragma once

#include "image/image.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* Any thread. The pixels are copied into the form that is drawn without
 * another conversion: four bytes each. */
GdkTexture *hf_texture_new (const HfImage *image) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
