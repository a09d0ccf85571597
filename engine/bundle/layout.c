/* layout.c: see the header. */
#include "bundle/layout.h"

#include <string.h>

static const struct {
  const char *name;
  guint64 limit_bytes;
  gboolean needed;
} parts[] = {
    [HF_PART_MANIFEST] = {"manifest.json", 16u << 20, TRUE},
    [HF_PART_PROBE] = {"probe.safetensors", 1u << 30, TRUE},
    [HF_PART_GOLDEN] = {"golden.safetensors", 256u << 20, TRUE},
    [HF_PART_PICTURE] = {"golden/", 16u << 20, FALSE},
    [HF_PART_BACKGROUND] = {"background", 64u << 20, FALSE},
    [HF_PART_TRAINING] = {"training.safetensors", G_MAXUINT32, FALSE},
    [HF_PART_MODEL] = {"model/", G_MAXUINT32, FALSE},
    [HF_PART_README] = {"README.txt", 1u << 20, TRUE},
};

HfPart
hf_part_of (const char *member_name)
{
  for (HfPart part = HF_PART_MANIFEST; part < HF_PART_NONE; part++) {
    const char *name = parts[part].name;

    if (g_str_has_suffix (name, "/")
            ? g_str_has_prefix (member_name, name) &&
                  strchr (member_name + strlen (name), '/') == NULL
            : g_str_equal (member_name, name))
      return part;
  }
  return HF_PART_NONE;
}

const char *
hf_part_get_name (HfPart part)
{
  return parts[part].name;
}

guint64
hf_part_get_limit (HfPart part)
{
  return parts[part].limit_bytes;
}

gboolean
hf_part_is_needed (HfPart part)
{
  return parts[part].needed;
}
