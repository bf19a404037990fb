/* nn_dsp.h: the 16-bit SIMD instructions of Armv7E-M and of Armv8-M with the DSP extension, as functions.
 *
 * On any other machine the same functions are plain C, so that kernels written with them run everywhere, a host with
 * sanitisers included. A lane is a half of a 32-bit word. Sums wrap, as they do in the instructions.
 */
#ifndef NN_DSP_H
#define NN_DSP_H

#include <stdint.h>
#include <string.h>

#include "nn_wrapping.h"

/* Without optimisation a compiler has no registers left for the inner loops in assembler. NN_NO_ASM: plain C on these cores too. */
#if defined(__ARM_FEATURE_SIMD32) && defined(__thumb2__) && defined(__GNUC__) && defined(__OPTIMIZE__) && !defined(NN_NO_ASM)
#define NN_DSP_ASM 1
#include <arm_acle.h>
#else
#define NN_DSP_ASM 0
#endif

/* The word at an address of any alignment; one LDR. */
static inline uint32_t nn_load4(const void *from)
{
  uint32_t word;
  memcpy(&word, from, sizeof word);
  return word;
}

static inline void nn_store4(void *to, uint32_t word)
{
  memcpy(to, &word, sizeof word);
}

/* Keeps a compiler from turning the loop that it stands in into a call of memcpy() or memset(). */
#if defined(__GNUC__)
#define NN_DSP_KEEP_LOOP() __asm__ volatile("")
#define NN_DSP_INLINE static inline __attribute__((always_inline))
#define NN_DSP_SHARED static __attribute__((noinline, unused))
#else
#define NN_DSP_KEEP_LOOP() ((void)0)
#define NN_DSP_INLINE static inline
#define NN_DSP_SHARED static inline
#endif

/* The lower and the upper lane, sign extended. */
static inline int32_t nn_low(uint32_t x)
{
  return (int16_t)(uint16_t)x;
}

static inline int32_t nn_high(uint32_t x)
{
  return (int16_t)(uint16_t)(x >> 16);
}

static inline uint32_t nn_lanes(int32_t low, int32_t high)
{
  return ((uint32_t)low & 0xFFFFu) | (uint32_t)high << 16;
}

#if NN_DSP_ASM

/* Bytes 0 and 2 of x, sign extended to lanes, each plus the lane of a. */
NN_DSP_INLINE uint32_t nn_sxtab16(uint32_t a, uint32_t x)
{
  return (uint32_t)__sxtab16((int16x2_t)a, (int8x4_t)x);
}

/* Bytes 1 and 3 of x, sign extended to lanes, each plus the lane of a. */
NN_DSP_INLINE uint32_t nn_sxtab16_odd(uint32_t a, uint32_t x)
{
  uint32_t lanes;
  __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(lanes) : "r"(a), "r"(x));
  return lanes;
}

/* The lower lanes of two words, the upper lanes of two words. */
NN_DSP_INLINE uint32_t nn_both_low(uint32_t low, uint32_t high)
{
  uint32_t lanes;
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(lanes) : "r"(low), "r"(high));
  return lanes;
}

NN_DSP_INLINE uint32_t nn_both_high(uint32_t low, uint32_t high)
{
  uint32_t lanes;
  __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(lanes) : "r"(high), "r"(low));
  return lanes;
}

NN_DSP_INLINE uint32_t nn_sxtb16(uint32_t x)
{
  return (uint32_t)__sxtb16((int8x4_t)x);
}

/* sum + low(a) * low(b) + high(a) * high(b) */
NN_DSP_INLINE int32_t nn_smlad(uint32_t a, uint32_t b, int32_t sum)
{
  return __smlad((int16x2_t)a, (int16x2_t)b, sum);
}

/* sum + low(a) * high(b) */
NN_DSP_INLINE int32_t nn_smlabt(uint32_t a, uint32_t b, int32_t sum)
{
  return __smlabt((int32_t)a, (int32_t)b, sum);
}

/* sum + high(a) * low(b) */
NN_DSP_INLINE int32_t nn_smlatb(uint32_t a, uint32_t b, int32_t sum)
{
  return __smlatb((int32_t)a, (int32_t)b, sum);
}

/* floor((sum * 2^32 + a * b + 2^31) / 2^32), wrapping */
NN_DSP_INLINE int32_t nn_smmlar(int32_t a, int32_t b, int32_t sum)
{
  int32_t high;
  __asm__("smmlar %0, %1, %2, %3" : "=r"(high) : "r"(a), "r"(b), "r"(sum));
  return high;
}

NN_DSP_INLINE int32_t nn_to_int8(int32_t x)
{
  int32_t code;
  __asm__("ssat %0, #8, %1" : "=r"(code) : "r"(x));
  return code;
}

NN_DSP_INLINE int32_t nn_saturate16(int32_t x)
{
  int32_t value;
  __asm__("ssat %0, #16, %1" : "=r"(value) : "r"(x));
  return value;
}

#else

static inline uint32_t nn_sxtab16(uint32_t a, uint32_t x)
{
  return nn_lanes(nn_low(a) + (int8_t)(uint8_t)x, nn_high(a) + (int8_t)(uint8_t)(x >> 16));
}

static inline uint32_t nn_sxtab16_odd(uint32_t a, uint32_t x)
{
  return nn_sxtab16(a, x >> 8);
}

static inline uint32_t nn_both_low(uint32_t low, uint32_t high)
{
  return (low & 0xFFFFu) | high << 16;
}

static inline uint32_t nn_both_high(uint32_t low, uint32_t high)
{
  return low >> 16 | (high & 0xFFFF0000u);
}

static inline uint32_t nn_sxtb16(uint32_t x)
{
  return nn_sxtab16(0, x);
}

static inline int32_t nn_smlad(uint32_t a, uint32_t b, int32_t sum)
{
  return nn_wrapping_add(nn_wrapping_add(sum, nn_low(a) * nn_low(b)), nn_high(a) * nn_high(b));
}

static inline int32_t nn_smlabt(uint32_t a, uint32_t b, int32_t sum)
{
  return nn_wrapping_add(sum, nn_low(a) * nn_high(b));
}

static inline int32_t nn_smlatb(uint32_t a, uint32_t b, int32_t sum)
{
  return nn_wrapping_add(sum, nn_high(a) * nn_low(b));
}

static inline int32_t nn_smmlar(int32_t a, int32_t b, int32_t sum)
{
  return nn_wrapping_add(sum, (int32_t)(((int64_t)a * b + ((int64_t)1 << 31)) >> 32));
}

static inline int32_t nn_to_int8(int32_t x)
{
  return x < INT8_MIN ? INT8_MIN : x > INT8_MAX ? INT8_MAX : x;
}

static inline int32_t nn_saturate16(int32_t x)
{
  return x < INT16_MIN ? INT16_MIN : x > INT16_MAX ? INT16_MAX : x;
}

#endif

#endif
