/* nn_sqrt.h: the float32 square root without libm, correctly rounded (to nearest even), so the same on every core. */
#ifndef NN_SQRT_H
#define NN_SQRT_H

#include <stdint.h>
#include <string.h>

/* sqrt(x). NaN for x < 0 and NaN; -0 and infinity are their own roots. */
static inline float nn_sqrt(float x)
{
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if ((bits & 0x7FFFFFFFu) == 0u || bits == 0x7F800000u) {
    return x;
  }
  if (bits > 0x7F800000u) { /* NaN, or the sign is set */
    bits = 0x7FC00000u;
    memcpy(&x, &bits, sizeof x);
    return x;
  }
#if defined(__GNUC__) && defined(__ARM_FP) && (__ARM_FP & 4) && !defined(NN_NO_ASM)
  __asm__("vsqrt.f32 %0, %0" : "+t"(x)); /* not __builtin_sqrtf, which may call libm */
  return x;
#else
  int32_t exponent = (int32_t)(bits >> 23);
  uint32_t rest = bits & 0x7FFFFFu;
  if (exponent == 0) { /* subnormal: shift the leading one to its place */
    exponent = 1;
    while ((rest & 0x800000u) == 0u) {
      rest <<= 1;
      exponent--;
    }
  }
  rest |= 0x800000u;
  exponent -= 127;
  if ((exponent & 1) != 0) { /* the exponent must be even to be halved */
    rest <<= 1;
    exponent--;
  }
  /* Digit by digit: root * root <= rest, 24 bits of result and one to round by. */
  rest <<= 1;
  uint32_t root = 0;
  uint32_t sum = 0;
  for (uint32_t bit = 0x1000000u; bit != 0u; bit >>= 1) {
    if (sum + bit <= rest) {
      sum += bit;
      rest -= sum;
      sum += bit;
      root += bit;
    }
    rest <<= 1;
  }
  /* A root is never half way between two floats, so that the last bit says it all unless it is exact (then it is 0). */
  root = (root + 1u) >> 1;
  bits = (uint32_t)((exponent / 2 + 127) * 0x800000) + (root - 0x800000u);
  memcpy(&x, &bits, sizeof x);
  return x;
#endif
}

#endif
