/* bundle/layout.h: which members a bundle has, in which order, and how large
 * each may be. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In the order of the archive. */
typedef enum {
  HF_PART_MANIFEST,
  HF_PART_PROBE,
  HF_PART_GOLDEN,     /* golden.safetensors */
  HF_PART_PICTURE,    /* golden/... */
  HF_PART_BACKGROUND, /* where --background was given */
  HF_PART_TRAINING,   /* optional */
  HF_PART_MODEL,      /* model/..., optional */
  HF_PART_README,
  HF_PART_NONE, /* a name that no bundle has */
} HfPart;

HfPart hf_part_of (const char *member_name);

/* The member's name, or the folder of several ("golden/"). */
const char *hf_part_get_name (HfPart part);
guint64 hf_part_get_limit (HfPart part); /* bytes */
gboolean hf_part_is_needed (HfPart part);

G_END_DECLS
