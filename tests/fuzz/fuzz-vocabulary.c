/* Any bytes are a vocabulary file: it is read, or refused with a reason. Inputs
 * that begin with "@" and three bytes are pasted over the built-in one at that
 * offset, gzip or, with "#", its text; so damage deep inside is tried as well.
 */
#include "clip/text/gunzip.h"
#include "clip/text/vocabulary.h"
#include "clip/tokenizer.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static GBytes *
get_builtin (gboolean unpacked)
{
  g_autoptr (GBytes) gzip = hf_vocabulary_dup_builtin (NULL);
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (gzip, &size);

  if (!unpacked)
    return g_steal_pointer (&gzip);
  return g_byte_array_free_to_bytes (
      hf_gunzip (data, size, (gsize) 16 << 20, NULL));
}

static GBytes *
paste (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) builtin = get_builtin (data[0] == '#');
  gsize builtin_size = g_bytes_get_size (builtin);
  guint8 *copy = g_memdup2 (g_bytes_get_data (builtin, NULL), builtin_size);
  gsize at =
      ((gsize) data[1] << 16 | (gsize) data[2] << 8 | data[3]) % builtin_size;

  memcpy (copy + at, data + 4, MIN (size - 4, builtin_size - at));
  return g_bytes_new_take (copy, builtin_size);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (HfVocabulary) vocabulary = NULL;
  g_autoptr (GError) error = NULL;

  if (size > 4 && (data[0] == '@' || data[0] == '#'))
    bytes = paste (data, size);
  else
    bytes = g_bytes_new (data, size);
  vocabulary = hf_vocabulary_new (bytes, &error);
  g_assert_true ((vocabulary == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  for (int i = 0; vocabulary != NULL && i < HF_VOCABULARY_N_SYMBOLS; i++)
    g_assert_cmpint (hf_vocabulary_get_merge (vocabulary, i, 320), <,
                     HF_VOCABULARY_N_SYMBOLS);
  return 0;
}
