/* app/jobs/decoder.h: pictures decoded ahead on several threads, handed out in
 * order. The number of decoded pictures that wait is bounded. */
#pragma once

#include "image/framing.h"

G_BEGIN_DECLS

typedef struct _HfDecoder HfDecoder;

/* Starts at once. @paths[n] must outlive the result; @framing is copied.
 * Squares of @side_px are made, at most @n_ahead of them wait; @n_threads 0
 * means one for each core. */
HfDecoder *hf_decoder_new (const char *const *paths, gsize n,
                           const HfFraming *framing, int side_px, gsize n_ahead,
                           int n_threads) G_GNUC_WARN_UNUSED_RESULT;

/* Stops and waits for the pictures in work. */
void hf_decoder_free (HfDecoder *self);

/* Waits for the next picture in order and writes guint8[px][px][3] to @out, or
 * returns FALSE with why this picture is refused; the one after it comes with
 * the next call. At most n calls, from one thread. */
gboolean hf_decoder_take (HfDecoder *self, guint8 *out, GError **error);

gsize hf_decoder_get_n (const HfDecoder *self);
int hf_decoder_get_side_px (const HfDecoder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfDecoder, hf_decoder_free)
G_END_DECLS
