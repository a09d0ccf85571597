/* Any bytes are an index of parts: read, or refused with a reason; what is
 * read names files of its own folder and nothing else. */
#include "model/shards.h"

#include <stdint.h>
#include <string.h>

#define FOLDER "/models/"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) shards = hf_shards_parse (
      FOLDER "model.safetensors.index.json", (const char *) data, size, &error);

  if (shards == NULL) {
    g_assert_nonnull (error);
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    return 0;
  }
  g_assert_cmpuint (shards->len, >, 0);
  for (guint i = 0; i < shards->len; i++) {
    const HfShard *shard = shards->pdata[i];
    const char *base = shard->path + strlen (FOLDER);

    g_assert_true (g_str_has_prefix (shard->path, FOLDER));
    g_assert_true (base[0] != '\0' && base[0] != '.');
    g_assert_null (strchr (base, '/'));
    g_assert_cmpuint (shard->tensors->len, >, 0);
  }
  return 0;
}
