/* hil_digest.h: the digest of what layers show (docs/protocol.md, "Digest").
 *
 * Every layer's output goes through it, so that instructions per byte are what checking costs: a step takes a whole word,
 * where a CRC takes a byte. One changed word always changes the digest; changes in several words go unseen by chance only. */
#ifndef HIL_DIGEST_H
#define HIL_DIGEST_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Start with 0; feed the result back in for the next view. How a view lies in memory makes no difference. */
uint32_t hil_digest(uint32_t state, const void *data, uint32_t bytes);

#ifdef __cplusplus
}
#endif

#endif
