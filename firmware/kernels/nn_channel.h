/* nn_channel.h: from the accumulator of an output channel to its int8 code, for the common case: a factor below 1/2.
 *
 * Value for value nn_requantise(), in fewer instructions, for accumulators of less than 29 bits and a right shift of
 * 1..31; the generator has proved both for every channel that is given here.
 */
#ifndef NN_CHANNEL_H
#define NN_CHANNEL_H

#include <stdint.h>

#include "nn_fixed_point.h"

/* One output channel, in as many bytes as its bias and its multiplier alone take. */
typedef struct nn_channel {
  int32_t multiplier; /* in [2^30, 2^31): the factor is multiplier / 2^(31 + right shift) */
  int32_t bias_shift; /* 32 * bias + right shift - 1 */
} nn_channel;

/* What all channels of a layer share. */
typedef struct nn_codes {
  int32_t centre;    /* 2 * zero point + 1 */
  int32_t low, high; /* bounds of the output: int8 and the fused activation */
} nn_codes;

/* `own` points to codes that no store to the output can change: a copy, where there are registers for it. */
#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
#define NN_OWN_CODES(own, codes) const nn_codes *const own = (codes)
#else
#define NN_OWN_CODES(own, codes)         \
  const nn_codes own##_copy = *(codes); \
  const nn_codes *const own = &own##_copy
#endif

/* floor((x * m + 2^30) / 2^31) for |x| < 2^29 and m in [2^30, 2^31) */
static inline int32_t nn_mul_high_short(int32_t x, int32_t m)
{
#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
  /* No long multiply: x = 2^15 xh + xl and m = 2^16 mh + ml. Every product and sum fits in 32 bits. */
  const int32_t mh = m >> 16;
  const int32_t ml = m & 0xFFFF;
  const int32_t xh = x >> 15;
  const int32_t xl = x & 0x7FFF;
  const int32_t low = (int32_t)((uint32_t)(xl * ml) >> 15);
  return xh * mh + ((xl * mh + ((xh * ml + low) >> 1) + 0x4000) >> 15);
#else
  /* 2m as a signed value is 2m - 2^32, which a long multiply takes in one go with the rounding bit on top of the low word. */
  const int64_t product = (int64_t)x * (int32_t)((uint32_t)m << 1);
  return x + (int32_t)(product >> 32) + (int32_t)((uint32_t)product >> 31);
#endif
}

/* The code for an accumulator without its bias. Rounding twice, ties away from zero the second time: the shift by one
 * less first and then by one adds the half; the sign bit takes the ties of negative values the other way. */
static inline int8_t nn_channel_code(const nn_channel *channel, const nn_codes *codes, int32_t sum)
{
  int32_t value = nn_mul_high_short(sum + (channel->bias_shift >> 5), channel->multiplier);
  value += value >> 31;
  value = ((value >> (channel->bias_shift & 31)) + codes->centre) >> 1;
  return (int8_t)nn_clamp(value, codes->low, codes->high);
}

/* The codes of `count` channels from their sums. */
NN_SHARED void nn_channel_codes(const nn_channel *channels, const nn_codes *codes, const int32_t *sums, int32_t count, int8_t *output)
{
  NN_OWN_CODES(own, codes);
  for (; count > 0; count--) {
    *output++ = nn_channel_code(channels++, own, *sums++);
  }
}

#endif
