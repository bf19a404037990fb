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

/* Hides from GCC that a factor is constant: on Armv6-M it would make twenty shifts and sums of each product. */
static inline uint32_t hidden(uint32_t factor) {
#if defined(__GNUC__)
  __asm__("" : "+r"(factor));
#endif
  return factor;
}

static inline uint32_t step(uint32_t state, uint32_t next, uint32_t first, uint32_t second) {
  state = (state ^ next) * first;
  return (state ^ (state >> 15)) * second;
}

uint32_t hil_digest(uint32_t state, const void *data, uint32_t bytes) {
  const uint8_t *p = (const uint8_t *)data;
  const uint32_t first = hidden(0x9E3779B9u), second = hidden(0xB504F333u);
  uint32_t last;
  state = step(state, ~bytes, first, second);
  if (WORDS(p)) {
    while (bytes >= 16u) {
      const word *w = (const word *)(const void *)p;
      state = step(state, w[0], first, second);
      state = step(state, w[1], first, second);
      state = step(state, w[2], first, second);
      state = step(state, w[3], first, second);
      p += 16;
      bytes -= 16u;
    }
  }
  while (bytes >= 4u) {
    state = step(state, hil_get32(p), first, second);
    p += 4;
    bytes -= 4u;
  }
  if (bytes == 0u) {
    return state;
  }
  last = p[0];
  if (bytes > 1u) {
    last |= (uint32_t)p[1] << 8;
  }
  if (bytes > 2u) {
    last |= (uint32_t)p[2] << 16;
  }
  return step(state, last, first, second);
}
