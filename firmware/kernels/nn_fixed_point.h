/* nn_fixed_point.h: the integer arithmetic that all int8 kernels share.
 *
 * C99, no libm. Right shifts of negative values are assumed to be arithmetic (gcc, clang, armclang and IAR all do so);
 * left shifts are done on unsigned values, where the language defines them.
 */
#ifndef NN_FIXED_POINT_H
#define NN_FIXED_POINT_H

#include <stdint.h>

/* For a function that several layers call: one copy of it, as compilers would rather make one for each of few callers. */
#if defined(__GNUC__) || defined(__clang__)
#define NN_SHARED __attribute__((noinline, unused)) static
#else
#define NN_SHARED static inline
#endif

/* Where inner loops are written by hand: gcc for Armv6-M (1) or Armv7-M without DSP and later (2), with optimisation, which
 * frees all registers. NN_NO_ASM turns it off; the C beside it computes the same. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__) && defined(__ARM_ARCH_ISA_THUMB) && !defined(NN_NO_ASM)
#define NN_ASM_THUMB __ARM_ARCH_ISA_THUMB
#else
#define NN_ASM_THUMB 0
#endif

/* A real factor as multiplier / 2^31 * 2^(left - right); at most one of the two shifts is not 0. */
typedef struct nn_requant {
  int32_t multiplier; /* 0, or in [2^30, 2^31) */
  uint8_t left;       /* 0..30 */
  uint8_t right;      /* 0..31 */
} nn_requant;

/* floor((a * b + 2^30) / 2^31): the doubling high multiply, ties upwards.
 * Not for a == b == INT32_MIN, which no caller can reach. One SMULL on cores that have it. */
static inline int32_t nn_mul_high(int32_t a, int32_t b)
{
#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
  /* No long multiply: four products of halves, a = 2^16 ah + al and b = 2^16 bh + bl. No sum leaves 32 bits. */
  const int32_t ah = a >> 16;
  const int32_t bh = b >> 16;
  const uint32_t al = (uint32_t)a & 0xFFFFu;
  const uint32_t bl = (uint32_t)b & 0xFFFFu;
  const int32_t upper = ah * (int32_t)bl + (int32_t)((al * bl) >> 16);
  const int32_t lower = (int32_t)al * bh + (upper & 0xFFFF);
  return (int32_t)(2u * (uint32_t)(ah * bh + (upper >> 16)) + (uint32_t)((lower + 0x4000) >> 15));
#else
  return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
#endif
}

/* x / 2^n rounded to nearest, ties away from zero; n in 0..31. */
static inline int32_t nn_shift_round(int32_t x, uint32_t n)
{
  const int32_t mask = (int32_t)(((uint32_t)1 << n) - 1u);
  const int32_t rest = x & mask;
  const int32_t half = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> n) + (rest > half ? 1 : 0);
}

/* x times a real factor, rounded twice (high multiply, then shift), as TensorFlow Lite Micro does it.
 * The left shift wraps: the generator only uses it where the scales of the model ask for it. */
static inline int32_t nn_requantise(int32_t x, const nn_requant *q)
{
  const int32_t shifted = (int32_t)((uint32_t)x << q->left);
  const int32_t product = nn_mul_high(shifted, q->multiplier); /* never the least or the greatest int32 */
  if (q->right == 0) {
    return product;
  }
  /* nn_shift_round(), as the product leaves room for it: by one less first, then by one with the half; one less takes the
   * ties of negative values the other way. */
  return (((product + (product >> 31)) >> (q->right - 1)) + 1) >> 1;
}

static inline int32_t nn_clamp(int32_t x, int32_t low, int32_t high)
{
  if (x < low) {
    return low;
  }
  return x > high ? high : x;
}

static inline int16_t nn_to_int16(int32_t x)
{
  return (int16_t)nn_clamp(x, INT16_MIN, INT16_MAX);
}

#endif
