/* image/claim-private.h: a picture's part of the memory that all threads of the
 * process may decode in together.
 *
 * No claim is taken while the thread holds another, and whoever has one waits
 * for nobody, so that every wait ends. Claims are served in the order in which
 * they were asked for: a large picture is not passed over for ever. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Twice what one picture may take: eight photographs of 24 megapixels as
 * PNGs, or more of them than any machine has cores as JPEGs. */
#define HF_CLAIM_LIMIT ((gsize) 1536 << 20)

/* Zeroed to begin with. */
typedef struct {
  gsize bytes; /* 0: nothing is claimed */
} HfClaim;

/* Gives back what @self has and waits until @bytes are to be had beside what
 * others have. A claim that is alone is always served. */
void hf_claim_take (HfClaim *self, gsize bytes);
void hf_claim_clear (HfClaim *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfClaim, hf_claim_clear)
G_END_DECLS
