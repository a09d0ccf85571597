/* sha256.c: FIPS 180-4 by the SHA instructions of x86, else GLib's.
 *
 * The eight words a to h of the state lie in two registers, as sha256rnds2
 * wants them: a b e f and c d g h, the first in the highest lane. One
 * instruction does two rounds, after which the old first register is the new
 * second one. */
#include "base/sha256.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

#define BLOCK 64

struct _HfSha256 {
  GChecksum *plain; /* where there are no instructions; else NULL */
  guint32 state[8];
  guint8 block[BLOCK]; /* the begin of the next one */
  gsize n_bytes;       /* in all */
};

#if defined(__x86_64__)
#define ROUNDS_OF_4 16

static const guint32 constants[4 * ROUNDS_OF_4] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static gboolean
has_instructions (void)
{
  guint a = 0, b = 0, c = 0, d = 0;

  return __builtin_cpu_supports ("sse4.1") &&
         __get_cpuid_count (7, 0, &a, &b, &c, &d) != 0 && (b >> 29 & 1) != 0;
}

__attribute__ ((target ("sha,sse4.1"))) static void
add_blocks (guint32 *s, const guint8 *data, gsize n_blocks)
{
  const __m128i big_endian =
      _mm_set_epi8 (12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  __m128i abef = _mm_set_epi32 ((int) s[0], (int) s[1], (int) s[4], (int) s[5]);
  __m128i cdgh = _mm_set_epi32 ((int) s[2], (int) s[3], (int) s[6], (int) s[7]);
  guint32 out[8];

  for (; n_blocks > 0; n_blocks--, data += BLOCK) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i words[4]; /* the last sixteen of the schedule, in turns */

#pragma GCC unroll 16
    for (int i = 0; i < ROUNDS_OF_4; i++) {
      __m128i *mine = &words[i % 4], sum;

      if (i < 4) {
        *mine = _mm_shuffle_epi8 (
            _mm_loadu_si128 ((const __m128i *) (gconstpointer) data + i),
            big_endian);
      } else {
        sum = _mm_sha256msg1_epu32 (*mine, words[(i + 1) % 4]);
        sum = _mm_add_epi32 (
            sum, _mm_alignr_epi8 (words[(i + 3) % 4], words[(i + 2) % 4], 4));
        *mine = _mm_sha256msg2_epu32 (sum, words[(i + 3) % 4]);
      }
      sum = _mm_add_epi32 (
          *mine,
          _mm_loadu_si128 ((const __m128i *) (gconstpointer) constants + i));
      cdgh = _mm_sha256rnds2_epu32 (cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32 (abef, cdgh, _mm_shuffle_epi32 (sum, 0x0e));
    }
    abef = _mm_add_epi32 (abef, abef_before);
    cdgh = _mm_add_epi32 (cdgh, cdgh_before);
  }
  _mm_storeu_si128 ((__m128i *) (gpointer) out, abef);
  _mm_storeu_si128 ((__m128i *) (gpointer) (out + 4), cdgh);
  s[0] = out[3];
  s[1] = out[2];
  s[4] = out[1];
  s[5] = out[0];
  s[2] = out[7];
  s[3] = out[6];
  s[6] = out[5];
  s[7] = out[4];
}
#else
static gboolean
has_instructions (void)
{
  return FALSE;
}

static void
add_blocks (guint32 *s, const guint8 *data, gsize n_blocks)
{
}
#endif

HfSha256 *
hf_sha256_new (void)
{
  static const guint32 begin[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                   0xa54ff53a, 0x510e527f, 0x9b05688c,
                                   0x1f83d9ab, 0x5be0cd19};
  HfSha256 *self = g_new0 (HfSha256, 1);

  if (!has_instructions ())
    self->plain = g_checksum_new (G_CHECKSUM_SHA256);
  memcpy (self->state, begin, sizeof begin);
  return self;
}

void
hf_sha256_free (HfSha256 *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->plain, g_checksum_free);
  g_free (self);
}

void
hf_sha256_update (HfSha256 *self, const void *data, gsize size_bytes)
{
  const guint8 *from = data;
  gsize held = self->n_bytes % BLOCK;

  if (size_bytes == 0)
    return;
  if (self->plain != NULL) {
    g_checksum_update (self->plain, from, (gssize) size_bytes);
    return;
  }
  self->n_bytes += size_bytes;
  if (held > 0) {
    gsize n = MIN (BLOCK - held, size_bytes);

    memcpy (self->block + held, from, n);
    from += n;
    size_bytes -= n;
    if (held + n < BLOCK)
      return;
    add_blocks (self->state, self->block, 1);
  }
  add_blocks (self->state, from, size_bytes / BLOCK);
  memcpy (self->block, from + size_bytes / BLOCK * BLOCK, size_bytes % BLOCK);
}

/* A one behind the text, zeros, and its length in bits. */
static void
pad (HfSha256 *self)
{
  static const guint8 padding[2 * BLOCK] = {0x80};
  const guint64 bits = GUINT64_TO_BE ((guint64) self->n_bytes * 8);
  const gsize held = self->n_bytes % BLOCK;

  hf_sha256_update (self, padding,
                    (held < BLOCK - 8 ? BLOCK : 2 * BLOCK) - 8 - held);
  hf_sha256_update (self, &bits, sizeof bits);
}

char *
hf_sha256_finish (HfSha256 *self)
{
  GString *digits;

  if (self->plain != NULL)
    return g_strdup (g_checksum_get_string (self->plain));
  pad (self);
  digits = g_string_new (NULL);
  for (int i = 0; i < 8; i++)
    g_string_append_printf (digits, "%08x", self->state[i]);
  return g_string_free (digits, FALSE);
}

char *
hf_sha256_dup (const void *data, gsize size_bytes)
{
  g_autoptr (HfSha256) self = hf_sha256_new ();

  hf_sha256_update (self, data, size_bytes);
  return hf_sha256_finish (self);
}
