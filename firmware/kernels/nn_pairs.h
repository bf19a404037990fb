/* nn_pairs.h: dot products of two int8 vectors at once with the multiplier of a 32-bit core.
 *
 * A pair (p, q) of int8 values is the word p + 65536 q. Times a weight it is w p + 65536 w q: two products in one
 * multiplication. The sum of two such products (a chunk) stays apart as long as the lower half stays in 16 bits, which
 * the generator has proved for every chunk of weights; 32768 on top makes the lower half positive, so that the upper
 * half is exact. Per chunk the upper half is added to one sum and the whole word (modulo 2^32) to another; from both
 * the lower sum follows.
 */
#ifndef NN_PAIRS_H
#define NN_PAIRS_H

#include <stdint.h>

#include "nn_fixed_point.h"

#define NN_CHUNK_BIAS 32768

/* Two rows of weights against the same pairs. */
typedef struct nn_pair_sums {
  uint32_t whole_a;
  int32_t upper_a;
  uint32_t whole_b;
  int32_t upper_b;
} nn_pair_sums;

/* taps: a multiple of 4, > 0; a and b [taps], of which those over the pairs' zeros may be anything that can be read. */
NN_SHARED void nn_pairs_dot(const int32_t *pairs, const int8_t *a, const int8_t *b, int32_t taps, nn_pair_sums *sums)
{
#if NN_ASM_THUMB == 1
  /* Compilers keep none of the four sums in the high registers, which costs them 2.2 times the instructions. */
  register const int32_t *next __asm__("r0") = pairs;
  register const int8_t *row_a __asm__("r1") = a;
  register const int8_t *row_b __asm__("r2") = b;
  register int32_t k __asm__("r3") = 0;
  register uint32_t whole_a __asm__("r8") = 0;
  register int32_t upper_a __asm__("r9") = 0;
  register uint32_t whole_b __asm__("r10") = 0;
  register int32_t upper_b __asm__("r11") = 0;
  register int32_t bias __asm__("r12") = NN_CHUNK_BIAS;
  register int32_t end __asm__("lr") = taps;
#define NN_PAIRS_CHUNK      \
  "ldmia r0!, {r4, r5}\n\t" \
  "ldrsb r6, [r1, r3]\n\t"  \
  "muls r6, r4\n\t"         \
  "ldrsb r7, [r2, r3]\n\t"  \
  "muls r7, r4\n\t"         \
  "adds r3, #1\n\t"         \
  "add r6, r12\n\t"         \
  "add r7, r12\n\t"         \
  "ldrsb r4, [r1, r3]\n\t"  \
  "muls r4, r5\n\t"         \
  "adds r6, r6, r4\n\t"     \
  "ldrsb r4, [r2, r3]\n\t"  \
  "muls r4, r5\n\t"         \
  "adds r7, r7, r4\n\t"     \
  "adds r3, #1\n\t"         \
  "add r8, r6\n\t"          \
  "asrs r6, r6, #16\n\t"    \
  "add r9, r6\n\t"          \
  "add r10, r7\n\t"         \
  "asrs r7, r7, #16\n\t"    \
  "add r11, r7\n\t"
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r7}\n" /* perhaps the frame pointer */
      "1:\n\t"
      NN_PAIRS_CHUNK
      NN_PAIRS_CHUNK
      "cmp r3, lr\n\t"
      "blo 1b\n\t"
      "pop {r7}\n\t"
      : "+r"(next), "+r"(k), "+r"(row_a), "+r"(row_b), "+r"(whole_a), "+r"(upper_a), "+r"(whole_b), "+r"(upper_b), "+r"(bias), "+r"(end)
      :
      : "r4", "r5", "r6", "cc", "memory");
#undef NN_PAIRS_CHUNK
#elif NN_ASM_THUMB == 2
  register const int32_t *next __asm__("r0") = pairs;
  register const int8_t *row_a __asm__("r1") = a;
  register const int8_t *row_b __asm__("r2") = b;
  register const int32_t *end __asm__("r3") = pairs + taps;
  register int32_t bias __asm__("r6") = NN_CHUNK_BIAS;
  register uint32_t whole_a __asm__("r9") = 0;
  register int32_t upper_a __asm__("r10") = 0;
  register uint32_t whole_b __asm__("r11") = 0;
  register int32_t upper_b __asm__("r12") = 0;
#define NN_PAIRS_CHUNK            \
  "ldmia r0!, {r4, r5}\n\t"       \
  "ldrsb lr, [r1], #1\n\t"        \
  "mla lr, r4, lr, r6\n\t"        \
  "ldrsb r8, [r1], #1\n\t"        \
  "mla lr, r5, r8, lr\n\t"        \
  "ldrsb r8, [r2], #1\n\t"        \
  "mla r8, r4, r8, r6\n\t"        \
  "ldrsb r4, [r2], #1\n\t"        \
  "mla r8, r5, r4, r8\n\t"        \
  "add r9, r9, lr\n\t"            \
  "add r10, r10, lr, asr #16\n\t" \
  "add r11, r11, r8\n\t"          \
  "add r12, r12, r8, asr #16\n\t"
  __asm__ volatile(
      ".syntax unified\n"
      "1:\n\t"
      NN_PAIRS_CHUNK
      NN_PAIRS_CHUNK
      "cmp r0, r3\n\t"
      "bne 1b\n\t"
      : "+r"(next), "+r"(row_a), "+r"(row_b), "+r"(whole_a), "+r"(upper_a), "+r"(whole_b), "+r"(upper_b)
      : "r"(end), "r"(bias)
      : "r4", "r5", "r8", "lr", "cc", "memory");
#undef NN_PAIRS_CHUNK
#else
  uint32_t whole_a = 0;
  int32_t upper_a = 0;
  uint32_t whole_b = 0;
  int32_t upper_b = 0;
  for (; taps > 0; taps -= 2) {
    int32_t chunk = pairs[0] * a[0] + NN_CHUNK_BIAS;
    chunk += pairs[1] * a[1];
    whole_a += (uint32_t)chunk;
    upper_a += chunk >> 16;
    chunk = pairs[0] * b[0] + NN_CHUNK_BIAS;
    chunk += pairs[1] * b[1];
    whole_b += (uint32_t)chunk;
    upper_b += chunk >> 16;
    pairs += 2;
    a += 2;
    b += 2;
  }
#endif
  sums->whole_a = whole_a;
  sums->upper_a = upper_a;
  sums->whole_b = whole_b;
  sums->upper_b = upper_b;
}

/* The lower sum of `taps` products. */
static inline int32_t nn_pairs_lower(uint32_t whole, int32_t upper, int32_t taps)
{
  return (int32_t)(whole - ((uint32_t)upper << 16) - (uint32_t)taps * (NN_CHUNK_BIAS / 2));
}

#endif
