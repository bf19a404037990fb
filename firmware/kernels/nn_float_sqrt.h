/* nn_float_sqrt.h: square root of float32, correctly rounded, without libm. */
#ifndef NN_FLOAT_SQRT_H
#define NN_FLOAT_SQRT_H

#include "nn_float_bits.h"

/* sqrt x; NaN for negative numbers. */
static inline float nn_float_sqrt(float x)
{
  uint32_t bits = nn_bits_of_float(x);
  if ((bits << 1) == 0u || bits == NN_FLOAT_INFINITY) {
    return x;
  }
  if (bits > NN_FLOAT_INFINITY) {
    return nn_float_of_bits(NN_FLOAT_NAN);
  }
#if defined(__ARM_FP) && (__ARM_FP & 4) && defined(__GNUC__)
  float root;
  __asm__("vsqrt.f32 %0, %1" : "=t"(root) : "t"(x));
  return root;
#else
  uint32_t exponent = 0;
  if (bits < 0x00800000u) {
    bits = nn_bits_of_float(x * 16777216.0f); /* 2^24 */
    exponent = 12;
  }
  exponent = (bits >> 23) - 2u * exponent;
  /* x = rest * 2^(exponent - 150), brought to an even power: 25 bits of the root, one more than are kept. */
  uint32_t rest = ((bits & 0x7FFFFFu) | 0x800000u) << 1;
  if ((exponent & 1u) == 0u) {
    rest <<= 1;
  }
  uint32_t root = 0;
  uint32_t sum = 0;
  for (uint32_t bit = 0x01000000u; bit != 0u; bit >>= 1) {
    if (sum + bit <= rest) {
      sum += bit;
      rest -= sum;
      sum += bit;
      root += bit;
    }
    rest <<= 1;
  }
  root += root & 1u; /* an exact half can't be */
  return nn_float_of_bits((root >> 1) + ((((uint32_t)((int32_t)(exponent - 127u) >> 1)) + 126u) << 23));
#endif
}

#endif
