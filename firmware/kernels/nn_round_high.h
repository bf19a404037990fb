/* nn_round_high.h: the upper word of a product, rounded: one instruction on cores with the DSP extension, no long multiply on
 * cores without one.
 */
#ifndef NN_ROUND_HIGH_H
#define NN_ROUND_HIGH_H

#include <stdint.h>

/* floor((a * b + 2^31) / 2^32) for 0 <= b and |a| <= 2^30 - 2^22. nn_mul_high(x, b) is nn_round_high(2 * x, b). */
static inline int32_t nn_round_high(int32_t a, int32_t b)
{
#if defined(__GNUC__) && defined(__ARM_FEATURE_DSP) && __ARM_FEATURE_DSP && !defined(NN_NO_ASM)
  int32_t result;
  __asm__("smmulr %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
#elif defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__) || defined(NN_WITHOUT_LONG_MULTIPLY)
  /* Four products of 16 bits. The sum of the middle ones and the carry is below 2^31 in magnitude once 2^30 is taken off. */
  const uint32_t a_low = (uint32_t)a & 0xffffu;
  const uint32_t b_low = (uint32_t)b & 0xffffu;
  const int32_t a_high = a >> 16;
  const int32_t b_high = b >> 16;
  const uint32_t carry = (a_low * b_low) >> 16;
  const uint32_t middle = a_low * (uint32_t)b_high + carry + 0x8000u - 0x40000000u;
  return a_high * b_high + ((a_high * (int32_t)b_low + (int32_t)middle) >> 16) + 0x4000;
#else
  const int64_t product = (int64_t)a * b;
  return (int32_t)(product >> 32) + (int32_t)((uint32_t)product >> 31);
#endif
}

#endif
