/* sample.h: the small bundle that the tests save, damage and open. */
#pragma once

#include "bundle/bundle.h"

/* Two classes, three golden pictures (bytes that are none), training rows. */
void sample_fill (HfBundleContent *content);
