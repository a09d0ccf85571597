/* fake-extractor.h: an extractor that makes features up, for tests of what
 * comes after it. Linked in the place of the real one (--wrap). */
#pragma once

#include "features/extractor.h"

G_BEGIN_DECLS

#define FAKE_CLIP_DIM 8
#define FAKE_CLASSIC_DIM 3

/* What "file" @path gives: its name is "CLASS-NUMBER", and the number decides
 * the noise. Files whose name begins with "broken" are refused; what follows
 * the last '=' in a name is the content that its SHA-256 stands for. Those
 * whose name begins with "alike" all look alike. */
void fake_fill_clip (const char *path, float *clip);

G_END_DECLS
