/* The digest of a view: one step for its length, then one for each little-endian word, the last filled up with zeros.
 *
 * For a given word a step is a bijection of the state, and for a given state one of the word: a difference that is in the
 * state once can be undone by another difference only. Two products with a shift between them, because a flip of the top
 * bit passes through one odd product as nothing but itself: a known flip in the next word would undo it. */
#include "hil_digest.h"

#include "hil_bytes.h"

#if defined(__GNUC__)
typedef uint32_t __attribute__((may_alias)) word; /* the bytes may have been written as any type */
#else
typedef uint32_t word;
#endif

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define WORDS(p) (((uintptr_t)(p) & 3u) == 0u) /* read aligned only: Armv6-M has no other loads */
#else
#define WORDS(p) 0
#endif

static inline uint32_t step(uint32_t state, uint32_t next) {
  state = (state ^ next) * 0x9E3779B9u;
  return (state ^ (state >> 15)) * 0xB504F333u;
}

uint32_t hil_digest(uint32_t state, const void *data, uint32_t bytes) {
  const uint8_t *p = (const uint8_t *)data;
  uint32_t last = 0;
  state = step(state, ~bytes);
  if (WORDS(p)) {
    while (bytes >= 16u) {
      const word *w = (const word *)(const void *)p;
      state = step(state, w[0]);
      state = step(state, w[1]);
      state = step(state, w[2]);
      state = step(state, w[3]);
      p += 16;
      bytes -= 16u;
    }
  }
  while (bytes >= 4u) {
    state = step(state, hil_get32(p));
    p += 4;
    bytes -= 4u;
  }
  if (bytes == 0u) {
    return state;
  }
  while (bytes > 0u) {
    bytes--;
    last = last << 8 | p[bytes];
  }
  return step(state, last);
}
